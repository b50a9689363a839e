"""Two renderings of one utterance word against word, and the differences between them that carry meaning.

The words are laid side by side first (`abreast`). English only: in other languages only numbers are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assistant.abreast import BE, MODALS, NEGATIVE, REAL, SAME, Aligned, align, has, person, phrase
from assistant.calendars import dates
from assistant.charged import charge
from assistant.figures import figures
from assistant.models import Difference, Span
from assistant.opposites import are_opposite
from assistant.polarity import polarity
from assistant.roles import deeds
from assistant.tokens import CALENDAR, Parse, Token, is_adverb, is_past, parse
from assistant.unsaid import Side, clauses

MOST = 6
"""Differences that are named of one pair; the weightiest come first."""

_ORDER = (
    "negation", "number", "agent", "modality", "loaded_word", "added_clause", "dropped_clause", "wording",
)  # fmt: skip
_WITH_TO = frozenset("have has need needs ought".split())
_HEDGES = {
    "perhaps": "may", "maybe": "may", "possibly": "may", "probably": "probably", "likely": "probably",
    "certainly": "certainly", "definitely": "certainly", "surely": "certainly", "undoubtedly": "certainly",
}  # fmt: skip
_LOOSE = frozenset({"can", "may"})  # one of these for the other says no more
_UNNOTED = frozenset({"will", "would", "can"})  # these are often only a tense: noted against another modal
_WISHES = frozenset("like want wish prefer".split())
_FILLERS = frozenset(
    """really very quite merely simply just well indeed actually already still even like thing way lot kind
    go come make take give put keep let get soon forth oh also together want time people""".split()
)


def differences(a: Side, b: Side, english: bool = True) -> tuple[Difference, ...]:
    """What the renderings say otherwise, at most `MOST`, the weightiest kinds first."""
    one, two = a.text[slice(*a.window)], b.text[slice(*b.window)]
    found = list(_numbers(one, two))
    if english:
        aligned = align(parse(one), parse(two))
        kinds = (_negations, _agents, _modalities, _loaded)
        for kind in kinds:
            found += kind(aligned)
        found += clauses(a, b, aligned)
        found += _wordings(aligned)
    unique = list(dict.fromkeys(found))
    return tuple(sorted(unique, key=weight)[:MOST])


def weight(item: Difference) -> int:
    """How far down a difference stands: 0 for the weightiest kind."""
    return _ORDER.index(item.kind)


# --- negation and numbers -------------------------------------------------------------------------


def _negations(aligned: Aligned) -> Iterator[Difference]:
    mine, theirs = polarity(aligned.one.text), polarity(aligned.other.text)
    for i, j, score in aligned.pairs:
        a, b = aligned.one.tokens[i], aligned.other.tokens[j]
        states = mine.states[i], theirs.states[j]
        if score < SAME or not a.head or "perhaps" in states:
            continue
        if (states[0] != states[1]) == are_opposite(a, b):
            continue
        if states[1] in _states(aligned.one, a.key) or states[0] in _states(aligned.other, b.key):
            continue  # said both ways, and the wrong two were met
        one = _negated(aligned.one, i)
        two = _negated(aligned.other, j)
        if aligned.take(one, two):
            yield Difference("negation", phrase(aligned.one, one[0], i), phrase(aligned.other, two[0], j))


def _states(parsed: Parse, key: str) -> set[str]:
    """The states of a word where it stands more than once."""
    places = parsed.places.get(key, ())
    states = polarity(parsed.text).states
    return {states[place] for place in places} if len(places) > 1 else set()


def _negated(parsed: Parse, head: int) -> range:
    """The words from a negation, or from the helping verb before a plain word, to that word."""
    first = head
    for item in polarity(parsed.text).negations:
        if head in item.heads and item.first < head:
            first = min(first, item.first)
    while first > 0 and head - first < 6 and _helps(parsed.tokens[first - 1], parsed.tokens[first]):
        first -= 1
    return range(first, head + 1)


def _helps(token: Token, after: Token) -> bool:
    helping = token.low in BE or token.low in MODALS or token.low in NEGATIVE
    return helping and token.part == after.part


def _numbers(one: str, two: str) -> Iterator[Difference]:
    """Figures and dates that count the same thing, or are alone on both sides, with other values."""
    mine = [item for item in figures(one) if not item.weak]
    theirs = [item for item in figures(two) if not item.weak]
    left = [item for item in mine if not any(_equal(item, other) for other in theirs)]
    right = [item for item in theirs if not any(_equal(item, other) for other in mine)]
    for item in left:
        for other in right:
            counted = set(item.counts) & set(other.counts) or (item.unit and item.unit == other.unit)
            alone = len(mine) == len(theirs) == 1 or (item.soft and other.soft)
            if item.soft == other.soft and (counted or (alone and item.unit == other.unit)):
                yield Difference("number", item.shown, other.shown)
                right.remove(other)
                break
    days, others = dates(one), dates(two)
    if len(days) == len(others) == 1:
        a, b = days[0], others[0]
        same_form = (a.weekday is None) == (b.weekday is None) and (a.day is None) == (b.day is None)
        parts = ((a.weekday, b.weekday), (a.month, b.month), (a.day, b.day))
        if same_form and any(x is not None and y is not None and x != y for x, y in parts):
            yield Difference("number", a.shown, b.shown)


def _equal(one: object, other: object) -> bool:
    return (one.low, one.high, one.unit) == (other.low, other.high, other.unit)  # type: ignore[attr-defined]


# --- modality and agents --------------------------------------------------------------------------


def _modalities(aligned: Aligned) -> Iterator[Difference]:
    met = {i: j for i, j, score in aligned.pairs if score > 0}
    same = {i for i, _, score in aligned.pairs if score >= SAME}
    for i, j in met.items():
        a, b = aligned.one.tokens[i], aligned.other.tokens[j]
        if not a.head or a.name or a.low in _WISHES or b.low in _WISHES:
            continue
        one, two = _modal(aligned.one, i), _modal(aligned.other, j)
        facing = bool(one and two and met.get(one[1]) == two[1])
        if (one is None and two is None) or not (i in same or facing):
            continue
        kinds = {item[0] for item in (one, two) if item}
        lone = one is None or two is None
        if (lone and kinds <= _UNNOTED) or (not lone and (len(kinds) == 1 or kinds == _LOOSE)):
            continue
        first, second = (one[1] if one else i), (two[1] if two else j)
        hidden = lone and _hidden(aligned, kinds)
        if not hidden and aligned.take([first] if one else [], [second] if two else []):
            yield Difference("modality", phrase(aligned.one, first, i), phrase(aligned.other, second, j))


def _hidden(aligned: Aligned, kinds: set[str]) -> bool:
    """Whether both sides have a modal of those kinds, elsewhere than where it was sought."""

    def modals(parsed: Parse) -> set[str]:
        found = {MODALS.get(token.low) or _HEDGES.get(token.low) for token in parsed.tokens}
        return {kind for kind in found if kind}

    return bool(kinds & modals(aligned.one) & modals(aligned.other))


def _modal(parsed: Parse, head: int) -> tuple[str, int] | None:
    """The modal or hedge that bears on a word, and its place: "must" before "stay"."""
    tokens = parsed.tokens
    for place in range(head - 1, max(-1, head - 6), -1):
        token = tokens[place]
        if token.part != tokens[head].part:
            return None
        if token.low in _HEDGES:
            return _HEDGES[token.low], place
        follows = tokens[place + 1].low
        if (token.low in _WITH_TO and follows == "to") or (token.low == "got" and follows == "to"):
            return ("should" if token.low == "ought" else "must"), place
        if token.low in MODALS and token.low not in _WITH_TO and token.text != "May":
            return MODALS[token.low], place
        if token.head and not is_adverb(token.low):
            return None
    return None


def _agents(aligned: Aligned) -> Iterator[Difference]:
    yield from _turned(aligned)
    for i, j, score in aligned.pairs:
        a, b = aligned.one.tokens[i], aligned.other.tokens[j]
        if score < SAME or not a.head or a.name or b.name:
            continue
        one, two = _subject(aligned.one, i), _subject(aligned.other, j)
        if one is None or two is None or not _is_other(aligned.one.tokens[one], aligned.other.tokens[two]):
            continue
        if aligned.take([one], [two]):
            yield Difference("agent", phrase(aligned.one, one, i), phrase(aligned.other, two, j))


def _turned(aligned: Aligned) -> Iterator[Difference]:
    """Who did it and who bore it, exchanged."""
    mine, theirs = deeds(aligned.one.text), deeds(aligned.other.text)
    for key in mine.keys() & theirs.keys():
        a, b = mine[key][0], theirs[key][0]
        if a.doers & b.bearers and b.doers & a.bearers and not a.doers & b.doers:
            spans = [_deed(parsed, deed.place) for parsed, deed in ((aligned.one, a), (aligned.other, b))]
            if aligned.take(spans[0], spans[1]):
                one, two = spans
                yield Difference(
                    "agent",
                    phrase(aligned.one, one[0], one[-1]),
                    phrase(aligned.other, two[0], two[-1]),
                )


def _deed(parsed: Parse, place: int) -> range:
    """The clause around a deed, at most five words to each side."""
    clause = parsed.tokens[place].clause
    near = range(max(0, place - 5), min(len(parsed.tokens), place + 6))
    inside = [number for number in near if parsed.tokens[number].clause == clause]
    return range(inside[0], inside[-1] + 1)


def _subject(parsed: Parse, verb: int) -> int | None:
    """The word before a verb and its helping verbs that does it: a pronoun, a name or a noun."""
    tokens = parsed.tokens
    place, helped = verb - 1, False
    while place >= 0 and tokens[place].clause == tokens[verb].clause:
        token = tokens[place]
        if person(token):
            return place
        if token.low in MODALS or token.low in BE:
            helped = True
        elif token.head and not is_adverb(token.low):
            leads = place == 0 or tokens[place - 1].clause != token.clause
            certain = helped or (token.name and (leads or is_past(tokens[verb].low)))
            return place if certain and not token.genitive else None
        elif not is_adverb(token.low) and token.low not in NEGATIVE:
            return None
        place -= 1
    return None


def _is_other(a: Token, b: Token) -> bool:
    one, two = person(a), person(b)
    if one and two:
        return one != two and "you" not in (one, two)
    if one or two:
        # "We" for a body that the speaker is of is the speaker's own name for it.
        return bool({one, two} & {"they", "he", "she"}) is False and not (a.name or b.name)
    # Two common nouns in one place are more often two words for one thing than two who act.
    return a.name and b.name and a.key != b.key


# --- words ----------------------------------------------------------------------------------------


def _loaded(aligned: Aligned) -> Iterator[Difference]:
    for i, j, _ in aligned.pairs:
        a, b = aligned.one.tokens[i], aligned.other.tokens[j]
        if charge(a.low, b.low) and aligned.take([i], [j]):
            yield Difference("loaded_word", a.text, b.text)
    mine, theirs = _loose(aligned.one, aligned.other), _loose(aligned.other, aligned.one)
    for i in mine:
        for j in theirs:
            a, b = aligned.one.tokens[i], aligned.other.tokens[j]
            if charge(a.low, b.low) and aligned.take([i], [j]):
                yield Difference("loaded_word", a.text, b.text)


def _loose(one: Parse, other: Parse) -> list[int]:
    """Words of one side that stand nowhere on the other."""
    return [n for n, token in enumerate(one.tokens) if token.content and not has(other, token)]


def _wordings(aligned: Aligned) -> Iterator[Difference]:
    """Other words in the same place, and words that only one side has between two that both have."""
    yield from _lost(aligned)
    swapped: list[Difference] = []
    for at, (i, j, score) in enumerate(aligned.pairs):
        a, b = aligned.one.tokens[i], aligned.other.tokens[j]
        if score >= REAL or not _tells(a) or not _tells(b) or not _held(aligned, at):
            continue
        if a.name != b.name or _spelt_alike(a.low, b.low):
            continue
        if not has(aligned.other, a) and not has(aligned.one, b) and aligned.take([i], [j]):
            swapped.append(Difference("wording", a.text, b.text))
    yield from sorted(swapped, key=lambda item: -min(len(item.a), len(item.b)))


def _spelt_alike(one: str, other: str) -> bool:
    """ "Sen." and "Senator", "force" and "workforce", "F.B.I." and "FBI"."""
    one, other = one.replace(".", ""), other.replace(".", "")
    return one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)


def _tells(token: Token) -> bool:
    plain = token.low in _FILLERS or token.low in CALENDAR or is_adverb(token.low)
    return token.content and not token.number and not plain


def _held(aligned: Aligned, at: int) -> bool:
    """Whether the nearest words on both sides of a pair of words are shared, or the text ends there."""
    i, j, _ = aligned.pairs[at]
    before = next(((x, y) for x, y, score in aligned.pairs[:at][::-1] if score >= REAL), None)
    after = next(((x, y) for x, y, score in aligned.pairs[at + 1 :] if score >= REAL), None)
    sides = [pair for pair in (before, after) if pair]
    return bool(sides) and all(abs(i - x) <= 3 and abs(j - y) <= 3 for x, y in sides)


def _lost(aligned: Aligned) -> Iterator[Difference]:
    real = [(i, j) for i, j, score in aligned.pairs if score >= REAL]
    for (i, j), (k, m) in pairwise(real):
        mine, theirs = range(i + 1, k), range(j + 1, m)
        words = mine or theirs
        parsed, against = (aligned.one, aligned.other) if mine else (aligned.other, aligned.one)
        if bool(mine) == bool(theirs) or len(words) > 2:
            continue
        told = [n for n in words if _tells(parsed.tokens[n]) and not has(against, parsed.tokens[n])]
        ends = aligned.one.tokens[i].head or aligned.one.tokens[k].head
        if told and ends and aligned.take(list(mine), list(theirs)):
            first, second = _content_before(aligned, i, j)
            yield Difference("wording", phrase(aligned.one, first, k), phrase(aligned.other, second, m))


def _content_before(aligned: Aligned, i: int, j: int) -> Span:
    """One shared word further back, where the one before a gap is only an "and"."""
    linked = aligned.one.tokens[i].low in ("and", "or") and i and j
    if linked and aligned.one.tokens[i - 1].low == aligned.other.tokens[j - 1].low:
        return i - 1, j - 1
    return i, j
