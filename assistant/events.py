"""Statements that name an event as a headline does, and which of the articles read are about that event.

A source is silent on a detail that it leaves out; it is not silent on an event that its whole article
reports in other words than the question's. Its sentences then need less in common with the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval import Query, Reading, around, coverage, within
from assistant.text import sentences

HEADLINE = 0.6  # the share of the question's words that the leading article's headline and lead must have
ALIKE = 0.925  # cosine of two articles: the least of BASIL's pairs on one event, above 99 of 100 others
LEAD = 2  # sentences

_QUESTION = re.compile(
    r"^\W*(who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|"
    r"will|would|should|may|might|must)\b|[?？؟]\W*$",
    re.I,
)


def is_question(text: str) -> bool:
    """Whether `text` asks, and does not state."""
    return bool(_QUESTION.search(text))


def same_event(query: Query, leader: Reading, readings: Sequence[Reading]) -> frozenset[str]:
    """Ids of the articles on the event that the question names; empty where it asks for a detail.

    `leader` is the source that addresses the question best. It decides: a statement names an event when
    the leader's headline and lead have most of its words; with a figure in it, it states a detail. Articles
    on one event appear within days of each other, and the means of their passages' vectors are close.
    """
    detail = is_question(query.text) or any(char.isdigit() for char in query.text)
    if detail or coverage(query, _head(leader), leader.article) < HEADLINE:
        return frozenset()
    days = around([leader.article.date])
    return frozenset(
        reading.article.id
        for reading in readings
        if (days is None or reading.article.date is None or within(reading.article.date, days))
        and _cosine(reading.centre, leader.centre) >= ALIKE
    )


def _head(reading: Reading) -> str:
    article = reading.article
    lead = sentences(article.text[:2_000], article.language)[:LEAD]
    return " ".join([article.title, *(article.text[start:end] for start, end in lead)])


def _cosine(a: NDArray[np.float32] | None, b: NDArray[np.float32] | None) -> float:
    return float(a @ b) if a is not None and b is not None else 0.0
