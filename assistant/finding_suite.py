"""The suite `finding`: what a set of evidence comes to, against a person's finding."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from assistant.accounts import compare
from assistant.attribution import spoken, spoken_in
from assistant.evidence import Asked, Evidence
from assistant.judge_suite import f1_by_class
from assistant.judging import Judge
from assistant.models import Article, Finding, Progress
from assistant.records import EvaluationError, Metrics, mean, records
from assistant.retrieval import Hit, Reading
from assistant.ruling import make_judge
from assistant.settings import Settings
from assistant.splitting import split
from assistant.text import sentences

_NOT_SPLIT = 1.0  # the score of every sentence: a person has chosen the evidence already


def finding(
    path: Path, settings: Settings, progress: Callable[[Progress], None], judge: Judge | None = None
) -> Metrics:
    """Findings against a person's, by the rules of `findings` over voices judged by `judge`.

    A line of `path` is {claim, evidence: [{text, source}], label}; the label is a finding, and texts of one
    source are one article, in which every sentence is evidence. Gives accuracy; macro_f1, the mean of the
    F1 of the findings that the file has; f1_<finding>; claims; claims_per_s.
    Raises EvaluationError, which names the line and the field, and JudgeError.
    """
    cases = [_case(record, place) for place, record in records(path)]
    if not cases:
        raise EvaluationError(
            f"{path.name} holds no claims. Write one object with claim and evidence a line."
        )
    chosen = judge or make_judge(settings)
    given: list[str] = []
    start = time.perf_counter()
    for number, (claim, articles, _) in enumerate(cases, 1):
        asked = [_asked(article) for article in articles]
        given.append(compare(asked, claim, judge=chosen).decision.finding or "not_enough_evidence")
        progress(Progress("finding", number, len(cases)))
    seconds = time.perf_counter() - start
    gold = [label for *_, label in cases]
    f1 = f1_by_class(gold, given)
    return {
        "accuracy": mean([a == b for a, b in zip(gold, given, strict=True)]),
        "macro_f1": mean(list(f1.values())),
        **{f"f1_{label}": round(value, 4) for label, value in f1.items()},
        "claims": len(cases),
        "claims_per_s": round(len(cases) / max(seconds, 1e-9), 1),
    }


def _asked(article: Article) -> Asked:
    """An article with each of its sentences as evidence."""
    passages = split(article)
    said = spoken(article.text, article.language)
    found = [
        Evidence(article, passage, *span, _NOT_SPLIT, spoken_in(said, span))
        for passage in passages
        for span in sentences(article.text, article.language, (passage.start, passage.end))
    ]
    return Asked(Reading(article, tuple(Hit(item, 1.0, 1.0) for item in passages)), tuple(found))


def _case(record: Mapping[str, Any], place: str) -> tuple[str, list[Article], str]:
    """The claim, the articles and the label of a line. Raises EvaluationError."""

    def wrong(name: str, wanted: str) -> EvaluationError:
        return EvaluationError(f"{place}: {name!r} is not {wanted}. Mend the line.")

    claim, evidence, label = record.get("claim"), record.get("evidence"), record.get("label")
    if not isinstance(claim, str) or not claim.strip():
        raise wrong("claim", "a text")
    if label not in get_args(Finding):
        raise wrong("label", f"one of {', '.join(get_args(Finding))}")
    if not isinstance(evidence, list):
        raise wrong("evidence", "a list of objects with a text and a source")
    texts: dict[str, list[str]] = {}
    for item in evidence:
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            raise wrong("evidence", "a list of objects with a text and a source")
        if item["text"].strip():
            texts.setdefault(str(item.get("source") or len(texts)), []).append(item["text"].strip())
    return claim.strip(), [_article(source, parts) for source, parts in texts.items()], str(label)


def _article(source: str, parts: Sequence[str]) -> Article:
    return Article(source, "", "\n\n".join(parts), source, language="en")
