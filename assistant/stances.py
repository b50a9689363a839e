"""Whose voices speak in the evidence, and where each of them stands to the claim.

A sentence can hold several voices: "Peskov stated that there were no soldiers, despite reports that some
had been seen" is Peskov's denial and the outlet's mention of reports. Each voice is judged by its own words
alone, and a verb of denial in front of them turns the stance. What the outlet only passes on is a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.attribution import Spoken
from assistant.damage import MISLEADING, damage_in
from assistant.evidence import Asked, Evidence, gives_orders
from assistant.framing import framing
from assistant.judging import Judge, Judgement, Pair
from assistant.models import Span, Stance
from assistant.persons import find, same_speaker
from assistant.renderings import Rendering
from assistant.synonyms import same
from assistant.text import content_words, trim, words
from assistant.tokens import parse

OWN_WORDS = (
    3  # content words of the outlet's own in a sentence, beside what it lets others say, to be a voice
)
UNNAMED = "somebody who is quoted"
LEAST_QUOTED = 30  # characters of direct speech that are quoted without the sentence around them
MOST_OF = 0.6  # of a sentence that direct speech takes to be quoted alone

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|disput(?:e|es|ed|ing)|"
    r"rebuff(?:s|ed)?|debunk(?:s|ed)?|rul(?:e|es|ed|ing) out)\b",
    re.IGNORECASE,
)
_NOT_DENIED = re.compile(r"\b(?:not|never|without|n['’]t)\W+(?:\w+\W+)?\Z", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|wonder(?:s|ed|ing)?|question(?:s|ed|ing)?|inquir\w+)\b", re.IGNORECASE
)
_PASSED_ON = re.compile(
    r"\b(?:despite|in spite of|notwithstanding|contrary to|amid|even though|although|though)\b[^.;]{0,40}?"
    r"\b(?:reports?|reported|claims?|allegations?|accusations?|evidence|footage|images|videos?|witnesses|"
    r"sightings|rumou?rs|warnings?|denials?|suggestions?)\b[^.;]*",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(
    r"\A(?:the |these |those |some |several |many |media |press |news |earlier |previous |recent |such |"
    r"other |local |unconfirmed |widespread )*(?:reports?|rumou?rs|speculation|it)\Z",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Ww]e|us|Us|[Oo]ur)\b(?!['’])")
_OFFICE = re.compile(
    r"\b(?:spokes\w+|press secretary|chief executive|executive|ceo|head|chair\w*|director|manager|owner|"
    r"founder|representative|lawyer|attorney|president|secretary|mayor|minister)\s(?:for|of|to|at)\s(.+)"
)
_SPEAKS = re.compile(r"\b(?:spokes\w+|press secretary|representative|lawyer|attorney)\b", re.IGNORECASE)
_PRONOUNS = frozenset({"he", "she", "they", "we", "i", "it", "who", "which", "one", "him", "her", "them"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice in one sentence of evidence, and where it stands to the claim.

    `article.text[start:end]` is what is cited: direct speech alone where that is most of the sentence,
    else the sentence; `quoted` tells the two apart. `speaker`: None for the outlet itself. `content`: the
    words that were judged. `passed_on`: the outlet tells of reports that it does not make its own.
    """

    evidence: Evidence
    start: int
    end: int
    speaker: str | None
    content: str
    cue: str = ""
    stance: Stance = "mentions"
    rule: str = ""
    quoted: bool = False
    passed_on: bool = False

    @property
    def text(self) -> str:
        """What is cited, as it stands in the article."""
        return self.evidence.article.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands in the article."""
        return self.start, self.end

    @property
    def rendering(self) -> Rendering:
        """The voice as a quotation, by which persons are told apart (`renderings.same_person`)."""
        return Rendering(self.evidence.article, self.start, self.end, self.speaker)

    @property
    def source(self) -> str:
        """The id of the article."""
        return self.evidence.article.id


def hear(asked: Sequence[Asked], claim: str | None, judge: Judge) -> dict[str, tuple[Heard, ...]]:
    """The voices of each source by article id, in the order of the text, each judged by its own words.

    Without a claim nobody takes a side: every voice only mentions what was asked.
    """
    deeds = _deeds(claim)
    found = [voice for item in asked for evidence in item.evidence for voice in _voices(evidence, deeds)]
    if claim:
        found = _judged(found, claim, judge)
    found = [voice for voice in found if not _idle(voice, found)]
    return {
        item.reading.article.id: tuple(voice for voice in found if voice.source == item.reading.article.id)
        for item in asked
    }


# --- who speaks -----------------------------------------------------------------------------------


def _deeds(claim: str | None) -> frozenset[str]:
    """The stems of a claim that may itself be about a speech act: "Russia has ruled out ..."."""
    if not claim or framing(claim).speaker:
        return frozenset()
    return frozenset(content_words(claim))


def _voices(item: Evidence, deeds: frozenset[str]) -> Iterator[Heard]:
    """The voices of one sentence: everybody who is quoted in it, and the outlet in the rest.

    What is said behind one of the `deeds` is no voice of its own: that it was ruled out is the claim.
    """
    groups: dict[str | None, list[Spoken]] = {}
    taken = _innermost(item, deeds)
    for found in taken:
        groups.setdefault(_speaker(item, found), []).append(found)
    for speaker, group in groups.items():
        yield _spoken(item, speaker, group, alone=len(groups) == 1)
    passed = _passed_on(item)
    if passed:
        yield passed
    own = _own_words(item, taken)
    if None not in groups and (not groups or (not passed and len(set(content_words(own))) >= OWN_WORDS)):
        yield Heard(item, item.start, item.end, None, own)


def _innermost(item: Evidence, deeds: frozenset[str]) -> list[Spoken]:
    """The speech that reaches into a sentence, without that which only frames another's."""
    inside = [
        found
        for found in item.spoken
        if found.start < item.end and item.start < found.end and not _is_deed(item, found, deeds)
    ]
    return [
        found
        for found in inside
        if words(_within(item, found))
        and not any(
            other is not found
            and found.start <= other.start
            and other.end <= found.end
            and (other.end - other.start) * 2 > found.end - found.start
            and _speaker(item, other) is not None
            for other in inside
        )
    ]


def _is_deed(item: Evidence, found: Spoken, deeds: frozenset[str]) -> bool:
    if not found.cue or found.direct:
        return False
    cue = set(content_words(item.article.text[slice(*found.cue)]))
    return bool(cue) and cue <= deeds


def _within(item: Evidence, found: Spoken) -> str:
    return item.article.text[max(item.start, found.start) : min(item.end, found.end)]


def _speaker(item: Evidence, found: Spoken) -> str | None:
    """The name of a speaker; else the words that stand for one; None where only reports are told of."""
    if found.speaker:
        return found.speaker
    if found.source is None:
        return UNNAMED if found.direct else None
    phrase = " ".join(item.article.text[slice(*found.source)].split()).strip(" ,")
    if _IMPERSONAL.match(phrase):
        return None
    return UNNAMED if phrase.casefold() in _PRONOUNS or not phrase else phrase


def _spoken(item: Evidence, speaker: str | None, group: Sequence[Spoken], *, alone: bool) -> Heard:
    text = item.article.text
    content = " ".join(_within(item, found).strip(" ,\n") for found in group)
    cues = [found.cue for found in group if found.cue]
    cue = text[cues[0][0] - 12 if cues[0][0] > 12 else 0 : cues[0][1]] if cues else ""
    span = quotation(item, group) if speaker and alone else None
    start, end = span or (item.start, item.end)
    return Heard(item, start, end, speaker, content, cue, quoted=span is not None, passed_on=speaker is None)


def quotation(item: Evidence, group: Sequence[Spoken]) -> Span | None:
    """The one direct quotation that most of a sentence is; None where its framing matters as much."""
    spans = [
        (found.start, found.end)
        for found in group
        if found.direct and item.start <= found.start and found.end <= item.end
    ]
    spans = [(a, b) for a, b in spans if b - a > LEAST_QUOTED]
    if len(spans) != 1 or spans[0][1] - spans[0][0] < MOST_OF * (item.end - item.start):
        return None
    start, end = spans[0]
    while end > start and item.article.text[end - 1] in ", ":
        end -= 1  # the comma belongs to the sentence around the quotation
    return (start, end) if words(item.article.text[start:end]) else None


def _passed_on(item: Evidence) -> Heard | None:
    """The clause in which the outlet tells of reports that go against what somebody says."""
    if not item.spoken or not (found := _PASSED_ON.search(item.text)):
        return None
    inside = [spoken for spoken in item.spoken if spoken.direct]
    at = item.start + found.start()
    if any(spoken.start <= at < spoken.end for spoken in inside):
        return None
    start, end = trim(item.article.text, (at, item.start + found.end()))
    return Heard(item, start, end, None, item.article.text[start:end], passed_on=True)


def _own_words(item: Evidence, taken: Sequence[Spoken]) -> str:
    """What is left of a sentence without what others say in it, and without who says that."""
    kept, at = "", item.start
    gone = [(found.start, found.end) for found in taken]
    gone += [span for found in taken for span in (found.cue, found.source) if span]
    for start, end in sorted(gone):
        kept += item.article.text[at : max(at, min(start, item.end))] + " "
        at = max(at, min(end, item.end))
    return (kept + item.article.text[at : item.end]).strip(' ,;:“”"«»—–-')


def _idle(voice: Heard, found: Sequence[Heard]) -> bool:
    """Whether the outlet only leads up to what somebody else says in the same sentence."""
    if voice.speaker is not None or voice.passed_on or voice.stance != "mentions":
        return False
    return any(other.evidence is voice.evidence and other.speaker is not None for other in found)


# --- where they stand -----------------------------------------------------------------------------


def _judged(found: Sequence[Heard], claim: str, judge: Judge) -> list[Heard]:
    frame = framing(claim)
    said = claim[slice(*frame.content)] if frame.speaker else claim
    pairs = [
        Pair(said if voice.speaker else claim, _named(voice), voice.evidence.article.date) for voice in found
    ]
    judged = []
    for voice, judgement in zip(found, judge.judge(pairs), strict=True):
        stance, rule = _stance(voice, judgement)
        if stance != "mentions" and frame.speaker and voice.speaker and not _speaks_for(voice, frame.speaker):
            stance, rule = "mentions", "another_speaker"  # who else says it is no word on who is meant
        judged.append(replace(voice, stance=stance, rule=rule))
    return judged


def _speaks_for(voice: Heard, claimed: str) -> bool:
    """Whether a voice is the speaker whom a claim names, or speaks by office for the body that it names."""
    text, speaker = voice.evidence.article.text, voice.speaker or ""
    if same_speaker(claimed, speaker, text):
        return True
    person = find(speaker, text)
    body = [token for token in parse(claimed).tokens if token.content]
    offices = [speaker, *(person.titles if person else ())]
    return bool(body) and any(
        _SPEAKS.search(office)
        and all(any(same(own, token) for token in parse(office).tokens) for own in body)
        for office in offices
    )


def _named(voice: Heard) -> str:
    """What a voice says, with its "I" and "we" as the speaker and those for whom the speaker speaks."""
    if not voice.speaker or not _FIRST_PERSON.search(voice.content):
        return voice.content
    person = find(voice.speaker, voice.evidence.article.text)
    offices = [found[1] for title in (person.titles if person else ()) if (found := _OFFICE.search(title))]
    whole = offices[0] if offices else voice.speaker
    speaker = person.name if person else voice.speaker

    def name(match: re.Match[str]) -> str:
        word = match[0].casefold()
        own = word in ("my", "our")
        return f"{speaker if word in ('i', 'me', 'my') else whole}{'’s' if own else ''}"

    return _FIRST_PERSON.sub(name, voice.content)


def _stance(voice: Heard, judgement: Judgement) -> tuple[Stance, str]:
    article = voice.evidence.article
    if (article.language or "en")[:2].lower() != "en":
        return "mentions", "other_language"
    if any(
        mark.kind in MISLEADING for mark in damage_in(article.text, voice.start, voice.end, article.language)
    ):
        return "mentions", "damaged_text"
    if gives_orders(article, (voice.start, voice.end)):
        return "mentions", "planted_instruction"
    if voice.passed_on:
        return "mentions", "reports_passed_on"
    if judgement.label == "neutral":
        return "mentions", judgement.rule
    if judgement.hedged:
        return "mentions", "hedged"
    if _ASKS.search(voice.cue):
        return "mentions", "asked"
    denial = _DENIES.search(voice.cue)
    if denial and not _NOT_DENIED.search(voice.cue[: denial.start()]):
        turned: Mapping[str, Stance] = {"supports": "denies", "refutes": "mentions"}
        return turned[judgement.label], "denial_verb"
    return ("affirms" if judgement.label == "supports" else "denies"), judgement.rule


def together(stances: Sequence[Stance]) -> Stance:
    """One stance for several: both sides are `mixed`, and a side outweighs a mention."""
    sides = {"affirms", "denies"} & set(stances)
    if len(sides) == 2 or "mixed" in stances:
        return "mixed"
    if sides:
        return "affirms" if "affirms" in sides else "denies"
    return "mentions" if stances else "silent"


def by_speaker(heard: Sequence[Heard]) -> dict[str | None, list[Heard]]:
    """The voices of one source, each speaker's together, in the order in which they are first heard."""
    groups: dict[str | None, list[Heard]] = {}
    for voice in heard:
        groups.setdefault(voice.speaker, []).append(voice)
    return groups
