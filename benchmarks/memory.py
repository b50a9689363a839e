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
        *rows("add", work.added),
        Row(
            "time of that add",
            work.added.seconds,
            "s",
            "the whole command, from the shell and back",
        ),
        *rows("ask", asked),
    ]


def rows(name: str, ended: Run, at_most: float | None = None) -> list[Row]:
    """The peak of a command that was sampled, and how much of it the system could have dropped."""
    how = f"ru_maxrss of one `news-assistant {name}`"
    lines = [Row(f"peak memory, {name}", ended.peak, "MB", how, at_most=at_most)]
    if ended.mapped is not None:
        how = "pages of files, which the system can drop, when it was largest"
        lines.append(Row(f"of it mapped files, {name}", ended.mapped, "MB", how))
    return lines
