"""When sources published, and which days the cited sentences name, in order of time.

Relative dates are resolved against the day of publication where that is certain, else left out: weekdays
and "next month" in English only, and nothing inside a quotation, where "today" is the speaker's today.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assistant.calendars import Date, calendar, dates
from assistant.models import Answer, Citation, Source

NEAR = 120  # days: a day and month without a year belong to the year in which they are that near
_MOST = 2_000  # characters of a cited span: more is no sentence
_QUOTES = {"“": "”", "„": "“", "«": "»", "‹": "›", '"': '"', "「": "」"}
_SAID = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"|「[^」]*」")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us)\b")
_AHEAD = re.compile(
    r"\b(?:will|would|next|coming|plan\w*|schedul\w*|expect\w*|due|set to|to be|until|till|by|upcoming|"
    r"may|might|could|should|must|is to|are to|later|tomorrow)\b",
    re.IGNORECASE,
)
# Last Monday may be the one of this week or of the last; every Monday and Black Friday are no day.
_NO_DAY = re.compile(
    r"\b(?:last|past|previous|every|each|most|some|usual|Black|Good|Super|Cyber|Bloody|Palm|Easter|Ash|Fat|Holy|"
    r"Maundy|Shrove|Giving)\s\Z",
    re.IGNORECASE,
)
_NAME_AFTER = re.compile(r"\s(?:Times|Telegraph|Mail|Mirror|Express|Night|Post|Herald|Star|Sun)\b")
_YEAR_BEFORE = re.compile(
    r"(?i)\b(?:in|since|of|from|until|till|by|during|early|late|mid|year|im|jahr|seit|en|desde|depuis|в|с|до)"
    r"[\s-]\Z"
)
# "hier" is yesterday in French and here in German: such a word counts in its own language only.
_DAYS = {
    "en": {"today", "tonight", "yesterday", "tomorrow", "last night"}
    | {f"this {part}" for part in ("morning", "afternoon", "evening")},
    "de": {"heute", "gestern", "vorgestern"},
    "fr": {"aujourd'hui", "hier", "demain"},
    "es": {"hoy", "ayer"},
    "ru": {"сегодня", "вчера", "завтра"},
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: `when` is YYYY-MM-DD, YYYY-MM or YYYY, None for a source without a date.

    `until` is the end of a range. A `published` moment is that of a source; an `event` is what the passage
    `citation` of it names, `shown` being the words there.
    """

    kind: Literal["published", "event"]
    when: str | None
    source: str
    citation: str | None = None
    shown: str = ""
    until: str | None = None


def timeline(answer: Answer) -> tuple[Moment, ...]:
    """The moments of an answer in order of time; sources without a date stand at the end.

    Of what was read for the question, each source has its publication; events come from passages that the
    answer cites, in its prose, its accounts, its disagreements and its renderings.
    """
    sources = [account.source for account in answer.accounts if account.source in answer.sources]
    published = [
        Moment("published", _iso(answer.sources[source].date), source) for source in dict.fromkeys(sources)
    ]
    named = [
        moment
        for key in _cited(answer)
        for moment in events(answer.citations[key], answer.sources.get(answer.citations[key].source))
    ]
    found = [*dict.fromkeys(named), *published]
    return tuple(sorted(found, key=lambda item: (item.when is None, item.when or "", item.kind)))


def events(citation: Citation, source: Source | None) -> Iterator[Moment]:
    """The dates that a cited span names, each resolved against the day on which its source appeared."""
    text = citation.quote[:_MOST]
    day = _day(source.date if source else None)
    language = (source.language if source else None) or "en"
    found = dates(text)
    others = {item.year for item in found if item.year is not None}
    for item in found:
        resolved = _resolved(item, text, day, language.lower()[:2], others)
        if resolved:
            when, until = resolved
            shown = " ".join(item.shown.split()).rstrip(".,")
            yield Moment("event", when, citation.source, citation.key, shown, until)


def _cited(answer: Answer) -> list[str]:
    keys: Iterable[str] = (
        *answer.cited,
        *(key for item in answer.disagreements for side in item.sides for key in side.citations),
        *(key for item in answer.utterances for key in item.renderings),
    )
    return [key for key in dict.fromkeys(keys) if key in answer.citations]


def _resolved(
    item: Date, text: str, day: date | None, language: str, others: set[int]
) -> tuple[str, str | None] | None:
    """The day, month or year that a date means, and the end of a range; None where it is not certain."""
    if item.weekday is not None or item.relative is not None:
        at = None if day is None or _quoted(text, item.start) else _counted(item, text, day, language)
        return (at, None) if at else None
    if item.decade is not None or item.other:
        return None
    if item.month is None:
        sure = item.year is not None and _YEAR_BEFORE.search(text[max(0, item.start - 12) : item.start])
        return (f"{item.year:04d}", f"{item.last:04d}" if item.last else None) if sure else None
    year = item.year if item.year is not None else _year(item, day, others)
    if year is None:
        return None
    if item.day is None:
        return f"{year:04d}-{item.month:02d}", None
    days = sorted(filter(None, (calendar(year, item.month, number) for number in (item.day, item.last))))
    if not days:
        return None
    return days[0].isoformat(), days[-1].isoformat() if len(days) > 1 else None


def _counted(item: Date, text: str, day: date, language: str) -> str | None:
    """A weekday or a relative date, counted from the day of publication."""
    shown = " ".join(item.shown.lower().split())
    if item.weekday is not None:
        before = text[max(0, item.start - 12) : item.start]
        own = _SAID.sub(lambda match: " " * len(match[0]), text)
        around = own[max(0, item.start - 80) : item.end + 40]
        certain = language == "en" and not shown.endswith("s") and not _NO_DAY.search(before)
        if not certain or _AHEAD.search(around) or _NAME_AFTER.match(text, item.end):
            return None
        return (day - timedelta(days=(day.weekday() - item.weekday) % 7)).isoformat()
    unit, _, count = (item.relative or "").rpartition(" ")
    if unit == "day" and shown in _DAYS.get(language, ()):
        return (day + timedelta(days=int(count))).isoformat()
    if language != "en" or shown.split(" ")[0] not in ("last", "this", "next"):
        return None
    if unit == "year":
        return f"{day.year + int(count):04d}"
    months = day.year * 12 + day.month - 1 + int(count)
    return f"{months // 12:04d}-{months % 12 + 1:02d}" if unit == "month" else None


def _year(item: Date, day: date | None, others: set[int]) -> int | None:
    """The year of a day and month without one: publication is near it and no other year is named."""
    if day is None or item.month is None or others:
        return None
    near = [
        year
        for year in (day.year - 1, day.year, day.year + 1)
        if (at := calendar(year, item.month, item.day or 15)) and abs((at - day).days) <= NEAR
    ]
    return near[0] if len(near) == 1 else None


def _quoted(text: str, at: int) -> bool:
    """Whether `at` lies inside a quotation, or the whole text is somebody's words without their marks."""
    closing: str | None = None
    marks = False
    for char in text[:at]:
        if closing and char == closing:
            closing = None
        elif closing is None and char in _QUOTES:
            closing, marks = _QUOTES[char], True
    marks = marks or any(char in text[at:] for char in _QUOTES)
    return closing is not None or (not marks and bool(_FIRST_PERSON.search(text)))


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _iso(published: str | None) -> str | None:
    day = _day(published)
    return day.isoformat() if day else None
