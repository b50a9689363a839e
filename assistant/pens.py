"""What writes an answer down in a format: one pen for Markdown, one for HTML, the same marks in both.

Every string that is not our own passes `text` or `code` on its way out, and no renderer finds a link,
an image or a tag in what they give. Only an address that `fragments.link` gave becomes a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.pieces import Piece


class Pen(Protocol):
    """Writes the parts of an answer in one format. Arguments named `inner` are written already."""

    def text(self, text: str) -> str:
        """Words that are not ours, as words."""

    def code(self, text: str) -> str:
        """An address, to be copied and not followed."""

    def strong(self, inner: str) -> str:
        """Words that stand out."""

    def small(self, inner: str) -> str:
        """A remark beside the text."""

    def numbers(self, numbers: Sequence[int]) -> str:
        """The numbers of citations behind a sentence."""

    def failed(self, piece: Piece) -> str:
        """A quotation that is not proved: struck through, then what the source has."""

    def link(self, address: str, inner: str) -> str:
        """A link to a page on the web; `address` is one that `fragments.link` or `fragment` gave."""

    def jump(self, anchor: str, inner: str) -> str:
        """A link to a place of the same answer, where the format has such places; else the words."""

    def framed(self, inner: str) -> str:
        """What a reader said in place of the assistant, told from the rest at a glance."""

    def heading(self, level: int, inner: str, anchor: str = "") -> str:
        """A heading of level 1 to 3, a level deeper inside a document of several answers."""

    def paragraph(self, inner: str) -> str:
        """A paragraph."""

    def warning(self, inner: str) -> str:
        """A paragraph that must not be missed."""

    def quotation(self, inner: str) -> str:
        """A paragraph of somebody else's words."""

    def entry(self, head: str, words: str, foot: str) -> str:
        """The inside of a list entry: where words stand, the words, and how to find them."""

    def items(self, inners: Sequence[str], *, numbered: bool = False, anchors: str = "") -> str:
        """A list. `anchors`: the letter before the number of each entry, by which `jump` finds it."""

    def within(self, number: int) -> Pen:
        """The pen for answer `number` of several: headings a level deeper, anchors of its own."""

    def section(self, blocks: Sequence[str]) -> str:
        """One answer of several, set apart."""

    def page(self, title: str, blocks: Sequence[str]) -> str:
        """The whole document."""
