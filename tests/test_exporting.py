"""The command `export`, and that `ask` keeps its answers for it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.history import FILE, History
from assistant.library import Library
from assistant.models import Filters
from assistant.saved import Overruling
from tests.conftest import ROOT
from tests.test_cli import TROOPS, Command, own, run, shared
from tests.vocabulary import problems

__all__ = ["own", "run", "shared"]  # the fixtures, which pytest finds by name

CLAIM = "NATO promised Russia not to expand eastwards."


@pytest.fixture
def asked(shared: Command) -> str:
    """The id of an answer about a claim."""
    found: str = shared("ask", CLAIM, "--json").json["id"]
    return found


def test_an_answer_of_the_terminal_can_be_exported_in_every_form(shared: Command, asked: str) -> None:
    md = shared("export", asked)
    assert md.code == 0 and md.err == "" and md.out.startswith(f"# {CLAIM}\n") and "## Sources" in md.out
    page = shared("export", asked, "--format", "html").out
    assert page.startswith("<!doctype html>") and f"answer {asked}" in page
    found = shared("export", asked, "--format", "json").json
    assert found["id"] == asked and found["asked"].endswith("+00:00")
    for key, held in found["provenance"].items():
        text = shared("show", key).out
        assert held["sha256"] == sha256(text.encode()).hexdigest() and held["added"]
    rows = list(
        csv.reader(io.StringIO(shared("export", asked, "--format", "csv").out.removeprefix("\ufeff")))
    )
    assert rows[1][:2] == ["claim", CLAIM]
    assert problems(shared("export", asked, "--format", "claimreview").json) == []


def test_ask_json_is_the_contract_and_nothing_more(shared: Command, asked: str) -> None:
    ran = shared("ask", CLAIM, "--json")
    with_more = shared("export", ran.json["id"], "--format", "json").json
    assert set(with_more) > set(ran.json) and "provenance" not in ran.json
    assert ran.out == json.dumps(ran.json, ensure_ascii=False, indent=2) + "\n"
    assert shared("ask", CLAIM, "--format", "json").json.keys() == ran.json.keys()
    assert asked


def test_ask_writes_the_new_forms_too(shared: Command) -> None:
    table = shared("ask", CLAIM, "--format", "csv")
    assert table.out.startswith("\ufeffrow,claim,finding,rule,") and table.code in (0, 3)
    assert problems(shared("ask", CLAIM, "--format", "claimreview").json) == []
    text = shared("ask", CLAIM).out
    assert text == shared("ask", CLAIM, "--format", "text").out and "sha256" not in text


def test_an_open_question_is_refused_as_a_claim_review(shared: Command) -> None:
    found = shared("ask", "How many people were killed?", "--json").json
    ran = shared("export", found["id"], "--format", "claimreview")
    assert ran.code == 1 and ran.out == ""
    assert "open question" in ran.err and "choose another form" in ran.err


def test_an_unknown_id_says_what_to_do(shared: Command) -> None:
    ran = shared("export", "nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert "No saved answer has the id 'nowhere'" in ran.err and "ask again" in ran.err
    ran = shared("export", "nowhere", "--format", "json")
    assert ran.code == 1 and ran.json["error"]["code"] == "answer_not_found"
    assert shared("export", "nowhere", "--format", "pdf").code == 2


def test_without_a_library_nothing_is_made(own: Command, tmp_path: Path) -> None:
    ran = own("export", "x")
    assert ran.code == 1 and "There is no library" in ran.err
    assert not (tmp_path / "own").exists()


def test_a_readers_corrections_are_exported_as_the_readers(
    shared: Command, asked: str, example: Library
) -> None:
    before = shared("export", asked, "--format", "json").json
    history = History.of(example.folder)
    exchange = history.answer(asked)
    source = next(iter(before["sources"]))
    history.overrule(
        exchange.id, Overruling("stance", source, "silent", "affirms", "see there", "Mira", "2026-11-26")
    )
    history.close()
    after = shared("export", asked, "--format", "json").json
    assert after.pop("overrulings") and before.pop("overrulings") == [] and after == before
    assert "Affirms instead of Silent, because “see there” (by Mira" in shared("export", asked).out


def test_an_answer_reads_the_same_after_a_source_was_removed(own: Command) -> None:
    own("add", ROOT / "corpus" / "harbour")
    asked = own("ask", "The operator knew that the fourth pier was moving.", "--json").json
    before = own("export", asked["id"], "--format", "html")
    own("remove", next(iter(asked["citations"].values()))["source"])
    assert own("export", asked["id"], "--format", "html") == before and before.code == 0


@pytest.mark.parametrize("trouble", ["a folder", "damaged"])
def test_an_answer_that_cannot_be_saved_is_still_an_answer(
    own: Command, tmp_path: Path, trouble: str
) -> None:
    own("add", ROOT / "corpus" / "interview")
    good = own("ask", TROOPS)
    for file in (tmp_path / "own").glob(f"{FILE}*"):
        file.unlink()
    file = tmp_path / "own" / FILE
    if trouble == "a folder":
        file.mkdir()
    else:
        file.write_bytes(b"no database at all " * 100)
    ran = own("ask", TROOPS)
    assert (ran.code, ran.out) == (good.code, good.out)
    assert "this answer was not saved" in ran.err and "Articles are not affected" in ran.err


def test_filters_are_saved_with_the_question(shared: Command, example: Library) -> None:
    asked = shared("ask", CLAIM, "--since", "2001-01-01", "--json").json["id"]
    history = History.of(example.folder)
    assert history.answer(asked).filters == Filters(since="2001-01-01")
    history.close()
    assert "asked only: since 1 January 2001" in shared("export", asked).out


def test_a_table_leaves_the_program_byte_for_byte(asked: str, example: Library) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "assistant", "--library", str(example.folder), "export", asked, "--format",
            "csv",
        ],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(b"\xef\xbb\xbfrow,") and done.stdout.endswith(b"\r\n")
    assert b"\r\r\n" not in done.stdout and done.stdout.count(b"\n") == done.stdout.count(b"\r\n")
