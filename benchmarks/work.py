"""One run of the benchmarks: its folder, its material, how often to repeat, and the library it shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.material import Material
from benchmarks.measuring import Run, assistant_command, run


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often each thing is measured; adding takes more than two pairs only where that is quick."""

    pairs: int = 2
    more_pairs: int = 7
    pair_seconds: float = 60.0
    starts: int = 9
    cold: int = 5
    chats: int = 3
    peers: int = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """How far the larger measurements go: a library whose vectors they may use, passages, articles."""

    library: Path | None = None
    most: int = 100_000
    articles: int | None = None


class Work:
    """What the measurements of one run have in common; `folder` is empty and thrown away afterwards."""

    def __init__(
        self, material: Material, folder: Path, repeats: Repeats | None = None, scale: Scale | None = None
    ) -> None:
        self.material, self.folder = material, folder
        self.repeats, self.scale = repeats or Repeats(), scale or Scale()
        self.library = folder / "library"

    @cached_property
    def added(self) -> Run:
        """The `news-assistant add` that made the shared library, run when it is first asked for."""
        command = assistant_command("--library", str(self.library), "add", str(self.material.articles))
        return run(command, self.folder, sample=True)

    def stocked(self) -> str:
        """The folder of the shared library, with all articles in it."""
        return str(self.library) if self.added else ""
