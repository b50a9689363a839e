"""The keys in a model's text, and its sentences without them: which sentence names which passage.

A model puts keys where it likes: in any brackets, in front of a line, after the full stop, in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.models import Span
from assistant.prompts import NOT_ENOUGH
from assistant.quoting import scan
from assistant.text import sentences


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of the model without its markers, and the keys that these named, in lower case."""

    text: str
    keys: tuple[str, ...]


def says_not_enough(text: str) -> bool:
    """Whether the draft says, in the form that the prompt asks for, that the evidence is not enough."""
    return bool(_SENTINEL.match(text))


def says_what_was_searched(text: str) -> bool:
    """Whether a sentence tells only what was searched or is silent, so that it needs no citation."""
    text = text.strip()
    if _SENTINEL.fullmatch(text) or _SILENT.match(text):
        return True
    return bool(_SEARCHED.match(text)) and not _GOES_ON.search(text)


_SEARCHED = re.compile(
    r"""(?P<no>no\ |(?:none|neither)\ of\ )?(?:the\ |these\ |those\ |all\ )?
    (?:given\ |loaded\ |other\ |searched\ |provided\ )?(?:passages?|sources?|articles?|texts?|accounts?)[ ]
    (?:(?:do(?:es)?|did)(?:\ not|n['’]t)\ |(?:are|is)\ silent\b|(?:were|was)\ searched\b|
       (?(no)(?:address|mention|answer|say|cover|report)(?:e?s)?\b|(?!)))
    [^,;:"“”«»„]{0,80}\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_GOES_ON = re.compile(r"\b(?:but|although|though|while|which|because)\b")  # says more than what was searched
_SILENT = re.compile(r"silent:[^\n\"“”«»„]{0,300}\Z", re.IGNORECASE)
_SENTINEL = re.compile(
    rf"[\W_]*(?:{NOT_ENOUGH}|{NOT_ENOUGH.capitalize()}(?=\s*(?:[.:;—–]|$)))[.:;,—–\s*_-]*", re.MULTILINE
)


# --- markers --------------------------------------------------------------------------------------

_KEY = r"p[0-9a-f]{7}"
_KEYISH = rf"(?:p(?=[0-9a-f]*\d)[0-9a-f]{{1,15}}|{_KEY})"
_LOOSE_KEY = r"(?:\d{1,3}|\d+:\d+†\w+|[a-z]+[-_ ]?\d[\w-]{0,11}|(?=\d+[a-f])\d[0-9a-f]{3,11})"
_MARK = "[\"'“”„‘’`*]{0,4}"  # quotation marks and stars that a model puts around a key
_AND = r"(?:\s*(?:[,;&+|/]|\band\b)\s*|\s+)"
_LEAD = r"(?:(?:sources?|passages?|keys?|see|cf\.?|refs?)[:.]?\s+)?"
_MARKER = re.compile(
    rf"""(?:(?<![ \t\u00a0])[ \t\u00a0]+)?(?:
      [\[(【{{<]{{1,4}} \s{{0,4}} {_LEAD}
        (?P<bracketed> {_MARK}{_KEYISH}{_MARK} (?:{_AND}{_MARK}{_KEYISH}{_MARK})*+ )
        \s{{0,4}} [\])】}}>]{{1,4}}
    | [\[【]{{1,4}} [\s^]{{0,4}} {_LEAD}
        (?P<weak> {_MARK}{_LOOSE_KEY}{_MARK} (?:{_AND}{_MARK}{_LOOSE_KEY}{_MARK})*+ )
        \s{{0,4}} [\]】]{{1,4}} (?!\()
    | (?<![\w-]) {_MARK} (?P<bare>{_KEY}) {_MARK} (?![\w-])
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE = re.compile(r"p[0-9a-f]+(?!\w)|\d+:\d+†\w+|[a-z]+[-_ ]?\d[\w-]*|\d[\w-]*", re.IGNORECASE)
_BULLET = re.compile(r"\A(?:[-*•–]|#{1,4})\s+")
_ORDINAL = re.compile(r"\b(?:am|vom|dem|den|der|zum|bis|seit|ab|und|im|des)\s\d{1,2}\.\Z")
_HEADING = re.compile(r"(?m)^[ \t]*#{1,6}[ \t][^\n]*$")
_BREAK = re.compile(r"(?<=[.!?…。！？:”»\"“)])[ \t]*\n|\n(?=[ \t]*(?:\n|[-*•–#]|\d{1,2}[.)]\s))")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marker: its span in the draft, its keys, and whether it begins a line of text."""

    start: int
    end: int
    keys: tuple[str, ...]
    leads: bool


def _marks(text: str) -> Iterator[_Mark]:
    quoted = [span for span in scan(text) if span.closed]
    for match in _MARKER.finditer(text):
        start, end = match.span()
        if match["weak"] and any(span.start < start and end <= span.end for span in quoted):
            continue  # a footnote of the source, or an editor's addition, inside a quotation
        group = match["bracketed"] or match["weak"] or match["bare"]
        line = text.rfind("\n", 0, start) + 1
        before, after = text[line:start][-80:], text[end : end + 160].split("\n", 1)[0]
        leads = not _has_words(before) and _has_words(after)
        yield _Mark(start, end, tuple(key.lower() for key in _ONE.findall(group)), leads)


def _has_words(text: str) -> bool:
    return bool(re.search(r"\w", _MARKER.sub("", text)))


def all_keys(text: str) -> list[str]:
    """Every key that the draft names, in order, with repetitions."""
    return [key for mark in _marks(text) for key in mark.keys]


def whole(text: str) -> str:
    """What a draft that was broken off has of whole sentences with their keys; empty where there is none.

    A sentence that goes on behind its key counts for nothing: its end may turn its meaning round.
    """
    for mark in reversed(list(_marks(text))):
        closed = re.match(r"[\"”»’')\]*_]{0,3}[.!?…。]", text[mark.end :])
        if closed:
            return text[: mark.end + closed.end()]
        if re.search(r"[.!?…。][\"”»’')\]*_]{0,3}\s*\Z", text[: mark.start]):
            return text[: mark.end]
    return ""


def split(text: str) -> list[Draft]:
    """Sentences without markers; a marker after the full stop belongs to the sentence before it."""
    bare, at, placed = "", 0, []
    for mark in _marks(text):
        bare += text[at : mark.start]
        at = mark.end
        if bare[-1:].strip() and text[at : at + 1].isalnum():
            bare += " "  # "so.[p1]Next" is two sentences
        placed.append((len(bare), mark))
    bare += text[at:]
    spans = [
        span
        for block in _blocks(bare)
        for span in _sentences(bare, block)
        if re.search(r"\w", bare[slice(*span)])
    ]
    keys: list[list[str]] = [[] for _ in spans]
    for position, mark in placed:
        if not spans:
            break
        if mark.leads:
            owner = next((i for i, (_, end) in enumerate(spans) if end > position), len(spans) - 1)
        else:
            owner = max((i for i, (start, _) in enumerate(spans) if start < position), default=0)
        keys[owner].extend(mark.keys)
    found: list[Draft] = []
    for span, named in zip(spans, keys, strict=True):
        sentence = " ".join(_BULLET.sub("", bare[slice(*span)]).split())
        found.extend(_apart(sentence, tuple(dict.fromkeys(named))))
    return found


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines that belong together: a line that ends in a stop, or a bullet, begins a new one."""
    breaks = [match.span() for match in _BREAK.finditer(text)]
    breaks += [(match.end(), match.end()) for match in _HEADING.finditer(text)]
    start = 0
    for first, last in sorted(breaks):
        yield start, first
        start = max(start, last)
    yield start, len(text)


def _sentences(text: str, block: Span) -> list[Span]:
    """The sentences of a block; a German date such as "am 2. Mai" ends none."""
    found: list[Span] = []
    for start, end in sentences(text, span=block):
        if found and _ORDINAL.search(text[slice(*found[-1])][-12:]):
            start = found.pop()[0]
        found.append((start, end))
    return found


def _apart(sentence: str, keys: tuple[str, ...]) -> list[Draft]:
    """The draft “NOT ENOUGH EVIDENCE: p” as two sentences, so that p is checked like any other."""
    match = _SENTINEL.match(sentence)
    rest = sentence[match.end() :] if match else ""
    if not re.search(r"\w", rest):
        return [Draft(sentence, keys)]
    return [Draft(NOT_ENOUGH, ()), Draft(rest, keys)]
