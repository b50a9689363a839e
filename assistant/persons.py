"""Which person of an article a name, a title or a description means, and whether two of them mean one.

Names are compared across scripts. Where two persons fit, nobody is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.cues import LINKS, NOT_NAMES, ROLES, TITLES
from assistant.roster import Person, compatible, key, people, plain
from assistant.text import fold

__all__ = ["Person", "bearers", "describe", "find", "people", "same_speaker"]


@dataclass(frozen=True, slots=True)
class _Index:
    """The persons of an article by surname, and by the head of each title with the words that qualify it."""

    surnames: dict[str, list[Person]]
    heads: dict[str, list[tuple[frozenset[str], Person]]]


@lru_cache(maxsize=256)
def _index(text: str) -> _Index:
    surnames: dict[str, list[Person]] = {}
    heads: dict[str, list[tuple[frozenset[str], Person]]] = {}
    for person in people(text):
        surnames.setdefault(plain(person.surname), []).append(person)
        for title in person.titles:
            head, words = key(title)
            heads.setdefault(head, []).append((words, person))
    return _Index(surnames, heads)


def find(name: str, text: str) -> Person | None:
    """Who in the article bears `name`, title or no title; None where nobody does, or more than one."""
    parts = _name_parts(name)
    rivals = _index(text).surnames.get(plain(parts[-1]), ()) if parts else ()
    found = [person for person in rivals if compatible(parts, tuple(person.name.split()))]
    return found[0] if len(found) == 1 else None


def describe(phrase: str, text: str) -> Person | None:
    """Whom the article means by a definite description such as "the press secretary"; None where unclear."""
    first = phrase.split()[0].casefold() if phrase.split() else ""
    if first in ("a", "an", "another", "some", "one", "two"):
        return None
    head, words = key(phrase)
    bearers = _index(text).heads.get(head, ()) if head else ()
    found = {person.name: person for title, person in bearers if words <= title}
    return next(iter(found.values())) if len(found) == 1 else None


def bearers(phrase: str, text: str) -> list[Person]:
    """Who has a title with the head of `phrase`: "the Florida senator" and "Sen."."""
    found = {person.name: person for _, person in _index(text).heads.get(key(phrase)[0], ())}
    return list(found.values())


def _name_parts(name: str) -> tuple[str, ...]:
    """The words of a name after its titles: "Kremlin spokesman Dmitry Peskov" to "Dmitry", "Peskov"."""
    parts = [part.strip(",.’'") for part in name.split()]
    parts = [part for part in parts if part]
    for number in range(len(parts) - 1, -1, -1):
        part = parts[number]
        if fold(part) in ROLES or not (part[0].isupper() or fold(part) in LINKS or not part[0].isalpha()):
            parts = parts[number + 1 :]
            break
    while parts and fold(parts[0]) in NOT_NAMES | TITLES:
        parts = parts[1:]
    return tuple(parts)


def same_speaker(claimed: str, speaker: str, text: str) -> bool:
    """Whether `claimed` is a way of naming `speaker`, whom the article `text` names.

    By name in any script ("Песков" is "Dmitry Peskov"), or by a title or description that the article itself
    uses of that person and of no other. Two who share a surname are not the same.
    """
    if (one := _who(claimed, text)) and (other := _who(speaker, text)):
        return one == other
    parts, rival = _name_parts(claimed), _name_parts(speaker)
    if parts and rival:
        shared = [person for person in people(text) if plain(person.surname) == plain(parts[-1])]
        bare = len(parts) == 1 or len(rival) == 1
        if [plain(part) for part in parts] == [plain(part) for part in rival]:
            return True
        return plain(parts[-1]) == plain(rival[-1]) and compatible(parts, rival) and not (
            bare and len(shared) > 1
        )  # fmt: skip
    return bool(key(claimed)[0]) and key(claimed) == key(speaker) and not (parts or rival)


def _who(name: str, text: str) -> Person | None:
    # A bare name is nobody's title, also where a title holds that name ("the Bush adviser").
    return find(name, text) or (None if _name_parts(name) else describe(name, text))
