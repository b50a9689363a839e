"""The chat in a real browser: the command's server, its memory, and times that the page itself takes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# From an event in the page to the moment when it has an element: both clocks are the page's own.
_TIMED = """([what, act, seen, gone]) => new Promise((done, failed) => {
  const visible = (selector) => [...document.querySelectorAll(selector)].some(
    (element) => element.getClientRects().length);
  const start = performance.now();
  const look = () => {
    if (!(gone ? !visible(seen) : visible(seen))) return;
    watch.disconnect();
    clearTimeout(limit);
    requestAnimationFrame(() => done((performance.now() - start) / 1000));
  };
  const watch = new MutationObserver(look);
  const limit = setTimeout(() => { watch.disconnect(); failed(new Error("never drawn: " + seen)); }, 60000);
  watch.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  const element = document.querySelector(what);
  if (act === "click") element.click();
  else element.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 13, bubbles: true}));
})"""


def chromium() -> str | None:
    """The Chromium of this machine, or of the variable CHROMIUM; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A browser of a reader, which is open already."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        try:
            yield opened
        finally:
            opened.close()


def timed(page: Any, what: str, act: str, seen: str, *, gone: bool = False) -> float:
    """Seconds from an event on `what` (a click, or Enter) until an element `seen` is drawn, or is gone."""
    return float(page.evaluate(_TIMED, [what, act, seen, gone]))


def held(process: subprocess.Popen[bytes]) -> float:
    """Megabytes that a process holds, its share of what it shares with others; Linux only."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1.024 / 1e3
