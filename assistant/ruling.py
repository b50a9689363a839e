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

OPEN = frozenset({"too_little_in_common", "predicate_missing", "word_differs", "order_differs"})
"""The reasons of the rules that only say that they could not tell."""
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

    def __init__(self, trained: Judge, rules: Judge | None = None) -> None:
        self._trained, self._rules = trained, rules or RuleJudge()

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair, in order."""
        found = self._rules.judge(pairs)
        left = [place for place, item in enumerate(found) if item.label == "neutral" and item.rule in OPEN]
        read = self._trained.judge([pairs[place] for place in left])
        for place, item in zip(left, read, strict=True):
            kept = item if item.label != "neutral" else replace(found[place], given=item.given)
            found[place] = kept
        return found


def make_judge(settings: Settings) -> Judge:
    """The judge that the settings name. Raises JudgeError."""
    if settings.judge == "rules":
        return RuleJudge()
    trained = TrainedJudge(_model(settings.threads))
    return trained if settings.judge == "trained" else GuardedJudge(trained)


@lru_cache(maxsize=2)
def _model(threads: int) -> Entailment:
    return Entailment(threads=threads)
