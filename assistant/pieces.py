"""A sentence of an answer cut into the pieces that are drawn: plain words, and quotations with their proof.

The page, the terminal and the exports draw the same pieces, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.labels import FAULTS
from assistant.models import Answer, Change, Quote, QuoteStatus, Sentence
from assistant.overlap import diff

_KEY = re.compile(r"\bp[0-9a-f]{7}\b")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"  # scripts without spaces
    r"|[^\W_]+(?:['’‘ʼ][^\W_]+)*%?"
)
_MOST = 20_000  # characters of a place in which a diff is located
_ROOM = 6  # words that stay on each side of a change where a diff is shortened
_LONG = 30  # words: a longer one is shortened


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words; `changed` where only one of the source and the answer has it."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence. With a `quote` they are a quotation that is not proved.

    `said` are its words in the answer, those that the answer added marked as changed; `original` the
    words of the source, those that the answer left out marked; `exact` says that they stand there
    letter by letter. `number` is that of the place in the source.
    """

    text: str
    quote: Quote | None = None
    said: tuple[Part, ...] = ()
    original: tuple[Part, ...] = ()
    exact: bool = False
    number: int | None = None

    @property
    def fault(self) -> str:
        """What is wrong with the quotation, in words."""
        return FAULTS[self.quote.status] if self.quote else ""


def numbers(answer: Answer) -> dict[str, int]:
    """The number on the page of each key that the answer names, from 1 in the order of first mention.

    Places that quotations were compared with, both sides of a disagreement and renderings of one utterance
    have one too, so that a reader can open them.
    """
    others = [quote.key for sentence in answer.summary for quote in sentence.quotes if quote.key]
    others += [key for item in answer.disagreements for side in item.sides for key in side.citations]
    others += [key for item in answer.utterances for key in item.renderings]
    keys = dict.fromkeys([*answer.cited, *(key for key in others if key in answer.citations)])
    return {key: number for number, key in enumerate(keys, 1)}


def unused(answer: Answer) -> list[str]:
    """Keys of passages that were read and have no number."""
    numbered = numbers(answer)
    return [key for key in answer.unused if key not in numbered]


def pieces(sentence: Sentence, answer: Answer, numbered: Mapping[str, int]) -> Iterator[Piece]:
    """The pieces of a sentence in order; keys that the model left in place become numbers."""
    at = 0
    for quote in sorted(sentence.quotes, key=lambda quote: quote.start):
        if quote.accepted or not at <= quote.start < quote.end <= len(sentence.text):
            continue
        if quote.start > at:
            yield Piece(number_keys(sentence.text[at : quote.start], numbered))
        yield failed(sentence.text[quote.start : quote.end], quote, answer, numbered)
        at = quote.end
    if at < len(sentence.text):
        yield Piece(number_keys(sentence.text[at:], numbered))


def failed(text: str, quote: Quote, answer: Answer, numbered: Mapping[str, int]) -> Piece:
    """The piece of a quotation that is not proved, `text` being its words in the answer."""
    flat = " ".join(number_keys(text, numbered).split())
    said: tuple[Part, ...] = (Part(flat),)
    if own := _located([change for change in quote.diff if change.op != "dropped"], flat):
        ends = Part(flat[: own.start]), Part(flat[own.end :])
        said = tuple(part for part in (ends[0], *own.parts, ends[1]) if part.text)
    theirs = [change for change in quote.diff if change.op != "added"]
    place = answer.citations.get(quote.key or "")
    there = _located(theirs, " ".join(place.quote.split())) if place else None
    original = there.parts if there else _apart([Part(each.text, each.op == "dropped") for each in theirs])
    return Piece(flat, quote, said, original, there is not None, numbered.get(quote.key or ""))


def differing(text: str, other: str) -> tuple[Part, ...]:
    """`text` on one line, the words marked that `other` does not have in that place."""
    flat = " ".join(text.split())
    there = _located([change for change in diff(flat, other) if change.op != "added"], flat)
    if there is None:
        return (Part(flat),)
    ends = Part(flat[: there.start]), Part(flat[there.end :])
    return tuple(part for part in (ends[0], *there.parts, ends[1]) if part.text)


def compared(answer: Answer, key: str) -> list[Piece]:
    """The quotations of an answer that were compared with the place `key` and are not proved."""
    numbered = numbers(answer)
    return [
        failed(sentence.text[quote.start : quote.end], quote, answer, numbered)
        for sentence in answer.summary
        for quote in sentence.quotes
        if quote.key == key and not quote.accepted
    ]


def statuses(answer: Answer, key: str) -> tuple[QuoteStatus, ...]:
    """What proving gave for the place `key`: of each quotation that was compared with it, once."""
    quotes = [quote for sentence in answer.summary for quote in sentence.quotes if quote.key == key]
    own = answer.citations[key].status
    found = [quote.status for quote in quotes] + ([own] if own != "verbatim" else [])
    return tuple(dict.fromkeys(found or [own]))


def after(sentence: Sentence, numbered: Mapping[str, int]) -> list[int]:
    """The numbers behind a sentence: those that stand neither in its text nor with a quotation."""
    inside = {key for key in sentence.citations if key in sentence.text}
    inside |= {quote.key for quote in sentence.quotes if quote.key and not quote.accepted}
    kept = [numbered[key] for key in sentence.citations if key in numbered and key not in inside]
    return list(dict.fromkeys(kept))


def number_keys(text: str, numbered: Mapping[str, int] | None = None) -> str:
    """`text` with content keys as numbers, in order of mention where none were given; for streams."""
    order: dict[str, int] = dict(numbered or {})
    if numbered is None:
        for key in _KEY.findall(text):
            order.setdefault(key, len(order) + 1)
    return _KEY.sub(lambda match: str(order.get(match[0], match[0])), text)


def brief(parts: Sequence[Part]) -> list[Part]:
    """A long run of words with what is the same on both sides cut to a few words around each change."""
    if sum(len(part.text.split()) for part in parts) <= _LONG or not any(part.changed for part in parts):
        return list(parts)
    last = len(parts) - 1
    return [part if part.changed else _cut(part.text, at > 0, at < last) for at, part in enumerate(parts)]


def quoted(written: str, piece: Piece) -> str:
    """Words of the source, between quotation marks only where every letter of them is the source's."""
    return f"“{written}”" if piece.exact else f"the words {written}"


def _cut(text: str, follows: bool, precedes: bool) -> Part:
    """The words of `text` next to the change that it follows or precedes."""
    # Cut at single spaces, so that the space between this part and the next one stays.
    words = text.split(" ")
    room = _ROOM * (follows + precedes)
    if len(words) <= room + 2:
        return Part(text)
    first, last = words[: _ROOM * follows], words[len(words) - _ROOM * precedes :]
    return Part(" ".join([*first, "…", *last]))


@dataclass(frozen=True, slots=True)
class _Located:
    """Where the words of a diff stand in a text: its start, its parts and its end."""

    start: int
    parts: tuple[Part, ...]
    end: int


def _located(changes: Sequence[Change], text: str) -> _Located | None:
    """The words of `changes` in `text`, with its punctuation; None where they do not stand there in a row.

    A diff holds words only, and what is shown as somebody's words has to be their own letters.
    """
    there = list(_WORD.finditer(text[:_MOST]))
    folded = [_folded(match.group()) for match in there]
    counts = [len(_WORD.findall(change.text)) for change in changes]
    sought = [_folded(word) for change in changes for word in _WORD.findall(change.text)]
    for first, word in enumerate(folded):
        if not sought or word != sought[0] or folded[first : first + len(sought)] != sought:
            continue
        parts, at, index = [], there[first].start(), first
        for change, length in zip(changes, counts, strict=True):
            if not length:
                continue
            begin, end = there[index].start(), there[index + length - 1].end()
            parts += [Part(text[at:begin]), Part(text[begin:end], change.op != "same")]
            at, index = end, index + length
        return _Located(there[first].start(), tuple(part for part in parts if part.text), at)
    return None


def _folded(word: str) -> str:
    return word.translate(_APOSTROPHES).casefold()


def _apart(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with a space between each two."""
    return tuple(item for part in parts for item in (Part(" "), part))[1:]
