"""`evaluate judge` and `evaluate finding`: metrics whose values can be told by hand, and bad files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.entailment import Opinion
from assistant.evaluate import run
from assistant.finding_suite import finding
from assistant.judge_suite import ece, judging
from assistant.judging import Judgement, Pair, RuleJudge
from assistant.records import EvaluationError
from assistant.settings import Settings

SETTINGS = Settings(judge="rules")


class Says:
    """A judge that reads its label from the evidence: "supports .9"."""

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        found = []
        for pair in pairs:
            label, sure = pair.evidence.split() if " ." in pair.evidence else ("neutral", "1")
            rest = (1 - float(sure)) / 2
            values = dict.fromkeys(("supports", "refutes", "neutral"), rest) | {label: float(sure)}
            found.append(Judgement("neutral", "", given=Opinion(**values)))
        return found


def file(path: Path, *records: Any) -> Path:
    target = path / "set.jsonl"
    target.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return target


def pair(evidence: str, label: str) -> dict[str, str]:
    return {"claim": "It is so.", "evidence": evidence, "label": label}


def test_three_classes_are_counted_by_their_likeliest_label(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        pair("supports .8", "supports"),
        pair("supports .8", "refutes"),
        pair("refutes .8", "refutes"),
        pair("neutral .8", "neutral"),
    )
    found = judging(path, SETTINGS, lambda _: None, Says())
    assert found["accuracy"] == 0.75
    assert found["f1_supports"] == found["f1_refutes"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["f1_neutral"], found["pairs"]) == (1.0, 4)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3, abs=1e-3)
    assert found["ece"] == pytest.approx(0.05, abs=1e-3)  # .80 sure, .75 right


def test_not_supports_is_either_of_the_two(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        pair("supports .8", "supports"),
        pair("neutral .8", "supports"),
        pair("refutes .8", "not_supports"),
        pair("neutral .8", "not_supports"),
    )
    found = judging(path, SETTINGS, lambda _: None, Says())
    assert found["accuracy"] == 0.75
    assert {name for name in found if name.startswith("f1_")} == {"f1_supports", "f1_not_supports"}
    assert found["f1_not_supports"] == 0.8


def test_a_set_of_two_sides_is_told_by_the_likelier_of_them(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        pair("supports .8", "supports"),
        pair("neutral 1", "supports"),  # even: neither side is likelier, and refutes is not said
        pair("refutes .4", "refutes"),
        pair("supports .8", "refutes"),
    )
    found = judging(path, SETTINGS, lambda _: None, Says())
    assert (found["accuracy"], found["called_neutral"]) == (0.75, 0.25)
    assert "f1_neutral" not in found


def test_calibration_error_is_nought_where_confidence_is_kept() -> None:
    import numpy as np

    assert ece(np.array([0.75] * 4), np.array([1, 1, 1, 0])) == pytest.approx(0)
    assert ece(np.array([0.95] * 4), np.array([0, 0, 0, 0])) == pytest.approx(0.95)


@pytest.mark.parametrize(
    "record, field",
    [
        ({"evidence": "a", "label": "supports"}, "claim"),
        ({"claim": "a", "evidence": 3, "label": "supports"}, "evidence"),
        ({"claim": "a", "evidence": "b", "label": "true"}, "label"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, record: dict[str, Any], field: str) -> None:
    path = file(tmp_path, pair("supports .8", "supports"), record)
    with pytest.raises(EvaluationError, match=rf"set\.jsonl line 2: '{field}'.*Mend the line\."):
        judging(path, SETTINGS, lambda _: None, Says())


@pytest.mark.parametrize("suite", ["judge", "finding"])
def test_an_empty_file_is_refused(tmp_path: Path, suite: str) -> None:
    with pytest.raises(EvaluationError, match=r"holds no"):
        run(suite, file(tmp_path), SETTINGS, lambda _: None)


def claim(label: str, *texts: tuple[str, str]) -> dict[str, Any]:
    return {
        "claim": "The council closed the old bridge.",
        "evidence": [{"text": text, "source": source} for source, text in texts],
        "label": label,
    }


def test_findings_follow_the_voices_of_the_sources(tmp_path: Path) -> None:
    yes, no = "The council closed the old bridge on Monday.", "The council did not close the old bridge."
    path = file(
        tmp_path,
        claim("supported", ("A", yes), ("B", yes)),
        claim("contradicted", ("A", no)),
        claim("conflicting", ("A", yes), ("B", no)),
        claim("attributed_only", ("A", "“The council closed the old bridge,” said Ann Example, a baker.")),
        claim("not_enough_evidence", ("A", "The museum bought a painting by a local artist.")),
        claim("not_enough_evidence"),
        claim("supported", ("A", no)),
    )
    found = finding(path, SETTINGS, lambda _: None, RuleJudge())
    assert found["claims"] == 7
    assert found["accuracy"] == pytest.approx(6 / 7, abs=1e-3)
    assert found["f1_not_enough_evidence"] == found["f1_attributed_only"] == found["f1_conflicting"] == 1.0
    assert found["f1_contradicted"] == pytest.approx(2 / 3, abs=1e-3)


@pytest.mark.parametrize(
    "change, field",
    [({"label": "supports"}, "label"), ({"evidence": "text"}, "evidence"), ({"claim": " "}, "claim")],
)
def test_a_bad_claim_is_named(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    path = file(tmp_path, claim("supported", ("A", "It is.")) | change)
    with pytest.raises(EvaluationError, match=rf"line 1: '{field}'"):
        finding(path, SETTINGS, lambda _: None, RuleJudge())
