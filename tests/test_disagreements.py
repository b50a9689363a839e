"""Facts that differ: which values are told to be of one thing, and which rule names the difference."""

from __future__ import annotations

import pytest

from assistant.corrections import corrections
from assistant.disagreements import Clash, clashes
from assistant.models import Article
from tests.asking import heard_all, source


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
