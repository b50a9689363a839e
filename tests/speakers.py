"""Reading `spoken` in tests: by the words themselves."""

from __future__ import annotations

from assistant.attribution import speaker_at, spoken


def spaced(text: str) -> str:
    return " ".join(text.split())


def said(text: str, language: str | None = None) -> list[tuple[str | None, str]]:
    """Every speaker of `text` with the words."""
    return [(item.speaker, spaced(text[item.start : item.end])) for item in spoken(text, language)]


def speaker_of(text: str, words: str) -> str | None:
    """Whom the innermost speech over `words` is put in the mouth of; fails where the outlet itself speaks."""
    start = text.index(words)
    found = speaker_at(text, start, start + len(words))
    assert found is not None, f"{words!r} is the outlet's own voice"
    return found.speaker


def is_outlets(text: str, words: str) -> bool:
    start = text.index(words)
    return speaker_at(text, start, start + len(words)) is None
