"""No file, however small, holds the intake for long or fills the memory: each ends in a clear refusal.

The files are of a size that the suite can make in seconds; those of full size (a gigabyte of zeros in a
PDF, 2 GB in one quoted cell) come to the same ends, since nothing is read past the limits.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bombs import BOMBS
from tests.conftest import ROOT

SECONDS = 2.0  # of the parser's, which by default has 8
MOST_MEGABYTES = 500  # of both processes together

# What each is told; where the machine's speed decides which limit is met first, any will do.
TOLD = {
    "nested.zip": "archive inside an archive",
    "overlapping.zip": "share the same bytes",
    "ratio.zip": "more than 100 times its size",
    "many.zip": "more than 10,000 files",
    "lying.zip": "it is damaged",
    "text.zip": "more than 2,000,000 characters",
    "laughs.docx": "declares a document type",
    "deep.eml": "more than 1,000 parts",
    "parts.eml": "more than 1,000 parts",
    "carrier.eml": "more than 100 times its size",
    "table.csv.gz": "never closed",
    "blank.jsonl.gz": "lines in a row are empty",
    "values.json": "more than 2,000,000 values",
    "emoji.txt": "more than 2,000,000 characters",
    "long.md": "more than 10 MB",
    "flat.html": "more than 5 MB",
    "recursive.pdf": "damaged",
}
HARMLESS = {"header.eml"}  # an article after all


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each file, read one after the other by one process, as `add` would."""
    folder: Path = tmp_path_factory.mktemp("bombs")
    for name, make in BOMBS.items():
        (folder / name).write_bytes(make())
    command = [sys.executable, "-m", "tests.bombs", str(folder), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_clear_refusal_in_time(name: str, ends: dict[str, dict[str, Any]]) -> None:
    found = ends[name]
    assert found["seconds"] < 10
    if name not in HARMLESS:
        assert all(said for said in found["said"]), "no part of it became an article"
        assert TOLD.get(name, "") in found["said"][0]
        assert all(said.endswith(".") for said in found["said"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to the limit, and counts in kilobytes")
def test_the_memory_of_all_of_them_stays_below_500_mb(ends: dict[str, dict[str, Any]]) -> None:
    worst = max(ends.values(), key=lambda found: sum(found["peaks"]))
    assert sum(worst["peaks"]) / 1024 < MOST_MEGABYTES, worst["name"]
