"""Two writers and five readers on one library at once, one of them open all the time as a chat is."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.faults import ships
from benchmarks.faults.commands import run
from benchmarks.faults.content import state
from benchmarks.faults.report import Report
from benchmarks.faults.sound import Sound
from benchmarks.measuring import ROOT, environment

ARTICLES = 600
CHATTING = 0.6  # the share of the time in which a library stays open
STEP = 30  # articles in one `add`, of which the last third is what the other writer adds too


def run_case(folder: Path, seconds: float) -> Report:
    """Writers and readers for `seconds`, until all is added; then everything is compared."""
    report, sound = Report("together"), Sound(folder / "sound", ARTICLES)
    library = folder / "library"
    first = run(library, "add", str(ships.write(folder / "first.jsonl", range(STEP))))
    report.promise(first.status == 0, "one writer", str(first))
    expected = _passages(sound)
    end = time.monotonic() + seconds
    # For a part of the time only: while it is open the index is its own, later each command may have it.
    chat = _chat(library, sound, seconds * CHATTING)
    work: list[Callable[[], None]] = [
        lambda: _writer(report, library, folder, 0, end),
        lambda: _writer(report, library, folder, 1, end),
        *[lambda: _asker(report, sound, library, end)] * 2,
        *[lambda: _lister(report, expected, library, end)] * 2,
    ]
    threads = [threading.Thread(target=item) for item in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _heard(report, chat)
    for command in (("add", str(sound.articles)), ("check",)):
        ended = run(library, *command)
        report.well_behaved(ended, "afterwards")
        report.promise(ended.status == 0, "afterwards", f"{ended}, which must exit 0")
    found = state(library, sound.library)
    for name in ("articles", "passages", "absent", "changed", "missing", "doubled", "orphans", "lost"):
        report.count(name, getattr(found, name))
    report.promise(found.complete, "afterwards", f"the library has {found}")
    return report


def _writer(report: Report, library: Path, folder: Path, side: int, end: float) -> None:
    """Adds its own articles, even or odd steps of them, and some of the other's."""
    for first in range(side * STEP, ARTICLES, 2 * STEP):
        if time.monotonic() > end:
            return
        last = min(ARTICLES, first + STEP + STEP // 3)
        file = ships.write(folder / f"{side}-{first}.jsonl", range(first, last))
        ended = run(library, "add", str(file), "--json")
        report.well_behaved(ended, f"writer {side}")
        if report.promise(ended.status == 0, f"writer {side}", f"{ended}, which must exit 0"):
            told = json.loads(ended.out)
            report.count("articles that the writers added", len(told["added"]))
            report.promise(
                len(told["added"]) + len(told["unchanged"]) == last - first and not told["refused"],
                f"writer {side}",
                f"{ended} accounts for other articles than it was given",
            )


def _asker(report: Report, sound: Sound, library: Path, end: float) -> None:
    """Asks again and again; what is quoted is what the article says."""
    texts = _texts(sound)
    while time.monotonic() < end:
        ended = run(library, "ask", ships.QUESTION, "--json")
        report.well_behaved(ended, "asking")
        report.count("questions")
        if report.promise(ended.status in (0, 3), "asking", f"{ended}, which must answer"):
            wrong = _misquoted(json.loads(ended.out), texts)
            report.promise(not wrong, "asking", f"an answer quotes what no article says: {wrong}")


def _lister(report: Report, expected: dict[str, int], library: Path, end: float) -> None:
    """Lists the sources again and again: each has all its passages, and none goes away."""
    seen: set[str] = set()
    while time.monotonic() < end:
        ended = run(library, "sources", "--json")
        report.well_behaved(ended, "listing")
        report.count("lists of sources")
        if not report.promise(ended.status == 0, "listing", f"{ended}, which must exit 0"):
            continue
        listed = {item["id"]: item["passages"] for item in json.loads(ended.out)}
        half = [key for key, passages in listed.items() if expected.get(key) != passages]
        report.promise(not half, "listing", f"articles that are not whole: {half}")
        report.promise(seen <= listed.keys(), "listing", f"articles went away: {seen - listed.keys()}")
        seen |= listed.keys()


def _passages(sound: Sound) -> dict[str, int]:
    return {item["id"]: item["passages"] for item in json.loads(run(sound.library, "sources", "--json").out)}


def _texts(sound: Sound) -> dict[str, str]:
    db = sqlite3.connect(f"file:{sound.library / 'catalogue.sqlite3'}?mode=ro", uri=True)
    texts = dict(db.execute("SELECT id, text FROM articles"))
    db.close()
    return texts


def _misquoted(answer: dict[str, Any], texts: dict[str, str]) -> list[str]:
    return [
        item["quote"]
        for item in answer["citations"].values()
        if texts[item["source"]][item["start"] : item["end"]] != item["quote"]
    ]


# The library that stays open, in a process of its own: `python -m benchmarks.faults.together LIBRARY ...`.


def _chat(library: Path, sound: Sound, seconds: float) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.faults.together",
        str(library),
        str(sound.library),
        str(seconds),
    ]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _heard(report: Report, chat: subprocess.Popen[str]) -> None:
    out, err = chat.communicate(timeout=300)
    if not report.promise(chat.returncode == 0, "an open chat", f"status {chat.returncode}: {err[-600:]}"):
        return
    told = json.loads(out.splitlines()[-1])
    for name, number in told["counts"].items():
        report.count(f"an open chat: {name}", number)
    for what in told["broken"]:
        report.promise(False, "an open chat", what)


def stay_open(library: Path, sound: Path, seconds: float) -> dict[str, Any]:
    """Asks and looks up vectors for as long as the writers write, as a chat in the browser does.

    `broken` names what was wrong, `counts` says how much was looked at. Each time, every passage that the
    catalogue has when it is looked at must be found by its own vector.
    """
    from assistant.answering import ask
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.settings import load

    counts: Counter[str] = Counter()
    broken: set[str] = set()
    db = sqlite3.connect(f"file:{library / 'catalogue.sqlite3'}?mode=ro", uri=True, timeout=30)
    right = sqlite3.connect(f"file:{sound / 'catalogue.sqlite3'}?mode=ro", uri=True)
    texts = dict(right.execute("SELECT id, text FROM articles"))
    live = "SELECT id FROM articles WHERE state != 'pending' AND replaced_by IS NULL"
    end = time.monotonic() + seconds
    with Library.open(load(library=library)) as opened:
        last = False
        while not last:
            last = time.monotonic() > end  # once more when all was said
            answer = ask(opened, ships.QUESTION)
            counts["questions"] += 1
            broken |= {f"a notice {notice.code}: {notice.text}" for notice in answer.notices}
            broken |= {f"misquoted {quote}" for quote in _misquoted(answer.as_json(), texts)}
            rows = db.execute(f"SELECT id, vector FROM passages WHERE article IN ({live})").fetchall()
            for key, vector in rows:
                near, notices = opened.nearest(np.frombuffer(vector, np.float32), 10, Filters())
                counts["vectors searched"] += 1
                if key not in [item.passage for item in near] or notices:
                    counts["vectors not found"] += 1
                    broken.add(
                        f"passages that are in the catalogue are not found {[n.code for n in notices]}"
                    )
    return {"counts": {"vectors not found": 0} | counts, "broken": sorted(broken)}


if __name__ == "__main__":
    print(json.dumps(stay_open(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))))
