"""The persons of an article: the names, titles and descriptions that it uses of each of them.

Read from English prose; names are compared across scripts. Where two persons fit, nobody is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.clauses import QUOTE, Words, read
from assistant.cues import (
    ADDITIVE,
    CONJUNCTIONS,
    DETERMINERS,
    INSTITUTIONS,
    LINKS,
    MEN,
    MEN_CALLED,
    NOT_NAMES,
    PLACES,
    PREPOSITIONS,
    ROLES,
    TIMES,
    TITLES,
    VERBS,
    WOMEN,
    WOMEN_CALLED,
)  # fmt: skip
from assistant.marks import quoted
from assistant.text import fold, romanised

_PAIRS = ("prime minister", "vice president", "attorney general", "secretary general", "chief executive")
_PRESS = re.compile(r"\bpress (?:secretary|officer|attach[eé])\b|\bspokes(?:man|woman|person)\b")
_SHORT = {
    "sen": "senator", "rep": "representative", "gov": "governor", "gen": "general", "col": "colonel",
    "dr": "doctor", "prof": "professor", "sgt": "sergeant", "capt": "captain", "lt": "lieutenant",
}  # fmt: skip
_POSSESSED = re.compile(r"(?:[\w.’'-]+\s)*([\w.-]+)[’']s?\s")
_SMALL = PREPOSITIONS | CONJUNCTIONS | frozenset("the a an is are was be not his her its their".split())
_MOST_TITLES = 50  # descriptions learned of one article
_MOST_NAMES = 2_000  # runs of capitals read of one article: hostile text has no other words


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom an article names.

    `name`: the fullest form without a title ("Ilse Torvane"); `titled`: the fullest form with the title that
    stands before it ("Harbour Minister Ilse Torvane"), or the name; `titles`: all that it is called, folded.
    `gender`: "m", "f" or None where no word tells it. `speaks`: a verb of saying stands next to the name.
    """

    name: str
    surname: str
    titled: str
    titles: tuple[str, ...] = ()
    gender: str | None = None
    speaks: bool = False


@dataclass(slots=True)
class _Found:
    name: tuple[str, ...]
    titled: str
    titles: list[str] = field(default_factory=list)
    gender: str | None = None
    sure: bool = False
    speaks: bool = False


_WRAP = re.compile(r"(?<!\n)\n(?!\n)")


@lru_cache(maxsize=32)
def words_of(text: str) -> Words:
    """The tokens of a text with its outermost quotations as one token each."""
    if "\n\n" in text:
        text = _WRAP.sub(" ", text)  # lines are wrapped where paragraphs are parted by blank ones
    return read(text, quoted(text))


@lru_cache(maxsize=256)
def people(text: str) -> tuple[Person, ...]:
    """Everybody whom the article names outside quotations, in the order of first mention."""
    words = words_of(text)
    found: dict[tuple[str, ...], _Found] = {}
    last: _Found | None = None
    for first, end in _runs(words):
        item = _mention(words, first, end, found)
        if item is not None:
            last = item if item.speaks and _by_verb(words, first, end) else last
    _bare_titles(words, found)
    return tuple(_merged(found))


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """Ranges of tokens that begin with a capital letter, with "van" and "de" between them."""
    at, count, runs = 0, len(words.word), 0
    while at < count and runs < _MOST_NAMES:
        if not words.cap(at):
            at += 1
            continue
        first = at
        while at < count and not (at > first and "\n" in words.text[words.end[at - 1] : words.start[at]]):
            if words.cap(at):
                at += 1
                if words.low[at - 1].endswith("'s"):
                    break
            elif (
                words.low[at] in LINKS
                and at + 2 < count
                and (words.cap(at + 1) or words.low[at + 1] in LINKS)
            ):
                at += 1
            else:
                break
        runs += 1
        yield first, at


def _mention(words: Words, first: int, end: int, found: dict[tuple[str, ...], _Found]) -> _Found | None:
    while first < end and words.low[first] in NOT_NAMES:
        first += 1
    if end - first > 9 or any(words.low[k] in _SMALL for k in range(first, end)):
        return None  # a headline in capitals
    start = first
    for k in range(first, end):
        if words.low[k] in TITLES or words.low[k] in ("mr.", "mrs."):
            start = k + 1
    if start >= end or end - start > 5:
        return None
    name = tuple(word.removesuffix("’s").removesuffix("'s") for word in words.word[start:end])
    lowered = [word.lower() for word in name]
    if any("'s" in word or "’s" in word or (not word[-1].isalpha() and word[-1] != ".") for word in name):
        return None
    if (
        set(lowered) & (INSTITUTIONS | TIMES)
        or lowered[-1] in PLACES
        or (len(name) == 1 and name[0].isupper())
    ):
        return None
    if first > 0 and words.low[first - 1] == "the" and start == first:
        return None
    item = found.setdefault(name, _Found(name, " ".join(name)))
    if start > first:
        title = " ".join(words.word[first:start])
        item.sure = True
        item.titled = max(item.titled, f"{title} {' '.join(name)}", key=len)
        _entitle(item, title)
    for role in _roles(words, first, end):
        item.sure = True
        _entitle(item, role)
    if _by_verb(words, first, end):
        item.speaks = True
    return item


def _entitle(item: _Found, title: str) -> None:
    folded = fold(title)
    if folded not in item.titles and len(item.titles) < 12:
        item.titles.append(folded)
    told = set(folded.split())
    if told & MEN:
        item.gender = "m"
    elif told & WOMEN:
        item.gender = "f"


def _by_verb(words: Words, first: int, end: int) -> bool:
    """Whether a verb of saying stands next to the name."""
    if first > 0 and (words.low[first - 1] in PREPOSITIONS or words.low[first - 1] == "the"):
        return False
    after = words.low[end] if end < len(words.low) else ""
    if after in ("also", "has", "had", "have") and end + 1 < len(words.low):
        after = words.low[end + 1]
    return VERBS.get(after, ("", ""))[1] == "f" or (
        first > 0 and words.low[first - 1] in ("said", "added", "says")
    )


def _roles(words: Words, first: int, end: int) -> Iterator[str]:
    """What the words around a name call its bearer."""
    if first > 0 and words.low[first - 1] in ROLES:
        yield _phrase_before(words, first)  # Kremlin spokesman Dmitry Peskov
    elif first > 1 and words.word[first - 1] == ",":  # the ministry's chief engineer, Rupert Aldane,
        phrase = _phrase_before(words, first - 1)
        closed = end >= len(words.word) or words.word[end] in ",.;" or words.low[end] in VERBS
        known = _head(phrase) in ROLES or _head(phrase).replace("-", " ") in _PAIRS
        if closed and (known or _introduces(words, phrase, first, end)):
            yield phrase
    if (
        end + 1 < len(words.word) and words.word[end] == ","
    ):  # Wilm Ostergast, chief executive of the company,
        yield from _apposition(words, end + 1)
    if (
        end + 2 < len(words.word)
        and words.low[end] in ("is", "was")
        and words.low[end + 1] in ("the", "a", "an")
    ):
        yield from _apposition(words, end + 1)


_NO_PERSON = frozenset(
    """town city village port harbour river island country company firm state province region bridge ship
    group party newspaper court team club bank church school street road county district capital agency
    network organisation organization union army navy film book song hotel park lake mountain airline
    """.split()
)


def _introduces(words: Words, phrase: str, first: int, end: int) -> bool:
    """Whether "A porter, Gus Ambry, saw it" brings in a person: two names between commas after "a porter"."""
    parts = phrase.lower().split()
    return (
        end - first == 2
        and end < len(words.word)
        and words.word[end] == ","
        and 2 <= len(parts) <= 4
        and parts[0] in ("a", "an")
        and parts[-1].isalpha()
        and parts[-1] not in _NO_PERSON
    )


def _phrase_before(words: Words, end: int) -> str:
    first = end
    while first > 0 and end - first < 10:
        word = words.low[first - 1]
        if (
            not (word[0].isalnum())
            or word in VERBS
            or word in ("and", "that", "who", "but", "by", "when", "as")
        ):
            break
        first -= 1
        if word in DETERMINERS:
            if first > 0 and words.low[first - 1] in ("of", "for", "in", "at", "to") and end - first < 8:
                continue
            break
    while first < end - 1 and words.low[first] in PREPOSITIONS:
        first += 1
    return words.phrase(first, end) if first < end else ""


def _apposition(words: Words, first: int) -> Iterator[str]:
    """ "a career diplomat and longtime Putin spokesman": each part up to a comma, a verb or a quotation."""
    count, at = len(words.word), first
    parts: list[tuple[int, int]] = []
    start = first
    while at < count and at - first < 14:
        word = words.low[at]
        if word[0] == QUOTE or word in ",.;:()" or word in ("who", "which", "that", "said", "where", "whose"):
            break
        if word == "and":
            parts.append((start, at))
            start = at + 1
        at += 1
    parts.append((start, at))
    for a, b in parts:
        if a < b and (not words.cap(a) or words.low[a] in TITLES):
            phrase = words.phrase(a, b)
            if _head(phrase) in ROLES:
                yield phrase


def _bare_titles(words: Words, found: dict[tuple[str, ...], _Found]) -> None:
    """ "…,” added the press secretary": one who goes on speaking, by a title that nobody else has."""
    last: _Found | None = None
    tried = 0
    for at in range(len(words.low) - 2):
        low = words.low[at]
        if low not in VERBS:
            continue
        if low in ADDITIVE and words.low[at + 1] == "the" and last is not None:
            end = at + 2
            while end < len(words.low) and end < at + 7 and words.low[end].isalpha() and not words.cap(end):
                end += 1
            tried += 1
            if tried < _MOST_TITLES:
                _learn_title(words.phrase(at + 1, end), last, found)
        for name in (_name_at(words, at, found), _name_at(words, at + 2, found, back=False)):
            last = name or last


def _learn_title(phrase: str, last: _Found, found: dict[tuple[str, ...], _Found]) -> None:
    head = _head(phrase)
    taken = any(_fits(phrase, title) for item in found.values() for title in item.titles)
    if head in ROLES and not taken and all(_head(title) == head for title in last.titles):
        _entitle(last, phrase)
        last.sure = True


def _name_at(
    words: Words, end: int, found: dict[tuple[str, ...], _Found], back: bool = True
) -> _Found | None:
    """Whose name ends at token `end`, where it stands next to a verb."""
    if not back and words.low[end - 2] not in ("said", "added", "says"):
        return None
    for length in (3, 2, 1):
        first = end - length if back else end - 1
        last = end if back else end - 1 + length
        if first >= 0 and (item := found.get(tuple(words.word[first:last]))) is not None:
            return item
    return None


def _merged(found: dict[tuple[str, ...], _Found]) -> Iterator[Person]:
    """One person for all forms of a name; a bare surname belongs to the one who bears it."""
    groups: list[list[_Found]] = []
    by_surname: dict[str, list[list[_Found]]] = {}
    for item in sorted(found.values(), key=lambda item: -len(item.name)):
        rivals = by_surname.setdefault(plain(item.name[-1]), [])
        fits = [group for group in rivals if compatible(item.name, group[0].name)]
        if len(fits) == 1:
            fits[0].append(item)
        elif not fits:
            group = [item]
            groups.append(group)
            rivals.append(group)
    order = {id(item): number for number, item in enumerate(found.values())}
    for group in sorted(groups, key=lambda group: min(order[id(item)] for item in group)):
        longest = group[0]
        alone = len(longest.name) == 1
        sure = any(item.sure or item.speaks for item in group) or (not alone and len(group) > 1)
        if sure:
            yield Person(
                " ".join(longest.name),
                longest.name[-1],
                max((item.titled for item in group if item.name == longest.name or alone), key=len),
                tuple(dict.fromkeys(title for item in group for title in item.titles)),
                next((item.gender for item in group if item.gender), _called(longest.name)),
                any(item.speaks for item in group),
            )


def _called(name: tuple[str, ...]) -> str | None:
    first = name[0].lower() if len(name) > 1 else ""
    return "m" if first in MEN_CALLED else "f" if first in WOMEN_CALLED else None


def compatible(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether two names with one surname may be one person's: equal first names, initials, or none."""
    if len(short) == 1 or len(full) == 1:
        return True
    a, b = plain(short[0]), plain(full[0])
    return a == b or (1 in (len(a), len(b)) and a[:1] == b[:1])


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """A name folded to Latin letters; i, y and j, which transliterations exchange, are one letter."""
    letters = "".join(romanised(word))
    return re.sub("[iyj]+", "i", letters.replace("x", "ks"))


@lru_cache(maxsize=10_000)
def key(phrase: str) -> tuple[str, frozenset[str]]:
    """The head of a description and the words that qualify it."""
    folded = fold(phrase).replace("’", "'")
    folded = _PRESS.sub("spokesperson", folded)
    for pair in _PAIRS:
        folded = folded.replace(pair, pair.replace(" ", "-"))
    owner = _POSSESSED.match(folded)
    if owner:
        folded = f"{owner[1]} {folded[owner.end() :]}"
    words = [word.strip(",.'").removesuffix("'s") for word in folded.split()]
    words = [_SHORT.get(word, word) for word in words if word and word not in DETERMINERS]
    head = next((n for n, word in enumerate(words) if word in PREPOSITIONS or word == "and"), len(words)) - 1
    kept = {word for number, word in enumerate(words) if number != head and word not in PREPOSITIONS}
    return (words[head] if 0 <= head < len(words) else ""), frozenset(kept - {"longtime", "former", "senior"})


def _head(phrase: str) -> str:
    head = key(phrase)[0]
    return head.rpartition("-")[2] if head not in ROLES else head


def _fits(phrase: str, title: str) -> bool:
    """Whether "the minister" may be the bearer of "harbour minister": one head, and no word too much."""
    head, words = key(phrase)
    title_head, title_words = key(title)
    return bool(head) and head == title_head and words <= title_words
