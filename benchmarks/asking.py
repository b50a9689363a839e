"""Asking with the extractive engine: how long a reader waits once the library is open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row, call, quantile
from benchmarks.work import Work


def measure(work: Work) -> list[Row]:
    """Half of the questions take at most p50, and 95 of 100 at most p95."""
    questions = work.material.questions()
    found = call(work.folder, "asking", "times", library=work.stocked(), questions=questions)
    spent = [1000 * seconds for seconds in found["seconds"]]
    how = f"{len(spent)} different questions, each asked once, after 5 others"
    return [
        Row("ask, half of the questions", quantile(spent, 0.5), "ms", how),
        Row("ask, 95 of 100", quantile(spent, 0.95), "ms", "the same questions", at_most=300),
        Row("ask, the slowest", max(spent), "ms", "the same questions"),
        Row("ask, with evidence", found["with_evidence"] / len(spent), "share", "the same questions"),
    ]


def times(library: str, questions: list[str]) -> dict[str, Any]:
    """In a child: seconds that each question takes, and how many of them found evidence."""
    from assistant.answering import ask
    from assistant.library import Library
    from assistant.settings import Settings

    seconds, with_evidence = [], 0
    with Library.open(Settings(library=Path(library))) as opened:
        for topic in ("the weather", "a new school", "the price of bread", "trains", "a football match"):
            ask(opened, f"What is known about {topic}?", engine="extractive")
        for question in questions:
            start = time.perf_counter()
            answer = ask(opened, question, engine="extractive")
            seconds.append(time.perf_counter() - start)
            with_evidence += answer.finding != "not_enough_evidence"
    return {"seconds": seconds, "with_evidence": with_evidence}
