"""What writes an answer down in a format: one pen for Markdown, one for HTML, the same marks in both.

Every string that is not our own passes `text` or `code` on its way out, and no renderer finds a link,
an image or a tag in what they give.
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

    def heading(self, level: int, inner: str) -> str:
        """A heading of level 1 to 3."""

    def paragraph(self, inner: str) -> str:
        """A paragraph."""

    def warning(self, inner: str) -> str:
        """A paragraph that must not be missed."""

    def items(self, inners: Sequence[str], *, numbered: bool = False) -> str:
        """A list; a numbered one holds the citations."""

    def page(self, title: str, blocks: Sequence[str]) -> str:
        """The whole document."""
