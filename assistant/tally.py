"""Counts of what was proved in an answer; the page, the terminal and every export take them from here."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.labels import count
from assistant.models import Answer, Origin


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of an answer: its sentences and quotations, what of them is proved, sources and origins."""

    sentences: int
    proved: int
    unsupported: int
    unchecked: int
    quotations: int
    quotations_proved: int
    sources: int
    origins: int

    @property
    def sentences_said(self) -> str:
        """ "7 of 8 sentences proved"; empty for an answer without sentences."""
        said = f"{self.proved} of {count(self.sentences, 'sentence')} proved"
        return said if self.sentences else ""

    @property
    def doubts_said(self) -> str:
        """ "1 unsupported, 2 unchecked"; empty where every sentence is proved."""
        said = [f"{self.unsupported} unsupported" if self.unsupported else ""]
        said += [f"{self.unchecked} unchecked" if self.unchecked else ""]
        return ", ".join(part for part in said if part)

    @property
    def quotations_said(self) -> str:
        """ "4 of 4 quotations proved"; empty where nothing is quoted."""
        said = f"{self.quotations_proved} of {count(self.quotations, 'quotation')} proved"
        return said if self.quotations else ""

    @property
    def origins_said(self) -> str:
        """ "4 sources, 2 origins"; empty where no source repeats another one."""
        said = f"{count(self.sources, 'source')}, {count(self.origins, 'origin')}"
        return said if self.sources > self.origins else ""

    @property
    def line(self) -> str:
        """All of it in one line: "7 of 8 sentences proved (1 unsupported) · 4 of 4 quotations proved"."""
        doubts = f" ({self.doubts_said})" if self.doubts_said and self.sentences_said else ""
        parts = [self.sentences_said + doubts, self.quotations_said, self.origins_said]
        return " · ".join(part for part in parts if part)


def tally(answer: Answer) -> Tally:
    """Counts an answer. Sources count where they speak; those of one origin are copies of one report."""
    checks = [sentence.check for sentence in answer.summary]
    quotes = [quote for sentence in answer.summary for quote in sentence.quotes]
    speaking = _speaking(answer)
    origin = {source: item.id for item in answer.origins for source in item.sources}
    return Tally(
        sentences=len(checks),
        proved=checks.count("proved"),
        unsupported=checks.count("unsupported"),
        unchecked=checks.count("unchecked"),
        quotations=len(quotes),
        quotations_proved=sum(quote.accepted for quote in quotes),
        sources=len(speaking),
        origins=len({origin.get(source, source) for source in speaking}),
    )


def shared(answer: Answer) -> tuple[Origin, ...]:
    """The origins that more than one of the sources that speak goes back to."""
    speaking = _speaking(answer)
    return tuple(item for item in answer.origins if len(speaking.intersection(item.sources)) > 1)


def _speaking(answer: Answer) -> set[str]:
    return {account.source for account in answer.accounts if account.voices}
