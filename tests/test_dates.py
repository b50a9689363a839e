"""Dates of a sentence against the text that it cites and the day on which that was published."""

from __future__ import annotations

import pytest

from assistant.dates import date_reasons

SUNDAY = "2022-01-16"


def day(sentence: str, evidence: str, published: str | None = None) -> str:
    """What is said of the dates, "" when nothing is."""
    reasons = date_reasons(sentence, evidence, published)
    assert all(reason.code == "date_differs" for reason in reasons)
    return "; ".join(reason.text for reason in reasons)


@pytest.mark.parametrize(
    ("sentence", "evidence", "published"),
    [
        ("on 16 January 2022", "January 16, 2022", None),
        ("on 16 January 2022", "2022-01-16", None),
        ("on 16 January 2022", "am 16.01.2022", None),
        ("on 16 January 2022", "16 января 2022 года", None),
        ("in January 2022", "on 16 January 2022", None),
        ("on 16 January 2022", "on Sunday", SUNDAY),
        ("on 15 January 2022", "yesterday", SUNDAY),
        ("on 14 January", "on Friday", SUNDAY),
        ("on Sunday", "on 16 January 2022", None),
        ("yesterday", "on Saturday", SUNDAY),
        ("in December 2021", "last month", SUNDAY),
        ("in 2021", "last year", SUNDAY),
        ("on 28 December 2021", "on 28 December", SUNDAY),
        ("on 23 January 2022", "talks will resume next Sunday", SUNDAY),
        ("in the 1990s", "in the '90s", None),
        ("in the 1990s", "in 1994", None),
        ("from 2014 to 2016", "2014–2016", None),
        ("1500 soldiers left", "1,500 soldiers left", None),
        ("It reported on 16 January 2022 that he spoke.", "He spoke.", SUNDAY),
        ("He may march in August company.", "In August he did.", None),
    ],
)
def test_a_date_that_the_evidence_gives_or_comes_out_at_is_fine(
    sentence: str, evidence: str, published: str | None
) -> None:
    assert day(sentence, evidence, published) == ""


@pytest.mark.parametrize(
    ("sentence", "evidence", "published", "given"),
    [
        ("on 17 January 2022", "on 16 January 2022", None, "16 January 2022"),
        ("on 16 February 2022", "on 16 January 2022", None, "16 January 2022"),
        ("on 16 January 2021", "on 16 January 2022", None, "16 January 2022"),
        ("on 17 January 2022", "on Sunday", SUNDAY, "Sunday (16 January 2022)"),
        ("on Monday", "on Sunday", SUNDAY, "Sunday"),
        ("on Tuesday, 16 January", "on Sunday, 16 January", None, "Sunday"),
        ("in 2014", "in 2015", None, "2015"),
        ("in the 1980s", "in the 1990s", None, "1990s"),
        ("last summer", "last winter", None, "winter"),
    ],
)
def test_another_date_is_named_with_that_of_the_passage(
    sentence: str, evidence: str, published: str | None, given: str
) -> None:
    assert day(sentence, evidence, published).endswith(f"where the passage says {given}")


def test_the_day_of_publication_is_not_that_of_another_report() -> None:
    evidence = "Correction: this paper's report of 10 October gave a wrong sum."
    assert day("It said that its report of 10 October was wrong.", evidence, "2023-10-12") == ""
    assert day("On 12 October it reported that a sum was wrong.", evidence, "2023-10-12") == ""
    assert "10 October" in day("It said that its report of 12 October was wrong.", evidence, "2023-10-12")


@pytest.mark.parametrize(
    "sentence", ["in 1994", "on 5 May", "in December", "on Friday", "last month", "on 16 January 2022"]
)
def test_a_date_that_nobody_gave_is_said_to_be_missing(sentence: str) -> None:
    assert day(sentence, "He said so.", SUNDAY).endswith("the passage does not give this date")


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("yesterday", "on Monday"),  # published on an unknown day
        ("on Friday", "yesterday"),
        ("on Friday", "周五"),
        ("Black Friday sales", "The sales rose."),
        ("the Sunday Times", "The paper."),
        ("He may go.", "He goes."),
        ("in summer", "in the month"),
    ],
)
def test_where_nothing_can_be_told_nothing_is_said(sentence: str, evidence: str) -> None:
    assert day(sentence, evidence) == ""


def test_a_day_of_publication_that_is_no_date_is_as_good_as_none() -> None:
    assert day("on Sunday", "on Sunday", "no date") == ""


def test_where_weekdays_or_years_are_named_a_date_that_happens_to_fit_does_not_count() -> None:
    assert day("on Tuesday, April 14", "on Monday, April 13, and on April 14", "2015-04-15")
    assert day("in her 2022 memoir", "She said on Sunday in her 2011 memoir", SUNDAY)
    assert day("in 2021", "She said last year what she wrote in 2011", SUNDAY) == ""
