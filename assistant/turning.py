"""A yes/no question turned into the claim inside it: "Did they close it?" into "They closed it".

Method: the auxiliary in front goes behind the subject, whose end is found by the verb form that the auxiliary
asks for. Where that is not clear there is no claim. English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.inflecting import is_participle, may_be_verb, past, third
from assistant.tokens import is_known

_BE = frozenset("is are was were am".split())
_HAVE = frozenset("has have had".split())
_DO = frozenset("do does did".split())
_MODALS = frozenset("will would can could should must may might shall".split())
AUXILIARIES = _BE | _HAVE | _DO | _MODALS
_CONTRACTED = {
    "won't": "will", "can't": "can", "shan't": "shall", "isn't": "is", "aren't": "are", "wasn't": "was",
    "weren't": "were", "hasn't": "has", "haven't": "have", "hadn't": "had", "don't": "do", "doesn't": "does",
    "didn't": "did", "wouldn't": "would", "couldn't": "could", "shouldn't": "should", "mustn't": "must",
    "mightn't": "might", "cannot": "can",
}  # fmt: skip
_SUBJECTS = frozenset(
    """he she it they we you i there this that these those anyone anybody someone somebody everyone everybody
    anything something everything nobody nothing""".split()
)
_DETERMINERS = frozenset(
    """the a an this that these those his her its their our my your no any some every each all another both
    several many few most""".split()
)
_PREPOSITIONS = frozenset(
    """in on at by for with from into about against to of over under near between among during since through
    behind after before within without across around along outside inside beyond despite off""".split()
)
_ADVERBS = frozenset(
    """already still ever never really actually also now just only even always often recently finally not yet
    currently ultimately officially once later indeed truly in fact simply immediately""".split()
)
# Adjectives that are said of something: at the end of a question they are no nouns of their own.
_QUALITIES = frozenset(
    """safe open shut true false right wrong legal guilty innocent dead alive ill sick fit ready empty full
    free new old good bad better worse clean dirty dry wet high low big small large strong weak real
    fake genuine correct clear certain sure likely necessary afraid active inactive present absent
    public private permanent temporary intact whole stable calm quiet busy cheap expensive rich poor
    hot cold warm deep shallow dark toxic critical fatal severe normal official final complete
    independent neutral solvent insolvent bankrupt due overdue secure sound""".split()
)
_QUALITY = re.compile(r"\w{2,}(?:able|ible|ful|less|ous)|(?:un|il|im|in)(\w{3,})")
_DEGREES = frozenset("very too so quite rather more most less completely fully entirely partly".split())
_TIMES = frozenset("day night week month year morning evening afternoon same time minute hour moment".split())
_AFTER_VERBS = frozenset("him them her us me that whether if when because out up down".split())
_EVER = frozenset("ever really actually indeed truly".split())
_SOME = {"anyone": "someone", "anybody": "somebody", "anything": "something", "any": "some"}
_WORD = re.compile(r"[^\s]+")


def turned(question: str) -> str | None:
    """The statement that a question with an auxiliary in front asks about; None where it is not clear."""
    words = _WORD.findall(question.rstrip("?！？! ").strip())
    if len(words) < 3:
        return None
    first = words[0].lower().replace("’", "'")
    auxiliary = _CONTRACTED.get(first, first)
    if auxiliary not in AUXILIARIES:
        return None
    rest = words[1:]
    if rest and rest[0].lower() == "not" and len(rest) > 1:
        rest = rest[1:]  # "Is not ...?" expects a yes, as "Isn't" does
    end = _end_of_subject(auxiliary, rest)
    if not end or end >= len(rest):
        return None
    subject, predicate = rest[:end], rest[end:]
    said = _joined(auxiliary, predicate)
    if said is None:
        return None
    return _capital(" ".join([_SOME.get(_low(subject[0]), subject[0]), *subject[1:], *said]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _low(word: str) -> str:
    return word.lower().replace("’", "'").strip("\"“”‘’'(),;:.")


def _joined(auxiliary: str, predicate: Sequence[str]) -> list[str] | None:
    """The predicate with its auxiliary: "did" goes into the verb, the others stand before it."""
    words = [word for word in predicate if _low(word) not in _EVER]
    if not words:
        return None
    if auxiliary not in _DO:
        return [auxiliary, *words]
    if _low(words[0]) in ("not", "never"):
        return (
            [auxiliary, *words] if _low(words[0]) == "not" else [words[0], *_inflected(auxiliary, words[1:])]
        )
    at = next((n for n, word in enumerate(words[:3]) if _is_verb(word)), None)
    if at is None:
        return None
    return [*words[:at], *_inflected(auxiliary, words[at:])]


def _inflected(auxiliary: str, words: Sequence[str]) -> list[str]:
    if not words:
        return []
    base = _low(words[0])
    form = past(base) if auxiliary == "did" else third(base) if auxiliary == "does" else base
    return [words[0].replace(words[0].strip("\"“”‘’'(),;:."), form, 1), *words[1:]]


def _is_verb(word: str) -> bool:
    return word[:1].islower() and may_be_verb(_low(word))


# --- where the subject ends -----------------------------------------------------------------------


def _end_of_subject(auxiliary: str, words: Sequence[str]) -> int | None:
    """How many words the subject has; None where it cannot be told."""
    first = _low(words[0])
    if first in _SUBJECTS and not (first in _DETERMINERS and _goes_on(auxiliary, words)):
        return 1
    if auxiliary in _DO or auxiliary in _MODALS:
        return _by_base(words, auxiliary in _MODALS)
    if auxiliary in _HAVE:
        return _by_participle(words)
    return _by_complement(words)


def _goes_on(auxiliary: str, words: Sequence[str]) -> bool:
    """Whether "this" or "that" has a noun of its own behind it: "Is this bridge safe?"."""
    if len(words) < 3 or _low(words[1]) in _DETERMINERS | _PREPOSITIONS | _ADVERBS:
        return False
    second = _low(words[1])
    if auxiliary in _DO | _MODALS:
        return not may_be_verb(second) or _is_verb(words[2])
    return not is_participle(second) and not second.endswith("ing")


def _by_base(words: Sequence[str], modal: bool) -> int | None:
    """The first word that may be the verb: not after an article, and before something that a verb governs."""
    found: list[int] = []
    for n in range(1, min(len(words), 14)):
        low, before = _low(words[n]), _low(words[n - 1])
        if low in _ADVERBS and n + 1 < len(words) and _is_verb(words[n + 1]):
            return n
        if before in _DETERMINERS | _PREPOSITIONS | {"and"} or before.endswith("'s"):
            continue
        if _is_verb(words[n]) or (modal and low == "be"):
            found.append(n)
            if words[n - 1].endswith(",") and n - 1 < 2:
                continue
    for n in found:
        after = words[n + 1] if n + 1 < len(words) else ""
        if not after or not _is_plain(after) or _low(words[n]) in ("be", "have"):
            return n
    return found[0] if found else None


def _is_plain(word: str) -> bool:
    """Whether a word looks like a noun or verb in lower case, before which another one may be a modifier."""
    low = _low(word)
    return (
        word[:1].islower()
        and low not in _DETERMINERS | _PREPOSITIONS | _ADVERBS | _SUBJECTS
        and low not in _AFTER_VERBS
        and not low.endswith("ly")
        and (may_be_verb(low) or (low.endswith("s") and is_known(low)))
    )


def _by_participle(words: Sequence[str]) -> int | None:
    for n in range(1, min(len(words), 16)):
        low, before = _low(words[n]), _low(words[n - 1])
        if low in _ADVERBS or (low.endswith("ly") and n > 0):
            if any(is_participle(_low(word)) for word in words[n + 1 : n + 3]):
                return n
            continue
        if is_participle(low) and words[n][:1].islower() and before not in _DETERMINERS | _PREPOSITIONS:
            return n
    return None


def _by_complement(words: Sequence[str]) -> int | None:
    """Behind "is": the first participle, else the first adverb, article, preposition, else the last word."""
    for n in range(1, min(len(words), 16)):
        low, before = _low(words[n]), _low(words[n - 1])
        verbal = is_participle(low) or (low.endswith("ing") and len(low) > 4)
        if (
            verbal
            and words[n][:1].islower()
            and before not in _DETERMINERS | _PREPOSITIONS
            and low != "during"
        ):
            lead = n - 1 if before in _ADVERBS or before.endswith("ly") else n
            return lead or None
    for n in range(1, min(len(words), 16)):
        low, before = _low(words[n]), _low(words[n - 1])
        if before in _DETERMINERS | _PREPOSITIONS:
            continue
        if low in _PREPOSITIONS and low != "of":
            return _said_behind(words, n) or n
        if low in _ADVERBS or low in _DETERMINERS or low == "to" or low[:1].isdigit():
            return n
    last = len(words) - 1
    return last if last > 0 and words[last][:1].islower() else None


def _said_behind(words: Sequence[str], place: int) -> int | None:
    """Where something is said of the subject behind a place in it: "the weir at Exton | safe"."""
    for first in range(place + 2, min(len(words), 16)):
        if _low(words[first - 1]) in _DETERMINERS | _PREPOSITIONS:
            continue
        n = first
        while n + 1 < len(words) and _low(words[n]) in _ADVERBS | _DEGREES:
            n += 1
        if _is_quality(words, n) or _is_noun_phrase(words, n):
            return first
    return None


def _is_quality(words: Sequence[str], n: int) -> bool:
    """Whether an adjective stands there with no noun of its own behind it."""
    low = _low(words[n])
    made = _QUALITY.fullmatch(low)
    listed = low in _QUALITIES or bool(
        made and (made[1] is None or made[1] in _QUALITIES or _QUALITY.fullmatch(made[1]))
    )
    alone = n + 1 == len(words) or _low(words[n + 1]) in _PREPOSITIONS | {"to", "that", "and", "or", "enough"}
    return listed and words[n][:1].islower() and alone


def _is_noun_phrase(words: Sequence[str], n: int) -> bool:
    """Whether a noun with its article stands there, which tells no time: "the day before" does."""
    behind = _low(words[n + 1]) if n + 1 < len(words) else ""
    return _low(words[n]) in ("a", "an", "the") and bool(behind) and behind not in _TIMES
