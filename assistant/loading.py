"""Files, folders and uploads -> articles, one at a time; what cannot be read is refused by name.

Front matter of .md, records of .json and .jsonl and columns of .csv and .tsv may call their fields, in any
case and with or without `_` and `-`:

    text      text, body, content, articleBody
    title     title, headline
    outlet    outlet, source, publisher, site
    date      date, published, published_at, date_published
    author    author, authors, byline
    language  language, lang, in_language
    url       url, link
    note      note (anything that a reader must know of the article; shown with it)

Other fields, `id` among them, are ignored. Dates are ISO 8601 or RFC 2822. `outlet` and `date` given by the
caller win over the document's own, since they are the word of the person who adds it.

A .zip holds files of any of these kinds; those in a .eml are its attachments. An archive may lie in
another once, and a .zip never in a .zip: no outlet sends such, and bombs are made of them. An article of an
archive is known by both names: "week.zip/bridge.html".
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from assistant.archives import Archive, Member
from assistant.articles import Given, make
from assistant.decoding import decode
from assistant.documents import Parsed
from assistant.errors import InputRefused
from assistant.fields import Records, json_lines, json_records, markdown
from assistant.kinds import (
    CHECK,
    FRESH,
    PAGES,
    READABLE,
    READS,
    check_start,
    is_parts_of_page,
    is_streamed,
    most_bytes,
    printable,
    suffix,
    too_large,
)
from assistant.models import Article
from assistant.parsing import KINDS, Parser
from assistant.settings import Settings
from assistant.sheets import rows

__all__ = ["READABLE", "Result", "load", "load_bytes", "load_text"]

_HOPELESS = 20  # records refused from the start of a file, after which the rest is not read
_MOST_REFUSED = 1_000  # the same where a few were read, among many more that were not
_EACH = {
    "line": "Write each article as a JSON object with a text field.",
    "record": "Write each article as a JSON object with a text field.",
    "row": "Give each article a row of its own, with its text in a column called text.",
    "file": READS,
}

Result = Article | InputRefused


def load(
    paths: str | Path | Iterable[str | Path],
    *,
    outlet: str | None = None,
    date: str | None = None,
    settings: Settings,
) -> Iterator[Result]:
    """The articles of files and folders (sorted, recursively, hidden ones left out), as they are read.

    Raises nothing: a path, file or record that cannot be read is yielded as InputRefused, in its place.
    """
    with closing(Parser(settings.parse_seconds, settings.parse_megabytes)) as parser:
        job = Job(parser, Given(outlet, date))
        for path in [paths] if isinstance(paths, str | Path) else paths:
            for found in _files(os.fspath(path)):
                yield from [found] if isinstance(found, InputRefused) else job.open(found)


def load_bytes(
    name: str,
    data: bytes,
    *,
    outlet: str | None = None,
    date: str | None = None,
    url: str | None = None,
    settings: Settings,
) -> Iterator[Result]:
    """The articles of an upload; its name says how it is read. Raises nothing, as `load`.

    `url`: where the bytes were fetched from; the article's address where it states none. Articles of an
    archive or of a file of many get none from it, since it is not theirs.
    """
    name = printable(re.split(r"[/\\]", name)[-1])
    with closing(Parser(settings.parse_seconds, settings.parse_megabytes)) as parser:
        yield from Job(parser, Given(outlet, date, url)).read(name, name, io.BytesIO(data), len(data))


def load_text(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    date: str | None = None,
    url: str | None = None,
    note: str | None = None,
) -> Article:
    """The article of a text at hand; `note` is shown with it. Raises InputRefused where it holds none."""
    parsed = Parsed(text, title=title, url=url, note=note)
    made = make(parsed, Given(outlet, date), "text.txt", title or "The text")
    return replace(made, file=None)


# Which files


def _files(path: str) -> Iterator[Path | InputRefused]:
    """The files that a path stands for."""
    name = printable(path) or '""'
    try:
        mode = Path(path).stat().st_mode if path else None  # an empty path would be the current folder
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:
        yield InputRefused(name, f"it cannot be opened ({_reason(error)})", "Check the path.")
        return
    if mode is None:
        yield InputRefused(name, "there is no such file or folder", "Check the spelling of the path.")
        return
    if not stat.S_ISDIR(mode):
        yield Path(path) if stat.S_ISREG(mode) else InputRefused(name, "it is not a regular file", READS)
        return
    found = None
    for found in _walk(Path(path)):
        yield found
    if found is None:
        yield InputRefused(name, "the folder holds no file that can be read", READS)


def _walk(root: Path) -> Iterator[Path | InputRefused]:
    """Readable files below a folder, in order; links that lead back into it are followed once."""
    todo, seen = [root], set()
    while todo:
        path = todo.pop()
        try:
            if not path.is_dir():
                if suffix(path.name) and path.is_file():
                    yield path
            elif (real := path.resolve()) not in seen:
                seen.add(real)
                inside = [entry for entry in path.iterdir() if not entry.name.startswith(".")]
                pages = {entry.name for entry in inside if entry.name.lower().endswith(PAGES)}
                whole = (entry for entry in inside if not is_parts_of_page(entry.name, pages))
                todo.extend(sorted(whole, reverse=True))
        except (OSError, RuntimeError) as error:
            why = f"it cannot be opened ({_reason(error)})"
            yield InputRefused(printable(str(path)), why, "Check its permissions.")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


# One file


@dataclass(frozen=True, slots=True)
class Job:
    """What one call of `load` carries: the parser, and the caller's word on what it adds."""

    parser: Parser
    given: Given

    def open(self, path: Path) -> Iterator[Result]:
        """The articles of one file on disk."""
        label = printable(str(path))
        try:
            with path.open("rb") as stream:
                yield from self.read(printable(path.name), label, stream, os.fstat(stream.fileno()).st_size)
        except OSError as error:
            yield InputRefused(label, f"it cannot be opened ({_reason(error)})", "Check its permissions.")

    def read(
        self, file: str, label: str, stream: IO[bytes], size: int | None, above: tuple[str, ...] = ()
    ) -> Iterator[Result]:
        """The articles of an open file; `label` is what a refusal calls it.

        `size` is None where only reading tells; `above`: the endings of the archives that it lies in.
        """
        ending = suffix(file)
        try:
            if ending is None:
                why = f"files of this kind are not read ({Path(file).suffix or 'no ending'})"
                raise InputRefused(label, why, READS)
            if size is not None and size > most_bytes(ending):
                raise too_large(label, size, most_bytes(ending))
            if size == 0:
                raise InputRefused(label, "the file is empty", CHECK)
            if ending.endswith(".gz"):
                stream = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
            if ending == ".zip":
                yield from self._zip(file, label, stream, above)
            elif is_streamed(ending):
                kind, records = ("line", json_lines) if ending.startswith(".jsonl") else ("row", rows)
                yield from self._several(file, label, kind, records(label, stream))
            else:
                yield from self._whole(file, label, _all(label, stream, most_bytes(ending)), above)
        except InputRefused as refusal:
            yield refusal
        except (OSError, EOFError, zlib.error) as error:  # BadGzipFile is an OSError
            yield InputRefused(label, f"reading it failed ({_reason(error)})", FRESH)

    def _whole(self, file: str, label: str, data: bytes, above: tuple[str, ...]) -> Iterator[Result]:
        """The articles of a file that is read at once."""
        ending = suffix(file) or ""
        if not ending.startswith(".json"):
            check_start(ending, label, data)
        if ending == ".eml":
            yield from self._mail(file, label, data, above)
        elif ending.startswith(".json"):
            found = json_records(decode(data, label), label)
            if isinstance(found, Parsed):
                yield make(found, self.given, file, label)
            else:
                yield from self._several(file, label, "record", found)
        else:
            yield make(self._document(ending, label, data), self.given, file, label)

    def _document(self, ending: str, label: str, data: bytes) -> Parsed:
        """The one document of a file that holds one."""
        kind = KINDS.get(ending)
        if kind == "html":
            self.parser.check_size(label, len(data))  # before a page that is refused anyway is decoded
            decoded = decode(data, label, True)
            parsed = self.parser.read("html", label, decoded.text.encode("utf-8", "replace"))
            return replace(parsed, notices=decoded.notices + parsed.notices)
        if kind:
            return self.parser.read(kind, label, data)
        decoded = decode(data, label)
        return decoded if ending == ".txt" else markdown(decoded, label)

    def _zip(self, file: str, label: str, stream: IO[bytes], above: tuple[str, ...]) -> Iterator[Result]:
        """The articles of the files in an archive; one bad file is refused, and the others are read."""
        _check_depth(label, ".zip", above)
        check_start(".zip", label, stream.read(1024))
        archive = Archive.open(stream, label)
        good = bad = 0
        for member in archive.members():
            before = good
            for item in self._member(member, f"{file}/{member.name}", (*above, ".zip")):
                good = before + 1 if isinstance(item, Article) else good
                yield item
            if archive.left < 0:
                return
            bad += good == before
            _check_hope(label, "file", good, bad)

    def _member(self, member: Member, file: str, above: tuple[str, ...]) -> Iterator[Result]:
        try:
            with member.open() as stream:
                yield from self._inside().read(file, member.label, stream, None, above)
        except InputRefused as refusal:
            yield refusal

    def _mail(self, file: str, label: str, data: bytes, above: tuple[str, ...]) -> Iterator[Result]:
        """The article that a mail is, and those that are attached to it."""
        _check_depth(label, ".eml", above)
        letter = self.parser.open_mail(label, data)
        if letter.article.text or not letter.attached:
            yield make(letter.article, self.given, file, label)
        for name, inside in letter.attached:
            yield from self._inside().read(
                f"{file}/{name}", f"{label}/{name}", io.BytesIO(inside), len(inside), (*above, ".eml")
            )

    def _inside(self) -> Job:
        """The same for what lies in an archive, whose address is not that of the archive."""
        return replace(self, given=replace(self.given, url=None))

    def _several(self, file: str, label: str, kind: str, records: Records) -> Iterator[Result]:
        """The articles of a file of many; a record that is none is refused by its number."""
        good = bad = 0
        given = self._inside().given
        for number, parse in records:
            where = f"{label} {kind} {number}"
            try:
                yield make(parse(where), given, file, where, f"{kind} {number}")
                good += 1
            except InputRefused as refusal:
                yield refusal
                bad += 1
            _check_hope(label, kind, good, bad)
        if not good and not bad:
            raise InputRefused(label, "it holds no articles", _EACH[kind])


def _all(label: str, stream: IO[bytes], most: int) -> bytes:
    """The bytes of a stream. Raises InputRefused where they are none, or more than `most`."""
    data = stream.read(most + 1)
    if len(data) > most:
        raise too_large(label, len(data), most)
    if not data:
        raise InputRefused(label, "the file is empty", CHECK)
    return data


def _check_depth(label: str, ending: str, above: tuple[str, ...]) -> None:
    """Raises InputRefused for an archive that lies too deep in others."""
    if len(above) > 1 or (ending == ".zip" and ".zip" in above):
        why = "it is an archive inside an archive, and such are not opened"
        raise InputRefused(label, why, "Unpack the outer one, and add this one by itself.")


def _check_hope(label: str, kind: str, good: int, bad: int) -> None:
    """Raises InputRefused where so much was refused that the rest is not worth reading."""
    if bad == _HOPELESS and not good:
        why = f"none of its first {bad} {kind}s is an article, and the rest was not read"
        raise InputRefused(label, why, _EACH[kind])
    if bad >= _MOST_REFUSED and good * _HOPELESS < bad:
        why = f"{bad:,} of its first {bad + good:,} {kind}s are no articles, and the rest was not read"
        raise InputRefused(label, why, _EACH[kind])
