"""What every measurement uses: rows of the table, medians, pairs, and child processes with their memory.

Each measurement runs in a process of its own, so that the memory and the caches of one do not count
for another. The process that starts them stays small: a child's peak memory, as the system counts
it, is never below what its parent held when it started the child.

`python -m benchmarks.measuring MODULE FUNCTION ARGUMENTS` is such a child; `call` starts it.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 600.0  # seconds after which a child is stopped
_OWN_SETTINGS = ("NEWS_ASSISTANT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")

A = TypeVar("A")
B = TypeVar("B")


class MeasurementFailed(Exception):
    """A child process ended with an error; the message has its last lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a target is a bound that the value may reach.

    `value` is None where it could not be measured here; `how` then says why.
    """

    what: str
    value: float | None
    unit: str
    how: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is no target or no figure."""
        if self.value is None:
            return None
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least


@dataclass(frozen=True, slots=True)
class Run:
    """A child process that ended: wall time, exit status, memory in MB and what it printed.

    `peak` is ru_maxrss; `mapped` is how much of it was pages of files, such as libraries and the
    vocabulary table, which the system can drop again; None where it was not sampled.
    """

    seconds: float
    status: int
    peak: float
    mapped: float | None
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Busy:
    """How busy the machine was: load before and after, and the cores that other programs used."""

    before: float
    after: float
    others: float | None

    def __str__(self) -> str:
        others = "" if self.others is None else f"; other programs used {self.others:.2f} cores"
        return f"load {self.before:.2f} before, {self.after:.2f} after, {os.cpu_count()} cores{others}"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def pairs(
    first: Callable[[], A], second: Callable[[], B], least: int, most: int, seconds: float
) -> list[tuple[A, B]]:
    """Runs both `least` to `most` times, until `seconds` are used; who goes first alternates.

    A machine that becomes slower or faster meanwhile then changes both sides of the ratios alike.
    """
    found: list[tuple[A, B]] = []
    start = time.perf_counter()
    while len(found) < least or (len(found) < most and time.perf_counter() - start < seconds):
        if len(found) % 2 == 0:
            a, b = first(), second()
        else:
            b, a = second(), first()
        found.append((a, b))
    return found


def median_ratio(values: Sequence[tuple[float, float]]) -> float:
    """The median of first over second."""
    return statistics.median(a / b for a, b in values)


def busy(measure: Callable[[], A]) -> tuple[A, Busy]:
    """Runs it; gives what it gives, and how busy the machine was meanwhile."""
    before, machine, own, start = os.getloadavg()[0], _machine(), _own(), time.perf_counter()
    found = measure()
    elapsed = time.perf_counter() - start
    after = _machine()
    others = None
    if machine is not None and after is not None and elapsed > 1.0:  # the clock of /proc is coarse
        others = max(0.0, (after - machine - (_own() - own)) / elapsed)
    return found, Busy(before, os.getloadavg()[0], others)


def _machine() -> float | None:
    """Processor seconds that all programs have used since the start; None where there is no /proc."""
    try:
        fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, interrupts, soft = (int(field) for field in fields[:7])
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Processor seconds of this process and of the children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def environment() -> dict[str, str]:
    """The environment without settings of the assistant, with the checkout on the module path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_SETTINGS)}
    path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH", "")]))
    return kept | {"PYTHONPATH": path, "LANGSMITH_TRACING": "false"}


def assistant_command(*arguments: str) -> list[str]:
    """The real command, as a user types it."""
    script = Path(sys.executable).with_name("news-assistant")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "assistant"]
    return [*start, *arguments]


def run(
    command: Sequence[str],
    folder: Path,
    *,
    allowed: Sequence[int] = (0,),
    sample: bool = False,
    limit: float = LIMIT,
    also: Mapping[str, str] | None = None,
) -> Run:
    """Runs a command in `folder` to its end. Raises MeasurementFailed unless its status is `allowed`.

    `sample`: look every 20 ms how much of its memory is pages of files. `limit`: seconds after which it
    is stopped. `also`: variables of its environment.
    """
    variables = environment() | dict(also or {})
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=out, stderr=err)
        stop = threading.Timer(limit, process.kill)
        stop.start()
        sampler = _Sampler(process.pid) if sample else None
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        mapped = sampler.finish() if sampler else None
        texts = [_text(stream) for stream in (out, err)]
    if process.returncode not in allowed:
        what = " ".join(["news-assistant" if "assistant" in command[0] else "python", *command[1:4]])
        raise MeasurementFailed(f"{what} ended with status {process.returncode}: {texts[1][-800:]}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kibibytes elsewhere
    return Run(seconds, process.returncode, usage.ru_maxrss * 1.024 / unit, mapped, *texts)


def call(work: Path, module: str, function: str, **arguments: Any) -> Any:
    """What `benchmarks.MODULE.FUNCTION(**arguments)` gives in a fresh process started in `work`."""
    return given(run(child(module, function, **arguments), work))


def child(module: str, function: str, /, python: str = sys.executable, **arguments: Any) -> list[str]:
    """The command of such a process, for where its memory counts too, or another interpreter runs it."""
    return [python, "-m", "benchmarks.measuring", module, function, json.dumps(arguments)]


def given(ended: Run) -> Any:
    """What the function of a child gave."""
    return json.loads(ended.out.splitlines()[-1])


def _text(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read().decode("utf-8", "replace"))


class _Sampler:
    """Watches the resident memory of a process from a thread; Linux only."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._peak, self._mapped = 0.0, 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def finish(self) -> float | None:
        """Megabytes of file pages when the process was largest; None where that is not known."""
        self._ended.set()
        self._thread.join()
        return self._mapped if self._peak else None

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            try:
                lines = self._status.read_text("ascii", "replace").splitlines()
            except OSError:
                return
            sizes = {
                name: int(rest.split()[0])
                for name, _, rest in (line.partition(":") for line in lines)
                if name in ("VmRSS", "RssFile")
            }
            if sizes.get("VmRSS", 0) > self._peak:
                self._peak, self._mapped = sizes["VmRSS"], sizes.get("RssFile", 0) * 1.024 / 1e3


def _child(module: str, function: str, arguments: str) -> None:
    measure = getattr(import_module(f"benchmarks.{module}"), function)
    print(json.dumps(measure(**json.loads(arguments))))


if __name__ == "__main__":
    _child(*sys.argv[1:])
