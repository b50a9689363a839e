"""Several claims across the sources of a library: what every source says to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answering import Step, Text, ask, check_filters, check_question
from assistant.claimlist import MOST_CLAIMS, claims_of
from assistant.errors import QuestionError
from assistant.library import Library
from assistant.models import SCHEMA, Answer, Filters, Source, Stance
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer for each claim, in order. `left`: claims of the text that were not compared."""

    answers: tuple[Answer, ...]
    left: int = 0

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that were compared, as they were asked."""
        return tuple(answer.question for answer in self.answers)

    @property
    def stances(self) -> tuple[Mapping[str, Stance], ...]:
        """For each claim the stance of every source that was asked, by source id."""
        return tuple({each.source: each.stance for each in answer.accounts} for answer in self.answers)

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every source that was asked, by id."""
        return {key: source for answer in self.answers for key, source in answer.sources.items()}

    def as_json(self) -> dict[str, Any]:
        """An object with the claims, the stances, and the answers as `ask --json` prints them (schema 1)."""
        return {
            "schema": SCHEMA,
            "claims": list(self.claims),
            "stances": [dict(stances) for stances in self.stances],
            "answers": [answer.as_json() for answer in self.answers],
            "left": self.left,
        }


def compare(
    library: Library,
    claims: str | Iterable[str],
    *,
    settings: Settings | None = None,
    engine: Literal["auto", "extractive", "llm"] | None = None,
    filters: Filters | None = None,
    most: int = MOST_CLAIMS,
    on_event: Callable[[Step | Text], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Comparison:
    """Asks the library about several claims: a list of them, or those of a text, which is a single string.

    At most the first `most` are asked. Every claim is checked before the first is asked. Raises
    QuestionError for a claim that cannot be asked and for a text without one, LibraryError and EmbedderError.
    """
    settings = settings or library.settings
    check_filters(filters)
    found = _in_text(claims, settings) if isinstance(claims, str) else (list(claims), 0)
    asked = [check_question(claim) for claim in found[0][:most]]
    if not asked:
        raise QuestionError("No claim was given to compare. Give a list of claims, or a text.")
    answers = [
        ask(library, claim, settings=settings, engine=engine, filters=filters, on_event=on_event, stop=stop)
        for claim in asked
    ]
    return Comparison(tuple(answers), found[1] + len(found[0]) - len(asked))


def _in_text(text: str, settings: Settings) -> tuple[list[str], int]:
    """The claims of a text, and how many more it has. Raises QuestionError."""
    found = claims_of("text.txt", text.encode("utf-8", "replace"), settings)
    if not found.claims:
        raise QuestionError(
            "No claim that can be checked was found in the text. Give the claims themselves, as a list."
        )
    return list(found.claims), found.left
