"""The vector index as a mirror of the catalogue: kept in step with it, searched, and compared with it.

The index of a folder belongs to one process at a time. Any other process stores its articles with their
vectors, searches the catalogue's vectors exactly, and leaves the indexing to the owner, which looks for such
articles before each search. A Chroma server is everybody's: whoever adds writes to it, one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.chroma import IndexBehind, IndexDamaged, Server
from assistant.errors import LibraryError
from assistant.models import Filters, Notice
from assistant.stored import InScope
from assistant.vectors import Entry, Index, Near

_ARTICLES = 500  # put into the index at once, so that a large library is never in memory as a whole
_MORE = 20  # passages asked for beyond the wanted ones, where some may be on their way in or out


@dataclass(frozen=True, slots=True)
class Differences:
    """How the index differs from the catalogue; `lost`: sampled passages that their vectors do not find."""

    missing: int
    extra: int
    lost: int

    def sentences(self) -> list[str]:
        """What is wrong, for people; empty when nothing is."""
        return [
            sentence
            for count, sentence in (
                (self.missing, f"The index lacks {self.missing} passages that the catalogue has."),
                (self.extra, f"The index has {self.extra} passages that the catalogue does not have."),
                (self.lost, f"{self.lost} sampled passages are not found by their own vectors."),
            )
            if count
        ]


class Mirror:
    """The index of one library. Safe for threads."""

    def __init__(self, catalogue: Catalogue, place: Path | Server) -> None:
        self._catalogue, self.place = catalogue, place
        self._index: Index | None = None
        self._guard = threading.RLock()
        self._compared = False

    def close(self) -> None:
        """Gives the index free for other processes."""
        with self._guard:
            if self._index is not None:
                self._index.close()
                self._index = None

    def owner(self) -> Index | None:
        """The Chroma index, if this process has it or can have it."""
        with self._guard:
            if self._index is None:
                self._index = (
                    Index.connect(self.place) if isinstance(self.place, Server) else Index.open(self.place)
                )
            return self._index

    def sync(self, *, wait: bool = True) -> None:
        """Brings Chroma in step with the catalogue, if this process owns it. Raises IndexDamaged.

        Without `wait` it leaves that to another process that is just doing it.
        """
        with self._guard:
            index = self.owner()
            if index is None or not self._catalogue.writable:
                return
            if not index.shared:
                self._sync(index)
            elif self._behind():
                with self._catalogue.indexing(wait=wait) as mine:
                    if mine:
                        self._sync(index)

    def _behind(self) -> bool:
        stale = self._catalogue.fact("index") in ("stale", "rebuilding")
        return stale or self._last_place() != self._named() or self._catalogue.ledger.is_behind()

    def _last_place(self) -> str:
        return self._catalogue.fact("place") or "folder"

    def _named(self) -> str:
        return f"{self.place.url} {self.place.collection}" if isinstance(self.place, Server) else "folder"

    def _sync(self, index: Index) -> None:
        state = self._catalogue.fact("index")
        if self._last_place() != self._named():  # what lay there meanwhile knows nothing of the rest
            self._catalogue.ledger.start_over()
            self._catalogue.set_fact("place", self._named())
            state = "stale"
        if state == "writing":  # a process ended while Chroma wrote into the folder
            self._catalogue.ledger.start_over()
        if state in ("writing", "stale"):
            index.drop()
            self._compared = False
            self._catalogue.set_fact("index", "rebuilding" if index.shared else "current")
        orphans, waiting = self._catalogue.ledger.orphans(), self._catalogue.ledger.unindexed()
        if index.shared:  # a server finishes what its client began, or does not begin it
            self._write(index, orphans, waiting)
            if self._catalogue.fact("index") == "rebuilding":
                self._catalogue.set_fact("index", "current")
            return
        if not orphans and not waiting:
            return
        self._catalogue.set_fact("index", "writing")
        try:
            self._write(index, orphans, waiting)
        finally:
            self._catalogue.set_fact("index", "current")

    def _write(self, index: Index, orphans: Sequence[str], waiting: Sequence[InScope]) -> None:
        if orphans:
            index.remove(orphans)
            self._catalogue.ledger.clear_orphans(orphans)
        for first in range(0, len(waiting), _ARTICLES):
            part = waiting[first : first + _ARTICLES]
            index.add(self._entries(part))
            self._catalogue.ledger.set_indexed(item.id for item in part)

    def _entries(self, articles: Sequence[InScope]) -> list[Entry]:
        of = {item.id: item for item in articles}
        vectors = self._catalogue.vectors(of)
        passages = self._catalogue.passages(vectors.ids)
        return [
            Entry(key, vector, of[passages[key].article].outlet, of[passages[key].article].date)
            for key, vector in zip(vectors.ids, vectors.matrix, strict=True)
            if key in passages  # another process may remove an article at any time
        ]

    def _sound(self) -> Index | None:
        """The index in step with the catalogue; None where another process has it. Raises IndexDamaged."""
        with self._guard:
            self.sync(wait=False)
            index = self.owner()
            if index is not None and index.shared and self._catalogue.fact("index") == "rebuilding":
                raise IndexBehind("Another program is making the index again.")
            if index is not None and not self._compared:
                # Once: from here on nothing else writes to the folder, and a server looks after itself.
                given, held = self._catalogue.count(indexed=True), index.count()
                if held < given:
                    raise IndexDamaged(f"it holds {held} of {given} passages")
                self._compared = True
            return index

    def _searched(self) -> Index | None:
        """As `_sound`; what keeps the index from being brought in step raises IndexDamaged too."""
        try:
            return self._sound()
        except IndexDamaged:
            raise
        except LibraryError as error:  # a full disk: the catalogue can still be read
            raise IndexBehind(str(error)) from error

    def nearest(
        self, vector: NDArray[np.float32], n: int, filters: Filters
    ) -> tuple[list[Near], list[Notice]]:
        """The nearest passages: by Chroma where it can be had and is sound, else exactly."""
        try:
            index = self._searched()
            if index is not None and index.shared:
                # What others are adding or removing may be there already, or still.
                near = index.query(vector, n + _MORE, filters)
                live = self._catalogue.live(item.passage for item in near)
                return [item for item in near if item.passage in live][:n], []
            if index is not None:
                return index.query(vector, n, filters), []
        except IndexDamaged as damage:
            return self.nearest_exact(vector, n, filters), [Notice(damage.notice, str(damage))]
        return self.nearest_exact(vector, n, filters), []

    def nearest_exact(self, vector: NDArray[np.float32], n: int, filters: Filters) -> list[Near]:
        """The nearest passages by the vectors of the catalogue, every one of which is compared."""
        found: list[Near] = []
        for held in self._catalogue.vectors_in_parts(filters):
            cosines = held.matrix @ vector
            found += [Near(held.ids[i], float(cosines[i])) for i in np.argsort(-cosines)[:n]]
            found = sorted(found, key=lambda near: -near.cosine)[:n]
        return found

    def compare(self, index: Index, samples: int) -> Differences:
        """Compares by ids, and searches for `samples` stored vectors. Raises IndexDamaged."""
        self.sync()
        held = index.ids()
        stored = self._catalogue.live_ids()
        step = max(1, len(stored) // samples)
        sampled = self._catalogue.vectors_of(stored[::step])
        lost = sum(1 for vector in sampled.matrix if not _finds_itself(index, vector))
        missing, extra = set(stored) - held, held - set(stored)
        if missing and index.shared:  # others add while this is read
            missing -= index.among(missing)
        if extra and index.shared:  # a worker writes what the catalogue will call whole a moment later
            extra -= self._catalogue.on_its_way(extra)
        return Differences(len(missing), len(extra), lost)


def _finds_itself(index: Index, vector: NDArray[np.float32]) -> bool:
    # Copies have the same vector, so the test is the cosine and not the id.
    return any(near.cosine > 0.999 for near in index.query(vector, 3))
