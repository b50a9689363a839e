"""Answers as ClaimReview, the form in which fact checks are marked up for search engines (JSON-LD).

Only schema.org's vocabulary, and only what is known:

- The rating is a word and its reason, never a number: a finding is about the claim as the loaded sources
  report it.
- Each source is a NewsArticle (an Article where its outlet is not known), each quotation a Quotation in it.
  A speaker is a Person only where the article itself shows one; else the name stands as credit.
- `appearance` are the sources that affirm the claim. The first of them is `firstAppearance` where all of
  them are dated and one is earlier than all others.
- Passages that were read and rejected are `mentions`, a reader's corrections are `comment`s.

Who publishes a review has to add what the assistant cannot know and search engines ask for: `author`, `url`
and `datePublished`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant import labels, overruled
from assistant.collection import Collection
from assistant.errors import ExportError
from assistant.fragments import link, link_in
from assistant.models import Account, Citation
from assistant.persons import find
from assistant.pieces import numbers, statuses, unused
from assistant.plaintext import sentence_aloud
from assistant.prose import faults, flat
from assistant.saved import Held, Record

CONTEXT = "https://schema.org"
Node = dict[str, Any]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def written(item: Record | Collection) -> str:
    """JSON-LD that can stand inside a page's script element. Raises ExportError where there is no claim."""
    text = json.dumps(claim_review(item), ensure_ascii=False, indent=2)
    # No sign in it ends a script element, whatever an article says.
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text + "\n"


def claim_review(item: Record | Collection) -> Node:
    """A ClaimReview; for several claims a graph of them. Raises ExportError where there is no claim."""
    if isinstance(item, Record):
        if item.answer.kind != "claim":
            raise _no_claim(f"“{item.answer.question}” is an open question")
        return {"@context": CONTEXT, **_review(item)}
    claims = [record for record in item.records if record.answer.kind == "claim"]
    if not claims:
        raise _no_claim(f"“{item.name}” holds no answer about a claim")
    return {"@context": CONTEXT, "@graph": [_review(record) for record in claims]}


def _no_claim(what: str) -> ExportError:
    return ExportError(
        f"{what}, and a ClaimReview is about a claim. Ask for what somebody claims, such as “Fourteen people "
        "were injured.”, or choose another form of export."
    )


def _review(record: Record) -> Node:
    answer = record.answer
    numbered = numbers(answer)
    sources = _Sources(record)
    body = [
        line for each in answer.summary for line in (sentence_aloud(each, answer, numbered), *faults(each))
    ]
    return _known(
        {
            "@type": "ClaimReview",
            "@id": f"#answer-{answer.id}",
            "identifier": answer.id,
            "claimReviewed": answer.question,
            "creativeWorkStatus": f"Incomplete. {record.interrupted}" if record.interrupted else None,
            "dateCreated": record.asked,
            "reviewRating": _rating(record),
            "itemReviewed": _claim(record, sources),
            "reviewBody": "\n".join(body),
            "citation": [_quotation(answer.citations[key], record, sources) for key in numbered],
            "mentions": [
                _quotation(answer.citations[key], record, sources, "Read and not used")
                for key in unused(answer)
                if key in answer.citations
            ],
            "comment": list(_comments(record, numbered)),
        }
    )


def _rating(record: Record) -> Node | None:
    """The finding in words, and who stands where; no number."""
    answer = record.answer
    if not answer.finding:
        return None
    sides: dict[str, list[str]] = {}
    for account in answer.accounts:
        name = labels.name(answer.sources.get(account.source))
        sides.setdefault(account.stance, []).append(name)
    stances = [f"{labels.STANCES[stance][0]}: {'; '.join(found)}." for stance, found in sides.items()]
    return {
        "@type": "Rating",
        "alternateName": labels.FINDINGS[answer.finding][0],
        "ratingExplanation": " ".join([labels.found(answer), *stances]),
    }


def _claim(record: Record, sources: _Sources) -> Node:
    answer = record.answer
    affirming = [account for account in answer.accounts if account.stance in ("affirms", "mixed")]
    found = [account.source for account in affirming if account.source in answer.sources]
    dates = sorted(answer.sources[key].date or "" for key in found)
    appearing = [sources.node(key) for key in found]
    first = None
    if found and dates[0] and dates.count(dates[0]) == 1:
        earliest = next(key for key in found if answer.sources[key].date == dates[0])
        first = sources.node(earliest)
    claim = {
        "@type": "Claim",
        "text": answer.question,
        "appearance": appearing,
        "firstAppearance": first,
        **_author(record, affirming),
    }
    return _known(claim)


def _author(record: Record, affirming: list[Account]) -> Node:
    """Who claims it: the one quoted party that affirms it, where no outlet does so itself."""
    voices = [voice for account in affirming for voice in account.voices if voice.stance == "affirms"]
    speakers = {voice.speaker for voice in voices}
    speaker = next(iter(speakers), None)
    if len(speakers) != 1 or speaker is None:
        return {}
    return _speaker(speaker, record, [key for voice in voices for key in voice.citations], "author")


def _speaker(name: str, record: Record, keys: list[str], member: str) -> Node:
    """The speaker as a Person where the text around a citation shows one, else as credit."""
    flat_name = " ".join(name.split())
    for key in keys:
        around = record.provenance.passages.get(key)
        person = find(flat_name, around.text) if around else None
        if person and (person.titles or person.gender):
            return {member: {"@type": "Person", "name": flat_name}}
    return {"creditText": flat_name}


def _quotation(citation: Citation, record: Record, sources: _Sources, remark: str = "") -> Node:
    """A passage in its article, with the stance of who speaks and what proving it gave."""
    answer = record.answer
    source = answer.sources.get(citation.source)
    voices = (voice for account in answer.accounts for voice in account.voices)
    voice = next((each for each in voices if citation.key in each.citations), None)
    said = [labels.STANCES[voice.stance][0] if voice else remark]
    said += [labels.OWN_VOICE.lower()] if voice and not voice.speaker else []
    proof = "; ".join(labels.STATUSES[status] for status in statuses(answer, citation.key))
    place = f"Characters {citation.start} to {citation.end} of the text. {proof}."
    return _known(
        {
            "@type": "Quotation",
            "@id": f"#quotation-{answer.id}-{citation.key}",
            "identifier": citation.key,
            "text": flat(citation),
            "description": " ".join(filter(None, [f"{', '.join(said)}." if any(said) else "", place])),
            "url": link_in(record, citation),
            "isPartOf": sources.node(citation.source) if source else None,
            **(
                _speaker(voice.speaker, record, [citation.key], "spokenByCharacter")
                if voice and voice.speaker
                else {}
            ),
        }
    )


def _comments(record: Record, numbered: Mapping[str, int]) -> Iterator[Node]:
    """What a reader said in place of the assistant, as the reader's."""
    answer = record.answer
    for item, line in zip(record.overrulings, overruled.listed(record, numbered), strict=True):
        about = None
        if item.kind == "stance" and item.place in answer.sources:
            about = {"@id": f"#source-{item.place}"}
        elif item.kind == "quotation" and item.place in answer.citations:
            about = {"@id": f"#quotation-{answer.id}-{item.place}"}
        author = {"@type": "Person", "name": " ".join(item.by.split())} if item.by.strip() else None
        yield _known(
            {"@type": "Comment", "text": line, "author": author, "dateCreated": item.at, "about": about}
        )


class _Sources:
    """The articles of one review: each is written in full once, and briefly where it is named again."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.seen: set[str] = set()

    def node(self, key: str) -> Node:
        """The article. Nodes of one id are one thing in JSON-LD, so a brief one says nothing anew."""
        source = self.record.answer.sources[key]
        brief = {
            "@type": "NewsArticle" if source.outlet else "Article",
            "@id": f"#source-{key}",
            "headline": source.title,
            "url": link(source.url),
        }
        if key in self.seen:
            return _known(brief)
        self.seen.add(key)
        held = self.record.provenance.sources.get(key)
        date = source.date if source.date and _DATE.fullmatch(source.date) else None
        return _known(
            {
                **brief,
                "datePublished": date,
                "inLanguage": source.language if source.language != "und" else None,
                "publisher": {"@type": "Organization", "name": source.outlet} if source.outlet else None,
                "creditText": held.author if held else None,
                "identifier": _identifier(held) if held else None,
            }
        )


def _identifier(held: Held) -> Node:
    """The hash of an article's text, and when the library took it in."""
    added = f", as it was added on {held.added}" if held.added else ""
    return {
        "@type": "PropertyValue",
        "propertyID": "sha256",
        "value": held.sha256,
        "description": f"Of the text in UTF-8{added}",
    }


def _known(node: Node) -> Node:
    """The members of a node that hold something."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
