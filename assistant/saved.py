"""What is kept of an answer beside the answer: where its passages stood, and what a reader overruled.

An answer is never altered. A reader's overruling lies beside it and is shown as the reader's; what the
library held of each source is noted when the question is asked, so that the answer reads the same later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter

from assistant.models import Answer, Filters

Overruled = Literal["stance", "quotation", "sentence"]
Sort = Literal["chat", "comparison"]
State = Literal["running", "answered", "interrupted", "failed"]


@dataclass(frozen=True, slots=True)
class Held:
    """A source as the library held it: sha256 of its text (UTF-8, hex), and when it was added (ISO, UTC)."""

    sha256: str
    added: str
    author: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """A citation with the lines around it: `article.text[start:end] == text`.

    `repeats`: the article has the words of the citation elsewhere too, in whatever case and spacing.
    """

    start: int
    end: int
    text: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the library held when the question was asked: sources by id, surroundings by citation key."""

    sources: Mapping[str, Held] = field(default_factory=dict)
    passages: Mapping[str, Around] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overruling:
    """A reader's own judgement in place of one of the assistant's, with the reason.

    `place`: the source id for a stance, the citation key for a quotation, the number of the sentence in the
    summary, from 0, for a sentence. `found` is what the assistant found, `given` what the reader says.
    """

    kind: Overruled
    place: str
    found: str
    given: str
    reason: str
    by: str
    at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Record:
    """An answer as it is saved and exported. `asked`: ISO 8601, UTC."""

    answer: Answer
    asked: str
    provenance: Provenance = field(default_factory=Provenance)
    overrulings: tuple[Overruling, ...] = ()

    @property
    def interrupted(self) -> str:
        """That its writing was stopped, in words; empty for an answer that is whole."""
        return next((item.text for item in self.answer.notices if item.code == "interrupted"), "")

    def overruling(self, kind: Overruled, place: str) -> Overruling | None:
        """What a reader says in place of the assistant there; the last word counts."""
        found = [item for item in self.overrulings if (item.kind, item.place) == (kind, place)]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a conversation and what became of it.

    `partial`: what a model had written, unchecked, where there is no answer; `error`: why there is none.
    """

    id: str
    conversation: str | None
    question: str
    filters: Filters
    asked: str
    state: State
    record: Record | None = None
    error: str | None = None
    partial: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation by its name; `changed`: ISO 8601, UTC, of the last question.

    A comparison is one whose questions are claims that stand side by side.
    """

    id: str
    sort: Sort
    name: str
    created: str
    changed: str
    questions: int


_RECORD: TypeAdapter[Record] = TypeAdapter(Record)
_FILTERS: TypeAdapter[Filters] = TypeAdapter(Filters)


def written(record: Record) -> str:
    """A record as JSON with everything that `read` needs."""
    return _RECORD.dump_json(record).decode()


def read(text: str) -> Record:
    """A record as it was written. Raises ValueError for anything else."""
    return _RECORD.validate_json(text)


def filters_written(filters: Filters) -> str:
    """Filters as JSON."""
    return _FILTERS.dump_json(filters).decode()


def filters_read(text: str) -> Filters:
    """Filters as they were written. Raises ValueError for anything else."""
    return _FILTERS.validate_json(text)
