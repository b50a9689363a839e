"""What is done to a library from outside costs no article, and what was damaged is named."""

from __future__ import annotations

import contextlib
import io
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.errors import LibraryError
from assistant.library import Library
from assistant.models import Filters, Progress
from assistant.progress import Reporter
from assistant.salvage import salvage
from assistant.settings import Settings
from benchmarks.faults import commands, ships
from benchmarks.faults.content import State, compare
from benchmarks.faults.report import Report
from tests.fakes import CHILDREN, article, articles, complete, near, opened, whole_so_far

HELD = 20  # more than `small_library`, so that Chroma is asked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of HELD articles that nothing was done to; to be copied."""
    folder = tmp_path_factory.mktemp("made") / "library"
    with opened(Settings(library=folder)) as library:
        library.add(articles(HELD))
    return folder


@pytest.fixture
def there(made: Path, settings: Settings) -> Settings:
    """Settings of a copy of it."""
    shutil.copytree(made, settings.library)
    return settings


# --- a disk that is full --------------------------------------------------------------------------


def add_within(settings: Settings, most: int, count: int, said: Any) -> None:
    """Adds where no file can grow above `most` bytes, and says how it went."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    notes: list[str] = []
    try:
        with opened(settings) as library:
            library.add(articles(count), lambda progress: notes.append(progress.stage))
    except LibraryError as error:
        said.put(("refused", str(error)))
    except BaseException as error:
        said.put(("crashed", repr(error)))
    else:
        said.put(("added", " ".join(notes)))


@pytest.mark.parametrize("kilobytes", [1, 20, 60, 100, 140, 200, 400])
def test_an_add_that_has_no_room_says_so_and_the_next_one_finishes_it(
    settings: Settings, kilobytes: int
) -> None:
    said = CHILDREN.Queue()
    child = CHILDREN.Process(target=add_within, args=(settings, kilobytes * 1024, HELD, said))
    child.start()
    how, words = said.get(timeout=240)
    child.join()
    assert child.exitcode == 0
    assert how == "refused" or (how == "added" and (kilobytes == 400 or "index is damaged" in words)), words
    with opened(settings) as library:
        whole_so_far(library.catalogue)
        library.finish()
        library.add(articles(HELD))
        complete(library, articles(HELD))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_keeps_nobody_from_reading(made: Path, disk: Path) -> None:
    shutil.copytree(made, disk / "library")
    room = os.statvfs(disk)
    (disk / "ballast").write_bytes(b"\0" * (room.f_bavail * room.f_frsize))
    with opened(Settings(library=disk / "library")) as library:
        assert len(library.entries()) == HELD
        assert near(library, article(3)) == {article(3).id}
        with pytest.raises(LibraryError, match="free"):
            library.add(articles(200, HELD))
        assert near(library, article(3)) == {article(3).id}
        (disk / "ballast").unlink()
        library.add(articles(2, HELD))
        library.remove(article(0).id)
        assert near(library, article(HELD + 1)) == {article(HELD + 1).id}


# --- files that are damaged -----------------------------------------------------------------------


def used(settings: Settings) -> list[str] | None:
    """Reads, searches and checks; gives what `check` names, None where the library refuses in words."""
    found: list[str] | None = None
    with contextlib.suppress(LibraryError), opened(settings) as library:
        found = library.check()
        for entry in library.entries():
            library.article(entry.source.id)
        library.nearest(library.embedder.embed(["a ship"], "query")[0], 50, Filters())
    return found


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.5, 0.9, 0.999])
def test_a_catalogue_that_was_cut_is_refused_or_named_and_never_read_as_whole(
    there: Settings, share: float
) -> None:
    file = there.library / "catalogue.sqlite3"
    with file.open("r+b") as data:
        data.truncate(int(file.stat().st_size * share))
    assert used(there) != []


def flipped(made: Path, folder: Path, seed: int, places: int) -> Settings:
    """A copy of `made` in whose catalogue so many bits are other ones."""
    settings = Settings(library=folder / "library")
    shutil.copytree(made, settings.library)
    file, chance = settings.library / "catalogue.sqlite3", random.Random(seed)
    data = bytearray(file.read_bytes())
    for _ in range(places):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    return settings


@given(seed=st.integers(0, 10_000), places=st.sampled_from([1, 4, 30, 300]))
@examples(max_examples=25)
@example(seed=0, places=3000)
def test_flipped_bits_in_the_catalogue_are_met_with_words_and_no_crash(
    made: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, places: int
) -> None:
    used(flipped(made, tmp_path_factory.mktemp("flipped"), seed, places))  # raises nothing


def test_flipped_bits_in_the_catalogue_are_named_or_change_nothing(made: Path, tmp_path: Path) -> None:
    for seed in range(12):
        settings = flipped(made, tmp_path / str(seed), seed, 8)
        if used(settings) == []:
            with opened(settings) as library:
                complete(library, articles(HELD))


def test_one_changed_digit_of_an_article_is_named_by_check(there: Settings) -> None:
    file = there.library / "catalogue.sqlite3"
    data = file.read_bytes()
    assert b"Witness 3.1 saw ship 3" in data
    file.write_bytes(data.replace(b"Witness 3.1 saw ship 3", b"Witness 3.1 saw ship 8"))
    assert used(there) != []


def test_a_schema_with_bytes_that_are_no_text_is_refused_in_words(there: Settings) -> None:
    file = there.library / "catalogue.sqlite3"
    data = file.read_bytes()
    assert b"CREATE TABLE" in data
    file.write_bytes(data.replace(b"CREATE TABLE", b"CREATE T\xe1BLE"))
    assert used(there) is None


def rebuild_and_die(settings: Settings) -> None:
    with opened(settings) as library:
        library.rebuild(lambda _: None)
        library.remove(article(1).id)
        os.kill(os.getpid(), 9)


@pytest.mark.parametrize("seed", range(4))
def test_what_can_be_read_of_a_damaged_catalogue_is_kept_and_only_that(
    made: Path, tmp_path: Path, seed: int
) -> None:
    settings = flipped(made, tmp_path, seed, 12)
    file = settings.library / "catalogue.sqlite3"
    saved = salvage(file, lambda _: None)
    assert saved is not None and 0 < saved.articles <= HELD
    assert saved.aside.exists() and saved.aside != file
    with opened(settings) as library:
        library.finish()
        kept = [item for item in articles(HELD) if item.id in {e.source.id for e in library.entries()}]
        assert len(kept) == saved.articles
        complete(library, kept)
        library.add(articles(HELD))
        complete(library, articles(HELD))
    assert salvage(file, lambda _: None) is None


def test_an_index_whose_reading_ends_the_program_is_named_by_check_and_mended(there: Settings) -> None:
    with opened(there) as library:
        assert library.check(careful=True) == []
    for file in (there.library / "chroma").glob("*.sqlite3"):
        file.write_bytes(b"no database " * 999)
    with opened(there) as library:
        assert "damaged" in library.check(careful=True)[0]
        library.rebuild()
        complete(library, articles(HELD))


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7])
def test_a_log_that_was_lost_after_a_kill_leaves_a_library_that_rebuild_mends(
    there: Settings, kept: float
) -> None:
    child = CHILDREN.Process(target=rebuild_and_die, args=(there,))
    child.start()
    child.join(240)
    log = there.library / "catalogue.sqlite3-wal"
    with log.open("r+b") as data:
        data.truncate(int(log.stat().st_size * kept))
    with opened(there) as library:
        library.rebuild()
        library.add(articles(HELD))
        complete(library, articles(HELD))


# --- a folder that may only be read ---------------------------------------------------------------


def read_as_nobody(settings: Settings, said: Any) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        with opened(settings) as library:
            said.put((len(library.entries()), near(library, article(3)) == {article(3).id}))
    except LibraryError as error:
        said.put(str(error))
    except BaseException as error:
        said.put(error)


def test_a_folder_that_may_not_be_written_is_read_or_refused_by_name(made: Path) -> None:
    for place in (made, *made.parents):
        if place.owner() == made.owner() and place.is_relative_to(made.parents[2]):
            place.chmod(0o755)
    for path in [*made.rglob("*"), made]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        said = CHILDREN.Queue()
        child = CHILDREN.Process(target=read_as_nobody, args=(Settings(library=made), said))
        child.start()
        found = said.get(timeout=240)
        child.join()
    finally:
        for path in [made, *made.rglob("*")]:
            path.chmod(0o755)
    assert found == (HELD, True) or (isinstance(found, str) and str(made) in found and "--library" in found)


# --- writers and readers at once ------------------------------------------------------------------


def add_one_by_one(settings: Settings, numbers: list[int], said: Any) -> None:
    try:
        for number in numbers:
            with opened(settings) as library:
                library.add([article(number)])
        said.put("")
    except BaseException as error:
        said.put(repr(error))


def test_a_library_that_stays_open_finds_all_that_two_others_add_and_sees_nothing_half(
    there: Settings,
) -> None:
    said = CHILDREN.Queue()
    shares = [list(range(HELD, HELD + 12)), list(range(HELD + 8, HELD + 20))]  # some are added by both
    with opened(there) as library:
        assert near(library, article(0)) == {article(0).id}
        writers = [CHILDREN.Process(target=add_one_by_one, args=(there, share, said)) for share in shares]
        for writer in writers:
            writer.start()
        seen: set[str] = set()
        while any(writer.is_alive() for writer in writers):
            whole_so_far(library.catalogue)
            listed = {entry.source.id for entry in library.entries()}
            assert seen <= listed
            for number in range(HELD + 20):
                if article(number).id in listed:
                    assert near(library, article(number)) == {article(number).id}
            seen = listed
        assert [said.get(timeout=240) for _ in writers] == ["", ""]
        complete(library, articles(HELD + 20))


@pytest.mark.parametrize("words", ["waiting for another program that is adding", "the index is damaged"])
def test_what_a_command_has_to_say_once_is_said_at_once(words: str) -> None:
    stream = io.StringIO()
    Reporter(stream)(Progress(words, 0, 0))
    assert words[1:] in stream.getvalue()


# --- the harness itself: what it must notice -------------------------------------------------------


def by_hand(sql: str) -> Callable[[Library], None]:
    def change(library: Library) -> None:
        db = sqlite3.connect(library.folder / "catalogue.sqlite3")
        with db:
            db.execute(sql.replace("?", f"'{article(3).id}'"))
        db.close()

    return change


def forget(library: Library) -> None:
    index = library.owner()
    assert index is not None
    index.remove([passage.id for passage in library.catalogue.passages_of(article(3).id)])


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda _: None, set()),
        (forget, {"missing"}),
        (lambda library: library.remove(article(3).id), {"absent"}),
        (by_hand("DELETE FROM articles WHERE id = ?"), {"absent", "orphans"}),
        (by_hand("UPDATE articles SET state = 'pending' WHERE id = ?"), {"absent", "orphans"}),
        (by_hand("UPDATE articles SET text = text || '.' WHERE id = ?"), {"changed"}),
        (by_hand("DELETE FROM passages WHERE article = ? AND ordinal = 1"), {"changed", "orphans"}),
        (by_hand("UPDATE passages SET vector = zeroblob(128) WHERE article = ?"), {"changed", "lost"}),
    ],
)
def test_the_comparison_notices(
    there: Settings, made: Path, change: Callable[[Library], None], names: set[str]
) -> None:
    with opened(there) as library:
        assert near(library, article(3)) == {article(3).id}
        change(library)
    found = list(compare(there.library, made))[-1]
    assert {name for name in State.__slots__[2:-2] if getattr(found, name)} == names
    assert found.complete == (not names)


def test_what_no_command_may_do_is_a_broken_promise(tmp_path: Path) -> None:
    file = ships.write(tmp_path / "ships.jsonl", range(3))
    added = commands.run(tmp_path / "library", "add", str(file))
    assert (added.status, added.trouble) == (0, None), added
    killed = commands.killed_at(tmp_path / "library", "check", moment=0.05)
    assert (killed.status, killed.killed, killed.trouble) == (-9, True, None)
    assert commands.run(tmp_path / "library", "check", limit=0.05).trouble == "hung for 0 s"
    assert commands.run(tmp_path / "library", "rechne").trouble == "ended with status 2"
    raised = commands.run(tmp_path / "library", "check", before=[sys.executable, "-c", "raise OSError", "--"])
    report = Report("one")
    assert not report.well_behaved(raised, "here") and "printed a traceback" in report.broken[0]
    assert str(report).startswith("one: BROKEN")
