"""Saved conversations: one SQLite file in the library's folder, beside the catalogue and never part of it.

Whole answers are saved with what they rest on, so that an old one reads the same after a source was removed.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant import saved
from assistant.errors import AnswerNotFound, HistoryError
from assistant.models import Filters
from assistant.saved import Conversation, Exchange, Overruling, Record, Sort, State
from assistant.text import clean, fold

FILE = "conversations.sqlite3"
LONGEST_NAME = 80  # characters
_BUSY = 15.0  # seconds that a writer waits for another one
_TERMINAL = 1_000  # answers of the terminal that are kept for `export`
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
  id TEXT PRIMARY KEY, sort TEXT NOT NULL, name TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS exchanges (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  conversation TEXT REFERENCES conversations(id) ON DELETE CASCADE,
  question TEXT NOT NULL, filters TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL,
  answer TEXT, record TEXT, error TEXT, partial TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS exchanges_conversation ON exchanges(conversation, number);
CREATE INDEX IF NOT EXISTS exchanges_answer ON exchanges(answer) WHERE answer IS NOT NULL;
"""
_LISTED = (
    "SELECT c.id, c.sort, c.name, c.created, c.changed, "
    "(SELECT count(*) FROM exchanges e WHERE e.conversation = c.id) FROM conversations c"
)
_HEAD = "id, conversation, question, filters, asked, state, error, partial"
_WHOLE = f"{_HEAD}, record"


class History:
    """The conversations of one library. Safe for threads and for several processes."""

    def __init__(self, file: Path | None) -> None:
        """Opens the file, or makes it; without one nothing outlives the program. Raises HistoryError."""
        self.file = file
        self._guard = threading.RLock()
        try:
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                file or ":memory:", timeout=_BUSY, check_same_thread=False, isolation_level=None
            )
            with suppress(sqlite3.OperationalError):  # a folder that can only be read
                self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.create_function("folded", 1, lambda text: fold(str(text)), deterministic=True)
            self._db.executescript(_SCHEMA)
            self._db.execute("BEGIN IMMEDIATE")  # fails now where nothing could be saved later
            self._db.execute("ROLLBACK")
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error

    @classmethod
    def of(cls, folder: Path) -> History:
        """The conversations of the library in that folder. Raises HistoryError."""
        return cls(folder / FILE)

    def close(self) -> None:
        """Closes the file."""
        with self._guard:
            self._db.close()

    # Conversations.

    def start(self, name: str, sort: Sort = "chat") -> str:
        """A new conversation, named after its first question; gives its id."""
        at, made = now(), uuid4().hex[:12]
        with self._write() as db:
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", (made, sort, _short(name), at, at))
        return made

    def conversations(self, words: str = "", sort: Sort = "chat", most: int = 50) -> list[Conversation]:
        """The latest conversations; with `words`, those whose name, questions or answers hold all of them."""
        where, values = "c.sort = ?", [str(sort)]
        for word in fold(clean(words)).split():
            where += (
                " AND (instr(folded(c.name), ?) OR EXISTS (SELECT 1 FROM exchanges e "
                "WHERE e.conversation = c.id AND instr(e.words, ?)))"
            )
            values += [word, word]
        rows = self._read(
            f"{_LISTED} WHERE {where} ORDER BY c.changed DESC, c.rowid DESC LIMIT ?",
            (*values, most),
        )
        return [Conversation(*row) for row in rows]

    def conversation(self, wanted: str) -> Conversation | None:
        """The conversation with that id."""
        rows = self._read(f"{_LISTED} WHERE c.id = ?", (wanted,))
        return Conversation(*rows[0]) if rows else None

    def rename(self, conversation: str, name: str) -> None:
        """Gives a conversation another name; an empty one changes nothing."""
        if short := _short(name):
            with self._write() as db:
                db.execute("UPDATE conversations SET name = ? WHERE id = ?", (short, conversation))

    def remove(self, conversation: str) -> None:
        """Removes a conversation with all that was asked in it."""
        with self._write() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    # Questions and answers.

    def begin(self, conversation: str | None, question: str, filters: Filters) -> str:
        """Saves a question before it is answered; gives the id of the exchange."""
        at, made = now(), uuid4().hex[:12]
        question = clean(question)
        with self._write() as db:
            db.execute(
                "INSERT INTO exchanges (id, conversation, question, filters, asked, state, words) "
                "VALUES (?, ?, ?, ?, ?, 'running', ?)",
                (made, conversation, question, saved.filters_written(filters), at, fold(question)),
            )
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (at, conversation))
        return made

    def answered(self, exchange: str, record: Record) -> None:
        """Saves the answer to a question; one that is saved already is never altered."""
        answer = record.answer
        state: State = "interrupted" if record.interrupted else "answered"
        said = " ".join([answer.question, *(sentence.text for sentence in answer.summary)])
        with self._write() as db:
            db.execute(
                "UPDATE exchanges SET state = ?, answer = ?, record = ?, words = ?, error = NULL, "
                "partial = '' WHERE id = ? AND record IS NULL",
                (state, answer.id, saved.written(record), fold(said), exchange),
            )
            db.execute(
                "DELETE FROM exchanges WHERE conversation IS NULL AND number <= (SELECT number FROM "
                "exchanges WHERE conversation IS NULL ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (_TERMINAL,),
            )

    def unanswered(self, exchange: str, state: State, partial: str = "", error: str | None = None) -> None:
        """Saves that a question got no answer, with what there was of one."""
        with self._write() as db:
            db.execute(
                "UPDATE exchanges SET state = ?, partial = ?, error = ? WHERE id = ? AND record IS NULL",
                (state, clean(partial), error and clean(error), exchange),
            )

    def resumed(self, exchange: str) -> None:
        """Saves that a question that got no answer is asked again."""
        with self._write() as db:
            db.execute(
                "UPDATE exchanges SET state = 'running', error = NULL, partial = '' "
                "WHERE id = ? AND record IS NULL",
                (exchange,),
            )

    def left_running(self, state: State, error: str) -> None:
        """Marks what a program that ended left unanswered; what it had written by then stays."""
        with self._write() as db:
            db.execute("UPDATE exchanges SET state = ?, error = ? WHERE state = 'running'", (state, error))

    def exchanges(self, conversation: str) -> list[Exchange]:
        """What was asked in a conversation, in order, without the answers' records."""
        return self._found("conversation = ? ORDER BY number", conversation, _HEAD)

    def exchange(self, wanted: str) -> Exchange | None:
        """A question with its answer."""
        return next(iter(self._found("id = ?", wanted)), None)

    def whole(self, conversation: str) -> list[Exchange]:
        """What was asked in a conversation, in order, with the answers."""
        return self._found("conversation = ? ORDER BY number", conversation)

    def answer(self, answer: str) -> Exchange:
        """The last exchange whose answer has that id. Raises AnswerNotFound.

        A question asked twice has one answer, and one id; where a reader overruled some of them, it is the
        last of these, so that asking again hides no correction.
        """
        found = self._found("answer = ? ORDER BY number DESC", answer)
        if not found:
            raise AnswerNotFound(
                f"No saved answer has the id {answer!r}. `ask --json` prints the id of an answer, and every "
                "export names it; ask again to get a new one."
            )
        return next((each for each in found if each.record and each.record.overrulings), found[0])

    def overrule(self, exchange: str, overruling: Overruling, instead: Overruling | None = None) -> None:
        """Puts a reader's judgement beside the assistant's, and in place of one that it replaces."""
        self._change(exchange, lambda record: (*(o for o in record.overrulings if o != instead), overruling))

    def withdraw(self, exchange: str, overruling: Overruling) -> None:
        """Takes a reader's judgement back."""
        self._change(exchange, lambda record: tuple(o for o in record.overrulings if o != overruling))

    def _change(self, exchange: str, changed: Callable[[Record], tuple[Overruling, ...]]) -> None:
        with self._write() as db:
            row = db.execute("SELECT record FROM exchanges WHERE id = ?", (exchange,)).fetchone()
            if row is None or row[0] is None:
                raise AnswerNotFound("This answer is not saved any more. Ask the question again.")
            record = self._record(row[0])
            record = replace(record, overrulings=changed(record))
            db.execute("UPDATE exchanges SET record = ? WHERE id = ?", (saved.written(record), exchange))

    def _found(self, where: str, value: str, columns: str = _WHOLE) -> list[Exchange]:
        rows = self._read(f"SELECT {columns} FROM exchanges WHERE {where}", (value,))
        return [self._exchange(row) for row in rows]

    def _exchange(self, row: Sequence[Any]) -> Exchange:
        made, conversation, question, filters, asked, state, error, partial, *rest = row
        record = self._record(rest[0]) if rest and rest[0] else None
        try:
            limits = saved.filters_read(filters)
        except ValueError as broken:
            raise self._failed(broken) from broken
        return Exchange(made, conversation, question, limits, asked, state, record, error, partial)

    def _record(self, text: str) -> Record:
        try:
            return saved.read(text)
        except ValueError as broken:
            raise self._failed(broken) from broken

    # The file.

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._guard:
            try:
                with closing(self._db.execute(statement, values)) as rows:
                    return rows.fetchall()
            except sqlite3.Error as error:
                raise self._failed(error) from error

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self._guard:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise self._failed(error) from error

    def _failed(self, error: Exception) -> HistoryError:
        told = str(error) or type(error).__name__
        why = "an entry is damaged" if isinstance(error, ValueError) else told
        place = self.file.name if self.file else "memory"
        return HistoryError(
            f"The saved conversations in {place} could not be read or written: {why}. Check the library's "
            "folder and the disk; to begin anew, move that file away. Articles are not affected."
        )


def now() -> str:
    """The time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _short(name: str) -> str:
    words = " ".join(clean(name).split())
    if len(words) <= LONGEST_NAME:
        return words
    return words[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"
