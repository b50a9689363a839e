"""Fits the weights of `assistant/evidence.py`: does this sentence address this question?

    .venv/bin/python -m training.relevance

Fits a logistic regression on every second question of `corpus/questions.yaml` (the even ones, counted
from 0) and its translations, and reports on the others: whether answerable questions are told from
unanswerable ones, which files are found to address them (F1), and whether the best sentence of such a
file is one that a person marked. Prints the weights to be copied. No threshold is chosen on the
reported half.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.evidence import CROSS_LANGUAGE, SAME_LANGUAGE, Features, candidates
from assistant.library import Library
from assistant.loading import load
from assistant.models import Article, Filters
from assistant.retrieval import retrieve
from assistant.settings import Settings, packaged

# The two yes-or-no features are rare, and would be shrunk to nothing with the others.
RIDGE = np.array([1.0, 1.0, 1.0, 1.0, 0.2, 0.2, 1.0])


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence for one question: `gold`, where a person marked it, `addressed`, its whole file."""

    question: int
    file: str
    text: str
    features: Features
    cross: bool
    gold: bool
    addressed: bool


def rows(library: Library, questions: Sequence[dict[str, Any]]) -> list[Row]:
    """The features of every sentence that was read for every question."""
    found = []
    for number, question in enumerate(questions):
        answers = {item["file"]: item["sentences"] for item in question.get("answers") or []}
        retrieved = retrieve(library, str(question["question"]), Filters())
        articles = {reading.article.id: reading.article for reading in retrieved.readings}
        for source, listed in candidates(retrieved, library.embedder).items():
            file = _file(articles[source])
            for item in listed:
                text = articles[source].text[slice(*item.span)]
                gold = any(text in marked or marked in text for marked in answers.get(file, []))
                found.append(Row(number, file, text, item.features, item.cross, gold, file in answers))
    return found


def fit(data: Sequence[Row]) -> NDArray[np.float64]:
    """Ridge logistic regression by Newton's method; a feature that never varies gets 0."""
    x = np.array([astuple(row.features) for row in data])
    y = np.array([float(row.gold) for row in data])
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + RIDGE * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(RIDGE)
        weights -= np.linalg.solve(hessian, gradient)
    return weights


def least(data: Sequence[Row], weights: NDArray[np.float64]) -> float:
    """The log-odds at which the files of `data` that address a question are found with the best F1."""
    best = list(_best(data, weights).values())
    steps = np.arange(-4.0, 1.0, 0.1)
    reached = [_f1(best, step) for step in steps]
    good = [step for step, f1 in zip(steps, reached, strict=True) if f1 >= max(reached) - 0.005]
    return float(np.median(good))


def _f1(best: Sequence[tuple[float, Row]], step: float) -> float:
    hit = sum(score > step and row.addressed for score, row in best)
    return 2 * hit / max(sum(score > step for score, _ in best) + sum(row.addressed for _, row in best), 1)


def report(
    data: Sequence[Row], weights: Sequence[float], least: float, questions: Sequence[dict[str, Any]]
) -> None:
    """Prints how well the weights do on `data`, and the questions that they get wrong."""
    best = _best(data, np.array(weights))
    tops: dict[int, tuple[float, str]] = {}
    reachable = {row.question for row in data if row.addressed}
    for (question, _), (score, row) in best.items():
        if question in reachable or not questions[question]["answerable"]:
            tops[question] = max(tops.get(question, (-99.0, "")), (score, row.text))
    yes = [tops[q][0] > least for q in tops if questions[q]["answerable"]]
    no = [tops[q][0] <= least for q in tops if not questions[q]["answerable"]]
    f1 = _f1(list(best.values()), least)
    first = [row.gold for _, row in best.values() if row.addressed]
    print(
        f"  answered {sum(yes)} of {len(yes)} answerable, declined {sum(no)} of {len(no)} unanswerable; "
        f"files F1 {f1:.2f}; best sentence marked {np.mean(first):.2f} of {len(first)}"
    )
    for q, (score, text) in tops.items():
        if (score > least) != questions[q]["answerable"]:
            word = "missed" if questions[q]["answerable"] else "invented"
            print(f"    {word} {score - least:+.2f} {questions[q]['question']} -> {text[:80]}")


def _best(data: Sequence[Row], weights: NDArray[np.float64]) -> dict[tuple[int, str], tuple[float, Row]]:
    best: dict[tuple[int, str], tuple[float, Row]] = {}
    for row in data:
        score = float(np.array(astuple(row.features)) @ weights)
        if score > best.get((row.question, row.file), (-99.0, row))[0]:
            best[row.question, row.file] = (score, row)
    return best


def _file(article: Article) -> str:
    return str(article.file)


def _questions(corpus: Path) -> list[dict[str, Any]]:
    """The questions, then their translations; a translation is in the same half as its original."""
    written = yaml.safe_load((corpus / "questions.yaml").read_text("utf-8"))["questions"]
    translated = yaml.safe_load((corpus / "questions-translated.yaml").read_text("utf-8"))["translations"]
    for number, question in enumerate(written):
        question["half"] = number % 2
        for answer in question.get("answers") or []:
            answer["file"] = Path(answer["file"]).name
    by_id = {question["id"]: question for question in written}
    return written + [
        by_id[item["id"]] | {"question": text, "language": language}
        for item in translated
        for language, text in item.items()
        if language != "id"
    ]


def main() -> None:
    """Fits, prints, and shows what the weights in force reach."""
    corpus = packaged("corpus")
    questions = _questions(corpus)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder) / "library")
        with Library.open(settings) as library:
            library.add(
                a
                for a in load([corpus / "interview", corpus / "harbour"], settings=settings)
                if isinstance(a, Article)
            )
            data = rows(library, questions)
    for name, cross, force in (
        ("same language", False, SAME_LANGUAGE),
        ("another language", True, CROSS_LANGUAGE),
    ):
        half = [
            [row for row in data if row.cross is cross and questions[row.question]["half"] == part]
            for part in (0, 1)
        ]
        weights = fit(half[0])
        print(name, [round(float(w), 2) for w in weights], "least", round(least(half[0], weights), 2))
        report(half[1], [float(w) for w in weights], least(half[0], weights), questions)
        print("  in force:")
        report(half[1], force.values, force.least, questions)


if __name__ == "__main__":
    main()
