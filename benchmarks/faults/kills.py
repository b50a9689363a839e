"""SIGKILL at random moments: of an `add` of 500 articles, and of the commands that finish what it left."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.faults import ships
from benchmarks.faults.commands import Ended, killed_at, last_written, run
from benchmarks.faults.content import State, state, tally
from benchmarks.faults.report import Report
from benchmarks.faults.sound import Sound

ADDED = 500  # articles that the killed `add` adds
INDEXED = 1_100  # Chroma writes its segment files after each thousand, which `rebuild` is killed at
IN_ONE_LIBRARY = 20  # kills until a library is looked at and the next one begins
AFTERWARDS = ("rebuild", "ask", "check")  # killed too once an `add` was faster than its kill
IN_TURN = ("add", "add", "check", "add", "ask", "add", "rebuild")
AT_CHROMA = 0.2  # the share of kills that wait until Chroma writes, which is a small part of the time

HIT = "kills that hit a running process"
PHASES = STARTING, STORING, EMBEDDING, CHROMA, ELSE = (
    "  starting",
    "  storing articles",
    "  embedding",
    "  writing Chroma, or after it",
    "  reading, searching, comparing",
)


def run_case(folder: Path, kills: int) -> Report:
    """`kills` kills, in as many libraries as that takes; each library is then finished and looked at."""
    report, chance = Report("kills"), random.Random(6)
    for name in ("kills", HIT, *PHASES):
        report.count(name, 0)
    small, large = Sound(folder / "small", ADDED), Sound(folder / "large", INDEXED)
    while (left := kills - report.counts.get("kills", 0)) > 0:
        # Every fourth library is a large one that is there, and is rebuilt.
        anew = report.counts.get("libraries finished", 0) % 4 == 3
        sound = large if anew else small
        _one_library(report, chance, sound, folder / "library", min(left, IN_ONE_LIBRARY), anew)
    return report


def _one_library(
    report: Report, chance: random.Random, sound: Sound, library: Path, most: int, anew: bool
) -> None:
    shutil.rmtree(library, ignore_errors=True)
    sound.library  # noqa: B018  made before anything is timed
    if anew:
        sound.copied(library)
    log: list[str] = []
    for done, command in enumerate(_order(anew, most)):
        ended, phase = _kill(chance, sound, library, command)
        log.append(f"{command} {'killed' if ended.killed else 'ended'} after {ended.seconds:.2f} s")
        report.count("kills")
        if ended.killed:
            report.count(HIT)
            report.count(phase)
        report.well_behaved(ended, "; ".join(log))
        if command == "add" and not ended.killed:
            most = min(most, done + 1 + len(AFTERWARDS))
        if done + 1 >= most:
            break
    _look(report, sound, library, "; ".join(log), anew)


def _order(anew: bool, most: int) -> Iterator[str]:
    """The commands to kill; after an `add` that was not killed `_one_library` ends this soon."""
    for number in range(most):
        if anew:
            yield ("rebuild", "rebuild", "ask", "rebuild", "check", "rebuild", "add")[number % 7]
        else:
            yield IN_TURN[number % len(IN_TURN)]


def _kill(chance: random.Random, sound: Sound, library: Path, command: str) -> tuple[Ended, str]:
    before = tally(library)
    if not before:
        command = "add"
    arguments = {"add": ("add", str(sound.articles)), "ask": ("ask", ships.QUESTION)}.get(command, (command,))
    sign = library / "chroma" / "chroma.sqlite3"
    written = last_written(sign)
    if command in ("add", "rebuild") and chance.random() < AT_CHROMA:
        ended = killed_at(library, *arguments, moment=chance.uniform(0, 0.6), sign=sign)
    else:
        ended = killed_at(library, *arguments, moment=chance.uniform(0, _longest(sound, before, command)))
    after = tally(library)
    if last_written(sign) != written:
        return ended, CHROMA
    return ended, _phase(before, after, sound, ended)


def _longest(sound: Sound, before: dict[str, int], command: str) -> float:
    """Seconds that a command may take at most: its own on a whole library, and embedding what is not."""
    whole = before.get("embedded", 0) + before.get("indexed", 0)
    there = sum(before.values()) - before.get("writing", 0)
    left = (sound.count if command == "add" else there) - whole
    more = max(0.0, sound.seconds["add"] - sound.seconds["check"]) * left / sound.count
    return sound.seconds["check" if command == "add" else command] * 0.9 + more * 0.9


def _phase(before: dict[str, int], after: dict[str, int], sound: Sound, ended: Ended) -> str:
    """What a command that left Chroma alone was doing when it was killed, as far as its catalogue tells."""
    there = sum(after.values()) - after.get("writing", 0)
    if sum(before.values()) - before.get("writing", 0) < there < sound.count:
        return STORING
    if ended.seconds < sound.seconds["sources"]:  # which does little but start
        return STARTING
    return EMBEDDING if after.get("pending") else ELSE


def _look(report: Report, sound: Sound, library: Path, where: str, anew: bool) -> None:
    """Checks what is there, finishes it, and compares it with the sound library."""
    if tally(library):
        check = run(library, "check")
        report.well_behaved(check, where)
        report.promise(check.status == 0, where, f"{check}, which must exit 0")
        _counted(report, state(library, sound.library), where, complete=anew)
    for arguments in (("add", str(sound.articles)), ("check",)):
        ended = run(library, *arguments)
        report.well_behaved(ended, where)
        report.promise(ended.status == 0, where, f"{ended}, which must exit 0")
    found = state(library, sound.library)
    report.count("libraries finished")
    report.count("articles", found.articles)
    report.count("passages", found.passages)
    _counted(report, found, where, complete=True)
    report.note(f"{report.counts['kills']} kills, {report.counts['libraries finished']} libraries: {found}")


def _counted(report: Report, found: State, where: str, *, complete: bool) -> None:
    for name in ("absent", "changed", "missing", "doubled", "orphans", "lost"):
        if name != "absent" or complete:
            report.count(f"articles {name}" if name == "absent" else name, getattr(found, name))
    report.promise(found.complete if complete else found.sound, where, f"then the library has {found}")
