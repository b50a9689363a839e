"""What changed between two versions of an article: sentences aligned, and words inside a changed sentence.

Method: the longest common subsequence of sentences, found with one bit for each pair (Hyyrö 2004); what is
left between two of its sentences is aligned by shared words, and each such pair is compared word by word in
the same way. Nothing is lost: `same` and `dropped` together are the older text, letter by letter, `same` and
`added` the newer one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.models import Article, Change
from assistant.text import sentences, words

Op = Literal["same", "dropped", "added", "changed"]
Fact = Literal["title", "date", "author"]
Pairs = list[tuple[int, int]]

_CELLS = 100_000_000  # pairs compared at once, a bit each: 12 MB; beyond them only unique items are met
_ALIKE = 0.4  # share of words, the mean of both ways, from which two sentences are versions of one
_ALL_PAIRS = 10_000  # of sentences compared for likeness; where there are more, only those at like places
_BAND = 25  # sentences to each side of the like place
_STRETCH = 8_000  # characters read at once: what `sentences` does not cut by itself
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_TOKEN = re.compile(
    r"(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"  # scripts without spaces
    r"|[^\W_]+(?:['’‘ʼ.,-][^\W_]+)*|\S)\s*"
    r"|\s+"
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """One sentence of either version, or of both, with the white space behind it."""

    changes: tuple[Change, ...]

    @property
    def op(self) -> Op:
        """What became of it; one whose spacing alone is another is the same."""
        ops = {change.op for change in self.changes if change.op == "same" or change.text.strip()}
        if ops <= {"same"}:
            return "same"
        return "changed" if len(ops) > 1 else ops.pop()


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact about the article that is another one now; None where a version does not have it."""

    name: Fact
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed from one version to another, by the ids of both."""

    older: str
    newer: str
    facts: tuple[FactChange, ...]
    text: tuple[Aligned, ...]

    @property
    def counts(self) -> dict[Op, int]:
        """How many sentences were changed, added, dropped and left as they were."""
        found = Counter(
            item.op for item in self.text if "".join(change.text for change in item.changes).strip()
        )
        order: tuple[Op, ...] = ("changed", "added", "dropped", "same")
        return {op: found[op] for op in order}


def revision(older: Article, newer: Article) -> Revision:
    """What changed from `older` to `newer`. Time grows with the product of their sentences, 64 at a time."""
    named: tuple[tuple[Fact, str | None, str | None], ...] = (
        ("title", older.title, newer.title),
        ("date", older.date, newer.date),
        ("author", older.author, newer.author),
    )
    facts = tuple(FactChange(name, before, after) for name, before, after in named if before != after)
    aligned = compare(older.text, newer.text, newer.language or older.language)
    return Revision(older.id, newer.id, facts, aligned)


def compare(before: str, after: str, language: str | None = None) -> tuple[Aligned, ...]:
    """Two texts, sentence by sentence, in the order of both."""
    if before == after:
        return (Aligned((Change("same", before),)),) if before else ()
    a, b = _units(before, language), _units(after, language)
    found: list[Aligned] = []
    for i, j in _order(_alike(a, b), len(a), len(b)):
        if i is None and j is not None:
            found.append(Aligned((Change("added", b[j]),)))
        elif i is not None and j is None:
            found.append(Aligned((Change("dropped", a[i]),)))
        elif i is not None and j is not None:
            found.append(Aligned(word_changes(a[i], b[j])))
    return tuple(found)


def word_changes(before: str, after: str) -> tuple[Change, ...]:
    """Two sentences, word by word; a run of changes is what was dropped and then what was added."""
    if before == after:
        return (Change("same", before),) if before else ()
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    pairs = _telling(_common([each.rstrip() for each in a], [each.rstrip() for each in b]), len(a), len(b))
    changes: list[Change] = []
    lost = gained = ""
    for i, j in _order(pairs, len(a), len(b)):
        if i is None or j is None:
            lost += a[i] if i is not None else ""
            gained += b[j] if j is not None else ""
            continue
        word = a[i].rstrip()
        if word:
            changes += _run(lost, gained)
            lost, gained = "", ""
            changes.append(Change("same", word))
        space, other = a[i][len(word) :], b[j][len(word) :]
        if space == other and not lost and not gained:
            changes.append(Change("same", space))
        else:
            lost, gained = lost + space, gained + other
    return _merged([*changes, *_run(lost, gained)])


def _run(lost: str, gained: str) -> Iterator[Change]:
    yield Change("dropped", lost)
    yield Change("added", gained)


def _merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    merged: list[Change] = []
    for change in changes:
        if merged and change.op == merged[-1].op:
            merged[-1] = Change(change.op, merged[-1].text + change.text)
        elif change.text:
            merged.append(change)
    return tuple(merged)


def _units(text: str, language: str | None) -> list[str]:
    """The sentences of a text with the white space behind each; joined they are the text."""
    starts: list[int] = []
    at = 0
    ends = [match.end() for match in _PARAGRAPH.finditer(text)]
    for end in [*ends, len(text)]:  # by paragraphs, so that an edit cannot move where another one is cut
        while at < end:
            stop = min(end, at + _STRETCH)
            found = sentences(text, language, (at, stop))
            if stop < end and len(found) > 1:  # the last one may be cut, and is read again
                stop = found.pop()[0]
            starts += [first for first, _ in found]
            at = stop
    edges = [0, *starts[1:], len(text)] if text else []
    return [text[first:last] for first, last in pairwise(edges)]


def _order(pairs: Pairs, n: int, m: int) -> Iterator[tuple[int | None, int | None]]:
    """Every place of both sequences once, pairs together; between pairs what was dropped comes first."""
    i = j = 0
    for next_i, next_j in [*pairs, (n, m)]:
        yield from ((place, None) for place in range(i, next_i))
        yield from ((None, place) for place in range(j, next_j))
        if next_i < n and next_j < m:
            yield next_i, next_j
        i, j = next_i + 1, next_j + 1


# --- what is common -------------------------------------------------------------------------------


def _common(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """Pairs of equal items, in the order of both: as many as there can be."""
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    n, m = len(a) - first - last, len(b) - first - last
    inner = _inner(a[first : first + n], b[first : first + m])
    return [
        *((place, place) for place in range(first)),
        *((first + i, first + j) for i, j in inner),
        *((first + n + k, first + m + k) for k in range(last)),
    ]


def _inner(a: Sequence[str], b: Sequence[str]) -> Pairs:
    if not a or not b:
        return []
    if len(a) * len(b) <= _CELLS:
        return _longest(a, b)
    anchors = _anchors(a, b)
    if not anchors:
        return []
    pairs: Pairs = []
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *anchors, (len(a), len(b))]):
        inner = _common(a[i + 1 : next_i], b[j + 1 : next_j])
        pairs += [(i + 1 + x, j + 1 + y) for x, y in inner]
        pairs += [(next_i, next_j)] if next_i < len(a) else []
    return pairs


def _longest(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """The longest common subsequence. A bit of `rows[j]` is 0 where its item of `a` makes it longer."""
    places: dict[str, int] = {}
    for i, item in enumerate(a):
        places[item] = places.get(item, 0) | 1 << i
    full = (1 << len(a)) - 1
    row, rows = full, []
    for item in b:
        met = row & places.get(item, 0)
        row = ((row + met) | (row - met)) & full
        rows.append(row)
    pairs: Pairs = []
    i, j = len(a), len(b)
    while i and j:
        if rows[j - 1] >> (i - 1) & 1:
            i -= 1
            continue
        j -= 1
        if not j or rows[j - 1] >> (i - 1) & 1:
            i -= 1
            pairs.append((i, j))
    return pairs[::-1]


def _anchors(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """Items that each side has once, as many as stand in one order in both (patience sorting)."""
    once, there = Counter(a), Counter(b)
    place = {item: j for j, item in enumerate(b) if there[item] == 1 == once.get(item)}
    tops: list[int] = []
    piles: list[tuple[int, int, int]] = []  # place in a, in b, and the entry before it
    ends: list[int] = []
    for i, item in enumerate(a):
        if (j := place.get(item)) is None:
            continue
        pile = bisect_left(tops, j)
        before = ends[pile - 1] if pile else -1
        tops[pile : pile + 1], ends[pile : pile + 1] = [j], [len(piles)]
        piles.append((i, j, before))
    pairs: Pairs = []
    at = ends[-1] if ends else -1
    while at >= 0:
        i, j, at = piles[at]
        pairs.append((i, j))
    return pairs[::-1]


def _telling(pairs: Pairs, n: int, m: int) -> Pairs:
    """The pairs without those between two longer changes, where a "the" in common tells nothing."""
    runs: list[Pairs] = []
    for pair in pairs:
        if runs and runs[-1][-1] == (pair[0] - 1, pair[1] - 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    kept: Pairs = []
    for at, run in enumerate(runs):
        before = kept[-1] if kept else (-1, -1)
        after = runs[at + 1][0] if at + 1 < len(runs) else (n, m)
        left = max(run[0][0] - before[0], run[0][1] - before[1]) - 1
        right = max(after[0] - run[-1][0], after[1] - run[-1][1]) - 1
        if len(run) > 2 or len(run) >= min(left, right):
            kept += run
    return kept


# --- versions of one sentence ---------------------------------------------------------------------


def _alike(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """Pairs of sentences: equal ones; between those, ones with the same words; and then similar ones."""
    pairs = _common([each.strip() for each in a], [each.strip() for each in b])
    left = [" ".join(words(each)) for each in a], [" ".join(words(each)) for each in b]
    pairs = _filled(pairs, *left, _common)
    return _filled(pairs, *left, _similar)


def _filled(
    pairs: Pairs, a: Sequence[str], b: Sequence[str], align: Callable[[Sequence[str], Sequence[str]], Pairs]
) -> Pairs:
    """The pairs with those that `align` finds in the gaps between them."""
    filled: Pairs = []
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *pairs, (len(a), len(b))]):
        inner = align(a[i + 1 : next_i], b[j + 1 : next_j])
        filled += [(i + 1 + x, j + 1 + y) for x, y in inner]
        filled += [(next_i, next_j)] if next_i < len(a) else []
    return filled


def _similar(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """Pairs of similar sentences in the order of both, of the greatest likeness together.

    Method: the heaviest increasing chain, with the best chains so far in a binary indexed tree.
    """
    if not a or not b:
        return []
    chains: list[tuple[int, int, int]] = []  # place in a, in b, and the chain before it
    tree = [(0.0, -1)] * (len(b) + 1)

    def best(count: int) -> tuple[float, int]:
        found = tree[0]
        while count:
            found, count = max(found, tree[count]), count & (count - 1)
        return found

    for i, j, likeness in _candidates(a, b):
        weight, before = best(j)
        chains.append((i, j, before))
        ending, at = (weight + likeness, len(chains) - 1), j + 1
        while at < len(tree):
            tree[at] = max(tree[at], ending)
            at += at & -at
    pairs: Pairs = []
    last = best(len(b))[1]
    while last >= 0:
        i, j, last = chains[last]
        pairs.append((i, j))
    return pairs[::-1]


def _candidates(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Similar sentences; for each of `a` the last of `b` first, so that a chain has it once."""
    one, two = [frozenset(each.split()) for each in a], [frozenset(each.split()) for each in b]
    everything = len(a) * len(b) <= _ALL_PAIRS
    for i, bag in enumerate(one):
        middle = i * len(b) // len(a)
        low, high = (0, len(b)) if everything else (max(0, middle - _BAND), min(len(b), middle + _BAND + 1))
        for j in range(high - 1, low - 1, -1):
            likeness = _likeness(bag, two[j])
            if likeness >= _ALIKE:
                yield i, j, likeness


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0
