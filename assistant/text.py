"""Text without I/O: cleaning, sentences with offsets, words, names, and content keys."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import sentencex
import simplemma
import snowballstemmer
from anyascii import anyascii

from assistant.models import Span

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

# Function words and question words: they say nothing about what a question is about. Only English
# needs a list, since in other languages a question mostly meets its passages through vectors.
_STOP = frozenset(
    """
    a about after again against all also already am an and any anyone are as at be because been before being
    between both but by can cannot could did do does doing down during each ever few for from further get got
    had has have having he her here hers herself him himself his how i if in into is it its itself just
    let many may me might more most much must my no nor not now of off on once one only or other our ours out
    over own s same shall she should so some such t than that the their theirs them themselves then
    there these they this those through to too under until up upon us very was we were what when where
    whether which while who whom whose why will with within without would yet you your yours say says
    said saying tell tells told claim claims claimed report reports reported according happen happened
    happens source sources article articles account accounts differ describe
    """.split()
)

_BLOCK = 8_000  # characters: sentencex is quadratic in a paragraph of quotation marks or line ends
_MONTHS = "January February March April May June July August September October November December".split()
_KNOWN_WORDS = 0.7  # names are in no dictionary, so a short question rarely has more than this

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PUNCTUATION = "“”‘–—…\xa0"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SURROGATE_OR_NUL = re.compile("[\ud800-\udfff\x00]")


def clean(text: str) -> str:
    """`text` as it is stored: one kind of line end, no byte order mark.

    NUL and lone surrogates, which SQLite and UTF-8 cannot hold, become U+FFFD, which a reader sees.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE_OR_NUL.sub("\ufffd", text)


def digest(*parts: str) -> str:
    """Hex SHA-256 of the parts, separated so that ("ab", "c") and ("a", "bc") differ."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def content_key(source: str, start: int, end: int) -> str:
    """The key under which a span is cited: one letter and seven hex digits, the same in every run.

    Long enough that two spans of one answer do not collide, short enough for a small model to copy.
    """
    return "p" + digest(source, str(start), str(end))[:7]


def trim(text: str, span: Span) -> Span:
    """`span` without white space at its ends; an empty span collapses at its start."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sentences(text: str, language: str | None = None, span: Span | None = None) -> list[Span]:
    """Spans of the sentences of `text[span]`, in order, trimmed; a quotation is not cut inside.

    Method: sentencex (Wikimedia), which covers about 300 languages and keeps offsets.
    """
    spans: list[Span] = []
    for start, end in _blocks(text, span or (0, len(text))):
        found = sentencex.get_sentence_boundaries(  # type: ignore[attr-defined]
            (language or "en")[:2], text[start:end]
        )
        spans.extend(trim(text, (start + item["start_index"], start + item["end_index"])) for item in found)
    return [(first, last) for first, last in spans if last > first]


def _blocks(text: str, span: Span) -> Iterator[Span]:
    """`span` in pieces of bounded length, cut between paragraphs, else lines, else words."""
    start, end = span
    while end - start > _BLOCK:
        stop = start + _BLOCK
        cuts = (text.rfind(mark, start + 1, stop) for mark in ("\n\n", "\n", " "))
        cut = next((cut for cut in cuts if cut > start), stop)
        yield start, cut
        start = cut
    yield start, end


def fold(text: str) -> str:
    """Case, compatibility forms and accents folded away, for comparing words."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    marks = [char for char in set(decomposed) if unicodedata.combining(char)]
    return decomposed.translate(dict.fromkeys(map(ord, marks))) if marks else decomposed


def words(text: str) -> list[str]:
    """Folded words; scripts written without spaces give single characters."""
    # Quotation marks and dashes are in every article, and are all that keeps many passages from being ASCII.
    text = text.replace("’", "'")
    for mark in _PUNCTUATION:
        text = text.replace(mark, " ")
    folded = fold(text)
    found: list[str] = _WORD.findall(folded)
    if "'s" in folded:
        found = [word.removesuffix("'s") for word in found]
    if not _CJK.search(folded):
        return found
    return [piece for word in found for piece in (_CJK.findall(word) if _CJK.search(word) else [word])]


_OWN = threading.local()


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "en") -> str:
    """The Snowball stem of a folded word, or the word itself where there is no stemmer.

    English goes through its dictionary form first, since a stemmer does not know that "fell" is "fall".
    """
    name = _STEMMERS.get(language[:2])
    if name == "english":
        word = fold(simplemma.lemmatize(word, lang="en"))
    return _stemmer(name).stemWord(word) if name else word


def _stemmer(name: str) -> snowballstemmer.stemmer:
    # A stemmer holds the word that it is at, so two threads with one would get each other's stems.
    own = vars(_OWN)
    if name not in own:
        own[name] = snowballstemmer.stemmer(name)
    return own[name]


def content_words(text: str, language: str | None = None) -> list[str]:
    """Stems of the words that carry meaning, in order, with repetitions."""
    return [stem(word, language or "en") for word in words(text) if word not in _STOP]


def content_stem(word: str, language: str | None = None) -> str | None:
    """The stem of a folded word, None for one that carries no meaning."""
    return None if word in _STOP else stem(word, language or "en")


def is_common(phrase: str) -> bool:
    """Whether an English phrase has function words and question words only."""
    return all(word in _STOP for word in words(phrase))


def is_in(text: str, language: str | None) -> bool:
    """Whether most words of `text` are words of `language`; None stands for English.

    Method: simplemma's dictionaries. A language without one counts as met when it is not English.
    """
    code = (language or "en")[:2].lower()
    if code not in _STEMMERS or code == "ar":
        return not is_in(text, "en")
    if not any(char.isalpha() for char in text):
        return True
    known = float(simplemma.in_target_language(text, lang=code))
    rival = 0.0 if code == "en" else float(simplemma.in_target_language(text, lang="en"))
    return known >= _KNOWN_WORDS and known >= rival


def script(text: str) -> str:
    """The script that most letters of `text` are in: `latin`, `cyrillic`, `cjk` or `other`."""
    counts = {"latin": 0, "cyrillic": 0, "cjk": 0, "other": 0}
    for char in text:
        if not char.isalpha():
            continue
        if char < "\u0250" or "\u1e00" <= char < "\u1f00":
            counts["latin"] += 1
        elif "\u0400" <= char < "\u0530":
            counts["cyrillic"] += 1
        else:
            counts["cjk" if _CJK.match(char) else "other"] += 1
    return max(counts, key=lambda name: counts[name])


def romanised(text: str) -> list[str]:
    """Folded words in Latin letters, so that a name can be met across scripts.

    Method: anyascii, a table of one transliteration for each character.
    """
    return words(anyascii(text))


def long_date(iso: str) -> str:
    """A date as a reader says it: "2023-10-09" is "9 October 2023"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
