"""What a person asks to add, files and web addresses mixed: articles, what was refused, what was known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from assistant.addresses import is_address
from assistant.errors import InputRefused
from assistant.loading import load
from assistant.models import Article, PassedOver
from assistant.settings import Settings
from assistant.web import Visits, load_addresses

_Found = Article | InputRefused | PassedOver


class Intake:
    """One call of `add`: iterate over `articles` once; `refused` and `passed` fill meanwhile."""

    def __init__(
        self, places: Sequence[str], outlet: str | None, date: str | None, settings: Settings
    ) -> None:
        self._addresses = [place for place in places if is_address(place)]
        paths = [place for place in places if not is_address(place)]
        self._outlet, self._date, self._settings = outlet, date, settings
        self._files: Iterator[_Found] = load(paths, outlet=outlet, date=date, settings=settings)
        self.refused: list[InputRefused] = []
        self.passed: list[PassedOver] = []

    def begins(self) -> bool:
        """Whether there is anything to add, as far as can be told without fetching and storing."""
        if self._addresses:
            return True
        for found in self._files:
            if isinstance(found, Article):
                self._files = chain([found], self._files)
                return True
            self._sort(found)
        return False

    def articles(self, visits: Visits) -> Iterator[Article]:
        """The articles, as they come. An article counts as stored when the next one is asked for."""
        fetched = load_addresses(
            self._addresses, outlet=self._outlet, date=self._date, settings=self._settings, visits=visits
        )
        for found in chain(self._files, fetched):
            if isinstance(found, Article):
                yield found
            else:
                self._sort(found)

    def _sort(self, found: InputRefused | PassedOver) -> None:
        if isinstance(found, InputRefused):
            self.refused.append(found)
        else:
            self.passed.append(found)
