"""Files, folders and uploads -> articles, one at a time; what cannot be read is refused by name.

Front matter of .md and records of .json and .jsonl may call their fields, in any case and with or
without `_` and `-`:

    text      text, body, content, articleBody
    title     title, headline
    outlet    outlet, source, publisher, site
    date      date, published, published_at, date_published
    author    author, authors, byline
    language  language, lang, in_language
    url       url, link
    note      note (anything that a reader must know of the article; shown with it)

Other fields, `id` among them, are ignored. A .json file holds one object, a list of objects, or
{"articles": [...]}; a .jsonl file one object a line. `.gz` may be added to both.
Dates are ISO 8601 or RFC 2822. `outlet` and `date` given by the caller win over the document's own,
since they are the word of the person who adds it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from assistant import damage, planted
from assistant.decoding import decode
from assistant.documents import NAMES, Parsed, by_name, stated, tidy
from assistant.errors import InputRefused
from assistant.furniture import furniture, headline, lines, same_words
from assistant.models import Article, Notice
from assistant.parsing import Parser
from assistant.settings import MAX_FILE_BYTES, Settings
from assistant.text import clean, digest

READABLE = (".txt", ".md", ".html", ".htm", ".pdf", ".json", ".jsonl", ".json.gz", ".jsonl.gz")
MAX_JSONL_BYTES = 2_000_000_000  # it is read line by line; a line has the limit of a file
_HOPELESS = 20  # records refused from the start of a file, after which the rest is not read
_READS = "It reads .txt, .md, .html, .pdf, .json and .jsonl files."
_RECORDS = "Write each article as a JSON object with a text field."
_FRESH = "Get a fresh copy of the file."
_CHECK = "Check where it came from and save it again."
_MOST_YAML = 64_000
_FRONT_MATTER = re.compile(r"(?sm)---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"#[ \t]+(\S[^\n]*)")

Result = Article | InputRefused
Records = Iterator[tuple[int, Callable[[str], Parsed]]]  # a number, and what parses it under a name


def load(
    paths: Iterable[str | Path], *, outlet: str | None = None, date: str | None = None, settings: Settings
) -> Iterator[Result]:
    """The articles of files and folders (sorted, recursively, hidden ones left out), as they are read.

    Raises nothing: a path, file or record that cannot be read is yielded as InputRefused, in its place.
    """
    with closing(Parser(settings.parse_seconds, settings.parse_megabytes)) as parser:
        job = Job(parser, outlet, date)
        for path in [paths] if isinstance(paths, str | Path) else paths:
            for found in _files(os.fspath(path)):
                yield from [found] if isinstance(found, InputRefused) else job.open(found)


def load_bytes(
    name: str, data: bytes, *, outlet: str | None = None, date: str | None = None, settings: Settings
) -> Iterator[Result]:
    """The articles of an upload; its name says how it is read. Raises nothing, as `load`."""
    name = re.split(r"[/\\]", name)[-1]
    with closing(Parser(settings.parse_seconds, settings.parse_megabytes)) as parser:
        yield from Job(parser, outlet, date).read(name, _printable(name), io.BytesIO(data), len(data))


# Which files


def _files(path: str) -> Iterator[Path | InputRefused]:
    """The files that a path stands for."""
    name = _printable(path) or '""'
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
        yield Path(path) if stat.S_ISREG(mode) else InputRefused(name, "it is not a regular file", _READS)
        return
    found = None
    for found in _walk(Path(path)):
        yield found
    if found is None:
        yield InputRefused(name, "the folder holds no file that can be read", _READS)


def _walk(root: Path) -> Iterator[Path | InputRefused]:
    """Readable files below a folder, in order; links that lead back into it are followed once."""
    todo, seen = [root], set()
    while todo:
        path = todo.pop()
        try:
            if not path.is_dir():
                if _suffix(path.name) and path.is_file():
                    yield path
            elif (real := path.resolve()) not in seen:
                seen.add(real)
                inside = (entry for entry in path.iterdir() if not entry.name.startswith("."))
                todo.extend(sorted(inside, reverse=True))
        except (OSError, RuntimeError) as error:
            why = f"it cannot be opened ({_reason(error)})"
            yield InputRefused(_printable(str(path)), why, "Check its permissions.")


def _suffix(name: str) -> str | None:
    lower = name.lower()
    return next((suffix for suffix in reversed(READABLE) if lower.endswith(suffix)), None)


def _printable(name: str) -> str:
    """A file name that can be printed and stored: bytes that are not UTF-8 and controls as U+FFFD."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


# One file


@dataclass(frozen=True, slots=True)
class Job:
    """What one call of `load` carries: the parser, and the caller's word on outlet and date.

    `amend`, if there is one, adds what the caller knows of a document beside, or refuses it.
    """

    parser: Parser
    outlet: str | None
    date: str | None
    amend: Callable[[Parsed], Parsed] | None = None

    def open(self, path: Path) -> Iterator[Result]:
        """The articles of one file on disk."""
        label = _printable(str(path))
        try:
            with path.open("rb") as stream:
                yield from self.read(path.name, label, stream, os.fstat(stream.fileno()).st_size)
        except OSError as error:
            yield InputRefused(label, f"it cannot be opened ({_reason(error)})", "Check its permissions.")

    def read(self, name: str, label: str, stream: IO[bytes], size: int) -> Iterator[Result]:
        """The articles of an open file; `label` is what a refusal calls it."""
        suffix, file = _suffix(name), _printable(name)
        try:
            if suffix is None:
                why = f"files of this kind are not read ({Path(file).suffix or 'no ending'})"
                raise InputRefused(label, why, _READS)
            most = MAX_JSONL_BYTES if suffix.startswith(".jsonl") else MAX_FILE_BYTES
            if size > most:
                raise _too_large(label, size, most)
            if not size:
                raise InputRefused(label, "the file is empty", _CHECK)
            if suffix.endswith(".gz"):
                stream = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
            if suffix.startswith(".jsonl"):
                yield from self._several(file, label, "line", _lines(label, stream))
                return
            data = stream.read(MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                raise _too_large(label, len(data), MAX_FILE_BYTES)
            if suffix.startswith(".json"):
                yield from self._json_file(file, label, decode(data, label))
            else:
                yield self._article(file, label, self._document(suffix, label, data))
        except InputRefused as refusal:
            yield refusal
        except (OSError, EOFError, zlib.error) as error:  # BadGzipFile is an OSError
            yield InputRefused(label, f"reading it failed ({_reason(error)})", _FRESH)

    def _document(self, suffix: str, label: str, data: bytes) -> Parsed:
        _check_kind(suffix, label, data)
        if suffix == ".pdf":
            return self.parser.read("pdf", label, data)
        page = suffix in (".html", ".htm")
        decoded = decode(data, label, page)
        if page:
            parsed = self.parser.read("html", label, decoded.text.encode("utf-8", "replace"))
            return replace(parsed, notices=decoded.notices)
        return decoded if suffix == ".txt" else _markdown(decoded, label)

    def _json_file(self, file: str, label: str, decoded: Parsed) -> Iterator[Result]:
        value = _json(decoded.text, label)
        if isinstance(value, dict) and isinstance(value.get("articles"), list) and "text" not in value:
            value = value["articles"]
        if isinstance(value, list):
            records = ((number, partial(_record, item, decoded)) for number, item in enumerate(value, 1))
            yield from self._several(file, label, "record", records)
        else:
            yield self._article(file, label, _record(value, decoded, label))

    def _several(self, file: str, label: str, kind: str, records: Records) -> Iterator[Result]:
        """The articles of a file of many; a record that is none is refused by its number."""
        good = bad = 0
        for number, parse in records:
            where = f"{label} {kind} {number}"
            try:
                yield self._article(file, where, parse(where), f"{kind} {number}")
                good += 1
            except InputRefused as refusal:
                yield refusal
                bad += 1
            if bad == _HOPELESS and not good:
                why = f"none of its first {bad} {kind}s is an article, and the rest was not read"
                raise InputRefused(label, why, _RECORDS)
        if not good and not bad:
            raise InputRefused(label, "it holds no articles", _RECORDS)

    def _article(self, file: str, label: str, parsed: Parsed, part: str = "") -> Article:
        """The article, with the notices that a reader needs. Raises InputRefused when it has no body."""
        parsed = self.amend(parsed) if self.amend else parsed
        text = clean(parsed.text)
        if not any(char.isalnum() for char in text):
            why = "it holds no words" if text.strip() else "it holds only white space"
            raise InputRefused(label, why, _CHECK)
        skip = furniture(text)
        body = [span for span in lines(text) if span not in skip]
        if not body:
            raise InputRefused(label, "it holds only page furniture", "Save the article itself.")
        notices = [Notice(code, message) for code, message in parsed.notices]
        known = tidy(
            replace(parsed, title=_bare(parsed.title), outlet=_bare(parsed.outlet)), self.outlet, self.date
        )
        if (raw := self.date or parsed.date) and known.date is None:
            notices.append(Notice("date_unreadable", f"The date “{clean(raw)}” could not be read."))
        if known.note:
            notices.append(Notice("note", known.note))
        notices += filter(None, (damage.notice(text, known.language, skip), planted.notice(text)))
        title, first = known.title, text[slice(*body[0])]
        if title is None and (title := headline(text, body)):
            notices.append(Notice("title_from_text", "The title is the first line of the text."))
        elif title is None:
            title = file.removesuffix(".gz").rsplit(".", 1)[0] + (f", {part}" if part else "")
            notices.append(Notice("title_from_file_name", "No title was found; the file name stands for it."))
        heading = file.lower().endswith(".md") and first.startswith("# ")
        if len(body) > 1 and (heading or same_words(first, title)):
            skip = sorted([*skip, body[0]])
        return Article(
            id=digest(known.outlet or "", known.url or "", title, text)[:16],
            title=title,
            text=text,
            outlet=known.outlet,
            date=known.date,
            author=known.author,
            language=known.language,
            url=known.url,
            file=file,
            skip=tuple(skip),
            notices=tuple(notices),
        )


# What is in the bytes

# Tags that only format: any other one is no slip, and a reader should see it.
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|div|em|font|h[1-6]|i|mark|p|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>"
    r"|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)


def _bare(field: str | None) -> str | None:
    """A title or an outlet without the tags of a web page; one of nothing but tags is none."""
    return (_TAG.sub("", field).strip() or None) if field else None


def _too_large(label: str, size: int, most: int) -> InputRefused:
    why = f"it has {size / 1e6:,.0f} MB, and more than {most / 1e6:,.0f} MB is not read"
    return InputRefused(label, why, "Split it into smaller files, or save only the text.")


_MAGIC = (
    (b"%PDF-", "PDF document", ".pdf"), (b"\x89PNG", "PNG image", ""), (b"\xff\xd8\xff", "JPEG image", ""),
    (b"GIF8", "GIF image", ""), (b"PK\x03\x04", "ZIP archive or Office document", ""),
    (b"\x1f\x8b", "gzip archive", ".gz"), (b"7z\xbc\xaf", "7z archive", ""), (b"Rar!", "RAR archive", ""),
    (b"\xd0\xcf\x11\xe0", "old Office document", ""), (b"{\\rtf", "RTF document", ""),
    (b"SQLite format 3", "SQLite database", ""), (b"\x7fELF", "program", ""),
)  # fmt: skip


def _check_kind(suffix: str, label: str, data: bytes) -> None:
    """Raises InputRefused when the start of `data` shows that it is not what its name says."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix == ".pdf" and b"%PDF-" in data[:1024]:
        return
    kind = next(((what, ending) for mark, what, ending in _MAGIC if start.startswith(mark)), None)
    page = re.match(rb"<(?:!doctype html|html)\b", start, re.IGNORECASE)
    if kind is None and page and suffix in (".txt", ".md", ".pdf"):
        kind = ("web page", ".html")
    if kind:
        what, ending = kind
        hint = f"Rename it to end in {ending}." if ending else "Save the article as text, and add that."
        raise InputRefused(label, f"it is a {what} although its name ends in {suffix}", hint)


# What is in the text


def _markdown(decoded: Parsed, label: str) -> Parsed:
    """Body and front matter of a Markdown file; a heading at its start stands in for a missing title."""
    text = clean(decoded.text)
    fields: dict[str, Any] = {}
    if found := _FRONT_MATTER.match(text):
        fields, text = _front_matter(found["yaml"], label), text[found.end() :].lstrip("\n")
    elif re.match(r"---[ \t]*\n\w+:", text):
        raise InputRefused(label, "its front matter is never closed", "Write --- below its last field.")
    heading = _HEADING.match(text)
    parsed = replace(stated(fields), text=text, notices=decoded.notices)
    return replace(parsed, title=heading[1].rstrip("# \t")) if heading and not parsed.title else parsed


def _front_matter(block: str, label: str) -> dict[str, Any]:
    """The YAML of a front matter, every value as it is written: no `no` that means false, no dates."""
    import yaml

    if len(block) > _MOST_YAML:
        raise InputRefused(label, "its front matter is too long", "Keep only what describes the article.")
    try:
        fields = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings, lists and dicts only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = "its front matter is not valid YAML" + (f" on line {mark.line + 2}" if mark else "")
        raise InputRefused(label, why, "Put values with a colon or a quotation mark in quotes.") from None
    if fields and not isinstance(fields, dict):
        raise InputRefused(label, "its front matter is no list of fields", "Write one `name: value` a line.")
    return fields or {}


def _json(text: str, label: str, *, line: bool = False) -> Any:
    """The value of a JSON text. Raises InputRefused; `line`: it is one line, which `label` names already."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if line else f"line {error.lineno}, column {error.colno}"
        why = f"it is not valid JSON at {where} ({error.msg.lower()})"
    except RecursionError:
        why = "its JSON is nested too deeply"
    except ValueError as error:  # a number of thousands of digits
        why = f"it is not valid JSON ({error})"
    raise InputRefused(label, why, "Mend it there, or write it again with a JSON library.")


def _lines(label: str, stream: IO[bytes]) -> Records:
    """The lines of a .jsonl file, one in memory at a time."""
    number = total = 0
    while line := stream.readline(MAX_FILE_BYTES + 1):
        number, size, start = number + 1, len(line), line
        while size > MAX_FILE_BYTES and not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
            size += len(line)  # the rest of a line that is too long is passed over
        if (total := total + size) > MAX_JSONL_BYTES:
            raise _too_large(label, total, MAX_JSONL_BYTES)
        if size > MAX_FILE_BYTES or start.strip(b" \t\r\n\xef\xbb\xbf"):
            yield number, partial(_json_line, start, size)


def _json_line(line: bytes, size: int, label: str) -> Parsed:
    if size > MAX_FILE_BYTES:
        raise _too_large(label, size, MAX_FILE_BYTES)
    decoded = decode(line, label)
    return _record(_json(decoded.text.rstrip("\r\n"), label, line=True), decoded, label)


def _record(value: Any, decoded: Parsed, label: str) -> Parsed:
    """One JSON object. Raises InputRefused when it is none, or has no text."""
    if not isinstance(value, dict):
        raise InputRefused(label, "it is not a JSON object", 'Write each article as {"text": ...}.')
    fields = by_name(value)
    text = next((fields[key] for key in NAMES["text"] if fields.get(key) is not None), None)
    if not isinstance(text, str):
        why = "it has no text" if text is None else f"its text is not a string but {type(text).__name__}"
        raise InputRefused(label, why, "Put the article into a string field called text, body or content.")
    return replace(stated(value), text=text, notices=decoded.notices)
