"""Runs of words by which two texts are compared, and a sketch by which copies of one text meet.

Method: shingles of five words (Broder 1997, "On the resemblance and containment of documents"); two texts
that share most of them also share some of their smallest hashes (a bottom-k sketch), and the share is then
counted.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.furniture import same_words
from assistant.models import Article, Span
from assistant.text import digest

SHINGLE = 5  # words
SHARED = 0.7  # of the shingles of each of two texts, to be one report; two reports on one event: at most .35
_SKETCH = 48  # smallest hashes of a text: two that share 2 of 3 shingles meet here all but surely
_CREDIT_WORDS = 12  # a line of fewer words that ends like no sentence is a heading or a credit line
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ENDS = tuple('.!?…。！？”"»’:;,')
_POWERS = np.array([pow(0x9E3779B97F4A7C15, n, 1 << 64) for n in range(1, SHINGLE + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """What a text is compared by: its shingles as hashes, the smallest of them, and a hash of all words."""

    shingles: frozenset[int]
    sketch: tuple[int, ...]
    words: str


def overlap(a: Print, b: Print) -> float:
    """The share of its shingles that the longer text has in common with the other."""
    most, least = max(len(a.shingles), len(b.shingles)), min(len(a.shingles), len(b.shingles))
    if not most or least < SHARED * most:
        return 0.0
    return len(a.shingles & b.shingles) / most


def print_of(article: Article) -> Print:
    """What an article is compared by."""
    return fingerprint(article.text, article.title, article.skip)


@lru_cache(maxsize=128)
def fingerprint(text: str, title: str, skip: tuple[Span, ...]) -> Print:
    """What a text is compared by, without the spans in `skip`, headings and credit lines."""
    words = _body(text, title, skip)
    codes = np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint64, len(words))
    size = max(0, len(words) - SHINGLE + 1)
    if size:
        mixed = sum(codes[n : n + size] * _POWERS[n] for n in range(SHINGLE))
        mixed ^= mixed >> np.uint64(29)
    else:
        mixed = codes[:0] if not words else np.array([zlib.crc32(" ".join(words).encode())], np.uint64)
    hashes = np.unique(np.asarray(mixed, np.uint64))
    shingles = [int(value) for value in hashes.tolist()]
    return Print(frozenset(shingles), tuple(shingles[:_SKETCH]), digest(" ".join(words)))


def _body(text: str, title: str, skip: tuple[Span, ...]) -> list[str]:
    """Folded words without furniture, headings and credit lines; all words where nothing else is there."""
    lines, at = [], 0
    for start, end in (*sorted(skip), (len(text), len(text))):
        lines += text[at:start].split("\n")
        at = max(at, end)
    kept = [line for line in lines if not _is_heading(line.strip(), title)]
    return _words("\n".join(kept)) or _words(text)


def _is_heading(line: str, title: str) -> bool:
    if line.endswith(_ENDS) or len(line) > 160 or _UNSPACED.search(line):
        return False
    return len(line.split()) < _CREDIT_WORDS or same_words(line, title)


def _words(text: str) -> list[str]:
    found = _WORD.findall(text.casefold())
    if not _UNSPACED.search(text):
        return found
    return [piece for word in found for piece in (word if _UNSPACED.search(word) else [word])]
