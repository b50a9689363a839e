"""Asking beside the page: stopped, ended or closed, what there is by then is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.answering import ask
from assistant.asking import Asking, Job
from assistant.errors import HistoryError
from assistant.history import History
from assistant.keys import split, whole
from assistant.library import Library
from assistant.models import Article, Filters
from assistant.provenance import hashed, provenance, since
from assistant.saved import Exchange
from assistant.settings import Settings
from tests.openai_server import serve

INJURED = "How many people were injured on the Lantern Bridge?"
COST = "How much will the emergency works cost?"


@contextmanager
def over(library: Library, folder: Path | None = None) -> Iterator[Asking]:
    asking = Asking(library, History(folder / "c.sqlite3" if folder else None))
    try:
        yield asking
    finally:
        asking.close()


def settings(library: Library, url: str) -> Settings:
    return library.settings.model_copy(
        update={"engine": "llm", "base_url": url, "request_timeout": 60.0, "token_timeout": 60.0}
    )


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def outcome(asking: Asking, job: Job) -> Exchange:
    assert job.wait(60)
    found = asking.history.exchange(job.exchange)
    assert found and asking.job(job.exchange) is None
    return found


def test_an_answer_is_saved_with_what_it_rests_on(example: Library) -> None:
    with over(example) as asking:
        talk = asking.history.start(INJURED)
        job = asking.begin(talk, INJURED, Filters(("The Port Sabel Tidings",)), example.settings)
        found = outcome(asking, job)
        assert found.state == "answered" and found.record
        answer, kept = found.record.answer, found.record.provenance
        assert answer.cited and found.record.asked == found.asked
        for key, citation in answer.citations.items():
            article, around = example.article(citation.source), kept.passages[key]
            assert article.text[around.start : around.end] == around.text
            assert around.start <= citation.start and citation.end <= around.end
            assert kept.sources[citation.source].sha256 == hashed(article)
        counts = next(step.counts for step in job.steps if step.counts)
        assert {count.outlet for count in counts} == {"The Port Sabel Tidings"}
        assert sum(count.sources for count in counts) == len(answer.sources)


def test_a_follow_up_is_read_with_what_was_asked_before(example: Library) -> None:
    with over(example) as asking:
        talk = asking.history.start("Did Dmitry Peskov speak of a promise?")
        job = asking.begin(talk, "Did Dmitry Peskov speak of a promise?", Filters(), example.settings)
        outcome(asking, job)
        found = outcome(asking, asking.begin(talk, "What did he say?", Filters(), example.settings))
        assert found.record
        assert any(item.code == "read_as" and "Peskov" in item.text for item in found.record.answer.notices)


def test_stopping_keeps_the_whole_sentences_of_a_model_checked(example: Library) -> None:
    with serve("slow") as server, over(example) as asking:
        talk = asking.history.start(INJURED)
        job = asking.begin(talk, INJURED, Filters(), settings(example, server.url))
        until(lambda: bool(whole(job.partial)))
        job.stop()
        found = outcome(asking, job)
    assert found.state == "interrupted" and found.record
    answer = found.record.answer
    assert answer.engine == "llm" and answer.cited and len(answer.summary) < 3
    assert {sentence.check for sentence in answer.summary} == {"proved"}
    assert [item.code for item in answer.notices].count("interrupted") == 1


def test_stopping_before_a_sentence_is_whole_quotes_the_sources(example: Library) -> None:
    with serve("hang") as server, over(example) as asking:
        talk = asking.history.start(INJURED)
        job = asking.begin(talk, INJURED, Filters(), settings(example, server.url))
        until(lambda: any("model" in step.text for step in job.steps))
        job.stop()
        found = outcome(asking, job)
    assert found.record and found.record.answer.engine == "extractive" and found.record.answer.cited
    assert any(item.code == "stopped" for item in found.record.answer.notices)


def test_two_questions_are_answered_at_the_same_time(example: Library) -> None:
    with over(example) as asking:
        jobs = [
            asking.begin(asking.history.start(question), question, Filters(), example.settings)
            for question in (INJURED, COST)
        ]
        answers = [outcome(asking, job).record for job in jobs]
    assert [record.answer.question for record in answers if record] == [INJURED, COST]


def test_a_failure_is_saved_with_its_reason(example: Library) -> None:
    with over(example) as asking:
        talk = asking.history.start("?!")
        found = outcome(asking, asking.begin(talk, "?!", Filters(), example.settings))
    assert found.state == "failed" and "Type a question" in (found.error or "")


def test_a_program_that_ended_leaves_its_questions_as_interrupted(example: Library, tmp_path: Path) -> None:
    with closing(History(tmp_path / "c.sqlite3")) as left:
        talk = left.start(INJURED)
        exchange = left.begin(talk, INJURED, Filters())
    with over(example, tmp_path) as asking:
        found = asking.history.exchange(exchange)
        assert found and found.state == "interrupted" and "Ask again" in (found.error or "")


def test_what_cannot_be_saved_is_not_asked(example: Library, tmp_path: Path) -> None:
    with over(example, tmp_path) as asking, pytest.raises(HistoryError):
        asking.begin("no such conversation", INJURED, Filters(), example.settings)


def test_an_old_answer_says_what_became_of_its_sources(settings: Settings) -> None:
    url = "https://tidings.example/pier"
    first = Article("a1", "Pier", "The pier was closed on Monday.", "Tidings", "2026-01-01", url=url)
    other = Article(
        "a2", "Pier again", "The pier was shut on Monday, the port said.", "Courant", "2026-01-02"
    )
    newer = Article("a3", "Pier", "The pier was closed on Tuesday.", "Tidings", "2026-01-01", url=url)
    with Library.open(settings) as library:
        library.add([first, other])
        answer = ask(library, "Was the pier closed on Monday?")
        kept = provenance(library, answer)
        cited = {answer.citations[key].source for key in answer.cited}
        assert cited == {"a1", "a2"} and since(library, answer, kept) == []
        library.add([newer])
        library.remove("a2")
        told = {item.source: item.code for item in since(library, answer, kept)}
    assert told == {"a1": "source_replaced", "a2": "source_removed"}


KEY = "p0123abc"


@pytest.mark.parametrize(
    ("draft", "kept"),
    [
        (f"It sank [{KEY}]. It was not", f"It sank [{KEY}]."),
        (f"It sank. [{KEY}] It was not", f"It sank. [{KEY}]"),
        (f"“It sank.” [{KEY}] And th", f"“It sank.” [{KEY}]"),
        (f"It sank [{KEY}], but nobody", ""),
        (f"One [{KEY}]. Two [{KEY}] was denied by", f"One [{KEY}]."),
        (f"It sank [{KEY[:5]}", ""),
        ("It sank. Nobody says so.", ""),
        ("", ""),
    ],
)
def test_what_is_whole_of_a_broken_draft(draft: str, kept: str) -> None:
    assert whole(draft) == kept


@given(some.lists(some.sampled_from([*"ab. “”\n[],", f" [{KEY}]", f"[{KEY}]."]), max_size=40))
def test_a_kept_draft_begins_the_draft_and_cites(parts: list[str]) -> None:
    draft = "".join(parts)
    kept = whole(draft)
    assert draft.startswith(kept)
    assert not kept or any(item.keys for item in split(kept)) or not split(kept)
