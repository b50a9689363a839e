"""Whoever is killed and whoever else is writing: the next start finishes, and every article is there once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.catalogue import Catalogue
from assistant.embedding import LocalEmbedder
from assistant.errors import LibraryError
from assistant.ledger import Ledger
from assistant.library import Library, where
from assistant.loading import load
from assistant.models import Article
from assistant.settings import Settings
from assistant.splitting import split
from assistant.vectors import Index
from tests.fakes import CHILDREN, FakeEmbedder, article, articles, complete, near, opened, whole_so_far
from tests.servers import stores_in_environment

# --- killed at a known point ----------------------------------------------------------------------


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work_and_die(settings: Settings, work: str, where: tuple[type, str, int, bool]) -> None:
    """Runs a piece of work on the library and kills itself at a call of a method, before or after it."""
    owner, name, number, after = where
    method: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def patched(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and not after:
            die()
        result = method(*given, **named)
        if calls == number:
            die()
        return result

    setattr(owner, name, patched)
    with opened(settings, "fake two" if work == "embed anew" else "fake one") as library:
        if work == "add":
            library.add(articles(8))
        elif work == "remove":
            library.remove(article(3).id)
        else:
            library.rebuild()


BEFORE, AFTER = False, True


@pytest.mark.parametrize(
    ("work", "owner", "name", "number", "after"),
    [
        ("add", Catalogue, "insert", 4, BEFORE),
        ("add", Catalogue, "insert", 4, AFTER),
        ("add", FakeEmbedder, "embed", 1, BEFORE),
        ("add", Ledger, "store", 1, BEFORE),
        ("add", Index, "add", 1, BEFORE),
        ("add", Ledger, "set_indexed", 1, BEFORE),
        ("add", Ledger, "set_indexed", 1, AFTER),
        ("remove", Catalogue, "remove", 1, BEFORE),
        ("remove", Index, "remove", 1, BEFORE),
        ("remove", Ledger, "clear_orphans", 1, BEFORE),
        ("remove", Ledger, "clear_orphans", 1, AFTER),
        ("rebuild", Ledger, "start_over", 1, BEFORE),
        ("rebuild", Index, "drop", 1, BEFORE),
        ("rebuild", Index, "drop", 1, AFTER),
        ("rebuild", Index, "add", 1, AFTER),
        ("embed anew", Ledger, "start_over", 1, BEFORE),
        ("embed anew", FakeEmbedder, "embed", 2, BEFORE),
        ("embed anew", Ledger, "store", 1, BEFORE),
        ("embed anew", Index, "drop", 1, BEFORE),
        ("embed anew", Ledger, "set_indexed", 1, BEFORE),
    ],
)
def test_what_a_kill_leaves_is_finished_by_the_next_start(
    settings: Settings, work: str, owner: type, name: str, number: int, after: bool
) -> None:
    if work != "add":
        with opened(settings) as library:
            library.add(articles(8))
    child = CHILDREN.Process(target=work_and_die, args=(settings, work, (owner, name, number, after)))
    child.start()
    child.join(240)
    assert child.exitcode == -signal.SIGKILL
    anew = work == "embed anew" and (name, after) != ("start_over", False)
    with opened(settings, "fake two" if anew else "fake one") as library:
        whole_so_far(library.catalogue)
        if (owner, name) == (Index, "add") and not settings.chroma_url:  # the next owner has to know it
            assert library.catalogue.fact("index") == "writing"
        library.finish()
        whole_so_far(library.catalogue)
        everything = articles(8)
        if work == "remove" and (owner, name) != (Catalogue, "remove"):
            everything.remove(article(3))
        elif name == "insert":
            everything = everything[: 4 if after else 3]
        complete(library, everything)


# --- killed at any moment -------------------------------------------------------------------------

KILLS = 5


@dataclass(frozen=True)
class Corpus:
    """A folder of short articles, what it holds, and the seconds from its library's start to its end."""

    folder: Path
    articles: list[Article]
    seconds: float
    embedder: LocalEmbedder


def add_by_command(settings: Settings, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "assistant", "--library", str(settings.library), "add", str(folder)]
    environment = os.environ | stores_in_environment(settings)
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )


def wait_for_library(library: Path) -> float:
    """The time at which the library's file appeared: what was before is importing."""
    end = time.monotonic() + 240
    while not (library / "catalogue.sqlite3").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return time.monotonic()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(40):
        text = f"Ship {number} came into harbour {number % 7} with {number * 13} crates. It left at once."
        head = f"---\noutlet: Paper {number % 3}\n---\n# Ship {number}"
        (folder / f"{number}.md").write_text(f"{head}\n\n{text}\n")
    library = folder.parent / "first"
    first = add_by_command(Settings(library=library), folder)
    started = wait_for_library(library)
    output, _ = first.communicate(timeout=240)
    assert first.returncode == 0, output
    seconds = time.monotonic() - started
    items = [item for item in load([folder], settings=Settings()) if isinstance(item, Article)]
    return Corpus(folder, items, seconds, LocalEmbedder(threads=2))


@pytest.mark.parametrize("turn", range(KILLS))
def test_an_add_killed_at_any_moment_is_finished_by_the_next_start(
    corpus: Corpus, settings: Settings, turn: int
) -> None:
    if settings.database_url and turn % 2:
        pytest.skip("on servers every other moment: nothing of theirs is killed")
    # Spread over the run; later runs are faster than the first, which read every file from the disk.
    moment = corpus.seconds * 0.8 * (turn + random.Random(turn).random()) / KILLS
    child = add_by_command(settings, corpus.folder)
    try:
        # On servers it is there from the start, since opening it makes it; what is killed then is younger.
        started = time.monotonic() if settings.database_url else wait_for_library(settings.library)
        watched = Catalogue(where(settings))
        while time.monotonic() - started < moment:
            whole_so_far(watched)
            time.sleep(0.02)
        watched.close()
    finally:
        child.kill()
        child.communicate()
    with Library.open(settings, corpus.embedder) as library:
        left = library.catalogue.ledger.waiting()
        assert library.finish() == left
        whole_so_far(library.catalogue)
        assert {entry.source.id for entry in library.entries()} <= {item.id for item in corpus.articles}
        assert library.check(samples=10_000) == []
        library.add(corpus.articles)
        complete(library, corpus.articles)


# --- several processes ----------------------------------------------------------------------------


def add_and_search(settings: Settings, first: int, count: int, results: Any) -> None:
    """Adds articles and says whether this process owns the index and which of them it cannot find."""
    try:
        with opened(settings) as library:
            library.add(articles(count, first))
            lost = [item.id for item in articles(count, first) if near(library, item) != {item.id}]
            results.put((library.owner() is not None, lost))
    except BaseException as error:
        results.put(repr(error))


def test_the_owner_finds_what_another_process_adds_and_so_does_that_process(settings: Settings) -> None:
    results = CHILDREN.Queue()
    with opened(settings) as library:
        library.add(articles(3))
        complete(library, articles(3))
        child = CHILDREN.Process(target=add_and_search, args=(settings, 3, 20, results))
        child.start()
        assert results.get(timeout=240) == (settings.chroma_url is not None, [])
        child.join()
        assert near(library, article(20)) == {article(20).id}
        complete(library, articles(23))


def test_adding_at_once_from_two_processes_ends_complete(settings: Settings) -> None:
    results = CHILDREN.Queue()
    both = [CHILDREN.Process(target=add_and_search, args=(settings, i, 25, results)) for i in (0, 15)]
    for child in both:
        child.start()
    assert [results.get(timeout=240)[1] for _ in both] == [[], []]
    for child in both:
        child.join()
    with opened(settings) as library:
        complete(library, articles(40))


def own(settings: Settings, ready: Any) -> None:
    with opened(settings) as library:
        library.add(articles(3))
        ready.set()
        time.sleep(600)


@pytest.fixture
def owner(settings: Settings) -> Iterator[Any]:
    """Another process that has the index and does nothing."""
    ready = CHILDREN.Event()
    child = CHILDREN.Process(target=own, args=(settings, ready))
    child.start()
    assert ready.wait(240)
    yield child
    child.kill()
    child.join()


@pytest.mark.folder_only
def test_beside_an_owner_everything_but_the_index_can_be_used(settings: Settings, owner: Any) -> None:
    with opened(settings) as library:
        assert library.owner() is None and near(library, article(1)) == {article(1).id}
        library.add(articles(2, 3))
        library.remove(article(0).id)
        assert near(library, article(0)) == set() and near(library, article(4)) == {article(4).id}
        assert library.owner() is None and library.check() == []  # the catalogue alone
        with pytest.raises(LibraryError, match=r"Close it, then run `news-assistant rebuild`"):
            library.rebuild()
        owner.kill()
        owner.join()
        complete(library, articles(4, 1))  # it has taken the index over, with all that was not in it


def test_what_another_process_is_adding_is_left_to_it(settings: Settings) -> None:
    with opened(settings) as library:
        library.catalogue.insert(article(1), split(article(1)))
        with opened(settings) as other, other.catalogue.adding(wait=True):
            assert library.finish() == 0 and not library.entries()
        assert library.finish() > 0 and len(library.entries()) == 1


def test_rebuilding_waits_for_an_add_that_uses_the_old_embedder(settings: Settings) -> None:
    with opened(settings, "fake one") as library:
        library.add(articles(2))
    adding, seen, said = threading.Event(), [], []

    def add() -> None:
        with opened(settings, "fake one") as other, other.catalogue.adding(wait=True):
            adding.set()
            time.sleep(0.5)
            seen.append(other.catalogue.fact("embedder"))

    with opened(settings, "fake two") as library:
        assert library.owner() is not None
        thread = threading.Thread(target=add)
        thread.start()
        adding.wait(60)
        library.rebuild(lambda progress: said.append(progress.stage))
        thread.join()
        assert seen == ["fake one"] and said[0].startswith("waiting for another program")
        complete(library, articles(2))


def test_one_library_may_be_used_by_several_threads(settings: Settings) -> None:
    trouble: list[str] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 4):
                library.add([article(number)])
                assert near(library, article(number)) == {article(number).id}
            library.remove(article(first).id)
        except BaseException as error:
            trouble.append(repr(error))

    with opened(settings) as library:
        threads = [threading.Thread(target=work, args=(first,)) for first in (0, 10, 20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not trouble
        complete(library, [article(first + i) for first in (0, 10, 20) for i in (1, 2, 3)])
