"""Who speaks a span of a source, and whether two spans are one voice going on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.attribution import Spoken, speaker_at, spoken
from assistant.models import Span
from assistant.persons import people, same_speaker
from assistant.quoting import scan
from assistant.text import fold, sentences, words

LONGEST = 2_000  # characters that are read of a paragraph, on both sides of a quotation
TAG = 14  # words between two parts of one utterance: “...,” the spokesman told reporters on Sunday. “...”


@dataclass(frozen=True, slots=True)
class Text:
    """A source as far as proof needs it."""

    id: str
    text: str
    language: str | None = None


def voice_at(source: Text, start: int, end: int) -> Spoken | None:
    """Whose words a span is, without the marks and spaces at its ends; None where the outlet speaks."""
    text = source.text
    while start < end and not text[start].isalnum():
        start += 1
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    return speaker_at(text, start, end, source.language)


def refusal(source: Text, span: Span, speaker: str) -> str:
    """Why the words of a span are not `speaker`'s own; empty where they are.

    An outlet's paraphrase is not what a person said, whoever it tells of. Where the source does not say
    who speaks, only a person who is named beside the quotation, and nobody else there, may be meant.
    """
    said = voice_at(source, *span)
    if label := _label(source.text, span[0]):
        return "" if same_speaker(speaker, label, source.text) else f"these are words of {label}"
    begins = said.start if said is not None and said.direct else span[0]
    head = re.split(r"[.!?][”\"»’']?\s", source.text[max(0, begins - 80) : begins])[-1]
    if _UNSAID.search(head) and len(_NO.findall(head)) == 1:
        return "the source says that this was not said"
    if not (said is not None and said.direct) and not _between_marks(source.text, *span):
        return (
            "these are the source's own words" if said is None else "the source tells this in its own words"
        )
    if said is not None and said.direct and _nested(source.text[said.start : said.end], said, span):
        return "these are somebody else's words, told by the speaker"
    if said is not None and said.speaker:
        if same_speaker(speaker, said.speaker, source.text) or _described(source, said, speaker):
            return ""
        return f"these are words of {said.speaker}"
    if said is not None and (_told_by_another(source, said) or _somebody(source, said, speaker)):
        return f"the source does not say that these are words of {speaker}"
    return "" if _stands_beside(source, span, speaker) else "the source does not say whose words these are"


_LABEL = re.compile(r"([^\W\d_a-z][\w .'’-]{1,40}):\s")
_UNSAID = re.compile(
    r"\b(?:never|not|nobody|denied|denies|n['’]t)(?:\s(?:ever|having|has|have|had))*\s"
    r"(?:said|say|saying|says|claimed|claim|wrote|write|writing|called?|calling|promised?)[\s,:]*(?:that\s)?"
    r"[“”\"«„‘']?\Z",
    re.IGNORECASE,
)

_NO = re.compile(r"\b(?:never|not|nobody|no|denied|denies)\b|n['’]t\b", re.IGNORECASE)


def _label(text: str, at: int) -> str | None:
    """The name in front of a line of a transcript."""
    start = text.rfind("\n", 0, at) + 1
    found = _LABEL.match(text, start, at)
    return found[1].title() if found and found[1].isupper() else None


def _told_by_another(source: Text, said: Spoken) -> bool:
    """Whether words whose speaker is unknown are told by somebody who is known: “She told me, ‘...’”."""
    return any(
        item.direct and item.speaker and item.start <= said.start and said.end < item.end
        for item in spoken(source.text, source.language)
    )


def _nested(words: str, said: Spoken, span: Span) -> bool:
    """Whether a span stands in quotation marks inside a quotation."""
    return any(
        item.closed and item.start <= span[0] - said.start and span[1] - said.start <= item.end + 1
        for item in scan(words)
    )


_PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them"})
_HEAD = re.compile(r"\s(?:for|of|to|from|who|whom|that)\s|['’]s\s")


def _phrase(source: Text, said: Spoken) -> str:
    """How the source names the speaker, as far as it says who that is: "a spokeswoman" of Ms. Amsel's."""
    return _HEAD.split(source.text[slice(*said.source)])[0] if said.source else ""


def _described(source: Text, said: Spoken, speaker: str) -> bool:
    """Whether `speaker` is a description that stands beside the name: "the watchman, Olle Finborg"."""
    role = re.split(r"['’]s\s", speaker)[-1]  # "the minister's spokesman" is "her spokesman"
    wanted = set(words(role)) - {"the", "a", "an"}
    return bool(wanted) and wanted <= set(words(_phrase(source, said)))


def _somebody(source: Text, said: Spoken, speaker: str) -> bool:
    """Whether the source names the speaker by a word that is not `speaker` and no pronoun."""
    phrase = _phrase(source, said)
    return bool(phrase) and phrase.casefold() not in _PRONOUNS and not _described(source, said, speaker)


_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĶŁŃŇŐŒŘŚŠŞŤŪŮŰŹŻŽА-ЯЁІЇЄҐ]"
_NAME = re.compile(rf"{_CAPITAL}[\w’'-]+(?:\s+(?:(?:de|del|la|von|van|al|bin)\s+)?{_CAPITAL}[\w’'-]+)+")
_OF_A_PLACE = re.compile(r"\b(?:of|in|at|from|to|de|en|von|aus|à|du|в|из|на|di|da)\s\Z")
_HE = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_OBJECT = re.compile(
    r"\b(?:to|on|of|by|with|for|at|against|from|about|called|calling|told|asked|accused)\s"
    rf"(?:(?:[a-z]+|{_CAPITAL}[\w’'-]*)\s){{0,3}}\Z"
)
_OWNER = re.compile(r"\b[\w-]+['’]s?\s(?=\w)")
_BRIEF = 3  # words: “...”, he said


def _stands_beside(source: Text, span: Span, speaker: str) -> bool:
    """Whether the sentence around a quotation, or its paragraph where that names nobody, names `speaker`
    and nobody else; a quotation that goes on in the next paragraph is read to its end."""
    text = source.text
    block = _block(text, span)
    around = _sentence_around(text, block, span)
    inner = _outside(text[slice(*around)])
    subject = _subject(text, _outside(text[around[0] : span[0]].rstrip(" “”\"«»„‘'")))
    if subject is not None:
        return same_speaker(speaker, subject, text)
    if _is_in(speaker, inner, text):
        return not _others(inner, speaker, text)
    if _HE.search(inner) and (
        known := _named(text, (_block(text, (block[0] - 3, block[0] - 2))[0], span[0]))
    ):
        return len(known) == 1 and same_speaker(speaker, known[0], text)
    brief = words(inner)
    if brief and (len(brief) > _BRIEF or re.search(rf"(?<=\s){_CAPITAL}", inner)):
        return False
    if not brief and (before := _sentence_before(text, block, around)):
        if _is_in(speaker, before, text):
            return not _others(before, speaker, text)
        if len(found := _named(text, (around[0] - len(before) - 1, around[0]))) == 1:
            return same_speaker(speaker, found[0], text)
    for _ in range(6):
        outside = _outside(text[slice(*block)])
        if words(outside):
            return _is_in(speaker, outside, text) and not _others(outside, speaker, text)
        block = _block(text, (block[1] + 2, block[1] + 3))
    return False


def _sentence_before(text: str, block: Span, around: Span) -> str:
    """The sentence in front of another one of its paragraph, without its quotations."""
    earlier = [item for item in sentences(text, None, block) if item[1] <= around[0]]
    return _outside(text[slice(*earlier[-1])]) if earlier else ""


def _named(text: str, span: Span) -> list[str]:
    """The persons who are named in a span, each once, quotations left out."""
    told = set(re.findall(r"[^\W\d_][\w’'-]*", _outside(text[max(0, span[0]) : span[1]])))
    return [person.name for person in people(text) if person.surname in told]


def _subject(text: str, before: str) -> str | None:
    """The first person named before a quotation in its sentence, but for those to whom something is done."""
    surnames = {person.surname: person.name for person in people(text)}
    for match in re.finditer(r"[^\W\d_][\w’'-]*", before):
        if match.group() in surnames and not _OBJECT.search(before[: match.start()]):
            return surnames[match.group()]
    return None


def _others(outside: str, speaker: str, text: str) -> bool:
    own = words(speaker)[-1:]
    return any(
        not _OF_A_PLACE.search(outside[: match.start()])
        and words(match.group())[-1:] != own
        and not same_speaker(speaker, match.group(), text)
        for match in _NAME.finditer(outside)
    )


def _block(text: str, span: Span) -> Span:
    """The paragraph around a span: up to a blank line, or a line end where the text has no blank lines."""
    mark = "\n\n" if "\n\n" in text else "\n"
    first, last = text.rfind(mark, 0, max(0, span[0])) + 1, text.find(mark, span[1])
    return max(first, span[0] - LONGEST), min(len(text) if last < 0 else last, span[1] + LONGEST)


def _sentence_around(text: str, paragraph: Span, span: Span) -> Span:
    held = [item for item in sentences(text, None, paragraph) if item[0] < span[1] and span[0] < item[1]]
    return (held[0][0], held[-1][1]) if held else paragraph


def _outside(line: str) -> str:
    """A line without its quotations, and without those who only own something."""
    kept, at = "", 0
    for item in scan(line):
        kept += line[at : max(at, item.start)] + " "
        at = max(at, item.end)
    return _OWNER.sub("", kept + line[at:])


def _is_in(speaker: str, outside: str, whole: str) -> bool:
    if fold(speaker) in fold(outside):
        return True
    parts = re.findall(r"[^\W\d_][\w’'-]*", outside)
    runs = [" ".join(parts[i : i + n]) for n in (1, 2, 3) for i in range(len(parts) - n + 1)]
    return any(run[0].isupper() and same_speaker(speaker, run, whole) for run in runs)


def _between_marks(text: str, start: int, end: int) -> bool:
    """Whether a span stands in quotation marks, paragraph by paragraph: a long quotation opens each anew."""
    at = start
    for piece in re.split(r"\n\n+", text[start:end]):
        if piece.strip():
            first, last = _block(text, (at, at + 1))
            a, b = at - first, at - first + len(piece)
            marked = (item for item in scan(text[first:last]) if item.closed)
            if not any(item.start <= a + 1 and b <= item.end + 1 for item in marked):
                return False
        at = text.find(piece, at) + len(piece)
    return True


def one_utterance(source: Text, start: int, end: int) -> bool:
    """Whether the words before `start` and after `end` are one voice going on, a speaker or the outlet."""
    before, after = voice_of(source, start - 1), voice_of(source, end)
    gap = source.text[start:end]
    if not (before and before.direct) and not (after and after.direct):
        # Reported speech begins and ends inside a sentence; its verbs are looked for in the gap elsewhere.
        return "\n" not in gap.strip() and (before == after or len(gap.split()) <= TAG)
    if before is None or after is None:
        return False
    if before == after:
        return True
    if not before.direct or not after.direct or before.speaker != after.speaker:
        return False
    between = _without_speech(source, start, end)
    if before.speaker is None and ("\n" in gap.strip() or _NAME.search(between)):
        return False  # two who are not named may be two
    return len(between.split()) <= TAG


def voice_of(source: Text, at: int) -> Spoken | None:
    """Who speaks the word at `at`, or the last one before it."""
    while at > 0 and not source.text[at : at + 1].isalnum():
        at -= 1
    return speaker_at(source.text, at, at + 1, source.language)


def _without_speech(source: Text, start: int, end: int) -> str:
    """The words of a gap that stand outside any quotation marks."""
    kept, at = "", start
    for item in spoken(source.text, source.language):
        if item.direct and item.end > at and item.start < end:
            kept += source.text[at : max(at, item.start)] + " "
            at = max(at, item.end)
    return kept + source.text[min(at, end) : end]
