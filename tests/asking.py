"""Sources as they are after being asked, for the tests of what is made of them."""

from __future__ import annotations

from assistant.attribution import spoken, spoken_in
from assistant.evidence import Asked, Evidence
from assistant.models import Article
from assistant.retrieval import Hit, Reading
from assistant.splitting import split
from assistant.text import sentences


def source(
    text: str,
    outlet: str | None = "The Post",
    date: str | None = "2023-10-10",
    key: str | None = None,
    title: str = "The bridge",
    language: str = "en",
) -> Article:
    """An article of an invented outlet."""
    return Article(key or f"{outlet}-{date}", title, text, outlet, date, language=language)


def asked(article: Article, *scores: float) -> Asked:
    """`article` after it was asked; its n-th sentence has the n-th score, and 0 or less is no evidence."""
    passages = split(article)
    found = []
    number = 0
    for passage in passages:
        for start, end in sentences(article.text, article.language, (passage.start, passage.end)):
            score = scores[number] if number < len(scores) else 0.0
            number += 1
            if score > 0:
                said = spoken_in(spoken(article.text, article.language), (start, end))
                found.append(Evidence(article, passage, start, end, score, said))
    hits = tuple(Hit(passage, 0.9, 0.5) for passage in passages)
    return Asked(Reading(article, hits), tuple(found))


def heard_all(article: Article) -> Asked:
    """`article` with every sentence as evidence."""
    return asked(article, *[2.0] * 60)
