"""Feeds and sitemaps to articles: what is new is taken once, and what is built to do harm is refused."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from assistant.addresses import not_public
from assistant.errors import AddressRefused, FetchFailed, InputRefused
from assistant.models import Article, PassedOver
from tests.ferries import (
    SETTINGS,
    Memory,
    add,
    articles,
    atom,
    ferries,
    index,
    only,
    page,
    passed,
    refusal,
    rss,
    running,
    sitemap,
    story,
)
from tests.website import Page, Route, Site, moved, website


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as open_site:
        yield open_site


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap", "index", "gz", "latin"])
def test_a_feed_gives_its_articles_and_the_second_time_nothing(site: Site, memory: Memory, kind: str) -> None:
    ferries(site, 1, 2, 3)
    gz = gzip.compress(sitemap(site, 1, 2, 3).body)
    latin = rss(1, 2, 3).body.replace(b'"1.0"', b'"1.0" encoding="iso-8859-1"').replace(b"T", b"\xc9")
    feeds: dict[str, Page] = {
        "rss": rss(1, 2, 3),
        "atom": atom(1, 2, 3),
        "sitemap": sitemap(site, 1, 2, 3),
        "index": index(site, one=1, two=2),
        "gz": Page(gz, media="application/octet-stream"),
        "latin": Page(latin, media="text/xml"),
    }
    site.routes |= {"/feed.gz": feeds[kind], "/one": sitemap(site, 1, 2), "/two": sitemap(site, 3, 2)}
    first = add(site, memory, "/feed.gz")
    assert {one.url for one in articles(first)} == {site.url(f"/ferry/{n}") for n in (1, 2, 3)}
    assert len(articles(first)) == 3
    assert passed(first).left == 0
    second = add(site, memory, "/feed.gz")
    assert articles(second) == []
    assert not [one for one in (*first, *second) if isinstance(one, InputRefused)]
    assert passed(second).text.startswith(f"{site.url('/feed.gz')} lists nothing more that is new")


def test_a_new_entry_and_an_edited_page_are_one_article_each(site: Site, memory: Memory) -> None:
    ferries(site, 1, 2, 3)
    site.routes["/feed"] = rss(1, 2, etag='"f1"')
    assert len(articles(add(site, memory, "/feed"))) == 2
    site.routes["/feed"] = rss(3, 1, 2, etag='"f2"')
    site.routes["/ferry/2"] = page(2, "It will be free.")
    results = add(site, memory, "/feed")
    assert [one.url for one in articles(results)] == [site.url("/ferry/3"), site.url("/ferry/2")]
    assert passed(results).unchanged == 1


def test_a_feed_that_has_not_changed_costs_one_request(site: Site, memory: Memory) -> None:
    ferries(site, 1, 2)
    site.routes["/feed"] = rss(1, 2)
    add(site, memory, "/feed")
    site.asked.clear()
    assert passed(add(site, memory, "/feed")).unchanged == 0
    assert site.paths == ["/feed"]


def test_a_sitemap_names_the_pages_that_changed_and_only_those_are_asked_for(
    site: Site, memory: Memory
) -> None:
    ferries(site, 1, 2, 3)
    site.routes |= {
        "/index": index(site, one=1, two=1),
        "/one": sitemap(site, 1, 2),
        "/two": sitemap(site, 3),
    }
    assert len(articles(add(site, memory, "/index"))) == 3
    site.routes |= {"/index": index(site, one=2, two=1), "/one": sitemap(site, 1, 2, day=2)}
    site.routes["/ferry/2"] = page(2, "It will be free.")
    site.asked.clear()
    results = add(site, memory, "/index")
    assert [one.url for one in articles(results)] == [site.url("/ferry/2")]
    assert passed(results).unchanged == 1
    assert sorted(site.paths) == ["/ferry/1", "/ferry/2", "/index", "/one"]


def test_a_feed_fills_only_what_a_page_does_not_say(site: Site, memory: Memory) -> None:
    site.routes["/feed"] = rss(1, 2)
    head = '<meta property="og:title" content="Own title"><meta name="date" content="2023-12-31">'
    site.routes["/ferry/1"] = page(1, head=head)
    site.routes["/ferry/2"] = Page(f"<html><body><article>{story(2)}</article></body></html>".encode())
    own, listed = articles(add(site, memory, "/feed"))
    assert (own.title, own.date, own.outlet) == ("Own title", "2023-12-31", "Tamar Herald")
    assert (listed.title, listed.date, listed.outlet) == ("From the feed 2", "2024-01-02", "Tamar Herald")


def test_a_news_sitemap_knows_title_date_and_outlet(site: Site, memory: Memory) -> None:
    site.routes["/ferry/1"] = Page(f"<html><body><article>{story(1)}</article></body></html>".encode())
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">'
        "<url><i:image><i:loc>http://10.0.0.1/a.png</i:loc><i:title>A picture</i:title></i:image>"
        f"<loc>{site.url('/ferry/1')}</loc><n:news>"
        "<n:publication><n:name>Tamar Herald</n:name></n:publication>"
        "<n:publication_date>2024-02-03T10:00:00+00:00</n:publication_date><n:title>Listed</n:title></n:news></url></urlset>"
    )
    site.routes["/news.xml"] = Page(body.encode(), media="text/xml")
    (article,) = articles(add(site, memory, "/news.xml"))
    assert (article.title, article.date, article.outlet) == ("Listed", "2024-02-03", "Tamar Herald")


def test_a_run_that_is_killed_is_taken_up_by_the_next(site: Site, memory: Memory) -> None:
    ferries(site, 1, 2, 3, 4)
    site.routes["/feed"] = rss(1, 2, 3, 4)
    stored: list[str | None] = []
    for stop_after in (1, 2):  # the consumer dies with the next article in its hands
        for result in running(site, memory, "/feed"):
            assert isinstance(result, Article)
            if len(stored) == stop_after:
                break
            stored.append(result.url)
    assert site.url("/feed") not in memory.visits
    rest = add(site, memory, "/feed")
    stored += [one.url for one in articles(rest)]
    assert stored == [site.url(f"/ferry/{n}") for n in (1, 2, 3, 4)], "each once, none lost"
    assert passed(rest).unchanged == 2
    assert site.url("/feed") in memory.visits


def test_a_long_feed_is_read_in_parts_and_says_so(site: Site, memory: Memory) -> None:
    ferries(site, *range(1, 8))
    site.routes["/feed"] = rss(*range(1, 8))
    few = SETTINGS.model_copy(update={"feed_entries": 3})
    counts = []
    for left in (4, 1, 0):
        results = add(site, memory, "/feed", settings=few)
        counts.append(len(articles(results)))
        assert passed(results).left == left
        assert ("Add it again" in passed(results).text) == (left > 0)
    assert counts == [3, 3, 1]


def test_what_did_not_come_is_tried_again_and_what_is_gone_is_not(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    site.routes |= {"/feed": rss(1, 2), "/ferry/2": Page(status=500)}
    assert [type(one) for one in add(site, memory, "/feed")] == [Article, FetchFailed, PassedOver]
    ferries(site, 2)
    assert [one.url for one in articles(add(site, memory, "/feed"))] == [site.url("/ferry/2")]
    site.routes |= {"/feed": rss(1, 2, 3, etag='"f2"')}
    assert "no such page" in str(add(site, memory, "/feed"))
    assert site.url("/feed") in memory.visits


def test_a_feed_of_the_public_web_cannot_reach_the_private_network(site: Site, memory: Memory) -> None:
    items = "".join(
        f"<item><title>x</title><link>{link}</link></item>"
        for link in (
            "http://127.0.0.1/",
            "http://169.254.169.254/",
            "file:///etc/passwd",
            "http://[::1]:80/",
            "gopher://x/",
        )
    )
    site.routes["/feed"] = Page(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), media="text/xml"
    )
    results = add(site, memory, "/feed")
    assert [type(one) for one in results] == [AddressRefused] * 5 + [PassedOver]
    assert not_public("127.0.0.1")


def test_a_page_without_an_article_names_its_feed(site: Site, memory: Memory) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    menu = "<nav><a href=/a>World</a><a href=/b>Sport</a></nav>"
    site.routes["/news"] = Page(f"<html><head>{link}</head><body>{menu}</body></html>".encode())
    front = page(1, head=link)
    site.routes["/"] = Page(front.body.replace(b"<article>", b"<div>"))
    for path in ("/news", "/"):
        assert site.url("/feed.xml") in refusal(add(site, memory, path)).hint
    assert "front page" in refusal(add(site, memory, "/")).why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<a><b/></a>", "no article"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "no article"),
        (b"<urlset", "damaged"),
        (b"\x1f\x8bnot gzip", "damaged"),
        (b"\x1f\x8b" + gzip.compress(bytes(50_000_000))[2:], "larger"),
        (b"", "empty"),
    ],
)
def test_what_is_neither_page_nor_feed_is_refused(site: Site, memory: Memory, body: bytes, why: str) -> None:
    site.routes["/x.xml"] = Page(body, media="application/xml")
    assert why in str(refusal(add(site, memory, "/x.xml")))


def test_an_index_of_itself_ends(site: Site, memory: Memory) -> None:
    site.routes["/index"] = index(site, index=1)
    results = add(site, memory, "/index")
    assert len(site.paths) <= 4
    assert any("too deep" in str(one) for one in results)


def test_a_redirect_keeps_the_address_where_it_ends(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    routes: dict[str, Route] = {"/short": moved("/ferry/1")}
    site.routes |= routes
    assert only(add(site, memory, "/short")).url == site.url("/ferry/1")
    assert passed(add(site, memory, "/short")).unchanged == 1
