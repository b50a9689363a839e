"""Near-duplicates are stored and linked to their origin; versions and other reports are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.catalogue import Catalogue
from assistant.models import Article
from assistant.splitting import split
from tests.fakes import article
from tests.test_catalogue import embed


@pytest.fixture
def catalogue(tmp_path: Path, stores: dict[str, Any]) -> Iterator[Catalogue]:
    made = Catalogue(stores.get("database_url") or tmp_path / "library" / "catalogue.sqlite3")
    yield made
    made.close()


def links(catalogue: Catalogue) -> dict[str, str]:
    return {entry.source.id: entry.copy_of for entry in catalogue.entries() if entry.copy_of}


def put(catalogue: Catalogue, *items: Article) -> None:
    for item in items:
        assert catalogue.insert(item, split(item))
    embed(catalogue)


def edited(item: Article, number: int, **facts: Any) -> Article:
    """The same report with a sentence of its own, in another outlet."""
    return article(99, f"{item.text} Editor {number} added this.", **{"outlet": f"Paper {number}"} | facts)


def test_a_copy_is_linked_to_the_first_article_of_its_text(catalogue: Catalogue) -> None:
    first = article(1, outlet="Paper 1")
    second, third = edited(first, 2), edited(first, 3)
    put(catalogue, article(7), first, second, third)
    assert links(catalogue) == {second.id: first.id, third.id: first.id}
    assert catalogue.article(second.id) == second


def test_another_report_and_another_version_are_no_copies(catalogue: Catalogue) -> None:
    facts = {"url": "http://post/1", "outlet": "The Post"}
    first = article(1, **facts)
    put(catalogue, first, edited(first, 2, **facts), article(2))
    assert links(catalogue) == {}
    assert catalogue.version_before(edited(first, 2, **facts).id) == first.id
    assert catalogue.version_before(first.id) is None


def test_copies_whose_origin_is_removed_have_the_next_one_for_it(catalogue: Catalogue) -> None:
    first = article(1, outlet="Paper 1")
    second, third, fourth = (edited(first, number) for number in (2, 3, 4))
    put(catalogue, first, second, third, fourth)
    catalogue.remove(first.id)
    assert links(catalogue) == {third.id: second.id, fourth.id: second.id}
    catalogue.remove(third.id)
    assert links(catalogue) == {fourth.id: second.id}
    put(catalogue, first)
    assert links(catalogue) == {fourth.id: second.id, first.id: second.id}


def test_a_copy_of_a_copy_goes_back_to_the_origin(catalogue: Catalogue) -> None:
    first = article(1, outlet="Paper 1")
    chain = [first]
    for number in range(2, 6):
        chain.append(edited(chain[-1], number))
    put(catalogue, *chain)
    assert links(catalogue) == {item.id: first.id for item in chain[1:]}
