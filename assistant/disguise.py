"""Readings of a text that was disguised: what it says once the disguise is off.

Characters of no width, look-alike letters and digits for letters, base64, hexadecimal, letter shifts
and reversed text. A decoding is yielded only where it shows a telling word that the text does not.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.models import Span

_MOST = 100  # encoded words that are looked at, since hostile text may hold any number
_NO_WIDTH = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁɡӏαοενρτυικ013457@$",
    "aeopcyxijshdglaoevptuikoieastas",
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NEEDLES = ("instruction", "disregard", "ignore", "assistant")
_BLOB = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,4000}={0,2}(?![\w+/])")
_HEX = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){16,2000}(?!\w)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _shift(by: int) -> dict[int, int]:
    moved = _LETTERS[by:] + _LETTERS[:by]
    return str.maketrans(_LETTERS + _LETTERS.upper(), moved + moved.upper())


_SHIFTS = [(_shift(-by), tuple(word.translate(_shift(by)) for word in _NEEDLES)) for by in range(1, 26)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a text: what it says, and where each of its characters stands (None: just there)."""

    text: str
    places: Sequence[int] | None = None

    def back(self, spans: Iterable[Span]) -> list[Span]:
        """Spans of the reading as spans of the text."""
        if self.places is None:
            return list(spans)
        ends = [(self.places[start], self.places[end - 1]) for start, end in spans if end > start]
        return [(min(pair), max(pair) + 1) for pair in ends]


def readings(text: str) -> Iterator[Reading]:
    """The text itself, without what has no width, and every decoding that shows a telling word."""
    plain = Reading(text)
    if _NO_WIDTH.search(text):
        places = [at for at, char in enumerate(text) if not _NO_WIDTH.match(char)]
        plain = Reading("".join(text[at] for at in places), places)
    yield plain
    low = plain.text.lower()
    alike = plain.text.translate(_FULL_WIDTH).translate(_LOOKALIKES)
    if any(low.count(word) < alike.lower().count(word) for word in _NEEDLES):
        yield Reading(alike, plain.places)
    for back, words in _SHIFTS:
        if any(word in low for word in words):
            yield Reading(plain.text.translate(back), plain.places)
    if any(word[::-1] in low for word in _NEEDLES):
        count = len(text)
        yield Reading(text[::-1], range(count - 1, -1, -1))
    for pattern, decode in ((_BLOB, _base64), (_HEX, _hexadecimal)):
        for number, match in enumerate(pattern.finditer(text)):
            if number >= _MOST:
                break
            if decoded := decode(match[0]):
                yield Reading(decoded, [match.start(), *[match.end() - 1] * len(decoded)])


def _base64(blob: str) -> str | None:
    blob = blob.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return _words(base64.b64decode(blob + "=" * (-len(blob) % 4)))
    except (binascii.Error, ValueError):
        return None


def _hexadecimal(blob: str) -> str | None:
    try:
        return _words(bytes.fromhex(re.sub("[ :]", "", blob)))
    except ValueError:
        return None


def _words(data: bytes) -> str | None:
    """The text that the bytes are, if they are any."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if " " in text and sum(char.isalpha() for char in text) > 0.6 * len(text) else None


_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007e]{4,}")


def invisible(text: str) -> list[Span]:
    """Runs of Unicode tag characters, which show nothing and spell ASCII; flags use them rightly."""
    return [match.span() for match in _TAGS.finditer(text)]
