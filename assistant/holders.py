"""The whole phrase that names who holds a view, as the article writes it: before a verb, after it, or "his".

Wider than `clauses.Named`, which is what a speaker is resolved from. Every scan is bounded. English only.
"""

from __future__ import annotations

from assistant.clauses import DASHES, QUOTE, Words
from assistant.cues import (
    CONJUNCTIONS,
    CUTTERS,
    DETERMINERS,
    LEADERS,
    NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    ROLES,
    SUBJECTS,
    TIMES,
    VERBS,
)  # fmt: skip
from assistant.leanings import FINITE, NOUN_KINDS, VIEWS

Range = tuple[int, int]
_REACH = 30  # tokens of a phrase with its asides
_LEAD = 20  # tokens before a sentence's subject
_RELATIVES = frozenset(("who", "which", "that", "whom"))
_ENDS = frozenset(".;?!()…") | {"..."} | DASHES


def subject(words: Words, end: int, floor: int) -> Range | None:
    """The whole phrase before a verb at `end`, past ", a policy-focused conservative,"; None without one."""
    if end <= floor:
        return None
    if words.low[end - 1] in _RELATIVES or words.low[end - 1] in ("whom",):
        return end - 1, end
    if words.word[end - 1] in (",", ")") or words.word[end - 1] in DASHES:
        start = _past_aside(words, end - 1, floor)
        return _phrase(words, floor, start, end) if start is not None else None
    return _phrase(words, floor, end, end)


def main_subject(words: Words, first: int, end: int) -> Range | None:
    """The subject of the sentence, for "Trump used the day to mock p" and "..., mocking p"."""
    at = first
    while at < end and words.low[at] in LEADERS:
        at += 1
    if at < end and (words.low[at] in PREPOSITIONS or words.low[at].endswith("ing")):
        while at < min(end, first + _LEAD) and words.word[at] != ",":
            at += 1
        at += 1
    for k in range(at, min(end, at + _REACH)):
        if is_finite(words, k, at):
            return subject(words, k - words.low[k - 1].endswith("ly"), at)
    return None


def _past_aside(words: Words, at: int, floor: int) -> int | None:
    """The token at which the aside begins that ends with the comma or bracket at `at`."""
    mark = "(" if words.word[at] == ")" else words.word[at]
    start = at - 1
    while start > floor and at - start < _REACH:
        if words.word[start] == mark:
            return start
        if words.word[start] == QUOTE or (mark != "(" and words.word[start] in _ENDS):
            return None
        start -= 1
    return None


def _phrase(words: Words, floor: int, head: int, end: int) -> Range | None:
    """The noun phrase that ends at `head`; with its aside it goes on to `end`."""
    first = head
    while first > floor and head - first < _REACH and not _leaves(words, first - 1):
        first -= 1
    first = _listed(words, floor, first)
    while first < head and (
        words.low[first] in LEADERS or words.low[first] in ("that", "why", "how", "what")
    ):
        first += 1
    if first < head and words.low[first] in PREPOSITIONS:
        first = _past_preposition(words, first, head)
    if any(is_finite(words, k, first) for k in range(first, head)):
        return None
    while first < head and not words.word[first][0].isalnum():
        first += 1
    if first >= head or words.low[head - 1] in PREPOSITIONS | CONJUNCTIONS | DETERMINERS - {
        "one",
        "this",
        "that",
    }:
        return None
    if words.low[head - 1].endswith("'s") and head == end and head - first < 2 and not words.cap(head - 1):
        return None
    return first, end


def _past_preposition(words: Words, first: int, head: int) -> int:
    """ "In Berlin the minister", "at a rally he": where the subject begins after its place."""
    if words.low[head - 1] in SUBJECTS:
        return head - 1
    for k in range(head - 1, first, -1):
        if words.low[k] in POSSESSIVES | {"the", "a", "an"} and k > first + 1:
            return k
    return head


def _leaves(words: Words, at: int) -> bool:
    low = words.low[at]
    if low in CONJUNCTIONS or low in ("has", "have", "had", "is", "was", "are", "were", "will", "would"):
        return True
    if low in VERBS and VERBS[low][1] in "fg" and low not in NOUNS:
        return True
    return not (low[0].isalnum() or low[0] in "&%$")


def _listed(words: Words, floor: int, first: int) -> int:
    """Where a list of names begins of which the last stands at `first`: A, B and C argued."""
    at = first
    while at - 1 > floor and (words.low[at - 1] in ("and", ",")) and words.cap(at):
        start = at - 1
        start -= words.word[start - 1] == "," and start - 1 > floor
        name = start
        while name > floor and words.cap(name - 1) and start - name < 5:
            name -= 1
        if name == start:
            break
        at = name
        if first - at > _REACH:
            break
    whole = (
        at == floor or words.low[at - 1] in CONJUNCTIONS | PREPOSITIONS or words.low[at - 1] in (",", "the")
    )
    return at if whole else first


def plural(words: Words, source: Range) -> bool:
    """Whether a verb in its base form fits a subject."""
    ends = (
        k
        for k in range(source[0] + 1, source[1])
        if words.low[k] in PREPOSITIONS or not words.low[k][0].isalnum()
    )
    low = words.low[next(ends, source[1]) - 1]
    return low in ("they", "we", "i", "you", "who", "people", "men", "women") or (
        low.endswith("s") and not low.endswith(("ss", "'s"))
    )


def is_finite(words: Words, at: int, first: int) -> bool:
    """Whether a token is a verb with a subject before it, as far as a list and an ending tell."""
    low = words.low[at]
    if low in FINITE:
        return True
    if words.cap(at) or at == first:
        return False
    form = VIEWS.get(low) or VERBS.get(low) or ("", "")
    if form[1] == "f" and low not in NOUNS and low not in NOUN_KINDS:
        return True
    after = words.low[at + 1] if at + 1 < len(words.low) else ""
    participle = after in TIMES or after in PREPOSITIONS or words.low[at - 1] in DETERMINERS
    return low.endswith("ed") and len(low) > 4 and not participle


def agent_end(words: Words, at: int, last: int) -> int:
    """The token after a phrase that begins at `at`: “by the council of the town”."""
    end = at
    while end < min(last, at + 12):
        low = words.low[end]
        if not low[0].isalnum() or low in CONJUNCTIONS or (low in PREPOSITIONS and low not in ("of", "for")):
            break
        end += 1
    return end


def owner(words: Words, first: int, at: int) -> Range | None:
    """“Rubio’s” or “his”, before a noun at `at` with an adjective or two between."""
    for k in range(at - 1, max(first - 1, at - 5), -1):
        low = words.low[k]
        if low in POSSESSIVES:
            return k, k + 1
        if low.endswith(("'s", "s'")) and low not in ("it's", "that's", "he's", "she's"):
            start = k
            while start > first and words.cap(start - 1) and words.cap(k):
                start -= 1
            if start > first and words.low[start - 1] == "the":
                start -= 1
            return start, k + 1
        if not low[0].isalpha() or low in PREPOSITIONS or low in CONJUNCTIONS or low in DETERMINERS:
            return None
    return None


def trailing(words: Words, end: int, last: int) -> int:
    """Where a source that follows its verb ends with its aside: "said Ann Lee, who grew up with him"."""
    if end + 1 >= last or words.word[end] not in (",", "("):
        return end
    nxt = words.low[end + 1]
    begins = (
        words.word[end] == "(" or nxt in ("who", "which", "whose", "a", "an", "the", "then") or nxt in ROLES
    )
    if not begins or nxt in SUBJECTS - {"who", "which"}:
        return end
    at = end + 1
    while (
        at < min(last, end + _REACH)
        and words.word[at] not in (QUOTE, ";", ".", ")")
        and not (
            words.word[at] == ","
            and at + 1 < last
            and (
                words.low[at + 1].endswith("ing")
                or words.low[at + 1] in CUTTERS | CONJUNCTIONS
                or words.word[at + 1] == QUOTE
            )
        )
    ):
        at += 1
    at += at < last and words.word[at] == ")"
    return at - (words.word[at - 1] == ",")
