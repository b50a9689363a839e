"""Backups: the whole catalogue in one SQLite file, vectors included, from either kind of database and back.

The index is not in it, since it can be made again from the vectors without embedding anything. A backup is
written under another name first, so that a file with the asked name is always a whole one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, inspect, select, update

from assistant.database import Database
from assistant.errors import LibraryError
from assistant.models import Progress
from assistant.stored import passage_of
from assistant.tables import articles, meta, metadata, passages

_ROWS = 500  # copied at once

Report = Callable[[Progress], None]


def back_up(source: Database, target: Path, report: Report) -> int:
    """Writes the catalogue to a new file and checks it; gives the number of articles. Raises LibraryError."""
    if target.exists():
        raise LibraryError(f"{target} exists already. Name a new file for the backup, or remove that one.")
    part = target.with_name(target.name + ".part")
    try:
        _remove(part)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.file:
            _copy_file(source.file, part, report)
        else:
            with closing(Database(part)) as copy:
                _copy_rows(source, copy, report)
        count = _checked(part)
        part.rename(target)
        _remove(part)
    except (OSError, sqlite3.Error) as error:
        _remove(part)
        raise LibraryError(
            f"The backup {target} could not be written: {error}. Nothing is left of it; free space or name "
            "another place, then run the command again."
        ) from error
    except BaseException:
        _remove(part)
        raise
    return count


def restore(source: Path, target: Path | str, report: Report) -> int:
    """Puts a backup where there is no library yet, or an empty one; gives the number of articles.

    `target`: as for `Database`. Raises LibraryError, and then nothing of it is there.
    """
    if not source.is_file():
        raise LibraryError(f"There is no backup {source}. Check the spelling of the path.")
    count = _checked(source)
    with closing(Database(target)) as database:
        if database.read(select(func.count()).select_from(articles))[0][0]:
            raise LibraryError(
                "There is a library with articles in that place already. Name another folder with --library, "
                "or another database, or move the old one away."
            )
        with closing(Database(source, read_only=True)) as backup:
            _copy_rows(backup, database, report)
    return count


def _copy_file(source: Path, target: Path, report: Report) -> None:
    """SQLite's own way, which copies a file in use as of one moment."""

    def step(_: int, left: int, total: int) -> None:
        report(Progress("copying", total - left, total))

    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(target)) as copy:
        # As of now: else every commit of another program would begin the copying anew.
        given.execute("BEGIN")
        given.execute("SELECT count(*) FROM meta").fetchone()
        given.backup(copy, pages=4096, progress=step)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _copy_rows(source: Database, target: Database, report: Report) -> None:
    total = int(source.read(select(func.count()).select_from(passages))[0][0])
    done = 0
    with source.snapshot() as given, target.write() as db:
        there = set(inspect(given).get_table_names())  # a library of the version before has fewer
        for table in metadata.sorted_tables:
            if table is passages or table.name not in there:
                continue
            for rows in _parts(given, select(table)):
                db.execute(_fresh(target, table), [dict(row._mapping) for row in rows])
        ordered = select(passages, articles.c.title.label("headline"))
        ordered = ordered.join(articles, articles.c.id == passages.c.article).order_by(passages.c.rowid)
        for rows in _parts(given, ordered):
            _put_passages(target, db, rows)
            done += len(rows)
            report(Progress("copying", done, total))
        target.note_lines(db)
        # The index that the articles were in is not here; the next sync makes it.
        db.execute(update(articles).where(articles.c.state == "indexed").values(state="embedded"))
        db.execute(_fresh(target, meta), [{"name": "index", "value": "stale"}])
        # It is a library of its own: the collection of the one that was backed up is not its to empty.
        db.execute(delete(meta).where(meta.c.name == "library"))
        if not target.file:  # rows came with their numbers, which PostgreSQL has not counted
            for table in (articles, passages):
                last = select(func.max(table.c.rowid)).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, "rowid")
                db.execute(select(func.setval(sequence, func.coalesce(last, 1))))


def _fresh(target: Database, table: Any) -> Any:
    # The library that was made just now has facts of its own; those of the backup are the right ones.
    fresh = target.insert(table)
    if table is not meta:
        return fresh
    return fresh.on_conflict_do_update(index_elements=["name"], set_={"value": fresh.excluded.value})


def _put_passages(target: Database, db: Connection, rows: list[Row[Any]]) -> None:
    """Passages with the words that the target searches, which the source may keep in another way."""
    values = []
    for row in rows:
        stored = {key: value for key, value in row._mapping.items() if key != "headline"}
        values.append(stored | target.words.row(passage_of(row), row.headline))
    db.execute(passages.insert(), values)
    for _, group in groupby(rows, key=lambda row: row.article):
        together = list(group)
        target.words.add(db, [passage_of(row) for row in together], together[0].headline)


def _parts(db: Connection, statement: Any) -> Iterator[list[Row[Any]]]:
    streamed = db.execution_options(yield_per=_ROWS).execute(statement)
    return (list(part) for part in streamed.partitions())


def _checked(file: Path) -> int:
    """The number of articles in a backup that is sound. Raises LibraryError."""
    with closing(Database(file, read_only=True)) as backup:
        if problems := backup.sound():
            raise LibraryError(f"{file} is damaged: {problems[0]}. Use an older backup.")
        return int(backup.read(select(func.count()).select_from(articles))[0][0])


def _remove(part: Path) -> None:
    for name in (part.name, f"{part.name}-wal", f"{part.name}-shm", f"{part.stem}.lock"):
        with suppress(OSError):
            part.with_name(name).unlink(missing_ok=True)
