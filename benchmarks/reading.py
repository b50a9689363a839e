"""Reading: the trained judge on pairs that fill its window, beside the embedder, and the memory that it adds.

Both models have twelve layers of one width and read the same number of tokens, so their times are a ratio
that means the same on every machine; the pairs a second do not.
"""

from __future__ import annotations

import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Row, call, median_ratio, pairs
from benchmarks.work import Work

if TYPE_CHECKING:
    from assistant.embedding import LocalEmbedder
    from assistant.entailment import Entailment

PAIRS = 32
REPEATS = 7
WORDS = "The harbour office said on Tuesday that the ferry had left the pier before noon. "
EVIDENCE = " ".join((WORDS * 6).split()[:-4])  # with the claim 128 tokens, which is one window
THREADS = 2


def measure(work: Work) -> list[Row]:
    """Rates and milliseconds in one child, the memory added in another."""
    found = call(work.folder, "reading", "rates")
    added = call(work.folder, "reading", "memory")
    how = f"medians of {REPEATS} runs over {PAIRS} pairs of 128 tokens, {THREADS} threads"
    return [
        Row("pairs judged", found["pairs_per_s"], "pairs/s", how, at_least=40),
        Row("the embedder's time, over the judge's", found["ratio"], "", "on as many tokens, in pairs"),
        Row("one pair", found["single_ms"], "ms", "128 tokens; median", at_most=30),
        Row("memory added", added["mb"], "MB", "peak, over that of the embedder at work", at_most=120),
    ]


def rates(folder: str | None = None) -> dict[str, float]:
    """In a child, of the judge in `folder` or the one that is shipped: pairs a second, the embedder's seconds
    over the judge's, and one pair's milliseconds."""
    judge, embedder = _models(folder)
    judge.opinions([(WORDS, WORDS)])
    pair, text = (WORDS.strip(), EVIDENCE), WORDS + EVIDENCE
    singles = []

    def judged() -> float:
        start = time.perf_counter()
        judge.opinions([pair] * PAIRS)
        return time.perf_counter() - start

    def embedded() -> float:
        start = time.perf_counter()
        embedder.embed([text] * PAIRS, "passage")
        return time.perf_counter() - start

    both = pairs(embedded, judged, REPEATS, REPEATS, 60)
    for _ in range(REPEATS * 3):
        start = time.perf_counter()
        judge.opinions([pair])
        singles.append(1000 * (time.perf_counter() - start))
    return {
        "pairs_per_s": PAIRS / statistics.median(own for _, own in both),
        "ratio": median_ratio(both),
        "single_ms": statistics.median(singles),
    }


def memory(folder: str | None = None) -> dict[str, float]:
    """In a child: MB that the peak grows by when the judge reads as the embedder did."""
    judge, _ = _models(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    judge.opinions([(WORDS.strip(), EVIDENCE)] * PAIRS)
    return {"mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}


def _models(folder: str | None) -> tuple[Entailment, LocalEmbedder]:
    """The judge, which has not read yet, and the embedder, which has."""
    from assistant.embedding import LocalEmbedder
    from assistant.entailment import Entailment

    judge = Entailment(Path(folder) if folder else None, threads=THREADS)
    embedder = LocalEmbedder(threads=THREADS)
    embedder.embed([WORDS + EVIDENCE] * PAIRS, "passage")
    return judge, embedder
