"""Answers that a model might write over the example library: hostile ones, and good ones of several styles.

They stand in `drafts.txt`, which says in what form; a good draft is one without a bad part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.openai_server import Asked

QUESTIONS = {
    "PIER": "What happened to the fourth pier of the Lantern Bridge?",
    "NATO": "Did NATO promise Russia not to expand eastwards?",
    "JUNE": "What did Torvane say about the Lantern Bridge?",
}
_SPOT = re.compile(r"\[\[([^\]]+)\]\]")
_KEY = re.compile(r"\[p[0-9a-f]{7}\]")


@dataclass(frozen=True)
class Part:
    """Some words of a draft. Bad ones must be unsupported for one of `codes`; good ones have none.

    `statuses`: what its quotation may be, where proof must refuse one. `wrong`: rules may miss what is
    wrong with it, but it must never be proved.
    """

    text: str
    wrong: bool = False
    codes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()

    @property
    def bare(self) -> str:
        """The words without citations, real or invented."""
        return _KEY.sub("", _SPOT.sub("", self.text))


@dataclass(frozen=True)
class Draft:
    """One answer of a model."""

    name: str
    question: str
    parts: tuple[Part, ...]

    @property
    def hostile(self) -> bool:
        return any(part.wrong for part in self.parts)

    def write(self, asked: Asked) -> str:
        """The answer as the model sends it, with keys of the prompt; LookupError where a passage lacks."""
        return " ".join(_SPOT.sub(lambda spot: _key(spot, asked), part.text) for part in self.parts)


def _key(spot: re.Match[str], asked: Asked) -> str:
    said = spot.group(1)
    for given in asked.passages:
        if said in " ".join(given.text.split()):
            return f"[{given.key}]"
    raise LookupError(f"no passage of the prompt holds {said!r}")


def _read(text: str) -> Iterator[Draft]:
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        name, *lines = block.splitlines()
        question, parts = QUESTIONS["PIER"], []
        for line in lines:
            if line.startswith("? "):
                question = QUESTIONS.get(line[2:], line[2:])
            elif line.startswith(("+ ", "~ ")):
                parts.append(Part(line[2:].replace("\\n", "\n"), line[0] == "~"))
            elif line.startswith("- "):
                marks, _, said = line[2:].partition(" | ")
                codes, _, statuses = marks.partition(" / ")
                wanted, refused = frozenset(codes.split()), frozenset(statuses.split())
                parts.append(Part(said.replace("\\n", "\n"), True, wanted, refused))
        yield Draft(name, question, tuple(parts))


DRAFTS = tuple(_read(Path(__file__).with_name("drafts.txt").read_text("utf-8")))
HOSTILE = tuple(draft for draft in DRAFTS if draft.hostile)
GOOD = tuple(draft for draft in DRAFTS if not draft.hostile)
