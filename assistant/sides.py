"""Where sources differ, in words: disagreements, and one utterance in several renderings.

The chat, the Compare page, the terminal and the exports all draw what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from assistant import labels
from assistant.models import Answer, Difference, Disagreement, Side, Utterance
from assistant.pieces import Part, differing

SHOWN = 3  # passages of one side; more of them say the same


@dataclass(frozen=True, slots=True)
class Said:
    """A passage of a source: its key, None where the answer holds none, its name, and its words."""

    key: str | None
    who: str
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The words in one line."""
        return "".join(part.text for part in self.parts)

    @property
    def marks(self) -> tuple[str, str]:
        """What stands before and behind the words: quotation marks, unless they have their own."""
        return ("", "") if self.text[:1] in {"“", "„", "«", '"'} else ("“", "”")


@dataclass(frozen=True, slots=True)
class Facing:
    """Passages that stand against each other, a tuple for each side; `remarks` say how they differ."""

    title: str
    sides: tuple[tuple[Said, ...], ...]
    remarks: tuple[str, ...]


def disagreements(answer: Answer) -> list[Facing]:
    """The facts on which sources differ, each with both sides and the rule that found it."""
    return [_disagreement(answer, item) for item in answer.disagreements]


def renderings(answer: Answer) -> list[Facing]:
    """Utterances that sources render differently, each with its named differences."""
    return [item for each in answer.utterances if len((item := _utterance(answer, each)).sides) > 1]


def _disagreement(answer: Answer, item: Disagreement) -> Facing:
    return Facing(
        " ".join(item.about.split()),
        tuple(_side(answer, side) for side in item.sides),
        (f"Rule: {labels.words_of(item.rule)}",) if item.rule else (),
    )


def _side(answer: Answer, side: Side) -> tuple[Said, ...]:
    """The passages of a side, then its sources of which no passage is stored."""
    stored = [answer.citations[key] for key in dict.fromkeys(side.citations) if key in answer.citations]
    said = [
        Said(each.key, labels.name(answer.sources.get(each.source)), (Part(" ".join(each.quote.split())),))
        for each in islice(stored, SHOWN)
    ]
    quoted = {each.source for each in stored}
    bare = [source for source in dict.fromkeys(side.sources) if source not in quoted]
    return (*said, *(Said(None, labels.name(answer.sources.get(source))) for source in bare))


def _utterance(answer: Answer, item: Utterance) -> Facing:
    """The first rendering is compared with the second, every other one with the first."""
    found = [answer.citations[key] for key in item.renderings if key in answer.citations]
    names = [labels.name(answer.sources.get(each.source)) for each in found]
    sides = []
    for at, (each, who) in enumerate(zip(found, names, strict=True)):
        other = found[1 if at == 0 else 0] if len(found) > 1 else each
        sides.append((Said(each.key, who, differing(each.quote, other.quote)),))
    speaker = f"Words of {' '.join(item.speaker.split())}" if item.speaker else "One utterance"
    remarks = [difference(each, names) for each in item.differences] if len(names) > 1 else []
    return Facing(f"{speaker} in {len(names)} renderings", tuple(sides), tuple(remarks))


def difference(item: Difference, names: list[str]) -> str:
    """A named difference: "Negation: “not” only in Post"; "Number: “14” against “41”"."""
    kind, a, b = labels.kind(item.kind), " ".join(item.a.split()), " ".join(item.b.split())
    if a and b:
        return f"{kind}: “{a}” against “{b}”"
    if not (a or b):
        return kind
    return f"{kind}: “{a or b}” only in {names[0 if a else 1]}"
