"""The whole path of a reader in a real Chromium, in both engines, with nothing that axe-core objects to."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.accessibility import violations
from tests.openai_server import serve
from tests.test_browser import IN_CHROMIUM, ROOT, browser, put, serving, stock, sync_api, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]  # the fixture, which pytest finds by name

HARBOUR = ROOT / "corpus" / "harbour"
TIDINGS = next(HARBOUR.glob("tidings-2023-10-10*"))
COURANT = next(HARBOUR.glob("courant-2023-10-10*"))
CLAIM = "14 people were injured on Monday."
COST = "How much will the emergency works cost?"
REASON = "The hospital lists =1+1 say so | <b>both</b>."
READER = "A. Reader"

pytestmark = IN_CHROMIUM


def adds_by_upload_and_by_pasted_text(page: Page) -> None:
    upload = {"name": "tidings.md", "mimeType": "text/markdown", "buffer": TIDINGS.read_bytes()}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_text("tidings.md").wait_for()
    page.get_by_role("button", name="Add these files").click()
    page.get_by_text("1 article added").wait_for()
    page.get_by_test_id("stExpander").locator("summary").first.click()
    page.get_by_role("tab", name="Pasted text").click()
    text = COURANT.read_text(encoding="utf-8").split("---", 2)[2].strip()
    page.get_by_label("Text of one article").fill(text)
    page.get_by_label("Title", exact=True).fill("Forty-one hurt on the bridge")
    page.get_by_role("tabpanel").get_by_label("Outlet, where it is known").fill("The Ellmar Courant")
    page.get_by_role("button", name="Add text").click()
    page.get_by_text("2 of 2 articles").wait_for()
    assert violations(page) == []


def asks_and_walks_through_the_citations(page: Page) -> None:
    put(page, CLAIM)
    card = page.locator(".st-key-turn-0-card")
    sync_api.expect(card).to_contain_text("Sources contradict each other")
    sync_api.expect(page.locator(".st-key-turn-0-proof")).to_contain_text("quotations proved")
    assert violations(page) == []
    links = page.locator("a[data-cite]")
    assert links.count() >= 2
    links.first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    seen: list[str] = []
    for number in range(1, page.locator(".st-key-turn-0-cited button").count() + 1):
        sync_api.expect(drawer).to_contain_text(f"Citation {number} of")
        if seen:
            sync_api.expect(drawer.locator("#cited")).not_to_have_text(seen[-1])
        sync_api.expect(drawer.locator("#cited")).to_be_in_viewport()
        seen.append(drawer.locator("#cited").inner_text())
        following = drawer.get_by_role("button", name="Next citation")
        if following.is_enabled():
            following.click()
    assert len(seen) >= 2 and drawer.get_by_role("button", name="Next citation").is_disabled()
    assert violations(page) == []
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")


def overrules_a_stance(page: Page) -> None:
    accounts = page.locator(".st-key-turn-0-accounts")
    accounts.get_by_role("button", name="Overrule").first.click()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your name or initials").fill(READER)
    page.get_by_role("button", name="Overrule", exact=True).last.click()
    sync_api.expect(accounts).to_contain_text(f"“{REASON}” {READER}")
    sync_api.expect(accounts).to_contain_text("Reader: ")
    sync_api.expect(page.get_by_label("Reason")).to_have_count(0)
    sync_api.expect(page.locator(".st-key-turn-0-card")).to_contain_text("A reader overruled 1 stance")
    sync_api.expect(page.locator(".st-key-turn-0-card")).to_contain_text("Sources contradict each other")


def exported(page: Page, place: str, kind: str) -> str:
    """A file as the page gives it, from the Export button at a place."""
    button = page.locator(f".st-key-{place}-{kind} button")
    for _ in range(4):  # a click is lost when the page is just drawn anew
        if not button.is_visible():
            page.locator(f".st-key-{place} button").first.click()
        with suppress(sync_api.TimeoutError), page.expect_download(timeout=8_000) as download:
            button.click(timeout=8_000)
            break
    page.keyboard.press("Escape")
    button.wait_for(state="hidden")
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def exports_each_format(page: Page) -> None:
    place = "turn-0-download"
    for kind in ("md", "html"):
        text = exported(page, place, kind)
        assert "14 people were injured" in text and READER in text and "overruled" in text.lower()
    assert "<b>both</b>" not in text and "default-src 'none'" in text
    answer = json.loads(exported(page, place, "json"))
    assert answer["schema"] == 1 and answer["finding"] == "conflicting"
    assert answer["overrulings"][0]["reason"] == REASON
    assert {len(each["sha256"]) for each in answer["provenance"].values()} == {64}
    rows = list(csv.reader(io.StringIO(exported(page, place, "csv"), newline="")))
    assert any(CLAIM in row for row in rows) and len({len(row) for row in rows}) == 1
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
    review = json.loads(exported(page, place, "claimreview"))
    assert "ClaimReview" in json.dumps(review) and "ratingValue" not in json.dumps(review)
    whole = page.locator(".st-key-conversation button").first
    whole.click()
    page.locator(".st-key-conversation-export").wait_for()
    assert json.loads(exported(page, "conversation-export", "json"))["kind"] == "conversation"
    page.keyboard.press("Escape")


def finds_the_conversation_again(page: Page) -> None:
    page.reload()
    sync_api.expect(page.locator(".st-key-turn-0-accounts")).to_contain_text(REASON)
    put(page, COST, 1)
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("To begin with").wait_for()
    page.get_by_label("Search conversations").fill("monday INJURED")
    page.keyboard.press("Enter")
    page.locator(".st-key-shelf button").filter(has_text="14 people").first.click()
    sync_api.expect(page.locator(".st-key-turn-1-question")).to_contain_text(COST)


def compares_and_exports(page: Page, address: str) -> None:
    page.goto(f"{address}/compare")
    page.get_by_label("Claim or question").fill(CLAIM)
    page.get_by_role("button", name="Compare the sources").click()
    page.get_by_text("Who says what").wait_for()
    assert violations(page) == []
    page.reload()
    page.get_by_text("Who says what").wait_for()
    matrix = exported(page, "comparison-export", "csv")
    assert CLAIM in matrix and "The Ellmar Courant" in matrix


def removes_a_source_and_reads_the_old_answer(page: Page, address: str, conversation: str) -> None:
    page.goto(f"{address}/sources")
    page.get_by_label("Search", exact=True).fill("Forty-one")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 2 articles").wait_for()
    sync_api.expect(page.get_by_role("button", name="Remove")).to_have_count(1)
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Removed “Forty-one hurt on the bridge”").wait_for()
    page.goto(conversation)
    page.get_by_test_id("stExpander").first.locator("summary").first.click()
    earlier = page.get_by_test_id("stExpander").first  # the later question may cite the same source
    earlier.get_by_text("The Ellmar Courant, undated was removed since").wait_for()
    sync_api.expect(page.locator(".st-key-turn-0-accounts")).to_contain_text("41 people were injured")
    page.locator(".st-key-turn-0-cited button").filter(has_text="Courant").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("was removed from the library").wait_for()
    sync_api.expect(drawer.locator("#cited")).to_contain_text("41 people were injured")
    sync_api.expect(drawer).to_contain_text("SHA-256")
    page.keyboard.press("Escape")


def test_from_an_empty_library_to_a_saved_answer(tmp_path: Path, browser: Browser) -> None:
    with (
        serving(tmp_path / "library") as address,
        visiting(browser, f"{address}/sources") as (page, asked),
    ):
        adds_by_upload_and_by_pasted_text(page)
        page.goto(address)
        asks_and_walks_through_the_citations(page)
        conversation = page.url
        overrules_a_stance(page)
        exports_each_format(page)
        finds_the_conversation_again(page)
        compares_and_exports(page, address)
        removes_a_source_and_reads_the_old_answer(page, address, conversation)
        page.goto(f"{address}/settings")
        page.get_by_role("heading", level=1).wait_for()
        assert violations(page) == []
    own = address, address.replace("http", "ws"), "data:", "blob:"
    assert [url for url in asked if not url.startswith(own)] == []


def test_a_model_is_stopped_in_mid_stream_and_what_it_wrote_is_kept(tmp_path: Path, browser: Browser) -> None:
    stock(tmp_path / "library")
    with (
        serve("slow") as model,
        serving(tmp_path / "library", OPENAI_BASE_URL=model.url) as address,
        visiting(browser, address, 420, dark=True) as (page, _),
    ):
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill("How many people were injured on the Lantern Bridge?")
        box.press("Enter")
        page.get_by_text("The model is writing; nothing of it is checked yet").wait_for()
        conversation = page.url
        page.goto(f"{address}/settings")  # a look elsewhere stops nothing
        page.get_by_role("heading", level=1).wait_for()
        page.goto(conversation)
        page.get_by_text("[1]").first.wait_for()
        page.locator("[class*='st-key-stop-'] button").click()
        page.get_by_text("The model was stopped").wait_for()
        sync_api.expect(page.locator("a[data-cite]").first).to_be_visible()
        assert violations(page) == []
        page.reload()
        page.get_by_text("The model was stopped").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, "nothing to scroll sideways"
