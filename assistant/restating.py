"""Restating: whether a sentence says again what one evidence sentence says, by rule and beyond doubt.

What is left out may only be a plain adjunct; anything that could turn the meaning makes the answer no.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.framing import Framing, framing
from assistant.modality import modality, modality_reasons
from assistant.models import Span
from assistant.polarity import negation_reasons, polarity
from assistant.roles import role_reasons
from assistant.text import words
from assistant.tokens import Parse, Token, is_english, parse

_LIGHT = frozenset("the a an that has have had".split())
_BE = dict.fromkeys("is are was were be been being am".split(), "be")
_PLAIN = frozenset("in on at near during by since throughout inside around".split())  # begin an adjunct
_SAME_WORDS = frozenset("says said stated states added adds noted notes told tells".split())
# Words that may not be left out: they turn, limit, weaken or report what stands beside them.
_OPERATORS = frozenset(
    """
    no not never none nobody nothing neither nor without cannot hardly barely rarely scarcely seldom only
    almost nearly about approximately roughly around if unless despite although though but except excluding
    however yet until before after all some most many few several half part partly mostly both every each
    any may might could would should must will shall can likely unlikely probably possibly perhaps maybe
    potential possible failed fail fails refused denied deny denies rejected dismissed alleged allegedly
    reportedly apparently supposedly suspected accused claims claim claimed rumoured rumored rumours rumors
    false fake hoax untrue wrong incorrect planned plans plan plot proposed propose attempted attempt tried
    try former ex acting so-called self-proclaimed would-be deputy vice said says say told believes believe
    thinks think thought fears fear hopes hope wants want expected expects doubt doubts question asked
    whether who's theory paper principle draft rehearsal simulation exercise film novel fiction dream name
    error exception other instead rather than least more less up over under contrary unlike against
    against's stopped short lack lacks
    """.split()
)
_FRAME_WORDS = frozenset("according to in the words of that".split())
_LEAST_WORDS, _LEAST_CONTENT = 3, 2


@lru_cache(maxsize=8_192)
def restates(sentence: str, evidence_sentence: str) -> bool:
    """Whether a sentence is proved by one evidence sentence without a model; when in doubt, it is not.

    Its words stand there in the same order, articles and inflection aside, with the same negations, modality,
    numbers and speaker, and what it leaves out are adjuncts of place and time, clauses between commas and
    titles. An outlet named in front ("The Courant reports that") is not looked for.
    """
    mine, theirs = framing(sentence), framing(evidence_sentence)
    if (
        not is_english(sentence)
        or not is_english(evidence_sentence)
        or not _same_voice(sentence, evidence_sentence)
    ):
        return False
    own, other = parse(sentence), parse(evidence_sentence)
    if not own.whole or not other.whole:
        return False
    wanted, given = _numbers(own, mine.content), _numbers(other, theirs.content)
    content = [number for number in wanted if own.tokens[number].content]
    if len(content) < _LEAST_CONTENT or len(wanted) < _LEAST_WORDS:
        return False
    places = _subsequence(own, wanted, other, given)
    if places is None:
        return False
    if not mine.speaker and not theirs.speaker and _is_quoted(evidence_sentence) and not _is_quoted(sentence):
        return False
    return (
        _same_force(sentence, wanted, evidence_sentence, places)
        and _may_go(other, given, places)
        and not any(
            check(sentence, [evidence_sentence])
            for check in (negation_reasons, modality_reasons, role_reasons)
        )
    )


def _same_voice(sentence: str, evidence_sentence: str) -> bool:
    """Whether both name the same speaker, with verbs and occasions that say no more than that.

    A source that only the sentence names is the outlet; whether it is the right one is checked elsewhere.
    """
    mine, theirs = framing(sentence), framing(evidence_sentence)
    if not mine.speaker and not theirs.speaker and theirs.source is None:
        return mine.source is None or not _occasion(sentence, mine)
    if not mine.who or not theirs.who or bool(mine.speaker) != bool(theirs.speaker):
        return False
    same = {mine.verb, theirs.verb} <= _SAME_WORDS | {None} or mine.verb == theirs.verb
    return (
        same
        and _within(mine.who, theirs.who)
        and _is_in_order(_occasion(sentence, mine), _occasion(evidence_sentence, theirs))
    )


def _within(one: str, other: str) -> bool:
    """Whether a description has only words of the other one, the last of its first part among them."""
    mine, theirs = _bare(one), _bare(other)
    first = _bare(other.split(",")[0])
    return bool(first) and first[-1] in mine and _is_in_order(mine, theirs)


def _occasion(sentence: str, frame: Framing) -> list[str]:
    """The words of a framing besides the speaker and the verb: the listener, the place, the time."""
    outside = sentence[: frame.content[0]] + " " + sentence[frame.content[1] :]
    rest = _bare(outside.replace(frame.who or "", " ", 1))
    return [word for word in rest if word not in _FRAME_WORDS and word != frame.verb]


def _is_in_order(one: Sequence[str], other: Sequence[str]) -> bool:
    rest = iter(other)
    return all(word in rest for word in one)


def _bare(text: str) -> list[str]:
    return [word for word in words(text) if word not in _LIGHT]


def _is_quoted(text: str) -> bool:
    return any(mark in text for mark in '"“”„«»')


def _numbers(sentence: Parse, span: Span) -> list[int]:
    """Numbers of the tokens in a span that have to be met: all but articles."""
    return [
        number
        for number, token in enumerate(sentence.tokens)
        if span[0] <= token.start < span[1] and token.low not in _LIGHT
    ]


def _form(token: Token) -> str:
    """What has to be equal: the key of a content word, the number, or the function word itself."""
    return token.key if token.head and not token.number else _BE.get(token.low, token.low)


def _subsequence(own: Parse, wanted: Sequence[int], other: Parse, given: Sequence[int]) -> list[int] | None:
    """Where each wanted token is met, in order; None when one of them is not. The latest start is taken."""
    found: list[int] = []
    at = len(given) - 1
    for number in reversed(wanted):
        form = _form(own.tokens[number])
        while at >= 0 and _form(other.tokens[given[at]]) != form:
            at -= 1
        if at < 0:
            return None
        found.append(given[at])
        at -= 1
    return found[::-1]


def _same_force(sentence: str, wanted: Sequence[int], other: str, places: Sequence[int]) -> bool:
    one, two = polarity(sentence).states, polarity(other).states
    mine, theirs = modality(sentence).kinds, modality(other).kinds
    return all(
        one[number] == two[place] and mine[number] == theirs[place]
        for number, place in zip(wanted, places, strict=True)
    )


def _may_go(other: Parse, given: Sequence[int], places: Sequence[int]) -> bool:
    """Whether everything that was left out are plain adjuncts."""
    kept = set(places)
    gap: list[int] = []
    for number in [*given, -1]:
        if number != -1 and number not in kept:
            gap.append(number)
            continue
        if gap and not _plain(other, gap, number):
            return False
        gap = []
    return True


def _plain(other: Parse, gap: Sequence[int], after: int) -> bool:
    """Whether a run of tokens can be left out: `after` is the token that follows it, -1 at the end."""
    tokens = [other.tokens[number] for number in gap]
    lows = [token.low for token in tokens]
    if any(low in _OPERATORS or low.endswith("n't") for low in lows):
        return False
    if after != -1 and all(token.name for token in tokens) and other.tokens[after].name:
        return True  # a first name
    before = other.text[other.tokens[gap[0] - 1].end : tokens[0].start] if gap[0] else ","
    end = other.text[tokens[-1].end : other.tokens[after].start] if after != -1 else ","
    if "," in before and "," in end and gap[0]:
        return True  # a clause between commas
    if lows[0] not in _PLAIN or any(low in _BE or low in ("who", "which", "to", "and") for low in lows):
        return False
    return after == -1 or "," in end or (len(gap) <= 8 and other.tokens[after].low in _PLAIN)
