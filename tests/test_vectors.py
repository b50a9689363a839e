"""The vector index: as exact as numpy, filters, batches, and damage that is named and mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.chroma import IndexDamaged
from assistant.library import Library
from assistant.models import Filters
from assistant.settings import Settings
from assistant.splitting import split
from assistant.vectors import Entry, Index, Near
from tests.fakes import FakeEmbedder, article, articles, opened

Vectors = NDArray[np.float32]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index.open(tmp_path / "chroma")
    assert made is not None
    yield made
    made.close()


def units(count: int, dimensions: int = 32, seed: int = 0) -> Vectors:
    found = np.random.default_rng(seed).normal(size=(count, dimensions))
    unit: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


def fill(index: Index, vectors: Vectors, prefix: str = "p") -> None:
    index.add([Entry(f"{prefix}{i}", vector, None, None) for i, vector in enumerate(vectors)])


def ids(near: list[Near]) -> list[str]:
    return [item.passage for item in near]


# --- searching ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 5, 1000])
def test_real_passages_are_found_as_numpy_finds_them(example: Library, index: Index, n: int) -> None:
    held = example.catalogue.vectors()
    assert len(held.ids) > 30
    index.add([Entry(key, vector, None, None) for key, vector in zip(held.ids, held.matrix, strict=True)])
    questions = ["Why was the bridge closed?", "Что сказал Песков?", "How many ships wait?", ""]
    for vector in [*example.embedder.embed(questions, "query"), held.matrix[7]]:
        cosines = held.matrix @ vector
        order = np.argsort(-cosines)[:n]
        near = index.query(vector, n)
        assert ids(near) == [held.ids[place] for place in order]
        assert [item.cosine for item in near] == pytest.approx(cosines[order].tolist(), abs=1e-5)


def test_an_empty_index_finds_nothing(index: Index) -> None:
    assert index.query(units(1)[0], 5) == [] and index.ids() == set() and index.count() == 0
    index.remove(["nobody"])
    index.add([])


def test_equal_passages_are_all_found_and_are_no_damage(index: Index) -> None:
    # Chroma's graph reaches 184 of such 400, and 114 of such 121.
    vectors = units(400)
    vectors[:360] = vectors[0]
    fill(index, vectors)
    assert set(ids(index.query(vectors[0], 400))) == {f"p{i}" for i in range(400)}
    assert {item.cosine > 0.999 for item in index.query(vectors[0], 360)} == {True}


FACTS = [
    ("a", "The Post", "2023-01-31"), ("b", "The Post", "2023-02-01"), ("c", "Courier", "2024-02-01"),
    ("d", "Courier", None), ("e", None, "2023-02-01"), ("f", None, None), ("g", "Газета", "1999-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "abcdefg"),
        (Filters(outlets=("The Post",)), "ab"),
        (Filters(outlets=("Газета", "Courier")), "cdg"),
        (Filters(outlets=("Nobody",)), ""),
        (Filters(since="2023-02-01"), "bce"),
        (Filters(until="2023-02-01"), "abeg"),
        (Filters(since="2023-01-31", until="2023-02-01"), "abe"),
        (Filters(outlets=("Courier",), until="2030-01-01"), "c"),
        (Filters(outlets=("The Post",), since="2023-02-01", until="2023-02-01"), "b"),
    ],
)
def test_filters(index: Index, filters: Filters, expected: str) -> None:
    vectors = units(len(FACTS))
    index.add([Entry(key, vectors[i], outlet, date) for i, (key, outlet, date) in enumerate(FACTS)])
    for n in (3, 50):
        near = ids(index.query(vectors[0], n, filters))
        assert len(near) == min(n, len(expected)) and set(near) <= set(expected)


def test_a_filter_finds_the_nearest_of_what_it_lets_through(index: Index) -> None:
    vectors = units(600)
    index.add([Entry(f"p{i}", vector, f"Paper {i % 20}", None) for i, vector in enumerate(vectors)])
    cosines = vectors @ vectors[0]
    expected = sorted(range(3, 600, 20), key=lambda i: -cosines[i])[:10]
    assert ids(index.query(vectors[0], 10, Filters(outlets=("Paper 3",)))) == [f"p{i}" for i in expected]


# --- writing --------------------------------------------------------------------------------------


def test_more_than_chroma_takes_at_once_is_sliced(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "_size", lambda _: 7)
    vectors = units(30)
    fill(index, vectors)
    assert index.ids() == {f"p{i}" for i in range(30)}
    index.remove([f"p{i}" for i in range(15)] + ["unknown"])
    assert index.ids() == {f"p{i}" for i in range(15, 30)}
    assert ids(index.query(vectors[20], 1)) == ["p20"]


def test_chroma_refuses_a_batch_above_its_size(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    # The slicing above has a reason as long as this holds.
    size = index.count() or index._size()
    monkeypatch.setattr(Index, "_size", lambda _: 10**6)
    with pytest.raises(IndexDamaged):
        fill(index, units(size + 1, 2))


def test_adding_again_is_harmless(index: Index) -> None:
    vectors = units(10)
    fill(index, vectors[:6])
    fill(index, vectors)
    assert index.count() == 10
    for i, vector in enumerate(vectors):
        assert ids(index.query(vector, 1)) == [f"p{i}"]


def test_what_is_removed_is_not_found_and_can_come_back(index: Index) -> None:
    vectors = units(300)
    fill(index, vectors)
    index.remove([f"p{i}" for i in range(295)])
    assert set(ids(index.query(vectors[0], 50))) == {f"p{i}" for i in range(295, 300)}
    fill(index, vectors[:1])
    assert ids(index.query(vectors[0], 1)) == ["p0"]


def test_one_owner_at_a_time_and_the_next_finds_everything(tmp_path: Path) -> None:
    vectors = units(5)
    for turn in range(3):
        owner = Index.open(tmp_path / "chroma")
        assert owner is not None
        if turn == 0:
            fill(owner, vectors)
        assert Index.open(tmp_path / "chroma") is None
        assert ids(owner.query(vectors[2], 1)) == ["p2"]
        owner.close()


def test_a_dropped_index_is_empty_and_usable(index: Index) -> None:
    fill(index, units(5))
    index.drop()
    assert index.query(units(1)[0], 3) == []
    fill(index, units(5), "new")
    assert index.ids() == {f"new{i}" for i in range(5)}


# --- damage ---------------------------------------------------------------------------------------


def lose_folder(chroma: Path) -> None:
    shutil.rmtree(chroma)


def lose_segments(chroma: Path) -> None:
    folders = [entry for entry in chroma.iterdir() if entry.is_dir()]
    assert folders
    for folder in folders:
        shutil.rmtree(folder)


def scribble_segments(chroma: Path) -> None:
    for file in chroma.glob("*/*"):
        file.write_bytes(b"\x07" * 500)


def cut_database(size: int) -> Callable[[Path], None]:
    def cut(chroma: Path) -> None:
        with (chroma / "chroma.sqlite3").open("r+b") as stream:
            stream.truncate(size)

    return cut


def scribble_database(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"no database at all " * 5000)


def take_older(chroma: Path) -> None:
    shutil.rmtree(chroma)
    older = Index.open(chroma)
    assert older is not None
    fill(older, units(40))
    older.close()


DAMAGE: list[Callable[[Path], None]] = [
    lose_folder,
    lose_segments,
    scribble_segments,
    scribble_database,
    take_older,
]
DAMAGE += [cut_database(0), cut_database(100), cut_database(50_000)]
NAMES = ["lost", "no segments", "odd segments", "no database", "older", "cut to 0", "cut to 100", "cut"]
COUNT = 360  # articles of three passages: Chroma writes its first segment at 1,000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that is large enough for Chroma to have written a segment."""
    settings = Settings(library=tmp_path_factory.mktemp("large") / "library")
    with opened(settings) as library:
        library.add(articles(COUNT))
        assert library.check() == [] and library.catalogue.count() > 1000
    return settings.library


@pytest.mark.parametrize("damage", DAMAGE, ids=NAMES)
def test_damage_is_named_searched_around_and_mended(
    large: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    settings = Settings(library=tmp_path / "library")
    shutil.copytree(large, settings.library)
    damage(settings.library / "chroma")
    embedder = FakeEmbedder()
    with Library.open(settings, embedder) as library:
        held = library.catalogue.vectors()
        for place in (0, 700):
            near, notices = library.nearest(held.matrix[place], 3, Filters())
            assert near[0].passage == held.ids[place]
            assert [notice.code for notice in notices] == ["index_damaged"]
            assert "rebuild" in notices[0].text and "No article is lost" in notices[0].text
        only = Filters(outlets=("Paper 3",), since="2023-10-10")
        near, notices = library.nearest(held.matrix[0], 10_000, only)
        assert len(near) == len(library.catalogue.vectors(filters=only).ids) and notices
        assert library.check()
        # Nothing else stops working: an article comes, one goes, all are there.
        library.add(articles(1, start=COUNT))
        library.remove(library.entries()[0].source.id)
        assert len(library.entries()) == COUNT and library.check()
        assert library.rebuild() == 0
        assert embedder.embedded == len(split(article(COUNT)))  # no other is embedded again
        held = library.catalogue.vectors()
        assert library.check(samples=200) == []
        assert library.nearest(held.matrix[5], 1, Filters())[1] == []
    with opened(settings) as library:
        assert library.check() == [] and len(library.entries()) == COUNT


def test_segments_lost_before_more_was_added_are_noticed(large: Path, tmp_path: Path) -> None:
    # Measured: Chroma then searches what was added later, and answers with a full list.
    chroma = tmp_path / "chroma"
    shutil.copytree(large / "chroma", chroma)
    lose_segments(chroma)
    index = Index.open(chroma)
    assert index is not None
    with pytest.raises(IndexDamaged):
        fill(index, units(200), "new")
    with pytest.raises(IndexDamaged):
        index.query(units(1)[0], 5)
    index.close()


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_a_folder_that_could_not_be_opened_can_be_used_once_it_is_dropped(
    index: Index, tmp_path: Path, tries: int
) -> None:
    # Chroma keeps a folder that it failed to open in a cache.
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 999)
    for _ in range(tries):
        with pytest.raises(IndexDamaged, match="cannot be opened"):
            index.query(units(1)[0], 1)
    index.drop()
    fill(index, units(3))
    assert index.count() == 3


def test_check_names_what_the_index_lacks_has_besides_and_does_not_find(settings: Settings) -> None:
    with opened(settings) as library:
        library.add(articles(3))
        held, index = library.catalogue.vectors(), library.owner()
        assert index is not None
        index.remove(held.ids[:2])
        assert library.check(samples=100) == [
            "The index lacks 2 passages that the catalogue has.",
            "2 sampled passages are not found by their own vectors.",
        ]
        index.add([Entry(key, -held.matrix[0], None, None) for key in [*held.ids[:2], "foreign"]])
        assert library.check(samples=100) == [
            "The index has 1 passages that the catalogue does not have.",
            "2 sampled passages are not found by their own vectors.",
        ]
        library.rebuild()
        assert library.check(samples=100) == []


def test_what_chroma_was_writing_when_its_process_ended_is_made_again(large: Path, tmp_path: Path) -> None:
    # Measured: of forty kills while it wrote, three left damage and one ended the next process that read it.
    settings = Settings(library=tmp_path / "library")
    shutil.copytree(large, settings.library)
    scribble_segments(settings.library / "chroma")
    with opened(settings) as library:
        library.catalogue.set_fact("index", "writing")
        held = library.catalogue.vectors()
        near, notices = library.nearest(held.matrix[5], 1, Filters())
        assert near[0].passage == held.ids[5] and not notices
        assert library.check(samples=200) == []


def test_a_folder_deleted_under_an_open_library_is_mended_by_rebuild(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library")
    with opened(settings) as library:
        library.add(articles(3))
        vector = library.catalogue.vectors().matrix[0]
        library.nearest(vector, 1, Filters())
        shutil.rmtree(settings.library / "chroma")
        library.add(articles(2, start=3))
        assert len(library.entries()) == 5 and library.nearest(vector, 1, Filters())[0]
        library.rebuild()
        assert library.check() == [] and library.nearest(vector, 1, Filters())[1] == []
