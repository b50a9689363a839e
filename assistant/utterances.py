"""One utterance in two renderings: quotations of one speaker on one occasion that sources word differently.

A rendering is one quotation as it is printed. Two of them are taken for one utterance where the speaker may
be the same, nothing told of the occasions forbids it, and their words meet well enough in one order; or where
they stand in the same place beside two that do. Words printed alike are one rendering, not two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from assistant.abreast import BE
from assistant.charged import things
from assistant.embedding import Embedder
from assistant.models import Article, Difference, Span
from assistant.occasions import conflict
from assistant.renderings import Rendering, Said, is_named, language_of, renderings, said_in, same_person
from assistant.rewording import differences, weight
from assistant.roles import common
from assistant.synonyms import senses
from assistant.text import romanised, words
from assistant.tokens import parse
from assistant.unsaid import Side

__all__ = ["Rendering", "TwoRenderings", "renderings", "same_utterances"]

_LEAST_SHARED = 3.0  # words with content that both have, names counted half
_LIKE = 0.5  # share of the words of both together (Dice) that two renderings of one speaker have
_HELD = 0.75  # share of the shorter one's words that does as well, with one shared word more
_UNNAMED = 0.62  # of both together, where it is not known who speaks
_UNNAMED_SHARED = 4.5
_UNNAMED_BEGINNINGS = 3
_ORDER = 0.6  # share of the shared words that stand in one order
_ANY_ORDER = 0.75  # share of both together from which the order does not matter: a passive, a clause in front
_BESIDE = 0.45  # share of all words of the longer one, next to renderings that were met
_BESIDE_CONTENT = 0.3  # share of the words with content of both together, there
_ONE = 0.85  # share of the words of the shorter part, letter by letter: printed alike but for a cut
_NEAR = 0.88  # cosine of two vectors of e5 from which two sentences in two languages say one thing
_MOST_EMBEDDED = 200  # sentences of two articles; more would keep a reader waiting
_CUT = re.compile(r"[\s,;]*(?:and\s|but\s)?(?:only\s)?(?:if|unless|except|provided|until|as long as)\b")


@dataclass(frozen=True, slots=True)
class TwoRenderings:
    """Two renderings of one utterance, what they say otherwise, and why they are taken for one."""

    a: Rendering
    b: Rendering
    differences: tuple[Difference, ...]
    why: str


def same_utterances(
    articles: Sequence[Article], embedder: Embedder | None = None
) -> tuple[TwoRenderings, ...]:
    """The utterances that two of the articles render differently, each pair once, in the articles' order.

    `embedder`: meets renderings in two languages, by one named speaker; without it only those in one are met.
    """
    found: list[TwoRenderings] = []
    unique = list({article.id: article for article in articles}.values())
    for one, other in combinations(unique, 2):
        if one.text < other.text:
            found += _between(said_in(one), said_in(other), embedder)
        elif one.text > other.text:  # compared in one order, so that the answer does not hang on it
            turned = map(_turned, _between(said_in(other), said_in(one), embedder))
            found += sorted(turned, key=lambda item: (item.a.start, item.b.start))
    return tuple(found)


def _turned(item: TwoRenderings) -> TwoRenderings:
    kinds = {"added_clause": "dropped_clause", "dropped_clause": "added_clause"}
    found = [Difference(kinds.get(each.kind, each.kind), each.b, each.a) for each in item.differences]
    return TwoRenderings(item.b, item.a, tuple(sorted(found, key=weight)), item.why)


# --- pairs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Met:
    """Two renderings whose words meet: in which part of each, how well, and what tells it."""

    a: Said
    b: Said
    first: Span
    second: Span
    score: float
    why: str
    same: bool = False


def _between(one: Sequence[Said], other: Sequence[Said], embedder: Embedder | None) -> list[TwoRenderings]:
    met = [found for a in one if a.long for b in other if b.long and (found := _meet(a, b))]
    if embedder is not None:
        met += _across(one, other, embedder)
    chosen = _best(met)
    chosen += _beside(one, other, chosen)
    chosen.sort(key=lambda item: (item.a.rendering.start, item.b.rendering.start))
    compared = [_compared(item, one, other) for item in chosen if not item.same]
    return [item for item in compared if item is not None]


def _best(met: Sequence[_Met]) -> list[_Met]:
    """Each rendering with the one that it meets best, and each part of it with one only.

    What one source prints as one quotation may be two in the other, broken by a tag: then it meets both.
    """
    chosen: list[_Met] = []
    for item in sorted(met, key=lambda item: (not item.same, -item.score, item.a.rendering.start)):
        if not any(_excludes(earlier, item) for earlier in chosen):
            chosen.append(item)
    return chosen


def _excludes(earlier: _Met, item: _Met) -> bool:
    if earlier.a is item.a:
        parted = item.first[0] >= earlier.first[1] or item.first[1] <= earlier.first[0]
        return not parted or earlier.b.speech != item.b.speech or earlier.b is item.b
    if earlier.b is item.b:
        parted = item.second[0] >= earlier.second[1] or item.second[1] <= earlier.second[0]
        return not parted or earlier.a.speech != item.a.speech
    return False


def _meet(a: Said, b: Said) -> _Met | None:
    """Whether two quotations may be one utterance, by their words, their speakers and their occasions."""
    named = is_named(a) and is_named(b)
    if named and not same_person(a.rendering, b.rendering):
        return None
    if not named and len(a.beginnings & b.beginnings) < _UNNAMED_BEGINNINGS:
        return None
    if a.english != b.english or len(a.keys & b.keys) < 2:
        return None
    if not a.english and language_of(a) != language_of(b):
        return None
    if _alike(a.plain, b.plain):
        first, second, *_ = _window(a, b)
        return None if conflict(a.occasion, b.occasion) else _Met(a, b, first, second, 1.0, "", same=True)
    first, second, score, shared, held, total = _window(a, b)
    if named:
        enough = score >= _LIKE or (held >= _HELD and shared >= _LEAST_SHARED + 1)
        if not a.english:
            enough = score >= _UNNAMED
    else:
        enough = score >= _UNNAMED and shared >= _UNNAMED_SHARED
    if shared < _LEAST_SHARED or not enough or conflict(a.occasion, b.occasion):
        return None
    return _Met(a, b, first, second, score, _why(a, b, total))


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether one is printed in the other, word by word, and no condition was cut off."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    text, inner = " ".join(long), " ".join(short)
    at = f" {text} ".find(f" {inner} ")
    return at >= 0 and not _CUT.match(text[at + len(inner) :])


def _window(a: Said, b: Said) -> tuple[Span, Span, float, float, float, int]:
    """The parts that meet best: their spans, the share of both, what they share, of the shorter, a count."""
    best = ((0, len(a.text)), (0, len(b.text)), 0.0, 0.0, 0.0, 0)
    for first in a.parts:
        one = _part(a, first)
        for second in b.parts:
            two = _part(b, second)
            both = _shared(one, two)
            weight = sum(0.5 if name else 1.0 for _, name in both)
            if weight < 2:
                continue
            sizes = [sum(0.5 if name else 1.0 for _, name in part) for part in (one, two)]
            score = 2 * weight / sum(sizes)
            if score * weight**0.5 <= best[2] * best[3] ** 0.5:
                continue
            met = {key for key, _ in both}
            order = common([key for key, _ in one if key in met], [key for key, _ in two if key in met])
            if score >= _ANY_ORDER or order >= _ORDER * len(met & {key for key, _ in two}):
                best = first, second, score, weight, weight / min(sizes), len(both)
    return best


@lru_cache(maxsize=4_096)
def _content(text: str, english: bool) -> tuple[tuple[str, bool], ...]:
    """The content words of a text, each once: its key, and whether it is a name."""
    parsed = parse(text)
    found: dict[str, bool] = {}
    for token in parsed.tokens:
        if token.content if english else (token.head and len(token.low) > 3):
            found.setdefault(token.key, token.name)
    return tuple(found.items())


def _part(said: Said, span: Span) -> tuple[tuple[str, bool], ...]:
    return _content(said.text[slice(*span)], said.english)


def _shared(one: Sequence[tuple[str, bool]], two: Sequence[tuple[str, bool]]) -> set[tuple[str, bool]]:
    """What both have; words that name or report one thing, more or less charged, are met too."""
    keys = {key for key, _ in two}
    both = {(key, name) for key, name in one if key in keys}
    left = [item for item in two if item not in both and item[0] not in {key for key, _ in both}]
    for key, name in one:
        if key in keys:
            continue
        mine, rows = senses(key, name), things(key)
        for item in left:
            if mine & senses(*item) or rows & things(item[0]):
                both.add((key, name))
                left.remove(item)
                break
    return both


# --- speakers and occasions -----------------------------------------------------------------------


def _why(a: Said, b: Said, shared: int) -> str:
    return f"{_who(a, b)}, {_when(a, b)}, with {shared} telling words in common"


def _who(a: Said, b: Said) -> str:
    names = [item.rendering.speaker for item in (a, b) if is_named(item)]
    if len(names) == 2:
        return f"both quote {max((name for name in names if name), key=len)}"
    return f"one names {names[0]} and the other nobody" if names else "neither names the speaker"


def _when(a: Said, b: Said) -> str:
    one, other = a.rendering.article.date, b.rendering.article.date
    if not one or not other:
        return "no date speaks against one occasion"
    if a.occasion.told and b.occasion.told and a.occasion.first == b.occasion.first and a.occasion.first:
        return f"for {a.occasion.first.isoformat()}"
    return f"in articles of {one}" if one == other else f"in articles of {one} and {other}"


# --- beside, and across languages -----------------------------------------------------------------


def _beside(one: Sequence[Said], other: Sequence[Said], chosen: Sequence[_Met]) -> list[_Met]:
    """Renderings next to two that were met, in the same speeches and on the same side."""
    taken = {id(item) for met in chosen for item in (met.a, met.b)}
    found: list[_Met] = []
    queue = list(chosen)
    while queue:
        met = queue.pop(0)
        for step in (-1, 1):
            a, b = _next(one, met.a, step), _next(other, met.b, step)
            if a is None or b is None or {id(a), id(b)} & taken or not (a.english and b.english):
                continue
            share = _all_words(a, b)
            if share < _BESIDE or not a.long or not b.long:
                continue
            taken |= {id(a), id(b)}
            why = f"{_who(a, b)}, {_when(a, b)}, next to words that both render"
            same = _alike(a.plain, b.plain)
            found.append(_Met(a, b, (0, len(a.text)), (0, len(b.text)), share, why, same))
            queue.append(found[-1])
    return found


def _next(all_said: Sequence[Said], said: Said, step: int) -> Said | None:
    place = next(number for number, item in enumerate(all_said) if item is said) + step
    if not 0 <= place < len(all_said) or all_said[place].speech != said.speech:
        return None
    return all_said[place]


def _all_words(a: Said, b: Said) -> float:
    """Share of all words of the longer one that both have in one order; 0 where those of content differ."""
    one, two = _content(a.text, True), _content(b.text, True)
    if 2 * len(_shared(one, two)) < _BESIDE_CONTENT * (len(one) + len(two)):
        return 0.0
    rows = [
        ["be" if token.low in BE else (token.key if token.head else token.low) for token in item.parse.tokens]
        for item in (a, b)
    ]
    return common(rows[0], rows[1]) / max(1, *map(len, rows))


def _across(one: Sequence[Said], other: Sequence[Said], embedder: Embedder) -> list[_Met]:
    """Renderings in two languages by one named speaker, by the cosine of their vectors."""
    pairs = [
        (a, b)
        for a in one
        for b in other
        if a.long and b.long and language_of(a) != language_of(b) and _one_name(a, b)
        and not conflict(a.occasion, b.occasion)
    ]  # fmt: skip
    sentences = {item: item.sentences for pair in pairs for item in pair}
    texts = list(
        dict.fromkeys(item.text[slice(*span)] for item, spans in sentences.items() for span in spans)
    )
    if not texts or len(texts) > _MOST_EMBEDDED:
        return []
    rows = dict(zip(texts, embedder.embed(texts, "query"), strict=True))
    found = []
    for a, b in pairs:
        both = [
            (float(rows[a.text[slice(*first)]] @ rows[b.text[slice(*second)]]), first, second)
            for first in sentences[a]
            for second in sentences[b]
        ]
        cosine, first, second = max(both, default=(0.0, (0, 0), (0, 0)))
        if cosine >= _NEAR:
            why = f"{_who(a, b)}, {_when(a, b)}, and the words say nearly the same in two languages"
            found.append(_Met(a, b, first, second, cosine, why))
    return found


def _one_name(a: Said, b: Said) -> bool:
    """Whether two quotations are one person's: both named, or the surname of one stands next to the other."""
    if is_named(a) and is_named(b):
        return same_person(a.rendering, b.rendering)
    for named, bare in ((a, b), (b, a)):
        if is_named(named) and not is_named(bare) and not bare.english:
            surname = romanised(named.rendering.speaker or "")[-1:]
            return bool(surname) and surname[0] in romanised(_beside_quote(bare.rendering))
    return False


def _beside_quote(item: Rendering) -> str:
    """The paragraph around a quotation without the quotation."""
    text = item.article.text
    first, last = text.rfind("\n", 0, item.start) + 1, text.find("\n", item.end)
    return text[first : item.start] + " " + text[item.end : last if last >= 0 else len(text)]


# --- differences ----------------------------------------------------------------------------------


def _compared(met: _Met, one: Sequence[Said], other: Sequence[Said]) -> TwoRenderings | None:
    """The two with their differences; None where they are one rendering, cut in other places."""
    a = Side(met.a.text, met.first, _speech(one, met.a))
    b = Side(met.b.text, met.second, _speech(other, met.b))
    found = differences(a, b, met.a.english and met.b.english)
    clauses = [item.a or item.b for item in found if item.kind in ("added_clause", "dropped_clause")]
    one_language = language_of(met.a) == language_of(met.b)
    only_cut = one_language and len(clauses) == len(found) and not any(map(_CUT.match, clauses))
    if only_cut and _letters(met) >= _ONE:
        return None
    return TwoRenderings(met.a.rendering, met.b.rendering, found, met.why)


def _letters(met: _Met) -> float:
    """Share of the words of the shorter part that both have letter by letter, in one order."""
    rows = [
        re.sub(r"[.’']", "", " ".join(words(said.text[slice(*span)]))).replace("-", " ").split()
        for said, span in ((met.a, met.first), (met.b, met.second))
    ]
    return common(rows[0], rows[1]) / max(1, min(map(len, rows)))


def _speech(all_said: Sequence[Said], said: Said) -> str:
    return " ".join(item.text for item in all_said if item.speech == said.speech)
