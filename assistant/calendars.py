"""Dates in running text: days, months, years, decades, weekdays and relative dates, each with its place.

Names of months and weekdays are read in English, German, French, Spanish and Russian.
"""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

MOST_DATES, MOST_TRIED = 2_000, 20_000
"""What is read of one text: a longer one is a table, or hostile."""

_MONTHS = (
    "January|Jan|Januar|Jänner|janvier|enero|января|январе|январь",
    "February|Feb|Februar|février|febrero|февраля|феврале|февраль",
    "March|Mar|März|mars|marzo|марта|марте|март",
    "April|Apr|avril|abril|апреля|апреле|апрель",
    "May|Mai|mai|mayo|мая|мае|май",
    "June|Jun|Juni|juin|junio|июня|июне|июнь",
    "July|Jul|Juli|juillet|julio|июля|июле|июль",
    "August|Aug|août|agosto|августа|августе|август",
    "September|Sept|Sep|septembre|septiembre|сентября|сентябре|сентябрь",
    "October|Oct|Oktober|octobre|octubre|октября|октябре|октябрь",
    "November|Nov|novembre|noviembre|ноября|ноябре|ноябрь",
    "December|Dec|Dezember|décembre|diciembre|декабря|декабре|декабрь",
)
_WEEKDAYS = (
    "Monday|Montag|lundi|lunes|понедельник|понедельника",
    "Tuesday|Dienstag|mardi|martes|вторник|вторника",
    "Wednesday|Mittwoch|mercredi|miércoles|среду|среда|среды",
    "Thursday|Donnerstag|jeudi|jueves|четверг|четверга",
    "Friday|Freitag|vendredi|viernes|пятницу|пятница|пятницы",
    "Saturday|Samstag|Sonnabend|samedi|sábado|субботу|суббота|субботы",
    "Sunday|Sonntag|dimanche|domingo|воскресенье|воскресенья",
)
_MONTH = {name.lower(): n for n, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
_WEEKDAY = {name.lower(): n for n, names in enumerate(_WEEKDAYS) for name in names.split("|")}
_AMBIGUOUS = frozenset({"may", "march", "mar", "mars", "mai", "jan", "jun", "dec", "sep", "август", "мая"})
_RELATIVE = {
    "today": "day 0", "tonight": "day 0", "heute": "day 0", "aujourd'hui": "day 0", "hoy": "day 0", "сегодня": "day 0",
    "this morning": "day 0", "this afternoon": "day 0", "this evening": "day 0",
    "yesterday": "day -1", "gestern": "day -1", "hier": "day -1", "ayer": "day -1", "вчера": "day -1",
    "last night": "day -1", "overnight": "day -1", "the day before yesterday": "day -2", "vorgestern": "day -2",
    "tomorrow": "day 1", "morgen": "day 1", "demain": "day 1", "mañana": "day 1", "завтра": "day 1",
} | {
    f"{word} {unit}": f"{unit} {shift}"
    for word, shift in (("last", -1), ("this", 0), ("next", 1), ("past", -1), ("previous", -1), ("coming", 1))
    for unit in ("week", "month", "year", "quarter", "weekend", "summer", "winter", "spring", "autumn", "fall")
} | {
    f"{word} {unit} {tail}": f"{unit} -1"
    for word in ("a", "one", "the") for unit in ("week", "month", "year")
    for tail in ("ago", "earlier", "before", "previously")
}  # fmt: skip
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"}


def _names(table: dict[str, int] | dict[str, str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(table, key=len, reverse=True))


_ENDING = r"(?:st|nd|rd|th|er|º|\.)?"
_UNITS = (
    r"percent|per\scent|people|persons|soldiers|troops|men|women|km|kilomet|miles?|met(?:re|er)s|feet|tons|tonnes|dollars|"
    r"euros|pounds|roubles|rubles|years|days|hours|minutes|million|billion|ships|jobs|votes|deaths|cases|degrees|"
    r"homes|houses|vehicles|students|workers|employees|residents|prisoners|dead|killed|injured|wounded"
)
_DATE = re.compile(
    rf"""(?<![^\W_])(?<![.,:/$€£¥#])(?:(?<!-)|(?<=mid-)|(?<=pre-)|(?<=post-)|(?<=late-)|(?<=early-))(?:
    (?P<y1>\d{{4}})-(?P<m1>\d\d?)-(?P<d1>\d\d?)(?![\d-]) |
    (?P<a>\d\d?)(?P<sign>[./])(?P<b>\d\d?)(?P=sign)(?P<y2>\d{{4}}|\d\d)(?![\d./]\d|\d) |
    (?:(?P<d0>\d\d?){_ENDING}\s?(?:-|–|\bto\b|\band\b|bis)\s?)?
      (?P<d2>\d\d?){_ENDING}(?:\s+(?:of|de))?[\s\u00a0-]+(?P<n2>{_names(_MONTH)})\b\.?
      (?:,?[\s-]+(?:de\s+|del\s+|of\s+)?(?P<y3>\d{{4}})(?![\d-]|[.,]\d))? |
    (?P<n3>{_names(_MONTH)})\.?[\s\u00a0-]+(?:the\s)?(?P<d3>\d\d?){_ENDING}(?<!\.)(?![^\W_]|[.,:]?\d|%|\s(?:percent|%|people|million|a\.?m|p\.?m))
      (?:\s?[-–]\s?(?P<d4>\d\d?)(?!\d))?(?:,?\s+(?P<y4>\d{{4}})(?![\d-]|[.,]\d))? |
    (?P<n5>{_names(_MONTH)})\.?,?[\s-]+(?:of\s+|de\s+|del\s+)?(?P<y5>\d{{4}})(?![^\W_]|[.,]?\d) |
    (?P<decade>\d{{3}}0)['’]?s\b | ['’‘](?P<short>\d0)s\b |
    (?P<weekday>{_names(_WEEKDAY)})s?\b |
    (?P<relative>{_names(_RELATIVE)})\b |
    (?P<n6>{_names(_MONTH)})\b\.? |
    (?P<y6>1\d{{3}}|20\d\d)(?:[-–—/](?P<y7>(?:1\d|20)?\d\d))?(?![^\W_]|[.,:/]?\d|%|\s?(?:%|°|(?:{_UNITS})\b))
    )""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_STARTS = frozenset(
    {*_MONTH, *_WEEKDAY, *(re.split(r"[ ']", words)[0] for words in _RELATIVE)} - {"a", "the", "one"}
)
_START = re.compile(r"\d+|[^\W\d_]+")
_LONGER = re.compile(r"(?:the\sday\s|(?:a|the|one)\s(?:week|month|year)\s)", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:\b(?:in|last|next|this|since|until|till|by|of|from|during|early|late|mid|through|before|after|for|and|to|end|im|en|"
    r"в|с|до)|\bmid-)\W{1,2}\Z",
    re.IGNORECASE,
)
_SEASON = re.compile(
    r"\b(?:in|last|next|this|during|the|of|since|early|late)\s+(spring|summer|autumn|fall|winter)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date of a text, `text[start:end]`; a part that it does not give is None.

    `weekday`: 0 is Monday. `decade`: its first year. `relative`: a unit and a number of them, "day -1" for
    yesterday. `other`: the second reading of 03/04/2021, with day and month changed over.
    """

    start: int
    end: int
    shown: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: int | None = None
    relative: str | None = None
    other: tuple[int, int] | None = None
    last: int | None = None

    @property
    def explicit(self) -> bool:
        """Whether it is a date of the calendar, not a weekday or a relative one."""
        return self.weekday is None and self.relative is None


@lru_cache(maxsize=1024)
def dates(text: str) -> tuple[Date, ...]:
    """The dates of `text`, in order, without overlap."""
    return tuple(islice(_scan(text), MOST_DATES))


def _scan(text: str) -> Iterator[Date]:
    done = tried = 0
    for start in _START.finditer(text):
        if tried > MOST_TRIED:
            return
        at = start.start()
        if at < done or not _may_start(text, at, start.group()):
            continue
        tried += 1
        match = _DATE.match(text, at - (text[at - 1 : at] in ("'", "’", "‘") and text[at].isdigit()))
        if match and (found := _read(text, match)):
            done = match.end()
            yield found


def _may_start(text: str, at: int, word: str) -> bool:
    """Whether a date may begin with `word`: trying the long pattern everywhere would cost."""
    if word[0].isdigit():
        return len(word) < 5 or text[at + len(word) : at + len(word) + 1] in ("s", "'")
    lower = word.lower()
    return lower in _STARTS or (lower in ("a", "the", "one") and bool(_LONGER.match(text, at)))


def _read(text: str, match: re.Match[str]) -> Date | None:
    start, end = match.span()
    shown = match.group().strip()
    part = match.groupdict()

    def number(name: str) -> int | None:
        return int(part[name]) if part[name] else None

    if part["y1"]:
        return _whole(Date(start, end, shown, number("y1"), number("m1"), number("d1")))
    if part["a"]:
        return _slashed(start, end, shown, part)
    for name, day, year, last in (("n2", "d2", "y3", "d0"), ("n3", "d3", "y4", "d4"), ("n5", "", "y5", "")):
        if part[name]:
            month = _MONTH[part[name].lower()]
            if part[name].lower() in ("may", "march", "mar") and part[name].islower():
                return None
            days = number(day) if day else None
            return _whole(
                Date(start, end, shown, number(year), month, days, last=number(last) if last else None)
            )
    if part["n6"]:
        return _bare_month(text, start, end, shown, part["n6"])
    if part["weekday"]:
        lower = part["weekday"].islower() and part["weekday"].isascii() and part["weekday"].endswith("day")
        return None if lower else Date(start, end, shown, weekday=_WEEKDAY[part["weekday"].lower()])
    if part["relative"]:
        return Date(start, end, shown, relative=_RELATIVE[re.sub(r"\s", " ", part["relative"].lower())])
    if part["decade"] or part["short"]:
        decade = int(part["decade"]) if part["decade"] else 1900 + int(part["short"])
        return Date(start, end, shown, decade=decade)
    first = int(part["y6"])
    return Date(start, end, shown, first, last=_last_year(first, part["y7"]))


def _last_year(first: int, second: str | None) -> int | None:
    if second is None:
        return None
    return int(second) if len(second) == 4 else first // 100 * 100 + int(second)


def _whole(found: Date) -> Date | None:
    """`found` unless its day or month cannot be one."""
    month_ok = found.month is None or 1 <= found.month <= 12
    return found if month_ok and (found.day is None or 1 <= found.day <= 31) else None


def _slashed(start: int, end: int, shown: str, part: dict[str, str]) -> Date | None:
    """16.01.2022 and 1/16/2022; where both readings are dates, the second is kept beside the first."""
    a, b, year = int(part["a"]), int(part["b"]), int(part["y2"])
    if len(part["y2"]) == 2:
        year += 2000 if year < 50 else 1900
    if part["sign"] == "." or a > 12:
        return _whole(Date(start, end, shown, year, b, a))
    other = (b, a) if b <= 12 and a != b else None
    return _whole(Date(start, end, shown, year, a, b, other=other))


def _bare_month(text: str, start: int, end: int, shown: str, name: str) -> Date | None:
    """A month with no day and no year: not the verb may, the march, the name April."""
    before = text[max(0, start - 10) : start]
    if (
        name[0].islower()
        and name.isascii()
        and name.lower() not in ("janvier", "juin", "juillet", "enero", "abril")
    ):
        return None
    if len(name) < 4 and name.lower() not in ("may", "mai", "мае"):
        return None
    if name.lower() in _AMBIGUOUS and not _PERIOD.search(before) and (name != "May" or before[-4:] != "the "):
        return None
    return Date(start, end, shown, month=_MONTH[name.lower()])


def seasons(text: str) -> list[str]:
    """The seasons that `text` names as a time."""
    return [_SEASONS[match[1].lower()] for match in _SEASON.finditer(text)]


def calendar(year: int | None, month: int | None, day: int | None) -> date | None:
    """The day of those three, None where one is missing or there is no such day."""
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
