"""Answers as they are saved, for the exports: with provenance, addresses and what a reader overruled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.collection import Collection
from assistant.models import Answer, Article, Filters
from assistant.provenance import around, hashed
from assistant.saved import Exchange, Held, Overruling, Provenance, Record
from tests import answers, compared

ASKED = "2026-11-26T18:44:42+00:00"
ADDED = "2026-11-20T08:00:01+00:00"
JUDGED = "2026-11-26T19:05:00+00:00"
READER = "Mira Reader"
TIDINGS_URL = "https://tidings.example/bridge?a=1&b=2#top"


def recorded(
    answer: Answer,
    articles: Sequence[Article],
    overrulings: tuple[Overruling, ...] = (),
    urls: Mapping[str, str | None] | None = None,
) -> Record:
    """The answer with what the library held; the first source has an address unless `urls` says otherwise."""
    given = {articles[0].id: TIDINGS_URL} if urls is None else urls
    sources = {key: replace(each, url=given.get(key)) for key, each in answer.sources.items()}
    held = {each.id: Held(hashed(each), ADDED, "A. Writer", None) for each in articles}
    texts = {each.id: each for each in articles}
    passages = {key: around(texts[each.source], each) for key, each in answer.citations.items()}
    return Record(replace(answer, sources=sources), ASKED, Provenance(held, passages), overrulings)


FLAWED = answers.flawed(*answers.ARTICLES)
ALTERED_KEY = FLAWED.summary[1].citations[0]
STANCE = Overruling(
    "stance", answers.ARTICLES[0].id, "mentions", "affirms", "the headline says so", READER, JUDGED
)
SENTENCE = Overruling("sentence", "3", "unsupported", "supported", "I saw the ledger", READER, JUDGED)
QUOTATION = Overruling("quotation", ALTERED_KEY, "altered", "verbatim", "the print edition", READER, JUDGED)
OVERRULED = recorded(FLAWED, answers.ARTICLES, (STANCE, SENTENCE, QUOTATION))
CLAIM = recorded(compared.differing(), compared.ARTICLES)
FAILED = Exchange(
    "e2", "c1", "What did the mayor say?", Filters(("Quayside Post",), "2023-10-01"), ASKED, "failed",
    error="The model server did not answer. Try again later.", partial="The mayor said that it",
)  # fmt: skip
STOPPED = Exchange("e3", "c1", "And then?", Filters(), ASKED, "interrupted")
CONVERSATION = Collection.conversation(
    "The Lantern Bridge",
    [
        Exchange("e1", "c1", FLAWED.question, FLAWED.filters, ASKED, "answered", OVERRULED),
        FAILED,
        STOPPED,
        Exchange("e4", "c1", compared.CLAIM, Filters(), ASKED, "answered", CLAIM),
    ],
)
COMPARISON = Collection.comparison(
    "The Lantern Bridge",
    [CLAIM, recorded(compared.differing(question=compared.OTHER), compared.ARTICLES)],
)
