"""Whether cited text supports a sentence: numbers, dates, names, roles, negation, modality and whose words.

A sentence is compared with the passages that it cites and nothing else. Every rule that fires is a
reason with its code; no rule fires where nothing can be told, and then the sentence stays unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.attribution import speaker_at, spoken
from assistant.damage import MISLEADING, damage_in
from assistant.figures import date_reasons, masked, number_reasons
from assistant.models import Article, Reason, Span
from assistant.overlap import words_of
from assistant.persons import people, same_speaker
from assistant.proof import Proof
from assistant.quoting import places
from assistant.text import content_words, words
from assistant.voices import Ground, Said, quote_reasons, voice_reasons
from assistant.wording import (
    best_matches,
    coverage_reasons,
    framing,
    modality_reasons,
    name_reasons,
    negation_reasons,
    restates,
    role_reasons,
)

CLOSE = 0.6  # share of a sentence's words that another one has, from which that one is what it rests on
FEW = 3  # words that carry meaning, numbers aside: with fewer, a sentence cannot lack many of them
COPIED = 5  # words in a row that are the source's own statement and no chance

_MARKUP = re.compile(
    r"!?\[[^\]\n]{0,500}\]\s?\([^)\n]{1,2000}\)|</?[a-zA-Z!][^>\n]{0,2000}>|\bwww\.\S{4,}|"
    r"\b(?:https?|ftp|data|javascript|file):\S{3,}",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|last night|gestern|heute|morgen früh|вчера|сегодня|завтра|ayer|"
    r"hoy|hier soir)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:\A|[.!?;:,\n—–(“\"«]|\b(?:that|and|but|as|because|said|says))\s*[“\"«]?\s*\Z")
_ENDS = re.compile(r"\A[”\"»]?\s*(?:\Z|[.!?;:,\n—–)”\"»])(?!\s*(?:if|unless|except|but|only)\b)")
# Words of another clause of the same sentence that can turn or limit this one.
_BEARS = re.compile(
    r"\b(?:if|unless|until|till|provided|providing|assuming|whether|once|as long as|in case|except|excluding|"
    r"only|not|never|no|nobody|none|den(?:y|ies|ied)|reject\w*|refut\w*|dismiss\w*|false|falsely|untrue|wrong|claim\w*|"
    r"alleg\w*|reportedly|may|might|could|would|should)\b|n['’]t\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|told|tells?|according to|think\w*|thought|believ\w+|argu\w+|insist\w*|"
    r"suggest\w*|announc\w+|wr(?:ote|ites?|iting)|warn\w*|not(?:ed|es)|add(?:ed|s)|stat(?:ed|es)|report(?:ed|s)|"
    r"call(?:ed|s)|describ\w+|asked|quoted|tweeted|indicated|accus\w+|I|we)\b"
)


@dataclass(frozen=True, slots=True)
class Support:
    """What the rules found. `doubts` do not make a sentence wrong, but keep it from being proved.

    `proved`: but for whose words it tells, the sentence is proved quotation or a sentence of its source.
    """

    reasons: tuple[Reason, ...]
    doubts: tuple[Reason, ...]
    proved: bool


@dataclass(frozen=True, slots=True)
class _Basis:
    """The sentence of a source that a sentence of the answer rests on, and how much of it is there."""

    article: Article
    span: Span
    coverage: float

    @property
    def text(self) -> str:
        return self.article.text[slice(*self.span)]


def support(
    text: str, grounds: Sequence[Ground], said: Said, quotes: Sequence[tuple[Span, Proof]]
) -> Support:
    """Compares one sentence with what it cites. `quotes`: its quoted spans and their proofs."""
    told = _without_labels(text, grounds)
    lines = [(ground.article, span) for ground in grounds for span in ground.sentences]
    evidence = [article.text[slice(*span)] for article, span in lines]
    language = grounds[0].article.language
    bases = [
        _Basis(*lines[match.index], match.coverage) for match in best_matches(text, evidence, language)[:3]
    ]
    joined = "\n".join(ground.text for ground in grounds)
    numbers = number_reasons(text, joined)
    hedges = [reason for reason in numbers if reason.code == "hedge_dropped"]
    reasons = [*_markup(text), *(reason for reason in numbers if reason not in hedges)]
    reasons += [*_dates(text, grounds), *_relative_days(text, joined)]
    only = bool(quotes) and all(p.accepted for _, p in quotes) and is_only_quotation(text, quotes, grounds)
    if not only:
        reasons += _names(text, grounds, evidence)
        reasons += [*negation_reasons(text, evidence), *modality_reasons(text, evidence)]
        reasons += [*role_reasons(text, evidence), *_coverage(told, evidence, language)]
        reasons += [*_quantities(text, joined), *_cues(text, joined)]
    if bases and bases[0].coverage >= CLOSE and not _mostly_quoted(told, quotes):
        reasons += voice_reasons(text, said, bases[0].article, bases[0].span)
    accepted = [
        (span, proof, ground.article)
        for span, proof in quotes
        for ground in grounds
        if proof.accepted and ground.article.id == proof.source
    ]
    for span, proof, article in accepted:
        reasons += quote_reasons(text, span, proof, said, article)
    spans = [(item.article, item.span) for item in bases[:1] if item.coverage >= CLOSE]
    spans += [(article, (proof.start, proof.end)) for _, proof, article in accepted]
    content = framing(text).content
    proved = only or any(item.coverage >= CLOSE and restates(text, item.text) for item in bases)
    framed = framing(text).speaker is not None
    proved = proved or any(_copied(text[slice(*content)], ground, framed) for ground in grounds)
    return Support(tuple(dict.fromkeys(reasons)), (*dict.fromkeys(hedges), *_damage(spans)), proved)


_FRAME = re.compile(r"\b(?:under the headline|quotes?|reports?|writes?|puts)\b", re.IGNORECASE)


def _without_labels(text: str, grounds: Sequence[Ground]) -> str:
    """`text` with the names of its outlets blanked: no passage says what its outlet is called."""
    labels = {word for ground in grounds for word in words(ground.article.label)} - {"the", "of", "and"}
    spans = [match.span() for match in _FRAME.finditer(text)]
    spans += [
        m.span()
        for m in re.finditer(r"[^\W\d_][\w’'-]*", text)
        if m[0][0].isupper() and set(words(m[0])) <= labels
    ]
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _coverage(told: str, evidence: Sequence[str], language: str | None) -> list[Reason]:
    few = len(content_words(masked(told))) < FEW
    return [] if few else coverage_reasons(told, evidence, language)


def _mostly_quoted(told: str, quotes: Sequence[tuple[Span, Proof]]) -> bool:
    """Whether most of what is told stands in proved quotations, whose voice is proved with them."""
    inside = [
        word for (start, end), proof in quotes if proof.accepted for word in content_words(told[start:end])
    ]
    return 2 * len(inside) > len(content_words(told))


def _markup(text: str) -> list[Reason]:
    if not _MARKUP.search(text):
        return []
    return [Reason("markup", "it holds a link, an image or code, which no passage gave it")]


def _dates(text: str, grounds: Sequence[Ground]) -> list[Reason]:
    """Alarms that every cited article raises: a date of one of them is enough."""
    found = [
        date_reasons(text, "\n".join(g.text for g in grounds if g.article == article), article.date)
        for article in dict.fromkeys(ground.article for ground in grounds)
    ]
    return min(found, key=len, default=[])


def _relative_days(text: str, evidence: str) -> list[Reason]:
    """Days that are counted from the day of reading, and not from that of the report."""
    known = evidence.casefold()
    return [
        Reason("date_differs", f"“{match.group()}” counts from another day than the passage")
        for match in _RELATIVE.finditer(text)
        if match.group().casefold() not in known
    ]


_OF = r"(?: of)?(?: (?:the|its|their|his|her|those|these|them))?"
_ALL = re.compile(rf"\b(?:all|every|each){_OF} (\w+)", re.IGNORECASE)
_PART = rf"\b(most|some|many|several|few|half|part|a number|dozens|hundreds){_OF} "


def _quantities(text: str, evidence: str) -> list[Reason]:
    """All of something, where the passage speaks of a part of it."""
    found = []
    for match in _ALL.finditer(text):
        noun = re.escape(match[1])
        part = re.search(_PART + noun + r"\b", evidence, re.IGNORECASE)
        if part and not re.search(rf"\b(?:all|every|each){_OF} {noun}\b", evidence, re.IGNORECASE):
            found.append(Reason("number_differs", f"it says all where the passage says {part[1].lower()}"))
    return found


_CONFIRMS = re.compile(r"\b(?:confirm|admit|acknowledg|conced)\w*", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|reject\w*|refut\w*|dismiss\w*|disput\w*)\b", re.IGNORECASE
)


def _cues(text: str, evidence: str) -> list[Reason]:
    """A confirmation, where the passage has only a denial."""
    said, denied = _CONFIRMS.search(text), _DENIES.search(evidence)
    if not said or not denied or _DENIES.search(text) or _CONFIRMS.search(evidence):
        return []
    return [Reason("negation_differs", f"it says “{said.group()}” where the passage says “{denied.group()}”")]


def _damage(spans: Iterable[tuple[Article, Span]]) -> tuple[Reason, ...]:
    found = [
        Reason("damaged_text", f"the source's text looks damaged here: {item.text}")
        for article, span in spans
        for item in damage_in(article.text, *span, article.language)
        if item.kind in MISLEADING
    ]
    return tuple(dict.fromkeys(found))


# --- names ----------------------------------------------------------------------------------------


def _names(text: str, grounds: Sequence[Ground], evidence: Sequence[str]) -> list[Reason]:
    """What is said may name only whom the passages name; who says it, whom the article names."""
    allowed = _allowed(grounds)
    start, end = framing(text).content
    outside = f"{text[:start]} {text[end:]}"
    found = name_reasons(text[start:end], evidence, allowed)
    if found or words(outside):
        articles = [ground.article.text for ground in grounds]
        found = [*found, *name_reasons(outside, [*evidence, *articles], allowed)]
    return found


def _allowed(grounds: Sequence[Ground]) -> list[str]:
    """Names that are no claim: the outlet, title and author, and the full names of a passage's people."""
    allowed: list[str] = []
    for ground in grounds:
        article = ground.article
        allowed += [article.label, article.title, article.author or ""]
        inside = {
            item.speaker
            for item in spoken(article.text, article.language)
            if item.speaker and item.start < ground.end and ground.start < item.end
        }
        for person in people(article.text):
            met = person.surname and re.search(rf"\b{re.escape(person.surname)}\b", ground.text)
            if met or any(same_speaker(name, person.name, article.text) for name in inside):
                allowed += [person.name, person.titled, *person.titles]
        allowed += inside
    return allowed


def names_only(text: str, articles: Iterable[Article]) -> bool:
    """Whether a line "Silent: ..." names sources and nothing else."""
    if not text.strip().casefold().startswith("silent:"):
        return True
    known = {"silent", "and", "the", "of"}
    for article in articles:
        known.update(words(f"{article.label} {article.title} {article.date or ''}"))
    return set(words(text)) <= known


# --- sentences that add nothing -------------------------------------------------------------------

# Words that say no more than whose words these are. Verbs that judge (admitted, confirmed) are not among
# them, and names of people neither: who said something is a claim of its own.
_NEUTRAL = frozenset(
    """
    a according account added adds also and article as by he in it of on outlet quoted quotes report
    reported reports said saying says she spoke speaks source stated states tells that the they this to
    told writes wrote his her its their described describes called calls explained continued
    """.split()
)


def is_only_quotation(text: str, quotes: Sequence[tuple[Span, Proof]], grounds: Sequence[Ground]) -> bool:
    """Whether a sentence says nothing but whose words it quotes: an outlet's, or their proved speaker's.

    Words next to a quotation that stand next to it in the source too are as good as quoted.
    """
    rest: list[str] = []
    at = 0
    for (start, end), proof in quotes:
        article = next((g.article for g in grounds if g.article.id == proof.source), None)
        before = words(text[at:start])
        rest += before[: len(before) - _shared_before(before, article, proof)] if article else before
        at = end
    rest += words(text[at:])
    allowed = set(_NEUTRAL)
    for ground in grounds:
        allowed.update(words(ground.article.label))
    for _, proof in quotes:
        for name in _aliases(_whose(proof, grounds), grounds):
            allowed.update(words(name))
    return allowed.issuperset(rest)


def _shared_before(before: Sequence[str], article: Article, proof: Proof) -> int:
    """How many of the words right before a quotation stand right before it in its source too."""
    head = words(article.text[max(0, proof.start - 200) : proof.start])
    count = 0
    while count < min(len(before), len(head)) and before[-1 - count] == head[-1 - count]:
        count += 1
    return count


def _whose(proof: Proof, grounds: Sequence[Ground]) -> str | None:
    article = next((g.article for g in grounds if g.article.id == proof.source), None)
    voice = article and speaker_at(article.text, proof.start, proof.end, article.language)
    return voice.speaker if voice else None


def _aliases(speaker: str | None, grounds: Sequence[Ground]) -> list[str]:
    """Every name by which the articles call a speaker."""
    if not speaker:
        return []
    return [
        speaker,
        *(
            name
            for ground in grounds
            for person in people(ground.article.text)
            if same_speaker(speaker, person.name, ground.article.text)
            for name in (person.name, person.titled, *person.titles)
        ),
    ]


def _copied(content: str, ground: Ground, framed: bool) -> bool:
    """Whether `content` is a whole clause of the passage, word for word, on which no other clause bears.

    `framed`: the sentence says who said it, so that the passage may say that somebody did.
    """
    if len(words_of(content).words) < COPIED:
        return False
    text = ground.article.text
    for start, end in places(content, ground.text):
        start, end = start + ground.start, end + ground.start
        opens = _OPENS.search(text[max(0, start - 60) : start])
        if not opens or not _ENDS.match(text[end : end + 40]):
            continue
        held = [span for span in ground.sentences if span[0] < end and start < span[1]]
        rest = " ".join(text[a : max(a, start)] + " " + text[min(b, end) : b] for a, b in held)
        if not _BEARS.search(rest) and (framed or not _SAYS.search(rest)):
            return True
    return False
