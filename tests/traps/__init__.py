"""The trap set for `evaluate quotes`: quotations that must not pass, and noise that must.

`python -m tests.traps` writes quotes.jsonl anew from corpus/ and from the files here. To add a case,
write it into one of the Markdown files; to add a kind that a rule can make, write it into made.py.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tests.traps import made
from tests.traps.table import FOLDER, Case, reports, written

__all__ = ["FILE", "Case", "cases", "serialised"]

FILE = FOLDER / "quotes.jsonl"
WRITTEN = ("passed.md", "words.md", "joined.md", "mouths.md", "abroad.md", "interview.md", "second.md")


def cases() -> Iterator[Case]:
    """Every case of the set, the same in every run."""
    articles, invented = made.library(), reports()
    for name in WRITTEN:
        yield from written(name, articles | invented)
    for rule in (made.noisy, made.copied, made.spoiled, made.sewn):
        yield from rule(articles, random.Random(f"traps {rule.__name__}"))


def serialised() -> str:
    """What quotes.jsonl holds."""
    return "".join(f"{json.dumps(case.record(), ensure_ascii=False)}\n" for case in cases())
