"""The judge by rules, on sentences of invented news and of the example library, and on labelled sets."""

# ruff: noqa: E501 - pairs read better in whole rows

from __future__ import annotations

import gzip
import json
import random
from collections import Counter

import pytest

from assistant.judging import Judge, Judgement, Label, Pair, RuleJudge
from tests.conftest import SHARED

CASES: list[tuple[Label, str, str]] = [
    (
        "refutes",
        "Russian troops are in Donbas",
        "there are no Russian troops on Donbas and on Ukrainian soil",
    ),
    (
        "supports",
        "NATO promised Russia not to expand eastwards",
        "there was a guarantee that NATO would never ... expand its military infrastructure or political infrastructure eastwards",
    ),
    ("refutes", "Fourteen people were injured", "41 people were injured, three of them gravely"),
    (
        "supports",
        "Russia has ruled out deploying offensive weapons in Ukraine",
        "the Kremlin ruled out for the deployment of offensive weapons in Ukraine",
    ),
    (
        "refutes",
        "The operator was warned about the fourth pier",
        "Nobody told us of a fault, in writing or otherwise",
    ),
    ("supports", "Nobody was killed", "There were no deaths."),
    ("supports", "Nobody was killed", "No deaths were reported."),
    ("supports", "There were no deaths", "Nobody was killed."),
    ("refutes", "Three people were killed", "Nobody was killed."),
    ("refutes", "Three people died", "There were no deaths."),
    ("refutes", "Nobody was killed", "Three people died in the collapse."),
    ("refutes", "The bridge was closed", "The bridge was not closed on Monday night."),
    ("supports", "The bridge was not closed", "The bridge was never shut."),
    ("refutes", "The ministry received the letter", "The ministry did not receive the letter."),
    (
        "refutes",
        "The board received a letter",
        "The board received no such letter, and no warning in any other form",
    ),
    ("neutral", "The bridge was closed", "The tram was not closed to dogs."),
    ("neutral", "The minister resigned", "Had the minister resigned, the coalition would have fallen."),
    ("neutral", "The minister resigned", "Rumours that the minister had resigned spread on Friday."),
    ("neutral", "The minister resigned", "The minister's deputy resigned."),
    (
        "neutral",
        "The virus leaked from a laboratory",
        "Few scientists believe that the virus leaked from a laboratory.",
    ),
    ("neutral", "The strike ended", "Workers vowed to continue until the strike ended in victory."),
    ("neutral", "Unemployment rose to 8 percent", "Unemployment rose by 8 percent."),
    ("neutral", "The bank lent the firm 3 million euros", "The firm lent the bank 3 million euros."),
    ("neutral", "The company paid the fine", "The company said it had forgotten to pay the fine."),
    ("neutral", "The mayor knew of the letter", "It is unclear whether the mayor knew of the letter."),
    ("neutral", "The mayor knew of the letter", "Reporters asked whether the mayor knew of the letter."),
    (
        "refutes",
        "The bridge was safe",
        "Asked whether the bridge was safe, the mayor said the bridge was not safe.",
    ),
    (
        "supports",
        "The mayor knew of the letter",
        "Whether or not the council knew, the mayor knew of the letter.",
    ),
    ("refutes", "Russia will invade Ukraine", "The Kremlin denied that Russia would invade Ukraine."),
    ("refutes", "The Kremlin confirmed that it would invade", "The Kremlin denied that it would invade."),
    ("refutes", "The company bribed officials", "The company rejected claims that it had bribed officials."),
    ("refutes", "The minister met the rebels", "The minister dismissed reports that she had met the rebels."),
    ("refutes", "The mayor took a bribe", "The mayor denied taking a bribe."),
    ("supports", "The mayor denied taking a bribe", "The mayor has denied that he took a bribe."),
    ("refutes", "The mayor denied taking a bribe", "The mayor admitted taking a bribe."),
    ("neutral", "The mayor took a bribe", "The mayor did not deny taking a bribe."),
    ("refutes", "The government plans to ban trucks", "The government ruled out a ban on trucks."),
    (
        "supports",
        "The minister admitted that the report was late",
        "The minister acknowledged that the report was late.",
    ),
    (
        "refutes",
        "The video shows an attack on the station",
        "The video of an attack on the station is a hoax.",
    ),
    ("neutral", "The bridge is safe", "The ministry could not confirm that the bridge is safe."),
    ("neutral", "The army killed civilians", "The army did not say that it had killed civilians."),
    (
        "supports",
        "14 people were injured",
        "As of 10 p.m. on Monday, 14 people were injured, three of them seriously.",
    ),
    ("supports", "Fourteen people were hurt", "14 people were injured."),
    (
        "refutes",
        "Emergency works will cost 3.2 billion florins",
        "Emergency works to prop the pier will cost 3.2 million florins.",
    ),
    (
        "refutes",
        "Shares in the company fell by 19 percent",
        "Shares in the company fell by 9 percent on Monday.",
    ),
    (
        "supports",
        "Shares in the company fell by 19 percent",
        "Shares in the Lantern Crossings Company fell by 19 per cent on the Ellmar exchange.",
    ),
    ("supports", "More than 10 people were injured", "14 people were injured."),
    ("refutes", "More than 50 people were injured", "14 people were injured."),
    ("neutral", "14 people were injured", "At least ten people were injured."),
    ("neutral", "100 people were injured", "About 110 people were injured."),
    ("neutral", "14 people were injured", "The bridge has seven piers and carries 41 trams."),
    ("neutral", "14 people were injured", "Three of the injured were taken to hospital."),
    ("refutes", "The letter was written on 2 May 2023", "The letter was written on 12 June 2023."),
    ("supports", "The letter was written in May 2023", "The letter was written on 2 May 2023."),
    ("refutes", "The bridge collapsed on Tuesday", "The bridge collapsed on Monday."),
    ("neutral", "The letter was written in May 2023", "The letter was written in the spring."),
    ("refutes", "The concession began in 2016", "The concession began in 2006."),
    ("refutes", "The bridge is closed", "The bridge is open."),
    ("refutes", "Prices rose last year", "Prices fell last year."),
    ("refutes", "The court convicted the mayor", "The court acquitted the mayor."),
    ("refutes", "Parliament approved the bill", "Parliament rejected the bill."),
    ("supports", "The bridge is not open", "The bridge is closed."),
    ("refutes", "The ministry lifted the ban on trucks", "The ministry imposed a ban on trucks."),
    ("refutes", "The exports of grain increased", "The exports of grain decreased."),
    ("refutes", "Vardonia invaded Ruritania", "Ruritania invaded Vardonia in 1912."),
    ("supports", "Vardonia invaded Ruritania", "Ruritania was invaded by Vardonia in 1912."),
    ("refutes", "The Reform Union beat the Harbour Party", "The Harbour Party beat the Reform Union."),
    ("neutral", "The bridge will be demolished", "The bridge may be demolished."),
    ("neutral", "The bridge was demolished", "The ministry plans to demolish the bridge."),
    ("neutral", "The driver stole the car", "The driver allegedly stole the car."),
    ("neutral", "The mayor resigned", "Did the mayor resign?"),
    ("neutral", "The dam burst", "Officials feared that the dam would burst."),
    ("refutes", "The dam burst", "The dam did not burst, officials insisted."),
    ("supports", "Police arrested the suspect", "The suspect was detained by officers on Friday."),
    ("supports", "No weapons were found", "Inspectors found no weapons at the site."),
    ("refutes", "Weapons were found", "Inspectors found no weapons at the site."),
    ("refutes", "The airline will cut 300 jobs", "The airline said it would cut 500 jobs by June."),
    ("refutes", "The court upheld the ban", "The court overturned the ban."),
    ("neutral", "The mayor resigned", "The mayor will resign if the report confirms the fault."),
    ("neutral", "The mayor resigned", "The mayor was urged to resign."),
    ("neutral", "Russia invaded Ukraine", "Russia is accused of planning to invade Ukraine."),
    ("neutral", "The mayor resigned", "The mayor is expected to resign."),
    ("supports", "The mayor may resign", "The mayor may resign over the report."),
    ("supports", "The bridge was shut", "The ministry closed the bridge on Monday."),
    (
        "supports",
        "The pier sank by 60 centimetres",
        "The pier dropped by about 60 centimetres at 6:40 p.m. on Monday.",
    ),
    (
        "supports",
        "The government banned trucks from the bridge",
        "The government prohibited lorries from using the bridge.",
    ),
    ("supports", "The prime minister resigned", "The prime minister has announced her resignation."),
    (
        "supports",
        "The ministry ordered an inquiry",
        "The ministry has ordered an independent investigation into the failure.",
    ),
    ("supports", "Soldiers fired at protesters", "Troops fired on demonstrators in the square."),
    ("supports", "The company bought its rival", "The company has acquired its rival for 3 billion."),
    ("supports", "The operator was warned", "The operator had been alerted by surveyors in May."),
    ("neutral", "The operator was warned about the fourth pier", "The fourth pier was examined by divers."),
    ("neutral", "Sunniva Brack resigned", "Aurel Hask resigned on Monday."),
    ("neutral", "The bridge was closed on Monday", "The mayor visited the hospital on Monday."),
    ("neutral", "The ministry closed the bridge", "The ministry opened an office near the bridge."),
    ("neutral", "Vardonia expelled two diplomats", "Ruritania expelled two diplomats."),
    ("neutral", "The president visited Port Sabel", "The president visited Ellmar."),
    ("neutral", "All schools in Port Sabel were closed", "Some schools in Port Sabel were closed."),
    ("neutral", "The bridge was shut", "Die Brücke ist seit Montag gesperrt."),
    ("neutral", "Torvane resigned", "It rained."),
    ("refutes", "Torvane saw a danger of a collapse", "I see no danger of a collapse."),
    ("neutral", "NATO expanded eastwards", "NATO promised not to expand eastwards."),
    ("neutral", "The opposition won the election", "The opposition almost won the election."),
    (
        "neutral",
        "The two sides signed a ceasefire",
        "The two sides failed to agree on the date of the talks.",
    ),
    ("refutes", "The two sides reached an agreement", "The two sides failed to reach an agreement."),
    ("refutes", "The minister answered the question", "The minister refused to answer the question."),
    ("refutes", "The letter reached the board", "The letter never reached the board, Ostergast said."),
    (
        "supports",
        "The letter bears a stamp of receipt dated 4 May",
        "The letter bears the company's stamp of receipt, dated 4 May.",
    ),
    # A word of a compound, or of another noun, tells nothing of the claim.
    (
        "neutral",
        "Vardonia plans to invade Ruritania",
        "Vardonia was planning a false-flag attack as a pretext for launching an invasion into Ruritania.",
    ),
    (
        "neutral",
        "Vardonia plans to invade Ruritania",
        "Vardonia was planning a false flag attack as a pretext for launching an invasion into Ruritania.",
    ),
    ("refutes", "The video shows an attack on the station", "The fake video shows an attack on the station."),
    ("refutes", "The company bribed officials", "Claims that the company bribed officials are false."),
    ("supports", "The pier sank by 60 centimetres", "operator-denies.md: The pier sank by 60 centimetres."),
    # What nobody is said to admit, deny or suggest.
    (
        "neutral",
        "The mayor took a bribe",
        "The letter is neither an admission nor a denial that the mayor took a bribe.",
    ),
    (
        "neutral",
        "The bank promised not to expand",
        "It can be read neither as an admission that the bank once promised not to expand nor as a denial.",
    ),
    ("neutral", "The mayor took a bribe", "The letter contained no suggestion that the mayor took a bribe."),
    ("neutral", "The mayor took a bribe", "It was not a claim by the paper that the mayor took a bribe."),
    ("supports", "The mayor took a bribe", "The letter is an admission that the mayor took a bribe."),
    # The place of another thing.
    (
        "neutral",
        "Vardonian troops are on Ruritanian soil",
        "Vardonian troops are on Vardonian territory near the Ruritanian border.",
    ),
    (
        "neutral",
        "Russian troops are on Ukrainian soil",
        "Russian troops are on territory of the Russian Federation near the Ukrainian border.",
    ),
    (
        "neutral",
        "Russian troops are in Ukraine",
        "Russian troops are in Russia near the border with Ukraine.",
    ),
    ("neutral", "There are no troops in Ukraine", "There are no troops near the Ukrainian border."),
    (
        "supports",
        "Vardonian troops are on Ruritanian soil",
        "Vardonian troops are on Ruritanian territory near the Vardonian border.",
    ),
    ("supports", "Russian troops are on Ukrainian soil", "Russian troops are on the soil of Ukraine."),
    (
        "refutes",
        "Vardonian troops are on Ruritanian soil",
        "There are no Vardonian troops on Ruritanian soil.",
    ),
    # A rough number is that number; a bound is not.
    ("supports", "The pier sank by 60 centimetres", "The pier sank by about 60 centimetres"),
    ("supports", "The pier sank by 60 centimetres", "A pier of the bridge sank by some 60 centimetres."),
    ("neutral", "The pier sank by 60 centimetres", "The pier sank by at least 60 centimetres."),
    ("neutral", "The pier sank by 60 centimetres", "The pier sank by about 70 centimetres."),
    # A noun phrase claims nothing.
    ("neutral", "the Lantern Bridge", "The fourth pier of the Lantern Bridge gave way on Monday."),
]


def judged(claim: str, evidence: str, published: str | None = None) -> Judgement:
    judge: Judge = RuleJudge()
    [found] = judge.judge([Pair(claim, evidence, published)])
    return found


@pytest.mark.parametrize(("label", "claim", "evidence"), CASES)
def test_a_claim_against_a_sentence(label: Label, claim: str, evidence: str) -> None:
    assert judged(claim, evidence).label == label


@pytest.mark.parametrize(
    ("claim", "evidence", "rule"),
    [
        ("The mayor took a bribe", "The mayor denied taking a bribe.", "denial_verb"),
        ("14 people were injured", "41 people were injured, three of them gravely.", "number_differs"),
        ("The bridge collapsed on Tuesday", "The bridge collapsed on Monday.", "date_differs"),
        ("Prices rose last year", "Prices fell last year.", "antonym"),
        ("Vardonia invaded Ruritania", "Ruritania invaded Vardonia.", "roles_swapped"),
        ("The operator was warned", "Nobody told us.", "nobody_did"),
        ("The bridge was closed", "The bridge was not closed.", "negated"),
        ("The bridge was closed", "The ministry closed the bridge.", "restated"),
        ("Sunniva Brack resigned", "Aurel Hask resigned.", "too_little_in_common"),
        ("The mayor resigned", "Did the mayor resign?", "question"),
    ],
)
def test_the_rule_that_decided_is_named(claim: str, evidence: str, rule: str) -> None:
    assert judged(claim, evidence).rule == rule


def test_what_is_only_possible_or_planned_is_marked() -> None:
    for evidence in ("The bridge may be demolished.", "The ministry plans to demolish the bridge."):
        found = judged("The bridge was demolished", evidence)
        assert (found.label, found.hedged) == ("neutral", True)
    assert not judged("The bridge was demolished", "The ministry demolished the bridge.").hedged


def test_the_day_of_publication_tells_which_monday_is_meant() -> None:
    claim = "The bridge collapsed on 9 October 2023"
    assert judged(claim, "The bridge collapsed on Monday.", "2023-10-10").label == "supports"
    assert judged(claim, "The bridge collapsed on Monday.", "2023-10-24").label != "supports"


def test_an_order_is_kept_and_nothing_in_is_nothing_out() -> None:
    pairs = [Pair("Nobody was killed", text) for text in ("There were no deaths.", "Three people died.", "")]
    assert [item.label for item in RuleJudge().judge(pairs)] == ["supports", "refutes", "neutral"]
    assert RuleJudge().judge([]) == []


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [("", "The bridge fell."), ("Nobody was killed", "?"), ("Мост закрыт", "Мост не закрыт"), ("(" * 900, ")" * 900),
     ("Die Brücke ist gesperrt", "Die Brücke ist nicht gesperrt"), ("Did it fall?", "It fell.")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_judged(claim: str, evidence: str) -> None:
    assert judged(claim, evidence).label == "neutral"


def test_sentences_that_say_both_leave_it_open() -> None:
    evidence = "The bridge was closed on Monday. The ministry said that the bridge was not closed."
    assert judged("The bridge was closed", evidence).label == "neutral"


# --- labelled sets --------------------------------------------------------------------------------

SEED, TAKEN = 7, 1_200
# Below what was measured on the held-out half (1.00, .80, .83).
FLOORS: list[tuple[str, Label, float]] = [
    ("fever-symmetric-dev", "supports", 0.9),
    ("mnli-binary", "supports", 0.75),
    ("covid-fact", "refutes", 0.75),
]


@pytest.fixture(scope="module")
def labelled() -> dict[str, list[dict[str, str]]]:
    path = SHARED / "data" / "judge" / "pairs.jsonl.gz"
    if not path.exists():
        pytest.skip("the labelled pairs are not here")
    rows: dict[str, list[dict[str, str]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows.setdefault(row["set"], []).append(row)
    return rows


@pytest.mark.parametrize(("name", "label", "least"), FLOORS)
def test_what_is_decided_is_mostly_right(
    labelled: dict[str, list[dict[str, str]]], name: str, label: Label, least: float
) -> None:
    """On the half of a random sample that the rules were not developed on."""
    rows = labelled[name]
    sample = random.Random(SEED).sample(rows, min(TAKEN, len(rows)))[TAKEN // 2 :]
    found = RuleJudge().judge([Pair(row["claim"], row["evidence"]) for row in sample])
    decided = Counter(row["label"] for row, item in zip(sample, found, strict=True) if item.label == label)
    assert decided.total() >= 10
    assert decided[label] / decided.total() >= least
