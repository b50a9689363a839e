"""Proof of one quotation: where its words stand in the sources, whose they are, and what was changed.

The status is decided by code alone, in this order: the words as they stand in the claimed source; with
marked omissions; in another source; joined from several places; with words changed; nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from assistant.models import ACCEPTED, Change, QuoteStatus, Span
from assistant.omissions import GAP, NEGATES, broken, chains, parts_of
from assistant.overlap import RUN, Place, Run, Words, best_place, diff, runs, tight, words_of
from assistant.quoting import is_exact, places
from assistant.speaking import Text, one_utterance, refusal

__all__ = ["NOT_FOUND", "Proof", "Text", "prove_quote"]

ALTERED = 0.6  # share of a quotation's words, weighed, that make a place its source
CHANGED = 0.85  # from this share on it is one place with changes, whatever else could be pieced together
MOST = 4_000  # characters of a quotation that is taken apart into its sentences
ASKED = 50  # places of one quotation whose speaker is asked for
STITCHED = 0.8  # share of the words that runs from several places must cover

_EDGES = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069 \t\n\u00a0"  # direction marks, which nobody sees
_PAIRS = ("“”", "„“", "„”", "””", '""', "«»", "»«", "»»", "‘’", "‚‘", "''", "「」", "『』", "‹›", "›‹")
_MARK = re.compile('[“”„«»"]')
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\s”\"»’]+(?=\w|[“\"«‘„])")


@dataclass(frozen=True, slots=True)
class Proof:
    """`source` and `text[start:end]` are the place that the quotation was compared with, if there is one.

    `diff` reads from that place to the quotation; it is empty where nothing was changed. `why` is one
    plain clause for everything that is not accepted.
    """

    status: QuoteStatus
    source: str | None = None
    start: int = 0
    end: int = 0
    diff: tuple[Change, ...] = ()
    why: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the words may keep their quotation marks."""
        return self.status in ACCEPTED


NOT_FOUND = Proof("not_found", why="these words are in none of the sources")


def prove_quote(
    quote: str, sources: Sequence[Text], claimed: str | None, speaker: str | None = None
) -> Proof:
    """The status of `quote` as words of the source `claimed` (None: of any), said by `speaker` (None: open).

    `sources` holds all that may have been meant, the claimed one among them.
    """
    given, quote = quote.strip(), _bare(quote)
    own = [text for text in sources if claimed is None or text.id == claimed]
    others = [text for text in sources if text not in own]
    tried = [proof for text in own if (proof := _in_source(quote, text, speaker))]
    for proof in sorted(tried, key=lambda proof: (not proof.accepted, proof.status != "misattributed")):
        if proof.accepted or proof.status == "misattributed":
            return replace(proof, status="verbatim_spacing") if _only_spaced(proof, given, quote) else proof
    for text in others:
        elsewhere = _in_source(quote, text, None)
        if elsewhere is not None and elsewhere.accepted:
            why = "these words are another source's"
            start, end = elsewhere.start, elsewhere.end
            return Proof("misattributed", text.id, start, end, (), why)
    if tried:
        return tried[0]
    guesses = [proof for text in own if (proof := _pieced(quote, text))]
    guesses.sort(key=lambda proof: proof.status != "altered")
    return _joined(quote, sources, own) or next(iter(guesses), NOT_FOUND)


def _only_spaced(proof: Proof, given: str, quote: str) -> bool:
    return proof.status == "verbatim" and given != quote


def _bare(quote: str) -> str:
    """The quotation without one pair of quotation marks around it and without invisible marks at its ends."""
    quote = quote.strip(_EDGES)
    if len(quote) > 2 and quote[0] + quote[-1] in _PAIRS and quote[-1] not in quote[1:-1]:
        quote = quote[1:-1].strip(_EDGES)
    return quote


def _in_source(quote: str, source: Text, speaker: str | None) -> Proof | None:
    """The quotation as it stands in one source, whole or with marked omissions; None where it stands not."""
    refused: Proof | None = None
    for start, end in islice(places(quote, source.text), ASKED):
        stands = source.text[start:end]
        if turned := _beheaded(quote, stands, source, start):
            proof = turned
        elif quote.endswith(".") and not stands.endswith(".") and source.text[end : end + 1] in ("?", "？"):
            proof = Proof("altered", source.id, start, end, diff(stands, quote), "the source asks this")
        else:
            status: QuoteStatus = "verbatim" if is_exact(quote, stands) else "verbatim_spacing"
            status = "elided" if parts_of(quote) and not parts_of(stands) else status
            proof = _spoken_by(Proof(status, source.id, start, end), source, speaker, [(start, end)])
        if proof.accepted:
            return proof
        refused = refused or proof
    return refused or _elided(quote, source, speaker)


def _beheaded(quote: str, stands: str, source: Text, start: int) -> Proof | None:
    """The refusal of a quotation that begins a sentence of its own behind a negation: “[Not] Guilty”."""
    first, other = quote[:1].strip("[") or quote[1:2], stands[:1]
    if not (first.isupper() and other.islower()):
        return None
    before = source.text[max(0, start - 24) : start].split()[-1:]
    if not before or not NEGATES.search(before[0]):
        return None
    at = source.text.rfind(before[0], 0, start)
    return _altered(quote, source, at, start + len(stands))


def _spoken_by(proof: Proof, source: Text, speaker: str | None, spans: Sequence[Span]) -> Proof:
    """`proof`, or its refusal where one of the spans is not `speaker`'s."""
    for span in spans:
        if speaker is not None and (why := refusal(source, span, speaker)):
            return Proof("misattributed", source.id, proof.start, proof.end, (), why)
    return proof


def _elided(quote: str, source: Text, speaker: str | None) -> Proof | None:
    """The quotation with its omissions; None where it has none or its parts are not all in the source."""
    parts = parts_of(quote)
    if not parts:
        return None
    first: Proof | None = None
    for chain in chains(parts, source.text):
        start, end = chain[0][0], chain[-1][1]
        found = broken(chain, source)
        if found is None:
            proof = _spoken_by(Proof("elided", source.id, start, end), source, speaker, chain)
            if proof.accepted:
                return proof
        else:
            shown = diff(source.text[start:end], quote) if found.status == "altered" else ()
            proof = Proof(found.status, source.id, start, end, shown, found.why)
        first = first or proof
    if first is None and all(next(places(part, source.text), None) for part in parts):
        start, end = next(places(parts[0], source.text))
        return Proof("stitched", source.id, start, end, (), "the source has these words in another order")
    return first


def _joined(quote: str, sources: Sequence[Text], own: Sequence[Text]) -> Proof | None:
    """A quotation whose sentences, each whole, stand in places that are not one utterance."""
    parts = [part for part in (_SENTENCE.split(quote) if len(quote) < MOST else []) if re.search(r"\w", part)]
    parts = [part.strip('“”"«»„ ') for part in parts] or parts_of(quote)
    if len(parts) < 2:
        return None
    found = [next(_everywhere(part, [*own, *sources]), None) for part in parts]
    first = found[0]
    if first is None or any(item is None for item in found):
        return None
    for text in own:
        if any(
            all(one_utterance(text, a[1], b[0]) for a, b in pairwise(chain))
            for chain in chains(parts, text.text)
        ):
            return None  # one utterance with words left out: changed, not joined
    return Proof("stitched", first[0], first[1], first[2], (), "it joins words from different places")


def _everywhere(part: str, sources: Sequence[Text]) -> Iterator[tuple[str, int, int]]:
    return ((text.id, *span) for text in sources for span in places(part, text.text))


# --- words that are not there as quoted -----------------------------------------------------------


def _pieced(quote: str, source: Text) -> Proof | None:
    """What became of the source's words: changed at one place, or joined from several; None for neither."""
    sought, text = words_of(quote), words_of(source.text)
    if not sought.words or not text.words:
        return None
    place = best_place(sought, text)
    share = place.share if place else 0.0
    found = runs(sought, text)
    covered = sum(run.length for run in found) / len(sought.words)
    if (
        covered >= STITCHED
        and len(found) > 1
        and _apart(found, text, source)
        and _prefers(share, found, place)
    ):
        longest = max(found, key=lambda run: run.length)
        start, end = text.spans[longest.text][0], text.spans[longest.text + longest.length - 1][1]
        return Proof("stitched", source.id, start, end, (), "it joins words from different places")
    if len(found) > 1 and covered >= STITCHED and not _apart(found, text, source):
        first, last = min(run.text for run in found), max(run.text + run.length for run in found)
        return _altered(quote, source, text.spans[first][0], text.spans[last - 1][1])
    if place is None or share < ALTERED:
        return None
    kept = tight(sought, text, place)
    return _altered(quote, source, text.spans[kept.first][0], text.spans[max(kept.first, kept.last - 1)][1])


def _prefers(share: float, found: Sequence[Run], place: Place | None) -> bool:
    """Whether several places explain a quotation better than one that has nearly all of its words."""
    if share < CHANGED or place is None:
        return True
    return all(place.first <= run.text and run.text + run.length <= place.last for run in found)


def _altered(quote: str, source: Text, start: int, end: int) -> Proof:
    stands = source.text[start:end]
    if words_of(stands).words == words_of(quote).words and len(_MARK.findall(stands)) > len(
        _MARK.findall(quote)
    ):
        why = "it runs across the quotation marks of the source"
        return Proof("stitched", source.id, start, end, (), why)
    short = " ".join(stands.split())
    short = short if len(short) <= 200 else short[:199].rstrip() + "…"
    return Proof("altered", source.id, start, end, diff(stands, quote), f"the source has “{short}”")


def _apart(found: Sequence[Run], text: Words, source: Text) -> bool:
    """Whether runs of a quotation come from places that are not one utterance, or stand in another order."""
    for one, other in pairwise(found):
        end, start = text.spans[one.text + one.length - 1][1], text.spans[other.text][0]
        if abs(other.text - one.text - one.length) <= RUN and other.quote - one.quote - one.length <= RUN:
            continue  # a few words dropped, doubled or exchanged
        if other.text < one.text + one.length or len(source.text[end:start].split()) > GAP:
            return True
        if not one_utterance(source, end, start):
            return True
    return False
