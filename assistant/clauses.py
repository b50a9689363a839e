"""The words of a text with its sentences, and the phrases in it that name somebody.

Quotations are one token each, so that nothing inside them is taken for the text's own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.cues import (
    CONJUNCTIONS,
    DETERMINERS,
    INSTITUTIONS,
    LEADERS,
    LINKS,
    NOBODY,
    NOT_NAMES,
    PREPOSITIONS,
    ROLES,
    SUBJECTS,
    TIME_LEADS,
    TIMES,
    TITLES,
    VERBS,
)  # fmt: skip
from assistant.marks import Quoted, paragraphs
from assistant.models import Span

QUOTE = "\ue000"  # stands for each character of a quotation; of no script and no word
_TOKEN = re.compile(
    QUOTE
    + r"+|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Col|Lt|Sgt|Capt|St|Jr|Sr|Rev|Hon|vs|Inc|Ltd|Corp|Co|"
    r"Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.|(?:[A-Za-z]\.)+(?![a-z])|[^\W_]+(?:[’'.&-][^\W_]+)*|\.\.\.|[^\w\s]"
)
_ENDS = frozenset({".", "!", "?", "…", "..."})
DASHES = frozenset("—–-")
_STARTERS = frozenset("the he she it in but and they we this that his her on at as for when if after".split())
_LONGEST = 250  # tokens of a sentence: hostile text has no full stops
_REACH = 18  # tokens that a phrase may have


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a text: as written, in lower case, and where they stand; its sentences."""

    text: str
    word: list[str] = field(repr=False)
    low: list[str] = field(repr=False)
    start: list[int] = field(repr=False)
    end: list[int] = field(repr=False)
    quote: dict[int, Quoted]
    sentences: list[tuple[int, int, int]]  # first token, the one after the last, number of the paragraph

    def cap(self, at: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.word[at][0].isupper()

    def phrase(self, first: int, last: int) -> str:
        """The tokens first to last (exclusive) as they are written, spaces evened out."""
        return " ".join(self.text[self.start[first] : self.end[last - 1]].split())

    def span(self, first: int, last: int) -> Span:
        """Their offsets."""
        return self.start[first], self.end[last - 1]


def read(text: str, quotes: Sequence[Quoted]) -> Words:
    """Tokens and sentences of `text`, whose outermost quotations are `quotes`."""
    outer = [item for item in quotes if item.depth == 0]
    masked = _masked(text, outer)
    at = {item.first: item for item in outer}
    words = Words(text, [], [], [], [], {}, [])
    for number, (start, end) in enumerate(paragraphs(masked)):
        first = len(words.word)
        for match in _TOKEN.finditer(masked, start, end):
            if masked[match.start()] == QUOTE:
                _add_quotes(words, match.start(), match.end(), at)
                continue
            words.word.append(match.group())
            words.start.append(match.start())
            words.end.append(match.end())
        lowered = "\n".join(words.word[first:]).lower().replace("’", "'").split("\n")
        words.low.extend(lowered if len(lowered) == len(words.word) - first else [])
        _split(words, first, number)
    return words


def _masked(text: str, outer: Sequence[Quoted]) -> str:
    text = text.replace(QUOTE, " ")
    pieces, at = [], 0
    for item in outer:
        pieces += [text[at : item.first], QUOTE * (item.last - item.first)]
        at = item.last
    return "".join([*pieces, text[at:]])


def _add_quotes(words: Words, start: int, end: int, at: dict[int, Quoted]) -> None:
    while start < end:
        item = at[start]
        words.quote[len(words.word)] = item
        words.word.append(QUOTE)
        words.start.append(item.first)
        words.end.append(item.last)
        start = item.last


def _split(words: Words, first: int, paragraph: int) -> None:
    """Adds the sentences of the tokens from `first` on."""
    start, count = first, len(words.word)
    for at in range(first, count):
        if at + 1 < count and (at - start >= _LONGEST or _is_end(words, at, count)):
            words.sentences.append((start, at + 1, paragraph))
            start = at + 1
    if start < count:
        words.sentences.append((start, count, paragraph))


def _is_end(words: Words, at: int, count: int) -> bool:
    word, after = words.word[at], words.word[at + 1]
    if word in _ENDS:
        return after == QUOTE or after[0].isupper() or after[0].isdigit() or after in "([•*"
    if word[-1] == "." and len(word) > 1:
        short = not word[-2].islower() or word.lower() in ("a.m.", "p.m.")
        return short and after.lower() in _STARTERS and after[0].isupper()
    if word != QUOTE:
        return False
    ends = words.text[words.quote[at].end - 1]
    if ends not in ".!?…":
        return False
    if after == QUOTE:
        return True
    if not after[0].isupper():
        return False
    names = at + 1
    while names < min(count - 1, at + 6) and words.cap(names):
        names += 1
    speaks = names > at + 1 and words.low[names] in VERBS and VERBS[words.low[names]][1] == "f"
    if not speaks or words.low[at + 1] in SUBJECTS:
        return not speaks or ends == "."
    return ends == "." and (names + 1 >= count or words.word[names + 1] not in ".,")


# --- phrases --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase that names somebody: tokens first to last (exclusive), and the name in it, if it has one.

    `kind`: name, pronoun, description ("the mayor of Port Sabel", "officials"), several or unclear.
    """

    first: int
    last: int
    kind: str
    name: str = ""
    phrase: str = ""


def before(words: Words, end: int, floor: int, depth: int = 0) -> Named | None:
    """The phrase that ends right before token `end` and begins at its clause; None where there is none."""
    if depth > 2:
        return None
    first = end
    while first > floor and end - first < _REACH and not _stops(words, first - 1):
        first -= 1
    if first > floor and end - first >= _REACH:
        return None
    if first > floor and words.low[first - 1] == "and":
        whole = before(words, first - 1, floor, depth + 1)
        if whole and _is_list(words, whole, first, end):
            return Named(whole.first, end, "several", phrase=words.phrase(whole.first, end))
    relative = first > floor + 1 and words.low[first - 1] in ("that", "which", "who")
    if relative and first < end and words.low[first] not in DETERMINERS | SUBJECTS and not words.cap(first):
        head = before(words, first - 1 - (words.word[first - 2] == ","), floor, depth + 1)
        if (
            head and head.kind in ("description", "name") and words.low[head.last - 1] not in VERBS
        ):  # the company that runs the bridge said
            return Named(head.first, end, head.kind, head.name, head.phrase)
    return phrase(words, first, end)


def _stops(words: Words, at: int) -> bool:
    word = words.low[at]
    return word in CONJUNCTIONS or not (word[0].isalnum() or word[0] in "&%$")


def _is_list(words: Words, whole: Named, first: int, end: int) -> bool:
    """Whether "A and B" before a verb are two who speak, and not the end of one clause and another."""
    second = phrase(words, first, end)
    if second is None or whole.kind != "name" or second.kind != "name":
        return False
    return whole.last == first - 1 and whole.phrase == whole.name


def phrase(words: Words, first: int, end: int) -> Named | None:
    """What the tokens first to end (exclusive), a whole subject, name."""
    first = _after_lead(words, first, end)
    if first >= end:
        return None
    low, last = words.low, words.low[end - 1]
    if last.endswith(("'s", "s'")) or (last in VERBS and low[first] not in DETERMINERS):
        return None
    open_end = last in DETERMINERS or last in PREPOSITIONS or last in NOBODY
    if low[first] in NOBODY or (open_end and (last not in ("this", "that", "one") or first + 1 < end)):
        return None
    whole = words.phrase(first, end)
    if last in SUBJECTS or last in ("they",):
        return Named(end - 1, end, "pronoun", phrase=last)
    if low[first] in PREPOSITIONS:
        return Named(first, end, "unclear", phrase=whole)  # "In Berlin Merkel said": where the place ends
    start = _name_start(words, first, end)
    if (
        start - first > 1
        and end - start > 2
        and low[start - 2] in ("secretary", "speaker")
        and low[start - 1] == "of"
    ):
        start -= 2  # Secretary of State Hillary Clinton
        return Named(first, end, "name", words.phrase(start, end), whole)
    if start == end or _in_phrase(words, first, start):
        name = _name_of_member(words, first, end)
        return Named(first, end, "name" if name else "description", name, whole)
    name = name_of(words, start, end)
    return Named(first, end, "name" if name else "description", name, whole)


def _name_of_member(words: Words, first: int, end: int) -> str:
    """The name in "Sunniva Brack of the Reform Union"; empty for "Residents of New York"."""
    head = first
    while head < end and words.cap(head) and not words.low[head].endswith("'s"):
        head += 1
    of = head < end and words.low[head] in ("of", "from")
    return (
        name_of(words, first, head)
        if of and head - first > 1 and words.low[head - 1] not in INSTITUTIONS
        else ""
    )


def _after_lead(words: Words, first: int, end: int) -> int:
    """Where the subject begins after "But", "However" and "On Monday"."""
    while first < end and words.low[first] in LEADERS | {"ly"}:
        first += 1
    at = first
    while at < end and (words.low[at] in TIME_LEADS or words.low[at] in TIMES or words.word[at].isdigit()):
        at += 1
    if any(words.low[k] in TIMES for k in range(first, at)) and at < end:
        while at > first and words.low[at - 1] not in TIMES and not words.word[at - 1].isdigit():
            at -= 1  # "on Monday the ministry": the article is the ministry's
        return at
    return first


def _name_start(words: Words, first: int, end: int) -> int:
    """Where the run of capitalised words begins that ends at `end`; `end` when there is none."""
    start = end
    while start > first:
        if words.cap(start - 1) and not words.low[start - 1].endswith("'s"):
            start -= 1
        elif start < end and (links := linked(words, start - 1, first)):
            start -= links
        else:
            break
    return start


def linked(words: Words, at: int, first: int) -> int:
    """How many words such as "von der" end at token `at` with a capitalised one before them."""
    start = at
    while start > first and at - start < 3 and words.low[start] in LINKS:
        start -= 1
    return at - start if words.cap(start) else 0


def _in_phrase(words: Words, first: int, start: int) -> bool:
    """Whether the name is only part of another phrase: "the mayor of Port Sabel", "a man in Kyiv"."""
    at = start - 1
    if at >= first and words.low[at] == "the":
        at -= 1
    return at >= first and words.low[at] in PREPOSITIONS


def name_of(words: Words, first: int, last: int) -> str:
    """The name in a run of capitalised words, its title included; empty when there is none."""
    while first < last and words.low[first] in NOT_NAMES:
        first += 1
    if first >= last or (last - first == 1 and words.low[first] in TIMES | TITLES | INSTITUTIONS):
        return ""
    return words.phrase(first, last).removesuffix("’s").removesuffix("'s")


def after(words: Words, first: int, end: int) -> Named | None:
    """The phrase that begins at token `first`: “...,” said pilot Ann Lee."""
    if first >= end or words.word[first] == QUOTE:
        return None
    if words.low[first] in ("he", "she", "they", "it", "him", "her", "them", "i", "we") and (
        first + 1 == end
        or not words.word[first + 1][0].isalnum()
        or words.low[first + 1] in CONJUNCTIONS | PREPOSITIONS
    ):
        return Named(first, first + 1, "pronoun", phrase=words.low[first])
    stop = min(end, first + _REACH)
    at, run = first, -1
    while at < stop:
        low = words.low[at]
        if words.cap(at):
            run = at if run < 0 else run
        elif low in LINKS and run >= 0 and at + 2 < stop and (words.cap(at + 1) or words.cap(at + 2)):
            pass
        elif run >= 0 and not _role_ahead(words, at, stop):
            break
        elif low in ("of", "for", "at") and at > first and run < 0:
            return _described(words, first, at, stop, end)
        elif not low[0].isalnum() or low in CONJUNCTIONS or low in PREPOSITIONS or low in VERBS:
            break
        else:
            run = -1
        at += 1
    return _closed(words, first, at, run, end)


def _role_ahead(words: Words, at: int, stop: int) -> bool:
    """Whether lower case words after a name lead to a role: "Trump campaign manager Kellyanne Conway"."""
    for k in range(at, min(stop, at + 4)):
        if not words.word[k][0].isalnum() or words.low[k] in PREPOSITIONS | CONJUNCTIONS | DETERMINERS:
            return False
        if words.low[k] in TIMES or words.low[k].endswith("ly"):
            return False
        if words.low[k] in ROLES or words.low[k] in INSTITUTIONS:
            return True
        if k > at and words.cap(k):
            return True  # Cruz constituent Dan Golvach
    return False


def _closed(words: Words, first: int, at: int, run: int, end: int) -> Named | None:
    if at == first:
        return None
    whole = words.phrase(first, at)
    if run < 0 or (words.low[run - 1] == "the" and run - 1 > first):
        apart = _name_apart(words, at, end) if run < 0 else None
        if apart:
            return Named(first, apart[1], "name", apart[0], words.phrase(first, apart[1]))
        return Named(first, at, "description", phrase=whole)
    if run > first and (words.low[run - 1] in PREPOSITIONS or words.low[run - 1].endswith("'s")):
        return Named(first, at, "description", phrase=whole)
    name = name_of(words, run, at)
    if words.low[at - 1].endswith("'s"):
        return None
    return Named(first, at, "name" if name else "description", name, whole)


def _described(words: Words, first: int, at: int, stop: int, end: int) -> Named:
    """ "the mayor of Port Sabel, Odo Pellimore": up to the comma, the preposition or the verb."""
    while at < stop and (
        words.word[at][0].isalnum()
        and (words.low[at] in ("of", "for", "at", "the", "and") or not _leaves(words, at))
    ):
        at += 1
    apart = _name_apart(words, at, end)
    if apart:
        return Named(first, apart[1], "name", apart[0], words.phrase(first, apart[1]))
    return Named(first, at, "description", phrase=words.phrase(first, at))


def _leaves(words: Words, at: int) -> bool:
    low = words.low[at]
    return low in PREPOSITIONS or low in CONJUNCTIONS or low in VERBS or low in TIMES


def _name_apart(words: Words, at: int, end: int) -> tuple[str, int] | None:
    """The name after the comma of "the night sister, Edda Coyle.", and the token after it."""
    if at + 1 >= end or words.word[at] != "," or not words.cap(at + 1):
        return None
    last = at + 1
    while last < end and last < at + 6 and (words.cap(last) or words.low[last] in LINKS):
        last += 1
    closes = last >= end or words.word[last] in ".,;)" or words.low[last] in VERBS
    name = name_of(words, at + 1, last)
    return (name, last) if closes and name else None
