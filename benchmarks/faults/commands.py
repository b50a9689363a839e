"""The commands of the assistant as child processes: run to their end, or killed on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import environment

LIMIT = 120.0  # seconds after which a command hangs
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
EXPECTED = (0, 1, 3, 4)  # exit statuses of the commands; 2 would be a mistake of ours


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ended: `status` is negative for a signal, `killed` says that it was ours."""

    command: tuple[str, ...]
    status: int
    out: str
    err: str
    seconds: float
    killed: bool
    hung: bool

    def __str__(self) -> str:
        last = (self.err or self.out).strip().splitlines()[-1:]
        return f"`{' '.join(self.command)}` -> {self.status}: {' '.join(last)[:300]}"

    @property
    def trouble(self) -> str | None:
        """What no command may do, whatever was done to its library; None where it did not."""
        if self.hung:
            return f"hung for {self.seconds:.0f} s"
        if "Traceback (most recent call last)" in self.err + self.out:
            return "printed a traceback"
        if self.killed:
            return None
        if self.status < 0:
            return f"was ended by {signal.Signals(-self.status).name}"
        if self.status == 2 and "is not readable" in self.err:  # said of the option --library
            return None
        if self.status not in EXPECTED:
            return f"ended with status {self.status}"
        if self.status == 1 and not (self.err + self.out).strip():
            return "failed without a word"
        return None


class Running:
    """A command that has been started; its output goes to files, so that it never waits for a reader."""

    def __init__(self, library: Path, arguments: Sequence[str], before: Sequence[str] = ()) -> None:
        self.arguments = tuple(arguments)
        self._out = tempfile.TemporaryFile()  # noqa: SIM115  closed when it has ended
        self._err = tempfile.TemporaryFile()  # noqa: SIM115
        command = [*before, sys.executable, "-m", "assistant", "--library", str(library), *arguments]
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd="/", env=environment(), stdout=self._out, stderr=self._err, stdin=subprocess.DEVNULL
        )

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def said(self) -> str:
        """What it has printed on stderr until now."""
        return _text(self._err)

    def kill(self) -> Ended:
        """SIGKILL, unless it has ended already."""
        killed = not self.over
        self._process.kill()
        return self._ended(killed=killed, hung=False)

    def wait(self, limit: float = LIMIT) -> Ended:
        """Waits for its end, and kills it after `limit` seconds."""
        try:
            self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._ended(killed=False, hung=True)
        return self._ended(killed=False, hung=False)

    def _ended(self, *, killed: bool, hung: bool) -> Ended:
        status, seconds = self._process.wait(), time.monotonic() - self.started
        ended = Ended(self.arguments, status, _text(self._out), _text(self._err), seconds, killed, hung)
        self._out.close()
        self._err.close()
        return ended


def run(library: Path, *arguments: str, limit: float = LIMIT, before: Sequence[str] = ()) -> Ended:
    """A command, to its end; `before`: a program that starts it, such as `setpriv`."""
    return Running(library, arguments, before).wait(limit)


def killed_at(library: Path, *arguments: str, moment: float, sign: Path | None = None) -> Ended:
    """A command, killed `moment` seconds after its start, or after the file `sign` was written."""
    before = last_written(sign)
    running = Running(library, arguments)
    while sign is not None and not running.over and last_written(sign) == before:
        if time.monotonic() - running.started > LIMIT:
            return running.wait(0)
        time.sleep(0.002)
    end = time.monotonic() + moment
    while not running.over and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
    return running.kill()


def last_written(file: Path | None) -> tuple[int, int] | None:
    """When a file was written, and its size; None where it is not there."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


def _text(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read().decode("utf-8", "replace"))
