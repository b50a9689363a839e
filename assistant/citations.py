"""Proof of a draft: which passages each sentence cites, and whether they say what it says.

Code decides, with no model and no network. Offsets are character offsets into `Article.text`, and
for every citation that leaves this module `article.text[start:end] == quote`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.keys import Draft, all_keys, says_not_enough, says_what_was_searched, split
from assistant.models import (
    ACCEPTED,
    Article,
    Check,
    Citation,
    Notice,
    Passage,
    Quote,
    QuoteStatus,
    Reason,
    Sentence,
    Span,
)
from assistant.proof import Proof, Text, prove_quote
from assistant.quoting import find_quote, quotations, scan
from assistant.support import names_only, support
from assistant.text import clean, content_key, words
from assistant.voices import Ground, Said, is_source, said_in

__all__ = ["Checked", "check_draft", "cite", "find_quote", "quotations", "says_not_enough"]

_REASONS: Mapping[QuoteStatus, str] = {
    "altered": "quote_altered", "stitched": "quote_stitched", "misattributed": "quote_misattributed",
    "not_found": "quote_not_found",
}  # fmt: skip
_WORST = ("verbatim", "verbatim_spacing", "elided", "misattributed", "stitched", "altered", "not_found")
_MARKED = '“”„‟«»"＂「」『』'
_MARKS = str.maketrans("", "", _MARKED)

PassagesOf = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after checking. `citations` holds every key that the sentences name, and only those."""

    sentences: tuple[Sentence, ...]
    citations: dict[str, Citation]
    notices: tuple[Notice, ...]


def cite(
    article: Article,
    passage: Passage,
    start: int,
    end: int,
    status: QuoteStatus = "verbatim",
    *,
    over: bool = False,
) -> Citation:
    """The citation of `article.text[start:end]`, which lies inside `passage`; with `over`, it begins there.

    Raises ValueError when it does not, or when the passage is not the article's own text: then the
    offsets mean nothing, and no answer may be built on them.
    """
    if passage.article != article.id or article.text[passage.start : passage.end] != passage.text:
        raise ValueError(f"passage {passage.id} is not a passage of article {article.id} as it is stored")
    last = len(article.text) if over else passage.end
    if not passage.start <= start < min(end, passage.end) or end > last:
        raise ValueError(f"span {start} to {end} lies outside passage {passage.id}")
    key = content_key(article.id, start, end)
    return Citation(key, article.id, passage.id, start, end, article.text[start:end], status)


def check_draft(
    text: str,
    shown: Mapping[str, Passage],
    articles: Mapping[str, Article],
    passages_of: PassagesOf | None = None,
) -> Checked:
    """The sentences of a model's `text`, each with its citations and what checking them gave.

    `shown`: what the model was given, by key; `articles`: all that were read, by id; `passages_of`: every
    passage of an article, for quotations that stand in one that was not shown. A sentence is `proved` when
    its quotations are and the rest of it only says whose they are, or when it repeats a sentence of its
    passages; `unsupported`, with the reasons, when a rule finds it wrong; else `unchecked`.
    """
    checker = _Checker(shown, articles, passages_of or (lambda _: ()))
    kept: list[Sentence] = []
    citations: dict[str, Citation] = {}
    before = ""
    for draft in split(clean(text)):
        sentence, cited = checker.check(draft, before)
        before = draft.text
        kept.append(sentence)
        for citation in cited:
            known = citations.setdefault(citation.key, citation)
            if _WORST.index(citation.status) > _WORST.index(known.status):
                citations[citation.key] = citation  # the same span quoted less exactly elsewhere
    unknown = dict.fromkeys(key for key in all_keys(clean(text)) if key not in shown)
    notices = [
        Notice("unknown_citation", f"The model cited [{key}], which is no passage that was read.")
        for key in unknown
    ]
    return Checked(tuple(kept), citations, tuple(notices))


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A quoted span of a draft, its proof, and the citation of the place that it was compared with."""

    span: Span
    proof: Proof
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class _Checker:
    shown: Mapping[str, Passage]
    articles: Mapping[str, Article]
    passages_of: PassagesOf

    def check(self, draft: Draft, before: str) -> tuple[Sentence, list[Citation]]:
        """One sentence, with `before` the one that it follows."""
        known = [key for key in draft.keys if key in self.shown]
        said = said_in(draft.text, before)
        headlines = self._headlines(draft.text, said)
        spans = self._spans(draft.text, headlines)
        quoted = [self._quoted(draft.text, span, known, said) for span in spans]
        cited = self._cited(known, quoted)
        reasons = [*self._of_keys(draft), *self._of_quotations(draft, quoted)]
        if not known:
            return self._sentence(draft.text, quoted, cited, bool(reasons), False, reasons), cited
        grounds = self._grounds(known, quoted)
        proofs = [(item.span, item.proof) for item in quoted]
        found = support(_blanked(draft.text, headlines), grounds, said, proofs)
        wrong = bool(reasons or found.reasons)
        reasons += [*found.reasons, *found.doubts]
        return self._sentence(draft.text, quoted, cited, wrong, found.proved, reasons), cited

    def _of_keys(self, draft: Draft) -> Iterator[Reason]:
        if not draft.keys and not self._only_tells_the_search(draft.text):
            yield Reason("no_citation", "it cites nothing")
        for key in draft.keys:
            if key not in self.shown:
                yield Reason("unknown_citation", f"it cites [{key}], which is no passage that was read")

    def _of_quotations(self, draft: Draft, quoted: Sequence[_Quoted]) -> Iterator[Reason]:
        for item in quoted:
            if not item.proof.accepted:
                yield Reason(_REASONS[item.proof.status], self._refusal(draft.text, item))

    def _only_tells_the_search(self, text: str) -> bool:
        return says_what_was_searched(text) and names_only(text, self.articles.values())

    def _headlines(self, text: str, said: Said) -> list[Span]:
        """Headlines of articles that the sentence names, and puts in nobody's mouth."""
        titles = [article.title for article in self.articles.values() if len(words(article.title)) > 2]
        named = [span for title in titles if (span := find_quote(title, text))]
        return [span for span in named if self._speaker(span, said, self.articles) is None]

    def _speaker(self, span: Span, said: Said, sources: Iterable[str]) -> str | None:
        """Who says a span of the sentence; None for nobody, and for the outlets themselves."""
        speaker = said.speaker_of(span)
        outlet = speaker and any(is_source(speaker, self.articles[source]) for source in sources)
        return None if outlet else speaker

    def _spans(self, text: str, headlines: Sequence[Span]) -> list[Span]:
        """What stands in quotation marks and is not the headline of an article."""
        return [
            (start, end)
            for start, end in quotations(text)
            if words(text[start:end]) and not any(a <= start and end <= b for a, b in headlines)
        ]

    def _quoted(self, text: str, span: Span, known: Sequence[str], said: Said) -> _Quoted:
        """The proof of one quotation against the sources that its sentence cites."""
        sources = [Text(item.id, item.text, item.language) for item in self.articles.values()]
        claimed = list(dict.fromkeys(self.shown[key].article for key in known))
        speaker = self._speaker(span, said, claimed)
        quote = text[slice(*span)]
        tried = [prove_quote(quote, sources, source, speaker) for source in claimed]
        if not tried:
            tried = [Proof("not_found", why="its sentence cites nothing")]
        proof = min(tried, key=lambda item: _WORST.index(item.status))
        return _Quoted(span, proof, self._place(proof, known))

    def _place(self, proof: Proof, known: Sequence[str]) -> Citation | None:
        """The citation of a proof's place, in a passage that was shown where that can be."""
        if proof.source is None:
            if not known:
                return None
            passage = self.shown[known[0]]
            return cite(self.articles[passage.article], passage, passage.start, passage.end, "not_found")
        holding = [
            passage
            for passage in [
                *(self.shown[key] for key in known),
                *self.shown.values(),
                *self.passages_of(proof.source),
            ]
            if passage.article == proof.source and passage.start <= proof.start < passage.end
        ]
        whole = [passage for passage in holding if proof.end <= passage.end]
        if not holding:
            return None
        article, passage = self.articles[proof.source], (whole or holding)[0]
        return cite(article, passage, proof.start, proof.end, proof.status, over=True)

    def _cited(self, known: Sequence[str], quoted: Sequence[_Quoted]) -> list[Citation]:
        """What a sentence cites: its quotations, and whole the passages from which it quotes nothing."""
        found: list[Citation] = []
        for key in known:
            passage = self.shown[key]
            inside = [
                item.citation for item in quoted if item.citation and item.citation.passage == passage.id
            ]
            found += inside or [cite(self.articles[passage.article], passage, passage.start, passage.end)]
        found += [item.citation for item in quoted if item.citation and item.citation not in found]
        return found

    def _grounds(self, known: Sequence[str], quoted: Sequence[_Quoted]) -> list[Ground]:
        """What the sentence rests on: its passages, and the places of its proved quotations."""
        grounds = [Ground.of(self.articles[self.shown[key].article], self.shown[key]) for key in known]
        for item in quoted:
            if item.proof.accepted and item.citation and item.citation.source:
                article = self.articles[item.citation.source]
                grounds.append(Ground.around(article, item.proof.start, item.proof.end))
        return list(dict.fromkeys(grounds))

    def _refusal(self, text: str, item: _Quoted) -> str:
        short = " ".join(text[slice(*item.span)].split()).translate(_MARKS)
        short = short if len(short) <= 120 else short[:119].rstrip() + "…"
        why = item.proof.why
        if item.proof.status == "misattributed" and item.citation:
            label = self.articles[item.citation.source].label
            why = f"{why} ({label})" if "another source" in why else why
        return f"‘{short}’ is no quotation: {why}"

    def _sentence(
        self,
        text: str,
        quoted: Sequence[_Quoted],
        cited: Sequence[Citation],
        wrong: bool,
        proved: bool,
        reasons: Sequence[Reason],
    ) -> Sentence:
        check: Check = "unsupported" if wrong else "proved" if proved and not reasons else "unchecked"
        text, spans = _unmarked(text, quoted)
        quotes = tuple(
            Quote(*span, item.proof.status, item.citation.key if item.citation else None, item.proof.diff)
            for span, item in zip(spans, quoted, strict=True)
        )
        keys = tuple(dict.fromkeys(citation.key for citation in cited))
        return Sentence(text, keys, check, tuple(dict.fromkeys(reasons)), quotes)


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with spans blanked: what a headline says is not what the sentence says."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _unmarked(text: str, quoted: Sequence[_Quoted]) -> tuple[str, list[Span]]:
    """`text` without the quotation marks of what is not accepted, and where each quoted span stands then."""
    refused = [item.span for item in quoted if item.proof.status not in ACCEPTED]
    gone: set[int] = set()
    at = 0
    for item in scan(text):
        while at < len(refused) and refused[at][1] < item.start:
            at += 1
        if at < len(refused) and item.start <= refused[at][0] and refused[at][1] <= item.end:
            gone.update(i for i in range(item.start, item.end) if text[i] in _MARKED)
            gone.update({item.start - 1, item.end} if item.closed else _lone(text, item.start, item.end))
    place = [0]
    for at in range(len(text)):
        place.append(place[-1] + (at not in gone))
    kept = "".join(char for at, char in enumerate(text) if at not in gone)
    return kept, [(place[start], place[end]) for start, end in (item.span for item in quoted)]


def _lone(text: str, start: int, end: int) -> set[int]:
    """The one mark of a quotation that lacks the other."""
    return {at for at in (start - 1, end) if 0 <= at < len(text) and text[at] in _MARKED}
