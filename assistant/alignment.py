"""Which words of a sentence stand where in another one: the ground on which wording is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.tokens import Parse, Token, is_english, parse

LEAST = 0.5
"""Share of a clause's words from which an evidence sentence is read as saying something on it."""
NEAR = 0.1
"""How far behind the best evidence sentence another one may be and still count."""

_NAME_WEIGHT = 0.5  # names are shared by sentences that say different things
_WINDOW = 5
_UNIT = 3  # content words that a clause needs to be compared by itself


@dataclass(frozen=True, slots=True)
class Pairing:
    """The tokens `unit` of one sentence met in another: numbers of tokens, by their own numbers.

    coverage: share of the unit's content words that the other has, 0 to 1, names weighed half.
    """

    unit: range
    other: Parse
    places: dict[int, int]
    coverage: float


def weight(token: Token) -> float:
    """What a content word counts for in a coverage."""
    return _NAME_WEIGHT if token.name else 1.0


@lru_cache(maxsize=4_096)
def units(text: str) -> tuple[range, ...]:
    """The clauses of a sentence, joined until each has a few content words."""
    tokens = parse(text).tokens
    found: list[list[int]] = []  # first, last + 1, content words
    for number, token in enumerate(tokens):
        begins = not found or token.clause != tokens[number - 1].clause
        if begins and (not found or found[-1][2] >= _UNIT):
            found.append([number, number, 0])
        found[-1][1] = number + 1
        found[-1][2] += token.content
    if len(found) > 1 and found[-1][2] < _UNIT:
        last = found.pop()
        found[-1][1] = last[1]
    return tuple(range(first, end) for first, end, _ in found)


def pairings(text: str, evidence: Sequence[str]) -> list[list[Pairing]]:
    """For each unit of `text`, the evidence sentences that match it well enough, the best one first.

    English only: a sentence in another language has no units, and one of the evidence is not met.
    """
    if not is_english(text):
        return []
    sentence = parse(text)
    others = [parse(item) for item in evidence if is_english(item)]
    found: list[list[Pairing]] = []
    for unit in units(text):
        content = [sentence.tokens[number] for number in unit if sentence.tokens[number].content]
        total = sum(map(weight, content))
        if not total:
            continue
        shares = [
            sum(weight(token) for token in content if token.key in other.keys) / total for other in others
        ]
        best = max(shares, default=0.0)
        near = [
            (share, number)
            for number, share in enumerate(shares)
            if share >= max(LEAST, best - NEAR) and _enough(content, others[number])
        ]
        near.sort(key=lambda item: -item[0])
        found.append(
            [Pairing(unit, others[i], _places(sentence, unit, others[i]), share) for share, i in near]
        )
    return found


def _enough(content: Sequence[Token], other: Parse) -> bool:
    met = {token.key for token in content if token.key in other.keys}
    return len(met) >= min(2, len({token.key for token in content}))


def _places(sentence: Parse, unit: range, other: Parse) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in unit:
        token = sentence.tokens[number]
        places = other.places.get(token.key, ()) if token.head else ()
        if len(places) == 1:
            found[number] = places[0]
        elif places:
            near = _near(sentence, number)
            found[number] = max(places[:20], key=lambda place: len(near & _near(other, place)))
    return found


def _near(sentence: Parse, number: int) -> set[str]:
    window = sentence.tokens[max(0, number - _WINDOW) : number + _WINDOW + 1]
    return {token.key for token in window if token.content}
