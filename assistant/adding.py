"""Adding beside the page: one adding at a time for a library, which whoever looks sees and can stop.

It has a thread of its own, so that a reader who goes to another page, or closes it, stops nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from assistant.errors import AssistantError, InputRefused
from assistant.library import Library
from assistant.models import Article, PassedOver, Progress
from assistant.progress import Pace, describe, share
from assistant.settings import Settings

Item = Article | InputRefused | PassedOver
_LOG = logging.getLogger(__name__)
_TURN = 0.5  # seconds between two looks at whether another program still adds


class _Stopped(Exception):
    """The reader has had enough."""


@dataclass
class Outcome:
    """What an adding did. `read`: articles that came, all of them where `whole`;
    `embedding`: it was to embed everything anew."""

    added: int = 0
    unchanged: int = 0
    finished: int = 0
    read: int = 0
    whole: bool = False
    embedding: bool = False
    refused: list[InputRefused] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    stopped: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What an interrupted adding left; `elsewhere` where another program is at it now."""

    passages: int
    articles: int
    elsewhere: bool


class Adding:
    """The addings to one library. Safe for threads."""

    def __init__(self, library: Library, ending: Callable[[], bool] = lambda: False) -> None:
        """`ending`: whether the program is about to end, for which an adding stops too."""
        self.library, self._ending = library, ending
        self.outcome: Outcome | None = None
        """Of the last one that began; it is filled while that one lasts."""
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress = Progress("reading", 0, 0)
        self._pace = Pace()

    @property
    def running(self) -> bool:
        """Whether something is being added."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop and has not yet."""
        return self.running and self._stop.is_set()

    def add(self, items: Iterable[Item]) -> bool:
        """Begins to add; False where an adding is under way, and then nothing is begun."""

        def work(outcome: Outcome) -> None:
            done = self.library.add(self._articles(items, outcome), self._note)
            outcome.added, outcome.unchanged = len(done.added), len(done.unchanged)
            outcome.refused += done.refused

        return self._begin(work)

    def finish(self) -> bool:
        """Begins to finish what an interrupted adding left; False as for `add`."""

        def work(outcome: Outcome) -> None:
            outcome.whole = True
            outcome.finished = self.library.finish(self._note)

        return self._begin(work)

    def embed_anew(self) -> bool:
        """Begins to make the index again, with new vectors where the embedder changed; False as for `add`."""

        def work(outcome: Outcome) -> None:
            outcome.whole = outcome.embedding = True
            outcome.finished = self.library.rebuild(self._note)

        return self._begin(work)

    def use(self, settings: Settings) -> bool:
        """Uses other settings from now on; False, and nothing changed, while something is being added."""
        with self._guard:
            if self.running:
                return False
            self.library.use(settings)
            return True

    def stop(self) -> None:
        """Asks it to stop: it does after the article or the slice of passages at hand."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, for which it waits so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.running

    def close(self) -> None:
        """Stops it, waits for it, and closes the library."""
        self.stop()
        if self._thread is not None:
            self._thread.join()
        self.library.close()

    def said(self) -> tuple[str, float | None]:
        """What is being done, in words, and how much of it is done, 0 to 1, where that is known."""
        with self._guard:
            return describe(self._progress, self._pace.rate(time.monotonic())), share(self._progress)

    def left(self) -> Left | None:
        """What is not finished, None where nothing is. Not to be asked while something is being added."""
        catalogue = self.library.catalogue
        passages = catalogue.ledger.waiting()
        if not passages:
            return None
        elsewhere = False
        if catalogue.writable:
            with catalogue.adding(wait=False) as free:
                elsewhere = not free
        return Left(passages, catalogue.ledger.unfinished(), elsewhere)

    # In its own thread.

    def _begin(self, work: Callable[[Outcome], None]) -> bool:
        with self._guard:
            if self.running:
                return False
            self._stop.clear()
            self._pace, self._progress = Pace(), Progress("reading", 0, 0)
            self.outcome = outcome = Outcome()
            self._thread = threading.Thread(
                target=self._run, args=(work, outcome), daemon=True, name="adding"
            )
            self._thread.start()
            return True

    def _run(self, work: Callable[[Outcome], None], outcome: Outcome) -> None:
        try:
            self._await_turn()
            work(outcome)
        except _Stopped:
            outcome.stopped = True
        except AssistantError as error:
            outcome.error = str(error)
        except Exception as error:
            _LOG.exception("Adding failed")
            outcome.error = (
                f"Adding failed in a way that was not foreseen ({type(error).__name__}). What was stored is "
                "kept; the terminal of the chat has the details."
            )

    def _await_turn(self) -> None:
        """Waits for another program that adds, as the library itself would, but can be stopped."""
        while self.library.catalogue.writable:
            with self.library.catalogue.adding(wait=False) as free:
                if free:
                    return
            self._note(Progress("waiting for another program that is adding articles", 0, 0))
            self._stop.wait(_TURN)

    def _note(self, progress: Progress) -> None:
        with self._guard:
            self._progress = progress
            self._pace.note(progress, time.monotonic())
        self._check()

    def _check(self) -> None:
        if self._stop.is_set() or self._ending():
            raise _Stopped

    def _articles(self, items: Iterable[Item], outcome: Outcome) -> Iterator[Article]:
        for item in items:
            self._check()
            if isinstance(item, InputRefused):
                outcome.refused.append(item)
            elif isinstance(item, PassedOver):
                outcome.passed.append(item)
            else:
                outcome.read += 1
                yield item
        outcome.whole = True
