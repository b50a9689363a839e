"""The engine without a model server: it finds, quotes and sets side by side; it writes no claim of its own.

Every word between the quotation marks of its sentences is copied from a source; the words around
them say only whose they are, and whether the accounts agree. So each of its sentences is proved as soon as
its quotations are. What the sources agree on comes first, then each difference with both sides, then who
is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from assistant.accounts import Comparison, PassagesOf, accounts_of, cite_correction, cite_spot, cite_voice
from assistant.corrections import Correction
from assistant.damage import MISLEADING, damage_in
from assistant.disagreements import CORRECTED, UPDATED, Clash, Spot
from assistant.evidence import Asked
from assistant.findings import ONLY_QUOTED
from assistant.models import Account, Citation, Origin, Quote, Sentence
from assistant.naming import capital, listed, names_of
from assistant.stances import Heard
from assistant.text import long_date

MOST = 4  # sentences before the one that says who repeats it and who is silent
PER_SOURCE = 2  # sentences quoted from one source where few speak
BESIDE = 0.5  # the score that a second sentence of a source needs to be quoted in the summary
TIE = 0.3  # scores that differ by less do not rank passages
SIDED = 2.0  # what taking a side adds to the score of a sentence
NAMED = 3  # silent sources listed by name in the summary
DIFFERENCES = 2  # facts that differ which the summary tells; all of them stand below it


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine says: sentences, one account for each source, and the spans that both cite."""

    summary: tuple[Sentence, ...]
    accounts: tuple[Account, ...]
    citations: dict[str, Citation]


def compose(comparison: Comparison, passages_of: PassagesOf = lambda _: ()) -> Draft:
    """The answer over sources that were compared, the ones that address the question first.

    `passages_of`: every passage of an article, for corrections of sentences that were not read. Sources of
    one origin speak once: the first of them is quoted, and the others are named.
    """
    citations: dict[str, Citation] = {}
    speaking, copies = apart([item for item in comparison.asked if item.evidence], comparison.origins)
    if not speaking:
        accounts = accounts_of(comparison, citations)
        return Draft((Sentence(not_enough(len(comparison.asked)), (), "proved"),), accounts, citations)
    names = names_of([item.reading.article for item in comparison.asked])
    writing = _Writing(comparison, names, citations, passages_of)
    lines = list(writing.body(speaking))
    if tail := writing.tail(speaking, copies):
        lines.append(tail)
    return Draft(tuple(lines), accounts_of(comparison, citations), citations)


def apart(asked: Sequence[Asked], origins: Sequence[Origin]) -> tuple[list[Asked], list[Asked]]:
    """The first source of each origin, and the copies of these."""
    origin = {source: item.id for item in origins for source in item.sources}
    first: dict[str, Asked] = {}
    copies: list[Asked] = []
    for item in asked:
        source = item.reading.article.id
        if first.setdefault(origin.get(source, source), item) is not item:
            copies.append(item)
    return list(first.values()), copies


@dataclass(slots=True)
class _Writing:
    """An answer as it is written: what was quoted already, and of whom."""

    comparison: Comparison
    names: dict[str, str]
    citations: dict[str, Citation]
    passages_of: PassagesOf
    quoted: set[tuple[str, int, int]] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)

    def body(self, speaking: Sequence[Asked]) -> Iterator[Sentence]:
        """At most MOST sentences: what is agreed, what differs, then what else is said."""
        yield from islice(self._lines(speaking), MOST)

    def _lines(self, speaking: Sequence[Asked]) -> Iterator[Sentence]:
        affirms, denies = self.comparison.voices("affirms"), self.comparison.voices("denies")
        if self.comparison.claim and affirms and denies:
            yield self._differ(affirms, denies)
            sides = sorted([affirms, denies], key=len, reverse=True)
            for side in sides:
                yield from self._side(side)
        elif agreed := self.comparison.agreed:
            yield self._agree(*agreed[0])
        for correction in self.comparison.relevant[:1]:
            yield from self._corrected(correction)
        told = [clash for clash in self.comparison.clashes if clash.rule not in (CORRECTED, UPDATED)]
        for clash in told[:DIFFERENCES]:
            if any(not self._was_quoted(spot) for side in clash.sides for spot in side[:1]):
                yield self._clash(clash)
        each = PER_SOURCE if len(speaking) <= 2 else 1
        for item in self._ranked(speaking):
            yield from self._source(item, each)

    def _ranked(self, speaking: Sequence[Asked]) -> list[Asked]:
        """Sources that take a side first, where a claim was asked."""
        sided = {voice.source for voice in self.comparison.voices("affirms", "denies")}
        return sorted(speaking, key=lambda item: item.reading.article.id not in sided)

    # --- one sentence each ------------------------------------------------------------------------

    def _differ(self, affirms: Sequence[Heard], denies: Sequence[Heard]) -> Sentence:
        keys = tuple(cite_voice(side[0], self.citations) for side in (affirms, denies))
        several = {voice.source for voice in (*affirms, *denies)}
        said = "The accounts differ." if len(several) > 1 else "The account holds both sides."
        return Sentence(said, keys, "proved")

    def _side(self, voices: Sequence[Heard]) -> Iterator[Sentence]:
        """The first voice of a side; the others of it stand in the accounts."""
        for voice in voices[:1]:
            yield self._quote(voice)

    def _agree(self, one: Heard, other: Heard) -> Sentence:
        names = [self.names[voice.source] for voice in (one, other)]
        parts: list[str | tuple[str, str]] = [f"{capital(listed(names))} agree: "]
        for number, voice in enumerate((one, other)):
            parts += [" and " if number else "", (voice.text, cite_voice(voice, self.citations))]
            self._note(voice)
        return _sentence(parts)

    def _clash(self, clash: Clash) -> Sentence:
        """Both sides of a fact that differs, each in its own words."""
        parts: list[str | tuple[str, str]] = ["The sources differ: "]
        for number, spot in enumerate(side[0] for side in clash.sides):
            key = cite_spot(spot, self.citations)
            name = self.names[spot.article.id]
            lead = f"; {name} says " if number else f"{name} says "
            parts += [lead, (spot.article.text[spot.start : spot.end], key)]
            self.quoted.add((spot.article.id, spot.start, spot.end))
            self.heard.add(spot.article.id)
        return _sentence(parts)

    def _corrected(self, item: Correction) -> Iterator[Sentence]:
        """What an outlet printed, and how it corrected that."""
        keys = cite_correction(item, self.passages_of, self.citations)
        if not keys:
            return
        outlet = item.article.outlet or self.names[item.article.id]
        printed = f" on {long_date(item.earlier.date)}" if item.earlier.date else ""
        yield _sentence(
            [
                f"{capital(outlet)} has corrected itself: it printed{printed} ",
                (item.earlier.text[slice(*item.old)], keys[0]),
                " and now says ",
                (item.article.text[item.start : item.end], keys[1]),
            ]
        )
        self.quoted |= {(item.earlier.id, *item.old), (item.article.id, item.start, item.end)}
        self.heard |= {item.earlier.id, item.article.id}

    def _source(self, item: Asked, each: int) -> Iterator[Sentence]:
        """The voices of a source that the summary quotes, in the order of the text."""
        if each == 1 and item.reading.article.id in self.heard:
            return
        for voice in self._leading(item, each):
            if not self._noted(voice):
                yield self._quote(voice)
                if other := self._other_rendering(voice):
                    yield self._quote(other)

    def _leading(self, asked: Asked, most: int) -> list[Heard]:
        """The best sentences of a source: those of its fullest passage, and those that take a side.

        Two sentences that stand together answer better than two rivals from different places.
        """
        voices = [
            voice
            for voice in self.comparison.heard[asked.reading.article.id]
            if not self.comparison.taken_back(voice)
        ] or list(self.comparison.heard[asked.reading.article.id])
        if not voices:
            return []
        voices = [voice for voice in voices if not voice.passed_on] or voices
        passages: dict[str, list[Heard]] = {}
        for voice in sorted(voices, key=_weight, reverse=True):
            passages.setdefault(voice.evidence.passage.id, []).append(voice)
        top = _weight(next(iter(passages.values()))[0])
        rivals = [found for found in passages.values() if _weight(found[0]) > top - TIE]
        fullest = max(rivals, key=lambda found: sum(map(_weight, found[:2])))
        kept = fullest[:1] + [voice for voice in fullest[1:most] if voice.evidence.score > BESIDE]
        return sorted(kept, key=lambda voice: voice.start)

    def _quote(self, voice: Heard) -> Sentence:
        """Whose words they are, then the words."""
        name = self.names[voice.source]
        again = voice.source in self.heard
        if self._rendered_before(voice):
            lead = f"The same words in another rendering, in {name}: "
        elif voice.quoted:
            lead = f"It also quotes {voice.speaker}: " if again else f"{voice.speaker}, quoted by {name}: "
        elif voice.passed_on:
            lead = f"{'It also' if again else capital(name)} tells of this: "
        else:
            lead = f"{'It also' if again else capital(name)} {'reports' if voice.speaker else 'says'}: "
        article = voice.evidence.article
        if any(
            mark.kind in MISLEADING
            for mark in damage_in(article.text, voice.start, voice.end, article.language)
        ):
            lead = f"{lead[:-2]}, in a sentence whose text is damaged: "
        self._note(voice)
        return _sentence([capital(lead), (voice.text, cite_voice(voice, self.citations))])

    def _other_rendering(self, voice: Heard) -> Heard | None:
        """Who has the same utterance in other words, if that was heard and not quoted yet."""
        for pair in self.comparison.utterances:
            for own, other in ((pair.a, pair.b), (pair.b, pair.a)):
                if own.article.id == voice.source and own.start < voice.end and voice.start < own.end:
                    for found in self.comparison.heard.get(other.article.id, ()):
                        if found.start < other.end and other.start < found.end and not self._noted(found):
                            return found
        return None

    def _rendered_before(self, voice: Heard) -> bool:
        """Whether the other rendering of the same utterance was quoted before."""
        for pair in self.comparison.utterances:
            for own, other in ((pair.a, pair.b), (pair.b, pair.a)):
                mine = own.article.id == voice.source and own.start < voice.end and voice.start < own.end
                if mine and any(
                    source == other.article.id and start < other.end and other.start < end
                    for source, start, end in self.quoted
                ):
                    return True
        return False

    # --- what was said already, and the end -------------------------------------------------------

    def _note(self, voice: Heard) -> None:
        self.quoted.add((voice.source, voice.start, voice.end))
        self.heard.add(voice.source)

    def _noted(self, voice: Heard) -> bool:
        return any(
            source == voice.source and start < voice.end and voice.start < end
            for source, start, end in self.quoted
        )

    def _was_quoted(self, spot: Spot) -> bool:
        return any(
            source == spot.article.id and start < spot.end and spot.start < end
            for source, start, end in self.quoted
        )

    def tail(self, speaking: Sequence[Asked], copies: Sequence[Asked]) -> Sentence | None:
        """One sentence: who else speaks, who repeats a text, who is silent, and what nobody says."""
        left = [item for item in speaking if item.reading.article.id not in self.heard]
        silent = [item.reading.article for item in self.comparison.asked if not item.evidence]
        keys = tuple(cite_voice(self._best(item), self.citations) for item in (*left, *copies))
        parts = []
        if left:
            parts.append(f"sentences on it were also found in {self._listed(left)}")
        if copies:
            parts.append(f"{self._named(copies)} repeats what was quoted and counts once with it")
        if self.comparison.decision.rule == ONLY_QUOTED:
            parts.append("no source that was read says so in its own voice")
        if silent:
            names = [self.names[article.id] for article in silent]
            parts.append(silence(names, len(self.comparison.asked)).rstrip("."))
        if not parts:
            return None
        parts = [parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])]
        return Sentence(f"{capital('; '.join(parts))}.", keys, "proved")

    def _best(self, item: Asked) -> Heard:
        return max(
            self.comparison.heard[item.reading.article.id],
            key=lambda voice: (voice.evidence.score, -voice.start),
        )

    def _listed(self, asked: Sequence[Asked]) -> str:
        return listed([self.names[item.reading.article.id] for item in asked])

    def _named(self, asked: Sequence[Asked]) -> str:
        names = list(dict.fromkeys(self.names[item.reading.article.id] for item in asked))
        return (
            f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
            if len(names) > NAMED
            else listed(names)
        )


def _weight(voice: Heard) -> float:
    """How much a voice belongs into the summary: who takes a side comes before who only mentions it."""
    return voice.evidence.score + (SIDED if voice.stance in ("affirms", "denies") else 0.0)


def _sentence(parts: Sequence[str | tuple[str, str]]) -> Sentence:
    """A proved sentence of words of ours and of (verbatim words, key)."""
    text, quotes, keys = "", [], []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        words, key = part
        shown = in_quotes(words)
        quotes.append(Quote(len(text) + 1, len(text) + len(shown) - 1, "verbatim", key))
        keys.append(key)
        text += shown
    return Sentence(text, tuple(dict.fromkeys(keys)), "proved", quotes=tuple(quotes))


def in_quotes(text: str) -> str:
    """`text` in curly quote marks, on one line; marks inside it stay as they are in the source.

    White space is evened out for reading only: the citation keeps the span as it is.
    """
    return f"“{' '.join(text.split())}”"


def silence(silent: Sequence[str], total: int) -> str:
    """In which of the sources that were asked, by name, nothing was found: what the search gave, no more."""
    if len(silent) > NAMED:
        return f"Nothing on it was found in the other {len(silent)} of the {total} sources that were read."
    return f"Nothing on it was found in {listed(silent)}."


def not_enough(count: int) -> str:
    """The sentence for a question that none of the `count` sources addresses."""
    if not count:
        return "There is not enough evidence: no source is within the filters of this question."
    read = "the one source that was read" if count == 1 else f"any of the {count} sources that were read"
    return f"There is not enough evidence: nothing in {read} addresses the question."
