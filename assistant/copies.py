"""Near-duplicates in the catalogue: each is stored as an article of its own, and linked to its origin.

The origin is the article of nearly the same text that came first. Another text under the same address and
outlet is no copy but a version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, select, update

from assistant.database import Database
from assistant.models import Article
from assistant.shingles import SHARED, fingerprint, overlap, print_of
from assistant.stored import article_of
from assistant.tables import articles, copies, sketches

_KEPT = 8  # hashes of each text; of two copies, fewer than 1 in 400 pairs share none of them
_COMPARED = 20  # articles, those that share most hashes, whose texts are compared

_A = articles.c


def origin_for(database: Database, article: Article, before: int | None = None) -> str | None:
    """The article that a new one is a copy of, None where there is none.

    `before`: the number of the article, where only those that came before it count.
    """
    shared = func.count().label("shared")
    near = (
        select(sketches.c.article, shared)
        .where(sketches.c.hash.in_(_hashes(article)))
        .group_by(sketches.c.article)
        .order_by(shared.desc())
        .limit(_COMPARED)
        .subquery()
    )
    of = select(articles).join(near, near.c.article == _A.id).order_by(near.c.shared.desc(), _A.rowid)
    if before is not None:
        of = of.where(_A.rowid < before)
    own = print_of(article)
    for row in database.read(of):
        other = article_of(row)
        if other.url and (other.url, other.outlet) == (article.url, article.outlet):
            continue
        if overlap(own, fingerprint(other.text, other.title, other.skip)) >= SHARED:
            return origins(database, [other.id]).get(other.id, other.id)
    return None


def note(database: Database, db: Connection, article: Article, origin: str | None) -> None:
    """Stores what later articles meet this one by, and its origin; in the transaction that stores it."""
    if hashes := _hashes(article):
        db.execute(
            database.insert(sketches).on_conflict_do_nothing(),
            [{"hash": number, "article": article.id} for number in hashes],
        )
    if origin is not None:
        db.execute(database.insert(copies).values(article=article.id, origin=origin).on_conflict_do_nothing())


def forget(db: Connection, source: str) -> None:
    """Takes an article out; of the copies that it leaves, the first becomes the origin of the others."""
    db.execute(delete(sketches).where(sketches.c.article == source))
    db.execute(delete(copies).where(copies.c.article == source))
    left = db.execute(
        select(copies.c.article)
        .join(articles, _A.id == copies.c.article)
        .where(copies.c.origin == source)
        .order_by(_A.rowid)
    ).all()
    if left:
        db.execute(delete(copies).where(copies.c.article == left[0].article))
        db.execute(update(copies).where(copies.c.origin == source).values(origin=left[0].article))


def restore(
    database: Database, db: Connection, article: Article, number: int, origin: str | None, left: Sequence[str]
) -> None:
    """Puts an article that was taken out back among its copies, in the transaction that does it.

    `number`: its own; `origin`: what it was a copy of; `left`: its copies, whose origin it is again, unless
    one that came before it has become that meanwhile.
    """
    held = {row.id for row in db.execute(select(_A.id).where(_A.id.in_([*left, origin or ""])))}
    found: str | None
    if origin is not None and origin in held:
        found = origins(database, [origin]).get(origin, origin)
    elif origin is not None:
        found = origin_for(database, article, number)
    else:
        earlier = select(copies.c.origin).join(articles, _A.id == copies.c.origin)
        earlier = earlier.where(copies.c.article.in_(left), ~copies.c.origin.in_(left), _A.rowid < number)
        found = db.execute(earlier.limit(1)).scalar()
    note(database, db, article, found)
    of = found or article.id
    db.execute(update(copies).where(copies.c.origin.in_(left)).values(origin=of))
    for copy in held & set(left):
        link = database.insert(copies).values(article=copy, origin=of)
        db.execute(link.on_conflict_do_update(index_elements=["article"], set_={"origin": of}))


def origins(database: Database, sources: Iterable[str] | None = None) -> dict[str, str]:
    """The origin of each copy among `sources`, or of every copy."""
    found = select(copies.c.article, copies.c.origin)
    if sources is not None:
        found = found.where(database.among(copies.c.article, sources))
    return {row.article: row.origin for row in database.read(found)}


def _hashes(article: Article) -> list[int]:
    return [number >> 1 for number in print_of(article).sketch[:_KEPT]]  # both databases count to 2**63
