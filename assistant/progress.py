"""How far a long step is, in words: on a terminal, in a log and on the page."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from assistant.models import Progress

CLEAR = "\r\x1b[K"  # back to the start of a terminal's line, and clears it
UNITS = {"reading": "article", "embedding": "passage", "copying": "passage"}

_WINDOW = 20.0  # seconds over which a rate is taken
_LEAST = 2.0  # seconds of work before one is given
_BETWEEN = 0.25  # seconds between two points that are kept
_WIDTHS = (30, 20, 10, 6)  # signs of a bar: few, so that it does not grow and shrink with the words


class Pace:
    """The rate of the step at hand over its last 20 seconds.

    Work is reported in jumps, such as 64 passages at once. The rate is taken from jump to jump, so that it is
    steady between them; where the next one does not come, it falls.
    """

    def __init__(self) -> None:
        self._stage = ""
        self._jumps: deque[tuple[float, int]] = deque()

    def note(self, progress: Progress, now: float) -> None:
        """Takes note of `progress` at `now`, in seconds of any clock."""
        jumps = self._jumps
        if progress.stage != self._stage or (jumps and progress.done < jumps[-1][1]):
            self._stage = progress.stage
            jumps.clear()
        if not jumps or (progress.done > jumps[-1][1] and now - jumps[-1][0] >= _BETWEEN):
            jumps.append((now, progress.done))
        while len(jumps) > 3 and jumps[1][0] <= now - _WINDOW:
            jumps.popleft()

    def rate(self, now: float) -> float | None:
        """Items a second; None before there is a rate to tell."""
        if len(self._jumps) < 2:
            return None
        (began, first), (jumped, last) = self._jumps[0], self._jumps[-1]
        usual = (jumped - began) / (len(self._jumps) - 1)
        seconds = max(jumped, now - 2 * usual) - began
        return (last - first) / seconds if seconds >= _LEAST else None


class Reporter:
    """Writes progress to `stream`: over one line on a terminal; elsewhere when a step ends, and every
    five seconds while it lasts."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._terminal, self._clock = stream, stream.isatty(), clock
        self._shown = 0.0
        self._pace = Pace()
        self._last: Progress | None = None
        self._ended: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Takes note of `progress` and writes what is due."""
        if progress == self._ended:  # said already
            return
        now, self._ended = self._clock(), None
        if progress.stage not in UNITS and not progress.total:  # said once, and worth nothing later
            self.end()
            self._write(describe(progress), "\n")
            return
        if self._last is None or self._last.stage != progress.stage:
            self.end()
            self._shown = now
        self._last = progress
        self._pace.note(progress, now)
        if progress.total and progress.done >= progress.total:
            self.end()
        elif now - self._shown >= (0.1 if self._terminal else 5.0):
            line = describe(progress, self._pace.rate(now))
            self._write(_drawn(progress, line) if self._terminal else line, "" if self._terminal else "\n")
            self._shown = now

    def end(self) -> None:
        """Writes the last state of the step at hand, once."""
        if self._last is not None:
            self._write(describe(self._last), "\n")
            self._last, self._ended = None, self._last

    def _write(self, line: str, end: str) -> None:
        self._stream.write((CLEAR if self._terminal else "") + line + end)
        self._stream.flush()


def describe(progress: Progress, rate: float | None = None) -> str:
    """One step in words: "Embedding: 768 of 1,702 passages, 41 a second, about 23 s left".

    `rate`: items a second, from `Pace.rate`.
    """
    stage = progress.stage[:1].upper() + progress.stage[1:]
    if not progress.done:
        return stage
    unit = UNITS.get(progress.stage, "item") + ("s" if (progress.total or progress.done) != 1 else "")
    of = f" of {progress.total:,}" if progress.total else ""
    said = [f"{stage}: {progress.done:,}{of} {unit}"]
    if rate:
        said.append(speed(rate))
        if (left := progress.total - progress.done) > 0:
            said.append(f"about {duration(left / rate)} left")
    return ", ".join(said)


def share(progress: Progress) -> float | None:
    """How much of a step is done, 0 to 1; None while that is not known."""
    return min(1.0, progress.done / progress.total) if progress.total else None


def speed(rate: float) -> str:
    """A rate with two figures that count: "1,700 a second", "4.2 a second", "18 a minute"."""
    if rate < 1:
        return f"{max(1, round(60 * rate))} a minute"
    digits = 1 if rate < 9.95 else 0 if rate < 99.5 else -1 if rate < 995 else -2
    return f"{round(rate, digits):,.{max(digits, 0)}f} a second"


def duration(seconds: float) -> str:
    """A time in the unit that a reader counts in: "23 s", from 90 s on "2 min", from 90 min on "1.5 h"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    hours = seconds / 3600
    return f"{round(2 * hours) / 2:g} h" if hours < 10 else f"{round(hours):,} h"


def _drawn(progress: Progress, line: str) -> str:
    """The line behind a bar, within one row of the terminal: a longer one would not be cleared."""
    room = shutil.get_terminal_size().columns - 1
    done, width = share(progress), next((width for width in _WIDTHS if len(line) + width + 3 <= room), 0)
    if done is None or not width:
        return line[:room]
    full = round(done * width)
    return f"[{'#' * full}{'-' * (width - full)}] {line}"
