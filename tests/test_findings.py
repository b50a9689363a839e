"""The finding: each rule by name, over voices of invented sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.accounts import Comparison, compare
from assistant.findings import RULES
from tests.asking import heard_all, source
from tests.conftest import ROOT

CLAIM = "The harbour was closed on Monday."
OWN = "The harbour was closed on Monday."
OWN_DENIAL = "The harbour was not closed on Monday."
QUOTED = "Mayor Ann Lee said that the harbour was closed on Monday."
QUOTED_DENIAL = "Mayor Ann Lee said that the harbour was not closed on Monday."
AGAINST = (
    "Mayor Ann Lee said that the harbour was not closed on Monday, despite reports that ships were sent away."
)
ELSE = "Rhubarb was cheap on Monday, and the market was full."


def compared(*texts: str, claim: str = CLAIM) -> Comparison:
    articles = [source(text, f"Outlet {number}") for number, text in enumerate(texts)]
    return compare([heard_all(article) for article in articles], claim)


@pytest.mark.parametrize(
    ("texts", "finding", "rule"),
    [
        ([OWN], "supported", "affirmed_in_own_voice"),
        ([OWN, QUOTED], "supported", "affirmed_in_own_voice"),
        ([QUOTED], "attributed_only", "affirmed_only_by_quoted_parties"),
        ([OWN_DENIAL], "contradicted", "denied_in_own_voice"),
        ([QUOTED_DENIAL], "contradicted", "denied_only_by_quoted_parties"),
        ([OWN, OWN_DENIAL], "conflicting", "affirmed_and_denied"),
        ([OWN, QUOTED_DENIAL], "conflicting", "affirmed_and_denied"),
        ([AGAINST], "conflicting", "denied_against_reports"),
        ([ELSE], "not_enough_evidence", "no_voice_takes_a_side"),
    ],
)
def test_each_rule(texts: list[str], finding: str, rule: str) -> None:
    decision = compared(*texts).decision
    assert (decision.finding, decision.rule) == (finding, rule)


def test_a_speaker_whom_two_outlets_quote_is_one_voice() -> None:
    later = "The mayor, Lee, said that the harbour was not closed on Monday."
    named = "Ann Lee, the mayor, spoke. " + later
    for denial in (QUOTED_DENIAL, named):
        decision = compared(QUOTED, denial).decision
        assert (decision.finding, decision.rule) == ("conflicting", "one_voice_says_both"), denial


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (QUOTED, "Minister Jon Orr said that the harbour was not closed on Monday."),
        (QUOTED, "Mayor Tom Lee said that the harbour was not closed on Monday."),
        (
            "A spokesman said that the harbour was closed on Monday.",
            "A spokesman said that the harbour was not closed on Monday.",
        ),
    ],
)
def test_two_speakers_are_two_voices(one: str, other: str) -> None:
    assert compared(one, other).decision.rule == "affirmed_and_denied"


def test_that_somebody_said_it_is_told_by_the_outlet_itself() -> None:
    claim = "Ann Lee said that the harbour was closed on Monday."
    decision = compared(QUOTED, claim=claim).decision
    assert (decision.finding, decision.rule) == ("supported", "affirmed_in_own_voice")
    for other in (OWN, "Minister Jon Orr said that the harbour was closed on Monday."):
        assert compared(other, claim=claim).decision.finding == "not_enough_evidence", other


def test_a_noun_phrase_has_no_finding() -> None:
    assert compared(OWN, claim="The harbour").decision.finding is None


def test_an_open_question_has_no_finding() -> None:
    decision = compared(OWN, OWN_DENIAL, claim="When was the harbour closed?").decision
    assert (decision.finding, decision.rule) == (None, "")


def test_a_yes_or_no_question_that_nobody_decides_is_answered_by_what_is_quoted() -> None:
    asked = [heard_all(source(ELSE))]
    decision = compare(asked, "Was the harbour closed on Monday?", kind="question").decision
    assert (decision.finding, decision.rule) == (None, "no_voice_takes_a_side")
    decision = compare(
        [heard_all(source(OWN))], "Was the harbour closed on Monday?", kind="question"
    ).decision
    assert decision.finding == "supported"


def test_nothing_read_is_not_enough() -> None:
    assert compare([], CLAIM).decision.rule == "no_passage_addresses_it"


def test_what_was_corrected_does_not_count() -> None:
    wrong = source(
        "The repair of the quay will cost 3.2 billion florins, the city said.", "Outlet", "2023-05-01"
    )
    right = source(
        "Correction: Our report of 1 May gave the cost of the repair of the quay as 3.2 billion florins. The "
        "correct figure is 3.2 million florins.",
        "Outlet",
        "2023-05-03",
    )
    claim = "The repair of the quay will cost 3.2 billion florins"
    alone = compare([heard_all(wrong)], claim)
    assert alone.decision.finding == "attributed_only"
    both = compare([heard_all(wrong), heard_all(right)], claim)
    assert both.decision.finding == "contradicted"
    assert [item.earlier.id for item in both.relevant] == [wrong.id]


def test_every_rule_is_written_down() -> None:
    readme = Path(ROOT / "README.md").read_text(encoding="utf-8")
    for name, words in RULES.items():
        assert f"`{name}`" in readme and words.endswith("."), name
