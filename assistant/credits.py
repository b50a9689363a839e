"""Agency tags: which news agencies an article says that its text is from.

Datelines ("LONDON (Reuters) —", "MOSCOW, October 3. /TASS/."), credit lines ("(AP)", "With reporting by
AFP", "Source: RIA Novosti", "Agencies"), the byline, and the outlet itself where it is an agency. Credits of
pictures do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.furniture import lines
from assistant.models import Article, Span
from assistant.outlets import AGENCIES, AGENCY_SHAPE, agencies_in, key_of

UNNAMED = "news agencies"
_FIRST, _LAST, _FOOT = 4, 4, 12  # lines that a dateline, a loose tag, a credit line stands in
_LONGEST = 300  # characters of a credit line

_UNNAMED = (
    r"(?:[Nn]ews )?[Aa]gencies|[Ww]ire (?:services|reports)|Agenturen|Agences|Agencias|Агентства|Агенції"
)
_CUE = re.compile(
    r"\b(?:with|additional|some) (?:reporting|material|information|files) (?:by|from)\b"
    r"|\bcontributed (?:to|reporting)\b|\b(?:contains|includes) (?:material|reporting|information) from\b"
    r"|\b(?:material|information|reporting) from\b.*\bused\b|\bcopyright (?:©\s*)?\d{4}\b|©\s*\d{4}"
    r"|^(?:sources?|quellen?|fuentes?|источник|джерело|fonte)\s*:|\bmit material (?:von|der)\b"
    r"|^(?:[\w ]+ )?avec\b|\bcon información de\b|^(?:by|von|par|por)\s+[^.]+$|"
    r"\bпо материалам\b|\bза матеріалами\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\b(?:image|photo\w*|picture|caption|getty|foto\w*|bild|фото|handout|video)\b", re.IGNORECASE
)
_DATELINE = re.compile(
    r"[^\n!?()/]{0,70}\((?P<a>[^()\n]{2,40})\)\s*[-—–:]|[^\n!?()/]{0,70}/(?P<b>[^/\n]{2,30})/"
    r"|[^\n!?()/]{3,60}\s[-—–]\s(?P<c>[^-—–.\n]{2,30})\."
)
_TOWN_AND_DAY = re.compile(  # what is left of "MOSCOW, October 3. /TASS/." where sentences are told apart
    r"[A-ZÀ-ÖØ-ÞА-ЯЁЇІЄҐ][A-ZÀ-ÖØ-ÞА-ЯЁЇІЄҐ .'’-]+(?:, [\w ]{2,24})?"
    r",? (?:[^\W\d_]{3,9}\.? \d{1,2}|\d{1,2}\.? [^\W\d_]{3,9})(?:,? \d{4})?\."
)
_END = re.compile(
    r"(?:\((?P<a>[^()\n]{2,60})\)|(?:^|(?<=[.!?”\"»]))\s*[—–-]{1,2}\s*(?P<b>[^—–\n]{2,40}))[.\s]*$"
)
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_JOINTS = re.compile(r"[\s,/&;.()\[\]|—–-]|\b(?:and|und|et|y|e|и|та|the|via)\b")


def is_dateline(sentence: str) -> bool:
    """Whether a sentence is only a town in capitals and a day."""
    return bool(_TOWN_AND_DAY.fullmatch(sentence.strip()))


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency that an article credits; `key` is what its names are compared by."""

    key: str
    name: str

    def same(self, other: Credit) -> bool:
        """Whether both are one agency: by name, or one by the initials of the other ("VWS")."""
        if UNNAMED in (self.key, other.key) or self.key == other.key:
            return True
        return self.key in _initials(other) or other.key in _initials(self)


def credited(article: Article) -> tuple[Credit, ...]:
    """The agencies that an article credits, each once, in the order in which they come up."""
    found = [name for _, names in _credit_lines(article.text) for name in names]
    if article.author:
        found += _all_names(article.author, whole=False)
    if article.outlet and (own := _all_names(article.outlet)):
        found += own
    return tuple({key_of(name): Credit(key_of(name), name) for name in found}.values())


def credit_lines(text: str) -> tuple[Span, ...]:
    """Spans of the lines, and of the datelines, that credit an agency."""
    return tuple(span for span, _ in _credit_lines(text))


@lru_cache(maxsize=2_000)
def _credit_lines(text: str) -> tuple[tuple[Span, tuple[str, ...]], ...]:
    spans = list(lines(text))
    found: list[tuple[Span, tuple[str, ...]]] = []
    for number, (start, end) in enumerate(spans):
        line = text[start:end]
        dateline = _DATELINE.match(line) if number < _FIRST else None
        outer = number < _FIRST or number >= len(spans) - _FOOT
        near_end = number >= len(spans) - _LAST
        if dateline and (names := _tags(next(part for part in dateline.groups() if part))):
            found.append(((start, start + dateline.end()), names))
        elif (near_end or end - start <= _LONGEST) and (tail := _tail(line, near_end)):
            found.append(((start + tail[0], end), tail[1]))
        elif outer and end - start <= _LONGEST and not _PICTURE.search(line) and _CUE.search(line):
            found.append(((start, end), tuple(_all_names(line, whole=False))))
    return tuple((span, names) for span, names in found if names)


def _tail(line: str, near_end: bool) -> tuple[int, tuple[str, ...]] | None:
    """Where a line, or its end if it is one of the last, is nothing but agencies."""
    if len(line) <= 80 and (names := _all_names(line)):
        return 0, tuple(names)
    match = _END.search(line) if near_end else None
    if match is None:
        return None
    names = list(_tags(match["a"] or match["b"] or "", known=match.start() > 0))
    return (match.start(), tuple(names)) if names else None


def _tags(text: str, known: bool = False) -> tuple[str, ...]:
    """The agencies that a tag names; one that nobody listed is taken by its initials, unless `known`."""
    names = _all_names(text)
    if not names and not known and _ACRONYM.fullmatch(text.strip()):
        names = [text.strip()]
    return tuple(names)


def _all_names(text: str, whole: bool = True) -> list[str]:
    """The agencies in `text`; none where `whole` and something else stands there too."""
    named = list(agencies_in(text))
    rest = list(text)
    for (start, end), _ in named:
        rest[start:end] = " " * (end - start)
    left = "".join(rest)
    unnamed = re.fullmatch(rf"[\s(]*(?:{_UNNAMED})[\s).]*", left) or re.search(
        rf"[,/&]\s*(?:{_UNNAMED})[\s).]*$", left
    )
    if unnamed:
        left = left[: unnamed.start()]
    if whole and _JOINTS.sub("", left):
        return []
    return [*(name for _, name in named), *([UNNAMED] if unnamed else [])]


def _initials(credit: Credit) -> Iterator[str]:
    """The initials of an agency that no list has: "VWS" for Vardonian Wire Service."""
    if credit.name not in AGENCIES and re.fullmatch(AGENCY_SHAPE, credit.name):
        yield "".join(word[0] for word in credit.key.split())
