"""When, where and before whom something was said, as far as an article tells it next to the words.

English prose for places and audiences; dates also in the languages of `calendars`. What is not told is
unknown, and forbids nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from assistant.calendars import Date, calendar, dates
from assistant.models import Article, Span
from assistant.text import fold, sentences

NEAR = 7
"""Days between two dates of publication up to which two articles may tell of one occasion."""

_SPEAKS = (
    r"(?:said|told|spoke|speaking|addressed|addressing|talking|talked|wrote|declared|announced|insisted|added|"
    r"warned|stated|replied|asked|argued|commented|remarked|repeated|says|tells)"
)
_SPEAKING = re.compile(
    rf"\b{_SPEAKS}\b|\b(?:interview|news conference|press conference|speech|briefing|statement)\b", re.I
)
_BEFORE_A_DATE = re.compile(
    r"\b(?:next|by|until|till|before|after|since|from|of|for|than|due|planned|scheduled|week's)\s*(?:the\s)?$",
    re.I,
)
_AUDIENCE = re.compile(
    rf"\b(?:told|addressed|addressing|{_SPEAKS} (?:to|before|with|at|in)|interview (?:with|on|to|for)|"
    r"speech (?:to|before|at|in)|testimony (?:to|before)|quoted (?:by|in))\s+"
    r"((?:(?:an?|the|his|her|their)\s)?[\w’'-]+(?:\s[\w’'-]+){0,4})"
)
_PLACE = re.compile(
    rf"\b{_SPEAKS}\b[^.“”\"]{{0,60}}?\b(in|at|outside|on the steps of|from)\s+(?:the\s)?"
    r"((?:[A-Z][\w’'-]+)(?:\s(?:of\s)?[A-Z][\w’'-]+){0,3})"
)
# Audiences that are one: whoever has a word of a row is of its kind.
_KINDS = (
    "reporters journalists press media newsmen correspondents",
    "parliament lawmakers mps deputies legislators senators senate congress commons lords duma assembly",
    "council councillors",
    "court judge judges jury tribunal",
    "rally supporters crowd marchers",
    "summit",
    "congregation worshippers church mosque synagogue",
    "shareholders investors analysts",
    "students university graduates",
    "troops soldiers servicemen",
    "party delegates conference convention congress",
    "union unions workers",
)
_KIND = {word: number for number, row in enumerate(_KINDS) for word in row.split()}
_STOPS = frozenset("that in on at when after before as by and who which because during from".split())
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"»“]")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of an occasion: the days it may have fallen on, a weekday, those who listened, places.

    `first` to `last`: both included, None where unknown. `told`: the days come from words next to what was
    said, not from the date of publication. `audience`: a kind, or the proper names of the listeners.
    """

    first: date | None = None
    last: date | None = None
    weekday: int | None = None
    told: bool = False
    audience: int | frozenset[str] | None = None
    places: dict[str, frozenset[str]] = field(default_factory=dict)


def occasion(article: Article, span: Span, speaker: str | None) -> Occasion:
    """The occasion on which the words of `span` were said, from their sentence and the one that led to it."""
    own, before = _around(article, span)
    near = [own]
    if _SPEAKING.search(before) and _same_person(before, speaker):
        near.append(before)
    published = _day(article.date)
    found = Occasion()
    if published:  # a day may have begun elsewhere
        found = Occasion(published - timedelta(NEAR), published + timedelta(1))
    for text in near:
        dated = next((item for item in _dated(text, published) if item), None)
        if dated is not None and not found.told:
            found = Occasion(dated.first, dated.last, dated.weekday, True)
    audience = next((item for text in near if (item := _audience(text)) is not None), None)
    places: dict[str, frozenset[str]] = {}
    for text in near:
        for match in _PLACE.finditer(text):
            places.setdefault(match[1], frozenset(fold(match[2]).split()))
    return Occasion(found.first, found.last, found.weekday, found.told, audience, places)


def conflict(one: Occasion, other: Occasion) -> bool:
    """Whether two occasions cannot be one: other days, another weekday, other listeners, another town."""
    if one.weekday is not None and other.weekday is not None and one.weekday != other.weekday:
        return True
    if one.last and other.last and _apart(one, other):
        return True
    if one.audience is not None and other.audience is not None and _other_audience(one, other):
        return True
    shared = one.places.keys() & other.places.keys()
    return any(not one.places[word] & other.places[word] for word in shared)


def _apart(one: Occasion, other: Occasion) -> bool:
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return False
    if one.told or other.told:
        return one.first > other.last or other.first > one.last
    return abs((one.last - other.last).days) > NEAR


def _other_audience(one: Occasion, other: Occasion) -> bool:
    a, b = one.audience, other.audience
    if isinstance(a, int) and isinstance(b, int):
        return a != b
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        return not a & b
    return 0 not in (a, b)  # a newspaper that is named may have sat among the reporters


def _around(article: Article, span: Span) -> tuple[str, str]:
    """The sentence around a span and the one before it, each without what stands between marks."""
    spans = _sentences(article.text, article.language)
    for number, (start, end) in enumerate(spans):
        if start <= span[0] < end:
            own = _without(article.text[start:end])
            earlier = (spans[place] for place in range(number - 1, max(-1, number - 3), -1))
            before = next(
                (text for item in earlier if (text := _without(article.text[slice(*item)])).strip()), ""
            )
            return own, before
    return "", ""


@lru_cache(maxsize=64)
def _sentences(text: str, language: str | None) -> tuple[Span, ...]:
    return tuple(sentences(text, language))


def _without(text: str) -> str:
    return _QUOTED.sub(" , ", text)


def _same_person(text: str, speaker: str | None) -> bool:
    """Whether a sentence may be about the speaker: it has the surname, or a pronoun."""
    surname = fold(speaker.split()[-1]) if speaker else ""
    return (bool(surname) and surname in fold(text)) or bool(re.search(r"\b(?:he|she|they)\b", text, re.I))


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None


# --- dates ----------------------------------------------------------------------------------------


def _dated(text: str, published: date | None) -> Iterator[Occasion | None]:
    """The dates of a sentence as times of speaking; what is announced, owned or lasts is none."""
    verb = _SPEAKING.search(text)
    for item in dates(text):
        before, after = text[: item.start], text[item.end : item.end + 2]
        if verb is None or _BEFORE_A_DATE.search(before) or after in ("'s", "’s"):
            continue
        yield _when(item, published)


def _when(item: Date, published: date | None) -> Occasion | None:
    if item.weekday is not None:
        if published is None:
            return Occasion(weekday=item.weekday, told=True)
        day = published - timedelta((published.weekday() - item.weekday) % 7)
        return Occasion(day, day, item.weekday, True)
    if item.relative is not None:
        return _relative(item.relative, published)
    if item.decade is not None or item.other is not None:
        return None
    year = item.year
    if year is None and item.month is not None and published is not None:
        year = published.year - (item.month > published.month)
    exact = calendar(year, item.month, item.day)
    if exact:
        return Occasion(exact, exact, exact.weekday(), True)
    if year is None or not 1 < year < 9_999:
        return None
    if item.month is None:
        return Occasion(date(year, 1, 1), date(year, 12, 31), told=True)
    following = date(year + item.month // 12, item.month % 12 + 1, 1)
    return Occasion(date(year, item.month, 1), following - timedelta(1), told=True)


def _relative(words: str, published: date | None) -> Occasion | None:
    unit, _, shift = words.partition(" ")
    if published is None or not shift.lstrip("-").isdigit() or int(shift) > 0:
        return None
    number = int(shift)
    if unit == "day":
        day = published + timedelta(number)
        return Occasion(day, day, day.weekday(), True)
    if number == 0:
        size = {"week": 7, "month": 31, "year": 366}.get(unit)
        return Occasion(published - timedelta(size), published, told=True) if size else None
    if unit == "week":
        monday = published - timedelta(published.weekday())
        return Occasion(monday + timedelta(7 * number), monday - timedelta(1), told=True)
    if unit == "month":
        last = published.replace(day=1) - timedelta(1)
        return Occasion(last.replace(day=1), last, told=True) if number == -1 else None
    year = published.year + number
    return Occasion(date(year, 1, 1), date(year, 12, 31), told=True) if unit == "year" and year > 0 else None


# --- listeners ------------------------------------------------------------------------------------


def _audience(text: str) -> int | frozenset[str] | None:
    for match in _AUDIENCE.finditer(text):
        named: set[str] = set()
        for word in match[1].split():
            low = fold(word).strip("’'").removesuffix("'s")
            if low in _STOPS:
                break
            if low in _KIND:
                return _KIND[low]
            if word[0].isupper() and len(word) > 1 and low not in ("the", "his", "her"):
                named.add(low)
        named -= {fold(item.shown) for item in dates(match[1])}
        if named and not match.group().startswith("quoted"):
            return frozenset(named)
    return None
