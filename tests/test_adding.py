"""An adding beside the page: one at a time, stopped without loss, and its failures are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.adding import Adding
from assistant.errors import EmbedderMismatch
from assistant.models import Article
from assistant.settings import Settings
from tests import fakes


@pytest.fixture
def adding(settings: Settings) -> Iterator[Adding]:
    made = Adding(fakes.opened(settings))
    yield made
    made.close()


class Slow:
    """Articles, the fourth of which does not come before it is let go."""

    def __init__(self, count: int = 10) -> None:
        self.reached, self.go = threading.Event(), threading.Event()
        self.count = count

    def __iter__(self) -> Iterator[Article]:
        for number, item in enumerate(fakes.articles(self.count)):
            if number == 3:
                self.reached.set()
                assert self.go.wait(30)
            yield item


def test_one_adding_at_a_time(adding: Adding) -> None:
    slow = Slow()
    assert adding.add(slow) and slow.reached.wait(30) and adding.running
    assert not adding.add(fakes.articles(2)) and not adding.finish()
    slow.go.set()
    assert adding.wait(30) and adding.outcome is not None
    assert (adding.outcome.added, adding.outcome.whole, adding.outcome.stopped) == (10, True, False)
    assert adding.add(fakes.articles(3, start=9)) and adding.wait(30)
    assert (adding.outcome.added, adding.outcome.unchanged) == (2, 1)


def test_what_was_stored_before_a_stop_is_kept_and_can_be_finished(adding: Adding) -> None:
    slow = Slow()
    assert adding.add(slow) and slow.reached.wait(30)
    adding.stop()
    slow.go.set()
    assert adding.wait(30) and adding.outcome is not None
    assert adding.outcome.stopped and not adding.outcome.whole and adding.outcome.read == 3
    left = adding.left()
    assert left is not None and (left.articles, left.passages, left.elsewhere) == (3, 9, False)
    assert adding.finish() and adding.wait(30) and adding.outcome.finished == 9
    assert adding.left() is None
    fakes.complete(adding.library, fakes.articles(3))


def test_the_end_of_the_program_stops_it_too(settings: Settings) -> None:
    ending, slow = threading.Event(), Slow()
    adding = Adding(fakes.opened(settings), ending.is_set)
    assert adding.add(slow) and slow.reached.wait(30)
    ending.set()
    slow.go.set()
    assert adding.wait(30) and adding.outcome is not None and adding.outcome.stopped
    adding.close()


def test_everything_is_embedded_anew_with_another_embedder(settings: Settings) -> None:
    with fakes.opened(settings, "another one") as library:
        library.add(fakes.articles(3))
    adding = Adding(fakes.opened(settings))
    assert adding.embed_anew() and adding.wait(30) and adding.outcome is not None
    assert (adding.outcome.finished, adding.outcome.embedding, adding.outcome.error) == (9, True, None)
    fakes.complete(adding.library, fakes.articles(3))
    adding.close()


def test_other_settings_hold_once_nothing_is_added(settings: Settings) -> None:
    adding, slow = Adding(fakes.opened(settings)), Slow()
    other = settings.model_copy(update={"retries": 7})
    assert adding.add(slow) and slow.reached.wait(30) and not adding.use(other)
    slow.go.set()
    assert adding.wait(30) and adding.use(other) and adding.library.settings.retries == 7
    assert adding.library.embedder.name == "fake one", "an embedder that nothing changed is kept"
    local = other.model_copy(update={"embedder": "openai", "base_url": "http://127.0.0.1:1/v1"})
    assert adding.use(local)
    with pytest.raises(EmbedderMismatch, match="text-embedding-3-small"):
        _ = adding.library.embedder
    adding.close()


def test_a_failure_that_nobody_foresaw_is_told_and_ends_nothing_else(adding: Adding) -> None:
    def failing() -> Iterator[Article]:
        yield fakes.article(1)
        raise RuntimeError("the disk hums")

    assert adding.add(failing()) and adding.wait(30) and adding.outcome is not None
    assert "RuntimeError" in (adding.outcome.error or "") and "kept" in (adding.outcome.error or "")
    assert adding.add(fakes.articles(2)) and adding.wait(30) and adding.outcome.error is None
    assert len(adding.library.entries()) == 2
