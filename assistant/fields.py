"""Named fields: Markdown with front matter, JSON objects, and JSON lines.

Front matter and objects may call their fields by any of `documents.NAMES`; others, `id` among them, are
ignored. A .json file holds one object, a list of objects, or {"articles": [...]}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO, Any

from assistant.decoding import decode
from assistant.documents import NAMES, Parsed, by_name, stated
from assistant.errors import InputRefused
from assistant.kinds import MAX_STREAM_BYTES, too_large
from assistant.settings import MAX_FILE_BYTES
from assistant.text import clean

_MOST_YAML = 64_000
_MOST_VALUES = 2_000_000  # brackets and commas of a JSON text: each may stand for 70 bytes in memory
_MOST_BLANK = 100_000  # lines with nothing on them, one after the other
_FRONT_MATTER = re.compile(r"(?sm)---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"#[ \t]+(\S[^\n]*)")

Records = Iterator[tuple[int, Callable[[str], Parsed]]]  # a number, and what parses it under a name


def markdown(decoded: Parsed, label: str) -> Parsed:
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
    if sum(text.count(mark) for mark in "[{,") > _MOST_VALUES:
        why = f"its JSON holds more than {_MOST_VALUES:,} values"
        raise InputRefused(label, why, "Write one article a line into a .jsonl file.")
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


def json_records(decoded: Parsed, label: str) -> Parsed | Records:
    """The one object of a .json file, or its many, each with its number. Raises InputRefused."""
    value = _json(decoded.text, label)
    if isinstance(value, dict) and isinstance(value.get("articles"), list) and "text" not in value:
        value = value["articles"]
    if isinstance(value, list):
        return ((number, partial(_record, item, decoded)) for number, item in enumerate(value, 1))
    return _record(value, decoded, label)


def json_lines(label: str, stream: IO[bytes]) -> Records:
    """The lines of a .jsonl file, one in memory at a time. Raises InputRefused at the limits."""
    number = total = blank = 0
    while line := stream.readline(MAX_FILE_BYTES + 1):
        number, size, start = number + 1, len(line), line
        while size > MAX_FILE_BYTES and not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
            size += len(line)  # the rest of a line that is too long is passed over
        if (total := total + size) > MAX_STREAM_BYTES:
            raise too_large(label, total, MAX_STREAM_BYTES)
        if size > MAX_FILE_BYTES or start.strip(b" \t\r\n\xef\xbb\xbf"):
            blank = 0
            yield number, partial(_json_line, start, size)
        elif (blank := blank + 1) == _MOST_BLANK:
            raise InputRefused(label, f"{blank:,} of its lines in a row are empty", "Take them out.")


def _json_line(line: bytes, size: int, label: str) -> Parsed:
    if size > MAX_FILE_BYTES:
        raise too_large(label, size, MAX_FILE_BYTES)
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
