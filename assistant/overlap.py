"""Words of a quotation against words of a source: shared runs, the place that fits best, a word diff.

Words are compared folded (case and quote marks); numbers keep their points and percent signs, so that
"1.5" and "15" are different words. Spans are character offsets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.models import Change, Span
from assistant.text import is_common

RUN = 3  # words: a shorter run is found by chance anywhere
LIGHT = 0.25  # what a function word counts against a content word
REACH = 3  # words at the end of a quotation that stand for others of the source
_EVERYWHERE = 150  # places of a word, from which on it tells nothing of where a quotation stands
_MOST = 600  # words of a quotation that are compared; a longer one is compared by its beginning
_LONGEST = 4_000  # characters of a word diff

_WORD = re.compile(
    r"[+-]?\d+(?:[.,]\d+)*%?|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
    r"|[^\W_]+(?:['’][^\W_]+)*"
)
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, with their spans and the places of each."""

    words: list[str]
    spans: list[Span] = field(repr=False)
    at: dict[str, list[int]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """`length` words that stand in both: from word `quote` of the quotation and word `text` of the text."""

    quote: int
    text: int
    length: int


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` (exclusive) of a text; `share`: how much of the quotation is there, 0 to 1."""

    first: int
    last: int
    share: float


@lru_cache(maxsize=128)
def words_of(text: str) -> Words:
    """The words of `text`; kept for the texts that were asked for last."""
    found: list[str] = []
    spans: list[Span] = []
    at: dict[str, list[int]] = {}
    for match in _WORD.finditer(text):
        word = match.group().casefold().translate(_APOSTROPHES)
        at.setdefault(word, []).append(len(found))
        found.append(word)
        spans.append(match.span())
    return Words(found, spans, at)


@lru_cache(maxsize=4096)
def _weight(word: str) -> float:
    """What a word counts for telling texts apart; function words occur everywhere."""
    return LIGHT if is_common(word) else 1.0


def runs(quote: Words, text: Words) -> list[Run]:
    """Runs of at least `RUN` words that cover the quotation, the longest first taken, none overlapping.

    Each is grown in both directions from a word that the text does not have everywhere.
    """
    found: list[Run] = []
    sought = quote.words[:_MOST]
    grown: set[Run] = set()
    for index, word in enumerate(sought):
        for place in _some(text.at.get(word, ())):
            run = _grow(sought, text.words, index, place)
            if run.length >= RUN and run not in grown:
                grown.add(run)
                found.append(run)
    return _disjoint(found)


def _some(places: Sequence[int]) -> Sequence[int]:
    """The places of a word, none where there are so many that it tells nothing."""
    return places if len(places) <= _EVERYWHERE else ()


def _grow(sought: Sequence[str], words: Sequence[str], index: int, place: int) -> Run:
    first, last = 0, 1
    while first < min(index, place, _MOST) and sought[index - first - 1] == words[place - first - 1]:
        first += 1
    while (
        index + last < len(sought)
        and place + last < len(words)
        and sought[index + last] == words[place + last]
    ):
        last += 1
    return Run(index - first, place - first, first + last)


def _disjoint(found: Sequence[Run]) -> list[Run]:
    """The longest runs, each cut to what longer ones leave of the quotation, in its order."""
    kept: list[Run] = []
    covered: set[int] = set()
    for run in sorted(found, key=lambda run: (-run.length, run.quote, run.text)):
        free = [i for i in range(run.length) if run.quote + i not in covered]
        if len(free) < RUN or free[-1] - free[0] + 1 != len(free):
            continue
        piece = Run(run.quote + free[0], run.text + free[0], len(free))
        covered.update(range(piece.quote, piece.quote + piece.length))
        kept.append(piece)
    return sorted(kept, key=lambda run: run.quote)


def best_place(quote: Words, text: Words) -> Place | None:
    """The window of `text`, as long as the quotation, that has most of its words; None where none has any.

    Method: every shared word votes for the place where the quotation would begin; the windows with most
    votes are weighed word by word, in whatever order the words stand.
    """
    sought = quote.words[:_MOST]
    votes: Counter[int] = Counter()
    step = max(4, len(sought) // 2)
    for index, word in enumerate(sought):
        if len(sought) > 6 and _weight(word) == LIGHT:
            continue
        for place in _some(text.at.get(word, ())):
            votes[max(0, place - index) // step] += 1
    bag = Counter(sought)
    total = sum(_weight(word) * count for word, count in bag.items())
    best: Place | None = None
    for bucket, _ in votes.most_common(6):
        for first in range(max(0, (bucket - 1) * step), (bucket + 1) * step + 1, max(1, step // 4)):
            window = text.words[first : first + len(sought) + 2]
            shared = bag & Counter(window)
            share = sum(_weight(word) * count for word, count in shared.items()) / total
            if best is None or share > best.share:
                best = Place(first, first + len(window), share)
    return best


def tight(quote: Words, text: Words, place: Place) -> Place:
    """`place` from the first to the last shared word, with what stands for the words at the ends."""
    sought = quote.words[:_MOST]
    first, last = max(0, place.first - 4), min(place.last + 4, len(text.words))
    matcher = SequenceMatcher(None, sought, text.words[first:last], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return place
    head, tail = blocks[0], blocks[-1]
    begin = first + head.b - min(head.a, REACH)
    end = first + tail.b + tail.size + min(len(sought) - tail.a - tail.size, REACH)
    return Place(max(begin, first), min(end, last), place.share)


def diff(source: str, quote: str) -> tuple[Change, ...]:
    """The word diff from `source` to `quote`: runs of words as each of them writes them."""
    a, b = words_of(source[:_LONGEST]), words_of(quote[:_LONGEST])
    changes: list[Change] = []
    for op, a0, a1, b0, b1 in SequenceMatcher(None, a.words, b.words, autojunk=False).get_opcodes():
        if op == "equal":
            changes.append(Change("same", _slice(quote, b, b0, b1)))
            continue
        if a1 > a0:
            changes.append(Change("dropped", _slice(source, a, a0, a1)))
        if b1 > b0:
            changes.append(Change("added", _slice(quote, b, b0, b1)))
    return tuple(changes)


def _slice(text: str, found: Words, first: int, last: int) -> str:
    return " ".join(text[found.spans[first][0] : found.spans[last - 1][1]].split())
