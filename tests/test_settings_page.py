"""The Settings page: what it saves holds on the other pages, what is fixed is told, and no key is shown."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from assistant import chroma, credentials
from assistant.preferences import FILE
from assistant.settings import MAX_FILE_BYTES, packaged
from tests.openai_server import serve
from tests.pages import APP, INJURED, ROOT, SOURCES, Opened, cited, put, seen

SETTINGS = ROOT / "assistant" / "pages" / "settings.py"


@pytest.fixture(autouse=True)
def _forgetful(folder: Path) -> Iterator[None]:
    yield
    credentials.forget(folder)


def control(app: AppTest, label: str) -> Any:
    """The one control with that label."""
    controls: list[Any] = [*app.text_input, *app.number_input, *app.radio]
    (found,) = [item for item in controls if item.label == label]
    return found


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_what_is_saved_holds_on_the_other_pages_and_goes_back(folder: Path, opened: Opened) -> None:
    app = opened(SETTINGS)
    control(app, "Engine").set_value("llm").run()
    control(app, "Model").set_value("own-model").run()
    control(app, "Passages read from each source").set_value(2).run()
    assert "not saved yet" in seen(app) and not (folder / FILE).exists()
    press(app, "Save")
    assert "Saved." in seen(app) and "not saved yet" not in seen(app)
    assert json.loads((folder / FILE).read_text()) == {
        "engine": "llm", "model": "own-model", "passages_per_source": 2,
    }  # fmt: skip
    assert "own\\-model" in seen(app.switch_page(str(ROOT / "assistant" / "pages" / "chat.py")).run())
    app = opened(SETTINGS)
    assert control(app, "Model").value == "own-model"
    press(app, "Back to defaults")
    assert control(app, "Model").value == "gpt-5-mini" and json.loads((folder / FILE).read_text()) == {}
    assert "Extractive" in seen(opened())


def test_what_the_environment_sets_is_shown_and_cannot_be_changed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:secret@127.0.0.1:1/v1?key=secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    app = opened(SETTINGS)
    assert control(app, "Model").value == "of-the-environment" and control(app, "Model").disabled
    assert control(app, "Endpoint address").value == "http://127.0.0.1:1/v1"
    text = seen(app)
    assert "Set by NEWS\\_ASSISTANT\\_MODEL or OPENAI\\_MODEL" in text.replace("\u2060", "")
    assert "A key is set in the environment" in text
    assert "sk-of" not in str(app._tree) and "secret" not in str(app._tree)
    assert not control(app, "Engine").disabled


def test_a_value_that_cannot_be_used_is_said_and_not_saved(folder: Path, opened: Opened) -> None:
    app = opened(SETTINGS)
    control(app, "Endpoint address").set_value("ftp://host").run()
    assert "cannot be used" in seen(app) and "web address" in seen(app)
    assert next(button for button in app.button if button.label == "Save").disabled
    assert not (folder / FILE).exists()


def test_a_key_answers_questions_and_is_left_nowhere(folder: Path, opened: Opened) -> None:
    app = opened(SETTINGS)
    with serve("good") as server:
        control(app, "Endpoint address").set_value(server.url).run()
        box = next(item for item in app.text_input if item.label.startswith("Key for"))
        box.set_value("sk-typed")
        press(app, "Use this key")
        assert "A key is set (for this run)." in seen(app)
        assert "sk-typed" not in str(app._tree)
        assert server.url in repr(app.session_state) and "sk-typed" not in repr(app.session_state)
        press(app, "Save")
        press(app, "Test the endpoint")
        assert "was reached" in seen(app).replace("\u2060", "")
        app.switch_page(str(ROOT / "assistant" / "pages" / "chat.py")).run()
        put(app, INJURED)
        assert len(server.requests) >= 2
        assert {asked.headers["authorization"] for asked in server.requests} == {"Bearer sk-typed"}
        control(app.switch_page(str(SETTINGS)).run(), "Endpoint address").set_value(
            f"{server.url}/other"
        ).run()
        assert "is not sent to this one" in seen(app)
        press(app, "Forget the key")
        assert "No key is set" in seen(app) and credentials.held(folder) is None
    assert "sk-typed" not in (folder / FILE).read_text()


def test_a_test_that_fails_says_why(opened: Opened) -> None:
    app = opened(SETTINGS)
    with serve("401") as server:
        control(app, "Endpoint address").set_value(server.url).run()
        press(app, "Test the endpoint")
    assert "The test failed" in seen(app) and "refused the key" in seen(app)


def test_a_damaged_file_is_named_on_every_page(folder: Path, opened: Opened) -> None:
    (folder / FILE).write_text("{")
    for page in (None, SOURCES, SETTINGS):
        assert "preferences\\.json" in seen(opened(page))


def test_another_embedder_is_warned_of_and_the_library_embedded_anew(folder: Path, opened: Opened) -> None:
    app = opened(SETTINGS)
    control(app, "Embedder").set_value("openai").run()
    with serve("good") as server:  # it has no embeddings: what was embedded must be kept
        control(app, "Endpoint address").set_value(server.url).run()
        press(app, "Save")
        assert "multilingual" in seen(app) and "another embedder" in seen(app)
        press(app, "Embed everything anew")
        for _ in range(60):
            if "gave no vectors" in seen(app):
                break
            app.run()
    assert "gave no vectors" in seen(app)
    press(app, "Back to defaults")
    assert "another embedder" not in seen(app)
    assert cited(put(opened(), INJURED)) and folder.exists()


def test_the_upload_limit_is_stated_and_is_the_one_that_holds(opened: Opened) -> None:
    assert config.get_option("server.maxUploadSize") * 1_000_000 == MAX_FILE_BYTES
    assert "Files up to 50 MB" in seen(opened(SETTINGS)) and "Up to 50 MB a file" in seen(opened(SOURCES))


def test_there_is_no_telemetry_and_only_this_machine_is_served() -> None:
    held = tomllib.loads((packaged("app.py").parent / ".streamlit" / "config.toml").read_text("utf-8"))
    assert held["browser"]["gatherUsageStats"] is False and held["server"]["address"] == "127.0.0.1"
    assert held["server"]["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert config.get_option("browser.gatherUsageStats") is False
    assert config.get_option("server.enableXsrfProtection") and config.get_option("server.enableCORS")
    assert chroma._quiet().anonymized_telemetry is False


# Who may see the pages.


@pytest.fixture
def options() -> Iterator[Any]:
    """Sets options of Streamlit, for one test."""
    before: dict[str, Any] = {}

    def setting(name: str, value: Any) -> None:
        before.setdefault(name, config.get_option(name))
        config._set_option(name, value, "the test")
        st.secrets._reset()

    yield setting
    for name, value in before.items():
        config._set_option(name, value, "the test")
    st.secrets._reset()


@pytest.mark.parametrize("page", [None, SOURCES, SETTINGS])
def test_a_server_that_others_reach_warns_on_every_page(
    page: Path | None, opened: Opened, options: Any
) -> None:
    said = "Anyone who can reach this address reads and changes this library"
    assert said not in seen(opened(page))
    options("server.address", "0.0.0.0")
    app = opened(page)
    assert said in seen(app)
    if page == SETTINGS:
        assert control(app, "Endpoint address").disabled and "Folder:" not in seen(app)


SIGNIN = """[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "c"
client_secret = "s"
server_metadata_url = "http://127.0.0.1:9/"
"""


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (SIGNIN, "Sign in to open your library"),
        (SIGNIN.replace("cookie_secret", "cookie"), "cookie\\_secret"),
        (SIGNIN.replace('"c"', '"c'), "cannot be read"),
        ("[auth]\n", "lacks redirect"),
        ('auth = "yes"\n', "lacks redirect"),
    ],
)
def test_nothing_is_shown_where_a_sign_in_is_asked_for_or_may_be(
    folder: Path, tmp_path: Path, options: Any, held: str, said: str
) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(held, encoding="utf-8")
    options("secrets.files", [str(file)])
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    for page in (SOURCES, SETTINGS):
        app.switch_page(str(page)).run()
        assert not app.exception and said in seen(app).replace("\u2060", "")
        assert {item.type for item in app.main} <= {"main", "title", "markdown", "button", "error"}
        assert str(folder) not in seen(app) and "Lantern" not in seen(app)
