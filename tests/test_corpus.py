"""The example library: honestly labelled, with what was planted in it, and answers that keep to it.

The floors are a little below what was reached when they were set. Half of the questions (the even
ones, counted from 0) was used for fitting, so the floors are for the other half.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answering import ask
from assistant.library import Library
from assistant.models import Answer, Article
from assistant.quoting import quotations
from assistant.text import sentences
from tests import contract
from tests.conftest import CORPUS

FILES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*.md"))
README = (CORPUS / "README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip(" |").split(" | ")] for line in README.splitlines() if "|" in line
]

ANSWERED = 0.90  # of the answerable questions, with a sentence of a source that a person marked
DECLINED = 0.80  # of the unanswerable ones
HEARD = 0.80  # of the sources that a person marked, not called silent


def parts(name: str) -> tuple[dict[str, Any], str]:
    """Front matter and body of a file."""
    _, front, body = (CORPUS / name).read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def listed(name: str, key: str) -> list[dict[str, Any]]:
    found = yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))[key]
    assert isinstance(found, list) and found
    return found


QUESTIONS = listed("questions.yaml", "questions")
STARTERS = listed("starters.yaml", "starters")
SENTENCES = [body[start:end] for name in FILES for body in [parts(name)[1]] for start, end in sentences(body)]


# --- the files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_front_matter_is_complete_and_labelled(name: str) -> None:
    front, body = parts(name)
    fiction = name.startswith("harbour/")
    assert set(front) <= {"title", "outlet", "date", "author", "language", "url", "status", "note"}
    assert {"title", "outlet", "language", "status", "note"} <= set(front)
    assert front["status"] == ("fiction" if fiction else "restatement")
    assert ("fictional" in front["note"].lower()) is fiction
    assert fiction or ("restated" in front["note"].lower() and "not a source" in front["note"].lower())
    assert re.fullmatch("[a-z]{2}", front["language"]) and len(body.split()) > 300
    if fiction:
        assert isinstance(front["date"], date) and name.split("/")[1].count(front["date"].isoformat())
        assert re.match(r"https://example\.(org|com|net)/", front["url"])  # reserved: leads nowhere


def test_the_readme_lists_what_is_there() -> None:
    table = {row[0].strip("`"): row[1:] for row in ROWS if row[0].startswith("`") and len(row) == 6}
    assert sorted(table) == FILES
    for name, (outlet, day, language, status, words) in table.items():
        front, body = parts(name)
        assert outlet == front["outlet"] and language == front["language"] and status == front["status"]
        assert day == str(front.get("date") or "none") and int(words) == len(body.split())


def test_what_the_readme_says_was_planted_is_in_the_files() -> None:
    planted = [(row[0].strip("`"), row[1]) for row in ROWS if row[0].startswith("`") and len(row) == 2]
    assert len(planted) > 40
    by_name = {Path(name).name: parts(name)[1] for name in FILES}
    for name, sentence in planted:
        assert sentence in by_name[name], (name, sentence)


def test_the_six_outlets_and_what_they_disagree_about() -> None:
    bodies = {name: parts(name)[1] for name in FILES if name.startswith("harbour/")}
    assert len({parts(name)[0]["outlet"] for name in bodies}) == 6
    assert {parts(name)[0]["language"] for name in bodies} == {"en", "de"}
    for one, other in (
        ("14 people", "41 people"),
        ("was a collapse", "is a subsidence"),
        ("million", "billion"),
    ):
        assert any(one in body and other not in body for body in bodies.values())
        assert any(other in body for body in bodies.values())
    silent = bodies["harbour/gull-and-anchor-2023-10-12-ships-wait.md"]
    assert not re.search(r"warn|letter|injur", silent)


def test_the_seeds_are_not_in_the_repository() -> None:
    for name in FILES:
        assert "gradual invasion” of Ukraine" not in parts(name)[1] and "Leave a Reply" not in parts(name)[1]


# --- the questions --------------------------------------------------------------------------------


def test_every_marked_sentence_is_in_its_file() -> None:
    for question in QUESTIONS:
        for answer in question.get("answers") or []:
            _, body = parts(answer["file"])
            for sentence in answer["sentences"]:
                assert sentence in body, (question["id"], sentence)


def test_the_questions_are_well_formed() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS) > 100
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert bool(question.get("answers")) is question["answerable"]
        assert question["answerable"] or question["why"] in ("off_topic", "near_miss")
        assert question["event"] in ("interview", "harbour", "none")
    translated = listed("questions-translated.yaml", "translations")
    english = {question["id"] for question in QUESTIONS if question["language"] == "en"}
    assert {item["id"] for item in translated} == english
    assert all(
        set(item) == {"id", "ru", "uk", "de", "es", "zh"} and all(item.values()) for item in translated
    )


def test_starters_are_among_the_questions() -> None:
    known = {question["question"]: question["answerable"] for question in QUESTIONS}
    assert all(known[starter["question"]] is starter["answerable"] for starter in STARTERS)
    assert [starter["answerable"] for starter in STARTERS].count(False) == 1


# --- the answers ----------------------------------------------------------------------------------

Asking = Callable[[str], Answer]


@pytest.fixture(scope="session")
def answer_to(example: Library) -> Iterator[Asking]:
    """The extractive engine's answer to a question, made once."""
    yield cache(lambda question: ask(example, question, engine="extractive"))


class Texts(dict[str, Article]):
    """Articles by id, which a failing test does not print whole."""

    def __repr__(self) -> str:
        return f"{len(self)} articles"


@pytest.fixture(scope="session")
def texts(example: Library) -> Texts:
    return Texts({entry.source.id: example.article(entry.source.id) for entry in example.entries()})


def gold_of(question: dict[str, Any]) -> set[str]:
    return {Path(answer["file"]).name for answer in question.get("answers") or []}


def cited_files(answer: Answer, texts: Texts) -> set[str]:
    return {str(texts[answer.citations[key].source].file) for key in answer.cited}


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: str(starter["question"]))
def test_starters_do_what_they_promise(answer_to: Asking, texts: Texts, starter: dict[str, Any]) -> None:
    answer = answer_to(starter["question"])
    (question,) = [item for item in QUESTIONS if item["question"] == starter["question"]]
    assert (answer.finding == "not_enough_evidence") is not starter["answerable"]
    if starter["answerable"]:
        first = next(sentence for sentence in answer.summary if sentence.citations)
        source = answer.citations[first.citations[0]].source
        assert str(texts[source].file) in gold_of(question)  # the first thing that a newcomer reads


def shares(rows: list[tuple[dict[str, Any], Answer]], texts: Texts) -> tuple[float, float, float]:
    """Answered with a marked source, declined, and marked sources that are not called silent."""
    yes = [bool(gold_of(q) & cited_files(a, texts)) for q, a in rows if q["answerable"]]
    no = [a.finding == "not_enough_evidence" for q, a in rows if not q["answerable"]]
    heard = [file in cited_files(a, texts) for q, a in rows for file in gold_of(q)]
    return sum(yes) / len(yes), sum(no) / len(no), sum(heard) / len(heard)


def test_most_questions_are_answered_and_most_without_an_answer_declined(
    answer_to: Asking, texts: Texts
) -> None:
    rows = [
        (number % 2, question, answer_to(question["question"]))
        for number, question in enumerate(QUESTIONS)
        if question["language"] == "en"
    ]
    table = ["half of the questions        answered  declined  sources heard"]
    reached: dict[str, tuple[float, float, float]] = {}
    for name, half in (("used for fitting", [0]), ("never used", [1]), ("both", [0, 1])):
        reached[name] = shares([(q, a) for number, q, a in rows if number in half], texts)
        table.append(f"{name:<28} {reached[name][0]:8.2f}  {reached[name][1]:8.2f}  {reached[name][2]:13.2f}")
    shown = "\n".join(table)
    print(shown)  # noqa: T201 - shown by `pytest -s`, and below when a floor is broken
    answered, declined, heard = reached["never used"]
    assert answered >= ANSWERED and declined >= DECLINED and heard >= HEARD, shown


def test_other_languages_reach_the_articles(answer_to: Asking, texts: Texts) -> None:
    rows = [
        (question, answer_to(question["question"]))
        for question in QUESTIONS
        if question["language"] != "en" and question["answerable"]
    ]
    reached = [bool(gold_of(question) & cited_files(answer, texts)) for question, answer in rows]
    assert sum(reached) / len(reached) >= 0.7
    assert {question["language"] for question, _ in rows} == {"de", "es", "ru", "uk", "zh"}


# --- every citation of every answer ---------------------------------------------------------------

SAMPLE = [sentence for sentence in SENTENCES if 60 < len(sentence) < 200][::12]
# What the other tests ask anyway, so that it is answered once, and pairs of sentences of different places.
ASKED = [
    *(str(question["question"]) for question in QUESTIONS),
    *SAMPLE,
    *(" ".join(two)[:400] for two in zip(SENTENCES[::23], SENTENCES[7::23], strict=False)),
]


def evened(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("question", ASKED)
def test_every_citation_of_every_answer_is_exact(answer_to: Asking, texts: Texts, question: str) -> None:
    answer = answer_to(question)
    found = json.loads(json.dumps(answer.as_json(), ensure_ascii=False))
    contract.check(found, texts)  # the offsets, and that every key and every source is there
    assert found == json.loads(json.dumps(found))
    assert set(contract.keys_of(found)) == set(answer.cited) | set(answer.unused)
    for sentence in answer.summary:
        assert sentence.check == "proved"
        quotes = [evened(answer.citations[key].quote) for key in sentence.citations]
        for start, end in quotations(sentence.text):
            words = evened(sentence.text[start:end])
            assert any(words in quote for quote in quotes), (sentence.text, quotes)


def test_the_sentence_that_was_asked_is_found(answer_to: Asking) -> None:
    """A sentence of an article is the best evidence for itself."""
    found = 0
    for sentence in SAMPLE:
        answer = answer_to(sentence)
        found += any(
            evened(sentence) in evened(answer.citations[key].quote)
            or evened(answer.citations[key].quote) in evened(sentence)
            for key in answer.cited
        )
    assert found / len(SAMPLE) > 0.9
