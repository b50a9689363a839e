"""Ways to say an English news sentence again, or part of it, that change nothing in what is said."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.news_edits import synonym

Restating = Callable[[str, random.Random], str | None]

_WORDS = ["zero", "one", *"two three four five six seven eight nine ten eleven twelve".split()]
_ASIDE = re.compile(r", (?:who|which|whose|a|an|the|where|including|such as) [^,“”\"]{6,90},(?= )")
_TAIL = re.compile(r", (?:who|which|whose|where|while|with|but|according to|\w+ing) [^,“”\"]{8,120}\.$")
_SAYS = re.compile(
    r", (?:[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}|\w+ (?:officials|police|reporters)|he|she|they|officials"
    r"|police)"
    r" (?:said|says|told|added|wrote|noted)\b[^,“”\"]{0,50}\.$"
)
_LEAD = re.compile(
    r"^(?:On|In|At|After|Before|During|Since|For|Last|This|Earlier|Meanwhile|However|As|Following|According|By|With"
    r"|While|Although|Despite|Instead|Still|Also|Then|So|But|And|Now|Yet)\b[^,“”\"]{0,70}, (?=\w)"
)
_CONNECTIVE = re.compile(r"^(?:But|And|So|Yet|Still|Now|Then|Also) (?=\w)")
_PARENTHESIS = re.compile(r" \([^()]{2,60}\)")
_TIME = re.compile(
    r" (on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in (?:19|20)\d\d|last (?:week|month|year))(?=\.$|, )"
)
_FRONT = re.compile(
    r"^(On (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|In (?:19|20)\d\d|Last (?:week|month|year)), (.+)\.$"
)
_CLAUSE = re.compile(r"^(.{30,140}?), (?:and|but|while|although) ")
_CONTRACTIONS = {
    "did not": "didn't",
    "does not": "doesn't",
    "do not": "don't",
    "is not": "isn't",
    "are not": "aren't",
    "was not": "wasn't",
    "were not": "weren't",
    "has not": "hasn't",
    "have not": "haven't",
    "had not": "hadn't",
    "will not": "won't",
    "would not": "wouldn't",
    "cannot": "can't",
    "could not": "couldn't",
    "should not": "shouldn't",
    "it is": "it's",
    "they are": "they're",
    "United States": "U.S.",
    " percent": "%",
    "more than": "upwards of",
    "at least": "no fewer than",
}
_ACTIVE = re.compile(
    r"^((?:The |President |Mr\. |Senator )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}) (\w+ed) "
    r"((?:the |a |an )?[\w'-]+(?: [\w'-]+){0,3}?)((?: (?:on|in|at|after|for|during|over|last) [^,]+)?\.)$"
)
_TRANSITIVE = frozenset(
    "accused approved attacked backed blamed blocked criticized signed vetoed rejected ordered passed "
    "endorsed praised fired nominated launched released condemned defended defeated arrested charged "
    "killed wounded visited called announced appointed cancelled canceled changed delayed destroyed "
    "denounced dismissed ended".split()
)


def _cut(pattern: re.Pattern[str], text: str, new: str = "") -> str | None:
    match = pattern.search(text)
    if not match:
        return None
    found = text[: match.start()] + new + text[match.end() :]
    return found[0].upper() + found[1:] if found else None


def shorten(text: str, rng: random.Random) -> str | None:
    """Without an aside, a lead, a tail or the tag of who said it."""
    ways = [(_ASIDE, ""), (_TAIL, "."), (_SAYS, "."), (_LEAD, ""), (_CONNECTIVE, ""), (_PARENTHESIS, "")]
    rng.shuffle(ways)
    found = None
    for pattern, new in ways:
        shorter = _cut(pattern, found or text, new)
        if shorter and len(shorter.split()) >= 5:
            found = shorter
            if rng.random() < 0.3:
                break
    if found is None and (match := _CLAUSE.match(text)) and not re.match(r"(?:If|When|While|After)\b", text):
        return match.group(1) + "."
    return found


def move_time(text: str, rng: random.Random) -> str | None:  # noqa: ARG001 (as every restating)
    """ "On Monday, X did Y." for "X did Y on Monday." and back."""
    if match := _FRONT.match(text):
        when, rest = match.groups()
        return f"{rest[0].upper()}{rest[1:]} {when[0].lower()}{when[1:]}."
    match = _TIME.search(text)
    if match and match.end() == len(text) - 1 and re.match(r"(?:The|A|He|She|They|It|[A-Z]\w+ [A-Z])", text):
        rest = text[: match.start()] + text[match.end() :]
        rest = rest[0].lower() + rest[1:] if re.match(r"(?:The|A|He|She|They|It)\b", rest) else rest
        return f"{match.group(1)[0].upper()}{match.group(1)[1:]}, {rest}"
    return None


def respell(text: str, rng: random.Random) -> str | None:
    """Contractions, number words, abbreviations in the other form."""
    found = None
    items = list(_CONTRACTIONS.items())
    rng.shuffle(items)
    for one, other in items:
        for old, new in ((one, other), (other, one)):
            pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
            if pattern.search(found or text):
                found = pattern.sub(new, found or text, count=1)
                break
    for value, word in enumerate(_WORDS[2:], 2):
        pattern = re.compile(rf"(?<![\w$.,-]){value}(?= [a-z])")
        if pattern.search(found or text):
            return pattern.sub(word, found or text, count=1)
        if re.search(rf"\b{word}(?= [a-z])", found or text):
            return re.sub(rf"\b{word}(?= [a-z])", str(value), found or text, count=1)
    return found


def passive(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """ "The bill was vetoed by Mr Smith" for "Mr Smith vetoed the bill"."""
    match = _ACTIVE.match(text)
    if not match or match.group(2) not in _TRANSITIVE:
        return None
    doer, verb, bearer, rest = match.groups()
    plural = bearer.endswith("s") and not bearer.endswith(("ss", "us"))
    doer = doer[0].lower() + doer[1:] if doer.startswith("The ") else doer
    return f"{bearer[0].upper()}{bearer[1:]} {'were' if plural else 'was'} {verb} by {doer}{rest}"


def restate(text: str, rng: random.Random) -> str:
    """One to three of the above; the sentence itself where none applies."""
    found = text
    ways: list[Restating] = [shorten, shorten, move_time, respell, passive, synonym, synonym]
    rng.shuffle(ways)
    for way in ways[: rng.randint(2, 5)]:
        found = way(found, rng) or found
    return found


def less(text: str, rng: random.Random) -> str | None:
    """The sentence without one of its details, three words or more; never only without who said it."""
    ways = [(_ASIDE, ""), (_TAIL, "."), (_LEAD, ""), (_TIME, ""), (_PARENTHESIS, "")]
    rng.shuffle(ways)
    for pattern, new in ways:
        shorter = _cut(pattern, text, new)
        lost = len(text.split()) - len(shorter.split()) if shorter else 0
        if shorter and len(shorter.split()) >= 6 and (lost >= 4 or (pattern is _TIME and lost >= 2)):
            return shorter
    return None
