"""Invented articles for the faults: short, all different, and every twelfth of three passages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

QUESTION = "Which ship came into harbour 3 with 221 crates?"
LONG = 12  # one article in so many has three passages

_GOODS = ("rope", "lamps", "flour", "clocks", "tiles", "apples", "paper")
_PEOPLE = ("Ada Wren", "Jonas Pell", "Mira Kost", "Tom Ashby", "Lena Voss")


def article(number: int) -> dict[str, str]:
    """The record of one article; no two numbers share a sentence."""
    parts = [f"Ship {number} came into harbour {number % 7} with {number * 13} crates."]
    if number % LONG == 0:
        person, goods = _PEOPLE[number % len(_PEOPLE)], _GOODS[number % len(_GOODS)]
        parts[0] += (
            f" The crates of ship {number} hold {goods}, said {person}, who met it at the quay of harbour "
            f"{number % 7} in the morning and counted {number * 13} of them twice before anybody else came."
        )
        parts += [
            f"The office of harbour {number % 7} asked ship {number} for its papers at noon, and {person} had "
            f"to wait until they were found under the {goods}. They name {number * 11} crates, fewer than were "
            f"counted, and the office has not said yet which of the two numbers it takes for ship {number}.",
            f"Ship {number} left at night without its {goods}. According to {person} it will be back within "
            f"{number % 9 + 2} days for the {number * 13} crates, unless the office of harbour {number % 7} keeps "
            f"all of them until the papers of ship {number} are written again by somebody who can count.",
        ]
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
