"""The suite `judge`: pairs of claim and evidence, labelled by people."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.entailment import Opinion
from assistant.judging import Judge, Pair
from assistant.models import Progress
from assistant.records import EvaluationError, Metrics, mean, records
from assistant.ruling import make_judge
from assistant.settings import Settings

LABELS = ("supports", "refutes", "neutral", "not_supports")
_BINS = 15
_AT_ONCE = 256


def judging(
    path: Path, settings: Settings, progress: Callable[[Progress], None], judge: Judge | None = None
) -> Metrics:
    """Labels against a person's. `judge`: the one that `settings` name, where None.

    A line of `path` is {claim, evidence, label}; the label is supports, refutes, neutral or, where a set
    does not tell the last two apart, not_supports. The label given is the likeliest one of those that
    the file has; for a gold not_supports both refutes and neutral are right. called_neutral is the share
    of pairs for which neutral was the likeliest, also where the file has none of these. Gives accuracy;
    macro_f1, the mean of the F1 of the classes that the file has; f1_<class>; ece, the expected
    calibration error over 15 bins of equal width (Guo et al. 2017) of the probability of the label
    given; pairs; pairs_per_s of the judging alone.
    Raises EvaluationError, which names the line and the field, and JudgeError.
    """
    cases = [_case(record, place) for place, record in records(path)]
    if not cases:
        raise EvaluationError(f"{path.name} holds no pairs. Write one object with claim and evidence a line.")
    chosen = judge or make_judge(settings)
    chosen.judge([Pair("The bridge is open.", "The bridge was opened.")])  # loading is not judging
    opinions: list[Opinion] = []
    start = time.perf_counter()
    for at in range(0, len(cases), _AT_ONCE):
        part = [pair for pair, _ in cases[at : at + _AT_ONCE]]
        opinions += [found.opinion for found in chosen.judge(part)]
        progress(Progress("judge", len(opinions), len(cases)))
    seconds = time.perf_counter() - start
    return metrics([label for _, label in cases], opinions) | {
        "pairs": len(cases),
        "pairs_per_s": round(len(cases) / max(seconds, 1e-9), 1),
    }


def metrics(gold: Sequence[str], opinions: Sequence[Opinion]) -> Metrics:
    """accuracy, macro_f1, f1_<class>, called_neutral and ece of opinions against labels."""
    given, sure = told(gold, opinions)
    f1 = f1_by_class(gold, given)
    right = [a == b for a, b in zip(gold, given, strict=True)]
    return {
        "accuracy": mean(right),
        "macro_f1": mean(list(f1.values())),
        **{f"f1_{label}": round(value, 4) for label, value in f1.items()},
        "called_neutral": mean([opinion.best == "neutral" for opinion in opinions]),
        "ece": round(ece(np.array(sure), np.array(right)), 4),
    }


def told(gold: Sequence[str], opinions: Sequence[Opinion]) -> tuple[list[str], list[float]]:
    """The label that each opinion comes to among those that `gold` has, and its probability."""
    two_way = "not_supports" in gold and not {"refutes", "neutral"} & set(gold)
    two_sided = set(gold) <= {"supports", "refutes"}
    given, sure = [], []
    for label, seen in zip(gold, opinions, strict=True):
        opinion = seen.of_the_sides() if two_sided else seen
        best = opinion.best
        merged = best != "supports" and (label == "not_supports" or two_way)
        given.append("not_supports" if merged else best)
        sure.append(1 - opinion.supports if merged else getattr(opinion, best))
    return given, sure


def f1_by_class(gold: Sequence[str], given: Sequence[str]) -> dict[str, float]:
    """The F1 of every class that occurs in `gold`, in the order of `LABELS`, then of the alphabet."""
    order = sorted(set(gold), key=lambda label: (LABELS.index(label) if label in LABELS else 9, label))
    found = {}
    for label in order:
        hits = sum(a == b == label for a, b in zip(gold, given, strict=True))
        total = sum(a == label for a in gold) + sum(b == label for b in given)
        found[label] = 2 * hits / total
    return found


def ece(sure: Any, right: Any) -> float:
    """Expected calibration error: the mean distance of confidence and accuracy, weighted by bin."""
    places = np.minimum((np.asarray(sure) * _BINS).astype(int), _BINS - 1)
    gaps = [
        (places == n).mean() * abs(float(np.mean(sure[places == n])) - float(np.mean(right[places == n])))
        for n in range(_BINS)
        if (places == n).any()
    ]
    return float(sum(gaps))


def _case(record: Mapping[str, Any], place: str) -> tuple[Pair, str]:
    """The pair and the label of a line. Raises EvaluationError."""
    for name in ("claim", "evidence"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            raise EvaluationError(f"{place}: {name!r} is not a text. Mend the line.")
    if record.get("label") not in LABELS:
        raise EvaluationError(f"{place}: 'label' is not one of {', '.join(LABELS)}. Mend the line.")
    return Pair(record["claim"], record["evidence"]), record["label"]
