"""Omissions that a quotation marks ("...", "[...]"): where its parts stand, and what forbids leaving out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from assistant.models import QuoteStatus, Span
from assistant.quoting import places
from assistant.speaking import Text, one_utterance, voice_of

GAP = 60  # words that an omission inside one utterance may leave out
PARTS = 12  # of a quotation with omissions
PLACES = 200  # of each part that are looked at, so that hostile repetition costs little
CHAINS = 40  # places of the first part that are tried

_ELLIPSIS = re.compile(
    r"\s*(?:\[\s*(?:\.\s?\.\s?\.|…)\s*\]|\(\s*(?:\.\s?\.\s?\.|…)\s*\)|\.\s?\.\s?\.(?:\s?\.)?|…)[\s,;]*"
)
NEGATES = re.compile(
    r"\b(?:not|cannot|never|no|none|nobody|nothing|nowhere|neither|nor|without|until|till|hardly|barely|scarcely|den(?:y|ies|ied|ying)|"
    r"refus\w+|fail\w*|reject\w*|except\w*|unless|excluding|only|if|false|untrue|nicht|kein\w*|nie|niemals|ohne|außer|"
    r"nur|wenn|falls|sofern|ne|pas|jamais|sans|sauf|seulement|nunca|jamás|sin|si|solo|sólo|ningun\w*|salvo|excepto|"
    r"не|нет|ни|никогда|без|кроме|если|только|лишь|ніколи|немає|якщо|тільки)\b"
    r"|\b(?:is|are|was|were|do|does|did|has|have|had|can|could|wo|would|should|must|might|need|ai)n['’]t\b"
    r"|\b(?:can|wo|sha)['’]?t\b(?<=['’]t)|[不没無无非未]",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:may|might|could|would|should|perhaps|possibly|probably|allegedly|reportedly|almost|nearly|likely|"
    r"unlikely|planned to|plans to|hopes? to|wants? to|threatened to|alleged|suspected|so-called)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|"
    r"half|zwei|drei|vier|fünf|zehn|hundert|tausend|deux|trois|cent|mille|dos|tres|cien|mil|два|три|сто|тысяч\w*|"
    r"миллион\w*)\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:says?|said|told|tells|claim(?:s|ed)|according to|believes?|thinks?|argu(?:es|ed)|insist(?:s|ed)|"
    r"report(?:s|ed)|suggest(?:s|ed)|alleg(?:es|ed)|admit(?:s|ted)|announced?|сказал\w*|заявил\w*|sagte|erklärte|"
    r"a dit|dijo)\b",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[.!?…][\s”\"»'’)]|\n")


def parts_of(quote: str) -> list[str]:
    """The parts between marked omissions; none where nothing is marked, or more than anybody would mark."""
    if not _ELLIPSIS.search(quote):
        return []
    parts = [part for part in _ELLIPSIS.split(quote) if re.search(r"\w", part)]
    return parts if len(parts) <= PARTS else []


def chains(parts: Sequence[str], text: str) -> Iterator[list[Span]]:
    """Places of the parts in their order, each as near to the one before it as can be."""
    found = [sorted(islice(places(part, text), PLACES)) for part in parts]
    for begin in found[0][:CHAINS]:
        chain = [begin]
        for spans in found[1:]:
            after = bisect_left(spans, (chain[-1][1], 0))
            if after == len(spans):
                break
            chain.append(spans[after])
        else:
            yield chain


@dataclass(frozen=True, slots=True)
class Broken:
    """Why an omission is not honest, and the status that this gives the quotation."""

    status: QuoteStatus
    why: str


def broken(chain: Sequence[Span], source: Text) -> Broken | None:
    """What forbids the omissions between the spans; None if nothing does."""
    single = [len(source.text[slice(*span)].split()) < 2 for span in chain]
    if any(single[1:-1]) or all(single):
        return Broken("stitched", "it picks single words")
    for (_, start), (end, _) in pairwise(chain):
        if not one_utterance(source, start, end):
            return Broken("stitched", "it joins words that are not one utterance")
        gap = _without_tags(source, start, end)
        if len(gap.split()) > GAP:
            return Broken("stitched", "it leaves out too much between its parts")
        if found := NEGATES.search(gap):
            return Broken("altered", f"it leaves out “{found.group()}”")
        if found := _NUMBERS.search(gap):
            return Broken("altered", f"it leaves out a number (“{' '.join(gap.split())[:80]}”)")
        if (found := _HEDGES.search(gap)) and not _STOPS.search(gap):
            return Broken("altered", f"it leaves out “{found.group()}”")
        if found := _REPORTS.search(gap):
            return Broken("stitched", f"somebody else speaks in what it leaves out (“{found.group()}”)")
    return None


def _without_tags(source: Text, start: int, end: int) -> str:
    """A gap without the "..., he said." that interrupts direct speech, which may hold no dropped meaning."""
    before = voice_of(source, start - 1)
    if before is None or not before.direct or not before.start <= start <= before.end < end:
        return source.text[start:end]
    after = voice_of(source, end)
    if after is None or after == before:
        return source.text[start:end]
    return source.text[start : before.end] + " " + source.text[min(after.start, end) : end]
