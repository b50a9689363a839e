"""Settings and sign-in in a real Chromium: a key that is shown nowhere, and a library for each person."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import settings as configuration
from assistant import signin
from assistant.history import History
from assistant.library import Library
from assistant.models import Filters
from tests import fakes
from tests.oidc_server import provider, secrets
from tests.openai_server import serve
from tests.test_browser import IN_CHROMIUM, browser, serving, sync_api, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]  # the fixture, which pytest finds by name

pytestmark = IN_CHROMIUM

# One e-mail address, as a provider lets anyone write into their profile.
PEOPLE = {
    "Anna": {"sub": "1", "name": "Anna", "email": "desk@post.example"},
    "Ben": {"sub": "2", "name": "Ben", "email": "desk@post.example"},
}


def put(folder: Path, title: str) -> None:
    """A library with one article."""
    with Library.open(configuration.load(library=folder)) as library:
        library.add([fakes.article(0, "The pier was closed on Friday.", title=title)])


def texts(folder: Path) -> str:
    """All that is written under a folder, as far as it is bytes."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return "".join(file.read_bytes().decode("latin-1") for file in files)


def test_a_typed_key_goes_to_its_endpoint_and_nowhere_else(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "library"
    put(folder, "Pier")
    with (
        serve("good") as server,
        serving(folder, OPENAI_API_KEY="sk-of-the-environment", NEWS_ASSISTANT_RETRIES="1") as address,
        visiting(browser, f"{address}/settings", 420) as (page, asked),
    ):
        page.get_by_label("Endpoint address").fill(server.url)
        page.keyboard.press("Tab")
        page.get_by_text("is not sent to an address that was typed").wait_for()
        page.get_by_role("button", name="Test the endpoint").click()
        page.get_by_text("was reached").wait_for()
        assert server.requests[-1].headers["authorization"] == "Bearer none"
        box = page.get_by_label("Key for")
        box.fill("sk-typed-on-the-page")
        page.get_by_role("button", name="Use this key").click()
        page.get_by_text("A key is set (for this run)").wait_for()
        sync_api.expect(box).to_have_value("")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        page.reload()
        page.get_by_text("A key is set (for this run)").wait_for()
        sync_api.expect(page.get_by_label("Endpoint address")).to_have_value(server.url)
        page.get_by_role("button", name="Test the endpoint").click()
        page.get_by_text("was reached").wait_for()
        assert server.requests[-1].headers["authorization"] == "Bearer sk-typed-on-the-page"
        assert "sk-" not in page.content() and not any("sk-" in url for url in asked)
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, "nothing to scroll sideways"
        page.get_by_role("button", name="Back to defaults").click()
        page.get_by_text("Back to the defaults.").wait_for()
        sync_api.expect(page.get_by_label("Endpoint address")).to_have_value("")
    written = texts(tmp_path)
    assert "sk-typed-on-the-page" not in written and "sk-of-the-environment" not in written


def sign_in(page: Page, who: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text(f"Continue as {who}").click()
    page.get_by_role("link", name="Sources").first.wait_for()


def sources_of(page: Page, address: str) -> str:
    """What the Sources page says."""
    page.goto(f"{address}/sources")
    page.get_by_role("heading", name="Sources").wait_for()
    page.get_by_text("The library is empty").or_(page.locator("h4")).first.wait_for()
    return page.locator("body").inner_text()


def test_each_person_has_a_library_of_their_own(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "library"
    with provider(PEOPLE) as issuer:
        secrets(tmp_path, issuer)
        anna, ben = (
            folder / signin.PEOPLE / signin.person({"iss": issuer, **claims}).id for claims in PEOPLE.values()
        )
        put(folder, "Of the desk")
        put(anna, "Of Anna")
        put(ben, "Of Ben")
        with closing(History.of(anna)) as history:
            asked = history.start("What Anna asked")
            history.begin(asked, "What Anna asked", Filters())
        with serving(folder) as address, visiting(browser, f"{address}/sources") as (page, _):
            page.get_by_role("button", name="Sign in").wait_for()
            said = page.locator("body").inner_text()
            assert "Of " not in said and page.get_by_role("link", name="Sources").count() == 0
            sign_in(page, "Anna")
            page.goto(f"{address}/?conversation={asked}")
            page.get_by_text("What Anna asked").first.wait_for()
            assert "Of Anna" in (seen := sources_of(page, address)) and seen.count("Of ") == 1
            page.goto(f"{address}/settings")
            page.get_by_text("Signed in as Anna").wait_for()
            assert page.get_by_label("Endpoint address").is_disabled()
            assert str(folder) not in page.locator("body").inner_text()
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("button", name="Sign in").wait_for()
            page.goto(f"{address}/sources")
            page.get_by_role("button", name="Sign in").wait_for()
            assert "Of " not in page.locator("body").inner_text()
            sign_in(page, "Ben")
            page.goto(f"{address}/?conversation={asked}")
            page.get_by_text("That conversation is not saved here").wait_for()
            page.get_by_text("Nothing asked yet").first.wait_for(state="attached")
            assert "Anna" not in page.content()
            assert "Of Ben" in (seen := sources_of(page, address)) and seen.count("Of ") == 1
