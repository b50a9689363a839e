"""Feeds and sitemaps: the addresses that they list, with what they say of each.

Read in the child process of `parsing` only, which ends what takes too long or too much memory. XML that
declares entities of its own is refused before any parser sees it; no parser here fetches anything.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import InputRefused

_BROKEN = "Tell the site that its feed is damaged, or add the addresses of its articles."
_ARTICLES = "Add the addresses of the articles that you want."
_MOST_FEED_ENTRIES = 5_000  # feedparser needs up to 0.4 ms for each
_MOST_TAGS = {"feed": 200_000, "sitemap": 1_200_000}  # feedparser and lxml need 4 s for as many
_LONG_TAG = re.compile(r"<[\w:.-]{2000}|<[^!<>][^<>]{100000}")  # which parsers take apart again and again
_MOST_ADDRESSES = 50_000  # of one sitemap, as its protocol has it
_BEFORE = re.compile(r"(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?P<inside>\[)?[^>]*>?", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")

FeedKind = Literal["feed", "sitemap", "index"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One address that a feed lists, as it is written there; what the feed does not say is None."""

    link: str
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    changed: str | None = None
    """When the page was last changed, in whatever form the feed says it."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed lists, in its order; an index lists further sitemaps."""

    kind: FeedKind
    entries: tuple[Entry, ...]
    damaged: bool = False
    """Whether more may have followed that could not be read."""

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Feed:
        """The feed that came through the pipe as JSON."""
        entries = tuple(Entry(**entry) for entry in fields["entries"])
        return cls(fields["kind"], entries, fields["damaged"])


def looks_like_feed(text: str) -> bool:
    """Whether XML is a feed or a sitemap, by its first element."""
    return _root(text)[0] in ("rss", "feed", "rdf", "urlset", "sitemapindex")


def _root(text: str) -> tuple[str, int, bool]:
    """The name of the first element, where it begins, and whether entities are declared before it."""
    place, declares = _skip(text, 0), False
    if doctype := _DOCTYPE.match(text, place):
        declares = doctype["inside"] is not None
        place = _skip(text, doctype.end())
    found = re.compile(r"<(?:[\w.-]+:)?(\w+)").match(text, place)
    return (found[1].lower() if found else ""), place, declares


def _skip(text: str, place: int) -> int:
    found = _BEFORE.match(text, place)
    return found.end() if found else place


def read_feed(data: bytes, name: str) -> Feed:
    """The feed in UTF-8 XML. Raises InputRefused where it is none, or built to do harm."""
    text = data.decode("utf-8", "replace")
    kind, start, declares = _root(text)
    if declares:
        raise InputRefused(name, "its XML declares entities of its own, which feeds do not need", _BROKEN)
    # Without what stands before it: the encoding that is named there was true of the bytes that came.
    body = text[start:]
    sitemap = kind in ("urlset", "sitemapindex")
    if body.count("<") > _MOST_TAGS["sitemap" if sitemap else "feed"] or _LONG_TAG.search(body):
        raise InputRefused(name, "it has more or longer elements than any feed needs", _ARTICLES)
    if sitemap:
        return _sitemap(body.encode(), name)
    if kind in ("rss", "feed", "rdf"):
        return _feed(body, name)
    raise InputRefused(name, "it is neither a feed nor a sitemap", "Check the address of the feed.")


def _feed(body: str, name: str) -> Feed:
    """RSS, Atom and RDF, also where they are not quite valid. Method: feedparser."""
    import feedparser  # type: ignore[import-untyped]

    items = sum(1 for _ in _ITEM.finditer(body))
    if items > _MOST_FEED_ENTRIES:
        why = f"it has {items:,} entries, and more than {_MOST_FEED_ENTRIES:,} are not read"
        raise InputRefused(name, why, _ARTICLES)
    # A stream, since feedparser opens a string that looks like an address or a path.
    found = feedparser.parse(
        io.BytesIO(body.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not found.entries and (found.bozo or not found.get("version")):
        raise InputRefused(name, "it is damaged and cannot be read as a feed", _BROKEN)
    outlet = _words(found.feed.get("title"))
    return Feed("feed", tuple(_entries(found.entries, outlet)))


def _entries(items: list[Any], outlet: str | None) -> Iterator[Entry]:
    for item in items:
        link = item.get("feedburner_origlink") or item.get("link")
        if isinstance(link, str) and link.strip():
            # An aggregator's entry names the outlet that it is from.
            source = item.get("source")
            named = _words(source.get("title")) if isinstance(source, dict) else None
            date, changed = item.get("published"), item.get("updated")
            yield Entry(link.strip(), _words(item.get("title")), date or changed, named or outlet, changed)


def _words(value: object) -> str | None:
    """A title without markup, on one line."""
    if not isinstance(value, str):
        return None
    return " ".join(re.sub(r"<[^<>]{1,200}>", "", value).split()) or None


_FIELDS = {
    "url": ("loc", "lastmod"), "sitemap": ("loc", "lastmod"),
    "news": ("title", "publication_date"), "publication": ("name",),
}  # fmt: skip


def _sitemap(body: bytes, name: str) -> Feed:
    """A sitemap or an index of them, news sitemaps included. Method: lxml, which forgets what was read."""
    from lxml import etree  # type: ignore[import-untyped]

    entries: list[Entry] = []
    kind: FeedKind = "sitemap"
    fields: dict[str, str] = {}
    # No entities, no network, and libxml2's own limits on depth and size.
    steps = etree.iterparse(
        io.BytesIO(body), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in steps:
            tag, above = _local(element), _local(element.getparent())
            if tag in _FIELDS.get(above, ()):
                fields.setdefault(tag, (element.text or "").strip()[:4_000])
            elif tag in ("url", "sitemap") and (link := fields.get("loc")):
                kind = "index" if tag == "sitemap" else "sitemap"
                date, title, outlet = (fields.get(key) for key in ("publication_date", "title", "name"))
                entries.append(Entry(link, title or None, date, outlet or None, fields.get("lastmod")))
                fields = {}
            if len(entries) > _MOST_ADDRESSES:
                why = f"it lists more than {_MOST_ADDRESSES:,} addresses, which no sitemap may"
                raise InputRefused(name, why, _ARTICLES)
            _forget(element)
    except etree.XMLSyntaxError as error:
        if not entries:
            why = f"it is damaged and cannot be read as a sitemap ({str(error).split(',')[0]})"
            raise InputRefused(name, why, _BROKEN) from None
        return Feed(kind, tuple(entries), damaged=True)
    return Feed(kind, tuple(entries))


def _local(element: Any) -> str:
    """The name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1] if element is not None and isinstance(element.tag, str) else ""


def _forget(element: Any) -> None:
    """Free the memory of an element that was read, and of what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
