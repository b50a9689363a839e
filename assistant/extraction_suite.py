"""The suite `extraction`: the article that is read from a page, against the text that a person calls it."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.loading import load
from assistant.models import Article, Progress
from assistant.records import EvaluationError, Metrics, mean, records
from assistant.settings import Settings
from assistant.text import words


def extraction(path: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:
    """Pages read as `add` reads them, child process and all, scored as bags of words.

    A line of `path` is {html, text}. What is scored is what passages are made of: the text without headline
    and page furniture. Gives f1, precision and recall, means over pages: one that is refused counts 0 where
    there is a text, and 1 where the text is empty. Also refused and pages, as counts, and seconds_per_page
    and seconds_p95.
    Raises EvaluationError, which names the line and the field.
    """
    cases = [_case(record, place) for place, record in records(path)]
    if not cases:
        raise EvaluationError(f"{path.name} holds no pages. Write one object with html and text a line.")
    scores: list[tuple[float, float, float]] = []
    times: list[float] = []
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for number, found in enumerate(load(_written(Path(folder), cases), settings=settings)):
            times.append(time.perf_counter() - start)
            refused += not isinstance(found, Article)
            scores.append(overlap(_body(found) if isinstance(found, Article) else "", cases[number][1]))
            progress(Progress("extraction", number + 1, len(cases)))
            start = time.perf_counter()
    return {
        "f1": mean([f1 for _, _, f1 in scores]),
        "precision": mean([precision for precision, _, _ in scores]),
        "recall": mean([recall for _, recall, _ in scores]),
        "pages": len(cases),
        "refused": refused,
        "seconds_per_page": round(float(np.mean(times)), 4),
        "seconds_p95": round(float(np.quantile(times, 0.95)), 4),
    }


def overlap(found: str, wanted: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one text's bag of words against another's; 1 where both are empty."""
    has, needs = Counter(words(found)), Counter(words(wanted))
    if not has and not needs:
        return 1.0, 1.0, 1.0
    shared = sum((has & needs).values())
    precision = shared / has.total() if has else 0.0
    recall = shared / needs.total() if needs else 0.0
    return precision, recall, 2 * shared / (has.total() + needs.total())


def _body(article: Article) -> str:
    """What passages are made of: the text without the spans to skip."""
    kept, position = [], 0
    for start, end in article.skip:
        kept.append(article.text[position:start])
        position = end
    return "".join([*kept, article.text[position:]])


def _written(folder: Path, cases: Sequence[tuple[str, str]]) -> Iterator[Path]:
    """One page after the other as a file, each gone before the next."""
    for number, (html, _) in enumerate(cases):
        path = folder / f"{number}.html"
        path.write_bytes(html.encode("utf-8", "replace"))
        yield path
        path.unlink()


def _case(record: Mapping[str, Any], place: str) -> tuple[str, str]:
    """The page and the text of a line. Raises EvaluationError."""
    for name in ("html", "text"):
        if not isinstance(record.get(name), str):
            raise EvaluationError(f"{place}: {name!r} is not a text. Mend the line.")
    return record["html"], record["text"]
