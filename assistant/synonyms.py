"""News synonyms: words that report one thing, so that a claim meets evidence in other words.

Wider than the families of `tokens`, which also serve the proofs of an answer: a judge may read "guarantee" as
"promise", a proof of wording may not. A group holds what reporters exchange for one another in the same
event; words of different strength ("killed", "injured") are in different groups. English.
"""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

from functools import lru_cache

from assistant.text import stem
from assistant.tokens import Token, key_of

_GROUPS = """
promise guarantee pledge vow assurance assure commitment undertaking | injure hurt wound maim casualty
kill die dead death fatality perish deceased lethal fatal | close shut block seal closed | reopen open
soldier troop trooper serviceman military army | ban prohibit forbid outlaw bar | permit allow authorise authorize let
expand enlarge extend widen broaden | sink drop subside subsidence slump sag | collapse cave topple
admit acknowledge concede confess own-up | warn alert tell inform notify caution | fault defect flaw crack | inspect examine check survey
fire sack dismiss oust | hire appoint name recruit | resign quit step | fine penalise penalize penalty
begin start launch commence | finish end conclude complete | delay postpone defer | cancel scrap call-off abandon
buy purchase acquire takeover | sell divest | rise increase grow climb jump surge soar | fall decline decrease drop plunge
reduce cut slash lower | storm hurricane typhoon cyclone | quake earthquake tremor | flood flooding inundate
fire blaze inferno | explosion blast detonation explode detonate | crash collision collide | shoot gun shooting gunfire
attack assault raid strike strike | invade invasion incursion | bomb bombard shell shelling bombing
rescue save | evacuate evacuation | arrest detain custody apprehend | jail prison imprison incarcerate
accuse allege blame | convict conviction guilty | acquit clear exonerate | lawsuit suit sue litigation | ruling verdict judgment
agree deal accord pact agreement treaty | sign signature ink | talks negotiate negotiation discuss
approve endorse ratify pass adopt back | reject refuse decline spurn | veto | protest demonstration rally demonstrate demonstrator protester
strike walkout stoppage | price cost | wage salary pay | firm company corporation business enterprise
boss chief head director leader | premier minister | lawmaker deputy legislator parliamentarian | legislature parliament
bill law legislation act | poll vote election ballot | win victory defeat beat | money fund funding cash
aid help assistance assist | send dispatch deliver ship supply | build construct erect | destroy demolish wreck raze
vessel ship boat | plane aircraft airplane jet airliner | car vehicle automobile | lorry truck
doctor physician medic | student pupil | child kid youngster | official authority | worker employee staff
employ work | police officer | spokesman spokesperson spokeswoman spokesman | city town | nation country state
reporter journalist correspondent | movie film | song track single | book novel | residence home house | road highway motorway
illness disease sickness | vaccine jab vaccination shot vaccinate inoculate | find discover | show demonstrate indicate
publish release issue | hide conceal | steal rob theft robbery | visit trip | travel journey | return come-back
marry wed wedding marriage | bear birth born | location place site | obtain get receive acquire
weapon arms | intend plan intention | territory soil land | letter note | investigate probe inquiry enquiry
responsible responsibility | deploy station deployment | leave depart exit withdraw | join enter accession
speak address speech | cause lead trigger | hit strike batter | lose loss | retire retirement | film movie | locate situate
"""
# A seat of government stands for its country in the news.
_SEATS = """
russia kremlin moscow | usa washington white_house pentagon | britain london downing_street | france paris elysee
germany berlin | china beijing | ukraine kyiv | eu brussels | iran tehran | israel jerusalem | japan tokyo | turkey ankara
india delhi | poland warsaw | italy rome | spain madrid | hungary budapest | syria damascus
"""
# Nominal endings that snowball leaves: "inspector" meets "inspect".
_ENDINGS = (
    "ation",
    "ition",
    "ment",
    "ator",
    "ance",
    "ence",
    "ion",
    "ist",
    "ism",
    "ive",
    "or",
    "er",
    "al",
    "ic",
)
_LEAST = 5
_NOT_ROOTS = frozenset(
    "never other under after whether rather later river order water letter power member".split()
)


def _table(text: str) -> dict[str, frozenset[str]]:
    """The numbers of the groups of each key; a word may belong to several ("strike", "drop")."""
    found: dict[str, set[str]] = {}
    rows = [row.split() for line in text.strip().split("\n") for row in line.split("|")]
    for number, row in enumerate(rows):
        for word in row:
            found.setdefault(key_of(word, word), set()).add(f"={number}")
    return {key: frozenset(groups) for key, groups in found.items()}


_TABLE = _table(_GROUPS)
_TABLE_OF_SEATS = {
    key_of(word.title(), word): row[0]
    for line in _SEATS.strip().split("\n")
    for row in [part.split() for part in line.split("|")]
    if row
    for word in row
}


@lru_cache(maxsize=50_000)
def senses(key: str, name: bool) -> frozenset[str]:
    """What a key may be met by: itself, its root, and the groups of news synonyms that it is in."""
    if name:
        return frozenset({key, _TABLE_OF_SEATS.get(key, key)})
    found = {key, root(key)} | _TABLE.get(key, frozenset()) | _TABLE.get(root(key), frozenset())
    if key in _TABLE_OF_SEATS:
        found.add(_TABLE_OF_SEATS[key])
    return frozenset(found)


@lru_cache(maxsize=50_000)
def root(key: str) -> str:
    """A key without a nominal ending; a short one stays as it is."""
    if key in _NOT_ROOTS:
        return key
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= _LEAST - 1:
            return stem(key[: -len(ending)])
    return key


def same(one: Token, other: Token) -> bool:
    """Whether two words may report one thing."""
    if one.key == other.key:
        return True
    return not senses(one.key, one.name).isdisjoint(senses(other.key, other.name))
