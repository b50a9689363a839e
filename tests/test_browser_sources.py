"""The Sources page in a real Chromium: the versions of an article in one drawer, and adding that goes on."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests import fakes
from tests.accessibility import violations
from tests.test_browser import IN_CHROMIUM, browser, serving, stock, sync_api, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]  # the fixture, which pytest finds by name

pytestmark = IN_CHROMIUM


def the_drawer_shows_each_version(page: Page, older: str) -> None:
    page.locator(f".st-key-read-{older} button").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("This is an older version").wait_for()
    drawer.get_by_text("What changed").click()
    sync_api.expect(drawer.locator("del")).to_have_text("[dropped: Nobody]")
    sync_api.expect(drawer.locator("ins")).to_have_text("[added: Somebody]")
    drawer.get_by_text("Newest version").click()
    drawer.get_by_text("Somebody was hurt").wait_for()
    drawer.get_by_text("This version", exact=True).click()
    drawer.get_by_text("Nobody was hurt").wait_for()
    sync_api.expect(drawer.locator("ins")).to_have_count(0)
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")


def adding_goes_on_behind_other_pages_until_it_is_stopped(page: Page, address: str, file: Path) -> None:
    page.get_by_test_id("stExpander").locator("summary").click()
    page.get_by_role("tab", name="Files").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text(file.name).wait_for()
    box = page.locator(".st-key-adding")
    for _ in range(4):  # a click is lost when the page is just drawn anew
        page.get_by_role("button", name="Add these files").click()
        with suppress(sync_api.TimeoutError):
            box.wait_for(timeout=10_000)
            break
    sync_api.expect(box).to_contain_text(re.compile("Embedding: [1-9].* of 750 passages"), timeout=60_000)
    assert box.get_by_role("progressbar").is_visible()
    page.goto(address)
    page.get_by_text("Articles are being added").wait_for()
    page.goto(f"{address}/sources")
    page.locator(".st-key-stop button").click()  # Streamlit has another at the top
    page.get_by_text("What was stored is kept").last.wait_for()
    page.get_by_text("are not finished").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.locator(".st-key-stop button").wait_for()


def pasted_found_removed_and_back_by_keyboard(page: Page) -> None:
    """Every step by keys alone, and nothing in it that axe-core objects to."""
    expect = sync_api.expect
    opener = page.get_by_test_id("stExpander").locator("summary")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Files").press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Text of one article").fill("A gull stole the mayor's hat on Monday. Nobody was hurt.")
    page.get_by_label("Title", exact=True).fill("Gull steals hat")
    page.get_by_label("Web address, where it is known").fill("gulls")
    page.get_by_role("button", name="Add text").press("Enter")
    page.get_by_text("Not added").wait_for()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Gull steals hat")
    assert violations(page) == []
    page.get_by_label("Web address, where it is known").fill("https://gulls.example/hat")
    page.get_by_role("button", name="Add text").press("Enter")
    page.get_by_text("1 article added").wait_for()
    page.get_by_label("Search", exact=True).fill("GULL hat")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 6 articles").wait_for()
    page.get_by_role("button", name="Remove").press("Enter")
    page.get_by_text("Removed “Gull steals hat”.").wait_for()
    page.get_by_text("0 of 5 articles").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_text("“Gull steals hat” is back in the library.").wait_for()
    page.get_by_text("1 of 6 articles").wait_for()
    page.get_by_label("Search", exact=True).fill("")
    page.keyboard.press("Enter")
    page.get_by_text("6 of 6 articles").wait_for()


def test_versions_and_an_adding_on_a_phone(tmp_path: Path, browser: Browser) -> None:
    text, facts = "Nobody was hurt on the pier.", {"url": "http://127.0.0.1/pier", "date": "2023-01-01"}
    older = fakes.article(0, text, title="Pier", outlet="Own Post", **facts)
    newer = fakes.article(0, text.replace("Nobody", "Somebody"), title="Pier", outlet="Own Post", **facts)
    many = [fakes.article(number) for number in range(1, 251)]
    file = tmp_path / "many.jsonl"
    records = [json.dumps({"title": item.title, "outlet": item.outlet, "text": item.text}) for item in many]
    file.write_text("\n".join(records), encoding="utf-8")
    folder = tmp_path / "library"
    stock(folder, older, newer)
    with serving(folder) as address, visiting(browser, f"{address}/sources", 420) as (page, _):
        the_drawer_shows_each_version(page, older.id)
        pasted_found_removed_and_back_by_keyboard(page)
        adding_goes_on_behind_other_pages_until_it_is_stopped(page, address, file)
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, "nothing to scroll sideways"
