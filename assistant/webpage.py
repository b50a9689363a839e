"""HTML in which text stays text: the chat draws with it, and an exported file needs no other file."""

from __future__ import annotations

import html
from collections.abc import Sequence

from assistant.pieces import Part, Piece, brief, quoted
from assistant.terminal import printable

# Read by a screen reader and copied along; not seen. `_UNCOPIED` stays out of what a reader copies.
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
_UNCOPIED = f"{_HIDDEN};user-select:none"
_STRUCK = "text-decoration:line-through;text-decoration-color:#c2571a;text-decoration-thickness:.12em"
_ADDED = "text-decoration:underline wavy #c2571a;text-underline-offset:.2em;font-weight:600"
_LEFT_OUT = "text-decoration:underline;text-decoration-thickness:.12em;text-underline-offset:.18em"
_REMARK = (
    "font-size:.875em;border:1px solid #c2571a;border-radius:3px;padding:0 .3em;"
    "box-decoration-break:clone;-webkit-box-decoration-break:clone"
)
_READER = "display:inline-block;font-size:.875em;border-left:5px double #2f7da6;padding-left:.5em"
_SMALL = "font-size:.875em;opacity:.85"
_SUP = "line-height:0;font-size:.75em;padding-left:.1em"

# Ours to the letter. Paper is white whatever the screen is; the address of a link that leads out is printed.
_STYLE = """:root{color-scheme:light dark;--ink:#1d1d1b;--ground:#fffefb;--line:#c9c6bf;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--ink:#e6e3dc;--ground:#191a1c;--line:#4a4b4f;--link:#8ab8ef}}
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.55 Georgia,serif;overflow-wrap:anywhere;
color:var(--ink);background:var(--ground)}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin:2.2rem 0 .5rem}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}h4{font-size:1rem;margin:1.2rem 0 .2rem}
p{margin:.6rem 0}a{color:var(--link)}code{font-size:.85em}
ul,ol{padding-left:1.6rem}li{margin:.35rem 0}
blockquote{margin:.25rem 0;padding-left:.8rem;border-left:2px solid var(--line)}
li>small{display:block}
section{border-top:2px solid var(--line);margin-top:3rem}section h2{font-size:1.4rem}
:target{outline:2px solid var(--link);outline-offset:.3rem}
@page{margin:18mm 16mm}
@media print{:root{color-scheme:light;--ink:#000;--ground:#fff;--line:#888;--link:#000}
body{max-width:none;margin:0;padding:0;font-size:10.5pt}
h1,h2,h3,h4{break-after:avoid}p,li,blockquote{orphans:3;widows:3}
li,blockquote,.warning{break-inside:avoid}
section{border-top:1px solid #888;margin-top:10mm}
a[href^="http"]{text-decoration:none}
a[href^="http"]::after{content:" (" attr(href) ")";font-size:.9em}sup a{text-decoration:none}}
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Html:
    """HTML with the style on each element, for the chat and for a file that needs no other file."""

    def __init__(self, links: bool = False, prefix: str = "") -> None:
        """`links`: for a file, in which numbers lead to citations. `prefix`: what its anchors begin with,
        where it writes one answer of several."""
        self.links, self.prefix = links, prefix

    def text(self, text: str) -> str:
        """The text with everything escaped that HTML knows."""
        return html.escape(printable(text))

    def code(self, text: str) -> str:
        """A code element."""
        return f'<code style="overflow-wrap:anywhere">{self.text(text)}</code>' if text.strip() else ""

    def strong(self, inner: str) -> str:
        """A strong element."""
        return f"<strong>{inner}</strong>"

    def small(self, inner: str) -> str:
        """A small element."""
        return f'<small style="{_SMALL}">{inner}</small>'

    def numbers(self, numbers: Sequence[int]) -> str:
        """Raised numbers; in a file each leads to its citation."""
        marks = (
            self.jump(f"c{number}", f"[{number}]") if self.links else f"[{number}]" for number in numbers
        )
        return "".join(f'<sup style="{_SUP}">{mark}</sup>' for mark in marks)

    def failed(self, piece: Piece) -> str:
        """Struck words and a remark in a frame; what the eye sees by line and frame is also said."""
        number = self.numbers([piece.number] if piece.number else [])
        has = f"; the source has {self._original(piece, brief(piece.original))}" if piece.original else ""
        return f'{self._said(piece)} <span style="{_REMARK}">{piece.fault}{has}{number}</span>'

    def _said(self, piece: Piece) -> str:
        """The answer's words, struck through, those underlined that it added."""
        words = "".join(self._part(part, "added: ", _ADDED, "ins") for part in piece.said)
        return f'<del style="{_STRUCK}">{hidden("not proved: ")}{words}</del>'

    def _original(self, piece: Piece, parts: Sequence[Part]) -> str:
        """The source's words, those underlined that the answer left out."""
        written = "".join(self._part(part, "left out in the answer: ", _LEFT_OUT, "strong") for part in parts)
        return quoted(written, piece)

    def diff(self, piece: Piece) -> str:
        """Both wordings in full, one below the other, for the drawer."""
        lines = [f"In the answer: {self._said(piece)}"]
        if piece.original:
            lines.insert(0, f"In the source: {self._original(piece, piece.original)}")
        style = "margin:0 0 .35rem;overflow-wrap:anywhere"
        return "".join(f'<p dir="auto" style="{style}">{line}</p>' for line in lines)

    def _part(self, part: Part, said: str, style: str, tag: str) -> str:
        text = self.text(part.text)
        if not part.changed:
            return text
        return f'<{tag} style="{style}">{silent(said)}{text}</{tag}>'

    def link(self, address: str, inner: str) -> str:
        """A link that tells the page nothing of this file."""
        return f'<a href="{html.escape(address)}" rel="noopener noreferrer nofollow">{inner}</a>'

    def jump(self, anchor: str, inner: str) -> str:
        """A link inside the file."""
        return f'<a href="#{self.prefix}{anchor}">{inner}</a>'

    def framed(self, inner: str) -> str:
        """A remark in a frame."""
        return f'<span style="{_READER}">{inner}</span>'

    def heading(self, level: int, inner: str, anchor: str = "") -> str:
        """A heading element."""
        level += bool(self.prefix)
        place = f' id="{self.prefix}{anchor}"' if anchor else ""
        return f'<h{level} dir="auto"{place}>{inner}</h{level}>'

    def paragraph(self, inner: str) -> str:
        """A paragraph element."""
        return f'<p dir="auto">{inner}</p>'

    def warning(self, inner: str) -> str:
        """A paragraph with a bar at its side."""
        style = "border-left:4px solid #c2571a;padding-left:.7rem"
        return f'<p dir="auto" class="warning" style="{style}">{inner}</p>'

    def quotation(self, inner: str) -> str:
        """A blockquote element."""
        return f'<blockquote dir="auto">{inner}</blockquote>'

    def entry(self, head: str, words: str, foot: str) -> str:
        """The words in a blockquote."""
        return f"{head}{self.quotation(words)}" + (self.small(foot) if foot else "")

    def items(self, inners: Sequence[str], *, numbered: bool = False, anchors: str = "") -> str:
        """A list element."""
        entries = [
            f'<li dir="auto" id="{self.prefix}{anchors}{n}">{inner}</li>'
            if anchors
            else f'<li dir="auto">{inner}</li>'
            for n, inner in enumerate(inners, 1)
        ]
        tag = "ol" if numbered else "ul"
        return f"<{tag}>\n" + "\n".join(entries) + f"\n</{tag}>"

    def within(self, number: int) -> Html:
        """A pen whose anchors begin with the number of the answer."""
        return Html(self.links, f"a{number}-")

    def section(self, blocks: Sequence[str]) -> str:
        """A section element; on paper it begins a page."""
        body = "\n".join(blocks)
        return f"<section>\n{body}\n</section>"

    def page(self, title: str, blocks: Sequence[str]) -> str:
        """A file that asks for nothing: the policy in its head forbids it."""
        body = "\n".join([self.heading(1, self.text(title)), *blocks])
        return _PAGE.format(title=self.text(title), style=_STYLE, body=body)


def hidden(said: str) -> str:
    """Words of our own for a screen reader and for what a reader copies."""
    return f'<span style="{_HIDDEN}">{said}</span>'


def silent(said: str) -> str:
    """Words of our own for a screen reader only; they stay out of what a reader copies."""
    return f'<span style="{_UNCOPIED}">{said}</span>'
