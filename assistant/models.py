"""The nouns of the product: frozen, typed, and free of I/O.

Offsets are character offsets (Python `str` indices) into `Article.text`, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

SCHEMA = 1

Engine = Literal["extractive", "llm"]
Kind = Literal["claim", "question"]
Finding = Literal["supported", "contradicted", "conflicting", "attributed_only", "not_enough_evidence"]
Stance = Literal["affirms", "denies", "mixed", "mentions", "silent"]
Check = Literal["proved", "unsupported", "unchecked"]
QuoteStatus = Literal[
    "verbatim", "verbatim_spacing", "elided", "altered", "stitched", "misattributed", "not_found"
]
Span = tuple[int, int]

ACCEPTED: frozenset[QuoteStatus] = frozenset({"verbatim", "verbatim_spacing", "elided"})
"""What a quotation has to be to keep its quotation marks."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader has to know: a machine-readable code and one plain sentence."""

    code: str
    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one outlet, as it was read. What is not known is None, never guessed.

    `skip` holds the spans of `text` that no passage may contain: the headline, when it is the first
    line of the text, and page furniture such as "2 min read".
    """

    id: str
    title: str
    text: str
    outlet: str | None = None
    date: str | None = None
    author: str | None = None
    language: str | None = None
    url: str | None = None
    file: str | None = None
    skip: tuple[Span, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def label(self) -> str:
        """How the article is named in prose: its outlet, else its title in quotation marks."""
        return self.outlet or f"“{self.title}”"


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article: `text == article.text[start:end]`."""

    id: str
    article: str
    ordinal: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer keeps of an article, so that it reads the same after the article was removed."""

    id: str
    outlet: str | None
    title: str
    date: str | None
    url: str | None
    language: str | None

    @classmethod
    def of(cls, article: Article) -> Source:
        """The source that an article is."""
        return cls(article.id, article.outlet, article.title, article.date, article.url, article.language)

    @property
    def label(self) -> str:
        """The outlet, else the title in quotation marks."""
        return self.outlet or f"“{self.title}”"


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of an article: `article.text[start:end] == quote`, for every status."""

    key: str
    source: str
    passage: str
    start: int
    end: int
    quote: str
    status: QuoteStatus = "verbatim"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sentence is not proved: a machine-readable code and one plain clause, without a full stop."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words of a word diff: in both, `dropped` from the source, or `added` by the answer."""

    op: Literal["same", "dropped", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted span of a sentence, `sentence.text[start:end]`, and what proving it gave.

    An accepted quote stands between quotation marks in the text; any other has lost them. `key` names
    the place in the source that it was compared with; `diff` reads from the source to the answer.
    """

    start: int
    end: int
    status: QuoteStatus
    key: str | None = None
    diff: tuple[Change, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the words may keep their quotation marks."""
        return self.status in ACCEPTED


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the keys that it cites and what checking it gave."""

    text: str
    citations: tuple[str, ...] = ()
    check: Check = "unchecked"
    reasons: tuple[Reason, ...] = ()
    quotes: tuple[Quote, ...] = ()

    @property
    def why(self) -> str:
        """The reasons in one line, each with its code in front: "no_citation: it cites nothing"."""
        return "; ".join(f"{reason.code}: {reason.text}" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks in a source; `speaker` is None for the outlet itself."""

    speaker: str | None
    stance: Stance
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What one source says to the question. `nearest`: passages that were read and not used."""

    source: str
    stance: Stance
    voices: tuple[Voice, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement."""

    sources: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact on which sources differ, and the rule that found it."""

    about: str
    sides: tuple[Side, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference in meaning between two renderings of one utterance."""

    kind: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance that sources render differently."""

    speaker: str | None
    renderings: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Sources that go back to one report, and why they were put together."""

    id: str
    sources: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question is limited to: outlets by name, dates as YYYY-MM-DD, both ends included."""

    outlets: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: `stage` names it, `total` is 0 while it is not known."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Count:
    """What was read of an outlet: its sources, their passages, and how many sources address the question."""

    outlet: str
    sources: int
    passages: int
    speaking: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation, for reading follow-up questions."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with everything that it rests on; `as_json` is the public contract."""

    id: str
    question: str
    kind: Kind
    engine: Engine
    finding: Finding | None
    rule: str
    summary: tuple[Sentence, ...]
    accounts: tuple[Account, ...]
    citations: Mapping[str, Citation]
    sources: Mapping[str, Source]
    notices: tuple[Notice, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    origins: tuple[Origin, ...] = ()
    filters: Filters = field(default_factory=Filters)

    @property
    def cited(self) -> tuple[str, ...]:
        """Keys that the answer itself cites, in the order of their first mention."""
        keys = [key for sentence in self.summary for key in sentence.citations]
        keys += [key for account in self.accounts for voice in account.voices for key in voice.citations]
        keys += [key for item in self.disagreements for side in item.sides for key in side.citations]
        keys += [key for item in self.utterances for key in item.renderings]
        return tuple(dict.fromkeys(key for key in keys if key in self.citations))

    @property
    def unused(self) -> tuple[str, ...]:
        """Keys of passages that were read for the question and are not cited."""
        cited = set(self.cited)
        keys = [key for account in self.accounts for key in account.nearest if key not in cited]
        return tuple(dict.fromkeys(keys))

    def as_json(self) -> dict[str, Any]:
        """The object that `ask --json` prints (schema 1)."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "question": self.question,
            "kind": self.kind,
            "engine": self.engine,
            "finding": self.finding,
            "rule": self.rule,
            "summary": [
                {"text": item.text, "citations": list(item.citations), "check": item.check, "why": item.why}
                for item in self.summary
            ],
            "accounts": [asdict(account) for account in self.accounts],
            "disagreements": [asdict(item) for item in self.disagreements],
            "utterances": [asdict(item) for item in self.utterances],
            "origins": [asdict(item) for item in self.origins],
            "citations": {
                key: {name: value for name, value in asdict(citation).items() if name != "key"}
                for key, citation in self.citations.items()
            },
            "sources": {
                key: {
                    "outlet": source.outlet or "",
                    "title": source.title,
                    "date": source.date,
                    "url": source.url,
                    "language": source.language or "und",
                }
                for key, source in self.sources.items()
            },
            "notices": [asdict(notice) for notice in self.notices],
        }


@dataclass(frozen=True, slots=True)
class Visit:
    """What is remembered of an address on the web, so that it is asked only for what is new.

    `article` is the id of the article that a page gave, or of the last that a feed gave: where the library
    does not hold it, the visit counts for nothing. `changed` is what the feed said of the page then.
    """

    kind: Literal["page", "feed"]
    at: str
    """ISO 8601, UTC."""
    etag: str | None = None
    last_modified: str | None = None
    article: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What an address gave no article for, and needs none: pages as they were, and pages left for later."""

    address: str
    kind: Literal["page", "feed"]
    unchanged: int = 0
    left: int = 0
    """Pages, or sitemaps of an index, that one run does not reach any more."""
    damaged: bool = False

    @property
    def text(self) -> str:
        """What to tell the user, in whole sentences."""
        if self.kind == "page":
            return f"{self.address} is as it was when it was last read."
        pages = "1 page is as it was" if self.unchanged == 1 else f"{self.unchanged:,} pages are as they were"
        said = f"{self.address} lists nothing more that is new" + (f"; {pages}." if self.unchanged else ".")
        if self.left:
            said = (
                f"{self.address} lists more than one run reads, and {self.left:,} were left. Add it again "
                "for the next ones, or raise NEWS_ASSISTANT_FEED_ENTRIES."
            )
        if self.damaged:
            said += " It is damaged at its end, and what follows there was not read."
        return said
