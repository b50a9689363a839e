"""A headline asks for an event, a claim for a detail: only the first makes a whole article speak."""

from __future__ import annotations

import pytest

from assistant.events import is_question, same_event
from assistant.evidence import weigh
from assistant.library import Library
from assistant.models import Filters
from assistant.retrieval import Retrieved, retrieve

HARBOUR = Filters(since="2023-01-01", until="2023-12-31")
HEADLINE = "Lantern Bridge in Port Sabel shut after pier gives way"


def read(library: Library, question: str) -> Retrieved:
    return retrieve(library, question, HARBOUR)


def about(library: Library, question: str) -> set[tuple[str | None, str | None]]:
    found = read(library, question)
    (leader,) = [item for item in found.readings if item.article.title.startswith("Lantern Bridge shut")]
    keys = same_event(found.query, leader, found.readings)
    return {(item.article.outlet, item.article.date) for item in found.readings if item.article.id in keys}


def test_a_headline_names_the_event_of_other_articles_of_those_days(example: Library) -> None:
    found = about(example, HEADLINE)
    assert {("The Port Sabel Tidings", "2023-10-10"), ("The Ellmar Courant", "2023-10-10")} <= found
    assert ("The Port Sabel Tidings", "2023-06-14") not in found  # alike in words, four months before


@pytest.mark.parametrize("asked", ["14 people were injured on the Lantern Bridge on Monday", HEADLINE + "?"])
def test_a_detail_and_a_question_name_no_event(example: Library, asked: str) -> None:
    assert not about(example, asked)


def test_what_is_nowhere_reported_stays_silent_everywhere(example: Library) -> None:
    found = weigh(read(example, "Ferry company buys airline after merger talks"), example.embedder)
    assert not any(item.evidence for item in found)


def test_a_statement_is_no_question() -> None:
    assert is_question("Was the bridge shut") and is_question("The bridge was shut?")
    assert not is_question("The bridge was shut")
