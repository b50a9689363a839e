"""Chroma as the vector index, keyed by passage id.

It lives in the library's folder, or on a server that several machines share.

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
- A server keeps what its clients give it, so there each of them writes, and none drops the files of another.
- The text paths of the API fall back to an embedder that downloads, so only vectors are passed.
"""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.chroma import IndexDamaged, IndexUnreachable, Server, connect, own, reach, shut
from assistant.errors import LibraryError
from assistant.models import Filters

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_COUNT_SECONDS = 5.0  # after which what others may have added to a server is counted again
_PAGE = 10_000  # ids asked for at once

T = TypeVar("T")


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
    """The collection of one library: a folder owned by this process until `close`, or one on a server."""

    def __init__(self, place: Path | Server, lock: FileLock | None = None) -> None:
        self._place, self._lock = place, lock
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._guard = threading.RLock()
        self._counted: tuple[int, float] | None = None

    @classmethod
    def open(cls, folder: Path) -> Index | None:
        """The index in `folder`, or None while another process owns it, or where it cannot be written.

        Chroma itself starts later.
        """
        lock = FileLock(folder.with_suffix(".lock"), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except (Timeout, PermissionError):
            return None
        except OSError as error:
            if error.errno == errno.EROFS:
                return None
            raise LibraryError(
                f"The library folder {folder.parent} cannot be written ({error.strerror}). "
                "Free space or change its permissions, or name another one with --library."
            ) from error
        return cls(folder, lock)

    @classmethod
    def connect(cls, server: Server) -> Index:
        """The index on a server, which is not contacted yet."""
        return cls(server)

    @property
    def shared(self) -> bool:
        """Whether other processes write to it too, as they do on a server."""
        return isinstance(self._place, Server)

    def count(self) -> int:
        """How many passages it says it holds. Raises IndexDamaged."""
        with self._damage("it cannot be read"):
            return self._open().count()

    def _held(self) -> int:
        """`count`, which takes milliseconds in a large index, as of the last write or a moment ago."""
        now = time.monotonic()
        if self._counted is None or (self.shared and now - self._counted[1] > _COUNT_SECONDS):
            self._counted = (self.count(), now)
        return self._counted[0]

    def close(self) -> None:
        """Gives the folder free for other processes."""
        with self._guard:
            if self._client is not None:
                shut(self._client)
            self._client = self._collection = None
            if self._lock is not None:
                self._lock.release()

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds passages; those that are there already stay as they are."""
        for batch in self._batches(entries):
            with self._damage("it cannot be written"):
                collection = self._open()
                ids = [entry.passage for entry in batch]
                if self.shared:  # what a worker has written already need not travel again
                    held = set(collection.get(ids=ids, include=[])["ids"])
                    batch = [entry for entry in batch if entry.passage not in held]
                if batch:
                    collection.add(
                        ids=[entry.passage for entry in batch],
                        embeddings=np.stack([entry.vector for entry in batch]),
                        metadatas=[_metadata(entry) for entry in batch],
                    )

    def remove(self, passages: Sequence[str]) -> None:
        """Removes passages; unknown ids are ignored."""
        for batch in self._batches(passages):
            with self._damage("it cannot be written"):
                self._open().delete(ids=list(batch))

    def _batches(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """Slices of what Chroma takes at once; what was counted before is not true afterwards."""
        size = self._size() if items else 1
        for first in range(0, len(items), size):
            yield items[first : first + size]
            self._counted = None

    def query(self, vector: NDArray[np.float32], n: int, filters: Filters | None = None) -> list[Near]:
        """The `n` nearest passages by cosine, nearest first. Raises IndexDamaged."""
        where = _where(filters or Filters())
        with self._damage("it cannot be read"):
            collection = self._open()
            held = self._held()
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
        found: set[str] = set()
        with self._damage("it cannot be read"):
            collection = self._open()
            while True:  # by pages, since a server may have more than fits into one reply
                page = collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]
                found.update(page)
                if len(page) < _PAGE:
                    return found

    def among(self, passages: Iterable[str]) -> set[str]:
        """Those of the passages that it holds."""
        found: set[str] = set()
        for batch in self._batches(list(passages)):
            with self._damage("it cannot be read"):
                found.update(self._open().get(ids=list(batch), include=[])["ids"])
        return found

    def drop(self) -> None:
        """Empties the index, also one that is damaged beyond opening."""
        with self._guard:
            self._counted = None
            if isinstance(self._place, Server):
                with self._damage("it cannot be emptied"):
                    self._open()  # refuses another library's collection
                    if self._client is not None:
                        self._client.delete_collection(self._place.collection)
                self._collection = None
                return
            if self._client is not None:
                shut(self._client)
            self._client = self._collection = None
            shutil.rmtree(self._place, ignore_errors=True)

    def _size(self) -> int:
        with self._damage("it cannot be read"):
            self._open()
            assert self._client is not None  # noqa: S101  set by _open
            return int(self._client.get_max_batch_size())

    def _open(self) -> Collection:
        with self._guard:
            if self._collection is None:
                with self._damage("it cannot be opened"):
                    if isinstance(self._place, Server):
                        self._client = self._client or reach(self._place)
                        self._collection = own(self._client, self._place)
                    else:
                        self._client, self._collection = connect(self._place)
            return self._collection

    @contextmanager
    def _damage(self, what: str) -> Iterator[None]:
        """Turns what Chroma raises into IndexDamaged; it has no error tree that could be relied on."""
        try:
            yield
        except LibraryError:
            raise
        except Exception as error:
            if not isinstance(self._place, Server):
                raise IndexDamaged(f"{what}: {type(error).__name__}") from error
            self._collection = None  # another machine may have made it anew; the next call looks again
            raise IndexUnreachable(self._place.url, f"{what}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said[:200]}" if said else type(error).__name__


def _are_more(collection: Collection, found: int, where: Any) -> bool:
    return len(collection.get(where=where, limit=found + 1, include=[])["ids"]) > found


def _exact(collection: Collection, vector: NDArray[np.float32], n: int, where: Any) -> list[Near]:
    found = collection.get(where=where, include=["embeddings"])
    if found["embeddings"] is None or not found["ids"]:
        return []
    cosines = np.asarray(found["embeddings"], np.float32) @ vector
    return [Near(found["ids"][i], float(cosines[i])) for i in np.argsort(-cosines)[:n]]


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
