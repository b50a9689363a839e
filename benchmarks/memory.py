"""Memory: the most that a whole command holds at once."""

from __future__ import annotations

from benchmarks.measuring import Row, Run, assistant_command, run
from benchmarks.work import Work


def measure(work: Work) -> list[Row]:
    """Peak resident memory of `news-assistant add` and of `news-assistant ask`."""
    library, question = work.stocked(), work.material.questions()[0]
    ask = assistant_command("--library", library, "ask", question, "--engine", "extractive")
    asked = run(ask, work.folder, allowed=(0, 3), sample=True)
    return [
        *_rows("add", work.added),
        Row(
            "time of that add",
            work.added.seconds,
            "s",
            "the whole command, from the shell and back",
        ),
        *_rows("ask", asked),
    ]


def _rows(name: str, ended: Run) -> list[Row]:
    rows = [Row(f"peak memory, {name}", ended.peak, "MB", f"ru_maxrss of one `news-assistant {name}`")]
    if ended.mapped is not None:
        how = "pages of files, which the system can drop, when it was largest"
        rows.append(Row(f"of it mapped files, {name}", ended.mapped, "MB", how))
    return rows
