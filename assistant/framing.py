"""Framing: the part of a sentence that tells who says it, as "The Courant reports that" or "Peskov said"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.models import Span
from assistant.text import trim

_VERB = (
    r"(?:say|says|said|states|stated|adds|added|notes|noted|explains|explained|tells|told|writes|wrote|"
    r"reports|reported|remarks|remarked|announces|announced|mentions|mentioned|describes|described|"
    r"continues|continued|observes|observed|claims|claimed|argues|argued|insists|insisted|believe|believes|"
    r"believed|indicates|indicated|stresses|stressed|warns|warned|confirms|confirmed|acknowledges|"
    r"acknowledged|admits|admitted|asserts|asserted|maintains|maintained|declares|declared|recalls|recalled|"
    r"testified|suggests|suggested|tweeted|replied)"
)
_PLAIN = r"[^,;:\"“”«»()\n]"
_WHO = rf"{_PLAIN}{{2,90}}?(?:,{_PLAIN}{{3,80}},)?"
_HAS = r"(?: (?:has|had|have|also|later|then|further|again|repeatedly))*"
# What may stand between the verb and what is said: the listener, the occasion.
_OCCASION = (
    r"(?: (?!that\b)(?:[A-Z][\w’'.]*|reporters|journalists|the \w+|a \w+)(?: [A-Z][\w’'.]*){0,3})?"
    rf"(?: (?:on|in|at|to|during|last|late|early|yesterday|by|via|earlier) ?{_PLAIN}{{0,60}}?)?"
)
_FRONT = re.compile(
    rf"\s*(?:(?:[Aa]ccording to|[Ii]n the words of) (?P<to>{_WHO}),\s|"
    rf"(?P<who>{_WHO}){_HAS} (?P<verb>{_VERB}){_OCCASION} that\s|"
    rf"(?P<before>{_WHO}){_HAS} (?P<quotes>{_VERB}){_OCCASION}[:,]\s+(?=[\"“«]))"
)
_BACK = re.compile(
    rf"[,—–”\"»]\s*(?:according to (?P<to>{_PLAIN}{{2,90}}(?:, {_PLAIN}{{2,90}})?)|"
    rf"(?P<who>{_PLAIN}{{2,60}}?){_HAS} (?P<verb>{_VERB}){_OCCASION}|"
    rf"(?P<turned>{_VERB}) (?P<last>[^;:\"“”«»()\n]{{2,140}}))[.\s]*\Z"
)
_SOURCE = re.compile(
    r"\b(?:article|passage|source|report|account|outlet|newspaper|agency|paper|piece|text|story|coverage)s?\b",
    re.I,
)
_REPORTS = re.compile(r"(?:reports|reported|writes|wrote)$")
# No noun phrase that speaks begins so, or has such a word in it.
_NOT_FIRST = frozenset(
    "which that who whom where when as if while although though because unless after before since but and or "
    "so it there what how why".split()
)
_NOT_INSIDE = frozenset(
    "is are was were be been will would may might could can should must that which when if because not want "
    "wants has had have do does did".split()
)
_ROLES = frozenset(
    """
    he she they officials official spokesman spokeswoman spokesperson ministry government police company
    court minister president secretary leader leaders senator lawyer lawyers expert experts analyst analysts
    researchers scientists authorities witnesses residents critics agency department office team group union
    operator mayor chief aide aides diplomat diplomats economists soldiers commander article passage source
    sources report account outlet newspaper paper text story statement study campaign administration kremlin
    bank council committee prosecutors prosecutor judge doctors owner author reporter correspondent editor
    director chairman chairwoman professor governor party opposition military army
    """.split()
)
_MOST_WORDS = 12
_BACK_REACH = 240
_FRONT_REACH = 400


@dataclass(frozen=True, slots=True)
class Framing:
    """Who says a sentence, by itself: a speaker, or an outlet or article, and the span of what is said.

    `verb`: the verb of saying, None after "according to". Without framing `content` is the whole sentence.
    """

    speaker: str | None
    source: str | None
    verb: str | None
    content: Span

    @property
    def who(self) -> str | None:
        """The speaker or the source."""
        return self.speaker or self.source


@lru_cache(maxsize=8_192)
def framing(sentence: str) -> Framing:
    """The framing of an English sentence, in front of it or behind it.

    "The Courant reports that" and "According to the article," name a source; "Peskov said that" a speaker.
    """
    match = _FRONT.match(sentence[:_FRONT_REACH])
    if match:
        who = match["to"] or match["who"] or match["before"]
        if _speaks(who, bool(match["to"])):
            return _framing(
                who, match["verb"] or match["quotes"], trim(sentence, (match.end(), len(sentence)))
            )
    start = max(0, len(sentence) - _BACK_REACH)
    match = _BACK.search(sentence[start:])
    if match:
        who = (match["to"] or match["who"] or match["last"]).strip()
        if _speaks(who, not match["who"]):
            return _framing(who, match["verb"] or match["turned"], trim(sentence, (0, start + match.start())))
    return Framing(None, None, None, trim(sentence, (0, len(sentence))))


def _speaks(who: str, behind: bool) -> bool:
    """Whether words look like somebody who speaks; `behind`: they follow the verb or "according to"."""
    found = who.split(",")[0].lower().split()
    if not found or len(found) > _MOST_WORDS or found[0] in _NOT_FIRST or _NOT_INSIDE & set(found):
        return False
    if behind:
        return found[0] not in ("he’s", "she’s", "it’s", "it's", "he's", "she's", "to", "on", "in")
    last = who.split(",")[0].split()[-1]
    return found[-1] in _ROLES or (last[0].isupper() and not last.endswith(("'s", "’s")))


def _framing(who: str, verb: str | None, content: Span) -> Framing:
    who = who.strip(" ,.")
    if _SOURCE.search(who.split(",")[0]) or (verb and _REPORTS.search(verb)):
        return Framing(None, who, verb, content)
    return Framing(who, None, verb, content)
