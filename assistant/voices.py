"""Whose words a sentence of an answer says that they are, against whose words they are in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.attribution import Spoken, speaker_at, spoken
from assistant.framing import framing
from assistant.models import Article, Passage, Reason, Span
from assistant.persons import find, people, same_speaker
from assistant.proof import Proof
from assistant.quoting import scan
from assistant.text import content_words, sentences, stem, words

MOST_OF = 0.5  # share of the words in common that one voice must have said, to be whose words they are
NEARLY_ALL = 0.7

_TURNS = re.compile(
    r"(?:\b(?:not|never|no|nor|neither|nobody|none|nothing|few|without|cannot|hardly|if|unless|whether|den(?:y|ies|ied|ying)|"
    r"ruled out|refus\w+ to|fail\w* to|reject\w*)\b|n['’]t\b)(?:\W+\w+){0,3}\W*\Z",
    re.IGNORECASE,
)
_FIRST_PERSON = frozenset({"i", "we", "i'm", "we're", "me", "us", "you"})
_CLAUSE = re.compile(r"[.!?;:\n]|,\s(?:but|and|while|though|although)\b")
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]*(?:\s(?:(?:de|van|von|al|bin)\s)?[^\W\d_a-z][\w’'-]*)*")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Ground:
    """Text that a sentence rests on: `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @classmethod
    def of(cls, article: Article, passage: Passage) -> Ground:
        """A cited passage."""
        return cls(article, passage.start, passage.end)

    @classmethod
    def around(cls, article: Article, start: int, end: int) -> Ground:
        """The lines that a quoted span stands in."""
        last = article.text.find("\n", end)
        return cls(article, article.text.rfind("\n", 0, start) + 1, len(article.text) if last < 0 else last)

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.article.text[self.start : self.end]

    @property
    def sentences(self) -> list[Span]:
        """Its sentences, as spans of the article."""
        return sentences(self.article.text, self.article.language, (self.start, self.end))


@dataclass(frozen=True, slots=True)
class Said:
    """Who speaks in a sentence of the answer: `spoken` with offsets into `text`."""

    text: str
    spoken: tuple[Spoken, ...]

    def holding(self, span: Span) -> Spoken | None:
        """The innermost speech of the sentence that holds `span`."""
        found = [item for item in self.spoken if item.start <= span[0] and span[1] <= item.end]
        return min(found, key=lambda item: item.end - item.start, default=None)

    def speaker_of(self, span: Span) -> str | None:
        """To whom the sentence gives the words of `span`; None to nobody, or to a "he" who is not known."""
        found = self.holding(span)
        return found.speaker if found else None

    def told_by(self, item: Spoken) -> str:
        """The words by which the sentence names a speaker; empty where it names none."""
        return self.text[slice(*item.source)].strip().casefold() if item.source else ""


def said_in(text: str, before: str = "") -> Said:
    """Who speaks in `text`, a sentence of an answer that follows the sentence `before`."""
    head = f"{before} " if before else ""
    shift = len(head)
    found = []
    for item in spoken(head + text):
        if item.end > shift:
            start = max(0, item.start - shift)
            source = (item.source[0] - shift, item.source[1] - shift) if item.source else None
            source = source if source and source[0] >= 0 else None
            found.append(Spoken(start, item.end - shift, item.speaker, item.direct, item.cue, source))
    return Said(text, tuple(found))


def is_source(name: str, article: Article) -> bool:
    """Whether the name of a speaker is the outlet or the article itself, so that it names no person."""
    left = set(words(name)) - {"the", "a", "an", "report", "article", "account", "source", "outlet", "first",
                               "second", "other"}  # fmt: skip
    return left <= set(words(article.label)) or (len(left) > 2 and left <= set(words(article.title)))


def names_speaker(text: str, speaker: str, whole: str) -> bool:
    """Whether `text` names the speaker by any name that the article `whole` has for him."""
    if any(same_speaker(name, speaker, whole) for name in _candidates(text)):
        return True
    person = find(speaker, whole)
    folded = f" {' '.join(words(text))} "
    titles = person.titles if person else (speaker,)
    return any(f" {' '.join(words(title))} " in folded for title in titles)


def _candidates(text: str) -> Iterator[str]:
    """Every name of the text, and each name at the end of a run of capitals ("Yesterday Peskov")."""
    for match in _NAME.finditer(text):
        parts = match.group().split()
        for first in range(len(parts)):
            for last in range(len(parts), first, -1):
                yield " ".join(parts[first:last]).removesuffix("'s").removesuffix("’s")


# --- what is told without quotation marks ---------------------------------------------------------


def voice_reasons(text: str, said: Said, article: Article, span: Span) -> list[Reason]:
    """Whether a sentence keeps apart what its source says itself and what it reports of a speaker.

    `article.text[span]` is the sentence that it rests on.
    """
    voice, nearly_all = _voice(text, article, span)
    if voice is None:
        return []
    whole = article.text
    speakers = [item.speaker for item in said.spoken if item.speaker]
    if framed := framing(text).speaker:
        speakers.append(framed)
    if voice.speaker is None:
        if any(said.told_by(item) not in _FIRST_PERSON for item in said.spoken) or any(
            names_speaker(text, person.name, whole) for person in people(whole)
        ):
            return []
        return [Reason("attribution_dropped", "the passage reports this as somebody's words")]
    if any(same_speaker(name, voice.speaker, whole) for name in speakers):
        return []
    if names_speaker(text, voice.speaker, whole):
        return []
    others = [name for name in speakers if not is_source(name, article)]
    if others and nearly_all:
        return [Reason("speaker_differs", f"these are words of {voice.speaker}, not of {others[0]}")]
    # "I think", in the words of the speaker himself, tells nobody who he is.
    unnamed = [said.told_by(item) for item in said.spoken if item.speaker is None]
    if others or any(told and told not in _FIRST_PERSON for told in unnamed):
        return []
    return [Reason("attribution_dropped", f"the passage gives this as words of {voice.speaker}")]


def _voice(text: str, article: Article, span: Span) -> tuple[Spoken | None, bool]:
    """Whose voice has most words that a sentence shares with its source, and whether nearly all of them."""
    language = article.language
    shared = set(content_words(text, language))
    counts: dict[str | None, int] = {}  # by speaker: a quotation inside reported speech is the same voice
    voices: dict[str | None, Spoken | None] = {}
    for match in _WORD.finditer(article.text, *span):
        if shared & {stem(word, language or "en") for word in words(match.group())}:
            voice = speaker_at(article.text, match.start(), match.start() + 1, language)
            whose = (voice.speaker or "?") if voice else None
            counts[whose] = counts.get(whose, 0) + 1
            voices.setdefault(whose, voice)
    total = sum(counts.values())
    if not total:
        return None, False
    whose = max(counts, key=lambda item: counts[item])
    most = counts[whose] > MOST_OF * total
    return (voices[whose], counts[whose] >= NEARLY_ALL * total) if most else (None, False)


# --- what is quoted -------------------------------------------------------------------------------


def quote_reasons(text: str, span: Span, proof: Proof, said: Said, article: Article) -> list[Reason]:
    """What stands right before a quotation in its source, and whether the words are a speaker's own.

    `text[span]` is an accepted quotation of a sentence of the answer, `proof` its place in `article`.
    """
    found: list[Reason] = []
    head = _CLAUSE.split(article.text[max(0, proof.start - 80) : proof.start])[-1]
    if (turn := _TURNS.search(head)) and not _TURNS.search(text[: span[0]]):
        stands = " ".join((turn.group() + article.text[proof.start : proof.end]).split())
        short = stands if len(stands) <= 160 else stands[:159] + "…"
        found.append(Reason("quote_out_of_context", f"the source has “{short}”"))
    voice = speaker_at(article.text, proof.start, proof.end, article.language)
    if voice is None:
        return found
    speaker, held = said.speaker_of(span), said.holding(span)
    person = speaker and not is_source(speaker, article)
    pronoun = held is not None and held.direct and held.speaker is None and said.told_by(held)
    if (person or pronoun) and not voice.direct and not _marked(article.text, proof):
        found.append(Reason("paraphrase_as_quote", "the source tells this in its own words"))
    outside = text[: span[0]] + " " + text[span[1] :]
    named = voice.speaker and (
        (speaker and same_speaker(speaker, voice.speaker, article.text))
        or names_speaker(outside, voice.speaker, article.text)
    )
    introduced = text[: span[0]].rstrip(" “\"«„‘'").endswith(":") and not _only_source(outside, article)
    if voice.speaker and voice.direct and not named and not introduced and not pronoun:
        found.append(Reason("attribution_dropped", f"the quoted words are those of {voice.speaker}"))
    return found


def _only_source(outside: str, article: Article) -> bool:
    """Whether the words around a quotation name its outlet and nobody else: "The Courant reports: ..."."""
    left = set(words(outside)) - set(words(f"{article.label} {article.title}"))
    return left <= {
        "says",
        "said",
        "reports",
        "reported",
        "writes",
        "wrote",
        "quotes",
        "also",
        "it",
        "the",
        "that",
    }


def _marked(text: str, proof: Proof) -> bool:
    """Whether the source itself has the words in quotation marks."""
    first, last = text.rfind("\n", 0, proof.start) + 1, text.find("\n", proof.end)
    line = text[first : last if last >= 0 else len(text)]
    marked = (item for item in scan(line) if item.closed)
    return any(item.start <= proof.start - first and proof.end - first <= item.end for item in marked)
