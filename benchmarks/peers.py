"""Side by side with what a user would build instead: the same articles, questions, machine and embedder.

The stacks take turns, and each turn starts with another one: a fresh process adds the articles to a new
store, a second one asks. The one stack with another embedder is the one with which tutorials begin: nothing
is chosen, so Chroma embeds with all-MiniLM-L6-v2.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.elsewhere import Elsewhere, NoPeers, peers
from benchmarks.measuring import MeasurementFailed, Row, child, given, quantile, run
from benchmarks.work import Work

STACKS = {
    "ours": "ours",
    "langchain": "LangChain",
    "llamaindex": "LlamaIndex",
    "haystack": "Haystack",
    "langchain_default": "LangChain, Chroma's embedder",
}
READS = {
    "ours": "up to 12 sources, 4 passages of each",
    "langchain": "its retriever's 4 passages",
    "llamaindex": "its retriever's 2 passages",
    "haystack": "its retriever's 10 passages",
    "langchain_default": "its retriever's 4 passages",
}
MOST = 48  # passages: what the assistant reads at most, 12 sources with 4 each
QUESTIONS = 100
PATIENCE = 1800.0  # seconds; one of the stacks pads every text to 256 tokens


@dataclass(frozen=True, slots=True)
class Turn:
    """One stack once: what its two processes gave, and the memory of the first in MB."""

    added: dict[str, Any]
    asked: dict[str, Any]
    peak: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return float(self.added["articles"]) / float(self.added["seconds"])


def measure(work: Work) -> list[Row]:
    """Adding, asking and memory of each stack, and how often it reads every account of an event."""
    try:
        place = peers()
    except NoPeers as why:
        return [Row("peers", None, "", f"{why}")]
    return rows(*turns(work, place))


def turns(work: Work, place: Elsewhere) -> tuple[dict[str, list[Turn]], dict[str, str]]:
    """Every stack `work.repeats.peers` times; and why those that cannot run here do not."""
    lacking = {"langchain_default": place.no_minilm} if place.no_minilm else {}
    names = [name for name in STACKS if name not in lacking]
    found: dict[str, list[Turn]] = {name: [] for name in names}
    for number in range(work.repeats.peers):
        for name in names[number:] + names[:number]:
            if name in lacking:
                continue
            try:
                found[name].append(_turn(name, work, place))
            except MeasurementFailed as error:
                if name == "ours":
                    raise
                lacking[name] = " ".join(str(error).split())[-200:]
    return {name: taken for name, taken in found.items() if name not in lacking}, lacking


def _turn(name: str, work: Work, place: Elsewhere) -> Turn:
    module, python = ("peers", sys.executable) if name == "ours" else ("stacks", place.python)
    variables = {} if name == "ours" else place.variables
    with tempfile.TemporaryDirectory(dir=work.folder) as folder:
        shared = {
            "name": name, "folder": folder, "events": str(work.material.folder),
            "threads": min(4, os.cpu_count() or 1),
        }  # fmt: skip
        questions = work.material.questions()[:QUESTIONS]
        added = run(child(module, "add", python, **shared), work.folder, also=variables, limit=PATIENCE)
        ask = child(module, "ask", python, **shared, questions=questions, most=MOST)
        asked = run(ask, work.folder, also=variables, limit=PATIENCE)
    return Turn(given(added), given(asked), added.peak)


def rows(found: dict[str, list[Turn]], lacking: dict[str, str]) -> list[Row]:
    """The table: one figure after the other, so that the stacks stand under each other."""
    often = f"median of {len(found['ours'])} turns"
    lines = [*_adding(found, often), *_asking(found, often)]
    lines += [Row(STACKS[name], None, "", why) for name, why in lacking.items()]
    default = "langchain_default"
    if default not in found:
        return lines
    ratio = statistics.median(a.rate / b.rate for a, b in zip(found["ours"], found[default], strict=True))
    beyond = found["ours"][0].asked["read"] - found[default][0].asked["read"]
    return [
        *lines,
        Row("ours / LangChain with Chroma's embedder", ratio, "x", f"articles/s, {often}", at_least=3.0),
        Row("share of events beyond it", beyond, "share", "all accounts read, ours less it", at_least=0.01),
    ]


def _adding(found: dict[str, list[Turn]], often: str) -> list[Row]:
    lines = []
    for name, taken in found.items():
        first = taken[0].added
        how = f"{first['articles']} articles, {first['passages']} passages, file to store, embedder warm"
        rate = statistics.median(turn.rate for turn in taken)
        lines.append(Row(f"articles added, {STACKS[name]}", rate, "/s", f"{how}; {often}"))
    for name, taken in found.items():
        peak = statistics.median(turn.peak for turn in taken)
        lines.append(Row(f"peak memory, {STACKS[name]}", peak, "MB", f"ru_maxrss of that process; {often}"))
    return lines


def _asking(found: dict[str, list[Turn]], often: str) -> list[Row]:
    lines = []
    for share, what in ((0.5, "half of the questions"), (0.95, "95 of 100 questions")):
        for name, taken in found.items():
            spent = statistics.median(quantile(turn.asked["seconds"], share) for turn in taken)
            how = f"{len(taken[0].asked['seconds'])} questions, warm, embedding included; {often}"
            lines.append(Row(f"{what}, {STACKS[name]}", 1000 * spent, "ms", how))
    for name, taken in found.items():
        how = f"{READS[name]}, as by default"
        lines.append(Row(f"all accounts read, {STACKS[name]}", taken[0].asked["read"], "share", how))
    for name, taken in found.items():
        if name != "ours":
            how = f"set to {MOST} passages, as many as ours reads"
            what = f"the same, {STACKS[name]}"
            lines.append(Row(what, taken[0].asked["most"], "share", how))
    return lines


def add(name: str, folder: str, events: str, threads: int) -> dict[str, Any]:  # noqa: ARG001
    """In a child: as `stacks.add`, for the assistant."""
    import chromadb  # noqa: F401  the others have imported their libraries too when their clock starts

    from assistant.embedding import LocalEmbedder
    from assistant.library import Library
    from assistant.loading import load
    from assistant.models import Article
    from assistant.settings import Settings
    from benchmarks.material import Material

    settings = Settings(library=Path(folder), threads=threads)
    embedder = LocalEmbedder(threads=threads)
    for _ in range(3):
        embedder.embed(["A short text.", "A text that is longer than the short one. " * 9], "passage")
    start = time.perf_counter()
    file = Material(Path(events), invented=False).articles
    with Library.open(settings, embedder) as library:
        loaded = load([file], settings=settings)
        added = library.add(item for item in loaded if isinstance(item, Article))
        passages = library.catalogue.count()
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "articles": len(added.added), "passages": passages}


def ask(
    name: str,  # noqa: ARG001
    folder: str,
    events: str,
    threads: int,
    questions: list[str],
    most: int,
) -> dict[str, Any]:
    """In a child: as `stacks.ask`, for the assistant, which has no number of passages to set."""
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.retrieval import retrieve
    from assistant.settings import Settings
    from benchmarks.material import Material
    from benchmarks.retrieving import ids
    from benchmarks.stacks import answers

    settings, material = Settings(library=Path(folder), threads=threads), Material(Path(events), False)
    ours = {found: key for key, found in ids(material, settings)}
    with Library.open(settings) as library:

        def read(question: str, _: int | None) -> list[str]:
            return [ours.get(item.article.id, "") for item in retrieve(library, question, Filters()).readings]

        return answers(read, material.queries(), questions, most)
