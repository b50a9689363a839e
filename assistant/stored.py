"""What the catalogue gives, and how rows of its tables become that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row

from assistant.errors import LibraryError, SourceNotFound
from assistant.models import Article, Notice, Passage, Source
from assistant.text import digest, fold

MEND = (
    "Run `news-assistant check --repair`, which keeps what can be read, or restore a backup with "
    "`news-assistant restore FILE`."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of sources; `added` is an ISO time in UTC.

    `replaced_by`: the newer version; `copy_of`: the first article of nearly the same text.
    """

    source: Source
    passages: int
    added: str
    file: str | None
    notices: tuple[Notice, ...]
    replaced_by: str | None
    copy_of: str | None = None


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


def article_of(row: Row[Any]) -> Article:
    """The article of a whole row."""
    skip = tuple((a, b) for a, b in _listed(row.skip))
    return Article(
        row.id, row.title, row.text, row.outlet, row.date, row.author, row.language, row.url, row.file, skip,
        notices_of(row),
    )  # fmt: skip


def source_of(row: Row[Any]) -> Source:
    """The source that a row names."""
    return Source(row.id, row.outlet, row.title, row.date, row.url, row.language)


def notices_of(row: Row[Any]) -> tuple[Notice, ...]:
    """The notices of the article of a row."""
    return tuple(Notice(item["code"], item["text"], row.id) for item in _listed(row.notices))


def _listed(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        raise LibraryError(f"An entry of the catalogue is damaged. {MEND}") from None


def line_of(row: Any) -> dict[str, str | None]:
    """What the list of sources knows an article, or its row, by; the title, which it is sorted by, first."""
    parts = (row.title, row.outlet, row.date, row.url, row.file)
    folded = fold(" ".join(part for part in parts if part))
    return {"article": row.id, "date": row.date, "outlet": row.outlet, "folded": folded}


def unknown(source: str) -> SourceNotFound:
    """The error for an id that no article has."""
    return SourceNotFound(
        f"No article has the id {source!r}. `news-assistant sources` lists the ids that there are."
    )


def passage_of(row: Row[Any]) -> Passage:
    """The passage of a row."""
    return Passage(row.id, row.article, row.ordinal, row.start, row.end, row.text)


def vectors_of(rows: Sequence[Row[Any]]) -> Vectors:
    """Rows of an `id` and a `vector` as one matrix."""
    data = b"".join(row.vector for row in rows)
    shape = (len(rows), -1) if rows else (0, 0)
    try:
        return Vectors(tuple(row.id for row in rows), np.frombuffer(data, np.float32).reshape(shape))
    except ValueError:
        raise LibraryError(f"A vector in the catalogue is damaged. {MEND}") from None


def sum_of(article: Article) -> str:
    """A digest of all that is stored of an article as it was read."""
    notices = [(notice.code, notice.text) for notice in article.notices]
    return digest(json.dumps(asdict(article) | {"notices": notices}, sort_keys=True, ensure_ascii=False))[:32]
