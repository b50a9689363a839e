"""Libraries of real articles with real vectors: made once for all processes that run the suite."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.library import Library
from assistant.loading import load
from assistant.models import Article
from assistant.settings import Settings


def articles(*paths: Path, settings: Settings) -> list[Article]:
    """What those files hold; fails when one of them is refused."""
    found = list(load(paths, settings=settings))
    refused = [item for item in found if not isinstance(item, Article)]
    assert not refused, refused
    return [item for item in found if isinstance(item, Article)]


def stocked_once(factory: pytest.TempPathFactory, name: str, *paths: Path) -> Path:
    """A library folder with the articles of `paths`, for the caller alone and not open.

    Reading and embedding them is done by whichever process comes first; every caller gets a copy of what that
    one left. `name` stands for `paths`: one name, one set of files.
    """
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = base / f"{name}-made"
    with FileLock(base / f"{name}.lock"):
        if not made.exists():
            settings = Settings(library=factory.mktemp(name) / "library", threads=2)
            with Library.open(settings) as library:
                library.add(articles(*paths, settings=settings))
            settings.library.rename(made)
    return Path(shutil.copytree(made, factory.mktemp(name) / "library"))
