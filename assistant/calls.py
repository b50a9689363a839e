"""One call of a tool, as the thread that does its work and whoever waits for it both see it."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """Whoever asked does not wait for it any more."""


class Call:
    """Whether somebody still waits, and what is being done. Safe for threads."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self.doing = ""
        """The step at hand in words; empty before the first."""

    def end(self) -> None:
        """Says that nobody waits any more."""
        self._ended.set()

    def stop(self) -> bool:
        """Whether nobody waits any more."""
        return self._ended.is_set()

    def note(self, doing: str) -> None:
        """Takes note of a step. Raises Stopped where nobody waits any more."""
        if self.stop():
            raise Stopped
        self.doing = doing
