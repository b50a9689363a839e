"""Metrics over labelled data: one function for each suite, each giving one flat object of numbers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from assistant.attribution_suite import attribution
from assistant.extraction_suite import extraction
from assistant.finding_suite import finding
from assistant.grouping_suite import grouping
from assistant.judge_suite import judging
from assistant.library import Library
from assistant.loading import load
from assistant.models import ACCEPTED, Article, Filters, Progress, QuoteStatus
from assistant.proof import Text, prove_quote
from assistant.records import EvaluationError, Metrics, lines, mean, records
from assistant.retrieval import make_query, rank
from assistant.settings import Settings

CUTS = (1, 5, 10, 20)


def run(suite: str, path: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:
    """The metrics of `suite` over `path`. Raises EvaluationError."""
    suites = {
        "attribution": attribution,
        "extraction": extraction,
        "finding": finding,
        "grouping": grouping,
        "judge": judging,
        "quotes": quotes,
        "retrieval": retrieval,
    }
    if suite not in suites:
        raise EvaluationError(f"There is no suite {suite!r}. The suites are: {', '.join(sorted(suites))}.")
    return suites[suite](path, settings, progress)


def quotes(path: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:  # noqa: ARG001
    """Statuses of quotations against a person's.

    A line of `path` is {quote, sources: [{id, text}], claimed_source, speaker, status}; the claimed source
    and the speaker may be null or left out. Gives false_accepts (accepted here and not by the person) and
    false_rejects (the reverse), as counts; accuracy (share of the same status); cases; for each status of
    the person's count, right and accepted; and the milliseconds of one quotation, ms_p50 and ms_max.
    """
    statuses: tuple[QuoteStatus, ...] = get_args(QuoteStatus)
    outcomes: list[tuple[str, str]] = []
    times: list[float] = []
    for place, record in records(path):
        case = _quote_case(record, place)
        start = time.perf_counter()
        found = prove_quote(case.quote, case.sources, case.claimed, case.speaker)
        times.append((time.perf_counter() - start) * 1000)
        outcomes.append((case.status, found.status))
    if not outcomes:
        raise EvaluationError(f"{path.name} holds no cases. Write one object with quote and status a line.")
    metrics: Metrics = {
        "false_accepts": sum(gold not in ACCEPTED and given in ACCEPTED for gold, given in outcomes),
        "false_rejects": sum(gold in ACCEPTED and given not in ACCEPTED for gold, given in outcomes),
        "accuracy": mean([gold == given for gold, given in outcomes]),
        "cases": len(outcomes),
    }
    for status in statuses:
        of_it = [given for gold, given in outcomes if gold == status]
        metrics[f"{status}.count"] = len(of_it)
        metrics[f"{status}.right"] = of_it.count(status)
        metrics[f"{status}.accepted"] = sum(given in ACCEPTED for given in of_it)
    times.sort()
    return metrics | {"ms_p50": round(times[len(times) // 2], 3), "ms_max": round(times[-1], 3)}


@dataclass(frozen=True, slots=True)
class _QuoteCase:
    quote: str
    sources: list[Text]
    claimed: str | None
    speaker: str | None
    status: QuoteStatus


def _quote_case(record: Mapping[str, Any], place: str) -> _QuoteCase:
    """The case that a line holds. Raises EvaluationError, which names the line and the field."""

    def wrong(name: str, wanted: str) -> EvaluationError:
        return EvaluationError(f"{place}: {name!r} is not {wanted}. Mend the line.")

    sources, given = record.get("sources"), record.get("status")
    if not isinstance(record.get("quote"), str):
        raise wrong("quote", "a text")
    if not isinstance(sources, list) or not sources:
        raise wrong("sources", "a list with one object or more")
    for source in sources:
        if not isinstance(source, dict) or not isinstance(source.get("text"), str):
            raise wrong("sources", "a list of objects with an id and a text")
        if not isinstance(source.get("id"), str | int):
            raise wrong("sources", "a list of objects with an id and a text")
    status = next((known for known in get_args(QuoteStatus) if known == given), None)
    if status is None:
        raise wrong("status", f"one of {', '.join(get_args(QuoteStatus))}")
    claimed, speaker = record.get("claimed_source"), record.get("speaker")
    if not isinstance(claimed, str | int | None):
        raise wrong("claimed_source", "the id of a source, or null")
    if not isinstance(speaker, str | None):
        raise wrong("speaker", "a name, or null")
    texts = [Text(str(source["id"]), source["text"]) for source in sources]
    return _QuoteCase(record["quote"], texts, None if claimed is None else str(claimed), speaker, status)


def retrieval(folder: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:
    """Ranking of articles for queries, over a library made for it and thrown away.

    `folder` holds articles.jsonl[.gz] with {id, outlet, title, url, date, text} and queries.jsonl with
    {query, gold: [id]}. Gives recall@1/5/10/20 (mean share of the gold articles among the first k),
    all_sources@3 and @10 (share of queries with every gold article among the first k), mrr (of the
    first gold article), articles_per_s of adding, and query_ms.
    """
    articles, queries = _find(folder, "articles.jsonl"), _queries(_find(folder, "queries.jsonl"))
    with tempfile.TemporaryDirectory() as temporary:
        own = settings.in_folder(Path(temporary) / "library")
        with Library.open(own) as library:
            ids = _article_ids(articles, own)
            if not ids:
                raise EvaluationError(
                    f"No article of {articles.name} can be read; `add` says why, one by one."
                )
            library.embedder.embed(["warm"], "query")
            start = time.perf_counter()
            library.add(
                (item for item in load([articles], settings=own) if isinstance(item, Article)), progress
            )
            seconds = time.perf_counter() - start
            ranks, times = _ranks(library, queries, ids)
            count = len(library.entries())
    return _ranking_metrics(ranks) | {
        "queries": len(ranks),
        "articles": count,
        "articles_per_s": round(count / seconds, 2),
        "query_ms_p50": round(float(np.quantile(times, 0.5)) * 1000, 1),
        "query_ms_p95": round(float(np.quantile(times, 0.95)) * 1000, 1),
    }


def _ranks(
    library: Library, queries: Sequence[dict[str, Any]], ids: dict[str, str]
) -> tuple[list[list[int]], list[float]]:
    """For each query the ranks of its gold articles, from 1; and the seconds that each took."""
    ranks: list[list[int]] = []
    times: list[float] = []
    rank(library, make_query(library, "warm"), Filters())
    for item in queries:
        start = time.perf_counter()
        order = [found.article for found in rank(library, make_query(library, item["query"]), Filters())]
        times.append(time.perf_counter() - start)
        place = {article: position for position, article in enumerate(order, 1)}
        ranks.append([place.get(ids.get(str(gold), ""), 10**9) for gold in item["gold"]])
    return ranks, times


def _ranking_metrics(ranks: Sequence[Sequence[int]]) -> Metrics:
    metrics: Metrics = {}
    for cut in CUTS:
        metrics[f"recall@{cut}"] = mean([np.mean([place <= cut for place in places]) for places in ranks])
    for cut in (3, 10):
        metrics[f"all_sources@{cut}"] = mean([max(places) <= cut for places in ranks])
    metrics["mrr"] = mean([1 / min(places) for places in ranks])
    return metrics


def _article_ids(articles: Path, settings: Settings) -> dict[str, str]:
    """From the ids of the file to those of the library; records that are refused are left out."""
    loaded = load([articles], settings=settings)  # gives one article or one refusal for each record
    pairs = zip(lines(articles), loaded, strict=False)
    return {str(record.get("id")): item.id for record, item in pairs if isinstance(item, Article)}


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    raise EvaluationError(f"{folder} holds no {name} and no {name}.gz. Name the folder that holds it.")


def _queries(path: Path) -> list[dict[str, Any]]:
    found = list(lines(path))
    if not found:
        raise EvaluationError(f"{path.name} holds no queries. Write one object with query and gold a line.")
    for number, item in enumerate(found, 1):
        gold = item.get("gold")
        if not isinstance(item.get("query"), str) or not isinstance(gold, list) or not gold:
            raise EvaluationError(
                f"{path.name}: object {number} lacks its query or its gold, a list of ids. Mend it."
            )
    return found
