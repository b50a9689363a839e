"""Hostile text: whatever an article, a file name or a model says is drawn as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from assistant.markdown import escape
from assistant.models import (
    Change,
    Notice,
    Quote,
    Reason,
    Sentence,
)
from assistant.text import content_key
from tests.pages import (
    HOSTILE,
    SOURCES,
    Opened,
    answers,
    cited,
    drawn,
    html_of,
    made,
    marks,
    put,
    written,
)


@given(some.text(some.sampled_from(list("ab:/_-.@wt<>=~*[]()!$\\`# \n")) | some.characters(), max_size=60))
def test_escape_leaves_nothing_to_read_as_markdown(text: str) -> None:
    shown = escape(text)
    read = re.sub(r"\\(.)", r"\1", shown)
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)), (
        "all punctuation escaped"
    )
    assert read.replace("\u2060", "") == " ".join(text.split()).replace("\u2060", ""), "the text is the same"
    assert not re.search(r":[\w+-]+:|https?://|www\.|(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)", read, re.I)


def test_hostile_text_is_text_wherever_it_comes_from(
    folder: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = written(
        folder, HOSTILE + " The bridge closed.", title=HOSTILE, outlet=HOSTILE, author=HOSTILE, url=HOSTILE
    )
    key = content_key(article.id, 0, len(HOSTILE))
    diff = (Change("dropped", HOSTILE), Change("same", HOSTILE), Change("added", HOSTILE))
    quotes = (Quote(3, 60, "altered", key, diff), Quote(70, 90, "not_found", None, diff))
    summary = (
        Sentence(HOSTILE, (key,), "unsupported", (Reason("quote_altered", HOSTILE),), quotes),
        Sentence(HOSTILE, (key,), "unchecked", (Reason("damaged_text", HOSTILE),)),
        Sentence(HOSTILE, (key,), "proved"),
    )
    codes = ("n", "damaged_text", "planted_instruction")
    notices = tuple(Notice(code, HOSTILE, source) for code in codes for source in (None, article.id))
    changes = {"summary": summary, "notices": notices, "engine": "llm"}
    answers(monkeypatch, lambda *_, **__: made(article, [(0, len(HOSTILE))], **changes))
    app = put(opened(), HOSTILE.replace("\n", " "))
    cited(app)[0].click().run()
    assert marks(app)[0] == HOSTILE
    inert(app)
    app.switch_page(str(SOURCES)).run()
    inert(app)


def inert(app: AppTest) -> None:
    """No markup of the hostile text is left in anything that the browser reads as markup."""
    assert not app.exception
    read_as_html = html_of(app)
    assert any("&lt;script&gt;" in value for value in read_as_html)
    for value in read_as_html:
        tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*(\w+)", value)}
        assert tags <= {*"p h3 h4 div span mark blockquote sup small br del ins strong".split()}
    for kind, value in drawn(app._tree):
        if kind not in {"html", "text", "chat_input", "multiselect"}:  # these are never read as markdown
            left = re.sub(r"\\[!-/:-@\[-`{-~]", "", value)
            left = re.sub(r"^\*\*(Damaged text|Planted instruction)\.\*\* ", "", left)  # our own
            left = re.sub(r":(?:\w+-badge|small)\[(?::material/\w+: )?([^\[\]]*)\]", r"\1", left)  # our own
            assert not re.search(r"[<\[!$`@]|//|www\.|:material/home|:tada", left), value
