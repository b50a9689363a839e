"""The catalogue: articles, passages, vectors and full text search in one SQLite file.

It is the truth of a library; the vector index can always be made again from it. An article is
`pending` until all its vectors are stored, then `embedded`, and `indexed` once Chroma holds them.
Only articles that are not pending can be found. Every method is one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from assistant.errors import LibraryError, SourceNotFound
from assistant.models import Article, Filters, Notice, Passage, Source
from assistant.text import words

_SCHEMA = Path(__file__).with_suffix(".sql")

_ARTICLE = "id, title, text, outlet, date, author, language, url, file, skip, notices"
_LIVE = "a.state != 'pending' AND a.replaced_by IS NULL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of sources; `added` is an ISO time in UTC."""

    source: Source
    passages: int
    added: str
    file: str | None
    notices: tuple[Notice, ...]
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class InScope:
    """What a filter sees of an article."""

    id: str
    outlet: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Vectors:
    """Passage ids and their unit vectors, one row each: shape (len(ids), dimensions)."""

    ids: tuple[str, ...]
    matrix: NDArray[np.float32]


class Catalogue:
    """One SQLite file; safe for threads, and for several processes through WAL."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # SQLite refuses one of two processes that make a file at once, whatever its timeout.
            with FileLock(file.with_suffix(".lock"), timeout=30):
                self._db = _connect(file)
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"The library in {file.parent} cannot be opened: {error}. Check that the folder is a "
                "library that you may write to, or name another one with --library."
            ) from error

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise LibraryError(
                        f"The library could not be written: {error}. Nothing of this step was kept; free "
                        "space or close the program that holds the library, then run the command again."
                    ) from error
                raise

    def _read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise LibraryError(
                    f"The library could not be read: {error}. Run `news-assistant check`; if that fails "
                    "too, restore catalogue.sqlite3 from a copy, or add the articles to a new library."
                ) from error

    # Facts about the library itself.

    def fact(self, name: str) -> str | None:
        """A stored fact, such as the embedder's fingerprint."""
        rows = self._read("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: str) -> None:
        """Stores a fact."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # Articles.

    def insert(self, article: Article, passages: Sequence[Passage]) -> bool:
        """Stores an article as pending; False when it is there already, and then nothing changes.

        Another text under the same URL and outlet is a newer version: once it is whole, the older one
        stays readable for answers that cite it, and is no longer searched.
        """
        heading = _tokens(article.title)
        with self._write() as db:
            if db.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone():
                return False
            db.execute(
                f"INSERT INTO articles ({_ARTICLE}, added, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
                (
                    article.id, article.title, article.text, article.outlet, article.date, article.author,
                    article.language, article.url, article.file, json.dumps(article.skip),
                    json.dumps([asdict(notice) for notice in article.notices]),
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )  # fmt: skip
            db.executemany(
                'INSERT INTO passages (id, article, ordinal, start, "end", text, tokens, heading) '
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(*astuple(p), _tokens(p.text), heading) for p in passages],
            )
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
        rows = self._read(
            f"SELECT {_ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(sources)),
        )
        return {row["id"]: _article(row) for row in rows}

    def entries(self) -> list[Entry]:
        """Every article that is whole, by date and outlet; the undated ones last."""
        rows = self._read(
            "SELECT a.id, title, outlet, date, url, language, added, file, notices, replaced_by, "
            "(SELECT count(*) FROM passages p WHERE p.article = a.id) AS passages FROM articles a "
            "WHERE state != 'pending' ORDER BY date IS NULL, date, outlet, title, a.id"
        )
        return [
            Entry(
                Source(row["id"], row["outlet"], row["title"], row["date"], row["url"], row["language"]),
                row["passages"], row["added"], row["file"], _notices(row), row["replaced_by"],
            )
            for row in rows
        ]  # fmt: skip

    def remove(self, source: str) -> None:
        """Removes an article; its passages wait in `orphans` until Chroma has let them go too."""
        self.article(source)
        with self._write() as db:
            db.execute("DELETE FROM passages WHERE article = ?", (source,))
            # What it had replaced is replaced by what had replaced it, if anything had.
            db.execute(
                "UPDATE articles SET replaced_by = (SELECT replaced_by FROM articles WHERE id = ?1) "
                "WHERE replaced_by = ?1",
                (source,),
            )
            db.execute("DELETE FROM articles WHERE id = ?", (source,))

    def scope(self, filters: Filters) -> list[InScope]:
        """The articles that a question may look at."""
        where, values = _where(filters)
        rows = self._read(f"SELECT a.id, outlet, date FROM articles a WHERE {where}", *values)
        return [InScope(row["id"], row["outlet"], row["date"]) for row in rows]

    def dates(self, sources: Iterable[str]) -> dict[str, str | None]:
        """Dates of articles, by id."""
        rows = self._read(
            "SELECT id, date FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(sources)),
        )
        return {row["id"]: row["date"] for row in rows}

    # Passages.

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        rows = self._read(
            "SELECT * FROM passages WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(ids))
        )
        return {row["id"]: _passage(row) for row in rows}

    def passages_of(self, source: str) -> list[Passage]:
        """The passages of an article, in order."""
        rows = self._read("SELECT * FROM passages WHERE article = ? ORDER BY ordinal", source)
        return [_passage(row) for row in rows]

    def vectors(self, sources: Iterable[str] | None = None, filters: Filters | None = None) -> Vectors:
        """Vectors of the passages of `sources`, else of what can be found within `filters`."""
        where, values = _where(filters or Filters())
        if sources is not None:
            where, values = "a.id IN (SELECT value FROM json_each(?))", [json.dumps(list(sources))]
        rows = self._read(
            "SELECT p.id, p.vector FROM passages p JOIN articles a ON a.id = p.article "
            f"WHERE {where} AND p.vector IS NOT NULL ORDER BY p.article, p.ordinal",
            *values,
        )
        ids = tuple(row["id"] for row in rows)
        data = b"".join(row["vector"] for row in rows)
        matrix = (
            np.frombuffer(data, np.float32).reshape(len(ids), -1) if ids else np.zeros((0, 0), np.float32)
        )
        return Vectors(ids, matrix)

    def search_words(self, terms: Sequence[str], n: int, filters: Filters) -> list[str]:
        """Ids of the `n` best passages by bm25 for any of `terms`; the headline counts half."""
        where, values = _where(filters)
        if not terms:
            return []
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        rows = self._read(
            "SELECT p.id FROM words JOIN passages p ON p.rowid = words.rowid "
            f"JOIN articles a ON a.id = p.article WHERE words MATCH ? AND {where} "
            "ORDER BY bm25(words, 1.0, 0.5) LIMIT ?",
            match, *values, n,
        )  # fmt: skip
        return [row["id"] for row in rows]

    def word_count(self, word: str) -> int:
        """Passages that have a word, in any of its forms, outside the headline."""
        match = 'tokens : "' + word.replace('"', '""') + '"'
        return int(self._read("SELECT count(*) FROM words WHERE words MATCH ?", match)[0][0])

    def count(self, *, indexed: bool = False) -> int:
        """Passages that can be found; with `indexed`, those that Chroma was given and must hold."""
        where = "a.state = 'indexed'" if indexed else _LIVE
        sql = f"SELECT count(*) FROM passages p JOIN articles a ON a.id = p.article WHERE {where}"
        return int(self._read(sql)[0][0])

    # The way of an article from pending to indexed.

    def waiting(self) -> int:
        """Passages of pending articles that have no vector yet."""
        sql = (
            "SELECT count(*) FROM passages p JOIN articles a ON a.id = p.article "
            "WHERE a.state = 'pending' AND p.vector IS NULL"
        )
        return int(self._read(sql)[0][0])

    def pending(self, n: int) -> list[tuple[Passage, Source]]:
        """Up to `n` passages without a vector, in the order of their articles, each with its source."""
        rows = self._read(
            "SELECT p.*, a.title, a.outlet, a.date, a.url, a.language FROM passages p "
            "JOIN articles a ON a.id = p.article WHERE a.state = 'pending' AND p.vector IS NULL "
            "ORDER BY a.rowid, p.ordinal LIMIT ?",
            n,
        )
        return [
            (
                _passage(row),
                Source(row["article"], row["outlet"], row["title"], row["date"], row["url"], row["language"]),
            )
            for row in rows
        ]

    def store(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Stores vectors, and lets every article be found that now has all of its own."""
        rows = [
            (vector.astype(np.float32).tobytes(), p.id) for p, vector in zip(passages, vectors, strict=True)
        ]
        with self._write() as db:
            db.executemany("UPDATE passages SET vector = ? WHERE id = ?", rows)
            whole = db.execute(
                "UPDATE articles SET state = 'embedded' WHERE state = 'pending' AND NOT EXISTS "
                "(SELECT 1 FROM passages p WHERE p.article = articles.id AND p.vector IS NULL) "
                "RETURNING rowid, id, url, outlet"
            ).fetchall()
            # Oldest first, so that each version is replaced by the next one and comes back alone.
            db.executemany(
                "UPDATE articles SET replaced_by = ?2 WHERE url = ?3 AND outlet IS ?4 AND rowid < ?1 "
                "AND replaced_by IS NULL",
                sorted(tuple(row) for row in whole if row["url"]),
            )

    def unindexed(self) -> list[InScope]:
        """Articles that Chroma does not hold yet."""
        sql = "SELECT id, outlet, date FROM articles WHERE state = 'embedded' AND replaced_by IS NULL"
        return [InScope(row["id"], row["outlet"], row["date"]) for row in self._read(sql)]

    def set_indexed(self, sources: Iterable[str]) -> None:
        """Notes that Chroma holds these articles."""
        with self._write() as db:
            db.execute(
                "UPDATE articles SET state = 'indexed' WHERE state = 'embedded' AND replaced_by IS NULL "
                "AND id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(sources)),),
            )

    def orphans(self) -> list[str]:
        """Passages for Chroma to let go; those of an article that it holds again are not among them."""
        rows = self._read(
            "SELECT passage FROM orphans WHERE NOT EXISTS (SELECT 1 FROM passages p JOIN articles a "
            "ON a.id = p.article WHERE p.id = passage AND a.state = 'indexed')"
        )
        return [row[0] for row in rows]

    def clear_orphans(self, passages: Iterable[str]) -> None:
        """Notes that Chroma has let these go."""
        with self._write() as db:
            db.executemany("DELETE FROM orphans WHERE passage = ?", [(passage,) for passage in passages])

    def start_over(self, *, embed: bool = False, fingerprint: str | None = None) -> None:
        """Marks the index as stale; with `embed`, every vector too. Crash-safe: one transaction."""
        with self._write() as db:
            if embed:
                db.execute("UPDATE passages SET vector = NULL")
                db.execute("UPDATE articles SET state = 'pending'")
            else:
                db.execute("UPDATE articles SET state = 'embedded' WHERE state = 'indexed'")
            if fingerprint is not None:
                db.execute("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", (fingerprint,))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('index', 'stale')")
            db.execute("DELETE FROM orphans")

    def verify(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when it is sound."""
        found = [str(row[0]) for row in self._read("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found


def _connect(file: Path) -> sqlite3.Connection:
    with ExitStack() as on_failure:
        db = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=30)
        on_failure.callback(db.close)
        db.row_factory = sqlite3.Row
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + _SCHEMA.read_text("utf-8"))
        on_failure.pop_all()
    return db


def _tokens(text: str) -> str:
    return " ".join(words(text))


def _where(filters: Filters) -> tuple[str, list[Any]]:
    where, values = [_LIVE], []
    if filters.outlets:
        where.append("a.outlet IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filters.outlets))
    if filters.since:
        where.append("a.date >= ?")
        values.append(filters.since)
    if filters.until:
        where.append("a.date <= ?")
        values.append(filters.until)
    return " AND ".join(where), values


def _article(row: sqlite3.Row) -> Article:
    return Article(
        row["id"], row["title"], row["text"], row["outlet"], row["date"], row["author"], row["language"],
        row["url"], row["file"], tuple((a, b) for a, b in json.loads(row["skip"])), _notices(row),
    )  # fmt: skip


def _notices(row: sqlite3.Row) -> tuple[Notice, ...]:
    stored = json.loads(row["notices"])
    return tuple(Notice(item["code"], item["text"], row["id"]) for item in stored)


def _passage(row: sqlite3.Row) -> Passage:
    return Passage(row["id"], row["article"], row["ordinal"], row["start"], row["end"], row["text"])
