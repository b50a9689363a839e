"""The claims of a text that can be checked, each with who makes it there."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.claims import checkable
from assistant.errors import InputRefused
from assistant.loading import load_bytes
from assistant.models import Article
from assistant.settings import MAX_QUESTION, Settings

MOST_CLAIMS = 40


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Claims in the order of the text, each once; `speakers` names who makes each, None where nobody does.

    `refused`: what could not be read, in sentences. `left`: claims beyond the first MOST_CLAIMS.
    """

    claims: tuple[str, ...]
    speakers: tuple[str | None, ...]
    refused: tuple[str, ...] = ()
    left: int = 0


def claims_of(name: str, data: bytes, settings: Settings) -> ClaimList:
    """The checkable claims of a file, whose name says how it is read. Raises nothing.

    Page furniture and headlines make none, nor does what is too long to be asked.
    """
    refused: list[str] = []
    claims: dict[str, str | None] = {}
    for item in load_bytes(name, data, settings=settings):
        if isinstance(item, InputRefused):
            refused.append(str(item))
            continue
        for claim in checkable(item.text, item.language):
            if not _skipped(item, claim.start, claim.end) and len(claim.claim) <= MAX_QUESTION:
                claims.setdefault(claim.claim, claim.speaker)
    kept = list(claims.items())[:MOST_CLAIMS]
    return ClaimList(
        tuple(claim for claim, _ in kept),
        tuple(speaker for _, speaker in kept),
        tuple(refused),
        len(claims) - len(kept),
    )


def _skipped(article: Article, start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in article.skip)
