"""What the judge scores on pairs that it was not trained on, beside what is simpler, with intervals.

Intervals are the 2.5th and 97.5th percentiles of 1,000 bootstrap samples of claims (pairs of one claim are
drawn together). Where a set does not tell refutes from neutral, both count as `not_supports`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.entailment import Opinion
from assistant.judge_suite import ece, f1_by_class, told
from assistant.judging import Judge, Pair
from training.judge_data import Row, key

SIDES = ("supports", "refutes", "neutral")
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """One judge on one set: macro-F1 and accuracy with their intervals, F1 of each class, and ECE."""

    pairs: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_interval: tuple[float, float]
    f1: Mapping[str, float]
    ece: float


def gold(rows: Sequence[Row]) -> list[str]:
    """The labels in the judge's terms: FNC-1's `discusses` and `unrelated` are neutral."""
    return [{"discusses": "neutral", "unrelated": "neutral"}.get(row.label, row.label) for row in rows]


def of(judge: Judge, rows: Sequence[Row]) -> list[Opinion]:
    """A judge's opinions of rows."""
    return [item.opinion for item in judge.judge([Pair(row.claim, row.evidence) for row in rows])]


def score(rows: Sequence[Row], opinions: Sequence[Opinion], seed: int = 0) -> Score:
    """The label of an opinion is what `evaluate judge` takes it for."""
    labels = gold(rows)
    chosen, sure = told(labels, opinions)
    right = np.array([a == b for a, b in zip(labels, chosen, strict=True)])
    f1 = f1_by_class(labels, chosen)
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(key(row.claim), []).append(place)
    members = [np.array(group) for group in groups.values()]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(_DRAWS):
        places = np.concatenate([members[n] for n in rng.integers(0, len(members), len(members))])
        of_it = f1_by_class([labels[n] for n in places], [chosen[n] for n in places])
        drawn.append((float(right[places].mean()), float(np.mean(list(of_it.values())))))
    low, high = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    return Score(
        len(rows), float(right.mean()), (low[0], high[0]),
        float(np.mean(list(f1.values()))), (low[1], high[1]), f1, ece(np.array(sure), right),
    )  # fmt: skip


# --- what is simpler ------------------------------------------------------------------------------


def majority(rows: Sequence[Row]) -> list[Opinion]:
    """The commonest label of the set, which this baseline is allowed to know."""
    commonest, count = Counter(gold(rows)).most_common(1)[0]
    side = "refutes" if commonest == "not_supports" else commonest
    return [_opinion(side, count / len(rows))] * len(rows)


def overlap(rows: Sequence[Row]) -> list[Opinion]:
    """Word overlap: much of the claim in the evidence supports it, else it is neutral; a negation in only
    one of the two turns support into refutation."""
    found = []
    for row in rows:
        claim, evidence = (set(re.findall(r"\w+", text.lower())) for text in (row.claim, row.evidence))
        share = len(claim & evidence) / max(1, len(claim))
        turned = bool(claim & _NOT) != bool(evidence & _NOT)
        found.append(_opinion("neutral" if share < 0.5 else "refutes" if turned else "supports", 0.5))
    return found


def _opinion(side: str, sure: float) -> Opinion:
    """So much for one label, the rest shared by the other two."""
    return Opinion(*(sure if label == side else (1 - sure) / 2 for label in SIDES))


_NOT = {"not", "no", "never", "n't", "t", "none", "nobody", "denied", "false", "cannot"}


def table(scores: Mapping[str, Mapping[str, Score]]) -> str:
    """A Markdown table: a line for each set and judge."""
    lines = [
        "| set | judge | pairs | accuracy | macro-F1 | F1 supports, refutes, neutral | ECE |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, judges in scores.items():
        for judge, item in judges.items():
            f1 = ", ".join(f"{item.f1[side]:.2f}" for side in (*SIDES, "not_supports") if side in item.f1)
            lines.append(
                f"| {name} | {judge} | {item.pairs:,} "
                f"| {item.accuracy:.3f} ({_range(item.accuracy_interval)}) "
                f"| {item.macro_f1:.3f} ({_range(item.macro_interval)}) | {f1} | {item.ece:.3f} |"
            )
    return "\n".join(lines)


def _range(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f}–{interval[1]:.2f}"


def reliability(sure: Any, right: Any, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and count of each bin of equal width that is not empty."""
    places = np.minimum((np.asarray(sure) * bins).astype(int), bins - 1)
    return [
        (float(np.mean(sure[places == n])), float(np.mean(right[places == n])), int((places == n).sum()))
        for n in range(bins)
        if (places == n).any()
    ]
