"""Libraries that grow under noise, and what is measured on them."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library import Library
from assistant.models import Article, Filters
from assistant.settings import Settings
from benchmarks import adding, bulk, growing, invented, scaling
from benchmarks.material import Material, write_records
from benchmarks.work import Repeats, Scale, Work

TEXTS = st.lists(
    st.sampled_from(
        ["ferry", "Harbour", "mayor", "said", "closed", "“we", "know”", "on", "7", "May.", "\n\n"]
    )
).map(" ".join)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Material:
    """Two invented events, three short articles each."""
    monkeypatch.setattr(invented, "PARAGRAPHS", 4)
    invented.write(tmp_path / "events", events=2)
    return Material(tmp_path / "events", invented=True)


@given(TEXTS, st.integers(0, 99))
def test_changed_words_leave_every_offset_where_it_was(text: str, seed: int) -> None:
    found = growing.changed(text, random.Random(seed))
    assert [len(word) for word in found.split(" ")] == [len(word) for word in text.split(" ")]
    assert set(found.split()) <= set(text.split())


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_noise_keeps_a_vector_near_and_of_unit_length(seed: int) -> None:
    vector = np.random.default_rng(1).normal(size=384)
    vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    found = growing.noisy(vector, seed)
    assert abs(float(np.linalg.norm(found)) - 1) < 1e-5
    assert growing.FARTHEST - 1e-4 <= float(found @ vector) <= growing.NEAREST + 1e-4
    assert (found == growing.noisy(vector, seed)).all()


def test_a_repeated_article_is_another_one() -> None:
    text = "The ferry to the harbour was closed after somebody found water in the engine. " * 9
    first = Article("a" * 16, "Ferry closed after water was found", text, "Inland Observer", "2031-05-07")
    again = growing.repeated(first, 1, ["Morning Ledger"], random.Random(3))
    assert growing.repeated(first, 0, ["Morning Ledger"], random.Random(3)) == first
    assert again.id != first.id and again.title != first.title and again.text != first.text
    assert again.outlet == "Morning Ledger" and again.date is not None and again.date < "2031-05-07"


def test_a_library_grows_without_embedding_and_is_measured(tiny: Material, tmp_path: Path) -> None:
    source, grown = str(tmp_path / "source"), str(tmp_path / "grown")
    held = growing.sample(str(tiny.articles), source, passages=10)
    assert 10 <= held < 60
    copied = tmp_path / "copied"
    growing.copy(Path(source), copied)
    first = growing.grow(str(copied), grown, first=0, passages=2 * held)
    then = growing.grow(str(copied), grown, first=first["next"], passages=4 * held)
    assert then["passages"] >= 4 * held > first["passages"] >= 2 * held
    with (
        Library.open(Settings(library=copied)) as real,
        Library.open(Settings(library=Path(grown))) as library,
    ):
        assert not library.check()
        assert len(library.scope(Filters())) == then["next"]  # no article came twice
        near = (library.catalogue.vectors().matrix @ real.catalogue.vectors().matrix.T).max(axis=1)
        assert near.min() > growing.FARTHEST - 0.01
        assert (near > 0.9999).sum() == held  # the real ones are there as they were, the others are not
    questions = scaling.questions(source, ["Ferry closed"])
    assert questions[0] == "Ferry closed" and len(questions) >= 3
    found = scaling.times(grown, questions)
    assert found["passages"] == then["passages"] and found["resident"] > 50
    assert min(found["seconds"]) > 0 < found["first"]
    assert scaling.recall(grown, questions) == 1.0


def test_growth_is_told_from_size_to_size() -> None:
    small = {"seconds": [0.010, 0.020], "passages": 100}
    large = {"seconds": [0.020, 0.080], "passages": 1000}
    assert scaling._growth(small, None) == []
    half, most = scaling._growth(large, small)
    assert half.value == pytest.approx(2.0)
    assert most.value == pytest.approx(4.0)
    assert "10.0 times" in half.how


def test_bulk_takes_the_first_articles_of_the_file(
    tiny: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(file: Path, _: Work) -> adding.Pairs:  # in one process, to save time
        return [(adding.whole(str(file)), adding.embedder_alone(str(file)))]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(adding, "compare", here)
    monkeypatch.setattr(bulk, "BULK", tmp_path / "absent")
    work = Work(tiny, tmp_path, Repeats(pairs=1, more_pairs=1), Scale(articles=2))
    rows = {row.what: row for row in bulk.measure(work)}
    assert rows["articles added"].how.startswith("2 articles")
    assert rows["time of that add"].how == "none refused"
    beside = rows["end to end / the embedder"].value
    assert beside is not None and beside > 1.0
    assert rows["end to end / the embedder"].at_most == rows["the same, by pairs"].at_most == 1.10
    assert rows["peak memory, add"].at_most == 900.0
    assert {"catalogue on disk", "Chroma on disk", "passages added"} <= rows.keys()


def test_records_are_cut_from_a_compressed_file(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl.gz"
    with gzip.open(whole, "wt", encoding="utf-8") as lines:
        lines.write('{"id": 1}\n\n{"id": 2}\n{"id": 3}\n')
    assert write_records(whole, tmp_path / "few.jsonl", 2).read_text("utf-8") == '{"id": 1}\n{"id": 2}\n'
