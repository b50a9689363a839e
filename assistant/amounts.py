"""Figures of a text: numerals with their currency, unit and hedge, what they count, and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from assistant.dates import date_spans, years
from assistant.numerals import Kind, Numeral, numerals
from assistant.quantities import CURRENCIES, counted, hedge_after, hedge_before, prefix, unit_after

DAY = ("the day of a date",)
"""What a number that is part of a date counts: it stands for a bare number only."""

Bound = Literal["exact", "about", "over", "under", "least", "most", "nearly"]

_RANGE = re.compile(r"\s?[-–—−]\s?|\s+(?:to|or|bis|à|до)\s+|-to-|-or-", re.IGNORECASE)
_PAIR = re.compile(r"\s+(?:and|und|et|y|и)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|между)\s+\W?$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|von|de|от|с)\s+\W?$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?<![^\W_])an?\s\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a text: `text[start:end]` with its sign, currency, magnitude and unit.

    From `low` to `high`, which are equal unless it is a range. `unit` is canonical ("%", "percentage point",
    "USD", "km", "tonne", "year"), None for a bare number or one of things; then `counts` has stems of the
    words that it may count. `shown` is how it stands there with its hedge or the word that it counts.
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: str | None
    bound: Bound
    kind: Kind
    counts: tuple[str, ...]
    shown: str
    other: Fraction | None = None
    weak: bool = False
    soft: bool = False
    mantissa: Fraction = Fraction(0)

    @property
    def readings(self) -> tuple[Fraction, ...]:
        """What a single number may mean."""
        return (self.low,) if self.other is None else (self.low, self.other)


# --- reading --------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def read(text: str, languages: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures of `text` in order, then its bare years as soft ones. `languages`: as for `numerals`."""
    taken = date_spans(text)
    kept: list[Numeral] = []
    days: list[Numeral] = []
    at = 0
    for item in numerals(text, languages):
        while at < len(taken) and taken[at][1] <= item.start:
            at += 1
        if at == len(taken) or taken[at][0] >= item.end:
            kept.append(item)
        elif item.value < 32:
            days.append(item)
    found: list[Figure] = []
    index = 0
    while index < len(kept):
        second = kept[index + 1] if index + 1 < len(kept) else None
        pair = _paired(text, kept[index], second) if second else None
        found.extend(pair or [_figure(text, kept[index])])
        index += 2 if pair else 1
    found.extend(_soft(item.start, item.end, item.value, DAY) for item in days)
    found.extend(_soft(start, end, Fraction(year), ()) for start, end, year in years(text))
    return tuple(found)


def _soft(start: int, end: int, value: Fraction, counts: tuple[str, ...]) -> Figure:
    """A number that only supports one: a part of a date."""
    return Figure(start, end, value, value, None, "exact", "cardinal", counts, str(value), soft=True)


def _figure(text: str, item: Numeral, unit: str | None = None, scale: Fraction = Fraction(1)) -> Figure:
    """The figure that a numeral is, with what stands around it. `unit` and `scale` come from a partner."""
    before, own = prefix(text, item.start)
    end = item.end
    after, stop = (None, end) if item.kind == "time" else unit_after(text, item.end)
    end = max(end, stop)
    value, other = item.value * scale, item.other
    if item.kind in ("time", "ordinal"):
        own = after = unit = None
        end = item.end
    elif own in CURRENCIES:
        other = None
    words, last = ((), end) if own or hard(after) else counted(text, item.end)
    bound, start = hedge_before(text, before)
    if trailing := hedge_after(text, end):
        bound = trailing
    if start == before and not item.digits and (article := _ARTICLE.search(text[max(0, start - 4) : start])):
        start -= len(article.group())
    shown = text[start : end if own or after or bound != "exact" else last].strip()
    return Figure(
        before, end, value, value, own or after or unit, bound, item.kind, words, shown, other,
        item.weak, item.soft, item.mantissa,
    )  # fmt: skip


def _paired(text: str, first: Numeral, second: Numeral) -> list[Figure] | None:
    """Two numerals that share a unit: a range as one figure, "from 5 to 7 million" as two; else None."""
    if first.kind not in ("cardinal", "fraction") or second.kind not in ("cardinal", "fraction"):
        return None
    if second.start - first.end > 24:
        return None
    right = _figure(text, second)
    gap = text[unit_after(text, first.end)[1] : right.start]
    joined = _RANGE.fullmatch(gap) or _RANGE.fullmatch(text[first.end : right.start])
    between = _PAIR.fullmatch(gap) and _BETWEEN.search(text[max(0, first.start - 16) : first.start])
    if not joined and not between:
        return None
    scale = Fraction(1)
    if second.scaled and not first.scaled and second.mantissa and 0 < first.mantissa <= _front(second):
        scale = second.value / _front(second)
    left = _figure(text, first, right.unit, scale)
    moves = _FROM.search(text[max(0, left.start - 8) : left.start])
    if moves or not left.low < right.low or (left.unit and right.unit and left.unit != right.unit):
        return [left, right]
    bound = left.bound if left.bound != "exact" else right.bound
    shown = text[left.start : right.end]
    return [
        Figure(left.start, right.end, left.low, right.low, right.unit or left.unit, bound, "cardinal",
               right.counts, shown, mantissa=left.mantissa)
    ]  # fmt: skip


def hard(unit: str | None) -> str | None:
    """`unit` where it is one of measure: persons are things that are counted."""
    return None if unit == "person" else unit


def _front(item: Numeral) -> Fraction:
    """The number in front of a magnitude: 7 of "7 million", also where it is in words."""
    value = item.value
    for power in (12, 9, 6, 3):
        if value >= 10**power:
            return value / 10**power
    return value
