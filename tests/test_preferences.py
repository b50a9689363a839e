"""What is chosen on the page: kept whole or not at all, below the environment, and no key goes astray."""

from __future__ import annotations

import json
import logging
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant import credentials, preferences, trial
from assistant.embedding import make_embedder
from assistant.endpoint import OPENAI
from assistant.errors import EmbedderError, LibraryError, SettingsError
from assistant.preferences import FIELDS, FILE, Key, Preferences
from assistant.settings import Settings, load
from tests.openai_server import serve


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env but the test's own


def whole(least: int) -> some.SearchStrategy[int]:
    return some.integers(least, 10**9)


def seconds() -> some.SearchStrategy[float]:
    return some.floats(0.01, 10**6)


VALUES: dict[str, some.SearchStrategy[Any]] = {
    "engine": some.sampled_from(["auto", "extractive", "llm"]),
    "base_url": some.sampled_from([None, "http://127.0.0.1:8080/v1", "https://host.example/api"]),
    "model": some.text(some.characters(categories=["L", "N"]), min_size=1, max_size=40),
    "temperature": some.none() | some.floats(0, 2),
    "max_tokens": whole(64),
    "request_timeout": seconds(),
    "token_timeout": seconds(),
    "total_timeout": seconds(),
    "retries": some.integers(0, 10),
    "context_chars": whole(1_000),
    "small_library": whole(1),
    "sources_asked": whole(1),
    "passages_per_source": whole(1),
    "embedder": some.sampled_from(["local", "openai"]),
    "embedding_model": some.text(some.characters(categories=["L", "N"]), min_size=1, max_size=40),
    "judge": some.sampled_from(["guarded", "rules", "trained"]),
}


def test_every_field_is_drawn_and_has_a_label() -> None:
    assert set(VALUES) == set(FIELDS) == set(preferences.LABELS)
    assert "api_key" not in FIELDS


@given(some.fixed_dictionaries({}, optional=VALUES))
def test_what_is_kept_comes_back_and_holds(values: dict[str, Any]) -> None:
    chosen = preferences.checked(values)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "library"
        preferences.write(folder, chosen)
        kept = preferences.read(folder)
        assert kept.problem is None and dict(kept.preferences.chosen) == dict(chosen.chosen)
        assert [file.name for file in folder.iterdir()] == [FILE], "no half-written file is left"
    made = preferences.applied(Settings(), chosen)
    assert all(getattr(made, field) == value for field, value in values.items())
    again = Settings(**{field: getattr(made, field) for field in FIELDS})
    assert all(getattr(again, field) == getattr(made, field) for field in FIELDS)


@given(some.binary(max_size=200) | some.text(max_size=100).map(str.encode))
def test_whatever_the_file_holds_the_settings_can_be_read(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / FILE).write_bytes(data)
        kept = preferences.read(Path(name))
        assert not kept.preferences.chosen
        assert kept.problem is None or FILE in kept.problem


@pytest.mark.parametrize(
    "held",
    ["{", "[]", '{"max_tokens": NaN}', '{"model": "' + "x" * 200_000 + '"}', "[" * 50_000, '"\ud800"'],
)
def test_a_damaged_file_is_named_and_nothing_in_it_holds(tmp_path: Path, held: str) -> None:
    (tmp_path / FILE).write_bytes(held.encode("utf-8", "surrogatepass"))
    kept = preferences.read(tmp_path)
    assert not kept.preferences.chosen and kept.problem is not None
    assert FILE in kept.problem and "Save your settings again" in kept.problem


def test_only_the_values_that_cannot_be_used_are_left_out(tmp_path: Path) -> None:
    held = {
        "model": "own",
        "retries": 99,
        "max_tokens": True,
        "base_url": "file:///x",
        "new": 1,
        "api_key": "k",
    }
    (tmp_path / FILE).write_text(json.dumps(held), encoding="utf-8")
    kept = preferences.read(tmp_path)
    assert dict(kept.preferences.chosen) == {"model": "own"}
    assert kept.problem is not None and "base_url, max_tokens, retries" in kept.problem


def test_a_folder_that_cannot_be_written_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"cannot be saved .*\.env"):
        preferences.write(tmp_path / "file", Preferences())


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("base_url", "127.0.0.1:8080", "no web address"),
        ("base_url", "http://", "no web address"),
        ("base_url", "http://host:port/v1", "no web address"),
        ("base_url", "http://user:secret@host/v1", "own box"),
        ("base_url", "https://host/v1?key=secret", "own box"),
        ("model", "a\nb", "not printed"),
        ("model", "x" * 301, "longer"),
        ("temperature", 2.1, "less than or equal"),
        ("request_timeout", 0, "greater than 0"),
        ("passages_per_source", 1.5, "integer"),
        ("engine", "magic", "'auto'"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_label(name: str, value: object, why: str) -> None:
    with pytest.raises(
        SettingsError, match=f"“{preferences.LABELS[name]}” cannot be used: .*{why}"
    ) as refused:
        preferences.checked({name: value})
    assert "secret" not in str(refused.value)


def test_an_empty_line_is_the_default() -> None:
    assert not preferences.checked({"base_url": " ", "model": "", "temperature": None}).chosen


def test_the_environment_wins_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("NEWS_ASSISTANT_RETRIES=1\n")
    monkeypatch.setenv("OPENAI_MODEL", "of-the-environment")
    chosen = preferences.checked({"model": "own", "retries": 5, "max_tokens": 100})
    made = preferences.applied(load(), chosen)
    assert (made.model, made.retries, made.max_tokens) == ("of-the-environment", 1, 100)
    assert preferences.fixed(load()) == {
        "model": "NEWS_ASSISTANT_MODEL or OPENAI_MODEL",
        "retries": "NEWS_ASSISTANT_RETRIES",
    }
    assert preferences.applied(load(model="argument"), chosen).model == "argument"


@pytest.mark.parametrize("name", preferences.BUDGETS)
def test_the_ranges_of_the_page_are_those_of_the_settings(name: str) -> None:
    range_ = preferences.bounds(name)
    least = range_.least + range_.above * (1 if range_.whole else 1e-6)
    preferences.checked({name: least})
    with pytest.raises(SettingsError):
        preferences.checked({name: range_.least if range_.above else range_.least - 1})
    if range_.most is not None:
        preferences.checked({name: range_.most})
        with pytest.raises(SettingsError):
            preferences.checked({name: range_.most + 1})
    assert math.isfinite(range_.least)


# Keys.

OWN = "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("environment", "typed", "key", "sent", "state"),
    [
        ({"OPENAI_API_KEY": "env"}, None, None, "env", "environment"),
        ({"OPENAI_API_KEY": "env"}, OPENAI + "/", None, "env", "environment"),
        ({"OPENAI_API_KEY": "env"}, OWN, None, None, "withheld"),
        ({"OPENAI_API_KEY": "env"}, OWN, Key("typed", OWN), "typed", "held"),
        ({"OPENAI_API_KEY": "env"}, OWN, Key("typed", "http://127.0.0.1:2/v1"), None, "elsewhere"),
        ({"OPENAI_API_KEY": "env"}, None, Key("typed", OPENAI), "env", "environment"),
        (
            {"OPENAI_API_KEY": "env", "OPENAI_BASE_URL": "http://127.0.0.1:3/v1"},
            OWN,
            None,
            "env",
            "environment",
        ),
        ({"OPENAI_BASE_URL": OWN}, None, Key("typed", OWN), "typed", "held"),
        ({}, OWN, None, None, "none"),
        ({}, None, Key("typed", ""), "typed", "held"),
        ({}, None, Key("typed", OWN), None, "elsewhere"),
    ],
)
def test_a_key_goes_to_the_address_that_it_was_given_for(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    typed: str | None,
    key: Key | None,
    sent: str | None,
    state: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load()
    made = preferences.applied(settings, preferences.checked({"base_url": typed}), key)
    assert (made.api_key.get_secret_value() if made.api_key else None) == sent
    assert credentials.state(settings, made, key) == state


def test_the_key_of_the_environment_reaches_no_server_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    with serve("good") as server:
        chosen = preferences.checked({"base_url": server.url, "embedder": "openai", "embedding_model": "m"})
        made = preferences.applied(load(), chosen)
        assert trial.run(made).pieces > 1
        with pytest.raises(EmbedderError):  # the server speaks chat only; what it was sent is what counts
            make_embedder(made).embed(["a text"], "query")
        assert len(server.requests) >= 2
        for asked in server.requests:
            assert "sk-of-the-environment" not in json.dumps([asked.headers, asked.body])


def test_an_address_of_ones_own_does_not_hold_where_others_use_the_pages() -> None:
    chosen = preferences.checked({"base_url": OWN, "model": "own"})
    made = preferences.applied(load(), chosen, Key("typed", OWN), own_address=False)
    assert made.base_url is None and made.api_key is None and made.model == "own"


def test_a_held_key_is_in_nothing_that_is_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    credentials.hold(tmp_path, "sk-very-secret", OWN)
    key = credentials.held(tmp_path)
    assert key is not None and "very-secret" in key.secret and credentials.held(tmp_path / "other") is None
    made = preferences.applied(load(), preferences.checked({"base_url": OWN}), key)
    preferences.write(tmp_path, preferences.checked({"base_url": OWN, "api_key": "sk-very-secret"}))
    for text in (
        repr(key),
        str(key),
        repr(made),
        made.model_dump_json(),
        (tmp_path / FILE).read_text(),
        caplog.text,
    ):
        assert "very-secret" not in text
    credentials.forget(tmp_path)
    assert credentials.held(tmp_path) is None


def test_an_address_is_shown_without_what_it_may_hide() -> None:
    assert preferences.shown("https://me:secret@host:8443/v1?key=secret#x") == "https://host:8443/v1"
    assert preferences.shown("http://[::1]:80/v1") == "http://[::1]:80/v1"
    assert "secret" not in preferences.shown("http://host:secret/v1") and preferences.shown(None) == ""


def test_what_crosses_a_network_in_clear() -> None:
    clear = ("http://host/v1", "http://10.0.0.1/v1")
    assert all(map(preferences.in_clear, clear))
    assert not any(
        map(preferences.in_clear, (None, "https://host/v1", OWN, "http://localhost:1", "http://[::1]:1"))
    )
