"""The server of the chat: Streamlit in this process, so that what the command has loaded is loaded once."""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from assistant.errors import SettingsError

_M_ARENA_MAX = -8  # of malloc.h
_PATIENCE = 10.0  # seconds for the server to listen


def check_port(port: int) -> None:
    """Raises SettingsError when the port cannot be used, before anything slow is begun."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} cannot be used ({error.strerror}). Close the program that has it, or choose "
                "another one with --port."
            ) from None


def hurry() -> None:
    """Looks for no garbage while the chat starts, which makes none and would be looked through again and
    again; `serve` looks for it again as soon as all is loaded."""
    gc.disable()


def serve(page: Path, library: Path, port: int) -> NoReturn:
    """Opens the page over a library on 127.0.0.1; ends the process with the server."""
    from streamlit.web import cli

    os.environ["NEWS_ASSISTANT_LIBRARY"] = str(library.resolve())
    _share_memory()
    threading.Thread(target=_load, daemon=True, name="loading").start()
    # In the folder of the command, whose `.env` holds here too; the configuration is found beside the page.
    command = ["run", str(page), "--server.address", "127.0.0.1", "--server.port", str(port)]
    sys.exit(cli.main(command, prog_name="streamlit"))


def _share_memory() -> None:
    """Each run of a page and each question has a thread of its own; glibc would give each its own memory."""
    with suppress(AttributeError, OSError, TypeError):  # another system has no such switch
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _load() -> None:
    """Loads what the pages import, while a browser that found the server loads what it draws with."""
    from streamlit import runtime
    from streamlit.runtime.runtime import RuntimeState

    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL:
            break
        time.sleep(0.01)
    importlib.import_module("assistant.shelf")
    gc.enable()
