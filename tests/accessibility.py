"""What axe-core finds on a live page: what keeps people from reading or using it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

_GRAVE = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """The serious and critical ones, each as "rule: what to do (where)"; empty when there are none.

    axe-core comes with its package, so that nothing is fetched. Skips the test where that is not installed.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{item['id']}: {item['help']} ({'; '.join(str(node['target'][0]) for node in item['nodes'][:3])})"
        for item in found
        if item["impact"] in _GRAVE
    ]
