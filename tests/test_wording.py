"""An answer's sentence against the sentences of its passages: what is turned is found, the rest is left."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text import sentences
from assistant.wording import (
    best_matches,
    coverage_reasons,
    framing,
    modality_reasons,
    name_reasons,
    negation_reasons,
    restates,
    role_reasons,
)
from tests.conftest import CORPUS

ALLOWED = ["The Ellmar Courant", "Dmitry Peskov"]
NEGATION, MODALITY, ROLES = "negation_differs", "modality_differs", "roles_swapped"
NAME, ABSENT = "name_not_in_passage", "not_in_passage"


def codes(sentence: str, *evidence: str, language: str = "en") -> set[str]:
    reasons = [
        *negation_reasons(sentence, evidence),
        *modality_reasons(sentence, evidence),
        *role_reasons(sentence, evidence),
        *name_reasons(sentence, evidence, ALLOWED),
        *coverage_reasons(sentence, evidence, language),
    ]
    return {reason.code for reason in reasons}


NO_TROOPS = "I officially can tell you that there are no Russian troops on Donbas and on Ukrainian soil"
INCURSION = "We are watching a gradual incursion of NATO into the territory of Ukraine with its instructors"
GUARANTEE = "there was a guarantee that NATO would never expand its military infrastructure eastwards"
THREAT = "Stoltenberg insists that NATO's support for Kiev does not pose a threat to Moscow."
PLAN = "The Lantern Crossings Company plans to reopen the bridge in March, its director said."
ACCUSED = "The opposition accused the ministry of hiding the letter."
CONDITION = "If the pier moves again, the ministry will close the harbour."
CLOSED = "The ministry closed the bridge on Monday."
STEPS = (
    "Minister Ilse Torvane, who travelled from the capital within two hours, addressed reporters on the "
    "steps of the Customs House at 9:15 p.m."
)
INJURED = "As of 10 p.m. on Monday, 41 people were injured, three of them gravely."


@pytest.mark.parametrize(
    ("code", "sentence", "evidence"),
    [
        # a negation that came or went
        (NEGATION, "The ministry did not close the bridge on Monday.", CLOSED),
        (NEGATION, "Peskov said that there are Russian troops on Donbas.", NO_TROOPS),
        (NEGATION, "According to Peskov, Russian troops are on Ukrainian soil.", NO_TROOPS),
        (NEGATION, "There was a guarantee that NATO would expand eastwards.", GUARANTEE),
        (NEGATION, "Stoltenberg insists that NATO's support for Kyiv poses a threat to Moscow.", THREAT),
        (NEGATION, "Peskov said that troops were in Donbas.", "Peskov denied that troops were in Donbas."),
        (NEGATION, "Peskov denied that troops were in Donbas.", "Peskov said that troops were in Donbas."),
        (NEGATION, "Fraud was found in Port Sabel.", "No evidence of fraud was found in Port Sabel."),
        (NEGATION, "The company paid the fine.", "The company refused to pay the fine."),
        (NEGATION, "The company told the ministry of the crack.",
         "The company stopped short of telling the ministry of the crack."),
        (NEGATION, "The company did not deny the allegations.", "The company denied the allegations."),
        (NEGATION, "Russia plans an invasion of Ukraine.",
         "Russia denies that it plans an invasion of Ukraine."),
        # the opposite word
        (NEGATION, "Profits rose in the third quarter.", "Profits fell in the third quarter."),
        (NEGATION, "The bridge was opened by the ministry on Monday.", CLOSED),
        (NEGATION, "The company managed to pay the fine.", "The company failed to pay the fine."),
        (NEGATION, "The closure was illegal, courts ruled.", "The court ruled that the closure was legal."),
        (NEGATION, "The offensive was successful.", "The offensive was unsuccessful, the ministry said."),
        (NEGATION, "Officials left before the vote.", "Officials left after the vote."),
        (NEGATION, "The authorities repeatedly confirmed these reports.",
         "The authorities repeatedly rejected these reports."),
        # another force
        (MODALITY, "The bridge will reopen on Friday.", "The bridge may reopen on Friday."),
        (MODALITY, "The bridge may reopen on Friday.", "The bridge will reopen on Friday."),
        (MODALITY, "The Lantern Crossings Company reopened the bridge in March.", PLAN),
        (MODALITY, "The company will reopen the bridge in March.", PLAN),
        (MODALITY, "The bridge was reopened in March by the company.", PLAN),
        (MODALITY, "The ministry hid the letter.", ACCUSED),
        (MODALITY, "The suspect killed two people.", "The suspect allegedly killed two people."),
        (MODALITY, "The ministry will close the harbour.", CONDITION),
        (MODALITY, "Troops withdrew from the border.", "Troops began to withdraw from the border."),
        (MODALITY, "The company decided to rebuild the pier.",
         "The union called for the company to rebuild the pier."),
        (MODALITY, "Inspectors should have examined the pier.", "Inspectors examined the pier."),
        (MODALITY, "The bridge is closed for repair.",
         "It is unclear whether the bridge is closed for repair."),
        (MODALITY, "The bridge is closed for repair.", "Is the bridge closed for repair?"),
        (MODALITY, "Soldiers have been seen in Donbas.",
         "Peskov spoke despite reports that soldiers have been seen in Donbas."),
        # who does what to whom
        (ROLES, "The ministry accused the opposition of hiding the letter.", ACCUSED),
        (ROLES, "The opposition was accused by the ministry of hiding the letter.", ACCUSED),
        (ROLES, "Peskov described a gradual incursion of Ukraine into NATO.", INCURSION),
        (ROLES, "Ukraine's gradual invasion of NATO includes instructors.", INCURSION),
        (ROLES, "Moscow's support for Kyiv does not pose a threat to NATO.", THREAT),
        (ROLES, "Hask lost to Brack in the vote.", "Brack lost to Hask in the vote."),
        (ROLES, "The report was sent by the ministry to the company.",
         "The report was sent by the company to the ministry."),
        # names
        (NAME, "Lavrov said that the talks failed in Kyiv.", "Torvane said that the talks failed in Kiev."),
        (NAME, "Sergei Torvane said that the talks failed.", "Ilse Torvane said that the talks failed."),
        (NAME, "The talks failed in Berlin on Monday.", "The talks failed in Ellmar on Monday."),
        # something else altogether
        (ABSENT, "Tourists enjoyed grilled fish at the summer festival.", INJURED),
    ],
)  # fmt: skip
def test_a_changed_meaning_is_found(code: str, sentence: str, evidence: str) -> None:
    assert code in codes(sentence, evidence)
    assert not restates(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The Ellmar Courant reports that 41 people were injured, three of them gravely.", INJURED),
        ("Peskov denied that Russian troops were on Ukrainian soil.", NO_TROOPS),
        ("Peskov said that Russia has no troops on Ukrainian soil.", NO_TROOPS),
        ("There was a guarantee that NATO would not expand eastward.", GUARANTEE),
        ("Peskov described NATO's gradual invasion of Ukraine.", INCURSION),
        ("Peskov described a gradual incursion of NATO into Ukraine.", INCURSION),
        ("Peskov said that troops were not in Donbas.", "Peskov denied that troops were in Donbas."),
        ("No fewer than 20 people were injured.", "20 people were injured."),
        ("The bridge was not only closed but torn down.", "The bridge was closed and torn down."),
        ("There is no doubt that the bridge was closed.", "The bridge was closed."),
        ("The bridge was not open on Monday.", "The bridge was closed on Monday."),
        ("No one was killed in the collapse of the bridge.", "The collapse of the bridge killed nobody."),
        ("He did not find evidence of fraud.", "He found no evidence of fraud."),
        ("The company did not pay the fine.", "The company refused to pay the fine."),
        ("The court called the closure unlawful.", "The court said that the closure was not lawful."),
        ("The company intends to reopen the bridge in March.", PLAN),
        ("The bridge might reopen on Friday.", "The bridge may reopen on Friday."),
        ("He said that it would close on Monday.", "It will close on Monday, he said."),
        ("The ministry will close the harbour if the pier moves again.", CONDITION),
        ("The ministry was accused by the opposition of hiding the letter.", ACCUSED),
        ("Torvane and Hask met on Monday.", "Hask and Torvane met on Monday."),
        ("The US and the EU agreed.", "The United States and the European Union agreed."),
        ("The Americans met Stoltenberg in Kyiv.", "U.S. officials met Jens Stoltenberg in Kiev."),
        ("The Federal Harbour Commission met.", "The FHC met on Monday."),
        ("President Hask met the minister.", "Hask met Torvane, the minister."),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_left_alone(sentence: str, evidence: str) -> None:
    assert codes(sentence, evidence) == set()


def test_one_evidence_sentence_that_agrees_is_enough() -> None:
    assert codes("The ministry closed the bridge.", "The ministry did not close the bridge.", CLOSED) == set()


def test_evidence_on_something_else_says_nothing_about_a_negation() -> None:
    other = "The harbour office did not answer questions about tolls."
    assert negation_reasons("The ministry closed the bridge.", [other]) == []
    assert negation_reasons("The ministry closed the bridge.", []) == []


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Die Brücke wurde nicht geschlossen.", "Die Brücke wurde geschlossen."),
        ("El puente no fue cerrado el lunes.", "El puente fue cerrado el lunes."),
        ("Мост не был закрыт в понедельник.", "Мост был закрыт в понедельник."),
        ("大桥没有关闭。", "大桥关闭了。"),
        (
            "The bridge in Ellmar was closed on Monday.",
            "Die Brücke in Elmar wurde am Montag nicht geschlossen.",
        ),
        ("The bridge in Moscow was closed on Monday.", "Мост в Москве не был закрыт в понедельник."),
    ],
)
def test_other_languages_raise_no_alarm_and_prove_nothing(sentence: str, evidence: str) -> None:
    assert codes(sentence, evidence, language="und") == set()
    assert not restates(sentence, evidence)


# --- restating ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The ministry closed the bridge.", CLOSED),
        ("The Ellmar Courant reports that the ministry closed the bridge.", CLOSED),
        ("The ministry closed the bridge.", "On Monday, the ministry closed the bridge."),
        ("There were no deaths in the collapse.", "There were no deaths in the collapse."),
        ("Peskov said that there were no troops in Donbas.", "There were no troops in Donbas, Peskov said."),
        ("Minister Torvane addressed reporters at 9:15 p.m.", STEPS),
    ],
)  # fmt: skip
def test_a_sentence_that_only_leaves_out_an_adjunct_restates(sentence: str, evidence: str) -> None:
    assert restates(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The ministry closed the bridge.", "The ministry almost closed the bridge."),
        ("The ministry closed the bridge.", "The ministry closed the bridge to trucks."),
        ("The ministry closed the bridge.", "The ministry closed the bridge, but not for trams."),
        ("The ministry closed the bridge.", "The ministry closed the bridge unless it rained."),
        ("The ministry closed the bridge.", "The ministry closed the bridge, Peskov said."),
        ("The ministry closed the bridge.", "“The ministry closed the bridge,” he said."),
        ("The ministry closed the bridge.", "Critics fear that the ministry closed the bridge."),
        ("The ministry closed bridges.", "The ministry closed some bridges."),
        ("All roads were closed.", "All roads were closed except the coastal road."),
        ("The company sued the ministry.", "The company was sued by the ministry."),
        ("Torvane said that the bridge is safe.", "Hask said that the bridge is safe."),
        ("Torvane said that the bridge is safe.", "Torvane denied that the bridge is safe."),
        ("The bridge cost 3 billion florins.", "The bridge cost 3.2 billion florins."),
        ("The bridge was closed.", "The bridge was closed, the company claimed."),
    ],
)
def test_when_in_doubt_a_sentence_does_not_restate(sentence: str, evidence: str) -> None:
    assert not restates(sentence, evidence)


# --- framing and coverage -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "speaker", "source", "content"),
    [
        ("The Courant reports that the bridge is shut.", None, "The Courant", "the bridge is shut."),
        ("According to Peskov, troops were there.", "Peskov", None, "troops were there."),
        ("Peskov told CNN on Sunday that troops were there.", "Peskov", None, "troops were there."),
        ("Troops were there, Peskov said.", "Peskov", None, "Troops were there"),
        ("The article reports that Peskov spoke.", None, "The article", "Peskov spoke."),
        ("Peskov rejected claims that troops left.", None, None, "Peskov rejected claims that troops left."),
        ("Hask's claim that troops left is false.", None, None, "Hask's claim that troops left is false."),
        ("Peskov said he is not sure that troops left.", None, None,
         "Peskov said he is not sure that troops left."),
    ],
)  # fmt: skip
def test_framing_names_the_speaker_and_hides_no_operator(
    sentence: str, speaker: str | None, source: str | None, content: str
) -> None:
    found = framing(sentence)
    assert (found.speaker, found.source) == (speaker, source)
    assert sentence[slice(*found.content)] == content


@given(st.text(alphabet="ab AB,.“”'said that notéя\n", max_size=120))
def test_framing_stays_inside_the_sentence(text: str) -> None:
    start, end = framing(text).content
    assert 0 <= start <= end <= len(text)


def test_the_best_match_comes_first() -> None:
    found = best_matches(
        "Torvane said that the bridge was closed.", [INJURED, "Trams stopped.", CLOSED], "en"
    )
    assert [match.index for match in found] == [2]
    assert found[0].coverage == 1
    assert best_matches("The bridge was closed.", [CLOSED], "de") == []


# --- many sentences -------------------------------------------------------------------------------


def corpus() -> Iterator[tuple[str, list[str]]]:
    """Every English sentence of the example library, with the sentences around it."""
    for path in sorted(CORPUS.rglob("*.md")):
        if path.name == "README.md" or "\nlanguage: en" not in path.read_text("utf-8"):
            continue
        body = path.read_text("utf-8").split("---", 2)[2]
        found = [" ".join(body[start:end].split()) for start, end in sentences(body, "en")]
        for number, sentence in enumerate(found):
            if len(sentence.split()) > 6:
                yield sentence, found[max(0, number - 1) : number + 2]


def test_a_sentence_raises_no_alarm_against_its_own_passage() -> None:
    alarms = {sentence: codes(sentence, *evidence) for sentence, evidence in corpus()}
    assert len(alarms) > 50
    assert not any(alarms.values()), alarms


@pytest.mark.parametrize(
    ("pattern", "put", "code"),
    [
        (r"\b(was|were|is|are|will|has|had)\b(?! not)", r"\1 not", NEGATION),
        (r"\b(was|were|is|are|could|would|did|has|had) not\b(?! only)", r"\1", NEGATION),
        (r"\bwill\b(?! not)", "may", MODALITY),
        (r"\b(?:may|might|could)\b(?! not)", "will", MODALITY),
    ],
)
def test_a_changed_word_in_a_sentence_of_the_library_is_found(pattern: str, put: str, code: str) -> None:
    changed = [
        (re.sub(pattern, put, sentence, count=1), evidence)
        for sentence, evidence in corpus()
        if re.search(pattern, sentence)
    ]
    missed = [sentence for sentence, evidence in changed if code not in codes(sentence, *evidence)]
    proved = [text for text, evidence in changed if any(restates(text, item) for item in evidence)]
    assert len(changed) >= 3
    assert len(missed) <= 0.05 * len(changed), missed
    assert proved == []


WORDS = "Torvane Hask Ellmar the a bridge closed may not will deny no if ministry of by in plans , ; “ ” ?"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=25).map(" ".join))
def test_no_sentence_is_turned_against_itself(sentence: str) -> None:
    assert codes(sentence, sentence) == set()


@pytest.mark.parametrize(
    "text",
    ["not " * 50_000, "may if " * 30_000, "“" * 200_000, "a" * 200_000, "no evidence of " * 13_000,
     "A said that " * 17_000, "accused x " * 20_000, "U.S." * 50_000, "’s " * 66_000, ", said " * 33_000],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    codes(text, text[:-3] + "zz")
    restates(text, text[:-3] + "zz")
    framing(text)
    assert time.process_time() - start < 20  # tenths of a second; n * n would take minutes


def test_a_sentence_too_long_to_read_is_not_passed() -> None:
    long = "The ministry closed the bridge and " * 400
    assert [reason.code for reason in coverage_reasons(long, [long], "en")] == [ABSENT]
    assert not restates(long, long)
