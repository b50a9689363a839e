"""Saved conversations: what was saved is found again, whole, whatever else happens."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant import history, saved
from assistant.errors import AnswerNotFound, HistoryError
from assistant.history import FILE, History
from assistant.models import Filters, Notice
from assistant.saved import Around, Held, Overruling, Provenance, Record
from tests.answers import ARTICLES, flawed

ANSWER = flawed(*ARTICLES)
HELD = Provenance(
    {source: Held("ab" * 32, "2026-01-02T03:04:05+00:00", "Ann", "a.md") for source in ANSWER.sources},
    {key: Around(each.start, each.end, each.quote) for key, each in ANSWER.citations.items()},
)
RECORD = Record(ANSWER, "2026-01-02T03:04:05+00:00", HELD)


def overruling(reason: str = "It is a report.", given: str = "mentions") -> Overruling:
    return Overruling("stance", ARTICLES[0].id, "affirms", given, reason, "A. Reader", history.now())


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[History]:
    with closing(History.of(tmp_path)) as opened:
        yield opened


def ask(to: History, question: str = ANSWER.question, record: Record = RECORD) -> tuple[str, str]:
    talk = to.start(question)
    exchange = to.begin(talk, question, Filters(("Courant",), "2023-10-01"))
    to.answered(exchange, record)
    return talk, exchange


def test_an_answer_is_found_again_whole_by_another_program(conversations: History, tmp_path: Path) -> None:
    talk, exchange = ask(conversations)
    with closing(History.of(tmp_path)) as later:
        found = later.exchange(exchange)
        assert found and found.record == RECORD and found.state == "answered"
        assert found.filters == Filters(("Courant",), "2023-10-01")
        assert [item.id for item in later.exchanges(talk)] == [exchange]
        assert later.answer(ANSWER.id).id == exchange


def test_conversations_are_named_searched_renamed_and_removed(conversations: History) -> None:
    first, _ = ask(conversations)
    second = conversations.start("  Où est\nla  mairie ? " + "word " * 40)
    names = [each.name for each in conversations.conversations()]
    assert names[0].startswith("Où est la mairie ?") and len(names[0]) <= history.LONGEST_NAME
    assert [each.id for each in conversations.conversations("OU mairie")] == [second]
    said = ANSWER.summary[0].text.split()[1]
    assert [each.id for each in conversations.conversations(said)] == [first], "words of the answer"
    conversations.rename(first, "Bridge")
    conversations.rename(first, "   ")
    assert [each.name for each in conversations.conversations("bridge") if each.id == first] == ["Bridge"]
    conversations.remove(first)
    assert conversations.conversation(first) is None and conversations.exchanges(first) == []
    with pytest.raises(AnswerNotFound, match="ask again"):
        conversations.answer(ANSWER.id)


def test_a_readers_judgement_lies_beside_the_answer_and_can_be_taken_back(conversations: History) -> None:
    _, exchange = ask(conversations)
    first, second = overruling(), overruling("No, they deny it.", "denies")
    conversations.overrule(exchange, first)
    conversations.overrule(exchange, second)
    record = conversations.answer(ANSWER.id).record
    assert record and record.answer == ANSWER, "what the assistant found stays as it was"
    assert record.overrulings == (first, second)
    assert record.overruling("stance", ARTICLES[0].id) == second
    assert record.overruling("sentence", "0") is None
    conversations.withdraw(exchange, second)
    again = conversations.answer(ANSWER.id).record
    assert again and again.overruling("stance", ARTICLES[0].id) == first


def test_what_was_running_when_a_program_ended_is_told(conversations: History) -> None:
    talk = conversations.start("q")
    exchange = conversations.begin(talk, "q", Filters())
    conversations.unanswered(exchange, "running", "Half an ans")
    conversations.left_running("interrupted", "The chat was ended.")
    found = conversations.exchange(exchange)
    assert found and (found.state, found.partial) == ("interrupted", "Half an ans")
    conversations.answered(exchange, RECORD)  # by a program that had not ended after all
    found = conversations.exchange(exchange)
    assert found and (found.state, found.partial, found.error) == ("answered", "", None)


def test_an_answer_that_was_stopped_is_marked(conversations: History) -> None:
    stopped = replace(ANSWER, notices=(Notice("interrupted", "Stopped."),))
    _, exchange = ask(conversations, record=Record(stopped, "now"))
    found = conversations.exchange(exchange)
    assert found and found.state == "interrupted" and found.record


def test_the_terminal_keeps_its_last_answers_only(
    conversations: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_TERMINAL", 3)
    talk, in_a_conversation = ask(conversations)
    asked = []
    for number in range(5):
        asked.append(conversations.begin(None, f"q{number}", Filters()))
        conversations.answered(asked[-1], RECORD)
    assert [conversations.exchange(each) is not None for each in asked] == [False, False, True, True, True]
    assert conversations.exchange(in_a_conversation) and conversations.exchanges(talk)


def test_threads_write_at_the_same_time_and_lose_nothing(tmp_path: Path) -> None:
    with closing(History.of(tmp_path)) as one, closing(History.of(tmp_path)) as other:
        talk = one.start("many")

        def work(to: History) -> None:
            for _ in range(15):
                to.answered(to.begin(talk, "q", Filters()), RECORD)

        threads = [threading.Thread(target=work, args=(to,)) for to in (one, other, one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [item.record for item in one.whole(talk)] == [RECORD] * 60


@pytest.mark.parametrize("damage", [b"not a database at all, but text" * 50, b""])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    if not damage:
        History.of(tmp_path).close()  # nothing in it: begun anew
        return
    with pytest.raises(HistoryError, match="move that file away"):
        History.of(tmp_path)


def test_a_damaged_record_is_told_and_the_others_can_be_read(conversations: History, tmp_path: Path) -> None:
    _, bad = ask(conversations)
    _, good = ask(conversations)
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("UPDATE exchanges SET record = '{\"answer\": 1}' WHERE id = ?", (bad,))
    with pytest.raises(HistoryError, match="entry is damaged"):
        conversations.exchange(bad)
    found = conversations.exchange(good)
    assert found and found.record == RECORD


def test_without_a_file_nothing_is_written(tmp_path: Path) -> None:
    with closing(History(None)) as memory:
        talk, _ = ask(memory)
        assert memory.exchanges(talk)
    assert list(tmp_path.iterdir()) == []


@given(some.text(max_size=60), some.text(some.characters(codec="utf-8"), max_size=60))
def test_any_words_are_saved_as_they_were(question: str, reason: str) -> None:
    with closing(History(None)) as memory:
        talk, exchange = memory.start(question), ""
        exchange = memory.begin(talk, question, Filters((reason,)))
        memory.answered(exchange, RECORD)
        memory.overrule(exchange, overruling(reason))
        found = memory.exchange(exchange)
        assert found and found.record and found.record.overrulings[0].reason == reason
        assert found.filters.outlets == (reason,)
        assert saved.read(saved.written(found.record)) == found.record
        assert memory.conversations(question)[0].id == talk or not question.strip()


def test_an_answer_is_never_altered_once_it_is_saved(conversations: History) -> None:
    """Two programs over one library may both answer a question; what a reader has read stays."""
    _, exchange = ask(conversations)
    conversations.overrule(exchange, overruling())
    kept = conversations.exchange(exchange)
    other = replace(RECORD, answer=replace(ANSWER, id="0" * 12))
    conversations.resumed(exchange)
    conversations.unanswered(exchange, "running", "Forty")
    conversations.left_running("interrupted", "ended")
    conversations.unanswered(exchange, "failed", error="No network.")
    conversations.answered(exchange, other)
    assert conversations.exchange(exchange) == kept and kept and kept.state == "answered"


def test_asking_again_hides_no_correction_of_an_answer(conversations: History) -> None:
    _, first = ask(conversations)
    conversations.overrule(first, overruling())
    ask(conversations)
    assert conversations.answer(ANSWER.id).id == first


def test_one_overruling_takes_the_place_of_another_or_neither_is_changed(conversations: History) -> None:
    _, exchange = ask(conversations)
    first, second = overruling("One."), overruling("Two.")
    conversations.overrule(exchange, first)
    conversations.overrule(exchange, second, first)
    found = conversations.exchange(exchange)
    assert found and found.record and found.record.overrulings == (second,)


def test_half_a_sign_that_a_model_wrote_is_saved_as_one_that_is_seen(conversations: History) -> None:
    exchange = conversations.begin(None, "Who?", Filters())
    conversations.unanswered(exchange, "running", "It burns \ud83d")
    found = conversations.exchange(exchange)
    assert found and found.partial == "It burns \ufffd"
