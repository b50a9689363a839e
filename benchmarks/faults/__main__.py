"""`python -m benchmarks.faults`: does the faults, prints counts, and exits 1 when a promise is broken."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.faults import damage, disk, kills, together
from benchmarks.faults.report import Report
from benchmarks.faults.sound import NotMade

CASES: dict[str, Callable[[Path, argparse.Namespace], Report]] = {
    "kills": lambda folder, options: kills.run_case(folder, options.kills),
    "disk": lambda folder, _: disk.run_case(folder),
    "damage": lambda folder, options: damage.run_case(folder, options.seeds),
    "together": lambda folder, options: together.run_case(folder, options.seconds),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the cases that are asked for; gives the exit status."""
    options = _options(arguments)
    reports = []
    for name in options.only or CASES:
        with tempfile.TemporaryDirectory(prefix=f"faults-{name}-") as scratch:
            print(f"{name} ...", flush=True)
            start = time.monotonic()
            try:
                report = CASES[name](Path(scratch), options)
            except NotMade as error:
                print(f"The library to compare with could not be made: {error}", file=sys.stderr)
                return 1
            report.count("seconds", round(time.monotonic() - start))
        reports.append(report)
    print("\n" + "\n\n".join(map(str, reports)))
    if options.json:
        options.json.write_text(json.dumps([asdict(report) for report in reports], indent=2) + "\n", "utf-8")
    return 1 if any(report.broken for report in reports) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults", description="Does faults to a library and counts what they cost."
    )
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="kills [default: 200]")
    parser.add_argument(
        "--seeds", type=int, default=12, metavar="N", help="places at which bytes are flipped [default: 12]"
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="N", help="how long `together` runs [default: 60]"
    )
    parser.add_argument(
        "--only", action="append", choices=list(CASES), metavar="NAME",
        help=f"one of {', '.join(CASES)}; may be repeated",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same counts there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
