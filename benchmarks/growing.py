"""A library of any size, from real articles and their real vectors, without embedding them again.

Once every article is in, they are repeated under noise: another outlet, date and title, a word in
`CHANGED` replaced by another one of that article, and vectors at a cosine of .95 to .99 to the former
ones. Random vectors would not do: an HNSW graph finds a third of the neighbours among them, and nearly all
among real ones.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from assistant.embedding import Embedder, Kind
    from assistant.encoding import Vectors
    from assistant.library import Library
    from assistant.models import Article

CHANGED = 12
NEAREST, FARTHEST = 0.99, 0.95
CHUNK = 200  # articles of one `add`
DAYS = 3650  # by at most so many days a repeated article is moved

_WORD = re.compile(r"\b[a-z]{4,}\b")


class Prepared:
    """An embedder that knows the vectors of its passages, and asks a real one for those of questions."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        self.name, self.fingerprint, self.dimensions = real.name, real.fingerprint, real.dimensions
        self.known: dict[str, Any] = {}

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """See `Embedder.embed`. KeyError for a passage that was not prepared."""
        if kind == "query":
            return self._real.embed(texts, kind)
        return np.stack([self.known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Step:
    """The `number`th article of a growing library, which is the `repeat`th form of a real one."""

    number: int
    source: str
    repeat: int


def copy(library: Path, folder: Path) -> None:
    """Copies a library's catalogue into `folder`, also while another program adds to it."""
    folder.mkdir(parents=True, exist_ok=True)
    address = f"{(library / 'catalogue.sqlite3').resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as old,
        closing(sqlite3.connect(folder / "catalogue.sqlite3")) as new,
    ):
        old.backup(new)


def sample(file: str, library: str, passages: int) -> int:
    """In a child: the first articles of `file` into a new library; gives how many passages it holds."""
    from assistant.library import Library
    from assistant.loading import load
    from assistant.models import Article
    from assistant.settings import Settings
    from assistant.splitting import split

    def enough() -> Iterator[Article]:
        found = 0
        for item in load([file], settings=settings):
            if isinstance(item, Article):
                yield item
                found += len(split(item))
            if found >= passages:
                return

    settings = Settings(library=Path(library))
    with Library.open(settings) as opened:
        opened.add(enough())
        return opened.catalogue.count()


def grow(source: str, library: str, first: int, passages: int) -> dict[str, int]:
    """In a child: adds from step `first` on until there are `passages`; gives the next step and the count."""
    from assistant.embedding import make_embedder
    from assistant.library import Library
    from assistant.settings import Settings

    settings = Settings(library=Path(library))
    embedder = Prepared(make_embedder(settings))
    with (
        Library.open(Settings(library=Path(source))) as real,
        Library.open(settings, embedder) as grown,
    ):
        ids = sorted(entry.source.id for entry in real.entries() if entry.replaced_by is None)
        random.Random(6).shuffle(ids)
        outlets = real.outlets() or ["Another paper"]
        held, number = grown.catalogue.count(), first
        while held < passages:
            steps = [Step(n, ids[n % len(ids)], n // len(ids)) for n in range(number, number + CHUNK)]
            used, articles = _prepare(real, steps, outlets, embedder, passages - held)
            grown.add(articles)
            number += used
            held = grown.catalogue.count()
    return {"next": number, "passages": held}


def _prepare(
    real: Library, steps: Sequence[Step], outlets: Sequence[str], embedder: Prepared, room: int
) -> tuple[int, list[Article]]:
    """The articles of the steps until `room` is full, their vectors made known; how many steps those are."""
    from assistant.models import Source
    from assistant.pipeline import embedding_text
    from assistant.splitting import split

    of = {step.source for step in steps}
    articles = real.catalogue.articles(of)
    vectors = real.catalogue.vectors(of)
    passages = real.catalogue.passages(vectors.ids)
    rows: dict[str, list[int]] = {key: [] for key in of}
    for row, key in enumerate(vectors.ids):
        rows[passages[key].article].append(row)
    embedder.known = {}
    made: list[Article] = []
    for used, step in enumerate(steps):
        if len(embedder.known) >= room:
            return used, made
        chance = random.Random(step.number)
        article = repeated(articles[step.source], step.repeat, outlets, chance)
        cut, own = split(article), vectors.matrix[rows[step.source]]
        for place, passage in enumerate(cut):
            # Other words can move a boundary; the passage at the same place of the text is close enough.
            vector = own[place * len(own) // len(cut)]
            vector = noisy(vector, step.number * 1000 + place) if step.repeat else vector
            embedder.known[embedding_text(passage, Source.of(article))] = vector
        made.append(article)
    return len(steps), made


def repeated(article: Article, repeat: int, outlets: Sequence[str], chance: random.Random) -> Article:
    """The article itself at first, then versions of it with another id, outlet, date, title and words."""
    from assistant.text import digest

    if not repeat:
        return article
    text, title = changed(article.text, chance), f"{changed(article.title, chance)} ({repeat})"
    outlet = chance.choice(outlets)
    day = article.date and _moved(article.date, chance)
    return replace(
        article,
        id=digest(outlet, title, text)[:16],
        text=text,
        title=title,
        outlet=outlet,
        date=day,
        url=None,
    )


def changed(text: str, chance: random.Random) -> str:
    """The text with one word in `CHANGED` replaced by another of the same length from it: offsets stay."""
    by_length: dict[int, list[str]] = {}
    for word in _WORD.findall(text):
        by_length.setdefault(len(word), []).append(word)
    return _WORD.sub(
        lambda found: found[0] if chance.randrange(CHANGED) else chance.choice(by_length[len(found[0])]), text
    )


def noisy(vector: Any, seed: int) -> Any:
    """A unit vector at a cosine between `FARTHEST` and `NEAREST` to `vector`."""
    dice = np.random.default_rng(seed)
    aside = dice.normal(size=len(vector))
    aside -= (aside @ vector) * vector
    cosine = dice.uniform(FARTHEST, NEAREST)
    found = cosine * vector + np.sqrt(1 - cosine**2) * aside / np.linalg.norm(aside)
    return (found / np.linalg.norm(found)).astype(np.float32)


def _moved(day: str, chance: random.Random) -> str:
    return (date.fromisoformat(day) - timedelta(days=chance.randrange(1, DAYS))).isoformat()
