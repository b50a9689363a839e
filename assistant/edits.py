"""Near-copies: a sentence that is an evidence sentence with some words changed, and which words those are.

In a near-copy every word has its place, so that a "not" that came or went, a "may" that became a "will",
or a name in another name's place shows without any grammar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.tokens import Parse, Token, is_english, parse

LEAST_SHARE = 0.7
"""Share of a sentence's content words, in order, from which it is a near-copy."""
_LEAST_TOKENS = 0.75  # share of all words that does as well, where there are few content words
_MOST = 250  # tokens: matching costs up to their product
_BE = dict.fromkeys("is are was were be been being am".split(), "be")


@dataclass(frozen=True)
class Edits:
    """A near-copy against its model: `places` has the token of the model for each token that stayed.

    replaced: pairs of token ranges, own and model's, either of which may be empty.
    """

    text: str
    model: str
    places: dict[int, int]
    replaced: tuple[tuple[range, range], ...]
    share: float

    def back(self) -> dict[int, int]:
        """The tokens of the near-copy by those of the model."""
        return {place: number for number, place in self.places.items()}


def nearest(sentence: str, evidence: Sequence[str]) -> list[Edits]:
    """The sentence as a near-copy of the evidence sentences that are closest to it; empty when of none."""
    own = parse(sentence)
    if len(own.keys) < 2 or not is_english(sentence):
        return []
    found = [
        edits
        for text in dict.fromkeys(evidence)
        if len(own.keys & parse(text).keys) >= 0.5 * len(own.keys)
        and (edits := _edits(sentence, text)) is not None
    ]
    best = max((edits.share for edits in found), default=0.0)
    return [edits for edits in found if edits.share >= best - 0.02]


@lru_cache(maxsize=2_048)
def _edits(sentence: str, model: str) -> Edits | None:
    own, other = parse(sentence), parse(model)
    if len(own.tokens) > _MOST or len(other.tokens) > _MOST:
        return None
    one, two = [form(token) for token in own.tokens], [form(token) for token in other.tokens]
    places: dict[int, int] = {}
    replaced: list[tuple[range, range]] = []
    for op, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if op == "equal":
            places.update(zip(range(a, b), range(c, d), strict=True))
        else:
            replaced.append((range(a, b), range(c, d)))
    content = [number for number, token in enumerate(own.tokens) if token.content]
    kept = sum(number in places for number in content)
    if len(places) < _LEAST_TOKENS * len(one) and (kept < 2 or kept < LEAST_SHARE * len(content)):
        return None
    if not kept:
        return None
    return Edits(sentence, model, places, tuple(replaced), kept / len(content))


def form(token: Token) -> str:
    """What has to be equal for a word to be the same word: inflection aside."""
    return token.key if token.head and not token.number else _BE.get(token.low, token.low)


def anchor(sentence: Parse, first: int, last: int, heads: Sequence[int], kept: dict[int, int]) -> int | None:
    """A word that stayed and that the operator at first to last bears on; None when it went with it."""
    tokens = sentence.tokens
    for head in heads:
        if head in kept:
            return head
    after = last + 1
    if after < len(tokens) and tokens[after].clause == tokens[last].clause:
        return after if after in kept else None
    return first - 1 if first - 1 in kept else None


# --- names in places ------------------------------------------------------------------------------


def displaced(
    edits: Edits, names: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]]
) -> Iterator[tuple[str, str]]:
    """Names of a near-copy that stand where the model has another name, though it has them elsewhere.

    names, theirs: the token numbers of each name of the near-copy and of its model. Pairs of words: the
    name, and the one whose place it has taken.
    """
    own, model = parse(edits.text), parse(edits.model)
    for name in names:
        key = own.tokens[name[-1]].key
        same = [run for run in theirs if key in {model.tokens[number].key for number in run}]
        if not same:
            continue
        kept = max(_likeness(own, name, model, run)[0] for run in same)
        for run in theirs:
            score, both = _likeness(own, name, model, run)
            if run not in same and both and score >= max(2, kept + 1) and not _listed(own, name, model, run):
                yield own.tokens[name[-1]].text, model.tokens[run[-1]].text
                break
    yield from _exchanged(edits, names, theirs)


def _listed(own: Parse, name: Sequence[int], model: Parse, run: Sequence[int]) -> bool:
    """Whether the other name stands in one list with the name, as in "A and B", whose order says nothing."""
    key = model.tokens[run[-1]].key
    for place in own.places.get(key, ()):
        low, high = sorted((place, name[-1]))
        between = own.tokens[low + 1 : high]
        if high - low < 12 and all(
            token.name or token.low in ("and", "or", "the", "with") for token in between
        ):
            return True
    return False


def _exchanged(
    edits: Edits, names: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]]
) -> Iterator[tuple[str, str]]:
    """Words that have taken each other's place, and names that replace a name, where nothing else changed."""
    own, model = parse(edits.text), parse(edits.model)
    named = {number for name in names for number in name}
    known = {model.tokens[number].key for run in theirs for number in run}
    numbers = {number for run in theirs for number in run}
    pairs: list[tuple[Token, Token]] = []
    for mine, others in edits.replaced:
        if not 0 < len(mine) <= 3 or not 0 < len(others) <= 3:
            continue
        pairs += [(own.tokens[mine[-1]], model.tokens[others[-1]])]
        one = [own.tokens[number] for number in mine if number in named]
        two = [model.tokens[number] for number in others if number in numbers]
        keys = {token.key for token in two}
        if one and two and one[-1].key in known and not keys & {token.key for token in one}:
            yield one[-1].text, two[-1].text
    turned = {(two.key, one.key) for one, two in pairs if one.content and two.content}
    yield from ((one.text, two.text) for one, two in pairs if (one.key, two.key) in turned)


def _likeness(own: Parse, name: Sequence[int], model: Parse, run: Sequence[int]) -> tuple[float, bool]:
    """How much the words around two names are the same, and whether both neighbours are."""
    score, near = 0.0, 0
    for side, (at, place) in ((-1, (name[0], run[0])), (1, (name[-1], run[-1]))):
        one, two = _around(own, at + side), _around(model, place + side)
        if one == two:
            near += 1
            score += 1.0 if one else 0.75
            score += 0.5 * (bool(one) and _around(own, at + 2 * side) == _around(model, place + 2 * side))
    return score, near == 2


def _around(sentence: Parse, number: int) -> str:
    return form(sentence.tokens[number]) if 0 <= number < len(sentence.tokens) else ""
