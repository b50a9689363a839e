"""The commands: what goes to stdout, what to stderr, and with which status they leave.

Most run `main` in this process, since that is where errors become messages; a few run the program.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant import __version__, cli
from assistant.library import Library
from tests import contract
from tests.conftest import ROOT

TROOPS = "Are there Russian troops in Ukraine?"
NOWHERE = "Who won the 2018 football World Cup?"
ARTICLE = "The bridge reopens\n\nThe mayor of Ardan said it was open again on Friday. Nobody\tpaid.\n\n"


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs `main` as the console script does."""

    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["news-assistant", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        code = left.value.code
        return Ran(code if isinstance(code, int) else 0, *capfd.readouterr())

    return command


@pytest.fixture
def shared(run: Command, example: Library) -> Command:
    """Commands on the example library, for those that change nothing."""
    return lambda *arguments: run("--library", example.folder, *arguments)


@pytest.fixture
def own(run: Command, tmp_path: Path) -> Command:
    """Commands on a library of the test's own that does not exist yet."""
    return lambda *arguments: run("--library", tmp_path / "own", *arguments)


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *map(str, arguments)],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        # A shell's background jobs ignore Ctrl-C, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        **({"stdout": subprocess.PIPE} | options),
    )  # fmt: skip


def finished(process: subprocess.Popen[str]) -> Ran:
    out, err = process.communicate(timeout=240)
    return Ran(process.returncode, out or "", err)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


# --- the program itself ---------------------------------------------------------------------------


def test_version_and_help() -> None:
    runner = CliRunner()
    version = runner.invoke(cli.app, ["--version"])
    assert (version.exit_code, version.stdout) == (0, f"{__version__}\n")
    listing = runner.invoke(cli.app, ["--help"])
    commands = "add sources show remove check rebuild ask evaluate chat".split()
    assert listing.exit_code == 0 and all(name in listing.stdout for name in commands)
    for name in commands:
        page = runner.invoke(cli.app, [name, "--help"])
        assert page.exit_code == 0 and "Usage" in page.stdout


def test_help_answers_at_once() -> None:
    """Chroma, langchain and numpy take seconds; help must load none of them."""
    code = (
        "import sys, assistant.cli; "
        "heavy = {'chromadb', 'langchain', 'openai', 'numpy', 'onnxruntime', 'streamlit'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], ["ask"], ["add"], ["show"], ["ask", "a?", "--engine", "magic"], ["chat", "--port", "0"],
     ["ask", "-really?"], ["--nonsense"]],
)  # fmt: skip
def test_wrong_usage_is_status_2(run: Command, arguments: list[str]) -> None:
    left = run(*arguments)
    assert left.code == 2 and left.out == "" and "Usage" in left.err and "Traceback" not in left.err


def test_python_dash_m_keeps_data_and_notes_apart(example: Library) -> None:
    left = finished(start("--library", example.folder, "sources", "--json"))
    assert left.code == 0 and len(json.loads(left.out)) == 10 and "Traceback" not in left.err
    silent = finished(start("--library", example.folder, "ask", NOWHERE))
    assert silent.code == 3 and "not enough evidence" in silent.out.lower()


# --- add ------------------------------------------------------------------------------------------


def test_add_names_what_it_added_and_what_it_knew(own: Command, article: Path) -> None:
    first = own("add", article, "--outlet", "The Ardan Post", "--date", "2024-02-02")
    assert first.code == 0 and "The Ardan Post" in first.out and "The bridge reopens" in first.out
    again = own("add", article, "--outlet", "The Ardan Post", "--date", "2024-02-02", "--json")
    (source,) = again.json["unchanged"]
    assert again.code == 0 and first.out.startswith(source)
    assert again.json == {"added": [], "unchanged": [source], "refused": []}
    (entry,) = own("sources", "--json").json
    assert (entry["id"], entry["outlet"], entry["date"]) == (source, "The Ardan Post", "2024-02-02")


def test_refused_inputs_are_named_and_the_others_added(own: Command, article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02\xff")
    (tmp_path / "broken.json").write_text('{"title": ', encoding="utf-8")
    bad = [tmp_path / name for name in ("empty.txt", "binary.txt", "broken.json", "missing.txt")]
    left = own("add", *bad, article)
    assert left.code == 4 and len(left.out.splitlines()) == 1
    for path in bad:
        (line,) = [line for line in left.err.splitlines() if path.name in line]
        assert line.startswith("Refused: ") and line.endswith(".") and line.count(". ") >= 1
    listed = own("add", *bad, article, "--json")
    assert listed.code == 4 and len(listed.json["refused"]) == 4 and len(listed.json["unchanged"]) == 1
    assert all(set(item) == {"name", "why", "hint"} and all(item.values()) for item in listed.json["refused"])


def test_an_address_that_may_not_be_fetched_is_refused_and_the_rest_is_added(
    own: Command, article: Path
) -> None:
    left = own("add", article, "http://127.0.0.1:9/a", "ftp://example.org/b")
    assert left.code == 4 and len(left.out.splitlines()) == 1
    assert "127.0.0.1:9/a" in left.err and "ftp://example.org/b" in left.err


def test_a_wrong_date_is_refused_before_anything_is_read(own: Command, article: Path, tmp_path: Path) -> None:
    left = own("add", article, "--date", "2.2.2024")
    assert left.code == 1 and "YYYY-MM-DD" in left.err and not (tmp_path / "own").exists()


# --- sources, show, remove, check, rebuild --------------------------------------------------------


def test_sources_lists_every_article(shared: Command) -> None:
    plain, listed = shared("sources"), shared("sources", "--json").json
    assert plain.code == 0 and len(plain.out.splitlines()) == len(listed) == 10 and "10 sources" in plain.err
    keys = {"id", "outlet", "title", "date", "url", "language", "passages", "added", "file", "replaced_by",
            "notices", "copy_of"}  # fmt: skip
    for entry in listed:
        assert set(entry) == keys and entry["passages"] > 0
        assert (
            entry["id"] in plain.out
            and entry["title"] in plain.out
            and (entry["date"] or "no date") in plain.out
        )


def test_show_prints_the_text_and_nothing_else(
    shared: Command, own: Command, example: Library, article: Path
) -> None:
    for entry in example.entries():
        left = shared("show", entry.source.id)
        assert left.code == 0 and left.out == example.article(entry.source.id).text
        assert entry.source.title in left.err
    source = own("add", article, "--json").json["added"][0]
    assert own("show", source).out == ARTICLE  # white space at the end included
    assert own("show", source, "--json").json["text"] == ARTICLE


def test_show_works_in_a_terminal_that_knows_no_such_letters(example: Library) -> None:
    entry = next(entry for entry in example.entries() if entry.source.language == "de")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    left = finished(start("--library", example.folder, "show", entry.source.id, env=environment))
    assert left.code == 0 and left.out == example.article(entry.source.id).text


def test_remove_takes_one_article(own: Command, article: Path) -> None:
    source = own("add", article, "--json").json["added"][0]
    removed = own("remove", source)
    assert removed.code == 0 and removed.out == "" and source in removed.err
    assert own("sources", "--json").json == []
    again = own("remove", source)
    assert again.code == 1 and source in again.err and "news-assistant sources" in again.err


def test_check_and_rebuild(own: Command, article: Path, tmp_path: Path) -> None:
    own("add", article)
    sound = own("check")
    assert sound.code == 0 and "1 passages" in sound.out
    for file in (tmp_path / "own" / "chroma").rglob("*.bin"):
        file.unlink()
    rebuilt = own("rebuild")
    assert rebuilt.code == 0 and rebuilt.out == "" and "1 passages" in rebuilt.err
    assert own("check").code == own("check", "--repair").code == 0
    assert own("ask", "Was the bridge open on Friday?").code == 0


@pytest.mark.parametrize(
    "command", [["sources"], ["show", "x"], ["remove", "x"], ["check"], ["rebuild"], ["ask", "a?"]]
)
def test_a_missing_library_is_an_error_and_is_not_made(
    own: Command, tmp_path: Path, command: list[str]
) -> None:
    left = own(*command)
    assert left.code == 1 and left.out == "" and "news-assistant add" in left.err
    assert not (tmp_path / "own").exists()


# --- ask ------------------------------------------------------------------------------------------


def test_ask_prints_sentences_and_what_their_numbers_mean(shared: Command) -> None:
    left = shared("ask", TROOPS)
    assert left.code == 0 and "[1]" in left.out.splitlines()[0]
    assert "no Russian troops on Donbas" in left.out and "characters" in left.out


def test_ask_json_is_the_contract(shared: Command, example: Library) -> None:
    left = shared("ask", TROOPS, "--json")
    articles = {entry.source.id: example.article(entry.source.id) for entry in example.entries()}
    assert left.code == 0 and left.json["question"] == TROOPS
    contract.check(left.json, articles)


def test_not_enough_evidence_is_status_3(shared: Command) -> None:
    left = shared("ask", NOWHERE, "--json")
    assert left.code == 3 and left.json["finding"] == "not_enough_evidence"
    contract.check(left.json)


def test_filters_of_ask(shared: Command) -> None:
    outlets = ("--outlet", "The Ellmar Courant", "--outlet", "The Port Sabel Tidings")
    days = ("--since", "2023-10-01", "--until", "2023-10-10")
    left = shared("ask", "What did Torvane say?", "--json", *outlets, *days)
    found = {(source["outlet"], source["date"]) for source in left.json["sources"].values()}
    assert found == {("The Ellmar Courant", "2023-10-10"), ("The Port Sabel Tidings", "2023-10-10")}


def test_an_unknown_outlet_names_the_known_ones(shared: Command) -> None:
    left = shared("ask", TROOPS, "--outlet", "The Moon")
    assert left.code == 1 and left.out == "" and "'The Moon'" in left.err
    assert "Der Quillbote" in left.err and "Quayside Post" in left.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["", "--json"], "question_error", "empty"), (["", "--format", "json"], "question_error", "empty"),
     (["", "--format=json"], "question_error", "empty"),
     (["a " * 25_000, "--json"], "question_error", "2,000"),
     ([TROOPS, "--json", "--since", "2022-02-30"], "question_error", "YYYY-MM-DD"),
     ([TROOPS, "--json", "--since", "2023-02-02", "--until", "2023-02-01"], "question_error", "Swap"),
     ([TROOPS, "--json", "--outlet", "The Moon"], "library_error", "The Moon")],
)  # fmt: skip
def test_an_error_is_an_object_with_json(shared: Command, arguments: list[str], code: str, said: str) -> None:
    left = shared("ask", *arguments)
    assert left.code == 1 and left.json["error"]["code"] == code and said in left.json["error"]["message"]
    assert said in left.err and left.err.startswith("Error: ") and len(left.err.splitlines()) == 1


def test_a_question_may_begin_with_a_dash(shared: Command) -> None:
    left = shared("ask", "--json", "--", "--json are there Russian troops in Ukraine?")
    assert left.code == 0 and left.json["question"].startswith("--json are")


def test_letters_of_no_encoding_do_no_harm(shared: Command) -> None:
    left = shared("ask", "--json", "Are there Russian troops \udcff in Ukraine?")
    assert left.code == 0 and left.json["citations"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THREADS", "many"),
        ("ENGINE", "magic"),
        ("RETRIES", "-1"),
        ("TEMPERATURE", "9"),
        ("SMALL_LIBRARY", "0"),
    ],
)
def test_a_wrong_setting_is_named(
    shared: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEWS_ASSISTANT_{name}", value)
    left = shared("sources")
    assert left.code == 1 and left.out == "" and f"NEWS_ASSISTANT_{name}" in left.err


def test_a_failing_model_is_a_note_and_no_failure(shared: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    left = shared("ask", TROOPS)
    assert left.code == 0 and "Nothing answers" in left.out
    assert "sk-secret" not in left.out + left.err


# --- evaluate -------------------------------------------------------------------------------------


def test_evaluate_prints_one_object_or_says_what_is_wrong(run: Command, tmp_path: Path) -> None:
    missing = run("evaluate", "retrieval", tmp_path, "--json")
    assert missing.code == 1 and "articles.jsonl" in missing.json["error"]["message"]
    unknown = run("evaluate", "taste", tmp_path)
    assert unknown.code == 1 and "'taste'" in unknown.err and "retrieval" in unknown.err


# --- what happens to a process --------------------------------------------------------------------


@pytest.fixture
def interrupted(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A library whose `add` was ended by Ctrl-C after the texts were stored, and the number of them."""
    count, library, source = 24, tmp_path / "cut", tmp_path / "many.jsonl"
    words = "The harbour was busy on that day, and nobody complained about the noise of the cranes. "
    lines = [json.dumps({"title": f"Report {n}", "text": f"Report {n}. " + words * 14}) for n in range(count)]
    source.write_text("\n".join(lines), encoding="utf-8")
    process = start("--library", library, "add", source)
    end = time.monotonic() + 120
    while stored(library) < count and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    left = finished(process)
    assert left.code == 130 and "Interrupted" in left.err and "Traceback" not in left.err
    yield library, count


def stored(library: Path) -> int:
    try:
        with sqlite3.connect(f"file:{library / 'catalogue.sqlite3'}?mode=ro", uri=True) as catalogue:
            return int(catalogue.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_what_was_interrupted_is_finished_by_the_next_command(
    interrupted: tuple[Path, int], run: Command
) -> None:
    library, count = interrupted
    listed = run("--library", library, "sources", "--json")
    assert len(listed.json) == count and "Embedding" in listed.err
    assert run("--library", library, "check").code == 0


def test_a_closed_pipe_gives_no_traceback(example: Library) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        left = finished(start("--library", example.folder, "sources", stdout=writing))
    finally:
        os.close(writing)
    assert "Traceback" not in left.err and "Exception" not in left.err and left.code in (0, 1, 141)
