"""Whether a sentence states something that a source can confirm or deny, and where it joins two statements.

Method: closed lists of what is no statement (greetings, wishes, orders, opinions without a fact), and for
English a verb with its subject; in other languages length and punctuation alone.
"""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

import re

from assistant.meeting import predicates
from assistant.models import Span
from assistant.text import trim
from assistant.tokens import Parse, is_question, parse

_LEAST_WORDS = 3
_LEAST_WORDS_OF_A_HALF = 3
_NO_STATEMENT = re.compile(
    r"^(?:hello|hi|hey|dear|good (?:morning|evening|afternoon|night|luck)|welcome|thanks?|thank you|cheers|"
    r"(?:best|kind|warm) (?:regards|wishes)|yours|sincerely|greetings|congratulations|sorry|please|let us|let's|"
    r"read|see|click|watch|listen|follow|subscribe|sign up|share|contact|note|stay tuned|here(?:'s| is| are) (?:what|how|why)|"
    r"what an? |how (?:very )?\w+[!]|correction:$|update:$|by [A-Z][a-z]+ [A-Z][a-z]+$|photo|image|picture|credit|"
    r"(?:additional |further )?reporting by|editing by|translated by|edited by|with reporting)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"^(?:(?:personally|frankly|honestly|clearly|surely|of course|well|in fact|and|but|so),? )*"
    r"(?:i (?:really |still |do |just |strongly )?(?:think|believe|feel|hope|guess|suppose|wish|doubt|love|hate|prefer|"
    r"fear|would like|want)|we (?:all )?(?:hope|think|believe|feel|should|must|need to)|in my (?:view|opinion)|"
    r"it(?:'s| is| was) (?:a |an |such a |really |so |very |truly )*(?:shame|disgrace|pity|outrage|scandal|tragedy|"
    r"wonderful|terrible|awful|great|sad|good|bad|nice|beautiful|ridiculous|absurd|outrageous|unacceptable|"
    r"important|time|wrong|right|clear|obvious)|(?:this|that)(?:'s| is| was) (?:a |an |such a |really |so |very |truly )*"
    r"(?:shame|disgrace|pity|outrage|scandal|wonderful|terrible|awful|great|sad|good|bad|nice|beautiful|ridiculous|"
    r"absurd|outrageous|unacceptable|wrong|right)|nobody (?:in their right mind )?(?:should|can deny)|"
    r"(?:everyone|everybody|somebody|someone|they|the \w+) (?:should|ought to) )\b",
    re.IGNORECASE,
)
_TASTE = re.compile(
    r"\b(?:is|are|was|were|looks?|seems?|feels?) (?:(?:so|very|really|truly|just|simply|quite|absolutely|the most|a|an) )*"
    r"(?:beautiful|ugly|wonderful|terrible|awful|disgusting|stupid|ridiculous|amazing|fantastic|boring|brilliant|lovely|"
    r"horrible|disgrace|shame|disgraceful|shameful|magnificent|delicious)\b[^,;]{0,30}[.!]?$",
    re.IGNORECASE,
)
_JOINT = re.compile(r"(?:,\s+(?:and|but|while|whereas)\s+|;\s+(?:and |but |however, )?)", re.IGNORECASE)
_SUBJECTS = frozenset(
    """he she it they we i this that these those there nobody everyone everybody someone no the a an his her its
    their our my some many several most all each another both""".split()
)
_FACT = re.compile(r"\d|%")


def states(sentence: str, english: bool) -> bool:
    """Whether a sentence states something that may be checked."""
    bare = sentence.strip(" \t\n\"“”„«»‘’'*•-–—")
    words = bare.split()
    if len(words) < _LEAST_WORDS or is_question(sentence) or _NO_STATEMENT.match(bare):
        return False
    if not english:
        return len(words) > _LEAST_WORDS
    if _OPINION.match(bare) and not _FACT.search(bare):
        return False
    if _TASTE.search(bare) and not _FACT.search(bare) and len(words) < 12:
        return False
    return bool(_subject_and_verb(parse(bare)))


def _subject_and_verb(sentence: Parse) -> bool:
    """Whether there is a predicate with something before it."""
    found = predicates(sentence.text)
    return bool(found) and min(found) > 0


def halves(text: str, span: Span) -> list[Span]:
    """The statements that a sentence joins by ", and", ", but" or ";": two, or the sentence itself."""
    start, end = span
    sentence = text[start:end]
    for match in _JOINT.finditer(sentence):
        left = trim(text, (start, start + match.start()))
        right = trim(text, (start + match.end(), end))
        if all(_stands_alone(text[a:b]) for a, b in (left, right)) and _has_subject(text[slice(*right)]):
            return [left, right]
    return [span]


def _stands_alone(half: str) -> bool:
    if len(half.split()) < _LEAST_WORDS_OF_A_HALF or sum(half.count(mark) for mark in '"“”„«»()') % 2:
        return False
    first = half.split()[0].lower()
    if first in (
        "when",
        "if",
        "while",
        "although",
        "though",
        "because",
        "since",
        "after",
        "before",
        "as",
        "which",
        "who",
    ):
        return False
    return states(half, True)


def _has_subject(half: str) -> bool:
    """Whether a half begins with a subject of its own, and not with a verb that the first half's subject has."""
    sentence = parse(half)
    found = predicates(half)
    if not found or not sentence.tokens:
        return False
    first = sentence.tokens[0]
    begins = first.low in _SUBJECTS or first.name or first.number or first.text[:1].isupper()
    return begins and 0 < min(found) <= 8
