"""What can still be read of a damaged catalogue, put into a new one.

Each article is read by itself. It counts when its digest is what it was when the article was stored, or, in a
library without digests, when its id is; its passages are cut again, and keep those of their vectors that can
be read and are of unit length. The others are embedded anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np

from assistant.catalogue import Catalogue
from assistant.errors import LibraryError
from assistant.models import Article, Passage, Progress
from assistant.splitting import split
from assistant.stored import article_of, sum_of
from assistant.text import digest

_MISSES = (
    100_000  # numbers without a row, after which no further one is looked for where the last is not known
)
_FACTS = ("embedder", "library", "examples")

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of it: articles that are kept, entries that were there and could not be, the old file."""

    articles: int
    lost: int
    aside: Path


def salvage(file: Path, report: Report) -> Salvaged | None:
    """Makes the catalogue new where it is damaged; None where it is sound, and then nothing is touched.

    Raises LibraryError where nothing can be read of it, and leaves it as it is.
    """
    if not _damaged(file):
        return None
    report(Progress("the catalogue is damaged; reading what can be read of it", 0, 0))
    fresh = file.with_name(file.name + ".new")
    _remove(fresh)
    kept = lost = 0
    with closing(sqlite3.connect(file)) as old, closing(Catalogue(fresh)) as new:
        old.row_factory = sqlite3.Row
        for article in _articles(old):
            if article is None:
                lost += 1
                continue
            passages = split(article)
            if new.insert(article, passages):
                _keep_vectors(old, new, passages)
                kept += 1
                report(Progress("reading", kept, 0))
        for name in _FACTS:
            with suppress(sqlite3.Error, TypeError, UnicodeDecodeError):
                found = old.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
                new.set_fact(name, str(found["value"]))
        new.ledger.start_over()
    if not kept:
        _remove(fresh)
        raise LibraryError(
            f"Nothing could be read of the catalogue {file}. Restore a backup with `news-assistant restore "
            "FILE`, or add the articles to a new library."
        )
    return Salvaged(kept, lost, _exchange(file, fresh))


def _damaged(file: Path) -> bool:
    try:
        with closing(Catalogue(file)) as catalogue:
            return bool(catalogue.verify())
    except LibraryError:
        return True


def _articles(old: sqlite3.Connection) -> Iterator[Article | None]:
    """Every article of the file; None for an entry that is there and cannot be read, or was changed."""
    number = missing = 0
    last = _last(old)
    while number < last if last else missing < _MISSES:
        number, missing = number + 1, missing + 1
        try:
            row = old.execute("SELECT * FROM articles WHERE rowid = ?", (number,)).fetchone()
        except (sqlite3.Error, UnicodeDecodeError):
            yield None
            continue
        if row is None:
            continue
        missing = 0
        article = None
        with suppress(LibraryError, TypeError, ValueError, KeyError, AttributeError):
            article = article_of(_Named(row))  # type: ignore[arg-type]
        yield article if article is not None and _is_as_stored(old, article) else None


def _last(old: sqlite3.Connection) -> int | None:
    """The highest number of an article, by the table or by the index of its ids; None where neither says."""
    for sql in (
        "SELECT max(rowid) FROM articles",
        "SELECT max(rowid) FROM (SELECT rowid, id FROM articles ORDER BY id)",
    ):
        with suppress(sqlite3.Error, UnicodeDecodeError, TypeError):
            return int(old.execute(sql).fetchone()[0])
    return None


class _Named:
    """A row whose columns are attributes, as those of the tables are."""

    def __init__(self, row: sqlite3.Row) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return self._row[name]


def _is_as_stored(old: sqlite3.Connection, article: Article) -> bool:
    with suppress(sqlite3.Error, UnicodeDecodeError):
        found = old.execute("SELECT sum FROM sums WHERE article = ?", (article.id,)).fetchone()
        if found is not None:
            return bool(found["sum"] == sum_of(article))
    parts = (article.outlet or "", article.url or "", article.title, article.text)
    return article.id == digest(*parts)[:16]


def _keep_vectors(old: sqlite3.Connection, new: Catalogue, passages: list[Passage]) -> None:
    whole, vectors = [], []
    for passage in passages:
        with suppress(sqlite3.Error, UnicodeDecodeError, ValueError, TypeError):
            found = old.execute("SELECT vector FROM passages WHERE id = ?", (passage.id,)).fetchone()
            vector = np.frombuffer(found["vector"], np.float32)
            if abs(float(np.linalg.norm(vector)) - 1) < 1e-3:
                whole.append(passage)
                vectors.append(vector)
    if whole and len({len(vector) for vector in vectors}) == 1:
        new.ledger.store(whole, np.stack(vectors))


def _exchange(file: Path, fresh: Path) -> Path:
    """Puts the new file in the place of the old one, which is kept; there is one at every moment."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("-wal", ""):  # the log first, so that none is left beside a file that it is not of
        old = file.with_name(file.name + ending)
        if old.exists():
            copyfile(old, aside.with_name(aside.name + ending))
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    fresh.replace(file)
    _remove(fresh)
    return aside


def _remove(fresh: Path) -> None:
    for path in (fresh, *(fresh.with_name(fresh.name + ending) for ending in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    fresh.with_suffix(".lock").unlink(missing_ok=True)
