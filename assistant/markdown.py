"""Markdown in which nothing but our own marks is read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.pieces import Part, Piece, brief, quoted
from assistant.terminal import printable

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Some renderers rewrite these in the parsed text, where backslashes no longer protect them: icons and
# emoji by name, bare links and addresses, arrows and dashes.
_REWRITTEN = re.compile(r"(?i):(?=//|[\w+-]+:)|www(?=\.)|@(?=[\w-])|(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)")
_ENTITY = re.compile(r"&(?=#?\w+;)")  # what CommonMark would decode in an address
_JOINER = "\u2060"
# What can begin or end markup in running text, the point of a domain name, the second of two slashes; then
# what begins a list, or a definition, at the beginning of a line.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!|~&$@=^]|(?<=\w)\.(?=\w)|(?<=/)/|^[+:-]|^\d+(?=[.)])")


def escape(text: str) -> str:
    """`text` for a place that is read as Markdown: it shows as it is, on one line.

    A word joiner, which has no width, breaks the sequences that backslashes cannot protect.
    """
    return _PUNCTUATION.sub(r"\\\1", _joined(" ".join(text.split())))


def _joined(text: str) -> str:
    return _REWRITTEN.sub(lambda match: match[0][0] + _JOINER + match[0][1:], text)


class Markdown:
    """CommonMark with `~~` for words that are struck; where that is not known, the words tell it too."""

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth

    def text(self, text: str) -> str:
        """The text on one line, escaped no more than it has to be, since people read the file itself too."""
        flat = " ".join(printable(text).split())
        return _edged(text, _MARKUP.sub(_escaped, _joined(flat))) if flat else text[:1] and " "

    def code(self, text: str) -> str:
        """The text between more backticks than it has in a row."""
        flat = " ".join(printable(text).split())
        fence = "`" * (1 + max(map(len, re.findall("`+", flat)), default=0))
        return f"{fence} {flat} {fence}" if flat else ""

    def strong(self, inner: str) -> str:
        """Two asterisks."""
        return f"**{inner}**"

    def small(self, inner: str) -> str:
        """One asterisk."""
        return f"*{inner}*"

    def numbers(self, numbers: Sequence[int]) -> str:
        """Numbers in brackets that no reference can make a link of."""
        return "".join(rf" \[{number}\]" for number in numbers)

    def failed(self, piece: Piece) -> str:
        """~~The words~~ \\[altered; the source has “...”\\]."""
        has = ""
        if piece.original:
            has = "; the source has " + quoted("".join(map(self._part, brief(piece.original))), piece)
        words = "".join(map(self._part, piece.said))
        number = self.numbers([piece.number] if piece.number else [])
        return rf"~~{words}~~ \[not proved: {piece.fault}{has}{number}\]"

    def _part(self, part: Part) -> str:
        return self.strong(self.text(part.text)) if part.changed else self.text(part.text)

    def link(self, address: str, inner: str) -> str:
        """The address between angle brackets, which it cannot close: they are percent-encoded in it."""
        return f"[{inner}](<{_ENTITY.sub('&amp;', address)}>)"

    def jump(self, anchor: str, inner: str) -> str:  # noqa: ARG002 - renderers differ in their anchors
        """The words."""
        return inner

    def framed(self, inner: str) -> str:
        """Two asterisks, and brackets."""
        return rf"**\[{inner}\]**"

    def heading(self, level: int, inner: str, anchor: str = "") -> str:  # noqa: ARG002
        """Hashes."""
        return f"{'#' * (level + self.depth)} {inner}"

    def paragraph(self, inner: str) -> str:
        """The line itself."""
        return inner

    def warning(self, inner: str) -> str:
        """A block quote."""
        return f"> {inner}"

    def quotation(self, inner: str) -> str:
        """A block quote."""
        return f"> {inner}"

    def entry(self, head: str, words: str, foot: str) -> str:
        """A line for the words, and one for how to find them."""
        return f"{head}: {words}" + (f"\\\n   {foot}" if foot else "")

    def items(self, inners: Sequence[str], *, numbered: bool = False, anchors: str = "") -> str:  # noqa: ARG002
        """One line for each."""
        return "\n".join(f"{n}. {inner}" if numbered else f"- {inner}" for n, inner in enumerate(inners, 1))

    def within(self, number: int) -> Markdown:  # noqa: ARG002
        """A pen for headings a level deeper."""
        return Markdown(self.depth + 1)

    def section(self, blocks: Sequence[str]) -> str:
        """The blocks behind a line across."""
        return "\n\n".join(["---", *blocks])

    def page(self, title: str, blocks: Sequence[str]) -> str:
        """The blocks; a title that they do not have is lost."""
        return "\n\n".join([f"# {self.text(title)}", *blocks]) + "\n"


def _escaped(match: re.Match[str]) -> str:
    """A backslash before a sign, and behind a number that would begin a list."""
    found = match[0]
    return f"{found}\\" if found[0].isdigit() else f"\\{found}"


def _edged(text: str, written: str) -> str:
    """`written` with a space where `text` begins or ends with one."""
    return " " * text[0].isspace() + written + " " * text[-1].isspace()
