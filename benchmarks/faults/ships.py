"""Invented articles for the faults: short, all different, and every twelfth of three passages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

QUESTION = "Which ship came into harbour 3 with 221 crates?"
LONG = 12  # one article in so many has three passages

_GOODS = ("rope", "lamps", "flour", "clocks", "tiles", "apples", "paper")
_PEOPLE = ("Ada Wren", "Jonas Pell", "Mira Kost", "Tom Ashby", "Lena Voss")

_MORE = (
    (
        "The crates of ship {n} hold {goods}, said {person}, who met it at the quay of harbour {harbour} "
        "in the morning and counted {crates} of them twice before anybody else came."
    ),
    (
        "The office of harbour {harbour} asked ship {n} for its papers at noon, and {person} had to wait "
        "until they were found under the {goods}. They name {papers} crates, fewer than were counted, and "
        "the office has not said yet which of the two numbers it takes for ship {n}."
    ),
    (
        "Ship {n} left at night without its {goods}. According to {person} it will be back within {days} "
        "days for the {crates} crates, unless the office of harbour {harbour} keeps all of them until the "
        "papers of ship {n} are written again by somebody who can count."
    ),
)


def article(number: int) -> dict[str, str]:
    """The record of one article; no two numbers share a sentence."""
    parts = [f"Ship {number} came into harbour {number % 7} with {number * 13} crates."]
    if number % LONG == 0:
        facts = {
            "n": number, "harbour": number % 7, "crates": number * 13, "papers": number * 11,
            "days": number % 9 + 2, "goods": _GOODS[number % 7], "person": _PEOPLE[number % 5],
        }  # fmt: skip
        more = [part.format(**facts) for part in _MORE]
        parts = [f"{parts[0]} {more[0]}", *more[1:]]
    return {
        "title": f"Ship {number} arrives",
        "outlet": f"Paper {number % 5}",
        "date": f"2031-01-{number % 28 + 1:02}",
        "url": f"https://example.org/{number}",
        "language": "en",
        "text": "\n\n".join(parts),
    }


def write(file: Path, numbers: Iterable[int]) -> Path:
    """Writes articles, one a line; gives the file."""
    file.write_text("".join(json.dumps(article(number)) + "\n" for number in numbers), "utf-8")
    return file
