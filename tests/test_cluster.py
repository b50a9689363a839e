"""Embedding over a Dask cluster: the same library as embedded here, also when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import cluster
from assistant.errors import SettingsError
from assistant.library import Library
from assistant.models import Article, Progress
from assistant.settings import Settings
from tests.conftest import CORPUS
from tests.fakes import article
from tests.stocking import articles as loaded

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")


@pytest.fixture
def shared(settings: Settings, servers: tuple[str, str], tmp_path: Path) -> Settings:
    """A library in a folder, with its index on a server."""
    name = f"t{abs(hash(tmp_path))}"
    return settings.model_copy(update={"chroma_url": servers[1], "chroma_collection": name})


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Article], dict[str, Any]]]:
    """Articles, and the rows of a library that was embedded here."""
    settings = Settings(library=tmp_path_factory.mktemp("plain") / "library", threads=2)
    given = [*loaded(CORPUS / "interview", settings=settings), *(article(number) for number in range(20))]
    with Library.open(settings) as library:
        library.add(given)
        yield given, rows(library)


def rows(library: Library) -> dict[str, Any]:
    """Every passage with its text, its article and its vector."""
    held = library.catalogue.vectors()
    passages = library.catalogue.passages(held.ids)
    return {
        key: (passages[key].article, passages[key].start, passages[key].text, vector)
        for key, vector in zip(held.ids, held.matrix, strict=True)
    }


def assert_same(library: Library, expected: dict[str, Any]) -> None:
    found = rows(library)
    assert found.keys() == expected.keys()
    for key, (*facts, vector) in found.items():
        assert facts == list(expected[key][:-1])
        assert np.allclose(vector, expected[key][-1], atol=1e-5)
    assert library.check(samples=10_000) == []
    index = library.owner()
    assert index is not None and index.ids() == set(expected)


def test_a_cluster_gives_the_library_that_this_machine_gives(
    some: tuple[list[Article], dict[str, Any]], shared: Settings
) -> None:
    given, expected = some
    with Library.open(shared) as library:
        added = library.add(given, engine="dask")
        assert len(added.added) == len(given)
        assert_same(library, expected)


def test_a_worker_that_is_killed_changes_nothing(
    some: tuple[list[Article], dict[str, Any]], shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, expected = some
    monkeypatch.setattr(cluster.DaskEngine, "window", 8)
    killed: list[int] = []
    opened: list[cluster.DaskEngine] = []
    connect = cluster.DaskEngine._connect

    def watched(self: cluster.DaskEngine) -> Any:
        opened.append(self)
        return connect(self)

    monkeypatch.setattr(cluster.DaskEngine, "_connect", watched)

    def kill(progress: Progress) -> None:
        if progress.stage == "embedding" and not killed and 0 < progress.done < len(expected) / 2:
            workers = opened[0]._client.run(os.getpid)
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    with Library.open(shared) as library:
        library.add(given, kill, engine="dask")
        assert len(killed) == 1
        assert_same(library, expected)


def test_a_cluster_needs_a_server_and_an_address_that_answers(
    settings: Settings, shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(settings) as library, pytest.raises(SettingsError, match=r"chroma run.*CHROMA_URL"):
        library.add([article(1)], engine="dask")
    monkeypatch.setattr(cluster, "_WAIT_SECONDS", 1)
    nowhere = shared.model_copy(update={"scheduler": "tcp://127.0.0.1:9"})
    with Library.open(nowhere) as library, pytest.raises(SettingsError, match=r"tcp.*dask scheduler"):
        library.add([article(1)], engine="dask")
