"""The comparison with other stacks: what it asks of them, and what it says where they cannot run."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from benchmarks import elsewhere, invented, minilm, peers, stacks
from benchmarks.__main__ import main, table
from benchmarks.elsewhere import Elsewhere, NoPeers
from benchmarks.material import Material
from benchmarks.measuring import Busy, MeasurementFailed, child, given, run
from benchmarks.peers import Turn


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Material:
    """Two invented events, three short articles each."""
    monkeypatch.setattr(invented, "PARAGRAPHS", 2)
    invented.write(tmp_path / "events", events=2)
    return Material(tmp_path / "events", invented=True)


def turn(articles: int, seconds: float, read: float) -> Turn:
    added = {"seconds": seconds, "articles": articles, "passages": 9}
    return Turn(added, {"seconds": [0.001, 0.002, 0.1], "read": read, "most": 1.0}, 200.0)


def test_an_event_is_read_when_every_account_of_it_is() -> None:
    asked: list[tuple[str, int | None]] = []

    def read(question: str, most: int | None) -> list[str]:
        asked.append((question, most))
        return {"fire": ["a", "b", "b"], "flood": ["c", "d"] if most else ["c"]}.get(question, [])

    queries = [{"query": "fire", "gold": ["a", "b"]}, {"query": "flood", "gold": ["d", "c"]}]
    found = stacks.answers(read, queries, ["fire", "flood", "frost"], most=48)
    assert (found["read"], found["most"]) == (0.5, 1.0)
    assert len(found["seconds"]) == 3 and min(found["seconds"]) >= 0
    assert {most for _, most in asked} == {None, 48}


def test_ours_reads_every_account_of_the_invented_events(tiny: Material, tmp_path: Path) -> None:
    folder, events = str(tmp_path / "library"), str(tiny.folder)
    added = peers.add("ours", folder, events, threads=2)
    assert added["articles"] == 6 and added["passages"] >= 6 and added["seconds"] > 0
    asked = peers.ask("ours", folder, events, threads=2, questions=tiny.questions(), most=48)
    assert asked["read"] == 1.0
    assert len(asked["seconds"]) == len(tiny.questions())


@pytest.mark.parametrize("name", ["langchain", "llamaindex", "haystack"])
def test_a_peer_adds_and_reads_the_same_articles(name: str, tiny: Material, tmp_path: Path) -> None:
    try:
        place = elsewhere.peers(make=False)
    except NoPeers as why:
        pytest.skip(str(why))
    shared = {"name": name, "folder": str(tmp_path / "store"), "events": str(tiny.folder), "threads": 2}
    added = given(run(child("stacks", "add", place.python, **shared), tmp_path, also=place.variables))
    assert added["articles"] == 6 and added["passages"] >= 6
    ask = child("stacks", "ask", place.python, **shared, questions=tiny.questions(), most=48)
    asked = given(run(ask, tmp_path, also=place.variables))
    assert asked["most"] == 1.0  # 48 passages are all that there are
    assert 0.0 <= asked["read"] <= 1.0
    if name == "llamaindex":
        assert asked["read"] == 0.0  # two passages cannot be of three articles


def test_the_table_has_every_stack_and_says_why_one_lacks() -> None:
    found = {
        "ours": [turn(60, 2.0, 1.0), turn(60, 3.0, 1.0), turn(60, 2.0, 1.0)],
        "langchain_default": [turn(60, 8.0, 0.5), turn(60, 9.0, 0.5), turn(60, 6.0, 0.5)],
    }
    rows = peers.rows(found, {"haystack": "it ended with status 1"})
    by_name = {row.what: row for row in rows}
    ratio = by_name["ours / LangChain with Chroma's embedder"]
    assert ratio.value == 3.0 and ratio.met
    assert by_name["share of events beyond it"].value == 0.5
    assert by_name["95 of 100 questions, ours"].value == 100.0
    assert by_name["articles added, ours"].value == 30.0
    lines = table("peers", rows, Busy(0.0, 0.0, None)).splitlines()
    assert any("Haystack" in line and "not measured" in line and "status 1" in line for line in lines)


def test_a_peer_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def one(name: str, _work: object, _place: object) -> Turn:
        taken.append(name)
        if name == "haystack":
            raise MeasurementFailed("it wants a file that is not there")
        return turn(6, 1.0, 1.0)

    monkeypatch.setattr(peers, "_turn", one)
    work = type("Few", (), {"repeats": type("Often", (), {"peers": 2})})
    found, lacking = peers.turns(work, Elsewhere("python", {}, "no model"))  # type: ignore[arg-type]
    assert list(found) == ["ours", "langchain", "llamaindex"]
    assert all(len(turns) == 2 for turns in found.values())
    assert lacking == {"langchain_default": "no model", "haystack": "it wants a file that is not there"}
    assert taken.count("haystack") == 1


def test_without_a_registry_the_rest_is_measured_and_the_reason_printed(
    tiny: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(command: list[str], *_: object, **__: object) -> None:
        raise MeasurementFailed(f"{command[0]}: no route to https://registry.example/simple")

    monkeypatch.setattr(elsewhere, "run", fails)
    monkeypatch.setattr(elsewhere, "FOLDER", tmp_path / "elsewhere")
    monkeypatch.setattr(peers, "peers", lambda: elsewhere.peers(tmp_path / "elsewhere"))
    assert main(["--events", str(tiny.folder), "--only", "peers"]) == 0
    printed = capsys.readouterr().out
    assert "not measured" in printed and "without a package registry" in printed
    assert "registry.example" not in printed


def test_an_environment_that_is_not_there_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(NoPeers, match="--only peers"):
        elsewhere.peers(tmp_path / "none", make=False)
    assert not list(tmp_path.iterdir())


def test_the_weights_of_a_safetensors_file_are_read_as_they_are(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<f4").reshape(2, 3)
    directory = {
        "__metadata__": {"format": "pt"},
        "places": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
        "weights": {"dtype": "F32", "shape": [2, 3], "data_offsets": [8, 32]},
    }
    head = json.dumps(directory).encode()
    data = struct.pack("<Q", len(head)) + head + np.zeros(1, "<i8").tobytes() + values.tobytes()
    (tmp_path / "model.safetensors").write_bytes(data)
    found = minilm.tensors(tmp_path / "model.safetensors")
    assert list(found) == ["weights"]
    assert (found["weights"] == values).all()


def test_the_model_in_chromas_place_gives_its_published_similarity(tmp_path: Path) -> None:
    try:
        place = elsewhere.peers(make=False)
    except NoPeers as why:
        pytest.skip(str(why))
    if place.no_minilm:
        pytest.skip(place.no_minilm)
    code = (
        "from chromadb.utils.embedding_functions import DefaultEmbeddingFunction as f\n"
        "a, b = f()(['A man is eating food.', 'A man is eating a piece of bread.'])\n"
        "print(float(a @ b))"
    )
    ended = run([place.python, "-c", code], tmp_path, also=place.variables)
    assert float(ended.out) == pytest.approx(0.7553, abs=5e-4)  # the example of sentence-transformers
