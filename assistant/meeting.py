"""A claim met in a sentence of evidence: which of its words stand where, and with which polarity.

Method: words are met by key, news synonym or opposite (`synonyms`, `opposites`); among several places the one
whose neighbours are met too is taken. The predicates of a claim are found by its auxiliaries, past forms and
infinitives, without a parser. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.inflecting import is_participle, is_past_form, may_be_verb
from assistant.opposites import are_opposite
from assistant.polarity import Negation, polarity
from assistant.synonyms import same
from assistant.tokens import CALENDAR, Parse, Token, is_adverb, is_english, is_known, is_past, parse

AUXILIARIES = frozenset(
    """is are was were be been being am has have had having will would may might could can should must shall
    do does did isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't couldn't can't cannot
    shouldn't mustn't don't doesn't didn't""".split()
)
_BETWEEN = frozenset(
    "not never also now already just then always still ever no longer once yet only so".split()
)
_DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your no any some every each all another".split()
)
_PRONOUNS = frozenset("he she it they we i you who which that this these those there".split())
_LIGHT = frozenset(
    """make take give get hold go come put set keep have be do use becom call includ happen occur say tell
    claim report accord seem""".split()
)
_GERUND = frozenset("out from of by for about against without to".split())
_NAME_WEIGHT = 0.6
_NOBODY = frozenset("nobody nothing none nowhere someone somebody something anyone anybody anything".split())
_SHORT = 10  # tokens
_WINDOW = 6
_ELLIPSIS = re.compile(r"\s*(?:\[\s*)?(?:\.\s?\.\s?\.|…)(?:\s*\])?\s*")


@dataclass(frozen=True, slots=True)
class Met:
    """Token `own` of the claim at token `at` of the evidence; `opposite`: by a word of opposite meaning."""

    own: int
    at: int
    opposite: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A claim in one sentence of evidence.

    `met` by number of the claim's token; `predicates` are the claim's, the main one first; `coverage` is the
    share of its content words that are met, 0 to 1, names weighed less.
    """

    claim: Parse
    evidence: Parse
    met: dict[int, Met]
    predicates: tuple[int, ...]
    coverage: float

    @property
    def has_main(self) -> bool:
        """Whether the main predicate of the claim is met."""
        return bool(self.predicates) and self.predicates[0] in self.met


def smooth(text: str) -> str:
    """A sentence without the dots of an elision, which would end a clause, on one line."""
    return " ".join(_ELLIPSIS.sub(" ", text).split()).replace(" n't", "n't")


@lru_cache(maxsize=2_048)
def meet(claim: str, evidence: str) -> Meeting:
    """Where the words of a claim stand in a sentence."""
    own, other = parse(claim), parse(evidence)
    met: dict[int, Met] = {}
    choices = {number: _choices(own, number, other) for number in range(len(own.tokens))}
    anchors = {number: places[0].at for number, places in choices.items() if len(places) == 1}
    taken: set[int] = set()
    for number, places in sorted(choices.items(), key=lambda item: len(item[1])):
        free = [item for item in places if item.at not in taken] or places
        if free:
            best = max(free, key=lambda item: (not item.opposite, _company(item, anchors)))
            met[number] = best
            taken.add(best.at)
    content = [number for number, token in enumerate(own.tokens) if token.content]
    total = sum(_weight(own.tokens[number]) for number in content)
    have = sum(_weight(own.tokens[number]) for number in content if number in met)
    found = predicates(claim)
    return Meeting(own, other, met, found, have / total if total else 0.0)


def _weight(token: Token) -> float:
    if token.name:
        return _NAME_WEIGHT
    if token.low in _NOBODY or token.low in CALENDAR:
        return 0.0
    if token.key == "peopl":
        return 0.25  # whoever is killed or hurt is a person
    return 0.5 if token.key in _LIGHT or is_adverb(token.low) else 1.0


def _choices(own: Parse, number: int, other: Parse) -> list[Met]:
    token = own.tokens[number]
    if not token.head or token.number:
        return []
    found = [
        Met(number, place, False)
        for place, against in enumerate(other.tokens)
        if against.head and not against.number and same(token, against)
    ]
    if found or token.name:
        return found
    return [
        Met(number, place, True)
        for place, against in enumerate(other.tokens)
        if against.head and not against.name and are_opposite(token, against)
    ]


def _company(item: Met, anchors: dict[int, int]) -> float:
    """How near the place is to those of the words around it."""
    near = [
        abs(item.at - place)
        for number, place in anchors.items()
        if number != item.own and abs(number - item.own) <= _WINDOW
    ]
    return -sum(min(distance, 20) for distance in near) / len(near) if near else 0.0


@lru_cache(maxsize=4_096)
def reads_english(text: str) -> bool:
    """Whether a text is English; a short one too whose words in lower case are all English ones."""
    if is_english(text):
        return True
    tokens = parse(text).tokens
    plain = [token.low for token in tokens if token.text.islower() and not token.number]
    return len(tokens) <= _SHORT and bool(plain) and all(is_known(low) for low in plain)


# --- predicates -----------------------------------------------------------------------------------


@lru_cache(maxsize=4_096)
def predicates(text: str) -> tuple[int, ...]:
    """Numbers of the tokens that say what is so or is done: verbs, or the noun or adjective after "is".

    In order; a verb that carries little meaning ("made", "took") comes last.
    """
    sentence = parse(text)
    found = list(dict.fromkeys(_predicates(sentence)))
    strong = [number for number in found if sentence.tokens[number].key not in _LIGHT]
    return tuple(strong + [number for number in found if number not in strong])


def _predicates(sentence: Parse) -> Iterator[int]:
    tokens = sentence.tokens
    for number, token in enumerate(tokens):
        if token.low in AUXILIARIES:
            place = _complement(tokens, number + 1)
            if place is not None:
                yield place
        elif token.head and not token.name and not token.number and _is_verb(tokens, number):
            yield number


def _complement(tokens: Sequence[Token], first: int) -> int | None:
    """The verb, or the head of the noun or adjective phrase, after an auxiliary."""
    last = None
    for number in range(first, min(first + 9, len(tokens))):
        token = tokens[number]
        if token.clause != tokens[first - 1].clause or (last is not None and not token.head):
            return last
        if token.low in AUXILIARIES:
            return None  # that one has the complement
        if not token.head or token.number:
            continue
        if token.low in _BETWEEN or is_adverb(token.low):
            continue
        if last is None and _is_participle(token):
            return number
        last = number if not token.name or last is None else last
    return last


def _is_participle(token: Token) -> bool:
    return not token.name and (is_past(token.low) or token.low.endswith("ing"))


def _is_verb(tokens: Sequence[Token], number: int) -> bool:
    low = tokens[number].low
    before = tokens[number - 1] if number else None
    if before is None or before.low in _DETERMINERS or before.genitive:
        return False
    if before.low == "to":
        return is_known(low) and not low.endswith(("ed", "ing", "ion", "ment"))
    if low.endswith("ing"):
        return before.low in _GERUND or (not before.head and is_adverb(before.low))
    if low.endswith("ed") or is_past(low) or is_past_form(low):
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        attributive = (
            after is not None
            and after.head
            and not after.name
            and not before.head
            and before.low not in ("who", "which", "that", "they", "he", "she", "it", "we", "i", "and", "not")
        )
        return not attributive
    subject = before.name or before.low in ("he", "she", "it", "who", "which", "that")
    return subject and low.endswith("s") and is_known(low) and number > 0


# --- whether it states anything -------------------------------------------------------------------

_RELATIVES = frozenset("that which who whose whom where when because if while although".split())
_PLURALS = frozenset("people police men women children many most some others they we you i".split())
# In the news these are nouns, unless an object follows: "NATO troops", "Ellmar tolls", "ferry strikes".
_NOUNS_IN_S = frozenset(
    """
    troops talks attacks strikes works repairs tolls claims reports plans costs prices jobs votes
    protests riots shares profits losses deaths rules laws taxes sanctions forces arms weapons ships
    boats trucks cars buses trains planes tanks drones missiles bombs shells guns guards soldiers
    officers leaders ministers members bridges piers harbours ports roads streets houses schools banks
    markets sales exports imports cuts hikes deals links ties borders areas states towns cities waters
    lands floods fires storms rains winds snows results scores polls figures numbers dates times hours
    minutes days weeks months years tests checks searches surveys studies papers letters notes books
    pages posts films pictures photos images records documents files hopes fears doubts views comments
    remarks answers questions demands requests orders calls offers promises pledges threats warnings
    charges trials cases fines crimes frauds murders kidnappings thefts thieves victims doctors nurses
    patients workers staff guests hosts crews pilots drivers fans players coaches teams games matches
    races goals wins titles stocks bonds funds loans debts rates wages grants gifts bribes debates moves
    steps measures projects programs programmes services supplies stores foods crops fields parks trees
    plants animals birds fish dogs cats horses issues problems matters causes effects risks dangers
    damages changes shifts rises falls increases decreases drops gains trends signs signals marks traces
    routes flights rides tours visits trips walks marches shots blasts explosions crashes clashes
    battles wars fights raids arrests
    """.split()
)
_WITH_OBJECT = frozenset(
    """
    orders plans cuts reports claims calls offers charges fines records files fears doubts demands
    questions answers attacks strikes works tests checks searches visits threatens hits blocks backs
    moves promises pledges warns
    """.split()
)
_PREPOSITIONAL = frozenset(
    "near inside outside despite amid like past round around along beyond toward towards across".split()
)
_BEFORE_MAY = frozenset("in of on by since until last this next from early late mid".split())
_OF_INFINITIVES = frozenset(
    """
    plan plans decision decisions failure attempt attempts promise promises right rights refusal ability
    proposal proposals pledge pledges agreement bid bids move moves request requests threat threats need
    reason reasons order orders call calls offer offers effort efforts permission intention power time
    way
    """.split()
)


@lru_cache(maxsize=4_096)
def has_verb(text: str) -> bool:
    """Whether English words are more than a noun phrase: whether a verb of theirs may be the main one.

    Generous, since a headline has few other marks: what may be a verb counts. "The pier that gave way" has
    one in a relative clause only, and is a noun phrase.
    """
    tokens = parse(text).tokens
    verbs = [n for n in range(len(tokens)) if _is_auxiliary(tokens, n) or _may_be_finite(tokens, n)]
    groups = [n for n in verbs if not _goes_on(tokens, n, verbs)]
    for clause in {tokens[n].clause for n in groups}:
        first = next(token for token in tokens if token.clause == clause)
        relative = first.low in _RELATIVES and first is not tokens[0]
        if sum(tokens[n].clause == clause for n in groups) > relative:
            return True
    return False


def _is_auxiliary(tokens: Sequence[Token], n: int) -> bool:
    before = tokens[n - 1] if n else None
    month = tokens[n].text == "May" and before is not None and (before.number or before.low in _BEFORE_MAY)
    return tokens[n].low in AUXILIARIES and not month


def _goes_on(tokens: Sequence[Token], n: int, verbs: Sequence[int]) -> bool:
    """Whether a verb goes on with the one before it: "was closed", "has never resigned"."""
    between = tokens[n - 1].low
    return n - 1 in verbs or (n - 2 in verbs and (between in _BETWEEN or is_adverb(between)))


def _may_be_finite(tokens: Sequence[Token], n: int) -> bool:
    low, before = tokens[n].low, tokens[n - 1] if n else None
    after = tokens[n + 1] if n + 1 < len(tokens) else None
    if before is None or tokens[n].name or tokens[n].number or before.genitive or before.low in _DETERMINERS:
        return False
    if (
        after is not None
        and after.low in _DETERMINERS
        and before.head
        and tokens[n].head
        and low not in _PREPOSITIONAL
    ):
        return True  # no noun is followed by an article
    if before.low == "to":
        return n > 1 and tokens[n - 2].head and tokens[n - 2].low not in _OF_INFINITIVES and may_be_verb(low)
    if low.endswith("ed") or is_past_form(low) or is_participle(low):
        attributive = after is not None and after.head and not after.name and not before.head
        return not attributive or before.low in _PLURALS or before.low in _PRONOUNS
    if low.endswith("s") and not low.endswith("ss"):
        return _is_third(low) and (low not in _NOUNS_IN_S or (after is not None and _is_object(low, after)))
    plural = before.low in _PLURALS | _PRONOUNS or (before.head and before.low.endswith("s"))
    return plural and low not in _PREPOSITIONAL and may_be_verb(low)


def _is_object(low: str, after: Token) -> bool:
    """Whether a word behind what may be a noun or a verb begins the object of a verb."""
    begins = after.name or after.number or after.low in _DETERMINERS | {"that", "to"}
    return begins or (after.head and low in _WITH_OBJECT)


def _is_third(low: str) -> bool:
    bases = [low[:-1]]
    if low.endswith("es"):
        bases.append(low[:-2])
    if low.endswith("ies"):
        bases.append(f"{low[:-3]}y")
    return any(map(may_be_verb, bases))


# --- polarity -------------------------------------------------------------------------------------


def negators(text: str, number: int) -> tuple[Negation, ...]:
    """The negations that bear on a token."""
    return tuple(item for item in polarity(text).hard if number in item.heads)


def is_negated(text: str, number: int) -> bool:
    """Whether an odd number of negations bears on a token."""
    return len(negators(text, number)) % 2 == 1


def is_unclear(text: str, number: int) -> bool:
    """Whether a negation stands near a token without bearing on it."""
    return polarity(text).states[number] == "perhaps"
