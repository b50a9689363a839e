"""A reader's corrections in words: always as the reader's, beside what the assistant found."""

from __future__ import annotations

from collections.abc import Mapping

from assistant import labels
from assistant.saved import Overruled, Overruling, Record

TITLE = "Overruled by the reader"


def word(value: str) -> str:
    """A stance, a status of a quotation or a check in words; a reader's own words as they are."""
    if value in labels.STANCES:
        return labels.STANCES[value][0]
    said = next((words for code, words in labels.STATUSES.items() if code == value), _flat(value))
    return said[:1].upper() + said[1:]


def said(item: Overruling) -> str:
    """ "The reader overruled this: Affirms instead of Mentions, because “…” (by NAME, 26 November 2026)"."""
    why = f", because “{_flat(item.reason)}”" if item.reason.strip() else ""
    signed = [f"by {_flat(item.by)}" if item.by.strip() else "", labels.moment(item.at) if item.at else ""]
    mark = ", ".join(filter(None, signed))
    return f"The reader overruled this: {word(item.given)} instead of {word(item.found)}{why}" + (
        f" ({mark})" if mark else ""
    )


def beside(record: Record, kind: Overruled, place: str) -> str:
    """What a reader said there, the last word of it; empty where the assistant was not overruled."""
    item = record.overruling(kind, place)
    return said(item) if item else ""


def listed(record: Record, numbered: Mapping[str, int]) -> list[str]:
    """Every overruling with its place, in the order in which they were made, also those overruled again."""
    return [f"{_place(item, record, numbered)}. {said(item)}" for item in record.overrulings]


def counted(record: Record) -> str:
    """One line for the top of a document; empty where nothing was overruled."""
    places = {(item.kind, item.place) for item in record.overrulings}
    if not places:
        return ""
    where = labels.count(len(places), "place")
    return (
        f"A reader overruled the assistant in {where}. What the assistant found is unchanged; "
        f"the reader's word stands beside it, and all of it is listed under “{TITLE}”."
    )


def _place(item: Overruling, record: Record, numbered: Mapping[str, int]) -> str:
    answer = record.answer
    if item.kind == "stance":
        return f"Stance of {labels.name(answer.sources.get(item.place))}"
    if item.kind == "quotation":
        number = numbered.get(item.place)
        return f"Quotation [{number}]" if number else f"Quotation {item.place}"
    return f"Sentence {int(item.place) + 1}" if item.place.isdecimal() else f"Sentence {item.place}"


def _flat(text: str) -> str:
    return " ".join(text.split())
