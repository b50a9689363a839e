"""Answers that say the same and answers that do not; and the suite that counts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.embedding import LocalEmbedder
from assistant.grouping_suite import grouping, metrics, recalls
from assistant.records import EvaluationError
from assistant.sameness import agreement, same_account, spans
from assistant.settings import Settings

# A question, two answers that say the same, and one that does not. None of it is from labelled data.
SETS = [
    (
        "Why was the bridge closed?",
        "The bridge was closed because engineers found cracks in two of its pillars.",
        "Officials shut the crossing after cracks were discovered in the pillars.",
        "The bridge was closed to make room for the mayor's marathon on Sunday.",
    ),
    (
        "How long will the port stay closed?",
        "The port will stay closed for three weeks, the harbour master said.",
        "Ships will have to wait: the harbour is shut for the next three weeks.",
        "The port is to reopen in two days, according to the ministry.",
    ),
    (
        "Why did the minister resign?",
        "The minister stepped down because of the bribery inquiry.",
        "Facing an investigation into bribes, the minister quit on Friday.",
        "The minister resigned to look after his sick wife.",
    ),
    (
        "How many people were hurt in the fire?",
        "The blaze left 12 people injured, the fire brigade said.",
        "Twelve people were hurt, a spokeswoman for the firefighters said.",
        "About 40 residents were hurt, neighbours told the paper.",
    ),
    (
        "What caused the power cut?",
        "A falling tree brought down the main line and cut the power.",
        "The outage began when a tree fell on the high-voltage line.",
        "Hackers who broke into the grid's control room caused the outage.",
    ),
    (
        "How will the city pay for the new tram?",
        "The city will raise parking fees to pay for the tram.",
        "Drivers are to finance the tram by paying more for parking.",
        "A loan from the European Investment Bank covers the cost of the tram.",
    ),
    (
        "When will the vaccine be available?",
        "The vaccine will be available in March 2031, the company said.",
        "Pharmacies get the vaccine in March 2031.",
        "Nobody should expect the vaccine before the end of 2034.",
    ),
    (
        "How did the strikers react to the offer?",
        "The strikers turned the offer down and will go on striking.",
        "Workers rejected the proposal and vowed to continue the strike.",
        "The strikers welcomed the offer and went back to work.",
    ),
    (
        "Who won the election in Varnia?",
        "Helena Brandt won the election in Varnia.",
        "The winner of the vote in Varnia is Helena Brandt.",
        "Victory in Varnia went to the farmer Otto Lindqvist.",
    ),
    (
        "Why are fish dying in the river?",
        "The fish are dying because a paper mill dumped chlorine into the river.",
        "Chlorine from the paper factory is killing the fish.",
        "Experts blame the heat, which has left too little oxygen in the water.",
    ),
    (
        "¿Por qué se canceló el concierto?",
        "El concierto se canceló porque el cantante está enfermo.",
        "La enfermedad del cantante obligó a suspender el concierto.",
        "El concierto se canceló por la amenaza de una tormenta.",
    ),
]

# Missed: synonyms for every word that matters, beside an answer that repeats the question's words.
MISSED = (
    "What will happen to the old stadium?",
    "The old stadium will be torn down to make way for flats.",
    "Demolition of the old arena begins in autumn, and housing will be built there.",
    "The old stadium becomes a museum of sport.",
)


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder()


@pytest.mark.parametrize(("question", "one", "again", "other"), SETS, ids=lambda text: text[:32])
def test_a_paraphrase_is_one_account_and_another_answer_is_not(
    embedder: LocalEmbedder, question: str, one: str, again: str, other: str
) -> None:
    found = {
        (pair.first, pair.second): pair for pair in same_account(question, [one, again, other], embedder)
    }
    assert found[0, 1].same
    assert not found[0, 2].same
    assert not found[1, 2].same


@pytest.mark.xfail(strict=True, reason="a paraphrase that shares no word is not always met")
def test_a_paraphrase_without_a_common_word(embedder: LocalEmbedder) -> None:
    question, one, again, other = MISSED
    assert same_account(question, [one, again, other], embedder)[0].same


def test_with_two_answers_alone_it_is_careful(embedder: LocalEmbedder) -> None:
    # Without other answers to compare with, it finds fewer paraphrases and still joins nothing that differs.
    right, wrong = 0, 0
    for question, one, again, other in SETS:
        right += same_account(question, [one, again], embedder)[0].same
        wrong += same_account(question, [one, other], embedder)[0].same
    assert right >= 7
    assert wrong == 0


def test_equal_answers_are_the_same_and_empty_ones_are_like_nothing(embedder: LocalEmbedder) -> None:
    answers = ["The dam broke at night.", "the dam  broke at night.", "", "  "]
    found = {(pair.first, pair.second): pair.same for pair in same_account("When?", answers, embedder)}
    assert found.pop((0, 1))
    assert len(found) == 5
    assert not any(found.values())
    assert same_account("When?", answers[:1], embedder) == ()


def test_numbers_count_only_where_one_is_asked_for() -> None:
    answers = ["It takes 3 weeks.", "It takes three weeks.", "It takes 5 weeks.", "It takes long."]
    assert agreement("How long does it take?", answers)[0].tolist() == [0, 1, -1, 0]
    assert not agreement("Why does it take so long?", answers).any()


def test_phrases_stand_in_the_answer_and_stay_in_a_sentence() -> None:
    answer = "Gov. Ruiz left because of floods, he said. Then it rained"
    found = [answer[start:end] for start, end in spans(answer)]
    assert "because of floods" in found
    assert not any("said. Then" in text for text in found)
    assert spans("") == []


def _write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def _record(question: str, *answers: tuple[str, object]) -> dict[str, object]:
    return {"question": question, "answers": [{"text": text, "group": group} for text, group in answers]}


def test_the_metric_by_hand() -> None:
    # Groups a a b b: pairs 01 and 23 are the same, 02 03 12 13 are not. Called the same: 01, 02.
    first = recalls([True, False, False, False, False, True], [True, True, False, False, False, False])
    assert (first.same, first.different, first.balanced) == (1 / 2, 3 / 4, 5 / 8)
    # Groups a a b: pair 01. Called the same: all three.
    second = recalls([True, False, False], [True, True, True])
    assert second.balanced == 1 / 2
    # One group only: there is no recall on different pairs, and it is kept out of the mean.
    alone = recalls([True, True, True], [True, True, True])
    assert alone.different is None
    assert metrics([first, second, alone]) == {
        "balanced_accuracy": 0.5625,
        "recall_same": 0.8333,
        "recall_different": 0.375,
        "questions": 3,
        "one_class": 1,
    }


def test_a_perfect_grouping_and_one_by_chance(tmp_path: Path) -> None:
    storm = ("The ferry sank because of a storm.", "The ferry sank because a storm hit it.")
    bomb = ("A bomb on board sank the ferry.", "The ferry was sunk by a bomb on board.")
    question = "Why did the ferry sink?"
    right = _record(question, *((text, 1) for text in storm), *((text, "two") for text in bomb))
    wrong = _record(question, (storm[0], 1), (storm[1], 2), (bomb[0], 1), (bomb[1], 2))
    seen: list[str] = []
    good = grouping(_write(tmp_path / "a.jsonl", right), Settings(), lambda at: seen.append(at.stage))
    bad = grouping(_write(tmp_path / "b.jsonl", wrong), Settings(), lambda _: None)
    assert (good["balanced_accuracy"], good["recall_same"], good["recall_different"]) == (1, 1, 1)
    assert (good["questions"], good["pairs"]) == (1, 6)
    assert bad["balanced_accuracy"] <= 0.5
    assert seen


def test_words_that_a_person_marked_as_the_answer_are_what_is_compared(tmp_path: Path) -> None:
    long = "The ferry, which had left the port of Marn at noon with ninety people, sank because of {}."
    answers = [("a storm", 1), ("a heavy storm", 1), ("a bomb", 2), ("a bomb on board", 2)]
    record = {
        "question": "Why did the ferry sink?",
        "answers": [{"text": long.format(why), "answer": why, "group": group} for why, group in answers],
    }
    found = grouping(_write(tmp_path / "a.jsonl", record), Settings(), lambda _: None)
    assert found["spans"] == 4 and found["balanced_accuracy"] == 1


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({"answers": []}, "'question' is not a text"),
        ({"question": "Why?", "answers": [{"text": "a", "group": 1}]}, "'answers' is not a list of two"),
        (_record("Why?", ("a", 1), ("b", None)), "'answers 2 group' is not"),
        ({"question": "Why?", "answers": [{"group": 1}, {"group": 1}]}, "'answers 1 text' is not"),
        ([], "is no object"),
    ],
)
def test_errors_name_the_line_and_the_field(tmp_path: Path, record: object, named: str) -> None:
    path = _write(tmp_path / "q.jsonl", _record("Why?", ("a", 1), ("b", 2)), record)
    with pytest.raises(EvaluationError, match=r"q\.jsonl line 2") as raised:
        grouping(path, Settings(), lambda _: None)
    assert named in str(raised.value)
    assert "Mend" in str(raised.value)


def test_an_empty_file_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no questions"):
        grouping(_write(tmp_path / "q.jsonl"), Settings(), lambda _: None)
