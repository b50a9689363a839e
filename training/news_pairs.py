"""Claim and evidence pairs made from news itself, labelled by how they were made.

A sentence restated is supported by its passage; the same with one edit that turns what it says is refuted;
another sentence of the article, a detail that the passage leaves out, or an event that the passage only
hopes for is neutral. An edit stands on the claim's side or on the evidence's, and sometimes on both, so
that no word of one side alone gives the label away (the flaw that FEVER-Symmetric, Schuster et al. 2019,
shows).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import simplemma

from assistant.text import sentences
from training.news_edits import CHANGES, OPPOSITES, _main_past, hedge, negate
from training.news_restating import less, restate

LABELS = ("supports", "refutes", "neutral")


@dataclass(frozen=True, slots=True)
class NewsPair:
    """claim and evidence are English; kind names the way it was made."""

    claim: str
    evidence: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of an article with the sentences of the article and its names."""

    text: str
    at: int
    all: list[str]
    names: list[str]


_NAME = re.compile(r"(?<![\w.])(?:[A-Z][a-z]+(?:[A-Z][a-z]+)?\.?)(?: (?:[A-Z]\. )?[A-Z][a-z]+){0,2}(?![\w-])")
_NO_NAMES = frozenset(
    "The A An In On At He She They We It I But And If As When While After Before Mr Mrs Ms Dr Sen Rep "
    "Gov President Senator Secretary January February March April May June July August September "
    "October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday This That These "
    "Those There His Her Their Its You Our My Not No Some Many Most All What Who Why How Where Then So "
    "For From With By To Of Or Yet Also Still Now More".split()
)
_VERB = re.compile(
    r"\b(?:beat|sued|accused|attacked|criticized|praised|blamed|endorsed|defeated|told|asked|called|warned|fired|hired|"
    r"urged|supported|opposed|defended|condemned|thanked|mocked|ridiculed|backed|challenged|invited|nominated|appointed|"
    r"replaced|succeeded|overtook|outspent|trailed|leads|led|visited|pressed|interviewed|shot|killed|pardoned)\b"
)


def usable(sentence: str) -> bool:
    """Whether a sentence is plain prose of 7 to 38 words."""
    words = sentence.split()
    return (
        7 <= len(words) <= 38
        and sentence[0].isupper()
        and sentence.endswith(".")
        and not re.search(
            r"https?:|www\.|[|•@{}<>\[\]]|\.\.\.|Advertisement|Continued Below|Click|Copyright|"
            r"Getty|Reuters\)",
            sentence,
        )
        and sentence.count("“") == sentence.count("”")
        and sentence.count('"') % 2 == 0
    )


def read(article: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The article's sentences in order, and its names."""
    text = article["text"][:9000]
    found = [" ".join(text[a:b].split()) for a, b in sentences(text, "en")]
    names: dict[str, int] = {}
    for sentence in found:
        for match in _NAME.finditer(sentence):
            name = match.group()
            if match.start() and name.split()[0].rstrip(".") not in _NO_NAMES and len(name) > 3:
                names[name] = names.get(name, 0) + 1
    small = set(re.findall(r"(?<!\w)[a-z]+", text))
    return [item for item in found if item], [name for name in names if name.split()[0].lower() not in small]


# --- edits that need the article -----------------------------------------------------------------


def swap_name(text: str, names: list[str], rng: random.Random) -> str | None:
    """A name for another of the article that has as many words."""
    mine = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?![\w-])", text)]
    if not mine:
        return None
    old = rng.choice(mine)
    others = [
        name
        for name in names
        if len(name.split()) == len(old.split())
        and name not in text
        and not set(name.split()) & set(old.split())
    ]
    return re.sub(rf"(?<!\w){re.escape(old)}(?![\w-])", rng.choice(others), text, count=1) if others else None


def swap_roles(text: str, names: list[str], rng: random.Random) -> str | None:  # noqa: ARG001 (as every edit)
    """The two names around a verb in each other's place."""
    for verb in _VERB.finditer(text):
        before = [n for n in names if text[max(0, verb.start() - len(n) - 12) : verb.start()].find(n) >= 0]
        after = [n for n in names if text[verb.end() : verb.end() + len(n) + 6].find(n) >= 0]
        if (
            before
            and after
            and before[-1] != after[0]
            and not set(before[-1].split()) & set(after[0].split())
        ):
            one, other = before[-1], after[0]
            i, k = text.rfind(one, 0, verb.start()), text.find(other, verb.end())
            return text[:i] + other + text[i + len(one) : k] + one + text[k + len(other) :]
    return None


_WEIGHTS = {
    "negation": 4,
    "opposite": 4,
    "number": 12,
    "date": 9,
    "modality": 5,
    "denial": 12,
    "name": 3,
    "roles": 30,
}


def change(text: str, names: list[str], rng: random.Random) -> tuple[str, str] | None:
    """One edit that turns what the text says, and its kind."""
    kinds = sorted(_WEIGHTS, key=lambda kind: rng.random() ** (1 / _WEIGHTS[kind]), reverse=True)
    for kind in kinds:
        if kind in ("name", "roles"):
            new = (swap_name if kind == "name" else swap_roles)(text, names, rng)
        else:
            new = CHANGES[kind](text, rng)
        if new and new != text:
            return new, kind
    return None


def carried(short: str, edited: str, full: str) -> str | None:
    """The same edit made in the full sentence, its place found by the word before it."""
    one, other, whole = short.split(), edited.split(), full.split()
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left = max(0, start - 1)
    old, new = one[left : len(one) - end], other[left : len(other) - end]
    places = [i for i in range(len(whole) - len(old) + 1) if whole[i : i + len(old)] == old]
    if not old or len(places) != 1:
        return None
    at = places[0]
    return " ".join(whole[:at] + new + whole[at + len(old) :])


# --- pairs ----------------------------------------------------------------------------------------


def _context(place: _Place, text: str, rng: random.Random, alone: float = 0.6) -> str:
    """The sentence alone, or with the sentence before or behind it, 90 words at most."""
    if rng.random() < alone:
        return text
    before = place.all[place.at - 1] if place.at else ""
    after = place.all[place.at + 1] if place.at + 1 < len(place.all) else ""
    parts = [before if rng.random() < 0.6 else "", text, after if rng.random() < 0.6 else ""]
    joined = " ".join(part for part in parts if part)
    return joined if len(joined.split()) <= 90 else text


def supported(place: _Place, rng: random.Random) -> NewsPair | None:
    """A restatement; with the same edit on both sides; or what follows from an opposite."""
    kind = rng.random()
    full = place.text
    short = restate(full, rng)
    if kind < 0.35:
        edit = change(short, place.names, rng)
        both = carried(short, edit[0], full) if edit else None
        if edit and both:
            return NewsPair(edit[0], _context(place, both, rng, 0.85), "supports", f"both {edit[1]}")
    if kind < 0.45 and (turned := _turned(full)):
        return NewsPair(turned[1], _context(place, turned[0], rng, 0.85), "supports", "opposite denied")
    if short == full and rng.random() < 0.6:
        return None
    if kind > 0.85 and len(short.split()) > 0.8 * len(full.split()):
        return (
            NewsPair(full, _context(place, short, rng, 1), "supports", "restated evidence")
            if len(short) >= len(full)
            else None
        )
    return NewsPair(short, _context(place, full, rng), "supports", "restated")


def _turned(text: str) -> tuple[str, str] | None:
    """ "Prices fell" and "Prices did not rise", for a sentence with "rose"."""
    past = _main_past(text)
    if not past or past.group(1) not in OPPOSITES:
        return None
    other = OPPOSITES[past.group(1)][0]
    base = simplemma.lemmatize(past.group(1), lang="en")
    return text[: past.start()] + other + text[past.end() :], text[: past.start()] + f"did not {base}" + text[
        past.end() :
    ]


def refuted(place: _Place, rng: random.Random) -> NewsPair | None:
    """One edit, on the claim or on the evidence."""
    short = restate(place.text, rng)
    edit = change(short, place.names, rng)
    if not edit:
        return None
    new, kind = edit
    if rng.random() < 0.5 and (other := carried(short, new, place.text)):
        return NewsPair(short, _context(place, other, rng, 0.85), "refutes", kind)
    return NewsPair(new, _context(place, place.text, rng), "refutes", kind)


def unaddressed(place: _Place, rng: random.Random) -> NewsPair | None:
    """Another sentence, a detail that is left out, or what is only possible."""
    kind = rng.random()
    if kind < 0.45:
        fewer = less(place.text, rng)
        return (
            NewsPair(place.text, _context(place, fewer, rng, 1), "neutral", "detail left out")
            if fewer
            else None
        )
    if kind < 0.75:
        short = restate(place.text, rng)
        hedged = hedge(short, rng)
        if hedged and rng.random() < 0.25:
            short = negate(short, rng) or short
        return (
            NewsPair(short, _context(place, hedged, rng, 0.85), "neutral", "only possible")
            if hedged
            else None
        )
    if kind < 0.8 and (turned := _turned(place.text)):
        return NewsPair(turned[0], turned[1], "neutral", "denied, not opposite")
    return _other(place, rng)


def _other(place: _Place, rng: random.Random) -> NewsPair | None:
    mine = set(re.findall(r"\w{4,}", place.text.lower()))
    ranked = sorted(
        (s for i, s in enumerate(place.all) if abs(i - place.at) > 1 and usable(s)),
        key=lambda s: len(mine & set(re.findall(r"\w{4,}", s.lower()))) / (len(s) ** 0.5),
        reverse=True,
    )
    if not ranked:
        return None
    claim = restate(rng.choice(ranked[:3]), rng)
    if rng.random() < 0.5 and (edit := change(claim, place.names, rng)):
        claim = edit[0]
    words = set(re.findall(r"\w{4,}", claim.lower()))
    if not words or len(words & mine) > 0.6 * len(words):
        return None
    return NewsPair(claim, _context(place, place.text, rng), "neutral", "elsewhere in the article")


_MAKERS = {"supports": supported, "refutes": refuted, "neutral": unaddressed}


def pairs(articles: Iterable[dict[str, Any]], seed: int, each: int = 12) -> Iterator[NewsPair]:
    """Up to `each` pairs of every article, the labels in turn; the same for the same seed."""
    rng = random.Random(seed)
    for article in articles:
        lines, names = read(article)
        places = [_Place(line, at, lines, names) for at, line in enumerate(lines) if usable(line)]
        rng.shuffle(places)
        made = 0
        for turn, place in enumerate(places):
            if made >= each:
                break
            pair = _MAKERS[LABELS[(turn + made) % 3]](place, rng)
            if pair and pair.claim.strip() != "" and len(pair.claim.split()) >= 4:
                made += 1
                yield pair
