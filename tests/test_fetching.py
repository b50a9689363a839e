"""Fetching from sites on loopback: servers that want time, memory or trust, manners, and honest sites."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from assistant.errors import FetchFailed, InputRefused, SettingsError, Walled
from assistant.fetching import AGENT, Fetcher
from tests.conftest import ROOT
from tests.website import Asked, Page, Route, moved, refused, website

GOOD = Page(b"<html><body><p>An article.</p></body></html>")


def slow_body(sock: socket.socket, asked: Asked) -> None:  # noqa: ARG001
    sock.sendall(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n")
    while True:
        sock.sendall(b"x")
        time.sleep(0.05)


def slow_headers(sock: socket.socket, asked: Asked) -> None:  # noqa: ARG001
    sock.sendall(b"HTTP/1.1 200 X\r\n")
    while True:
        sock.sendall(b"a: b\r\n")
        time.sleep(0.05)


def silent(sock: socket.socket, asked: Asked) -> None:  # noqa: ARG001
    sock.recv(1)


def endless(start: bytes, again: bytes) -> Route:
    def send(sock: socket.socket, asked: Asked) -> None:  # noqa: ARG001
        sock.sendall(start)
        while True:
            sock.sendall(again)

    return send


def raw(answer: bytes) -> Route:
    return lambda sock, asked: sock.sendall(answer)  # noqa: ARG005


def packed(coding: str, body: bytes) -> Page:
    return Page(body, headers=(("Content-Encoding", coding),))


ZEROS = bytes(50_000_000)
GZIP_BOMB = gzip.compress(ZEROS, 9)
HEAD = b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SERVERS: dict[str, tuple[Route, str]] = {
    "a body of one byte at a time": (slow_body, "within"),
    "headers without end, slowly": (slow_headers, "within"),
    "no answer": (silent, "within"),
    "a body without end": (endless(HEAD + b"\r\n", b"x" * 65536), "larger"),
    "chunks without end": (endless(CHUNKED, b"4\r\nabcd\r\n" * 5000), "larger|within"),
    "headers without end": (endless(b"HTTP/1.1 200 X\r\n", b"a: b\r\n" * 5000), "connection|larger"),
    "one header without end": (endless(b"HTTP/1.1 200 X\r\na: ", b"b" * 65536), "connection|larger"),
    "hints without end": (endless(b"", b"HTTP/1.1 103 X\r\n\r\n" * 2000), "larger|within"),
    "a thousand headers": (raw(HEAD + b"a: b\r\n" * 1000 + b"\r\n"), "headers"),
    "a huge stated length": (raw(HEAD + b"Content-Length: 99999999999\r\n\r\n"), "larger"),
    "an absurd stated length": (raw(HEAD + b"Content-Length: 9" + b"9" * 30 + b"\r\n\r\n"), "connection"),
    "two lengths": (raw(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "connection"),
    "less than it stated": (raw(HEAD + b"Content-Length: 100\r\n\r\nabc"), "connection"),
    "a gzip bomb": (packed("gzip", GZIP_BOMB), "larger"),
    "a gzip bomb in x-gzip": (packed("x-gzip", GZIP_BOMB), "larger"),
    "a deflate bomb": (packed("deflate", zlib.compress(ZEROS, 9)), "larger"),
    "gzip in gzip": (packed("gzip, gzip", gzip.compress(GZIP_BOMB)), "not asked for"),
    "brotli": (packed("br", b"\x0b\x02\x80hello\x03"), "not asked for"),
    "zstandard": (packed("zstd", b"\x28\xb5\x2f\xfd"), "not asked for"),
    "a thousand empty gzip members": (packed("gzip", gzip.compress(b"") * 1000), "larger"),
    "gzip that is none": (packed("gzip", b"plain"), "damaged"),
    "gzip that is cut off": (packed("gzip", gzip.compress(b"a" * 9999)[:-9]), "damaged"),
    "a picture": (Page(b"\x89PNG", media="image/png"), "image/png"),
    "a program": (Page(b"MZ", media="application/octet-stream"), "octet-stream"),
    "a film": (Page(b"", media="video/mp4"), "video/mp4"),
    "JSON": (Page(b"{}", media="application/json"), "application/json"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "connection"),
    "nothing": (raw(b""), "connection"),
    "not modified, unasked": (Page(status=304), "not modified"),
    "no content": (Page(status=204), "204"),
    "a part": (Page(b"x", status=206), "206"),
    "a login": (Page(status=401), "login"),
    "a payment": (Page(status=402), "payment"),
    "a refusal": (Page(status=403), "programs"),
    "a bot check": (Page(status=403, headers=(("cf-mitigated", "challenge"),)), "person"),
    "a missing page": (Page(status=404), "no such page"),
    "a removed page": (Page(status=410), "no such page"),
    "a legal block": (Page(status=451), "legal"),
    "a broken server": (Page(status=500), "failed"),
    "a busy server that names no time": (Page(status=503), "busy"),
    "a busy server that names an hour": (Page(status=429, headers=(("Retry-After", "3600"),)), "busy"),
}  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_a_hostile_server_ends_in_a_refusal_that_says_why(name: str) -> None:
    route, why = SERVERS[name]
    with website({"/": route}) as site:
        fetcher = Fetcher(seconds=0.6, megabytes=1, pause=0, allow=[site.place])
        start = time.monotonic()
        with pytest.raises(InputRefused, match=why) as raised:
            fetcher.get(site.url())
        assert time.monotonic() - start < 2.5
        walled = {"a login", "a payment", "a refusal", "a bot check", "a legal block"}
        assert isinstance(raised.value, Walled) == (name in walled)
        assert raised.value.hint.endswith(".")


def test_a_bomb_is_refused_in_little_memory() -> None:
    """10 MB on the wire that would be 10 GB, in a process that has 200 MB more than it needs to start."""
    code = """if True:
        import resource, sys, time, zlib
        from assistant.fetching import Fetcher
        from assistant.errors import InputRefused
        import httpcore, httpx
        fetcher = Fetcher(pause=0, allow=[sys.argv[1]])
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try: fetcher.get(f"http://{sys.argv[1]}/")
        except InputRefused as refusal: print(refusal.why)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, time.monotonic() - start)
    """

    def bomb(sock: socket.socket, asked: Asked) -> None:  # noqa: ARG001
        sock.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n")
        engine, block = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(10_000_000)
        for _ in range(1000):
            sock.sendall(engine.compress(block))

    with website({"/": bomb}) as site:
        done = subprocess.run(
            [sys.executable, "-c", code, site.place], capture_output=True, text=True, check=True, cwd=ROOT
        )
    why, figures = done.stdout.strip().split("\n")
    grown, seconds = figures.split()
    assert "larger than 20 MB" in why
    assert int(grown) < 100_000, "kilobytes"
    assert float(seconds) < 10


def robots(text: str, **more: int) -> Page:
    return Page(text.encode(), media="text/plain", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("route", "allowed"),
    [
        (Page(status=404), True),
        (Page(status=403), True),
        (robots("User-agent: *\nDisallow: /private"), True),
        (robots("User-agent: news-assistant\nDisallow:\n\nUser-agent: *\nDisallow: /"), True),
        (robots("User-agent: another\nUser-agent: third\nDisallow: /"), True),
        (Page(b"<!doctype html><title>Not found</title>"), True),
        (moved("/robots2.txt"), True),
        (robots("User-agent: *\nDisallow: /"), False),
        (robots("User-agent: News-Assistant\nDisallow: /\n\nUser-agent: *\nAllow: /"), False),
        (robots("User-agent: x\nUser-agent: news-assistant\nDisallow: /a*le$"), False),
        (robots("User-agent: *\nDisallow: /\n" + "# filler\n" * 100_000), False),
        (moved("/robots3.txt"), False),
        (moved("/robots.txt"), False),
        (moved("http://10.0.0.1/robots.txt"), False),
        (Page(status=500), False),
        (Page(status=429), False),
        (silent, False),
        (slow_body, False),
        (endless(HEAD + b"\r\n", b"User-agent: *\nDisallow: /\n" * 4000), False),
        (packed("gzip", GZIP_BOMB), False),
    ],
)
def test_robots_txt_is_obeyed(route: Route, allowed: bool) -> None:
    routes = {
        "/robots.txt": route,
        "/article": GOOD,
        "/robots2.txt": robots("User-agent: *\nAllow: /"),
        "/robots3.txt": robots("User-agent: *\nDisallow: /"),
    }
    with website(routes) as site:
        fetcher = Fetcher(seconds=0.6, pause=0, allow=[site.place])
        if allowed:
            assert fetcher.get(site.url("/article")).data == GOOD.body
            fetcher.get(site.url("/article"))
        else:
            for _ in range(2):
                assert refused(fetcher, site.url("/article")).name == site.url("/article")
        asked = [one.path for one in site.asked]
        assert asked.count("/robots.txt") <= 1 or (isinstance(route, Page) and route.status == 302)
        assert asked.count("/article") == (2 if allowed else 0)


def test_a_huge_robots_txt_for_thousands_of_programs_costs_little() -> None:
    agents = "".join(f"User-agent:a{n}\n" for n in range(15_000))
    text = f"{agents}User-agent: *\n" + "".join(f"Disallow:/{n}\n" for n in range(15_000))
    with website({"/robots.txt": robots(text), "/7000": GOOD, "/x": GOOD}) as site:
        fetcher = Fetcher(pause=0, allow=[site.place])
        start = time.monotonic()
        assert fetcher.get(site.url("/x")).data == GOOD.body
        refused(fetcher, site.url("/7000"))
        assert time.monotonic() - start < 3


def test_requests_to_one_host_keep_their_distance_and_say_who_asks() -> None:
    with website({"/a": GOOD, "/b": GOOD, "/c": GOOD}) as site:
        fetcher = Fetcher(pause=0.25, seconds=0.2, allow=[site.place])
        for path in ("/a", "/b", "/c"):
            fetcher.get(site.url(path))
        pages = [one for one in site.asked if one.path != "/robots.txt"]
        assert all(later.at - one.at > 0.2 for one, later in pairwise(pages))
        assert {one.headers["user-agent"] for one in site.asked} == {AGENT}
        assert AGENT.startswith("news-assistant/")
        assert not any("cookie" in one.headers or "authorization" in one.headers for one in site.asked)


def test_a_crawl_delay_is_kept() -> None:
    routes: dict[str, Route] = {"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.3"), "/a": GOOD}
    with website(routes) as site:
        fetcher = Fetcher(pause=0, allow=[site.place])
        fetcher.get(site.url("/a"))
        fetcher.get(site.url("/a"))
        first, second = [one for one in site.asked if one.path == "/a"]
        assert 0.25 < second.at - first.at < 2


@pytest.mark.parametrize("again", [GOOD, Page(status=503, headers=(("Retry-After", "1"),))])
def test_a_busy_site_gets_the_time_that_it_asks_for_once(again: Page) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1))

    def busy(sock: socket.socket, asked: Asked) -> None:
        (again if len(site.paths) > 1 else Page(status=503, headers=(("Retry-After", soon),))).send(
            sock, asked
        )

    with website({"/": busy}) as site:
        fetcher = Fetcher(pause=0, seconds=0.8, allow=[site.place])
        if again is GOOD:
            assert fetcher.get(site.url()).data == GOOD.body
        else:
            assert refused(fetcher, site.url(), FetchFailed).hint == "Try again in 1 s."
        assert len(site.paths) == 2


def test_no_proxy_of_the_environment_is_used_and_no_cookie_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with website() as proxy, website() as site:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        site.routes["/"] = Page(GOOD.body, headers=(("Set-Cookie", "id=1"),))
        fetcher = Fetcher(pause=0, allow=[site.place])
        fetcher.get(site.url())
        fetcher.get(site.url())
        assert proxy.connections == 0
        assert not any("cookie" in one.headers for one in site.asked)


def test_what_is_known_already_is_not_sent_again() -> None:
    with website({"/": Page(GOOD.body, etag='"v1"')}) as site:
        fetcher = Fetcher(pause=0, allow=[site.place])
        first = fetcher.get(site.url())
        assert (first.etag, first.not_modified, first.data) == ('"v1"', False, GOOD.body)
        again = fetcher.get(site.url(), etag=first.etag)
        assert (again.not_modified, again.data) == (True, b"")
        site.routes["/"] = Page(b"<p>new", etag='"v2"', headers=(("Last-Modified", "x" * 9999),))
        changed = fetcher.get(site.url(), etag=first.etag)
        assert (changed.data, changed.etag, changed.last_modified) == (b"<p>new", '"v2"', None)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_what_was_packed_comes_unpacked(coding: str, pack: Callable[[bytes], bytes]) -> None:
    body = b"<p>" + b"An article. " * 5_000
    with website({"/": packed(coding, pack(body))}) as site:
        assert Fetcher(pause=0, allow=[site.place]).get(site.url()).data == body


def test_type_and_charset_are_told_and_a_redirect_ends_where_it_leads() -> None:
    routes: dict[str, Route] = {
        "/a": moved("b?x=1#part"),
        "/b?x=1": Page(b"text", media='text/plain; charset="koi8-r"'),
    }
    with website(routes) as site:
        fetched = Fetcher(pause=0, allow=[site.place]).get(site.url("/a"))
        assert (fetched.media, fetched.charset) == ("text/plain", "koi8-r")
        assert (fetched.address, fetched.url) == (site.url("/a"), site.url("/b?x=1"))


def test_a_wrong_list_of_allowed_hosts_is_named() -> None:
    with pytest.raises(SettingsError, match=r"FETCH_ALLOW.*localhost:8000"):
        Fetcher(allow="localhost")
