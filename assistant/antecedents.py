"""Whom a name, a pronoun or a description means, given what of the article was read before it.

Where two may be meant nobody is chosen: a quotation in the wrong mouth is the worst error. English only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.clauses import Named, Words
from assistant.cues import INSTITUTIONS, PREPOSITIONS, ROLES
from assistant.models import Span
from assistant.persons import Person, bearers, describe, find, people

_BACK = 3  # sentences in which the one is sought whom "he" means
_LABEL = re.compile(r"^([A-Z][A-Z .'’-]{2,40}):", re.MULTILINE)
TWO = Person("", "", "")
"""Stands for a surname that two persons of the article share."""


@dataclass(slots=True)
class Voice:
    """Who speaks, as far as it is known."""

    speaker: str | None = None
    person: Person | None = None
    cue: Span | None = None
    source: Span | None = None
    addresses: bool = False  # the verb has somebody asked or told


@dataclass(slots=True)
class Read:
    """What has been read of an article so far."""

    text: str
    words: Words
    voices: list[Voice | None] = field(default_factory=list)  # the last voice of each sentence
    names: list[list[Person]] = field(default_factory=list)  # persons named in each sentence
    surnames: dict[str, Person | None] = field(default_factory=dict)
    labels: Counter[str] | None = None

    def turns(self, name: str) -> int:
        """How many paragraphs begin with that name in capitals and a colon."""
        if self.labels is None:
            self.labels = Counter(_LABEL.findall(self.text))
        return self.labels[name]


def named_in(read: Read, first: int, last: int) -> Iterator[Person]:
    """The persons whose surnames stand at the tokens first to last (exclusive)."""
    words = read.words
    for k in range(first, last):
        if words.word[k] in read.surnames and not (k + 1 < last and words.low[k + 1] in ROLES):
            yield read.surnames[words.word[k]] or _of_two(read, words.word[k - 1 : k + 1])


def _of_two(read: Read, name: Sequence[str]) -> Person:
    """Which of two who share a surname is meant, where the first name stands before it."""
    found = [person for person in people(read.text) if person.name.split()[-2:] == list(name)]
    return found[0] if len(found) == 1 else TWO


def who(read: Read, number: int, named: Named, previous: Voice | None) -> tuple[str | None, Person | None]:
    """The speaker whom a phrase of sentence `number` names, and the person, where it is a person's."""
    if named.kind == "name":
        person = find(named.name, read.text)
        if person is None:
            lead = named.phrase[: named.phrase.find(named.name)].split()
            unclear = (
                lead
                and " " not in named.name
                and lead[-1][0].islower()
                and lead[-1] not in ROLES | {"the"} | PREPOSITIONS
            )
            return (None if unclear else named.name), None
        return (person.titled if len(person.titled) >= len(named.name) else named.name), person
    if named.kind == "pronoun":
        return _pronoun(read, number, named, previous)
    if named.kind == "description":
        person = describe(named.phrase, read.text)
        person = person or _of_late(read, number, named.phrase)
        if person:
            return person.titled, person
        return _institution(named.phrase), None
    return None, None


def _of_late(read: Read, number: int, phrase: str) -> Person | None:
    """ "the Florida senator", after a senator spoke, where nobody else in the article is one."""
    if not phrase.lower().startswith("the "):
        return None
    found = bearers(phrase, read.text)
    for back in range(1, min(_BACK, number) + 1):
        voice = read.voices[number - back]
        if voice is not None:
            return voice.person if found == [voice.person] else None
    return None


def _institution(phrase: str) -> str | None:
    """The phrase where an institution speaks, "the ministry"; None for a person whom nobody names."""
    words = phrase.split()
    ends = PREPOSITIONS | {"that", "which", "who"}
    head = next((n for n, word in enumerate(words) if n and word.lower() in ends), len(words))
    if words[head - 1].lower().strip(",.'’") not in INSTITUTIONS:
        return None
    if words[0].lower() in ("a", "an", "no", "one", "another", "some", "any"):
        return None
    capital = words[0] in ("The", "His", "Her", "Its", "Their", "Police", "This", "That", "Our")
    return phrase[0].lower() + phrase[1:] if capital else phrase


def _pronoun(
    read: Read, number: int, named: Named, previous: Voice | None
) -> tuple[str | None, Person | None]:
    if named.phrase in ("it", "which", "they", "them"):
        voice = previous or (read.voices[number - 1] if number else None)
        if voice and voice.person is None:
            return voice.speaker, None
        return None, None
    if named.phrase not in ("he", "she", "him", "her"):
        return None, None
    gender = "m" if named.phrase in ("he", "him") else "f"
    first = read.words.sentences[number][0]
    here = list(named_in(read, first, named.first))
    if previous and previous.person and _may_be(previous.person, gender) and not previous.addresses:
        return previous.speaker, previous.person
    person = _one(here, gender)
    if here:
        return (person.titled, person) if person else (None, None)
    for back in range(1, _BACK + 1):
        if number - back < 0:
            break
        voice = read.voices[number - back]
        if voice is not None:
            if voice.addresses:
                return None, None
            if voice.person is None or _may_be(voice.person, gender):
                return voice.speaker if voice.person else None, voice.person
            return None, None
        if read.names[number - back]:
            person = _one(read.names[number - back], gender)
            return (person.titled, person) if person else (None, None)
    return None, None


def _one(persons: list[Person], gender: str) -> Person | None:
    fits = {person.name: person for person in persons if _may_be(person, gender)}
    return next(iter(fits.values())) if len(fits) == 1 and "" not in fits else None


def _may_be(person: Person, gender: str) -> bool:
    return person.gender in (None, gender)


def addresses_person(read: Read, at: int, last: int) -> bool:
    """Whether somebody is told or accused who may be the next one to speak."""
    return at < last and (
        read.words.low[at] in ("him", "her", "the", "his", "a") or any(named_in(read, at, min(last, at + 4)))
    )
