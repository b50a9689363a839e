"""The command that exports a saved answer, and the saving of what the terminal asks."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.errors import HistoryError, LibraryError
from assistant.shell import configured, open_library
from assistant.terminal import note

if TYPE_CHECKING:
    from assistant.library import Library
    from assistant.saved import Record

Form = Literal["md", "html", "json", "csv", "claimreview"]


def export(
    answer_id: Annotated[
        str, typer.Argument(help="Id of an answer, as `ask --json` prints it.", show_default=False)
    ],
    form: Annotated[Form, typer.Option("--format", help="Form of the export.")] = "md",
) -> None:
    """Export a saved answer with its evidence, provenance and a reader's corrections, to stdout."""
    from assistant.export import render
    from assistant.history import FILE, History

    settings = configured()
    if not (settings.library / FILE).exists():
        open_library(settings).close()  # says if there is no library; else no answer was saved yet
    with closing(History.of(settings.library)) as history:
        record = history.answer(answer_id).record
    if record is None:
        raise LibraryError(f"The answer {answer_id} is not saved any more. Ask the question again.")
    put(render(record, form))


def put(text: str) -> None:
    """A document on stdout, its line ends as they are."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(text)
    sys.stdout.flush()


def keep(library: Library, record: Record) -> None:
    """Saves an answer, so that it can be exported; an answer that cannot be saved is still an answer."""
    from assistant.history import History

    try:
        with closing(History.of(library.folder)) as history:
            made = history.begin(None, record.answer.question, record.answer.filters)
            history.answered(made, record)
    except HistoryError as error:
        note(f"Note: this answer was not saved, so it cannot be exported later. {error}")
