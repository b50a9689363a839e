"""How retrieval grows with a library: 1,000, 10,000 and 100,000 passages, and a million when asked for.

One library grows from size to size (`growing`), and a fresh process measures it at each.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import growing
from benchmarks.material import BULK
from benchmarks.measuring import Row, assistant_command, call, child, given, quantile, run
from benchmarks.work import Work

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SAMPLE = 2_000  # passages that are embedded where no library is named
QUESTIONS, WARM = 100, 10
LONG = 4 * 3600.0  # seconds; a million passages take their time
NEIGHBOURS = 10


def measure(work: Work) -> list[Row]:
    """Times, memory and growth at each size; what Chroma finds; the start of `ask` on the largest."""
    source, library = str(work.folder / "source"), str(work.folder / "grown")
    if work.scale.library is not None:
        growing.copy(work.scale.library, Path(source))
    else:
        file = str(BULK if BULK.exists() else work.material.articles)
        run(child("growing", "sample", file=file, library=source, passages=SAMPLE), work.folder)
    questions = call(work.folder, "scaling", "questions", source=source, titles=_titles(work))
    sizes = [size for size in SIZES if size <= work.scale.most] or [work.scale.most]
    rows: list[Row] = []
    following, before = 0, None
    for size in sizes:
        grow = child("growing", "grow", source=source, library=library, first=following, passages=size)
        ended = run(grow, work.folder, limit=LONG)
        following = given(ended)["next"]
        found, recalled = (
            given(run(child("scaling", name, library=library, questions=questions), work.folder, limit=LONG))
            for name in ("times", "recall")
        )
        found["recall"] = recalled
        rows += _rows(found, size)
        rows += _growth(found, before)
        before = found
    return [*rows, _start(work, library, questions[0], sizes[-1])]


def _titles(work: Work) -> list[str]:
    return work.material.questions()[: QUESTIONS // 2]


def _rows(found: dict[str, Any], size: int) -> list[Row]:
    spent, held = [1000 * seconds for seconds in found["seconds"]], found["passages"]
    how = f"{held} passages of {found['articles']} articles; {len(spent)} questions, warm"
    target = 50.0 if size == 100_000 else None
    return [
        Row(f"half of the questions, {size}", quantile(spent, 0.5), "ms", how),
        Row(f"95 of 100, {size}", quantile(spent, 0.95), "ms", "the same questions", at_most=target),
        Row(f"the first question, {size}", 1000 * found["first"], "ms", "Chroma opened, embedder read"),
        Row(f"memory of that process, {size}", found["resident"], "MB", "resident, after the questions"),
        Row(
            f"recall@{NEIGHBOURS} of Chroma, {size}", found["recall"], "share", "beside exact search of all",
        ),
    ]  # fmt: skip


def _growth(found: dict[str, Any], before: dict[str, Any] | None) -> list[Row]:
    if before is None:
        return []
    rows = []
    for what, share in (("half of the questions", 0.5), ("95 of 100", 0.95)):
        ratio = quantile(found["seconds"], share) / quantile(before["seconds"], share)
        more = found["passages"] / before["passages"]
        rows.append(Row(f"growth, {what}", ratio, "x", f"for {more:.1f} times as many passages"))
    return rows


def _start(work: Work, library: str, question: str, size: int) -> Row:
    ask = assistant_command("--library", library, "ask", question, "--engine", "extractive")
    found = [run(ask, work.folder, allowed=(0, 3)).seconds for _ in range(work.repeats.cold)]
    how = f"whole process, median of {len(found)}; the files are in the system's cache"
    return Row(f"news-assistant ask, {size}", statistics.median(found), "s", how)


def questions(source: str, titles: list[str]) -> list[str]:
    """In a child: event titles as questions, and headlines that the library has, each among them once."""
    from assistant.library import Library
    from assistant.settings import Settings

    with Library.open(Settings(library=Path(source))) as library:
        entries = library.entries()
    step = max(1, len(entries) // (QUESTIONS + WARM))
    headlines = [entry.source.title for entry in entries[::step]]
    return list(dict.fromkeys([*titles, *headlines]))[: QUESTIONS + WARM]


def times(library: str, questions: list[str]) -> dict[str, Any]:
    """In a child: seconds of each question after the first `WARM`, and megabytes resident then."""
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.retrieval import retrieve
    from assistant.settings import Settings

    seconds = []
    with Library.open(Settings(library=Path(library))) as opened:
        for question in [*questions[-WARM:], *questions[:-WARM]]:
            start = time.perf_counter()
            retrieve(opened, question, Filters())
            seconds.append(time.perf_counter() - start)
        resident = _resident()
        held, articles = opened.catalogue.count(), len(opened.scope(Filters()))
    return {
        "first": seconds[0],
        "seconds": seconds[min(WARM, len(seconds) - 1) :],
        "resident": resident,
        "passages": held,
        "articles": articles,
    }


def _resident() -> float:
    """Megabytes of this process; the most that it held where there is no /proc."""
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    except OSError:
        import resource

        unit = 1e6 if sys.platform == "darwin" else 1e3 / 1.024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1.024 / 1e3


def recall(library: str, questions: list[str]) -> float:
    """In a child: of the nearest passages by exact search, the share that Chroma finds.

    Passages as near as the last of them count as well: copies have equal vectors.
    """
    import numpy as np

    from assistant.library import Library
    from assistant.models import Filters
    from assistant.settings import Settings

    shares = []
    with Library.open(Settings(library=Path(library))) as opened:
        held = opened.catalogue.vectors()
        for vector in opened.embedder.embed(questions, "query"):
            cosines = held.matrix @ vector
            most = min(NEIGHBOURS, len(cosines))
            least = float(np.partition(cosines, -most)[-most]) - 1e-6
            near, notices = opened.nearest(vector, most, Filters())
            if notices:
                raise RuntimeError(notices[0].text)
            shares.append(sum(found.cosine >= least for found in near) / most)
    return statistics.mean(shares)
