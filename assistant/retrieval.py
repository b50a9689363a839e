"""Which passages are read for a question: words and vectors fused, with a budget for each source.

In a small library every article is asked. In a larger one the articles that rank for the question
mark the event and its dates; then every outlet that published within those dates is asked, so that
silence is a finding and not an accident of ranking.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.library import Library
from assistant.models import Article, Filters, Notice, Passage
from assistant.shingles import is_copy
from assistant.stored import InScope
from assistant.text import content_words, romanised, stem, words

MOST_COMPARED = 60  # different articles that further ones are compared with as copies
CANDIDATES = 120  # passages that each of the two searches brings
RANK_CONSTANT = 10  # of reciprocal rank fusion; small, since the candidates are articles, not pages of hits
EVENT_DAYS = 3  # articles on one event appear within this many days of each other
SAME_TIME = 0.5  # what an article gains by appearing at the time of the leading one
EVENT_ARTICLES = 2  # articles taken to mark the event


_INSIDE = re.compile(r"(?<=\w[ ,])[^\W\d_][\w'’-]+")  # not the first word, so that a capital means a name
_EITHER = re.compile(r"(\w+),? or (?:an? |the )?(\w+)", re.I)


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready: its unit vector, and its content words with their weights (they sum to 1).

    `names`: those of its words that are capitalised; `instead`: for each side of "a collapse or a
    subsidence" the other side.
    """

    text: str
    vector: NDArray[np.float32]
    weights: dict[str, float]
    names: frozenset[str]
    instead: dict[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage read for a question: the cosine of its vector, the weight of the words that it has."""

    passage: Passage
    cosine: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One article asked, with its best passages, best first.

    `centre`: the mean of the vectors of all its passages, of unit length.
    """

    article: Article
    hits: tuple[Hit, ...]
    centre: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """All that was read for a question, and how many articles its filters let through."""

    query: Query
    readings: tuple[Reading, ...]
    in_scope: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article and its fused score; only the order means anything."""

    article: str
    score: float


def retrieve(library: Library, question: str, filters: Filters) -> Retrieved:
    """Reads the library for a question. Raises EmbedderError, EmbedderMismatch or LibraryError."""
    scope = library.scope(filters)
    query = make_query(library, question)
    settings = library.settings
    notices: list[Notice] = []
    if len(scope) <= settings.small_library:
        asked = [item.id for item in scope]
    else:
        ranking = rank(library, query, filters, notices)
        asked = _asked(library, ranking, scope, settings.sources_asked)
    readings = _read(library, query, asked, settings.passages_per_source)
    return Retrieved(query, readings, len(scope), tuple(notices))


def make_query(library: Library, question: str) -> Query:
    """The question as vector and weighted words."""
    vector = library.embedder.embed([question], "query")[0]
    inside = [word for word in _INSIDE.findall(question) if word[0].isupper()]
    names = {key for word in inside for key in content_words(word)}
    instead: dict[str, str] = {}
    for pair in _EITHER.findall(question):
        sides = [key for word in pair for key in content_words(word)]
        if len(sides) == 2:
            instead |= {sides[0]: sides[1], sides[1]: sides[0]}
    return Query(question, vector, _weights(library, question, instead), frozenset(names), instead)


def _weights(library: Library, question: str, instead: Mapping[str, str]) -> dict[str, float]:
    """Inverse document frequencies over the passages' own words, headlines left out.

    The two sides of "a collapse or a subsidence" count double: they are what is asked.
    """
    forms = {stem(word): word for word in reversed(_search_terms(question))}
    total = max(library.catalogue.count(), 1)
    raw = {
        key: 0.3 + math.log1p(total / (1 + library.catalogue.word_count(word))) for key, word in forms.items()
    }
    raw |= {key: 2 * raw[key] for key in instead if key in raw}
    norm = sum(raw.values())
    return {key: weight / norm for key, weight in raw.items()}


def rank(
    library: Library, query: Query, filters: Filters, notices: list[Notice] | None = None
) -> list[Ranked]:
    """Articles by how well they fit the question and, with it, one event; best first.

    Method: reciprocal rank fusion (Cormack et al. 2009) of the articles' best passages by vectors and
    by bm25; then feedback: what is near the leading articles, in content and in time, moves up.
    """
    near, trouble = library.nearest(query.vector, CANDIDATES, filters)
    if notices is not None:
        notices.extend(trouble)
    worded = library.catalogue.search_words(_search_terms(query.text), CANDIDATES, filters)
    passages = library.catalogue.passages([item.passage for item in near] + worded)
    lists = [
        _articles((item.passage for item in near), passages),
        _articles(worded, passages),
    ]
    first = _fuse(lists)
    if len(first) < 2:
        return first
    return _with_feedback(library, first, filters)


def _with_feedback(library: Library, first: list[Ranked], filters: Filters) -> list[Ranked]:
    leader = first[0].article
    centre = _centre(library.catalogue.vectors([leader]).matrix)
    near, _ = library.nearest(centre, CANDIDATES, filters)
    alike = _articles((item.passage for item in near), library.catalogue.passages(i.passage for i in near))
    own = [item.article for item in first]
    fused = _fuse([own, own, alike])
    dates = library.catalogue.dates(item.article for item in fused)
    window = around([dates.get(leader)])
    if window:
        fused = [
            Ranked(item.article, item.score * (1 + SAME_TIME * within(dates.get(item.article), window)))
            for item in fused
        ]
    return sorted(fused, key=lambda item: -item.score)


def _articles(ids: Iterable[str], passages: dict[str, Passage]) -> list[str]:
    """Articles in the order of their best passage."""
    return list(dict.fromkeys(passages[key].article for key in ids if key in passages))


def _fuse(lists: Sequence[Sequence[str]]) -> list[Ranked]:
    scores: dict[str, float] = defaultdict(float)
    for ranking in lists:
        for position, article in enumerate(ranking):
            scores[article] += 1.0 / (RANK_CONSTANT + position)
    return [Ranked(key, score) for key, score in sorted(scores.items(), key=lambda item: -item[1])]


def _asked(library: Library, ranking: Sequence[Ranked], scope: Sequence[InScope], most: int) -> list[str]:
    """The articles to ask: the leading ones, then one of every outlet that published at the time of the
    event and does not lead, then further ones by rank. Copies of one text come after everything else."""
    of = {item.id: item for item in scope}
    fresh = _Fresh(library)
    ranked = [item.article for item in ranking if item.article in of]
    distinct = filter(fresh.is_new, ranked)
    asked = list(islice(distinct, max(most // 2, EVENT_ARTICLES)))
    window = around([of[article].date for article in asked[:EVENT_ARTICLES]])
    asked = asked[: most // 2]
    seen = {of[article].outlet for article in asked}
    for item in [*(of[article] for article in ranked), *scope]:
        if len(asked) >= most:
            break
        if window is None or item.outlet in seen or not within(item.date, window):
            continue
        if fresh.is_new(item.id):
            asked.append(item.id)
            seen.add(item.outlet)
    further = islice((article for article in ranked if fresh.is_new(article)), most)
    return list(dict.fromkeys([*asked, *further, *ranked]))[:most]


class _Fresh:
    """Tells articles that are new from copies of those that it was asked about before."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, Article] = {}
        self._new: dict[str, bool] = {}

    def is_new(self, article: str) -> bool:
        """The same answer whenever it is asked again."""
        if article not in self._new:
            found = self._library.article(article)
            self._new[article] = len(self._known) < MOST_COMPARED and not any(
                is_copy(found, other) for other in self._known.values()
            )
            if self._new[article]:
                self._known[article] = found
        return self._new[article]


def around(dates: Iterable[str | None]) -> tuple[int, int] | None:
    """First and last day, as ordinals, on which articles on an event of those dates appear."""
    days = [date.fromisoformat(day).toordinal() for day in dates if day]
    return (min(days) - EVENT_DAYS, max(days) + EVENT_DAYS) if days else None


def within(day: str | None, window: tuple[int, int]) -> bool:
    """Whether `day`, written YYYY-MM-DD, lies in the window; False where it is not known."""
    return day is not None and window[0] <= date.fromisoformat(day).toordinal() <= window[1]


def _read(library: Library, query: Query, asked: Sequence[str], most: int) -> tuple[Reading, ...]:
    """Every asked article's passages compared with the question exactly; the best `most` of each."""
    articles = library.catalogue.articles(asked)
    vectors = library.catalogue.vectors(asked)
    if not vectors.ids:
        return ()
    cosines = vectors.matrix @ query.vector
    passages = library.catalogue.passages(vectors.ids)
    hits: dict[str, list[Hit]] = defaultdict(list)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, (key, cosine) in enumerate(zip(vectors.ids, cosines, strict=True)):
        passage = passages[key]
        article = articles[passage.article]
        hits[article.id].append(Hit(passage, float(cosine), coverage(query, passage.text, article)))
        rows[article.id].append(row)
    readings = [
        Reading(
            articles[key],
            tuple(sorted(found, key=lambda hit: -strength(hit))[:most]),
            _centre(vectors.matrix[rows[key]]),
        )
        for key, found in hits.items()
    ]
    readings.sort(key=lambda reading: -strength(reading.hits[0]))
    return tuple(readings)


def _centre(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    centre = matrix.mean(axis=0)
    unit: NDArray[np.float32] = (centre / (float(np.linalg.norm(centre)) or 1.0)).astype(np.float32)
    return unit


def strength(hit: Hit) -> float:
    """What passages of one library are ordered by; e5's cosines lie so close that words must count."""
    return hit.cosine + 0.1 * hit.coverage


def coverage(query: Query, text: str, article: Article) -> float:
    """The weight of the question's words that `text` has, from 0 to 1.

    Words of the headline count half, and so do names that stand anywhere in the article: what it is
    about is not said again in each of its sentences.
    """
    here = set(content_words(text, article.language))
    headline, everywhere = _about(article.id, article.title, article.text, article.language)
    total = 0.0
    for key, weight in query.weights.items():
        if has(key, here) or (key in query.instead and has(query.instead[key], here)):
            total += weight
        elif has(key, headline) or (key in query.names and has(key, everywhere)):
            total += weight / 2
    return total


@lru_cache(maxsize=256)
def _about(_: str, title: str, text: str, language: str | None) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(content_words(title, language)), frozenset(content_words(text, language))


def romanised_coverage(query: Query, text: str) -> float:
    """The share of the question's words that `text` has when both are written in Latin letters.

    Across languages only names and loan words meet: "Донбассе" and "Donbas", "compromiso", "compromise".
    """
    sought = [word for word in dict.fromkeys(romanised(query.text)) if len(word) >= 4]
    here = set(romanised(text))
    return sum(has(word, here) for word in sought) / len(sought) if sought else 0.0


def has(stem: str, stems: Set[str]) -> bool:
    """Whether a stem is among `stems`, or one that begins alike ("donbas", "donbass"; "reunif", "reunit")."""
    if stem in stems:
        return True
    if len(stem) < 5 or stem.isdigit():
        return False
    return any(
        len(other) >= 5 and other[:5] == stem[:5] and abs(len(other) - len(stem)) <= 3 for other in stems
    )


def _search_terms(question: str) -> list[str]:
    kept = set(content_words(question))
    return [word for word in dict.fromkeys(words(question)) if stem(word) in kept]
