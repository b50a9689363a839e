"""The catalogue: articles, passages, vectors and the search for words, in SQLite or PostgreSQL.

It is the truth of a library; the vector index can always be made again from it. An article is
`pending` until all its vectors are stored, then `embedded`, and `indexed` once Chroma holds them.
Only articles that are not pending can be found. Every method is one transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    and_,
    func,
    select,
)

from assistant import copies
from assistant.backup import Report, back_up
from assistant.database import Database
from assistant.faults import faults
from assistant.holdings import Removed, put_back, put_in, take_out
from assistant.ledger import Ledger, set_fact
from assistant.listing import Listing
from assistant.models import Article, Filters, Passage
from assistant.stored import (
    Entry,
    InScope,
    Vectors,
    article_of,
    passage_of,
    unknown,
    vectors_of,
)
from assistant.tables import OWN, PASSAGE, articles, live, meta, passages
from assistant.visits import Visits

_MATCHES = 8_000  # passages that one search for words ranks
_RANKED = 4  # times as many as are wanted
_FIRST = 3  # articles of an outlet, of which the first that is no copy is asked
_PART = 50_000  # vectors in memory at once where a whole library is read: 77 MB

_A, _P = articles.c, passages.c
_ARTICLE = [
    _A.id, _A.title, _A.text, _A.outlet, _A.date, _A.author, _A.language, _A.url, _A.file, _A.skip,
    _A.notices,
]  # fmt: skip
_INDEXED = and_(_A.state == "indexed", _A.replaced_by.is_(None))


class Catalogue:
    """One database; safe for threads and for several processes. Errors are LibraryError."""

    def __init__(self, where: Path | str) -> None:
        """`where`: the SQLite file, or the address of a PostgreSQL database."""
        self._db = Database(where)
        self.ledger = Ledger(self._db)
        self.visits = Visits(self._db)
        self.listing = Listing(self._db)

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self._db.name

    @property
    def writable(self) -> bool:
        """Whether anything can be stored; False for a library in a folder or on a disk for reading only."""
        return self._db.writable

    def close(self) -> None:
        """Closes the database."""
        self._db.close()

    def adding(self, *, wait: bool) -> AbstractContextManager[bool]:
        """The right to add articles; see `Database.alone`."""
        return self._db.alone("adding", wait=wait)

    def indexing(self, *, wait: bool) -> AbstractContextManager[bool]:
        """The right to write to an index that others write to as well; see `Database.alone`."""
        return self._db.alone("indexing", wait=wait)

    def back_up(self, file: Path, report: Report) -> int:
        """Writes all of it to a new file; see `backup.back_up`."""
        return back_up(self._db, file, report)

    # Facts about the library itself.

    def fact(self, name: str) -> str | None:
        """A stored fact, such as the embedder's fingerprint."""
        rows = self._db.read(select(meta.c.value).where(meta.c.name == name))
        return str(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: str) -> None:
        """Stores a fact."""
        with self._db.write() as db:
            set_fact(self._db, db, name, value)

    def identity(self) -> str:
        """What tells this library from every other one; made when it is first asked for."""
        fresh = self._db.insert(meta).values(name="library", value=uuid4().hex)
        if self.fact("library") is None:
            with self._db.write() as db:
                db.execute(fresh.on_conflict_do_nothing())
        return self.fact("library") or ""

    # Articles.

    def insert(self, article: Article, found: Sequence[Passage]) -> bool:
        """Stores an article as pending; False when it is there already, and then nothing changes.

        Another text under the same URL and outlet is a newer version: once it is whole, the older one
        stays readable for answers that cite it, and is no longer searched.
        """
        return put_in(self._db, article, found)

    def article(self, source: str) -> Article:
        """The article with that id, whatever its state. Raises SourceNotFound."""
        if found := self.articles([source]):
            return found[source]
        raise unknown(source)

    def articles(self, sources: Iterable[str]) -> dict[str, Article]:
        """Articles by id; unknown ids are left out."""
        rows = self._db.read(select(*_ARTICLE).where(self._db.among(_A.id, sources)))
        return {row.id: article_of(row) for row in rows}

    def entries(self, sources: Sequence[str] | None = None) -> list[Entry]:
        """Every article that is whole, or those of `sources`, by date and outlet; the undated ones last."""
        return self.listing.entries(sources)

    def version_before(self, source: str) -> str | None:
        """The article that this one replaced, which is still there to be read; None where there is none."""
        older = select(_A.id).where(_A.replaced_by == source).order_by(_A.rowid.desc()).limit(1)
        rows = self._db.read(older)
        return str(rows[0].id) if rows else None

    def remove(self, source: str) -> Removed:
        """Removes an article, and gives all that was stored of it. Raises SourceNotFound."""
        return take_out(self._db, source)

    def put_back(self, removed: Removed) -> bool:
        """Puts a removed article back as it was; False when it is there again, and then nothing changes."""
        return put_back(self._db, removed)

    def scope(self, filters: Filters) -> list[InScope]:
        """The articles that a question may look at."""
        found = select(_A.id, _A.outlet, _A.date).where(*self._within(filters)).order_by(_A.rowid)
        return [InScope(row.id, row.outlet, row.date) for row in self._db.read(found)]

    def in_scope(self, filters: Filters) -> int:
        """The number of those articles."""
        found = select(func.count()).select_from(articles).where(*self._within(filters))
        return int(self._db.read(found)[0][0])

    def undated(self, filters: Filters) -> int:
        """The number of those articles that have no date."""
        found = select(func.count()).select_from(articles).where(*self._within(filters), _A.date.is_(None))
        return int(self._db.read(found)[0][0])

    def outlets(self) -> list[str]:
        """Names of the outlets, sorted."""
        found = select(_A.outlet).where(live, _A.outlet.is_not(None)).distinct().order_by(_A.outlet)
        return [str(row.outlet) for row in self._db.read(found)]

    def among(self, sources: Iterable[str]) -> dict[str, InScope]:
        """What a filter sees of articles that can be found, by id."""
        found = select(_A.id, _A.outlet, _A.date).where(live, self._db.among(_A.id, sources))
        return {row.id: InScope(row.id, row.outlet, row.date) for row in self._db.read(found)}

    def published(self, since: str, until: str, filters: Filters) -> list[InScope]:
        """The first articles of every outlet within these dates, both included, in the order of adding."""
        number = func.row_number().over(partition_by=_A.outlet, order_by=_A.rowid).label("number")
        found = select(_A.rowid, _A.id, _A.outlet, _A.date, number)
        found = found.where(*self._within(filters), _A.date.between(since, until))
        first = found.subquery()
        rows = self._db.read(select(first).where(first.c.number <= _FIRST).order_by(first.c.rowid))
        return [InScope(row.id, row.outlet, row.date) for row in rows]

    def copies(self, sources: Iterable[str]) -> dict[str, str]:
        """The origin of each of these articles that is a copy."""
        return copies.origins(self._db, sources)

    # Passages.

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        rows = self._db.read(select(*PASSAGE).where(self._db.among(_P.id, ids)))
        return {row.id: passage_of(row) for row in rows}

    def article_of(self, ids: Iterable[str]) -> dict[str, str]:
        """The article of each of these passages; unknown ids are left out."""
        rows = self._db.read(select(_P.id, _P.article).where(self._db.among(_P.id, ids)))
        return {row.id: row.article for row in rows}

    def passages_of(self, source: str) -> list[Passage]:
        """The passages of an article, in order."""
        rows = self._db.read(select(*PASSAGE).where(_P.article == source).order_by(_P.ordinal))
        return [passage_of(row) for row in rows]

    def vectors(self, sources: Iterable[str] | None = None, filters: Filters | None = None) -> Vectors:
        """Vectors of the passages of `sources`, else of what can be found within `filters`."""
        if sources is not None:
            return self._vectors(self._db.among(_A.id, sources))
        return self._vectors(*self._within(filters or Filters()))

    def _vectors(self, *where: Any) -> Vectors:
        found = select(_P.id, _P.vector).select_from(OWN).where(*where, _P.vector.is_not(None))
        return vectors_of(self._db.read(found.order_by(_P.article, _P.ordinal)))

    def vectors_of(self, ids: Iterable[str]) -> Vectors:
        """Vectors of passages; unknown ids are left out."""
        return self._vectors(self._db.among(_P.id, ids))

    def vectors_in_parts(self, filters: Filters) -> Iterator[Vectors]:
        """As `vectors` of what can be found within `filters`, a part of the passages at a time."""
        last = 0
        found = select(_P.rowid, _P.id, _P.vector).select_from(OWN)
        found = found.where(*self._within(filters), _P.vector.is_not(None)).order_by(_P.rowid).limit(_PART)
        while rows := self._db.read(found.where(_P.rowid > last)):
            yield vectors_of(rows)
            last = rows[-1].rowid

    def live_ids(self) -> list[str]:
        """Ids of the passages that can be found."""
        return [row.id for row in self._db.read(select(_P.id).select_from(OWN).where(live))]

    def live(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids whose passages can be found."""
        found = select(_P.id).select_from(OWN).where(live, self._db.among(_P.id, ids))
        return {row.id for row in self._db.read(found)}

    def on_its_way(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids whose articles are not whole yet."""
        found = select(_P.id).select_from(OWN).where(_A.state == "pending", self._db.among(_P.id, ids))
        return {row.id for row in self._db.read(found)}

    def search_words(
        self, terms: Sequence[str], n: int, filters: Filters, counts: Mapping[str, int] | None = None
    ) -> list[str]:
        """Ids of the `n` best passages for any of `terms`; the headline counts half.

        Of words that very many passages have, those are left out that the rarer ones can do without;
        `counts`: what `word_count` gives for the terms, where that is known already.
        """
        known = counts or {term: self.word_count(term) for term in terms}
        sought: list[str] = []
        for term in sorted(terms, key=known.__getitem__):
            if sought and sum(known[other] for other in sought) + known[term] > _MATCHES:
                break
            sought.append(term)
        if not sought:
            return []
        ids: list[str] = []
        for most in (_RANKED * n, None):  # ranked before the filters, which seldom matter, then after them
            best = self._db.words.best(sought, lambda term: self._rarity(known[term]), most)
            found = select(_P.id).select_from(self._db.words.joined(best)).where(*self._within(filters))
            ids = [row.id for row in self._db.read(found.order_by(best.c.score.desc()).limit(n))]
            if len(ids) == n:
                break
        return ids

    def _rarity(self, here: int) -> float:
        # As in bm25, but never below zero.
        return math.log(1 + (max(self.size() - here, 0) + 0.5) / (here + 0.5))

    def word_count(self, word: str) -> int:
        """Passages that have a word, in any of its forms, outside the headline."""
        return int(self._db.read(self._db.words.with_word(word))[0][0])

    def count(self, *, indexed: bool = False) -> int:
        """Passages that can be found; with `indexed`, those that Chroma was given and must hold."""
        found = select(func.count()).select_from(OWN).where(_INDEXED if indexed else live)
        return int(self._db.read(found)[0][0])

    def size(self) -> int:
        """About how many passages there are, found in no time."""
        return int(self._db.read(select(func.max(_P.rowid)))[0][0] or 0)

    def verify(self) -> list[str]:
        """What is wrong with the database and what it holds, in plain clauses; empty when it is sound."""
        return faults(self._db)

    def _within(self, filters: Filters) -> list[Any]:
        where: list[Any] = [live]
        if filters.outlets:
            where.append(self._db.among(_A.outlet, filters.outlets))
        if filters.since:
            where.append(_A.date >= filters.since)
        if filters.until:
            where.append(_A.date <= filters.until)
        return where
