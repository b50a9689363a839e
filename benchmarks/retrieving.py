"""Retrieval: how often all accounts of an event are found, beside the four passages of a stock chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.material import Material
from benchmarks.measuring import Row, assistant_command, call, run
from benchmarks.work import Work

if TYPE_CHECKING:
    from assistant.settings import Settings

STOCK = 4  # passages that a LangChain retriever over Chroma gives when nothing is set


def measure(work: Work) -> list[Row]:
    """The metrics of `evaluate retrieval`; then both ways on the shared library."""
    evaluate = assistant_command("evaluate", "retrieval", str(work.material.folder), "--json")
    metrics = json.loads(run(evaluate, work.folder).out)
    found = call(work.folder, "retrieving", "read", library=work.stocked(), folder=str(work.material.folder))
    command = "`news-assistant evaluate retrieval`"
    return [
        Row("all sources among the first 3", metrics["all_sources@3"], "share", command),
        Row("all sources among the first 10", metrics["all_sources@10"], "share", command, at_least=0.98),
        Row("recall@5", metrics["recall@5"], "share", command),
        Row("recall@10", metrics["recall@10"], "share", command),
        Row("all sources read for an answer", found["read"], "share", "among the sources that `ask` reads"),
        Row(
            "stock: all sources in the top 4", found["stock"], "share",
            f"first {STOCK} passages by Chroma's vectors alone, same embedder and passages",
        ),
    ]  # fmt: skip


def read(library: str, folder: str) -> dict[str, float]:
    """In a child: the share of events of which every account is read, both ways."""
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.retrieval import retrieve
    from assistant.settings import Settings

    settings = Settings(library=Path(library))
    material = Material(Path(folder), invented=False)
    known = dict(ids(material, settings))
    ours, stock, queries = 0, 0, material.queries()
    with Library.open(settings) as opened:
        for item in queries:
            gold = {known[str(key)] for key in item["gold"] if str(key) in known}
            retrieved = retrieve(opened, item["query"], Filters())
            near, _ = opened.nearest(retrieved.query.vector, STOCK, Filters())
            passages = opened.catalogue.passages(found.passage for found in near)
            ours += gold <= {reading.article.id for reading in retrieved.readings}
            stock += gold <= {passage.article for passage in passages.values()}
    return {"read": ours / len(queries), "stock": stock / len(queries)}


def ids(material: Material, settings: Settings) -> list[tuple[str, str]]:
    """Each record's id and the library's; loading gives one article or one refusal for each, in order."""
    from assistant.loading import load
    from assistant.models import Article

    loaded = load([material.articles], settings=settings)
    pairs = zip(material.records(), loaded, strict=True)
    return [(str(record["id"]), item.id) for record, item in pairs if isinstance(item, Article)]
