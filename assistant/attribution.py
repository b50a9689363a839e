"""Who is speaking in an article: its direct and its reported speech, with the speakers.

Cues and grammar are English's. In other languages quotations are found, and nobody is named as their speaker.
A short quotation in a sentence without a cue (a scare quote, a title, a term) is the outlet's, and no speech.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from assistant.antecedents import TWO, Read, Voice, addresses_person, named_in, who
from assistant.clauses import QUOTE, Words, name_of, phrase
from assistant.cues import MEN, POSSESSIVES, SPEAKS_TO, VERBS, WOMEN
from assistant.holders import trailing
from assistant.leanings import Leaning
from assistant.marks import Quoted, quoted
from assistant.models import Span
from assistant.persons import find
from assistant.roster import people, words_of
from assistant.sayings import Cued
from assistant.scopes import cued
from assistant.views import View, label, views

GOOD_PART = 0.2  # share of the words spoken in a sentence that its first speaker has to have
_SHORT = 6  # words: a quotation in a sentence without a cue is speech from here on
_MOST_OF_SOURCE = 30  # tokens
_TURNS = 3  # times that a transcript names somebody who is named nowhere else


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that the article puts in somebody's mouth: `text[start:end]`.

    They need not be asserted: what a cue such as "denied" or "asked" makes of them is not judged here.
    `direct`: they stand between quotation marks, which are left out; else they are a reported clause.
    `speaker`: the fullest name by which the article names the speaker, with the title before it, or the
    institution that speaks; None where nobody is named ("officials", "a resident") or it cannot be told.
    `cue`: the verb or phrase that says that somebody speaks, None where a quotation goes on without one;
    `source`: the name, the pronoun or the description next to it.
    """

    start: int
    end: int
    speaker: str | None
    direct: bool
    cue: Span | None = None
    source: Span | None = None
    kind: Leaning = "said"


@lru_cache(maxsize=64)
def spoken(text: str, language: str | None = None) -> tuple[Spoken, ...]:
    """All direct and reported speech of `text` in order, an outer one before those inside it."""
    return _read(text, language)[1]


@lru_cache(maxsize=64)
def attributed(text: str, language: str | None = None) -> tuple[Spoken, ...]:
    """`spoken`, and what is somebody's view, plan or report without being said: see `Spoken.kind`."""
    read, found = _read(text, language)
    if (language or "en")[:2].lower() != "en":
        return found
    return _ordered(list(_with_views(read, found)))


def _with_views(read: Read, found: Sequence[Spoken]) -> Iterator[Spoken]:
    """`found`, with the whole phrases of those who speak, and the views of the outlet's own sentences."""
    words = read.words
    spoken_at, quoted_at = _Cover(found), _Cover([item for item in found if item.direct])
    cues = {item.cue[1] for item in found if item.cue}
    starts = {item.start for item in found}
    wider: dict[int, Span] = {}
    added: list[View] = []
    for first, last, _ in words.sentences:
        reached = first
        head = label(words, first, last)
        if head and words.start[head.content[0]] not in starts:
            added.append(head)
        for view in views(words, first, last):
            at, end = words.span(view.cue[1] - 1, view.cue[1])
            noun = view.source == view.cue  # "he denied reports that p": also inside what somebody says
            if quoted_at.holds(at) or (spoken_at.holds(at) and not noun):
                continue
            if end in cues:
                wider |= {end: words.span(*view.source)} if view.source else {}
            elif view.cue[0] >= reached or noun:
                reached = max(reached, view.content[1])
                added.append(view)
    for item in found:
        given = wider.get(item.cue[1]) if item.cue else None
        yield replace(item, source=given or _whole(words, item))
    for view in added:
        yield _as_spoken(read, view)


class _Cover:
    """Which places stand in one of some spans that are sorted by their starts."""

    def __init__(self, items: Sequence[Spoken]) -> None:
        self._starts = [item.start for item in items]
        self._ends = list(accumulate((item.end for item in items), max))

    def holds(self, at: int) -> bool:
        number = bisect_right(self._starts, at)
        return number > 0 and self._ends[number - 1] > at


def _whole(words: Words, item: Spoken) -> Span | None:
    """The source; one that follows its verb goes on with what is said of it after a comma."""
    if item.source is None or item.cue is None or item.source[0] < item.cue[1]:
        return item.source
    at = bisect_left(words.end, item.source[1]) + 1
    last = words.sentences[bisect_right(words.sentences, (at - 1, len(words.word), 0)) - 1][1]
    if words.text[item.cue[0] : item.cue[1]].lower().startswith("according"):
        stop = min(last, at + _MOST_OF_SOURCE)
        while at < stop and words.word[at] not in ",.;:()" and at not in words.quote:
            at += 1  # a count by the agency, a survey conducted in May
    return item.source[0], words.end[trailing(words, at, last) - 1]


def _as_spoken(read: Read, view: View) -> Spoken:
    words = read.words
    number = bisect_right(words.sentences, (view.cue[0], len(words.word), 0)) - 1
    start, end = words.span(*view.content)
    source = words.span(*view.source) if view.source else None
    return Spoken(start, end, _holder(read, number, view), False, words.span(*view.cue), source, view.kind)


def _holder(read: Read, number: int, view: View) -> str | None:
    """Whose view it is, as far as the article names somebody."""
    if view.source is None or view.source == view.cue:
        return None
    first, end = view.source
    if read.words.low[first] in POSSESSIVES and end - first == 1:
        return None
    named = phrase(read.words, first, end) or phrase(read.words, first, _head_end(read.words, first, end))
    return who(read, number, named, None)[0] if named else None


def _head_end(words: Words, first: int, end: int) -> int:
    """Where a phrase ends without its aside: before the first comma, bracket or dash."""
    return next((k for k in range(first, end) if not words.word[k][0].isalnum()), end)


@lru_cache(maxsize=8)
def _read(text: str, language: str | None) -> tuple[Read, tuple[Spoken, ...]]:
    words = words_of(text)
    read = Read(text, words)
    english = (language or "en")[:2].lower() == "en"
    if english:
        for person in people(text):
            read.surnames[person.surname] = None if person.surname in read.surnames else person
    found = [item for number in range(len(words.sentences)) for item in _sentence(read, number, english)]
    if english:
        found += list(_inside(text, found))
    return read, _ordered(found)


def _ordered(found: Sequence[Spoken]) -> tuple[Spoken, ...]:
    unique = {(item.start, item.end, item.direct): item for item in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda item: (item.start, -item.end, item.direct)))


def speaker_at(text: str, start: int, end: int, language: str | None = None) -> Spoken | None:
    """The innermost speech that covers most of `text[start:end]`; None where the outlet itself speaks."""
    best = None
    for item in spoken(text, language):
        if item.start >= end:
            break
        covered = min(end, item.end) - max(start, item.start)
        if covered * 2 > end - start and (best is None or item.end - item.start <= best.end - best.start):
            best = item
    return best


def spoken_in(found: Sequence[Spoken], span: Span) -> tuple[Spoken, ...]:
    """Those of an article's `spoken` that reach into `span`."""
    return tuple(item for item in found if item.start < span[1] and item.end > span[0])


def leading(found: Sequence[Spoken], span: Span) -> str | None:
    """The first named speaker in `span` who says a good part of what is spoken there, or None."""
    counts: dict[str, int] = {}
    reached = span[0]
    for item in found:
        if item.speaker is not None:
            start, end = max(item.start, reached), min(item.end, span[1])
            counts[item.speaker] = counts.get(item.speaker, 0) + max(0, end - start)
            reached = max(reached, end)  # a quotation inside a clause counts once
    least = sum(counts.values()) * GOOD_PART
    return next((name for name, count in counts.items() if count >= least), None)


# --- sentences ------------------------------------------------------------------------------------


def _sentence(read: Read, number: int, english: bool) -> Iterator[Spoken]:
    words = read.words
    first, last, _ = words.sentences[number]
    cues = cued(words, first, last) if english else []
    read.names.append([])
    read.voices.append(None)
    if english:
        yield from _label(read, number)
    taken: set[int] = set()
    previous: Voice | None = None
    within = first  # up to where the words of the last speaker reach
    for item in cues:
        voice = _voice(read, number, item, previous)
        previous = voice
        if item.told_by:
            read.voices[number] = _voice(read, number, item.told_by, None)
            within = last
        if item.left >= within or read.voices[number] is None:
            read.voices[number] = voice
            within = max((b for a, b in item.clauses if a > item.left), default=within)
        yield from _add(read, item, voice, taken)
    read.names[number] = list(named_in(read, first, last)) if read.surnames else []
    rest = [k for k in range(first, last) if k not in taken and k in words.quote]
    if rest:
        yield from _uncued(read, number, rest, english)


def _label(read: Read, number: int) -> Iterator[Spoken]:
    """A paragraph that begins with a name and a colon, as in a transcript: TAPPER: Take a listen."""
    words = read.words
    first, last, paragraph = words.sentences[number]
    if number and words.sentences[number - 1][2] == paragraph:
        return
    at = first
    while at < min(last, first + 5) and words.cap(at):
        at += 1
    if at == first or at + 1 >= len(words.word) or words.word[at] != ":" or at + 1 in words.quote:
        return
    if words.word[at + 1].isdigit():  # Clinton: 547
        return
    name = name_of(words, first, at)
    person = find(name, read.text) if name else None
    if not person and not (name.isupper() and read.turns(name) >= _TURNS):
        return
    while (
        name.isupper() and number + 1 < len(words.sentences) and words.sentences[number + 1][2] == paragraph
    ):
        number += 1
    end = words.sentences[number][1]
    if end > at + 1:
        start, stop = words.span(at + 1, end)
        speaker = person.titled if person else name
        yield Spoken(start, stop, speaker, False, None, words.span(first, at))


def _add(read: Read, item: Cued, voice: Voice, taken: set[int]) -> Iterator[Spoken]:
    words = read.words
    for a, b in item.clauses:
        start, end = words.span(a, b)
        if b - 1 in words.quote:
            end = words.quote[b - 1].last
        yield Spoken(start, end, voice.speaker, False, voice.cue, voice.source)
    for k in item.quotes:
        if k not in taken or item.told_by:
            quote = words.quote[k]
            yield Spoken(quote.start, quote.end, voice.speaker, True, voice.cue, voice.source)
        taken.add(k)


def _voice(read: Read, number: int, item: Cued, previous: Voice | None) -> Voice:
    words = read.words
    cue = words.span(*item.cue)
    if item.subject is None:
        if previous is None:
            return Voice(cue=cue)
        return Voice(previous.speaker, previous.person, cue, previous.source)
    verb = words.low[item.cue[0]]
    source = words.span(item.subject.first, item.subject.last)
    speaker, person = who(read, number, item.subject, previous)
    addresses = verb in SPEAKS_TO and not item.quotes
    if addresses and verb in ("told", "tells", "accused", "accuses", "urged"):
        addresses = addresses_person(read, item.right, words.sentences[number][1])
    return Voice(speaker, person, cue, source, addresses)


def _uncued(read: Read, number: int, rest: list[int], english: bool) -> Iterator[Spoken]:
    """Quotations that no cue of their sentence governs."""
    words = read.words
    first, last, _ = words.sentences[number]
    whole = not any(words.word[k][0].isalnum() for k in range(first, last))
    voice = _carried(read, number) if whole and english else None
    if voice is None and not whole and english and words.word[rest[0] - 1] == ":" and rest[0] > first:
        voice = _colon(read, first, rest[0])
    for k in rest:
        quote = words.quote[k]
        long = read.text.count(" ", quote.start, quote.end) + 1 >= _SHORT
        if voice or long:
            speaker, source = (voice.speaker, voice.source) if voice else (None, None)
            yield Spoken(quote.start, quote.end, speaker, True, None, source)
    if whole:
        read.voices[number] = voice or Voice()


def _carried(read: Read, number: int) -> Voice | None:
    """Who goes on in a sentence that is nothing but quotation."""
    words = read.words
    if number == 0:
        return _forward(read, number)
    paragraph = words.sentences[number][2]
    start, end, earlier = words.sentences[number - 1]
    quotes = [k for k in range(start, end) if k in words.quote]
    voice = read.voices[number - 1]
    if words.word[end - 1] == ":":
        return voice or _colon(read, start, end - 1)
    if earlier == paragraph:
        if quotes:
            return voice if voice and (voice.speaker or voice.source) else None
        return _forward(read, number)
    if quotes and words.quote[quotes[-1]].goes_on and quotes[-1] == end - 1:
        return voice
    return _forward(read, number)


def _forward(read: Read, number: int) -> Voice | None:
    """“A.” “B,” he said: the speaker named in the next sentence of the same paragraph."""
    words = read.words
    if number + 1 >= len(words.sentences) or words.sentences[number + 1][2] != words.sentences[number][2]:
        return None
    first, last, _ = words.sentences[number + 1]
    if words.word[first] != QUOTE:
        return None
    for item in cued(words, first, last):
        if first in item.quotes:
            return _voice(read, number, item, None)
    return None


def _colon(read: Read, first: int, colon: int) -> Voice | None:
    """McCain was blunt: “…”: the one person whom the sentence names."""
    named = {id(person): person for person in named_in(read, first, colon)}
    if len(named) != 1 or TWO in named.values():
        return None
    person = next(iter(named.values()))
    words = read.words
    if words.word[first].removesuffix("’s").removesuffix("'s") not in person.titled.split():
        return None
    return Voice(person.titled, person, None, words.span(first, first + 1))


# --- quotations inside quotations -----------------------------------------------------------------


def _inside(text: str, found: list[Spoken]) -> Iterator[Spoken]:
    """“… Putin said: ‘…’,” said Peskov: the inner words are Putin's, as Peskov tells them."""
    quotes = quoted(text)
    inner = [item for item in quotes if item.depth > 0]
    if not inner:
        return
    outer = sorted((item for item in found if item.direct), key=lambda item: item.start)
    starts = [item.start for item in outer]
    for quote in inner:
        at = bisect_right(starts, quote.start) - 1
        around = outer[at] if at >= 0 and outer[at].end >= quote.end else None
        named = _introduced(text, quote, around.start if around else quote.first)
        if named is None:
            continue
        cue, source, name = named
        person = find(name, text)
        yield Spoken(quote.start, quote.end, person.titled if person else name, True, cue, source)


def _introduced(text: str, quote: Quoted, floor: int) -> tuple[Span, Span, str] | None:
    """The name and the verb right before an inner quotation: Putin said: “…"""
    start = max(floor, quote.first - 80)
    words = words_of(text[start : quote.first].rstrip(" \u00a0,:"))
    end = len(words.word)
    if not end or words.low[-1] not in VERBS or words.quote:
        return None
    cue = (start + words.start[-1], start + words.end[-1])
    first = end - 1
    while first > 0 and words.cap(first - 1):
        first -= 1
    if first == end - 1 or words.low[first] in MEN | WOMEN | {"i", "he", "she", "we", "they"}:
        return None
    return cue, (start + words.start[first], start + words.end[end - 2]), words.phrase(first, end - 1)
