"""Corrections: which sentence of which earlier article they take back."""

from __future__ import annotations

import pytest

from assistant.corrections import corrections
from tests.asking import source

OLD = "The storm cut power to 5,000 homes on the coast.\n\nThe mayor thanked the crews on Tuesday."


@pytest.mark.parametrize(
    "text",
    [
        "Correction: A report of ours said that the storm cut power to 5,000 homes. It cut power to 500.",
        "CORRECTION — The storm cut power to 500 homes on the coast, not to 5,000 homes as we reported.",
        "An earlier version of this article said that the storm cut power to 5,000 homes; it was 500 homes.",
    ],
)
def test_the_sentence_that_was_wrong_is_found(text: str) -> None:
    old, new = source(OLD, date="2024-01-02"), source(f"A new day.\n\n{text}", date="2024-01-03")
    (found,) = corrections([old, new])
    assert new.text[found.start : found.end] == text
    assert old.text[slice(*found.old)] == "The storm cut power to 5,000 homes on the coast."
    assert "5,000" in found.wrong and "500" in found.right and "5,000" not in found.right


def test_other_outlets_later_articles_and_other_subjects_are_left_alone() -> None:
    mark = "Correction: An earlier report said that the storm cut power to 5,000 homes. It was 500 homes."
    old = source(OLD, date="2024-01-02")
    assert not corrections([old, source(mark, "The Other", "2024-01-03")])
    assert not corrections([source(OLD, date="2024-01-04"), source(mark, date="2024-01-03")])
    assert not corrections(
        [old, source("Correction: The recipe needs 5 eggs, not 50 eggs.", date="2024-01-03")]
    )
    assert not corrections([old, source("The storm cut power to 500 homes on the coast.", date="2024-01-03")])


def test_without_numbers_the_sentence_is_told_by_its_words() -> None:
    old = source("The bridge was opened by Minister Ann Lee in the spring. Rain fell.", date="2024-01-02")
    new = source("Correction: The bridge was opened in the spring by Minister Bo Lind.", date="2024-01-03")
    (found,) = corrections([old, new])
    assert old.text[slice(*found.old)].startswith("The bridge was opened") and not found.wrong
