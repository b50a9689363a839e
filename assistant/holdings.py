"""What the catalogue holds of one article: put in, taken out, and put back as it was.

What is taken out is given to the caller, who alone has it then: nothing of a removed article stays in the
database, and putting it back needs no embedding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, cast, delete, false, func, select, update

from assistant import copies
from assistant.database import Database
from assistant.ledger import orphan, replace, set_fact
from assistant.models import Article, Passage, Source
from assistant.stored import article_of, line_of, passage_of, sum_of, unknown
from assistant.tables import articles, lines, meta, passages, sums
from assistant.tables import copies as linked

OFFERED = timedelta(minutes=10)  # how long putting an article back is offered

_LAST = "last article"  # the fact that keeps the highest number that an article of SQLite has had
_A, _P = articles.c, passages.c


@dataclass(frozen=True, slots=True)
class Removed:
    """An article that was removed, with all that was stored of it; see `put_back`.

    `row`: its row among the articles; `vectors`: of its passages, as they are stored; `embedder`: what made
    them; `older`: the articles that it had replaced; `origin`: what it was a copy of; `copied`: its copies.
    """

    article: Article
    at: datetime
    row: Mapping[str, Any]
    passages: tuple[Passage, ...]
    vectors: tuple[bytes | None, ...]
    sum: str | None
    embedder: str | None
    older: tuple[str, ...]
    origin: str | None
    copied: tuple[str, ...]

    @property
    def source(self) -> Source:
        """The source that it was."""
        return Source.of(self.article)

    def is_offered(self, now: datetime) -> bool:
        """Whether a page still offers to put it back."""
        return now - self.at < OFFERED


def put_in(database: Database, article: Article, found: Sequence[Passage]) -> bool:
    """Stores an article as pending; False when it is there already, and then nothing changes."""
    if database.read(select(_A.rowid).where(_A.id == article.id)):
        return False  # before anything that takes time
    row = asdict(article) | {
        "skip": json.dumps(article.skip),
        "notices": json.dumps([asdict(notice) for notice in article.notices]),
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
        "state": "pending",
    }
    origin = copies.origin_for(database, article)
    with database.write() as db:
        if not _enter(database, db, article, row | _number(database), found, [None] * len(found)):
            return False
        copies.note(database, db, article, origin)
        db.execute(sums.insert().values(article=article.id, sum=sum_of(article)))
    return True


def take_out(database: Database, source: str) -> Removed:
    """Removes an article; its passages wait in `orphans` until Chroma has let them go too.

    Raises SourceNotFound.
    """
    with database.write() as db:
        removed = _held(db, source)
        if database.file:
            _keep_number(database, db)
        orphan(database, db, [source])
        db.execute(delete(passages).where(_P.article == source))
        # What it had replaced is replaced by what had replaced it, if anything had.
        later = removed.row["replaced_by"]
        db.execute(update(articles).where(_A.replaced_by == source).values(replaced_by=later))
        copies.forget(db, source)
        for table in (sums, lines):
            db.execute(delete(table).where(table.c.article == source))
        db.execute(delete(articles).where(_A.id == source))
    return removed


def put_back(database: Database, removed: Removed) -> bool:
    """Puts an article back as it was, in one transaction; False when it is there again, and then nothing
    changes.

    The index takes it up as it does any other article with vectors. Where another embedder has taken over
    meanwhile, the vectors are of no use any more, and the article waits for new ones.
    """
    article, number = removed.article, int(removed.row["rowid"])
    with database.write() as db:
        embedder = db.execute(select(meta.c.value).where(meta.c.name == "embedder")).scalar()
        fits = embedder == removed.embedder
        whole = fits and removed.row["state"] != "pending"
        row = {
            **removed.row,
            "state": "embedded" if whole else "pending",
            "replaced_by": _later(db, removed, number),
        }
        vectors = removed.vectors if fits else [None] * len(removed.vectors)
        if not _enter(database, db, article, row, removed.passages, vectors):
            return False
        if removed.sum is not None:
            db.execute(sums.insert().values(article=article.id, sum=removed.sum))
        copies.restore(database, db, article, number, removed.origin, removed.copied)
        if whole:
            replace(database, db, _older(db, removed, number), article.id)
    return True


def _enter(
    database: Database,
    db: Connection,
    article: Article,
    row: Mapping[str, Any],
    found: Sequence[Passage],
    vectors: Sequence[bytes | None],
) -> bool:
    """The rows of an article, its passages and its line in the list; False when it is there already."""
    fresh = database.insert(articles).values(row).on_conflict_do_nothing(index_elements=["id"])
    if db.execute(fresh.returning(_A.rowid)).first() is None:
        return False
    rows = [
        asdict(item) | database.words.row(item, article.title) | {"vector": vector}
        for item, vector in zip(found, vectors, strict=True)
    ]
    if rows:
        db.execute(passages.insert(), rows)
        database.words.add(db, found, article.title)
    db.execute(lines.insert().values(line_of(article)))
    return True


def _held(db: Connection, source: str) -> Removed:
    """All that is stored of an article. Raises SourceNotFound."""
    row = db.execute(select(articles).where(_A.id == source)).first()
    if row is None:
        raise unknown(source)
    found = db.execute(select(passages).where(_P.article == source).order_by(_P.ordinal)).all()
    older = select(_A.id).where(_A.replaced_by == source).order_by(_A.rowid)
    copied = select(linked.c.article).where(linked.c.origin == source).order_by(linked.c.article)
    return Removed(
        article=article_of(row),
        at=datetime.now(UTC),
        row=dict(row._mapping),
        passages=tuple(passage_of(item) for item in found),
        vectors=tuple(item.vector for item in found),
        sum=db.execute(select(sums.c.sum).where(sums.c.article == source)).scalar(),
        embedder=db.execute(select(meta.c.value).where(meta.c.name == "embedder")).scalar(),
        older=tuple(db.execute(older).scalars()),
        origin=db.execute(select(linked.c.origin).where(linked.c.article == source)).scalar(),
        copied=tuple(db.execute(copied).scalars()),
    )


# Numbers tell which article came first. SQLite gives the highest one again once its article is gone, and what
# is put back must find its own free; PostgreSQL counts on.


def _number(database: Database) -> dict[str, Any]:
    """The number of a new article, where the database would not choose it well."""
    if not database.file:
        return {}
    last = select(func.max(_A.rowid)).scalar_subquery()
    kept = select(cast(meta.c.value, Integer)).where(meta.c.name == _LAST).scalar_subquery()
    return {"rowid": func.max(func.coalesce(last, 0), func.coalesce(kept, 0)) + 1}


def _keep_number(database: Database, db: Connection) -> None:
    last = int(db.execute(select(func.max(_A.rowid))).scalar() or 0)
    kept = int(db.execute(select(meta.c.value).where(meta.c.name == _LAST)).scalar() or 0)
    if last > kept:
        set_fact(database, db, _LAST, str(last))


# Versions: the articles of one address and outlet.


def _later(db: Connection, removed: Removed, number: int) -> str | None:
    """What replaces the article: what did, else the next version that has come or stayed since."""
    later = removed.row["replaced_by"]
    if later is not None and db.execute(select(_A.rowid).where(_A.id == later)).first():
        return str(later)
    after = _versions(removed).where(_A.rowid > number, _A.state != "pending").order_by(_A.rowid).limit(1)
    return db.execute(after).scalar()


def _older(db: Connection, removed: Removed, number: int) -> list[str]:
    """What the article replaces: what it did, and versions before it that nothing has replaced."""
    before = _versions(removed).where(_A.rowid < number, _A.replaced_by.is_(None))
    there = db.execute(select(_A.id).where(_A.id.in_(removed.older))).scalars()
    return list({*there, *db.execute(before).scalars()})


def _versions(removed: Removed) -> Any:
    """A statement for the ids of the articles under the same address and outlet; of none without one."""
    article = removed.article
    same = (_A.url == article.url, _A.outlet.is_not_distinct_from(article.outlet), _A.id != article.id)
    return select(_A.id).where(*(same if article.url else (false(),)))
