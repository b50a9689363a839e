"""From a site on the web into the library: a feed once, then what is new; an edited page is a version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.intake import Intake
from assistant.library import Library
from assistant.settings import Settings
from tests.fakes import opened
from tests.ferries import ferries, page, rss
from tests.website import Site, website


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as made:
        ferries(made, 1, 2, 3)
        made.routes["/feed.xml"] = rss(1, 2)
        yield made


@pytest.fixture
def fetching(settings: Settings, site: Site) -> Settings:
    return settings.model_copy(update={"fetch_allow": site.place, "fetch_pause": 0.0})


def add(library: Library, *places: str) -> Intake:
    taken = Intake(places, None, None, library.settings)
    library.add(taken.articles(library.catalogue.visits))
    return taken


def titles(library: Library) -> list[str]:
    return [entry.source.title for entry in library.entries() if entry.replaced_by is None]


def test_a_feed_gives_its_articles_once_and_later_what_is_new(fetching: Settings, site: Site) -> None:
    with opened(fetching) as library:
        assert not add(library, site.url("/feed.xml")).refused
        assert titles(library) == ["Ferry 1 will run", "Ferry 2 will run"]
        assert {entry.source.outlet for entry in library.entries()} == {"Tamar Herald"}
    site.asked.clear()
    with opened(fetching) as library:  # what was visited is in the catalogue
        (passed,) = add(library, site.url("/feed.xml")).passed
        assert passed.kind == "feed" and site.paths == ["/feed.xml"]
        site.routes["/feed.xml"] = rss(1, 2, 3, etag='"f2"')
        add(library, site.url("/feed.xml"))
        assert len(titles(library)) == 3 and library.check() == []


def test_an_edited_page_is_a_new_version_and_the_old_text_stays(fetching: Settings, site: Site) -> None:
    with opened(fetching) as library:
        add(library, site.url("/ferry/1"))
        (old,) = library.entries()
        site.routes["/ferry/1"] = page(1, more="An earlier version of this article named the wrong day.")
        add(library, site.url("/ferry/1"))
        (new,) = [entry for entry in library.entries() if entry.replaced_by is None]
        assert library.catalogue.version_before(new.source.id) == old.source.id
        assert "wrong day" in library.article(new.source.id).text
        assert "wrong day" not in library.article(old.source.id).text
        assert library.check() == []


def test_a_page_whose_article_was_removed_can_be_added_again(fetching: Settings, site: Site) -> None:
    with opened(fetching) as library:
        add(library, site.url("/ferry/2"))
        library.remove(library.entries()[0].source.id)
        add(library, site.url("/ferry/2"))
        assert titles(library) == ["Ferry 2 will run"]


def test_files_and_addresses_may_be_mixed_and_each_refusal_names_its_own(
    fetching: Settings, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "a.txt").write_text("The ferry to Port Tamar was late. Nobody knew why it was late that day.")
    with opened(fetching) as library:
        taken = add(library, str(folder), site.url("/ferry/1"), site.url("/missing"), "ftp://x.example/a")
        assert len(library.entries()) == 2
        assert [item.name for item in taken.refused] == [site.url("/missing"), "ftp://x.example/a"]


def test_nothing_is_begun_where_nothing_can_be_read(settings: Settings) -> None:
    taken = Intake(["nowhere.txt"], None, None, settings)
    assert not taken.begins() and taken.refused[0].name == "nowhere.txt"
    assert Intake(["https://outlet.example/a"], None, None, settings).begins()
