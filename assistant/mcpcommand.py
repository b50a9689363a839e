"""The command that serves a library to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import SettingsError
from assistant.shell import configured
from assistant.terminal import note


def mcp(
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--files",
            metavar="DIR",
            help="Folder whose files the client may add; may be repeated [default: none]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the library to a client of the Model Context Protocol, over standard input and output."""
    from assistant.folders import Folders
    from assistant.library import Library
    from assistant.toolbox import Toolbox

    try:
        from assistant.toolserver import serve
    except ModuleNotFoundError as error:
        raise SettingsError(
            "The MCP server needs the package mcp, which is not installed. Install it with "
            "pip install 'news-assistant[mcp]'."
        ) from error
    folders = Folders.of(files or ())
    # What an interrupted adding left is finished by the first call; a client is greeted at once.
    with Library.open(configured()) as library:
        note(f"Serving the library in {library.catalogue.place} on standard input and output.")
        serve(Toolbox(library, folders))
