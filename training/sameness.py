"""Fits the weights of `assistant/sameness.py`: do two answers to one question say the same?

    .venv/bin/python -m training.sameness nanco-dev.jsonl [--bootstrap 100]

The file is that of `evaluate grouping`: {question, answers: [{text, group}]} a line. Each step that was
tried is fitted on all questions but one and measured on that one, in turn; the table gives the balanced
accuracy of the held-out questions. Then come the spread over resampled answers, what is chosen when
questions and answers are resampled, and the threshold for a question with few answers. Prints the weights
to be copied; nothing is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Kind, LocalEmbedder
from assistant.encoding import Vectors
from assistant.entailment import Entailment
from assistant.grouping_suite import recalls
from assistant.records import lines
from assistant.sameness import WEIGHTS, Matrix, Phrases, Weights, agreement, decide, phrases, resemblance
from assistant.text import content_words

CUES, OWN, SHARES, NUMBERS = (0.0, 1.0, 2.0, 3.0), (0.0, -1.0, -2.0), (0.2, 0.26, 0.32, 0.38), (0.0, 1.0, 2.0)
WITH_JUDGE = (0.25, 0.5, 1.0, 2.0, 4.0)
FEW = (2, 3, 5)  # answers of a question


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is compared: `near` holds the resemblances by the weights of the phrases."""

    question: str
    texts: list[str]
    same: NDArray[np.bool_]
    phrases: list[Phrases]
    agreed: Matrix
    whole: Matrix
    centred: Matrix
    words: Matrix
    read: Matrix
    near: dict[tuple[float, float], Matrix]

    def subset(self, chosen: NDArray[np.int64]) -> Case:
        """The question with some of its answers; phrases stay centred on all of them."""
        grid = np.ix_(chosen, chosen)
        return replace(
            self,
            same=self.same[grid],
            agreed=self.agreed[grid],
            read=self.read[grid],
            near={key: matrix[grid] for key, matrix in self.near.items()},
        )


class Kept(LocalEmbedder):
    """The local embedder, which embeds a text once."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """See `Embedder.embed`; always of one kind here."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self._kept.update(zip(new, super().embed(new, kind), strict=True))
        return np.stack([self._kept[text] for text in texts])


def read_cases(path: Path, embedder: Kept) -> list[Case]:
    """The questions of the file, embedded and read by the trained judge."""
    cases = []
    judge_model = Entailment()
    for record in lines(path):
        question = record["question"]
        texts = [answer["text"] for answer in record["answers"]]
        groups = np.array([str(answer["group"]) for answer in record["answers"]])
        vectors = embedder.embed(texts, "query").astype(np.float64)
        middle = vectors - vectors.mean(axis=0)
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        found = phrases(question, texts, embedder)
        near = {
            (cue, own): resemblance(found, replace(WEIGHTS, cue=cue, own=own))
            for cue, own in product(CUES, OWN)
        }
        cases.append(
            Case(
                question,
                texts,
                groups[:, None] == groups[None],
                found,
                agreement(question, texts),
                vectors @ vectors.T,
                middle @ middle.T,
                _dice(question, texts),
                _judged(texts, judge_model),
                near,
            )
        )
    return cases


def _judged(texts: Sequence[str], model: Entailment) -> Matrix:
    """How much two answers entail each other and do not refute each other, over both directions; -1 to 1."""
    found = model.opinions([(a, b) for a in texts for b in texts])
    one_way = np.array([item.supports - item.refutes for item in found]).reshape(len(texts), -1)
    return np.asarray((one_way + one_way.T) / 2)


def _dice(question: str, texts: Sequence[str]) -> Matrix:
    """The share of stems that two answers have in common, those of the question left out."""
    asked = set(content_words(question))
    stems = [set(content_words(text)) - asked for text in texts]
    return np.array([[2 * len(a & b) / max(1, len(a) + len(b)) for b in stems] for a in stems])


def accuracy(case: Case, same: NDArray[np.bool_]) -> float:
    """The balanced accuracy of one question."""
    pairs = np.triu_indices(len(case.same), 1)
    return recalls(case.same[pairs].tolist(), same[pairs].tolist()).balanced


Maker = Callable[[Case], NDArray[np.bool_]]


def held_out(cases: Sequence[Case], makers: Sequence[Maker]) -> tuple[list[float], list[int]]:
    """Each question's accuracy by the maker that is best on the other ones, and the makers chosen."""
    table = np.array([[accuracy(case, make(case)) for make in makers] for case in cases])
    chosen = [int(np.delete(table, row, axis=0).mean(axis=0).argmax()) for row in range(len(cases))]
    return [float(table[row, best]) for row, best in enumerate(chosen)], chosen


def by_threshold(matrix: Callable[[Case], Matrix]) -> list[Maker]:
    """One threshold for all questions."""
    return [lambda case, cut=cut: matrix(case) > cut for cut in np.linspace(-0.2, 1, 121)]  # type: ignore[misc]


def by_share(matrix: Callable[[Case], Matrix]) -> list[Maker]:
    """The nearest pairs of each question, as a share of its pairs."""

    def make(case: Case, share: float) -> NDArray[np.bool_]:
        near = matrix(case)
        cut = np.quantile(near[np.triu_indices(len(near), 1)], 1 - share)
        return np.asarray(near >= cut)

    return [lambda case, share=share: make(case, share) for share in SHARES]  # type: ignore[misc]


def by_cluster(matrix: Callable[[Case], Matrix]) -> list[Maker]:
    """Average linkage of the answers until so many clusters are left, as a share of the answers."""

    def make(case: Case, left: float) -> NDArray[np.bool_]:
        near, count = matrix(case), len(case.same)
        clusters = [[row] for row in range(count)]
        while len(clusters) > max(1, round(left * count)):
            links = [
                (near[np.ix_(a, b)].mean(), i, j)
                for i, a in enumerate(clusters)
                for j, b in enumerate(clusters[:i])
            ]
            _, i, j = max(links)
            clusters[j] += clusters.pop(i)
        label = np.zeros(count, int)
        for number, members in enumerate(clusters):
            label[members] = number
        return np.asarray(label[:, None] == label[None])

    return [lambda case, left=left: make(case, left) for left in (0.15, 0.3, 0.45)]  # type: ignore[misc]


def grid() -> list[Weights]:
    """The weights that are tried."""
    return [
        replace(WEIGHTS, cue=cue, own=own, share=share, numbers=numbers)
        for cue, own, share, numbers in product(CUES, OWN, SHARES, NUMBERS)
    ]


def judge(case: Case, weights: Weights) -> NDArray[np.bool_]:
    """What the module says by these weights."""
    return np.asarray(decide(case.near[weights.cue, weights.own], case.agreed, weights) > 0)


def decided_with(case: Case, part: float) -> NDArray[np.bool_]:
    """What the module says where the judge's reading is put on to the resemblance, `part` times."""
    near = case.near[WEIGHTS.cue, WEIGHTS.own] + part * WEIGHTS.spread * case.read
    return np.asarray(decide(near, case.agreed, WEIGHTS) > 0)


def by_weights(tried: Sequence[Weights]) -> list[Maker]:
    """The whole method, for each of these weights."""
    return [lambda case, weights=weights: judge(case, weights) for weights in tried]  # type: ignore[misc]


def steps(cases: Sequence[Case]) -> None:
    """Prints the table of what was tried."""

    def alike(case: Case) -> Matrix:
        flat = [replace(item, lengths=np.zeros_like(item.lengths)) for item in case.phrases]
        return resemblance(flat, replace(WEIGHTS, cue=0.0, own=0.0))

    flats = {case.question: alike(case) for case in cases}
    chosen = (WEIGHTS.cue, WEIGHTS.own)
    table: dict[str, list[Maker]] = {
        "cosine, one threshold": by_threshold(lambda case: case.whole),
        "cosine, share of pairs": by_share(lambda case: case.whole),
        "centred cosine, one threshold": by_threshold(lambda case: case.centred),
        "centred cosine, share of pairs": by_share(lambda case: case.centred),
        "stems in common, share of pairs": by_share(lambda case: case.words),
        "centred + stems, share of pairs": by_share(lambda case: case.centred + 2 * case.words),
        "the judge alone, one threshold": by_threshold(lambda case: case.read),
        "the judge alone, share of pairs": by_share(lambda case: case.read),
        "centred + stems + judge, share of pairs": [
            maker
            for part in WITH_JUDGE
            for maker in by_share(lambda case, part=part: case.centred + 2 * case.words + part * case.read)  # type: ignore[misc]
        ],
        "phrases, all alike, share of pairs": by_share(lambda case: flats[case.question]),
        "phrases by length, share of pairs": by_share(lambda case: case.near[0.0, 0.0]),
        "phrases with cues, share of pairs": by_share(lambda case: case.near[chosen]),
        "phrases with cues, one threshold": by_threshold(lambda case: case.near[chosen]),
        "phrases with cues, clusters": by_cluster(lambda case: case.near[chosen]),
        "the module without cues": by_weights([item for item in grid() if item.cue == 0]),
        "the module, no numbers": by_weights([item for item in grid() if item.numbers == 0]),
        "the module, all weights fitted": by_weights(grid()),
        "the module as it stands": by_weights([WEIGHTS]),
        "the module and the judge": [
            lambda case, part=part: decided_with(case, part)
            for part in WITH_JUDGE  # type: ignore[misc]
        ],
    }
    for name, makers in table.items():
        values, _ = held_out(cases, makers)
        print(f"{name:38s} {np.mean(values):.3f}  " + " ".join(f"{value:.3f}" for value in values))


def bootstrap(cases: Sequence[Case], times: int) -> None:
    """Prints the spread over questions and answers, and which weights win how often."""
    rng = np.random.default_rng(4)
    tried = grid()
    won: list[Weights] = []
    stands: list[float] = []
    for _ in range(times):
        drawn = []
        for row in rng.integers(len(cases), size=len(cases)):
            count = len(cases[row].same)
            drawn.append(cases[row].subset(rng.choice(count, int(count * 0.7), replace=False)))
        table = [np.mean([accuracy(case, judge(case, item)) for case in drawn]) for item in tried]
        won.append(tried[int(np.argmax(table))])
        stands.append(float(np.mean([accuracy(case, judge(case, WEIGHTS)) for case in drawn])))
    low, middle, high = np.quantile(stands, (0.05, 0.5, 0.95))
    print(f"resampled, as it stands: 5 % {low:.3f}, median {middle:.3f}, 95 % {high:.3f}")
    for name in ("cue", "own", "share", "numbers"):
        values, counts = np.unique([getattr(item, name) for item in won], return_counts=True)
        print(f"  {name}: " + ", ".join(f"{v:g} {c}x" for v, c in zip(values, counts, strict=True)))


def few(cases: Sequence[Case], times: int, embedder: Kept) -> None:
    """Prints, for questions with few answers, the resemblance that parts best, and what the module gets."""
    rng = np.random.default_rng(5)
    cuts = np.linspace(0, 0.6, 61)
    for size in FEW:
        table, own = [], []
        pairs = np.triu_indices(size, 1)
        for case in cases:
            sames, nears, given = [], [], []
            for _ in range(times * 12 // (size * size)):
                drawn = rng.choice(len(case.same), size, replace=False)
                texts = [case.texts[row] for row in drawn]
                near = resemblance(phrases(case.question, texts, embedder), WEIGHTS)
                sames += case.same[np.ix_(drawn, drawn)][pairs].tolist()
                nears += near[pairs].tolist()
                given += (decide(near, agreement(case.question, texts), WEIGHTS)[pairs] > 0).tolist()
            table.append([recalls(sames, [near > cut for near in nears]).balanced for cut in cuts])
            own.append(recalls(sames, given).balanced)
        best = int(np.mean(table, axis=0).argmax())
        print(
            f"{size} answers: best above {cuts[best]:.2f}, {np.mean(table, axis=0)[best]:.3f}; "
            f"as it stands {np.mean(own):.3f}  " + " ".join(f"{value:.3f}" for value in own)
        )


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description="Fits the weights of assistant/sameness.py.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--bootstrap", type=int, default=100)
    given = parser.parse_args()
    embedder = Kept()
    cases = read_cases(given.path, embedder)
    steps(cases)
    bootstrap(cases, given.bootstrap)
    few(cases, given.bootstrap, embedder)
    totals = [np.mean([accuracy(case, judge(case, item)) for case in cases]) for item in grid()]
    print(f"best on all: {max(totals):.3f} {grid()[int(np.argmax(totals))]}")


if __name__ == "__main__":
    main()
