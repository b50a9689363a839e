"""What a person gives to the page for adding: files, lines with web addresses, and text that was pasted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.errors import InputRefused
from assistant.kinds import MAX_HTML_BYTES, most_bytes
from assistant.loading import load_bytes
from assistant.models import Article
from assistant.settings import MAX_FILE_BYTES, Settings

PASTED = "pasted text"  # what such an article has for the name of a file
LIMITS = (
    f"Up to {MAX_FILE_BYTES // 10**6} MB a file; plain text and Markdown up to "
    f"{most_bytes('.txt') // 10**6} MB, a web page up to {MAX_HTML_BYTES // 10**6} MB."
)


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


def unread(text: str, refused: Iterable[InputRefused]) -> str:
    """Of the addresses that were typed, those that were refused, one a line: what is to be mended."""
    names = {refusal.name for refusal in refused}
    return "\n".join(address for address in addresses(text) if address in names)


@dataclass(frozen=True, slots=True)
class Pasted:
    """An article whose text was pasted; empty fields are not known."""

    text: str
    title: str = ""
    outlet: str = ""
    date: str | None = None
    url: str = ""


def read_pasted(pasted: Pasted, settings: Settings) -> Iterator[Article | InputRefused]:
    """The article of a text that was pasted: it is loaded as a file with these fields is.

    What was typed for a field is used or refused, never dropped.
    """
    fields = {
        "title": pasted.title, "outlet": pasted.outlet, "date": pasted.date, "url": pasted.url,
        "text": pasted.text,
    }  # fmt: skip
    label = f"“{title}”" if (title := " ".join(pasted.title.split())) else "The pasted text"
    for item in load_bytes("pasted.json", json.dumps(fields).encode(), settings=settings):
        if isinstance(item, InputRefused):
            yield InputRefused(label, item.why, item.hint)
        elif pasted.url.strip() and item.url is None:
            why = "its web address is none that can be kept"
            yield InputRefused(
                label, why, "Write one that begins with http:// or https://, or leave it empty."
            )
        elif any(notice.code == "title_from_file_name" for notice in item.notices):
            yield InputRefused(label, "it has no title, and its first line is none", "Write a title.")
        else:
            yield replace(item, file=PASTED)
