"""One answer with everything that can be wrong with one, for the page, the terminal and the exports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.models import (
    Account,
    Answer,
    Article,
    Change,
    Citation,
    Notice,
    Origin,
    Quote,
    Reason,
    Sentence,
    Source,
    Voice,
)
from assistant.text import content_key, digest

TIDINGS = (
    "The Lantern Bridge closed on Monday.\n\nThe harbour master, Ada Torvane, said: “The pier was not safe, "
    "and we never said that it was.” She she repeated it on Tuesday. About 14 people were injured.\n"
)
COURANT = "Councillor Brandt Oyen said that 41 people may have been hurt. The council meets on Friday.\n"
DARK = "In all 41 people were hurt, and a mayor spoke of a dark day."
CLOSED = "The Lantern Bridge closed on Monday."
READ_AS = "Read in this conversation as: How many were injured?"
DAMAGED = (
    "The answer rests on text of The Port Sabel Tidings that looks damaged: a word is doubled in "
    "“… She she repeated …”."
)
ALTERED = "The pier was safe, and we often said that it was"


def article(text: str, outlet: str, title: str, **facts: Any) -> Article:
    return Article(digest(title, text)[:16], title, text, outlet, "2023-10-10", language="en", **facts)


ARTICLES = (
    article(TIDINGS, "The Port Sabel Tidings", "Bridge closed"),
    article(COURANT, "The Ellmar Courant", "Council to meet"),
    article(COURANT + " ", "Quayside Post", "Council meets"),
)


def cite(at: Article, words: str, **changes: Any) -> Citation:
    """The citation of the first place in an article that has these words."""
    start = at.text.index(words)
    end = start + len(words)
    return replace(Citation(content_key(at.id, start, end), at.id, "p", start, end, words), **changes)


DIFF = (
    Change("same", "The pier was"),
    Change("dropped", "not"),
    Change("same", "safe, and we"),
    Change("dropped", "never"),
    Change("added", "often"),
    Change("same", "said that it was"),
)


def flawed(tidings: Article, courant: Article, post: Article) -> Answer:
    """Six sentences: two proved, two unsupported, two unchecked; three quotations, of which one is proved."""
    safe = cite(tidings, "The pier was not safe, and we never said that it was", status="altered")
    closed, twice = (cite(tidings, words) for words in (CLOSED, "She she repeated it on Tuesday."))
    hurt, copied = (cite(each, "41 people may have been hurt") for each in (courant, post))
    ada, oyen = "Ada Torvane", "Brandt Oyen"
    voices = [
        (tidings, (Voice(None, "mentions", (closed.key, twice.key)), Voice(ada, "mentions", (safe.key,)))),
        (courant, (Voice(oyen, "mentions", (hurt.key,)),)),
        (post, (Voice(oyen, "mentions", (copied.key,)),)),
    ]  # fmt: skip
    return Answer(
        id="f1a8ed",
        question="How many people were injured on the Lantern Bridge?",
        kind="question",
        engine="llm",
        finding=None,
        rule="",
        summary=said(closed.key, safe.key, twice.key, hurt.key),
        accounts=tuple(Account(at.id, "mentions", spoken) for at, spoken in voices),
        citations={item.key: item for item in (closed, safe, twice, hurt, copied)},
        sources={at.id: Source.of(at) for at, _ in voices},
        notices=(Notice("read_as", READ_AS), Notice("damaged_text", DAMAGED, tidings.id)),
        origins=(Origin("o1", (tidings.id,), "one text"), Origin("o2", (courant.id, post.id), "same text")),
    )


def said(closed: str, safe: str, twice: str, hurt: str) -> tuple[Sentence, ...]:
    """The sentences of the answer, by the keys that they cite."""
    lead, doubt = "Ada Torvane said ", Reason("modality_differs", "the passage says “may have been”")
    altered = Quote(len(lead), len(lead + ALTERED), "altered", safe, DIFF)
    leaves_out = Reason("quote_altered", "the quotation leaves out “not” and “never”")
    nowhere = Reason("quote_not_found", "no source has the words quoted")
    dark = Quote(DARK.index("dark"), len(DARK) - 1, "not_found")
    quoted, verbatim = (
        "Brandt Oyen said that “41 people may have been hurt”.",
        Quote(23, 51, "verbatim", hurt),
    )
    return (
        Sentence(CLOSED, (closed,), "proved"),
        Sentence(f"{lead}{ALTERED}.", (safe,), "unsupported", (leaves_out,), (altered,)),
        Sentence("She repeated it.", (twice,), "unchecked", (Reason("damaged_text", "a word is doubled"),)),
        Sentence(DARK, (hurt,), "unsupported", (doubt, nowhere), (dark,)),
        Sentence("It may be more.", (hurt,), "unchecked"),
        Sentence(quoted, (hurt,), "proved", (), (verbatim,)),
    )
