"""Word documents (.docx). For the child process of `parsing` only.

Shown is what a reader sees: inserted words yes, deleted and moved-away ones no, no comments, no hidden text.
The XML is read in a stream, without entities, and out of the archive under the limits of `archives`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import IO
from xml.parsers import expat

from assistant.archives import Archive
from assistant.documents import Parsed, sensible_title, stated
from assistant.errors import InputRefused
from assistant.kinds import CHECK, FRESH, MAX_TEXT

# `rt`: how to pronounce what stands below; a fallback repeats a box of text for older programs.
_UNSEEN = frozenset(("del", "moveFrom", "Fallback", "delText", "instrText", "rt"))
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_OFF = ("0", "false", "off")
_TITLES = ("title", "titel", "titre", "ttulo", "titolo")  # ids of the style, which Word translates
_CHUNK = 1 << 16


def read_manuscript(stream: IO[bytes], name: str) -> Parsed:
    """The document in the bytes of a .docx file. Raises InputRefused."""
    archive = Archive.open(stream, name)
    if "word/document.xml" not in archive.entries:
        raise InputRefused(name, "it is no Word document, although its name ends in .docx", FRESH)
    shown = _Shown()
    _parse(archive, "word/document.xml", name, shown)
    text = "\n\n".join(shown.blocks[0])
    if not any(char.isalnum() for char in text):
        raise InputRefused(name, "the document holds no text", "Pictures are not read: save the text itself.")
    core, custom = _Properties(), _Properties()
    _parse(archive, "docProps/core.xml", name, core)
    _parse(archive, "docProps/custom.xml", name, custom)
    facts = stated(dict(custom.values))
    author = core.values.get("creator", "")
    made = re.match(r"\d{4}-\d\d-\d\d", core.values.get("created", ""))
    told = (
        f"The file says that it was made on {made[0]}; when the article came out is not stated."
        if made
        else ""
    )
    return replace(
        facts,
        text=text,
        title=facts.title or sensible_title(core.values.get("title")) or shown.title,
        author=facts.author or (author if " " in author.strip() else None),  # else it is a user name
        language=facts.language or core.values.get("language"),
        notices=(("file_made", told),) if told and not facts.date else (),
    )


def _parse(archive: Archive, place: str, name: str, handler: _Shown | _Properties) -> None:
    """One XML file of the archive, told to the handler; nothing where there is none. Raises InputRefused."""
    if place not in archive.entries:
        return
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.data

    def refuse(*_: object) -> None:
        raise InputRefused(name, "its XML declares a document type, as bombs do", CHECK)

    parser.StartDoctypeDeclHandler = refuse
    stream = archive.stream(archive.entries[place], f"{name}/{place}")
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            if handler.size > MAX_TEXT:
                why = f"its text has more than {MAX_TEXT:,} characters, which is no article"
                raise InputRefused(name, why, "Split it into its articles.")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InputRefused(name, f"it is damaged on line {error.lineno} of {place}", FRESH) from None


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


@dataclass(slots=True)
class _Properties:
    """The leaves of a small XML file under their names; custom ones under the names that someone gave."""

    values: dict[str, str] = field(default_factory=dict)
    size: int = 0
    _key: str = ""
    _given: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "property":
            self._given = attributes.get("name", "")
        self._key = self._given or _local(tag)

    def end(self, tag: str) -> None:
        self._key, self._given = "", "" if _local(tag) == "property" else self._given

    def data(self, text: str) -> None:
        self.size += len(text)
        if self._key:
            self.values[self._key] = self.values.get(self._key, "") + text


@dataclass(slots=True)
class _Shown:
    """The words of a document in the order of reading: `blocks[0]` holds its paragraphs and tables."""

    blocks: list[list[str]] = field(default_factory=lambda: [[]])  # of the page, and of each cell around
    title: str | None = None
    size: int = 0
    _path: list[str] = field(default_factory=list)
    _unseen: int = 0  # how deep in something that is not shown
    _hidden: bool = False  # of the run under way
    _paragraphs: list[list[str]] = field(default_factory=list)
    _carried: list[str] = field(
        default_factory=list
    )  # of a paragraph whose mark was deleted: the next goes on
    _joined: bool = False
    _is_title: bool = False
    _rows: list[list[list[str]]] = field(default_factory=list)  # of each table around: its rows of cells
    _gone: bool = False  # the row was deleted

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        above = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "del" and above == "rPr" and self._path[-3:-2] == ["pPr"]:
            self._joined = True
        if name == "del" and above == "trPr":
            self._gone = True
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
            return
        value = next((value for key, value in attributes.items() if _local(key) == "val"), "")
        if name == "p":
            self._paragraphs.append(self._carried)
            self._carried, self._joined, self._is_title = [], False, False
        elif name == "pStyle":
            self._is_title = value.lower() in _TITLES
        elif name == "r":
            self._hidden = False
        elif name in ("vanish", "webHidden") and self._path[-3:-1] == ["r", "rPr"]:
            self._hidden = value not in _OFF
        elif name == "tbl":
            self._rows.append([])
        elif name == "tr" and self._rows:
            self._rows[-1].append([])
            self._gone = False
        elif name == "tc":
            self.blocks.append([])
        elif name in _MARKS and above == "r":
            self._write(_MARKS[name])

    def end(self, tag: str) -> None:  # noqa: ARG002 - expat gives it
        name = self._path.pop()
        if self._unseen:
            self._unseen -= 1
            return
        if name == "p" and self._paragraphs:
            self._end_paragraph(self._paragraphs.pop())
        elif name == "tc" and len(self.blocks) > 1:
            self._flush()
            cell = self.blocks.pop()
            if self._rows and self._rows[-1]:
                self._rows[-1][-1].append("\n".join(cell))
        elif name == "tr" and self._gone and self._rows:
            self._rows[-1].pop()
        elif name == "tbl" and self._rows:
            rows = [[cell for cell in row if cell.strip()] for row in self._rows.pop()]
            lines = [" | ".join(row) for row in rows if row]
            # One cell a row is no table but a frame.
            framed = all(len(row) < 2 for row in rows)
            self.blocks[-1].extend(lines if framed else ["\n".join(lines)])
        elif name == "body":
            self._flush()

    def data(self, text: str) -> None:
        if self._path[-1:] == ["t"] and not self._unseen:
            self._write(text)

    def _write(self, text: str) -> None:
        self.size += len(text)
        if self._paragraphs and not self._hidden:
            self._paragraphs[-1].append(text)

    def _end_paragraph(self, parts: list[str]) -> None:
        if self._joined:
            self._carried = parts
            return
        text = "".join(parts).strip()
        if text and self._is_title and self.title is None:
            self.title = " ".join(text.split())
        if text:
            self.blocks[-1].append(text)

    def _flush(self) -> None:
        parts, self._carried = self._carried, []
        self._joined = False
        self._end_paragraph(parts)
