"""Labelled claim and evidence pairs from news sentences, to measure a judge that was not trained on them.

As in FactCC (Kryscinski et al. 2020), rules rewrite one sentence of an article. An edit lands on the claim or
the evidence, half of the time each, and some supported pairs are edited on both sides.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from assistant.text import content_words, sentences
from training.held_out_rules import (
    BASES,
    DETAILS,
    DIGITS,
    DOUBTFUL,
    EDIT_RULES,
    FIRST,
    GROUPS,
    JUNK,
    KEEP_RULES,
    NO,
    NUMBERS,
    OPPOSITE,
    PARTS,
    SAME,
    SMALL,
    VERBS,
    WEAK_START,
    WEAKER_RULES,
)

Label = Literal["supports", "refutes", "neutral"]


@dataclass(frozen=True)
class HeldOutPair:
    """A claim, the evidence to judge it by, the right label, and the rule that made the pair."""

    claim: str
    evidence: str
    label: Label
    kind: str


class _Story(NamedTuple):
    """The sentences of one article, which of them a rule may rewrite, and its people by surname."""

    lines: list[str]
    clean: list[int]
    text: str
    people: dict[str, str]

    def lower(self, part: str) -> str:
        """The words, to stand inside a sentence: no capital unless a name, marked where that is not sure."""
        first, _, rest = part.partition(" ")
        known = re.search(rf"\b{re.escape(first.lower())}\b", self.text)
        named = re.search(rf"[a-z,] {re.escape(first)}\b", self.text)
        if first in SMALL or (known and not named and rest[:1].islower()):
            return part[0].lower() + part[1:]
        return part if named or not rest[:1].islower() or "'" in first else DOUBTFUL + part


class _Draft(NamedTuple):
    """A claim, the sentence that is its evidence, and where that sentence stands in its article."""

    claim: str
    core: str
    place: int


Replace = Callable[["re.Match[str]", _Story, random.Random], str]
Rule = tuple["re.Pattern[str]", "str | Replace", bool]
_Sides, _Used = tuple[str, str], set[tuple[int, int]]
Rules = tuple[list[Rule], ...]
Maker = Callable[[_Story, int, random.Random], "_Draft | None"]


def _other_name(m: re.Match[str], story: _Story, rng: random.Random) -> str:
    if m[2] not in story.people or m.string.count(m[2]) > 1:
        return m[0]
    sex = FIRST[story.people[m[2]]]
    others = [n for n, first in story.people.items() if n not in m.string and FIRST[first] == sex]
    name = rng.choice(sorted(others) or [m[2]])
    return f"{story.people[name]} {name}" if m[1] else name


def _word_like(m: re.Match[str], story: _Story, rng: random.Random) -> str:
    others = [w for w in next(group for group in GROUPS if m[0] in group) if w not in m.string]
    return rng.choice([w for w in others if w in story.text] or others)


def _detail(m: re.Match[str], _story: _Story, rng: random.Random) -> str:
    found = rng.choice(DETAILS)
    for at, mark in enumerate(("CITY", "DAY", "MONTH"), 2):
        found = found.replace(mark, rng.choice(GROUPS[at]))
    return f"{m[1]} {found}."


def _other_number(m: re.Match[str], _story: _Story, rng: random.Random) -> str:
    if m[0] in NUMBERS:
        return rng.choice([w for w, n in NUMBERS.items() if abs(n - NUMBERS[m[0]]) > 1])
    value = int(m[0].replace(",", ""))
    if re.fullmatch(r"(?:19|20)\d\d", m[0]):
        return str(value - rng.randint(2, 7))
    changed = round(value * rng.choice([0.4, 0.6, 1.5, 1.8, 2.3])) + rng.choice([1, 2]) * (value < 100)
    return f"{changed:,}" if "," in m[0] else str(changed)


def _looser(m: re.Match[str], _story: _Story, _rng: random.Random) -> str:
    value = int(m[2].replace(",", ""))
    unit = 10 ** (len(str(value)) - 1)
    return m[0] if value % unit == 0 else f"more than {m[1]}{value // unit * unit:,}"


_REPLACE: dict[str, Replace] = {
    "@same": lambda m, _s, _r: SAME[m[1]].replace("+", " "), "@opposite": lambda m, _s, _r: OPPOSITE[m[1]],
    "@digits": lambda m, _s, _r: str(NUMBERS[m[1]]), "@word": lambda m, _s, _r: DIGITS.get(m[0], m[0]),
    "@looser": _looser, "@word_like": _word_like, "@detail": _detail, "@name": _other_name,
    "@number": _other_number,
}  # fmt: skip


def _rules(text: str) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for line in text.strip().replace("\n    ", "").splitlines():
        kind, _, body = line.partition(": ")
        for pattern, by in (rule.split(" => ") for rule in body.split(" ;; ")):
            whole = re.sub(r"<([A-Z]{2,})>", lambda m: PARTS[m[1]], pattern.removeprefix("!"))
            found[kind].append((re.compile(whole), _REPLACE.get(by, by), pattern[0] == "!"))
    return dict(found)


_KEEP, _WEAKER, _EDIT = _rules(KEEP_RULES), _rules(WEAKER_RULES), _rules(EDIT_RULES)
_DOUBT, _PLAN, _NO_PLAN, _WILL, _DETAIL = map(_EDIT.pop, ("doubt", "plan", "plan_denied", "will", "detail"))


def _apply(rules: list[Rule], text: str, story: _Story, rng: random.Random) -> str | None:
    """The text as the first fitting rule, in random order, changes it."""
    forms: dict[str, Callable[[str], str]] = {
        "\\": str, "^": lambda w: w[:1].upper() + w[1:], "_": story.lower, "~": lambda w: VERBS[w][0],
        "+": lambda w: VERBS[w][1], "<": lambda w: BASES[w],
    }  # fmt: skip
    for pattern, by, plain in rng.sample(rules, len(rules)):
        found = [] if plain and NO.search(text) else list(pattern.finditer(text))
        for match in rng.sample(found, len(found)):
            if isinstance(by, str):
                chosen = re.sub(r"\[([^]]+)\]", lambda m: rng.choice(m[1].split("|")), by)
                new = re.sub(r"([\\^_~+<])(\d)", lambda m, at=match: forms[m[1]](at[int(m[2])] or ""), chosen)
            else:
                new = by(match, story, rng)
            changed = text[: match.start()] + new + text[match.end() :]
            if changed != text and DOUBTFUL not in changed:
                return changed
    return None


def _keep(text: str, story: _Story, rng: random.Random, times: int) -> str:
    """The text after up to so many operations that keep its meaning."""
    for kind in rng.sample(list(_KEEP), len(_KEEP)) if times else ():
        if changed := _apply(_KEEP[kind], text, story, rng):
            return _keep(changed, story, rng, times - 1)
    return text


def _made(*rules: list[Rule], swap: bool = False) -> Maker:
    """Rules for both sides, then for the claim, then for the evidence; none leaves the sentence alone."""
    return partial(_draft, rules, swap)


def _draft(rules: Rules, swap: bool, story: _Story, i: int, rng: random.Random) -> _Draft | None:
    both, left, right = (*rules, [], [])[:3]
    line: str | None = story.lines[i]
    line = _apply(both, line, story, rng) if both else line
    sides = [_apply(rules, line, story, rng) if rules and line else line for rules in (left, right)]
    claim, core = sides[::-1] if swap and rng.random() < 0.5 else sides
    times = rng.choice([0, 1]) if left or right else rng.choice([1, 2])
    return _Draft(_keep(claim, story, rng, times), core, i) if claim and core else None


def _less(rules: list[Rule], story: _Story, i: int, rng: random.Random) -> _Draft | None:
    """Evidence that says less than the claim, where the sentences around do not tell the rest."""
    draft = _draft(([], [], rules), False, story, i, rng)
    if draft is None:
        return None
    near = set(content_words(" ".join(story.lines[max(0, i - 1) : i] + story.lines[i + 1 : i + 2])))
    rest = set(content_words(draft.claim)) - set(content_words(draft.core))
    return draft if rest and len(rest & near) <= len(rest) // 4 else None


def _elsewhere(claim: str, story: _Story, others: Iterable[int], limit: float) -> _Draft | None:
    """The sentence that shares most words with the claim, but no more than that part of them."""
    wanted = set(content_words(claim))
    shares = [(len(wanted & set(content_words(story.lines[j]))) / max(1, len(wanted)), j) for j in others]
    best = max((share for share in shares if share[0] <= limit), default=(0.0, 0))
    return _Draft(claim, story.lines[best[1]], best[1]) if best[0] > 0.1 else None


def _other(story: _Story, i: int, _rng: random.Random) -> _Draft | None:
    return _elsewhere(story.lines[i], story, [j for j in story.clean if abs(j - i) > 2], 0.45)


def _makers() -> dict[Label, dict[str, Maker]]:
    """What makes each kind of pair from one sentence of a story, by label, without "same_name"."""
    sure, untrue, less = _EDIT["negation"], _EDIT["untrue"], _WEAKER["drop_clause"] + _WEAKER["drop_time"]
    supports = {kind: _made([], rules) for kind, rules in (_KEEP | _WEAKER).items()}
    both = "negation number antonym denial date name".split()
    supports |= {f"both_{kind}": _made(_EDIT[kind]) for kind in both} | {"both_planned": _made(_PLAN)}
    supports |= {"both_doubtful": _made([], _DOUBT, _DOUBT), "detail_dropped": _made([], [], _DETAIL)}
    supports["untrue_negation"] = _made([], untrue, sure, swap=True)
    refutes = {kind: _made([], rules, swap=True) for kind, rules in _EDIT.items()}
    refutes["plan_denied"] = _made(_PLAN, _NO_PLAN, swap=True)
    neutral = {"detail_missing": partial(_less, less), "detail_added": _made([], _DETAIL)}
    neutral |= {
        "planned": _made([], _WILL),
        "doubtful": _made([], [], _DOUBT + _PLAN),
        "other_sentence": _other,
    }
    return {"supports": supports, "refutes": refutes, "neutral": neutral}


def _story(text: str) -> _Story:
    text = text.replace("’", "'").replace("\xa0", " ")
    lines = [text[start:end] for start, end in sentences(text, "en")]
    clean = [
        i for i, line in enumerate(lines)
        if 8 <= len(line.split()) <= 30 and re.match(r"[A-Z].*[a-z\d%]\.$", line) and "  " not in line
        and lines.count(line) == 1 and not JUNK.search(line) and not WEAK_START.match(line)
    ]  # fmt: skip
    people = {m[2]: m[1] for m in _EDIT["name"][0][0].finditer(text) if m[1] and m[2] not in FIRST}
    return _Story(lines, clean, text, people)


def _evidence(draft: _Draft, story: _Story, rng: random.Random) -> str:
    """The draft's sentence among up to two that stand beside it, in 90 words at most."""
    parts = [draft.core]
    for step in rng.sample([-1, 1], rng.choice([0, 1, 2, 2])):
        beside = story.lines[draft.place + step] if 0 <= draft.place + step < len(story.lines) else ""
        plain = re.match(r"(?!.*Caption|.*Photo)[A-Z“\"].*[.”\"]$", beside) and 5 <= len(beside.split()) <= 40
        if plain and len(" ".join([*parts, beside]).split()) <= 90:
            parts.insert(0 if step < 0 else len(parts), beside)
    return " ".join(parts)


def _scan(make: Maker, stories: list[_Story], used: _Used, rng: random.Random) -> Iterator[_Sides]:
    """Every claim and evidence of this kind, in random order, from sentences that no pair has used yet."""
    order = [(s, i) for s, story in enumerate(stories) for i in story.clean]
    rng.shuffle(order)
    for s, i in order:
        if (s, i) not in used and (draft := make(stories[s], i, rng)):
            evidence = _evidence(draft, stories[s], rng)
            fits = 6 <= len(draft.claim.split()) <= 30 and len(evidence.split()) <= 90
            if fits and draft.claim not in evidence:
                used.add((s, i))
                yield draft.claim, evidence


def _same_name(stories: list[_Story], rng: random.Random) -> Iterator[_Sides]:
    """Sentences of two articles that share a name and little else."""
    holders: dict[str, list[tuple[_Story, int]]] = defaultdict(list)
    for story in stories:
        for name in sorted(story.people):
            holders[name] += [(story, i) for i in story.clean if name in story.lines[i]]
    names = sorted(name for name, held in holders.items() if len(held) > 1)
    for _ in range(len(names) * 50):
        (story, i), (other, j) = rng.sample(holders[rng.choice(names)], 2)
        draft = _elsewhere(story.lines[i], other, [j], 0.3) if story is not other else None
        if draft:
            yield draft.claim, _evidence(draft, other, rng)


def pairs(articles: Iterable[dict[str, str]], count: int, seed: int) -> list[HeldOutPair]:
    """So many pairs, a third of each label, the same for the same articles and seed.

    Each label's kinds take equal turns while their sentences last. Fewer come back if the articles run out.
    """
    rng = random.Random(seed)
    chosen = list(articles)
    stories = [_story(one["text"]) for one in rng.sample(chosen, min(len(chosen), 400 + 2 * count))]
    used: _Used = set()
    live = {
        label: {k: _scan(m, stories, used, rng) for k, m in made.items()} for label, made in _makers().items()
    }
    live["neutral"]["same_name"] = _same_name(stories, rng)
    found: list[HeldOutPair] = []
    while len(found) < count and all(live.values()):
        label = list(live)[len(found) % 3]
        kind = rng.choice(sorted(live[label]))
        if (pair := next(live[label][kind], None)) is not None:
            found.append(HeldOutPair(*pair, label, kind))
        else:
            del live[label][kind]
    return found
