"""Libraries that nothing is done to: made once in a run, copied for every fault, and compared with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.faults import ships
from benchmarks.faults.commands import Ended, run


class NotMade(Exception):
    """The sound library could not be made, so that nothing can be compared."""


@dataclass
class Sound:
    """A library of the first `count` articles, made by one `add` that nobody disturbs."""

    folder: Path
    count: int
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def articles(self) -> Path:
        """The file of its articles."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return ships.write(self.folder / "articles.jsonl", range(self.count))

    @cached_property
    def library(self) -> Path:
        """Its folder, not to be written to. Raises NotMade."""
        library = self.folder / "library"
        commands = (
            ("add", str(self.articles)), ("rebuild",), ("check",), ("ask", ships.QUESTION), ("sources",)
        )  # fmt: skip
        for arguments in commands:
            ended = run(library, *arguments)
            if ended.status != 0:
                raise NotMade(str(ended))
            self.seconds[arguments[0]] = ended.seconds
        return library

    def copied(self, to: Path) -> Path:
        """A copy of its folder, in place of what is there."""
        shutil.rmtree(to, ignore_errors=True)
        return Path(shutil.copytree(self.library, to))

    @cached_property
    def answer(self) -> Ended:
        """What it answers to the question, as JSON."""
        return run(self.library, "ask", ships.QUESTION, "--json")

    @cached_property
    def an_id(self) -> str:
        """The id of one of its articles."""
        return run(self.library, "sources").out.split()[0]
