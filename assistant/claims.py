"""The claims that a reader may have checked: the one inside a question, and those of a pasted text."""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.attribution import Spoken, spoken, spoken_in
from assistant.furniture import headline, is_furniture, lines
from assistant.marks import paragraphs
from assistant.meeting import has_verb, predicates, reads_english
from assistant.models import Span
from assistant.roster import Person, people
from assistant.statements import halves, states
from assistant.text import sentences, trim
from assistant.tokens import is_question, parse
from assistant.turning import AUXILIARIES, turned

MOST = 40
"""Claims that are taken from one text."""

_OPEN = frozenset("who whom whose what which when where why how".split())
_QUESTION_END = re.compile(r"[?？؟][\"'”’»)\s]*$")
_MARKS = " \t\n\"“”„«»‘’'"
_SHORTENED = re.compile(r"\b(?:[ap]\.m|[A-Z](?:\.[A-Z])+|Inc|Ltd|Corp|Co|Jr|Sr)\.$")
_OPENING, _CLOSING = "\"“„«‘'", "\"”“»’'"
_ASKING = re.compile(
    r"^(?:(?:please|so|but|and|well|ok|okay|now|hello|hi)[,\s]+)*"
    r"(?:is(?:n['’]t)? it (?:really |actually |still |in fact )?(?:true|correct|right|accurate|a fact|the case|so)"
    r"(?: to say)? that|is there any truth (?:in|to) (?:the (?:claim|report|rumou?r|allegation)s? that)|"
    r"(?:can|could|would|will) you (?:please )?(?:check|verify|confirm|tell me|tell us|find out|say)(?: whether| if| that)|"
    r"(?:do|did) (?:you|we|they) know (?:whether|if)|do (?:the )?(?:sources|articles|reports|outlets) (?:say|agree|confirm) "
    r"(?:that|whether)|i (?:wonder|want to know|would like to know) (?:whether|if)|is it (?:known|clear|certain) "
    r"(?:whether|if|that)|(?:check|verify) (?:whether|if|that)|whether|true or false\s*[:,-]|fact[ -]check\s*[:,-])\s+",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\s*[,–—-]\s*(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|might|must|ca|wo)"
    r"(?:n['’]t)?\s+(?:he|she|it|they|we|you|i|there|this|that|one)(?:\s+not)?|right|correct|no|yes|true|eh|"
    r"or (?:not|did (?:he|she|it|they))|is(?:n['’]t)? that (?:right|correct|true|so)|(?:is(?:n['’]t)? it )?true|"
    r"am i right|innit)\s*\?[\"'”’»)\s]*$",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\bor\b(?!\s+(?:more|less|so|fewer|otherwise|not|later|earlier|over|any|else|even)\b)", re.IGNORECASE
)
_LATE_OPEN = re.compile(
    r"(?:[,:;–—-]\s*(?:and |but |so )?|\band )(?:who|what|when|where|why|how|which)\b|\b(?:who|what|whom|where|when|why)\s*\?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?P<lead>[^,?]{3,80}),\s+(?P<rest>\w+(?:n['’]t)?\s.+)$", re.DOTALL)


def claim_of(question: str) -> str | None:
    """The declarative claim inside a yes/no question; a statement as it is, without full stop or quote marks.

    None for an open question ("who", "how many"), for a choice ("A or B?"), for a question in another language
    than English, where the sentence cannot be turned round, and for a noun phrase, which claims nothing.
    """
    found = _claim_of(question)
    if found is None or has_verb(found):
        return found
    names = all(token.name for token in parse(found).tokens)
    return None if names or reads_english(found) else found


def _claim_of(question: str) -> str | None:
    text = _unquoted(" ".join(question.split()))
    if not text:
        return None
    asks = bool(_QUESTION_END.search(text))
    if asks and len(text.split()) < 2:
        return None
    if not reads_english(text):
        return None if asks else _bare(text)
    bare = _ASKING.sub("", text)
    if bare != text:
        return None if _EITHER.search(bare) or _is_open(bare) else _capital(_bare(bare))
    if asks and (tag := _TAG.search(text)):
        said = text[: tag.start()]
        return None if _is_open(said) or _is_inverted(said) else _capital(_bare(said))
    if not asks and not _is_inverted(text):
        return None if _is_open(text) and _asks_openly(text) else _bare(text)
    if _is_open(text) or _LATE_OPEN.search(text) or _EITHER.search(text):
        return None
    if _is_inverted(text):
        return turned(_bare(text))
    return _after_lead(text) or _capital(_bare(text))


def _after_lead(text: str) -> str | None:
    """ "After the fall, did they close it?" turned round behind its comma."""
    match = _LEADING.match(_bare(text))
    if match is None or not _is_inverted(match["rest"]):
        return None
    said = turned(match["rest"])
    if said is None:
        return None
    word = match["rest"].split()[1]
    said = said if word[:1].isupper() else said[:1].lower() + said[1:]
    return f"{_capital(match['lead'])}, {said}"


def _bare(text: str) -> str:
    """A sentence without its final mark and the quotation marks around it."""
    text = _unquoted(text.strip())
    if text.endswith(("...", "…")):
        return text
    text = text.rstrip("?!？ ")
    return _unquoted(text if _SHORTENED.search(text) else text.removesuffix("."))


def _unquoted(text: str) -> str:
    """A sentence without the quotation marks that stand around the whole of it."""
    inner = text[1:-1]
    if (
        len(text) > 2
        and text[0] in _OPENING
        and text[-1] in _CLOSING
        and not set(inner) & set(_OPENING + _CLOSING) - {"'", "’"}
    ):
        return inner.strip()
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first(text: str) -> str:
    words = text.split(maxsplit=1)
    return words[0].lower().replace("’", "'").strip(_MARKS + ",:") if words else ""


def _is_inverted(text: str) -> bool:
    first = _first(text)
    return first in AUXILIARIES or (first.endswith("n't") and first != "ain't")


def _is_open(text: str) -> bool:
    """Whether one of the first words asks for something else than yes or no: "In which year", "And who"."""
    words = [word.lower().strip(_MARKS + ",:") for word in text.split()[:3]]
    lead = (
        "in",
        "at",
        "on",
        "by",
        "for",
        "to",
        "from",
        "since",
        "and",
        "but",
        "so",
        "with",
        "of",
        "about",
        "under",
    )
    return bool(words) and (
        words[0].split("'")[0].split("’")[0] in _OPEN
        or (len(words) > 1 and words[0] in lead and words[1] in _OPEN)
    )


def _asks_openly(text: str) -> bool:
    """Whether a sentence without a question mark is an open question all the same: "how many people died"."""
    words = [word.lower() for word in text.split()[:4]]
    if text.endswith("."):
        return False
    return (
        len(words) < 2
        or words[1] in AUXILIARIES | {"many", "much", "long", "often", "old", "far"}
        or (words[0] in ("who", "why", "which"))
    )


# --- the claims of a text -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkable:
    """A claim that a source may confirm or deny: the sentence `text[start:end]`, or half of it.

    `claim` is a statement: the sentence, or what it reports of `speaker`, who is None where the text speaks.
    """

    start: int
    end: int
    claim: str
    speaker: str | None = None


_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_LONGEST_HEADING = 120
_MOST_CHARACTERS = 200_000
_HE, _SHE = frozenset({"he", "his", "him"}), frozenset({"she", "her", "hers"})
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|denials?|reject\w*|dismiss\w*|refut\w*|disput\w*|doubt\w*|ask\w*|wonder\w*|rul\w+ out|"
    r"urg\w+|demand\w*|call\w* (?:on|for)|order\w*|want\w*|hop(?:e|es|ed|ing)|propos\w*|suggest\w*|threaten\w*)\b",
    re.IGNORECASE,
)
_PART = 0.25  # share of a sentence that is spoken, from which it reports what somebody says


def checkable(text: str, language: str | None = None) -> tuple[Checkable, ...]:
    """The checkable claims of a pasted text or an article, in order, at most MOST.

    Left out: questions, greetings, opinions without a fact, furniture, headings and credit lines.
    """
    text = text[:_MOST_CHARACTERS]
    english = (language or "en")[:2].lower() == "en" and reads_english(text[:2_000])
    found = spoken(text, language) if english else ()
    persons = people(text) if english else ()
    claims: list[Checkable] = []
    before: list[str] = []
    for span in _sentences(text, language):
        claims += _claims(text, span, spoken_in(found, span), persons, before, english)
        before.append(text[slice(*span)])
        if len(claims) >= MOST:
            break
    unique = {item.claim.casefold(): item for item in reversed(claims)}
    return tuple(item for item in claims if unique[item.claim.casefold()] is item)[:MOST]


def _sentences(text: str, language: str | None) -> Iterator[Span]:
    """The sentences of the body: of every paragraph that is no furniture, headline, heading or credit line."""
    body = [span for span in lines(text) if not is_furniture(text[slice(*span)])]
    title = headline(text, body) or ""
    blocks = [trim(text, span) for span in paragraphs(text)]
    blocks = [span for span in blocks if span[0] < span[1]]
    for start, end in blocks:
        kept = [(a, b) for a, b in body if start <= a < end]
        if not kept:
            continue
        block = text[start:end]
        if len(blocks) > 1 and (block == title or _is_heading(block)):
            continue
        yield from sentences(text, language, (kept[0][0], kept[-1][1]))


def _is_heading(block: str) -> bool:
    return len(block) <= _LONGEST_HEADING and "\n" not in block and not _SENTENCE_END.search(block)


def _claims(
    text: str,
    span: Span,
    inside: Sequence[Spoken],
    persons: Sequence[Person],
    before: Sequence[str],
    english: bool,
) -> list[Checkable]:
    sentence = text[slice(*span)]
    if is_question(sentence):
        return []
    told = _told(text, span, inside) if english else None
    if told is not None:
        claim, speaker = told
        return [Checkable(*span, _with_name(claim, speaker), speaker)] if states(claim, True) else []
    if not states(sentence, english):
        return []
    found = []
    for start, end in halves(text, span) if english and not inside else [span]:
        claim = _capital(_bare(" ".join(text[start:end].split())))
        if english:
            claim = _named(claim, persons, before if start == span[0] else [*before, text[span[0] : start]])
        found.append(Checkable(start, end, claim))
    return found


# --- reported words -------------------------------------------------------------------------------


def _told(text: str, span: Span, inside: Sequence[Spoken]) -> tuple[str, str | None] | None:
    """What a sentence reports as a statement, and who says it; None where the text itself states something."""
    start, end = span
    outer: list[Spoken] = []
    for item in inside:
        if not any(other.start <= item.start and item.end <= other.end for other in outer):
            outer.append(item)
    if not outer:
        return None
    first = outer[0]
    cue = text[slice(*first.cue)] if first.cue else ""
    if _DENIES.search(cue):
        return None  # that he denies it is the claim, not what he denies
    parts = [item for item in outer if item.speaker == first.speaker]
    pieces = [" ".join(text[max(item.start, start) : min(item.end, end)].split()) for item in parts]
    if sum(map(len, pieces)) < _PART * (end - start):
        return None
    claim = _statement(" ".join(pieces))
    if not predicates(claim):
        return None
    return claim, first.speaker or _source(text, first)


def _source(text: str, item: Spoken) -> str | None:
    """The words that stand for a speaker without a name: "an official of the company"."""
    if item.source is None:
        return None
    words = " ".join(text[slice(*item.source)].split())
    return None if words.lower() in _HE | _SHE | {"they", "it", "we", "i", "who"} else words


def _statement(content: str) -> str:
    content = re.sub(r"^(?:that|how|and|but)\s+", "", content.strip(" ,;:-–—"), flags=re.IGNORECASE)
    return _capital(_bare(content.strip(" ,;:")))


def _with_name(claim: str, speaker: str | None) -> str:
    """A reported clause that begins with "he" or "she" says it of its speaker."""
    if speaker is None or claim.split()[0] not in ("He", "She") or not speaker[:1].isupper():
        return claim
    return f"{speaker}{claim[len(claim.split()[0]) :]}"


# --- pronouns -------------------------------------------------------------------------------------


def _named(claim: str, persons: Sequence[Person], before: Sequence[str]) -> str:
    """A claim whose "He" or "She" at its head is replaced by the person whom the text just named."""
    first = claim.split()[0]
    low = first.lower()
    if low not in _HE | _SHE or low in ("him", "hers"):
        return claim
    gender = "m" if low in _HE else "f"
    for sentence in reversed(before[-3:]):
        named = [
            person
            for person in persons
            if re.search(rf"\b{re.escape(person.surname)}\b", sentence, re.IGNORECASE)
        ]
        fitting = [person for person in named if person.gender in (gender, None)]
        if len(fitting) == 1:
            name = fitting[0].titled + ("’s" if low in ("his", "her") else "")
            return name + claim[len(first) :]
        if named:
            return claim
    return claim
