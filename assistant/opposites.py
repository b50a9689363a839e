"""Words of opposite meaning: "rose" and "fell", "likely" and "unlikely"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from assistant.alignment import Pairing
from assistant.text import stem
from assistant.tokens import Parse, Token, is_known, key_of, parse

_PAIRS = """
rise:fall,reduce,shrink increase:fall,reduce,shrink expand:shrink,reduce gain:lose win:lose open:close
accept:reject,refuse approve:reject confirm:deny admit:deny acknowledge:deny support:oppose,reject
allow:ban,prevent,block arrive:leave,depart enter:leave agree:disagree succeed:fail success:failure
strengthen:weaken strong:weak guilty:innocent acquit:convict begin:end start:stop,end,finish buy:sell
include:exclude ally:enemy hire:fire alive:die public:private true:false up:down high:low higher:lower
highest:lowest best:worst better:worse praise:criticise,condemn,blame uphold:overturn grant:deny,refuse
majority:minority first:last north:south east:west left:right eastward:westward northward:southward
attack:defend join:leave,quit raise:lower,cut remove:add,install release:arrest,detain
deploy:withdraw remember:forget love:hate safe:dangerous optimistic:pessimistic positive:negative
advance:retreat build:destroy,demolish encourage:discourage legal:criminal permanent:temporary
maximum:minimum major:minor more:less,fewer,reduce most:least above:below before:after over:under
inside:outside increase:decrease borrow:lend import:export lift:impose enter:exit rich:poor
""".split()
# Words that the stop list takes for function words: they count only before the same next word.
_SMALL = frozenset("before after more less fewer above below over under up down most least".split())
_PREFIXED = frozenset(
    """
    inaccurate inadequate inappropriate incapable incomplete incorrect independent indirect ineffective
    inefficient informal insecure insufficient invalid inconclusive inconsistent impossible improbable
    immoral imperfect impartial illegal illegitimate illiterate irregular irrelevant irresponsible disagree
    dissatisfied disapprove dishonest disloyal disobey disprove disconnect distrust inactive incompatible
    invisible insignificant inability injustice instability
    """.split()
)
_NOT_PREFIXED = frozenset("under unit united unite union uniform universe until unless unique uncle".split())
_CONTEXT = 0.6  # share of the other words of a clause that must be met


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS:
        one, others = pair.split(":")
        for other in others.split(","):
            first, second = _key(one), _key(other)
            found.setdefault(first, set()).add(second)
            found.setdefault(second, set()).add(first)
    return {key: frozenset(keys - {key}) for key, keys in found.items()}


def _key(low: str) -> str:
    return low if low in _SMALL else key_of(low, low)


@lru_cache(maxsize=20_000)
def opposite_keys(low: str) -> frozenset[str]:
    """Keys of the words that mean the opposite of a folded word."""
    found = _OPPOSITES.get(_key(low), frozenset())
    for prefix in ("un", "in", "im", "il", "ir", "dis"):
        rest = low.removeprefix(prefix)
        if rest == low or len(rest) < 4:
            continue
        listed = any(stem(word) == stem(low) for word in _PREFIXED)
        plain = prefix == "un" and not any(low.startswith(word) for word in _NOT_PREFIXED)
        if (listed or plain) and is_known(rest):
            found |= {key_of(rest, rest)}
    return found


_OPPOSITES = _opposites()


def are_opposite(one: Token, other: Token) -> bool:
    """Whether two words in the same place say the opposite of each other."""
    if one.low == other.low:
        return False
    return _key(other.low) in opposite_keys(one.low) or _key(one.low) in opposite_keys(other.low)


def opposed(sentence: str, candidates: Sequence[Pairing], state: Callable[[str, int], str]) -> Iterator[str]:
    """Texts that name a word of the sentence and its opposite in the evidence that matches best.

    `state` tells "plain", "negated" or "perhaps" for a token: "not open" does not oppose "closed". Silent
    when either side has both words, or when another candidate has the sentence's own word.
    """
    own = parse(sentence)
    for pairing in candidates[:1]:
        for number in pairing.unit:
            token = own.tokens[number]
            small = token.low in _SMALL
            if (not token.head and not small) or token.number:
                continue
            place = _facing(own, number, pairing)
            if place is None or any(_has(item.other, _key(token.low), small) for item in candidates):
                continue
            one, other = state(sentence, number), state(pairing.other.text, place)
            if "perhaps" in (one, other) or one != other or _context(own, pairing, number) < _CONTEXT:
                continue
            yield f"the sentence says “{token.text}”, the passage “{pairing.other.tokens[place].text}”"


def _facing(own: Parse, number: int, pairing: Pairing) -> int | None:
    """The token of the evidence that is the opposite of a token, where the sentence does not have it too."""
    token = own.tokens[number]
    small = token.low in _SMALL
    wanted = opposite_keys(token.low)
    reverse = _negative_of(token.low, pairing.other)
    for place, other in enumerate(pairing.other.tokens):
        key = other.low if small else other.key
        if (key in wanted and (other.head or small)) or other.low in reverse:
            if _has(own, key, small):
                return None
            if small and _following(own, number) != _following(pairing.other, place):
                continue
            return place
    return None


def _negative_of(low: str, other: Parse) -> frozenset[str]:
    """Words of the other sentence that are a word with a negative prefix."""
    if len(low) < 4:
        return frozenset()
    ends = (token.low for token in other.tokens if token.low[:2] in ("un", "in", "im", "il", "ir", "di"))
    return frozenset(word for word in ends if key_of(low, low) in opposite_keys(word))


def _has(sentence: Parse, key: str, small: bool) -> bool:
    if small:
        return any(token.low == key for token in sentence.tokens)
    return key in sentence.places


def _following(sentence: Parse, number: int) -> str | None:
    after = sentence.tokens[number + 1 : number + 5]
    return next((token.key for token in after if token.head or token.number), None)


def _context(own: Parse, pairing: Pairing, number: int) -> float:
    others = [place for place in pairing.unit if own.tokens[place].content and place != number]
    if len(others) < 2:
        return 0.0
    return sum(place in pairing.places for place in others) / len(others)
