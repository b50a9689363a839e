"""What every drawing of an answer shares: a sentence with its marks, two sides, copies, what comes first.

The pages and the exports draw with it, each with its own pen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant import labels
from assistant.models import Answer, Citation, Notice, Sentence
from assistant.pens import Pen
from assistant.pieces import Part, after, pieces
from assistant.sides import Facing, Said
from assistant.tally import shared

NEAREST = 4  # passages shown when nothing addresses the question
_FIRST = frozenset(
    {
        *labels.NOTICES,
        "endpoint_failed",
        "stopped",
        "read_as",
        "index_damaged",
        "index_behind",
        "index_unreachable",
        "undated_left_out",
    }
)


def write(sentence: Sentence, answer: Answer, numbered: Mapping[str, int], pen: Pen) -> str:
    """A sentence with its numbers, its quotations with their proof, and a remark if nothing decided it."""
    parts = [
        pen.failed(piece) if piece.quote else pen.text(piece.text)
        for piece in pieces(sentence, answer, numbered)
    ]
    said = labels.quiet(sentence, answer)
    remark = " " + pen.small(pen.text(f"({said})")) if said else ""
    return "".join(parts) + pen.numbers(after(sentence, numbered)) + remark


def faults(sentence: Sentence) -> list[str]:
    """Why a sentence is unsupported, a line for each reason; empty for any other sentence."""
    if sentence.check != "unsupported":
        return []
    lines = [f"Unsupported ({labels.words_of(reason.code)}): {reason.text}" for reason in sentence.reasons]
    return lines or ["Unsupported"]


def first(answer: Answer) -> list[Notice]:
    """Notices to be read before the answer, warnings about sources in front."""
    found = [notice for notice in answer.notices if notice.code in _FIRST]
    return sorted(found, key=lambda notice: notice.code not in labels.NOTICES)


def facing(item: Facing, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """The passages, those of a side together, then how they differ."""
    yield pen.items([_said(each, numbered, pen) for side in item.sides for each in side])
    for remark in item.remarks:
        yield pen.paragraph(pen.small(pen.text(remark)))


def _said(said: Said, numbered: Mapping[str, int], pen: Pen) -> str:
    """A passage with the words in bold that the other rendering does not have."""
    words = "".join(
        pen.strong(pen.text(part.text)) if part.changed else pen.text(part.text) for part in said.parts
    )
    number = numbered.get(said.key or "")
    quoted = f"{pen.text(': ' + said.marks[0])}{words}{pen.text(said.marks[1])}" if said.parts else ""
    return pen.text(said.who) + quoted + pen.numbers([number] if number else [])


def copies(answer: Answer) -> list[str]:
    """Which sources go back to one report, and why they were put together."""
    return [
        f"{'; '.join(labels.name(answer.sources.get(source)) for source in origin.sources)}: {origin.why}"
        for origin in shared(answer)
    ]


def flat(citation: Citation) -> str:
    """The words of a citation on one line."""
    return " ".join(citation.quote.split())


def marked(citation: Citation) -> str:
    """The words of a citation between quotation marks, unless they have their own."""
    said = Said(citation.key, "", (Part(flat(citation)),))
    return said.text.join(said.marks)
