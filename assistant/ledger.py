"""How far each article is on its way from pending to indexed, and what the index has to let go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, select, update

from assistant.database import Database
from assistant.models import Passage, Source
from assistant.stored import InScope, passage_of
from assistant.tables import OWN, PASSAGE, articles, meta, orphans, passages, unfinished

_A, _P = articles.c, passages.c
_WAITING = and_(unfinished, _A.state == "pending", _P.vector.is_(None))

_EMBEDDED = (unfinished, _A.state == "embedded", _A.replaced_by.is_(None))


class Ledger:
    """The states of the articles of one catalogue. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self) -> int:
        """Passages of pending articles that have no vector yet."""
        return int(self._db.read(select(func.count()).select_from(OWN).where(_WAITING))[0][0])

    def unfinished(self) -> int:
        """Articles that are not whole yet."""
        found = select(func.count()).select_from(articles).where(unfinished, _A.state == "pending")
        return int(self._db.read(found)[0][0])

    def pending(self, n: int) -> list[tuple[Passage, Source]]:
        """Up to `n` passages without a vector, in the order of their articles, each with its source."""
        rows = self._db.read(
            select(*PASSAGE, _A.title, _A.outlet, _A.date, _A.url, _A.language)
            .select_from(OWN)
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

    def store(self, found: Sequence[Passage], vectors: NDArray[np.float32], *, written: bool = False) -> None:
        """Stores vectors, and lets every article be found that now has all of its own.

        `written`: the index has them already.
        """
        rows = [
            {"key": item.id, "data": vector.astype(np.float32).tobytes()}
            for item, vector in zip(found, vectors, strict=True)
        ]
        those = {item.article for item in found}
        without = exists().where(_P.article == _A.id, _P.vector.is_(None))
        with self._db.write() as db:
            if rows:
                db.execute(
                    update(passages).where(_P.id == bindparam("key")).values(vector=bindparam("data")), rows
                )
            whole = db.execute(
                update(articles)
                .where(self._db.among(_A.id, those), _A.state == "pending", ~without)
                .values(state="embedded")
                .returning(_A.rowid, _A.id, _A.url, _A.outlet)
            ).all()
            # Oldest first, so that each version is replaced by the next one and comes back alone.
            for row in sorted((row for row in whole if row.url), key=lambda row: row.rowid):
                self._replace_older(db, row)
            if written:
                self._let_go(db, found)

    def _let_go(self, db: Connection, found: Sequence[Passage]) -> None:
        """What a worker wrote to the index of articles that were removed or replaced meanwhile."""
        ids = [item.id for item in found]
        kept = {
            row.id
            for row in db.execute(
                select(_P.id).select_from(OWN).where(self._db.among(_P.id, ids), _A.replaced_by.is_(None))
            )
        }
        if gone := [{"passage": key} for key in ids if key not in kept]:
            db.execute(self._db.insert(orphans).on_conflict_do_nothing(), gone)

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
        replace(self._db, db, older, new.id)

    def unindexed(self) -> list[InScope]:
        """Articles that Chroma does not hold yet."""
        found = select(_A.id, _A.outlet, _A.date).where(*_EMBEDDED)
        return [InScope(row.id, row.outlet, row.date) for row in self._db.read(found)]

    def set_indexed(self, sources: Iterable[str]) -> None:
        """Notes that Chroma holds these articles."""
        those = (*_EMBEDDED, self._db.among(_A.id, sources))
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

    def is_behind(self) -> bool:
        """Whether the index lacks an article, or still holds what it has to let go."""
        waiting = select(_A.rowid).where(*_EMBEDDED).limit(1)
        return bool(self._db.read(waiting) or self._db.read(select(orphans.c.passage).limit(1)))

    def start_over(self, *, embed: bool = False, fingerprint: str | None = None) -> None:
        """Marks the index as stale; with `embed`, every vector too. Crash-safe: one transaction."""
        with self._db.write() as db:
            if embed:
                db.execute(update(passages).values(vector=None))
                db.execute(update(articles).values(state="pending"))
            else:
                db.execute(update(articles).where(_A.state == "indexed").values(state="embedded"))
            if fingerprint is not None:
                set_fact(self._db, db, "embedder", fingerprint)
            set_fact(self._db, db, "index", "stale")
            db.execute(delete(orphans))


def replace(database: Database, db: Connection, older: Sequence[str], new: str) -> None:
    """Notes in a transaction that an article replaces others, which the index has to let go."""
    if not older:
        return
    orphan(database, db, older)
    db.execute(update(articles).where(_A.id.in_(older)).values(replaced_by=new))
    again = update(articles).where(_A.id.in_(older), _A.state == "indexed")
    db.execute(again.values(state="embedded"))


def set_fact(database: Database, db: Connection, name: str, value: str) -> None:
    """Stores a fact of the library in a transaction."""
    fresh = database.insert(meta).values(name=name, value=value)
    db.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def orphan(database: Database, db: Connection, sources: Sequence[str]) -> None:
    """Notes in a transaction that the index has to let the passages of these articles go."""
    left = select(_P.id).where(_P.article.in_(sources))
    fresh = database.insert(orphans).from_select(["passage"], left)
    db.execute(fresh.on_conflict_do_nothing())
