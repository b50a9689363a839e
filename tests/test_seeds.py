"""The founding example: two articles on one interview, and the questions that are asked of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from assistant import cli
from assistant.answering import ask
from assistant.library import Library
from assistant.models import Answer, Filters
from assistant.retrieval import retrieve
from tests import contract

PROMISE = "Did NATO promise Russia not to expand eastwards?"
TROOPS = "Are there Russian troops in Donbas?"
INVASION = "What did Peskov say about a gradual invasion?"
NOWHERE = "Who won the 2018 football World Cup?"


def spaced(text: str) -> str:
    """One plain space for any white space: one of the texts is full of no-break spaces."""
    return " ".join(text.split())


def summary_quotes(answer: Answer) -> list[str]:
    """What the sentences of the summary cite."""
    keys = [key for sentence in answer.summary for key in sentence.citations]
    return [spaced(answer.citations[key].quote) for key in keys]


def speaker_of(answer: Answer, words: str) -> str | None:
    """Who says `words` in the accounts of an answer."""
    for account in answer.accounts:
        for voice in account.voices:
            if any(words in spaced(answer.citations[key].quote) for key in voice.citations):
                return voice.speaker
    raise AssertionError(f"nobody says {words!r}")


@pytest.fixture
def asked(seeds: Library) -> Callable[[str], Answer]:
    """The extractive answer, after the checks that every answer has to pass."""

    def answer(question: str) -> Answer:
        found = ask(seeds, question, engine="extractive")
        articles = {entry.source.id: seeds.article(entry.source.id) for entry in seeds.entries()}
        contract.check(found.as_json(), articles)
        return found

    return answer


Asked = Callable[[str], Answer]


@pytest.mark.parametrize(
    ("question", "code", "words"),
    [
        (PROMISE, 0, ["promise by American side", "did give promises not to move eastward"]),
        (TROOPS, 0, ["no Russian troops on Donbas"]),
        (INVASION, 0, ["gradual incursion of NATO", "gradual invasion of NATO"]),
        (NOWHERE, 3, []),
    ],
)
def test_the_four_questions_in_the_terminal(
    seeds: Library,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    question: str,
    code: int,
    words: list[str],
) -> None:
    arguments = ["news-assistant", "--library", str(seeds.folder), "ask", question, "--json"]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as left:
        cli.main()
        raise SystemExit(0)
    assert (left.value.code or 0) == code
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    contract.check(found)
    cited = [key for sentence in found["summary"] for key in sentence["citations"]]
    quotes = [spaced(found["citations"][key]["quote"]) for key in cited]
    for expected in words:
        assert any(expected in quote for quote in quotes), (expected, quotes)
    assert (found["finding"] == "not_enough_evidence") is (code == 3)


def test_the_promise_is_in_one_mouth_and_the_limit_goes_with_it(asked: Asked) -> None:
    answer = asked(PROMISE)
    quotes = summary_quotes(answer)
    assert any("promise by American side" in quote for quote in quotes)
    assert any("not fixed in a juridical, in a legally binding" in quote for quote in quotes)
    assert speaker_of(answer, "promise by American side") == "Dmitry Peskov"
    assert speaker_of(answer, "legally binding guaranteeing document") == "Dmitry Peskov"
    # One side is affirmed, by a quoted party only; the damaged words of the other take none.
    assert sorted(account.stance for account in answer.accounts) == ["affirms", "mentions"]
    assert answer.finding == "attributed_only"


def test_the_damaged_sentence_is_quoted_as_it_stands(asked: Asked) -> None:
    answer = asked(PROMISE)
    (quote,) = [quote for quote in summary_quotes(answer) if "move eastward" in quote]
    assert "that d did give promises" in quote  # not mended, and so not turned into an admission
    assert speaker_of(answer, "move eastward") == "NATO"


def test_a_denial_is_quoted_with_what_it_denies(asked: Asked) -> None:
    answer = asked(TROOPS)
    quotes = summary_quotes(answer)
    assert any("no Russian troops on Donbas and on Ukrainian soil" in quote for quote in quotes)
    assert any("despite reports that Russian soldiers out of uniform" in quote for quote in quotes)
    assert speaker_of(answer, "no Russian troops on Donbas") == "Dmitry Peskov"
    silent = [account for account in answer.accounts if account.stance == "silent"]
    assert len(silent) == 1 and silent[0].nearest  # the agency's text does not name the Donbas


def test_the_two_renderings_of_one_utterance_stand_side_by_side(asked: Asked) -> None:
    answer = asked(INVASION)
    quotes = summary_quotes(answer)
    for words in ("gradual incursion of NATO", "gradual invasion of NATO"):
        assert any(words in quote for quote in quotes)
        assert (speaker_of(answer, words) or "").endswith("Peskov")
    sources = {answer.citations[key].source for sentence in answer.summary for key in sentence.citations}
    assert len(sources) == 2


def test_what_nobody_wrote_about_is_declined_with_what_was_read(asked: Asked) -> None:
    answer = asked(NOWHERE)
    assert answer.finding == "not_enough_evidence" and not answer.cited and answer.unused


@pytest.mark.parametrize(
    "question",
    ["What did Zakaria ask Peskov?", "What did Jake Sullivan say about the threat?", "What did Lavrov say?",
     "What did the Secretary General of NATO say?"],
)  # fmt: skip
def test_each_speaker_is_found(asked: Asked, question: str) -> None:
    answer = asked(question)
    assert answer.finding is None
    named = {"Zakaria", "Sullivan", "Lavrov", "Stoltenberg"}
    speakers = [voice.speaker or "" for account in answer.accounts for voice in account.voices]
    (name,) = [name for name in named if name in question] or ["Stoltenberg"]
    assert any(name in speaker for speaker in speakers)


TROOPS_IN = [
    "Есть ли российские войска в Донбассе?",
    "Чи є російські війська на Донбасі?",
    "Gibt es russische Truppen im Donbass?",
    "¿Hay tropas rusas en Donbás?",
    "顿巴斯有俄罗斯军队吗？",
]
PROMISE_IN = [
    "Обещало ли НАТО России не расширяться на восток?",
    "Чи обіцяло НАТО Росії не розширюватися на схід?",
    "Hat die NATO Russland versprochen, sich nicht nach Osten auszudehnen?",
    "¿Prometió la OTAN a Rusia no expandirse hacia el este?",
    "北约是否曾向俄罗斯承诺不向东扩张？",
]


def best_passages(library: Library, question: str) -> tuple[list[str], list[str]]:
    """What is read of the American report and of the agency's, best first."""
    found: dict[bool, list[str]] = {}
    for reading in retrieve(library, question, Filters()).readings:
        american = "White House" in reading.article.text
        found[american] = [spaced(hit.passage.text) for hit in reading.hits]
    return found[True], found[False]


@pytest.mark.parametrize("question", TROOPS_IN)
def test_troops_are_found_in_other_languages(seeds: Library, question: str) -> None:
    report, _ = best_passages(seeds, question)
    assert "no soldiers in the Donbas region" in report[0]


@pytest.mark.parametrize("question", PROMISE_IN)
def test_the_promise_is_found_in_other_languages(seeds: Library, question: str) -> None:
    report, agency = best_passages(seeds, question)
    assert any("promise by American side" in text for text in report[:3])
    assert any("did give promises" in text for text in agency[:3])


def test_page_furniture_is_in_no_answer(seeds: Library, asked: Asked) -> None:
    for question in (PROMISE, TROOPS, INVASION, NOWHERE):
        for citation in asked(question).citations.values():
            assert "min read" not in citation.quote and "Leave a Reply" not in citation.quote
    texts = [seeds.article(entry.source.id).text for entry in seeds.entries()]
    assert any("Leave a Reply" in text for text in texts)  # the stored text keeps it
