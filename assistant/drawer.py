"""The drawer at the right: an article with the cited passage marked, and what is odd in its text."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import streamlit as st

from assistant import redline
from assistant.damage import damage_in, damaged
from assistant.errors import SourceNotFound
from assistant.labels import STATUSES, day, name, shorten
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Answer, Article, Citation, QuoteStatus, Source
from assistant.pieces import Piece, compared, statuses
from assistant.planted import planted
from assistant.ui import BOX, headline, notice, plain
from assistant.versions import Revision, revision
from assistant.webpage import Html, silent

QUOTE = "margin:.35rem 0;padding-left:.7rem;border-left:2px solid currentColor;overflow-wrap:anywhere"
_MARK = (
    "background:color-mix(in srgb,#f0c000 38%,transparent);color:inherit;"
    "border-bottom:2px solid #b88700;padding:.05em 0"
)
_DAMAGED = "text-decoration:underline dotted #c2571a .16em;text-underline-offset:.2em"
_PLANTED = "border:1px dashed #c2571a;box-decoration-break:clone;-webkit-box-decoration-break:clone"
View = Literal["read", "since", "until", "newest"]
_VIEW = "drawer-view"
_VIEWS: dict[View, str] = {
    "read": "This version",
    "since": "Changes before it",
    "until": "Changes after it",
    "newest": "Newest version",
}
MOST_MARKS = 300  # of one kind in a stretch of text: a text that is all damage has to stay readable
_TO_CITED = '<p><a href="#cited" style="color:inherit">Show it in the article</a></p>'


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with what proving it gave, and the quotations compared with it that are not proved."""

    citation: Citation
    statuses: tuple[QuoteStatus, ...]
    failed: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, answer: Answer, key: str) -> Cited:
        """What an answer has of the place `key`."""
        return cls(answer.citations[key], statuses(answer, key), tuple(compared(answer, key)))


def open_source(library: Library, source: Source, cited: Cited | None = None, view: View = "read") -> None:
    """Opens the drawer with an article, its cited passage first, or with what changed in it."""
    st.session_state[_VIEW] = view
    drawer = st.dialog("Source", width=640, position="right", icon=":material/article:")
    drawer(_draw)(library, source, cited)


def _draw(library: Library, source: Source, cited: Cited | None) -> None:
    """The article, or what the answer keeps of it where it was removed."""
    try:
        article = library.article(source.id)
    except SourceNotFound:
        article = None
    _draw_heading(source, article)
    if article is None:
        st.warning(
            "This source was removed from the library. The quotation was stored with the answer.",
            icon=":material/delete:",
        )
        if cited:
            _draw_proof(cited)
            _extract("", html.escape(cited.citation.quote), "")
        return
    _draw_origin(library, article)
    for item in article.notices:
        notice(item)
    if cited:
        st.markdown("##### Passage")
        _draw_proof(cited)
        _draw_extract(article, cited.citation)
    if not _draw_version(library, article):
        _draw_article(article, cited)


def _draw_origin(library: Library, article: Article) -> None:
    """Of which article this one is a copy."""
    entries = library.catalogue.entries([article.id])
    if entries and entries[0].copy_of:
        origin = Source.of(library.article(entries[0].copy_of))
        st.caption(f":material/content_copy: {escape(copied(origin))}")


def copied(origin: Source) -> str:
    """That an article is a copy, and of which one."""
    return f"Nearly the same text as “{shorten(origin.title, 100)}” ({name(origin)}): a copy."


def _draw_version(library: Library, article: Article) -> bool:
    """Which versions there are, and what changed between them, where the reader chose that."""
    before, newest = library.catalogue.version_before(article.id), library.newest(article.id)
    newer = library.article(newest) if newest else None
    if newer:
        said = f"A newer version of this article is in the library: “{newer.title}”, {day(newer.date)}."
        st.info(f"**This is an older version.** {escape(said)}", icon=":material/history:")
    views: list[View] = ["read"]
    views += ["since"] if before else []
    views += ["until", "newest"] if newer else []
    if len(views) == 1:
        return False
    both = {} if before and newer else {"since": "What changed", "until": "What changed"}
    view: View = st.segmented_control(
        "Version", views, required=True, key=_VIEW, label_visibility="collapsed",
        format_func=lambda view: (_VIEWS | both)[view],
    ) or "read"  # fmt: skip
    if view == "newest" and newer:
        _draw_heading(Source.of(newer), newer)
        _draw_article(newer, None)
    elif view == "since" and before:
        _draw_revision(revision(library.article(before), article))
    elif view == "until" and newer:
        _draw_revision(revision(article, newer))
    else:
        return False
    return True


def _draw_revision(found: Revision) -> None:
    st.caption(f":material/difference: {escape(redline.summary(found))}.")
    st.html(redline.drawn(found))


def _draw_article(article: Article, cited: Cited | None) -> None:
    st.markdown("##### Whole article")
    citation = cited.citation if cited else None
    _, odd, orders = _layers(article)
    if odd or orders:
        said = ["dotted underline: the text looks damaged"] * bool(odd)
        said += ["dashed frame: it reads like an instruction to an assistant"] * bool(orders)
        st.caption(f":material/warning: In the text below, {'; '.join(said)}.")
    st.html(f'<div dir="auto" style="{BOX};line-height:1.6">{article_html(article, citation)}</div>')


def _draw_heading(source: Source, article: Article | None) -> None:
    author = f"by {article.author}" if article and article.author else ""
    outlet = source.outlet or "outlet not known"
    facts = [outlet, day(source.date), author, source.language or ""]
    with st.container(gap="xsmall"):
        headline(source.title, 3)
        plain(" · ".join(fact for fact in facts if fact))
        # Text only: a link that an article brings along is not ours to offer for clicking.
        if source.url:
            plain(source.url, small=True)


def _draw_proof(cited: Cited) -> None:
    """What proving gave, in words, and both wordings of what is not proved."""
    for status in cited.statuses:
        st.caption(f":material/format_quote: {STATUSES[status]}")
    if cited.failed:
        st.html("".join(Html().diff(piece) for piece in cited.failed))


def _draw_extract(article: Article, citation: Citation) -> None:
    """The cited span with the lines around it, so that it is seen before any scrolling."""
    text, start, end = article.text, citation.start, citation.end
    if text[start:end] != citation.quote:
        st.warning("The stored article differs from the quotation here.", icon=":material/warning:")
        plain(citation.quote)
        return
    odd = dict.fromkeys(item.text for item in damage_in(text, start, end, article.language))
    if odd:
        st.caption(f":material/warning: The text looks damaged here: {', '.join(odd)}.")
    first = max(text.rfind("\n", 0, start) + 1, start - 300)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + 300)
    before = ("…" if first and text[first - 1] != "\n" else "") + _woven(article, first, start)
    after = _woven(article, end, last) + ("…" if last < len(text) and text[last] != "\n" else "")
    _extract(before, _woven(article, start, end), after, _TO_CITED)


def _extract(before: str, quote: str, after: str, link: str = "") -> None:
    """The passage, given as HTML."""
    marked = f'<mark style="{_MARK}">{quote}</mark>'
    st.html(f'<blockquote dir="auto" style="{QUOTE};{BOX}">{before}{marked}{after}</blockquote>{link}')


def article_html(article: Article, citation: Citation | None) -> str:
    """The article as HTML: the cited span marked, page furniture dimmed, odd text underlined or framed."""
    text = article.text
    if citation is None or text[citation.start : citation.end] != citation.quote:
        return _woven(article, 0, len(text))
    quote = _woven(article, citation.start, citation.end)
    marked = f'<mark id="cited" style="{_MARK};scroll-margin:20vh">{quote}</mark>'
    return _woven(article, 0, citation.start) + marked + _woven(article, citation.end, len(text))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A span of an article that is drawn in a way of its own; `said` tells those who do not see it."""

    start: int
    end: int
    style: str
    said: str = ""

    def around(self, inner: str, begins: bool) -> str:
        """The span, or a part of it, as HTML; what is said comes once, where it begins."""
        title = f' title="{self.said}"' if self.said else ""
        before = silent(f"[{self.said}] ") if self.said and begins else ""
        return f'<span style="{self.style}"{title}>{before}{inner}</span>'


def _layers(article: Article) -> list[list[_Drawn]]:
    """Furniture, damage and planted instructions: in each of them no span overlaps another."""
    text = article.text
    furniture = [_Drawn(first, last, "opacity:.5") for first, last in sorted(article.skip)]
    odd = [
        _Drawn(item.start, item.end, _DAMAGED, f"looks damaged: {item.text}")
        for item in damaged(text, article.language)
    ]
    orders = [
        _Drawn(first, last, _PLANTED, "reads like an instruction to an assistant")
        for first, last in planted(text)
    ]
    return [furniture, odd, orders]


def _woven(article: Article, start: int, end: int) -> str:
    """`article.text[start:end]` as HTML, cut wherever a span of a layer begins or ends."""
    layers = [
        [span for span in layer if span.start < end and start < span.end][:MOST_MARKS]
        for layer in _layers(article)
    ]
    edges = {edge for layer in layers for span in layer for edge in (span.start, span.end)}
    cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    at = [0] * len(layers)
    pieces = []
    for first, last in pairwise(cuts):
        piece = html.escape(article.text[first:last])
        for number, layer in enumerate(layers):
            while at[number] < len(layer) and layer[at[number]].end <= first:
                at[number] += 1
            if at[number] < len(layer) and layer[at[number]].start <= first:
                span = layer[at[number]]
                piece = span.around(piece, begins=first == max(start, span.start))
        pieces.append(piece)
    return "".join(pieces)
