"""Pages on the web to articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.errors import AddressRefused, FetchFailed, InputRefused
from assistant.models import Article, PassedOver
from tests.ferries import (
    Memory,
    add,
    articles,
    ferries,
    only,
    page,
    passed,
)
from tests.test_parsing import pdf
from tests.website import Page, Site, website


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as open_site:
        yield open_site


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_a_page_becomes_an_article_with_what_it_says_of_itself(site: Site, memory: Memory) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The ferry runs",'
        '"datePublished": "2024-03-05T10:00:00Z", "author": {"name": "Ann Example"},'
        '"publisher": {"name": "Tamar Herald"}}</script><link rel="canonical" href="/ferry/1">'
    )
    site.routes["/ferry/1?utm_source=x"] = page(1, head=head)
    article = only(add(site, memory, "/ferry/1?utm_source=x#top"))
    assert (article.title, article.outlet, article.date) == ("The ferry runs", "Tamar Herald", "2024-03-05")
    assert (article.author, article.language, article.url) == ("Ann Example", "en", site.url("/ferry/1"))
    assert "denied it" in article.text
    assert article.file is None


def test_the_word_of_the_person_who_adds_a_page_wins(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    article = only(add(site, memory, "/ferry/1", outlet="My Outlet", date="2020-01-02"))
    assert (article.outlet, article.date) == ("My Outlet", "2020-01-02")


@pytest.mark.parametrize(
    ("canonical", "same"),
    [
        ("https://elsewhere.example/a", False),
        ("/", False),
        ("javascript:alert(1)", False),
        ("/b", True),
        ("", False),
    ],
)
def test_a_page_is_known_by_its_own_address_only_on_its_own_site(
    site: Site, memory: Memory, canonical: str, same: bool
) -> None:
    site.routes["/ferry/1"] = page(1, head=f'<link rel="canonical" href="{canonical}">')
    assert only(add(site, memory, "/ferry/1")).url == site.url("/b" if same else "/ferry/1")


def test_a_pdf_and_a_text_become_articles(site: Site, memory: Memory) -> None:
    site.routes["/report.pdf"] = Page(pdf("The board of Port Tamar met."), media="application/pdf")
    site.routes["/note.txt"] = Page(b"The board of Port Tamar met again.", media="text/plain")
    report, note = articles(add(site, memory, "/report.pdf", "/note.txt"))
    assert report.text == "The board of Port Tamar met."
    assert report.url == site.url("/report.pdf")
    assert note.text == "The board of Port Tamar met again."


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8_r"),
        ("utf-16le", "utf-16-le"),
        ("iso-8859-1", "utf-8"),
        ("x", "utf-8"),
    ],
)
def test_the_charset_of_the_server_is_believed_where_it_fits(
    site: Site, memory: Memory, charset: str, encoding: str
) -> None:
    text = "Совет порта Тамар сообщил, что паром снова пойдёт в мае будущего года. Капитан это отрицает. " * 3
    body = f"<!doctype html><html><body><article><p>{text}</p></article></body></html>"
    site.routes["/a"] = Page(body.encode(encoding), media=f"text/html; charset={charset}")
    article = only(add(site, memory, "/a"))
    assert "Капитан это отрицает" in article.text
    assert not [one for one in article.notices if one.code in ("decoded_as", "bytes_damaged")]


def test_a_page_that_is_as_it_was_is_asked_for_once_more_and_gives_nothing(
    site: Site, memory: Memory
) -> None:
    ferries(site, 1)
    site.routes["/ferry/2"] = replace(page(2), etag=None)
    assert len(articles(add(site, memory, "/ferry/1", "/ferry/2"))) == 2
    again = add(site, memory, "/ferry/1", "/ferry/2")
    assert [one.unchanged for one in again if isinstance(one, PassedOver)] == [1, 1]
    assert len(again) == 2
    assert "as it was" in again[0].text  # type: ignore[union-attr]
    assert [one.headers.get("if-none-match") for one in site.asked if one.path == "/ferry/1"] == [
        None,
        '"10"',
    ]


def test_what_changes_on_a_page_beside_its_article_is_no_edit(site: Site, memory: Memory) -> None:
    site.routes["/ferry/1"] = replace(page(1, head="<script>var id = 1</script>"), etag=None)
    only(add(site, memory, "/ferry/1"))
    site.routes["/ferry/1"] = replace(page(1, head="<script>var id = 2</script>"), etag=None)
    assert passed(add(site, memory, "/ferry/1")).unchanged == 1


def test_an_edited_page_is_a_new_article_under_the_same_address(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    before = only(add(site, memory, "/ferry/1"))
    site.routes["/ferry/1"] = page(1, "It will be free.")
    after = only(add(site, memory, "/ferry/1"))
    assert before.url == after.url
    assert before.id != after.id
    assert passed(add(site, memory, "/ferry/1")).unchanged == 1


def test_what_cannot_be_fetched_is_named_and_the_others_are_added(site: Site, memory: Memory) -> None:
    ferries(site, 1)
    site.routes["/broken"] = Page(status=500)
    results = add(site, memory, "http://127.0.0.1/", "/none", "/broken", "file:///etc/passwd", "/ferry/1")
    kinds = [type(result) for result in results]
    assert kinds == [AddressRefused, InputRefused, FetchFailed, AddressRefused, Article]
    assert set(memory.visits) == {site.url("/ferry/1")}
