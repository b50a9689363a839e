"""Removing and putting back: whatever the order, a library is as if what is back had never been away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.catalogue import Catalogue
from assistant.holdings import Removed
from assistant.library import Library
from assistant.models import Article, Filters, Notice
from assistant.settings import Settings
from assistant.splitting import split
from assistant.tables import articles as rows
from assistant.tables import copies, lines, passages, sketches, sums
from tests.fakes import FakeEmbedder, article, complete, near, opened

VERSION: dict[str, Any] = {"url": "http://post/1", "outlet": "The Post", "title": "The bridge"}
FIRST = article(1, outlet="Paper 1")
ITEMS: list[Article] = [
    *(article(number, **VERSION) for number in (11, 12, 13)),
    FIRST,
    *(article(n, f"{FIRST.text} Editor {n} added this.", outlet=f"Paper {n}") for n in (2, 3)),
    article(7, id="noted", notices=(Notice("note", "It was corrected.", "noted"),), date=None),
]


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    with opened(settings) as made:
        yield made


def stored(catalogue: Catalogue) -> dict[str, list[tuple[Any, ...]]]:
    """All that the tables hold of articles, but for the state, which says how far the index is, and for the
    numbers of passages, which nothing rests on."""
    of = {
        "articles": [column for column in rows.c if column.name != "state"],
        "passages": [column for column in passages.c if column.name != "rowid"],
    }
    tables = (rows, passages, sums, lines, sketches, copies)
    found = {table.name: select(*of.get(table.name, table.c)) for table in tables}
    return {name: sorted(map(tuple, catalogue._db.read(query)), key=repr) for name, query in found.items()}


def test_what_is_put_back_is_as_it_was(library: Library) -> None:
    for item in ITEMS:
        library.add([item])
    before, embedder = stored(library.catalogue), library.embedder
    assert isinstance(embedder, FakeEmbedder)
    newest = {item.id for item in ITEMS[2:]}
    for item in ITEMS:
        removed = library.remove(item.id)
        assert stored(library.catalogue) != before and item.id not in near(library, item)
        embedded = embedder.embedded
        assert library.put_back(removed) and stored(library.catalogue) == before
        assert embedder.embedded == embedded, "its vectors are the ones that it had"
        assert library.check(samples=1_000) == []
        assert (item.id in near(library, item)) == (item.id in newest)
        assert not library.put_back(removed) and stored(library.catalogue) == before


def test_what_the_index_still_held_or_had_let_go_is_in_it_once(library: Library) -> None:
    item = article(1)
    library.add([item, article(2)])
    for removing in (
        library.catalogue.remove,
        library.remove,
    ):  # before and after it is out of the index
        library.put_back(removing(item.id))
        assert not library.catalogue.ledger.orphans()
        complete(library, [item, article(2)])


def test_a_newer_version_that_came_meanwhile_stays_the_one_that_is_searched(library: Library) -> None:
    old, removed_one, new = ITEMS[:3]
    library.add([old])
    library.add([removed_one])
    removed = library.remove(removed_one.id)
    library.add([new])
    library.put_back(removed)
    assert {entry.source.id: entry.replaced_by for entry in library.entries()} == {
        old.id: removed_one.id, removed_one.id: new.id, new.id: None,
    }  # fmt: skip
    assert near(library, new) == {new.id} and not near(library, removed_one) and not library.check()


def test_another_embedder_meanwhile_embeds_it_anew(settings: Settings) -> None:
    with opened(settings) as library:
        library.add([article(1), article(2)])
        removed = library.remove(article(1).id)
    with opened(settings, "fake two") as library:
        library.rebuild()
        library.put_back(removed)
        assert library.catalogue.ledger.waiting() == len(removed.passages)
        library.finish()
        complete(library, [article(1), article(2)])


def test_nothing_of_a_removed_article_stays_in_the_database(library: Library) -> None:
    library.add([article(1)])
    library.remove(article(1).id)
    assert not any(stored(library.catalogue).values())


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "back"]), st.integers(0, len(ITEMS) - 1)), max_size=14
)


@hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20
)
@given(steps=STEPS)
def test_after_any_steps_a_library_is_sound(tmp_path: Path, stores: dict[str, Any], steps: Any) -> None:
    place = stores.get("database_url") or tmp_path / "library" / "catalogue.sqlite3"
    catalogue = Catalogue(place)
    for entry in catalogue.entries():
        catalogue.remove(entry.source.id)
    away: dict[str, Removed] = {}
    held: set[str] = set()
    try:
        for what, number in steps:
            item = ITEMS[number]
            if what == "add":
                enter(catalogue, item)
                held.add(item.id)
            elif what == "remove" and item.id in held:
                away[item.id] = catalogue.remove(item.id)
                held.discard(item.id)
            elif what == "back" and item.id in away:
                assert catalogue.put_back(away[item.id]) == (item.id not in held)
                held.add(item.id)
            sound(catalogue, held)
        assert catalogue.verify() == []
    finally:
        catalogue.close()


def enter(catalogue: Catalogue, item: Article) -> None:
    if catalogue.insert(item, split(item)):
        waiting = [passage for passage, _ in catalogue.ledger.pending(100)]
        catalogue.ledger.store(waiting, FakeEmbedder().embed([one.text for one in waiting], "passage"))


def sound(catalogue: Catalogue, held: set[str]) -> None:
    """Every article is whole, the versions end in one, and a copy leads to an article that is none."""
    entries = {entry.source.id: entry for entry in catalogue.entries()}
    assert set(entries) == held
    versions = [entries[item.id] for item in ITEMS[:3] if item.id in held]
    assert sum(entry.replaced_by is None for entry in versions) == min(1, len(versions))
    for entry in entries.values():
        seen, at = {entry.source.id}, entry.replaced_by
        while at is not None:
            assert at in held and at not in seen
            seen.add(at)
            at = entries[at].replaced_by
        assert entry.copy_of is None or (entry.copy_of in held and not entries[entry.copy_of].copy_of)
    family = [entries[item.id] for item in ITEMS[3:6] if item.id in held]
    assert sum(entry.copy_of is None for entry in family) == min(1, len(family))
    searched = {item.id for item in catalogue.scope(Filters())}
    assert searched == {key for key, entry in entries.items() if entry.replaced_by is None}
    for item in ITEMS:
        if item.id in held:
            assert catalogue.article(item.id) == item
            assert all(item.text[p.start : p.end] == p.text for p in catalogue.passages_of(item.id))
