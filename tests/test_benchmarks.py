"""The benchmarks measure and print on a tiny set; no time is asserted, since machines differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assistant.embedding import LocalEmbedder
from assistant.errors import InputRefused
from assistant.library import Library
from assistant.loading import load
from assistant.models import Article
from assistant.settings import Settings
from benchmarks import adding, asking, checking, invented, memory, reading, retrieving
from benchmarks.__main__ import main, table
from benchmarks.material import Material, find
from benchmarks.measuring import (
    Busy,
    MeasurementFailed,
    Row,
    busy,
    call,
    environment,
    median_ratio,
    pairs,
    quantile,
    run,
)
from benchmarks.work import Repeats, Work


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Material:
    """Two invented events, three short articles each."""
    monkeypatch.setattr(invented, "PARAGRAPHS", 2)
    invented.write(tmp_path / "events", events=2)
    return Material(tmp_path / "events", invented=True)


def test_a_run_prints_a_table_and_writes_the_same_figures(
    tiny: Material, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    once = Repeats(pairs=1, more_pairs=1, starts=1, cold=1, chats=1)
    status = main(["--events", str(tiny.folder), "--only", "disk", "--json", str(file)], once)
    printed = capsys.readouterr()
    assert status == 0, printed.err
    assert "Measured on 6 articles on 2 events" in printed.out
    rows = json.loads(file.read_text("utf-8"))["measurements"][0]["rows"]
    assert [row["what"] for row in rows] == ["catalogue on disk", "Chroma on disk"]
    for row in rows:
        assert row["value"] > 0
        assert row["what"] in printed.out
        assert row["how"] in printed.out
    assert str(tmp_path) not in printed.out + file.read_text("utf-8")


def test_what_the_children_measure(tiny: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions that `call` runs in fresh processes, here in one, with one embedder, to save time."""
    embedder = LocalEmbedder()
    monkeypatch.setattr("assistant.library.make_embedder", lambda _: embedder)
    monkeypatch.chdir(tmp_path)
    whole = adding.whole(str(tiny.articles))
    alone = adding.embedder_alone(str(tiny.articles))
    assert whole["articles"] == 6
    assert whole["passages"] == alone["passages"] >= 6
    assert whole["seconds"] > 0 < alone["seconds"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events"]  # its library is thrown away

    settings, questions = Settings(library=tmp_path / "library"), tiny.questions()
    with Library.open(settings) as library:
        library.add(item for item in load([tiny.articles], settings=settings) if isinstance(item, Article))
    asked = asking.times(str(settings.library), questions)
    assert len(asked["seconds"]) == len(questions) == 8
    assert 0 <= asked["with_evidence"] <= 8
    shares = retrieving.read(str(settings.library), str(tiny.folder))
    assert shares["read"] == 1.0
    assert 0.0 <= shares["stock"] <= 1.0


def test_what_checking_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answers = checking.answers(sets=1)
    assert len(answers["cold"]) == len(answers["warm"]) == 1 and answers["cold"][0] > 0
    assert 0.3 <= answers["unsupported"] < 1  # wrong and right sentences are both among them
    long = checking.quotations(length=300, repeats=1)
    for kinds in long.values():
        assert list(kinds) == ["exact", "elided", "altered", "not found"]
        assert all(len(spent) == 1 and spent[0] > 0 for spent in kinds.values())


def test_what_reading_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAIRS", 2)
    monkeypatch.setattr(reading, "REPEATS", 1)
    found = reading.rates()
    assert set(found) == {"pairs_per_s", "ratio", "single_ms"} and min(found.values()) > 0
    assert reading.memory()["mb"] >= 0


def test_memory_of_a_child_is_its_own(tmp_path: Path) -> None:
    ended = run([sys.executable, "-c", "x = bytearray(400_000_000); print(len(x))"], tmp_path, sample=True)
    assert ended.peak > 400
    assert ended.out == "400000000\n"
    rows = memory.rows("add", ended)
    assert rows[0].value == ended.peak
    assert len(rows) == (1 if ended.mapped is None else 2)


def test_a_failing_child_is_named_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(MeasurementFailed, match=r"status 3.*no luck"):
        run([sys.executable, "-c", "import sys; sys.exit(print('no luck', file=sys.stderr) or 3)"], tmp_path)
    assert run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, allowed=(0, 3)).status == 3


def test_call_gives_back_what_a_function_gives(tmp_path: Path) -> None:
    assert call(tmp_path, "measuring", "quantile", values=[3, 1, 2], share=0.5) == 2


def test_children_see_no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("NEWS_ASSISTANT_THREADS", "1")
    assert not [name for name in environment() if name.startswith(("OPENAI_", "NEWS_ASSISTANT_"))]


def test_pairs_take_turns_and_stop() -> None:
    order: list[str] = []
    found = pairs(lambda: order.append("a"), lambda: order.append("b"), least=3, most=9, seconds=0.0)
    assert len(found) == 3
    assert "".join(order) == "abbaab"
    assert len(pairs(int, int, least=1, most=4, seconds=60.0)) == 4


def test_numbers() -> None:
    assert median_ratio([(2.0, 1.0), (9.0, 3.0), (1.0, 1.0)]) == 2.0
    assert quantile([1.0], 0.95) == 1.0
    assert quantile(list(range(1, 101)), 0.95) == 95
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0


def test_targets_are_shown_as_met_or_missed() -> None:
    rows = [
        Row("fast", 0.2, "s", "so", at_most=0.3),
        Row("large", 0.9, "share", "so", at_least=0.98),
        Row("plain", 12.0, "MB", "so"),
    ]
    lines = table("starting", rows, Busy(0.5, 1.0, None)).splitlines()
    assert lines[0].startswith("starting (load 0.50 before, 1.00 after")
    assert "at most 0.3: met" in lines[1]
    assert "at least 0.98: MISSED" in lines[2]
    assert lines[3].split() == ["plain", "12.0", "MB", "so"]
    assert len({line.rindex("so") for line in lines[1:]}) == 1  # the columns stand under each other


def test_how_busy_the_machine_was_is_noted() -> None:
    found, machine = busy(lambda: 7)
    assert found == 7
    assert machine.before >= 0 <= machine.after
    assert machine.others is None or machine.others >= 0


def test_invented_articles_are_the_same_every_time_and_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.material.EVENTS", tmp_path / "absent")
    first, second = find(None, tmp_path / "a"), find(None, tmp_path / "b")
    assert first.articles.read_bytes() == second.articles.read_bytes()
    assert "150 articles on 50 events, invented" in str(first)
    assert len(first.questions()) >= 100
    loaded = list(load([first.articles], settings=Settings(library=tmp_path / "library")))
    assert not [item for item in loaded if isinstance(item, InputRefused)]
    assert len({item.id for item in loaded if not isinstance(item, InputRefused)}) == 150


def test_a_folder_without_the_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--events", str(tmp_path), "--only", "disk"]) == 1
    assert "articles.jsonl" in capsys.readouterr().err


def test_the_shared_library_is_made_once(
    tiny: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def add(_command: list[str], folder: Path, *, sample: bool) -> str:
        assert sample
        made.append(folder)
        return "ran"

    monkeypatch.setattr("benchmarks.work.run", add)
    work = Work(tiny, tmp_path)
    assert work.stocked() == work.stocked() == str(tmp_path / "library")
    assert made == [tmp_path]
