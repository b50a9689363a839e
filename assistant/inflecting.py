"""Forms of English verbs: the past and the third person of a base form, and whether a word is one.

Method: a table of irregular verbs; the rest by spelling, checked against a dictionary.
"""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

from functools import lru_cache

from assistant.tokens import is_known

_IRREGULAR = """
be was | have had | do did | go went | come came | become became | say said | tell told | know knew | take took
give gave | make made | see saw | get got | keep kept | leave left | lose lost | win won | fall fell | rise rose
hit hit | cut cut | put put | let let | set set | shut shut | cost cost | hurt hurt | quit quit | spread spread
split split | burst burst | cast cast | broadcast broadcast | begin began | break broke | bring brought
build built | buy bought | catch caught | choose chose | draw drew | drive drove | eat ate | feel felt
fight fought | find found | flee fled | fly flew | forbid forbade | forget forgot | freeze froze | grow grew
hear heard | hide hid | hold held | lead led | lend lent | lay laid | lie lied | meet met | mean meant | pay paid
read read | ride rode | ring rang | run ran | seek sought | sell sold | send sent | shake shook | shoot shot
show showed | sing sang | sink sank | sit sat | sleep slept | speak spoke | spend spent | stand stood
steal stole | stick stuck | strike struck | swear swore | sweep swept | swim swam | teach taught
think thought | throw threw | understand understood | wake woke | wear wore | withdraw withdrew | write wrote
blow blew | deal dealt | bind bound | bend bent | bet bet | bid bid | overthrow overthrew | overtake overtook
undertake undertook | undergo underwent | foresee foresaw | mislead misled | rebuild rebuilt | hang hung
slide slid | spin spun | tear tore | uphold upheld | withhold withheld | withstand withstood | offer offered
travel travelled | cancel cancelled | label labelled | model modelled | veto vetoed | panic panicked
"""
_PAST = {
    pair.split()[0]: pair.split()[1] for row in _IRREGULAR.strip().split("\n") for pair in row.split("|")
}
_PAST_FORMS = frozenset(_PAST.values()) - frozenset(
    "was had did read set put cut let hit lead cost hurt quit spread split burst cast bet bid lay ground wound".split()
)
_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes"}
_PARTICIPLES = frozenset(
    """been gone done had seen taken given made got gotten kept left lost won fallen risen hit cut put let set shut
    hurt quit spread split burst cast broadcast begun broken brought built bought caught chosen drawn driven eaten
    felt fought found fled flown forbidden forgotten frozen grown heard hidden held led lent laid met meant paid
    read ridden rung run sought sold sent shaken shot shown sung sunk sat slept spoken spent stood stolen stuck
    struck sworn swept swum taught thought thrown understood worn withdrawn written blown dealt bound bent bid
    overthrown overtaken undertaken undergone foreseen misled rebuilt hung hanged slid spun torn upheld withheld
    withstood said told known come become born dead""".split()
)
_NOT_VERBS = frozenset(
    """the a an of in on at by for with from into and or but not very more most also already still ever never just
    minister president chief secretary mayor army party people bridge country city government company war family
    police ministry committee board member state world child man woman king queen prince summer winter right
    general""".split()
)
_VOWELS = "aeiou"


@lru_cache(maxsize=10_000)
def past(base: str) -> str:
    """The simple past of a base form in lower case."""
    if base in _PAST:
        return _PAST[base]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    doubled = base + base[-1] + "ed"
    if base[-1] not in "wxy" and base[-2:-1] in _VOWELS and is_known(doubled):
        return doubled
    return base + "ed"


def is_past_form(low: str) -> bool:
    """Whether a word is an irregular past or participle that dictionaries also have as another word."""
    return low in _PAST_FORMS


def third(base: str) -> str:
    """The third person singular of a base form in lower case."""
    if base in _THIRD:
        return _THIRD[base]
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


@lru_cache(maxsize=10_000)
def may_be_verb(low: str) -> bool:
    """Whether a word in lower case may be the base form of a verb: its past is a word."""
    if low in _PAST:
        return True
    if low in _NOT_VERBS or len(low) < 3 or not low.isalpha() or not is_known(low):
        return False
    return is_known(past(low))


def is_participle(low: str) -> bool:
    """Whether a word in lower case may be a past participle."""
    return low in _PARTICIPLES or (
        low.endswith("ed") and len(low) > 3 and low not in ("indeed", "red", "need")
    )
