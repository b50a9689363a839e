"""Tables of articles (.csv, .tsv): a header, and an article a row, one row in memory at a time.

Columns may have the names in `documents.NAMES`. What separates cells is whichever of `,` `;` tab and `|`
gives the header most of those names, so that a table saved by a spreadsheet in any country is read. Rows
are counted as a spreadsheet counts them: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO

from assistant.decoding import damaged, decode, encoding_of, mark_of
from assistant.documents import NAMES, Parsed, by_name, stated
from assistant.errors import InputRefused
from assistant.kinds import CHECK, MAX_STREAM_BYTES, too_large

MAX_ROW = (
    5_000_000  # characters; no article is longer, and a quotation mark that is never closed swallows all
)
MOST_BLANK = 100_000  # rows without a cell, one after the other
_SAMPLE = 1 << 18
_SEPARATORS = ",;\t|"

Records = Iterator[tuple[int, Callable[[str], Parsed]]]  # a number, and what parses it under a name


def rows(label: str, stream: IO[bytes]) -> Records:
    """The rows of a table, each with its number. Raises InputRefused when it has no usable header."""
    csv.field_size_limit(MAX_ROW)  # of the whole process; the module's own limit is shorter than an article
    start = stream.read(_SAMPLE)
    encoding, sample, notices = _encoding(start, label)
    source = io.BufferedReader(_Rest(start, stream), _SAMPLE)  # type: ignore[type-var]
    lines = _Lines(label, io.TextIOWrapper(source, encoding, errors="replace", newline=""))
    reader = csv.reader(lines, delimiter=_separator(sample))
    header: list[str] = []
    number = blank = 0
    while (cells := _next(reader, lines, number + 1)) is not None:
        if number == 0 and len(cells) <= 2 and "".join(cells).lstrip("\ufeff").lower().startswith("sep="):
            continue  # what Excel writes and reads, and does not show
        number += 1
        blank = 0 if any(cell.strip() for cell in cells) else blank + 1
        if blank == MOST_BLANK:
            raise InputRefused(label, f"{blank:,} of its rows in a row are empty", "Take them out.")
        if not blank and not header:
            header = [_folded(cell) for cell in cells]
            column = _text_column(header, label)
        elif not blank:
            yield number, partial(_row, header, column, cells, notices)
    if not header:
        raise InputRefused(label, "the table is empty", CHECK)


def _encoding(start: bytes, label: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The encoding of a table that begins with `start`, the text of it, and what a reader must know."""
    if marked := mark_of(start):
        return marked, codecs.getincrementaldecoder(marked)("replace").decode(start), ()
    cut = start.rfind(b"\n") + 1 if len(start) == _SAMPLE else 0
    sample = start[: cut or len(start)]
    decoded = decode(sample, label)
    told = tuple(
        notice for notice in decoded.notices if notice[0] != "bytes_damaged"
    )  # each row tells its own
    return encoding_of(sample, decoded.text), decoded.text, told


def _separator(sample: str) -> str:
    """What separates the cells of the header: what finds most known names in it, else most names."""
    first = sample.lstrip("\ufeff")
    if first[:4].lower() == "sep=" and first[4:5] in _SEPARATORS:
        return first[4]

    def found(separator: str) -> tuple[int, int]:
        cells = next(
            filter(None, csv.reader(io.StringIO(first[:MAX_ROW], newline=""), delimiter=separator)), []
        )
        names = {_folded(cell) for cell in cells}
        return sum(not names.isdisjoint(alike) for alike in NAMES.values()), len(cells)

    return max(_SEPARATORS, key=found)


def _folded(cell: str) -> str:
    """A name as `by_name` folds it."""
    return next(iter(by_name({cell.lstrip("\ufeff"): None})))


def _text_column(header: list[str], label: str) -> int:
    column = next((header.index(name) for name in NAMES["text"] if name in header), None)
    if column is None:
        there = ", ".join(f"“{name[:30]}”" for name in header[:8] if name)
        why = f"its first row names no column of text; it has {there}"
        raise InputRefused(label, why, "Name the column that holds the articles text, body or content.")
    return column


def _row(
    header: list[str], column: int, cells: list[str], notices: tuple[tuple[str, str], ...], label: str
) -> Parsed:
    """One row. Raises InputRefused when its cells are not those of the header, or its text is missing."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(header):
        why = f"it has {len(cells)} cells, and the first row has {len(header)}"
        raise InputRefused(label, why, "Put quotation marks around cells that hold the separator.")
    if column >= len(cells) or not cells[column].strip():
        raise InputRefused(label, "its text is empty", "Fill the cell, or take the row out.")
    text = cells[column]
    if "\ufffd" in text:
        notices += (damaged(text),)
    fields = dict(reversed([*zip(header, cells, strict=False)]))  # of two columns of one name, the first
    return replace(stated(fields), text=text, notices=notices)


def _next(reader: Iterator[list[str]], lines: _Lines, number: int) -> list[str] | None:
    """The next row, None after the last. Raises InputRefused, after which the rest cannot be read."""
    lines.row = 0
    try:
        cells = next(reader, None)
    except (csv.Error, _TooLongError) as error:
        long = isinstance(error, _TooLongError) or "limit" in str(error)
        why = (
            f"row {number} has more than {MAX_ROW:,} characters"
            if long
            else f"row {number} is damaged ({error})"
        )
        hint = "Look for a quotation mark that is never closed there."
        raise InputRefused(lines.label, f"{why}, and the rest was not read", hint) from None
    if cells is not None and lines.ended:  # more was asked for inside a row
        why = f"row {number} ends inside a quotation mark, as in a file that was cut short"
        raise InputRefused(lines.label, why, "Get a fresh copy of the file, or close the mark.")
    return cells


class _TooLongError(Exception):
    """A row has more characters than one may have."""


class _Lines:
    """The lines of a table; `row` counts the characters of the row under way, and is set back with each."""

    def __init__(self, label: str, text: io.TextIOWrapper) -> None:
        self.label, self.row, self.ended = label, 0, False
        self._text, self._total = text, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW + 1)
        self.row += len(line)
        self._total += len(line)
        if self.row > MAX_ROW:
            raise _TooLongError
        if self._total > MAX_STREAM_BYTES:
            raise too_large(self.label, self._total, MAX_STREAM_BYTES)
        if not line:
            self.ended = True
            raise StopIteration
        return line


class _Rest(io.RawIOBase):
    """A stream again from its start, of which `start` was read already."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = io.BytesIO(start), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._start.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
