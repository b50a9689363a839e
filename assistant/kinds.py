"""Kinds of files: which endings are read, how large each may be, and what the first bytes give away.

A saved page is `name.html` and a folder beside it with the page's pictures, scripts and frames, which
browsers call `name_files` or the same in their own language; nothing in that folder is an article.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.errors import InputRefused
from assistant.settings import MAX_FILE_BYTES

MAX_HTML_BYTES = 5_000_000
MAX_TEXT = 2_000_000  # characters of one article: two long novels
MAX_STREAM_BYTES = 2_000_000_000  # .jsonl and .csv are read record by record, with limits on each
PAGES = (".html", ".htm")
READABLE = (
    ".txt", ".md", *PAGES, ".mhtml", ".mht", ".webarchive", ".pdf", ".docx", ".eml", ".json", ".jsonl",
    ".csv", ".tsv", ".json.gz", ".jsonl.gz", ".csv.gz", ".tsv.gz", ".zip",
)  # fmt: skip
READS = (
    "It reads .txt, .md, .html, .mhtml, .webarchive, .pdf, .docx, .eml, .json, .jsonl, .csv, .tsv and .zip "
    "files."
)
CHECK = "Check where it came from and save it again."
FRESH = "Get a fresh copy of the file."


def suffix(name: str) -> str | None:
    """The ending of `name` in READABLE, the longest that fits."""
    lower = name.lower()
    return next((ending for ending in reversed(READABLE) if lower.endswith(ending)), None)


def is_streamed(ending: str) -> bool:
    """Whether files of this ending are read record by record, and so may be larger."""
    return ending.startswith((".jsonl", ".csv", ".tsv"))


def most_bytes(ending: str) -> int:
    """The largest size of a file of this ending, packed and unpacked."""
    if ending in (".txt", ".md"):
        return 5 * MAX_TEXT
    return MAX_STREAM_BYTES if is_streamed(ending) or ending == ".zip" else MAX_FILE_BYTES


def printable(name: str) -> str:
    """A file name that can be printed and stored: bytes that are not UTF-8 and controls as U+FFFD."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def too_large(label: str, size: int, most: int) -> InputRefused:
    """The refusal of something that holds more than `most` bytes; `size` is what is known to be there."""
    why = f"it has {size / 1e6:,.0f} MB, and more than {most / 1e6:,.0f} MB is not read"
    return InputRefused(label, why, "Split it into smaller files, or save only the text.")


# What browsers call the folder of a saved page's parts; Chrome says `_files` everywhere.
_PARTS = re.compile(
    r"(?P<page>.+)(?:_files(?:_\d+)?|_fichiers|-dateien|_archivos|_ficheiros|_arquivos|_file|_bestanden|_pliki"
    r"|_soubory|-filer|_filer|_tiedostot|_файлы)",
    re.IGNORECASE,
)


def is_parts_of_page(folder: str, beside: Collection[str]) -> bool:
    """Whether a folder holds the parts of a saved page that lies `beside` it."""
    found = _PARTS.fullmatch(folder)
    return found is not None and any(found["page"] + ending in beside for ending in PAGES)


_MAGIC = (
    (b"%PDF-", "PDF document", ".pdf"), (b"\x89PNG", "PNG image", ""), (b"\xff\xd8\xff", "JPEG image", ""),
    (b"GIF8", "GIF image", ""), (b"PK\x03\x04", "ZIP archive or Office document", ""),
    (b"\x1f\x8b", "gzip archive", ".gz"), (b"7z\xbc\xaf", "7z archive", ""), (b"Rar!", "RAR archive", ""),
    (b"\xd0\xcf\x11\xe0", "old or locked Office document", ""), (b"{\\rtf", "RTF document", ""),
    (b"SQLite format 3", "SQLite database", ""), (b"\x7fELF", "program", ""),
)  # fmt: skip
_PACKED = (".zip", ".docx")


def check_start(ending: str, label: str, start: bytes) -> None:
    """Raises InputRefused when the first kilobyte of a file shows that it is not what its name says."""
    core = start[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if (ending == ".pdf" and b"%PDF-" in start[:1024]) or (ending in _PACKED and core.startswith(b"PK")):
        return
    kind = next(((what, right) for mark, what, right in _MAGIC if core.startswith(mark)), None)
    page = re.match(rb"<(?:!doctype html|html)\b", core, re.IGNORECASE)
    if kind is None and page and ending in (".txt", ".md", ".pdf", ".docx", ".csv", ".tsv", ".zip", ".eml"):
        kind = ("web page", ".html")
    if kind is None and ending in _PACKED:
        raise InputRefused(label, f"it is damaged, or no {ending} file", FRESH)
    if kind:
        what, right = kind
        hint = f"Rename it to end in {right}." if right else "Save the article as text, and add that."
        raise InputRefused(label, f"it is a {what} although its name ends in {ending}", hint)
