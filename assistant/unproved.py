"""What of an answer is not proved: its sentences without support, and quotations that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant import labels
from assistant.models import Answer, Reason


@dataclass(frozen=True, slots=True)
class Unproved:
    """A sentence or a quotation that is not proved.

    `sentence`: its number in the summary, from 0. `status`: the check of a sentence, the status of a
    quotation. `key`: the place in a source that a quotation was compared with.
    """

    kind: Literal["sentence", "quotation"]
    sentence: int
    text: str
    status: str
    reasons: tuple[Reason, ...] = ()
    key: str | None = None

    @property
    def why(self) -> str:
        """The reasons in words."""
        if self.kind == "quotation":
            return next((said for code, said in labels.FAULTS.items() if code == self.status), self.status)
        said = [f"{labels.words_of(reason.code)}: {reason.text}" for reason in self.reasons]
        return "; ".join(said) or labels.UNDECIDED


def unproved(answer: Answer) -> list[Unproved]:
    """In the order of the sentences, each before its quotations.

    Sentences of the extractive engine that no rule had to check are copied, or say what was searched.
    """
    found = []
    for number, sentence in enumerate(answer.summary):
        if sentence.check == "unsupported" or labels.quiet(sentence, answer):
            found.append(Unproved("sentence", number, sentence.text, sentence.check, sentence.reasons))
        found += [
            Unproved("quotation", number, sentence.text[quote.start : quote.end], quote.status, (), quote.key)
            for quote in sentence.quotes
            if not quote.accepted
        ]
    return found
