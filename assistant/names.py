"""Proper names: those of a sentence, and whether the evidence has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.models import Reason
from assistant.text import fold, romanised, script
from assistant.tokens import Parse, Token, is_english, parse

_TITLES = frozenset(
    """
    president vice prime minister secretary general foreign defence defense senator sen rep representative
    gov governor mayor chancellor gen colonel col judge justice professor prof dr mr mrs ms miss sir king
    queen prince princess pope inspector chief lord lady captain capt lieutenant sergeant sgt officer
    commissioner ambassador spokesman spokeswoman spokesperson director chairman chairwoman chair ceo
    attorney congressman congresswoman speaker leader deputy interior finance harbour state treasury former
    house
    """.split()
)
_JOINERS = frozenset("de van von der den bin al la le du of the and for ibn el da dos di".split())
_SPACED = re.compile(r"\b(?:[A-Z]\. ){1,4}[A-Z]\b")  # "B. J."
_FOREIGN = 0.25  # share of the evidence in other languages from which nothing is said
_EVERYDAY = frozenset("internet god tv ok pm am bc ad gmt utc est edt gdp ceo i".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in a sentence: `text` as it stands there, and the numbers of its tokens."""

    text: str
    tokens: tuple[int, ...]


@lru_cache(maxsize=4_096)
def names(text: str, also: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """The proper names of a sentence; titles, days and months are none. Latin script only.

    also: keys of names, by which the first word of a sentence is known for one.
    """
    sentence = parse(text)
    found: list[Name] = []
    run: list[int] = []
    for number, token in enumerate(sentence.tokens):
        known = token.name or (token.content and token.text[0].isupper() and token.key in also)
        known = known and token.low not in _TITLES and token.low not in _EVERYDAY
        if run and not (known and _adjoin(sentence, run[-1], number)):
            found.append(_name(sentence, run))
            run = []
        if known:
            run.append(number)
    if run:
        found.append(_name(sentence, run))
    return tuple(found)


def _adjoin(sentence: Parse, before: int, number: int) -> bool:
    """Whether a token goes on the name that ends at `before`: only white space between the two."""
    one, two = sentence.tokens[before], sentence.tokens[number]
    if two.low in _TITLES or number != before + 1 or one.genitive:
        return False
    return not sentence.text[one.start + len(one.text) : two.start].strip(" \n\t.")


def _name(sentence: Parse, run: Sequence[int]) -> Name:
    tokens = sentence.tokens
    return Name(sentence.text[tokens[run[0]].start : tokens[run[-1]].end], tuple(run))


def name_reasons(sentence: str, evidence: Sequence[str], allowed: Sequence[str]) -> list[Reason]:
    """Names of the sentence that stand neither in the evidence nor in `allowed`.

    `allowed`: the outlet, title, author and speakers of what is cited. A surname is enough, unless the
    evidence gives its bearer another first name. Silent where much of the evidence is not English.
    """
    wanted = names(sentence)
    if not wanted or not evidence or not is_english(sentence) or not _readable(evidence):
        return []
    known = _known(tuple(evidence)) | _known(tuple(allowed))
    found: list[Reason] = []
    own = parse(sentence)
    for name in wanted:
        parts = [own.tokens[number] for number in name.tokens if own.tokens[number].low not in _JOINERS]
        missing = [part for part in parts if not _forms(part.text, part.key) & known]
        if missing and _initials(parts) & known:
            continue  # "Federal Election Commission", where the passage says "FEC"
        if not missing:
            continue
        if parts[-1] not in missing and (
            parts[0] not in missing or not _other_first_name(parts[-1].key, [*evidence, *allowed])
        ):
            continue  # "Sergei Lavrov", where the passage says "Lavrov"
        shown = name.text if len(missing) == len(parts) else missing[-1].text
        found.append(Reason("name_not_in_passage", f"“{shown}” is not in the passage"))
    return found[:3]


def _initials(parts: Sequence[Token]) -> frozenset[str]:
    return frozenset({"".join(part.low[0] for part in parts)}) if len(parts) > 2 else frozenset()


@lru_cache(maxsize=1_024)
def _known(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(_all_forms(text) for text in texts))


@lru_cache(maxsize=4_096)
def _all_forms(text: str) -> frozenset[str]:
    """Every way in which a text names what it names: keys, folded and romanised words."""
    sentence = parse(text)
    forms = {form for token in sentence.tokens for form in _forms(token.text, token.key)}
    forms |= {match.group().replace(" ", "").replace(".", "").lower() for match in _SPACED.finditer(text)}
    forms |= _acronyms(sentence)
    if script(text) != "latin":
        forms |= set(romanised(text))
    return frozenset(forms)


def _acronyms(sentence: Parse) -> set[str]:
    """Initials of every run of capitalised words: "fec" for "Federal Election Commission"."""
    found: set[str] = set()
    run = ""
    for token in (*sentence.tokens, None):
        if token and token.text[0].isupper():
            run += token.low[0]
        elif not (token and run and token.low in _JOINERS):
            found |= {run[at:] for at in range(min(len(run), 6) - 2)} if len(run) > 2 else set()
            run = ""
    return found


def _forms(word: str, key: str) -> frozenset[str]:
    low = fold(word)
    plain = low.replace(".", "")
    return frozenset({low, plain, key, plain.removesuffix("s") if len(plain) > 4 else plain})


def _other_first_name(key: str, evidence: Sequence[str]) -> bool:
    """Whether every mention of a surname that has a first name before it has one: another one, then."""
    for text in evidence:
        for name in names(text):
            tokens = parse(text).tokens
            if len(name.tokens) > 1 and tokens[name.tokens[-1]].key == key:
                return True
    return False


def _readable(evidence: Sequence[str]) -> bool:
    """Whether names can be looked up: another language may have them in another form."""
    sizes = [(len(parse(text).tokens), is_english(text)) for text in evidence]
    return sum(size for size, english in sizes if not english) <= _FOREIGN * sum(size for size, _ in sizes)


def name_keys(text: str) -> frozenset[str]:
    """The keys of the names of a sentence."""
    tokens = parse(text).tokens
    return frozenset(tokens[number].key for name in names(text) for number in name.tokens)
