"""Facts that differ: which values are told to be of one thing, and which rule names the difference."""

from __future__ import annotations

import pytest

from assistant.corrections import corrections
from assistant.disagreements import Clash, clashes, concerns
from assistant.models import Article
from tests.asking import asked, heard_all, source


def differ(*articles: Article, one_origin: bool = False) -> tuple[Clash, ...]:
    asked = [heard_all(article) for article in articles]
    return clashes(asked, (lambda _: "o") if one_origin else (lambda key: key), corrections(articles))


def pair(one: str, other: str) -> tuple[Clash, ...]:
    return differ(source(one, "The Post"), source(other, "The Star"))


FLOOD = "The flood destroyed {} houses in the village of Marn on Sunday."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FLOOD.format("14"), FLOOD.format("41")),
        (FLOOD.format("more than 40"), FLOOD.format("14")),
        (FLOOD.format("twelve"), "On Sunday the flood destroyed 21 houses in Marn."),
        ("The repair of the dam costs 3 million euros, the town said.",
         "The repair of the dam costs 3 billion euros, the town said."),
        ("Turnout in the Marn election was 61 percent, officials said.",
         "Turnout in the Marn election was 67 percent, officials said."),
    ],
)  # fmt: skip
def test_numbers_of_one_thing_differ(one: str, other: str) -> None:
    (clash,) = pair(one, other)
    assert clash.rule == "number_differs"
    assert [[spot.article.outlet for spot in side] for side in clash.sides] == [["The Post"], ["The Star"]]
    for side in clash.sides:
        for spot in side:
            assert spot.shown in spot.article.text[spot.start : spot.end]
            assert spot.shown in clash.about


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FLOOD.format("14"), FLOOD.format("fourteen")),
        (FLOOD.format("about 40"), FLOOD.format("41")),
        (FLOOD.format("more than 40"), FLOOD.format("41")),
        (FLOOD.format("14"), "The flood drowned 41 cows in the village of Marn on Sunday."),
        (FLOOD.format("14"), "The fire destroyed 41 boats in the port of Ellmar in the winter."),
        (FLOOD.format("14"), "On Sunday the flood destroyed 41 houses, 14 houses of them in Marn."),
        ("The fourth pier of the Marn bridge sank.", "The seventh pier of the Marn bridge sank."),
    ],
)  # fmt: skip
def test_what_agrees_or_is_another_thing_is_no_difference(one: str, other: str) -> None:
    assert not [clash for clash in pair(one, other) if clash.rule == "number_differs"]


def test_sources_of_one_origin_do_not_differ() -> None:
    one, other = source(FLOOD.format("14"), "The Post"), source(FLOOD.format("41"), "The Star")
    assert not differ(one, other, one_origin=True)


def test_three_sources_make_two_sides() -> None:
    texts = [FLOOD.format("14"), FLOOD.format("41"), FLOOD.format("14")]
    (clash,) = differ(*[source(text, f"Outlet {n}") for n, text in enumerate(texts)])
    assert [[spot.article.outlet for spot in side] for side in clash.sides] == [
        ["Outlet 0", "Outlet 2"], ["Outlet 1"],
    ]  # fmt: skip


def test_a_later_number_of_one_outlet_is_an_update() -> None:
    one = source(FLOOD.format("14"), "The Post", "2024-01-02")
    later = source(FLOOD.format("41"), "The Post", "2024-01-04")
    assert [clash.rule for clash in differ(one, later)] == ["updated_by_outlet"]


def test_a_corrected_number_is_told_apart() -> None:
    one = source(FLOOD.format("41"), "The Post", "2024-01-02")
    other = source(FLOOD.format("14"), "The Star", "2024-01-02")
    mended = source(
        "Correction: We said that the flood destroyed 41 houses in Marn. It destroyed 14 houses.",
        "The Post",
        "2024-01-04",
    )
    (clash,) = differ(one, other, mended)
    assert clash.rule == "corrected_by_outlet"
    sides = [{(spot.article.outlet, spot.article.date) for spot in side} for side in clash.sides]
    assert {("The Post", "2024-01-02")} in sides
    assert any(
        ("The Star", "2024-01-02") in side and ("The Post", "2024-01-02") not in side for side in sides
    )


def test_days_and_names_differ() -> None:
    text = "The court in Marn will open the trial of the former harbour master on {}."
    (clash,) = pair(text.format("3 May 2024"), text.format("13 May 2024"))
    assert clash.rule == "date_differs"
    text = "The inquiry into the failed harbour gates will be led by the retired judge {}."
    (clash,) = pair(text.format("Constance Merrow"), text.format("Petra Lind"))
    assert clash.rule == "name_differs"


# --- one thing measured, and not another ----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The new weir at Exton cost 3 million euros.", "The new weir at Exton saved 4 million euros."),
        ("The new weir at Exton cost 3 million euros last year, the town said.",
         "The new weir at Exton saved 4 million euros last year, the town said."),
        ("The storm killed 14 people in Exton on Sunday.", "The storm injured 41 people in Exton on Sunday."),
        ("In Exton 14 houses were destroyed by a storm.", "In Exton 41 houses were rebuilt after a storm."),
        ("The price of the Exton weir was 3 million euros.", "The loss at the Exton weir was 4m euros."),
    ],
)  # fmt: skip
def test_figures_that_measure_other_things_do_not_differ(one: str, other: str) -> None:
    assert not pair(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The new weir at Exton cost 3 million euros.", "The new weir at Exton cost 4 million euros."),
        ("The price of the Exton weir was 3 million euros.", "The Exton weir cost 4 million euros."),
        ("The storm injured 14 people in Exton on Sunday.",
         "On Sunday 41 people were hurt in the storm in Exton."),
        ("Turnout in the Exton election was 61 percent.", "Turnout was 67 percent in the Exton election."),
    ],
)  # fmt: skip
def test_figures_that_measure_one_thing_in_other_words_differ(one: str, other: str) -> None:
    (clash,) = pair(one, other)
    assert clash.rule == "number_differs"


VOTE = "The council voted {} to close the weir."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("six to four", "six to three"),
        ("six to four", "6-3"),
        ("by six votes to four", "by six votes to three"),
        ("six to four", "with six in favour and three against"),
        ("6–4", "7–4"),
    ],
)
def test_the_scores_of_a_vote_differ(one: str, other: str) -> None:
    (clash,) = pair(VOTE.format(one), VOTE.format(other))
    assert clash.rule == "number_differs"
    for side in clash.sides:
        assert side[0].shown in side[0].article.text and side[0].shown in clash.about


@pytest.mark.parametrize(
    ("one", "other"),
    [("six to four", "6-4"), ("six to four", "by six votes to four"), ("six to four", "with six votes to 4")],
)
def test_one_score_in_two_notations_does_not_differ(one: str, other: str) -> None:
    assert not pair(VOTE.format(one), VOTE.format(other))


def test_a_range_is_no_score() -> None:
    assert not pair("The vote took six to eight hours in the Exton council.",
                    "The vote took six to eight hours in the Exton council hall.")  # fmt: skip


def test_what_no_sentence_that_answers_tells_is_left_out() -> None:
    """The passage around an answer may differ in things that nobody asked about."""
    text = "The weir at Exton is closed to swimmers. The flood destroyed {} houses in the village of Marn."
    one, other = source(text.format("14"), "The Post"), source(text.format("41"), "The Star")
    items = [asked(one, 2.0), asked(other, 2.0)]
    assert not clashes(items, lambda key: key)
    items = [asked(one, 2.0, 2.0), asked(other, 2.0)]
    assert clashes(items, lambda key: key)


def test_a_difference_concerns_the_claim_whose_words_it_measures() -> None:
    (clash,) = pair("The weir at Exton, where 14 people were hurt on Sunday, is closed.",
                    "The weir at Exton, where 41 people were hurt on Sunday, is closed.")  # fmt: skip
    assert concerns(clash, "Many people were injured at the weir")
    assert concerns(clash, "14 swimmers came to harm")
    assert not concerns(clash, "The weir at Exton is closed")


# --- titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "title"),
    [
        (FLOOD.format("14"), FLOOD.format("41"),
         "The flood destroyed 14 houses or 41 houses in the village of Marn on Sunday"),
        ("As of 10 p.m. on Monday, 14 people were injured in the fire at the Exton mill, three badly.",
         "As of 10 p.m. on Monday, 41 people were injured in the fire at the Exton mill, three gravely.",
         "14 people or 41 people were injured in the fire at the Exton mill"),
        (VOTE.format("six to four"), VOTE.format("six to three"),
         "The council voted six to four or six to three to close the weir"),
    ],
)  # fmt: skip
def test_a_title_is_a_sentence_or_a_noun_phrase(one: str, other: str, title: str) -> None:
    (clash,) = [found for found in pair(one, other) if found.rule == "number_differs"]
    assert clash.about == title


def test_a_title_is_short_and_has_no_marks_left_over() -> None:
    text = (
        "“The flood that came on Sunday, when nobody in the village had been warned of it, destroyed the {} "
        "houses of the lower village and two mills,” he said."
    )
    (clash,) = pair(text.format("14"), text.format("41"))
    assert len(clash.about) <= 120 and "“" not in clash.about and "14 houses or 41 houses" in clash.about
