"""The test of an endpoint: what a reader is told of one that works, and of each way of not working."""

from __future__ import annotations

import time

import pytest

from assistant import trial
from assistant.endpoint import Endpoint
from assistant.errors import ModelError
from assistant.settings import Settings
from tests.openai_server import Server, serve


def settings(server: Server, **more: object) -> Settings:
    return Settings(base_url=server.url, model="own", **more)  # type: ignore[arg-type]


def test_a_sound_endpoint_is_told_with_its_times() -> None:
    with serve(lambda _: "yes, indeed") as server:
        said = trial.run(settings(server)).said
        sent = server.requests[0].body
    assert said.startswith(f"{server.url.split('/')[2]} was reached. The model own began to answer after ")
    assert "streamed in 2 pieces" in said
    assert (sent["max_tokens"], sent["model"], sent["stream"]) == (64, "own", True)


def test_what_is_less_than_usual_is_told_too() -> None:
    with serve(lambda _: "yes") as server:
        assert "in one piece: answers will appear all at once" in trial.run(settings(server)).said
    with serve("empty") as server:
        assert "It wrote no word within 64 tokens" in trial.run(settings(server)).said


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("401", "refused the key"),
        ("404", "has no model “own”"),
        ("500", "failed"),
        ("html", "not the chat completions protocol|without an answer"),
        ("drop", "broke off"),
        ("redirect", "another address"),
        ("in-band error", "reported an error"),
        ("key echo", "refused the request"),
    ],
)
def test_a_failure_says_what_to_do_and_never_the_key(script: str, said: str) -> None:
    with serve(script) as server, pytest.raises(ModelError, match=said) as failed:
        trial.run(settings(server, api_key="sk-very-secret"))
    assert "very-secret" not in str(failed.value)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("hang", "sent nothing within 0.5 s"),
        ("stall alive", "was reached, but"),
        ("endless", "was reached, but"),
    ],
)
def test_a_slow_endpoint_is_not_waited_for(script: str, said: str) -> None:
    with serve(script) as server:
        Endpoint(settings(server)).prepare()  # what takes time is imported before the clock runs
        began = time.monotonic()
        with pytest.raises(ModelError, match=said):
            trial.run(settings(server), seconds=0.5)
        assert time.monotonic() - began < 5


def test_nothing_there() -> None:
    with serve() as server:
        gone = settings(server)
    with pytest.raises(ModelError, match="Nothing answers"):
        trial.run(gone)
