"""Tables of articles: whatever spreadsheet wrote them, each row is an article or refused by its number."""

from __future__ import annotations

import csv
import gzip
import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import sheets
from assistant.errors import InputRefused
from assistant.models import Article
from tests.conftest import ROOT
from tests.loaded import BODY, article, codes, named, reasons, refusal, upload

TEXT = " ".join(BODY.split())


def table(*rows: tuple[str, ...], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def test_columns_are_known_by_their_names_in_any_order() -> None:
    names = ("id", "Headline", "published_at", "Source", "Body", "byline", "link")
    row = ("7", "Bridge opens", "2023-03-07", "The Exton Post", BODY, "Ada Exton", "https://exton.example/1")
    data = table(names, row)
    found = article("a.csv", data)
    assert (found.title, found.date, found.outlet) == ("Bridge opens", "2023-03-07", "The Exton Post")
    assert (found.author, found.url, found.file) == ("Ada Exton", "https://exton.example/1", "a.csv")
    assert found.text == BODY, "with its line ends"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", ["", "\ufeff", "sep=X\n", "\n\n"])
def test_the_separator_is_found(separator: str, start: str) -> None:
    data = start.replace("X", separator) + table(("title", "text"), ("A; b, c", TEXT), separator=separator)
    found = article("a.csv", data)
    assert (found.title, found.text) == ("A; b, c", TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "utf-8-sig"])
def test_a_table_in_the_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    text = "Городской совет во вторник решил закрыть старый мост через реку, и паром снова ходит."
    found = article("a.tsv", table(("title", "text"), ("Мост", text), separator="\t").encode(encoding))
    assert (found.title, found.text, found.language) == ("Мост", text, "ru")
    assert ("decoded_as" in codes(found)) == (encoding == "cp1251")


def test_bad_rows_are_refused_by_the_number_that_a_spreadsheet_shows() -> None:
    data = f'title,text\nA,{TEXT}\nB,\n\nC,one,two,three\nD,"{TEXT}"\n'
    first, empty, long, last = upload("a.csv", data)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(empty, InputRefused)
    assert isinstance(long, InputRefused)
    assert (empty.name, long.name) == ("a.csv row 3", "a.csv row 5")
    assert "its text is empty" in empty.why
    assert "4 cells, and the first row has 2" in long.why


def test_a_table_without_a_column_of_text_says_what_it_has() -> None:
    refused = refusal("a.csv", "date,headline\n2023-03-07,Bridge opens\n")
    assert "“date”, “headline”" in refused.why
    assert "Name the column" in refused.hint


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n\n", "empty"),
        ("a.csv", b"title,text\n", "no articles"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        ("a.csv.gz", b"not gzip", "reading it failed"),
        ("a.csv.gz", gzip.compress(table(("text",), (TEXT,)).encode())[:-9], "reading it failed"),
    ],
    ids=named,
)
def test_what_is_no_table_is_told_why(name: str, data: bytes, why: str) -> None:
    assert why in refusal(name, data).why


def test_a_packed_table_is_read() -> None:
    assert article("a.csv.gz", gzip.compress(table(("text",), (TEXT,)).encode())).text == TEXT


def test_a_quotation_mark_that_is_never_closed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROW", 10_000)
    data = table(("text",), (TEXT,)) + '"' + "The weir is shut.\n" * 5_000
    found, refused = upload("a.csv", data)
    assert isinstance(found, Article)
    assert isinstance(refused, InputRefused)
    assert "row 3 has more than 10,000 characters" in refused.why
    assert "never closed" in refused.hint


def test_a_table_that_was_cut_short_does_not_give_half_an_article() -> None:
    data = table(("title", "text"), ("A", TEXT), ("B", f"{TEXT}\n{TEXT}"))
    found, refused = upload("a.csv", data.removesuffix(f'{TEXT[20:]}"\r\n'))
    assert isinstance(found, Article)
    assert isinstance(refused, InputRefused)
    assert "row 3 ends inside a quotation mark" in refused.why


def test_a_damaged_byte_is_counted_in_its_row_only() -> None:
    data = table(("text",), (f"{TEXT} ü",), (TEXT + " naïve ä ö ü é è ä ö ü é è ä ö ü é è",)).encode()
    first, second = upload("a.csv", data.replace("ï".encode(), b"\xc3"))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert "bytes_damaged" not in codes(first)
    assert "bytes_damaged" in codes(second)


LETTERS = st.characters(
    exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd\ufeff", include_characters="\n\r\t"
)
CELL = st.text(LETTERS, max_size=30)


@settings(max_examples=100)
@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from(",;\t|"))
def test_what_a_writer_of_tables_wrote_comes_back(cells: list[tuple[str, str]], separator: str) -> None:
    rows = [(title, f"{TEXT} {text}") for title, text in cells]
    found = upload("a.csv", table(("title", "text"), *rows, separator=separator))
    if rows:
        expected = [text.replace("\r\n", "\n").replace("\r", "\n") for _, text in rows]
        assert [item.text for item in found if isinstance(item, Article)] == expected
    else:
        assert reasons(found) == ["it holds no articles"]


def test_memory_stays_flat_on_a_long_table(tmp_path: Path) -> None:
    """Peaks of two child processes, one of which reads ten times as many rows."""
    peaks = []
    for count in (1_000, 10_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("title", "text"))
            writer.writerows((f"T{number}", "9" * 3_000) for number in range(count))
        code = (
            "import resource\nfrom assistant.sheets import rows\n"
            f"with open({str(path)!r}, 'rb') as file:\n"
            "    print(sum(1 for _, parse in rows('a', file) if parse('a').text))\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        read, peak = map(int, done.stdout.split())
        assert read == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 5_000, "kilobytes"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
