"""The Compare page: the matrix, the claim in view, claims of a text, and hostile text that stays text."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant import settings as configuration
from assistant.errors import ModelError
from assistant.export import render
from assistant.library import Library
from assistant.markdown import escape
from assistant.matrix import best, columns
from assistant.models import Answer, Difference, Filters, Side
from assistant.saved import Record
from tests.compared import ARTICLES, CLAIM, OTHER, WHY, differing
from tests.pages import (
    HOSTILE,
    ROOT,
    Opened,
    answered,
    answers,
    history,
    html_of,
    marks,
    seen,
    words,
)

COMPARE = ROOT / "assistant" / "pages" / "compare.py"
LONG_TEXT = (
    "Fourteen people were injured when the Lantern Bridge sank on Monday evening. "
    "The operator knew in May that the fourth pier was moving. "
    "The ministry closed the bridge for two weekends in June."
)


@pytest.fixture
def compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every claim gets an answer of six sources, which are in the library; the claims that were asked."""
    with Library.open(configuration.load(library=folder)) as library:
        library.add(ARTICLES)
    asked: list[str] = []

    def asking(_: Library, question: str, **__: Any) -> Answer:
        asked.append(question)
        return differing(question=question)

    answers(monkeypatch, asking)
    return asked


def press(app: AppTest, label: str) -> AppTest:
    return answered(next(button for button in app.button if button.label == label).click().run())


def compare(app: AppTest, claim: str = CLAIM) -> AppTest:
    app.text_input(key="claim").set_value(claim)
    return press(app, "Compare the sources")


def choose(app: AppTest, key: str, option: object) -> None:
    control: Any = app.get_by_key(key)
    control.set_value(option).run()


def split(app: AppTest, text: str) -> AppTest:
    choose(app, "mode", "A text")
    app.text_area(key="pasted").set_value(text)
    return press(app, "Find its claims")


def cells(app: AppTest, row: int = 1) -> list[Any]:
    return [button for button in app.button if str(button.key).startswith(f"cell-{row}-")]


def test_an_empty_library_says_what_to_do(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWS_ASSISTANT_LIBRARY", str(tmp_path / "new"))
    app = opened(COMPARE)
    assert "empty" in app.info[0].value and "claim" not in [item.key for item in app.text_input]


def test_every_source_has_a_cell_that_names_itself_and_opens_its_passage(
    compared: list[str], opened: Opened
) -> None:
    app = compare(opened(COMPARE))
    assert compared == [CLAIM]
    answer = differing()
    found = {str(cell.key).removeprefix("cell-1-"): cell for cell in cells(app)}
    assert set(found) == {each.id for each in ARTICLES}
    for account in answer.accounts:
        label = found[account.source].label
        word = {"affirms": "Affirms", "denies": "Denies", "mixed": "Affirms and denies", "silent": "Silent"}
        assert f" {word[account.stance]}]" in label and ":material/" in label, "an icon, a word and a colour"
        assert escape(answer.sources[account.source].label) in label and "claim 1" in label
        cells(app)[[cell.key for cell in cells(app)].index(f"cell-1-{account.source}")].click().run()
        key = best(answer, account)
        assert key and marks(app)[0] == answer.citations[key].quote


def test_a_cell_opens_words_that_bear_its_stance_or_else_the_nearest() -> None:
    answer = differing()
    opened = [answer.citations[best(answer, account) or ""].quote for account in answer.accounts]
    assert "14 people" in opened[0] and "41 people" in opened[1] and "Ships wait" in opened[4]
    denying = replace(answer.accounts[3], stance="affirms")
    assert "there were 14" in answer.citations[best(answer, denying) or ""].quote


def test_sources_of_one_origin_stand_together_and_say_so() -> None:
    found = [(column.source.outlet, column.origin) for column in columns([differing()])]
    assert found[:2] == [("The Port Sabel Tidings", 1), ("Quayside Post", 1)]
    assert [origin for _, origin in found[2:]] == [None] * 4 and found[-1][0] == "The Ardan Gazette"


@pytest.mark.usefixtures("compared")
def test_the_claim_in_view_is_told_in_full(opened: Opened) -> None:
    page = words(seen(compare(opened(COMPARE)))).replace("\\", "")
    for said in (
        "Sources contradict each other", "Conflicting:", "Rule: own voices differ",
        "the operator", "In its own voice", "The nearest passage, which does not address it",
        "How many people were injured", "Rule: numbers differ",
        "Words of Ada Torvane in 2 renderings", "Certainty or obligation: “must” against “should”",
        "Word that judges: “shut” only in The Port Sabel Tidings",
        "5 sources, 4 origins", WHY, "9 October 2023", "“Monday”",
        "Without a date of publication: The Ardan Gazette",
    ):  # fmt: skip
        assert said in page, said
    assert "not fact" not in page and "true" not in page.lower() and "false" not in page.lower()


@pytest.mark.usefixtures("compared")
def test_words_that_differ_are_marked_in_both_renderings(opened: Opened) -> None:
    app = compare(opened(COMPARE))
    strong = [re.findall(r"<strong[^>]*>(.*?)</strong>", item.value) for item in app.html]
    assert ["must", "shut", "examined"] in strong and ["should", "closed", "inspected"] in strong


@pytest.mark.usefixtures("compared")
def test_both_sides_of_a_disagreement_open_their_passages(opened: Opened) -> None:
    app = compare(opened(COMPARE))
    sides = [button for button in app.button if str(button.key).startswith("disagreements-")]
    assert len(sides) == 3
    for button, said in zip(sides, ("14 people", "Fourteen", "41 people"), strict=True):
        next(each for each in app.button if each.key == button.key).click().run()
        assert said in marks(app)[0]


def test_a_pasted_text_is_split_and_the_ticked_claims_are_compared(
    compared: list[str], opened: Opened
) -> None:
    app = split(opened(COMPARE), LONG_TEXT)
    assert not compared and len(app.checkbox) >= 2 and all(box.value for box in app.checkbox)
    app.checkbox[0].set_value(False)
    press(app, "Compare the ticked claims")
    assert len(compared) == len(app.checkbox) - 1 and all(claim[:10] in LONG_TEXT for claim in compared)
    for row in range(1, len(compared) + 1):
        assert len(cells(app, row)) == len(ARTICLES)
    assert words(app.html[-1].value) and app.get_by_key("view") is not None


@pytest.mark.usefixtures("compared")
def test_another_claim_comes_into_view(opened: Opened) -> None:
    app = saved(opened, CLAIM, OTHER)
    choose(app, "view", 2)
    assert not app.exception
    assert any(f">{OTHER}</h3>" in item.value for item in app.html)


def saved(opened: Opened, *claims: str, left: int = 0) -> AppTest:
    """The page over a comparison that was saved, with answers to all claims but the last `left`."""
    with closing(history()) as kept:
        made = kept.start(claims[0], "comparison")
        for place, claim in enumerate(claims):
            exchange = kept.begin(made, claim, Filters())
            if place < len(claims) - left:
                kept.answered(exchange, Record(differing(question=claim), "2026-01-01T00:00:00+00:00"))
            else:
                kept.unanswered(exchange, "interrupted")
    app = opened(COMPARE)
    return press(app, escape(claims[0]))


@pytest.mark.usefixtures("compared")
def test_an_uploaded_article_is_split(opened: Opened) -> None:
    app = opened(COMPARE)
    choose(app, "mode", "A file")
    app.file_uploader[0].upload("bridge.md", f"---\ntitle: Bridge\n---\n\n{LONG_TEXT}\n".encode())
    press(app, "Find its claims")
    assert len(app.checkbox) >= 2
    app = opened(COMPARE)
    choose(app, "mode", "A file")
    app.file_uploader[0].upload("empty.txt", b"")
    press(app, "Find its claims")
    assert "empty.txt" in app.warning[0].value.replace("\\", "") and not app.checkbox


@pytest.mark.usefixtures("compared")
def test_a_stopped_comparison_is_exported_with_what_it_lacks(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr("assistant.drawing.draw_downloads", lambda item, *_: given.append(item))
    saved(opened, CLAIM, OTHER, left=1)
    written = render(given[-1], "csv")
    assert f"no answer,{OTHER},interrupted" in written and given[-1].counted == (
        "2 claims, 1 of them without an answer"
    )


def test_a_stopped_comparison_keeps_what_it_has_and_goes_on(compared: list[str], opened: Opened) -> None:
    app = saved(opened, CLAIM, OTHER, left=1)
    assert "1 claim not compared" in app.warning[0].value and len(cells(app)) == len(ARTICLES)
    app.button(key="go-on").click().run()
    assert compared == [OTHER] and len(cells(answered(app), 2)) == len(ARTICLES) and not app.warning


@pytest.mark.usefixtures("compared")
def test_stop_ends_a_comparison_after_the_claim_at_hand(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def waiting(_: Library, question: str, **__: Any) -> Answer:
        go_on.wait(60)
        return differing(question=question)

    answers(monkeypatch, waiting)
    app = opened(COMPARE)
    choose(app, "mode", "A text")
    app.text_area(key="pasted").set_value(LONG_TEXT)
    press(app, "Find its claims")
    next(button for button in app.button if button.label == "Compare the ticked claims").click().run()
    app.button(key="stop").click().run()
    assert "Stopping after the claim at hand" in seen(app)
    go_on.set()
    until = time.monotonic() + 60
    while not app.warning and time.monotonic() < until:
        time.sleep(0.1)
        app.run()
    assert "not compared" in app.warning[0].value and cells(app, 1) and not cells(app, 2)


@pytest.mark.usefixtures("compared")
def test_a_failing_claim_is_told_and_the_others_stay(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Library, question: str, **__: Any) -> Answer:
        if question == OTHER:
            raise ModelError("The endpoint [x] is down.")
        return differing(question=question)

    answers(monkeypatch, failing)
    app = press(saved(opened, CLAIM, OTHER, left=1), "Go on")
    assert not app.exception and escape("The endpoint [x] is down.") in app.error[0].value
    assert len(cells(app)) == len(ARTICLES)


def test_over_the_real_engine_every_source_of_the_library_has_a_cell(opened: Opened) -> None:
    app = compare(opened(COMPARE), "14 people were injured on the Lantern Bridge.")
    assert len(cells(app)) == 8
    speaking = next(cell for cell in cells(app) if " Silent]" not in cell.label)
    speaking.click().run()
    assert marks(app) and not app.exception


def hostile(question: str) -> Answer:
    """The answer of six sources with hostile text wherever an article or a model can put some."""
    answer = differing(question=question)
    sources = {
        key: replace(source, outlet=HOSTILE, title=HOSTILE, url=HOSTILE)
        for key, source in answer.sources.items()
    }
    accounts = tuple(
        replace(account, voices=tuple(replace(voice, speaker=HOSTILE) for voice in account.voices))
        for account in answer.accounts
    )
    sides = (Side(("gone",), ()), *answer.disagreements[0].sides)
    return replace(
        answer,
        rule=HOSTILE,
        sources=sources,
        accounts=accounts,
        citations={key: replace(item, quote=HOSTILE) for key, item in answer.citations.items()},
        disagreements=(replace(answer.disagreements[0], about=HOSTILE, rule=HOSTILE, sides=sides),),
        utterances=(
            replace(
                answer.utterances[0],
                speaker=HOSTILE,
                differences=(Difference(HOSTILE, HOSTILE, HOSTILE), Difference("negation", HOSTILE, "")),
            ),
        ),
        origins=(replace(answer.origins[0], why=HOSTILE),),
    )


@pytest.mark.parametrize("page", [COMPARE, None])
def test_hostile_text_is_text(
    folder: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch, page: Path | None
) -> None:
    del folder
    answering: Callable[..., Answer] = lambda _, question, **__: hostile(question)  # noqa: E731
    answers(monkeypatch, answering)
    app = opened(page)
    flat = " ".join(HOSTILE.split())
    if page:
        compare(app, flat)
    else:
        app.chat_input[0].set_value(flat).run()
    assert not app.exception
    ours = {*"p h3 h4 h5 h6 blockquote small br strong ul li sup style div span".split()}
    for value in html_of(app):
        assert {tag.lower() for tag in re.findall(r"<\s*/?\s*(\w+)", value)} <= ours, value
    read = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    shown = [item.value for item in read] + [button.label for button in app.button]
    shown += [item.label for item in app.expander]
    for value in shown:
        bare = re.sub(r"\\.", "", value)
        assert not re.search(r"https?://|www\.|\]\(|<|:tada:|:material_home:|\$|`", bare), value
        assert ":material/home:" not in bare, value
