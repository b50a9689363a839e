"""The list of sources: what matches a search, by outlet and date, a page of it at a time.

Words are sought as parts of words in title, outlet, date, address and file name, without regard to case,
compatibility forms and accents (`text.fold`), in every script. It reads no text of an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from assistant import copies
from assistant.database import Database
from assistant.models import Source
from assistant.stored import Entry, notices_of, source_of
from assistant.tables import articles, lines, passages, unfinished
from assistant.tables import copies as linked
from assistant.text import clean, fold

MOST_COPIES = 10  # named of one article

_A, _P, _L = articles.c, passages.c, lines.c
_SOURCE = [_A.id, _A.outlet, _A.title, _A.date, _A.url, _A.language]
_ORDER = (_L.date.nulls_last(), _L.outlet.nulls_first(), _L.folded, _L.article)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: every one of the words, one of the outlets, a date within both, these included.

    An outlet of None stands for the articles whose outlet is not known; no outlets stand for all.
    """

    words: str = ""
    outlets: tuple[str | None, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One article of the list, with those that it is linked to.

    `older`: the version before it; `newer`: the one that replaced it; `origin`: what it is a copy of;
    `copies`: its own copies, the first `MOST_COPIES` of `copied`.
    """

    entry: Entry
    older: Source | None
    newer: Source | None
    origin: Source | None
    copies: tuple[Source, ...]
    copied: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `total`: of all pages; `undated`: left out by the dates for want of one."""

    items: tuple[Listed, ...]
    total: int
    undated: int


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet with the number of its articles; `name` is None for those whose outlet is not known."""

    name: str | None
    articles: int


class Listing:
    """The list of one catalogue: the articles that are whole, older versions among them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(self, wanted: Wanted, offset: int, limit: int) -> Page:
        """The articles from `offset` on, by date, outlet and title, the undated ones last."""
        matching = [_WHOLE, *self._matching(wanted)]
        found = select(_L.article).where(*matching, *_dated(wanted))
        total = self._count(found)
        ids = [row.article for row in self._db.read(found.order_by(*_ORDER).offset(offset).limit(limit))]
        dates = wanted.since or wanted.until
        undated = self._count(select(_L.article).where(*matching, _L.date.is_(None))) if dates else 0
        return Page(self._linked(ids), total, undated)

    def outlets(self) -> list[Outlet]:
        """Every outlet that the list has, by name; the unknown one is the last."""
        found = select(_L.outlet, func.count().label("articles")).where(_WHOLE).group_by(_L.outlet)
        rows = self._db.read(found.order_by(_L.outlet.nulls_last()))
        return [Outlet(row.outlet, row.articles) for row in rows]

    def entries(self, sources: Sequence[str] | None = None) -> list[Entry]:
        """Every article that is whole, or those of `sources`, by date and outlet; the undated ones last."""
        count = select(func.count()).where(_P.article == _A.id).scalar_subquery()
        rows = self._db.read(
            select(*_SOURCE, _A.added, _A.file, _A.notices, _A.replaced_by, count.label("passages"))
            .where(_A.state != "pending", *([] if sources is None else [self._db.among(_A.id, sources)]))
            .order_by(_A.date.nulls_last(), _A.outlet.nulls_first(), _A.title, _A.id)
        )
        copied = copies.origins(self._db, sources)
        return [
            Entry(
                source_of(row), row.passages, row.added, row.file, notices_of(row), row.replaced_by,
                copied.get(row.id),
            )
            for row in rows
        ]  # fmt: skip

    def _linked(self, ids: Sequence[str]) -> tuple[Listed, ...]:
        """Articles with what they are linked to, in the order of `ids`."""
        entries = {entry.source.id: entry for entry in self.entries(ids)}
        older = self._before(ids)
        own, counts = self._copies(ids)
        others = {*older.values(), *(key for keys in own.values() for key in keys)}
        for entry in entries.values():
            others |= {entry.replaced_by or "", entry.copy_of or ""}
        known = self._sources(others)
        return tuple(
            Listed(
                entries[key],
                known.get(older.get(key, "")),
                known.get(entries[key].replaced_by or ""),
                known.get(entries[key].copy_of or ""),
                tuple(known[copy] for copy in own.get(key, ()) if copy in known),
                counts.get(key, 0),
            )
            for key in ids
            if key in entries  # another process may remove an article at any time
        )

    def _before(self, ids: Sequence[str]) -> dict[str, str]:
        """The version before each of these articles, as `Catalogue.version_before` gives it."""
        found = select(_A.id, _A.replaced_by).where(
            _A.replaced_by.is_not(None), self._db.among(_A.replaced_by, ids)
        )
        return {row.replaced_by: row.id for row in self._db.read(found.order_by(_A.rowid))}

    def _copies(self, ids: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, int]]:
        """The first copies of each of these articles, and how many there are; of those that are whole."""
        own = linked.join(articles, _A.id == linked.c.article)
        number = func.row_number().over(partition_by=linked.c.origin, order_by=_A.rowid).label("number")
        count = func.count().over(partition_by=linked.c.origin).label("all")
        found = select(linked.c.article, linked.c.origin, number, count).select_from(own)
        found = found.where(self._db.among(linked.c.origin, ids), _A.state != "pending")
        first = found.subquery()
        rows = self._db.read(select(first).where(first.c.number <= MOST_COPIES).order_by(first.c.number))
        copied: dict[str, list[str]] = {}
        for row in rows:
            copied.setdefault(row.origin, []).append(row.article)
        return copied, {row.origin: row.all for row in rows}

    def _sources(self, ids: Iterable[str]) -> dict[str, Source]:
        found = select(*_SOURCE).where(_A.state != "pending", self._db.among(_A.id, ids))
        return {row.id: source_of(row) for row in self._db.read(found)}

    def _count(self, found: Select[Any]) -> int:
        return int(self._db.read(select(func.count()).select_from(found.subquery()))[0][0])

    def _matching(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        words = fold(clean(wanted.words)).split()
        where: list[ColumnElement[bool]] = [_L.folded.contains(word, autoescape=True) for word in words]
        if wanted.outlets:
            named = self._db.among(_L.outlet, [name for name in wanted.outlets if name is not None])
            where.append(or_(named, _L.outlet.is_(None)) if None in wanted.outlets else named)
        return where


# By what is not whole, which the index of states holds: little, and looked up without the articles' rows.
_WHOLE = _L.article.not_in(select(_A.id).where(and_(unfinished, _A.state == "pending")))


def _dated(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [
        *([_L.date >= wanted.since] if wanted.since else []),
        *([_L.date <= wanted.until] if wanted.until else []),
    ]
