"""How far a long step is, as lines on a terminal or in a log."""

from __future__ import annotations

import time
from typing import TextIO

from assistant.models import Progress

CLEAR = "\r\x1b[K"  # back to the start of a terminal's line, and clears it
UNITS = {"reading": "article", "embedding": "passage", "copying": "passage"}


class Reporter:
    """Writes progress to `stream`: over one line on a terminal; elsewhere when a step ends, and every
    five seconds while it lasts."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._terminal = stream, stream.isatty()
        self._shown, self._started = 0.0, 0.0
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Takes note of `progress` and writes what is due."""
        now = time.monotonic()
        if progress.stage not in UNITS:  # said once, and worth nothing later
            self.end()
            self._write(progress, "\n")
            return
        if self._last is None or self._last.stage != progress.stage:
            self.end()
            self._started = self._shown = now
        self._last = progress
        if progress.total and progress.done >= progress.total:
            self.end()
        elif now - self._shown >= (0.1 if self._terminal else 5.0):
            self._write(progress, "" if self._terminal else "\n")
            self._shown = now

    def end(self) -> None:
        """Writes the last state of the step at hand, once."""
        if self._last is not None:
            self._write(self._last, "\n")
            self._last = None

    def _write(self, progress: Progress, end: str) -> None:
        line = describe(progress)
        seconds = time.monotonic() - self._started
        left = progress.total - progress.done
        if progress.done and left > 0 and seconds > 1:
            line += f", about {seconds / progress.done * left:.0f} s left"
        self._stream.write((CLEAR if self._terminal else "") + line + end)
        self._stream.flush()


def describe(progress: Progress) -> str:
    """One step in words: "Embedding: 768 of 1702 passages"."""
    stage = progress.stage[:1].upper() + progress.stage[1:]
    if not progress.done:
        return stage
    unit = UNITS.get(progress.stage, "item") + ("s" if (progress.total or progress.done) != 1 else "")
    of = f" of {progress.total}" if progress.total else ""
    return f"{stage}: {progress.done}{of} {unit}"
