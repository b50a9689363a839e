"""The words of two texts side by side: which word of one stands in the place of which word of the other.

Method: a global alignment (Needleman and Wunsch, 1970) in which a word meets itself, a word of its family, a
word for the same thing, its opposite or, for want of those, another word in the same place. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.charged import things
from assistant.figures import same_value
from assistant.opposites import are_opposite
from assistant.synonyms import same
from assistant.tokens import Parse, Token

MODALS = {
    "must": "must", "need": "must", "needs": "must", "should": "should", "shouldn't": "should",
    "mustn't": "must", "ought": "should", "will": "will", "shall": "will", "won't": "will", "would": "would",
    "wouldn't": "would", "may": "may", "might": "may", "could": "may", "can": "can", "cannot": "can",
    "can't": "can", "couldn't": "may", "i'll": "will", "we'll": "will", "they'll": "will", "he'll": "will",
    "she'll": "will", "it'll": "will", "i'd": "would", "we'd": "would", "they'd": "would",
}  # fmt: skip
BE = frozenset("is are was were be been being am has have had do does did".split())
NEGATIVE = frozenset("no not nobody none nothing never neither nor cannot".split())
PERSONS = frozenset("i we you he she they".split())
REAL = 1.0  # score from which two aligned words are the same in some way
SAME = 2.0  # score from which they are the same word or name the same thing
_CELLS = 40_000  # of an alignment: about 200 words against 200


@dataclass(slots=True)
class Aligned:
    """Two texts, the pairs of their words with their scores, and the words that a difference has taken."""

    one: Parse
    other: Parse
    pairs: list[tuple[int, int, float]]
    used_one: set[int] = field(default_factory=set)
    used_other: set[int] = field(default_factory=set)

    def take(self, one: Sequence[int], other: Sequence[int]) -> bool:
        """Whether words were not yet part of a difference; they are from now on."""
        if self.used_one & set(one) or self.used_other & set(other):
            return False
        self.used_one.update(one)
        self.used_other.update(other)
        return True


def align(one: Parse, other: Parse) -> Aligned:
    """The words of two texts in one order, pairs with what their likeness scores; none where too long."""
    a, b = one.tokens, other.tokens
    if len(a) * len(b) > _CELLS:
        return Aligned(one, other, [])
    scores = [[likeness(x, y) for y in b] for x in a]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, row in enumerate(scores):
        upper, current = best[i], best[i + 1]
        for j, score in enumerate(row):
            current[j + 1] = max(upper[j + 1], current[j], upper[j] + score)
    pairs: list[tuple[int, int, float]] = []
    i, j = len(a), len(b)
    while i and j:
        score = scores[i - 1][j - 1]
        if score > 0 and best[i][j] == best[i - 1][j - 1] + score:
            pairs.append((i - 1, j - 1, score))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return Aligned(one, other, pairs[::-1])


def likeness(a: Token, b: Token) -> float:
    """What the meeting of two words scores: 4 for one word, less for relatives, below 0 for strangers."""
    if a.number or b.number:
        if not (a.number and b.number):
            return -1.0
        return 3.0 if a.low == b.low or same_value(a.text, b.text) else 1.5
    if a.head and b.head:
        if a.key == b.key:
            return 3.0 if a.name else 4.0
        if things(a.low) & things(b.low):
            return 3.0
        if same(a, b):
            return 2.5
        return 2.0 if are_opposite(a, b) else 0.2
    if a.low == b.low:
        return 1.0
    if a.low in MODALS and b.low in MODALS:
        return 1.2
    if (a.low in BE and b.low in BE) or (a.low in NEGATIVE and b.low in NEGATIVE):
        return 1.0
    return 0.5 if person(a) and person(b) else -1.0


def person(token: Token) -> str | None:
    """The personal pronoun that a word is or begins with: "we" of "we'll"."""
    low = re.split(r"['’]", token.low)[0]
    return low if low in PERSONS else None


def phrase(parsed: Parse, first: int, last: int) -> str:
    """The text from one word to another, both included."""
    tokens = parsed.tokens
    return re.sub(r"\s{3,}", " ", parsed.text[tokens[first].start : tokens[last].end])


def has(parsed: Parse, token: Token) -> bool:
    """Whether a word, or one of its family, stands anywhere in a text."""
    return token.key in parsed.keys or any(token.low == other.low for other in parsed.tokens)
