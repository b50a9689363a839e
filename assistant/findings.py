"""The finding on a claim as the loaded sources report it, and the named rule that gave it.

Voices are counted by origin, so that a reprint confirms nothing; what an outlet has taken back does not
count. The outlet's own voice weighs differently from somebody whom it quotes: what only a quoted party
says is never `supported`. `RULES` has every rule in words; the README prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.framing import framing
from assistant.models import Finding, Kind
from assistant.renderings import same_person
from assistant.stances import UNNAMED, Heard

NOTHING_ADDRESSES = "no_passage_addresses_it"
NO_SIDE = "no_voice_takes_a_side"
BOTH_SIDES = "affirmed_and_denied"
AGAINST_REPORTS = "denied_against_reports"
ONE_SPEAKER_BOTH = "one_voice_says_both"
OWN_VOICE = "affirmed_in_own_voice"
ONLY_QUOTED = "affirmed_only_by_quoted_parties"
DENIED = "denied_in_own_voice"
ONLY_DENIED = "denied_only_by_quoted_parties"

RULES: Mapping[str, str] = {
    NOTHING_ADDRESSES: "No passage of any source that was asked addresses the claim.",
    "model_finds_no_answer": "The model found no answer in the passages that it was shown.",
    NO_SIDE: "Passages address it, but no voice in them could be read as affirming or denying it.",
    BOTH_SIDES: "At least one voice affirms the claim and at least one other denies it.",
    AGAINST_REPORTS: "It is denied, and an outlet tells of reports that say the opposite.",
    ONE_SPEAKER_BOTH: "The same voice affirms it in one place and denies it in another.",
    OWN_VOICE: "At least one outlet states it in its own voice, and nobody denies it.",
    ONLY_QUOTED: "Only people or bodies whom the outlets quote say so; no outlet states it in its own voice.",
    DENIED: "At least one outlet states the opposite in its own voice, and nobody affirms the claim.",
    ONLY_DENIED: "It is denied, by quoted parties only, and nobody affirms it.",
}
"""What each rule of a finding says, by name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding and the name of its rule; no finding for a question that is answered and not decided."""

    finding: Finding | None
    rule: str


def _is_one_voice(voices: Sequence[Heard]) -> bool:
    """Whether all are one outlet, or one person or body whom any number of outlets quote."""
    known = [voices[0]]
    left = list(voices[1:])
    while near := [voice for voice in left if any(_same_voice(voice, other) for other in known)]:
        known += near
        left = [voice for voice in left if voice not in near]
    return not left


def _same_voice(one: Heard, other: Heard) -> bool:
    if one.source == other.source and one.speaker == other.speaker:
        return True
    if not one.speaker or not other.speaker or UNNAMED in (one.speaker, other.speaker):
        return False
    if one.source != other.source and any(_is_anyone(voice.speaker or "") for voice in (one, other)):
        return False
    return same_person(one.rendering, other.rendering)


def _is_anyone(speaker: str) -> bool:
    """Whether a description may be of somebody else in every article: "a spokesman", "witnesses"."""
    first = speaker.split()[0]
    return first.lower() in ("a", "an", "one", "some") or (first.islower() and first != "the")


def decide(
    claim: str | None,
    heard: Mapping[str, Sequence[Heard]],
    counts: Callable[[Heard], bool],
    kind: Kind = "claim",
) -> Decision:
    """The finding over the voices of all sources; `counts` is False for what was taken back.

    A statement always has a finding. A yes-or-no question that passages address, and on which no voice
    takes a side, has none: it is answered by what is quoted.
    """
    voices = [voice for found in heard.values() for voice in found]
    if not voices:
        return Decision("not_enough_evidence", NOTHING_ADDRESSES)
    if claim is None:
        return Decision(None, "")
    standing = [voice for voice in voices if counts(voice)]
    affirms = [voice for voice in standing if voice.stance == "affirms"]
    denies = [voice for voice in standing if voice.stance == "denies"]
    if affirms and denies:
        several = not _is_one_voice(affirms + denies)
        return Decision("conflicting", BOTH_SIDES if several else ONE_SPEAKER_BOTH)
    if affirms:
        # "Peskov said that p" is affirmed by an outlet that reports him saying so.
        own = framing(claim).speaker is not None or any(voice.speaker is None for voice in affirms)
        return Decision("supported", OWN_VOICE) if own else Decision("attributed_only", ONLY_QUOTED)
    if denies:
        if any(voice.passed_on for voice in standing):
            return Decision("conflicting", AGAINST_REPORTS)
        own = any(voice.speaker is None for voice in denies)
        return Decision("contradicted", DENIED if own else ONLY_DENIED)
    return Decision("not_enough_evidence" if kind == "claim" else None, NO_SIDE)
