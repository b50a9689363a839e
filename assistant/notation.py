"""Notation of numbers and times of day in digits: separators, 10.30 p.m., 18:40."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["cardinal", "ordinal", "fraction", "vague", "time"]


@dataclass(frozen=True, slots=True)
class Numeral:
    """`text[start:end]` read as a number; `value` is exact and includes the magnitude.

    `other` is a second reading that the notation allows (1.500 in a German text, 100m). A `vague` one has the
    least value that it can mean ("hundreds": 200); a `time` counts minutes since midnight. A `weak` one
    hardly counts ("one", "first"); a `soft` one is no numeral but means the number ("both", "a pair").
    `scaled`: a magnitude is part of it ("1.2 million"), and `mantissa` is what stands in front.
    """

    start: int
    end: int
    value: Fraction
    kind: Kind = "cardinal"
    other: Fraction | None = None
    weak: bool = False
    soft: bool = False
    scaled: bool = False
    mantissa: Fraction = Fraction(0)
    digits: bool = False


AM_PM = re.compile(r"[ \u00a0\u202f]?([ap])(?:m\b|\.[ ]?m\b\.?)", re.IGNORECASE)
O_CLOCK = re.compile(r"\s+o['’]clock\b|\s+Uhr\b", re.IGNORECASE)


def amount(text: str, english: bool) -> tuple[Fraction, Fraction | None] | None:
    """The value of digits with separators, and a second reading; None for 1.2.3."""
    parts = re.split(r"[^\d]", text)
    marks = re.findall(r"[^\d]", text)
    whole = Fraction(int("".join(parts)))
    if not marks:
        return whole, None
    decimal = whole / 10 ** len(parts[-1])
    groups = all(len(part) == 3 for part in parts[1:]) and 0 < len(parts[0]) < 4 and parts[0][0] != "0"
    if len(marks) > 1:
        if len(set(marks)) == 1:
            indian = marks[0] == "," and len(parts[-1]) == 3 and all(len(part) == 2 for part in parts[1:-1])
            return (whole, None) if groups or indian else None
        return (decimal, None) if len(set(marks[:-1])) == 1 and marks[-1] in ".," else None
    if marks[0] not in ".,":
        return whole, None
    if not groups:
        return decimal, None
    if english:
        return (whole if marks[0] == "," else decimal), None
    return (whole, decimal) if marks[0] == "." else (decimal, whole)


def clock(
    text: str, end: int, hour: str, minute: str, bare: bool = False
) -> tuple[int, Fraction, Fraction | None] | None:
    """Where a time of day ends, in minutes since midnight, and its second reading; `bare`: it has a colon."""
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) < 3 and len(minute) < 3):
        return None
    half = AM_PM.match(text, end)
    full = None if half else O_CLOCK.match(text, end)
    hours, minutes = int(hour), int(minute)
    if not (half or full or bare) or hours > 24 or minutes > 59:
        return None
    other = None
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.group(1) in "pP" else 0)
    elif 0 < hours <= 12:
        other = Fraction(((hours + 12) % 24) * 60 + minutes)
    stop = (half or full).end() if half or full else end  # type: ignore[union-attr]
    return stop, Fraction(hours * 60 + minutes), other


def split_time(text: str) -> tuple[str, str]:
    """The hour and the minute of 10.30, for a British time of day."""
    hour, _, minute = text.partition(".")
    return hour, minute or "0"
