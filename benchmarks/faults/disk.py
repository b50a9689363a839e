"""A full disk, a folder that may not be written, and one that another program has locked."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults import ships
from benchmarks.faults.commands import AS_NOBODY, Ended, Running, run
from benchmarks.faults.content import state
from benchmarks.faults.report import Report
from benchmarks.faults.sound import Sound

ARTICLES = 150
DISK = 24  # megabytes
FREE = (
    0,
    40,
    240,
    800,
    1_600,
    2_400,
    3_200,
    4_000,
    4_400,
    4_800,
    5_200,
    6_000,
)  # kilobytes left for a new library
FREE_MORE = (0, 32, 100, 400, 1_000, 2_000, 3_000, 4_400, 5_200)  # kilobytes left for as many articles more
READING = (("sources",), ("show",), ("ask", ships.QUESTION), ("check",))
WAIT = 45.0  # seconds in which a command on a locked library has to end or to say that it waits


def run_case(folder: Path) -> Report:
    """Every fault of a disk that this user can make; the others are named as skipped."""
    report, sound = Report("disk"), Sound(folder / "sound", ARTICLES)
    more = Sound(folder / "more", 2 * ARTICLES)
    with _mounted(folder / "disk", report) as disk:
        if disk is not None:
            for free in FREE:
                _full(report, sound, sound, disk, free, new=True)
            for free in FREE_MORE:
                _full(report, sound, more, disk, free, new=False)
            _read_only_mount(report, sound, disk)
    _no_rights(report, sound, folder / "rights")
    for name in ("catalogue.lock", "adding.lock", "chroma.lock", "catalogue.sqlite3"):
        _locked(report, sound, folder / "locked", name)
    return report


@contextmanager
def _mounted(place: Path, report: Report) -> Iterator[Path | None]:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
        why = done.stderr.strip()
    except OSError as error:
        why = str(error)
    if why or not place.is_mount():
        report.skipped.append(f"a full disk and a read-only one: no small file system can be mounted ({why})")
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)


def _full(report: Report, start: Sound, sound: Sound, disk: Path, free: int, *, new: bool) -> None:
    """An `add` that fills the disk, reading while it is full, and the next `add` after room was made."""
    library, ballast = disk / "library", disk / "ballast"
    shutil.rmtree(library, ignore_errors=True)
    where = f"{'a new library' if new else f'{ARTICLES} articles there'}, {free} KB free"
    if new:
        library.mkdir()
    else:
        start.copied(library)
        report.promise(
            run(library, "sources").status == 0, where, "`sources` failed before the disk was full"
        )
    _fill(ballast, free * 1024)
    add = run(library, "add", str(sound.articles))
    report.count("adds on a full disk")
    report.well_behaved(add, where)
    if add.status == 0:
        report.count("  that had room enough")
    else:
        report.count(f"  that {_hit(library, add)} ended")
    report.note(f"{where}: {add}")
    _fill(ballast, 0, keep=True)
    for arguments in _reading(start):
        ended = run(library, *arguments)
        report.well_behaved(ended, f"{where}, then full")
        if not new:
            report.promise(ended.status == 0, f"{where}, then full", f"{ended}, though all of it is there")
    ballast.unlink()
    _recovers(report, sound, library, f"{where}, then freed")


def _hit(library: Path, add: Ended) -> str:
    """Which file met the limit, by what the command said and what is there."""
    if not (library / "catalogue.sqlite3").exists() or not (library / "catalogue.sqlite3").stat().st_size:
        return "making the catalogue"
    if "index" in add.err or "Chroma" in add.err:
        return "writing Chroma"
    return "writing the catalogue"


def _fill(ballast: Path, free: int, *, keep: bool = False) -> None:
    """Writes a file until `free` bytes are left; with `keep` what is left is taken too."""
    with ballast.open("ab" if keep else "wb") as file:
        found = os.statvfs(ballast)
        size = max(0, found.f_bavail * found.f_frsize - free)
        file.write(b"\0" * size)


def _recovers(report: Report, sound: Sound, library: Path, where: str) -> None:
    """The next `add` finishes everything."""
    for arguments in (("add", str(sound.articles)), ("check",)):
        ended = run(library, *arguments)
        report.well_behaved(ended, where)
        report.promise(ended.status == 0, where, f"{ended}, which must exit 0")
    found = state(library, sound.library)
    report.count("libraries finished")
    for name in ("absent", "changed", "missing", "doubled", "orphans", "lost"):
        report.count(name, getattr(found, name))
    report.promise(found.complete, where, f"then the library has {found}")


def _reading(sound: Sound) -> list[tuple[str, ...]]:
    return [(*item, sound.an_id) if item == ("show",) else item for item in READING]


def _reads(report: Report, sound: Sound, library: Path, where: str, before: Sequence[str] = ()) -> None:
    """Reading works or says clearly why not; what it prints is then what the sound library prints."""
    for arguments in [*_reading(sound), ("add", str(sound.articles))]:
        ended = run(library, *arguments, before=before)
        report.well_behaved(ended, where)
        report.count(f"{where}: {'worked' if ended.status in (0, 3) else 'said why not'}")
        report.note(f"{where}: {ended}")
        if ended.status == 0 and arguments[0] in ("sources", "show"):
            right = run(sound.library, *arguments).out
            report.promise(ended.out == right, where, f"{ended} printed something else than before")


def _read_only_mount(report: Report, sound: Sound, disk: Path) -> None:
    library = sound.copied(disk / "library")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, capture_output=True)
    try:
        _reads(report, sound, library, "a disk mounted read-only")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True, capture_output=True)
    _recovers(report, sound, library, "a disk mounted read-only, then writable")


def _no_rights(report: Report, sound: Sound, folder: Path) -> None:
    """Folders that a user may read and not write, and not even read."""
    if os.geteuid() != 0 or shutil.which(AS_NOBODY[0]) is None:
        report.skipped.append("a folder without rights: needs root, and setpriv to be somebody else")
        return
    for place in (*folder.parents, folder):
        if place.exists() and place.stat().st_uid == os.geteuid() and place.parent != Path("/"):
            place.chmod(0o755)
    for mode, what in ((0o555, "a folder that may not be written"), (0o000, "a folder that may not be read")):
        library = sound.copied(folder / "library")
        for path in [*library.rglob("*"), library]:
            path.chmod(mode if path.is_dir() else mode & 0o444)
        _reads(report, sound, library, what, before=AS_NOBODY)
        for path in [library, *library.rglob("*")]:
            path.chmod(0o755)
        _recovers(report, sound, library, f"{what}, then it may")


def _locked(report: Report, sound: Sound, library: Path, name: str) -> None:
    """Another program has one of the locks, and gives it free after a while."""
    sound.copied(library)
    where = f"{name} held by another program"
    (library / name).touch()
    for arguments in (("sources",), ("ask", ships.QUESTION), ("add", str(sound.articles))):
        with _held(library / name):
            running = Running(library, arguments)
            ended = _until(running, WAIT)
            said = running.said().strip() if ended is None else ""
        if ended is None:
            report.count(f"{where}: waited")
            report.promise(bool(said), where, f"`{arguments[0]}` waits for {WAIT:.0f} s without a word")
            ended = running.wait()
            report.promise(ended.status == 0, f"{where}, then given free", f"{ended}, which must exit 0")
        else:
            report.count(f"{where}: {'worked' if ended.status in (0, 3) else 'said why not'}")
        report.note(f"{where}: {ended} {said[-200:]}")
        report.well_behaved(ended, where)
    _recovers(report, sound, library, f"{where}, then given free")


def _until(running: Running, limit: float) -> Ended | None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if running.over:
            return running.wait()
        time.sleep(0.05)
    return None


@contextmanager
def _held(file: Path) -> Iterator[None]:
    if file.suffix == ".lock":
        with file.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        return
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
        db.close()
