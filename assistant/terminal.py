"""Writing to the terminal: data on stdout, notes on stderr, and nothing that commands the terminal."""

from __future__ import annotations

import json
import re
import sys

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """`text` without the control characters by which a source could command a terminal."""
    return _CONTROL.sub("\ufffd", text)


def say(text: str) -> None:
    """Data, with a line end behind it."""
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A note for the person at the terminal."""
    sys.stdout.flush()  # so that it stands behind the data that came before it
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def say_json(value: object) -> None:
    """One JSON object, its letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()
