"""Asking beside the page: each question has a thread of its own, and its answer is saved when it is there.

A reader who clicks elsewhere, reloads the page or closes it stops nothing; `stop` does, and keeps what there
is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.answering import Step, Text, ask
from assistant.errors import AssistantError, HistoryError
from assistant.history import History
from assistant.library import Library
from assistant.models import Filters, Turn
from assistant.provenance import provenance
from assistant.saved import Exchange, Record
from assistant.settings import Settings

_LOG = logging.getLogger(__name__)
_SAVED_EVERY = 2.0  # seconds between two savings of what a model has written so far
_EARLIER = 4  # questions before this one that it is read with
_STOPPED = "Stopped before it was compared."
_ENDED = "The chat was ended before there was an answer. Ask again."


@dataclass
class Job:
    """A question that is being answered: what is done, and what a model has written, unchecked.

    Claims that are compared together are stopped together.
    """

    exchange: str
    question: str
    filters: Filters
    stopping: threading.Event
    steps: list[Step] = field(default_factory=list)
    partial: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Asks for what there is by now; whole sentences of a model are kept and checked."""
        self.stopping.set()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, for which it waits so long at most."""
        return self.ended.wait(seconds)


class Asking:
    """The questions that are being answered from one library. Safe for threads."""

    def __init__(
        self, library: Library, history: History, ending: Callable[[], bool] = lambda: False
    ) -> None:
        """Questions that a program left without an answer when it ended are marked as interrupted.

        `ending`: whether the program is about to end, for which nothing waits. Raises HistoryError.
        """
        self.library, self.history, self._ending = library, history, ending
        self._guard = threading.Lock()
        self._jobs: dict[str, Job] = {}
        history.left_running("interrupted", _ENDED)

    def begin(self, conversation: str, question: str, filters: Filters, settings: Settings) -> Job:
        """Saves the question and begins to answer it, read with what was asked before in the conversation.

        Raises HistoryError where it cannot be saved.
        """
        earlier = self._earlier(conversation)
        exchange = self.history.begin(conversation, question, filters)
        return self._start([(exchange, question, filters)], settings, earlier)[0]

    def compare(
        self, conversation: str, claims: Sequence[str], filters: Filters, settings: Settings
    ) -> list[Job]:
        """Saves claims and begins to ask one after the other, each by itself. Raises HistoryError."""
        asked = [(self.history.begin(conversation, claim, filters), claim, filters) for claim in claims]
        return self._start(asked, settings)

    def again(self, exchanges: Sequence[Exchange], settings: Settings) -> list[Job]:
        """Asks once more what got no answer, each by itself. Raises HistoryError."""
        for exchange in exchanges:
            self.history.resumed(exchange.id)
        return self._start([(item.id, item.question, item.filters) for item in exchanges], settings)

    def _start(
        self, asked: Sequence[tuple[str, str, Filters]], settings: Settings, earlier: Sequence[Turn] = ()
    ) -> list[Job]:
        """One thread for all: the models of one process are best used by one question at a time."""
        stopping = threading.Event()
        jobs = [Job(exchange, question, filters, stopping) for exchange, question, filters in asked]
        with self._guard:
            self._jobs |= {job.exchange: job for job in jobs}
        threading.Thread(target=self._run, args=(jobs, settings, earlier), daemon=True, name="asking").start()
        return jobs

    def job(self, exchange: str) -> Job | None:
        """The job of a question that is being answered."""
        with self._guard:
            return self._jobs.get(exchange)

    def close(self) -> None:
        """Stops what is being answered and waits for it."""
        with self._guard:
            jobs = list(self._jobs.values())
        for job in jobs:
            job.stop()
        for job in jobs:
            job.wait(5)
        self.history.close()

    def _earlier(self, conversation: str) -> list[Turn]:
        """What was asked and answered before, for reading a follow-up question."""
        heads = [item for item in self.history.exchanges(conversation) if item.state != "running"][-_EARLIER:]
        whole = [self.history.exchange(head.id) for head in heads]
        return [
            Turn(item.question, " ".join(sentence.text for sentence in item.record.answer.summary))
            for item in whole
            if item and item.record
        ]

    # In a thread of its own.

    def _run(self, jobs: Sequence[Job], settings: Settings, earlier: Sequence[Turn]) -> None:
        for place, job in enumerate(jobs):
            try:
                if place and job.stopping.is_set():  # the first one gives what there is
                    self.history.unanswered(job.exchange, "interrupted", error=_STOPPED)
                else:
                    self._answer(job, settings, earlier)
            except AssistantError as error:
                self._lost(job, str(error))
            except Exception as error:
                _LOG.exception("Answering failed")
                said = f"Answering failed in a way that was not foreseen ({type(error).__name__})."
                self._lost(job, f"{said} Ask again; the terminal of the chat has the details.")
            finally:
                with self._guard:
                    self._jobs.pop(job.exchange, None)
                job.ended.set()

    def _answer(self, job: Job, settings: Settings, earlier: Sequence[Turn]) -> None:
        last = time.monotonic()

        def listen(event: Step | Text) -> None:
            nonlocal last
            if isinstance(event, Step):
                job.steps.append(event)
                return
            job.partial += event.text
            if time.monotonic() - last > _SAVED_EVERY:  # a program that is killed leaves this much
                self.history.unanswered(job.exchange, "running", job.partial)
                last = time.monotonic()

        answer = ask(
            self.library, job.question, settings=settings, filters=job.filters, history=earlier,
            on_event=listen, stop=lambda: job.stopping.is_set() or self._ending(),
        )  # fmt: skip
        asked = self.history.exchange(job.exchange)
        record = Record(answer, asked.asked if asked else "", provenance(self.library, answer))
        self.history.answered(job.exchange, record)

    def _lost(self, job: Job, why: str) -> None:
        try:
            self.history.unanswered(job.exchange, "failed", job.partial, why)
        except HistoryError:
            _LOG.exception("What became of a question could not be saved")
