"""Pairs whose claim alone does not tell the label: one fact changed in the claim, the evidence, or both.

Method: Schuster et al. 2019 (FEVER-Symmetric) and 2021 (VitaminC), made by rule from supported pairs of a
public set whose licence allows it. Of a claim that its evidence supports, a fact that stands in both texts is
exchanged for another one of its kind: (new claim, evidence) and (claim, new evidence) refute, (new claim,
new evidence) supports. So the same claim is found with either label, and only reading the evidence helps.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.judge_data import Row
from training.news_edits import negate, opposite

SET = "fact-twins"
_NAME = r"[A-Z][\w.'-]*(?: (?:of |the |de |van |von )?[A-Z][\w.'-]*)*"
# A kind of fact, and where a claim has one of which there is only one: who else directed it did not.
_FACTS = {
    "kind": r"\b(?:is|was|are|were) (?:an?|the) (?P<fact>[a-z][\w-]{2,}(?: [a-z][\w-]{2,})?)\.?$",
    "trade": r"\b(?:is|was) (?:an?|the) (?:[A-Z]\w+ )?(?P<fact>[a-z]{4,}(?:er|or|ist|ian|ress|man))\b",
    "nation": r"\b(?:is|was|are|were) (?:an?|the) (?P<fact>[A-Z][a-z]+(?:an|ish|ese|ench|ch))\b",
    "year": r"(?P<fact>\b(?:1[5-9]|20)\d\d)\b",
    "decade": r"(?P<fact>\b(?:1[5-9]|20)\d0s)\b",
    "month": r"\b(?P<fact>January|February|March|April|June|July|August|September|October|November"
    r"|December)\b",
    "count": r"\b(?P<fact>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    "figure": r"(?<![\d,.])(?P<fact>\d{1,3}(?:,\d{3})*)(?![\d,.]|th|st|nd|rd)",
    "rank": r"\b(?P<fact>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    "person": rf"\b(?:directed|written|produced|composed|created|founded|invented|painted|played|portrayed|"
    rf"developed|discovered|hosted|married|killed|defeated) (?:by|to) (?P<fact>{_NAME})",
    "place": rf"\b(?:born|died|located|based|set|headquartered|filmed|raised|buried|held|situated) "
    rf"(?:in|at|on) (?P<fact>{_NAME})",
    "side": r"\b(?P<fact>north|south|east|west|northern|southern|eastern|western)\b",
    "sex": r"\b(?P<fact>male|female|man|woman|father|mother|son|daughter|brother|sister|husband|wife)\b",
    "genre": r"\b(?P<fact>drama|comedy|thriller|horror|romance|fantasy|documentary|musical|western)\b",
    "work": r"\b(?P<fact>film|novel|album|song|play|book|band|series|game|magazine|opera)\b",
}  # fmt: skip
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _FACTS.items()}
_PARTNERS = {"sex": dict(zip(*[iter("male female man woman father mother son daughter brother sister "
                                    "husband wife".split())] * 2, strict=True))}  # fmt: skip
_PARTNERS["sex"] |= {other: one for one, other in _PARTNERS["sex"].items()}


@dataclass(frozen=True, slots=True)
class _Fact:
    kind: str
    text: str
    place: int  # in the claim


def twins(rows: Iterable[Row], seed: int) -> list[Row]:
    """Made pairs of all rows that support, in random order, the same for the same rows and seed."""
    rng = random.Random(seed)
    held = [row for row in rows if row.label == "supports"]
    facts = [list(_facts(row)) for row in held]
    pools: dict[str, list[str]] = defaultdict(list)
    for found in facts:
        for fact in found:
            pools[fact.kind].append(fact.text)
    made = [pair for row, found in zip(held, facts, strict=True) for pair in _made(row, found, pools, rng)]
    rng.shuffle(made)
    return made


def _facts(row: Row) -> Iterator[_Fact]:
    """The facts of the claim that the evidence has in the same words."""
    for kind, pattern in _COMPILED.items():
        for match in pattern.finditer(row.claim):
            text = match["fact"]
            if _word(text).search(row.evidence):
                yield _Fact(kind, text, match.start("fact"))


def _word(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """`text` where it stands as whole words."""
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", flags)


def _made(
    row: Row, facts: Sequence[_Fact], pools: Mapping[str, Sequence[str]], rng: random.Random
) -> Iterator[Row]:
    for fact in rng.sample(facts, min(2, len(facts))):
        new = _other(fact, pools, rng)
        if new is None or _word(new, re.IGNORECASE).search(f"{row.claim} {row.evidence}"):
            continue
        claim = row.claim[: fact.place] + new + row.claim[fact.place + len(fact.text) :]
        claim = _with_article(claim, fact.place, new)
        evidence = new.join(_word(fact.text).split(row.evidence))
        yield Row(SET, claim, row.evidence, "refutes")
        yield Row(SET, row.claim, evidence, "refutes")
        yield Row(SET, claim, evidence, "supports")
        if rng.random() < 0.5 and (denied := negate(claim, rng)):
            yield Row(SET, denied, evidence, "refutes")
    yield from _turned(row, rng)


def _turned(row: Row, rng: random.Random) -> Iterator[Row]:
    """The claim negated, or with a word for its opposite; and the claim itself, which a pair of two needs."""
    edits: list[Callable[[str, random.Random], str | None]] = [negate, opposite]
    changed = rng.choice(edits)(row.claim, rng)
    if changed:
        yield Row(SET, changed, row.evidence, "refutes")
        yield Row(SET, row.claim, row.evidence, "supports")


def _other(fact: _Fact, pools: Mapping[str, Sequence[str]], rng: random.Random) -> str | None:
    """Another fact of the kind, or None."""
    if fact.kind in _PARTNERS:
        return _PARTNERS[fact.kind].get(fact.text)
    if fact.kind == "year":
        return str(int(fact.text) + rng.choice([-1, 1]) * rng.choice([1, 2, 3, 5, 7, 10, 20]))
    if fact.kind == "figure":
        value = int(fact.text.replace(",", ""))
        changed = max(1, round(value * rng.choice([0.5, 0.8, 1.25, 1.5, 2, 3]))) + rng.choice([0, 1])
        return f"{changed:,}" if "," in fact.text else str(changed)
    others = [text for text in pools[fact.kind] if text != fact.text]
    return rng.choice(others) if others else None


def _with_article(claim: str, place: int, new: str) -> str:
    """The claim with the article that the new word asks for: an actor, a singer."""
    before = re.search(r"\b([Aa])n? $", claim[:place])
    if before is None:
        return claim
    article = before[1] + ("n" if new[:1].lower() in "aeiou" else "")
    return claim[: before.start()] + article + " " + claim[place:]
