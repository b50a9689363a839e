"""A library: the catalogue, the vector index and the embedder together, and the way in.

Adding has two steps. First every article is stored as pending, in the catalogue only. Then all that
is pending is embedded and indexed, window by window. A process that dies in between leaves pending
rows, and the next one that opens the library finishes them; until then they cannot be found.

The process that holds the index lock searches Chroma and keeps it in step with the catalogue. Any
other process stores its articles with their vectors, searches the catalogue's vectors exactly, and
leaves the indexing to the owner, which looks for such articles before each search.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.catalogue import Catalogue, Entry, InScope
from assistant.embedding import Embedder, LocalEmbedder, OpenAIEmbedder
from assistant.errors import EmbedderError, EmbedderMismatch, InputRefused, LibraryError, SettingsError
from assistant.models import Article, Filters, Notice, Passage, Source
from assistant.settings import Settings
from assistant.splitting import split
from assistant.vectors import Entry as Indexed
from assistant.vectors import Index, IndexDamaged, Near

WINDOW = 768  # passages embedded between two commits: what a crash can cost, and room to sort by length

SLICE = 64  # passages embedded between two reports of progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: `stage` names it, `total` is 0 while it is not known."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Added:
    """What an `add` did, by source id."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[InputRefused, ...] = ()


Report = Callable[[Progress], None]


def _quiet(_: Progress) -> None:
    return None


class Library:
    """One library folder, opened. Safe for threads; use as a context manager or call `close`."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, settings: Settings, embedder: Embedder | None
    ) -> None:
        self.folder, self.settings = folder, settings
        self.catalogue = catalogue
        self._embedder = embedder
        self._index: Index | None = None
        self._guard = threading.RLock()
        self._compared = False

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder | None = None) -> Library:
        """The library in `settings.library`, made if it is not there. Raises LibraryError.

        Neither Chroma nor the embedder is loaded before it is needed.
        """
        folder = settings.library
        if folder.exists() and not folder.is_dir():
            raise LibraryError(f"{folder} is a file, not a library folder. Name a folder with --library.")
        return cls(folder, Catalogue(folder / "catalogue.sqlite3"), settings, embedder)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the catalogue and gives the index free for other processes."""
        with self._guard:
            if self._index is not None:
                self._index.close()
                self._index = None
            self.catalogue.close()

    # The embedder.

    @property
    def embedder(self) -> Embedder:
        """The embedder of the settings, checked against the one that made the library."""
        with self._guard:
            if self._embedder is None:
                self._embedder = make_embedder(self.settings)
            made_with = self.catalogue.fact("embedder")
            if made_with and made_with != self._embedder.fingerprint:
                raise EmbedderMismatch(
                    f"This library was made with the embedder {made_with}, and the settings name "
                    f"{self._embedder.fingerprint}; their vectors cannot be compared. Set the former again, "
                    "or embed everything anew with `news-assistant rebuild`."
                )
            return self._embedder

    # Reading.

    def entries(self) -> list[Entry]:
        """Every article that can be found or read, by date."""
        return self.catalogue.entries()

    def article(self, source: str) -> Article:
        """The article with that id. Raises SourceNotFound."""
        return self.catalogue.article(source)

    def outlets(self) -> list[str]:
        """Names of the outlets, sorted."""
        return sorted({entry.outlet for entry in self.catalogue.scope(Filters()) if entry.outlet})

    def scope(self, filters: Filters) -> list[InScope]:
        """The articles that a question with these filters may look at."""
        return self.catalogue.scope(filters)

    # Writing.

    def add(self, articles: Iterable[Article], progress: Report | None = None) -> Added:
        """Stores, embeds and indexes articles; those that are there already stay unchanged.

        Interrupting it loses nothing that was stored: the next open finishes it.
        """
        report = progress or _quiet
        added: list[str] = []
        unchanged: list[str] = []
        refused: list[InputRefused] = []
        with self._adding(report):
            fingerprint = self.embedder.fingerprint  # of another embedder: refused before anything is stored
            if self.catalogue.fact("embedder") is None:
                self.catalogue.set_fact("embedder", fingerprint)
            for article in articles:
                passages = split(article)
                if not passages:
                    refused.append(
                        InputRefused(
                            article.file or article.title,
                            "it has a headline and no text",
                            "Add the whole article.",
                        )
                    )
                    continue
                new = self.catalogue.insert(article, passages)
                (added if new else unchanged).append(article.id)
                report(Progress("reading", len(added) + len(unchanged), 0))
            self._embed_pending(report)
        self._try_sync(report)
        return Added(tuple(added), tuple(dict.fromkeys(unchanged)), tuple(refused))

    def finish(self, progress: Report | None = None) -> int:
        """Finishes what an interrupted `add` left; gives the number of passages embedded for it.

        Does nothing while another process is adding: what is pending then is that one's work. Where there
        can be no vectors it says so and leaves it: reading the other articles needs none.
        """
        report = progress or _quiet
        if not self.catalogue.waiting():
            return 0
        lock = FileLock(self.folder / "adding.lock", thread_local=False)
        try:
            with lock.acquire(timeout=0):
                return self._embed_pending(report)
        except Timeout:
            return 0
        except (EmbedderError, EmbedderMismatch, SettingsError) as error:
            report(Progress(f"articles that an interrupted `add` left are not finished. {error}", 0, 0))
            return 0

    def remove(self, source: str) -> None:
        """Removes an article. Raises SourceNotFound."""
        self.catalogue.remove(source)
        self._try_sync(_quiet)

    @contextmanager
    def _adding(self, report: Report) -> Iterator[None]:
        lock = FileLock(self.folder / "adding.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(Progress("waiting for another program that is adding articles", 0, 0))
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _embed_pending(self, report: Report) -> int:
        done, total = 0, self.catalogue.waiting()
        while window := self.catalogue.pending(WINDOW):
            # By length, so that the texts of a slice are padded little; stored as one transaction.
            window.sort(key=lambda item: len(item[0].text))
            vectors = []
            for first in range(0, len(window), SLICE):
                texts = [embedding_text(*item) for item in window[first : first + SLICE]]
                vectors.append(self.embedder.embed(texts, "passage"))
                report(Progress("embedding", done + min(first + SLICE, len(window)), total))
            self.catalogue.store([passage for passage, _ in window], np.concatenate(vectors))
            self._try_sync(report)
            done += len(window)
        return done

    def _try_sync(self, report: Report) -> None:
        # What is in the catalogue is safe and can be found; every search and `check` name the damage.
        try:
            self.sync()
        except IndexDamaged as damage:
            report(Progress(str(damage), 0, 0))

    # The index.

    def owner(self) -> Index | None:
        """The Chroma index, if this process has it or can have it."""
        with self._guard:
            if self._index is None:
                self._index = Index.open(self.folder / "chroma")
            return self._index

    def sync(self) -> None:
        """Brings Chroma in step with the catalogue, if this process owns it. Raises IndexDamaged."""
        with self._guard:
            index = self.owner()
            if index is None:
                return
            if self.catalogue.fact("index") == "writing":  # a process ended while Chroma wrote
                self.catalogue.start_over()
            if self.catalogue.fact("index") == "stale":
                index.drop()
                self._compared = False
                self.catalogue.set_fact("index", "current")
            orphans, waiting = self.catalogue.orphans(), self.catalogue.unindexed()
            if orphans or waiting:
                self.catalogue.set_fact("index", "writing")
                try:
                    self._write(index, orphans, waiting)
                finally:
                    self.catalogue.set_fact("index", "current")

    def _write(self, index: Index, orphans: Sequence[str], waiting: Sequence[InScope]) -> None:
        if orphans:
            index.remove(orphans)
            self.catalogue.clear_orphans(orphans)
        if waiting:
            index.add(self._indexed(waiting))
            self.catalogue.set_indexed(item.id for item in waiting)

    def _sound(self) -> Index | None:
        """The index in step with the catalogue; None where another process has it. Raises IndexDamaged."""
        with self._guard:
            self.sync()
            index = self.owner()
            if index is not None and not self._compared:
                # Once: from here on nothing else writes to it.
                held, given = index.count(), self.catalogue.count(indexed=True)
                if held < given:
                    raise IndexDamaged(f"it holds {held} of {given} passages")
                self._compared = True
            return index

    def _indexed(self, articles: Sequence[InScope]) -> list[Indexed]:
        of = {item.id: item for item in articles}
        vectors = self.catalogue.vectors(of)
        passages = self.catalogue.passages(vectors.ids)
        return [
            Indexed(key, vector, of[passages[key].article].outlet, of[passages[key].article].date)
            for key, vector in zip(vectors.ids, vectors.matrix, strict=True)
            if key in passages  # another process may remove an article at any time
        ]

    def nearest(
        self, vector: NDArray[np.float32], n: int, filters: Filters
    ) -> tuple[list[Near], list[Notice]]:
        """The nearest passages: by Chroma where this process owns it and it is sound, else exactly."""
        try:
            index = self._sound()
            if index is not None:
                return index.query(vector, n, filters), []
        except IndexDamaged as damage:
            return self._nearest_exact(vector, n, filters), [Notice("index_damaged", str(damage))]
        return self._nearest_exact(vector, n, filters), []

    def _nearest_exact(self, vector: NDArray[np.float32], n: int, filters: Filters) -> list[Near]:
        held = self.catalogue.vectors(filters=filters)
        if not held.ids:
            return []
        cosines = held.matrix @ vector
        best = np.argsort(-cosines)[:n]
        return [Near(held.ids[i], float(cosines[i])) for i in best]

    def check(self, samples: int = 50) -> list[str]:
        """What is wrong, in plain sentences: the catalogue, ids that differ, vectors that are not found.

        `samples`: stored vectors that are searched for; each must find its own passage. While another
        process owns the index (`owner()` is None), the catalogue alone is checked.
        """
        problems = [f"The catalogue is damaged: {item}" for item in self.catalogue.verify()]
        index = self.owner()
        if index is None:
            return problems
        try:
            self.sync()
            held, stored = index.ids(), self.catalogue.vectors()
            if missing := set(stored.ids) - held:
                problems.append(f"The index lacks {len(missing)} passages that the catalogue has.")
            if extra := held - set(stored.ids):
                problems.append(f"The index has {len(extra)} passages that the catalogue does not have.")
            step = max(1, len(stored.ids) // samples)
            lost = sum(
                1 for i in range(0, len(stored.ids), step) if not _finds_itself(index, stored.matrix[i])
            )
            if lost:
                problems.append(f"{lost} sampled passages are not found by their own vectors.")
        except IndexDamaged as damage:
            problems.append(str(damage))
        return problems

    def rebuild(self, progress: Report | None = None) -> int:
        """Makes the index again from the catalogue; embeds anew where the embedder changed.

        Gives the number of passages embedded. Raises LibraryError when another process has the index.
        """
        if self._embedder is None:
            self._embedder = make_embedder(self.settings)
        if self.owner() is None:
            raise LibraryError(
                "Another program, such as an open chat, has this library's index. Close it, then run "
                "`news-assistant rebuild` again."
            )
        report = progress or _quiet
        with self._adding(report):
            changed = self.catalogue.fact("embedder") not in (None, self._embedder.fingerprint)
            if changed:  # the old vectors go only where there can be new ones
                self._embedder.embed(["a trial"], "passage")
            self.catalogue.start_over(embed=changed, fingerprint=self._embedder.fingerprint)
            done = self._embed_pending(report)
        self.sync()
        return done


def _finds_itself(index: Index, vector: NDArray[np.float32]) -> bool:
    # Copies have the same vector, so the test is the cosine and not the id.
    return any(near.cosine > 0.999 for near in index.query(vector, 3))


def embedding_text(passage: Passage, source: Source) -> str:
    """What is embedded for a passage: outlet and headline in front, since a passage rarely repeats them."""
    heading = ". ".join(part for part in (source.outlet, source.title) if part)
    return f"{heading}\n{passage.text}"


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises EmbedderError or SettingsError."""
    if settings.embedder == "local":
        return LocalEmbedder(threads=settings.threads)
    if settings.api_key is None and settings.base_url is None:
        raise SettingsError(
            "The embedder `openai` needs an endpoint. Set OPENAI_API_KEY or OPENAI_BASE_URL, "
            "or set NEWS_ASSISTANT_EMBEDDER=local."
        )
    return OpenAIEmbedder(
        model=settings.embedding_model,
        api_key=settings.api_key.get_secret_value() if settings.api_key else "unused",
        base_url=settings.base_url,
        timeout=settings.request_timeout,
    )
