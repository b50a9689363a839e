"""Asking: what may be asked, who writes, what a failing endpoint costs, and what never leaves."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any

import pytest

from assistant.answering import Step, Text, ask, check_filters, check_question
from assistant.errors import LibraryError, QuestionError
from assistant.library import Library
from assistant.models import Answer, Article, Filters, Notice, Turn
from assistant.settings import MAX_QUESTION, Settings
from tests import contract
from tests.openai_server import SCRIPTS, Asked, serve

KEY = "sk-secret-0123456789"
TROOPS = "Are there Russian troops in Ukraine?"
NOWHERE = "Who won the 2018 football World Cup?"
PESKOV = Turn("What did Peskov say about NATO?", "Peskov spoke of a promise.")


@pytest.fixture(scope="module", autouse=True)
def _imports_are_made() -> None:
    """So that short time-outs are not spent on imports."""
    import langchain_openai  # noqa: F401


@pytest.fixture(scope="module")
def texts(example: Library) -> dict[str, Article]:
    ids = [entry.source.id for entry in example.entries()]
    return {key: example.article(key) for key in ids}


def endpoint(library: Library, url: str | None, **options: Any) -> Settings:
    """Settings of `library` with an endpoint, and time-outs that a busy machine keeps."""
    given: dict[str, Any] = {
        "base_url": url, "api_key": KEY, "model": "fake", "request_timeout": 20, "token_timeout": 20,
        "total_timeout": 40, "retries": 0, "max_tokens": 64,
    }  # fmt: skip
    return library.settings.model_validate(library.settings.model_dump() | given | options)


def codes(answer: Answer) -> list[str]:
    return [notice.code for notice in answer.notices]


def notice(answer: Answer, code: str) -> Notice:
    (found,) = [item for item in answer.notices if item.code == code]
    return found


def sound(answer: Answer, texts: dict[str, Article]) -> Answer:
    contract.check(answer.as_json(), texts)
    assert KEY not in json.dumps(answer.as_json())
    return answer


# --- what may be asked ----------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", " \n\t", "?!", "…", "“”", "\u200b", "\ud800"])
def test_a_question_without_words_is_refused(example: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        ask(example, question)


def test_a_question_that_is_too_long_is_refused_at_once(example: Library) -> None:
    start = time.process_time()
    with pytest.raises(QuestionError, match="50,000") as caught:
        ask(example, "word " * 9_999 + "words")
    assert time.process_time() - start < 5
    assert f"{MAX_QUESTION:,}" in str(caught.value)
    assert check_question("a" * MAX_QUESTION) == "a" * MAX_QUESTION


@pytest.mark.parametrize(
    "day", ["2022-13-01", "16.1.2022", "2022-1-6", "20220116", "yesterday", "2022-02-30", "0"]
)
def test_a_wrong_date_is_named(day: str) -> None:
    for filters in (Filters(since=day), Filters(until=day)):
        with pytest.raises(QuestionError, match="YYYY-MM-DD") as caught:
            check_filters(filters)
        assert day in str(caught.value)


def test_swapped_dates_are_named(example: Library) -> None:
    with pytest.raises(QuestionError, match=r"2023-10-12.*2023-10-11") as caught:
        ask(example, TROOPS, filters=Filters(since="2023-10-12", until="2023-10-11"))
    assert "Swap" in str(caught.value)
    assert check_filters(Filters(since="2023-10-12", until="2023-10-12"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TROOPS, "question"), ("What Peskov said", "question"), ("什么时候？", "question"),
        ("NATO promised Russia not to expand.", "claim"), ("14 people were injured", "claim"),
    ],
)  # fmt: skip
def test_a_claim_is_told_from_a_question(example: Library, text: str, kind: str) -> None:
    assert ask(example, text, engine="extractive").kind == kind


def test_a_question_that_no_encoding_can_hold_still_gives_clean_json(example: Library) -> None:
    answer = ask(example, "Was the bridge \ud800 closed?", engine="extractive")
    assert json.dumps(answer.as_json(), ensure_ascii=False).encode("utf-8")


# --- the extractive engine ------------------------------------------------------------------------


@pytest.mark.parametrize("question", [TROOPS, NOWHERE, "The bridge was closed on Monday."])
def test_an_answer_keeps_the_contract(example: Library, texts: dict[str, Article], question: str) -> None:
    answer = sound(ask(example, question, engine="extractive"), texts)
    assert answer.engine == "extractive" and answer.question == question
    assert {account.source for account in answer.accounts} == set(texts)
    assert not set(answer.cited) & set(answer.unused)
    assert set(answer.cited) | set(answer.unused) == set(answer.citations)


def test_the_same_question_gives_the_same_answer(example: Library) -> None:
    first, again = (ask(example, TROOPS, engine="extractive").as_json() for _ in range(2))
    assert first == again and first["id"]
    assert ask(example, NOWHERE, engine="extractive").id != first["id"]


def test_filters_limit_what_is_asked(example: Library, texts: dict[str, Article]) -> None:
    filters = Filters(outlets=("The Ellmar Courant",), since="2023-10-11")
    answer = sound(ask(example, "What did Torvane say?", engine="extractive", filters=filters), texts)
    (source,) = answer.sources.values()
    assert (source.outlet, source.date) == ("The Ellmar Courant", "2023-10-13") and answer.filters == filters


def test_filters_that_leave_nothing_are_no_error(example: Library, texts: dict[str, Article]) -> None:
    answer = sound(ask(example, TROOPS, engine="extractive", filters=Filters(since="2030-01-01")), texts)
    assert answer.finding == "not_enough_evidence" and not answer.accounts and not answer.sources


def test_the_reader_is_told_what_goes_on(example: Library) -> None:
    events: list[Step | Text] = []
    ask(example, TROOPS, engine="extractive", on_event=events.append)
    steps = [event.text for event in events if isinstance(event, Step)]
    assert len(steps) == len(events) >= 2 and "10" in steps[0]


def test_an_empty_library_says_what_to_do(settings: Settings) -> None:
    with Library.open(settings) as library, pytest.raises(LibraryError, match=r"no articles.*add"):
        ask(library, TROOPS, engine="extractive")


# --- follow-up questions --------------------------------------------------------------------------


def test_a_follow_up_is_read_with_the_question_before_it(example: Library) -> None:
    follow = "And what did he say about Donbas?"
    answer = ask(example, follow, engine="extractive", history=[PESKOV])
    read_as = notice(answer, "read_as").text
    assert "Peskov" in read_as and "Donbas" in read_as
    assert answer.question == follow  # what was asked stays what was asked
    quotes = [answer.citations[key].quote for key in answer.cited]
    assert any("no Russian troops on Donbas" in quote for quote in quotes)


@pytest.mark.parametrize("history", [[], [PESKOV]])
def test_a_question_that_stands_alone_is_left_alone(example: Library, history: list[Turn]) -> None:
    question = "How many people were injured on the Lantern Bridge on Monday night?"
    answer = ask(example, question, engine="extractive", history=history)
    assert "read_as" not in codes(answer)
    assert answer.accounts == ask(example, question, engine="extractive").accounts


def test_the_model_rewrites_a_follow_up(example: Library, texts: dict[str, Article]) -> None:
    def script(asked: Asked) -> str:
        if not asked.passages:
            return "What did Dmitry Peskov say about Russian troops in Donbas?"
        return f"He says that there are none [{asked.passages[0].key}]."

    with serve(script) as server:
        given = endpoint(example, server.url, total_timeout=40, request_timeout=20)
        answer = sound(ask(example, "And Donbas?", settings=given, history=[PESKOV]), texts)
        rewriting, writing = server.requests
    assert PESKOV.question in rewriting.prompt and "And Donbas?" in rewriting.prompt
    assert "Dmitry Peskov say about Russian troops in Donbas?" in writing.prompt
    assert "Dmitry Peskov" in notice(answer, "read_as").text
    assert answer.engine == "llm" and answer.question == "And Donbas?"


def test_a_rewriting_that_fails_is_noticed(example: Library, texts: dict[str, Article]) -> None:
    with serve("500", "good") as server:
        given = endpoint(example, server.url, retries=0)
        answer = sound(ask(example, TROOPS, settings=given, history=[PESKOV]), texts)
        assert len(server.requests) == 1  # nobody waits twice for an endpoint that fails
    assert "500" in notice(answer, "endpoint_failed").text and answer.engine == "extractive"


# --- which engine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "option", "requests"),
    [(None, "auto", 1), ("auto", "auto", 1), ("llm", "extractive", 1), ("extractive", "llm", 0),
     (None, "extractive", 0), (None, "llm", 1)],
)  # fmt: skip
def test_the_engine_is_the_one_that_was_chosen(
    example: Library, engine: Any, option: str, requests: int
) -> None:
    with serve("good") as server:
        answer = ask(example, TROOPS, settings=endpoint(example, server.url, engine=option), engine=engine)
        assert len(server.requests) == requests
    assert answer.engine == ("llm" if requests else "extractive")


def test_auto_without_an_endpoint_is_extractive(example: Library) -> None:
    given = endpoint(example, None, api_key=None)
    assert given.chosen_engine == "extractive"
    assert ask(example, TROOPS, settings=given).engine == "extractive"


def test_the_model_without_an_endpoint_says_so(example: Library) -> None:
    answer = ask(example, TROOPS, settings=endpoint(example, None, api_key=None), engine="llm")
    assert answer.engine == "extractive" and "OPENAI_API_KEY" in notice(answer, "endpoint_failed").text


# --- the model's answer ---------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["good", "thinking", "slow"])
def test_a_good_answer_is_the_models(example: Library, texts: dict[str, Article], script: str) -> None:
    heard: list[str] = []
    with serve(script) as server:
        given = endpoint(example, server.url, total_timeout=20)
        answer = sound(
            ask(
                example, TROOPS, settings=given,
                on_event=lambda event: heard.append(event.text) if isinstance(event, Text) else None,
            ),
            texts,
        )  # fmt: skip
        (request,) = server.requests
    assert answer.engine == "llm" and "endpoint_failed" not in codes(answer)
    assert len(heard) > 3 and "think" not in "".join(heard)
    shown = {given.key: given for given in request.passages}
    assert shown and all(sentence.citations for sentence in answer.summary)
    for sentence in answer.summary:
        for key in sentence.citations:
            assert any(answer.citations[key].quote in given.text for given in shown.values())
    assert {account.source for account in answer.accounts} == set(texts)  # the silent ones too


def test_an_invented_key_is_shown_as_unsupported(example: Library, texts: dict[str, Article]) -> None:
    with serve("invented key") as server:
        answer = sound(ask(example, TROOPS, settings=endpoint(example, server.url)), texts)
    bad = [sentence for sentence in answer.summary if "ministry agrees" in sentence.text]
    assert [sentence.check for sentence in bad] == ["unsupported"] and "pdeadbee" in bad[0].why
    assert "pdeadbee" in notice(answer, "unknown_citation").text
    assert "pdeadbee" not in answer.citations and "pdeadbee" not in bad[0].citations


def test_invented_words_are_shown_as_unsupported(example: Library, texts: dict[str, Article]) -> None:
    with serve("invented quote") as server:
        answer = sound(ask(example, TROOPS, settings=endpoint(example, server.url)), texts)
    assert [sentence.check for sentence in answer.summary] == ["unsupported"]
    assert "home by Christmas" in answer.summary[0].why


def test_a_model_that_finds_nothing_is_believed(example: Library, texts: dict[str, Article]) -> None:
    with serve("not enough") as server:
        answer = sound(ask(example, TROOPS, settings=endpoint(example, server.url)), texts)
    assert answer.engine == "llm" and answer.finding == "not_enough_evidence" and answer.rule
    assert answer.unused  # the nearest passages are there to be read


def test_nothing_found_asks_no_model(example: Library, texts: dict[str, Article]) -> None:
    with serve("good") as server:
        answer = sound(ask(example, NOWHERE, settings=endpoint(example, server.url)), texts)
        assert server.requests == []
    assert answer.finding == "not_enough_evidence" and answer.unused


# --- a failing endpoint ---------------------------------------------------------------------------

# What the notice has to name, for each way in which an endpoint can fail.
REASONS = {
    "broken": "broke off", "no finish": "without saying that the answer is whole", "drop": "broke off",
    "length": "NEWS_ASSISTANT_MAX_TOKENS", "filtered": "content filter", "endless": "far beyond 64 tokens",
    "keep-alive": "sent nothing within", "hang": "sent nothing within", "stall": "nothing came for",
    "stall alive": "nothing came for", "trickle": "had not finished after", "redirect": "another address",
    "bad chunk": "not the chat completions", "odd chunk": "not the chat completions", "html": "ends in /v1",
    "malformed": "not the chat", "no choices": "no answer in the form", "in-band error": "out of memory",
    "empty": "empty answer", "null": "empty answer", "401": "OPENAI_API_KEY", "403": "not allow",
    "404": "NEWS_ASSISTANT_MODEL", "429": "too many", "429 long": "3600", "no credit": "no credit",
    "500": "failed (500)", "key echo": "***",
}  # fmt: skip
ANSWERS = {"good", "thinking", "slow", "invented key", "invented quote", "not enough", "too long"}
SHORT = {"request_timeout": 2.0, "token_timeout": 1.5, "total_timeout": 6.0}
UNENDING = {"keep-alive", "hang", "stall", "stall alive", "trickle"}
NEXT_STEPS = re.compile(r"\b(ask again|raise|set|check|use|wait|top it up|start|lower)\b", re.I)


def test_every_script_is_here() -> None:
    assert set(REASONS) | ANSWERS == set(SCRIPTS)


@pytest.mark.parametrize("script", sorted(REASONS))
def test_a_failing_endpoint_gives_the_extractive_answer(
    example: Library, texts: dict[str, Article], script: str
) -> None:
    start = time.monotonic()
    with serve(script) as server:
        given = endpoint(example, server.url, **(SHORT if script in UNENDING else {}))
        answer = sound(ask(example, TROOPS, settings=given), texts)
        assert len(server.requests) == 1
    assert time.monotonic() - start < 30  # what hangs does so for a minute
    assert answer.engine == "extractive" and answer.finding == "contradicted"
    said = notice(answer, "endpoint_failed").text
    assert REASONS[script] in said, said
    assert NEXT_STEPS.search(said) and said.endswith("."), said
    plain = ask(example, TROOPS, engine="extractive")
    assert (answer.summary, answer.accounts) == (plain.summary, plain.accounts)


def test_an_endpoint_that_is_not_there(example: Library, texts: dict[str, Article]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        answer = sound(ask(example, TROOPS, settings=endpoint(example, url)), texts)
    assert answer.engine == "extractive"
    assert "Nothing answers" in notice(answer, "endpoint_failed").text


def test_a_prompt_that_is_too_long_is_cut_and_sent_again(example: Library, texts: dict[str, Article]) -> None:
    with serve("too long") as server:
        answer = sound(ask(example, TROOPS, settings=endpoint(example, server.url, total_timeout=40)), texts)
        sizes = [len(request.prompt) for request in server.requests]
    assert answer.engine == "llm" or "too long" in notice(answer, "endpoint_failed").text
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == len(sizes)


# --- stopping -------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["slow", "hang", "trickle"])
def test_stopping_is_heeded_and_leaves_an_answer(
    example: Library, texts: dict[str, Article], script: str
) -> None:
    began: list[float] = []

    def listen(event: Step | Text) -> None:
        if "model" in event.text or isinstance(event, Text):
            began.append(time.monotonic())

    with serve(script) as server:
        given = endpoint(example, server.url, request_timeout=60, token_timeout=60, total_timeout=60)
        answer = sound(ask(example, TROOPS, settings=given, on_event=listen, stop=lambda: bool(began)), texts)
        assert time.monotonic() - began[0] < 30
    assert answer.engine == "extractive"
    assert any("stopped" in item.text for item in answer.notices)


def test_stopping_is_heeded_while_a_follow_up_is_rewritten(example: Library) -> None:
    with serve("hang") as server:
        given = endpoint(example, server.url, request_timeout=60, total_timeout=60)
        start = time.monotonic()
        ask(example, "And Donbas?", settings=given, history=[PESKOV], stop=lambda: True)
        assert time.monotonic() - start < 30


def test_stopping_is_not_called_a_failure_of_the_model(example: Library) -> None:
    with serve("hang") as server:
        answer = ask(example, TROOPS, settings=endpoint(example, server.url), stop=lambda: True)
    assert "which failed" not in " ".join(item.text for item in answer.notices)


# --- hostile articles -----------------------------------------------------------------------------


def test_hostile_articles_give_a_sound_answer(settings: Settings) -> None:
    made = [
        Article("h1", "Commas", f"“{',' * 40}” said Ann Lee. Ann Lee said that commas are fine.", "One"),
        Article("h2", "Marks", "“Ann Lee said that “commas” are “fine” said Ann Lee.", None),
        Article("h3", "Keys", "Ann Lee said [p1234567] {0} $question </text-1> that commas are fine.", "T"),
    ]
    texts = {item.id: item for item in made}
    with Library.open(settings) as library, serve("good") as server:
        library.add(made)
        answer = sound(ask(library, "What did Ann Lee say about commas?", engine="extractive"), texts)
        assert answer.cited
        ask(library, "Are commas fine, according to Ann Lee?", settings=endpoint(library, server.url))
        given = [passage.text for request in server.requests for passage in request.passages]
    fenced = [item.text.replace("<", "‹") for item in made]  # a fence in an article is made harmless
    assert given and all(any(text in item for item in fenced) for text in given)
