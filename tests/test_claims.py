"""The claim inside a question, and the checkable claims of a text."""

from __future__ import annotations

import pytest

from assistant.claims import MOST, checkable, claim_of
from tests.conftest import ROOT

TURNED = {
    "Did NATO promise Russia not to expand eastwards?": "NATO promised Russia not to expand eastwards",
    "Are there Russian troops in Donbas?": "There are Russian troops in Donbas",
    "Are Russian troops in Donbas?": "Russian troops are in Donbas",
    "Has Russia ruled out deploying weapons?": "Russia has ruled out deploying weapons",
    "Was the operator warned?": "The operator was warned",
    "Is it true that the bridge fell on Monday?": "The bridge fell on Monday",
    "Isn't it the case that the ferry sank?": "The ferry sank",
    "Didn't he say that the bridge was safe?": "He said that the bridge was safe",
    "Did Russia not invade Georgia?": "Russia did not invade Georgia",
    "They closed the bridge, didn't they?": "They closed the bridge",
    "The bridge is shut, right?": "The bridge is shut",
    "Can you check whether the ministry was told?": "The ministry was told",
    "Did the prime minister order an attack on the port?": "The prime minister ordered an attack on the port",
    "Did the army leave Kherson?": "The army left Kherson",
    "Did the company fire workers?": "The company fired workers",
    "Did the mayor of Port Sabel resign?": "The mayor of Port Sabel resigned",
    "Did the bank raise interest rates?": "The bank raised interest rates",
    "Does the contract allow the closure?": "The contract allows the closure",
    "Do trucks cross the bridge at night?": "Trucks cross the bridge at night",
    "Is the minister still alive?": "The minister is still alive",
    "Is the bridge safe?": "The bridge is safe",
    "Were 14 people injured in the collapse?": "14 people were injured in the collapse",
    "Was the attack on the bridge planned?": "The attack on the bridge was planned",
    "Will the bridge reopen before winter?": "The bridge will reopen before winter",
    "Has anyone been killed?": "Someone has been killed",
    "After the fall, did the ministry close it?": "After the fall, the ministry closed it",
    "Did Ukraine shoot down the plane?": "Ukraine shot down the plane",
    "Did President Biden meet Putin in Geneva?": "President Biden met Putin in Geneva",
    "Do the sources agree that nobody died?": "Nobody died",
    "did the talks fail": "The talks failed",
}  # fmt: skip


@pytest.mark.parametrize("question", TURNED)
def test_the_claim_inside_a_question(question: str) -> None:
    assert claim_of(question) == TURNED[question]


@pytest.mark.parametrize(
    "question",
    [
        "Who closed the bridge?",
        "What happened on Monday?",
        "How many people were injured?",
        "how many died",
        "Why was the bridge closed?",
        "In which year did it happen?",
        "Which outlet reported it first?",
        "Was it a collapse or a subsidence?",
        "Did the ministry or the company pay?",
        "Did the bridge fall, and who was warned?",
        "Wird die Brücke gesperrt?",
        "Обещало ли НАТО не расширяться на восток?",
        "",
        "?",
        "Did?",
    ],
)
def test_what_holds_no_claim(question: str) -> None:
    assert claim_of(question) is None


@pytest.mark.parametrize(
    "phrase",
    [
        "Lantern Bridge",
        "Lantern Bridge?",
        "weir",
        "the closed bridge",
        "the pier that gave way",
        "a letter which was never sent",
        "NATO troops",
        "troops near the border",
        "Lantern Bridge tolls",
        "ferry strikes in Ellmar",
        "the plan to expand eastwards",
        "the letter of 2 May",
        "death of a minister",
        "Ilse Torvane",
    ],
)
def test_a_noun_phrase_claims_nothing(phrase: str) -> None:
    assert claim_of(phrase) is None


@pytest.mark.parametrize(
    "headline",
    [
        "Ferry sinks off Ellmar",
        "Minister resigns",
        "Minister to resign",
        "Ships wait in the harbour",
        "Three dead in collapse",
        "Bridge closed",
        "Torvane orders inquiry into bridge after report of letter",
        "Vardonia attacks Ruritania",
        "Pier of Lantern Bridge gives way",
        "Police arrest mayor",
        "The video shows an attack",
    ],
)
def test_a_headline_is_a_claim(headline: str) -> None:
    assert claim_of(headline) == headline


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The bridge is shut.", "The bridge is shut"),
        ("“Nobody was killed.”", "Nobody was killed"),
        ("Nobody was killed", "Nobody was killed"),
        ("The pier moved at 6:40 p.m.", "The pier moved at 6:40 p.m."),
        ("Torvane said “the bridge must stay shut”.", "Torvane said “the bridge must stay shut”"),
        ("Die Brücke ist seit Montag gesperrt.", "Die Brücke ist seit Montag gesperrt"),
        ("Мост закрыт.", "Мост закрыт"),
    ],
)
def test_a_statement_stays_as_it_is(text: str, claim: str) -> None:
    assert claim_of(text) == claim


TEXT = """Ferry sinks off Ellmar

By Mara Quist

Hello everyone! Have you heard the news?

The ferry Aldis sank off Ellmar on Sunday, and 12 people were injured. Captain Jan Roe left the ship last. He
was arrested on Monday; the harbour office has closed the pier.

"The ship had been inspected in May," said Ilse Brandt, a spokeswoman for the owner. Brandt denied that the
owner had been warned. It is a shame. I think we should all be angry.

According to the coastguard, the ferry carried 140 passengers.

Share on Facebook
"""


def test_the_claims_of_a_text_are_its_statements_and_what_its_speakers_say() -> None:
    found = checkable(TEXT)
    assert [(item.speaker, item.claim) for item in found] == [
        (None, "The ferry Aldis sank off Ellmar on Sunday"),
        (None, "12 people were injured"),
        (None, "Captain Jan Roe left the ship last"),
        (None, "Captain Jan Roe was arrested on Monday"),
        (None, "The harbour office has closed the pier"),
        ("Ilse Brandt", "The ship had been inspected in May"),
        (None, "Brandt denied that the owner had been warned"),
        ("the coastguard", "The ferry carried 140 passengers"),
    ]
    assert [item.start for item in found] == sorted(item.start for item in found)
    for item in found:
        assert TEXT[item.start : item.end].strip() == TEXT[item.start : item.end] != ""


def test_a_pronoun_stays_where_two_may_be_meant() -> None:
    text = "Peter Hale met Tom Orr in Ellmar on Friday. He resigned on Saturday."
    assert checkable(text)[-1].claim == "He resigned on Saturday"


def test_halves_without_a_subject_of_their_own_stay_together() -> None:
    text = "The company paid the state 118 million florins, and took 22 million florins in tolls last year."
    assert [item.claim for item in checkable(text)] == [text.removesuffix(".")]


def test_a_text_in_another_language_is_split_into_its_sentences() -> None:
    text = (
        "Die Brücke ist seit Montag gesperrt. Wer ist schuld? Der Pfeiler hat sich um 31 Millimeter gesenkt."
    )
    found = checkable(text, "de")
    assert [item.claim for item in found] == [
        "Die Brücke ist seit Montag gesperrt",
        "Der Pfeiler hat sich um 31 Millimeter gesenkt",
    ]


def test_a_long_text_gives_so_many_claims_and_no_more() -> None:
    text = " ".join(f"The ministry closed road number {number} on Monday." for number in range(90))
    assert len(checkable(text)) == MOST


@pytest.mark.parametrize("text", ["", "\n\n", "Hello!", "“", "?" * 500, "(" * 3_000, "a, and " * 2_000])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert len(checkable(text)) <= 1


def test_an_article_of_the_example_library() -> None:
    path = ROOT / "corpus" / "harbour" / "courant-2023-10-13-inquiry-and-correction.md"
    body = path.read_text("utf-8").split("---", 2)[2]
    claims = {item.claim: item.speaker for item in checkable(body)}
    assert claims["The board received no such letter, and no warning in any other form"] == "Wilm Ostergast"
    assert claims["The correct figure is 3.2 million florins"] is None
    assert not any(claim.endswith("?") for claim in claims)
