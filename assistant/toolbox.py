"""What other programs may do with a library: add, search, ask, compare and read. Knows no protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.addresses import is_address, shown
from assistant.answering import Step, Text, ask, check_filters
from assistant.calls import Call
from assistant.comparison import compare
from assistant.errors import InputRefused, LibraryError, QuestionError, SourceNotFound
from assistant.folders import Folders
from assistant.intake import Intake
from assistant.library import Library
from assistant.loading import load_text
from assistant.models import Answer, Article, Filters, Notice, Progress, Source
from assistant.progress import describe
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
PASTED = "Pasted by a program; nobody compared it with what its outlet published."


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that is at hand, and what is known of it."""

    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    date: str | None = None

    def article(self) -> Article:
        """The article that it is, with a note of where it came from. Raises InputRefused."""
        return load_text(
            self.text, title=self.title, outlet=self.outlet, date=self.date, url=self.url, note=PASTED
        )


class Toolbox:
    """The tools over one library, whose owner closes it after the last call. Safe for threads."""

    def __init__(self, library: Library, folders: Folders) -> None:
        self.library, self._folders = library, folders
        self._adding, self._finishing = threading.Lock(), threading.Lock()
        self._finished = False

    def add(
        self, addresses: Sequence[str], files: Sequence[str], pasted: Pasted | None, call: Call
    ) -> AddResult:
        """Adds pages and feeds, files beneath the folders, and a text; what is refused is named.

        What is fetched or read speaks for itself: a program gives no outlet or date to it. Raises
        QuestionError for a date that is none and where nothing is given, InputRefused where nothing but
        refusals came of it, LibraryError and EmbedderError.
        """
        check_filters(Filters(since=pasted.date if pasted else None))
        if not addresses and not files and pasted is None:
            raise QuestionError("Nothing was given to add. Give addresses, files or a text.")
        refused: list[InputRefused] = []
        places = list(_kept(map(_address, addresses), refused))
        places += _kept((self._file(path) for path in files), refused)
        texts: list[Article] = []
        if pasted is not None:
            try:
                texts = [pasted.article()]
            except InputRefused as refusal:
                refused.append(refusal)
        taken = Intake(places, None, None, self.library.settings)
        with self._adding:
            articles = chain(texts, taken.articles(self.library.catalogue.visits))
            done = self.library.add(_told(call, articles), _progress(call))
        refused += [*taken.refused, *done.refused]
        if refused and not done.added and not done.unchanged and not taken.passed:
            raise _together(refused)
        return AddResult(
            added=self._listed(done.added),
            unchanged=self._listed(done.unchanged),
            refused=tuple(Refused(name=each.name, why=each.why, hint=each.hint) for each in refused),
            remarks=tuple(each.text for each in taken.passed),
        )

    def search(self, query: str, filters: Filters, n: int, call: Call) -> SearchResult:
        """The nearest passages. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, call)
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

    def ask(self, question: str, filters: Filters, call: Call) -> Answer:
        """An answer. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, call)
        return ask(self.library, question, filters=filters, on_event=_steps(call), stop=call.stop)

    def compare(self, claims: str | Sequence[str], filters: Filters, most: int, call: Call) -> CompareResult:
        """Every source's stance on each claim. Raises QuestionError, LibraryError and EmbedderError."""
        self._ready(filters, call)
        heard = _steps(call)
        found = compare(self.library, claims, filters=filters, most=most, on_event=heard, stop=call.stop)
        return CompareResult(
            claims=tuple(map(_compared, found.answers)), sources=dict(found.sources), left=found.left
        )

    def read(self, source: str, start: int, end: int | None) -> ReadResult:
        """Stored text between two offsets, MOST_READ characters at most. Raises SourceNotFound and
        QuestionError for offsets that lie outside."""
        try:
            article = self.library.article(source)
        except SourceNotFound:
            raise SourceNotFound(
                f"No article has the id {source!r}. The tools search, ask and compare give the ids."
            ) from None
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

    def _ready(self, filters: Filters, call: Call) -> None:
        """Finishes what an interrupted adding left, once, so that it is found; checks outlets by name.

        While articles are being added it waits for nothing: an adding finishes what was left as well.
        """
        with self._finishing:
            if not self._finished and self._adding.acquire(blocking=False):
                try:
                    self.library.finish(_progress(call))
                    self._finished = True
                finally:
                    self._adding.release()
        if not self.library.catalogue.in_scope(Filters()):
            raise LibraryError("The library holds no articles yet. Add some with the tool add.")
        check_outlets(self.library, filters.outlets)

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


def _progress(call: Call) -> Callable[[Progress], None]:
    return lambda progress: call.note(describe(progress))


def _steps(call: Call) -> Callable[[Step | Text], None]:
    return lambda event: call.note(event.text if isinstance(event, Step) else call.doing)


def _told(call: Call, articles: Iterable[Article]) -> Iterator[Article]:
    for article in articles:
        call.note(f"Reading {article.title}")
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
