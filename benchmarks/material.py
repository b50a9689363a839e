"""What is measured on: a folder of real events beside the checkout, or invented articles where it is absent.

Both have the format of `news-assistant evaluate retrieval`: articles.jsonl[.gz] and queries.jsonl.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from benchmarks.invented import write
from benchmarks.measuring import ROOT

EVENTS = ROOT.parent / "shared" / "data" / "events"
BULK = EVENTS.parent / "bulk" / "allsides-6k.jsonl.gz"

# Event titles are no sentences; these make questions of them that read as people ask.
_ASKED = (
    "What is known about this: {title}?",
    "{title}: what happened?",
    "What did people say about this: {title}?",
)


@dataclass(frozen=True, slots=True)
class Material:
    """A folder with articles and queries; `invented` where it was made for this run."""

    folder: Path
    invented: bool

    @property
    def articles(self) -> Path:
        """The file of the articles."""
        plain = self.folder / "articles.jsonl"
        return plain if plain.exists() else plain.with_suffix(".jsonl.gz")

    def queries(self) -> list[dict[str, Any]]:
        """Event titles, each with the ids of the articles on that event."""
        return _records(self.folder / "queries.jsonl")

    def records(self) -> list[dict[str, Any]]:
        """The articles as they stand in the file."""
        return _records(self.articles)

    def headlines(self) -> list[str]:
        """The headlines of the articles."""
        return [str(record["title"]).strip() for record in self.records()]

    def questions(self) -> list[str]:
        """Different questions: every event title as a question, then every headline as a claim."""
        titles = [str(item["query"]) for item in self.queries()]
        asked = [_ASKED[number % len(_ASKED)].format(title=title) for number, title in enumerate(titles)]
        return list(dict.fromkeys(asked + [line for line in self.headlines() if line]))

    def __str__(self) -> str:
        count = f"{len(self.records())} articles on {len(self.queries())} events"
        return f"{count}, invented for this run: no folder of events is there" if self.invented else count


def find(folder: Path | None, scratch: Path) -> Material:
    """The material in `folder`, or beside the checkout, or invented in `scratch`. Raises OSError."""
    if folder is not None:
        found = Material(folder.resolve(), invented=False)
        for path in (found.articles, folder / "queries.jsonl"):
            if not path.exists():
                raise FileNotFoundError(f"{folder} has no {path.name}; name a folder with both files")
        return found
    if EVENTS.is_dir():
        return Material(EVENTS, invented=False)
    write(scratch)
    return Material(scratch, invented=True)


def write_records(source: Path, file: Path, most: int) -> Path:
    """Writes the first `most` articles of `source` to `file`, and gives it back."""
    with _lines(source) as lines, file.open("wb") as out:
        out.writelines(islice((line for line in lines if line.strip()), most))
    return file


def _records(path: Path) -> list[dict[str, Any]]:
    with _lines(path) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _lines(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
