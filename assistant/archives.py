"""ZIP archives, read member by member in memory; nothing is ever written to disk.

What a header says of sizes is never believed: bytes are counted while they are unpacked. The limits are on
the length of the directory and the number of members, on each member, on all members of one archive
together, and on how many times its packed size a member may grow. Members that share bytes are refused,
since that is how small archives are made to hold petabytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from assistant.decoding import decode
from assistant.errors import InputRefused
from assistant.kinds import CHECK, FRESH, READS, is_parts_of_page, printable, suffix

MAX_MEMBERS = 10_000
MAX_DIRECTORY_BYTES = 4_000_000  # zipfile makes an object of each entry; a million would take 800 MB
MAX_TOTAL_BYTES = 2_000_000_000
MAX_RATIO = 100  # text packs to a third, pages to a tenth; DEFLATE can go to a thousandth
_FREE_BYTES = 100_000  # below this size, no ratio is too high
_FREE_TOTAL = 10_000_000  # the same for all files together
_CHUNK = 1 << 16
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    IndexError,
)
"""What `zipfile` raises for damaged archives, as found by changing every byte of some."""

_UNPACK = "Unpack it yourself, and add the files that are articles."


@dataclass(slots=True)
class Member:
    """One readable file of an archive: `name` as a path inside it."""

    name: str
    label: str
    _archive: Archive
    _info: zipfile.ZipInfo

    def open(self) -> IO[bytes]:
        """A stream of its bytes, which raises InputRefused at the limits. Raises InputRefused."""
        return self._archive.stream(self._info, self.label)


class _Bounded:
    """A file of which no single read is long: `zipfile` reads the directory in one, as long as it claims."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(MAX_DIRECTORY_BYTES + 1 if size < 0 else min(size, MAX_DIRECTORY_BYTES + 1))
        if len(data) > MAX_DIRECTORY_BYTES:
            raise _TooManyError
        return data

    def seekable(self) -> bool:
        return True


class _TooManyError(Exception):
    """The directory is longer than is read."""


@dataclass(slots=True)
class Archive:
    """An open archive; `label` is what a refusal calls it."""

    label: str
    file: zipfile.ZipFile
    most: int  # bytes of all files together
    entries: dict[str, zipfile.ZipInfo]
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.most

    @classmethod
    def open(cls, stream: IO[bytes], label: str) -> Archive:
        """The archive in a stream that can seek. Raises InputRefused when it is damaged or a bomb."""
        many = f"it holds more than {MAX_MEMBERS:,} files"
        try:
            file = zipfile.ZipFile(_Bounded(stream))
        except _TooManyError:
            raise InputRefused(label, many, "Split it into smaller archives.") from None
        except BROKEN:
            why = "it is damaged or cut short, and cannot be read as an archive"
            raise InputRefused(label, why, FRESH) from None
        found = file.infolist()
        if len(found) > MAX_MEMBERS:
            raise InputRefused(label, many, "Split it into smaller archives.")
        _check_overlap(found, label)
        most = min(MAX_TOTAL_BYTES, max(_FREE_TOTAL, stream.seek(0, io.SEEK_END) * MAX_RATIO))
        return cls(label, file, most, dict(zip(_names(found, label), found, strict=True)))

    def members(self) -> Iterator[Member]:
        """Its readable files, in the order of a folder. Raises InputRefused when there are none."""
        beside: dict[PurePosixPath, set[str]] = {}
        for name in self.entries:
            beside.setdefault(PurePosixPath(name).parent, set()).add(PurePosixPath(name).name)
        names = [
            name
            for name, info in self.entries.items()
            if suffix(name) and not info.is_dir() and not _is_hidden(PurePosixPath(name), beside)
        ]
        if not names:
            what = "no file that can be read" if self.entries else "nothing"
            raise InputRefused(self.label, f"the archive holds {what}", READS if self.entries else CHECK)
        if all(self.entries[name].flag_bits & 1 for name in names):
            raise InputRefused(self.label, "it is locked with a password", _UNPACK)
        for name in sorted(names, key=lambda name: name.split("/")):
            yield Member(name, f"{self.label}/{name}", self, self.entries[name])

    def stream(self, info: zipfile.ZipInfo, label: str) -> IO[bytes]:
        """The bytes of one entry, counted while they are read. Raises InputRefused."""
        if info.flag_bits & 1:
            raise InputRefused(label, "it is locked with a password", _UNPACK)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Of the others, zipfile unpacks a whole chunk at once, however much that is.
            raise InputRefused(label, "it is packed by a method that is not read", _UNPACK)
        try:
            inner = self.file.open(info)
        except BROKEN as error:
            raise InputRefused(label, f"it is damaged ({_said(error)})", FRESH) from None
        counted = _Counted(inner, info.compress_size, label, self)
        return io.BufferedReader(counted, _CHUNK)  # type: ignore[type-var]


class _Counted(io.RawIOBase):
    """An entry's bytes up to the limits."""

    def __init__(self, inner: IO[bytes], packed: int, label: str, archive: Archive) -> None:
        self._inner, self._label, self._archive = inner, label, archive
        self._most = max(_FREE_BYTES, packed * MAX_RATIO)
        self._taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(min(len(buffer), _CHUNK))
        except BROKEN as error:
            raise InputRefused(self._label, f"it is damaged ({_said(error)})", FRESH) from None
        self._taken += len(data)
        self._archive.left -= len(data)
        if self._taken > self._most:
            why = f"it unpacks to more than {MAX_RATIO} times its size, as a bomb does"
            raise InputRefused(self._label, why, CHECK)
        if self._archive.left < 0:
            why = f"its files hold more than {self._archive.most / 1e6:,.0f} MB, and the rest was not read"
            raise InputRefused(self._archive.label, why, "Split it into smaller archives.")
        buffer[: len(data)] = data
        return len(data)


def _said(error: Exception) -> str:
    """The error in a few words; the name of its class where it has none that can be read aloud."""
    words = " ".join(str(error).split()).rstrip(".")
    return printable(words[:1].lower() + words[1:])[:80] if words else type(error).__name__


def _check_overlap(entries: list[zipfile.ZipInfo], label: str) -> None:
    """Raises InputRefused where the bytes of two entries overlap."""
    end = 0
    for info in sorted(entries, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise InputRefused(label, "several of its files share the same bytes, as in a bomb", CHECK)
        end = info.header_offset + 30 + info.compress_size  # 30: a local header without its name


def _names(entries: list[zipfile.ZipInfo], label: str) -> list[str]:
    """The entries' names; those without the mark of UTF-8 in the encoding that fits all of them."""
    plain = [info for info in entries if not info.flag_bits & 0x800]
    raw = b"\n".join(info.orig_filename.encode("cp437", "replace").replace(b"\n", b"?") for info in plain)
    try:
        told = decode(raw, label).text.split("\n") if raw and not raw.isascii() else []
    except InputRefused:
        told = []
    known = (
        {id(info): name for info, name in zip(plain, told, strict=False)} if len(told) == len(plain) else {}
    )
    names: list[str] = []
    seen: Counter[str] = Counter()
    for info in entries:
        name = printable(known.get(id(info), info.filename).replace("\\", "/").split("\0")[0]).strip("/")
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{seen[name]}, {name}")
    return names


def _is_hidden(path: PurePosixPath, beside: dict[PurePosixPath, set[str]]) -> bool:
    """Whether a path is a dotfile, one of macOS's shadows, or inside the parts of a saved page."""
    if any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
        return True
    return any(is_parts_of_page(folder.name, beside.get(folder.parent, ())) for folder in path.parents)
