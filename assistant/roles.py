"""Roles: who did what to whom, and where another sentence has it the other way round.

A deed is a word that two sentences share with what stands on either side of it: the words before an
active verb do it, those after it bear it; a passive with "by", and a noun with "of", "by", "into" or
"against", turn the sides. English word order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.alignment import Pairing, pairings
from assistant.edits import displaced, nearest
from assistant.models import Reason
from assistant.names import name_keys, names
from assistant.tokens import Parse, Token, is_adverb, is_past, parse

_BE = frozenset("is are was were be been being get got gets".split())
_AUXILIARY = _BE | frozenset(
    "has have had will would may might could can should must do does did to also".split()
)
_BEARER = frozenset("of into against on upon over to from".split())
_ENDS = frozenset(
    "in on at during before after since until from with for to as about over despite amid into against "
    "upon".split()
)
_MOST = 8  # words of a side
_NEAR_FULL = 0.75  # share of the words in order from which only an exchange is left to explain the rest


@dataclass(frozen=True, slots=True)
class Deed:
    """A word with the keys of who does it and of who bears it; `place`: its number."""

    place: int
    doers: frozenset[str]
    bearers: frozenset[str]


@lru_cache(maxsize=4_096)
def deeds(text: str) -> dict[str, tuple[Deed, ...]]:
    """The deeds of a sentence by key. Words that stand on one side only give none."""
    sentence = parse(text)
    found: dict[str, list[Deed]] = {}
    for number, token in enumerate(sentence.tokens):
        if token.head and not token.name and not token.number and _is_deed(sentence.tokens, number):
            found.setdefault(token.key, []).extend(_deeds(sentence, number))
    return {key: tuple(items) for key, items in found.items() if items}


def _is_deed(tokens: Sequence[Token], number: int) -> bool:
    """Whether a word may be a deed: not an adverb, and not an -ing form, whose doer stands elsewhere."""
    low = tokens[number].low
    if is_adverb(low) or low in ("rather",):
        return False
    return not low.endswith("ing") or (number > 0 and tokens[number - 1].low in _BE)


def _deeds(sentence: Parse, number: int) -> Iterator[Deed]:
    tokens = sentence.tokens
    before = tokens[number - 1].low if number else ""
    noun = (
        before in ("the", "a", "an")
        or (number > 0 and tokens[number - 1].genitive)
        or _after(tokens, number, "of")
    )
    left, right = frozenset(_left(sentence, number)), frozenset(_right(sentence, number))
    if noun or (number and _adjective_before(tokens, number)):
        roles = _noun_roles(sentence, number)
        if roles:
            yield Deed(number, *roles)
        if noun:
            return
    if _passive(tokens, number):
        agent = frozenset(_by(sentence, number))
        if agent and left:
            yield Deed(number, agent, left)
    elif left and right:
        yield Deed(number, left, right)


def _after(tokens: Sequence[Token], number: int, low: str) -> bool:
    return number + 1 < len(tokens) and tokens[number + 1].low == low


def _adjective_before(tokens: Sequence[Token], number: int) -> bool:
    return number > 1 and (tokens[number - 2].low in ("the", "a", "an") or tokens[number - 2].genitive)


def _passive(tokens: Sequence[Token], number: int) -> bool:
    if not is_past(tokens[number].low):
        return False
    before = [token.low for token in tokens[max(0, number - 3) : number]]
    return any(low in _BE for low in before) or _after(tokens, number, "by")


def _left(sentence: Parse, number: int) -> Iterator[str]:
    """Keys of the words before a verb in its clause; a clause in commas between the two is passed over."""
    tokens = sentence.tokens
    taken = 0
    for place in range(number - 1, max(-1, number - 2 * _MOST), -1):
        token = tokens[place]
        if token.part != tokens[number].part or (token.clause != tokens[number].clause):
            return
        if token.content and taken < _MOST:
            taken += 1
            yield token.key


def _right(sentence: Parse, number: int, phrase: bool = False) -> Iterator[str]:
    """Keys of the words after a verb, to the end of its first phrase.

    phrase: it is the phrase of a preposition, which goes on over an "of".
    """
    tokens = sentence.tokens
    whole = phrase and tokens[number].low != "of"
    taken = 0
    for place in range(number + 1, min(len(tokens), number + 2 * _MOST)):
        token = tokens[place]
        if token.clause != tokens[number].clause or taken == _MOST:
            return
        if whole and taken and token.low == "of":
            continue
        if phrase and taken and tokens[place - 1].name and token.head and not token.name:
            return  # "of NATO includes": a name ends its phrase
        if token.low in ("by", "of", "and", "that") or (
            token.low in _ENDS and (taken or token.low not in _BEARER)
        ):
            return
        if token.content:
            taken += 1
            yield token.key


def _by(sentence: Parse, number: int) -> Iterator[str]:
    tokens = sentence.tokens
    for place in range(number + 1, min(len(tokens), number + 2 * _MOST)):
        if tokens[place].part != tokens[number].part:
            return
        if tokens[place].low == "by":
            yield from _right(sentence, place)
            return


def _noun_roles(sentence: Parse, number: int) -> tuple[frozenset[str], frozenset[str]] | None:
    """Doers and bearers of a noun: "A's invasion of B", "invasion of B by A", "incursion of A into B"."""
    tokens = sentence.tokens
    phrases: dict[str, frozenset[str]] = {}
    for place in range(number + 1, min(len(tokens), number + 2 * _MOST)):
        token = tokens[place]
        if token.part != tokens[number].part or (token.head and is_past(token.low)):
            break
        if token.low in _BEARER | {"by"} and token.low not in phrases:
            phrases[token.low] = frozenset(_right(sentence, place, phrase=True))
    owner = frozenset(
        token.key
        for token in tokens[max(0, number - 4) : number]
        if token.genitive and token.content and token.clause == tokens[number].clause
    )
    aim = next((phrases[low] for low in ("into", "against", "on", "upon") if low in phrases), frozenset())
    doers = (
        owner or phrases.get("by", frozenset()) or (phrases.get("of", frozenset()) if aim else frozenset())
    )
    bearers = aim or phrases.get("of", frozenset()) or phrases.get("to", frozenset())
    return (doers, bearers) if doers and bearers else None


# --- comparing ------------------------------------------------------------------------------------


def role_reasons(sentence: str, evidence: Sequence[str]) -> list[Reason]:
    """Where the sentence exchanges the doer and the bearer of a deed, and no evidence has them its way."""
    if sentence in evidence:
        return []
    mine = deeds(sentence)
    own = parse(sentence)
    for key, items in mine.items():
        theirs = [deed for text in evidence for deed in deeds(text).get(key, ())]
        for deed in items:
            swapped = [other for other in theirs if _exchanged(deed, other)]
            if swapped and not any(_agrees(deed, other) for other in theirs):
                word = own.tokens[deed.place].text
                return [
                    Reason(
                        "roles_swapped",
                        f"who does and who bears “{word}” is the other way round in the passage",
                    )
                ]
    return _exchanged_names(sentence, evidence)


def _exchanged(one: Deed, other: Deed) -> bool:
    doers = (one.doers - one.bearers) & (other.bearers - other.doers)
    bearers = (one.bearers - one.doers) & (other.doers - other.bearers)
    return bool(doers and bearers) and not _agrees(one, other)


def _agrees(one: Deed, other: Deed) -> bool:
    return bool(one.doers & other.doers) or bool(one.bearers & other.bearers)


def _exchanged_names(sentence: str, evidence: Sequence[str]) -> list[Reason]:
    """Two names that stand in each other's place in a clause that is otherwise the evidence's own."""
    own = parse(sentence)
    moved: list[tuple[str, str]] = []
    for edits in nearest(sentence, evidence):
        mine = [name.tokens for name in names(sentence, name_keys(edits.model))]
        found = list(
            displaced(edits, mine, [name.tokens for name in names(edits.model, name_keys(sentence))])
        )
        if not found:
            moved = []
            break
        moved = moved or found
    for candidates in () if moved else pairings(sentence, evidence):
        pairs = [pair for pairing in candidates if (pair := _exchange(own, pairing))]
        if pairs and len(pairs) == len(candidates):
            moved = pairs
    return [
        Reason("roles_swapped", f"“{one}” stands where the passage has “{two}”") for one, two in moved[:1]
    ]


def _exchange(own: Parse, pairing: Pairing) -> tuple[str, str] | None:
    numbers = [n for n in pairing.unit if n in pairing.places and own.tokens[n].content]
    seen = [n for n in numbers if own.tokens[n].name]
    if len({own.tokens[n].key for n in seen}) < 2 or _has_by(own) != _has_by(pairing.other):
        return None
    keys = [own.tokens[n].key for n in numbers]
    theirs = [token.key for token in pairing.other.tokens if token.content]
    plain = common(keys, theirs)
    if plain == len(keys):
        return None
    for one in seen:
        for other in seen:
            first, second = own.tokens[one].key, own.tokens[other].key
            if one >= other or first == second or _listed(own, one, other):
                continue
            turned = [second if key == first else first if key == second else key for key in keys]
            gain = common(turned, theirs)
            if gain >= plain + 2 and gain >= _NEAR_FULL * len(keys):
                return own.tokens[one].text, own.tokens[other].text
    return None


def _has_by(sentence: Parse) -> bool:
    return any(token.low == "by" for token in sentence.tokens)


def _listed(own: Parse, one: int, other: int) -> bool:
    """Whether two names stand in one list: "A and B", "A, B and C"."""
    between = own.tokens[one + 1 : other]
    return all(token.name or token.low in ("and", "or", "with", "between", "the") for token in between)


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for key in one:
        corner = 0
        for number, against in enumerate(other, 1):
            corner, row[number] = (
                row[number],
                corner + 1 if key == against else max(row[number], row[number - 1]),
            )
    return row[-1]
