"""Stand-ins for the library's tests: an embedder without a meaning, and articles of any number."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.errors import SourceNotFound
from assistant.library import Library
from assistant.models import Article, Filters, Source
from assistant.pipeline import embedding_text
from assistant.settings import Settings
from assistant.splitting import split
from assistant.text import digest

# Children start from a process that has imported what is slow to import: 0.05 s instead of 3 s each.
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["assistant.library", "chromadb", "hypothesis", "pytest"])


class FakeEmbedder:
    """Unit vectors from the hash of a text: equal texts get equal vectors, all others far ones."""

    def __init__(self, fingerprint: str = "fake one", dimensions: int = 32) -> None:
        self.fingerprint, self.name, self.dimensions = fingerprint, fingerprint, dimensions
        self.embedded = 0

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:  # noqa: ARG002
        self.embedded += len(texts)
        return np.stack([self.one(text) for text in texts])

    def one(self, text: str) -> NDArray[np.float32]:
        seed = hashlib.sha256(f"{self.fingerprint}\n{text}".encode("utf-8", "replace")).digest()
        vector = np.random.default_rng(list(seed)).normal(size=self.dimensions)
        unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


def article(number: int = 0, text: str | None = None, **facts: Any) -> Article:
    """An article of three passages about nothing that another article is about."""
    if text is None:
        part = " ".join(
            f"Witness {number}.{i} saw ship {number} in the harbour on that day." for i in range(9)
        )
        text = f"{part}\n\nIn conclusion nobody knew why ship {number} came. {part}"
    facts = {"title": f"Ship {number} arrives", "outlet": f"Paper {number % 5}", "date": "2023-10-10"} | facts
    parts = [facts["outlet"] or "", facts.get("url") or "", facts["title"], text]
    return Article(id=facts.pop("id", digest(*parts)[:16]), text=text, **facts)


def articles(count: int, start: int = 0) -> list[Article]:
    """`count` different articles."""
    return [article(number) for number in range(start, start + count)]


def opened(settings: Settings, fingerprint: str = "fake one") -> Library:
    """The library with a fake embedder."""
    return Library.open(settings, FakeEmbedder(fingerprint))


def complete(library: Library, expected: list[Article]) -> None:
    """Asserts that the library holds exactly these articles, whole, and finds every passage of each."""
    assert sorted(entry.source.id for entry in library.entries()) == sorted(item.id for item in expected)
    for item in expected:
        assert library.article(item.id) == item
        assert library.catalogue.passages_of(item.id) == split(item)
    assert library.check(samples=10_000) == []
    held = library.catalogue.vectors()
    assert set(held.ids) == {passage.id for item in expected for passage in split(item)}
    for key, vector in zip(held.ids, held.matrix, strict=True):
        near, notices = library.nearest(vector, 2, Filters())
        assert key in {item.passage for item in near} and not notices


def whole_so_far(catalogue: Catalogue) -> None:
    """Asserts that whatever is listed now is whole."""
    for entry in catalogue.entries():
        with contextlib.suppress(SourceNotFound):  # removed meanwhile
            passages = split(catalogue.article(entry.source.id))
            held = catalogue.vectors([entry.source.id]).ids
            assert not held or list(held) == [passage.id for passage in passages]


def near(library: Library, item: Article) -> set[str]:
    """The articles of the passages nearest to the first passage of `item`."""
    text = embedding_text(split(item)[0], Source.of(item))
    vector = library.embedder.embed([text], "passage")[0]
    found, _ = library.nearest(vector, 3, Filters())
    sure = [hit.passage for hit in found if hit.cosine > 0.99]
    return {passage.article for passage in library.catalogue.passages(sure).values()}
