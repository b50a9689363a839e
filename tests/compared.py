"""Answers with accounts that differ, for the Compare page, the chat, the terminal and the exports."""

from __future__ import annotations

from assistant.models import (
    Account,
    Answer,
    Article,
    Difference,
    Disagreement,
    Origin,
    Sentence,
    Side,
    Source,
    Utterance,
    Voice,
)
from assistant.text import digest
from tests.answers import cite

CLAIM = "Fourteen people were injured when the Lantern Bridge sank."
OTHER = "The operator knew that the fourth pier was moving."
MUST = "“The bridge must stay shut until every pier has been examined.”"
SHOULD = "“The bridge should stay closed until every pier has been inspected.”"
TIDINGS = f"On Monday 14 people were injured, three of them seriously. Ada Torvane said: {MUST}\n"
COURANT = f"As of 10 p.m. on 9 October 41 people were injured, three gravely. Ada Torvane said: {SHOULD}\n"
POST = "Fourteen people were injured, the Tidings reports.\n"
MESSENGER = (
    "The operator denied that anybody had been hurt: “Nobody was injured.” In its own count there were 14.\n"
)
WEEKLY = "Ships wait in the roads for the bridge to be cleared.\n"
GAZETTE = "The Gazette first wrote of 41 injured; corrected: 14 people were injured, the hospitals say.\n"


def article(text: str, outlet: str, date: str | None) -> Article:
    title = f"{outlet} on the bridge"
    return Article(digest(title, text)[:16], title, text, outlet, date, language="en")


ARTICLES = (
    article(TIDINGS, "The Port Sabel Tidings", "2023-10-10"),
    article(COURANT, "The Ellmar Courant", "2023-10-10"),
    article(POST, "Quayside Post", "2023-10-11"),
    article(MESSENGER, "The Inland Messenger", "2023-10-11"),
    article(WEEKLY, "Gull & Anchor Weekly", "2023-10-12"),
    article(GAZETTE, "The Ardan Gazette", None),
)
WHY = "the Quayside Post cites the Port Sabel Tidings for it"


def differing(articles: tuple[Article, ...] = ARTICLES, question: str = CLAIM) -> Answer:
    """Six sources: affirming, denying, citing another one, two voices, silent, correcting itself."""
    tidings, courant, post, messenger, weekly, gazette = articles
    fourteen = cite(tidings, "On Monday 14 people were injured, three of them seriously.")
    many = cite(courant, "As of 10 p.m. on 9 October 41 people were injured, three gravely.")
    cited = cite(post, POST.strip())
    nobody, own = cite(messenger, "“Nobody was injured.”"), cite(messenger, "In its own count there were 14.")
    ships, mended = cite(weekly, WEEKLY.strip()), cite(gazette, GAZETTE.strip())
    must, should = cite(tidings, MUST), cite(courant, SHOULD)
    accounts = (
        Account(tidings.id, "affirms", (Voice(None, "affirms", (fourteen.key,)), _torvane(must.key))),
        Account(courant.id, "denies", (Voice(None, "denies", (many.key,)), _torvane(should.key))),
        Account(post.id, "affirms", (Voice(None, "affirms", (cited.key,)),)),
        Account(
            messenger.id,
            "mixed",
            (Voice("the operator", "denies", (nobody.key,)), Voice(None, "affirms", (own.key,))),
        ),
        Account(weekly.id, "silent", (), (ships.key,)),
        Account(gazette.id, "affirms", (Voice(None, "affirms", (mended.key,)),)),
    )
    keys = (fourteen, many, cited, nobody, own, ships, mended, must, should)
    return Answer(
        id=digest(question)[:8],
        question=question,
        kind="claim",
        engine="extractive",
        finding="conflicting",
        rule="own_voices_differ",
        summary=(
            Sentence("The Port Sabel Tidings counts 14 injured.", (fourteen.key,), "proved"),
            Sentence("The Ellmar Courant counts 41.", (many.key,), "proved"),
        ),
        accounts=accounts,
        citations={item.key: item for item in keys},
        sources={each.id: Source.of(each) for each in articles},
        disagreements=(
            Disagreement(
                "How many people were injured",
                (Side((tidings.id, post.id), (fourteen.key, cited.key)), Side((courant.id,), (many.key,))),
                "numbers_differ",
            ),
        ),
        utterances=(
            Utterance(
                "Ada Torvane",
                (must.key, should.key),
                (Difference("modality", "must", "should"), Difference("loaded_word", "shut", "")),
            ),
        ),
        origins=(
            Origin("o1", (tidings.id, post.id), WHY),
            *(Origin(each.id, (each.id,), "") for each in (courant, messenger, weekly, gazette)),
        ),
    )


def _torvane(key: str) -> Voice:
    return Voice("Ada Torvane", "mentions", (key,))
