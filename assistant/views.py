"""What a sentence gives as somebody's view, plan or report without anybody saying it in so many words.

"X hopes p", "X plans to p", "X backs Y", "his refusal to p", "reports that p", "p, polls show". The words
end where the clause does. English only; every scan is bounded, so that cost grows with the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.clauses import DASHES, QUOTE, Words
from assistant.cues import (
    AUXILIARIES,
    CONJUNCTIONS,
    CUTTERS,
    DETERMINERS,
    MODALS,
    NEGATIONS,
    NOT_NAMES,
    NOUNS,
    PASSIVE,
    PREPOSITIONS,
    SUBJECTS,
    SUBORDINATORS,
    TIMES,
    VERBS,
)  # fmt: skip
from assistant.holders import agent_end, is_finite, main_subject, owner, plural, subject
from assistant.leanings import FINITE, NOUN_KINDS, NOUN_LINKS, OTHERWISE, PHRASAL, SHOWN, VIEWS, Leaning

Range = tuple[int, int]
_LEAD = 20  # tokens before a sentence's subject
_LONG = 60  # tokens of what is held
_RELATIVES = frozenset(("who", "which", "that"))
_CLITICS = frozenset("'s 're 've 'd 'll 'm".split())
_HELPERS = AUXILIARIES | MODALS | PASSIVE | NEGATIONS | _CLITICS | frozenset(("having", "being", "is", "to"))
_ASKED = frozenset("about if whether what why how who when where to".split())
_IN_NAMES = frozenset("of at the on in for and 's".split())
_MAY_LEAD = frozenset("the critics experts report reports sources officials".split())
_QUOTES = frozenset("quoted quotes quoting cited cites".split())
_ENDS = frozenset(".;?!()…") | {"..."} | DASHES


@dataclass(frozen=True, slots=True)
class View:
    """Ranges of tokens: who holds it (None: nobody is named), the verb or noun, and what is held."""

    source: Range | None
    cue: Range
    content: Range
    kind: Leaning


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb at a token: where its own words begin and end, its kind and its form."""

    at: int
    floor: int
    right: int
    kind: Leaning
    form: str


def views(words: Words, first: int, last: int) -> Iterator[View]:
    """The views of one sentence, tokens first to last (exclusive)."""
    for at in range(first, last):
        low = words.low[at]
        found = None
        if low == "asked":
            found = _asked(words, first, at, last)
        elif low in _QUOTES:
            found = _quoted_as(words, first, at, last)
        verb = _verb(words, first, at, last) if found is None else None
        if verb is not None:
            found = _by_verb(words, first, verb, last)
        if found is None and low in NOUN_KINDS:
            found = _by_noun(words, first, at, last)
        if found is not None:
            yield found


# --- verbs ----------------------------------------------------------------------------------------


def _verb(words: Words, first: int, at: int, last: int) -> _Verb | None:
    """The verb of a view at a token, or None."""
    low, right = words.low[at], at + 1
    if words.cap(at) and at > first and not words.cap(at - 1):
        return None  # a name; all words of a headline have capitals
    kind: Leaning = "said"
    if low in PHRASAL and right < last and words.low[right] in PHRASAL[low][0]:
        kind, form, right = "thought", PHRASAL[low][1], right + 1
    elif low in VIEWS:
        kind, form = VIEWS[low]
        says = kind != "intended" and VERBS.get(low, ("think", ""))[0] != "think"
        kind = "said" if says else kind
    elif low in VERBS and low not in OTHERWISE:
        form = "p" if VERBS[low][1] == "f" else VERBS[low][1]
    else:
        return None
    if low in NOUNS and right < last and words.low[right] in FINITE | SHOWN:
        return None  # the reports show
    floor = _group(words, first, at)
    if kind == "said" and any(word in NEGATIONS or word.endswith("n't") for word in words.low[floor:at]):
        kind = "unsaid"
    return _Verb(at, floor, right, kind, form)


def _by_verb(words: Words, first: int, verb: _Verb, last: int) -> View | None:
    helpers = words.low[verb.floor : verb.at]
    passive = bool(set(helpers) & PASSIVE)
    if verb.form == "p" and passive:
        return _passive(words, first, verb, last)
    earlier = words.low[verb.floor - 1] if verb.floor > first else ""
    source: Range | None
    if _contracted(earlier, verb.form):
        source = (verb.floor - 1, verb.floor)
    elif earlier in DETERMINERS or earlier in PREPOSITIONS or earlier.endswith("'s"):
        return None  # a noun: the claim, in support
    elif (verb.form == "g" and not passive) or "to" in helpers:
        source = main_subject(words, first, verb.floor)
        if source is None:
            return None
    else:
        source = subject(words, verb.floor, first)
        bare = verb.form == "b" and not helpers
        if (bare and not (source and plural(words, source))) or not (
            source or helpers or earlier in ("and", "but", ",")
        ):
            return None
    content = _held(words, first, verb, source, last)
    return View(source, (verb.floor, verb.right), content, verb.kind) if content else None


def _held(words: Words, first: int, verb: _Verb, source: Range | None, last: int) -> Range | None:
    """What is held: after the verb, after "As the paper reported,", or before ", documents show"."""
    content = _complement(words, verb.right, last)
    if content or source is None:
        return content or _before(words, first, verb.floor, verb.at, last)
    follows = source[0] > first and words.low[source[0] - 1] == "as"
    if follows and verb.right + 1 < last and words.word[verb.right] == ",":
        return _complement(words, verb.right + 1, last)
    return _before(words, first, source[0], verb.at, last)


def label(words: Words, first: int, last: int) -> View | None:
    """“Poll: most voters want p”: a headline or a turn of talk that names whose words follow the colon."""
    at = first + (words.word[first] in "-—–•*")
    start = at
    while at < min(last, start + 8) and (words.cap(at) or words.low[at] in _IN_NAMES):
        at += 1
    if at == start or at + 1 >= last or words.word[at] != ":":
        return None
    low = words.low[start]
    if low in NOT_NAMES - _MAY_LEAD or low in TIMES or not words.cap(start) or words.word[at + 1].isdigit():
        return None
    end = last
    while end > at + 1 and words.word[end - 1] in ",.;:!?…":
        end -= 1
    return View((start, at), (at, at + 1), (at + 1, end), "said") if end > at + 1 else None


def _asked(words: Words, first: int, at: int, last: int) -> View | None:
    """“Asked whether p, he said no”, “when asked about p”: a question of somebody who is not named."""
    alone = at == first or words.low[at - 1] in ("when", "was", "if", "after", ",")
    if not alone or at + 1 >= last or words.low[at + 1] not in _ASKED:
        return None
    content = _complement(words, at + 1 + (words.low[at + 1] == "about"), _lead_end(words, at, last))
    return View(None, (at, at + 1), content, "said") if content else None


def _lead_end(words: Words, at: int, last: int) -> int:
    """The next comma, which ends what stands before a sentence's subject."""
    return next((k for k in range(at, min(last, at + _LONG)) if words.word[k] == ","), last)


def _quoted_as(words: Words, first: int, at: int, last: int) -> View | None:
    """“RIA quotes Peskov as saying p”: that Peskov says p is what RIA says."""
    saying = next(
        (k for k in range(at + 2, min(last, at + _LEAD)) if words.low[k] in ("saying", "telling")), None
    )
    if saying is None or words.low[saying - 1] != "as":
        return None
    floor = _group(words, first, at)
    source, content = subject(words, floor, first), _complement(words, at + 1, last)
    passive = any(word in PASSIVE for word in words.low[floor:at])
    return View(source, (floor, at + 1), content, "said") if source and content and not passive else None


def _contracted(low: str, form: str) -> bool:
    """“He’s backing”, “they’ve backed”, “who’d back”."""
    head, mark, tail = low.partition("'")
    return bool(mark) and (
        tail in ("re", "ve", "m", "d", "ll") or (tail == "s" and (form == "g" or head in SUBJECTS))
    )


def _group(words: Words, first: int, at: int) -> int:
    """Where the words begin that belong to the verb at `at`: has not, would never, is now."""
    floor = at
    while floor > first and at - floor < 6:
        low = words.low[floor - 1]
        if low not in _HELPERS and not low.endswith(("n't", "ly")):
            break
        floor -= 1
    while floor < at and words.low[floor] == "that":
        floor += 1
    return floor


def _passive(words: Words, first: int, verb: _Verb, last: int) -> View | None:
    """“The plan was rejected by the council”, “he is expected to speak”."""
    at = verb.right
    low = words.low[at] if at < last else ""
    if low == "by":
        held, end = subject(words, verb.floor, first), agent_end(words, at + 1, last)
        return View((at + 1, end), (verb.floor, at + 1), held, verb.kind) if held and end > at + 1 else None
    blamed = words.low[verb.at] in ("accused", "blamed", "criticized", "criticised", "praised")
    if low in ("to", "that", "as", "whether", "if") or (blamed and low in ("of", "for")):
        content = _complement(words, at, last)
        return View(None, (verb.floor, at), content, verb.kind) if content else None
    return None


# --- what is held ---------------------------------------------------------------------------------


def _complement(words: Words, at: int, last: int) -> Range | None:
    """The clause or the object after a verb or noun at `at`."""
    while at < last and (words.low[at].endswith("ly") or words.low[at] in ("also", "again", "that")):
        at += 1
    if at < last and words.word[at] == ":":
        at += 1
    if at >= last or (words.word[at] in _ENDS or words.word[at] == ","):
        return None
    end = at
    while end < min(last, at + _LONG) and not _closes(words, at, end, last):
        end += 1
    while end > at and words.word[end - 1] in ",.;:!?…-–—":
        end -= 1
    if end <= at or all(words.low[k] in TIMES | PREPOSITIONS for k in range(at, end)):
        return None
    return at, end


def _closes(words: Words, at: int, end: int, last: int) -> bool:
    word = words.word[end]
    if word in ".;?!…" or word in DASHES or word == "...":
        return True
    if word == "," and end + 1 < last:
        following = words.low[end + 1]
        return following in CUTTERS | CONJUNCTIONS | SUBJECTS or following.endswith("ing") or end + 2 >= last
    return end > at + 2 and words.low[end] in SUBORDINATORS | {"despite"}


def _before(words: Words, first: int, source: int, at: int, last: int) -> Range | None:
    """“He lent it money, documents show”: the words before the source, where nothing follows the verb."""
    if at + 1 < last and words.word[at + 1] not in (".", ",", ";"):
        return None
    end = source
    if end - 1 <= first or words.word[end - 1] not in (",", QUOTE):
        return None
    end -= words.word[end - 1] == ","
    start = end
    while start > first and words.word[start - 1] not in (";",) and end - start < _LONG:
        start -= 1
    return (start, end) if end - start > 2 else None


# --- nouns ----------------------------------------------------------------------------------------


def _by_noun(words: Words, first: int, at: int, last: int) -> View | None:
    """“His plan to”, “reports that”, “criticism of”."""
    link = words.low[at + 1] if at + 1 < last else ""
    if link not in NOUN_LINKS:
        return None
    leads = words.low[first] in PREPOSITIONS and at - first < _LEAD
    leads = leads and not any(is_finite(words, k, first) for k in range(first, at))
    start = at + 1 + (link not in ("to", "that"))
    content = _complement(words, start, _lead_end(words, at, last) if leads else last)
    content = content and _cut(words, *content, 1 + (link == "that"))
    if content is None:
        return None
    source = owner(words, first, at)
    if source is None and link == "that" and NOUN_KINDS[words.low[at]] == "reported":
        source = (at, at + 1)
    if source is None and link not in ("that", "to"):
        return None
    return View(source, (at, at + 1), content, NOUN_KINDS[words.low[at]])


def _cut(words: Words, first: int, end: int, verbs: int) -> Range | None:
    """The range up to its verb of that number; the rest is the outlet's: "the claim that p is false"."""
    at = first
    while at < end:
        low = words.low[at]
        if low == "to":
            at += 1  # the infinitive is no verb of a clause
        elif low in CONJUNCTIONS or low in _RELATIVES or words.word[at] == QUOTE:
            verbs += at > first
        elif is_finite(words, at, first) or low in MODALS:
            verbs -= 1
            if verbs == 0:
                return (first, at) if at > first else None
            while at + 1 < end and words.low[at + 1] in _HELPERS:
                at += 1
            at += low in _HELPERS  # its participle
        at += 1
    return first, end
