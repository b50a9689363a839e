"""A whole collection through `news-assistant add`: rate, time beside the embedder's own, memory, disk.

The file is the bulk set beside the checkout, which takes most of an hour, so this runs only when it is asked
for: `--only bulk`, with `--articles N` for its first N articles.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import adding, disk, memory
from benchmarks.material import BULK, write_records
from benchmarks.measuring import MeasurementFailed, Row, child, given, run
from benchmarks.work import Work

SAMPLE = 120  # articles of the pairs of processes
LONG = 4 * 3600.0  # seconds


def measure(work: Work) -> list[Row]:
    """The whole file once; then pairs of processes on its first articles."""
    file = BULK if BULK.exists() else work.material.articles
    if work.scale.articles is not None:
        file = write_records(file, work.folder / "bulk.jsonl", work.scale.articles)
    library = work.folder / "bulk"
    ended = run(
        child("bulk", "command", file=str(file), library=str(library)), work.folder, sample=True, limit=LONG
    )
    found = given(ended)
    sample = write_records(file, work.folder / "sample.jsonl", SAMPLE)
    compared = adding.compare(sample, work)
    articles, passages = found["articles"], found["passages"]
    how = f"{articles} articles, {passages} passages, the command from its start to its end"
    within = "over what its own calls of the embedder took"
    pairs = f"{compared[0][0]['articles']} of the articles; median of {len(compared)} pairs of processes"
    return [
        Row("articles added", articles / ended.seconds, "/s", how),
        Row("passages added", passages / ended.seconds, "/s", how),
        Row(
            "time of that add",
            ended.seconds,
            "s",
            "some were refused" if found["refused"] else "none refused",
        ),
        Row("end to end / the embedder", found["seconds"] / found["embedding"], "x", within, at_most=1.10),
        Row("the same, by pairs", adding.ratio(compared), "x", pairs, at_most=1.10),
        *memory.rows("add", ended, at_most=900.0),
        *disk.rows(library),
    ]


def command(file: str, library: str) -> dict[str, Any]:
    """In a child: `news-assistant add` with a clock around each call of its embedder."""
    from assistant import cli
    from assistant import library as module
    from assistant.embedding import Embedder
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.settings import Settings

    real, made = vars(module)["make_embedder"], []

    def make(settings: Settings) -> Embedder:
        made.append(adding.Timed(real(settings)))
        return made[-1]

    vars(module)["make_embedder"] = make
    sys.argv = ["news-assistant", "--library", library, "add", file]
    start, status = time.perf_counter(), 0
    try:
        cli.main()
    except SystemExit as left:
        status = int(left.code or 0)
    seconds = time.perf_counter() - start
    if status not in (0, 4):  # 4: some articles were refused
        raise MeasurementFailed(f"`news-assistant add` ended with status {status}")
    with Library.open(Settings(library=Path(library))) as opened:
        articles, passages = len(opened.scope(Filters())), opened.catalogue.count()
    return {
        "seconds": seconds,
        "embedding": sum(embedder.seconds for embedder in made),
        "articles": articles,
        "passages": passages,
        "refused": status == 4,
    }
