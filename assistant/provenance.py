"""Where an answer comes from: what the library held of its sources, and what became of them since."""

from __future__ import annotations

from hashlib import sha256

from assistant import labels
from assistant.library import Library
from assistant.models import Answer, Article, Citation, Notice
from assistant.saved import Around, Held, Provenance

_AROUND = 300  # characters on both sides of a citation, and never beyond its paragraph


def provenance(library: Library, answer: Answer) -> Provenance:
    """What the library holds of an answer's sources now."""
    articles = library.catalogue.articles(answer.sources)
    added = {entry.source.id: entry.added for entry in library.catalogue.entries(list(articles))}
    return Provenance(
        {
            key: Held(hashed(article), added.get(key, ""), article.author, article.file)
            for key, article in articles.items()
        },
        {
            key: around(articles[citation.source], citation)
            for key, citation in answer.citations.items()
            if citation.source in articles
        },
    )


def hashed(article: Article) -> str:
    """sha256 of an article's text in UTF-8, as hex: `news-assistant show ID | sha256sum` gives the same."""
    return sha256(article.text.encode()).hexdigest()


def around(article: Article, citation: Citation) -> Around:
    """A citation with what stands beside it in its paragraph."""
    text, start, end = article.text, citation.start, citation.end
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + _AROUND)
    words = _flat(citation.quote)
    return Around(first, last, text[first:last], bool(words) and _flat(text).count(words) > 1)


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def since(library: Library, answer: Answer, kept: Provenance) -> list[Notice]:
    """What became of the sources that an answer cites: removed, or replaced by a newer version."""
    cited = {answer.citations[key].source for key in answer.cited}
    entries = {entry.source.id: entry for entry in library.catalogue.entries(sorted(cited))}
    found = []
    for key, source in answer.sources.items():
        if key not in cited or key not in kept.sources:
            continue
        if key not in entries:
            said = f"{labels.name(source)} was removed since. The answer keeps what it quotes."
            found.append(Notice("source_removed", said, key))
        elif entries[key].replaced_by:
            said = f"{labels.name(source)} has a newer version since. The answer quotes the older one."
            found.append(Notice("source_replaced", said, key))
    return found
