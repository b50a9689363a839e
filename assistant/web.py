"""Addresses on the web -> articles: pages, PDFs, and what is new in feeds and sitemaps.

What was visited is remembered only after the consumer has come back for more, that is, has stored what it
got; a run that is killed is taken up by the next one. A feed counts as visited when all its entries were
taken. Pages of a feed that were visited before are asked again whether they have changed; those of a
sitemap only where it gives them a new date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol

from assistant.addresses import joined, shown, without_part
from assistant.arrivals import Arrivals
from assistant.errors import FetchFailed, InputRefused
from assistant.feeds import Entry, Feed
from assistant.fetching import Fetched, Fetcher
from assistant.models import Article, PassedOver, Visit
from assistant.parsing import Parser
from assistant.settings import Settings

Result = Article | InputRefused | PassedOver

_MOST_SITEMAPS = 50  # of one index are opened in a run
_DEEPEST = 2  # an index of indexes


class Visits(Protocol):
    """Where visits are remembered, by address."""

    def get(self, url: str) -> Visit | None:
        """The last visit, None where there was none or its article is gone from the library."""

    def put(self, url: str, visit: Visit) -> None:
        """Remembers a visit in place of the last one."""


def load_addresses(
    addresses: Iterable[str],
    *,
    outlet: str | None = None,
    date: str | None = None,
    settings: Settings,
    visits: Visits,
    fetcher: Fetcher | None = None,
) -> Iterator[Result]:
    """The articles at `addresses`, as they come; a feed ends with a PassedOver that counts the rest.

    What cannot be read is yielded as InputRefused, in its place. Raises SettingsError, before it asks for
    anything, where `fetch_allow` is no list of hosts.
    """
    size = int(settings.fetch_megabytes * 1e6)
    with closing(Parser(settings.parse_seconds, settings.parse_megabytes)) as parser:
        arrivals = Arrivals(parser, outlet, date, size)
        visitor = _Visitor(fetcher or Fetcher.of(settings), arrivals, visits, settings.feed_entries)
        for address in addresses:
            yield from visitor.visit(address)


@dataclass(slots=True)
class _Progress:
    """How one address went, its feeds and sitemaps taken together."""

    room: int
    """Pages that may still be asked for."""
    unchanged: int = 0
    left: int = 0
    failed: bool = False
    """Whether something did not come that may come another time."""
    damaged: bool = False
    last: str | None = None


@dataclass(frozen=True, slots=True)
class _Visitor:
    """The fetcher, the reader and the memory of one call."""

    fetcher: Fetcher
    arrivals: Arrivals
    visits: Visits
    entries: int

    def visit(self, address: str) -> Iterator[Result]:
        """The articles of an address that a person gave."""
        key, name = without_part(address), shown(address)
        known = self.visits.get(key)
        try:
            fetched = self._ask(key, known, "any", None)
            if fetched.not_modified:
                kind = known.kind if known else "page"
                yield PassedOver(name, kind, unchanged=1 if kind == "page" else 0)
                return
            found = self.arrivals.feed(fetched)
        except InputRefused as refusal:
            yield refusal
            return
        if found is None:
            yield from self._page(fetched, key, None)
            return
        progress = _Progress(self.entries)
        yield from self._feed(found, fetched, key, None, progress)
        yield PassedOver(name, "feed", progress.unchanged, progress.left, progress.damaged)

    def _ask(
        self, key: str, known: Visit | None, wanted: Literal["any", "page", "feed"], named_by: str | None
    ) -> Fetched:
        etag, last_modified = (known.etag, known.last_modified) if known else (None, None)
        return self.fetcher.get(key, wanted, etag=etag, last_modified=last_modified, named_by=named_by)

    def _page(self, fetched: Fetched, key: str, entry: Entry | None) -> Iterator[Result]:
        """The article of a page, unless it is the one that is known."""
        try:
            article = self.arrivals.article(fetched, entry)
        except InputRefused as refusal:
            yield refusal
            return
        known = self.visits.get(key)
        if known and known.article == article.id:
            yield PassedOver(shown(key), "page", unchanged=1)
        else:
            yield article
        self.visits.put(key, _visit("page", fetched, article.id, entry))

    def _entry(self, key: str, entry: Entry, named_by: str) -> Iterator[Result]:
        """The article of one entry of a feed."""
        known = self.visits.get(key)
        try:
            fetched = self._ask(key, known, "page", named_by)
        except InputRefused as refusal:
            yield refusal
            return
        if known and fetched.not_modified:
            yield PassedOver(shown(key), "page", unchanged=1)
            self.visits.put(key, replace(known, changed=entry.changed, at=_now()))
        else:
            yield from self._page(fetched, key, entry)

    def _feed(
        self, feed: Feed, fetched: Fetched, key: str, entry: Entry | None, progress: _Progress, depth: int = 0
    ) -> Iterator[Result]:
        """The articles of a feed, and its own visit where nothing of it is left for another run."""
        before, progress.failed = (progress.left, progress.failed), False
        progress.damaged |= feed.damaged
        if feed.kind == "index":
            yield from self._index(feed, fetched, progress, depth)
        else:
            yield from self._pages(feed, fetched, progress)
        if progress.left == before[0] and not progress.failed and not feed.damaged:
            self.visits.put(key, _visit("feed", fetched, progress.last, entry))
        progress.failed |= before[1]

    def _pages(self, feed: Feed, fetched: Fetched, progress: _Progress) -> Iterator[Result]:
        """New pages first, then those that may have changed, as many as there is room for."""
        new: list[tuple[str, Entry]] = []
        old: list[tuple[str, str, Entry]] = []
        for key, entry in _listed(feed, fetched.url):
            known = self.visits.get(key)
            if known is None or (entry.changed and known.changed != entry.changed):
                new.append((key, entry))
            elif feed.kind == "sitemap" and entry.changed:
                progress.unchanged += 1
            else:
                old.append((known.at, key, entry))
        progress.left += max(0, len(new) - progress.room)
        # Of the old ones, those first that were not asked for longest.
        todo = [*new, *((key, entry) for _, key, entry in sorted(old, key=lambda item: item[0]))]
        todo = todo[: progress.room]
        progress.room -= len(todo)
        for key, entry in todo:
            for result in self._entry(key, entry, fetched.url):
                if isinstance(result, PassedOver):
                    progress.unchanged += result.unchanged
                    continue
                progress.failed |= isinstance(result, FetchFailed)
                progress.last = result.id if isinstance(result, Article) else progress.last
                yield result

    def _index(self, feed: Feed, fetched: Fetched, progress: _Progress, depth: int) -> Iterator[Result]:
        """The articles of the sitemaps that an index lists, newest first."""
        if depth >= _DEEPEST:
            yield InputRefused(shown(fetched.url), "its sitemaps lie too deep in each other", _SITEMAP)
            return
        for place, (key, entry) in enumerate(_listed(feed, fetched.url)):
            known = self.visits.get(key)
            if known and entry.changed and known.changed == entry.changed:
                continue
            if not progress.room or place >= _MOST_SITEMAPS:
                progress.left += 1
                continue
            try:
                sitemap = self._ask(key, known, "feed", fetched.url)
                found = None if sitemap.not_modified else self.arrivals.feed(sitemap)
                if found is None and not sitemap.not_modified:
                    raise InputRefused(shown(key), "it is listed as a sitemap, and is none", _SITEMAP)
            except InputRefused as refusal:
                progress.failed |= isinstance(refusal, FetchFailed)
                yield refusal
                continue
            if found:
                yield from self._feed(found, sitemap, key, entry, progress, depth + 1)


_SITEMAP = "Add the sitemap that lists the articles you want."


def _listed(feed: Feed, base: str) -> Iterator[tuple[str, Entry]]:
    """The addresses that a feed lists, each once; those of a sitemap with the newest first."""
    entries = feed.entries
    if feed.kind != "feed":
        entries = tuple(sorted(entries, key=lambda entry: entry.changed or entry.date or "", reverse=True))
    seen: set[str] = set()
    for entry in entries:
        key = without_part(joined(base, entry.link) or entry.link)
        if key not in seen:
            seen.add(key)
            yield key, entry


def _visit(
    kind: Literal["page", "feed"], fetched: Fetched, article: str | None, entry: Entry | None
) -> Visit:
    changed = entry.changed if entry else None
    return Visit(kind, _now(), fetched.etag, fetched.last_modified, article, changed)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
