"""The library: nothing twice, versions, filters, and another embedder is refused by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EmbedderError, EmbedderMismatch, LibraryError, SourceNotFound
from assistant.library import Library
from assistant.models import Filters
from assistant.retrieval import retrieve
from assistant.settings import Settings
from assistant.splitting import split
from tests.fakes import FakeEmbedder, article, articles, complete, near, opened

NO_FILTER = Filters()


# --- adding and removing --------------------------------------------------------------------------


def test_adding_twice_changes_nothing(settings: Settings) -> None:
    with opened(settings) as library:
        first = library.add(articles(3))
        before = library.entries()
        again = library.add([*articles(3), article(0)])
        assert first.added == again.unchanged == tuple(item.id for item in articles(3))
        assert not again.added and not first.refused and library.entries() == before
        complete(library, articles(3))
    embedder = FakeEmbedder()
    with Library.open(settings, embedder) as library:
        library.add(articles(3))
        assert library.entries() == before and not embedder.embedded


def test_an_article_without_a_passage_is_refused_by_name_and_the_others_are_added(settings: Settings) -> None:
    empty = article(9, "Ship 9 arrives", skip=((0, 14),), file="ship-9.md")
    with opened(settings) as library:
        added = library.add([article(1), empty, article(2)])
        assert [refused.name for refused in added.refused] == ["ship-9.md"]
        complete(library, [article(1), article(2)])


def test_what_is_removed_is_found_nowhere_and_can_be_added_again(settings: Settings) -> None:
    gone = article(1)
    with opened(settings) as library:
        library.add(articles(3))
        library.remove(gone.id)
        complete(library, [article(0), article(2)])
        assert near(library, gone) == set() and library.outlets() == ["Paper 0", "Paper 2"]
        for call in (library.article, library.remove):
            with pytest.raises(SourceNotFound, match=gone.id):
                call(gone.id)
        library.add([gone])
        assert near(library, gone) == {gone.id}
        complete(library, articles(3))


def test_an_article_added_again_with_another_date_is_filtered_by_it(settings: Settings) -> None:
    # The removal and the new adding both reach Chroma in one step, as when another process made them.
    old, new = article(1, date="2020-01-01"), article(1, date="2024-01-01")
    assert old.id == new.id
    with opened(settings) as library:
        library.add([old])
        library.catalogue.remove(old.id)
        library.add([new])
        vector = library.catalogue.vectors().matrix[0]
        assert library.nearest(vector, 1, Filters(since="2023-01-01"))[0]
        assert not library.nearest(vector, 1, Filters(until="2023-01-01"))[0]


def test_a_new_version_takes_the_place_of_the_old_one_in_search_only(settings: Settings) -> None:
    facts: dict[str, Any] = {"url": "http://post/1", "outlet": "The Post", "title": "The bridge"}
    old, new = article(1, **facts), article(2, **facts)
    with opened(settings) as library:
        library.add([old])
        library.add([new])
        assert near(library, old) == set() and near(library, new) == {new.id}
        assert library.article(old.id) == old and library.check() == []
        assert {entry.source.id: entry.replaced_by for entry in library.entries()} == {
            old.id: new.id, new.id: None,
        }  # fmt: skip
        library.rebuild()
        assert near(library, old) == set() and library.check() == []
        library.remove(new.id)
        assert near(library, old) == {old.id} and near(library, new) == set()
        complete(library, [old])


def test_the_old_version_is_searched_while_the_new_one_is_not_whole(settings: Settings) -> None:
    old = article(1, url="http://post/1", outlet="A", title="T")
    new = article(2, url="http://post/1", outlet="A", title="T")
    with opened(settings) as library:
        library.add([old])
        library.catalogue.insert(new, split(new))
        assert near(library, old) == {old.id} and len(library.entries()) == 1
        assert library.finish() == len(split(new))
        assert near(library, old) == set() and near(library, new) == {new.id}


def test_one_text_in_two_outlets_is_two_sources(settings: Settings) -> None:
    one, other = (article(1, outlet=outlet) for outlet in ("The Post", "Courier"))
    with opened(settings) as library:
        library.add([one, other])
        complete(library, [one, other])
        retrieved = retrieve(library, "Which ship did witness 1 see?", NO_FILTER)
        assert {reading.article.id for reading in retrieved.readings} == {one.id, other.id}


def test_filters_limit_what_is_nearest(settings: Settings) -> None:
    dated = [article(i, date=f"2023-01-0{i + 1}", outlet="A" if i < 2 else "B") for i in range(4)]
    with opened(settings) as library:
        library.add([*dated, article(5, date=None, outlet="A")])
        vector = library.catalogue.vectors().matrix[0]
        for filters, expected in [
            (Filters(outlets=("A",)), {0, 1, 5}),
            (Filters(since="2023-01-02", until="2023-01-03"), {1, 2}),
            (Filters(outlets=("A",), until="2023-01-09"), {0, 1}),
        ]:
            owned, _ = library.nearest(vector, 100, filters)
            exact = library._mirror.nearest_exact(vector, 100, filters)
            assert [hit.passage for hit in owned] == [hit.passage for hit in exact]
            passages = library.catalogue.passages(hit.passage for hit in owned)
            items = [*dated, article(5, date=None, outlet="A")]
            titles = {f"Ship {i} arrives" for i in expected}
            assert {p.article for p in passages.values()} == {i.id for i in items if i.title in titles}


# --- where there can be no library ----------------------------------------------------------------


def test_places_that_cannot_hold_a_library_are_refused_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "catalogue.sqlite3").write_bytes(b"no database " * 999)
    for name in ("file", "file/below", "odd"):
        with pytest.raises(LibraryError, match=r"--library"):
            Library.open(Settings(library=tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LibraryError, match="--library"):
        Library.open(Settings(library=tmp_path / "library"))


# --- another embedder -----------------------------------------------------------------------------


def test_another_embedder_is_refused_by_name_and_reading_still_works(settings: Settings) -> None:
    with opened(settings, "fake one") as library:
        library.add(articles(2))
        library.catalogue.insert(article(5), split(article(5)))  # as a killed `add` leaves it
    with opened(settings, "fake two") as library:
        said: list[str] = []
        assert library.finish(lambda progress: said.append(progress.stage)) == 0
        assert "not finished" in said[0] and "fake two" in said[0]
        for call in (lambda: retrieve(library, "What?", NO_FILTER), lambda: library.add(articles(5))):
            with pytest.raises(EmbedderMismatch, match=r"fake one.*fake two.*news-assistant rebuild"):
                call()
        assert len(library.entries()) == 2 and library.article(article(1).id) == article(1)
        with pytest.raises(SourceNotFound):  # nothing of the refused `add` was stored
            library.article(article(3).id)
        library.remove(article(0).id)
    with opened(settings, "fake one") as library:
        library.finish()
        complete(library, [article(1), article(5)])


def test_rebuild_with_another_embedder_embeds_anew(settings: Settings) -> None:
    with opened(settings, "fake one") as library:
        library.add(articles(4))
    with opened(settings, "fake two") as library:
        assert library.rebuild() == library.catalogue.count() > 0
        complete(library, articles(4))
        assert near(library, article(2)) == {article(2).id}
    with opened(settings, "fake one") as library, pytest.raises(EmbedderMismatch):
        library.add(articles(5))


def test_a_rebuild_that_can_have_no_vectors_keeps_the_old_ones(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EmbedderError("no vectors today")

    with opened(settings, "fake one") as library:
        library.add(articles(3))
    with opened(settings, "fake two") as library, monkeypatch.context() as patch:
        patch.setattr(FakeEmbedder, "one", fail)
        with pytest.raises(EmbedderError):
            library.rebuild()
    with opened(settings, "fake one") as library:
        complete(library, articles(3))
