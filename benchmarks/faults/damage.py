"""Files that are cut, changed or deleted, and what the commands then say, do and can mend."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.faults import ships
from benchmarks.faults.commands import Ended, killed_at, run
from benchmarks.faults.content import State, state
from benchmarks.faults.report import Report
from benchmarks.faults.sound import Sound

ARTICLES = 1_100  # above 1,000 passages Chroma writes its segment files
HANGS = 60.0  # seconds; every command here takes less than a tenth of it

Damage = Callable[[Path], None]
# What is done, command by command, to a fresh copy of the damaged library: the first, and one of the others.
CHECKED = ("ask", "check", "check --repair", "ask", "add")
OTHERWISE = (("rebuild", "ask", "add"), ("add", "ask"))


def run_case(folder: Path, seeds: int) -> Report:
    """Every damage in every way; `seeds`: how many places of the catalogue get flipped bytes."""
    report, sound = Report("damage"), Sound(folder / "sound", ARTICLES)
    right = json.loads(sound.answer.out)
    for number, (name, damage) in enumerate({**CATALOGUE, **CHROMA, **_flips(seeds)}.items()):
        for way in (CHECKED, OTHERWISE[number % len(OTHERWISE)]):
            library = sound.copied(folder / "library")
            damage(library)
            _follow(report, sound, library, right, name, way)
        report.count("damages")
    if run(sound.library, "restore", "--help").status == 0:
        _restored(report, sound, folder)
    else:
        report.skipped.append("restoring a backup: this version has no command `restore`")
    return report


def _follow(
    report: Report, sound: Sound, library: Path, right: dict[str, Any], name: str, way: tuple[str, ...]
) -> None:
    """The commands of a way, one after the other, each with what is promised of it."""
    done: list[str] = []
    for command in way:
        where = " ".join([name, *(f"| {item}" for item in done)])
        before = _state(library, sound) if command == "check" else State()
        ended = _run(library, sound, command)
        done.append(command)
        report.note(f"{where}: {ended}")
        report.well_behaved(ended, where)
        if command == "ask":
            _answered(report, right, ended, where)
        elif ended.status == 1:
            report.count(f"`{command}` refused in words")
        elif command == "check":
            report.promise(before.complete, where, f"{ended}, though it has {before}")
        elif ended.status == 0:
            found = _state(library, sound)
            # An `add` need not look at the index; what is wrong there is for `ask` and `check` to name.
            kept = found.right and not found.absent if command == "add" else found.sound
            report.count(f"`{command}` left " + ("everything" if found.complete else "less"))
            report.promise(kept or _told(ended), where, f"{ended}, without a word of it that it has {found}")


def _told(ended: Ended) -> bool:
    return "damaged" in ended.err + ended.out


def _run(library: Path, sound: Sound, command: str) -> Ended:
    arguments = {"add": ("add", str(sound.articles)), "ask": ("ask", ships.QUESTION, "--json")}
    return run(library, *arguments.get(command, tuple(command.split())), limit=HANGS)


def _state(library: Path, sound: Sound) -> State:
    return state(library, sound.library) if library.exists() else State(unreadable="no folder")


def _answered(report: Report, right: dict[str, Any], ended: Ended, where: str) -> None:
    """An answer is the right one, has a notice, or is an error; never fewer results in silence."""
    if ended.status == 1:
        report.count("questions refused in words")
        return
    try:
        answer = json.loads(ended.out)
    except ValueError:
        report.promise(ended.trouble is not None, where, f"{ended} printed no JSON")
        return
    told = [item["code"] for item in answer["notices"] if item not in right["notices"]]
    same = all(
        answer[key] == right[key] for key in ("finding", "summary", "accounts", "citations", "sources")
    )
    report.count("questions answered as before" if same else "questions answered otherwise")
    if told:
        report.count("questions answered with a notice")
    report.promise(same or bool(told), where, "`ask` answers otherwise and has no notice of it")
    known = {key: item["quote"] for key, item in right["citations"].items()}
    wrong = [
        key for key, item in answer["citations"].items() if known.get(key, item["quote"]) != item["quote"]
    ]
    report.promise(not wrong, where, f"`ask` quotes another text than the article had: {wrong}")


def _restored(report: Report, sound: Sound, folder: Path) -> None:
    """A backup brings back what damage took."""
    backup = folder / "backup.zip"
    for arguments in (("backup", str(backup)),):
        ended = run(sound.library, *arguments)
        report.promise(ended.status == 0, "backup", str(ended))
    for name, damage in {"nothing": lambda _: None, **CATALOGUE}.items():
        library = sound.copied(folder / "library")
        damage(library)
        where = f"{name} | restore"
        ended = run(library, "restore", str(backup))
        report.well_behaved(ended, where)
        if ended.status:  # a folder that has something in it may be refused; a new one may not
            report.note(f"{where}: {ended}")
            shutil.rmtree(library)
            ended = run(library, "restore", str(backup))
        found = _state(library, sound)
        report.promise(ended.status == 0 and found.right and not found.absent, where, f"{ended}; {found}")
        check = run(library, "check", "--repair")
        found = _state(library, sound)
        report.promise(check.status == 0 and found.complete, f"{where} | check --repair", f"{check}; {found}")
        report.count("restored")


# What is done to the files.


def _cut(name: str, length: Callable[[int], int]) -> Damage:
    def damage(library: Path) -> None:
        file = _file(library, name)
        with file.open("r+b") as data:
            data.truncate(length(file.stat().st_size))

    return damage


def _garbage(name: str) -> Damage:
    def damage(library: Path) -> None:
        file = _file(library, name)
        file.write_bytes(random.Random(1).randbytes(file.stat().st_size))

    return damage


def _delete(name: str) -> Damage:
    def damage(library: Path) -> None:
        path = _file(library, name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def _flip(name: str, seed: int, places: int) -> Damage:
    def damage(library: Path) -> None:
        chance, file = random.Random(seed), _file(library, name)
        data = bytearray(file.read_bytes())
        for _ in range(places):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)

    return damage


def _log_lost(share: float) -> Damage:
    """A `rebuild` is killed, and what it wrote to the catalogue's log is lost, all of it or the end."""

    def damage(library: Path) -> None:
        log = library / "catalogue.sqlite3-wal"
        killed_at(library, "rebuild", moment=0.4, sign=library / "chroma" / "chroma.sqlite3")
        if log.exists():
            size = log.stat().st_size
            with log.open("r+b") as data:
                data.truncate(int(size * share))

    return damage


def _reworded(library: Path) -> None:
    """One digit of one article is another one, as a flipped bit makes it."""
    file = library / "catalogue.sqlite3"
    old, new = b"into harbour 3 with 221 crates", b"into harbour 3 with 223 crates"
    file.write_bytes(file.read_bytes().replace(old, new))


def _file(library: Path, name: str) -> Path:
    """`*` stands for the folder of Chroma's vectors, which has another name in every library."""
    return next(library.glob(name))


def _flips(seeds: int) -> dict[str, Damage]:
    return {
        f"catalogue.sqlite3 with {places} flipped bits, seed {seed}": _flip("catalogue.sqlite3", seed, places)
        for seed in range(seeds)
        for places in [(1, 8, 64)[seed % 3]]
    }


CATALOGUE: dict[str, Damage] = {
    "catalogue.sqlite3 empty": _cut("catalogue.sqlite3", lambda _: 0),
    "catalogue.sqlite3 cut to one page": _cut("catalogue.sqlite3", lambda _: 4096),
    "catalogue.sqlite3 cut to half": _cut("catalogue.sqlite3", lambda size: size // 2),
    "catalogue.sqlite3 without its last byte": _cut("catalogue.sqlite3", lambda size: size - 1),
    "catalogue.sqlite3 without its last page": _cut("catalogue.sqlite3", lambda size: size - 4096),
    "catalogue.sqlite3 garbage": _garbage("catalogue.sqlite3"),
    "catalogue.sqlite3 deleted": _delete("catalogue.sqlite3"),
    "catalogue.sqlite3 with one number changed": _reworded,
    "catalogue.sqlite3-wal lost after a kill": _log_lost(0.0),
    "catalogue.sqlite3-wal cut to half after a kill": _log_lost(0.5),
}
_SEGMENT = "chroma/*-*-*"
CHROMA: dict[str, Damage] = {
    "chroma deleted": _delete("chroma"),
    "the folder of Chroma's vectors deleted": _delete(_SEGMENT),
    "chroma.sqlite3 deleted": _delete("chroma/chroma.sqlite3"),
    "chroma.sqlite3 empty": _cut("chroma/chroma.sqlite3", lambda _: 0),
    "chroma.sqlite3 cut to half": _cut("chroma/chroma.sqlite3", lambda size: size // 2),
    "chroma.sqlite3 garbage": _garbage("chroma/chroma.sqlite3"),
    "data_level0.bin cut to half": _cut(f"{_SEGMENT}/data_level0.bin", lambda size: size // 2),
    "data_level0.bin empty": _cut(f"{_SEGMENT}/data_level0.bin", lambda _: 0),
    "data_level0.bin with 64 flipped bits": _flip(f"{_SEGMENT}/data_level0.bin", 1, 64),
    "data_level0.bin garbage": _garbage(f"{_SEGMENT}/data_level0.bin"),
    "link_lists.bin with 64 flipped bits": _flip(f"{_SEGMENT}/link_lists.bin", 1, 64),
    "link_lists.bin deleted": _delete(f"{_SEGMENT}/link_lists.bin"),
    "header.bin with 8 flipped bits": _flip(f"{_SEGMENT}/header.bin", 1, 8),
    "header.bin garbage": _garbage(f"{_SEGMENT}/header.bin"),
    "length.bin with 64 flipped bits": _flip(f"{_SEGMENT}/length.bin", 1, 64),
    "index_metadata.pickle cut to half": _cut(f"{_SEGMENT}/index_metadata.pickle", lambda size: size // 2),
    "index_metadata.pickle garbage": _garbage(f"{_SEGMENT}/index_metadata.pickle"),
}
