"""The Compare page in a real Chromium, wide and narrow: the matrix, its drawer, and what stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.test_browser import IN_CHROMIUM, browser, stocked, sync_api, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

__all__ = ["browser", "stocked"]  # the fixtures, which pytest finds by name

TEXT = (
    "14 people were injured on the Lantern Bridge on Monday. "
    "The operator knew in May that the fourth pier was moving. "
    "The minister Ada Torvane ordered an inquiry into the bridge on Thursday."
)

pytestmark = IN_CHROMIUM


def boxes(page: Page, place: str) -> list[dict[str, float]]:
    """Where the elements of a selector stand on the screen."""
    found: list[dict[str, float]] = page.locator(place).evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().toJSON())"
    )
    return found


@pytest.mark.parametrize("width", [1400, 420])
def test_the_claims_of_a_text_across_the_sources(
    stocked: tuple[Path, str], browser: Browser, width: int
) -> None:
    _, address = stocked
    with visiting(browser, f"{address}/compare", width) as (page, asked):
        page.get_by_text("A text", exact=True).click()
        page.get_by_label("Text", exact=True).fill(TEXT)
        page.get_by_role("button", name="Find its claims").click()
        page.get_by_role("button", name="Compare the ticked claims").click()
        page.get_by_text("Who says what").wait_for()
        rows = page.get_by_text("Claim in view").locator("..").get_by_role("radio").count() or 1
        every_cell_has_a_name(page, rows)
        the_head_stays(page, width)
        cell = page.locator("[class*='st-key-cell-1-'] button").first
        cell.click()
        drawer = page.get_by_role("dialog")
        drawer.locator("mark").first.wait_for()
        sync_api.expect(drawer.locator("mark").first).to_be_in_viewport()
        page.keyboard.press("Escape")
        drawer.wait_for(state="hidden")
        cards = boxes(page, ".st-key-accounts > *")
        assert (
            len(cards) == 3
            and max(card["width"] for card in cards) - min(card["width"] for card in cards) < 2
        ), "the same room for each source"
        assert (len({round(card["left"]) for card in cards}) == 1) == (width < 700), "stacked on a phone"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            "only the matrix scrolls sideways"
        )
    own = address, address.replace("http", "ws"), "data:", "blob:"
    assert [url for url in asked if not url.startswith(own)] == []


def every_cell_has_a_name(page: Page, rows: int) -> None:
    """A screen reader hears stance, claim and source; the eye sees icon and word."""
    outlets = "Port Sabel Tidings", "Ellmar Courant", "Quayside Post"
    for row in range(1, rows + 1):
        for outlet in outlets:
            named = page.get_by_role("button", name=f"claim {row}, ").filter(has_text=outlet)
            sync_api.expect(named).to_have_count(1)
    hidden = (
        "() => [...document.querySelectorAll('.st-key-matrix button em')].every(it => it.offsetWidth <= 1)"
    )
    page.wait_for_function(hidden)  # said, not shown
    widths = [round(box["width"]) for box in boxes(page, ".st-key-matrix > *")]
    assert max(widths) - min(widths) <= 1 and min(widths) >= 150


# Measured in one go: the page may still move while the browser draws it.
FROM_EDGE = """(matrix, [left, top]) => {
    matrix.style.maxHeight = "160px";
    matrix.scrollTo(left, top);
    const frame = matrix.getBoundingClientRect(), scrolled = [matrix.scrollLeft, matrix.scrollTop];
    const head = matrix.children[1].getBoundingClientRect();
    const claim = matrix.children[4].getBoundingClientRect();
    matrix.scrollTo(0, 0);
    matrix.style.maxHeight = "";
    return [...scrolled, head.top - frame.top, claim.left - frame.left];
}"""


def the_head_stays(page: Page, width: int) -> None:
    """Scrolled in either way, the matrix keeps the outlets at its top and the claims at its left."""
    matrix = page.locator(".st-key-matrix")
    _, down, head, _ = matrix.evaluate(FROM_EDGE, [0, 60])
    assert down > 0 and abs(head) < 2
    if width < 700:
        right, _, _, claim = matrix.evaluate(FROM_EDGE, [200, 0])
        assert right > 0 and abs(claim) < 2
