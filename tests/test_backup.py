"""Backups: a whole library in one file, from either pair of stores into either, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from assistant.backup import restore
from assistant.errors import LibraryError
from assistant.library import where
from assistant.models import Filters, Progress
from assistant.settings import Settings
from tests.fakes import article, articles, complete, near, opened
from tests.servers import own_schema


def nothing(_: Progress) -> None:
    return None


@pytest.fixture(params=["folder", "servers"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of another library that is not there yet."""
    if request.param == "folder":
        yield Settings(library=tmp_path / "other")
        return
    database, index = request.getfixturevalue("servers")
    name = f"t{uuid4().hex[:16]}"
    with own_schema(database, name) as address:
        yield Settings(
            library=tmp_path / "other",
            database_url=SecretStr(address),
            chroma_url=index,
            chroma_collection=name,
        )


def test_a_backup_restored_elsewhere_is_the_same_library(
    settings: Settings, other: Settings, tmp_path: Path
) -> None:
    old = article(1, url="http://post/1", outlet="The Post", title="The bridge")
    new = article(2, url="http://post/1", outlet="The Post", title="The bridge")
    file = tmp_path / "backups" / "today.sqlite3"
    with opened(settings) as library:
        library.add([*articles(4, 10), old])
        library.add([new])
        before = library.entries()
        assert library.catalogue.back_up(file, nothing) == 6
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert restore(file, where(other), nothing) == 6
    with opened(other) as library:
        assert library.entries() == before and library.article(old.id) == old
        assert near(library, old) == set() and near(library, new) == {new.id}
        words = library.catalogue.search_words(["harbour"], 100, Filters())
        assert {p.article for p in library.catalogue.passages(words).values()} == {
            entry.source.id for entry in before if entry.replaced_by is None
        }
        library.remove(new.id)
        library.add(articles(2, 20))  # numbers of rows go on after those of the backup
        complete(library, [*articles(4, 10), old, *articles(2, 20)])


def test_a_backup_of_a_library_in_use_is_whole(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite3"
    with opened(settings) as library:
        library.add(articles(3))

        def more() -> Iterator[object]:
            yield article(3)
            library.catalogue.back_up(file, nothing)
            yield article(4)

        library.add(more())  # type: ignore[arg-type]
    fresh = Settings(library=tmp_path / "fresh")
    restore(file, where(fresh), nothing)
    with opened(fresh) as library:
        library.finish()
        complete(library, articles(4))


def test_a_backup_takes_the_place_of_nothing(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite3"
    with opened(settings) as library:
        library.add(articles(2))
        library.catalogue.back_up(file, nothing)
        with pytest.raises(LibraryError, match="exists already"):
            library.catalogue.back_up(file, nothing)
        library.remove(article(0).id)
    with pytest.raises(LibraryError, match="a library with articles in that place already"):
        restore(file, where(settings), nothing)
    with opened(settings) as library:
        complete(library, [article(1)])


@pytest.mark.parametrize("damage", ["cut", "other", "none"])
def test_a_file_that_is_no_sound_backup_is_refused_and_leaves_nothing(
    settings: Settings, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "backup.sqlite3"
    with opened(settings) as library:
        library.add(articles(30))
        library.catalogue.back_up(file, nothing)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "other":
        file.write_text("no database " * 999)
    else:
        file.unlink()
    fresh = Settings(library=tmp_path / "fresh")
    with pytest.raises(LibraryError, match=r"backup|\.sqlite3|Check"):
        restore(file, where(fresh), nothing)
    with opened(fresh) as library:
        assert not library.entries() and not library.catalogue.ledger.waiting()
