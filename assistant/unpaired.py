"""Quotation marks without a partner: places where a reader cannot tell what is quoted.

Double marks of any language; single ones are too often apostrophes to be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.models import Span

_MARK = re.compile("[\"“”„‟«»]|[‘’'`]{2}")
_CLOSING_FORMS = frozenset(("”", "»", "''", "’’", "‘’"))
_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LAST = frozenset(".,!?…;")
_NEXT_PARAGRAPHS = 3  # in which the mark that closes a quotation may stand
_HEADLIKE = 60  # characters: a shorter line that ends like no sentence is no part of a quotation


@dataclass(slots=True)
class _Paragraph:
    """A line of text with the marks in it that lack a partner: openers, then closers."""

    start: int
    text: str
    openers: list[Span]
    closers: list[Span]

    @property
    def begins_quoted(self) -> bool:
        return _MARK.match(self.text.lstrip(" \t\xa0-–—•*'‘[(")) is not None

    @property
    def ends_quotation(self) -> bool:
        """Whether its first lone closer stands where quotations end: after a mark or at the end."""
        start, end = self.closers[0] if self.closers else (0, 0)
        return end > start and (not self.text[end:].strip() or self.text[start - 1 : start] in _LAST)


def unpaired(text: str) -> Iterator[Span]:
    """Spans of the words at marks that have no partner in their paragraph, one for each paragraph.

    A quotation of several paragraphs, each of which opens and only the last closes, is as it should
    be; so is one that is closed within the next few paragraphs.
    """
    paragraphs = [item for item in _paragraphs(text) if not _between(item)]
    for number, item in enumerate(paragraphs):
        following = paragraphs[number + 1 : number + 1 + _NEXT_PARAGRAPHS]
        if item.openers and not (following and following[0].begins_quoted):
            later = next((other for other in following if other.ends_quotation), None)
            if later:
                later.closers.clear()
                continue
            yield _word_at(text, item.start, item.openers[0])
        elif not item.openers and item.closers:
            yield _word_at(text, item.start, item.closers[0])


def _between(item: _Paragraph) -> bool:
    """Whether the line is an advertisement, a caption or a heading that may cut a quotation in two."""
    plain = item.text.strip()
    return (
        not _MARK.search(plain)
        and len(plain) < _HEADLIKE
        and plain[-1:] not in {".", "!", "?", ",", ":", ";"}
    )


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            yield _Paragraph(start, line, *_unmatched(line))
        start += len(line) + 1


def _unmatched(line: str) -> tuple[list[Span], list[Span]]:
    opened: list[Span] = []
    stray: list[Span] = []
    count = 0
    arrows = line.count("«") != line.count("»")
    for match in _MARK.finditer(line):
        before, after = _beside(line, match.start(), -1), _beside(line, match.end() - 1, 1)
        if match[0] in "«»" and arrows and not before.strip() and not opened:
            continue  # an arrow of a menu
        if before.isdigit() and not opened and match[0] in "\"”''’’":
            continue  # inches, seconds
        if before.isalnum() and after.isalnum():
            continue  # a mark inside a word
        count += 1
        if _closes(match[0], before, after, bool(opened)):
            if opened:
                opened.pop()
            else:
                stray.append(match.span())
        else:
            opened.append(match.span())
    if count % 2 == 0 and len(opened) == len(stray):
        return [], []
    return opened, stray


def _beside(line: str, at: int, step: int) -> str:
    """The character beside the one at `at`, over characters of no width; "" at the end of the line."""
    at += step
    while 0 <= at < len(line) and line[at] in _NO_WIDTH:
        at += step
    return line[at] if 0 <= at < len(line) else ""


def _closes(mark: str, before: str, after: str, is_open: bool) -> bool:
    """Whether a mark ends a quotation: by its place beside words, else by its form, else by turns."""
    if mark == "„":
        return False
    left = bool(before.strip()) and before not in "([{—–-/"
    right = bool(after.strip()) and after not in ")]}.,;:!?—–-/"
    if left != right:
        return left
    return is_open if mark in '"“«' else mark in _CLOSING_FORMS


def _word_at(text: str, offset: int, mark: Span) -> Span:
    """The mark with the word that it stands at."""
    start, end = offset + mark[0], offset + mark[1]
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
