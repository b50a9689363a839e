"""Pages of many layouts: how much of the article is read, and of what surrounds it nothing; and the suite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import evaluate
from assistant.documents import article_of_page
from assistant.extraction_suite import overlap
from assistant.records import EvaluationError
from assistant.settings import Settings
from tests.layouts import COOKIES, LAYOUTS, NEWSLETTER, NO_STORY, OTHERS, STORY, TITLE, p, page, site

FLOOR = 0.93  # of the F1 of each layout with its headline, which a page may print twice


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_gives_its_article(name: str) -> None:
    html, wanted = LAYOUTS[name]()
    found = article_of_page(html)
    assert found is not None
    text = found.text.removeprefix(found.title or "").removeprefix(TITLE)
    precision, recall, f1 = overlap(text, wanted)
    assert f1 >= FLOOR, (precision, recall)


@pytest.mark.parametrize("name", NO_STORY)
def test_a_page_without_a_story_is_no_article(name: str) -> None:
    assert article_of_page(NO_STORY[name]) is None


@pytest.mark.parametrize(
    "name", ["boxes", "related_links", "comments", "pull_quotes", "plain", "wordpress", "tables"]
)
def test_what_surrounds_an_article_is_not_in_it(name: str) -> None:
    found = article_of_page(LAYOUTS[name]()[0])
    assert found is not None
    for strange in (
        "in your inbox",
        "214 partners",
        "typical of this council",
        "All rights reserved",
        *OTHERS,
    ):
        assert strange not in found.text
    assert len(found.text.split("\n\n")) == len(set(found.text.split("\n\n"))), "nothing twice"


def test_paragraphs_keep_their_order_and_their_words() -> None:
    for name in ("standfirst", "gallery", "split_by_ads", "script_app"):
        found = article_of_page(LAYOUTS[name]()[0])
        assert found is not None
        assert [block for block in found.text.split("\n\n") if block in STORY] == STORY


def test_hidden_words_are_left_out_unless_they_are_the_page() -> None:
    found = article_of_page(LAYOUTS["hidden_words"]()[0])
    assert found is not None
    assert "Programs that read" not in found.text
    whole = article_of_page(page(f'<div id="app" style="display:none">{p(STORY)}</div>'))
    assert whole is not None
    assert whole.text.split("\n\n") == STORY, "a script will show it"


def test_a_story_about_cookies_is_no_box_about_cookies() -> None:
    text = [line.replace("bridge", "cookie") for line in STORY]
    found = article_of_page(
        site(f'<div class="story cookie-law"><h1>{TITLE}</h1>{p(text)}</div>{NEWSLETTER}')
    )
    assert found is not None
    assert overlap(found.text, "\n".join(text))[1] == 1
    parts = "".join(f'<div class="cookie-recipe"><p>{line}</p></div>' for line in text)
    found = article_of_page(page(f"<main>{parts}{COOKIES}</main>"))
    assert found is not None
    assert overlap(found.text, "\n".join(text)) == (1, 1, 1)


# The suite


def written(folder: Path, *records: object) -> Path:
    path = folder / "pages.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records))
    return path


def cases() -> Iterator[dict[str, str]]:
    for made in LAYOUTS.values():
        html, text = made()
        yield {"html": html, "text": text}


def test_the_suite_scores_pages_as_they_are_added(tmp_path: Path, settings: Settings) -> None:
    empty = ({"html": html, "text": ""} for html in NO_STORY.values())
    metrics = evaluate.run("extraction", written(tmp_path, *cases(), *empty), settings, lambda _: None)
    assert metrics["pages"] == len(LAYOUTS) + len(NO_STORY)
    assert metrics["refused"] == len(NO_STORY)
    assert metrics["f1"] >= 0.98
    assert 0 < metrics["seconds_per_page"] < 2


def test_a_page_that_is_refused_counts_nothing(tmp_path: Path, settings: Settings) -> None:
    html, text = LAYOUTS["plain"]()
    path = written(tmp_path, {"html": html, "text": text}, {"html": NO_STORY["menus"], "text": "A story."})
    metrics = evaluate.run("extraction", path, settings, lambda _: None)
    assert (metrics["refused"], metrics["f1"]) == (1, 0.5)


@pytest.mark.parametrize(
    ("record", "why"),
    [({"text": "x"}, "line 1: 'html'"), ({"html": "x", "text": 5}, "line 1: 'text'"), ([], "line 1")],
)
def test_a_bad_line_is_named(record: object, why: str, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(EvaluationError, match=why):
        evaluate.run("extraction", written(tmp_path, record), settings, lambda _: None)
    with pytest.raises(EvaluationError, match="no pages"):
        evaluate.run("extraction", written(tmp_path), settings, lambda _: None)


def test_overlap_counts_words_as_often_as_they_stand() -> None:
    assert overlap("a a b", "a b b") == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert overlap("", "a") == (0, 0, 0)
    assert overlap("A.", "a") == (1, 1, 1)
