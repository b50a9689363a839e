"""Later corrections: what an outlet takes back of what it printed before, and where that stood.

A correction is told by its mark ("Correction:", "An earlier version of this article said", "Berichtigung").
What it corrects is the sentence of an earlier article of the same outlet that has the number which the
correction replaces, else the one that shares most of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.amounts import Figure
from assistant.figures import figures
from assistant.models import Article, Span
from assistant.quantities import same_unit
from assistant.text import content_words, sentences, trim

SHARED = 3  # stems that a correction and the sentence that it corrects have in common at least
MOSTLY = 0.4  # share of the sentence's stems, where no number tells which sentence is meant

_MARK = re.compile(
    r"\W*(?:corrections?|clarifications?|corrected|editor['’]s note|erratum|korrektur|berichtigung|"
    r"richtigstellung|correcci[oó]n|rectificaci[oó]n|rectificatif|исправление|уточнение|виправлення)\b"
    r"\s*(?:\([^)]*\)\s*)?[:.—–-]"
    r"|.{0,80}\b(?:an? (?:earlier|previous) version of (?:this|the) (?:article|story|report)|"
    r"(?:this|the) (?:article|story|report) (?:has been|was) corrected)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """`article.text[start:end]` corrects `earlier.text[old[0]:old[1]]`; both values where it has them."""

    article: Article
    start: int
    end: int
    earlier: Article
    old: Span
    wrong: str = ""
    right: str = ""


def corrections(articles: Sequence[Article]) -> tuple[Correction, ...]:
    """What the outlets of `articles` correct in earlier ones among them, in the order of the articles."""
    found: list[Correction] = []
    for article in articles:
        earlier = [other for other in articles if _before(other, article)]
        for span in marked(article) if earlier else ():
            matches = [match for other in earlier if (match := _corrected(article, span, other))]
            if matches:
                found.append(max(matches, key=lambda match: bool(match.wrong)))
    return tuple(found)


def marked(article: Article) -> Iterator[Span]:
    """The paragraphs of an article that are corrections."""
    for match in re.finditer(r"[^\n]+", article.text):
        if _MARK.match(match.group()):
            yield trim(article.text, match.span())


def _before(other: Article, article: Article) -> bool:
    same = bool(article.outlet) and article.outlet == other.outlet and article.id != other.id
    return same and bool(other.date and article.date) and str(other.date) <= str(article.date)


def _corrected(article: Article, span: Span, other: Article) -> Correction | None:
    """The sentence of `other` that the paragraph `span` corrects, None where there is none."""
    said = article.text[slice(*span)]
    stems, numbers = set(content_words(said, article.language)), _hard(said)
    best: tuple[float, Correction] | None = None
    for start, end in sentences(other.text, other.language):
        sentence = other.text[start:end]
        own = set(content_words(sentence, other.language))
        shared = len(own & stems)
        if shared < SHARED:
            continue
        pair = _replaced(_hard(sentence), numbers)
        if not pair and (numbers or shared < MOSTLY * len(own)):
            continue
        found = Correction(article, *span, other, (start, end), *(pair or ("", "")))
        score = shared / len(own) + bool(pair)
        if best is None or score > best[0]:
            best = score, found
    return best[1] if best else None


def _hard(text: str) -> list[Figure]:
    return [item for item in figures(text) if not item.soft and item.kind != "ordinal"]


def _replaced(old: Sequence[Figure], new: Sequence[Figure]) -> tuple[str, str] | None:
    """The value of the earlier sentence and the one that the correction puts in its place."""
    for item in old:
        if not any(item.low == other.low and _one_kind(item, other) for other in new):
            continue
        for other in new:
            if other.low != item.low and _one_kind(item, other):
                return item.shown, other.shown
    return None


def _one_kind(a: Figure, b: Figure) -> bool:
    if a.unit or b.unit:
        return same_unit(a.unit, b.unit)
    return a.kind == b.kind and (not a.counts or not b.counts or bool(set(a.counts) & set(b.counts)))
