"""Invented articles for a machine that has no real ones: the same in every run, and plainly not news.

Each event happens at one place to one thing; three outlets tell it in different words and lengths.
They are easier to tell apart than real events are, so only their speed compares with real articles.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

OUTLETS = ("Morning Ledger", "Harbour Post", "Inland Observer")
PARAGRAPHS = 20  # a real news article of the events folder has about 4,700 characters

_FIRST = ("Alder", "Brack", "Corn", "Dun", "Elm", "Fal", "Grim", "Holm", "Ister", "Jarn")
_LAST = ("bourne", "mouth", "stead", "wick", "ford")
_THINGS = (
    "bridge", "ferry", "reservoir", "tramway", "hospital", "school", "market", "lighthouse", "mill", "port",
)  # fmt: skip
_INCIDENTS = (
    "closed after inspection", "damaged by fire", "shut by a strike", "flooded overnight", "sold to a bank",
    "reopened after repairs", "without power for days",
)  # fmt: skip
_PEOPLE = ("Ada Wren", "Jonas Pell", "Mira Kost", "Tom Ashby", "Lena Voss", "Ivo Marsh", "Ruth Calder")
_BODIES = ("council", "harbour office", "fire service", "union", "ministry", "owner", "court")
_HEADLINES = (
    "{place} {thing} {incident}",
    "Questions for the {body} as {place} {thing} is {incident}",
    "What we know: {thing} in {place} {incident}",
)
_SENTENCES = (
    "The {thing} in {place} was {incident} on {day}, the {body} said.",
    "“We were told {number} hours before,” said {person}, who lives nearby.",
    "About {number} people use the {thing} on a working day, by the {body}'s own count.",
    "The {body} puts the cost at {number} million, and expects to know more by {day}.",
    "{person} of the {body} denied that a warning had been ignored.",
    "A letter seen by this newspaper names {number} faults, of which {few} were mended.",
    "Residents met in the hall on {day} and asked why nobody had called them.",
    "“It is not the first time, and it will not be the last,” {person} said.",
    "Two years ago the {other} in the same street had {number} days of similar trouble.",
    "The {body} has asked an engineer from outside {place} to look at the records.",
    "Buses run every {few} minutes until the {thing} is in use again.",
    "Shops near the {thing} report {number} percent fewer customers than a week before.",
    "{person} said the decision was taken by {few} people in one afternoon.",
    "Nobody was hurt, according to the {body}, although {few} visitors were treated for cold.",
    "An earlier plan for the {thing} was dropped when the {other} needed the money.",
    "The {body} will publish the minutes of its meeting of {day}.",
)


@dataclass(frozen=True, slots=True)
class _Event:
    place: str
    thing: str
    incident: str
    day: date


def write(folder: Path, events: int = 50) -> None:
    """Writes articles.jsonl and queries.jsonl on `events` events, each told by every outlet."""
    chance = random.Random(20)
    folder.mkdir(parents=True, exist_ok=True)
    articles, queries = [], []
    for number in range(events):
        event = _event(number, chance)
        told = [_article(event, number, side, chance) for side in range(len(OUTLETS))]
        articles += told
        title = f"{event.place} {event.thing} {event.incident}"
        queries.append({"query": title, "gold": [item["id"] for item in told]})
    for name, records in (("articles.jsonl", articles), ("queries.jsonl", queries)):
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (folder / name).write_text(text, "utf-8")


def _event(number: int, chance: random.Random) -> _Event:
    place = _FIRST[number % len(_FIRST)] + _LAST[number // len(_FIRST) % len(_LAST)]
    day = date(2031, 1, 6) + timedelta(days=7 * number)
    return _Event(place, _THINGS[number * 7 % len(_THINGS)], chance.choice(_INCIDENTS), day)


def _article(event: _Event, number: int, side: int, chance: random.Random) -> dict[str, str]:
    paragraphs = [
        " ".join(_fill(chance.choice(_SENTENCES), event, chance) for _ in range(chance.choice((2, 3, 3, 4))))
        for _ in range(PARAGRAPHS)
    ]
    return {
        "id": f"invented-{number}-{side}",
        "outlet": OUTLETS[side],
        "title": _fill(_HEADLINES[side], event, chance),
        "url": f"https://example.org/{number}/{side}",
        "date": event.day.isoformat(),
        "language": "en",
        "text": "\n\n".join(paragraphs),
    }


def _fill(template: str, event: _Event, chance: random.Random) -> str:
    return template.format(
        place=event.place,
        thing=event.thing,
        incident=event.incident,
        day=f"{event.day - timedelta(days=chance.randrange(9)):%d %B}",
        person=chance.choice(_PEOPLE),
        body=chance.choice(_BODIES),
        other=chance.choice(_THINGS),
        number=chance.randrange(11, 990),
        few=chance.randrange(2, 10),
    )
