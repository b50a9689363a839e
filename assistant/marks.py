"""Which words of an article stand between quotation marks: paired by paragraph, nested and broken ones too.

Unlike `quoting.scan`, which reads a draft and lets no quotation escape proof, this reads an article as its
typesetter meant it: a mark that was forgotten or doubled must not hand the rest of the text to a speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

_MARK = re.compile(r"[\"“”„‟«»「」『』＂]+|''|[‘’'‚]")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LINE = re.compile(r"\n\s*")
_LINE_END = re.compile(r"[.!?…\"”»:)][ \t\u00a0]*\n(?!\n)")
_CLOSES = {
    "”": "“„‟\"”", "“": "„", '"': '"“„', "»": "«»", "«": "»", "」": "「", "』": "『", "＂": "＂",
    "’": "‘‚", "'": "'‘", "‘": "‚",
}  # fmt: skip
_SINGLE = frozenset("‘’'‚")
_DEEPEST = 4  # quotations inside one another; hostile text has more
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SAID = (
    "said|says|added|adds|stated|announced|claimed|insisted|warned|argued|explained|noted|replied|wrote|"
    "stressed|declared|admitted|continued|asked|recalled|concluded|told"
)
# Where a quotation ends whose closing mark is missing: “It is safe — said Peskov.
_LEFT = re.compile(
    rf"\s{{0,3}}(?:[—–]|--|(?<=,))\s{{0,3}}(?:(?:{_SAID})\s|(?:he|she|they|(?:[A-Z][\w’'-]+\s){{0,2}}[A-Z][\w’'-]+)\s"
    rf"(?:{_SAID})\b)"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words between quotation marks, `text[start:end]`, and the same with the marks, `text[first:last]`.

    `depth`: how many quotations it stands in. `closed` is False where its closing mark is missing;
    then it ends at the words that say who speaks, or with its paragraph, and `goes_on` says that the next
    paragraph opens with a mark, as a quotation of several paragraphs does.
    """

    first: int
    start: int
    end: int
    last: int
    depth: int = 0
    closed: bool = True
    goes_on: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs: parted by blank lines, and by line ends where most lines end a sentence."""
    ends = len(_LINE_END.findall(text))
    parts = _PARAGRAPH if 2 * ends <= text.count("\n") - 2 * text.count("\n\n") else _LINE
    spans, at = [], 0
    for match in parts.finditer(text):
        spans.append((at, match.start()))
        at = match.end()
    return [*((a, b) for a, b in spans if b > a), (at, len(text))]


@lru_cache(maxsize=32)
def quoted(text: str) -> tuple[Quoted, ...]:
    """Every quotation of `text`, inner ones too, in the order in which they begin."""
    found: list[Quoted] = []
    spans = paragraphs(text)
    for number, (start, end) in enumerate(spans):
        after = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        opens = text[after : after + 9].lstrip()[:1] in ("“", '"', "«", "„", "‘")
        found.extend(_nested(_paired(text, start, end, opens)))
    return tuple(found)


def _paired(text: str, start: int, end: int, next_opens: bool) -> list[Quoted]:
    open_: list[tuple[int, int, str]] = []  # where its marks begin, where its words do, the mark
    found: list[Quoted] = []
    for match in _MARK.finditer(text, start, end):
        for at, length, mark in _runs(match):
            before, after = text[at - 1 : at] if at else "", text[at + length : at + length + 1]
            closed = _close(open_, mark, before, after, length)
            if closed:
                found.extend(Quoted(first, words, at, at + length) for first, words in closed)
            elif _opens(mark, before, after) and len(open_) < _DEEPEST:
                open_.append((at, at + length, mark))
    for first, words, mark in open_:
        if mark not in _SINGLE:
            found.append(_unclosed(text, first, words, end, next_opens))
    return sorted(found, key=lambda item: (item.first, -item.last))


def _runs(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """A doubled mark is one mark: position, length and mark of each run of one kind."""
    marks, at = match.group(), match.start()
    if marks == "''":
        yield at, 2, '"'  # as typewriters and old archives write it
        return
    if len(marks) == 1:
        yield at, 1, marks
        return
    while marks:
        length = len(marks) - len(marks.lstrip(marks[0]))
        yield at, length, marks[0]
        at, marks = at + length, marks[length:]


def _close(
    open_: list[tuple[int, int, str]], mark: str, before: str, after: str, length: int
) -> list[tuple[int, int]]:
    """Takes what `mark` closes from the open quotations; several where a run of marks closes them."""
    wanted = _CLOSES.get(mark, "")
    if not wanted or (not before.strip() and (mark in "\"'’“«»" and after.strip())):
        return []
    if mark in "\"'’‘“" and _wordy(after):
        return []
    if mark in "«»" and _wordy(after) and not _wordy(before):
        return []
    depth = next((n for n in range(len(open_) - 1, -1, -1) if open_[n][2] in wanted), None)
    if depth is None or (mark in _SINGLE and depth != len(open_) - 1):
        return []
    del open_[depth + 1 :]  # apostrophes that looked like marks
    closed = [open_.pop()[:2]]
    while len(closed) < length and open_ and open_[-1][2] in wanted and mark not in "\"'":
        closed.append(open_.pop()[:2])
    return closed


def _opens(mark: str, before: str, after: str) -> bool:
    if mark in "「『„‟‚":
        return True
    if mark in "」』’":
        return False
    if mark in "“«" and not _wordy(before):
        return True
    if not after.strip() or _wordy(before):
        return False
    if mark in "'‘":
        return after.isalpha()  # not '90s
    return mark not in "”»" or not before.strip() or before in "([{"


def _wordy(char: str) -> bool:
    return char.isalnum() and not _UNSPACED.match(char)


def _unclosed(text: str, first: int, words: int, end: int, next_opens: bool) -> Quoted:
    left = _LEFT.search(text, words, end)
    if left is not None:
        return Quoted(first, words, left.start(), left.start(), closed=False)
    while end > words and text[end - 1].isspace():
        end -= 1
    return Quoted(first, words, end, end, closed=False, goes_on=next_opens)


def _nested(found: list[Quoted]) -> Iterator[Quoted]:
    """The same with depths; where the end of an outer one cuts an inner one, the inner one ends it."""
    around: list[Quoted] = []
    for item in found:
        while around and around[-1].last <= item.first:
            around.pop()
        if item.end > item.start:
            if around and around[-1].end < item.end:
                item = replace(item, end=around[-1].end, last=max(item.start, around[-1].end))
            yield replace(item, depth=len(around)) if around else item
            around.append(item)
