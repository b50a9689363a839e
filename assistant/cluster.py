"""`add --engine dask`: embedding and writing to the Chroma server on the workers of a Dask cluster.

The caller reads articles into the catalogue as ever and sends windows of passages. A worker embeds a
window, writes it to the Chroma server, and gives the vectors back, which the caller stores; only then does an
article count as whole. A window that is sent again, since its worker died, does no harm: its passages have
the same ids and the same vectors, and the index skips what it holds.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.chroma import IndexDamaged, Server
from assistant.embedding import Embedder, make_embedder
from assistant.errors import AssistantError, EmbedderMismatch, SettingsError
from assistant.pipeline import Matrix, Window, embedding_text
from assistant.settings import Settings
from assistant.vectors import Entry, Index

_WINDOW = 256  # passages of a task: some seconds of work, which a worker that dies loses
_WAIT_SECONDS = 60  # for the first worker to appear


@dataclass(frozen=True, slots=True)
class Task:
    """A window for a worker: what it embeds, and what the index holds beside the vectors."""

    texts: tuple[str, ...]
    passages: tuple[str, ...]
    outlets: tuple[str | None, ...]
    dates: tuple[str | None, ...]


class DaskEngine:
    """The workers of a cluster: the scheduler that the settings name, else two or more of this machine."""

    window = _WINDOW
    writes = True

    def __init__(self, settings: Settings, server: Server, fingerprint: str) -> None:
        """Raises SettingsError where no cluster is to be had. `fingerprint`: of the library's vectors."""
        self._settings, self._server, self._fingerprint = settings, server, fingerprint
        self._embedded = 0
        # What workers need, and no password of a database.
        self._sent = settings.model_copy(
            update={
                "database_url": None,
                "api_key": settings.api_key if settings.embedder == "openai" else None,
            }
        )
        self._cluster: Any = None
        self._client = self._connect()
        self.depth = 2 * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def submit(self, window: Window) -> Future[Matrix]:
        """See `Engine.submit`."""
        task = Task(
            tuple(embedding_text(*item) for item in window),
            tuple(passage.id for passage, _ in window),
            tuple(source.outlet for _, source in window),
            tuple(source.date for _, source in window),
        )
        result: Future[Matrix] = Future()
        sent = self._client.submit(
            embed_and_index, task, self._sent, self._server, self._fingerprint, pure=False
        )

        def done(finished: Any) -> None:
            try:
                vectors = finished.result()
            except AssistantError as error:
                result.set_exception(error)
                return
            except BaseException as error:  # also a cancellation, which is no Exception
                result.set_exception(_lost(error))
                return
            self._embedded += len(window)
            result.set_result(vectors)

        sent.add_done_callback(done)
        return result

    def embedded(self) -> int:
        """See `Engine.embedded`: whole windows."""
        return self._embedded

    def close(self) -> None:
        """See `Engine.close`."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _connect(self) -> Any:
        try:
            from distributed import Client, LocalCluster
        except ModuleNotFoundError as error:
            raise SettingsError(
                "--engine dask needs Dask, which is not installed. Install news-assistant[cluster], or leave "
                "--engine out."
            ) from error
        logging.getLogger("distributed").setLevel(logging.ERROR)
        address = self._settings.scheduler
        name = address or "of this machine"
        try:
            if address is None:
                self._cluster = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=max(2, self._settings.threads),
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs=logging.ERROR,
                )
            client: Any = Client(  # type: ignore[no-untyped-call]
                address or self._cluster, timeout=_WAIT_SECONDS
            )
            with suppress(TimeoutError):
                client.wait_for_workers(1, timeout=_WAIT_SECONDS)
                return client
            client.close()
            raise SettingsError(f"The Dask scheduler {name} has no workers. Start some with `dask worker`.")
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"The Dask scheduler {name} does not answer ({type(error).__name__}). Start it "
                "with `dask scheduler`, check NEWS_ASSISTANT_SCHEDULER, or leave --engine out."
            ) from error


def embed_and_index(task: Task, settings: Settings, server: Server, fingerprint: str) -> Matrix:
    """On a worker: embeds the passages of a task and writes them to the index; gives their vectors.

    Raises EmbedderMismatch where the worker's embedder is not the library's.
    """
    embedder = _embedder(settings)
    if embedder.fingerprint != fingerprint:
        raise EmbedderMismatch(
            f"A worker has the embedder {embedder.fingerprint}, and the library was made with {fingerprint}. "
            "Install the same version of the assistant on every worker."
        )
    vectors = embedder.embed(task.texts, "passage")
    with suppress(IndexDamaged):  # whoever adds writes what is not there, and says what is wrong
        _index(server).add(_entries(task, vectors))
    return vectors


def _lost(error: BaseException) -> SettingsError:
    return SettingsError(
        f"The Dask cluster gave up a part of the work ({type(error).__name__}). What was stored is kept: see "
        "that the scheduler and its workers run, then run the command again, or leave --engine out."
    )


def _entries(task: Task, vectors: Matrix) -> Sequence[Entry]:
    rows = zip(task.passages, vectors, task.outlets, task.dates, strict=True)
    return [Entry(passage, vector, outlet, date) for passage, vector, outlet, date in rows]


@lru_cache(maxsize=1)
def _index(server: Server) -> Index:
    return Index.connect(server)


_EMBEDDERS: dict[str, Embedder] = {}


def _embedder(settings: Settings) -> Embedder:
    # One for a worker's life; a worker has one thread, and so has its embedder.
    key = settings.model_dump_json(include={"embedder", "embedding_model", "base_url"})
    if key not in _EMBEDDERS:
        _EMBEDDERS[key] = make_embedder(settings.model_copy(update={"threads": 1}))
    return _EMBEDDERS[key]
