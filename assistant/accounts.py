"""Who says what: every source's voices with their stances, and how the accounts differ.

One comparison is made for each question, whichever engine writes the prose, and code alone makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from assistant.citations import cite
from assistant.claims import claim_of
from assistant.corrections import Correction, corrections
from assistant.disagreements import Clash, Spot, agree, clashes
from assistant.embedding import Embedder
from assistant.evidence import Asked
from assistant.figures import figures
from assistant.findings import Decision, decide
from assistant.judging import Judge, Pair, RuleJudge
from assistant.models import (
    Account,
    Article,
    Citation,
    Disagreement,
    Kind,
    Notice,
    Origin,
    Passage,
    Side,
    Stance,
    Utterance,
    Voice,
)
from assistant.origins import origins_of
from assistant.stances import Heard, by_speaker, hear, together
from assistant.text import content_words
from assistant.utterances import TwoRenderings, same_utterances

SHARED, ALIKE = 3, 0.5  # stems in common, and their share, of two voices that may contradict each other
MOST_PAIRS = 120  # pairs of voices that are judged against each other for an open question
SIDES = "affirmed_and_denied"
CONTRADICTS = "said_and_denied"

PassagesOf = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the sources say to one question, side by side. `heard`: the voices of each source by id.

    `agreed`: pairs of voices of different origins that say the same.
    """

    claim: str | None
    asked: tuple[Asked, ...]
    heard: Mapping[str, tuple[Heard, ...]]
    origins: tuple[Origin, ...]
    decision: Decision
    clashes: tuple[Clash, ...] = ()
    utterances: tuple[TwoRenderings, ...] = ()
    corrections: tuple[Correction, ...] = ()
    agreed: tuple[tuple[Heard, Heard], ...] = ()
    _origin: Mapping[str, str] = field(default_factory=dict)

    def origin(self, source: str) -> str:
        """The id of the origin of a source."""
        return self._origin.get(source, source)

    def voices(self, *stances: Stance) -> list[Heard]:
        """Every voice with one of these stances, what was taken back left out; leading sources first."""
        return [
            voice
            for item in self.asked
            for voice in self.heard[item.reading.article.id]
            if voice.stance in stances and not self.taken_back(voice)
        ]

    @property
    def relevant(self) -> tuple[Correction, ...]:
        """The corrections that touch what was heard, on either side of them."""
        return tuple(
            item
            for item in self.corrections
            if any(
                (voice.source, voice.evidence.start < end, start < voice.evidence.end) == (source, True, True)
                for found in self.heard.values()
                for voice in found
                for source, start, end in (
                    (item.article.id, item.start, item.end),
                    (item.earlier.id, *item.old),
                )
            )
        )

    def taken_back(self, voice: Heard) -> bool:
        """Whether the outlet has corrected this sentence since."""
        return any(
            item.earlier.id == voice.source
            and item.old[0] < voice.evidence.end
            and voice.evidence.start < item.old[1]
            for item in self.corrections
        )


def compare(
    asked: Sequence[Asked],
    question: str,
    *,
    kind: Kind = "claim",
    judge: Judge | None = None,
    embedder: Embedder | None = None,
) -> Comparison:
    """Compares the sources that were asked, each by its own passages. `judge`: the rules where None."""
    judge = judge or RuleJudge()
    claim = claim_of(question)
    speaking = [item for item in asked if item.evidence]
    articles = [item.reading.article for item in speaking]
    mended = corrections(articles)
    heard = _mended(hear(asked, claim, judge), claim, mended)
    spans = {
        item.reading.article.id: [(found.start, found.end) for found in item.evidence] for item in speaking
    }
    origins = origins_of([item.reading.article for item in asked], spans)
    origin = {source: item.id for item in origins for source in item.sources}
    draft = Comparison(
        claim, tuple(asked), heard, origins, Decision(None, ""), corrections=mended, _origin=origin
    )
    found = clashes(speaking, draft.origin, mended)
    if claim is None:
        found = (*found, *_opposed(draft, judge))
    return replace(
        draft,
        decision=decide(claim, heard, lambda voice: not draft.taken_back(voice), kind),
        clashes=found,
        utterances=tuple(_worth_showing(same_utterances(articles, embedder), speaking)),
        agreed=tuple(_agreed(draft, judge)),
    )


def _mended(
    heard: dict[str, tuple[Heard, ...]], claim: str | None, mended: Sequence[Correction]
) -> dict[str, tuple[Heard, ...]]:
    """The stances of corrections: which of its two values the claim has."""
    stated = figures(claim) if claim else []

    def stance(voice: Heard) -> Heard:
        for item in mended:
            if item.article.id != voice.source or not (
                item.start < voice.evidence.end and voice.evidence.start < item.end
            ):
                continue
            right, wrong = figures(item.right), figures(item.wrong)
            if any(agree(a, b) for a in stated for b in right):
                return replace(voice, stance="affirms", rule="corrected_by_outlet")
            if any(agree(a, b) for a in stated for b in wrong):
                return replace(voice, stance="denies", rule="corrected_by_outlet")
            return replace(voice, stance="mentions", rule="corrected_by_outlet")
        return voice

    return {source: tuple(map(stance, voices)) for source, voices in heard.items()}


def _worth_showing(found: Sequence[TwoRenderings], speaking: Sequence[Asked]) -> Iterator[TwoRenderings]:
    """Renderings of which at least one addresses the question."""
    spans = {item.reading.article.id: [(one.start, one.end) for one in item.evidence] for item in speaking}
    for pair in found:
        if any(
            side.start < end and start < side.end
            for side in (pair.a, pair.b)
            for start, end in spans[side.article.id]
        ):
            yield pair


# --- voices against each other --------------------------------------------------------------------


def _pairs(comparison: Comparison) -> list[tuple[Heard, Heard]]:
    """Voices of different origins that share enough words to be about one thing, the closest first."""
    voices = [
        voice
        for found in comparison.heard.values()
        for voice in found
        if voice.content and not voice.passed_on and not comparison.taken_back(voice)
    ]
    stems = {id(voice): frozenset(content_words(voice.content)) for voice in voices}
    close: list[tuple[float, int, tuple[Heard, Heard]]] = []
    for number, (one, other) in enumerate(combinations(voices, 2)):
        if comparison.origin(one.source) == comparison.origin(other.source):
            continue
        a, b = stems[id(one)], stems[id(other)]
        shared = len(a & b) / (min(len(a), len(b)) or 1)
        if len(a & b) >= SHARED and shared >= ALIKE:
            close.append((-shared, number, (one, other)))
    return [pair for _, _, pair in sorted(close, key=lambda item: item[:2])[:MOST_PAIRS]]


def _judgements(
    pairs: Sequence[tuple[Heard, Heard]], judge: Judge
) -> Iterator[tuple[Heard, Heard, str, str]]:
    both = [pair for one, other in pairs for pair in ((one, other), (other, one))]
    asked = [Pair(a.content, b.content, b.evidence.article.date) for a, b in both]
    found = judge.judge(asked) if asked else []
    for (one, other), ahead, back in zip(pairs, found[::2], found[1::2], strict=True):
        labels = {item.label for item in (ahead, back) if not item.hedged}
        rule = next((item.rule for item in (ahead, back) if item.label == "refutes"), "")
        if "refutes" in labels and "supports" not in labels:
            yield one, other, "refutes", rule
        elif "supports" in labels and "refutes" not in labels:
            yield one, other, "supports", ""


def _opposed(comparison: Comparison, judge: Judge) -> Iterator[Clash]:
    """For an open question: voices that say the opposite of each other, numbers and dates left out."""
    for one, other, label, rule in _judgements(_pairs(comparison), judge):
        if label == "refutes" and not rule.startswith(("number", "date", "time")):
            about = " ".join(one.content.split())
            sides = tuple(
                (
                    Spot(
                        voice.evidence.article,
                        voice.evidence.passage,
                        voice.evidence.start,
                        voice.evidence.end,
                        "",
                    ),
                )
                for voice in (one, other)
            )
            yield Clash(about if len(about) <= 120 else about[:119].rstrip() + "…", sides, CONTRADICTS)


def _agreed(comparison: Comparison, judge: Judge) -> Iterator[tuple[Heard, Heard]]:
    """Outlets that say the same: for a claim those that affirm it; else those whose own words do."""
    own = [voice for voice in comparison.voices("affirms") if voice.speaker is None]
    if comparison.claim is not None:
        for one, other in combinations(own, 2):
            if comparison.origin(one.source) != comparison.origin(other.source):
                yield one, other
        return
    pairs = [(a, b) for a, b in _pairs(comparison) if a.speaker is None and b.speaker is None]
    for one, other, label, _ in _judgements(pairs, judge):
        if label == "supports":
            yield one, other


# --- the contract's objects -----------------------------------------------------------------------


def accounts_of(comparison: Comparison, citations: dict[str, Citation]) -> tuple[Account, ...]:
    """One account for each source: its voices with their stances, or silence; fills `citations`."""
    return tuple(_account(item, comparison, citations) for item in comparison.asked)


def _account(asked: Asked, comparison: Comparison, citations: dict[str, Citation]) -> Account:
    article = asked.reading.article
    voices = []
    for speaker, group in by_speaker(comparison.heard[article.id]).items():
        keys = tuple(dict.fromkeys(cite_voice(voice, citations) for voice in group))
        standing = [voice.stance for voice in group if not comparison.taken_back(voice)]
        voices.append(Voice(speaker, together(standing or ["mentions"]), keys))
    used = {item.passage.id for item in asked.evidence}
    nearest = []
    for hit in asked.reading.hits:
        if hit.passage.id not in used:
            found = cite(article, hit.passage, hit.passage.start, hit.passage.end)
            nearest.append(citations.setdefault(found.key, found).key)
    stance = together([voice.stance for voice in voices])
    return Account(article.id, stance, tuple(voices), tuple(nearest))


def cite_voice(voice: Heard, citations: dict[str, Citation]) -> str:
    """The key of what a voice says, entered into `citations`."""
    found = cite(voice.evidence.article, voice.evidence.passage, voice.start, voice.end, over=True)
    return citations.setdefault(found.key, found).key


def cite_spot(spot: Spot, citations: dict[str, Citation]) -> str:
    """The key of a sentence that states a value, entered into `citations`."""
    found = cite(spot.article, spot.passage, spot.start, spot.end)
    return citations.setdefault(found.key, found).key


def disagreements_of(comparison: Comparison, citations: dict[str, Citation]) -> tuple[Disagreement, ...]:
    """Who affirms the claim against who denies it, then every fact that differs; fills `citations`."""
    found: list[Disagreement] = []
    affirms, denies = comparison.voices("affirms"), comparison.voices("denies")
    if comparison.claim and affirms and denies:
        sides = tuple(_side(voices, citations) for voices in (affirms, denies))
        found.append(Disagreement(comparison.claim, sides, SIDES))
    for clash in comparison.clashes:
        sides = tuple(
            Side(
                tuple(dict.fromkeys(spot.article.id for spot in side)),
                tuple(dict.fromkeys(cite_spot(spot, citations) for spot in side)),
            )
            for side in clash.sides
        )
        if not any(known.sides == sides for known in found):
            found.append(Disagreement(clash.about, sides, clash.rule))
    return tuple(found)


def _side(voices: Sequence[Heard], citations: dict[str, Citation]) -> Side:
    return Side(
        tuple(dict.fromkeys(voice.source for voice in voices)),
        tuple(dict.fromkeys(cite_voice(voice, citations) for voice in voices)),
    )


def utterances_of(
    comparison: Comparison, citations: dict[str, Citation], passages_of: PassagesOf
) -> tuple[Utterance, ...]:
    """Utterances in two renderings, with the differences that carry meaning; fills `citations`."""
    found = []
    for pair in comparison.utterances:
        keys = [
            _cite_span(side.article, side.start, side.end, passages_of, citations)
            for side in (pair.a, pair.b)
        ]
        if all(keys):
            speaker = max((pair.a.speaker or "", pair.b.speaker or ""), key=len) or None
            found.append(Utterance(speaker, tuple(key for key in keys if key), pair.differences))
    return tuple(found)


def _cite_span(
    article: Article, start: int, end: int, passages_of: PassagesOf, citations: dict[str, Citation]
) -> str | None:
    for passage in passages_of(article.id):
        if passage.start <= start < passage.end:
            found = cite(article, passage, start, end, over=True)
            return citations.setdefault(found.key, found).key
    return None


def cite_correction(
    item: Correction, passages_of: PassagesOf, citations: dict[str, Citation]
) -> tuple[str, str] | None:
    """The keys of the earlier sentence and of its correction; None where one of them is in no passage."""
    old = _cite_span(item.earlier, *item.old, passages_of, citations)
    new = _cite_span(item.article, item.start, item.end, passages_of, citations)
    return (old, new) if old and new else None


def superseded(comparison: Comparison) -> Iterator[Notice]:
    """What the outlets have taken back of what the answer read."""
    for item in comparison.relevant:
        name = item.article.outlet or f"“{item.article.title}”"
        change = f": {item.wrong} became {item.right}" if item.wrong and item.right else ""
        yield Notice(
            "superseded",
            f"{name} has corrected what it printed on {item.earlier.date}{change}. The earlier sentence does "
            "not count.",
            item.earlier.id,
        )
