"""What a figure measures: the deed or the noun beside it, and the scores of votes.

Two amounts in euros are numbers of one thing only where both are what something cost, or both what it saved.
Method: the verb or noun nearest to the figure in its clause; behind "was" it is the subject that is measured.
English; elsewhere nothing is told, and nothing is ruled out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.amounts import Figure
from assistant.inflecting import is_participle
from assistant.synonyms import senses
from assistant.tokens import CALENDAR, Token, is_adverb, is_english, is_past, parse

_BE = frozenset("is are was were be been being stood stands stand totalled totaled amounted reached".split())
_HAVE = frozenset("has have had".split())
_LEADS_TO_VERB = frozenset("to will would can could may might should must shall not also".split())
_ENDS_SUBJECT = frozenset(
    "of in on at for by with from to over under among between during after before since across".split()
)
_PAST_OVER = frozenset("also now currently already still only just initially officially".split())
_NEW_PART = frozenset("and but or which who that while as because when where".split())
_NEAR = 6  # tokens behind a figure among which its deed is sought


@dataclass(frozen=True, slots=True)
class Score:
    """The result of a vote or a game, `text[start:end]`; `pair`: its two numbers, the higher one first."""

    start: int
    end: int
    pair: tuple[int, int]


_VOTING = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|ballots?|majority|motion|won|win|beat|lost|lose|defeat\w*|reject\w*|approv\w+|"
    r"pass(?:ed|es)?|adopt\w*|decid\w+|rul(?:ed|ing)|split|score\w*)\b",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"(?:\s+(?:votes?|members|councillors|judges|to))?(?:\s+to\s+|\s+against\s+|\s?[-–:]\s?)|"
    r"(?:\s+votes?)?\s+(?:in favou?r|for)(?:\s+and|\s+to|,)?\s+",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?:from|between|grew|rose|fell|up|down)\s+\W?\Z", re.IGNORECASE)
_UNIT_BEHIND = re.compile(
    r"\s+(?!votes?\b)(?:people|percent|per cent|years?|days?|hours?|times)\b|\s?%", re.IGNORECASE
)


def scores(text: str, found: Sequence[Figure]) -> list[Score]:
    """The scores in a sentence that tells of a vote or of a game: "six to four", "6 votes to 3"."""
    if not _VOTING.search(text):
        return []
    made: list[Score] = []
    bare = [f for f in found if f.kind == "cardinal" and f.unit is None and not f.soft]
    for number, one in enumerate(bare):
        if _SPAN.search(text[: one.start]) or _UNIT_BEHIND.match(text, one.end):
            continue
        if one.low != one.high:  # "four to six" was read as a range
            if not one.counts and re.search(r"\bto\b|[-–:]", text[one.start : one.end]):
                made.append(_score(one.start, one.end, one.low, one.high))
            continue
        other = bare[number + 1] if number + 1 < len(bare) else None
        if other is None or other.low != other.high or _UNIT_BEHIND.match(text, other.end):
            continue
        if _VERSUS.fullmatch(text, one.end, other.start):
            made.append(_score(one.start, other.end, one.low, other.low))
    return made


def _score(start: int, end: int, one: Fraction, other: Fraction) -> Score:
    low, high = sorted((int(one), int(other)))
    return Score(start, end, (high, low))


# --- what is measured -----------------------------------------------------------------------------


@lru_cache(maxsize=4_096)
def measure(text: str, figure: Figure) -> frozenset[str]:
    """The senses of the words that say what a figure of `text` measures; empty where that is not told."""
    if not is_english(text):
        return frozenset()
    tokens = parse(text).tokens
    before = [token for token in tokens if token.end <= figure.start]
    behind = [token for token in tokens if token.start >= figure.end]
    clause = next((token.clause for token in tokens if token.end > figure.start), -1)
    before = [token for token in before if token.clause == clause]
    behind = [token for token in behind if token.clause == clause][:_NEAR]
    found = _deed_behind(behind) or _beside(before, counts=not figure.unit or figure.unit == "person")
    if not found and figure.unit and figure.unit != "person":
        found = [token for token in behind if _tells(token)][:1]
    return frozenset(sense for token in found for sense in senses(token.key, token.name))


def _tells(token: Token) -> bool:
    return (
        token.content
        and not token.name
        and not token.number
        and token.low not in CALENDAR
        and not is_adverb(token.low)
        and token.low not in _PAST_OVER
    )


def _deed_behind(behind: Sequence[Token]) -> list[Token]:
    """What was done with what is counted: "14 people were injured", "14 people injured"."""
    helped = False
    for number, token in enumerate(behind):
        if token.low in _NEW_PART:
            return []
        if token.low in _BE | _HAVE:
            helped = True
        elif token.low in _ENDS_SUBJECT and number and not helped:
            return []
        elif _tells(token) and (helped or number) and (is_past(token.low) or is_participle(token.low)):
            return [token]
        elif helped and _tells(token):
            return []
    return []


def _beside(before: Sequence[Token], counts: bool) -> list[Token]:
    """The verb or noun in front of a figure; behind "was", the subject up to its first preposition."""
    for number in range(len(before) - 1, -1, -1):
        token = before[number]
        if token.low in _BE and not counts:
            return _subject(before[:number])
        if token.head and not token.content:
            return []  # a verb of saying: what follows is a clause of its own
        if not _tells(token):
            continue
        led = number > 0 and before[number - 1].low in _LEADS_TO_VERB
        return [token] if not counts or led or is_past(token.low) else []
    return []


def _subject(before: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in before:
        if token.low in _ENDS_SUBJECT and found:
            break
        if _tells(token):
            found.append(token)
    return found


def alike(one: str, a: Figure, other: str, b: Figure) -> bool | None:
    """Whether two figures measure the same thing; None where one of the sentences does not tell."""
    mine, theirs = measure(one, a), measure(other, b)
    return None if not mine or not theirs else not mine.isdisjoint(theirs)
