"""The quotations of an article as renderings: what is printed, the words that were spoken, and by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.attribution import Spoken, spoken
from assistant.models import Article, Span
from assistant.occasions import Occasion, occasion
from assistant.persons import find, same_speaker
from assistant.roster import plain
from assistant.speaking import Text, one_utterance
from assistant.text import sentences, words
from assistant.tokens import Parse, is_english, parse

_LEAST_WORDS = 5  # of a quotation that is compared
_WINDOW = 3  # sentences that are compared at once
_MOST_SENTENCES = 40
_NOBODY = re.compile(
    r"(?:an?|some|one|two|another|his|her|their|its|officials?|sources?|residents?|witness(?:es)?|he|she|they)\b",
    re.I,
)
_ADDED = re.compile(r"[\[(][^\[\]()\n]{1,40}[\])]")  # an editor's word in a quotation
_TAG = re.compile(r"[^.!?…][\s,—–-]*[”\"»“]?[\s,—–-]*[^“”\"«»\n]{2,90}[,—–-]\s*[“\"«„]")


@dataclass(frozen=True, slots=True)
class Rendering:
    """One direct quotation of one article, `article.text[start:end]`, without its marks.

    A quotation that its tag breaks inside a sentence (“We,” he said, “will go.”) is one rendering, and the
    tag stands in it. `speaker`: as `attribution.spoken` names them, None where nobody is named.
    """

    article: Article
    start: int
    end: int
    speaker: str | None

    @property
    def quote(self) -> str:
        """The words as they are printed."""
        return self.article.text[self.start : self.end]


def renderings(articles: Sequence[Article]) -> list[Rendering]:
    """Every direct quotation of the articles that is long enough to compare, with its speaker, in order."""
    return [item.rendering for article in articles for item in said_in(article) if item.long]


@dataclass(frozen=True, eq=False)
class Said:
    """A rendering with the words of it that were spoken, and the number of the speech that it is part of."""

    rendering: Rendering
    text: str
    speech: int

    @cached_property
    def parse(self) -> Parse:
        """Its words."""
        return parse(self.text)

    @cached_property
    def long(self) -> bool:
        """Whether it has words enough to be compared."""
        return len(self.plain) >= _LEAST_WORDS

    @cached_property
    def english(self) -> bool:
        """Whether the article and the words are English."""
        article = self.rendering.article
        return (article.language or "en")[:2].lower() == "en" and is_english(self.text)

    @cached_property
    def plain(self) -> list[str]:
        """Its words, folded."""
        return words(self.text)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """How its longer words begin: cheap to compare before anything is read."""
        return frozenset(word[:4] for word in self.plain if len(word) > 3)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its content words."""
        return frozenset(_keys(self.parse, self.english))

    @cached_property
    def sentences(self) -> list[Span]:
        """Its sentences that are long enough to compare, as spans of its words."""
        found = self._all_sentences
        return [span for span in found if len(words(self.text[slice(*span)])) >= _LEAST_WORDS]

    @cached_property
    def _all_sentences(self) -> list[Span]:
        language = self.rendering.article.language
        return sentences(self.text, language)[:_MOST_SENTENCES] or [(0, len(self.text))]

    @cached_property
    def parts(self) -> list[Span]:
        """Its sentences, and runs of up to three of them."""
        single = self._all_sentences
        return [
            (single[first][0], single[last][1])
            for first in range(len(single))
            for last in range(first, min(len(single), first + _WINDOW))
        ]

    @cached_property
    def occasion(self) -> Occasion:
        """When, where and before whom it was said, as far as it is told."""
        item = self.rendering
        return occasion(item.article, (item.start, item.end), item.speaker)


@lru_cache(maxsize=256)
def said_in(article: Article) -> tuple[Said, ...]:
    """The quotations of an article that stand in no other one, in order, with the number of their speech."""
    text, found = article.text, list[Said]()
    source = Text(article.id, text, article.language)
    before: Spoken | None = None
    pieces: list[Spoken] = []
    speech = 0
    for item in spoken(text, article.language):
        if not item.direct or (before is not None and item.start < before.end):
            continue
        goes_on = (
            before is not None
            and before.speaker == item.speaker
            and one_utterance(source, before.end, item.start)
        )
        if before is not None and not (goes_on and _inside_sentence(text, before, item)):
            found.append(_one(article, pieces, speech))
            pieces = []
        speech += not goes_on
        pieces.append(item)
        before = item
    if pieces:
        found.append(_one(article, pieces, speech))
    return tuple(found)


def _one(article: Article, pieces: Sequence[Spoken], speech: int) -> Said:
    speaker = pieces[0].speaker
    whole = Rendering(article, pieces[0].start, pieces[-1].end, speaker)
    words_said = " ".join(article.text[item.start : item.end] for item in pieces)
    return Said(whole, _ADDED.sub(lambda match: " " * len(match.group()), words_said), speech)


def _inside_sentence(text: str, before: Spoken, item: Spoken) -> bool:
    """Whether a tag between commas or dashes breaks a sentence: the second part begins small."""
    first = next((char for char in text[item.start : item.end] if char.isalnum()), "")
    gap = text[before.end - 1 : item.start]
    return first.islower() and bool(_TAG.fullmatch(gap))


def _keys(parsed: Parse, english: bool) -> list[str]:
    """The content words of a text in order; without a list of function words, its longer words."""
    if english:
        return [token.key for token in parsed.tokens if token.content]
    return [token.key for token in parsed.tokens if token.head and len(token.low) > 3]


def is_named(said: Said) -> bool:
    """Whether the speaker is somebody: not "a resident", not "his office"."""
    speaker = said.rendering.speaker
    return speaker is not None and not _NOBODY.match(speaker)


def same_person(one: Rendering, other: Rendering) -> bool:
    """Whether the speakers of two articles may be one person, by name or by a title one of them uses."""
    return _same(one.speaker or "", one.article.text, other.speaker or "", other.article.text)


@lru_cache(maxsize=4_096)
def _same(a: str, text_a: str, b: str, text_b: str) -> bool:
    one, other = _surname(a, text_a), _surname(b, text_b)
    if one and other and one != other:
        return False
    if a.casefold() == b.casefold():
        return True
    there, here = same_speaker(a, b, text_b), same_speaker(b, a, text_a)
    return (there and here) if one and other else (there or here)


@lru_cache(maxsize=1_024)
def _surname(speaker: str, text: str) -> str | None:
    """The surname of a speaker in Latin letters; None where the article names no such person."""
    person = find(speaker, text)
    return plain(person.surname) if person else None


def language_of(said: Said) -> str:
    """The language that the words are in: two letters, "und" where unknown."""
    return "en" if said.english else (said.rendering.article.language or "und")[:2].lower()
