"""What every command shares: exit statuses, the chosen library, and progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import LibraryError

if TYPE_CHECKING:
    from assistant.library import Library
    from assistant.models import Progress
    from assistant.settings import Settings

_chosen: dict[str, Path | None] = {"library": None}


class Exit(IntEnum):
    """Exit statuses, so that scripts can branch on them."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOT_ENOUGH_EVIDENCE = 3
    IN_PART = 4
    INTERRUPTED = 130


def choose(library: Path | None) -> None:
    """Takes note of the folder that --library names."""
    _chosen["library"] = library


def configured(**overrides: Any) -> Settings:
    """The settings, with the chosen library and `overrides` on top. Raises SettingsError."""
    from assistant.settings import load

    return load(library=_chosen["library"], **overrides)


def open_library(settings: Settings, *, must_exist: bool = True) -> Library:
    """The library, with what an interrupted `add` left finished first."""
    from assistant.library import Library, exists

    if must_exist and not exists(settings):
        raise LibraryError(
            f"There is no library in {settings.library}. Make one with `news-assistant add PATH`, or name "
            "another folder with --library."
        )
    library = Library.open(settings)
    library.finish(reporter())
    return library


def check_outlets(library: Library, outlets: Iterable[str]) -> None:
    """Raises LibraryError for an outlet that no article is by."""
    known = library.outlets()
    for outlet in outlets:
        if outlet not in known:
            there = ", ".join(known) or "none of the articles names its outlet"
            raise LibraryError(f"No article is by the outlet {outlet!r}. The outlets are: {there}.")


def reporter() -> Callable[[Progress], None]:
    """What writes progress to stderr."""
    from assistant.progress import Reporter

    return Reporter(sys.stderr)
