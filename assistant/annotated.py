"""An article as HTML: the cited passage marked, page furniture dimmed, odd text underlined or framed."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import pairwise

from assistant.damage import damaged
from assistant.models import Article, Citation
from assistant.planted import planted
from assistant.webpage import silent

_MARK = (
    "background:color-mix(in srgb,#f0c000 38%,transparent);color:inherit;"
    "border-bottom:2px solid #b88700;padding:.05em 0"
)
_DAMAGED = "text-decoration:underline dotted #c2571a .16em;text-underline-offset:.2em"
_PLANTED = "border:1px dashed #c2571a;box-decoration-break:clone;-webkit-box-decoration-break:clone"
MOST_MARKS = 300  # of one kind in a stretch of text: a text that is all damage has to stay readable


def marked(quote: str) -> str:
    """The cited passage, given as HTML, marked; a drawer scrolls to it."""
    return f'<mark id="cited" style="{_MARK};scroll-margin:20vh">{quote}</mark>'


def legend(article: Article) -> str:
    """What underlines and frames in the text of this article mean; empty where it has none."""
    _, odd, orders = _layers(article)
    said = ["dotted underline: the text looks damaged"] * bool(odd)
    said += ["dashed frame: it reads like an instruction to an assistant"] * bool(orders)
    return f"In the text below, {'; '.join(said)}." if said else ""


def article_html(article: Article, citation: Citation | None) -> str:
    """The whole text, escaped; the citation is marked where it stands letter by letter."""
    text = article.text
    if citation is None or text[citation.start : citation.end] != citation.quote:
        return _woven(article, 0, len(text))
    quote = marked(_woven(article, citation.start, citation.end))
    return _woven(article, 0, citation.start) + quote + _woven(article, citation.end, len(text))


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
