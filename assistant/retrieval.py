"""Which passages are read for a question: words and vectors fused, with a budget for each source.

In a small library every article is asked. In a larger one the articles that rank for the question
mark the event and its dates; then every outlet that published within those dates is asked, so that
silence is a finding and not an accident of ranking.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.library import Library
from assistant.models import Article, Filters, Notice, Passage
from assistant.text import content_stem, content_words, romanised, stem, words

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

    `counts`: the passages that have each word that is searched for. `names`: those of its words that are
    capitalised; `instead`: for each side of "a collapse or a subsidence" the other side.
    """

    text: str
    vector: NDArray[np.float32]
    weights: dict[str, float]
    counts: dict[str, int]
    names: frozenset[str]
    instead: dict[str, str]
    _met: dict[str | None, dict[str, tuple[str, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _known: dict[tuple[str, bool], set[str]] = field(default_factory=dict, repr=False, compare=False)

    def keys_in(self, text: str, language: str | None) -> set[str]:
        """Those of its words that `text` has, in any form; each word is looked at once a question."""
        met = self._met.setdefault(language, {})
        found: set[str] = set()
        for word in set(words(text)):
            keys = met.get(word)
            if keys is None:
                keys = met[word] = self._meet(content_stem(word, language))
            if keys:
                found.update(keys)
        return found

    def keys_of(self, article: Article, *, headline: bool) -> set[str]:
        """Those that an article has in its headline, or anywhere in its text."""
        place = article.id, headline
        if place not in self._known:
            text = article.title if headline else article.text
            self._known[place] = self.keys_in(text, article.language)
        return self._known[place]

    def _meet(self, own: str | None) -> tuple[str, ...]:
        if own is None:
            return ()
        start = own[:5]
        near = [key for key in (*self.weights, *self.instead.values()) if key[:5] == start]
        return tuple(key for key in near if alike(key, own))


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
    catalogue = library.catalogue
    in_scope = catalogue.in_scope(filters)
    query = make_query(library, question)
    settings = library.settings
    notices: list[Notice] = []
    if in_scope <= settings.small_library:
        asked = [item.id for item in catalogue.scope(filters)]
    else:
        ranking = rank(library, query, filters, notices)
        asked = _asked(library, ranking, filters, settings.sources_asked)
    readings = _read(library, query, asked, settings.passages_per_source)
    return Retrieved(query, readings, in_scope, tuple(notices))


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
    counts = {word: library.catalogue.word_count(word) for word in _search_terms(question)}
    weights = _weights(counts, library.catalogue.size(), instead)
    return Query(question, vector, weights, counts, frozenset(names), instead)


def _weights(counts: Mapping[str, int], size: int, instead: Mapping[str, str]) -> dict[str, float]:
    """Inverse document frequencies over the passages' own words, headlines left out.

    The two sides of "a collapse or a subsidence" count double: they are what is asked.
    """
    forms = {stem(word): count for word, count in reversed(list(counts.items()))}
    raw = {key: 0.3 + math.log1p(max(size, 1) / (1 + count)) for key, count in forms.items()}
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
    worded = library.catalogue.search_words(list(query.counts), CANDIDATES, filters, query.counts)
    of = library.catalogue.article_of([item.passage for item in near] + worded)
    lists = [_articles((item.passage for item in near), of), _articles(worded, of)]
    first = _fuse(lists)
    if len(first) < 2:
        return first
    return _with_feedback(library, first, filters)


def _with_feedback(library: Library, first: list[Ranked], filters: Filters) -> list[Ranked]:
    leader = first[0].article
    centre = _centre(library.catalogue.vectors([leader]).matrix)
    near, _ = library.nearest(centre, CANDIDATES, filters)
    belongs = library.catalogue.article_of(item.passage for item in near)
    beside = _articles((item.passage for item in near), belongs)
    own = [item.article for item in first]
    fused = _fuse([own, own, beside])
    of = library.catalogue.among(item.article for item in fused)
    window = around([of[leader].date if leader in of else None])
    if window:
        fused = [item for item in fused if item.article in of]
        fused = [
            Ranked(item.article, item.score * (1 + SAME_TIME * within(of[item.article].date, window)))
            for item in fused
        ]
    return sorted(fused, key=lambda item: -item.score)


def _articles(ids: Iterable[str], of: Mapping[str, str]) -> list[str]:
    """Articles in the order of their best passage."""
    return list(dict.fromkeys(of[key] for key in ids if key in of))


def _fuse(lists: Sequence[Sequence[str]]) -> list[Ranked]:
    return [Ranked(article, score) for article, score in fuse(lists).items()]


def fuse(lists: Sequence[Sequence[str]]) -> dict[str, float]:
    """The scores of articles, or of passages, by reciprocal rank in all lists together; best first."""
    scores: dict[str, float] = defaultdict(float)
    for ranking in lists:
        for position, key in enumerate(ranking):
            scores[key] += 1.0 / (RANK_CONSTANT + position)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _asked(library: Library, ranking: Sequence[Ranked], filters: Filters, most: int) -> list[str]:
    """The articles to ask: the leading ones, then one of every outlet that published at the time of the
    event and does not lead, then further ones by rank. Copies of one text come after everything else."""
    catalogue = library.catalogue
    of = catalogue.among(item.article for item in ranking)
    ranked = [item.article for item in ranking if item.article in of]
    distinct = _Distinct(catalogue)
    distinct.know(ranked)
    asked = list(islice(filter(distinct.is_new, ranked), max(most // 2, EVENT_ARTICLES)))
    window = around([of[article].date for article in asked[:EVENT_ARTICLES]])
    asked = asked[: most // 2]
    seen = {of[article].outlet for article in asked}
    if window is not None:
        since, until = (date.fromordinal(day).isoformat() for day in window)
        others = catalogue.published(since, until, filters)
        distinct.know(item.id for item in others)
        for item in [*(of[article] for article in ranked), *others]:
            if len(asked) >= most:
                break
            if item.outlet not in seen and within(item.date, window) and distinct.is_new(item.id):
                asked.append(item.id)
                seen.add(item.outlet)
    further = islice(filter(distinct.is_new, ranked), most)
    return list(dict.fromkeys([*asked, *further, *ranked]))[:most]


class _Distinct:
    """Tells articles that are new from copies of those that it was asked about before."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._origin: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def know(self, articles: Iterable[str]) -> None:
        """Looks up the origins of articles, all at once."""
        self._origin |= self._catalogue.copies(articles)

    def is_new(self, article: str) -> bool:
        """The same answer whenever it is asked again."""
        return self._first.setdefault(self._origin.get(article, article), article) == article


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
    here = query.keys_in(text, article.language)
    headline = query.keys_of(article, headline=True)
    total = 0.0
    for key, weight in query.weights.items():
        if key in here or query.instead.get(key) in here:
            total += weight
        elif key in headline or (key in query.names and key in query.keys_of(article, headline=False)):
            total += weight / 2
    return total


def romanised_coverage(query: Query, text: str) -> float:
    """The share of the question's words that `text` has when both are written in Latin letters.

    Across languages only names and loan words meet: "Донбассе" and "Donbas", "compromiso", "compromise".
    """
    sought = [word for word in dict.fromkeys(romanised(query.text)) if len(word) >= 4]
    here = set(romanised(text))
    return sum(any(alike(word, other) for other in here) for word in sought) / len(sought) if sought else 0.0


def alike(stem: str, other: str) -> bool:
    """Whether two stems are one, or begin alike ("donbas", "donbass"; "reunif", "reunit")."""
    if stem == other:
        return True
    return (
        len(stem) >= 5
        and len(other) >= 5
        and stem[:5] == other[:5]
        and abs(len(stem) - len(other)) <= 3
        and not stem.isdigit()
    )


def _search_terms(question: str) -> list[str]:
    kept = set(content_words(question))
    return [word for word in dict.fromkeys(words(question)) if stem(word) in kept]
