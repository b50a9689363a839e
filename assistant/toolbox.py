"""What other programs may do with a library: add, search, ask, compare and read. Knows no protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.addresses import is_address, shown
from assistant.answering import ask, check_filters
from assistant.comparison import compare
from assistant.errors import InputRefused, QuestionError
from assistant.folders import Folders
from assistant.intake import Intake
from assistant.library import Library
from assistant.loading import load_text
from assistant.models import Answer, Article, Filters, Notice, Progress, Source
from assistant.searching import search
from assistant.shell import check_outlets
from assistant.toolresults import (
    AddResult,
    ComparedClaim,
    CompareResult,
    FoundPassage,
    HeardSource,
    HeardVoice,
    Listed,
    ReadResult,
    Refused,
    SearchResult,
)

MOST_READ = 20_000  # characters of one `read`: some five thousand tokens

Stop = Callable[[], bool]


class Stopped(Exception):
    """Whoever asked does not wait for it any more."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that is at hand, and what is known of it."""

    text: str
    title: str | None = None
    url: str | None = None


class Toolbox:
    """The tools over one library, whose owner closes it after the last call. Safe for threads."""

    def __init__(self, library: Library, folders: Folders) -> None:
        self.library, self._folders = library, folders
        self._adding = threading.Lock()
        self._finished = False

    def add(
        self,
        addresses: Sequence[str],
        files: Sequence[str],
        pasted: Pasted | None,
        outlet: str | None,
        date: str | None,
        stop: Stop,
    ) -> AddResult:
        """Adds pages and feeds, files beneath the folders, and a text; what is refused is named.

        Raises QuestionError for a date that is none and where nothing is given, InputRefused where nothing
        but refusals came of it, LibraryError and EmbedderError.
        """
        check_filters(Filters(since=date))
        if not addresses and not files and pasted is None:
            raise QuestionError("Nothing was given to add. Give addresses, files or a text.")
        refused: list[InputRefused] = []
        places = list(_kept(map(_address, addresses), refused))
        places += _kept((self._file(path) for path in files), refused)
        texts: list[Article] = []
        if pasted is not None:
            try:
                texts = [load_text(pasted.text, title=pasted.title, outlet=outlet, date=date, url=pasted.url)]
            except InputRefused as refusal:
                refused.append(refusal)
        taken = Intake(places, outlet, date, self.library.settings)
        with self._adding:
            articles = chain(texts, taken.articles(self.library.catalogue.visits))
            done = self.library.add(_until(stop, articles), _watch(stop))
        refused += [*taken.refused, *done.refused]
        if refused and not done.added and not done.unchanged and not taken.passed:
            raise _together(refused)
        return AddResult(
            added=self._listed(done.added),
            unchanged=self._listed(done.unchanged),
            refused=tuple(Refused(name=each.name, why=each.why, hint=each.hint) for each in refused),
            remarks=tuple(each.text for each in taken.passed),
        )

    def search(self, query: str, filters: Filters, n: int, stop: Stop) -> SearchResult:
        """The nearest passages. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, stop)
        return SearchResult(
            passages=tuple(
                FoundPassage(
                    source=item.source,
                    notices=item.notices,
                    start=item.passage.start,
                    end=item.passage.end,
                    text=item.passage.text,
                )
                for item in search(self.library, query, filters=filters, n=n)
            )
        )

    def ask(self, question: str, filters: Filters, stop: Stop) -> Answer:
        """An answer. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, stop)
        return ask(self.library, question, filters=filters, stop=stop)

    def compare(self, claims: str | Sequence[str], filters: Filters, most: int, stop: Stop) -> CompareResult:
        """Every source's stance on each claim. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, stop)

        def watch(_: object) -> None:
            if stop():
                raise Stopped

        found = compare(self.library, claims, filters=filters, most=most, on_event=watch, stop=stop)
        return CompareResult(
            claims=tuple(map(_compared, found.answers)), sources=dict(found.sources), left=found.left
        )

    def read(self, source: str, start: int, end: int | None) -> ReadResult:
        """Stored text between two offsets, MOST_READ characters at most. Raises SourceNotFound and
        QuestionError for offsets that lie outside."""
        article = self.library.article(source)
        length = len(article.text)
        if not 0 <= start <= length or (end is not None and end < start):
            raise QuestionError(
                f"{source} has no text from {start} to {end}: it is {length} characters long. Give offsets "
                "within it, the start before the end."
            )
        last = min(length if end is None else end, length, start + MOST_READ)
        return ReadResult(
            source=Source.of(article),
            notices=article.notices,
            start=start,
            end=last,
            length=length,
            text=article.text[start:last],
            newest=self.library.newest(source),
        )

    def _ready(self, filters: Filters, stop: Stop) -> None:
        """Finishes what an interrupted adding left, once, so that it is found; checks outlets by name."""
        check_outlets(self.library, filters.outlets)
        with self._adding:
            if not self._finished:
                self.library.finish(_watch(stop))
                self._finished = True

    def _listed(self, ids: Sequence[str]) -> tuple[Listed, ...]:
        entries = self.library.catalogue.entries(ids) if ids else []
        return tuple(Listed(source=entry.source, notices=tuple(entry.notices)) for entry in entries)

    def _file(self, given: str) -> str | InputRefused:
        try:
            return str(self._folders.admit(given))
        except InputRefused as refusal:
            return refusal


def _address(given: str) -> str | InputRefused:
    if is_address(given):
        return given
    return InputRefused(shown(given), "it is no web address", "Addresses begin with https:// or http://.")


def _kept(items: Iterable[str | InputRefused], refused: list[InputRefused]) -> Iterator[str]:
    for item in items:
        if isinstance(item, InputRefused):
            refused.append(item)
        else:
            yield item


def _together(refused: Sequence[InputRefused]) -> InputRefused:
    """One refusal for several, each by its name."""
    first, *others = refused
    return InputRefused(first.name, first.why, " ".join([first.hint, *map(str, others)]))


def _watch(stop: Stop) -> Callable[[Progress], None]:
    def report(_: Progress) -> None:
        if stop():
            raise Stopped

    return report


def _until(stop: Stop, articles: Iterable[Article]) -> Iterator[Article]:
    for article in articles:
        if stop():
            raise Stopped
        yield article


def _compared(answer: Answer) -> ComparedClaim:
    return ComparedClaim(
        claim=answer.question,
        finding=answer.finding,
        rule=answer.rule,
        notices=answer.notices,
        accounts=tuple(
            HeardSource(
                source=account.source,
                stance=account.stance,
                voices=tuple(
                    HeardVoice(
                        speaker=voice.speaker,
                        stance=voice.stance,
                        citations=tuple(answer.citations[key] for key in voice.citations),
                    )
                    for voice in account.voices
                ),
            )
            for account in answer.accounts
        ),
    )


def planted(notices: Iterable[Notice]) -> bool:
    """Whether one of the notices tells of text that gives orders to an assistant."""
    return any(notice.code == "planted_instruction" for notice in notices)
