"""XML that is built to do harm: it ends in a clear refusal, soon and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT

CHANNEL = b'<rss version="2.0"><channel><title>x</title>%s</channel></rss>'
URLS = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</urlset>'
LEVELS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = b'<!ENTITY l0 "ha">' + LEVELS.encode()
SECRET = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ITEM = b"<item><title>&%s;</title><link>http://127.0.0.1/</link></item>"

BOMBS: dict[str, Callable[[], bytes]] = {
    "a billion laughs": lambda: b"<!DOCTYPE rss [" + LAUGHS + b"]>" + CHANNEL % (ITEM % b"l9"),
    "laughs behind a comment": lambda: b"<!-- <rss> --><!doctype r [" + LAUGHS + b"]>" + URLS,
    "quadratic blow-up": lambda: (
        b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 100_000 + b'">]>' + CHANNEL % (b"&a;" * 20_000)
    ),
    "a file of this machine": lambda: SECRET + CHANNEL % (ITEM % b"a"),
    "a feed with an attribute without end": lambda: b'<rss a="' + b"x" * 18_000_000,
    "a feed with a comment without end": lambda: b"<rss><!--" + b"x" * 6_000_000,
    "a feed with text without end": lambda: b"<rss><channel><title>" + b"x" * 18_000_000,
    "a feed of ampersands": lambda: CHANNEL % (b"<item><title>" + b"&amp" * 1_000_000 + b"</title></item>"),
    "a parameter entity": lambda: b'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.1/">%a;]>' + URLS % b"",
    "a million items": lambda: CHANNEL % (b"<item><link>/a</link></item>" * 600_000),
    "a million elements": lambda: CHANNEL % (b"<a/>" * 2_000_000),
    "a million addresses": lambda: URLS % (b"<url><loc>/a</loc></url>" * 700_000),
    "a sitemap of other elements": lambda: URLS % (b"<a/>" * 2_000_000),
    "a sitemap of comments": lambda: URLS % (b"<!---->" * 1_500_000),
    "a deep feed": lambda: b"<rss>" + b"<a>" * 2_000_000,
    "a deep sitemap": lambda: b"<urlset>" + b"<a>" * 2_000_000,
    "an attribute without end": lambda: b'<urlset a="' + b"x" * 18_000_000,
    "a name without end": lambda: b"<rss><" + b"x" * 18_000_000,
}  # fmt: skip
RUN = """if True:
    import json, resource, time
    from tests.test_feed_bombs import BOMBS
    from assistant.errors import InputRefused
    from assistant.parsing import Parser
    child, found = Parser(8.0, 800), {}
    child.ask("feed", "warm", b"<rss><channel><item><link>/a</link></item></channel></rss>")
    for name, made in BOMBS.items():
        data = made()
        start = time.monotonic()
        try: found[name] = [str(child.ask("feed", name, data))]
        except InputRefused as refusal: found[name] = [refusal.why, refusal.hint]
        found[name].append(time.monotonic() - start)
    child.close()
    print(json.dumps([found, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


@pytest.fixture(scope="module")
def run() -> tuple[dict[str, list[Any]], int]:
    """How each bomb ended, and the most memory that any child took (kilobytes)."""
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True, cwd=ROOT)
    found, most = json.loads(done.stdout)
    return found, most


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_clear_refusal_within_ten_seconds(
    name: str, run: tuple[dict[str, list[Any]], int]
) -> None:
    *said, seconds = run[0][name]
    assert seconds < 10
    if len(said) == 1:
        assert name == "a feed of ampersands"  # which is only long
        assert "'entries': []" in said[0]
    else:
        why, hint = said
        assert hint.endswith(".")
        assert "root:" not in why


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts in kilobytes")
def test_no_bomb_takes_500_mb(run: tuple[dict[str, list[Any]], int]) -> None:
    assert run[1] < 500_000
