"""An answer's sentence against the sentences of the passages that it cites: is it there, and unchanged?

Rules on words, for English; in other languages nothing is found. Numbers, dates and quotations are
checked elsewhere. The comparisons by kind are in polarity, modality, roles and names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.alignment import weight
from assistant.framing import framing
from assistant.modality import modality_reasons
from assistant.models import Reason, Span
from assistant.names import name_reasons
from assistant.polarity import negation_reasons
from assistant.restating import restates
from assistant.roles import common, role_reasons
from assistant.tokens import is_english, parse

__all__ = [
    "Match",
    "best_matches",
    "coverage_reasons",
    "framing",
    "modality_reasons",
    "name_reasons",
    "negation_reasons",
    "restates",
    "role_reasons",
]

LEAST_SHARE = 0.22
"""Share of a sentence's content words that its passages need to have. Chosen on one half of the news-like
pairs of ../shared/data/judge, so that less than 3 % of those that a passage supports fall below it."""
STRANGE = 4  # content words in a row, none of which the passages have
ADDED = 3  # the same, where they have nearly all the others
NEARLY = 0.8
IN_ORDER = 0.9  # share of the common words that a sentence has in the evidence's order


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a sentence one evidence sentence covers.

    index: its place in the evidence; coverage: share of the content words, 0 to 1, names weighed half;
    in_order: the common words stand in the same order.
    """

    index: int
    coverage: float
    in_order: bool


def best_matches(sentence: str, evidence: Sequence[str], language: str | None = None) -> list[Match]:
    """The evidence sentences that share content words with a sentence, the best one first.

    The sentence's framing ("Peskov said that") is left out. Empty where it or the passage is not English.
    """
    if not _comparable(sentence, language):
        return []
    tokens = _content(sentence)
    total = sum(share for _, share in tokens)
    if not total:
        return []
    found: list[Match] = []
    for index, text in enumerate(evidence):
        other = parse(text)
        met = [(key, share) for key, share in tokens if key in other.keys]
        if not met or not is_english(text):
            continue
        keys = [key for key, _ in met]
        order = common(keys, [token.key for token in other.tokens if token.content])
        found.append(Match(index, sum(share for _, share in met) / total, order >= IN_ORDER * len(keys)))
    return sorted(found, key=lambda match: (-match.coverage, not match.in_order, match.index))


def coverage_reasons(sentence: str, evidence: Sequence[str], language: str | None = None) -> list[Reason]:
    """`not_in_passage` when clearly too few of the sentence's content words stand in the evidence.

    `language`: that of the passages. Silent unless both are English.
    """
    if not evidence or not _comparable(sentence, language) or not any(map(is_english, evidence)):
        return []
    if not parse(sentence).whole:
        return [Reason("not_in_passage", "it is too long to be checked")]
    tokens = _content(sentence)
    total = sum(share for _, share in tokens)
    if not total:
        return []
    keys = frozenset().union(*(parse(text).keys for text in evidence))
    met = sum(share for key, share in tokens if key in keys)
    missing = {key for key, _ in tokens if key not in keys} if met < LEAST_SHARE * total else frozenset()
    missing = missing or _strange(sentence, keys)
    words = [token.text for token in parse(sentence).tokens if token.key in missing and token.content]
    if not words:
        return []
    shown = ", ".join(f"“{word}”" for word in list(dict.fromkeys(words))[:4])
    return [Reason("not_in_passage", f"the passage says nothing of {shown}")]


def _strange(sentence: str, keys: frozenset[str]) -> frozenset[str]:
    """Content words in a row that the evidence has not, although it has the rest of the sentence.

    A few are enough where nearly all else is there: a fair paraphrase changes words here and there, and an
    invented clause stands in one piece.
    """
    span = framing(sentence).content
    tokens = [t for t in parse(sentence).tokens if t.content and span[0] <= t.start < span[1]]
    met = sum(token.key in keys for token in tokens)
    row: list[str] = []
    for token in tokens:
        row = [] if token.key in keys else [*row, token.key]
        if len(row) >= STRANGE or (
            len(row) >= ADDED and met >= NEARLY * (len(tokens) - len(row)) and met > ADDED * 2
        ):
            return frozenset(row)
    return frozenset()


def _comparable(sentence: str, language: str | None) -> bool:
    return (language or "en")[:2].lower() == "en" and is_english(sentence)


@lru_cache(maxsize=4_096)
def _content(sentence: str) -> tuple[tuple[str, float], ...]:
    """Keys and weights of the content words of a sentence without its framing."""
    span: Span = framing(sentence).content
    found = [
        (token.key, weight(token))
        for token in parse(sentence).tokens
        if token.content and span[0] <= token.start < span[1]
    ]
    return tuple(dict.fromkeys(found))
