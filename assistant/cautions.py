"""What a reader has to know of the sources that an answer rests on: notes, damaged text, planted orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.damage import damage_in
from assistant.evidence import Asked
from assistant.extractive import Draft
from assistant.models import Notice
from assistant.naming import listed, name_of

NOTABLE = frozenset({"note", "decoded_as", "bytes_damaged"})  # notices of a source that quotations rest on
AROUND = 30  # characters shown on both sides of damaged text


def cautions(
    draft: Draft, keys: Sequence[str], asked: Sequence[Asked], told: Iterable[Notice]
) -> list[Notice]:
    """Notices of the sources: `keys` are those that the answer names, `told` comes behind the notes."""
    return [*_notes(draft, keys, asked), *told, *_damage(draft, asked), *_orders(asked)]


def _notes(draft: Draft, keys: Sequence[str], asked: Sequence[Asked]) -> list[Notice]:
    """What a reader has to know of the sources that the answer cites; the same words once."""
    unused = {key for account in draft.accounts for key in account.nearest}
    cited = {draft.citations[key].source for key in keys if key not in unused}
    notes: dict[tuple[str, str], list[str]] = {}
    for item in asked:
        article = item.reading.article
        for notice in article.notices:
            if article.id in cited and notice.code in NOTABLE:
                notes.setdefault((notice.code, notice.text), []).append(name_of(article))
    return [Notice(code, f"{listed(names)}: {text}") for (code, text), names in notes.items()]


def _damage(draft: Draft, asked: Sequence[Asked]) -> Iterator[Notice]:
    """A notice for each place of damaged text that a sentence of the summary rests on."""
    articles = {item.reading.article.id: item.reading.article for item in asked}
    keys = dict.fromkeys(key for sentence in draft.summary for key in sentence.citations)
    for key in keys:
        citation = draft.citations[key]
        article = articles[citation.source]
        for item in damage_in(article.text, citation.start, citation.end, article.language):
            start, end = max(0, item.start - AROUND), item.end + AROUND
            said = " ".join(article.text[start:end].split())
            yield Notice(
                "damaged_text",
                f"The answer rests on text of {name_of(article)} that looks damaged: {item.text} in "
                f"“… {said} …”. Do not take it at face value.",
                article.id,
            )


def _orders(asked: Sequence[Asked]) -> Iterator[Notice]:
    """What the articles that were read hold of orders to an assistant; they are text like any other."""
    for item in asked:
        article = item.reading.article
        for notice in article.notices:
            if notice.code == "planted_instruction":
                yield Notice(notice.code, f"{name_of(article)}: {notice.text}", article.id)
