"""Which sentences address a question: the evidence that an answer may quote, source by source.

A sentence is scored by what it shares with the question in words and, through its passage, in
meaning. The weights are logistic regressions fitted by `training/relevance.py` on every second
question of `corpus/questions.yaml`; the README says what they reach on the other half.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.attribution import Spoken, leading, spoken, spoken_in
from assistant.credits import credit_lines, is_dateline
from assistant.embedding import Embedder
from assistant.events import same_event
from assistant.models import Article, Passage, Span
from assistant.planted import planted
from assistant.retrieval import Hit, Query, Reading, Retrieved, coverage, romanised_coverage
from assistant.text import is_common, is_in, script, sentences, words

PER_SOURCE = 3  # sentences quoted from one source at most
LEAST_WORDS = 3
ALIKE = 0.8  # share of common words from which two sentences are one sentence
BEHIND, CLEAR = 2.5, 1.0  # a source this far behind the best one needs this score to count
BARELY = -1.0  # the score that is enough in an article on the very event that is asked for
RARE = 0.6  # the score that a source in another language needs where most sources are in the question's
WITHIN = 2.0  # a sentence this far below the best of its source is left out
CROSS_PASSAGES = 4  # passages of a source whose sentences are embedded when words cannot help
CROSS_SENTENCES = 36  # sentences embedded for one question at most, 5 to 10 ms each on one core

LONGEST_CREDIT = 16  # words: a longer sentence that names an agency also says something

Near = dict[tuple[str, Span], float]  # cosines by article id and span of a sentence

_QUANTITY = re.compile(
    r"\b(how (many|much|large|big|high|long|deep|far|often|old)|what (number|share|percentage|sum|price)|"
    r"wie ?viele?|wie (hoch|lange|oft|alt)|cu[aá]nt[oa]s?|combien|сколько|скільки)\b|多少|几|幾",
    re.I,
)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|"
    r"millions?|billions?|none|nobody|nothing|half|several|twice|daily|hourly|free|unknown|unclear|"
    r"no (number|figure|one|people|dead|deaths?|injur\w+|casualt\w+|count|estimate)|"
    r"keine?[rsnm]?|niemand|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|hundert|tausend|million\w*)\b",
    re.I,
)
_CORRECTS = re.compile(
    r"(correction|clarification|korrektur|berichtigung|correcci[oó]n|исправление|уточнение)\b", re.I
)
_QUOTED = re.compile('[“"«„][^“”"«»„]+[”"»“]')
_ASKS_FOR_WORDS = re.compile(
    r"\b(what (did|does|do|has|have)\b.*\b(say|said|claim|tell|told|announce|state|call|mean|promise|deny)|"
    r"according to|in whose words|quoted? as)\b",
    re.I,
)


# A question in one of these languages has one of these words or a letter that English lacks; keys struck at
# random have neither, and their vector is near to anything.
_FOREIGN = frozenset(
    """
    der die das den dem des ein eine einen einem einer und oder ist sind war waren wird wurde wurden
    werden hat haben hatte wer wie was wo wann warum wieso welche welcher welches wem wen ob nicht kein
    keine mit von vom zu zum zur im am auf bei nach aus es gibt gab sich er sie wir kann soll el la los
    las un una unos unas son era fue fueron ha han quien quienes que como donde cuando cual cuales cuantos
    cuantas por para con del al en se no hay hubo su sus le les une et ou est sont ont qui quoi comment
    pourquoi quand quel quelle quels quelles combien dans avec sur pas du au aux ce il elle ils elles lo
    gli uno sono stato stata chi che cosa come dove perche quanti quante quale quali nel nella della dello
    dei delle di da non hanno os as um uma foi foram ser quem onde quando porque quantos quantas qual na
    nos nas do dos pelo pela com nao de het een zijn werd heeft hebben wat waar wanneer waarom hoeveel
    welke niet van met op bij voor door naar og det som ikke hvad hva hvem hvor hvorfor hvordan mange til
    fra har blev ble och att inte vad vem hur varfor var vilken nar ar till fran hvilken jest sa byl byla
    bylo kto co gdzie kiedy dlaczego czy ile nie przez jak kdo kde kdy proc kolik zda je jsou ne ve si sau
    este sunt cine unde cand cati cate nu din pe cu egy ki mi hol mikor miert hany volt nem hogy kuka mika
    missa milloin miksi kuinka moni onko oliko oli on ja ei bir kim nerede nasil kac mu icin bu apa siapa
    mana kapan mengapa bagaimana berapa apakah dan yang ke dari
    """.split()
)
_FOREIGN_CYRILLIC = frozenset(
    words(
        """
    и в на не с со что как кто где ли по за от из у о об к ко был была были было сколько когда почему есть
    нет для до при это этот та то чем чей какой какая какие какое какую каким
    какими каких какому какого кого кому кем чего чему чья чьи а но или же бы его её их он она они і й що як
    хто де чи скільки коли чому є про з зі від був була було були цей який яка які са е към какво кой къде
    кога защо колко има да се ще беше је када зашто колико су није
    """
    )
)


@dataclass(frozen=True, slots=True)
class Features:
    """What a sentence has in common with a question. Cosines are stretched to 20 * cosine - 16, since
    those of e5 lie between .7 and .9; the words are shares of the question's weight, 0 to 1."""

    passage: float
    sentence: float
    passage_words: float
    sentence_words: float
    no_number: float
    no_speech: float
    constant: float = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each feature, in the same order, and the log-odds that are needed at least."""

    values: tuple[float, ...]
    least: float

    def score(self, features: Features) -> float:
        """Log-odds above `least`: below zero a sentence does not address the question."""
        pairs = zip(self.values, astuple(features), strict=True)
        return float(sum(weight * value for weight, value in pairs)) - self.least


# A question for a number is addressed by a number, or by words that say that there is none: not fitted.
NEVER = -8.0
SAME_LANGUAGE = Weights((1.25, 0.0, 2.0, 3.98, NEVER, -3.06, -6.01), -1.9)
CROSS_LANGUAGE = Weights((0.92, 1.8, 0.2, -0.61, NEVER, 0.0, -1.62), -1.9)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that addresses the question: `article.text[start:end]`. Higher scores fit better.

    `spoken`: the direct and reported speech that reaches into it.
    """

    article: Article
    passage: Passage
    start: int
    end: int
    score: float
    spoken: tuple[Spoken, ...] = ()

    @property
    def speaker(self) -> str | None:
        """Whose words most of its speech is; None where only the outlet speaks, or nobody who is named."""
        return leading(self.spoken, (self.start, self.end))

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Asked:
    """One source after it was asked: its evidence in the order of the text, empty where it is silent.

    `cross`: it is in another language than the question.
    """

    reading: Reading
    evidence: tuple[Evidence, ...]
    cross: bool = False

    @property
    def score(self) -> float:
        """The score of its best sentence."""
        return max((item.score for item in self.evidence), default=float("-inf"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that was read, and what it has in common with the question."""

    passage: Passage
    span: Span
    spoken: tuple[Spoken, ...]
    features: Features
    cross: bool


def weigh(retrieved: Retrieved, embedder: Embedder) -> tuple[Asked, ...]:
    """Asks every source that was read; those that address the question come first, the best one leading.

    Sources in the question's own language lead the others: what words confirm is surer. A source that
    barely addresses it counts as silent where another one addresses it well.
    """
    found = candidates(retrieved, embedder)
    scored = {
        reading.article.id: _score(reading, found[reading.article.id]) for reading in retrieved.readings
    }
    scored = _share(scored)
    event = _event(retrieved, scored)
    asked = [
        Asked(
            reading,
            _choose(scored[reading.article.id], BARELY if reading.article.id in event else 0.0),
            any(item.cross for item in found[reading.article.id]),
        )
        for reading in retrieved.readings
    ]
    top = {
        cross: max((item.score for item in asked if item.cross is cross), default=0.0)
        for cross in (False, True)
    }
    rare = sum(item.cross for item in asked) * 2 < len(asked)
    asked = [
        item
        if item.reading.article.id in event
        or item.score > max(min(top[item.cross] - BEHIND, CLEAR), RARE if rare and item.cross else 0.0)
        else replace(item, evidence=())
        for item in asked
    ]
    return tuple(sorted(asked, key=lambda item: (not item.evidence, item.cross, -item.score)))


def _event(retrieved: Retrieved, scored: dict[str, list[Evidence]]) -> frozenset[str]:
    """The articles on the event that is asked for, where the best of the sources addresses it clearly."""
    best = {key: max((item.score for item in found), default=float("-inf")) for key, found in scored.items()}
    leader = max(retrieved.readings, key=lambda reading: best[reading.article.id], default=None)
    if leader is None or best[leader.article.id] < CLEAR:
        return frozenset()
    return same_event(retrieved.query, leader, retrieved.readings)


def candidates(retrieved: Retrieved, embedder: Embedder) -> dict[str, list[Candidate]]:
    """Every sentence of the passages that were read, by article id."""
    query = retrieved.query
    languages = _other_languages(query.text, retrieved.readings)
    cross = [reading for reading in retrieved.readings if reading.article.language in languages]
    near = _cosines(_shortlist(cross), query.vector, embedder) if cross else {}
    return {
        reading.article.id: list(_candidates(reading, query, near if reading in cross else None))
        for reading in retrieved.readings
    }


def _other_languages(text: str, readings: Sequence[Reading]) -> set[str | None]:
    """The languages of sources that a question is not in, where it is in some other one."""
    own = {language: is_in(text, language) for language in {item.article.language for item in readings}}
    foreign = any(own.values()) or is_foreign(text)
    english = is_in(text, "en") or any(map(is_common, words(text)))
    return {
        language
        for language, met in own.items()
        if not met and (foreign or (english and (language or "en")[:2].lower() != "en"))
    }


def is_foreign(text: str) -> bool:
    """Whether a text that is not English looks like one in another language, and not like struck keys."""
    found = words(text)
    kind = script(text)
    if kind == "cyrillic":
        return not _FOREIGN_CYRILLIC.isdisjoint(found) or any(char >= "\u0450" for char in text.lower())
    odd = any(char.isalpha() and not char.isascii() for char in text) or "¿" in text
    return kind != "latin" or odd or not _FOREIGN.isdisjoint(found)


def _is_no_statement(article: Article, span: Span) -> bool:
    """Whether a sentence is a credit, a dateline, or an order to an assistant, of which a notice tells."""
    start, end = span
    text = article.text[start:end]
    if is_dateline(text):
        return True
    if len(words(text)) <= LONGEST_CREDIT and any(
        first <= start and end <= last for first, last in credit_lines(article.text)
    ):
        return True
    return gives_orders(article, span)


def gives_orders(article: Article, span: Span) -> bool:
    """Whether a sentence holds an order to an assistant: of an article that was found to have some."""
    return any(notice.code == "planted_instruction" for notice in article.notices) and any(
        first < span[1] and span[0] < last for first, last in planted(article.text)
    )


def _candidates(reading: Reading, query: Query, near: Near | None) -> Iterable[Candidate]:
    article = reading.article
    whole = spoken(article.text, article.language)
    for hit in reading.hits:
        for span in spans(article, hit.passage):
            text = article.text[span[0] : span[1]]
            said = spoken_in(whole, span)
            if len(words(text)) < LEAST_WORDS:
                continue  # a fragment says nothing by itself
            if _is_no_statement(article, span):
                continue
            if _CORRECTS.match(text):
                span = (span[0], hit.passage.end)  # a correction is not quoted without what is correct
            if near is None:
                features = _features(query, hit, text, said, article)
            elif (article.id, span) in near:
                features = _cross_features(query, hit, text, near[article.id, span])
            else:
                continue
            yield Candidate(hit.passage, span, said, features, near is not None)


def _features(query: Query, hit: Hit, text: str, said: Sequence[Spoken], article: Article) -> Features:
    return Features(
        passage=20 * hit.cosine - 16,
        sentence=0.0,
        passage_words=hit.coverage,
        sentence_words=coverage(query, text, article),
        no_number=_lacks_number(query, text),
        no_speech=float(bool(_ASKS_FOR_WORDS.search(query.text)) and not (said or _QUOTED.search(text))),
    )


def _cross_features(query: Query, hit: Hit, text: str, cosine: float) -> Features:
    return Features(
        passage=20 * hit.cosine - 16,
        sentence=20 * cosine - 16,
        passage_words=romanised_coverage(query, hit.passage.text),
        sentence_words=romanised_coverage(query, text),
        no_number=_lacks_number(query, text),
        no_speech=0.0,
    )


def _lacks_number(query: Query, text: str) -> float:
    return float(bool(_QUANTITY.search(query.text)) and not _NUMBER.search(text))


def spans(article: Article, passage: Passage) -> list[Span]:
    """The sentences of a passage, as spans of the article."""
    return sentences(article.text, article.language, (passage.start, passage.end))


def _score(reading: Reading, found: Sequence[Candidate]) -> list[Evidence]:
    return [
        Evidence(
            reading.article,
            item.passage,
            *item.span,
            (CROSS_LANGUAGE if item.cross else SAME_LANGUAGE).score(item.features),
            item.spoken,
        )
        for item in found
    ]


def _share(scored: dict[str, list[Evidence]]) -> dict[str, list[Evidence]]:
    """The same words count the same in every source: a reprint is not silent where the print speaks."""
    best: dict[frozenset[str], float] = {}
    bags = {id(item): frozenset(words(item.text)) for found in scored.values() for item in found}
    speaking = [item for found in scored.values() for item in found if item.score > 0]
    for item in speaking:
        best[bags[id(item)]] = max(item.score, best.get(bags[id(item)], 0.0))

    def shared(item: Evidence) -> Evidence:
        own = bags[id(item)]
        alike = [score for bag, score in best.items() if len(bag & own) >= ALIKE * len(bag | own)]
        return replace(item, score=max([item.score, *alike]))

    return {source: [shared(item) for item in found] for source, found in scored.items()}


def _choose(scored: Sequence[Evidence], least: float) -> tuple[Evidence, ...]:
    best = sorted((item for item in scored if item.score > 0), key=lambda item: -item.score)
    best = best or sorted((item for item in scored if item.score > least), key=lambda item: -item.score)[:1]
    kept = [item for item in best if item.score > best[0].score - WITHIN][:PER_SOURCE]
    return tuple(sorted(kept, key=lambda item: item.start))


def _shortlist(readings: Sequence[Reading]) -> list[tuple[Article, Span]]:
    """Sentences to embed: of the best passage of each source first, so that every source is heard."""
    listed: list[tuple[Article, Span]] = []
    for rank in range(CROSS_PASSAGES):
        hits = [(reading.hits[rank], reading.article) for reading in readings if rank < len(reading.hits)]
        for hit, article in sorted(hits, key=lambda item: -item[0].cosine):
            listed.extend((article, span) for span in spans(article, hit.passage))
    return listed[:CROSS_SENTENCES]


def _cosines(listed: Sequence[tuple[Article, Span]], vector: NDArray[np.float32], embedder: Embedder) -> Near:
    """Cosines of the question with single sentences, where a shared language cannot find them."""
    vectors = embedder.embed([article.text[start:end] for article, (start, end) in listed], "passage")
    return {
        (article.id, span): float(cosine)
        for (article, span), cosine in zip(listed, vectors @ vector, strict=True)
    }
