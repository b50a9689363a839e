"""The catalogue: articles, passages, vectors and the search for words, in SQLite or PostgreSQL.

It is the truth of a library; the vector index can always be made again from it. An article is
`pending` until all its vectors are stored, then `embedded`, and `indexed` once Chroma holds them.
Only articles that are not pending can be found. Every method is one transaction.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from assistant import copies
from assistant.backup import Report, back_up
from assistant.database import Database
from assistant.errors import SourceNotFound
from assistant.faults import faults
from assistant.models import Article, Filters, Passage, Source
from assistant.stored import (
    Entry,
    InScope,
    Vectors,
    article_of,
    notices_of,
    passage_of,
    source_of,
    vectors_of,
)
from assistant.tables import articles, meta, orphans, passages

_PART = 50_000  # vectors in memory at once where a whole library is read: 77 MB

_A, _P = articles.c, passages.c
_ARTICLE = [
    _A.id, _A.title, _A.text, _A.outlet, _A.date, _A.author, _A.language, _A.url, _A.file, _A.skip,
    _A.notices,
]  # fmt: skip
_PASSAGE = [_P.id, _P.article, _P.ordinal, _P.start, _P.end, _P.text]
_LIVE = and_(_A.state != "pending", _A.replaced_by.is_(None))
_INDEXED = and_(_A.state == "indexed", _A.replaced_by.is_(None))
_WAITING = and_(_A.state == "pending", _P.vector.is_(None))
_OWN = passages.join(articles, _A.id == _P.article)


class Catalogue:
    """One database; safe for threads and for several processes. Errors are LibraryError."""

    def __init__(self, where: Path | str) -> None:
        """`where`: the SQLite file, or the address of a PostgreSQL database."""
        self._db = Database(where)

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
            self._set_fact(db, name, value)

    def _set_fact(self, db: Connection, name: str, value: str) -> None:
        fresh = self._db.insert(meta).values(name=name, value=value)
        db.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

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
        row = asdict(article) | {
            "skip": json.dumps(article.skip),
            "notices": json.dumps([asdict(notice) for notice in article.notices]),
            "added": datetime.now(UTC).isoformat(timespec="seconds"),
            "state": "pending",
        }
        rows = [asdict(item) | self._db.words.row(item, article.title) for item in found]
        if self._db.read(select(_A.rowid).where(_A.id == article.id)):
            return False  # before anything that takes time
        origin = copies.origin_for(self._db, article)
        with self._db.write() as db:
            fresh = self._db.insert(articles).values(row).on_conflict_do_nothing().returning(_A.rowid)
            if db.execute(fresh).first() is None:
                return False
            if rows:
                db.execute(passages.insert(), rows)
                self._db.words.add(db, found, article.title)
            copies.note(self._db, db, article, origin)
        return True

    def article(self, source: str) -> Article:
        """The article with that id, whatever its state. Raises SourceNotFound."""
        if found := self.articles([source]):
            return found[source]
        raise SourceNotFound(
            f"No article has the id {source!r}. `news-assistant sources` lists the ids that there are."
        )

    def articles(self, sources: Iterable[str]) -> dict[str, Article]:
        """Articles by id; unknown ids are left out."""
        rows = self._db.read(select(*_ARTICLE).where(self._db.among(_A.id, sources)))
        return {row.id: article_of(row) for row in rows}

    def entries(self) -> list[Entry]:
        """Every article that is whole, by date and outlet; the undated ones last."""
        count = select(func.count()).where(_P.article == _A.id).scalar_subquery()
        rows = self._db.read(
            select(
                _A.id, _A.title, _A.outlet, _A.date, _A.url, _A.language, _A.added, _A.file, _A.notices,
                _A.replaced_by, count.label("passages"),
            )
            .where(_A.state != "pending")
            .order_by(_A.date.nulls_last(), _A.outlet.nulls_first(), _A.title, _A.id)
        )  # fmt: skip
        copied = copies.origins(self._db)
        return [
            Entry(
                source_of(row), row.passages, row.added, row.file, notices_of(row), row.replaced_by,
                copied.get(row.id),
            )
            for row in rows
        ]  # fmt: skip

    def version_before(self, source: str) -> str | None:
        """The article that this one replaced, which is still there to be read; None where there is none."""
        older = select(_A.id).where(_A.replaced_by == source).order_by(_A.rowid.desc()).limit(1)
        rows = self._db.read(older)
        return str(rows[0].id) if rows else None

    def remove(self, source: str) -> None:
        """Removes an article; its passages wait in `orphans` until Chroma has let them go too."""
        self.article(source)
        with self._db.write() as db:
            self._orphan(db, [source])
            db.execute(delete(passages).where(_P.article == source))
            # What it had replaced is replaced by what had replaced it, if anything had.
            later = select(_A.replaced_by).where(_A.id == source).scalar_subquery()
            db.execute(update(articles).where(_A.replaced_by == source).values(replaced_by=later))
            copies.forget(db, source)
            db.execute(delete(articles).where(_A.id == source))

    def scope(self, filters: Filters) -> list[InScope]:
        """The articles that a question may look at."""
        found = select(_A.id, _A.outlet, _A.date).where(*self._within(filters)).order_by(_A.rowid)
        return [InScope(row.id, row.outlet, row.date) for row in self._db.read(found)]

    def dates(self, sources: Iterable[str]) -> dict[str, str | None]:
        """Dates of articles, by id."""
        rows = self._db.read(select(_A.id, _A.date).where(self._db.among(_A.id, sources)))
        return {row.id: row.date for row in rows}

    # Passages.

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        rows = self._db.read(select(*_PASSAGE).where(self._db.among(_P.id, ids)))
        return {row.id: passage_of(row) for row in rows}

    def passages_of(self, source: str) -> list[Passage]:
        """The passages of an article, in order."""
        rows = self._db.read(select(*_PASSAGE).where(_P.article == source).order_by(_P.ordinal))
        return [passage_of(row) for row in rows]

    def vectors(self, sources: Iterable[str] | None = None, filters: Filters | None = None) -> Vectors:
        """Vectors of the passages of `sources`, else of what can be found within `filters`."""
        if sources is not None:
            return self._vectors(self._db.among(_A.id, sources))
        return self._vectors(*self._within(filters or Filters()))

    def _vectors(self, *where: Any) -> Vectors:
        found = select(_P.id, _P.vector).select_from(_OWN).where(*where, _P.vector.is_not(None))
        return vectors_of(self._db.read(found.order_by(_P.article, _P.ordinal)))

    def vectors_of(self, ids: Iterable[str]) -> Vectors:
        """Vectors of passages; unknown ids are left out."""
        return self._vectors(self._db.among(_P.id, ids))

    def vectors_in_parts(self, filters: Filters) -> Iterator[Vectors]:
        """As `vectors` of what can be found within `filters`, a part of the passages at a time."""
        last = 0
        found = select(_P.rowid, _P.id, _P.vector).select_from(_OWN)
        found = found.where(*self._within(filters), _P.vector.is_not(None)).order_by(_P.rowid).limit(_PART)
        while rows := self._db.read(found.where(_P.rowid > last)):
            yield vectors_of(rows)
            last = rows[-1].rowid

    def live_ids(self) -> list[str]:
        """Ids of the passages that can be found."""
        return [row.id for row in self._db.read(select(_P.id).select_from(_OWN).where(_LIVE))]

    def live(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids whose passages can be found."""
        found = select(_P.id).select_from(_OWN).where(_LIVE, self._db.among(_P.id, ids))
        return {row.id for row in self._db.read(found)}

    def on_its_way(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids whose articles are not whole yet."""
        found = select(_P.id).select_from(_OWN).where(_A.state == "pending", self._db.among(_P.id, ids))
        return {row.id for row in self._db.read(found)}

    def search_words(self, terms: Sequence[str], n: int, filters: Filters) -> list[str]:
        """Ids of the `n` best passages for any of `terms`; the headline counts half."""
        if not terms:
            return []
        found, order = self._db.words.best(terms, self._rarity)
        rows = self._db.read(found.where(*self._within(filters)).order_by(order).limit(n))
        return [row.id for row in rows]

    def _rarity(self, term: str) -> float:
        # As in bm25, but never below zero.
        total, here = self.count(), self.word_count(term)
        return math.log(1 + (max(total - here, 0) + 0.5) / (here + 0.5))

    def word_count(self, word: str) -> int:
        """Passages that have a word, in any of its forms, outside the headline."""
        return int(self._db.read(self._db.words.with_word(word))[0][0])

    def count(self, *, indexed: bool = False) -> int:
        """Passages that can be found; with `indexed`, those that Chroma was given and must hold."""
        found = select(func.count()).select_from(_OWN).where(_INDEXED if indexed else _LIVE)
        return int(self._db.read(found)[0][0])

    # The way of an article from pending to indexed.

    def waiting(self) -> int:
        """Passages of pending articles that have no vector yet."""
        return int(self._db.read(select(func.count()).select_from(_OWN).where(_WAITING))[0][0])

    def pending(self, n: int) -> list[tuple[Passage, Source]]:
        """Up to `n` passages without a vector, in the order of their articles, each with its source."""
        rows = self._db.read(
            select(*_PASSAGE, _A.title, _A.outlet, _A.date, _A.url, _A.language)
            .select_from(_OWN)
            .where(_WAITING)
            .order_by(_A.rowid, _P.ordinal)
            .limit(n)
        )
        return [
            (
                passage_of(row),
                Source(row.article, row.outlet, row.title, row.date, row.url, row.language),
            )
            for row in rows
        ]

    def store(self, found: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Stores vectors, and lets every article be found that now has all of its own."""
        rows = [
            {"key": item.id, "data": vector.astype(np.float32).tobytes()}
            for item, vector in zip(found, vectors, strict=True)
        ]
        without = exists().where(_P.article == _A.id, _P.vector.is_(None))
        with self._db.write() as db:
            if rows:
                db.execute(
                    update(passages).where(_P.id == bindparam("key")).values(vector=bindparam("data")), rows
                )
            whole = db.execute(
                update(articles)
                .where(_A.state == "pending", ~without)
                .values(state="embedded")
                .returning(_A.rowid, _A.id, _A.url, _A.outlet)
            ).all()
            # Oldest first, so that each version is replaced by the next one and comes back alone.
            for row in sorted((row for row in whole if row.url), key=lambda row: row.rowid):
                self._replace_older(db, row)

    def _replace_older(self, db: Connection, new: Row[Any]) -> None:
        older = [
            row.id
            for row in db.execute(
                select(_A.id).where(
                    _A.url == new.url,
                    _A.outlet.is_not_distinct_from(new.outlet),
                    _A.rowid < new.rowid,
                    _A.replaced_by.is_(None),
                )
            )
        ]
        if older:
            self._orphan(db, older)
            db.execute(update(articles).where(_A.id.in_(older)).values(replaced_by=new.id))
            again = update(articles).where(_A.id.in_(older), _A.state == "indexed")
            db.execute(again.values(state="embedded"))

    def _orphan(self, db: Connection, sources: Sequence[str]) -> None:
        left = select(_P.id).where(_P.article.in_(sources))
        fresh = self._db.insert(orphans).from_select(["passage"], left)
        db.execute(fresh.on_conflict_do_nothing())

    def unindexed(self) -> list[InScope]:
        """Articles that Chroma does not hold yet."""
        found = select(_A.id, _A.outlet, _A.date).where(_A.state == "embedded", _A.replaced_by.is_(None))
        return [InScope(row.id, row.outlet, row.date) for row in self._db.read(found)]

    def set_indexed(self, sources: Iterable[str]) -> None:
        """Notes that Chroma holds these articles."""
        those = (_A.state == "embedded", _A.replaced_by.is_(None), self._db.among(_A.id, sources))
        with self._db.write() as db:
            db.execute(update(articles).where(*those).values(state="indexed"))

    def orphans(self) -> list[str]:
        """Passages for Chroma to let go; those of an article that it holds again are not among them."""
        held = exists().where(_P.id == orphans.c.passage, _A.id == _P.article, _A.state == "indexed")
        return [row.passage for row in self._db.read(select(orphans.c.passage).where(~held))]

    def clear_orphans(self, found: Iterable[str]) -> None:
        """Notes that Chroma has let these go."""
        with self._db.write() as db:
            db.execute(delete(orphans).where(self._db.among(orphans.c.passage, found)))

    def start_over(self, *, embed: bool = False, fingerprint: str | None = None) -> None:
        """Marks the index as stale; with `embed`, every vector too. Crash-safe: one transaction."""
        with self._db.write() as db:
            if embed:
                db.execute(update(passages).values(vector=None))
                db.execute(update(articles).values(state="pending"))
            else:
                db.execute(update(articles).where(_A.state == "indexed").values(state="embedded"))
            if fingerprint is not None:
                self._set_fact(db, "embedder", fingerprint)
            self._set_fact(db, "index", "stale")
            db.execute(delete(orphans))

    def verify(self) -> list[str]:
        """What is wrong with the database and what it holds, in plain clauses; empty when it is sound."""
        return faults(self._db)

    def _within(self, filters: Filters) -> list[Any]:
        where: list[Any] = [_LIVE]
        if filters.outlets:
            where.append(self._db.among(_A.outlet, filters.outlets))
        if filters.since:
            where.append(_A.date >= filters.since)
        if filters.until:
            where.append(_A.date <= filters.until)
        return where
