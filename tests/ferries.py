"""A little newspaper on loopback, for the tests of the web: pages, feeds, and ways to add them."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.errors import InputRefused
from assistant.fetching import Fetcher
from assistant.models import Article, PassedOver, Visit
from assistant.settings import Settings
from assistant.settings import load as load_settings
from assistant.web import Result, load_addresses
from tests.website import Page, Site


class Memory:
    """Visits in a dict, as the library keeps them."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}

    def get(self, url: str) -> Visit | None:
        return self.visits.get(url)

    def put(self, url: str, visit: Visit) -> None:
        self.visits[url] = visit


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
        f"<p>The harbour board of Port Tamar said on day {number} that ferry {number} will run. {more}</p>"
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
