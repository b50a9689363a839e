"""The engine without a model server: it finds, quotes and sets side by side; it writes no claim of its own.

Every word between the quotation marks of its sentences is copied from a source; the words around
them say only whose they are, and whether the accounts agree. So each of its sentences is proved as soon as
its quotations are. What the sources agree on comes first, then each difference with both sides, then who
is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from assistant.accounts import Comparison, PassagesOf, accounts_of, cite_correction, cite_spot, cite_voice
from assistant.corrections import Correction
from assistant.damage import MISLEADING, damage_in
from assistant.disagreements import ALIKE, CORRECTED, SHARED, UPDATED, Clash, Spot, concerns
from assistant.evidence import Asked
from assistant.findings import ONLY_QUOTED
from assistant.judging import Pair, RuleJudge
from assistant.models import Account, Citation, Origin, Quote, Sentence
from assistant.naming import capital, listed, names_of
from assistant.phrasing import called, in_quotes, is_later, repeats, without_dateline
from assistant.stances import Heard
from assistant.text import content_words, long_date

MOST = 4  # sentences before the one that says who repeats it and who is silent
PER_SOURCE = 2  # sentences quoted from one source where few speak
BESIDE = 0.5  # the score that a second sentence of a source needs to be quoted in the summary
TIE = 0.3  # scores that differ by less do not rank passages
SIDED = 100.0  # what taking a side adds to the score of a sentence: more than any score
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
    foremost: Heard | None = None  # who speaks for the only side that is taken
    before: frozenset[str] = frozenset()  # whose words the last sentence has: whom "it" can mean

    def body(self, speaking: Sequence[Asked]) -> Iterator[Sentence]:
        """At most MOST sentences: what is agreed, what differs, then what else is said."""
        yield from islice(self._lines(speaking), MOST)

    def _lines(self, speaking: Sequence[Asked]) -> Iterator[Sentence]:
        affirms, denies = self.comparison.voices("affirms"), self.comparison.voices("denies")
        if self.comparison.claim and affirms and denies:
            yield self._differ(affirms, denies)
            for side in sorted([affirms, denies], key=len, reverse=True):
                yield self._quote(_foremost(side))
        elif agreed := next((pair for pair in self.comparison.agreed if self._agrees(*pair)), None):
            yield self._agree(*agreed)
        elif side := affirms or denies:
            self.foremost = _foremost(side)
        for correction in self.comparison.relevant[:1]:
            yield from self._corrected(correction)
        told = [clash for clash in self.comparison.clashes if self._leads(clash)]
        for clash in told[:DIFFERENCES]:
            if any(not self._was_quoted(spot) for side in clash.sides for spot in side[:1]):
                yield self._clash(clash)
        each = PER_SOURCE if len(speaking) <= 2 else 1
        for item in self._ranked(speaking):
            yield from self._source(item, each)

    def _ranked(self, speaking: Sequence[Asked]) -> list[Asked]:
        """Sources that take a side first, where a claim was asked, led by the one that speaks for it."""
        sided = {voice.source for voice in self.comparison.voices("affirms", "denies")}
        first = self.foremost.source if self.foremost else None
        return sorted(
            speaking,
            key=lambda item: (item.reading.article.id != first, item.reading.article.id not in sided),
        )

    def _leads(self, clash: Clash) -> bool:
        """Whether the summary tells of a difference: not where the claim is about something else."""
        claim = self.comparison.claim
        return clash.rule not in (CORRECTED, UPDATED) and (claim is None or concerns(clash, claim))

    def _agrees(self, one: Heard, other: Heard) -> bool:
        """Whether two voices say one thing: neither refutes the other, and they have words in common."""
        spots = [(voice.source, voice.start, voice.end) for voice in (one, other)]
        for clash in self.comparison.clashes:
            sides = [
                {n for n, (source, start, end) in enumerate(spots) for spot in side
                 if spot.article.id == source and spot.start < end and start < spot.end}
                for side in clash.sides
            ]  # fmt: skip
            if sum(map(bool, sides)) > 1:
                return False
        pairs = [Pair(a.content, b.content, b.evidence.article.date) for a, b in ((one, other), (other, one))]
        labels = {item.label for item in RuleJudge().judge(pairs)}
        if "refutes" in labels or "supports" in labels:
            return "refutes" not in labels
        a, b = (set(content_words(voice.content)) for voice in (one, other))
        return len(a & b) >= max(SHARED, ALIKE * min(len(a), len(b)))

    # --- one sentence each ------------------------------------------------------------------------

    def _differ(self, affirms: Sequence[Heard], denies: Sequence[Heard]) -> Sentence:
        keys = tuple(cite_voice(side[0], self.citations) for side in (affirms, denies))
        several = {voice.source for voice in (*affirms, *denies)}
        said = "The accounts differ." if len(several) > 1 else "The account holds both sides."
        return Sentence(said, keys, "proved")

    def _agree(self, one: Heard, other: Heard) -> Sentence:
        names = [self.names[voice.source] for voice in (one, other)]
        parts: list[str | tuple[str, str]] = [f"{capital(listed(names))} agree: "]
        for number, voice in enumerate((one, other)):
            parts += [" and " if number else "", (voice.text, cite_voice(voice, self.citations))]
            self._note(voice)
        self.before = frozenset({one.source, other.source})
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
        self.before = frozenset(side[0].article.id for side in clash.sides)
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
        self.before = frozenset({item.earlier.id, item.article.id})

    def _source(self, item: Asked, each: int) -> Iterator[Sentence]:
        """The voices of a source that the summary quotes: who speaks for a side, then the others in order."""
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
        for voice in sorted(voices, key=lambda voice: (voice is self.foremost, _weight(voice)), reverse=True):
            passages.setdefault(voice.evidence.passage.id, []).append(voice)
        best = next(iter(passages.values()))
        rivals = [found for found in passages.values() if _weight(found[0]) > _weight(best[0]) - TIE]
        fullest = max(rivals, key=lambda found: sum(map(_weight, found[:2])))
        fullest = best if best[0] is self.foremost else fullest
        kept = fullest[:1] + [voice for voice in fullest[1:most] if voice.evidence.score > BESIDE]
        return sorted(kept, key=lambda voice: (voice is not self.foremost, voice.start))

    def _quote(self, voice: Heard) -> Sentence:
        """Whose words they are, then the words."""
        name = self.names[voice.source]
        known = voice.source in self.heard
        who = "It also" if self.before == {voice.source} else f"{name} also" if known else name
        if self._rendered_before(voice):
            lead = f"The same words in another rendering, in {name}: "
        elif voice.quoted:
            speaker = called(voice, chain.from_iterable(self.comparison.heard.values()))
            lead = f"{who} quotes {speaker}: " if known else f"{speaker}, quoted by {name}: "
        elif voice.passed_on:
            lead = f"{who} tells of this: "
        else:
            lead = f"{who} {'reports' if voice.speaker else 'says'}: "
        article = voice.evidence.article
        if any(
            mark.kind in MISLEADING
            for mark in damage_in(article.text, voice.start, voice.end, article.language)
        ):
            lead = f"{lead[:-2]}, in a sentence whose text is damaged: "
        self._note(voice)
        self.before = frozenset({voice.source})
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
        parts += self._copied(speaking, copies)
        if self.comparison.decision.rule == ONLY_QUOTED:
            parts.append("no source that was read says so in its own voice")
        if silent:
            names = [self.names[article.id] for article in silent]
            said = silence(names, len(self.comparison.asked)).rstrip(".")
            parts.append(said[:1].lower() + said[1:])
        return Sentence(f"{capital('; '.join(parts))}.", keys, "proved") if parts else None

    def _copied(self, speaking: Sequence[Asked], copies: Sequence[Asked]) -> Iterator[str]:
        """Who prints the report of another source, the later one named as the one that repeats it."""
        for leader in speaking:
            source = leader.reading.article
            mates = [
                item for item in copies
                if self.comparison.origin(item.reading.article.id) == self.comparison.origin(source.id)
            ]  # fmt: skip
            spans = [(start, end) for known, start, end in self.quoted if known == source.id]
            same = [item for item in mates if repeats(item.reading.article, source, spans)]
            earlier = [item for item in same if is_later(source, item.reading.article)]
            later = [item for item in same if is_later(item.reading.article, source)]
            alike = [item for item in same if item not in earlier and item not in later]
            others = [item for item in mates if item not in same]
            name = self.names[source.id]
            if earlier:
                yield f"{name} repeats what {self._named(earlier)} printed before, and counts once with it"
            if later:
                yield f"{_do(self._named(later), later, 'repeat')} what is quoted of {name}{_once(later)}"
            if alike:
                yield f"{_do(self._named(alike), alike, 'print')} the same words as {name}{_once(alike)}"
            if others:
                yield f"{self._named(others)} and {name} go back to one report, which counts once"

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


def _do(names: str, who: Sequence[Asked], verb: str) -> str:
    return f"{names} {verb}{'s' if len(who) == 1 else ''}"


def _once(who: Sequence[Asked]) -> str:
    return f" and count{'s' if len(who) == 1 else ''} once with it"


def _foremost(voices: Sequence[Heard]) -> Heard:
    """The voice that speaks for its side: an outlet's own before one that it quotes, then the best."""
    return max(voices, key=lambda voice: (not voice.passed_on, voice.speaker is None, voice.evidence.score))


def _sentence(parts: Sequence[str | tuple[str, str]]) -> Sentence:
    """A proved sentence of words of ours and of (verbatim words, key)."""
    text, quotes, keys = "", [], []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        words, key = part
        shown = in_quotes(without_dateline(words))
        quotes.append(Quote(len(text) + shown.start, len(text) + shown.end, "verbatim", key))
        keys.append(key)
        text += shown.text
    return Sentence(text, tuple(dict.fromkeys(keys)), "proved", quotes=tuple(quotes))


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
