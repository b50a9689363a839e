"""Which of rules and model decides."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.entailment import Opinion
from assistant.judging import Judgement, Pair, RuleJudge
from assistant.ruling import GuardedJudge, TrainedJudge, guard, make_judge
from assistant.settings import Settings


class Sure:
    """A judge that supports whatever it is asked, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        self.asked += pairs
        return [Judgement("supports", "read_as_support", given=Opinion(0.98, 0.01, 0.01)) for _ in pairs]


@pytest.mark.parametrize(
    "claim, evidence, label",
    [
        ("The council closed the bridge.", "The council did not close the bridge.", "refutes"),
        ("Nine people were hurt in the fire.", "Four people were hurt in the fire.", "refutes"),
        ("The council will close the bridge.", "The council may close the bridge.", "neutral"),
        ("The mayor knew of the letter.", "It is unclear whether the mayor knew of the letter.", "neutral"),
        ("The ferry will sail.", "If the wind drops, the ferry will sail.", "neutral"),
    ],
)
def test_a_rule_that_knows_why_is_not_overruled(claim: str, evidence: str, label: str) -> None:
    trained = Sure()
    [found] = GuardedJudge(trained, 16).judge([Pair(claim, evidence)])
    assert (found.label, trained.asked) == (label, [])


def test_the_model_is_asked_where_the_words_differ() -> None:
    trained = Sure()
    pairs = [
        Pair("The council closed the bridge.", "The council closed the bridge."),
        Pair("The council closed the bridge to traffic.", "The council let no traffic over the bridge."),
    ]
    found = GuardedJudge(trained, 16).judge(pairs)
    assert [item.label for item in found] == ["supports", "supports"]
    assert trained.asked == pairs
    assert (found[0].rule, found[1].rule) == ("restated", "read_as_support")


def test_support_that_the_model_doubts_is_left_undecided() -> None:
    class Doubts:
        def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
            return [Judgement("neutral", "not_sure", given=Opinion(0.05, 0.5, 0.45)) for _ in pairs]

    pair = Pair("The council closed the bridge.", "The council closed the bridge.")
    [found] = GuardedJudge(Doubts()).judge([pair])
    assert (found.label, found.rule) == ("neutral", "doubted")
    assert RuleJudge().judge([pair])[0].label == "supports"


@pytest.mark.parametrize(
    "claim, evidence, name",
    [
        ("The ban holds only for lorries.", "The ban holds for lorries and for cars.", "limit"),
        ("The minister knew of the letter.", "They ask whether the minister knew.", "open clause"),
        ("The ferry sank on 3 May.", "The ferry went down on 7 May.", "number or day"),
        ("The council closed the bridge.", "Совет закрыл мост.", "language"),
        ("The miners met Ann Lee.", "The miners were received by Bo Kim.", "name"),
        ("The strike ended.", "The strike nearly came to its end.", None),
    ],
)
def test_a_guard_keeps_the_model_from_support(claim: str, evidence: str, name: str | None) -> None:
    assert guard(Pair(claim, evidence), "supports") == name


def test_the_model_decides_what_no_guard_stops_and_keeps_its_opinion_elsewhere() -> None:
    pairs = [
        Pair("The council closed the bridge to traffic.", "The council let no traffic over the bridge."),
        Pair("Fewer than ten people died.", "Twelve people died."),
    ]
    decided, stopped = GuardedJudge(Sure()).judge(pairs)
    assert (decided.label, stopped.label) == ("supports", "neutral")
    assert stopped.opinion.supports == 0.98


@pytest.mark.parametrize(
    "name, kind", [("rules", RuleJudge), ("trained", TrainedJudge), ("guarded", GuardedJudge)]
)
def test_the_setting_names_the_judge(name: str, kind: type) -> None:
    assert isinstance(make_judge(Settings.model_validate({"judge": name})), kind)


def test_the_trained_judge_takes_no_side_unless_it_is_sure() -> None:
    [found] = make_judge(Settings(judge="trained")).judge(
        [Pair("The museum will open in June.", "The museum bought a painting by a local artist.")]
    )
    assert (found.label, found.rule) == ("neutral", "not_sure")
