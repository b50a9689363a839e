"""The judge that is used: rules where they know why, the trained judge where they cannot tell.

The rules decide first. Where they find that evidence refutes a claim, that stands; where they find support,
the model may doubt it, and then nothing is decided. Where the rules only lack something in common, the model
takes a side when it is surer than its threshold and no guard speaks against it: a number, a day, a name or a
limit that the evidence lacks, a hedge, what is only asked or rumoured. The model card has what each rule and
each guard is worth (`training/judge_card.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.contrasts import day, number
from assistant.entailment import Entailment, Opinion
from assistant.gates import is_hedged, limits, names_missing
from assistant.judging import Judge, Judgement, Label, Pair, RuleJudge
from assistant.meeting import meet, reads_english
from assistant.settings import Settings
from assistant.text import content_words
from assistant.unstated import opens, unstated

OPEN = frozenset({"too_little_in_common", "predicate_missing", "word_differs", "name_missing", "undecided"})
"""The reasons of the rules that only say that they could not tell."""
DOUBT = 0.15
"""The model's probability of support below which what the rules call support is left undecided."""
LEAST_SHARED = 0.3
"""The share of a claim's words that evidence must have to be read by the model."""
MOST_READ = 16
"""Pairs that the model reads at most where voices are compared, about 10 ms each: twice for a question."""
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
        """`most`: pairs of one call that the trained judge reads at most, those that can change most first.

        Where it is None all are read that no rule refutes, and what no rule decides has the model's opinion.
        """
        self._trained, self._rules, self._most = trained, RuleJudge(), most

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair, in order."""
        found = self._rules.judge(pairs)
        if self._most is None:
            places = [place for place, item in enumerate(found) if item.label != "refutes"]
        else:
            places = _worth_reading(pairs, found)[: self._most]
        read = self._trained.judge([pairs[place] for place in places])
        for place, item in zip(places, read, strict=True):
            found[place] = _together(pairs[place], found[place], item)
        return found


def _together(pair: Pair, ruled: Judgement, read: Judgement) -> Judgement:
    """What a rule that does not refute and the model come to."""
    if ruled.label == "supports":
        doubted = read.opinion.supports < DOUBT
        return Judgement("neutral", "doubted", ruled.hedged, read.given) if doubted else ruled
    if ruled.rule in OPEN and read.label != "neutral" and not guard(pair, read.label, ruled.rule):
        return read
    return replace(ruled, given=read.given)


def guard(pair: Pair, side: Label, rule: str = "") -> str | None:
    """The guard that keeps the model from taking a side, or None; `rule`: why the rules did not."""
    if side == "refutes" and rule == "predicate_missing":
        return "predicate"  # what is said of the same thing in other words is seldom its opposite
    if side == "supports" and rule == "undecided":
        return "reversal"  # "nearly failed", "by rebels, not by the army"
    if not reads_english(pair.evidence):
        return "language"
    if opens(pair.evidence) != opens(pair.claim):
        return "open clause"
    meeting = meet(pair.claim.rstrip(". "), pair.evidence)
    if set(limits(meeting.claim.flat)) ^ set(limits(meeting.evidence.flat)):
        return "limit"
    if is_hedged(meeting) or unstated(meeting):
        return "hedge"
    if side == "supports" and (number(meeting) or day(meeting, pair.published)):
        return "number or day"
    return "name" if side == "supports" and names_missing(meeting) else None


def _worth_reading(pairs: Sequence[Pair], ruled: Sequence[Judgement]) -> list[int]:
    """The places of the pairs that the model can change, those with the most words in common first."""
    shares: dict[int, float] = {}
    for place, (pair, item) in enumerate(zip(pairs, ruled, strict=True)):
        if item.label == "supports" or (item.label == "neutral" and item.rule in OPEN):
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
