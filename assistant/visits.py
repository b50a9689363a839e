"""Addresses on the web that were visited, remembered in the catalogue."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from assistant.database import Database
from assistant.models import Visit
from assistant.tables import articles, visits


class Visits:
    """See `web.Visits`: the last visit of each address."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, url: str) -> Visit | None:
        """The last visit, None where there was none or its article is gone from the library."""
        rows = self._db.read(select(visits).where(visits.c.url == url))
        if not rows:
            return None
        visit = Visit(**{key: value for key, value in rows[0]._mapping.items() if key != "url"})
        if visit.article is not None:
            held = select(articles.c.rowid).where(articles.c.id == visit.article)
            return visit if self._db.read(held) else None
        return visit

    def put(self, url: str, visit: Visit) -> None:
        """Remembers a visit in place of the last one."""
        values = asdict(visit)
        fresh = self._db.insert(visits).values(url=url, **values)
        with self._db.write() as db:
            db.execute(fresh.on_conflict_do_update(index_elements=["url"], set_=values))
