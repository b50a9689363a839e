"""The pages under AppTest: fixtures for both test files of the pages, and short ways to use them."""

from __future__ import annotations

import html
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant import settings as configuration
from assistant import ui
from assistant.history import History
from assistant.library import Library
from assistant.models import (
    Account,
    Answer,
    Article,
    Citation,
    Sentence,
    Source,
    Voice,
)
from assistant.saved import Exchange
from assistant.text import content_key, digest
from tests.stocking import stocked_once

Opened = Callable[..., AppTest]

ROOT = Path(__file__).parent.parent
APP = ROOT / "app.py"
CHAT = ROOT / "assistant" / "pages" / "chat.py"
SOURCES = ROOT / "assistant" / "pages" / "sources.py"
INJURED = "How many people were injured on the Lantern Bridge?"
KNEW = "Did the operator know that the fourth pier was moving?"
NOWHERE = "Who won the 2018 football World Cup?"
PRICES = "It rose from $114.22 [1] to $113.37 [2]."
HOSTILE = (
    "![x](http://127.0.0.1:9/leak) ![y][r] <img src=http://127.0.0.1:9/leak> <script>alert(1)</script> "
    "[a](javascript:alert(1)) :material/home: :material_home: :tada: :red[b] $x$ $$y$$ https://example.com "
    "www.example.com a@example.com -> -- `c` **d** 1. # > | ~e~\n\n[r]: http://127.0.0.1:9/leak"
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with the harbour articles of the corpus, made once and copied for each test."""
    return stocked_once(tmp_path_factory, "harbour", ROOT / "corpus" / "harbour")


@pytest.fixture
def folder(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The library of one test, named in the environment as the command names it."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "NEWS_ASSISTANT_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    copy = tmp_path / "library"
    shutil.copytree(stocked, copy)
    monkeypatch.setenv("NEWS_ASSISTANT_LIBRARY", str(copy))
    yield copy
    st.cache_resource.clear()


@pytest.fixture
def opened(folder: Path) -> Opened:
    """Opens the chat, or another page, over the library of the test."""
    assert folder.exists()

    def opening(page: Path | None = None) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120).run()
        if page:
            app.switch_page(str(page)).run()
        assert not app.exception
        return app

    return opening


def put(app: AppTest, question: str) -> AppTest:
    """Asks, and looks again until the answer is there, as the page itself does."""
    return answered(app.chat_input[0].set_value(question).run())


def answered(app: AppTest) -> AppTest:
    """The page once nothing is being answered any more."""
    until = time.monotonic() + 120
    while any(str(button.key).startswith("stop") for button in app.button) and time.monotonic() < until:
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def history() -> History:
    """The saved conversations of the library of the test."""
    return History.of(Path(os.environ["NEWS_ASSISTANT_LIBRARY"]))


def exchange(number: int = 0) -> Exchange:
    """A question of the latest conversation and what became of it, as they were saved."""
    with closing(history()) as saved:
        return saved.whole(saved.conversations()[0].id)[number]


def stored(number: int = 0) -> Answer:
    """The answer to a question of the latest conversation."""
    record = exchange(number).record
    assert record
    return record.answer


def unfold(app: AppTest, key: str) -> AppTest:
    """Opens what is drawn only where it is open."""
    app.session_state[key] = True
    return app.run()


def cited(app: AppTest, name: str = "turn-0") -> list[Any]:
    """The buttons of the citations of an answer, by number; on the page they stand by source."""
    found = [button for button in app.button if str(button.key).startswith(f"{name}-cite-")]
    return sorted(found, key=lambda button: int(str(button.key).rsplit("-", 1)[1]))


def pills(app: AppTest) -> Sequence[Any]:
    return app.get("pills")


def marks(app: AppTest) -> list[str]:
    """The words marked on the page, with those that are there for a screen reader."""
    found = [re.findall(r"<mark[^>]*>(.*?)</mark>", element.value, re.S) for element in app.html]
    return [html.unescape(re.sub(r"</?span[^>]*>", "", mark)) for group in found for mark in group]


def drawn(block: Any) -> list[tuple[str, str]]:
    """Everything in a block as (kind, text), for comparing two drawings of one answer."""
    found = []
    for child in block.children.values():
        if hasattr(child, "children"):
            found += drawn(child)
        else:
            found.append((child.type, str(getattr(child, "label", "") or getattr(child, "value", ""))))
    return found


def seen(app: AppTest) -> str:
    """All that is on the page, as it was sent: labels, messages and HTML."""
    return "\n".join(text for _, text in drawn(app._tree) if text != ui.NUMBER_LINKS)


_OUR_LINK = re.compile(
    r'<a href="#(turn-\d+-cite-\d+)" data-cite="\1" aria-label="[^"<>]*" style="[^"<>]*">(?=\[\d+\]</a>)'
)


def html_of(app: AppTest) -> list[str]:
    """The HTML on the page without what is ours to the letter: scripts, and links to citations."""
    scroll = re.escape(ui.SCROLL).replace("WHAT", r"(\[role=dialog\] \#cited|\.st-key-turn-\d+-question)")
    ours = re.compile(rf"<script>/\* \d+ \*/ {scroll.replace('WHERE', '(start|center)')}</script>")
    found = [item.value for item in app.html if item.value != ui.NUMBER_LINKS]
    return [_OUR_LINK.sub("", value).replace("</a>", "") for value in found if not ours.fullmatch(value)]


def words(read_as_html: str) -> str:
    """What a reader gets of a piece of HTML, hidden words included, with one space between elements."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", read_as_html)).split())


def answers(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer]) -> None:
    monkeypatch.setattr("assistant.answering.ask", answer)
    monkeypatch.setattr("assistant.asking.ask", answer)


def made(article: Article, spans: list[tuple[int, int]], **changes: Any) -> Answer:
    """An answer that quotes `spans` of one article, each in its own sentence."""
    citations = {}
    for start, end in spans:
        key = content_key(article.id, start, end)
        citations[key] = Citation(key, article.id, "passage", start, end, article.text[start:end])
    said = tuple(Sentence(f"Sentence {n}.", (key,), "proved") for n, key in enumerate(citations, 1))
    parts: dict[str, Any] = {
        "id": "a",
        "question": INJURED,
        "kind": "question",
        "engine": "extractive",
        "finding": None,
        "rule": "",
        "summary": said,
        "accounts": (Account(article.id, "mentions", (Voice(None, "mentions", tuple(citations)),)),),
        "citations": citations,
        "sources": {article.id: Source.of(article)},
    }
    return Answer(**(parts | changes))


def written(folder: Path, text: str, title: str = "Twelve things", **parts: Any) -> Article:
    """An article of our own, added to the library."""
    article = Article(digest(title, text)[:16], title, text, **parts)
    with Library.open(configuration.load(library=folder)) as library:
        library.add([article])
    return article
