"""Exports in a real Chromium: a link opens the page at the passage, and the file asks for nothing."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from assistant.export import render
from assistant.fragments import passage_link
from assistant.models import Citation
from assistant.provenance import around
from tests.answers import article, cite
from tests.recorded import CONVERSATION, OVERRULED, READER, TIDINGS_URL
from tests.test_browser import IN_CHROMIUM, browser, leak, sync_api
from tests.website import Page as Served
from tests.website import Site, website

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "leak"]  # the fixtures, which pytest finds by name

pytestmark = IN_CHROMIUM

FILLER = [f"Filler {number}: the river went on as before, and the ships with it." for number in range(120)]
TWICE = "The pier was not safe, and nobody had been told."
LONG = (
    "“We looked at the well-known fourth pier, at its base & at its crown, for three days, and in all of "
    "that time, whatever is said of us now, no one saw a crack, no one heard a sound, and no one was asked "
    "to go home; the survey of the spring before had found the same, and the council had it in writing.”"
)
CHINESE = "大桥在星期一下沉，十四人受伤。市长说桥已经关闭。"
TEXT = "\n\n".join(
    [
        f"On Monday a clerk said it. {TWICE} He left.",
        *FILLER[:30],
        f"On Tuesday the mayor said the same. {TWICE} She stayed.",
        *FILLER[30:60],
        LONG,
        *FILLER[60:90],
        CHINESE,
        "The first of two paragraphs ends here, as it must.",
        "The second of them was written a day later, in haste.",
        *FILLER[90:],
    ]
)
ARTICLE = article(TEXT, "Post", "Pier")


def second(words: str) -> Citation:
    start = TEXT.rindex(words)
    return Citation("second", ARTICLE.id, "p", start, start + len(words), words)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The article as a page, each paragraph with its number; and two that link to it."""
    body = "".join(
        f'<p id="p{number}">{html.escape(part)}</p>' for number, part in enumerate(TEXT.split("\n\n"))
    )
    page = f'<!doctype html><meta charset="utf-8"><title>Pier</title>{body}'
    with website({"/story": Served(page.encode())}) as running:
        yield running


@pytest.mark.parametrize(
    ("citation", "paragraph"),
    [
        (cite(ARTICLE, TWICE), 0),
        (second(TWICE), 31),
        (cite(ARTICLE, LONG), 62),
        (cite(ARTICLE, "well-known fourth pier, at its base & at its crown"), 62),
        (cite(ARTICLE, CHINESE), 93),
        (cite(ARTICLE, "as it must.\n\nThe second of them was written"), 94),
        (cite(ARTICLE, "“We"), 62),
        (cite(ARTICLE, FILLER[119]), 125),
    ],
    ids=["first", "second", "long", "signs", "chinese", "paragraphs", "short", "last"],
)
def test_a_link_scrolls_to_the_place_that_is_cited(
    browser: Browser,
    site: Site,
    citation: Citation,
    paragraph: int,
) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 400})
    address = passage_link(site.url("/story"), citation, around(ARTICLE, citation))
    assert address
    page.goto(address)
    assert in_view(page, paragraph), f"{address}: scrolled to {page.evaluate('scrollY')}"
    page.close()


def in_view(page: Page, paragraph: int) -> bool:
    """Whether the paragraph comes into the middle of the window, or stays where the page cannot scroll."""
    script = """n => {
        const box = document.getElementById('p' + n).getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight && (n > 3 ? scrollY > 0 : scrollY === 0);
    }"""
    try:
        page.wait_for_function(script, arg=paragraph, timeout=5_000)
    except sync_api.TimeoutError:
        return False
    return True


def test_a_click_in_the_export_opens_the_page_at_the_passage_and_tells_it_nothing(
    browser: Browser, site: Site
) -> None:
    words = "She she repeated it on Tuesday."
    body = "".join(f"<p>{line}</p>" for line in [*FILLER, words, *FILLER])
    site.routes["/bridge"] = Served(f'<!doctype html><meta charset="utf-8">{body}'.encode())
    written = render(OVERRULED, "html").replace(html.escape(TIDINGS_URL), site.url("/bridge#top"))
    site.routes["/secret-name"] = Served(written.encode())
    page = browser.new_page(viewport={"width": 800, "height": 400})
    page.goto(site.url("/secret-name"))
    page.locator("#c3 a", has_text="Open the passage").click()
    page.wait_for_function("location.pathname === '/bridge' && scrollY > 2000", timeout=5_000)
    shown = page.evaluate("document.elementsFromPoint(60, innerHeight / 2).map(e => e.textContent)[0]")
    assert shown == words
    assert [one.headers.get("referer") for one in site.asked if one.path == "/bridge"] == [None]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_file_asks_for_nothing_and_fits_a_phone(
    browser: Browser,
    leak: tuple[int, list[str]],
    tmp_path: Path,
    scheme: str,
) -> None:
    port, asked = leak
    file = tmp_path / "answers.html"
    file.write_text(render(CONVERSATION, "html").replace("tidings.example", f"127.0.0.1:{port}"), "utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
    requests: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    page.goto(file.as_uri())
    assert requests == [file.as_uri()] and not asked and not problems
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (light(ground) > light(ink)) == (scheme == "light")
    page.locator("text=What did the mayor say?").first.click()
    assert page.evaluate("location.hash") == "#a2-top"
    page.close()


def test_on_paper_it_is_black_on_white_and_addresses_are_printed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "answer.html"
    file.write_text(render(OVERRULED, "html"), "utf-8")
    page = browser.new_page(color_scheme="dark")
    page.goto(file.as_uri())
    printed = " ".join(
        (sheet.extract_text() or "") for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    )
    flat = "".join(printed.split())
    assert "https://tidings.example/bridge?a=1&b=2#top:~:text=She%20she%20repeated" in flat
    assert READER.replace(" ", "") in flat and "Notproved" in flat
    page.emulate_media(media="print")
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    page.close()


def light(colour: str) -> int:
    """How light "rgb(1, 2, 3)" is."""
    return sum(int(part) for part in colour[4:-1].split(","))
