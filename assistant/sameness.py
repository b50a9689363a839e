"""Which answers to one question say the same: two outlets, one account or two.

Whole answers of news prose share most of their words whatever they say, since all of them retell the
event. So an answer is cut into phrases, each phrase counts by how likely it is to be the part that answers
(a phrase with a number for "how long", one that opens with "because" for "why"), and every phrase looks for
its best counterpart in the other answer (as BERTScore does for tokens; Zhang et al. 2020). The phrases'
vectors are centred on their mean and freed of the question's direction: what all of them share is the
topic. Two answers that are near to the same third ones are nearer to each other (second order), and what
counts as near depends on how close the answers to this question lie together.

The cues are English; in other languages the phrases count by their length and their own words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assistant.amounts import read
from assistant.calendars import dates
from assistant.embedding import Embedder
from assistant.models import Span
from assistant.text import content_words

Matrix = NDArray[np.float64]

MOST_CHUNKS = 3  # chunks in a phrase
MOST_WORDS = 16  # words in a phrase of several chunks
MOST_PHRASES = 90  # of one answer; about 250 words
CHARACTERS = 6_000  # of one answer; more is no answer

_TOKEN = re.compile(r"\S+")
_CLOSES = re.compile(r"[,;:.!?)\"”»—。，；：！？]$|^[-–—]+$")
_ENDS = re.compile(r"[.!?。！？][\"”’»)]*$")
_SHORT = re.compile(r"(?:[A-Z]\.)+|(?:Gov|Mr|Mrs|Ms|Dr|Inc|Sen|Rep|Gen|Lt|St|No|vs)\.")
_EDGES = " ,;:.\"“”«»'‘’()-–—"
_LINKS = frozenset(
    "about after against amid and as at because before but by despite due during following for from if in "
    "including into of on or over per said saying since so than that through to under until via when where "
    "which while who whose with without".split()
)

_ASKS_NUMBER = re.compile(
    r"\bhow (?:long|many|much|often|old|far|big|large|high|soon|fast|tall|heavy|likely)\b|\bwhen\b|"
    r"\bwhat (?:year|date|day|time|number|percentage|percent|share|price|age)\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    r"\bwhy\b|\bhow come\b|\bwhat (?:caused?|causes|led|prompted|triggered|motivated)\b|\breasons?\b|"
    r"\bcause of\b",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(r"^\W*(?:who|whom|whose|where)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|hundred|thousand|"
    r"million|billion|decade|year|month|week|day|hour|minute|permanent(?:ly)?|until|indefinite(?:ly)?|today|tomorrow|"
    r"yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|"
    r"september|october|november|december)s?\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"because|due to|in response|in an? (?:effort|attempt|bid)|so that|(?:as )?part of|cit(?:ing|ed)|"
    r"aim(?:ed|ing)|in order|in hopes?|following|(?:amid|after|over|since)\b|reason|fail|need|for fear|"
    r"thanks to|prompted|driven by|as (?:an?|the|he|she|they|it)\b|"
    r"to (?!(?:the|an?|be|its|his|her|their)\b)[a-z]{3,}",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Weights:
    """How phrases count, and which score makes two answers the same.

    A phrase counts exp(cue + own * share of its words that the question has) * (words + 1). `near` and
    `spread` are the resemblance from which on two answers are the same and its deviation, where nothing is
    known about the question's other answers; `share` is the share of the pairs that are called the same
    where there are many; `settled` is the number of further answers at which both count alike.
    `numbers` is put on where a number is asked for and both give the same one, and taken off where they
    give others.
    """

    cue: float
    own: float
    near: float
    spread: float
    share: float
    settled: float
    numbers: float


# Fitted by `python -m training.sameness`, on four questions; the table there gives what each is worth.
WEIGHTS = Weights(cue=2.0, own=-1.0, near=0.24, spread=0.1, share=0.32, settled=8.0, numbers=1.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Answers number `first` < `second`; `same` when the score, in deviations, is above zero."""

    first: int
    second: int
    score: float

    @property
    def same(self) -> bool:
        """Whether the two answers give one account."""
        return self.score > 0


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one answer: vectors of shape (phrases, dimensions), unit length, then for each of
    them whether it has the question's cue, the share of its words that the question has, and its words."""

    vectors: Matrix
    cues: Matrix
    asked: Matrix
    lengths: Matrix

    def counts(self, weights: Weights) -> Matrix:
        """What each phrase counts for; sums to 1."""
        counts = np.exp(weights.cue * self.cues + weights.own * self.asked) * (self.lengths + 1)
        return np.asarray(counts / counts.sum())


def same_account(
    question: str, answers: Sequence[str], embedder: Embedder, weights: Weights = WEIGHTS
) -> tuple[Pair, ...]:
    """Every pair of answers to one question, with its score, in the order of the answers.

    Answers that are equal but for case and spacing are the same; an answer without a word is like no
    other. Raises EmbedderError.
    """
    if len(answers) < 2:
        return ()
    read_answers = phrases(question, answers, embedder)
    scores = decide(resemblance(read_answers, weights), agreement(question, answers), weights)
    plain = [" ".join(answer.casefold().split()) for answer in answers]
    pairs = []
    for first, second in combinations(range(len(answers)), 2):
        score = float(scores[first, second])
        if not plain[first].strip(_EDGES) or not plain[second].strip(_EDGES):
            score = -abs(score) - 1
        elif plain[first] == plain[second]:
            score = abs(score) + 1
        pairs.append(Pair(first, second, score))
    return tuple(pairs)


def phrases(question: str, answers: Sequence[str], embedder: Embedder) -> list[Phrases]:
    """The phrases of each answer, their vectors centred on all of them and without the question's part."""
    texts = [[answer[start:end] for start, end in spans(answer)] or ["-"] for answer in answers]
    rows = {text: row for row, text in enumerate(dict.fromkeys(text for own in texts for text in own))}
    raw = embedder.embed([question, *rows], "query").astype(np.float64)
    everywhere = [rows[text] + 1 for own in texts for text in own]
    middle = raw[everywhere].mean(axis=0)
    topic = _unit(raw[:1] - middle)[0]
    vectors = raw[1:] - middle
    vectors = _unit(vectors - np.outer(vectors @ topic, topic))
    asked = frozenset(content_words(question))
    found = []
    for own in texts:
        words = [content_words(text) for text in own]
        shares = [sum(word in asked for word in some) / len(some) if some else 0.5 for some in words]
        found.append(
            Phrases(
                vectors=vectors[[rows[text] for text in own]],
                cues=np.array([_has_cue(question, text) for text in own], float),
                asked=np.array(shares, float),
                lengths=np.array([len(text.split()) for text in own], float),
            )
        )
    return found


def spans(answer: str) -> list[Span]:
    """The phrases of an answer: up to MOST_CHUNKS chunks in a row, within a sentence, which overlap.

    A chunk ends at a punctuation mark and in front of a link word ("because", "until", "to").
    """
    chunks: list[Span] = []
    opens: int | None = None
    only_link, last = False, 0
    for match in _TOKEN.finditer(answer[:CHARACTERS]):
        word = match.group()
        link = word.strip(_EDGES).casefold() in _LINKS
        if opens is not None and link and not only_link:
            chunks.append((opens, last))
            opens = None
        only_link = link and (opens is None or only_link)
        opens, last = match.start() if opens is None else opens, match.end()
        if _CLOSES.search(word) and not _SHORT.fullmatch(word):
            chunks.append((opens, last))
            opens = None
    if opens is not None:
        chunks.append((opens, last))
    found: list[Span] = []
    for first in range(len(chunks)):
        for final in range(first, min(first + MOST_CHUNKS, len(chunks))):
            start, end = _trim(answer, chunks[first][0], chunks[final][1])
            if start < end and (final == first or len(answer[start:end].split()) <= MOST_WORDS):
                found.append((start, end))
            if _ENDS.search(answer[: chunks[final][1]][-4:]):
                break
    return found[:MOST_PHRASES]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _has_cue(question: str, phrase: str) -> bool:
    """Whether a phrase looks like what the question asks for; never for a question of another kind."""
    if _ASKS_NUMBER.search(question):
        return bool(_NUMBER.search(phrase))
    if _ASKS_WHY.search(question):
        return bool(_CAUSE.match(phrase))
    if _ASKS_NAME.search(question):
        return any(name not in question for name in _NAME.findall(phrase))
    return False


def resemblance(answers: Sequence[Phrases], weights: Weights) -> Matrix:
    """How well each two answers' phrases meet, of shape (answers, answers): about 0 to 1, symmetric.

    Vectors that are centred on themselves have a mean cosine of -1 / (their number - 1), which is added back:
    it is much for two short answers and nothing for thirty.
    """
    lift = 1 / max(1, sum(len(answer.vectors) for answer in answers) - 1)
    counts = [answer.counts(weights) for answer in answers]
    found = np.eye(len(answers))
    for a, b in combinations(range(len(answers)), 2):
        cosines = answers[a].vectors @ answers[b].vectors.T
        met = (cosines.max(axis=1) @ counts[a] + cosines.max(axis=0) @ counts[b]) / 2
        found[a, b] = found[b, a] = met + lift
    return found


def agreement(question: str, answers: Sequence[str]) -> Matrix:
    """Where a question asks for a number or a date: 1 where two answers share one, -1 where both give some
    and share none; else 0. Of shape (answers, answers)."""
    found = np.zeros((len(answers), len(answers)))
    if _ASKS_NUMBER.search(question):
        given = [_values(answer[:CHARACTERS]) for answer in answers]
        for a, b in combinations(range(len(answers)), 2):
            if given[a] and given[b]:
                found[a, b] = found[b, a] = 1 if given[a] & given[b] else -1
    return found


def _values(text: str) -> frozenset[Fraction | int]:
    values: set[Fraction | int] = {figure.low for figure in read(text, ("en",))}
    for date in dates(text):
        values |= {part for part in (date.year, date.day) if part}
    return frozenset(values)


def decide(near: Matrix, agreed: Matrix, weights: Weights) -> Matrix:
    """Scores of shape (answers, answers), symmetric, above zero where two answers are the same.

    `near`: their resemblance; `agreed`: whether their numbers agree, as `agreement` gives it.
    """
    count = len(near)
    settled = (count - 2) / (count - 2 + weights.settled)
    scores = (near - weights.near) / weights.spread
    if count > 3:
        scores = (1 - settled / 2) * scores + settled / 2 * _second_order(near)
    scores = scores + weights.numbers * agreed
    pairs = scores[np.triu_indices(count, 1)]
    cut = settled * np.quantile(pairs, 1 - weights.share)
    return np.asarray(scores - cut)


def _second_order(near: Matrix) -> Matrix:
    """How alike two answers' resemblances to all others are (correlation), standardised over the pairs."""
    count, own = len(near), np.diag(near)
    # Sums over the columns of all other answers: row a (first index) without its columns a and b.
    total = near.sum(axis=1)[:, None] - own[:, None] - near
    squares = (near**2).sum(axis=1)[:, None] - own[:, None] ** 2 - near**2
    products = near @ near.T - near * (own[:, None] + own[None])
    others = count - 2
    spread = np.sqrt(np.maximum(squares - total**2 / others, 1e-12))
    found = (products - total * total.T / others) / (spread * spread.T)
    pairs = found[np.triu_indices(count, 1)]
    return np.asarray((found - pairs.mean()) / max(float(pairs.std()), 1e-9))


def _unit(rows: Matrix) -> Matrix:
    """The rows scaled to length 1; a row of zeros stays."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12))
