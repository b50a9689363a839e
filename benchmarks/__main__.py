"""`python -m benchmarks`: measures the assistant and prints one table.

    python -m benchmarks [--events FOLDER] [--only NAME] [--json FILE]
    python -m benchmarks --only scaling [--library FOLDER] [--most N]
    python -m benchmarks --only bulk [--articles N]

Without --only everything is measured but `bulk`, which takes most of an hour.

Exit status: 0 when everything could be measured, whether or not the targets are met; 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import (
    adding,
    asking,
    bulk,
    chatting,
    checking,
    conversing,
    disk,
    memory,
    peers,
    reading,
    retrieving,
    scaling,
    starting,
)
from benchmarks.material import find
from benchmarks.measuring import Busy, MeasurementFailed, Row, busy
from benchmarks.work import Repeats, Scale, Work

MEASUREMENTS: dict[str, Callable[[Work], list[Row]]] = {
    "adding": adding.measure,
    "asking": asking.measure,
    "checking": checking.measure,
    "reading": reading.measure,
    "starting": starting.measure,
    "memory": memory.measure,
    "disk": disk.measure,
    "chat": chatting.measure,
    "conversations": conversing.measure,
    "retrieval": retrieving.measure,
    "peers": peers.measure,
    "scaling": scaling.measure,
    "bulk": bulk.measure,
}
WITHOUT_LIBRARY = ("adding", "checking", "reading", "conversations", "peers", "scaling", "bulk")
WHEN_ASKED = ("bulk",)  # most of an hour


def main(arguments: Sequence[str] | None = None, repeats: Repeats | None = None) -> int:
    """Measures what is asked for and prints it; gives the exit status."""
    options = _options(arguments)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        try:
            material = find(options.events, Path(scratch) / "events")
            print(f"Measured on {material}; Python {platform.python_version()}.")
            work = Work(
                material,
                Path(scratch),
                repeats,
                Scale(options.library, options.most, options.articles),
            )
            names = options.only or [name for name in MEASUREMENTS if name not in WHEN_ASKED]
            sections = [_section(name, work) for name in names]
        except (MeasurementFailed, OSError) as error:
            print(f"The measurement failed: {error}", file=sys.stderr)
            return 1
    print(f"\n{time.perf_counter() - start:.0f} s in all.")
    if options.json:
        record = {"material": str(material), "python": platform.python_version(), "measurements": sections}
        options.json.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the assistant.")
    parser.add_argument(
        "--events", type=Path, metavar="FOLDER", help="folder with articles.jsonl[.gz] and queries.jsonl"
    )
    parser.add_argument(
        "--only", action="append", choices=list(MEASUREMENTS), metavar="NAME",
        help=f"one of {', '.join(MEASUREMENTS)}; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--library",
        type=Path,
        metavar="FOLDER",
        help="scaling: a library that lends what it has embedded",
    )
    parser.add_argument("--most", type=int, default=100_000, metavar="N", help="scaling: passages, at most")
    parser.add_argument("--articles", type=int, metavar="N", help="bulk: the first N articles of the file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same figures there")
    return parser.parse_args(arguments)


def _section(name: str, work: Work) -> dict[str, Any]:
    """Measures one thing and prints its lines at once, since the whole takes minutes."""
    if name not in WITHOUT_LIBRARY:
        work.stocked()  # made here, so that it does not count as load of the measurement
    rows, machine = busy(lambda: MEASUREMENTS[name](work))
    print("\n" + table(name, rows, machine), flush=True)
    return {
        "name": name,
        "machine": asdict(machine),
        "rows": [asdict(row) | {"met": row.met} for row in rows],
    }


def table(name: str, rows: Sequence[Row], machine: Busy) -> str:
    """The lines of one measurement: what, figure, target, how it was measured."""
    cells = [(row.what, _figure(row), _target(row), row.how) for row in rows]
    widths = [max(30, *(len(cell[0]) for cell in cells)), 16, 22]
    lines = [
        "  ".join(["", *(text.ljust(width) for text, width in zip(cell[:3], widths, strict=True)), cell[3]])
        for cell in cells
    ]
    return "\n".join([f"{name} ({machine})", *lines])


def _figure(row: Row) -> str:
    if row.value is None:
        return "not measured"
    number = f"{row.value:.3f}" if abs(row.value) < 10 else f"{row.value:.1f}"
    return f"{number} {row.unit}"


def _target(row: Row) -> str:
    if row.met is None:
        return ""
    bound = f"at most {row.at_most:g}" if row.at_most is not None else f"at least {row.at_least:g}"
    return f"{bound}: {'met' if row.met else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())
