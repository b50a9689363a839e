"""A library: the catalogue, the vector index and the embedder together, and the way in.

Adding has two steps. First every article is stored as pending, in the catalogue only. Then all that
is pending is embedded and indexed, window by window. A process that dies in between leaves pending
rows, and the next one that opens the library finishes them; until then they cannot be found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.chroma import IndexDamaged, Server
from assistant.embedding import Embedder, make_embedder
from assistant.errors import EmbedderError, EmbedderMismatch, LibraryError, SettingsError
from assistant.holdings import Removed
from assistant.mirror import Mirror
from assistant.models import Article, Filters, Notice, Progress
from assistant.pipeline import Added, Engine, LocalEngine, Pipeline, Report
from assistant.probe import probe
from assistant.settings import Settings, load
from assistant.stored import Entry, InScope
from assistant.vectors import Index, Near
from assistant.versions import Revision, revision

CATALOGUE, CHROMA = "catalogue.sqlite3", "chroma"


def _quiet(_: Progress) -> None:
    return None


class Library:
    """One library, opened. Safe for threads; use as a context manager or call `close`."""

    def __init__(
        self, catalogue: Catalogue, mirror: Mirror, settings: Settings, embedder: Embedder | None
    ) -> None:
        self.settings, self.catalogue, self._mirror = settings, catalogue, mirror
        self._embedder = embedder
        self._guard = threading.RLock()

    @classmethod
    def open(cls, settings: Settings | str | Path, embedder: Embedder | None = None) -> Library:
        """The library of the settings, made if it is not there. Raises LibraryError or SettingsError.

        A folder stands for the settings of the environment with the library in that folder. Neither Chroma
        nor the embedder is loaded before it is needed.
        """
        if isinstance(settings, str | Path):
            settings = load(library=Path(settings))
        place = where(settings)
        if isinstance(place, Path) and _lost(place):
            raise LibraryError(
                f"The catalogue of the library in {settings.library} is lost: {place.name} is missing or "
                "empty, although an index is there. Restore a backup with `news-assistant restore FILE`; to "
                "begin anew, remove the folder chroma first."
            )
        catalogue = Catalogue(place)
        return cls(catalogue, Mirror(catalogue, _place(settings, catalogue)), settings, embedder)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the catalogue and gives the index free for other processes."""
        self._mirror.close()
        self.catalogue.close()

    @property
    def folder(self) -> Path:
        """Where it keeps what is not in a database or on a server."""
        return self.settings.library

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

    def use(self, settings: Settings) -> None:
        """Other settings from now on, for the same stores; an embedder that they change is made anew."""
        with self._guard:
            if _embeds_as(settings) != _embeds_as(self.settings):
                self._embedder = None
            self.settings = settings

    # Reading.

    def entries(self) -> list[Entry]:
        """Every article that can be found or read, by date."""
        return self.catalogue.entries()

    def article(self, source: str) -> Article:
        """The article with that id. Raises SourceNotFound."""
        return self.catalogue.article(source)

    def newest(self, source: str) -> str | None:
        """The newest version of an article that was replaced; None where it is the newest itself."""
        found: str | None = None
        while later := [entry.replaced_by for entry in self.catalogue.entries([found or source])]:
            if later[0] is None:
                break
            found = later[0]
        return found

    def revision(self, source: str) -> Revision | None:
        """What changed in an article against the version before it, else towards the newest one.

        None where there is no other version. Raises SourceNotFound.
        """
        article = self.article(source)
        if before := self.catalogue.version_before(source):
            return revision(self.article(before), article)
        newest = self.newest(source)
        return revision(article, self.article(newest)) if newest else None

    def outlets(self) -> list[str]:
        """Names of the outlets, sorted."""
        return self.catalogue.outlets()

    def scope(self, filters: Filters) -> list[InScope]:
        """The articles that a question with these filters may look at."""
        return self.catalogue.scope(filters)

    # Writing.

    def add(
        self,
        articles: Iterable[Article],
        progress: Report | None = None,
        engine: Literal["local", "dask"] = "local",
    ) -> Added:
        """Stores, embeds and indexes articles; those that are there already stay unchanged.

        Interrupting it loses nothing that was stored: the next open finishes it.
        """
        report = progress or _quiet
        with self._adding(report):
            fingerprint = self.embedder.fingerprint  # of another embedder: refused before anything is stored
            if self.catalogue.fact("embedder") is None:
                self.catalogue.set_fact("embedder", fingerprint)
            with self._pipeline(report, engine) as pipeline:
                added = pipeline.read(articles)
                pipeline.finish()
        self._try_sync(report)
        return added

    def add_from(
        self,
        *places: str | Path,
        outlet: str | None = None,
        date: str | None = None,
        progress: Report | None = None,
    ) -> Added:
        """Adds what files, folders and web addresses hold; `outlet` and `date` win over what they say.

        What cannot be read is in `refused`, by name, and the rest is added. A date that is
        none leaves the articles undated, with a notice. Raises LibraryError and EmbedderError.
        """
        from assistant.intake import Intake  # brings what fetches from the web

        taken = Intake([str(place) for place in places], outlet, date, self.settings)
        added = self.add(taken.articles(self.catalogue.visits), progress)
        for passed in taken.passed:
            (progress or _quiet)(Progress(passed.text, 0, 0))
        return replace(added, refused=(*taken.refused, *added.refused))

    def finish(self, progress: Report | None = None) -> int:
        """Finishes what an interrupted `add` left; gives the number of passages embedded for it.

        Does nothing while another process is adding: what is pending then is that one's work. Where there
        can be no vectors it says so and leaves it: reading the other articles needs none.
        """
        report = progress or _quiet
        if not self.catalogue.writable or not self.catalogue.ledger.waiting():
            return 0
        try:
            with self.catalogue.adding(wait=False) as mine:
                return self._finish(report) if mine else 0
        except (EmbedderError, LibraryError, SettingsError) as error:
            report(Progress(f"articles that an interrupted `add` left are not finished. {error}", 0, 0))
            return 0

    def remove(self, source: str) -> Removed:
        """Removes an article, and gives what `put_back` needs. Raises SourceNotFound."""
        removed = self.catalogue.remove(source)
        self._try_sync(_quiet)
        return removed

    def put_back(self, removed: Removed) -> bool:
        """Puts a removed article back as it was, without embedding it again.

        False where it is in the library again, and then nothing changes.
        """
        done = self.catalogue.put_back(removed)
        self._try_sync(_quiet)
        return done

    @contextmanager
    def _adding(self, report: Report) -> Iterator[None]:
        with self.catalogue.adding(wait=False) as mine:
            if mine:
                yield
                return
        report(Progress("waiting for another program that is adding articles", 0, 0))
        with self.catalogue.adding(wait=True):
            yield

    @contextmanager
    def _pipeline(self, report: Report, engine: str = "local") -> Iterator[Pipeline]:
        with closing(self._engine(engine)) as opened:
            yield Pipeline(self.catalogue, opened, lambda: self._try_sync(report), report)

    def _engine(self, name: str) -> Engine:
        if name == "local":
            return LocalEngine(self.embedder)
        from assistant.cluster import DaskEngine

        place = self._mirror.place
        if isinstance(place, Path):
            raise SettingsError(
                "--engine dask writes through a Chroma server, since workers cannot share a folder. Start "
                "one with `chroma run`, and set CHROMA_URL to its address."
            )
        return DaskEngine(self.settings, place, self.embedder.fingerprint)

    def _finish(self, report: Report) -> int:
        with self._pipeline(report) as pipeline:
            return pipeline.finish()

    def _try_sync(self, report: Report) -> None:
        # What is in the catalogue is safe and can be found; every search and `check` name the damage.
        try:
            self._mirror.sync()
        except IndexDamaged as damage:
            report(Progress(str(damage), 0, 0))

    # The index.

    def owner(self) -> Index | None:
        """The Chroma index, if this process has it or can have it."""
        return self._mirror.owner()

    def nearest(
        self, vector: NDArray[np.float32], n: int, filters: Filters
    ) -> tuple[list[Near], list[Notice]]:
        """The nearest passages: by Chroma where this process can have it and it is sound, else exactly."""
        return self._mirror.nearest(vector, n, filters)

    def check(self, samples: int = 50, *, careful: bool = False) -> list[str]:
        """What is wrong, in plain sentences: the catalogue, ids that differ, vectors that are not found.

        `samples`: stored vectors that are searched for; each must find its own passage. `careful`: another
        process opens the index first, since a damaged one can end the process that reads it. While another
        process owns the index (`owner()` is None), the catalogue alone is checked.
        """
        problems = [f"The catalogue is damaged: {item}." for item in self.catalogue.verify()]
        index = self.owner()
        mine = careful and index is not None and isinstance(self._mirror.place, Path)
        if mine and (trouble := probe(Path(str(self._mirror.place)))):
            return [*problems, str(trouble)]
        if index is None:
            return problems
        try:
            return problems + self._mirror.compare(index, samples).sentences()
        except IndexDamaged as damage:
            return [*problems, str(damage)]

    def catch_up(self, progress: Report | None = None) -> None:
        """Brings the index in step with the catalogue now and not at the next search; embeds nothing."""
        self._try_sync(progress or _quiet)

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
            with self.catalogue.indexing(wait=True):  # no sync that is under way may note what is dropped
                self.catalogue.ledger.start_over(embed=changed, fingerprint=self._embedder.fingerprint)
            done = self._finish(report)
        self._mirror.sync()
        return done


def _embeds_as(settings: Settings) -> tuple[object, ...]:
    """The settings that make an embedder what it is."""
    if settings.embedder == "local":
        return (settings.embedder, settings.threads)
    return (settings.embedding_model, settings.base_url, settings.api_key, settings.request_timeout)


def where(settings: Settings) -> Path | str:
    """What the catalogue of the settings opens: a file in the library's folder, or a database. Raises
    LibraryError."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    folder = settings.library
    if _bytes(folder) is not None:
        raise LibraryError(f"{folder} is a file, not a library folder. Name a folder with --library.")
    return folder / CATALOGUE


def _lost(file: Path) -> bool:
    return not _bytes(file) and _bytes(file.parent / CHROMA / "chroma.sqlite3") is not None


def _bytes(file: Path) -> int | None:
    """The size of a file; None where there is none, or where it may not be looked at."""
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None


def exists(settings: Settings) -> bool:
    """Whether there is a library; one in a database always is, or is made."""
    place = where(settings)
    return not isinstance(place, Path) or _bytes(place) is not None or _lost(place)


def _place(settings: Settings, catalogue: Catalogue) -> Path | Server:
    if settings.chroma_url is None:
        return settings.library / CHROMA
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return Server(
        settings.chroma_url,
        settings.chroma_collection,
        catalogue.identity(),
        token,
        settings.chroma_tenant,
        settings.chroma_database,
    )
