"""The pairs that the judge is trained and measured on, split by claim, with their licences.

A public set trains the shipped weights only where its licence allows it; the others only measure. Every
claim, by its letters and digits, is in one split alone, over all sets: training, tuning (calibration,
thresholds, choice of a base) or testing (reported, never looked at before).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from training.news_pairs import pairs as news_pairs

Split = Literal["train", "tune", "test"]

TRAINED_ON = {
    "fever-nli-binary": "CC BY-SA 3.0 (FEVER)",
    "mnli-binary": "mixed open licences (MultiNLI)",
    "foolmetwice-dev": "Apache-2.0",
}
"""Public sets in the shipped weights. FEVER-Symmetric could be; it is kept whole for measuring."""
_SHARES = {"fever-nli-binary": (90, 94), "mnli-binary": (90, 94), "foolmetwice-dev": (60, 75)}
_MEASURED = (0, 30)  # per cent: a set that only measures has 30 for tuning and 70 for the report


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled pair of a set; label as in the data's README."""

    set: str
    claim: str
    evidence: str
    label: str


def key(claim: str) -> str:
    """What makes two claims one: letters and digits, small."""
    return " ".join(re.findall(r"\w+", claim.lower()))


def bucket(text: str) -> int:
    """0 to 99, the same on every machine."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 100


def public(path: Path) -> Iterator[tuple[Row, Split]]:
    """The rows of pairs.jsonl.gz with their split. A claim of a measuring set is never trained on."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            rows.append(Row(item["set"], item["claim"], item["evidence"], item["label"]))
    kept = {key(row.claim) for row in rows if row.set not in TRAINED_ON}
    for row in rows:
        name = key(row.claim)
        first, second = _SHARES.get(row.set, _MEASURED)
        if row.set in TRAINED_ON and name in kept:
            continue
        place = bucket(name)
        yield row, "train" if place < first else "tune" if place < second else "test"


def articles(path: Path) -> dict[Split, list[dict[str, Any]]]:
    """The news articles by split: 90, 4 and 6 per cent."""
    found: dict[Split, list[dict[str, Any]]] = {"train": [], "tune": [], "test": []}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            place = bucket(str(item["id"]))
            found["train" if place < 90 else "tune" if place < 94 else "test"].append(item)
    return found


def news(items: list[dict[str, Any]], seed: int, each: int) -> list[Row]:
    """Pairs of our own making as rows."""
    return [Row("news", pair.claim, pair.evidence, pair.label) for pair in news_pairs(items, seed, each)]
