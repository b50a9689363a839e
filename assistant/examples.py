"""The example articles that a new library starts with."""

from __future__ import annotations

from collections.abc import Callable

from assistant.library import Library
from assistant.loading import load
from assistant.models import Article, Progress
from assistant.settings import packaged

_FACT = "examples"


def unfinished(library: Library) -> bool:
    """Whether adding them was interrupted."""
    return library.catalogue.fact(_FACT) == "loading"


def add(library: Library, progress: Callable[[Progress], None]) -> None:
    """Adds them; after an interruption, what is left of them."""
    corpus = packaged("corpus")
    folders = sorted(item for item in corpus.iterdir() if item.is_dir())
    library.catalogue.set_fact(_FACT, "loading")
    loaded = (item for item in load(folders, settings=library.settings) if isinstance(item, Article))
    library.add(loaded, progress)
    library.catalogue.set_fact(_FACT, "loaded")
