"""The suite that measures who says what: what it counts, and what it says of a broken file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.attribution_suite import attribution
from assistant.records import EvaluationError, Metrics
from assistant.settings import Settings
from tests.conftest import ROOT

TEXT = "Ann Lee said the bridge was shut. Nobody came."
LABELLED = ROOT.parent / "shared" / "data" / "attribution" / "polnear-train.jsonl.gz"


def spans(*phrases: str) -> list[list[int]]:
    return [[TEXT.index(phrase), TEXT.index(phrase) + len(phrase)] for phrase in phrases]


def measured(path: Path, *lines: Any) -> Metrics:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return attribution(path, Settings(), lambda _: None)


def case(**parts: list[list[int]]) -> dict[str, Any]:
    return {"text": TEXT, "attributions": [parts]}


def test_what_agrees_scores_one(tmp_path: Path) -> None:
    given = case(source=spans("Ann Lee"), cue=spans("said"), content=spans("the bridge was shut"))
    found = measured(tmp_path / "a.jsonl", given)
    for part in ("content", "source", "cue"):
        assert found[f"{part}_f1"] == found[f"{part}_precision"] == found[f"{part}_recall"] == 1
    assert found["source_of_content"] == 1
    assert found["cases"] == 1
    assert found["articles_per_s"] > 0


def test_tokens_are_counted_and_not_spans(tmp_path: Path) -> None:
    given = case(source=spans("Ann Lee"), cue=spans("said"), content=spans("bridge was shut", "Nobody came"))
    found = measured(tmp_path / "a.jsonl", given)
    assert found["content_precision"] == 0.75  # three of "the bridge was shut"
    assert found["content_recall"] == 0.6  # three of five
    assert found["content_f1"] == round(2 * 3 / (4 + 5), 4)


def test_articles_are_summed_and_a_token_counts_once(tmp_path: Path) -> None:
    part = {"content": spans("the bridge was shut")}
    twice = {"text": TEXT, "attributions": [part, part]}
    silent = {"text": "Nobody came.", "attributions": [{"content": [[0, 11]]}]}
    found = measured(tmp_path / "a.jsonl", twice, silent)
    assert found["content_recall"] == round(4 / 6, 4)
    assert found["content_precision"] == 1
    assert found["cases"] == 2


def test_words_in_another_mouth_lower_the_last_measure(tmp_path: Path) -> None:
    given = case(source=spans("Nobody"), cue=spans("said"), content=spans("the bridge was shut"))
    found = measured(tmp_path / "a.jsonl", given)
    assert found["content_f1"] == 1
    assert found["source_of_content"] == found["source_f1"] == 0


def test_an_article_without_attributions_and_one_without_a_source_are_cases(tmp_path: Path) -> None:
    found = measured(
        tmp_path / "a.jsonl", {"text": "It rained.", "attributions": []}, case(content=spans("the"))
    )
    assert found["cases"] == 2
    assert found["source_recall"] == 0


BROKEN = [
    ({"attributions": []}, "'text'"),
    ({"text": TEXT}, "'attributions'"),
    ({"text": TEXT, "attributions": [7]}, "attribution 1"),
    ({"text": TEXT, "attributions": [{"contents": [[0, 3]]}]}, "'content'"),
    ({"text": TEXT, "attributions": [{"content": [[0, 3]]}, {"cue": [[3, 3]]}]}, "'cue' of attribution 2"),
    ({"text": TEXT, "attributions": [{"source": [[0, 999]]}]}, "46 characters"),
    ({"text": TEXT, "attributions": [{"source": "Ann Lee"}]}, "'source'"),
    ({"text": TEXT, "attributions": [], "language": 3}, "'language'"),
]


@pytest.mark.parametrize(("line", "named"), BROKEN)
def test_a_broken_line_is_named_with_its_field_and_the_next_step(
    tmp_path: Path, line: dict[str, Any], named: str
) -> None:
    with pytest.raises(EvaluationError, match=r"line 2: .*Mend the line") as caught:
        measured(tmp_path / "a.jsonl", case(content=spans("the")), line)
    assert named in str(caught.value)


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no cases"):
        measured(tmp_path / "a.jsonl")


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled articles are not part of the project")
def test_the_labelled_articles_are_read_as_well_as_before(tmp_path: Path) -> None:
    """Floors a little under what was measured on the first forty articles."""
    part = tmp_path / "part.jsonl.gz"
    with (
        gzip.open(LABELLED, "rt", encoding="utf-8") as given,
        gzip.open(part, "wt", encoding="utf-8") as kept,
    ):
        kept.writelines(line for _, line in zip(range(40), given, strict=False))
    found = attribution(part, Settings(), lambda _: None)
    assert found["content_f1"] > 0.83
    assert found["source_f1"] > 0.60
    assert found["source_of_content"] > 0.72
