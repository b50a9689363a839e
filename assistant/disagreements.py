"""Facts on which sources differ: numbers, dates, times, names, and whether something happened.

Two sentences of different sources are compared when they tell of the same thing: they share enough words,
one of them answers the question, and the numbers measure the same (what something cost is not what it saved).
Hedges are kept ("more than 12" and 14 agree; "about 100,000" is within a tenth). Sources of one origin do not
differ, and a value that its outlet took back, or replaced in a later article of its own, is told apart from a
contradiction by the name of the rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from assistant.amounts import Figure
from assistant.calendars import calendar, dates
from assistant.corrections import Correction
from assistant.evidence import Asked, spans
from assistant.figures import figures
from assistant.measured import Score, alike, measure, scores
from assistant.models import Article, Passage, Span
from assistant.names import names
from assistant.naming import capital
from assistant.quantities import same_unit
from assistant.synonyms import senses
from assistant.text import content_words, is_in, words
from assistant.tokens import parse

NUMBER, TIME, DATE, NAME = "number_differs", "time_differs", "date_differs", "name_differs"
CORRECTED, UPDATED = "corrected_by_outlet", "updated_by_outlet"

SHARED, ALIKE = 3, 0.4  # stems in common, and their share of the shorter sentence, for numbers
CLOSE, VERY_ALIKE = 4, 0.6  # the same for times and dates, which say less of what they are about
SAME = 0.7  # the same for names, where everything else has to be one report
ABOUT = Fraction(1, 10)  # how far a rough number may be off
LONGEST = 400  # characters of a sentence that is compared
MOST_SENTENCES = 150
TITLE = 120  # characters of what a difference is called


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that states a value: `article.text[start:end]` in `passage`; `shown` is the value."""

    article: Article
    passage: Passage
    start: int
    end: int
    shown: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A fact in several versions, each with its sentences; the first one is the earliest heard.

    `measures`: the senses of the words that say what differs; empty where nothing tells.
    """

    about: str
    sides: tuple[tuple[Spot, ...], ...]
    rule: str
    measures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence made ready: its stems without those of numbers, and what it states."""

    article: Article
    passage: Passage
    start: int
    end: int
    stems: frozenset[str]
    figures: tuple[Figure, ...]
    scores: tuple[Score, ...] = ()  # of votes, of whose halves `figures` has none
    answers: bool = True  # whether it addresses the question itself

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    def spot(self, shown: str) -> Spot:
        return Spot(self.article, self.passage, self.start, self.end, shown)


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of one sentence; `same` tells whether it agrees with another of its kind."""

    line: _Line
    shown: str
    figure: Figure | None = None
    key: str = ""


def clashes(
    asked: Sequence[Asked], origin: Callable[[str], str], corrections: Sequence[Correction] = ()
) -> tuple[Clash, ...]:
    """What the sources that were asked state differently, in the passages that address the question.

    `origin` gives the origin of an article id.
    """
    lines = list(_lines(asked, corrections))[:MOST_SENTENCES]
    topics: list[list[_Value]] = []
    rules: list[str] = []
    for one, other in combinations(lines, 2):
        if one.article.id == other.article.id or origin(one.article.id) == origin(other.article.id):
            continue
        if not (one.answers or other.answers):
            continue
        for rule, a, b in _differences(one, other):
            _file(rule, a, b, topics, rules)
    made = [_clash(topic, rule, corrections) for topic, rule in zip(topics, rules, strict=True)]
    return tuple(made)


def _lines(asked: Sequence[Asked], corrections: Sequence[Correction]) -> Iterator[_Line]:
    """The sentences of the passages that address the question, corrections with their new value only."""
    for item in asked:
        article = item.reading.article
        mended = [found for found in corrections if found.article.id == article.id]
        seen: set[tuple[int, int]] = set()
        found = [(evidence.start, evidence.end) for evidence in item.evidence]
        for passage in dict.fromkeys(evidence.passage for evidence in item.evidence):
            for start, end in spans(article, passage):
                correction = next((c for c in mended if c.start <= start < c.end), None)
                if correction:
                    start, end = max(correction.start, passage.start), min(correction.end, passage.end)
                if (start, end) in seen or end - start > LONGEST:
                    continue
                seen.add((start, end))
                answers = any(a < end and start < b for a, b in found)
                yield _line(article, passage, (start, end), correction, answers)


def _line(
    article: Article, passage: Passage, span: Span, correction: Correction | None, answers: bool
) -> _Line:
    text = article.text[slice(*span)]
    hard = tuple(f for f in figures(text) if not f.soft and not f.weak)
    if correction:
        right = figures(correction.right)
        hard = tuple(f for f in hard if any(f.low == new.low for new in right))
    stems = frozenset(stem for stem in content_words(text, article.language) if not stem.isdigit())
    results = tuple(scores(text, hard))
    single = tuple(f for f in hard if not any(s.start <= f.start < s.end for s in results))
    return _Line(article, passage, *span, stems, single, results, answers)


def _differences(one: _Line, other: _Line) -> Iterator[tuple[str, _Value, _Value]]:
    shared = len(one.stems & other.stems)
    least = min(len(one.stems), len(other.stems)) or 1
    if shared < SHARED or shared < ALIKE * least:
        return
    close = shared >= CLOSE and shared >= VERY_ALIKE * least
    yield from _scores(one, other)
    yield from _numbers(one, other, close)
    if close:
        yield from _days(one, other)
    if close and shared >= SAME * least:
        yield from _names(one, other)


# --- numbers --------------------------------------------------------------------------------------


def _scores(one: _Line, other: _Line) -> Iterator[tuple[str, _Value, _Value]]:
    """The results of one vote: both numbers of a score are compared together."""
    if len(one.scores) == len(other.scores) == 1 and one.scores[0].pair != other.scores[0].pair:
        a, b = (
            _Value(line, line.text[score.start : score.end], key=str(score.pair))
            for line in (one, other)
            for score in line.scores
        )
        yield NUMBER, a, b


def _numbers(one: _Line, other: _Line, close: bool) -> Iterator[tuple[str, _Value, _Value]]:
    def comparable(a: Figure, b: Figure) -> bool:
        return _comparable(a, b, close, alike(one.text, a, other.text, b))

    for a in one.figures:
        rivals = [b for b in other.figures if comparable(a, b)]
        if not rivals or any(agree(a, b) for b in rivals):
            continue
        # A sentence that has the other's value as well ("not 14 but 41") tells of both.
        back = [c for c in one.figures if comparable(c, rivals[0])]
        if any(agree(c, b) for c in back for b in rivals):
            continue
        rule = TIME if a.kind == "time" else NUMBER
        yield rule, _Value(one, a.shown, a), _Value(other, rivals[0].shown, rivals[0])


def _comparable(a: Figure, b: Figure, close: bool, same: bool | None) -> bool:
    """Whether two figures may be the number of one thing; `same`: whether they measure the same."""
    if a.kind != b.kind or a.kind not in ("cardinal", "fraction", "time"):
        return False
    if a.kind == "time":
        return close
    if same is False:
        return False
    counted = set(a.counts) & set(b.counts)
    if a.unit == b.unit and a.unit and a.unit != "person":
        return bool(counted or same) or (close and not (a.counts and b.counts))
    if not same_unit(a.unit, b.unit):
        return False
    return bool(counted)


def agree(a: Figure, b: Figure) -> bool:
    """Whether one number can be meant by both, hedges and ranges counted."""
    return any(
        low <= other_high and other_low <= high
        for low, high in _ranges(a)
        for other_low, other_high in _ranges(b)
    )


def _ranges(figure: Figure) -> list[tuple[Fraction, Fraction]]:
    far = Fraction(10**18)
    found = []
    for low, high in [(figure.low, figure.high), *((value, value) for value in figure.readings[1:])]:
        slack = abs(high) * ABOUT
        if figure.bound == "about":
            low, high = low - slack, high + slack
        elif figure.bound in ("over", "least"):
            high = far
        elif figure.bound in ("under", "most"):
            low = -far
        elif figure.bound == "nearly":
            low -= slack
        found.append((low, high))
    return found


# --- dates and names ------------------------------------------------------------------------------


def _days(one: _Line, other: _Line) -> Iterator[tuple[str, _Value, _Value]]:
    """Days that are named in full by both, or with day and month, and are not the same."""
    a = {_day(item): item.shown for item in dates(one.text) if item.month and item.day and not item.relative}
    b = {
        _day(item): item.shown for item in dates(other.text) if item.month and item.day and not item.relative
    }
    if len(a) == 1 and len(b) == 1 and a.keys() != b.keys():
        (x, shown), (y, theirs) = next(iter(a.items())), next(iter(b.items()))
        if x.split("-")[1:] != y.split("-")[1:] or ("None" not in x + y):
            yield DATE, _Value(one, shown, key=x), _Value(other, theirs, key=y)


def _day(item: object) -> str:
    year, month, day = (getattr(item, name) for name in ("year", "month", "day"))
    whole = calendar(year, month, day)
    return whole.isoformat() if whole else f"{year}-{month}-{day}"


def _names(one: _Line, other: _Line) -> Iterator[tuple[str, _Value, _Value]]:
    """One name on each side that the other has not, where everything else is alike."""
    if not (is_in(one.text, "en") and is_in(other.text, "en")):
        return
    a = [name.text for name in names(one.text) if not set(words(name.text)) & set(words(other.text))]
    b = [name.text for name in names(other.text) if not set(words(name.text)) & set(words(one.text))]
    if len(a) == 1 and len(b) == 1 and not any((one.figures, one.scores, other.figures, other.scores)):
        yield NAME, _Value(one, a[0], key=a[0].casefold()), _Value(other, b[0], key=b[0].casefold())


# --- topics ---------------------------------------------------------------------------------------


def _file(rule: str, a: _Value, b: _Value, topics: list[list[_Value]], rules: list[str]) -> None:
    """Puts two values to the topic that one of them stands in already, else to a new one."""
    for topic, known in zip(topics, rules, strict=True):
        if known == rule and (a in topic or b in topic):
            topic.extend(value for value in (a, b) if value not in topic)
            return
    topics.append([a, b])
    rules.append(rule)


def _clash(topic: Sequence[_Value], rule: str, corrections: Sequence[Correction]) -> Clash:
    sides: list[list[_Value]] = []
    for value in topic:
        home = next((side for side in sides if _same(side[0], value)), None)
        if home is None:
            sides.append([value])
        elif all(known.line is not value.line for known in home):
            home.append(value)
    if any(_taken_back(value, corrections) for value in topic):
        rule = CORRECTED
    elif _updated(sides):
        rule = UPDATED
    spots = tuple(tuple(value.line.spot(value.shown) for value in side) for side in sides)
    return Clash(_about(topic[0], sides), spots, rule, frozenset().union(*map(_measures, topic)))


def _measures(value: _Value) -> frozenset[str]:
    """The senses of the words beside a value; of the whole sentence where it is a day or a name."""
    text = value.line.text
    if value.figure and value.figure.kind != "time":
        counted = frozenset(sense for word in value.figure.counts for sense in senses(word, False))
        return measure(text, value.figure) | counted
    return _senses(text)


def _senses(text: str) -> frozenset[str]:
    return frozenset(
        sense for token in parse(text).tokens if token.content for sense in senses(token.key, token.name)
    )


def concerns(clash: Clash, claim: str) -> bool:
    """Whether what differs is part of a claim: it states a number itself, or names what is measured."""
    stated = any(not f.soft and not f.weak for f in figures(claim)) or bool(dates(claim))
    return stated or not clash.measures.isdisjoint(_senses(claim))


def _same(a: _Value, b: _Value) -> bool:
    if a.figure and b.figure:
        return agree(a.figure, b.figure)
    return a.key == b.key


def _taken_back(value: _Value, corrections: Sequence[Correction]) -> bool:
    line = value.line
    return any(
        item.earlier.id == line.article.id and item.old[0] < line.end and line.start < item.old[1]
        for item in corrections
    )


def _updated(sides: Sequence[Sequence[_Value]]) -> bool:
    """Whether all that differs is one outlet on different days: its later number replaces the earlier."""
    outlets = {value.line.article.outlet for side in sides for value in side}
    days: dict[str | None, int] = defaultdict(int)
    for side in sides:
        for day in {value.line.article.date for value in side}:
            days[day] += 1
    return len(outlets) == 1 and None not in outlets and None not in days and len(days) == len(sides)


_LEADS = re.compile(r"(?:(?:and|but|or|while|whereas|which|who|that|when|where)\s+)+", re.IGNORECASE)
_EDGES = " ,;:.!?–—-"
_MARKS = re.compile('[“”„«»"]')
_PART = re.compile(r"[,;:]\s|\s[-–—]\s|[()]")


def _about(first: _Value, sides: Sequence[Sequence[_Value]]) -> str:
    """What it is about: the first sentence with every value in the place of its own.

    "14 people or 41 people were injured": words of a source, since a list of shared words reads like none.
    """
    shown = " or ".join(dict.fromkeys(" ".join(side[0].shown.split()) for side in sides))
    text = first.line.text
    at = text.find(first.shown)
    start, end = _part_around(text, at, at + len(first.shown))
    before, behind = text[start:at], text[at + len(first.shown) : end]
    if start:
        before = _LEADS.sub("", before.lstrip(), count=1)
    whole = " ".join(_MARKS.sub("", f"{before}{shown}{behind}").split()).strip(_EDGES)
    if len(whole) > TITLE:
        whole = f"{shown}{behind}".strip(_EDGES)
    if len(whole) > TITLE:
        whole = f"{whole[:TITLE].rsplit(' ', 1)[0]} …" if len(shown) < TITLE else shown
    return capital(whole)


def _part_around(text: str, at: int, end: int) -> Span:
    """The sentence around a value, or its part between commas where the sentence is long."""
    if len(text) <= TITLE * 3 // 4:
        return 0, len(text)
    start, stop = 0, len(text)
    for mark in _PART.finditer(text):
        if mark.end() <= at:
            start = mark.end()
        elif mark.start() >= end:
            stop = mark.start()
            break
    # A part without a verb of its own ("14 people, the town said") is still a noun phrase.
    return start, stop
