"""Disk: what a library takes for each passage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from benchmarks.measuring import Row
from benchmarks.work import Work


def measure(work: Work) -> list[Row]:
    """The shared library."""
    return rows(Path(work.stocked()))


def rows(library: Path) -> list[Row]:
    """Bytes of the catalogue (texts, words and vectors) and of Chroma's folder, by passage."""
    with closing(sqlite3.connect(library / "catalogue.sqlite3")) as catalogue:
        passages = int(catalogue.execute("SELECT count(*) FROM passages").fetchone()[0])
    how = f"the closed library over its {passages} passages"
    catalogue_files, chroma_files = library.glob("catalogue.sqlite3*"), (library / "chroma").rglob("*")
    return [
        Row("catalogue on disk", _kilobytes(catalogue_files) / passages, "kB/passage", how),
        Row("Chroma on disk", _kilobytes(chroma_files) / passages, "kB/passage", how),
    ]


def _kilobytes(paths: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1000
