"""What a person gives to the page for adding: files that were uploaded, and addresses on the web."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from assistant.errors import InputRefused
from assistant.loading import load_bytes
from assistant.models import Article, Notice, PassedOver, Visit
from assistant.settings import Settings
from assistant.web import Visits, load_addresses

Item = Article | InputRefused | Notice
"""An article, what could not be read, or what a reader has to know of an address."""


class Upload(Protocol):
    """A file that was uploaded."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""


class Forgetful:
    """Visits that nobody remembers: every page of a feed is read each time."""

    def get(self, url: str) -> Visit | None:
        """None."""

    def put(self, url: str, visit: Visit) -> None:
        """Does nothing."""


def read_files(
    files: Iterable[Upload], outlet: str | None, day: str | None, settings: Settings
) -> Iterator[Item]:
    """The articles in files; what they do not say of outlet and date is taken from the form.

    An article's id rests on its outlet, so one that lacks it is loaded again with it, not altered.
    """
    for file in files:
        loaded: dict[tuple[str | None, str | None], list[Article | InputRefused]] = {}
        plain = list(load_bytes(file.name, file.getvalue(), settings=settings))
        for at, item in enumerate(plain):
            given = (outlet, day)
            if isinstance(item, Article):
                given = (None if item.outlet else outlet, None if item.date else day)
            if isinstance(item, InputRefused) or given == (None, None):
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


def read_addresses(
    lines: Iterable[str], outlet: str | None, day: str | None, settings: Settings, visits: Visits
) -> Iterator[Item]:
    """The articles at addresses of pages, feeds and sitemaps; `outlet` and `day` hold for all of them."""
    for item in load_addresses(lines, outlet=outlet, date=day, settings=settings, visits=visits):
        yield Notice("passed_over", item.text) if isinstance(item, PassedOver) else item
