"""What each verb of saying in a sentence governs: who speaks, the reported clause, and the quotations.

A clause ends where the words can no longer be told to be the speaker's: "Peskov stated that there were no
soldiers, despite reports that …" is Peskov's up to the comma. English only.
"""

from __future__ import annotations

from assistant.clauses import DASHES, QUOTE, Words, before
from assistant.cues import (
    ADDRESSED,
    CALLS,
    CONJUNCTIONS,
    CUTTERS,
    DETERMINERS,
    HEARERS,
    MODALS,
    NEEDS_THAT,
    PASSIVE,
    PREPOSITIONS,
    SUBJECTS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
    VERBS,
)  # fmt: skip
from assistant.sayings import Cued, cue_at

_CLOSERS = frozenset(".!?;…()") | {"..."}
_CLAUSE_STARTS = frozenset("he she it they we i there".split())
_QUESTIONS = frozenset("whether if why how what who where to".split())
_LINKING = frozenset((",", "and", "but", "or"))
_ADJUNCT = 20  # tokens between a verb and its clause: "said in an interview with ... that"


def cued(words: Words, first: int, last: int) -> list[Cued]:
    """The cues of one sentence, tokens first to last (exclusive), in order, with what each governs."""
    found: list[Cued] = []
    for at in range(first, last):
        if (words.low[at] in VERBS or words.low[at] == "according") and (
            item := cue_at(words, first, at, last, found)
        ):
            found.append(item)
    starts = {item.left: item for item in found}
    for item in found:
        _govern(words, item, first, last, starts)
    if last - first > 2 and words.word[first] == QUOTE and not any(first in item.quotes for item in found):
        found.extend(_any_verb(words, first, last))
    return [item for item in found if item.clauses or item.quotes or item.mode == "colon"]


def _any_verb(words: Words, first: int, last: int) -> list[Cued]:
    """“...,” Trump shot back: after a quotation that ends in a comma any verb may be one of saying."""
    if words.text[words.quote[first].end - 1] not in ",?!":
        return []
    for at in range(first + 2, min(first + 8, last)):
        low = words.low[at]
        if (low.endswith("ed") and low.isalpha()) or low in (
            "shot",
            "put",
            "began",
            "went",
            "shouts",
            "quips",
        ):
            subject = before(words, at, first + 1)
            if subject and subject.first == first + 1 and subject.kind in ("name", "pronoun", "description"):
                return [Cued((at, at + 1), subject, first + 1, at + 1, "say", mode="end", quotes=[first])]
            return []
        if not (low[0].isalnum() or low == "."):
            return []
    return []


# --- what it governs ------------------------------------------------------------------------------


def _govern(words: Words, item: Cued, first: int, last: int, starts: dict[int, Cued]) -> None:
    if item.kind == "according":
        _govern_according(words, item, first, last, starts)
        return
    mode, at = _follow(words, item, last)
    quoted = item.left == first + 1 and words.word[first] == QUOTE  # “...,” he told them when asked if
    if quoted and (mode == "bare" or (mode == "quote" and words.word[at - 1] not in ",:")):
        mode = "end"
    item.mode = mode
    needs = words.low[item.cue[0]] in NEEDS_THAT
    if needs and mode == "that" and at - item.right > 4:
        return
    if mode in ("that", "colon", "quote") or (mode == "bare" and not needs and not item.inverted):
        stop = _stop(words, item, at, last, starts)
        if mode == "bare" and not _says(words, item, at, stop):
            return
        _take(words, item, at, stop)
        if mode in ("quote", "colon") and item.kind in ("say", "tell") and quoted:
            item.quotes.insert(0, first)  # “A,” Peskov said: “B.”
        return
    if item.kind not in ("say", "tell") or item.subject is None:
        return
    if (
        mode == "comma"
        and words.word[min(at + 1, last - 1)] == QUOTE
        and not _after_quote(words, item, first)
    ):
        _take(
            words, item, at + 1, _stop(words, item, at + 1, last, starts)
        )  # Holding a book, Beck said, “...”
        return
    if needs and not _after_quote(words, item, first):
        return
    _take_before(words, item, first, starts)
    if mode == "comma":
        _take_after_comma(words, item, at, last, starts)


def _says(words: Words, item: Cued, at: int, stop: int) -> bool:
    """Whether an object without "that" can be words: not "one adds Nebraska", "he called a meeting"."""
    verb = words.low[item.cue[0]]
    if verb in CALLS and item.right == item.cue[0] + 1:
        return any(words.word[k] == QUOTE for k in range(at, stop))
    return item.kind == "object" or stop - at > 2 or verb in ("said", "says") or words.word[at] == QUOTE


def _after_quote(words: Words, item: Cued, first: int) -> bool:
    at = item.left - 1
    return at >= first and (words.word[at] == QUOTE or (at > first and words.word[at - 1] == QUOTE))


def _govern_according(words: Words, item: Cued, first: int, last: int, starts: dict[int, Cued]) -> None:
    item.mode = "according"
    if item.left > first + 1 or (item.left > first and words.word[first] == QUOTE):
        _take_before(words, item, first, starts)
    if (item.right + 1 < last and words.word[item.right] in ",:") or (
        item.right < last and words.word[item.right] == QUOTE
    ):
        at = item.right + (words.word[item.right] != QUOTE)
        if words.low[at] not in ("who", "which", "whose"):
            _take(words, item, at, _stop(words, item, at, last, starts))


def _follow(words: Words, item: Cued, last: int) -> tuple[str, int]:
    """How what follows the cue begins (that, bare, quote, colon, comma, end) and at which token."""
    at = item.right
    if at < last and words.low[at] == "to" and item.kind != "object" and not item.inverted:
        beyond = min(at + 1, last - 1)
        somebody = words.low[beyond] in DETERMINERS | HEARERS or words.cap(beyond)
        if words.low[item.cue[0]] not in ADDRESSED and not somebody:
            return "that", at  # he vowed to
        return _follow_addressee(words, at, last)
    if item.kind == "tell":
        return _follow_addressee(words, at, last)
    if item.kind == "object":
        closed = at >= last or words.word[at] in _CLOSERS or words.word[at] == ","
        return ("end", at) if closed else ("bare", at)
    while at < last:
        word, low = words.word[at], words.low[at]
        fixed = _fixed(words, at, last)
        if fixed:
            return fixed
        if low in PREPOSITIONS or low in TIME_LEADS - {"the", "a", "that", "this"} or low in TIMES:
            beyond = _past_time(words, at, last)
            if beyond == at:
                return _follow_adjunct(words, at, last)
            at = beyond
        elif low in ("also", "again", "later", "earlier", "so") or low.endswith("ly") or word in ("'", '"'):
            at += 1
        elif low in ("and", "but"):
            return "end", at  # the examination that she had proposed in June and that was never made
        elif item.inverted or low in ("when", "while", "because", "who", "which"):
            return _follow_adjunct(words, at, last)
        else:
            return "bare", at
    return "end", at


def _fixed(words: Words, at: int, last: int) -> tuple[str, int] | None:
    word = words.word[at]
    if words.low[at] == "that" and at + 1 < last and words.low[at + 1] not in TIMES | {"same"}:
        return "that", at
    if word == QUOTE:
        return "quote", at
    if word == ":":
        return "colon", at + 1
    if word == ",":
        return ("that", at + 1) if at + 2 < last and words.low[at + 1] == "that" else ("comma", at)
    if word in _CLOSERS:
        return "end", at
    if word in DASHES:
        return ("quote", at + 1) if at + 1 < last and words.word[at + 1] == QUOTE else ("end", at)
    return None


def _past_time(words: Words, at: int, last: int) -> int:
    """The token after "on Sunday", "last week" or "in December"; `at` itself where no time stands."""
    end = at
    while end < last and (
        words.low[end] in TIME_LEADS - {"that"} or words.low[end] in TIMES or words.word[end].isdigit()
    ):
        end += 1
    while end > at and not (words.low[end - 1] in TIMES or words.word[end - 1].isdigit()):
        end -= 1
    return end


def _follow_adjunct(words: Words, at: int, last: int) -> tuple[str, int]:
    for k in range(at, min(last, at + _ADJUNCT)):
        fixed = _fixed(words, k, last)
        if fixed and fixed[0] == "quote" and k > at and _is_title(words, k):
            continue
        if fixed:
            return fixed
        if k > at + 1 and words.low[k] in _CLAUSE_STARTS and k + 1 < last:
            return "bare", k
    return "end", last


def _is_title(words: Words, at: int) -> bool:
    """Whether a quotation is a name: on ABC's “This Week”."""
    low = words.low[at - 1]
    return low in PREPOSITIONS or low in DETERMINERS or low.endswith("'s")


def _follow_addressee(words: Words, at: int, last: int) -> tuple[str, int]:
    if at < last and words.low[at] in ("for", "about", "of"):
        return "end", at  # she asked for the letter that
    for k in range(at, min(last, at + _ADJUNCT)):
        fixed = _fixed(words, k, last)
        if fixed and fixed[0] == "quote" and k > at and _is_title(words, k):
            continue
        if fixed:
            return fixed
        begins = words.low[k] in _CLAUSE_STARTS or words.low[k] in _QUESTIONS
        if k > at and begins and words.low[k - 1] not in PREPOSITIONS:
            return "bare", k
    at += words.low[at] in DETERMINERS if at < last else 0
    while at < last and words.cap(at):
        at += 1
    return ("bare", at + 1) if at + 3 < last and words.low[at] not in PREPOSITIONS else ("end", last)


def _stop(words: Words, item: Cued, at: int, last: int, starts: dict[int, Cued]) -> int:
    """The token at which the reported words that begin at `at` end."""
    infinitive = at < last and words.low[at] == "to"
    narrow = item.kind == "object" and words.low[at] != "that"
    subordinate = item.subject is not None and (
        (item.left > 0 and words.low[item.left - 1] in SUBORDINATORS)
        or any(words.low[k] in ("who", "which") for k in range(item.subject.last, item.cue[0]))
    )
    for k in range(at + 1, last):
        word, low = words.word[k], words.low[k]
        if word == ";" or (word == "(" and words.low[min(k + 1, last - 1)] in ("quote", "via")):
            return k
        if word in DASHES and k + 1 in starts:
            return k
        if word == "," and k + 1 < last and (subordinate or _stops_at_comma(words, item, k, starts, narrow)):
            return k
        if (low in _LINKING or low == "according") and _next_cue(item, k, starts):
            return k
        if low in ("despite", "although", "though") and k > at + 2:
            return k
        if (infinitive and low in ("but", "nor")) or (narrow and low in ("after", "when", "before", "while")):
            return k
    return last


def _next_cue(item: Cued, k: int, starts: dict[int, Cued]) -> bool:
    """Whether a cue of its own begins at the "and" or the comma at token `k`, or right after it."""
    here, beyond = starts.get(k), starts.get(k + 1)
    if here is not None and here is not item and (here.subject is None or here.kind == "according"):
        return True  # ", saying that"
    return beyond is not None and beyond is not item and beyond.kind != "object"


def _stops_at_comma(words: Words, item: Cued, k: int, starts: dict[int, Cued], narrow: bool) -> bool:
    following = words.low[k + 1]
    if following in CUTTERS or _next_cue(item, k, starts) or k + 1 in starts:
        return True
    if narrow and (following in CONJUNCTIONS or following == QUOTE or following.endswith("ing")):
        return True
    return following == "and" and (
        k + 2 in starts or words.low[min(k + 2, len(words.low) - 1)] in ("he", "she")
    )


def _take(words: Words, item: Cued, first: int, last: int) -> None:
    """Gives the cue the tokens first to last: the quotations, and the clause where there is more."""
    first, last = _trimmed(words, first, last)
    if first >= last:
        return
    item.quotes.extend(k for k in range(first, last) if words.word[k] == QUOTE)
    if any(words.word[k][0].isalnum() for k in range(first, last) if words.low[k] not in ("and", "that")):
        item.clauses.append((first, last))


def _trimmed(words: Words, first: int, last: int) -> tuple[int, int]:
    while last > first and words.word[last - 1] in ",.;:!?…-–—":
        last -= 1
    while first < last and words.word[first] in ",;:-–—":
        first += 1
    return first, last


def _take_before(words: Words, item: Cued, first: int, starts: dict[int, Cued]) -> None:
    """The words before "…, he said": of this sentence, from its start or from the last cue that closed."""
    end = item.left
    separated = (end > first and words.word[end - 1] in (",", QUOTE, "?", "!")) or (
        end > first and words.word[end - 1] in DASHES
    )
    if not separated and item.kind != "according":
        return
    if end - 2 >= first and words.low[end - 2] in CONJUNCTIONS:
        item.mode = "aside"  # a letter which, it says, warned the operator
        return
    start = first
    for other in starts.values():
        if other.left < item.left and other.mode in ("comma", "end"):
            start = max(start, other.right)
    for k in range(end - 1, start - 1, -1):
        if words.word[k] == ";":
            start = k + 1
            break
    if words.low[start] in ("but", "and") and start + 1 < end:
        start += 1
    _take(words, item, start, end)


def _take_after_comma(words: Words, item: Cued, at: int, last: int, starts: dict[int, Cued]) -> None:
    """What goes on after ", he said,": the rest of the clause, or “…,” he said, “…”."""
    nxt = at + 1
    if nxt >= last or nxt in starts or at in starts:
        return
    if words.word[nxt] == QUOTE:
        _take(words, item, nxt, _stop(words, item, nxt, last, starts))
        return
    if (
        item.clauses
        and item.clauses[0][1] - item.clauses[0][0] > 8
        and words.low[nxt] not in PASSIVE | MODALS
    ):
        return  # p, he said, a policy that
    parenthetical = (
        (item.clauses or item.mode == "aside")
        and not item.inverted
        and words.low[nxt] not in CONJUNCTIONS | CUTTERS
    )
    if parenthetical and not words.low[nxt].endswith("ing") and words.low[nxt] not in SUBJECTS | PREPOSITIONS:
        _take(words, item, nxt, _stop(words, item, nxt, last, starts))
