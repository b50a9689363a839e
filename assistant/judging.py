"""Whether a sentence of evidence supports a claim, refutes it, or neither; by rules, with a named reason.

Method: the words of the claim are met in the evidence (`meeting`); where enough of them are there, its main
predicate and its names among them, the two are compared in polarity, opposites, numbers, dates, roles and
modality. It abstains rather than guess: a difference that it cannot place is "neutral". English only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.calendars import dates
from assistant.contrasts import Contrast, around, day, is_replaced, number, polar
from assistant.entailment import Opinion
from assistant.figures import figures
from assistant.gates import (
    CONDITION,
    FALSE,
    REVERSING,
    UNSAID,
    has_predicate,
    has_subject,
    is_called_false,
    is_elsewhere,
    is_hedged,
    is_no_content,
    lacks_addressee,
    limits,
    names_missing,
    nobody_did,
    only_pronoun,
    out_of_order,
    strays,
)
from assistant.meeting import Meeting, is_negated, is_unclear, meet, reads_english, smooth
from assistant.roles import role_reasons
from assistant.text import sentences
from assistant.tokens import is_question, parse
from assistant.unstated import opens, unstated, without_open_clauses

Label = Literal["supports", "refutes", "neutral"]

SUPPORTS = 0.75
"""Share of the claim's words that evidence needs to support it."""
REFUTES = 0.7
"""Share that it needs to refute it; numbers and dates, where one word is all that differs, need more."""


ROLES = 0.85
"""Share from which an exchange of doer and bearer is believed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, which is a declarative sentence, and one sentence of evidence or what somebody says.

    published: the day of publication of the evidence as YYYY-MM-DD, to resolve relative dates.
    """

    claim: str
    evidence: str
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence does to the claim, and the rule that decided.

    hedged: the evidence says it only as possible, planned or alleged. given: a model's opinion.
    """

    label: Label
    rule: str
    hedged: bool = False
    given: Opinion | None = None

    @property
    def opinion(self) -> Opinion:
        """The probabilities of the labels; of a rule alone, the share of its decisions that are right."""
        return self.given or _OF_A_RULE[self.label]


_OF_A_RULE = {
    "supports": Opinion(0.9, 0.03, 0.07),
    "refutes": Opinion(0.03, 0.9, 0.07),
    "neutral": Opinion(0.2, 0.2, 0.6),
}


class Judge(Protocol):
    """Anything that judges pairs, in order."""

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair."""
        ...


class RuleJudge:
    """The judge that needs no model."""

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """One judgement for each pair; evidence of several sentences is judged sentence by sentence."""
        return [_judged(pair) for pair in pairs]


_MOST_SENTENCES = 40


def _judged(pair: Pair) -> Judgement:
    claim = smooth(pair.claim).rstrip(". ")
    if not claim or not reads_english(claim) or is_question(claim):
        return Judgement("neutral", "not_comparable")
    parts = [pair.evidence[start:end] for start, end in sentences(pair.evidence, "en")][:_MOST_SENTENCES]
    found = [_judged_one(claim, smooth(part), pair.published) for part in parts or [pair.evidence]]
    decided = [item for item in found if item.label != "neutral"]
    if len({item.label for item in decided}) > 1:
        return Judgement("neutral", "says_both")
    if decided:
        return decided[0]
    return next((item for item in found if item.rule != "too_little_in_common"), found[0])


def _judged_one(claim: str, evidence: str, published: str | None) -> Judgement:
    if is_question(evidence):
        return Judgement("neutral", "question")
    if opens(evidence) and not opens(claim):
        rest = without_open_clauses(evidence)
        left = None if not rest or opens(rest) else _judged_one(claim, rest, published)
        return left if left and left.label != "neutral" else Judgement("neutral", "not_said")
    meeting = meet(claim, evidence)
    if nobody_did(meeting):
        return Judgement("refutes", "nobody_did")
    if meeting.coverage < min(SUPPORTS, REFUTES) or not has_subject(meeting):
        return Judgement("neutral", "too_little_in_common")
    if is_called_false(meeting) and not FALSE.search(meeting.claim.flat):
        return _called_false(meeting)
    if rule := _asserts_nothing(meeting):
        return Judgement("neutral", rule)
    if not has_predicate(meeting):
        return Judgement("neutral", "predicate_missing")
    if is_elsewhere(meeting):
        return Judgement("neutral", "other_place")
    hedged = is_hedged(meeting)
    return _compared(meeting, published, hedged)


def _asserts_nothing(meeting: Meeting) -> str | None:
    """The rule by which the evidence, other than the claim, states nothing of what it speaks of."""
    claim, evidence = meeting.claim.flat, meeting.evidence.flat
    if (UNSAID.search(evidence) and not UNSAID.search(claim)) or is_no_content(meeting):
        return "not_said"
    return "conditional" if CONDITION.search(evidence) and not CONDITION.search(claim) else None


def _compared(meeting: Meeting, published: str | None, hedged: bool) -> Judgement:
    turned = polar(meeting)
    if len(turned) % 2:
        central = [item for item in turned if _is_central(meeting, item)]
        if len(turned) == 1 and central and meeting.coverage >= REFUTES:
            return _refuting(meeting, central[0].rule, published)
        return Judgement("neutral", "undecided", hedged)
    if turned:
        return Judgement("neutral", "undecided", hedged)
    for rule in (number(meeting), day(meeting, published)):
        if rule in ("number_differs", "date_differs") and meeting.coverage >= SUPPORTS:
            return Judgement("neutral" if hedged else "refutes", "hedged" if hedged else rule, hedged)
        if rule:
            return Judgement("neutral", rule, hedged)
    if meeting.coverage >= ROLES and role_reasons(meeting.claim.text, [meeting.evidence.text]):
        return Judgement("neutral" if hedged else "refutes", "hedged" if hedged else "roles_swapped", hedged)
    return _supporting(meeting, hedged)


def _refuting(meeting: Meeting, rule: str, published: str | None) -> Judgement:
    """What a difference in polarity comes to: nothing where the evidence is about another number or day."""
    hedged = is_hedged(meeting, denied=rule == "denial_verb")
    if hedged:
        return Judgement("neutral", "hedged", True)
    if strays(meeting):
        return Judgement("neutral", "other_object")
    counted = number(meeting) and any(not item.soft for item in figures(meeting.evidence.text))
    dated = day(meeting, published) and dates(meeting.evidence.text)
    if counted or dated:
        return Judgement("neutral", "number_or_date_missing")
    return Judgement("refutes", rule)


def _supporting(meeting: Meeting, hedged: bool) -> Judgement:
    if hedged:
        return Judgement("neutral", "hedged", True)
    if meeting.coverage < SUPPORTS:
        return Judgement("neutral", "too_little_in_common")
    if set(limits(meeting.claim.flat)) - set(limits(meeting.evidence.flat)):
        return Judgement("neutral", "limit_missing")
    if bool(REVERSING.search(parse(around(meeting)).flat)) != bool(REVERSING.search(meeting.claim.flat)):
        return Judgement("neutral", "undecided")
    if names_missing(meeting) and not only_pronoun(meeting) and not lacks_addressee(meeting):
        return Judgement("neutral", "name_missing")
    if strays(meeting):
        return Judgement("neutral", "other_object")
    if out_of_order(meeting):
        return Judgement("neutral", "order_differs")
    if is_replaced(meeting):
        return Judgement("neutral", "word_differs")
    if any(
        is_unclear(meeting.evidence.text, meeting.met[n].at) and not is_unclear(meeting.claim.text, n)
        for n in meeting.predicates[:1]
        if n in meeting.met
    ):
        return Judgement("neutral", "undecided")
    if rule := unstated(meeting):
        return Judgement("neutral", rule, rule == "hedged")
    return Judgement("supports", "restated")


def _called_false(meeting: Meeting) -> Judgement:
    if meeting.coverage >= SUPPORTS and not is_negated(meeting.evidence.text, -1):
        return Judgement("refutes", "called_false")
    return Judgement("neutral", "undecided")


def _is_central(meeting: Meeting, contrast: Contrast) -> bool:
    """Whether a difference is about what the claim says, and not about an attribute in passing."""
    tokens = meeting.claim.tokens
    for n in contrast.tokens:
        ends = n + 1 == len(tokens) or not tokens[n + 1].head
        if n in meeting.predicates or (ends and not tokens[n].name):
            return True
    return False
