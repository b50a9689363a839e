"""Words that name one thing with more or less of a charge: "subsidence" and "collapse".

A modest table, made by hand from pairs that translators and news desks choose between. A row names one thing;
`<` leads from a plainer word to a stronger or more loaded one; words with one charge stand together.
English only.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.text import stem

_ROWS = """
incident event < clash skirmish < attack assault < onslaught blitz massacre
entry advance movement < incursion < intrusion < invasion invade aggression
operation campaign conflict fighting hostilities < war
killing kill killed death died die dead < murder murdered < slaughter massacre < genocide
subsidence subside sinking sank movement < failure < collapse collapsed < disaster catastrophe
problem issue difficulty matter < trouble fault defect < crisis emergency < disaster catastrophe calamity
government administration leadership authorities < regime < dictatorship tyranny junta
leader president ruler < strongman < dictator tyrant despot
fighter militant gunman rebel insurgent < extremist radical < terrorist
fighter partisan rebel volunteer < mercenary bandit
separatist rebel < traitor
protest demonstration rally march < unrest disturbance < riot violence < uprising revolt insurrection coup
protester demonstrator activist < agitator troublemaker < rioter hooligan mob thug
crowd group gathering < mob gang horde
said stated told < claimed alleged asserted < lied
say state tell < claim allege assert < lie
untruth mistake error inaccuracy falsehood < falsification deception < lie lies
error mistake oversight lapse < negligence failing blunder < crime
concern worry unease < fear alarm < panic terror
request ask < urge call < demand insist < order command
criticism remark < attack condemnation < smear
criticise criticize fault < condemn denounce < attack slam blast
statement message announcement < propaganda
information data < disinformation propaganda
warning caution < threat < ultimatum blackmail
warn caution < threaten < blackmail
reduction decrease cut < slashing gutting
reduce trim cut < slash gut
fall drop decline dip < plunge slump < crash collapse
rise increase growth < surge jump < explosion
move relocate relocation transfer resettlement < deportation expulsion < cleansing
remove moved removed < expel expelled < deport deported
migrant immigrant refugee newcomer < alien illegals invader
inflow arrival arrivals influx < flood wave < invasion swarm
wall barrier fence < cage
detention custody arrest < abduction kidnapping
detain arrest hold held < seize capture < abduct kidnap
questioning interview < interrogation < torture
mistreatment treatment < abuse < torture
control presence administration < occupation < annexation
reunification accession incorporation < takeover < annexation annex
takeover acquisition < seizure grab theft
payment commission fee < kickback < bribe bribery
donation gift contribution < bribe
agreement deal accord arrangement < pact < conspiracy plot
plan scheme < plot conspiracy
withdrawal departure retreat < flight rout
compromise concession < capitulation surrender
opponent rival critic adversary < enemy foe
disagreement dispute difference < row quarrel < conflict feud
harsh strict tough firm < brutal cruel < savage barbaric
serious grave < catastrophic disastrous
bad poor < terrible awful < horrific appalling
unacceptable inadmissible inappropriate wrong < outrageous intolerable < criminal
strange unusual odd < suspicious
supporter follower backer < crony henchman puppet
ally partner < client satellite puppet vassal
official bureaucrat < apparatchik
tax levy contribution < burden
aid help support assistance < handout
inspection search visit < raid
destruction damage harm < devastation annihilation
damage harm hurt < destroy devastate wreck < annihilate obliterate
weaken undermine < cripple < destroy
influence involvement < interference meddling < subversion
encouragement invitation < provocation incitement
response answer reaction < retaliation < revenge vengeance
pressure leverage persuasion < coercion < blackmail
push persuade < force compel coerce
limit restrict restrictions limits < ban prohibition < crackdown
delay postponement < obstruction sabotage
watch monitor observe < spy surveillance
evening tonight night
see watch observe
nation country state
stay remain
harbour harbor port
factory plant works
"""


def _table() -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for number, row in enumerate(_ROWS.strip().split("\n")):
        for charge, words in enumerate(row.split("<")):
            for word in words.split():
                found.setdefault(stem(word), {}).setdefault(number, charge)
    return found


_TABLE = _table()


@lru_cache(maxsize=20_000)
def things(low: str) -> frozenset[int]:
    """The rows that a folded word stands in: what it may name."""
    return frozenset(_TABLE.get(stem(low), ()))


@lru_cache(maxsize=20_000)
def charge(one: str, other: str) -> int | None:
    """How much more charged `other` is than `one`; None where no row has both.

    0 where they are one word, or have the same charge.
    """
    first, second = _TABLE.get(stem(one), {}), _TABLE.get(stem(other), {})
    steps = [second[row] - first[row] for row in first.keys() & second.keys()]
    return max(steps, key=abs) if steps else None
