"""What every test gets: no network but loopback, a clean environment, and shared material."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings

from assistant.library import Library
from assistant.settings import Settings
from tests.servers import chroma, own_schema, postgres
from tests.stocking import stocked_once

pytest_plugins = ["tests.pages"]

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"
SEEDS = SHARED / "seeds"

os.environ["LANGSMITH_TRACING"] = "false"
_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


def _check(host: Any) -> None:
    if host in (None, "", b"", "localhost", b"localhost"):
        return
    try:
        local = ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkUsed(f"a test tried to reach {host!r}; only loopback is allowed")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX:
        _check(address[0])
    _connect(self, address)


def _guarded_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
    _check(host)
    return _getaddrinfo(host, *rest, **named)


# The files that take longest, first: a worker that began one of them last would keep the others waiting.
SLOW = (
    "toolserver browser_path browser undo compare docs app corpus drafts recovery cli answering retrieval llm"
).split()


def pytest_configure() -> None:
    """One set of drawn examples for the suite, another at each search.

    The suite draws the same ones everywhere and every time: a failure is then of the change at hand and not
    of luck, and what passed here passes where it lands. Looking for new failures is a command of its own:
    `make test ARGS="--hypothesis-profile=explore --hypothesis-seed=N tests/test_traps.py"`.
    """
    hypothesis_settings.register_profile("suite", derandomize=True, database=None, deadline=None)
    hypothesis_settings.register_profile("explore", derandomize=False, print_blob=True, deadline=None)
    hypothesis_settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {f"test_{name}": number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)


SETTINGS = ("NEWS_ASSISTANT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "CHROMA_", "DATABASE_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(
            ("NEWS_ASSISTANT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "CHROMA_", "DATABASE_")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGSMITH_TRACING", "false")


# Every test of these runs twice: over the stores of a folder, and over those that machines share.
SHARED_STORES = "backup catalogue copies intake library listing recovery shared undo".split()
BOTH_STORES = {f"test_{name}" for name in SHARED_STORES}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stores" in metafunc.fixturenames and metafunc.module.__name__.split(".")[-1] in BOTH_STORES:
        both = not list(metafunc.definition.iter_markers("folder_only"))
        metafunc.parametrize("stores", ["folder", "servers"] if both else ["folder"], indirect=True)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of a Chroma server and of a PostgreSQL."""
    folder = tmp_path_factory.mktemp("servers")
    with postgres() as database:
        if database is None:
            pytest.skip("PostgreSQL is not installed, and TEST_DATABASE_URL is not set")
        with chroma(folder / "chroma") as index:
            yield database, index


@pytest.fixture
def stores(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Settings of where a library keeps what it holds: in its folder, or a database and a collection."""
    if getattr(request, "param", "folder") == "folder":
        yield {}
        return
    database, index = request.getfixturevalue("servers")
    name = f"t{uuid4().hex[:16]}"
    with own_schema(database, name) as address:
        yield {"database_url": address, "chroma_url": index, "chroma_collection": name}


@pytest.fixture
def settings(tmp_path: Path, stores: dict[str, Any]) -> Settings:
    """Settings of a library that is not there yet."""
    return Settings(library=tmp_path / "library", threads=1, **stores)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The example library; tests that change a library make their own."""
    folder = stocked_once(tmp_path_factory, "example", CORPUS / "interview", CORPUS / "harbour")
    with Library.open(Settings(library=folder, threads=2)) as library:
        yield library


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The two articles of the founding example, where they are."""
    if not SEEDS.is_dir():
        pytest.skip("the seed articles are not beside this checkout (../shared/seeds)")
    folder = stocked_once(tmp_path_factory, "seeds", SEEDS)
    with Library.open(Settings(library=folder, threads=2)) as library:
        yield library
