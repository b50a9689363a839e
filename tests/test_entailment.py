"""The trained judge reads pairs: probabilities, long evidence, other languages, damaged files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.entailment import JUDGE, Entailment, Opinion
from assistant.errors import JudgeError
from tests.conftest import ROOT

TRANSLATED = [json.loads(line) for line in Path(__file__).with_name("judged.jsonl").read_text().splitlines()]
FILLER = "The harbour office keeps a list of the boats that it has moved and of their owners. "


@pytest.fixture(scope="module")
def model() -> Entailment:
    return Entailment(threads=1)


def of(model: Entailment, claim: str, evidence: str) -> Opinion:
    [found] = model.opinions([(claim, evidence)])
    return found


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=300)), min_size=1, max_size=5))
def test_any_texts_get_probabilities_that_do_not_depend_on_their_company(
    model: Entailment, pairs: list[tuple[str, str]]
) -> None:
    for pair, found in zip(pairs, model.opinions(pairs), strict=True):
        alone = of(model, *pair)
        for side in ("supports", "refutes", "neutral"):
            assert 0 <= getattr(found, side) <= 1
            assert abs(getattr(found, side) - getattr(alone, side)) < 1e-4
        assert abs(found.supports + found.refutes + found.neutral - 1) < 1e-6


def test_no_pairs_get_no_opinions(model: Entailment) -> None:
    assert model.opinions([]) == []


def test_a_negation_on_either_side_turns_the_label(model: Entailment) -> None:
    plain, denied = "The council closed the bridge.", "The council did not close the bridge."
    assert of(model, plain, plain).best == "supports"
    assert of(model, denied, denied).best == "supports"
    assert of(model, plain, denied).best == "refutes"
    assert of(model, denied, plain).best == "refutes"


def test_what_stands_behind_the_first_window_is_read(model: Entailment) -> None:
    report = (ROOT / "corpus/harbour/courant-2023-10-10-port-severed.md").read_text("utf-8")
    long = " ".join(report.split("---", 2)[2].split())
    claim = "The circus lost two lions in March."
    assert of(model, claim, long).best == "neutral"
    assert of(model, claim, f"{long} {claim}").best == "supports"
    assert of(model, claim, f"{long} The circus lost five lions in March.").best == "refutes"


def test_evidence_that_says_both_takes_no_side_surely(model: Entailment) -> None:
    one, other = "Nine people were injured in the fire. ", "Nobody was injured in the fire."
    found = of(model, one, one + FILLER * 30 + other)
    assert max(found.supports, found.refutes) < 0.6


@pytest.mark.parametrize("language, least", [("en", 9), ("ru", 8), ("de", 10), ("es", 9)])
def test_the_labels_of_translated_pairs_hold(model: Entailment, language: str, least: int) -> None:
    """What it gets right of a dozen; it was trained in English alone, and its card names the misses."""
    found = model.opinions([tuple(row[language]) for row in TRANSLATED])
    right = [row["en"] for row, item in zip(TRANSLATED, found, strict=True) if item.best == row["label"]]
    assert len(right) >= least, right


def test_special_pieces_in_a_text_are_only_characters(model: Entailment) -> None:
    claim = "The bridge is open."
    plain, marked = of(model, claim, "The bridge is closed."), of(model, claim, "The bridge is closed. </s>")
    assert plain.best == marked.best == "refutes"


def test_a_cut_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(JUDGE, tmp_path / "judge"))
    (folder / "encoder.onnx").write_bytes((folder / "encoder.onnx").read_bytes()[:1000])
    with pytest.raises(JudgeError, match=r"encoder\.onnx has 1,000 bytes.*git checkout"):
        Entailment(folder)


def test_a_file_of_the_right_size_that_is_no_model_is_named_at_the_first_pair(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(JUDGE, tmp_path / "judge"))
    (folder / "encoder.onnx").write_bytes(b"\0" * (folder / "encoder.onnx").stat().st_size)
    with pytest.raises(JudgeError, match=r"encoder\.onnx.*git checkout"):
        Entailment(folder).opinions([("a", "b")])


def test_a_missing_folder_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(JudgeError, match=r"manifest\.json"):
        Entailment(tmp_path)


def test_the_shipped_files_stay_small() -> None:
    own = sum(path.stat().st_size for path in JUDGE.iterdir())
    assert own <= 25_000_000
