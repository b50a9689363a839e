"""Starting: whole processes, from the command to its end, beside a Python that does nothing."""

from __future__ import annotations

import statistics
import sys

from benchmarks.measuring import Row, assistant_command, median_ratio, pairs, run
from benchmarks.work import Work


def measure(work: Work) -> list[Row]:
    """`--help` and one cold `ask`, in turns with `python -c pass`; the files are in the system's cache."""
    library, often = work.stocked(), work.repeats
    question = work.material.questions()[0]
    ask = assistant_command("--library", library, "ask", question, "--engine", "extractive")

    def nothing() -> float:
        return run([sys.executable, "-c", "pass"], work.folder).seconds

    def shown() -> float:
        return run(assistant_command("--help"), work.folder).seconds

    def asked() -> float:
        return run(ask, work.folder, allowed=(0, 3)).seconds

    helps = pairs(shown, nothing, often.starts, often.starts, 0)
    asks = pairs(asked, nothing, often.cold, often.cold, 0)
    return [
        _median("news-assistant --help", helps, at_most=0.3),
        Row("--help / python -c pass", median_ratio(helps), "x", "median of the pairs, in turns"),
        _median("news-assistant ask", asks),
        Row("ask / python -c pass", median_ratio(asks), "x", "median of the pairs, in turns"),
    ]


def _median(what: str, found: list[tuple[float, float]], at_most: float | None = None) -> Row:
    how = f"whole process, median of {len(found)}"
    return Row(what, statistics.median(a for a, _ in found), "s", how, at_most=at_most)
