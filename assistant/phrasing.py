"""How the extractive engine shows a quotation, and what it calls a speaker and a copy.

The words of a quotation are never changed. What is left out is the dateline in front of it ("EXTON, March 3
(Agency) -"), and marks of ours where the passage brings its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.models import Article, Span
from assistant.renderings import same_person
from assistant.stances import UNNAMED, Heard
from assistant.text import words

LONGEST_NAME = 60  # characters of what a speaker is called
IN_COPY = 0.8  # of a sentence's runs of words that a copy has, to repeat the sentence
RUN = 4  # words

_OPENING, _CLOSING, _STRAIGHT = "“„«", "”»", '"'
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’/ -]{2,40}"
_TOWN = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
_STATE = r"(?:, [A-Z][\w. ]{1,20}?)?"
_WHEN = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2}\.? [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?"
_AGENCY = r"(?:\([^()\n]{2,40}\)|/[^/\n]{2,30}/)"
_DASH = r"\.?\s*[-–—]{1,2}\s+"
_DATELINE = re.compile(
    # A town in capitals, with a day or an agency; with neither, a capital behind the dash.
    rf"{_CAPITALS}{_STATE}(?:,? {_WHEN},? ?{_AGENCY}?|,? ?{_AGENCY}){_DASH}"
    rf"|{_CAPITALS}{_STATE}\s+[-–—]{{1,2}}\s+(?=[“\"]?[A-ZÀ-ÖØ-Þ])"
    # A town in small letters needs an agency in brackets.
    rf"|{_TOWN}{_STATE}(?:,? {_WHEN})? \([A-Z][^()\n]{{1,40}}\){_DASH}"
)


def without_dateline(text: str) -> str:
    """A sentence from where it begins behind the dateline of an agency."""
    found = _DATELINE.match(text)
    return text[found.end() :] if found and words(text[found.end() :]) else text


@dataclass(frozen=True, slots=True)
class Shown:
    """A quotation as it is printed, and where the words of the source stand in that."""

    text: str
    start: int
    end: int


def in_quotes(text: str) -> Shown:
    """`text` in curly quote marks, on one line; marks inside it stay as they are in the source.

    A passage that begins with a mark of its own gets no second one: “A,” he said. White space is evened out
    for reading only: the citation keeps the span as it is.
    """
    line = " ".join(text.split())
    opened = sum(map(line.count, _OPENING)) - sum(map(line.count, _CLOSING))
    straight = line.count(_STRAIGHT) % 2
    if line[:1] and line[0] in _OPENING + _STRAIGHT and len(line) > 1:
        if not opened and not straight:
            return Shown(line, 0, len(line))
        line = line[1:].lstrip()  # it is closed in a later sentence: our mark stands for it
    elif line[-1:] and line[-1] in _CLOSING + _STRAIGHT and (opened < 0 or straight):
        line = line[:-1].rstrip()
    return Shown(f"“{line}”", 1, len(line) + 1)


# --- speakers -------------------------------------------------------------------------------------


def called(voice: Heard, heard: Iterable[Heard]) -> str:
    """What a speaker is called wherever an answer names them: the fullest form that the sources use."""
    if voice.speaker is None or voice.speaker == UNNAMED:
        return voice.speaker or ""
    forms = {voice.speaker}
    for other in heard:
        fits = other.speaker and other.speaker not in forms and len(other.speaker) <= LONGEST_NAME
        if fits and same_person(voice.rendering, other.rendering):
            forms.add(str(other.speaker))
    return max(sorted(forms), key=len)


# --- copies ---------------------------------------------------------------------------------------


def repeats(copy: Article, original: Article, quoted: Sequence[Span]) -> bool:
    """Whether an article has the words of a sentence that was quoted from another one."""
    there = _runs(copy.text)
    for start, end in quoted:
        runs = _runs(original.text[start:end])
        if runs and len(runs & there) >= IN_COPY * len(runs):
            return True
    return False


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    found = words(text)
    size = min(RUN, len(found))
    return (
        frozenset(tuple(found[n : n + size]) for n in range(len(found) - size + 1)) if found else frozenset()
    )


def is_later(one: Article, other: Article) -> bool:
    """Whether an article is known to have been printed after another."""
    return bool(one.date and other.date and one.date > other.date)
