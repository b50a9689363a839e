"""Where a sentence of evidence says otherwise than a claim: polarity, opposites, numbers, dates.

Method: words that are met and differ in polarity are grouped by the negation that makes the difference, so
that "denied that it would invade" differs from "confirmed that it would invade" once and not twice; an even
number of differences cancels out and tells nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from assistant.amounts import Figure, hard
from assistant.calendars import Date, dates
from assistant.dates import date_reasons
from assistant.figures import figures, number_reasons
from assistant.meeting import Meeting, Met
from assistant.polarity import Negation, polarity
from assistant.quantities import same_unit
from assistant.synonyms import senses
from assistant.tokens import CALENDAR, Parse, Token, is_adverb, key_of

_PHRASE = 3  # words of a noun phrase that a "not" before it reaches
_PART_OF = re.compile(r"\s+of\s+(?:the|them|those|whom|these|which)\b", re.IGNORECASE)
_SMALL = frozenset("never yet later then".split())
_GAP = 5  # tokens between the neighbours of a word that was replaced
_NEAR = Fraction(1, 20)  # numbers that differ by less may be one number, rounded
_DENIALS = ("denial",)
_MONEY_OR_MEASURE = ("cardinal", "fraction", "vague")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference: the rule that found it, and the numbers of the claim's tokens that it is about."""

    rule: str
    tokens: frozenset[int]


# --- polarity -------------------------------------------------------------------------------------


def polar(meeting: Meeting) -> list[Contrast]:
    """The differences in polarity: one for each negation or opposite that makes one."""
    mine, theirs = _bearing(meeting.claim), _bearing(meeting.evidence)
    groups: list[tuple[set[tuple[str, int]], set[int], str]] = []
    for item in meeting.met.values():
        ours, others = mine.get(item.own, []), theirs.get(item.at, [])
        if (len(ours) + len(others) + item.opposite) % 2 == 0:
            continue
        ids = _ids(meeting, item, ours, others)
        rule = _rule(item, [*ours, *others])
        joined = [group for group in groups if group[0] & ids]
        for group in joined:
            groups.remove(group)
            ids |= group[0]
            rule = group[2] if rule == "negated" else rule
        groups.append((ids, {item.own}.union(*(group[1] for group in joined)), rule))
    return [Contrast(rule, frozenset(tokens)) for _, tokens, rule in groups]


def _ids(meeting: Meeting, item: Met, ours: list[Negation], others: list[Negation]) -> set[tuple[str, int]]:
    """What makes a difference: negations that bear on the word or that it is part of, or the word itself."""
    ids = {("claim", one.first) for one in ours} | {("evidence", one.first) for one in others}
    for name, text, number in (
        ("claim", meeting.claim.text, item.own),
        ("evidence", meeting.evidence.text, item.at),
    ):
        ids |= {(name, one.first) for one in polarity(text).all if one.first <= number <= one.last}
    return ids or {("word", item.own)}


def _rule(item: Met, negations: list[Negation]) -> str:
    if item.opposite:
        return "antonym"
    return "denial_verb" if any(one.kind in _DENIALS for one in negations) else "negated"


def _bearing(sentence: Parse) -> dict[int, list[Negation]]:
    """The negations on each token; a "not" before a noun phrase bears on the whole of it."""
    found: dict[int, list[Negation]] = {}
    for item in polarity(sentence.text).hard:
        for number in _heads(sentence, item):
            found.setdefault(number, []).append(item)
    return found


def _heads(sentence: Parse, item: Negation) -> tuple[int, ...]:
    if item.kind != "next" or not item.heads:
        return item.heads
    tokens, first = sentence.tokens, item.heads[0]
    before = tokens[first - 1].low if first else ""
    if before not in ("a", "an", "the", "any"):
        return item.heads
    last = first
    while last + 1 < len(tokens) and last - first < _PHRASE and tokens[last + 1].head:
        last += 1
    return tuple(range(first, last + 1))


# --- numbers --------------------------------------------------------------------------------------


def number(meeting: Meeting) -> str | None:
    """`number_differs` for another number of the same thing, `number_missing` for none, else None."""
    claim, evidence = meeting.claim, meeting.evidence
    if not any(reason.code == "number_differs" for reason in number_reasons(claim.text, evidence.text)):
        return None
    known = [
        item
        for item in figures(evidence.text)
        if not item.soft and not _PART_OF.match(evidence.text, item.end)
    ]
    for item in figures(claim.text):
        if item.soft or item.kind == "vague" or any(_equal(item, other) for other in known):
            continue
        rivals = [other for other in known if _same_thing(item, other)]
        if rivals and all(_excludes(item, other) and _by_predicate(meeting, other) for other in rivals):
            return "number_differs"
    return "number_missing"


def _equal(item: Figure, other: Figure) -> bool:
    return (item.low, item.high) == (other.low, other.high)


def _same_thing(item: Figure, other: Figure) -> bool:
    """Whether two figures are of one unit, or count things of one name."""
    if item.kind != other.kind and {item.kind, other.kind} - {"cardinal", "fraction"}:
        return False
    ours, theirs = hard(item.unit), hard(other.unit)
    if ours or theirs:
        return bool(ours and theirs and same_unit(ours, theirs))
    if item.unit == other.unit == "person":
        return True
    return not _counted(item).isdisjoint(_counted(other))


def _counted(item: Figure) -> frozenset[str]:
    keys = [key_of(word, word) for word in item.counts[:2]] + ([item.unit] if item.unit == "person" else [])
    return frozenset().union(*(senses(key, False) for key in keys if key))


def _excludes(item: Figure, other: Figure) -> bool:
    """Whether both cannot hold: the ranges that they leave open do not meet, with a margin for rounding."""
    (low, high), (bottom, top) = _range(item), _range(other)
    return high < bottom or top < low


def _range(item: Figure) -> tuple[Fraction, Fraction]:
    """The values that a figure with its hedge leaves open."""
    margin = abs(item.low) * (_NEAR if abs(item.low) > 20 else 0)
    low, high = item.low - margin, item.high + margin
    if item.bound == "about":
        low, high = item.low * Fraction(4, 5), item.high * Fraction(6, 5)
    elif item.bound in ("over", "least"):
        high = Fraction(10**15)
    elif item.bound in ("under", "most"):
        low = Fraction(0)
    elif item.bound == "nearly":
        low = item.low * Fraction(4, 5)
    return low, high


def _by_predicate(meeting: Meeting, item: Figure) -> bool:
    """Whether a figure of the evidence stands in a clause that has a predicate of the claim."""
    tokens = meeting.evidence.tokens
    at = next((n for n, token in enumerate(tokens) if token.end > item.start), None)
    if at is None:
        return False
    places = [meeting.met[n].at for n in meeting.predicates[:2] if n in meeting.met]
    return any(tokens[place].clause == tokens[at].clause for place in places)


# --- dates ----------------------------------------------------------------------------------------


def day(meeting: Meeting, published: str | None) -> str | None:
    """`date_differs` where the evidence gives one other date of the same kind; `date_missing` where none."""
    claim, evidence = meeting.claim.text, meeting.evidence.text
    ours, near = dates(claim), around(meeting)
    theirs = dates(near)
    if not date_reasons(claim, evidence, published):
        if ours and theirs and date_reasons(claim, near, published):
            return "date_missing"  # the date is in another clause: it may be that of another event
        return "date_missing" if ours and not dates(evidence) else None
    if len(ours) == 1 and len(theirs) == 1 and _alike(ours[0], theirs[0]):
        return "date_differs"
    return "date_missing"


def around(meeting: Meeting) -> str:
    """The clause of the evidence in which the main predicate is met; the whole sentence where it is not."""
    main = meeting.predicates[0] if meeting.has_main else None
    if main is None:
        return meeting.evidence.text
    tokens = meeting.evidence.tokens
    clause = tokens[meeting.met[main].at].clause
    inside = [token for token in tokens if token.clause == clause]
    return meeting.evidence.text[inside[0].start : inside[-1].end]


def _alike(one: Date, other: Date) -> bool:
    """Whether two dates have the same parts, so that one cannot be a part of the other."""
    for name in ("year", "month", "day", "weekday", "decade"):
        if (getattr(one, name) is None) != (getattr(other, name) is None):
            return False
    return one.relative is None and other.relative is None


def _may_replace(token: Token) -> bool:
    return token.content and token.low not in _SMALL and not is_adverb(token.low)


def is_replaced(meeting: Meeting) -> bool:
    """Whether a word of the claim is missing and another one stands in its place, by the same neighbours."""
    content = [
        n for n, token in enumerate(meeting.claim.tokens) if token.content and token.low not in CALENDAR
    ]  # dates are compared by themselves
    taken = {item.at for item in meeting.met.values()}
    for index, n in enumerate(content):
        if n in meeting.met:
            continue
        before = meeting.met.get(content[index - 1]) if index else None
        after = meeting.met.get(content[index + 1]) if index + 1 < len(content) else None
        if before is None or (after is None and index + 1 < len(content)):
            continue
        last = before.at + _GAP if after is None else after.at
        if not before.at < last <= before.at + _GAP:
            continue
        inside = range(before.at + 1, min(last, len(meeting.evidence.tokens)))
        if any(_may_replace(meeting.evidence.tokens[place]) and place not in taken for place in inside):
            return True
    return False
