"""Progress in words: what is done, how fast, and how long it still takes."""

from __future__ import annotations

import io

import pytest

from assistant.models import Progress
from assistant.progress import CLEAR, Pace, Reporter, describe, duration, speed


class Terminal(io.StringIO):
    """A stream that says that a person reads it."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def embedding(pace: Pace, speeds: list[tuple[float, float]], jump: int = 64) -> list[tuple[float, float]]:
    """The rates told while passages are embedded at `speeds`: so many a second for so many seconds."""
    told, now, exact = [], 0.0, 0.0
    for rate, seconds in speeds:
        for _ in range(round(seconds / 0.2)):
            now, exact = now + 0.2, exact + 0.2 * rate
            pace.note(Progress("embedding", int(exact // jump) * jump, 100_000), now)
            if (found := pace.rate(now)) is not None:
                told.append((now, found))
    return told


def test_a_rate_is_steady_although_work_comes_in_jumps() -> None:
    told = [rate for now, rate in embedding(Pace(), [(41, 120)]) if now > 6]
    assert told and all(abs(rate - 41) < 0.08 * 41 for rate in told)
    assert len({speed(rate) for rate in told[-100:]}) <= 4


def test_a_rate_is_of_the_last_seconds_and_not_of_the_whole_run() -> None:
    told = dict(embedding(Pace(), [(200, 60), (20, 40)]))
    assert abs(min(told.items(), key=lambda item: abs(item[0] - 59))[1] - 200) < 20
    assert 18 < min(told.items(), key=lambda item: abs(item[0] - 99))[1] < 24


def test_a_rate_falls_where_nothing_comes_any_more() -> None:
    told = [rate for _, rate in embedding(Pace(), [(40, 40), (0.001, 60)])]
    assert told[-1] < 0.3 * max(told)


def test_a_new_step_begins_without_a_rate() -> None:
    pace = Pace()
    embedding(pace, [(40, 30)])
    pace.note(Progress("reading", 5, 0), 40)
    assert pace.rate(40) is None


@pytest.mark.parametrize(
    ("progress", "rate", "words"),
    [
        (
            Progress("embedding", 768, 1702),
            41.3,
            "Embedding: 768 of 1,702 passages, 41 a second, about 23 s left",
        ),
        (Progress("embedding", 768, 1702), None, "Embedding: 768 of 1,702 passages"),
        (Progress("reading", 1, 0), None, "Reading: 1 article"),
        (Progress("reading", 6259, 0), 1234.0, "Reading: 6,259 articles, 1,200 a second"),
        (Progress("finding", 1, 2), 0.3, "Finding: 1 of 2 items, 18 a minute, about 3 s left"),
        (Progress("waiting for another program", 0, 0), None, "Waiting for another program"),
    ],
)  # fmt: skip
def test_a_step_in_words(progress: Progress, rate: float | None, words: str) -> None:
    assert describe(progress, rate) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (89.4, "89 s"), (91, "2 min"), (150, "2 min"), (5_399, "90 min"), (5_401, "1.5 h"),
     (9_000, "2.5 h"), (100_000, "28 h")],
)  # fmt: skip
def test_a_time_in_the_unit_that_a_reader_counts_in(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_terminal_has_a_bar_within_its_row_and_a_log_has_none(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal, log, clock = Terminal(), io.StringIO(), Clock()
    reporters = Reporter(terminal, clock), Reporter(log, clock)
    for second in [*range(31), 30]:  # the end is told twice
        clock.now += 1
        for reporter in reporters:
            reporter(Progress("embedding", 40 * second, 1200))
    rows = terminal.getvalue().rstrip("\n").split(CLEAR)[1:]
    assert max(map(len, rows)) < columns and rows[-1] == "Embedding: 1,200 of 1,200 passages"
    assert any(row.startswith("[###") for row in rows) == (columns >= 80)
    if columns == 200:
        assert rows[14].startswith(
            f"[{'#' * 15}{'-' * 15}] Embedding: 600 of 1,200 passages, 40 a second, about 15"
        )
    lines = log.getvalue().splitlines()
    assert len(lines) == 6 and all(line.startswith("Embedding") for line in lines)
    assert lines[0] == "Embedding: 200 of 1,200 passages, 40 a second, about 25 s left"
