"""Chroma as the vector index, keyed by passage id; nothing else imports chromadb.

Measured facts of chromadb 1.5 that this file is built around:

- Two processes on one folder both succeed and lose vectors without an error, so one process owns a
  folder at a time: `Index.open` takes a file lock and gives None where another process has it.
- `add` ignores an id that is already there, so adding again after a crash is harmless.
- A lost segment folder leaves `count()` full and every search empty, or full of what was added later,
  without an error. Asking for a lost vector itself is an error, so that is done for the oldest one when the
  folder is opened, and for all when a search finds less than it must.
- HNSW may not reach every one of many equal vectors, which is no damage. So a search that finds less than it
  must is made again exactly, and one for half of all passages or more is exact from the start.
- A process killed while Chroma writes its segment leaves files that can end the next process that reads them
  (segmentation fault), so the library notes when it writes, and drops an index that it did not finish.
- A folder that could not be opened stays in a cache of Chroma's, by its path, and cannot be opened in the
  same process after it was mended, so the cache is cleared.
- The text paths of the API fall back to an embedder that downloads, so only vectors are passed.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.errors import LibraryError
from assistant.models import Filters

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"


class IndexDamaged(LibraryError):
    """Chroma cannot answer, or answers less than it holds; the catalogue can search without it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The vector index is damaged ({what}). No article is lost: run `news-assistant rebuild` "
            "to make the index again from the catalogue."
        )


@dataclass(frozen=True, slots=True)
class Near:
    """A passage id and the cosine of its vector with the query's."""

    passage: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of a passage: its id, its unit vector, and what filters look at."""

    passage: str
    vector: NDArray[np.float32]
    outlet: str | None
    date: str | None


class Index:
    """The collection of one library folder, owned by this process until `close`."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder, self._lock = folder, lock
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._guard = threading.RLock()

    @classmethod
    def open(cls, folder: Path) -> Index | None:
        """The index in `folder`, or None while another process owns it. Chroma itself starts later."""
        lock = FileLock(folder.with_suffix(".lock"), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        except OSError as error:
            raise LibraryError(
                f"The library folder {folder.parent} cannot be written ({error.strerror}). "
                "Free space or change its permissions, or name another one with --library."
            ) from error
        return cls(folder, lock)

    def count(self) -> int:
        """How many passages it says it holds. Raises IndexDamaged."""
        with _damage("it cannot be read"):
            return self._open().count()

    def close(self) -> None:
        """Gives the folder free for other processes."""
        with self._guard:
            if self._client is not None:
                _shut(self._client)
            self._client = self._collection = None
            self._lock.release()

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds passages; those that are there already stay as they are."""
        collection = self._open()
        size = self._size()
        for first in range(0, len(entries), size):
            batch = entries[first : first + size]
            with _damage("it cannot be written"):
                collection.add(
                    ids=[entry.passage for entry in batch],
                    embeddings=np.stack([entry.vector for entry in batch]),
                    metadatas=[_metadata(entry) for entry in batch],
                )

    def remove(self, passages: Sequence[str]) -> None:
        """Removes passages; unknown ids are ignored."""
        collection = self._open()
        size = self._size()
        for first in range(0, len(passages), size):
            with _damage("it cannot be written"):
                collection.delete(ids=list(passages[first : first + size]))

    def query(self, vector: NDArray[np.float32], n: int, filters: Filters | None = None) -> list[Near]:
        """The `n` nearest passages by cosine, nearest first. Raises IndexDamaged."""
        collection = self._open()
        where = _where(filters or Filters())
        with _damage("it cannot be read"):
            held = collection.count()
            if not held or n < 1:
                return []
            if 2 * n >= held:
                return _exact(collection, vector, n, where)
            found = collection.query(
                query_embeddings=vector[None, :], n_results=min(n, held), where=where, include=["distances"]
            )
            ids, distances = found["ids"][0], found["distances"]
            if distances is None or (len(ids) < min(n, held) and _are_more(collection, len(ids), where)):
                return _exact(collection, vector, n, where)
        pairs = zip(ids, distances[0], strict=True)
        return [Near(passage, 1.0 - float(distance)) for passage, distance in pairs]

    def ids(self) -> set[str]:
        """The ids of all passages that it says it holds."""
        with _damage("it cannot be read"):
            return set(self._open().get(include=[])["ids"])

    def drop(self) -> None:
        """Empties the index, also one that is damaged beyond opening."""
        with self._guard:
            if self._client is not None:
                _shut(self._client)
            self._client = self._collection = None
            shutil.rmtree(self._folder, ignore_errors=True)

    def _size(self) -> int:
        assert self._client is not None  # noqa: S101  set by _open
        return int(self._client.get_max_batch_size())

    def _open(self) -> Collection:
        with self._guard:
            if self._collection is None:
                self._client, self._collection = _connect(self._folder)
            return self._collection


def _connect(folder: Path) -> tuple[ClientAPI, Collection]:
    # Chroma takes one to two seconds to import, so nothing pays for it before the first search.
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings as ChromaSettings

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    client: ClientAPI | None = None
    with _damage("it cannot be opened"):
        try:
            client = chromadb.PersistentClient(
                path=str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
            )
            collection = client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            collection.get(limit=1, include=["embeddings"])
        except Exception:
            if client is not None:
                _shut(client)
            SharedSystemClient.clear_system_cache()
            raise
    return client, collection


def _are_more(collection: Collection, found: int, where: Any) -> bool:
    return len(collection.get(where=where, limit=found + 1, include=[])["ids"]) > found


def _exact(collection: Collection, vector: NDArray[np.float32], n: int, where: Any) -> list[Near]:
    found = collection.get(where=where, include=["embeddings"])
    if found["embeddings"] is None or not found["ids"]:
        return []
    cosines = np.asarray(found["embeddings"], np.float32) @ vector
    return [Near(found["ids"][i], float(cosines[i])) for i in np.argsort(-cosines)[:n]]


def _shut(client: ClientAPI) -> None:
    # In the client of an embedded Chroma, though its interface does not name it; it frees the files.
    close: Callable[[], None] | None = getattr(client, "close", None)
    if close is not None:
        close()


class _damage:  # noqa: N801  reads as a statement: with _damage("...")
    """Turns what Chroma raises into IndexDamaged; it has no error tree that could be relied on."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, IndexDamaged) or not isinstance(error, Exception):
            return
        raise IndexDamaged(f"{self.what}: {type(error).__name__}") from error


def _metadata(entry: Entry) -> Mapping[str, str | int]:
    # Chroma takes no None, and compares numbers only: dates are days written as one number.
    return {"outlet": entry.outlet or "", "day": _day(entry.date) if entry.date else 0}


def _day(date: str) -> int:
    return int(date.replace("-", ""))


def _where(filters: Filters) -> Any:
    terms: list[dict[str, Any]] = []
    if filters.outlets:
        terms.append({"outlet": {"$in": list(filters.outlets)}})
    if filters.since:
        terms.append({"day": {"$gte": _day(filters.since)}})
    if filters.until:
        terms.append({"day": {"$lte": _day(filters.until)}})
        # An article without a date is not within any dates.
        terms.append({"day": {"$gt": 0}})
    if not terms:
        return None
    return terms[0] if len(terms) == 1 else {"$and": terms}
