"""gzip and deflate, taken apart in small steps, so that a small file cannot fill the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_STEP = 1 << 16  # bytes that one step may give
_MOST_MEMBERS = 64  # each costs a copy of what follows it


class Overflow(Exception):
    """More came out than was asked for."""


def inflate(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """What `chunks` hold, at most `most` bytes of it; `encoding` is gzip or deflate.

    Raises Overflow before more than `most` and one step is held, EOFError where the end is missing, and
    zlib.error where it is damaged. Bytes behind the end that begin no other gzip member are ignored.
    """
    found = bytearray()
    engine, members = None, 0
    for chunk in chunks:
        rest = chunk
        while rest:
            if engine is None:
                if members and not (encoding == "gzip" and rest.startswith(b"\x1f\x8b")):
                    return bytes(found)
                if members == _MOST_MEMBERS:
                    raise Overflow
                engine, members = zlib.decompressobj(_window(encoding, rest)), members + 1
            rest = _stepwise(engine, rest, found, most)
            if engine.eof:
                engine = None
    if engine is not None:
        raise EOFError
    return bytes(found)


def _window(encoding: str, data: bytes) -> int:
    """zlib's window bits; "deflate" is sent with zlib's header by some servers and without it by others."""
    if encoding == "gzip":
        return 31
    return 15 if data[0] & 15 == 8 else -15


def _stepwise(engine: zlib._Decompress, data: bytes, found: bytearray, most: int) -> bytes:
    """Adds to `found` what `data` gives, and returns what lies behind the end of the member."""
    while True:
        piece = engine.decompress(data, _STEP)
        found += piece
        if len(found) > most:
            raise Overflow
        data = engine.unconsumed_tail
        if engine.eof:
            return engine.unused_data
        if not data and len(piece) < _STEP:
            return b""
