"""The judge's model card: measured when it is written, on pairs that were not trained or tuned on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.entailment import Entailment, Opinion
from assistant.judging import Judge, Judgement, Pair, RuleJudge
from assistant.ruling import DOUBT, OPEN, GuardedJudge, TrainedJudge, guard
from benchmarks.measuring import call
from training import measure_judge
from training.judge_data import TRAINED_ON, Row

TEMPLATE = Path(__file__).with_name("judge_card.md")
LANGUAGES = Path(__file__).parents[1] / "tests" / "judged.jsonl"
THREE_CLASS = ("foolmetwice-dev", "healthver-dev", "climate-fever")
_MOST = 1000  # pairs of one set that are measured; the split is by claim, and the first ones are taken


class Remembered:
    """A judge that reads a pair once: the tables ask for the same ones."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[Pair, Judgement] = {}

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """As the judge's own."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        self._known.update(zip(new, self._judge.judge(new), strict=True))
        return [self._known[pair] for pair in pairs]


def scores(
    rules: Judge, trained: Judge, test: Mapping[str, Sequence[Row]]
) -> dict[str, dict[str, measure_judge.Score]]:
    """By set, then by judge."""
    judges: dict[str, Callable[[Sequence[Row]], list[Opinion]]] = {
        "majority": measure_judge.majority,
        "word overlap": measure_judge.overlap,
        "rules": partial(measure_judge.of, rules),
        "trained": partial(measure_judge.of, trained),
        "trained, guarded": partial(measure_judge.of, GuardedJudge(trained)),
    }
    return {
        name: {judge: measure_judge.score(rows[:_MOST], give(rows[:_MOST])) for judge, give in judges.items()}
        for name, rows in test.items()
    }


def guards(rules: Judge, trained: Judge, rows: Sequence[Row]) -> str:
    """For each reason of the rules: how often it is right, and the model on the same pairs."""
    pairs = [Pair(row.claim, row.evidence) for row in rows]
    ruled, read = rules.judge(pairs), trained.judge(pairs)
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


def dropped(rules: Judge, trained: Judge, rows: Sequence[Row]) -> str:
    """What each guard keeps the model from deciding where the rules are open, and how often it was right."""
    pairs = [Pair(row.claim, row.evidence) for row in rows]
    ruled, read = rules.judge(pairs), trained.judge(pairs)
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
    for claim, evidence in (pair.split() for pair in ("en en", "ru ru", "de de", "es es", "ru en", "en ru")):
        found = model.opinions([(row[claim][0], row[evidence][1]) for row in rows])
        right = sum(item.best == row["label"] for item, row in zip(found, rows, strict=True))
        lines.append(f"| {claim} | {evidence} | {right} of {len(rows)} |")
    return "| claim | evidence | label as made |\n|---|---|---|\n" + "\n".join(lines)


def speed(folder: Path) -> str:
    """Pairs of 128 tokens a second on two threads, one pair's milliseconds, and the memory added."""
    own = str(folder.resolve())
    rates, memory = (call(folder, "reading", name, folder=own) for name in ("rates", "memory"))
    return (
        f"{rates['pairs_per_s']:.0f} pairs/s, {rates['single_ms']:.0f} ms for one pair, "
        f"{memory['mb']:.0f} MB added at most"
    )


def agreement(small: Judge, large: Judge, test: Mapping[str, Sequence[Row]]) -> str:
    """int8 against fp32: labels that agree, and the loss in macro-F1, over the three-way sets."""
    lines = ["| set | labels that agree | macro-F1 fp32 | int8 |", "|---|---|---|---|"]
    for name in (*THREE_CLASS, "fever-symmetric-dev", "news, other generator"):
        rows = test[name][:600]
        own, whole = (measure_judge.of(judge, rows) for judge in (small, large))
        same = float(np.mean([a.best == b.best for a, b in zip(own, whole, strict=True)]))
        f1 = [measure_judge.score(rows, item).macro_f1 for item in (whole, own)]
        lines.append(f"| {name} | {same:.3f} | {f1[0]:.3f} | {f1[1]:.3f} |")
    return "\n".join(lines)


def write_card(folder: Path, whole: Path, test: Mapping[str, Sequence[Row]]) -> None:
    """Fill the template's braces and write MODEL_CARD.md."""
    model = Entailment(folder)
    rules, trained = Remembered(RuleJudge()), Remembered(TrainedJudge(model))
    found = scores(rules, trained, test)
    three = [found[name]["trained"].macro_f1 for name in THREE_CLASS]
    text = TEMPLATE.read_text(encoding="utf-8")
    guarded = [row for name in (*THREE_CLASS, "news, other generator") for row in test[name][:_MOST]]
    parts = {
        "table": measure_judge.table(found),
        "mean": f"{np.mean(three):.3f}",
        "sets": ", ".join(f"{name} ({licence})" for name, licence in TRAINED_ON.items()),
        "guards": guards(rules, trained, guarded),
        "dropped": dropped(rules, trained, guarded),
        "languages": languages(model),
        "speed": speed(folder),
        "agreement": agreement(trained, TrainedJudge(Entailment(whole)), test),
        "bytes": f"{(folder / 'encoder.onnx').stat().st_size / 1e6:.1f} MB",
    }
    for name, value in parts.items():
        text = text.replace("{" + name + "}", value)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
