"""The commands that look after a library: check, rebuild, backup and restore."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import LibraryError
from assistant.shell import Exit, configured, open_library, reporter
from assistant.terminal import note

if TYPE_CHECKING:
    from assistant.settings import Settings

File = Annotated[Path, typer.Argument(help="File of the backup.", show_default=False)]


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is wrong from the catalogue.")] = False,
) -> None:
    """Compare the vector index with the catalogue and name what is wrong."""
    settings = configured()
    if repair:
        _salvage(settings)
    with open_library(settings) as library:
        problems = library.check(careful=True)
        if problems and repair:
            for problem in problems:
                note(problem)
            library.rebuild(reporter())
            problems = library.check()
        count, busy = library.catalogue.count(), library.owner() is None
    for problem in problems:
        typer.echo(problem)
    if problems:
        note("Run `news-assistant check --repair` or `news-assistant rebuild`.")
        raise typer.Exit(Exit.ERROR)
    if busy:
        note("Another program, such as an open chat, has the index. Close it to check the index too.")
    typer.echo(f"Sound: {count} passages in the catalogue{'' if busy else ' and in the index'}.")


def rebuild() -> None:
    """Make the vector index again from the catalogue; embed anew where the embedder changed."""
    from assistant.library import Library, exists

    settings = configured()
    if not exists(settings):
        open_library(settings)
    # Not finished first: what is pending may need the new embedder.
    with Library.open(settings) as library:
        done = library.rebuild(reporter())
        count = library.catalogue.count()
    note(f"Rebuilt: {count} passages in the index, {done} of them embedded anew.")


def backup(file: File) -> None:
    """Write the whole library to one file, also while others use it; `restore` reads it back."""
    with open_library(configured()) as library:
        count = library.catalogue.back_up(file, reporter())
    note(f"Backed up: {count} article{'s' if count != 1 else ''} in {file}.")


def restore(file: File) -> None:
    """Make a library from a backup, where there is none yet."""
    from assistant.backup import restore as put_back
    from assistant.library import Library, where

    settings = configured()
    count = put_back(file, where(settings), reporter())
    with Library.open(settings) as library:
        library.catch_up(reporter())
    note(f"Restored: {count} article{'s' if count != 1 else ''}.")


def _salvage(settings: Settings) -> None:
    """Puts a catalogue that is damaged aside, and what can be read of it into a new one."""
    from filelock import FileLock, Timeout

    from assistant.library import CHROMA, where
    from assistant.salvage import salvage
    from assistant.vectors import Index

    file = where(settings)
    if not isinstance(file, Path) or not file.exists():
        return
    used = "Another program, such as an open chat, uses this library. Close it, then run the command again."
    index = Index.open(file.with_name(CHROMA))
    if index is None:
        raise LibraryError(used)
    try:  # nobody may be adding to the file that is put aside
        with closing(index), FileLock(file.with_name("adding.lock"), timeout=0):
            saved = salvage(file, reporter())
    except Timeout:
        raise LibraryError(used) from None
    if saved is not None:
        note(
            f"The catalogue was damaged: {saved.articles} articles could be read whole and are kept, "
            f"{saved.lost} entries could not. The damaged file is {saved.aside}."
        )
