"""The verbs of saying in a sentence, each with the phrase that names who speaks. English only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.clauses import DASHES, QUOTE, Named, Words, after, before
from assistant.cues import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    INSTITUTIONS,
    INVERTED,
    LOUD,
    MODALS,
    NEEDS_PARTICLE,
    NEGATIONS,
    NOUNS,
    PASSIVE,
    PLURALS,
    PREPOSITIONS,
    ROLES,
    SUBJECTS,
    TIME_LEADS,
    TIMES,
    VERBS,
)  # fmt: skip


@dataclass(slots=True)
class Cued:
    """A cue with its speaker (None: the one of the clause before it) and what it governs.

    `cue`: its tokens, first and the one after the last. `clauses`: reported words, ranges of tokens;
    `quotes`: the quotations, by token. `left` and `right`: where the words of the cue and its speaker
    begin and end.
    """

    cue: tuple[int, int]
    subject: Named | None
    left: int
    right: int
    kind: str
    mode: str = ""
    inverted: bool = False
    clauses: list[tuple[int, int]] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    told_by: Cued | None = None


_SOME = frozenset(("some", "many", "most"))
_SHARES = frozenset(
    "half third quarter percent majority two three four five six seven eight nine ten".split()
)
_NO_NOUNS = PASSIVE | MODALS | frozenset("has have had said says".split())
_ASIDE = 28  # tokens between the two ends of an aside


def cue_at(words: Words, first: int, at: int, last: int, found: list[Cued]) -> Cued | None:
    """The cue at token `at` of the sentence first to last (exclusive), or None; `found`: those before it."""
    low = words.low[at]
    if low == "according" and at + 2 < last and words.low[at + 1] == "to":
        return _according(words, at, last)
    if low in VERBS and (not words.cap(at) or at == first or low in LOUD):
        return _verb(words, first, at, last, found)
    return None


def _according(words: Words, at: int, last: int) -> Cued | None:
    subject = after(words, at + 2, last)
    if subject is None:
        return None
    right = subject.last
    while right < min(last, at + 30) and words.word[right] not in ",.;:" and words.word[right] != QUOTE:
        right += 1  # according to a paper that the ministry laid before the council
    return Cued((at, at + 2), subject, at, right, "according")


def _verb(words: Words, first: int, at: int, last: int, found: list[Cued]) -> Cued | None:
    kind, form = VERBS[words.low[at]]
    right = at + 1 + (words.low[at] in NEEDS_PARTICLE)
    if _is_no_cue(words, at, last):
        return None
    if inverted := _inverted(words, first, at, last):
        return inverted
    floor = at
    while floor > first and (words.low[floor - 1] in AUXILIARIES or words.low[floor - 1].endswith("ly")):
        floor -= 1
    earlier = words.low[floor - 1] if floor > first else ""
    if earlier in NEGATIONS or earlier.endswith("n't"):
        return None
    if form == "g":
        return _gerund(words, first, at, floor, right, kind, found)
    will = earlier == "will" and words.word[first] == QUOTE  # “...,” he will say
    if not will and (
        earlier in MODALS or earlier in PASSIVE or (form == "b" and earlier in DETERMINERS - _SOME)
    ):
        return None
    subject = _subject(words, floor - will, first)
    if subject and words.low[subject.first] in _NO_NOUNS and subject.kind == "description":
        return None  # has set up a website called; said allies wanted
    if subject:
        doubtful = (form == "b" and not _plural(subject) and not will) or (
            words.low[at] in NOUNS and not _surely(words, subject)
        )
        return None if doubtful else Cued((at, right), subject, subject.first, right, kind)
    return _second_verb(words, first, at, floor, right, found)


def _is_no_cue(words: Words, at: int, last: int) -> bool:
    """Whether the word after the verb shows that nobody speaks: announced by, added to, rejected in."""
    low, after_it = words.low[at], words.low[at + 1] if at + 1 < last else ""
    if low in NEEDS_PARTICLE:
        return after_it != NEEDS_PARTICLE[low]
    if after_it == "by" or (
        after_it == "to" and low in ("added", "adding", "states", "terms", "rules", "remarks")
    ):
        return True
    if low.startswith("continu") and after_it == "to":
        return True
    calls_for = low.startswith("call") and after_it in ("for", "on")
    return VERBS[low][0] == "object" and after_it in PREPOSITIONS and not calls_for


def _second_verb(words: Words, first: int, at: int, floor: int, right: int, found: list[Cued]) -> Cued | None:
    """A verb after "and" or "but", whose subject stands before an earlier verb."""
    kind, form = VERBS[words.low[at]]
    earlier = words.low[floor - 1] if floor > first else ""
    if earlier not in ("and", "but", "then", ",", "or"):
        return None
    if found and found[-1].cue[1] < at:
        return Cued((at, right), None, floor - 1, right, kind)
    opening = _opening(words, first, floor - 1) if form == "f" and earlier != "," else None
    return Cued((at, right), opening, floor - 1, right, kind) if opening else None


def _surely(words: Words, subject: Named) -> bool:
    """Whether "campaign promises" and the like are a subject and its verb."""
    if subject.last - subject.first > 1 and VERBS.get(words.low[subject.last - 1], ("", ""))[1] == "f":
        return False  # the ministry dismissed reports that
    if subject.kind != "description":
        return True
    return words.low[subject.first] in DETERMINERS and not PREPOSITIONS & set(subject.phrase.split())


def _plural(subject: Named) -> bool:
    words = subject.phrase.lower().split()
    if _SHARES & set(words) or words[0].isdigit():
        return True  # six in ten say, 52 percent of voters say
    last = words[next((n for n, word in enumerate(words) if n and word in PREPOSITIONS), len(words)) - 1]
    return (
        last in PLURALS or subject.kind == "several" or (subject.kind == "description" and last.endswith("s"))
    )


def _gerund(
    words: Words, first: int, at: int, floor: int, right: int, kind: str, found: list[Cued]
) -> Cued | None:
    if at == first:
        return None
    earlier = words.low[floor - 1] if floor > first else ""
    if earlier in PASSIVE:  # Devine is telling reporters that
        start = floor - 1
        while start > first and words.low[start - 1] in AUXILIARIES:
            start -= 1
        subject = _subject(words, start, first)
        return Cued((at, right), subject, subject.first, right, kind) if subject else None
    if earlier == "as":
        return _quoted_as(words, first, at, right)
    if (
        words.word[floor - 1] == ","
        or words.word[floor - 1] == QUOTE
        or earlier in ("and", "while", "by", "before")
    ):
        if not found:
            subject = _opening(words, first, floor - 1)
            return Cued((at, right), subject, floor - 1, right, kind) if subject else None
        return Cued((at, right), None, floor - 1, right, kind)
    if earlier in PREPOSITIONS or earlier in DETERMINERS or earlier in CONJUNCTIONS:
        return None
    subject = before(words, floor, first)
    if (
        subject
        and subject.kind == "description"
        and words.low[subject.last - 1] in ("statement", "letter", "report")
    ):
        return Cued((at, right), subject, subject.first, right, kind)
    return None


def _opening(words: Words, first: int, last: int) -> Named | None:
    """The subject of a clause whose verb is no cue: "Trump took a swipe at him, saying …"."""
    at = first
    if words.low[first] in DETERMINERS:  # the fire service gave no number and said that
        while at < last and at - first < 7 and words.word[at][0].isalnum():
            at += 1
            head = words.low[at - 1] in INSTITUTIONS | ROLES
            if head and words.low[at] not in INSTITUTIONS | ROLES:
                return Named(first, at, "description", phrase=words.phrase(first, at))
        return None
    while at < last and words.cap(at):
        at += 1
    if at == first or at - first > 6 or words.low[at] in PREPOSITIONS or words.low[at - 1].endswith("ing"):
        return None
    if not words.word[at][0].isalpha():
        return None  # WASHINGTON —
    found = before(words, at, first)
    return found if found and found.kind in ("name", "pronoun") and found.last == at else None


def _quoted_as(words: Words, first: int, at: int, right: int) -> Cued | None:
    """RIA quotes Peskov as saying p; Peskov was quoted as saying p; Putin, whom he quoted as saying p."""
    verb = at - 2
    while verb > first and words.low[verb] not in ("quoted", "quotes", "quoting", "cited", "quote"):
        verb -= 1
    if at - verb > 14 or verb <= first:
        return None
    if verb < at - 2 and words.low[verb + 1] != "by":
        inner = after(words, verb + 1, at - 1)
    elif words.low[verb - 1] in PASSIVE:
        start = verb - 1
        while start > first and words.low[start - 1] in AUXILIARIES:
            start -= 1
        inner = _subject(words, start, first)
    else:
        whom = verb - 1
        while whom > first and words.low[whom] != "whom":
            whom -= 1
        inner = _last_name(words, first, whom) if whom > first else None
    if inner is None:
        return None
    return Cued((at, right), inner, verb, right, "say", told_by=_teller(words, first, verb))


def _last_name(words: Words, first: int, whom: int) -> Named | None:
    end = whom - 1 if words.word[whom - 1] == "," else whom
    start = end
    while start > first and words.cap(start - 1):
        start -= 1
    return (
        Named(start, end, "name", words.phrase(start, end), words.phrase(start, end)) if start < end else None
    )


def _teller(words: Words, first: int, verb: int) -> Cued | None:
    if words.low[verb - 1] in PASSIVE:
        return None
    subject = _subject(words, verb, first)
    return Cued((verb, verb + 1), subject, subject.first, verb + 1, "teller") if subject else None


def _subject(words: Words, end: int, floor: int) -> Named | None:
    """Who stands before a verb at `end`: its phrase, past ", a harbour pilot," and "who"."""
    if end <= floor:
        return None
    if words.low[end - 1] in ("who", "which") and end - 1 > floor:
        return before(words, end - 1 - (words.word[end - 2] == ","), floor)
    if words.word[end - 1] == ")" or words.word[end - 1] in DASHES:
        return _past_aside(words, end - 1, floor)
    if words.word[end - 1] != ",":
        found = before(words, end, floor)
        if found and found.kind == "name" and found.first > floor and words.word[found.first - 1] == ",":
            outer = before(words, found.first - 1, floor)
            if outer and outer.kind == "description" and _is_role(words, outer):
                return replace(found, first=outer.first, phrase=f"{outer.phrase}, {found.phrase}")
        return found
    return _past_apposition(words, end, floor)


def _past_apposition(words: Words, end: int, floor: int) -> Named | None:
    """Who stands before an aside whose comma ends at `end`: "Ann Lee, a harbour pilot, said"."""
    comma = end - 2
    while comma > floor and end - comma < _ASIDE and words.word[comma] not in (",", QUOTE) and comma > floor:
        comma -= 1
    if words.word[comma] != "," or comma <= floor:
        return None
    outer = before(words, comma, floor)
    if outer is None or outer.kind in ("unclear", "pronoun") or outer.last != comma:
        return None
    if words.low[comma + 1].endswith("ing"):  # The ministry, citing Peskov, said
        return outer
    inner = before(words, end - 1, comma + 1)
    if outer.kind == "description" and inner and inner.kind == "name" and inner.first == comma + 1:
        return replace(inner, first=outer.first, phrase=f"{outer.phrase}, {inner.phrase}")
    if outer.kind == "description" and outer.phrase.split()[0].lower() not in DETERMINERS:
        return None
    return outer


def _past_aside(words: Words, at: int, floor: int) -> Named | None:
    """Who stands before a bracket or a dash that closes at `at`: "Sen. Ann Lee (D-Ga.) said"."""
    opens = "(" if words.word[at] == ")" else words.word[at]
    for k in range(at - 1, max(floor, at - _ASIDE), -1):
        if words.word[k] == opens:
            found = before(words, k, floor)
            return found if found and found.kind not in ("unclear", "pronoun") and found.last == k else None
    return None


def _is_role(words: Words, named: Named) -> bool:
    """Whether a phrase is of a person's role: "the public prosecutor in Port Sabel"."""
    end = named.first
    while end < named.last and words.low[end] not in PREPOSITIONS:
        end += 1
    return end > named.first and words.low[end - 1] in ROLES


def _inverted(words: Words, first: int, at: int, last: int) -> Cued | None:
    """“...,” said Ann Lee: it needs a quotation or a clause before it, and the end after it."""
    if words.low[at] not in INVERTED:
        return None
    if at == first:  # Continued Stone: “...”
        subject = after(words, at + 1, last) if at + 1 < last and words.cap(at + 1) else None
        fits = subject and subject.last < last and words.word[subject.last] in (":", QUOTE)
        return Cued((at, at + 1), subject, at, subject.last, "say") if subject and fits else None
    earlier = words.word[at - 1]
    marked = earlier == QUOTE or (
        at - 2 >= first and words.word[at - 2] == QUOTE and (earlier in DASHES or earlier == ",")
    )
    if not marked and earlier not in DASHES and earlier != ",":
        return None
    subject = after(words, at + 1, last)
    if subject is None:
        return None
    end = subject.last
    closed = (
        end >= last or words.word[end] in ",.;:?!()" or words.word[end] in DASHES or words.word[end] == QUOTE
    )
    if not closed and words.low[end] not in PREPOSITIONS | CONJUNCTIONS | TIMES | TIME_LEADS:
        return None
    if not marked and (not closed or (earlier == "," and _subject(words, at, first) is not None)):
        return None
    if words.low[at + 1] in SUBJECTS and subject.last > at + 2:
        return None  # a teacher — says he came
    if subject.kind == "description" and subject.phrase.lower() in ("no", "so", "nothing", "yes", "it"):
        return None
    return Cued((at, at + 1), subject, at, end, "say", inverted=True)
