"""The persons of an article, and which names and descriptions mean the same one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library import Library
from assistant.persons import describe, find, people, same_speaker

ARTICLE = (
    "Kremlin spokesman Dmitry Peskov spoke on Sunday. “It is so,” Mr. Peskov said.\n\n"
    "Foreign Minister Sergei Lavrov and Mayor Odo Pellimore came. Cassian Drole, spokesman for the Lantern "
    "Crossings Company, said no. The public prosecutor, Marit Holloran, said it was early.\n\n"
    "Ann Lee said yes. Bob Lee said no. Putin's press secretary had tea."
)


def test_everybody_who_is_named_is_there_once_by_the_fullest_name() -> None:
    assert [person.name for person in people(ARTICLE)] == [
        "Dmitry Peskov", "Sergei Lavrov", "Odo Pellimore", "Cassian Drole", "Marit Holloran", "Ann Lee",
        "Bob Lee",
    ]  # fmt: skip


def test_what_the_article_calls_them() -> None:
    by_surname = {person.surname: person for person in people(ARTICLE)}
    assert "kremlin spokesman" in by_surname["Peskov"].titles
    assert by_surname["Peskov"].gender == "m"
    assert by_surname["Lavrov"].titled == "Foreign Minister Sergei Lavrov"
    assert any("lantern" in title for title in by_surname["Drole"].titles)
    assert any("prosecutor" in title for title in by_surname["Holloran"].titles)


@pytest.mark.parametrize(
    "text",
    [
        "The Lantern Crossings Company said no. Port Sabel is shut.",
        "It rained in New York on Monday. The United States said nothing.",
        "Bridge Shut After Pier Gives Way In The Evening Rush",
        "",
    ],
)
def test_companies_places_and_headlines_are_nobody(text: str) -> None:
    assert people(text) == ()


SAME = [
    ("Peskov", "Dmitry Peskov"),
    ("Dmitry Peskov", "Peskov"),
    ("Mr. Peskov", "Dmitry Peskov"),
    ("D. Peskov", "Dmitry Peskov"),
    ("Kremlin spokesman Dmitry Peskov", "Dmitry Peskov"),
    ("the Kremlin spokesman", "Dmitry Peskov"),
    ("Kremlin’s spokesman", "Dmitry Peskov"),
    ("Песков", "Dmitry Peskov"),
    ("Дмитрий Песков", "Dmitry Peskov"),
    ("Сергей Лавров", "Foreign Minister Sergei Lavrov"),
    ("Lavrov", "Foreign Minister Sergei Lavrov"),
    ("the foreign minister", "Foreign Minister Sergei Lavrov"),
    ("the minister", "Foreign Minister Sergei Lavrov"),
    ("the mayor", "Mayor Odo Pellimore"),
    ("the prosecutor", "Marit Holloran"),
    ("Ann Lee", "Ann Lee"),
    ("NATO", "NATO"),
    ("The ministry", "the ministry"),
]


@pytest.mark.parametrize(("claimed", "speaker"), SAME)
def test_the_same_speaker(claimed: str, speaker: str) -> None:
    assert same_speaker(claimed, speaker, ARTICLE)


OTHERS = [
    ("Ann Lee", "Bob Lee"),
    ("Lee", "Bob Lee"),
    ("Sergei Lavrov", "Dmitry Peskov"),
    ("Lavrov", "Peskov"),
    ("Dmitry Lavrov", "Foreign Minister Sergei Lavrov"),
    ("Ivan Peskov", "Dmitry Peskov"),
    ("the mayor", "Dmitry Peskov"),
    ("the spokesman", "Dmitry Peskov"),  # there are two
    ("a spokesman", "Dmitry Peskov"),
    ("the Lantern spokesman", "Dmitry Peskov"),
    ("the defence minister", "Foreign Minister Sergei Lavrov"),
    ("the prime minister", "Foreign Minister Sergei Lavrov"),
    ("NATO", "the ministry"),
    ("the ministry", "the police"),
    ("NATO", "Dmitry Peskov"),
    ("Лавров", "Dmitry Peskov"),
    ("", "Dmitry Peskov"),
    ("", ""),
]


@pytest.mark.parametrize(("claimed", "speaker"), OTHERS)
def test_another_speaker(claimed: str, speaker: str) -> None:
    assert not same_speaker(claimed, speaker, ARTICLE)
    assert not same_speaker(speaker, claimed, ARTICLE)


def test_a_name_that_the_article_does_not_have_is_compared_as_it_is() -> None:
    assert same_speaker("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Nobody came.")
    assert not same_speaker("Olena Zelenska", "Volodymyr Zelenskyy", "Nobody came.")


def test_a_description_of_two_is_nobodys() -> None:
    text = "Senator Ann Lee met Senator Odo Poe."
    assert describe("the senator", text) is None
    found = describe("the senator", "Senator Ann Lee came.")
    assert found is not None and found.name == "Ann Lee"


def test_a_surname_of_two_is_nobodys() -> None:
    assert find("Lee", ARTICLE) is None
    found = find("Bob Lee", ARTICLE)
    assert found is not None and found.name == "Bob Lee"


def test_one_who_goes_on_speaking_is_known_by_the_title_that_the_article_gives() -> None:
    text = "Peskov said that it was so. “And it stays so,” added the press secretary."
    assert same_speaker("the press secretary", "Peskov", text)
    assert not same_speaker("the press secretary", "Peskov", "Peskov said so. The press secretary came.")
    text = "Mayor Odo Poe said that it was so. “And it stays so,” added the press secretary."
    assert not same_speaker("the press secretary", "Mayor Odo Poe", text)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=120))
def test_it_is_symmetric_and_never_fails(one: str, other: str, text: str) -> None:
    assert same_speaker(one, other, text) == same_speaker(other, one, text)


@given(
    st.lists(
        st.sampled_from(["Ann Lee", "Mayor", "said", "the", "mayor", ",", ".", "Bob", "added", "of", "\n\n"])
    )
)
def test_every_person_is_a_name_of_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for person in people(text):
        assert person.name in text and person.surname == person.name.split()[-1]


@pytest.mark.parametrize(
    "unit", ["Ann Lee, the mayor, added the mayor said ", "Aa Bb ", "Mayor Aa ", "added the mayor "]
)
def test_hostile_text_costs_little(unit: str) -> None:
    text = "".join(
        f"{unit.replace('Aa', 'A' + chr(97 + number % 26) * (number % 9 + 1))}" for number in range(8_000)
    )
    text = text[:200_000]
    start = time.process_time()
    people(text)
    for _ in range(100):
        same_speaker("the mayor", "Ann Lee", text)
    assert time.process_time() - start < 20  # a few tenths of a second; n * n would take minutes


def test_the_persons_of_the_founding_example(seeds: Library) -> None:
    texts = [seeds.article(entry.source.id).text for entry in seeds.entries()]
    report = next(text for text in texts if "Fareed Zakaria" in text)
    translated = next(text for text in texts if "Fareed Zakaria" not in text)
    for claimed in (
        "Peskov",
        "Dmitry Peskov",
        "Kremlin spokesman Dmitry Peskov",
        "Putin's spokesman",
        "Песков",
    ):
        assert same_speaker(claimed, "Dmitry Peskov", report)
    assert same_speaker("the press secretary", "Peskov", translated)
    assert same_speaker("Sergei Lavrov", "Russian Foreign Minister Sergei Lavrov", translated)
    for other in ("Sergei Lavrov", "Vladimir Putin", "Jake Sullivan", "Zakaria", "NATO"):
        assert not same_speaker(other, "Dmitry Peskov", report)
        assert not same_speaker(other, "Peskov", translated)
