"""What can be wrong with a catalogue: its file, and what its tables say of each other."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, select

from assistant.database import Database
from assistant.tables import articles, passages

_A, _P = articles.c, passages.c


def faults(database: Database) -> list[str]:
    """Plain clauses, such as "3 passages without a vector"; empty when all is sound. Raises LibraryError."""
    if found := database.sound():
        return found
    both = passages.join(articles, _A.id == _P.article)
    alone = ~exists().where(_A.id == _P.article)
    other = _P.text != func.substr(_A.text, _P.start + 1, _P.end - _P.start)
    bare = and_(_A.state != "pending", _P.vector.is_(None))
    empty = and_(_A.state != "pending", ~exists().where(_P.article == _A.id))
    asked = {
        "passages without their article": select(func.count()).select_from(passages).where(alone),
        "passages that are not in their article": select(func.count()).select_from(both).where(other),
        "passages without a vector": select(func.count()).select_from(both).where(bare),
        "articles without a passage": select(func.count()).select_from(articles).where(empty),
    }
    counts = {what: int(database.read(statement)[0][0]) for what, statement in asked.items()}
    return [f"{count} {what}" for what, count in counts.items() if count]
