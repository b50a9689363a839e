"""Modality: whether a sentence states a fact, a plan, a possibility, a condition or an allegation.

A mark ("may", "plans to", "is accused of") gives the next word its kinds; a word without a mark is
asserted. English rules; in other languages no mark is found, and nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.alignment import Pairing, pairings
from assistant.edits import Edits, anchor, nearest
from assistant.modals import FINDER, KINDS
from assistant.models import Reason
from assistant.tokens import Parse, is_adverb, is_past, is_question, parse

_CONDITION = re.compile(
    r"(?<![\w'])(?:unless|if|provided that|on condition that|in case|as long as|in the event|assuming)"
    r"(?![\w'])"
)
_NO_CONDITION = re.compile(
    r"(?:unclear|unknown|asked|wonder\w*|know|see|sure|even|as|only|doubt\w*|ask|question\w*|determine|"
    r"not|if) $"
)
_MARKED_CONDITION = re.compile(
    r"(?<![\w'])(?:if|unless|would|could|might|may|should|provided|in case|condition\w*|depend\w*|when|"
    r"as long as|in the event|assuming|once|until|without|were)(?![\w'])"
)
_LEAST = 0.6  # coverage of a clause from which a mark that it lacks is missed
_SAID = {
    "possible": "possible", "likely": "likely", "future": "certain to come", "planned": "planned",
    "promised": "promised", "decided": "decided", "requested": "asked for", "required": "required",
    "alleged": "alleged", "attempted": "attempted", "begun": "begun", "nearly": "almost so",
    "question": "an open question", "conditional": "conditional",
}  # fmt: skip
_YES_OR_NO = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b")
_ASKED_FOR = frozenset({"requested", "required"})
_TIMES = frozenset({"future", "begun"})
_ASKED = frozenset({"question"})
_NOMINAL = re.compile(r"(?:ion|ions|ment|ments|ure|ures|al|als|ance|ence|ity|ness)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the tokens first to last (included), its kinds, and the word that it gives them to."""

    kinds: frozenset[str]
    first: int
    last: int
    head: int | None


@dataclass(frozen=True)
class Modality:
    """What each token is: `kinds` from a mark right before it (empty: asserted), `around` from its clause."""

    marks: tuple[Mark, ...]
    kinds: tuple[frozenset[str], ...]
    around: tuple[frozenset[str], ...]


@lru_cache(maxsize=4_096)
def modality(text: str) -> Modality:
    """The modality of each token of a sentence."""
    sentence = parse(text)
    marks = tuple(_marks(sentence))
    nothing: frozenset[str] = frozenset()
    kinds, around = [nothing] * len(sentence.tokens), [nothing] * len(sentence.tokens)
    for mark in marks:
        if mark.head is not None:
            kinds[mark.head] |= mark.kinds
        for number in _reach(sentence, mark):
            around[number] |= mark.kinds
    if _asks(text):
        kinds = [
            kind | _ASKED if token.head else kind for kind, token in zip(kinds, sentence.tokens, strict=True)
        ]
    return Modality(marks, tuple(kinds), tuple(around))


def _asks(text: str) -> bool:
    """Whether a sentence is a question that yes or no would answer; another one takes a fact for granted."""
    return is_question(text) and bool(_YES_OR_NO.match(parse(text).flat))


def _marks(sentence: Parse) -> Iterator[Mark]:
    for match in FINDER.finditer(sentence.flat):
        kinds = KINDS[int((match.lastgroup or "m0")[1:])]
        first = sentence.starts.get(match.start())
        if first is None or "skip" in kinds or _is_month(sentence, first):
            continue
        last = first + len(re.findall(r"[^\s,;]+", match.group())) - 1
        yield Mark(kinds, first, last, _head(sentence, last + 1))


def _is_month(sentence: Parse, number: int) -> bool:
    return sentence.tokens[number].text == "May" and number > 0


def _head(sentence: Parse, first: int) -> int | None:
    tokens = sentence.tokens
    found = None
    for number in range(first, min(first + 7, len(tokens))):
        if tokens[number].part != tokens[first].part:
            break
        if tokens[number].head and not tokens[number].name:
            found = number if found is None else found
            if not is_adverb(tokens[number].low):
                return number
    return found


def _reach(sentence: Parse, mark: Mark) -> Iterator[int]:
    tokens = sentence.tokens
    clauses = {tokens[mark.first].clause, tokens[mark.last].clause}
    if mark.head is not None:
        clauses.add(tokens[mark.head].clause)
    whole = bool(mark.kinds & {"alleged", "question", "possible", "likely"})
    for number, token in enumerate(tokens):
        if token.clause in clauses or (whole and token.part == tokens[mark.last].part):
            yield number


# --- comparing ------------------------------------------------------------------------------------


def modality_reasons(sentence: str, evidence: Sequence[str]) -> list[Reason]:
    """Where the sentence states as a fact what the evidence plans, expects, alleges, or the other way round.

    Each clause is compared with the evidence sentences that match it best; one of them that agrees is
    enough. Silent where none matches.
    """
    if sentence in evidence:
        return []
    copies = nearest(sentence, evidence)
    changes = [_changed(edits) for edits in copies]
    if copies and (all(changes) or copies[0].share == 1):
        told = [Reason("modality_differs", text) for text in (changes[0] if all(changes) else [])]
        return [reason for reason in told if not _backshifted(sentence, reason)][:2]
    if is_question(sentence):
        return []  # it states nothing
    found: dict[str, Reason] = {}
    own = parse(sentence)
    for candidates in pairings(sentence, evidence):
        agreed: set[int] = set()
        alarms: dict[int, str] = {}
        for pairing in candidates:
            if pairing.coverage < _LEAST:
                continue
            conflicts = {
                **_conflicts(sentence, pairing),
                **_conditions(own, pairing.other, pairing.places),
            }
            alarms = {**conflicts, **alarms}
            agreed |= {number for number in pairing.places if number not in conflicts}
        for number, text in alarms.items():
            if number not in agreed:
                found.setdefault(text, Reason("modality_differs", text))
                break
    return [reason for reason in found.values() if not _backshifted(sentence, reason)][:2]


_WOULD = re.compile(r"\b(?:sa(?:id|ys|ying)|told|that|added|insist\w*|warn\w*)\b.*\bwould\b", re.DOTALL)


def _backshifted(sentence: str, reason: Reason) -> bool:
    """Whether a "would" is only the "will" or the present of what somebody said."""
    return "says “would”" in reason.text and bool(_WOULD.search(sentence))


def _conflicts(sentence: str, pairing: Pairing) -> dict[int, str]:
    own, mine, theirs = parse(sentence), modality(sentence), modality(pairing.other.text)
    found: dict[int, str] = {}
    for number, place in pairing.places.items():
        one, other = mine.kinds[number], theirs.kinds[place]
        if not one and not other:
            continue
        if one & (other | theirs.around[place]) or other & (one | mine.around[number]):
            continue
        if not one and mine.around[number] and not other & {"question", "alleged"}:
            continue
        if one == {"alleged"} and not other:
            continue  # more careful than the passage
        if not other and theirs.around[place]:
            continue
        if _excused(own, number, one, pairing.other, place, other):
            continue
        word = own.tokens[number].text
        found[number] = f"“{word}” is {_said(one)} in the sentence and {_said(other)} in the passage"
    return found


def _changed(edits: Edits) -> list[str]:
    """What a near-copy changed of its model's marks, clause by clause."""
    own, model = parse(edits.text), parse(edits.model)
    if _asks(edits.model) and not _asks(edits.text):
        return ["the passage only asks it"]
    found = list(dict.fromkeys(_conditions(own, model, edits.places, copy=True).values()))
    back = edits.back()
    mine = {place: mark for mark, place in _loose(edits.text, edits.places)}
    theirs = {back[place]: mark for mark, place in _loose(edits.model, back)}
    for clause in dict.fromkeys(own.tokens[place].clause for place in [*mine, *theirs]):
        one = [mark for place, mark in mine.items() if own.tokens[place].clause == clause]
        other = [mark for place, mark in theirs.items() if own.tokens[place].clause == clause]
        ours, others = _union(one), _union(other)
        if ours & others or "asserted" in ours | others:
            continue
        place = next(place for place in [*mine, *theirs] if own.tokens[place].clause == clause)
        bare = (model.tokens[edits.places[place]] if ours else own.tokens[place]).low
        if not (ours and others) and (ours | others) & _TIMES and not is_past(bare):
            continue  # "closes on Monday" for "will close on Monday"
        shown = " ".join(_words(own, mark) for mark in one) or "no such word"
        found.append(
            f"the sentence says {shown} at “{own.tokens[place].text}”, the passage {_shown(model, other)}"
        )
    return found


def _union(marks: Sequence[Mark]) -> frozenset[str]:
    return frozenset().union(*(mark.kinds for mark in marks))


def _words(sentence: Parse, mark: Mark) -> str:
    tokens = sentence.tokens
    return f"“{sentence.text[tokens[mark.first].start : tokens[mark.last].end]}”"


def _shown(sentence: Parse, marks: Sequence[Mark]) -> str:
    return " ".join(_words(sentence, mark) for mark in marks) or "does not"


def _loose(text: str, kept: dict[int, int]) -> Iterator[tuple[Mark, int]]:
    """Marks that are not on the other side, while the word that they stand at is: the mark, that word."""
    sentence = parse(text)
    for mark in modality(text).marks:
        if all(number in kept for number in range(mark.first, mark.last + 1)):
            continue
        heads = () if mark.head is None else (mark.head,)
        place = anchor(sentence, mark.first, mark.last, heads, kept)
        if place is not None:
            yield mark, place


def _excused(
    own: Parse, number: int, one: frozenset[str], other: Parse, place: int, two: frozenset[str]
) -> bool:
    """Whether an asserted word may carry the same meaning as a marked one: "closes Monday", "to close"."""
    if "asserted" in one | two:
        return True
    for parsed, at, kinds, against in ((own, number, one, two), (other, place, two, one)):
        if kinds:
            continue
        token = parsed.tokens[at]
        if at and parsed.tokens[at - 1].low == "to":
            return True  # an infinitive: what governs it was not read
        if against & _TIMES and not is_past(token.low):
            return True
        if against <= _ASKED_FOR and not is_past(token.low):
            return True
        if _NOMINAL.search(token.low) and not against & {"alleged", "nearly"}:
            return True
    return False


def _said(kinds: frozenset[str]) -> str:
    return next((text for kind, text in _SAID.items() if kind in kinds), "stated as a fact")


def _conditions(own: Parse, other: Parse, places: dict[int, int], copy: bool = False) -> dict[int, str]:
    """Words of a conditional sentence of the evidence that the sentence states without any condition.

    copy: the sentence is a near-copy, so that a condition that it adds shows as well.
    """
    found: dict[int, str] = {}
    back = {place: number for number, place in places.items()}
    if not _MARKED_CONDITION.search(own.flat):
        for clause in _conditional(other):
            content = [number for number in clause if other.tokens[number].content]
            met = [number for number in content if number in back]
            if len(met) >= max(min(3, len(content)), 2, 0.6 * len(content)):
                found.update({back[number]: "the passage states it under a condition" for number in met})
    if copy and _CONDITION.search(own.flat) and not _MARKED_CONDITION.search(other.flat):
        for clause in _conditional(own):
            met = [number for number in clause if number in places]
            if len(met) >= max(2, 0.8 * sum(own.tokens[number].content for number in clause)):
                found.update(
                    dict.fromkeys(met, "the sentence sets a condition that the passage does not set")
                )
    return found


def _conditional(sentence: Parse) -> Iterator[range]:
    """The clauses of a conditional sentence: the condition, and what depends on it."""
    for match in _CONDITION.finditer(sentence.flat):
        at = sentence.starts.get(match.start())
        if at is None or _NO_CONDITION.search(sentence.flat[: match.start()][-14:]):
            continue
        clause = sentence.tokens[at].clause
        initial = at == 0 or sentence.tokens[at - 1].part != sentence.tokens[at].part
        for wanted in (clause, clause + 1 if initial else clause - 1):
            numbers = [n for n, token in enumerate(sentence.tokens) if token.clause == wanted]
            if numbers:
                yield range(numbers[0], numbers[-1] + 1)
