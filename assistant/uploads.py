"""What a person gives to the page for adding: files that were uploaded, and lines with web addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from assistant.errors import InputRefused
from assistant.loading import load_bytes
from assistant.models import Article
from assistant.settings import Settings


class Upload(Protocol):
    """A file that was uploaded."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""


def read_files(
    files: Iterable[Upload], outlet: str | None, day: str | None, settings: Settings
) -> Iterator[Article | InputRefused]:
    """The articles in files; what they do not say of outlet and date is taken from the form.

    An article's id rests on its outlet, so one that lacks it is loaded again with it, not altered.
    """
    for file in files:
        loaded: dict[tuple[str | None, str | None], list[Article | InputRefused]] = {}
        for at, item in enumerate(load_bytes(file.name, file.getvalue(), settings=settings)):
            given: tuple[str | None, str | None] = (None, None)
            if isinstance(item, Article):
                given = (None if item.outlet else outlet, None if item.date else day)
            if given == (None, None):
                yield item
                continue
            if given not in loaded:
                data = file.getvalue()
                again = load_bytes(file.name, data, outlet=given[0], date=given[1], settings=settings)
                loaded[given] = list(again)
            yield loaded[given][at]


def addresses(text: str) -> list[str]:
    """The addresses in what was typed, one a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
