"""Answers as JSON for other programs: the contract of `ask --json`, and what an answer rests on as well.

An export adds members to the contract's object and changes none of them:

    asked        when the question was asked, ISO 8601 in UTC; null where that is not known
    filters      outlets, since, until: what the question was limited to
    provenance   by source: sha256 of the text, when it was added (fetched), author, file
    passages     by citation: the lines around it with their offsets
    links        by citation: the address that opens the page there, where the source has one
    overrulings  what a reader said in place of the assistant; nothing else in the object knows of it
    unproved     sentences without support and quotations that were refused, with why
    rejected     passages that were read and not used, nearest first

A collection is {schema, kind, name, exchanges}; each exchange says what became of a question.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.collection import Collection
from assistant.fragments import link_in
from assistant.models import SCHEMA, Citation
from assistant.pieces import unused
from assistant.saved import Exchange, Record
from assistant.unproved import unproved


def exported(item: Record | Collection) -> dict[str, Any]:
    """The object of an export, ready for `json.dumps`."""
    if isinstance(item, Record):
        return _answer(item)
    return {
        "schema": SCHEMA,
        "kind": item.kind,
        "name": item.name,
        "exchanges": [_exchange(each) for each in item.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": exchange.id,
        "question": exchange.question,
        "asked": exchange.asked or None,
        "filters": asdict(exchange.filters),
        "state": exchange.state,
        "error": exchange.error,
        "partial": exchange.partial,
        "answer": _answer(exchange.record) if exchange.record else None,
    }


def _answer(record: Record) -> dict[str, Any]:
    answer, kept = record.answer, record.provenance
    links = {key: link_in(record, citation) for key, citation in answer.citations.items()}
    return {
        **answer.as_json(),
        "asked": record.asked or None,
        "filters": asdict(answer.filters),
        "provenance": {key: asdict(held) for key, held in kept.sources.items()},
        "passages": {key: asdict(around) for key, around in kept.passages.items()},
        "links": {key: address for key, address in links.items() if address},
        "overrulings": [asdict(item) for item in record.overrulings],
        "unproved": [{**asdict(item), "why": item.why} for item in unproved(answer)],
        "rejected": [
            _rejected(record, answer.citations[key]) for key in unused(answer) if key in answer.citations
        ],
    }


def _rejected(record: Record, citation: Citation) -> dict[str, Any]:
    source = record.answer.sources.get(citation.source)
    return {
        "key": citation.key,
        "source": citation.source,
        "outlet": (source.outlet if source else None) or "",
        "title": source.title if source else "",
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }
