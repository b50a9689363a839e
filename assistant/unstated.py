"""What a sentence names but does not state: an open question, a rumour, what did not come, what is awaited.

Each guard only keeps evidence from supporting a claim or from counting at all; none of them refutes.
English rules.
"""

from __future__ import annotations

import re

from assistant.figures import figures
from assistant.meeting import Meeting
from assistant.tokens import parse

OPENERS = frozenset({"whether", "until", "till"})
_OPENED = re.compile(rf"\b(?:{'|'.join(sorted(OPENERS))})\b", re.IGNORECASE)
_NOUN_THAT = re.compile(
    r"(?<![\w'])(?:rumou?rs?|speculation|theor(?:y|ies)|ideas?|notions?|beliefs?|suggestions?|fears?|hopes?|"
    r"hypothes[ie]s|myths?|prospects?|possibilit(?:y|ies)|allegations?|accusations?|claims?|worries|concerns?|"
    r"expectations?|scenarios?)(?: \w+){0,2}? that(?![\w'])"
)
_FEW = re.compile(
    r"(?<![\w'])(?:few|hardly any|hardly anyone|almost no|almost nobody|only a handful)(?: \w+){0,3}? "
    r"(?:believe\w*|think\w*|thought|say|said|expect\w*|doubt\w*|claim\w*|accept\w*)(?![\w'])"
)
_INVERTED = re.compile(r"(?:had|were|should) \w+\b[^?]*\b(?:would|could|might)\b")
_TO_OR_BY = re.compile(r"\b(to|by)\s+(?:about |around |nearly |almost |some )?\W?\Z", re.IGNORECASE)


def opens(text: str) -> bool:
    """Whether a sentence has a clause whose content is asked or awaited."""
    return bool(_OPENED.search(text))


def without_open_clauses(text: str) -> str:
    """A sentence without its clauses behind "whether" and "until"; empty where nothing else is left."""
    tokens = parse(text).tokens
    asked = {token.clause for token in tokens if token.low in OPENERS}
    for clause in sorted(asked, reverse=True):
        own = [token for token in tokens if token.clause == clause]
        first = next(token for token in own if token.low in OPENERS)
        text = text[: first.start].rstrip(" ,") + text[own[-1].end :]
    return text.strip(" ,")


def unstated(meeting: Meeting) -> str | None:
    """The rule by which evidence with the words of a claim does not state it, or None."""
    claim, evidence = meeting.claim.flat, meeting.evidence.flat
    if _INVERTED.match(evidence) and not _INVERTED.match(claim):
        return "conditional"
    for pattern in (_NOUN_THAT, _FEW):
        if (
            (match := pattern.search(evidence))
            and not pattern.search(claim)
            and _is_behind(meeting, match.end())
        ):
            return "hedged" if pattern is _NOUN_THAT else "not_said"
    if _is_owned(meeting):
        return "other_subject"
    if _is_crossed(meeting):
        return "roles_unclear"
    return "number_missing" if _is_other_change(meeting) else None


def _is_behind(meeting: Meeting, place: int) -> bool:
    """Whether the main predicate stands behind a place of the flat evidence."""
    if not meeting.has_main:
        return False
    starts = {at: start for start, at in meeting.evidence.starts.items()}
    return starts.get(meeting.met[meeting.predicates[0]].at, -1) >= place


def _is_owned(meeting: Meeting) -> bool:
    """Whether the subject of the claim only owns the subject of the evidence: "the minister's deputy"."""
    if not meeting.predicates:
        return False
    before = [n for n, token in enumerate(meeting.claim.tokens[: meeting.predicates[0]]) if token.content]
    if not before or before[-1] not in meeting.met:
        return False
    last = before[-1]
    at = meeting.met[last].at
    return meeting.evidence.tokens[at].genitive and not meeting.claim.tokens[last].genitive


def _is_crossed(meeting: Meeting) -> bool:
    """Whether doer and receiver stand the other way round about the predicate, in the same voice."""
    if not meeting.has_main or {"by"} & ({*meeting.claim.flat.split()} ^ {*meeting.evidence.flat.split()}):
        return False
    main = meeting.predicates[0]
    at = meeting.met[main].at
    tokens = meeting.evidence.tokens
    own = [n for n in meeting.met if meeting.claim.tokens[n].content and n != main]
    same_clause = [n for n in own if tokens[meeting.met[n].at].clause == tokens[at].clause]
    left = [n for n in same_clause if n < main]
    right = [n for n in same_clause if n > main]
    return (
        bool(left)
        and all(meeting.met[n].at > at for n in left)
        and any(meeting.met[n].at < at for n in right)
    )


def _is_other_change(meeting: Meeting) -> bool:
    """Whether a figure is the end of a change in one text and its size in the other: to 8, by 8."""
    found = []
    for text in (meeting.claim.text, meeting.evidence.text):
        links = {}
        for figure in figures(text):
            if match := _TO_OR_BY.search(text[: figure.start]):
                links[figure.low] = match[1].lower()
        found.append(links)
    own, other = found
    return any(value in other and other[value] != link for value, link in own.items())
