"""Quotations: where they stand in a draft, and where their words stand in a source.

Offsets are character offsets into the text that was given, end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.models import Span
from assistant.text import trim

LOOSE_END = ".,;:"
"""Marks that typography puts inside a quotation and that the source may not have there."""

# --- quotations -----------------------------------------------------------------------------------

_CLOSERS = {
    "“": "”“", "„": "“”", "‟": "”", "”": "”", '"': '"', "＂": "＂", "«": "»", "»": "«»", "「": "」",
    "『": "』", "‘": "’", "‚": "‘’", "'": "'",
}  # fmt: skip
# Characters to the closing mark: hostile text must not cost n * n.
_LONGEST, _LONGEST_SINGLE = 3_000, 400
_STRAY = frozenset('“”"＂«»」』')
_SINGLE = frozenset("‘‚'")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The span between two quotation marks; not `closed`, when one of the two is missing."""

    start: int
    end: int
    closed: bool = True


def quotations(text: str) -> list[Span]:
    """Spans of the words inside quotation marks, the marks left out; outermost quotations only.

    A mark without its partner counts from the start or to the end of `text`, since a quotation must
    not escape proof by a missing mark. Apostrophes are not marks; ‘single’ ones are, around words.
    """
    spans = (trim(text, (item.start, item.end)) for item in scan(text))
    return [(start, end) for start, end in spans if end > start]


def scan(text: str) -> list[Quotation]:
    """Every outermost quotation of `text`, in order, with the marks that lack a partner."""
    return list(_scan(text))


@lru_cache(maxsize=512)
def _scan(text: str) -> tuple[Quotation, ...]:
    found: list[Quotation] = []
    read: dict[str, int] = {}  # for each single mark, how far it is known that nothing closes it
    at = 0
    while at < len(text):
        char = text[at]
        if char in _CLOSERS and _opens(text, at):
            end = _closing(text, at, read.get(char, 0))
            if end is None and char in _SINGLE:
                read[char] = min(len(text), at + _LONGEST_SINGLE)
            if end is not None:
                found.append(Quotation(at + 1, end))
                at = end
            elif char not in _SINGLE:
                found.append(Quotation(at + 1, len(text), closed=False))
                break
        elif char in _STRAY and not _inside_word(text, at) and not text[at - 1 : at].isdigit():
            found.append(Quotation(_after(found), at, closed=False))  # a digit has inches or seconds
        at += 1
    return tuple(found)


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at`, which is outside any quotation, begins one."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "„「『‚":
        return True
    if not after.strip() and text[at] != "«":
        return False
    if text[at] == "'" and not after.isalpha():
        return False  # '90s
    if text[at] in "”»":  # these close in most languages; in Swedish, Finnish and German they may open
        return not before.strip() or before in "([{"
    return not _wordy(before)


def _inside_word(text: str, at: int) -> bool:
    return _wordy(text[at - 1 : at]) and _wordy(text[at + 1 : at + 2])


def _after(found: Sequence[Quotation]) -> int:
    return found[-1].end + 1 if found else 0


def _closing(text: str, opening: int, start: int = 0) -> int | None:
    """The index of the mark that closes the one at `opening`, at `start` or later, or None."""
    mark, depth = text[opening], 0
    reach = _LONGEST_SINGLE if mark in _SINGLE else _LONGEST
    for at in range(max(opening + 1, start), min(len(text), opening + reach)):
        char = text[at]
        if char == mark and mark in "“«「『„" and not _wordy(text[at - 1]) and _wordy(text[at + 1 : at + 2]):
            depth += 1
        elif char in _CLOSERS[mark]:
            if char in "'’\"‘" and _inside_word(text, at):
                continue  # an apostrophe, or the mark of a word: צה"ל
            if char in "'’‘" and (text[at - 1].isspace() or _wordy(text[at + 1 : at + 2])):
                continue  # an apostrophe at the head of a word
            if depth == 0:
                return at
            depth -= 1
    return None


def _wordy(char: str) -> bool:
    """Whether a quotation mark beside `char` would be inside a word (not so in scripts without spaces)."""
    return char.isalnum() and not _UNSPACED.match(char)


# --- finding a quotation --------------------------------------------------------------------------

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")
_PIECES = r"""
    (?P<plain>(?:[A-Za-z0-9,.;:!?()\[\]{}%&/$@#*+=]|[ ](?=[A-Za-z0-9])|(?<![\s-])-(?![\s-]))+)
    |(?P<gone>[\u00ad\u200b\u200e\u200f\u2060\ufeff]+)
    |(?P<dash>\s+[-\u2010-\u2015\u2212]{1,3}\s+|\s*[\u2013-\u2015]\s*|--+|[\u2010-\u2012\u2212])
    |(?P<quote>(?<!\w)«\s+|\s+»(?!\w)|["“”„‟«»‘’‚‛′`´＂])
    |(?P<drop>\s+(?=[,.;:!?…](?!\w)))
    |(?P<space>\s+)
    |(?P<other>.)"""
_PIECE = re.compile(_PIECES, re.VERBOSE | re.DOTALL)
# A long quotation opens each of its paragraphs anew, and who quotes it may leave that mark out. A line break
# in the quotation itself proves no paragraph, so a place is sought first with all marks kept on both sides.
_PIECE_REOPENED = re.compile(r"(?P<reopened>(?<=\n)[“\"«„](?=\w))|" + _PIECES, re.VERBOSE | re.DOTALL)
_REOPENED = re.compile(r"(?:(?<=\n)|(?<=[.!?…]\s))[“\"«„](?=\w)")
_BRACKETED = re.compile(r"\A\[(\w)\](?=\w|\s)")  # [T]here: the writer changed the case of the first letter
_AS = {"reopened": "", "gone": "", "dash": "-", "quote": "'", "drop": "", "space": " "}


@dataclass(frozen=True, slots=True)
class _Normal:
    """Normalised text, with the start and the end of each of its characters in the original."""

    text: str
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)


def find_quote(quote: str, text: str) -> Span | None:
    """Where `quote` stands in `text` first: offsets into `text`, or None. `places` says how it is sought."""
    return next(places(quote, text), None)


def places(quote: str, text: str) -> Iterator[Span]:
    """Every span of `text` that has the words of `quote`, each once; exact ones first.

    Exactly, or but for white space, quotation marks, dashes, unicode forms and the case of the first
    letter, also where square brackets mark that. Whole words only: “we can” is not found in "we can't".
    """
    quote = quote.strip()
    if not re.search(r"\w", quote):
        return
    seen: set[Span] = set()
    forms = list(dict.fromkeys((quote, quote.rstrip(LOOSE_END).rstrip())))
    for form in forms:
        for start in _occurrences(form, text):
            span = start, start + len(form)
            if span not in seen and _whole(text, *span):
                seen.add(span)
                yield span
    for reopened in (False, True) if _REOPENED.search(quote) or _REOPENED.search(text) else (False,):
        if reopened and len(unopened := _REOPENED.sub("", quote)) < len(quote):
            forms.append(unopened)
        for form in forms:
            sought = _normal(_BRACKETED.sub(r"\1", form), reopened).text.strip()
            for span in _places_normal(sought, text, reopened):
                if not any(span[0] < end and start < span[1] for start, end in seen):
                    seen.add(span)
                    yield span


def is_exact(quote: str, found: str) -> bool:
    """Whether `found` is `quote` character by character."""
    return found == quote.strip()


def _places_normal(sought: str, text: str, reopened: bool) -> Iterator[Span]:
    normal = _normal(text, reopened)
    first = next((i for i, char in enumerate(sought) if char.isalpha()), None)
    cases = [sought]
    if first is not None:
        cases += [sought[:first] + f(sought[first]) + sought[first + 1 :] for f in (str.upper, str.lower)]
    for case in dict.fromkeys(case for case in cases if case):
        for at in _occurrences(case, normal.text):
            end = at + len(case)
            inside_first = at > 0 and normal.starts[at - 1] == normal.starts[at]
            inside_last = end < len(normal.text) and normal.ends[end] == normal.ends[end - 1]
            span = normal.starts[at], normal.ends[end - 1]
            if not inside_first and not inside_last and _whole(text, *span):
                yield span


def _occurrences(sought: str, text: str) -> Iterator[int]:
    at = text.find(sought)
    while at >= 0:
        yield at
        at = text.find(sought, at + 1)


@lru_cache(maxsize=256)
def _normal(text: str, reopened: bool) -> _Normal:
    """`text` normalised; where `reopened`, without the marks that open a paragraph."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in (_PIECE_REOPENED if reopened else _PIECE).finditer(text):
        start, end = match.span()
        kind = match.lastgroup or ""
        if kind == "plain":
            pieces.append(match.group())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        piece = _form(match.group()) if kind == "other" else _AS[kind]
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return _Normal("".join(pieces), starts, ends)


@lru_cache(maxsize=4096)
def _form(char: str) -> str:
    """`char` decomposed; 10² stays apart from 102."""
    keep = unicodedata.decomposition(char).startswith(_KEPT_FORMS)
    return char if keep else unicodedata.normalize("NFKD", char)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the span begins and ends between words and between numbers."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not _goes_on(text[end - 1], after) and not _goes_on(text[start], before[::-1])


def _goes_on(edge: str, beyond: str) -> bool:
    """Whether the word or number that `edge` belongs to goes on in the two characters `beyond` it."""
    if not beyond or not (edge.isalnum() or unicodedata.combining(edge)):
        return bool(beyond) and unicodedata.combining(beyond[0]) > 0
    near, far = beyond[0], beyond[1:]
    if unicodedata.combining(near):
        return True
    if near.isalnum():
        return not (_UNSPACED.match(near) and _UNSPACED.match(edge))
    if edge.isdigit() and (near in "%‰$€£¥₽₴" or (near in "-−" and not far.strip())):
        return True
    return far.isalnum() and near in ("'’-‐‑" if edge.isalpha() else ".,-−–'’/")
