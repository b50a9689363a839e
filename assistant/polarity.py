"""Negation: what a sentence negates, and where another one says the opposite.

A negation is a word or phrase with the words it bears on: the verb after a "not", the noun after a "no",
the whole of a clause that somebody denies. English rules; in other languages nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from assistant.alignment import Pairing, pairings
from assistant.edits import Edits, anchor, nearest
from assistant.models import Reason
from assistant.opposites import are_opposite, opposed
from assistant.tokens import Parse, Token, is_adverb, is_question, parse

State = Literal["plain", "negated", "perhaps"]
"""What a word is: free of negation, negated itself, or in a clause with a negation that may reach it."""

_NOUNS = (
    "reports?|claims?|allegations?|accusations?|suggestions?|ideas?|notions?|assertions?|rumou?rs?|charges?"
)
# No negation of what follows, whatever the words look like.
_NEUTRAL = (
    r"no (?:fewer|less|more|later|sooner|earlier|doubt|matter|wonder|longer than|stranger)|whether or not|"
    r"not (?:only|just|merely|simply|solely|least|to mention|so much|until|necessarily)|or not|"
    r"if not|why not|not (?:\w+ ){1,8}until|n't (?:\w+ ){1,8}until|(?:can|could)n?(?:not|'t| not) help but|"
    r"cannot but|nothing but|none other"
)
# The next verb, noun or adjective is negated.
_NEXT = (
    r"not|never|cannot|\w+n't|nor|no longer|unable to|refus(?:e|es|ed|ing|al) to|declin(?:e|es|ed|ing) to|"
    r"fail(?:s|ed|ing|ure)? to|refrain(?:s|ed|ing)? from|stop(?:s|ped|ping)? short of|neglect(?:s|ed)? to"
)
# So is what follows these, but another sentence often says the same without them: they count in near-copies.
_SOFT = (
    r"hardly|scarcely|barely|rarely|seldom|far from|rather than|instead of|without|short of|non|"
    r"(?:prevent|stopp?|block|bann?|barr?|keep|kept)(?:ed|s|ing)? (?:\w+ ){1,3}?from"
)
_NOTHING = r"nobody|no one|nothing|nowhere|none(?! of)"
_NO = r"no|neither|none of"
_ABSENT = (
    r"no (?:\w+ )?(?:evidence|signs?|proof|indications?|plans?|intentions?|reasons?|truth|questions?|chance)"
    r"(?: (?:of|that|to|for|in|whatsoever))?"
)
# What follows is denied as a whole, up to the next comma.
_DENIAL = (
    r"(?:deny|denies|denied|denying|denials?(?: of)?|refut(?:e|es|ed|ing)|disput(?:e|es|ed|ing)|"
    r"rul(?:e|es|ed|ing) out(?: for)?|rebut(?:s|ted)?|disprov(?:e|es|ed)|debunk(?:s|ed)?|"
    rf"(?:reject|dismiss)(?:s|es|ed|ing)? (?:as \w+ )?(?:\w+ ){{0,3}}?(?:{_NOUNS})|"
    rf"(?:{_NOUNS}) (?:were|was|had been|have been) (?:false|untrue|denied|rejected|dismissed))"
    r"(?: (?:having|that|of|about|by \w+ that|reports?|claims?|allegations?))?(?: that)?"
)
_LACK = r"lack(?:s|ed|ing)?(?: of)?|absence of|devoid of"
# What stands before is said not to be so; how much of it cannot be told.
_BEFORE = (
    r"false|untrue|baseless|unfounded|fake|hoax|incorrect|wrong|denied|rejected|ruled out|impossible|unlikely"
)

_FINDER = re.compile(
    rf"(?<![\w'])(?:(?P<neutral>{_NEUTRAL}|no ,)|(?P<absent>{_ABSENT})|(?P<denial>{_DENIAL})|"
    rf"(?P<lack>{_LACK})|"
    rf"(?P<next>{_NEXT})|(?P<soft>{_SOFT})|(?P<nothing>{_NOTHING})|(?P<no>{_NO})|(?P<before>{_BEFORE}))(?![\w'])"
)
_NEGATORS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot cant hardly scarcely barely unlikely
    """.split()
)
_HYPHENS = frozenset("-\u2010\u2011")
_PHRASE = 3  # words of a noun phrase that a "no" reaches
_COMPLEMENT = 14  # content words of a clause that a denial reaches


@dataclass(frozen=True, slots=True)
class Negation:
    """A negation at the tokens first to last (included), and the numbers of the words it bears on.

    clausal: it bears on a whole clause, so that a single word of it proves little.
    """

    kind: str
    first: int
    last: int
    heads: tuple[int, ...]
    clausal: bool = False


@dataclass(frozen=True)
class Polarity:
    """The negations of one sentence, and the state of each of its tokens; `all`: undone ones too."""

    negations: tuple[Negation, ...]
    states: tuple[State, ...]
    all: tuple[Negation, ...]

    @property
    def hard(self) -> Iterator[Negation]:
        """Those that another sentence would have to have too."""
        return (item for item in self.negations if item.kind != "soft")


@lru_cache(maxsize=4_096)
def polarity(text: str) -> Polarity:
    """What a sentence negates. A negated denial ("did not deny") leaves its clause plain."""
    sentence = parse(text)
    found = list(_negations(sentence))
    undone = {
        number
        for number, item in enumerate(found)
        for other in found
        if other is not item and any(item.first <= head <= item.last for head in other.heads)
    }
    live = tuple(item for number, item in enumerate(found) if number not in undone)
    states: list[State] = ["plain"] * len(sentence.tokens)
    for item in live:
        for number in _reach(sentence, item):
            states[number] = "perhaps"
    for number in undone:
        for place in found[number].heads:
            states[place] = "plain"
    counts: dict[int, int] = {}
    for item in live:
        for head in () if item.kind == "soft" else item.heads:
            counts[head] = counts.get(head, 0) + 1
    for head, count in counts.items():
        states[head] = "negated" if count % 2 else "plain"
    return Polarity(live, tuple(states), tuple(item for item in found if item.kind != "before"))


def _negations(sentence: Parse) -> Iterator[Negation]:
    for match in _FINDER.finditer(sentence.flat):
        kind = match.lastgroup or ""
        if kind == "neutral" or match.start() not in sentence.starts:
            continue
        first = sentence.starts[match.start()]
        last = first + len(re.findall(r"[^\s,;]+", match.group())) - 1
        if kind in ("denial", "lack", "before") and in_compound(sentence, first, last):
            continue
        heads = _heads(sentence, kind, first, last)
        yield Negation(kind, first, last, heads, kind in ("denial", "absent"))


def in_compound(sentence: Parse, first: int, last: int) -> bool:
    """Whether a hyphen joins the tokens first to last to others: a "false-flag" attack is not false."""
    start, end = sentence.tokens[first].start, sentence.tokens[last].end
    text = sentence.text
    behind = text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2].isalpha()
    before = start > 1 and text[start - 1] in _HYPHENS and text[start - 2].isalpha()
    return behind or before


def _heads(sentence: Parse, kind: str, first: int, last: int) -> tuple[int, ...]:
    tokens = sentence.tokens
    if kind == "before":
        return ()
    if kind in ("denial", "absent"):
        return tuple(_clause(sentence, last + 1))[:_COMPLEMENT]
    if kind in ("no", "lack"):
        return tuple(_phrase(sentence, last + 1))
    after = _next(sentence, last + 1)
    if after is None and kind == "nothing":
        before = [number for number in range(max(0, first - 4), first) if tokens[number].head]
        return tuple(before[-1:])
    return () if after is None else (after,)


def _next(sentence: Parse, first: int) -> int | None:
    """The first word after a negation that can be negated; adverbs are reached over."""
    tokens = sentence.tokens
    found = None
    for number in range(first, min(first + 8, len(tokens))):
        if tokens[number].part != tokens[first].part:
            break
        if tokens[number].head:
            found = number if found is None else found
            if not is_adverb(tokens[number].low):
                return number
    return found


def _phrase(sentence: Parse, first: int) -> Iterator[int]:
    tokens = sentence.tokens
    found = 0
    for number in range(first, min(first + 6, len(tokens))):
        token = tokens[number]
        if token.clause != tokens[first].clause or found == _PHRASE or (found and not token.head):
            return
        if token.head:
            found += 1
            yield number


def _clause(sentence: Parse, first: int) -> Iterator[int]:
    """Content words from `first` to the next comma, or to a word that turns ("but", "while")."""
    tokens = sentence.tokens
    for number in range(first, len(tokens)):
        token = tokens[number]
        gap = sentence.text[tokens[number - 1].end : token.start] if number else ""
        if (number > first and "," in gap) or token.part != tokens[first].part:
            return
        if number > first and token.low in (
            "but",
            "while",
            "although",
            "though",
            "because",
            "whereas",
            "after",
        ):
            return
        if token.content:
            yield number


def _reach(sentence: Parse, item: Negation) -> Iterator[int]:
    """Numbers of the tokens that a negation may bear on: its clauses and those of its heads."""
    tokens = sentence.tokens
    clauses = {tokens[number].clause for number in (item.first, item.last, *item.heads)}
    if item.kind == "before":
        clauses |= {tokens[item.first].clause - 1}
    if item.clausal or item.kind == "before":
        clauses |= {token.clause for token in tokens if token.part == tokens[item.last].part}
    return (number for number, token in enumerate(tokens) if token.clause in clauses)


# --- comparing ------------------------------------------------------------------------------------


def negation_reasons(sentence: str, evidence: Sequence[str]) -> list[Reason]:
    """Where the sentence negates what the evidence states, states what it negates, or says the opposite.

    Each clause is compared with the evidence sentences that match it best; one of them that agrees is
    enough. Silent where none matches.
    """
    if sentence in evidence:
        return []
    copies = [
        edits
        for edits in nearest(sentence, evidence)
        if is_question(sentence) or not is_question(edits.model)
    ]
    changes = [_changed(edits) for edits in copies]
    if copies and (all(changes) or copies[0].share == 1):
        return [Reason("negation_differs", text) for text in (changes[0] if all(changes) else [])[:2]]
    found: dict[str, Reason] = {}
    for candidates in pairings(
        sentence, [text for text in evidence if is_question(sentence) or not is_question(text)]
    ):
        agreed: set[int] = set()
        alarms: dict[int, str] = {}
        for pairing in candidates:
            conflicts = _conflicts(sentence, pairing)
            alarms = {**conflicts, **alarms}
            agreed |= {number for number in pairing.places if number not in conflicts}
        for number, text in alarms.items():
            if number not in agreed:
                found.setdefault(text, Reason("negation_differs", text))
                break
        else:
            for text in opposed(sentence, candidates, _state):
                found.setdefault(text, Reason("negation_differs", text))
    return list(found.values())[:2]


def _changed(edits: Edits) -> list[str]:
    """What a near-copy changed of its model's negations: an odd number of changes turns a clause."""
    own, model = parse(edits.text), parse(edits.model)
    turns: dict[int, list[str]] = {}
    seen, met = set[int](), set[int]()
    for mine, theirs in edits.replaced:
        for one, other in product(mine, theirs):
            if are_opposite(own.tokens[one], model.tokens[other]):
                text = f"the sentence says “{own.tokens[one].text}”, the passage “{model.tokens[other].text}”"
                turns.setdefault(own.tokens[one].clause, []).append(text)
                seen.add(one)
                met.add(other)
        if _negators(edits.text, mine) and _negators(edits.model, theirs):
            seen.update(mine)  # "won't play" for "will not be"
            met.update(theirs)
    for number, word, place in _loose(edits.text, edits.places):
        if number not in seen:
            turns.setdefault(own.tokens[place].clause, []).append(
                f"the sentence adds “{word}”{_at(own, number)}"
            )
    back = edits.back()
    for number, word, place in _loose(edits.model, back):
        if number not in met:
            text = f"the passage says “{word}”{_at(model, number)}, the sentence does not"
            turns.setdefault(own.tokens[back[place]].clause, []).append(text)
    return [texts[0] for texts in turns.values() if len(texts) % 2]


def _negators(text: str, numbers: range) -> list[int]:
    tokens = parse(text).tokens
    phrases = {item.first for item in polarity(text).all}
    return [number for number in numbers if number in phrases or _is_negator(tokens[number].low)]


def _loose(text: str, kept: dict[int, int]) -> Iterator[tuple[int, str, int]]:
    """Negations that the other side lacks, while it has what they bear on: number, words, number of that."""
    sentence = parse(text)
    phrases = {item.first: item for item in polarity(text).all}
    for number in _negators(text, range(len(sentence.tokens))):
        if number in kept:
            continue
        item = phrases.get(number)
        last = item.last if item else number
        place = anchor(sentence, number, last, item.heads if item else (), kept)
        if place is not None:
            yield number, sentence.text[sentence.tokens[number].start : sentence.tokens[last].end], place


def _is_negator(low: str) -> bool:
    return low in _NEGATORS or low.endswith("n't")


def _at(sentence: Parse, number: int) -> str:
    after = _next(sentence, number + 1)
    return "" if after is None else f" before “{sentence.tokens[after].text}”"


def _state(text: str, number: int) -> State:
    return polarity(text).states[number]


def _conflicts(sentence: str, pairing: Pairing) -> dict[int, str]:
    """Numbers of the sentence's tokens that one side negates and the other one states, with the reason."""
    mine, theirs = polarity(sentence), polarity(pairing.other.text)
    own = parse(sentence)
    found: dict[int, str] = {}
    back = {place: number for number, place in pairing.places.items()}
    for item in mine.hard:
        met = [head for head in item.heads if head in pairing.places]
        against = [head for head in met if _differ(mine.states[head], theirs.states[pairing.places[head]])]
        if _holds(item, met, against):
            for head in against:
                found[head] = f"the sentence negates “{own.tokens[head].text}”, the passage does not"
    for item in theirs.hard:
        met = [head for head in item.heads if head in back]
        against = [head for head in met if _differ(mine.states[back[head]], theirs.states[head])]
        if _holds(item, met, against):
            shown = _shown(pairing.other, item)
            for head in against:
                found[back[head]] = f"the passage says “{shown}”, the sentence does not negate it"
    return found


def _differ(one: State, other: State) -> bool:
    return {one, other} == {"plain", "negated"}


def _holds(item: Negation, met: Sequence[int], against: Sequence[int]) -> bool:
    """Whether the words that differ are enough of what the negation bears on."""
    if not against:
        return False
    if item.clausal:
        return (
            len(against) == len(met)
            and len(against) >= min(2, len(item.heads))
            and 2 * len(met) >= min(len(item.heads), 6)
        )
    return item.heads[-1] in against if item.kind in ("no", "lack") else True


def _shown(other: Parse, item: Negation) -> str:
    tokens: Sequence[Token] = other.tokens
    last = max((item.last, *item.heads[:4]))
    return " ".join(other.text[tokens[item.first].start : tokens[last].end].split())[:120]
