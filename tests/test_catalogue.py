"""The catalogue: one article once, versions, whole articles only, words in every script, odd input."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.catalogue import Catalogue
from assistant.errors import LibraryError, SourceNotFound
from assistant.models import Article, Filters, Notice
from assistant.splitting import split
from assistant.text import clean, words
from tests.fakes import CHILDREN, article

NO_FILTER = Filters()


@pytest.fixture
def catalogue(tmp_path: Path, stores: dict[str, Any]) -> Iterator[Catalogue]:
    made = Catalogue(stores.get("database_url") or tmp_path / "library" / "catalogue.sqlite3")
    yield made
    made.close()


def embed(catalogue: Catalogue, most: int = 10_000) -> None:
    """Gives `most` waiting passages a vector."""
    passages = [passage for passage, _ in catalogue.ledger.pending(most)]
    catalogue.ledger.store(passages, np.full((len(passages), 4), 0.5, np.float32))


def put(catalogue: Catalogue, *items: Article) -> None:
    for item in items:
        assert catalogue.insert(item, split(item))
    embed(catalogue)


def listed(catalogue: Catalogue) -> list[str]:
    return [entry.source.id for entry in catalogue.entries()]


def found(catalogue: Catalogue, text: str, filters: Filters = NO_FILTER) -> set[str]:
    """Articles that the words of `text` find."""
    ids = catalogue.search_words(words(text), 50, filters)
    return {passage.article for passage in catalogue.passages(ids).values()}


# --- what is stored is what was given -------------------------------------------------------------

ODD = st.text(max_size=60).map(clean)
OPTIONAL = st.none() | ODD


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(title=ODD, text=ODD, outlet=OPTIONAL, url=OPTIONAL, author=OPTIONAL, language=OPTIONAL, notice=ODD)
def test_an_article_comes_back_as_it_was_given(catalogue: Catalogue, notice: str, **facts: Any) -> None:
    source = str(time.monotonic_ns())
    given_article = Article(source, **facts, skip=((0, 1),), notices=(Notice("odd", notice, source),))
    catalogue.insert(given_article, split(given_article))
    assert catalogue.article(source) == given_article
    assert catalogue.passages_of(source) == split(given_article)


def test_a_huge_title_and_an_empty_one_are_kept(catalogue: Catalogue) -> None:
    huge = article(1, title="Мост " * 40_000, id="huge")
    put(catalogue, huge, article(2, title="", id="none"))
    assert catalogue.article("huge").title == huge.title
    assert set(listed(catalogue)) == {"huge", "none"}


def test_inserting_twice_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, article(1))
    before = catalogue.entries()
    assert not catalogue.insert(article(1), split(article(1)))
    assert catalogue.entries() == before and not catalogue.ledger.waiting()


def test_an_unknown_id_is_refused_with_a_next_step(catalogue: Catalogue) -> None:
    for call in (catalogue.article, catalogue.remove):
        with pytest.raises(SourceNotFound, match=r"nowhere.*news-assistant sources"):
            call("nowhere")


# --- only whole articles can be found -------------------------------------------------------------


def test_an_article_is_seen_when_all_its_vectors_are_in_and_not_before(catalogue: Catalogue) -> None:
    item = article(7)
    assert len(split(item)) > 1
    catalogue.insert(item, split(item))
    for most in (0, 1):
        embed(catalogue, most)
        assert not catalogue.entries() and not catalogue.scope(NO_FILTER) and not catalogue.count()
        assert not found(catalogue, "harbour") and not catalogue.vectors().ids
    embed(catalogue)
    assert listed(catalogue) == [item.id] and found(catalogue, "harbour") == {item.id}
    assert catalogue.count() == len(catalogue.vectors().ids) == len(split(item))


def test_a_step_that_fails_leaves_nothing_of_itself(catalogue: Catalogue) -> None:
    item = article(1)
    passages = split(item)
    with pytest.raises(LibraryError, match=r"(?i)unique.*nothing of this step"):
        catalogue.insert(item, [*passages, passages[0]])
    with pytest.raises(SourceNotFound):
        catalogue.article(item.id)
    put(catalogue, item)
    assert listed(catalogue) == [item.id]


def test_entries_are_by_date_then_outlet_then_title_and_the_undated_last(catalogue: Catalogue) -> None:
    facts: list[tuple[str | None, str | None, str]]
    facts = [("2023-01-02", "B", "x"), ("2023-01-02", "A", "z"), ("2023-01-02", "A", "y"), (None, "A", "a")]
    facts += [("2022-12-31", "Z", "w"), (None, None, "b")]
    items = [article(i, date=d, outlet=o, title=t, id=t) for i, (d, o, t) in enumerate(facts)]
    put(catalogue, *items)
    assert listed(catalogue) == ["w", "y", "z", "x", "b", "a"]


# --- versions -------------------------------------------------------------------------------------


def version(number: int, outlet: str | None = "The Post", url: str | None = "http://post/1") -> Article:
    return article(number, url=url, outlet=outlet, title="The bridge", id=f"v{number}")


def searched(catalogue: Catalogue) -> set[str]:
    by_words = found(catalogue, "harbour")
    assert by_words == {item.id for item in catalogue.scope(NO_FILTER)}
    held = catalogue.passages(catalogue.vectors().ids)
    assert by_words == {passage.article for passage in held.values()}
    return by_words


def test_a_new_text_under_the_same_address_is_a_new_version(catalogue: Catalogue) -> None:
    put(catalogue, version(1))
    second = version(2)
    catalogue.insert(second, split(second))
    assert searched(catalogue) == {"v1"}  # as long as the new one is not whole
    embed(catalogue)
    assert searched(catalogue) == {"v2"}
    assert {entry.source.id: entry.replaced_by for entry in catalogue.entries()} == {"v1": "v2", "v2": None}
    assert catalogue.article("v1") == version(1)


@pytest.mark.parametrize("together", [True, False], ids=["in one step", "one by one"])
@pytest.mark.parametrize(
    ("removed", "left"), [("v3", {"v2"}), ("v2", {"v3"}), ("v1", {"v3"})], ids=["newest", "middle", "oldest"]
)
def test_of_three_versions_one_is_searched_whichever_is_removed(
    catalogue: Catalogue, together: bool, removed: str, left: set[str]
) -> None:
    versions = [article(i, id=f"v{i}", url="http://x", outlet="P", title="T") for i in (1, 2, 3)]
    if together:
        put(catalogue, *versions)
    else:
        for item in versions:
            put(catalogue, item)
    assert searched(catalogue) == {"v3"}
    catalogue.remove(removed)
    assert searched(catalogue) == left
    for other in {"v1", "v2", "v3"} - {removed}:
        assert catalogue.article(other).id == other


def test_a_removed_newer_version_that_never_was_whole_leaves_the_old_one(catalogue: Catalogue) -> None:
    put(catalogue, version(1))
    catalogue.insert(version(2), split(version(2)))
    catalogue.remove("v2")
    assert searched(catalogue) == {"v1"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (version(1, outlet="The Post"), version(2, outlet="The Courier")),
        (version(1, url=None), version(2, url=None)),
        (version(1, url=""), version(2, url="")),
        (version(1, outlet=None), version(2, outlet="The Post")),
    ],
    ids=["another outlet", "no address", "empty address", "unknown outlet"],
)
def test_other_articles_are_no_versions(catalogue: Catalogue, one: Article, other: Article) -> None:
    put(catalogue, one, other)
    assert searched(catalogue) == {"v1", "v2"}


def test_versions_of_an_article_without_an_outlet_replace_each_other(catalogue: Catalogue) -> None:
    put(catalogue, version(1, outlet=None), version(2, outlet=None))
    assert searched(catalogue) == {"v2"}


def test_embedding_anew_brings_no_old_version_back(catalogue: Catalogue) -> None:
    put(catalogue, version(1), version(2))
    catalogue.ledger.start_over(embed=True, fingerprint="another")
    assert searched(catalogue) == set()
    embed(catalogue)
    assert searched(catalogue) == {"v2"} and catalogue.fact("embedder") == "another"


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"a", "b", "c", "d"}),
        (Filters(outlets=("A",)), {"a", "c"}),
        (Filters(outlets=("A", "B")), {"a", "b", "c"}),
        (Filters(outlets=("a",)), set()),
        (Filters(since="2023-01-02"), {"b", "d"}),
        (Filters(until="2023-01-02"), {"a", "b"}),
        (Filters(since="2023-01-02", until="2023-01-02"), {"b"}),
        (Filters(outlets=("A",), until="2024-01-01"), {"a"}),
        (Filters(outlets=("'; DROP TABLE articles; --",)), set()),
    ],
)
def test_filters_by_outlet_and_date(catalogue: Catalogue, filters: Filters, expected: set[str]) -> None:
    facts = {"a": ("A", "2023-01-01"), "b": ("B", "2023-01-02"), "c": ("A", None), "d": (None, "2023-01-03")}
    put(catalogue, *(article(i, id=k, outlet=o, date=d) for i, (k, (o, d)) in enumerate(facts.items())))
    assert {item.id for item in catalogue.scope(filters)} == expected
    assert found(catalogue, "harbour", filters) == expected
    held = catalogue.passages(catalogue.vectors(filters=filters).ids)
    assert {passage.article for passage in held.values()} == expected


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Какой-то мост обрушился у ёлки.", "какой"),
        ("Київ їде на схід.", "Київ"),
        ("Die Straße ist zu.", "STRASSE"),
        ("The mayor of Kyiv left.", "Kýiv"),
        ("大桥倒塌了。", "大桥"),
        ("서울에서 다리가 무너졌다.", "서울에서"),
        ("The Kremlin’s answer was late.", "Kremlin"),
        ("The talks were about disarmament.", "talk"),
        ("An “anti-war” march.", "anti-war"),
    ],
)
def test_words_are_found_in_every_script(catalogue: Catalogue, text: str, question: str) -> None:
    put(catalogue, article(1, text, title="x"), article(2, "Another story altogether.", title="y"))
    assert found(catalogue, question) == {article(1, text, title="x").id}
    assert catalogue.word_count(words(question)[0]) == 1


@pytest.mark.parametrize("odd", ['"', "a OR b", "NEAR(", "text:", "*", "-", "😀", "'", "\\", "()"])
def test_no_word_breaks_the_search(catalogue: Catalogue, odd: str) -> None:
    put(catalogue, article(1))
    assert catalogue.search_words([odd], 5, NO_FILTER) == [] and catalogue.word_count(odd) == 0
    assert found(catalogue, f"harbour {odd} a\x00b")


def test_removed_words_are_not_found_and_the_index_stays_sound(catalogue: Catalogue, tmp_path: Path) -> None:
    put(catalogue, article(1, "The quokka swam."), article(2, "The heron flew."))
    catalogue.remove(article(1, "The quokka swam.").id)
    assert (
        not found(catalogue, "quokka") and found(catalogue, "heron") and catalogue.word_count("quokka") == 0
    )
    assert catalogue.verify() == []
    if not (tmp_path / "library").exists():
        return  # PostgreSQL keeps its own index in step
    database = sqlite3.connect(tmp_path / "library" / "catalogue.sqlite3")
    database.execute("INSERT INTO words (words) VALUES ('integrity-check')")  # raises when they differ
    database.close()


# --- files that are no catalogue, and several processes -------------------------------------------


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_catalogue_is_refused_with_a_next_step(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "catalogue.sqlite3"
    file.write_bytes(content)
    with pytest.raises(LibraryError, match=r"cannot be opened.*--library"):
        Catalogue(file)
    assert file.read_bytes() == content


def test_a_catalogue_in_a_place_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="cannot be opened"):
        Catalogue(tmp_path / "file" / "library" / "catalogue.sqlite3")


def test_a_file_that_breaks_while_open_is_named(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "library" / "catalogue.sqlite3")
    put(catalogue, *(article(i) for i in range(40)))
    catalogue.close()
    file = tmp_path / "library" / "catalogue.sqlite3"
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    file.write_bytes(content)
    broken = Catalogue(file)
    try:
        with pytest.raises(LibraryError, match=r"could not be read.*restore"):
            broken.entries()
    finally:
        broken.close()


def make_at_once(files: list[Path], barrier: Any, results: Any) -> None:
    trouble = ""
    for file in files:
        barrier.wait(60)
        try:
            Catalogue(file).close()
        except Exception as error:
            trouble = repr(error)
    results.put(trouble)


def test_processes_that_make_one_library_at_once_all_succeed(tmp_path: Path) -> None:
    barrier, results = CHILDREN.Barrier(4), CHILDREN.Queue()
    files = [tmp_path / str(turn) / "catalogue.sqlite3" for turn in range(10)]
    makers = [CHILDREN.Process(target=make_at_once, args=(files, barrier, results)) for _ in range(4)]
    for maker in makers:
        maker.start()
    assert [results.get(timeout=60) for _ in makers] == [""] * 4
    for maker in makers:
        maker.join()
