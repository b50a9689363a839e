"""The judge that is used: rules where they are sure, the trained judge where they cannot tell.

The rules decide first. What they find stands, and so do their reasons for holding back (a condition, a
hedge, a number or a name that is missing): `training/measure_judge.py` shows that each of these guards is
right more often than the model it overrules. Where the rules only lack words in common, the model is
asked, and takes a side when it is surer than its threshold; else the evidence is neutral.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.entailment import Entailment, Opinion
from assistant.judging import Judge, Judgement, Label, Pair, RuleJudge
from assistant.settings import Settings
from assistant.text import content_words

OPEN = frozenset({"too_little_in_common", "predicate_missing", "word_differs", "order_differs"})
"""The reasons of the rules that only say that they could not tell."""
LEAST_SHARED = 0.3
"""The share of a claim's words that evidence must have to be read by the model."""
MOST_READ = 16
"""Pairs that the model reads for one question at most: about 10 ms each."""
READ_AS: dict[Label, str] = {"supports": "read_as_support", "refutes": "read_as_denial"}
"""The names of the model's decisions."""


class TrainedJudge:
    """The trained judge alone, with its thresholds."""

    def __init__(self, model: Entailment) -> None:
        self._model = model

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair; neutral unless the model is surer than its threshold."""
        found = self._model.opinions([(pair.claim, pair.evidence) for pair in pairs])
        return [self._decided(opinion) for opinion in found]

    def _decided(self, opinion: Opinion) -> Judgement:
        sides: tuple[Label, Label] = ("supports", "refutes")
        for side in sides:
            if getattr(opinion, side) >= self._model.thresholds[side]:
                return Judgement(side, READ_AS[side], given=opinion)
        return Judgement("neutral", "not_sure", given=opinion)


class GuardedJudge:
    """The rules, and the trained judge behind them."""

    def __init__(self, trained: Judge, most: int | None = None) -> None:
        """`most`: pairs of one call that the trained judge reads at most; all where None."""
        self._trained, self._rules, self._most = trained, RuleJudge(), most

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair, in order."""
        found = self._rules.judge(pairs)
        left = _worth_reading(pairs, found)[: self._most]
        read = self._trained.judge([pairs[place] for place in left])
        for place, item in zip(left, read, strict=True):
            kept = item if item.label != "neutral" else replace(found[place], given=item.given)
            found[place] = kept
        return found


def _worth_reading(pairs: Sequence[Pair], ruled: Sequence[Judgement]) -> list[int]:
    """The places of the pairs that are left open, those with the most words in common first."""
    shares: dict[int, float] = {}
    for place, (pair, item) in enumerate(zip(pairs, ruled, strict=True)):
        if item.label == "neutral" and item.rule in OPEN:
            claim = set(content_words(pair.claim))
            shares[place] = len(claim & set(content_words(pair.evidence))) / (len(claim) or 1)
    return sorted((place for place in shares if shares[place] >= LEAST_SHARED), key=lambda n: -shares[n])


def make_judge(settings: Settings, most: int | None = None) -> Judge:
    """The judge that the settings name; `most` as in `GuardedJudge`. Raises JudgeError."""
    if settings.judge == "rules":
        return RuleJudge()
    trained = TrainedJudge(_model(settings.threads))
    return trained if settings.judge == "trained" else GuardedJudge(trained, most)


@lru_cache(maxsize=2)
def _model(threads: int) -> Entailment:
    return Entailment(threads=threads)
