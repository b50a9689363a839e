"""The list of sources: search, filters and pages in the database, and what each article is linked to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assistant.catalogue import Catalogue
from assistant.listing import MOST_COPIES, Wanted
from assistant.splitting import split
from assistant.text import fold
from tests.fakes import article
from tests.test_catalogue import put


@pytest.fixture
def catalogue(tmp_path: Path, stores: dict[str, Any]) -> Iterator[Catalogue]:
    made = Catalogue(stores.get("database_url") or tmp_path / "library" / "catalogue.sqlite3")
    yield made
    made.close()


def listed(catalogue: Catalogue, wanted: Wanted, offset: int = 0, limit: int = 100) -> list[str]:
    page = catalogue.listing.page(wanted, offset, limit)
    return [item.entry.source.id for item in page.items]


FACTS: list[dict[str, Any]] = [
    {"id": "a", "title": "Élan de l’Été", "outlet": "Le Héron", "date": "2023-01-02"},
    {"id": "b", "title": "Мост упал у ЁЛКИ", "outlet": "Вестник", "date": "2023-01-02"},
    {"id": "c", "title": "STRASSE zu, 100 % voll_er", "outlet": None, "date": None, "file": "brücke.md"},
    {"id": "d", "title": "大桥倒塌", "outlet": "Le Héron", "date": "2023-02-01", "url": "http://h/Bridge-1"},
    {"id": "e", "title": "a\\b 'quoted' ﬁsh", "outlet": "", "date": None},
]


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    put(catalogue, *(article(number, **facts) for number, facts in enumerate(FACTS)))
    pending = article(9, title="Élan pending", id="p", outlet="Le Héron")
    catalogue.insert(pending, split(pending))
    return catalogue


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "badec"), ("elan", "a"), ("HERON", "ad"), ("ete heron", "a"), ("елки", "b"), ("МОСТ вест", "b"),
        ("straße", "c"), ("BRUCKE", "c"), ("%", "c"), ("_", "c"), ("100 %", "c"), ("桥", "d"),
        ("bridge-1", "d"), ("2023-01", "ba"), ("\\", "e"), ("'", "e"), ("fish", "e"), ("elan bridge", ""),
        ("nothing", ""), ("\x00", ""), ("  ", "badec"),
    ],
)  # fmt: skip
def test_words_are_sought_without_regard_to_case_and_accents(
    filled: Catalogue, words: str, expected: str
) -> None:
    assert "".join(sorted(listed(filled, Wanted(words)))) == "".join(sorted(expected))
    by_hand = [
        str(facts["id"])
        for facts in FACTS
        if all(
            word
            in fold(" ".join(facts.get(name) or "" for name in ("title", "outlet", "date", "url", "file")))
            for word in fold(words).split()
        )
    ]
    assert words == "\x00" or sorted(listed(filled, Wanted(words))) == sorted(by_hand)


@pytest.mark.parametrize(
    ("wanted", "expected", "undated"),
    [
        (Wanted(outlets=("Le Héron",)), "ad", 0),
        (Wanted(outlets=(None,)), "c", 0),
        (Wanted(outlets=("Вестник", None)), "bc", 0),
        (Wanted(outlets=("le heron",)), "", 0),
        (Wanted(since="2023-01-02"), "abd", 2),
        (Wanted(until="2023-01-02"), "ab", 2),
        (Wanted("heron", since="2023-01-03", until="2023-02-01"), "d", 0),
        (Wanted(since="2023-02-01", until="2023-01-01"), "", 2),
        (Wanted(outlets=("'; DROP TABLE lines; --",)), "", 0),
    ],
)
def test_outlets_and_dates_narrow_the_list(
    filled: Catalogue, wanted: Wanted, expected: str, undated: int
) -> None:
    page = filled.listing.page(wanted, 0, 100)
    assert "".join(sorted(item.entry.source.id for item in page.items)) == expected
    assert (page.total, page.undated) == (len(expected), undated)


def test_pages_follow_each_other_and_outlets_are_counted(filled: Catalogue) -> None:
    every = listed(filled, Wanted())
    assert [listed(filled, Wanted(), at, 2) for at in (0, 2, 4, 6)] == [every[:2], every[2:4], every[4:], []]
    assert set(every[-2:]) == {"c", "e"}, "the undated ones last"
    assert filled.listing.page(Wanted(), 4, 2).total == 5
    counts = {outlet.name: outlet.articles for outlet in filled.listing.outlets()}
    assert counts == {"Le Héron": 2, "Вестник": 1, "": 1, None: 1}, "what is not whole does not count"


def test_versions_and_copies_of_the_page_are_named(catalogue: Catalogue) -> None:
    facts: dict[str, Any] = {"url": "http://post/1", "outlet": "The Post", "title": "The bridge"}
    old, new = article(1, **facts), article(2, **facts)
    first = article(3, outlet="First")
    copies = [
        article(50 + n, f"{first.text} Editor {n} said so.", outlet=f"C{n:02}")
        for n in range(MOST_COPIES + 2)
    ]
    put(catalogue, old, new, first, *copies)
    found = {item.entry.source.id: item for item in catalogue.listing.page(Wanted(), 0, 100).items}
    older, newer = found[new.id].older, found[old.id].newer
    assert older and newer and (older.id, newer.id) == (old.id, new.id)
    assert found[new.id].newer is None is found[old.id].older
    assert [copy.id for copy in found[first.id].copies] == [copy.id for copy in copies[:MOST_COPIES]]
    assert found[first.id].copied == len(copies)
    origin = found[copies[-1].id].origin
    assert origin and origin.title == first.title and not found[copies[-1].id].copies


def test_a_library_of_old_is_listed_when_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "library" / "catalogue.sqlite3"
    made = Catalogue(file)
    put(made, article(1), article(2))
    with made._db.write() as db:
        db.execute(text("DROP TABLE lines"))
    made.close()
    again = Catalogue(file)
    assert sorted(listed(again, Wanted("ship"))) == sorted(item.id for item in (article(1), article(2)))
    assert again.verify() == []
    again.close()
