"""Dates of an answer against the text that it cites and the day on which that text was published.

A date of the sentence is fine when the evidence gives it, with at least its parts, or when a relative date
of the evidence comes out at it: "on Sunday" in an article of 2022-01-16 is 16 January 2022. Where the
evidence leaves open which day it means, nothing is said, except on a date of the calendar: that has to
stand in the evidence or come out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.calendars import Date, calendar, dates, seasons
from assistant.models import Reason, Span
from assistant.numberwords import language

_LONGEST = 20_000  # characters of one sentence: more is no sentence
_REPORT = re.compile(
    r"\b(?:report(?:s|ed|ing)?|publish\w*|articles?|wr[io]te(?:s|n)?|stor(?:y|ies)|editions?|dated|as of|"
    r"account|dispatch|interview|broadcast)\b",
    re.IGNORECASE,
)
_REPORT_OF = re.compile(
    r"\b(reports?|articles?|stor(?:y|ies)|editions?|accounts?|dispatch(?:es)?|interviews?|broadcasts?|issues?)\s"
    r"(?:of|from|dated|published\son)\s\Z",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|next|coming|plan\w*|schedul\w*|expect\w*|due|set to|to be|until|till|by|upcoming|"
    r"hopes?|may|could|is to|are to|later)\b",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"\b(?:Black|Good|Super|Cyber|Bloody|Palm|Easter|Ash|Fat|Holy|Maundy|Shrove|Giving)\s\Z"
)
_NAME_AFTER = re.compile(r"\s(?:Times|Telegraph|Mail|Mirror|Express|Night|Morning|Post|Herald|Star|Sun)\b")
_LAST = re.compile(r"\b(?:last|past)\s\Z", re.IGNORECASE)
_GROUPED = re.compile(r"(?<=\d)[,.'’\u00a0\u202f ](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a date of the evidence may come out at: parts of the calendar, or the days of a week."""

    at: Date
    parts: tuple[tuple[int | None, int | None, int | None], ...]
    week: date | None = None

    def days(self) -> list[date]:
        """The whole days among `parts`."""
        return [day for part in self.parts if (day := calendar(*part))]


def date_spans(text: str) -> list[Span]:
    """Where the dates of `text` stand, in order."""
    return [(item.start, item.end) for item in dates(text)]


def years(text: str) -> list[tuple[int, int, int]]:
    """The bare years of `text` with their places: 1500 may be a year and may be a number."""
    return [
        (item.start, item.end, item.year)
        for item in dates(text)
        if item.year is not None and item.month is None and item.end - item.start == 4
    ]


def date_reasons(sentence: str, evidence: str, published: str | None) -> list[Reason]:
    """What the dates of `sentence` say otherwise than `evidence` (`date_differs`).

    `published`: the day of the cited article as YYYY-MM-DD, which relative dates are counted from.
    """
    sentence = sentence[:_LONGEST]
    said = {(item.shown, item.year, item.month): item for item in dates(sentence)}
    if not said or language(evidence) == "und":
        return _season_reasons(sentence, evidence)
    day = _day(published)
    known = _resolved(evidence, day)
    reasons = [
        reason
        for item in said.values()
        for rivals in [_rivals(item, known)]
        if not _is_name(sentence, item)
        and not any(_supports(entry, item, day) for entry in rivals)
        and not (day and _is_report(sentence, item, day, evidence, known))
        and not _is_number(item, evidence)
        and (reason := _reason(item, known, day))
    ]
    return list(dict.fromkeys(reasons)) + _season_reasons(sentence, evidence)


def _rivals(item: Date, known: list[_Known]) -> list[_Known]:
    """The dates of the evidence that may stand for `item`.

    Where it names weekdays, or years, these and what is counted in days, or years, say which it means: that
    another date happens to fall on the day, or in the year of publication, proves nothing.
    """
    if item.weekday is not None and any(entry.at.weekday is not None for entry in known):
        return [entry for entry in known if not entry.at.explicit and entry.at.relative != "day 0"]
    bare = item.year is not None and item.month is None
    if bare and any(entry.at.year is not None for entry in known):
        return [
            entry
            for entry in known
            if entry.at.year is not None or (entry.at.relative or "").startswith("year")
        ]
    return known


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


# --- what the evidence means ----------------------------------------------------------------------


def _resolved(evidence: str, day: date | None) -> list[_Known]:
    found = dates(evidence)
    bare = {item.year for item in found if item.year is not None}
    return [_resolve(item, evidence, day, bare) for item in found]


def _resolve(item: Date, evidence: str, day: date | None, bare: set[int]) -> _Known:
    if item.weekday is not None:
        around = evidence[max(0, item.start - 80) : item.end + 40]
        days = _weekdays(item.weekday, day, bool(_AHEAD.search(around)))
        if days and days[0] == day and _LAST.search(evidence[max(0, item.start - 6) : item.start]):
            days = [days[0] - timedelta(days=7)]
        return _Known(item, tuple((d.year, d.month, d.day) for d in days))
    if item.relative is not None:
        return _relative(item, day)
    parts = {(item.year, item.month, item.day)}
    if item.other:
        parts.add((item.year, *item.other))
    if item.last is not None:
        if item.month is None:
            parts.add((item.last, None, None))
        else:
            low, high = sorted((item.last, item.day or item.last))
            parts |= {(item.year, item.month, n) for n in range(low, high + 1)}
    if item.year is None and item.month is not None:
        years = set(bare) | ({_nearest_year(item.month, item.day, day)} if day else set())
        parts |= {(year, month, n) for year in years for _, month, n in tuple(parts)}
    return _Known(item, tuple(parts))


def _weekdays(weekday: int, day: date | None, ahead: bool) -> list[date]:
    """The last such day up to the day of publication, and the next one where the text looks ahead."""
    if day is None:
        return []
    last = day - timedelta(days=(day.weekday() - weekday) % 7)
    return [last, last + timedelta(days=7)] if ahead else [last]


def _relative(item: Date, day: date | None) -> _Known:
    unit, shift = _shift(item)
    if day is None:
        return _Known(item, ())
    if unit == "day":
        at = day + timedelta(days=shift)
        return _Known(item, ((at.year, at.month, at.day),))
    if unit == "week":
        return _Known(item, (), day - timedelta(days=day.weekday() - 7 * shift))
    if unit == "month":
        index = day.year * 12 + day.month - 1 + shift
        return _Known(item, ((index // 12, index % 12 + 1, None),))
    return _Known(item, ((day.year + shift, None, None),) if unit == "year" else ())


def _shift(item: Date) -> tuple[str, int]:
    unit, _, count = (item.relative or "").rpartition(" ")
    return unit, int(count)


def _nearest_year(month: int, day: int | None, published: date) -> int:
    """The year in which such a day or month is nearest to the day of publication."""

    def distance(year: int) -> int:
        at = calendar(year, month, day or 15) or date(year, month, 28)
        return abs((at - published).days)

    return min((published.year - 1, published.year, published.year + 1), key=distance)


# --- one date of the sentence ---------------------------------------------------------------------


def _supports(known: _Known, item: Date, day: date | None) -> bool:
    """Whether the evidence's date says what the sentence's does, or more exactly."""
    at = known.at
    if item.decade is not None:
        return at.decade == item.decade or any(y and y // 10 * 10 == item.decade for y, _, _ in known.parts)
    if item.weekday is not None:
        return at.weekday == item.weekday or any(d.weekday() == item.weekday for d in known.days())
    if item.relative is not None:
        return at.relative == item.relative or _meets(_relative(item, day), known)
    wanted = [(item.year, item.month, item.day)] + ([(item.year, *item.other)] if item.other else [])
    if item.last is not None:
        last = (item.last, None, None) if item.month is None else (item.year, item.month, item.last)
        return any(_within(wanted[0], part) for part in known.parts) and any(
            _within(last, part) for part in known.parts
        )
    return any(_within(want, part) for want in wanted for part in known.parts)


def _within(wanted: Iterable[int | None], given: Iterable[int | None]) -> bool:
    """Whether every part that is wanted is given and equal."""
    return all(want is None or want == have for want, have in zip(wanted, given, strict=True))


def _meets(said: _Known, known: _Known) -> bool:
    """Whether a relative date of the sentence comes out at what the evidence says."""
    if said.week is not None:
        return any(said.week <= at < said.week + timedelta(days=7) for at in known.days())
    return any(_within(want, part) for want in said.parts for part in known.parts)


def _is_name(sentence: str, item: Date) -> bool:
    """Black Friday, the Sunday Times."""
    if item.weekday is None:
        return False
    before = sentence[max(0, item.start - 10) : item.start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(sentence, item.end))


def _is_report(sentence: str, item: Date, day: date, evidence: str, known: Sequence[_Known]) -> bool:
    """Whether it is the day of publication, said as the date of the report."""
    if not _REPORT.search(sentence) or _other_report(sentence, item, evidence, known):
        return False
    if item.weekday is not None:
        named = any(entry.at.weekday is not None or entry.at.relative for entry in known)
        return item.weekday == day.weekday() and not named
    wanted = (item.year, item.month, item.day)
    return item.explicit and item.decade is None and _within(wanted, (day.year, day.month, day.day))


def _other_report(sentence: str, item: Date, evidence: str, known: Sequence[_Known]) -> bool:
    """Whether the evidence has a day for the report that `item` dates: "its report of 10 October"."""
    noun = _REPORT_OF.search(sentence[max(0, item.start - 40) : item.start])
    if noun is None:
        return False
    for entry in known:
        given = _REPORT_OF.search(evidence[max(0, entry.at.start - 40) : entry.at.start])
        if given and given.group(1).lower() == noun.group(1).lower() and entry.at.shown not in sentence:
            return True
    return False


def _is_number(item: Date, evidence: str) -> bool:
    """Whether a bare year of the sentence stands in the evidence as a number (1500 and 1,500)."""
    if item.year is None or item.month is not None:
        return False
    numbers = set(_DIGITS.findall(_GROUPED.sub("", evidence))) | set(_DIGITS.findall(evidence))
    return str(item.year) in numbers and (
        item.last is None or str(item.last)[-2:] in {n[-2:] for n in numbers}
    )


def _reason(item: Date, known: Sequence[_Known], day: date | None) -> Reason | None:
    shown = item.shown.rstrip(".,")
    if not item.explicit and _cannot_tell(item, known, day):
        return None
    near = _nearest(item, known)
    if near is not None:
        other = near.at.shown.rstrip(".,")
        days = near.days()
        if not near.at.explicit and item.explicit and len(days) == 1:
            other += f" ({days[0].day} {days[0]:%B} {days[0].year})"
        return Reason("date_differs", f"it says {shown} where the passage says {other}")
    return Reason("date_differs", f"it says {shown} and the passage does not give this date")


def _cannot_tell(item: Date, known: Sequence[_Known], day: date | None) -> bool:
    """Whether a weekday or a relative date of the sentence may be what the evidence means."""
    if item.weekday is not None:
        if any(not entry.parts and entry.at.relative for entry in known):
            return True
        named = any(entry.at.weekday is not None for entry in known)
        return not named and any(entry.at.day is not None and not entry.days() for entry in known)
    unit, shift = _shift(item)
    rivals = [_shift(entry.at) for entry in known if entry.at.relative]
    if any(rival[0] == unit and rival[1] != shift for rival in rivals):
        return False
    if (
        item.shown.lower() in ("today", "tonight", "overnight")
        or shift == 0
        or unit not in ("day", "week", "month", "year")
    ):
        return True
    return day is None and any(entry.at.explicit or entry.at.weekday is not None for entry in known)


def _nearest(item: Date, known: Sequence[_Known]) -> _Known | None:
    """The date of the evidence that the sentence most likely means: the same kind, most parts equal."""
    best, most = None, 0
    for entry in known:
        at = entry.at
        if item.weekday is not None:
            score = 1 if at.weekday is not None else 0
        elif item.relative is not None:
            score = 1 if at.relative and _shift(at)[0] == _shift(item)[0] else 0
        elif item.decade is not None:
            score = 2 if at.decade is not None else int(at.year is not None and at.month is None)
        else:
            score = _likeness(item, entry)
        if score > most:
            best, most = entry, score
    return best


def _likeness(item: Date, entry: _Known) -> int:
    best = 0
    for part in entry.parts:
        wanted = (item.year, item.month, item.day)
        same = sum(2 for want, have in zip(wanted, part, strict=True) if want is not None and want == have)
        shape = sum(1 for want, have in zip(wanted, part, strict=True) if (want is None) == (have is None))
        comparable = all(
            have is not None for want, have in zip(wanted, part, strict=True) if want is not None
        )
        best = max(best, same + shape if comparable and (shape == 3 or same) else 0)
    return best


def _season_reasons(sentence: str, evidence: str) -> list[Reason]:
    """A season in the sentence where the evidence names others only."""
    given = seasons(evidence)
    if not given:
        return []
    wrong = [name for name in dict.fromkeys(seasons(sentence[:_LONGEST])) if name not in given]
    return [Reason("date_differs", f"it says {name} where the passage says {given[0]}") for name in wrong]
