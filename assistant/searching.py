"""Searching: the passages that are nearest to some words, without an answer made of them."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering import check_filters, check_question
from assistant.library import Library
from assistant.models import Filters, Notice, Passage, Source
from assistant.retrieval import CANDIDATES, fuse, make_query

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, `article.text[start:end] == text`, its source, and what a reader must know of that."""

    source: Source
    passage: Passage
    notices: tuple[Notice, ...] = ()


def search(library: Library, query: str, *, filters: Filters | None = None, n: int = 10) -> list[Found]:
    """The `n` passages nearest to `query` by meaning and by words, best first; MOST_FOUND at most.

    That a passage is found does not mean that it answers: `ask` decides that. Raises QuestionError for a
    query or filters that cannot be searched for, LibraryError and EmbedderError.
    """
    text, kept = check_question(query), check_filters(filters)
    sought = make_query(library, text)
    near, _ = library.nearest(sought.vector, CANDIDATES, kept)
    worded = library.catalogue.search_words(list(sought.counts), CANDIDATES, kept, sought.counts)
    fused = fuse([[item.passage for item in near], worded])
    best = list(fused)[: max(0, min(n, MOST_FOUND))]
    passages = library.catalogue.passages(best)
    articles = library.catalogue.articles({passage.article for passage in passages.values()})
    return [
        Found(Source.of(articles[passage.article]), passage, articles[passage.article].notices)
        for passage in (passages[key] for key in best if key in passages)
        if passage.article in articles
    ]
