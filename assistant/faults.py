"""What can be wrong with a catalogue: its file, what its tables say of each other, and changed bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import and_, exists, func, select

from assistant.database import Database
from assistant.errors import LibraryError
from assistant.stored import article_of, sum_of, vectors_of
from assistant.tables import OWN, articles, lines, passages, sums

_ROWS = 500  # articles in memory at once

_A, _P = articles.c, passages.c


def faults(database: Database) -> list[str]:
    """Plain clauses, such as "3 passages without a vector"; empty when all is sound."""
    try:
        return database.sound() or list(_counted(database))
    except LibraryError as error:
        return [str(error)]


def _counted(database: Database) -> Iterator[str]:
    alone = ~exists().where(_A.id == _P.article)
    other = _P.text != func.substr(_A.text, _P.start + 1, _P.end - _P.start)
    bare = and_(_A.state != "pending", _P.vector.is_(None))
    empty = and_(_A.state != "pending", ~exists().where(_P.article == _A.id))
    unlisted = ~exists().where(lines.c.article == _A.id)
    asked = {
        "passages without their article": select(func.count()).select_from(passages).where(alone),
        "passages that are not in their article": select(func.count()).select_from(OWN).where(other),
        "passages without a vector": select(func.count()).select_from(OWN).where(bare),
        "articles without a passage": select(func.count()).select_from(articles).where(empty),
        "articles that the list of sources lacks": select(func.count()).select_from(articles).where(unlisted),
    }
    for what, statement in asked.items():
        if count := int(database.read(statement)[0][0]):
            yield f"{count} {what}"
    if count := _changed(database):
        yield f"{count} articles that are not as they were stored"
    if count := _bent(database):
        yield f"{count} vectors that are not of unit length"


def _changed(database: Database) -> int:
    """Articles whose sum is another one than when they were stored; libraries of old have no sums."""
    found = select(articles, sums.c.sum).join(sums, sums.c.article == _A.id).order_by(_A.rowid).limit(_ROWS)
    last = changed = 0
    while rows := database.read(found.where(_A.rowid > last)):
        changed += sum(sum_of(article_of(row)) != row.sum for row in rows)
        last = rows[-1].rowid
    return changed


def _bent(database: Database) -> int:
    found = select(_P.rowid, _P.id, _P.vector).where(_P.vector.is_not(None)).order_by(_P.rowid)
    last = bent = 0
    while rows := database.read(found.where(_P.rowid > last).limit(_ROWS * 20)):
        lengths = np.linalg.norm(vectors_of(rows).matrix.astype(np.float64), axis=1)
        bent += int((~(np.abs(lengths - 1) < 1e-3)).sum())
        last = rows[-1].rowid
    return bent
