"""Settings: where each value comes from, which one wins, and a wrong one refused by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, load, packaged


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env but the test's own


def test_without_any_setting_the_assistant_works_offline() -> None:
    settings = load()
    assert settings.chosen_engine == "extractive" and settings.embedder == "local"
    assert settings.library == Path("library") and settings.api_key is None and settings.base_url is None
    assert 1 <= settings.threads <= 4


def test_arguments_win_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("NEWS_ASSISTANT_RETRIES=1\nNEWS_ASSISTANT_MODEL=from-file\nOPENAI_API_KEY=k\n")
    settings = load()
    assert (settings.retries, settings.model) == (1, "from-file")
    assert settings.api_key is not None and settings.api_key.get_secret_value() == "k"
    monkeypatch.setenv("NEWS_ASSISTANT_RETRIES", "3")
    assert (load().retries, load().model) == (3, "from-file")
    assert load(retries=4).retries == 4


def test_arguments_that_are_none_are_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_ASSISTANT_LIBRARY", "elsewhere")
    assert load(library=None).library == Path("elsewhere")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEWS_ASSISTANT_LIBRARY", "NEWS_ASSISTANT_THREADS", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "")
    settings = load()
    assert settings.library == Path("library") and settings.chosen_engine == "extractive"


def test_names_without_the_prefix_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "MODEL", "BASE_URL", "LIBRARY", "ENGINE"):
        monkeypatch.setenv(name, "llm")
    settings = load()
    assert settings.api_key is None and settings.base_url is None and settings.model != "llm"
    assert settings.library == Path("library") and settings.engine == "auto"


@pytest.mark.parametrize(
    ("field", "own", "shared"),
    [
        ("model", "NEWS_ASSISTANT_MODEL", "OPENAI_MODEL"),
        ("base_url", "NEWS_ASSISTANT_BASE_URL", "OPENAI_BASE_URL"),
        ("base_url", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    ],
)
def test_our_names_win_over_those_that_every_tool_reads(
    monkeypatch: pytest.MonkeyPatch, field: str, own: str, shared: str
) -> None:
    monkeypatch.setenv(shared, "http://shared")
    assert getattr(load(), field) == "http://shared"
    monkeypatch.setenv(own, "http://own")
    assert getattr(load(), field) == "http://own"
    assert getattr(load(**{field: "http://given"}), field) == "http://given"


@pytest.mark.parametrize(
    ("variables", "engine"),
    [
        ({}, "extractive"),
        ({"OPENAI_API_KEY": "k"}, "llm"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "llm"),
        ({"OPENAI_API_KEY": "k", "NEWS_ASSISTANT_ENGINE": "extractive"}, "extractive"),
        ({"NEWS_ASSISTANT_ENGINE": "llm"}, "llm"),
    ],
)
def test_auto_takes_the_model_when_there_is_an_endpoint(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], engine: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load().chosen_engine == engine


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWS_ASSISTANT_ENGINE", "magic"),
        ("NEWS_ASSISTANT_THREADS", "0"),
        ("NEWS_ASSISTANT_THREADS", "two"),
        ("NEWS_ASSISTANT_TEMPERATURE", "2.5"),
        ("NEWS_ASSISTANT_RETRIES", "-1"),
        ("NEWS_ASSISTANT_TOTAL_TIMEOUT", "0"),
        ("NEWS_ASSISTANT_SMALL_LIBRARY", "0"),
        ("NEWS_ASSISTANT_EMBEDDER", "cloud"),
        ("NEWS_ASSISTANT_MAX_TOKENS", "many"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=rf"The setting {variable} cannot be used: .+ or unset it\."):
        load()
    monkeypatch.delenv(variable)
    with pytest.raises(SettingsError, match=variable):
        load(**{variable.removeprefix("NEWS_ASSISTANT_").lower(): value})


def test_a_settings_file_that_is_no_text_is_refused_with_a_next_step() -> None:
    Path(".env").write_bytes(b"OPENAI_API_KEY=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env .*cannot be read.*UTF-8"):
        load()


def test_an_unknown_variable_of_ours_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_ASSISTANT_COLOUR", "blue")
    assert load() == load()


def test_the_key_is_in_no_text_that_could_be_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("NEWS_ASSISTANT_THREADS", "0")
    with pytest.raises(SettingsError) as refused:
        load()
    monkeypatch.delenv("NEWS_ASSISTANT_THREADS")
    settings = load()
    for text in (repr(settings), str(settings), settings.model_dump_json(), str(refused.value)):
        assert "very-secret" not in text


def test_settings_cannot_be_changed_afterwards() -> None:
    settings: Any = Settings()
    with pytest.raises(ValidationError):
        settings.engine = "llm"


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no description"


@pytest.mark.parametrize("name", ["prompts", "corpus", "app.py"])
def test_what_ships_beside_the_package_is_found(name: str) -> None:
    assert packaged(name).exists()


def test_the_chat_reads_the_same_file_as_the_command(tmp_path: Path) -> None:
    # What is told here is where Streamlit is started, and for which library.
    told = tmp_path / "told"
    code = (
        "import os; from pathlib import Path; from streamlit.web import cli\n"
        "from assistant.serving import serve\n"
        f"def main(command, prog_name): Path({str(told)!r}).write_text("
        'f\'{os.getcwd()} {os.environ["NEWS_ASSISTANT_LIBRARY"]} {" ".join(command)}\')\n'
        "cli.main = main; serve(Path('app.py'), Path('library'), 8501)"
    )
    environment = {**os.environ, "PYTHONPATH": str(packaged("app.py").parent)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    folder, library, command = told.read_text().split(" ", 2)
    assert Path(folder) == tmp_path and Path(library) == tmp_path / "library"
    assert "--server.address 127.0.0.1" in command
