"""The way of many articles into a library: reading, embedding and writing at the same time.

The caller's thread reads articles into the catalogue and writes what comes back; the embedder works
beside it. Reading does not wait for it: whatever was read is stored, so that an interruption loses nothing,
and how much there is to embed is known early. Windows of many passages are embedded at once, sorted by
length, so that the texts of a slice are padded little.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.embedding import Embedder
from assistant.errors import InputRefused
from assistant.models import Article, Passage, Progress, Source
from assistant.splitting import split

WINDOW = 768  # passages embedded between two commits: what a crash can cost, and room to sort by length

SLICE = 64  # passages embedded between two looks at whether to stop

_LOOK_SECONDS = 0.2  # between two reports of progress while nothing else is to be done

Window = Sequence[tuple[Passage, Source]]
Matrix = NDArray[np.float32]


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Added:
    """What an `add` did, by source id."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[InputRefused, ...] = ()


class Engine(Protocol):
    """What embeds windows beside the caller's thread."""

    @property
    def depth(self) -> int:
        """Windows that it takes before one is finished."""

    @property
    def window(self) -> int:
        """Passages of a window."""

    @property
    def writes(self) -> bool:
        """Whether it writes to the index too."""

    def submit(self, window: Window) -> Future[Matrix]:
        """Begins a window; the result has one row for each of its passages, in their order."""

    def embedded(self) -> int:
        """Passages embedded so far, also in windows that are not finished."""

    def close(self) -> None:
        """Stops at once; windows that are not finished are given up."""


class Stopped(Exception):
    """The engine was closed before the window was finished."""


class LocalEngine:
    """One thread that embeds; two windows, so that the next one is there when one is finished."""

    depth = 2
    window = WINDOW
    writes = False

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._stop = threading.Event()
        self._embedded = 0

    def submit(self, window: Window) -> Future[Matrix]:
        """See `Engine.submit`."""
        return self._pool.submit(self._embed, window)

    def embedded(self) -> int:
        """See `Engine.embedded`."""
        return self._embedded

    def close(self) -> None:
        """See `Engine.close`: waits for the slice at hand."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _embed(self, window: Window) -> Matrix:
        vectors = []
        for first in range(0, len(window), SLICE):
            if self._stop.is_set():
                raise Stopped
            part = window[first : first + SLICE]
            vectors.append(self._embedder.embed([embedding_text(*item) for item in part], "passage"))
            self._embedded += len(part)
        return np.concatenate(vectors)


def embedding_text(passage: Passage, source: Source) -> str:
    """What is embedded for a passage: outlet and headline in front, since a passage rarely repeats them."""
    heading = ". ".join(part for part in (source.outlet, source.title) if part)
    return f"{heading}\n{passage.text}"


class Pipeline:
    """One run: `read` as often as there are articles, then `finish`; `embedded` counts as it goes."""

    def __init__(
        self, catalogue: Catalogue, engine: Engine, written: Callable[[], None], report: Report
    ) -> None:
        """`written`: called after each window that was stored, to bring the index in step."""
        self._catalogue, self._engine, self._written, self._report = catalogue, engine, written, report
        self._unsent = catalogue.ledger.waiting()
        self._total = self._unsent
        self._flying: list[tuple[Window, Future[Matrix]]] = []
        self.done = 0

    def read(self, articles: Iterable[Article]) -> Added:
        """Stores articles as pending; meanwhile others are embedded."""
        added: list[str] = []
        unchanged: list[str] = []
        refused: list[InputRefused] = []
        for article in articles:
            passages = split(article)
            if not passages:
                why = "it has a headline and no text"
                refused.append(InputRefused(article.file or article.title, why, "Add the whole article."))
            elif self._catalogue.insert(article, passages):
                added.append(article.id)
                self._unsent += len(passages)
                self._total += len(passages)
            else:
                unchanged.append(article.id)
            self._report(Progress("reading", len(added) + len(unchanged), 0))
            self._pump(whole=True)
        return Added(tuple(added), tuple(dict.fromkeys(unchanged)), tuple(refused))

    def finish(self) -> int:
        """Embeds and stores all that is pending; gives the passages embedded in the whole run."""
        while self._unsent > 0 or self._flying:
            self._pump(whole=False)
            self._report(Progress("embedding", self._engine.embedded(), self._total))
            if self._flying:
                wait([future for _, future in self._flying], _LOOK_SECONDS, FIRST_COMPLETED)
        if self._total:
            self._report(Progress("embedding", self._total, self._total))
        return self.done

    def _pump(self, *, whole: bool) -> None:
        """Stores windows that are finished and begins further ones; with `whole`, whole ones only."""
        for window, future in [item for item in self._flying if item[1].done()]:
            self._flying.remove((window, future))
            passages = [passage for passage, _ in window]
            self._catalogue.ledger.store(passages, future.result(), written=self._engine.writes)
            self.done += len(window)
            self._written()
        while len(self._flying) < self._engine.depth and self._unsent >= (
            self._engine.window if whole else 1
        ):
            window = self._next()
            if not window:  # another process removed what was left
                self._unsent = 0
                return
            self._unsent -= len(window)
            self._flying.append((window, self._engine.submit(window)))

    def _next(self) -> Window:
        flying = {passage.id for window, _ in self._flying for passage, _ in window}
        found = self._catalogue.ledger.pending(self._engine.window + len(flying))
        window = [item for item in found if item[0].id not in flying][: self._engine.window]
        return sorted(window, key=lambda item: len(item[0].text))
