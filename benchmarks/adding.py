"""Adding articles: the whole way into a library against the embedder's own time for the same passages.

The ratio is measured twice. Pairs of processes that take turns are the plain comparison, and need a
machine that nobody else uses: each takes half a minute. Within one process, the whole over what its
own calls of the embedder took, both sides see the same other programs.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import MeasurementFailed, Row, call, median_ratio, pairs
from benchmarks.work import Work

if TYPE_CHECKING:
    from assistant.embedding import Embedder, Kind
    from assistant.encoding import Vectors
    from assistant.settings import Settings

Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


def measure(work: Work) -> list[Row]:
    """The ratio of the two, from processes that take turns, and the speed of the whole."""
    found = compare(work.material.articles, work)
    whole = statistics.median(a["seconds"] for a, _ in found)
    beyond = statistics.median(a["seconds"] - a["embedding"] for a, _ in found)
    within = statistics.median(a["seconds"] / a["embedding"] for a, _ in found)
    articles, passages = found[0][0]["articles"], found[0][0]["passages"]
    rest = f"the same runs; {articles} articles, {passages} passages"
    how = f"file to found in Chroma; median of {len(found)} pairs of fresh processes, embedder warm"
    return [
        Row("adding / embedder alone", ratio(found), "x", how, at_most=1.15),
        Row("the same within one process", within, "x", "the same runs; over its own calls of the embedder"),
        Row("adding beyond the embedder", beyond, "s", "within one process; Chroma's import is in it"),
        Row("adding", whole, "s", rest),
        Row("articles added", articles / whole, "/s", rest),
        Row("passages added", passages / whole, "/s", rest),
    ]


def compare(file: Path, work: Work) -> Pairs:
    """What `whole` and `embedder_alone` give for a file, in processes that take turns."""
    often = work.repeats
    return pairs(
        lambda: call(work.folder, "adding", "whole", articles=str(file)),
        lambda: call(work.folder, "adding", "embedder_alone", articles=str(file)),
        often.pairs,
        often.more_pairs,
        often.pair_seconds,
    )


def ratio(found: Pairs) -> float:
    """The median of the seconds of the one over those of the other."""
    return median_ratio([(a["seconds"], b["seconds"]) for a, b in found])


def whole(articles: str) -> dict[str, Any]:
    """In a child: seconds from the file to an index that finds its first and its last passage."""
    from assistant.library import Library
    from assistant.loading import load
    from assistant.models import Article, Filters

    with tempfile.TemporaryDirectory(dir=".") as folder:
        settings, warm = _warm(Path(folder) / "library")
        embedder = Timed(warm)
        start = time.perf_counter()
        with Library.open(settings, embedder) as library:
            loaded = load([articles], settings=settings)
            added = library.add(item for item in loaded if isinstance(item, Article))
            stored = library.catalogue.vectors()
            for place in (0, -1):
                near, notices = library.nearest(stored.matrix[place], 1, Filters())
                if notices or near[0].cosine < 0.999:
                    raise MeasurementFailed("Chroma does not find a passage that was just added")
            seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "embedding": embedder.seconds,
        "articles": len(added.added),
        "passages": len(stored.ids),
    }


def embedder_alone(articles: str) -> dict[str, Any]:
    """In a child: seconds that the embedder takes for the same texts, in one call."""
    from assistant.loading import load
    from assistant.models import Article, Source
    from assistant.pipeline import embedding_text
    from assistant.splitting import split

    settings, embedder = _warm(Path("unused"))
    loaded = [item for item in load([articles], settings=settings) if isinstance(item, Article)]
    texts = [embedding_text(passage, Source.of(item)) for item in loaded for passage in split(item)]
    start = time.perf_counter()
    embedder.embed(texts, "passage")
    return {"seconds": time.perf_counter() - start, "passages": len(texts)}


class Timed:
    """An embedder that adds up how long its calls take."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.seconds = embedder, 0.0
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """See `Embedder.embed`."""
        start = time.perf_counter()
        found = self._embedder.embed(texts, kind)
        self.seconds += time.perf_counter() - start
        return found


def _warm(library: Path) -> tuple[Settings, Embedder]:
    """The settings of the defaults, and their embedder with its files read and its session used."""
    from assistant.embedding import make_embedder
    from assistant.settings import Settings

    settings = Settings(library=library)
    embedder = make_embedder(settings)
    for _ in range(3):
        embedder.embed(["A short text.", "A text that is longer than the short one. " * 9], "passage")
    return settings, embedder
