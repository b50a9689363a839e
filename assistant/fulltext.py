"""The search for words: FTS5 in SQLite, tsvector with a GIN index in PostgreSQL.

Both are given words folded by `text.words`, as questions are: FTS5 itself folds Latin letters only and takes
a run of Chinese for one word, and PostgreSQL's parser cuts "anti-war" and "3.5" in its own ways. FTS5 ranks
by bm25. PostgreSQL has no bm25, so its `ts_rank` of each term, which saturates with repetition and is divided
by the logarithm of the length, is weighted by the term's inverse document frequency.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Select,
    Subquery,
    Text,
    cast,
    column,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from assistant.models import Passage
from assistant.tables import articles, passages
from assistant.text import stem, words

HEADING = 0.5  # what a word of the headline counts, beside one of the passage

Rarity = Callable[[str], float]

_PART = re.compile(r"[^\W_]+")  # letters and digits only, so that nothing in it has to be escaped
_NOWHERE = "'\u0001'"  # a lexeme that no text has
_MOST_POSITIONS = 250  # of one word that PostgreSQL keeps (it takes 255)
_LONGEST_HEADING = 2_000  # characters; a tsvector has room for a megabyte
_LONGEST = 500  # characters of a word (it takes 2046 bytes)


class WordSearch(Protocol):
    """What the catalogue needs of either."""

    schema: tuple[str, ...]

    def row(self, passage: Passage, title: str) -> dict[str, str]:
        """Columns that the row of a passage has for it."""

    def add(self, db: Connection, found: Sequence[Passage], title: str) -> None:
        """Notes the words of passages whose rows were just inserted."""

    def best(self, terms: Sequence[str], rarity: Rarity, most: int | None) -> Subquery:
        """The `key` and the `score` of the passages with any of the terms, the best `most` of them; a high
        score is a good one. `rarity` gives the inverse document frequency of a term."""

    def joined(self, found: Subquery) -> FromClause:
        """Those passages with their articles."""

    def noted(self) -> ColumnElement[bool]:
        """Whether the words of a passage are noted."""

    def with_word(self, word: str) -> Select[Any]:
        """A statement that counts the passages that have a word in any form, headline left out."""


def _tokens(content: str) -> str:
    return " ".join(words(content))


class SqliteWords:
    """FTS5 over the columns `tokens` and `heading` of the passages; triggers keep it in step."""

    schema: tuple[str, ...] = (
        """CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (tokens, heading, content='passages',
        content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER IF NOT EXISTS words_in AFTER INSERT ON passages BEGIN INSERT INTO words
        (rowid, tokens, heading) VALUES (new.rowid, new.tokens, new.heading); END""",
        """CREATE TRIGGER IF NOT EXISTS words_gone AFTER DELETE ON passages BEGIN INSERT INTO words
        (words, rowid, tokens, heading) VALUES ('delete', old.rowid, old.tokens, old.heading); END""",
    )

    def row(self, passage: Passage, title: str) -> dict[str, str]:
        """See `WordSearch.row`."""
        return {"tokens": _tokens(passage.text), "heading": _tokens(title)}

    def add(self, db: Connection, found: Sequence[Passage], title: str) -> None:
        """See `WordSearch.add`: the triggers have done it."""

    def best(self, terms: Sequence[str], rarity: Rarity, most: int | None) -> Subquery:  # noqa: ARG002
        """See `WordSearch.best`; bm25 knows the frequencies itself, and is best where it is least."""
        index = table("words", column("rowid"), column("words"))
        score = -func.bm25(literal_column("words"), 1.0, HEADING, type_=Float)
        found = select(index.c.rowid.label("key"), score.label("score"))
        match = index.c.words.op("MATCH")(" OR ".join(map(_quoted, terms)))
        return found.where(match).order_by(score.desc()).limit(most).subquery()

    def joined(self, found: Subquery) -> FromClause:
        """See `WordSearch.joined`."""
        own = found.join(passages, passages.c.rowid == found.c.key)
        return own.join(articles, articles.c.id == passages.c.article)

    def noted(self) -> ColumnElement[bool]:
        """See `WordSearch.noted`: the triggers see to it, and SQLite checks them itself."""
        return true()

    def with_word(self, word: str) -> Select[Any]:
        """See `WordSearch.with_word`."""
        index = table("words", column("words"))
        match = index.c.words.op("MATCH")("tokens : " + _quoted(word))
        return select(func.count()).select_from(index).where(match)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


class PostgresWords:
    """A table of one tsvector a passage: stems with their places, weight A, those of the headline B."""

    schema: tuple[str, ...] = (
        """CREATE TABLE IF NOT EXISTS words (passage text COLLATE "C" PRIMARY KEY REFERENCES passages (id)
        ON DELETE CASCADE, lexemes tsvector NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS words_lexemes ON words USING gin (lexemes)",
    )
    _table = table("words", column("passage", Text), column("lexemes", TSVECTOR))

    def row(self, passage: Passage, title: str) -> dict[str, str]:  # noqa: ARG002
        """See `WordSearch.row`: none."""
        return {}

    def add(self, db: Connection, found: Sequence[Passage], title: str) -> None:
        """See `WordSearch.add`."""
        heading = _places(title[:_LONGEST_HEADING])
        rows = [{"passage": item.id, "lexemes": _vector(_places(item.text), heading)} for item in found]
        db.execute(insert(self._table), rows)

    def best(self, terms: Sequence[str], rarity: Rarity, most: int | None) -> Subquery:
        """See `WordSearch.best`."""
        lexemes = self._table.c.lexemes
        weights: ColumnElement[Any] = literal_column(f"'{{0, 0, {HEADING}, 1}}'::real[]")
        scores = [
            rarity(term) * func.ts_rank(weights, lexemes, _query(_term(term)), 1, type_=Float)
            for term in terms
        ]
        score = reduce(operator.add, scores)
        match = lexemes.op("@@")(_query(" | ".join(map(_term, terms))))
        found = select(self._table.c.passage.label("key"), score.label("score"))
        return found.where(match).order_by(score.desc()).limit(most).subquery()

    def joined(self, found: Subquery) -> FromClause:
        """See `WordSearch.joined`."""
        own = found.join(passages, passages.c.id == found.c.key)
        return own.join(articles, articles.c.id == passages.c.article)

    def noted(self) -> ColumnElement[bool]:
        """See `WordSearch.noted`."""
        return exists().where(self._table.c.passage == passages.c.id)

    def with_word(self, word: str) -> Select[Any]:
        """See `WordSearch.with_word`."""
        match = self._table.c.lexemes.op("@@")(_query(_term(word, ":A")))
        return select(func.count()).select_from(self._table).where(match)


def _query(words_: str) -> ColumnElement[Any]:
    return cast(literal(words_, Text), TSQUERY)


def _lexemes(word: str) -> list[str]:
    """A folded word as tsvector and tsquery write it: the stems of its parts, in their quotation marks."""
    stems = (stem(part[:_LONGEST]) for part in _PART.findall(word))
    # Some dictionary forms have an apostrophe ("zaatar").
    return ["'" + part.replace("\\", "\\\\").replace("'", "''") + "'" for part in stems]


def _term(word: str, weights: str = "") -> str:
    """A query for a word; that it has parts, as "anti-war" does, means one after the other, as in FTS5."""
    parts = [lexeme + weights for lexeme in _lexemes(word)]
    return f"({' <-> '.join(parts)})" if parts else _NOWHERE


def _places(content: str) -> dict[str, list[int]]:
    """The lexemes of a text with the numbers of the words where they stand, from 1."""
    places: dict[str, list[int]] = {}
    lexemes = (lexeme for word in words(content) for lexeme in _lexemes(word))
    for place, lexeme in enumerate(lexemes, 1):
        places.setdefault(lexeme, []).append(place)
    return places


def _vector(body: dict[str, list[int]], heading: dict[str, list[int]]) -> str:
    parts = []
    for lexeme in body.keys() | heading.keys():
        marked = [f"{place}A" for place in body.get(lexeme, ())]
        marked += [f"{place}B" for place in heading.get(lexeme, ())]
        parts.append(f"{lexeme}:{','.join(marked[:_MOST_POSITIONS])}")
    return " ".join(parts)
