"""The server of the chat: Streamlit in the place of this process."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from assistant.errors import SettingsError


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


def serve(page: Path, library: Path, port: int) -> NoReturn:
    """Opens the page over a library on 127.0.0.1; does not come back."""
    environment = os.environ | {"NEWS_ASSISTANT_LIBRARY": str(library.resolve())}
    # In the folder of the command, whose `.env` holds here too; the configuration is found beside the page.
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    os.execve(sys.executable, command, environment)  # noqa: S606  the chat takes this process's place
