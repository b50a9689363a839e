"""The judge's model card: measured when it is written, on pairs that were not trained or tuned on."""

from __future__ import annotations

import json
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.entailment import Entailment
from assistant.judging import Judge, Pair, RuleJudge
from assistant.ruling import DOUBT, OPEN, GuardedJudge, TrainedJudge, guard
from training import measure_judge
from training.judge_data import TRAINED_ON, Row

TEMPLATE = Path(__file__).with_name("judge_card.md")
LANGUAGES = Path(__file__).parents[1] / "tests" / "judged.jsonl"
THREE_CLASS = ("foolmetwice-dev", "healthver-dev", "climate-fever")
_MOST = 1000  # pairs of one set that are measured; the split is by claim, and the first ones are taken


def of(judge: Judge, rows: Sequence[Row]) -> np.ndarray:
    """A judge's opinions of rows, (pairs, 3)."""
    found = judge.judge([Pair(row.claim, row.evidence) for row in rows])
    return np.array([[i.opinion.supports, i.opinion.refutes, i.opinion.neutral] for i in found])


def scores(model: Entailment, test: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, measure_judge.Score]]:
    """By set, then by judge."""
    judges: dict[str, Any] = {
        "majority": measure_judge.majority,
        "word overlap": measure_judge.overlap,
        "rules": lambda rows: of(RuleJudge(), rows),
        "trained": lambda rows: of(TrainedJudge(model), rows),
        "trained, guarded": lambda rows: of(GuardedJudge(TrainedJudge(model)), rows),
    }
    return {
        name: {judge: measure_judge.score(rows[:_MOST], give(rows[:_MOST])) for judge, give in judges.items()}
        for name, rows in test.items()
    }


def guards(model: Entailment, rows: Sequence[Row]) -> str:
    """For each reason of the rules: how often it is right, and the model on the same pairs."""
    pairs = [Pair(row.claim, row.evidence) for row in rows]
    ruled, read = RuleJudge().judge(pairs), TrainedJudge(model).judge(pairs)
    gold = measure_judge.gold(rows)
    tally: dict[tuple[str, str], Counter[str]] = {}
    for label, rule, other in zip(gold, ruled, read, strict=True):
        count = tally.setdefault((rule.label, rule.rule), Counter())
        count["pairs"] += 1
        count["rule"] += rule.label == label
        count["model"] += other.opinion.best == label
        count["sides"] += other.label != "neutral"
        count["sides right"] += other.label not in ("neutral", "") and other.label == label
    lines = [
        "| rule says | because | pairs | rule right | model right | model sure | of them right |",
        "|---|---|---|---|---|---|---|",
    ]
    for (label, name), c in sorted(tally.items(), key=lambda item: -item[1]["pairs"]):
        if c["pairs"] >= 15:
            kept = " (open)" if name in OPEN else ""
            lines.append(
                f"| {label} | {name}{kept} | {c['pairs']} | {c['rule'] / c['pairs']:.2f} | "
                f"{c['model'] / c['pairs']:.2f} | {c['sides']} | "
                f"{c['sides right'] / max(1, c['sides']):.2f} |"
            )
    return "\n".join(lines)


def dropped(model: Entailment, rows: Sequence[Row]) -> str:
    """What each guard keeps the model from deciding where the rules are open, and how often it was right."""
    pairs = [Pair(row.claim, row.evidence) for row in rows]
    ruled, read = RuleJudge().judge(pairs), TrainedJudge(model).judge(pairs)
    gold = measure_judge.gold(rows)
    tally: dict[tuple[str, str], list[bool]] = {}
    for label, pair, rule, item in zip(gold, pairs, ruled, read, strict=True):
        if rule.label == "neutral" and rule.rule in OPEN and item.label != "neutral":
            name = guard(pair, item.label, rule.rule) or "none: the model decides"
            tally.setdefault((item.label, name), []).append(item.label == label)
        elif rule.label == "supports" and item.opinion.supports < DOUBT:
            tally.setdefault(("supports, by a rule", "the model's doubt"), []).append(label == "supports")
    lines = ["| side | guard | pairs | of them right |", "|---|---|---|---|"]
    for (side, name), right in sorted(tally.items()):
        lines.append(f"| {side} | {name} | {len(right)} | {np.mean(right):.2f} |")
    return "\n".join(lines)


def languages(model: Entailment) -> str:
    """How many of the translated pairs keep their label, by the language of claim and evidence."""
    rows = [json.loads(line) for line in LANGUAGES.read_text(encoding="utf-8").splitlines()]
    lines = []
    for claim, evidence in [
        ("en", "en"),
        ("ru", "ru"),
        ("de", "de"),
        ("es", "es"),
        ("ru", "en"),
        ("en", "ru"),
    ]:
        found = model.opinions([(row[claim][0], row[evidence][1]) for row in rows])
        right = sum(item.best == row["label"] for item, row in zip(found, rows, strict=True))
        lines.append(f"| {claim} | {evidence} | {right} of {len(rows)} |")
    return "| claim | evidence | label as made |\n|---|---|---|\n" + "\n".join(lines)


def speed(folder: Path) -> str:
    """Pairs of 128 tokens a second on two threads, one pair's milliseconds, and the memory added."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = Entailment(folder, threads=2)
    word = "The harbour office said on Tuesday that the ferry had left the pier before noon. "
    pair = (word.strip(), " ".join((word * 6).split()[:-4]))  # 128 tokens, one window
    model.opinions([pair])
    rates, single = [], []
    for _ in range(5):
        start = time.perf_counter()
        model.opinions([pair] * 48)
        rates.append(48 / (time.perf_counter() - start))
        start = time.perf_counter()
        model.opinions([pair])
        single.append(1000 * (time.perf_counter() - start))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return (
        f"{np.median(rates):.0f} pairs/s, {np.median(single):.0f} ms for one pair, "
        f"{grown:.0f} MB added at most"
    )


def agreement(model: Entailment, whole: Entailment, test: Mapping[str, Sequence[Row]]) -> str:
    """int8 against fp32: labels that agree, and the loss in macro-F1, over the three-way sets."""
    lines = ["| set | labels that agree | macro-F1 fp32 | int8 |", "|---|---|---|---|"]
    for name in (*THREE_CLASS, "fever-symmetric-dev", "news, other generator"):
        rows = test[name][:600]
        small, large = (
            np.array(
                [
                    [o.supports, o.refutes, o.neutral]
                    for o in m.opinions([(r.claim, r.evidence) for r in rows])
                ]
            )
            for m in (model, whole)
        )
        same = float((small.argmax(1) == large.argmax(1)).mean())
        f1 = [measure_judge.score(rows, item).macro_f1 for item in (large, small)]
        lines.append(f"| {name} | {same:.3f} | {f1[0]:.3f} | {f1[1]:.3f} |")
    return "\n".join(lines)


def write_card(folder: Path, whole: Path, test: Mapping[str, Sequence[Row]]) -> None:
    """Fill the template's braces and write MODEL_CARD.md."""
    model = Entailment(folder)
    found = scores(model, test)
    three = [found[name]["trained"].macro_f1 for name in THREE_CLASS]
    text = TEMPLATE.read_text(encoding="utf-8")
    guarded = [row for name in (*THREE_CLASS, "news, other generator") for row in test[name][:_MOST]]
    parts = {
        "table": measure_judge.table(found),
        "mean": f"{np.mean(three):.3f}",
        "sets": ", ".join(f"{name} ({licence})" for name, licence in TRAINED_ON.items()),
        "guards": guards(model, guarded),
        "dropped": dropped(model, guarded),
        "languages": languages(model),
        "speed": speed(folder),
        "agreement": agreement(model, Entailment(whole), test),
        "bytes": f"{(folder / 'encoder.onnx').stat().st_size / 1e6:.1f} MB",
    }
    for name, value in parts.items():
        text = text.replace("{" + name + "}", value)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
