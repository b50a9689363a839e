"""A case of the trap set, and the Markdown files that cases and invented reports are written in.

A file of cases has one heading `## kind: status` for each group of quotations, then lines with `texts`
(ids of reports), `claimed`, `speaker` and `why`, then the quotations as a list. `claimed` is the first
of the texts unless it says otherwise; without `speaker`, none is named. `\\uXXXX` stands for a
character that would not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from assistant.models import ACCEPTED, QuoteStatus

FOLDER = Path(__file__).parent
STATUSES: tuple[QuoteStatus, ...] = get_args(QuoteStatus)


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the set. `kind` and `why` are for people; `evaluate quotes` does not read them."""

    kind: str
    status: QuoteStatus
    quote: str
    sources: tuple[tuple[str, str], ...]
    claimed: str | None = None
    speaker: str | None = None
    why: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the quotation may keep its marks."""
        return self.status in ACCEPTED

    def record(self) -> dict[str, Any]:
        """The JSON object that `evaluate quotes` reads."""
        found: dict[str, Any] = {"kind": self.kind, "quote": self.quote, "status": self.status}
        found["sources"] = [{"id": name, "text": text} for name, text in self.sources]
        found |= {"claimed_source": self.claimed, "speaker": self.speaker}
        return found | ({"why": self.why} if self.why else {})


def reports() -> dict[str, str]:
    """The invented reports of reports.md, by id."""
    return {name: "\n".join(lines).strip("\n") for name, lines in _sections("reports.md")}


def written(name: str, texts: Mapping[str, str]) -> Iterator[Case]:
    """The cases of a file that people write; raises KeyError for a report that is not in `texts`."""
    for heading, lines in _sections(name):
        kind, status = heading.split(": ")
        fields = dict(line.split(": ", 1) for line in lines if line and not line.startswith("- "))
        sources = tuple((key, texts[key]) for key in fields["texts"].split())
        claimed = fields.get("claimed", sources[0][0])
        for quote in (line[2:] for line in lines if line.startswith("- ")):
            yield Case(
                kind,
                next(known for known in STATUSES if known == status),
                quote,
                sources,
                None if claimed == "none" else claimed,
                fields.get("speaker"),
                fields.get("why", ""),
            )


def _sections(name: str) -> Iterator[tuple[str, list[str]]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        heading, *lines = section.split("\n")
        yield heading, [_characters(line) for line in lines]


def _characters(line: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), line)
