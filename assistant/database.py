"""The database of a catalogue: one SQLite file in the library's folder, or a PostgreSQL database by address.

SQLite runs with WAL, so that readers never wait; where its folder cannot be written, it is opened for reading
only. What either raises comes out as LibraryError.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import disk_usage
from typing import Any, Literal, NoReturn
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Row,
    any_,
    create_engine,
    event,
    exists,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from assistant.errors import LibraryError, SettingsError
from assistant.fulltext import PostgresWords, SqliteWords, WordSearch
from assistant.stored import MEND, line_of
from assistant.tables import articles, lines, metadata, passages

_ROWS = 5_000  # articles in memory at once, without their texts
_ROOM = 1_000_000  # bytes free, below which a disk counts as full
_BUSY_SECONDS = 30.0

Work = Literal["adding", "indexing"]
_LOCKS = {"adding": 7_319_001, "indexing": 7_319_002, "schema": 7_319_003}  # PostgreSQL numbers its locks


class Database:
    """One database, opened; safe for threads, and for several processes."""

    def __init__(self, where: Path | str, *, read_only: bool = False) -> None:
        """`where`: a file for SQLite, else the address of a PostgreSQL database. Raises LibraryError.

        `read_only`: a file that is left as it is, and must be there.
        """
        self.file = where if isinstance(where, Path) else None
        self._where = where
        self.writable = not read_only
        self._cramped = False
        self._guard = threading.RLock()
        self.name = str(where.parent) if isinstance(where, Path) else _named(where)
        self.words: WordSearch = (SqliteWords if self.file else PostgresWords)()
        try:
            self._open()
        except (OSError, SQLAlchemyError, Timeout, UnicodeDecodeError) as error:
            # SQLite writes 32 KB beside a file before it reads it, unless that is opened for reading only.
            if not self.file or not self.writable or not self._without_room():
                self._unopened(error)

    @property
    def insert(self) -> Any:
        """The `insert` that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return sqlite.insert if self.file else postgresql.insert

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def among(self, of: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
        """Whether a column is one of any number of values, bound as one."""
        if not self.file:
            return of == any_(literal(list(values), postgresql.ARRAY(postgresql.TEXT)))
        listed = func.json_each(json.dumps(list(values))).table_valued("value")
        return of.in_(select(listed.c.value))

    def read(self, statement: Executable) -> Sequence[Row[Any]]:
        """The rows of a statement that only reads. Raises LibraryError."""
        try:
            with self._reader.connect() as db:
                return db.execute(statement).all()
        except (SQLAlchemyError, UnicodeDecodeError) as error:  # sqlite3 fails to decode some of its errors
            raise LibraryError(f"The library could not be read: {_why(error)}. {MEND}") from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing where anything is raised. Raises LibraryError."""
        if self._cramped:  # there may be room by now
            self.close()
            self.writable, self._cramped = True, False
            try:
                self._open()
            except (OSError, SQLAlchemyError, Timeout) as error:
                self._without_room()
                raise LibraryError(
                    f"The library in {self.name} cannot be written: the disk is full ({_why(error)}). It "
                    "can still be read; free space, then run the command again."
                ) from error
        if not self.writable:
            raise LibraryError(
                f"The library in {self.name} can only be read: its folder or disk is not writable. Change "
                "its permissions, or name another library with --library."
            )
        try:
            # One writer in this process at a time, since SQLite lets waiting ones starve.
            with self._guard, self._engine.begin() as db:
                yield db
        except (SQLAlchemyError, UnicodeError) as error:
            raise self._unwritten(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads everything as of one moment."""
        options: dict[str, Any] = {"reading": True} if self.file else {"isolation_level": "REPEATABLE READ"}
        try:
            with self._engine.execution_options(**options).connect() as db:
                if self.file:
                    db.exec_driver_sql("BEGIN")
                yield db
        except SQLAlchemyError as error:
            raise LibraryError(f"The library could not be read: {_why(error)}.") from error

    @contextmanager
    def alone(self, work: Work, *, wait: bool) -> Iterator[bool]:
        """The right to do a kind of work, which one program has at a time; gives False where `wait` is not
        wanted and another program has it."""
        if self.file:
            lock = FileLock(self.file.with_name(f"{work}.lock"), thread_local=False)
            try:
                lock.acquire(timeout=-1 if wait else 0)
            except Timeout:
                yield False
                return
            except OSError as error:
                raise LibraryError(
                    f"The library in {self.name} cannot be written: {error.strerror}. Free space or change "
                    "its permissions, then run the command again."
                ) from error
            try:
                yield True
            finally:
                lock.release()
            return
        # The lock lasts as long as its connection, which has no transaction that a server might end.
        free = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        take = func.pg_advisory_lock if wait else func.pg_try_advisory_lock
        try:
            db = free.connect()
            taken = db.execute(select(take(*_lock(work)))).scalar() is not False
        except SQLAlchemyError as error:
            raise self._unwritten(error) from error
        try:
            yield taken
        finally:
            with suppress(SQLAlchemyError):  # with its connection, the lock is gone as well
                if taken:
                    db.execute(select(func.pg_advisory_unlock(*_lock(work))))
            with suppress(SQLAlchemyError):
                db.close()

    def _unwritten(self, error: Exception) -> LibraryError:
        return LibraryError(
            f"The library could not be written: {_why(error)}. Nothing of this step was kept; free "
            "space or close the program that holds the library, then run the command again."
        )

    def sound(self) -> list[str]:
        """What SQLite itself finds wrong with its file; PostgreSQL checks its pages as it reads them."""
        if not self.file:
            lacking = select(func.count()).select_from(passages).where(~self.words.noted())
            count = int(self.read(lacking)[0][0])
            return [f"{count} passages that the search for words does not know"] if count else []
        found = [str(row[0]) for row in self.read(text("PRAGMA integrity_check(20)"))]
        if found != ["ok"]:
            return found
        if self.writable:
            try:
                with self._guard, self._engine.begin() as db:  # the words against the passages
                    db.execute(text("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)"))
            except SQLAlchemyError as error:
                return [f"the search for words is not in step with the passages ({_why(error)})"]
        return []

    # Opening.

    def _open(self) -> None:
        self._engine = self._sqlite(self.file) if self.file else _postgres(str(self._where))
        self._reader = self._engine.execution_options(reading=True)
        self._make()

    def _without_room(self) -> bool:
        """Opens the file for reading only, where the disk is full and the file is whole."""
        self.writable = False
        try:
            if disk_usage(self.file.parent).free >= _ROOM if self.file else True:
                return False
            self._open()
        except (OSError, SQLAlchemyError, UnicodeDecodeError):
            return False
        self._cramped = True
        return True

    def _sqlite(self, file: Path) -> Engine:
        if self.writable:
            with suppress(OSError):  # what is there can be read where nothing can be made
                file.parent.mkdir(parents=True, exist_ok=True)
            # Looked at first, since another process may be making it just now.
            there = file.exists()
            self.writable = not there or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))
        if not self.writable and _left_behind(file):
            raise OSError("it was not closed properly, and its folder cannot be written to put it in order")
        target = str(file) if self.writable else f"file:{quote(str(file.resolve()))}"
        query = {} if self.writable else {"mode": "ro", "immutable": "1", "uri": "true"}
        engine = create_engine(
            URL.create("sqlite", database=target, query=query),
            connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
            pool_size=8,
            max_overflow=24,
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _make(self) -> None:
        """Makes what is not there yet; no two processes at once, which neither database likes."""
        if not self.file:
            # Even an index that exists is locked by making it, against whoever writes at the moment.
            if not self._is_made():
                with self._engine.begin() as db:
                    db.execute(select(func.pg_advisory_xact_lock(*_lock("schema"))))
                    self._make_tables(db)
        elif self.writable:
            with FileLock(self.file.with_suffix(".lock"), timeout=_BUSY_SECONDS), self._engine.begin() as db:
                self._make_tables(db)
        else:
            self.read(text("SELECT 1 FROM articles LIMIT 1"))
            if set(metadata.tables) - set(inspect(self._engine).get_table_names()):
                raise OSError("it was made by an earlier version; open it once where it can be written")

    def _is_made(self) -> bool:
        indexes = {str(index.name) for made in metadata.sorted_tables for index in made.indexes}
        wanted = {"words", "words_lexemes", *metadata.tables, *indexes}
        seen = text("SELECT relname FROM pg_class WHERE pg_table_is_visible(oid) AND relname = ANY(:names)")
        with self._reader.connect() as db:
            return set(db.execute(seen, {"names": list(wanted)}).scalars()) == wanted

    def _make_tables(self, db: Connection) -> None:
        first = not inspect(db).has_table(lines.name)
        for made in metadata.sorted_tables:
            db.execute(CreateTable(made, if_not_exists=True))
            for index in made.indexes:
                db.execute(CreateIndex(index, if_not_exists=True))
        if self.file:
            # Of libraries made before the catalogue did itself what they did.
            db.execute(text("DROP TRIGGER IF EXISTS replaced"))
            db.execute(text("DROP TRIGGER IF EXISTS words_out"))
        for statement in self.words.schema:
            db.execute(text(statement))
        if first:
            self.note_lines(db)

    def note_lines(self, db: Connection) -> None:
        """Lists the articles that the list of sources does not know, as those of libraries of old."""
        of = articles.c
        found = select(of.rowid, of.id, of.title, of.outlet, of.date, of.url, of.file)
        found = found.where(~exists().where(lines.c.article == of.id)).order_by(of.rowid).limit(_ROWS)
        last = 0
        while rows := db.execute(found.where(of.rowid > last)).all():
            db.execute(lines.insert(), [line_of(row) for row in rows])
            last = rows[-1].rowid

    def _unopened(self, error: Exception) -> NoReturn:
        if self.file:
            step = f"Check that the folder is a library of yours, or name another one with --library. {MEND}"
        else:
            step = "Check that the server runs, and the name, user and password in DATABASE_URL."
        raise LibraryError(f"The library in {self.name} cannot be opened: {_why(error)}. {step}") from error


def _postgres(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.get_backend_name() != "postgresql":
            raise SettingsError(
                f"DATABASE_URL names a database of the kind {url.get_backend_name()}, and the catalogue "
                "needs PostgreSQL. Write postgresql://USER:PASSWORD@HOST/DATABASE, or unset it to use SQLite."
            )
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        if isinstance(error, ModuleNotFoundError):
            raise SettingsError(
                "DATABASE_URL needs the PostgreSQL driver, which is not installed. Install "
                "news-assistant[postgres], or unset it to use SQLite."
            ) from error
        raise SettingsError(
            "DATABASE_URL is no address of a database. Write postgresql://USER:PASSWORD@HOST/DATABASE."
        ) from error


def _lock(work: str) -> tuple[int, ColumnElement[int]]:
    """The two numbers of a lock of PostgreSQL: the work, and the schema, since each may hold a library."""
    return _LOCKS[work], func.hashtext(func.current_schema())


def _named(address: str) -> str:
    """A database as messages name it: the server and the name, and nothing that may be secret."""
    with suppress(ArgumentError, ValueError):
        url = make_url(address)
        return f"the database {url.database or '?'} on {url.host or 'this machine'}"
    return "the database of DATABASE_URL"


def _left_behind(file: Path) -> bool:
    """Whether a write-ahead log is there with something in it, which opening for reading would not see."""
    log = file.with_name(file.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed from statements
    cursor = connection.cursor()
    with suppress(Exception):  # of no use where the file can only be read
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Immediate: one that reads first and writes later would be refused when another has written meanwhile.
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _why(error: Exception) -> str:
    """What the driver said, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n")[0][:300]
