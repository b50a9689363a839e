"""Labelled data on disk: one JSON object a line, with errors that name the line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import AssistantError

Metrics = dict[str, float | int]


class EvaluationError(AssistantError):
    """The data of a suite is missing or not in its format."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file. Raises EvaluationError."""
    return (record for _, record in records(path))


def records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file, each with the name of its line. Raises EvaluationError."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as given:
            for number, line in enumerate(given, 1):
                if line.strip():
                    place = f"{path.name} line {number}"
                    yield place, _record(line, place)
    except (OSError, EOFError, zlib.error) as error:
        raise EvaluationError(f"{path.name} cannot be read: {error}. Get a fresh copy.") from None


def _record(line: bytes, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise EvaluationError(f"{place} is not JSON: {error}. Mend the line.") from None
    if not isinstance(record, dict):
        raise EvaluationError(f"{place} is no object. Mend the line.")
    return record


def mean(values: Sequence[Any]) -> float:
    """The mean to four places; 0 where there is nothing."""
    return round(float(np.mean(values)), 4) if values else 0.0
