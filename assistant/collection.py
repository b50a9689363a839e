"""Several answers in one export: the claims of a comparison, or the questions of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant import labels
from assistant.models import Answer
from assistant.saved import Exchange, Record, State

# Why there is no answer, by the state in which the question was left.
_WITHOUT: dict[State, str] = {
    "running": "It was still being answered when this was exported.",
    "interrupted": "It was interrupted before there was an answer.",
    "failed": "It failed before there was an answer.",
    "answered": "Its answer is not saved any more.",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions with what became of them, in order; a question without an answer has no record."""

    kind: Literal["comparison", "conversation"]
    name: str
    exchanges: tuple[Exchange, ...]

    @classmethod
    def comparison(cls, name: str, records: Sequence[Record]) -> Collection:
        """The claims of a comparison, each with its answer."""
        return cls("comparison", name, tuple(map(_exchange, records)))

    @classmethod
    def conversation(cls, name: str, exchanges: Sequence[Exchange]) -> Collection:
        """What was asked in a conversation, as the history gives it (`History.whole`)."""
        return cls("conversation", name, tuple(exchanges))

    @property
    def records(self) -> tuple[Record, ...]:
        """The answers."""
        return tuple(each.record for each in self.exchanges if each.record)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers, without what a reader said of them."""
        return tuple(record.answer for record in self.records)

    @property
    def counted(self) -> str:
        """ "3 claims", "3 questions, 1 of them without an answer"."""
        said = labels.count(len(self.exchanges), "claim" if self.kind == "comparison" else "question")
        left = len(self.exchanges) - len(self.records)
        return said + (f", {left} of them without an answer" if left else "")


def without(exchange: Exchange) -> str:
    """Why a question has no answer, in whole sentences; empty where it has one."""
    if exchange.record:
        return ""
    said = f"This question has no answer. {_WITHOUT[exchange.state]}"
    return f"{said} {exchange.error}" if exchange.error else said


def _exchange(record: Record) -> Exchange:
    answer = record.answer
    return Exchange(answer.id, None, answer.question, answer.filters, record.asked, "answered", record)
