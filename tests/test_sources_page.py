"""The Sources page: adding with progress, what is left of an adding, versions of an article, and copies."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant import settings as configuration
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Article
from assistant.settings import MAX_FILE_BYTES
from assistant.splitting import split
from tests import fakes
from tests.ferries import page
from tests.pages import (
    HOSTILE,
    INJURED,
    ROOT,
    SOURCES,
    Opened,
    answers,
    cited,
    made,
    marks,
    put,
    seen,
    words,
    written,
)
from tests.website import website

BRIDGE = "The pier was closed on Friday. Two people were hurt, the mayor said. The cause is not known."


def library(folder: Path) -> Library:
    return Library.open(configuration.load(library=folder))


def settled(app: AppTest) -> AppTest:
    """The page once nothing is added any more."""
    while any(button.key == "stop" for button in app.button):
        app.run()
    assert not app.exception
    return app


def submit(app: AppTest, label: str = "Add these files") -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    return app


def versions(folder: Path, later: str, **facts: Any) -> tuple[Article, Article]:
    """An article and its later text, both in the library."""
    facts = {"outlet": "Own Post", "url": "http://127.0.0.1/pier", "date": "2023-10-12"} | facts
    return written(folder, BRIDGE, "Pier closed", **facts), written(
        folder, later, "Pier closed again", **facts
    )


def test_uploads_are_added_or_refused_by_name(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    own = (
        b'---\ntitle: "Ferry fire"\noutlet: "Own Outlet"\ndate: 2023-10-14\n---\n\n'
        b"A ferry burned in the bay on Friday."
    )
    app.file_uploader[0].upload("ferry.md", own)
    app.file_uploader[0].upload(
        "plain.txt", b"Snow closes the pass\n\nSnow closed the northern pass on Friday night."
    )
    app.file_uploader[0].upload("empty.txt", b"")
    app.file_uploader[0].upload("broken.json", b'{"text": ')
    app.text_input(key="outlet").set_value("Given Outlet")
    settled(submit(app))
    assert "2 articles added" in app.success[0].value
    refused = " ".join(warning.value.replace("\\", "") for warning in app.warning)
    assert "empty.txt" in refused and "broken.json" in refused
    with library(folder) as held:
        found = {entry.file: entry.source for entry in held.entries()}
    assert found["ferry.md"].outlet == "Own Outlet" and found["ferry.md"].date == "2023-10-14"
    assert found["plain.txt"].outlet == "Given Outlet", "the form fills in what a file does not say"
    app.file_uploader[0].upload("ferry.md", own)
    settled(submit(app))
    assert "1 article already in the library" in app.info[0].value


def test_addresses_are_added_like_files(
    folder: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    with website() as site:
        site.routes["/ferry/1"] = page(1)
        monkeypatch.setenv("NEWS_ASSISTANT_FETCH_ALLOW", site.place)
        monkeypatch.setenv("NEWS_ASSISTANT_FETCH_PAUSE", "0")
        app = opened(SOURCES)
        app.text_area(key="addresses").set_value(f"{site.url('/ferry/1')}\n\n{site.url('/gone')}\n")
        app.text_input(key="addresses-outlet").set_value("Tamar Herald")
        settled(submit(app, "Add from the web"))
        added, refused = site.url("/ferry/1"), site.url("/gone")
        assert "1 article added" in app.success[0].value and escape(refused) in app.warning[0].value
        app.text_area(key="addresses").set_value(added)
        app.text_input(key="addresses-outlet").set_value("Tamar Herald")
        settled(submit(app, "Add from the web"))
        assert escape(f"{added} is as it was when it was last read.") in app.info[0].value
    with library(folder) as held:
        assert [entry.source.outlet for entry in held.entries() if entry.source.url == added] == [
            "Tamar Herald"
        ]


def test_adding_shows_how_far_it_is_can_be_stopped_and_goes_on(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    many = [fakes.article(number) for number in range(300)]
    lines = [json.dumps({"title": item.title, "outlet": item.outlet, "text": item.text}) for item in many]
    app.file_uploader[0].upload("many.jsonl", "\n".join(lines).encode())
    submit(app)
    assert not app.exception and re.search(r"Reading|Embedding", seen(app))
    app.button(key="stop").click().run()
    settled(app)
    assert "Stopped after" in app.warning[0].value
    with library(folder) as held:
        passages, articles = held.catalogue.ledger.waiting(), held.catalogue.ledger.unfinished()
    assert f"{passages} passages of {articles} articles are not finished" in seen(app)
    app.button(key="go-on").click().run()
    settled(app)
    assert f"{passages} passages finished" in app.success[0].value and "not finished" not in seen(app)
    with library(folder) as held:
        assert len(held.entries()) == 8 + articles and not held.check()


def test_what_another_program_left_or_is_at_is_told_apart(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    item = fakes.article(3)
    with library(folder) as held:
        held.catalogue.insert(item, split(item))
        with held.catalogue.adding(wait=False) as mine:
            assert mine
            app.run()
            assert "Another program is adding: 3 passages of 1 article to go" in seen(app)
            assert not [button for button in app.button if button.key == "go-on"]
        app.run()
        assert "3 passages of 1 article are not finished" in seen(app)


def test_versions_lead_to_each_other_and_show_what_changed(folder: Path, opened: Opened) -> None:
    older, newer = versions(folder, BRIDGE.replace("Two", "Three").replace(" The cause is not known.", ""))
    app = opened(SOURCES)
    assert seen(app).count("not searched any more") == 1
    app.button(key=f"changed-{newer.id}").click().run()
    drawn = next(words(item.value) for item in app.html if "<ins" in item.value)
    assert "Title: Pier closed [added: again ]" in drawn
    assert "[dropped: Two ] [added: Three ] people were hurt" in drawn
    assert "[dropped: The cause is not known. ]" in drawn
    assert "1 sentence changed, 1 dropped; changed too: the title" in seen(app).replace("\\", "")
    app.button(key=f"newer-{older.id}").click().run()
    assert any("Three people" in item.value for item in app.html) and "<ins" not in seen(app)


def test_an_answer_that_cites_an_older_version_opens_it_and_says_so(
    folder: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = versions(folder, BRIDGE.replace("Two", "Three"))
    start = BRIDGE.index("Two")
    answers(monkeypatch, lambda *_, **__: made(older, [(start, start + 19)]))
    app = put(opened(), INJURED)
    cited(app)[0].click().run()
    assert marks(app) == ["Two people were hur"], "the old text, with the cited words"
    assert "has a newer version since" in app.info[0].value, "the answer says so itself"
    assert "This is an older version" in app.info[1].value and newer.title in app.info[1].value


def test_what_an_edit_brought_in_is_text_and_nothing_else(folder: Path, opened: Opened) -> None:
    _, newer = versions(folder, f"{BRIDGE} {HOSTILE} It ends here.")
    app = opened(SOURCES)
    app.button(key=f"changed-{newer.id}").click().run()
    drawn = next(item.value for item in app.html if "<ins" in item.value)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", drawn))
    assert tags <= {"p", "ins", "del", "span", "strong"} and "&lt;script&gt;" in drawn


def test_a_copy_names_the_article_that_it_repeats(folder: Path, opened: Opened) -> None:
    first = fakes.article(1, outlet="First Paper")
    text = f"{first.text} An editor added this."
    copy = fakes.article(2, text, title="Ship 1 comes", outlet="Second Paper")
    first, copy = (
        written(folder, item.text, item.title, outlet=item.outlet, date=item.date) for item in (first, copy)
    )
    app = opened(SOURCES)
    app.button(key=f"copy-{copy.id}").click().run()
    assert any("An editor added this" in item.value for item in app.html), "the origin leads to its copy"
    app.button(key=f"origin-{copy.id}").click().run()
    assert not any("An editor added this" in item.value for item in app.html), "and the copy to its origin"
    app.text_input(key="search").set_value("second paper").run()
    said = escape(f"Nearly the same text as “{first.title}” (First Paper, 10 October 2023): a copy.")
    assert said in seen(app)
    next(button for button in app.button if button.label == "Read").click().run()
    assert seen(app).count(said) == 2


def reads(app: AppTest) -> list[str]:
    return [str(button.key).removeprefix("read-") for button in app.button if button.label == "Read"]


def test_pasted_text_is_added_with_its_fields_and_stays_until_it_is(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    app.text_area(key="pasted").set_value(f"{BRIDGE}\n\nNobody else was there.")
    app.text_input(key="pasted-title").set_value("Pier closed after a fall")
    app.text_input(key="pasted-outlet").set_value("Pasted Post")
    app.date_input(key="pasted-day").set_value(date(2023, 10, 12))
    app.text_input(key="pasted-url").set_value("pasted.example/pier")
    settled(submit(app, "Add text"))
    assert "begins with http:// or https://" in app.warning[0].value.replace("\\", "").replace("\u2060", "")
    assert str(app.text_area(key="pasted").value).startswith(BRIDGE), "what was typed is still there"
    assert app.text_input(key="pasted-outlet").value == "Pasted Post"
    app.text_input(key="pasted-url").set_value("https://pasted.example/pier")
    settled(submit(app, "Add text"))
    assert "1 article added" in app.success[0].value
    assert app.text_area(key="pasted").value == "" == app.text_input(key="pasted-url").value
    assert app.date_input(key="pasted-day").value is None
    with library(folder) as held:
        (entry,) = [entry for entry in held.entries() if entry.source.outlet == "Pasted Post"]
        text = held.article(entry.source.id).text
    assert entry.source.title == "Pier closed after a fall" and entry.source.date == "2023-10-12"
    assert entry.source.url == "https://pasted.example/pier" and "Nobody else" in text
    submit(app, "Add text")
    assert "Paste the text first" in seen(app)


def test_addresses_that_were_refused_stay_to_be_mended(opened: Opened) -> None:
    app = opened(SOURCES)
    app.text_area(key="addresses").set_value("http://127.0.0.1:9/secret")
    settled(submit(app, "Add from the web"))
    assert app.warning and app.text_area(key="addresses").value == "http://127.0.0.1:9/secret"


def test_the_limit_that_is_told_is_the_one_that_holds(opened: Opened) -> None:
    file = ROOT / ".streamlit" / "config.toml"
    most = tomllib.loads(file.read_text("utf-8"))["server"]["maxUploadSize"]
    assert most * 1_000_000 == MAX_FILE_BYTES and f"Up to {most} MB a file" in seen(opened(SOURCES))


def test_the_list_is_filtered_by_outlet_and_date(opened: Opened) -> None:
    app = opened(SOURCES)
    every = len(reads(app))
    options = app.multiselect(key="list-outlets").options
    assert any(option.startswith("The Port Sabel Tidings (") for option in options)
    app.multiselect(key="list-outlets").set_value(["The Port Sabel Tidings"]).run()
    of_one = len(reads(app))
    assert 0 < of_one < every and f"{of_one} of {every} articles" in seen(app)
    app.date_input(key="list-until").set_value(date(1990, 1, 1)).run()
    assert not reads(app) and f"0 of {every} articles" in seen(app)
    app.button(key="all").click().run()
    assert len(reads(app)) == every


def test_a_removed_article_is_back_after_undo(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    before = reads(app)
    source = before[3]
    with library(folder) as held:
        article = held.article(source)
    app.button(key=f"remove-{source}").click().run()
    assert not app.exception and reads(app) == [key for key in before if key != source]
    assert f"Removed “{escape(article.title)}”." in seen(app)
    app.text_input(key="search").set_value("nothing has this").run()
    assert any(button.key == "undo" for button in app.button), "it is offered whatever is looked for"
    app.text_input(key="search").set_value("").run()
    app.button(key="undo").click().run()
    assert not app.exception and reads(app) == before and "is back in the library" in seen(app)
    assert not any(button.key == "undo" for button in app.button)
    with library(folder) as held:
        assert held.article(source) == article and not held.check()


def test_undo_of_what_was_added_again_changes_nothing(folder: Path, opened: Opened) -> None:
    app = opened(SOURCES)
    before = reads(app)
    with library(folder) as held:
        article = held.article(before[0])
    app.button(key=f"remove-{before[0]}").click().run()
    with library(folder) as held:
        held.add([article])
    app.button(key="undo").click().run()
    assert "was added again meanwhile" in seen(app) and reads(app) == before
