"""Addresses to articles: real feeds, sitemaps and pages on a site of the test's own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.addresses import not_public
from assistant.errors import AddressRefused, FetchFailed, InputRefused
from assistant.fetching import Fetcher
from assistant.models import Article, PassedOver, Visit
from assistant.settings import Settings
from assistant.settings import load as load_settings
from assistant.web import Result, load_addresses
from tests.test_parsing import pdf
from tests.website import Page, Route, Site, moved, website


class Memory:
    """Visits in a dict, as the library keeps them."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}

    def get(self, url: str) -> Visit | None:
        return self.visits.get(url)

    def put(self, url: str, visit: Visit) -> None:
        self.visits[url] = visit


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as open_site:
        yield open_site


@pytest.fixture
def memory() -> Memory:
    return Memory()


SETTINGS = load_settings(parse_seconds=20.0, feed_entries=10)


def add(site: Site, memory: Memory, *paths: str, settings: Settings = SETTINGS, **given: str) -> list[Result]:
    return list(running(site, memory, *paths, settings=settings, **given))


def running(
    site: Site, memory: Memory, *paths: str, settings: Settings = SETTINGS, **given: str
) -> Iterator[Result]:
    fetcher = Fetcher(pause=0, seconds=5, allow=[site.place])
    addresses = [path if "://" in path else site.url(path) for path in paths]
    return load_addresses(
        addresses,
        settings=settings,
        visits=memory,
        fetcher=fetcher,
        outlet=given.get("outlet"),
        date=given.get("date"),
    )


def articles(results: list[Result]) -> list[Article]:
    return [result for result in results if isinstance(result, Article)]


def passed(results: list[Result]) -> PassedOver:
    (found,) = [result for result in results if isinstance(result, PassedOver)]
    return found


def only(results: list[Result]) -> Article:
    (result,) = results
    assert isinstance(result, Article), result
    return result


def refusal(results: list[Result]) -> InputRefused:
    (result,) = results
    assert isinstance(result, InputRefused), result
    assert result.hint.endswith(".")
    return result


def story(number: int, more: str = "") -> str:
    return (
        f"<p>The harbour board of Port Tamar said on day {number} that ferry {number} will run again. {more}</p>"
        f"<p>The captain of ferry {number} denied it and told reporters that no date has been fixed.</p>"
        f"<p>Its owners did not answer the {number} questions that this newspaper sent to them last week.</p>"
    )


def page(number: int, more: str = "", head: str = "") -> Page:
    body = (
        f"<!doctype html><html lang=en><head><title>Ferry {number} | Tamar Herald</title>{head}</head>"
        f"<body><article><h1>Ferry {number} will run</h1>{story(number, more)}</article></body></html>"
    )
    return Page(body.encode(), etag=f'"{number}{len(more)}"')


def rss(*numbers: int, etag: str = '"f1"') -> Page:
    items = "".join(
        f"<item><title>From the feed {n}</title><link>/ferry/{n}</link>"
        f"<pubDate>Mon, {n:02} Jan 2024 10:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tamar Herald</title>{items}</channel></rss>'
    )
    return Page(body.encode(), media="application/rss+xml", etag=etag)


def atom(*numbers: int) -> Page:
    entries = "".join(
        f"<entry><title>Ferry {n}</title><link rel='alternate' href='ferry/{n}'/><id>urn:{n}</id>"
        f"<updated>2024-01-{n:02}T10:00:00Z</updated></entry>"
        for n in numbers
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Tamar Herald</title>{entries}</feed>'
    return Page(body.encode(), media="application/atom+xml")


def sitemap(site: Site, *numbers: int, day: int = 1) -> Page:
    urls = "".join(
        f"<url><loc>{site.url(f'/ferry/{n}')}</loc><lastmod>2024-02-{day:02}</lastmod></url>" for n in numbers
    )
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Page(body.encode(), media="application/xml")


def index(site: Site, **days: int) -> Page:
    maps = "".join(
        f"<sitemap><loc>{site.url(f'/{name}')}</loc><lastmod>2024-02-{day:02}</lastmod></sitemap>"
        for name, day in days.items()
    )
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
    return Page(body.encode(), media="application/xml")


def ferries(site: Site, *numbers: int) -> None:
    site.routes.update({f"/ferry/{n}": page(n) for n in numbers})


# One page


def test_a_page_becomes_an_article_with_what_it_says_of_itself(site: Site, memory: Memory) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The ferry runs",'
        '"datePublished": "2024-03-05T10:00:00Z", "author": {"name": "Ann Example"},'
        '"publisher": {"name": "Tamar Herald"}}</script><link rel="canonical" href="/ferry/1">'
    )
    site.routes["/ferry/1?utm_source=x"] = page(1, head=head)
    article = only(add(site, memory, "/ferry/1?utm_source=x#top"))
    assert (article.title, article.outlet, article.date) == ("The ferry runs", "Tamar Herald", "2024-03-05")
    assert (article.author, article.language, article.url) == ("Ann Example", "en", site.url("/ferry/1"))
    assert "denied it" in article.text
    assert article.file is None


def test_the_word_of_the_person_who_adds_a_page_wins(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    article = only(add(site, memory, "/ferry/1", outlet="My Outlet", date="2020-01-02"))
    assert (article.outlet, article.date) == ("My Outlet", "2020-01-02")


@pytest.mark.parametrize(
    ("canonical", "same"),
    [
        ("https://elsewhere.example/a", False),
        ("/", False),
        ("javascript:alert(1)", False),
        ("/b", True),
        ("", False),
    ],
)
def test_a_page_is_known_by_its_own_address_only_on_its_own_site(
    site: Site, memory: Memory, canonical: str, same: bool
) -> None:
    site.routes["/ferry/1"] = page(1, head=f'<link rel="canonical" href="{canonical}">')
    assert only(add(site, memory, "/ferry/1")).url == site.url("/b" if same else "/ferry/1")


def test_a_pdf_and_a_text_become_articles(site: Site, memory: Memory) -> None:
    site.routes["/report.pdf"] = Page(pdf("The board of Port Tamar met."), media="application/pdf")
    site.routes["/note.txt"] = Page(b"The board of Port Tamar met again.", media="text/plain")
    report, note = articles(add(site, memory, "/report.pdf", "/note.txt"))
    assert report.text == "The board of Port Tamar met."
    assert report.url == site.url("/report.pdf")
    assert note.text == "The board of Port Tamar met again."


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8_r"),
        ("utf-16le", "utf-16-le"),
        ("iso-8859-1", "utf-8"),
        ("x", "utf-8"),
    ],
)
def test_the_charset_of_the_server_is_believed_where_it_fits(
    site: Site, memory: Memory, charset: str, encoding: str
) -> None:
    text = "Совет порта Тамар сообщил, что паром снова пойдёт в мае будущего года. Капитан это отрицает. " * 3
    body = f"<!doctype html><html><body><article><p>{text}</p></article></body></html>"
    site.routes["/a"] = Page(body.encode(encoding), media=f"text/html; charset={charset}")
    article = only(add(site, memory, "/a"))
    assert "Капитан это отрицает" in article.text
    assert not [one for one in article.notices if one.code in ("decoded_as", "bytes_damaged")]


def test_a_page_that_is_as_it_was_is_asked_for_once_more_and_gives_nothing(
    site: Site, memory: Memory
) -> None:
    ferries(site, 1)
    site.routes["/ferry/2"] = replace(page(2), etag=None)
    assert len(articles(add(site, memory, "/ferry/1", "/ferry/2"))) == 2
    again = add(site, memory, "/ferry/1", "/ferry/2")
    assert [one.unchanged for one in again if isinstance(one, PassedOver)] == [1, 1]
    assert len(again) == 2
    assert "as it was" in again[0].text  # type: ignore[union-attr]
    assert [one.headers.get("if-none-match") for one in site.asked if one.path == "/ferry/1"] == [
        None,
        '"10"',
    ]


def test_what_changes_on_a_page_beside_its_article_is_no_edit(site: Site, memory: Memory) -> None:
    site.routes["/ferry/1"] = replace(page(1, head="<script>var id = 1</script>"), etag=None)
    only(add(site, memory, "/ferry/1"))
    site.routes["/ferry/1"] = replace(page(1, head="<script>var id = 2</script>"), etag=None)
    assert passed(add(site, memory, "/ferry/1")).unchanged == 1


def test_an_edited_page_is_a_new_article_under_the_same_address(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    before = only(add(site, memory, "/ferry/1"))
    site.routes["/ferry/1"] = page(1, "It will be free.")
    after = only(add(site, memory, "/ferry/1"))
    assert before.url == after.url
    assert before.id != after.id
    assert passed(add(site, memory, "/ferry/1")).unchanged == 1


def test_what_cannot_be_fetched_is_named_and_the_others_are_added(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    site.routes["/broken"] = Page(status=500)
    results = add(site, memory, "http://127.0.0.1/", "/none", "/broken", "file:///etc/passwd", "/ferry/1")
    kinds = [type(result) for result in results]
    assert kinds == [AddressRefused, InputRefused, FetchFailed, AddressRefused, Article]
    assert set(memory.visits) == {site.url("/ferry/1")}


# Feeds


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
    assert passed(second).text.startswith(f"{site.url('/feed.gz')} lists nothing else that is new")


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
