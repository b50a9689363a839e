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
_SMALL = "font-size:.875em;opacity:.85"
_SUP = "line-height:0;font-size:.75em;padding-left:.1em"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 Georgia,serif}}
body{{overflow-wrap:anywhere}}
h1{{font-size:1.5rem}}h2{{font-size:1.2rem;margin-top:2rem}}h3{{font-size:1rem;margin-bottom:.2rem}}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Html:
    """HTML with the style on each element, for the chat and for a file that needs no other file."""

    def __init__(self, links: bool = False) -> None:
        self.links = links

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
        link = '<a href="#c{0}">[{0}]</a>' if self.links else "[{0}]"
        return "".join(f'<sup style="{_SUP}">{link.format(number)}</sup>' for number in numbers)

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

    def heading(self, level: int, inner: str) -> str:
        """A heading element."""
        return f'<h{level} dir="auto">{inner}</h{level}>'

    def paragraph(self, inner: str) -> str:
        """A paragraph element."""
        return f'<p dir="auto">{inner}</p>'

    def warning(self, inner: str) -> str:
        """A paragraph with a bar at its side."""
        return f'<p dir="auto" style="border-left:4px solid #c2571a;padding-left:.7rem">{inner}</p>'

    def items(self, inners: Sequence[str], *, numbered: bool = False) -> str:
        """A list element; entries of a numbered one are what its numbers lead to."""
        entries = [
            f'<li dir="auto" id="c{n}">{inner}</li>' if numbered else f'<li dir="auto">{inner}</li>'
            for n, inner in enumerate(inners, 1)
        ]
        tag = "ol" if numbered else "ul"
        return f"<{tag}>\n" + "\n".join(entries) + f"\n</{tag}>"

    def page(self, title: str, blocks: Sequence[str]) -> str:
        """A file that asks for nothing: the policy in its head forbids it."""
        body = "\n".join([self.heading(1, self.text(title)), *blocks])
        return _PAGE.format(title=self.text(title), body=body)


def hidden(said: str) -> str:
    """Words of our own for a screen reader and for what a reader copies."""
    return f'<span style="{_HIDDEN}">{said}</span>'


def silent(said: str) -> str:
    """Words of our own for a screen reader only; they stay out of what a reader copies."""
    return f'<span style="{_UNCOPIED}">{said}</span>'
