"""An article cut into passages: whole sentences, exact offsets, no page furniture.

News paragraphs hold one to three sentences, so a passage is one or two paragraphs. Short passages
are about one thing, which makes both their vectors and their citations precise.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Article, Passage, Span
from assistant.text import digest, sentences, trim

TARGET = 450  # characters after which a passage ends with its paragraph
LIMIT = 900  # characters that no passage exceeds


def split(article: Article) -> list[Passage]:
    """The passages of an article in order, without overlap; each holds `text[start:end]` exactly.

    Every character outside white space and `article.skip` is in exactly one passage.
    """
    passages = []
    for ordinal, (start, end) in enumerate(_groups(article)):
        identity = digest(article.id, str(start), str(end))[:20]
        passages.append(Passage(identity, article.id, ordinal, start, end, article.text[start:end]))
    return passages


def _groups(article: Article) -> Iterator[Span]:
    for region in _regions(article):
        group: Span | None = None
        for sentence in _pieces(article, region):
            if group is None:
                group = sentence
                continue
            new_paragraph = "\n" in article.text[group[1] : sentence[0]]
            length = group[1] - group[0]
            joined = sentence[1] - group[0]
            if (
                joined > LIMIT
                or (new_paragraph and (length >= TARGET / 2 or joined > TARGET * 1.25))
                or length >= TARGET
            ):
                yield group
                group = sentence
            else:
                group = (group[0], sentence[1])
        if group is not None:
            yield group


def _regions(article: Article) -> Iterator[Span]:
    """What `skip` leaves of the text."""
    position = 0
    for start, end in sorted(article.skip):
        if start > position:
            yield (position, start)
        position = max(position, end)
    if position < len(article.text):
        yield (position, len(article.text))


def _pieces(article: Article, region: Span) -> Iterator[Span]:
    """The sentences of a region; one that is longer than a passage may be is cut between words."""
    for start, end in sentences(article.text, article.language, region):
        while end - start > LIMIT:
            last = start + LIMIT
            cut = next((i for i in range(last, last - LIMIT // 2, -1) if article.text[i].isspace()), last)
            piece = trim(article.text, (start, cut))
            if piece[1] > piece[0]:
                yield piece
            start, end = trim(article.text, (cut, end))
        if end > start:
            yield (start, end)
