"""What only one of two renderings says: clauses and sentences that the other passes over. English only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.abreast import REAL, Aligned, has, phrase
from assistant.models import Difference, Span
from assistant.text import sentences
from assistant.tokens import Parse, parse

CONDITIONS = frozenset("if unless except provided until".split())
"""Words that begin a condition, which is worth naming however short it is."""

_CLAUSES = 2  # of one side that are named
_CLAUSE = 3  # content words of a clause that is worth naming
_NEW = 0.75  # share of them that the other side lacks
_LONGEST = 24  # words of a clause that are shown


@dataclass(frozen=True, slots=True)
class Side:
    """One rendering: the words as spoken, the part of them that meets the other, and what is said around.

    `speech`: what the same voice says just before and after, this rendering included.
    """

    text: str
    window: Span
    speech: str


def clauses(a: Side, b: Side, aligned: Aligned) -> Iterator[Difference]:
    """Dropped clauses, which only `a` has, and added ones, which only `b` has, a few of each."""
    back = [(j, i, score) for i, j, score in aligned.pairs]
    turned = Aligned(aligned.other, aligned.one, back, aligned.used_other, aligned.used_one)
    for text in [*_extra(aligned, b), *_outside(a, b)][:_CLAUSES]:
        yield Difference("dropped_clause", text, "")
    for text in [*_extra(turned, a), *_outside(b, a)][:_CLAUSES]:
        yield Difference("added_clause", "", text)


def _outside(side: Side, against: Side) -> Iterator[str]:
    """Sentences beside the part that meets the other, of which the other voice has nothing."""
    keys = parse(against.speech).keys
    for start, end in sentences(side.text):
        if start >= side.window[0] and end <= side.window[1]:
            continue
        parsed = parse(side.text[start:end])
        content = [token for token in parsed.tokens if token.content]
        new = [token for token in content if token.key not in keys]
        if len(content) >= _CLAUSE and len(new) >= _NEW * len(content):
            yield _short(parsed, range(len(parsed.tokens)))


def _extra(aligned: Aligned, against: Side) -> Iterator[str]:
    """Clauses of the one side that the other passes over, without other words in their place."""
    parsed, keys = aligned.one, parse(against.speech).keys
    met = {i: j for i, j, score in aligned.pairs if score >= REAL}
    run: list[int] = []
    for clause in _runs(parsed):
        content = [n for n in clause if parsed.tokens[n].content]
        new = [n for n in content if parsed.tokens[n].key not in keys and met.get(n) is None]
        is_new = len(new) >= _NEW * len(content)
        if run and not (is_new and parsed.tokens[run[0]].part == parsed.tokens[clause[0]].part):
            yield from _named(aligned, run, met)
            run = []
        if is_new:
            run += clause
    yield from _named(aligned, run, met)


def _runs(parsed: Parse) -> list[list[int]]:
    found: list[list[int]] = []
    for number, token in enumerate(parsed.tokens):
        if not found or parsed.tokens[found[-1][0]].clause != token.clause:
            found.append([])
        found[-1].append(number)
    return found


def _named(aligned: Aligned, run: list[int], met: dict[int, int]) -> Iterator[str]:
    content = [n for n in run if aligned.one.tokens[n].content]
    if not content or len(content) < (1 if aligned.one.tokens[run[0]].low in CONDITIONS else _CLAUSE):
        return
    before = max((j for i, j in met.items() if i < run[0]), default=-1)
    after = min((j for i, j in met.items() if i > run[-1]), default=len(aligned.other.tokens))
    other = [
        token for token in aligned.other.tokens[before + 1 : after]
        if token.content and not has(aligned.one, token)
    ]  # fmt: skip
    if 2 * len(other) >= len(content) or not aligned.take(run, ()):
        return  # the other side says something else there
    yield _short(aligned.one, run)


def _short(parsed: Parse, run: Sequence[int]) -> str:
    last = run[min(len(run), _LONGEST) - 1]
    return phrase(parsed, run[0], last) + ("…" if last != run[-1] else "")
