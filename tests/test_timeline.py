"""The timeline: publications and named days in order, and no day where it is not certain which."""

from __future__ import annotations

import pytest

from assistant.models import Citation, Source
from assistant.timeline import events, timeline
from tests.compared import ARTICLES, differing


def days(
    quote: str, published: str | None = "2023-10-11", language: str | None = "en"
) -> list[tuple[str | None, str | None]]:
    """When and until when of the events in a quotation from an article of Wednesday 11 October 2023."""
    source = Source("s", "Post", "t", published, None, language)
    return [(item.when, item.until) for item in events(Citation("k", "s", "p", 0, 1, quote), source)]


@pytest.mark.parametrize(
    ("quote", "when"),
    [
        ("The bridge sank on Monday.", "2023-10-09"),
        ("The bridge sank on Wednesday.", "2023-10-11"),
        ("The pier moved yesterday.", "2023-10-10"),
        ("The pier moved last night.", "2023-10-10"),
        ("The letter is of 3 October 2021.", "2021-10-03"),
        ("The letter of October 3 was stamped.", "2023-10-03"),
        ("The wedding of April 10 was dark.", None),  # of this year, or of the next
        ("It opened in June 1998.", "1998-06"),
        ("It has stood since 1998.", "1998"),
        ("It was closed last month.", "2023-09"),
        ("It was closed last year.", "2022"),
    ],
)
def test_days_that_are_certain(quote: str, when: str | None) -> None:
    assert days(quote) == ([(when, None)] if when else [])


@pytest.mark.parametrize(
    "quote",
    [
        "The council will meet on Friday.",
        "The bridge sank last Monday.",
        "They meet on Mondays.",
        "They meet every Monday.",
        "The sale of Black Friday drew crowds.",
        "The Sunday Times reported it.",
        "Torvane said: “What we saw tonight was a collapse.”",
        "Torvane said: “We inspected it on Monday.”",
        "What we saw tonight was a collapse.",
        "It cost 1998 in all.",
        "It was dated 03/04/2021.",
        "It happened last week.",
        "It was built in the 1990s.",
        "A week earlier it had moved.",
        "It sank on 31 February 2023.",
    ],
)
def test_what_is_not_certain_is_left_out(quote: str) -> None:
    assert days(quote) == []


def test_after_a_quotation_the_day_is_the_reports_own() -> None:
    assert days("“The bridge must stay shut”, Torvane said on Monday.") == [("2023-10-09", None)]


def test_nothing_is_counted_from_a_day_that_is_not_known() -> None:
    assert days("The bridge sank on Monday, and yesterday it moved.", None) == []
    assert days("The letter is of 3 October 2021.", None) == [("2021-10-03", None)]


def test_other_languages_have_their_own_words_only() -> None:
    assert days("Die Brücke steht hier und sank gestern.", language="de") == [("2023-10-10", None)]
    assert days("Le pont a coulé hier.", language="fr") == [("2023-10-10", None)]
    assert days("Die Brücke sank am Montag.", language="de") == [], "it may be the next one"


def test_a_range_has_two_ends() -> None:
    assert days("It was shut from 8 to 10 June 2023.") == [("2023-06-08", "2023-06-10")]


def test_publications_and_events_stand_in_order_of_time_and_undated_ones_apart() -> None:
    found = timeline(differing())
    names = {each.id: each.outlet for each in ARTICLES}
    told = [(item.when, item.kind, names[item.source]) for item in found]
    assert told == [
        ("2023-10-09", "event", "The Port Sabel Tidings"),
        ("2023-10-09", "event", "The Ellmar Courant"),
        ("2023-10-10", "published", "The Port Sabel Tidings"),
        ("2023-10-10", "published", "The Ellmar Courant"),
        ("2023-10-11", "published", "Quayside Post"),
        ("2023-10-11", "published", "The Inland Messenger"),
        ("2023-10-12", "published", "Gull & Anchor Weekly"),
        (None, "published", "The Ardan Gazette"),
    ]
    answer = differing()
    for item in found:
        if item.citation:
            assert item.shown in answer.citations[item.citation].quote
