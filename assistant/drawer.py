"""The drawer at the right: an article with the cited passage in sight, from citation to citation."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from assistant import redline
from assistant.annotated import article_html, legend, marked
from assistant.damage import damage_in
from assistant.errors import SourceNotFound
from assistant.history import History
from assistant.labels import STATUSES, day, name, shorten
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Answer, Article, Citation, Source
from assistant.overruling import draw_overruling, overrule_button
from assistant.pieces import compared, numbers, statuses
from assistant.provenance import since
from assistant.saved import Record
from assistant.ui import BOX, headline, notice, plain, scroll_to
from assistant.versions import Revision, revision
from assistant.webpage import Html

QUOTE = "margin:.35rem 0;padding-left:.7rem;border-left:2px solid currentColor;overflow-wrap:anywhere"
_FRAME = "max-height:55vh;overflow:auto;padding:.2rem .8rem;border:1px solid rgba(128,128,128,.35)"
View = Literal["read", "since", "until", "newest"]
_VIEW, _AT = "drawer-view", "drawer-at"
_VIEWS: dict[View, str] = {
    "read": "This version",
    "since": "Changes before it",
    "until": "Changes after it",
    "newest": "Newest version",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it is drawn: from which library, and where a reader's overrulings of it are saved."""

    record: Record
    library: Library
    history: History
    exchange: str

    @property
    def answer(self) -> Answer:
        """The answer itself."""
        return self.record.answer

    def again(self) -> Shown:
        """The same with what was overruled since."""
        found = self.history.exchange(self.exchange)
        record = found.record if found and found.record else self.record
        return Shown(record, self.library, self.history, self.exchange)


def open_source(library: Library, source: Source, view: View = "read") -> None:
    """Opens the drawer with an article, or with what changed in it."""
    st.session_state[_VIEW] = view
    _drawer()(_draw_source)(library, source)


def open_citation(shown: Shown, key: str) -> None:
    """Opens the drawer at a passage; from there the reader goes to the answer's other citations."""
    st.session_state[_VIEW] = "read"
    st.session_state[_AT] = key
    # What was overruled in the drawer has to show on the page behind it.
    _drawer("rerun")(_draw_citation)(shown)


def _drawer(on_dismiss: Literal["ignore", "rerun"] = "ignore"):  # type: ignore[no-untyped-def]
    return st.dialog("Source", width=640, position="right", icon=":material/article:", on_dismiss=on_dismiss)


def _draw_source(library: Library, source: Source) -> None:
    try:
        article = library.article(source.id)
    except SourceNotFound:
        _draw_heading(source, None)
        st.warning("This source was removed from the library.", icon=":material/delete:")
        return
    _draw_heading(source, article)
    _draw_origin(library, article)
    for item in article.notices:
        notice(item)
    if not _draw_version(library, article):
        _draw_article(article, None)


def _draw_citation(shown: Shown) -> None:
    """The passage in its article, or what the answer keeps of it where the article was removed."""
    shown = shown.again()
    answer, library = shown.answer, shown.library
    key = st.session_state[_AT]
    citation = answer.citations[key]
    source = answer.sources.get(citation.source)
    _draw_walk(key, list(numbers(answer)))
    if source is None:
        st.warning("The answer does not keep which source this is of.", icon=":material/warning:")
        return
    try:
        article = library.article(source.id)
    except SourceNotFound:
        article = None
    _draw_heading(source, article)
    _draw_proof(shown, key)
    if article is None:
        _draw_kept(shown, citation)
        return
    _draw_origin(library, article)
    for item in article.notices:
        notice(item)
    if not _draw_version(library, article):
        _draw_oddities(article, citation)
        _draw_article(article, citation)


def _draw_walk(key: str, keys: Sequence[str]) -> None:
    """Where the reader is among the citations, with the way to the one before and the next."""
    if key not in keys:
        st.caption(":material/menu_book: Read for the question, and not cited.")
        return
    at = keys.index(key)

    def go(to: str) -> None:
        st.session_state[_AT], st.session_state[_VIEW] = to, "read"

    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="drawer-walk"):
        st.button(
            "Previous citation", key="drawer-previous", icon=":material/arrow_back:", disabled=at == 0,
            on_click=go, args=(keys[max(0, at - 1)],),
        )  # fmt: skip
        st.button(
            "Next citation", key="drawer-next", icon=":material/arrow_forward:", disabled=at + 1 == len(keys),
            on_click=go, args=(keys[min(len(keys) - 1, at + 1)],),
        )  # fmt: skip
        st.caption(f"Citation {at + 1} of {len(keys)}")


def draw_since(shown: Shown) -> None:
    """What became of the sources that an answer cites."""
    for change in since(shown.library, shown.answer, shown.record.provenance):
        st.info(escape(change.text), icon=":material/history:")


def _draw_kept(shown: Shown, citation: Citation) -> None:
    """What the answer keeps of a source that the library does not hold any more."""
    st.warning(
        "This source was removed from the library. The passage was stored with the answer.",
        icon=":material/delete:",
    )
    around = shown.record.provenance.passages.get(citation.key)
    before = after = ""
    if around:
        before = html.escape(around.text[: citation.start - around.start])
        after = html.escape(around.text[citation.end - around.start :])
    quote = marked(html.escape(citation.quote))
    st.html(f'<blockquote dir="auto" style="{QUOTE};{BOX}">{before}{quote}{after}</blockquote>')
    held = shown.record.provenance.sources.get(citation.source)
    if held:
        plain(f"Added on {day(held.added[:10])}. SHA-256 of its text: {held.sha256}", small=True)


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


def _draw_article(article: Article, citation: Citation | None) -> None:
    """The text in a frame of its own, so that what stands above it stays in sight."""
    if said := legend(article):
        st.caption(f":material/warning: {said}")
    style = f"{BOX};line-height:1.6" + (f";{_FRAME}" if citation else "")
    frame = 'role="region" aria-label="Article text" tabindex="0"' if citation else ""
    st.html(f'<div dir="auto" {frame} style="{style}">{article_html(article, citation)}</div>')
    if citation:
        scroll_to("[role=dialog] #cited")


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


def _draw_proof(shown: Shown, key: str) -> None:
    """What proving gave, in words, both wordings of what is not proved, and what a reader says to it."""
    answer = shown.answer
    with st.container(gap="xsmall", key="drawer-proof"):
        for status in statuses(answer, key):
            st.caption(f":material/format_quote: {STATUSES[status]}")
        if failed := compared(answer, key):
            st.html("".join(Html().diff(piece) for piece in failed))
        draw_overruling(shown.record, "quotation", key)
        overrule_button(shown.record, shown.history, shown.exchange, "quotation", key, "drawer")


def _draw_oddities(article: Article, citation: Citation) -> None:
    text = article.text
    if text[citation.start : citation.end] != citation.quote:
        st.warning("The stored article differs from the quotation here.", icon=":material/warning:")
        plain(citation.quote)
        return
    found = damage_in(text, citation.start, citation.end, article.language)
    if odd := dict.fromkeys(item.text for item in found):
        st.caption(f":material/warning: The text looks damaged here: {', '.join(odd)}.")
