"""Words for statuses, stances, findings and notices: page, terminal and exports say the same.

A mark is a word, an icon and a colour, so that no meaning hangs on the colour alone. Green and red are
left out on purpose: whether a source affirms or denies says nothing about who is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from assistant.models import Account, Answer, Count, Filters, Notice, QuoteStatus, Sentence, Source, Voice
from assistant.saved import Overruled
from assistant.text import long_date

Colour = Literal["red", "orange", "blue", "green", "violet", "gray"]
Mark = tuple[str, str, Colour]

STANCES: Mapping[str, Mark] = {
    "affirms": ("Affirms", ":material/check:", "blue"),
    "denies": ("Denies", ":material/close:", "violet"),
    "mixed": ("Affirms and denies", ":material/contrast:", "orange"),
    "mentions": ("Mentions", ":material/chat_bubble:", "gray"),
    "silent": ("Silent", ":material/volume_off:", "gray"),
}
FINDINGS: Mapping[str, Mark] = {
    "supported": ("Sources affirm this", ":material/check:", "blue"),
    "contradicted": ("Sources deny this", ":material/close:", "violet"),
    "conflicting": ("Sources contradict each other", ":material/compare_arrows:", "orange"),
    "attributed_only": ("Only quoted parties say so", ":material/record_voice_over:", "gray"),
    "not_enough_evidence": ("Not enough evidence", ":material/search_off:", "gray"),
}
FOUND: Mapping[str, str] = {
    "supported": "Supported: of the loaded sources that take a side, all affirm this.",
    "contradicted": "Contradicted: of the loaded sources that take a side, all deny this.",
    "conflicting": "Conflicting: the loaded sources, or the parties that they quote, affirm and deny this.",
    "attributed_only": "Attributed only: a quoted party says so, and no loaded source says it itself.",
    "not_enough_evidence": "Not enough evidence: no loaded passage was found that affirms or denies this.",
}
"""What a finding means. It is about the claim as the loaded sources report it, never about its truth."""

FOUND_ONCE: Mapping[str, str] = {
    "supported": "Supported: one loaded source takes a side, and it affirms this.",
    "contradicted": "Contradicted: one loaded source takes a side, and it denies this.",
}
"""The same where a single source takes a side: "all" would make it sound like several."""

KINDS: Mapping[str, str] = {
    "negation": "Negation",
    "modality": "Certainty or obligation",
    "number": "Number",
    "agent": "Who does it",
    "added_clause": "Clause added",
    "dropped_clause": "Clause left out",
    "loaded_word": "Word that judges",
    "wording": "Wording",
}
"""What kind of difference there is between two renderings of one utterance."""

STATUSES: Mapping[QuoteStatus, str] = {
    "verbatim": "Word for word in the source",
    "verbatim_spacing": "Word for word, but for spacing and punctuation",
    "elided": "Word for word, with words left out",
    "altered": "The answer changes the words of this passage",
    "stitched": "The answer joins words from different places",
    "misattributed": "The words are somebody else's",
    "not_found": "The words quoted in the answer are not in this source",
}
FAULTS: Mapping[QuoteStatus, str] = {
    "altered": "altered",
    "stitched": "joined from different places",
    "misattributed": "somebody else's words",
    "not_found": "not in the source",
}
"""What is wrong with a quotation that is not accepted, in the words that stand behind it."""

CHECKS: Mapping[str, str] = {
    "proved": "Proved",
    "unsupported": "Unsupported",
    "unchecked": "Not decided by a rule",
}
"""What checking a sentence of an answer gave."""

_JUDGEMENTS: Mapping[Overruled, Mapping[str, str]] = {
    "stance": {stance: mark[0] for stance, mark in STANCES.items()},
    "quotation": {str(status): said for status, said in STATUSES.items()},
    "sentence": CHECKS,
}

NOTICES: Mapping[str, str] = {
    "damaged_text": "Damaged text",
    "planted_instruction": "Planted instruction",
}
"""Notices about an article that a reader must not miss, wherever the article is shown."""

OWN_VOICE = "In its own voice"
UNDECIDED = "no rule decides it"
TOLD = frozenset({"read_as", "note", "undated_left_out"})
"""Notices that say how a question was read or what a source says of itself; all others of an answer warn."""


def judgements(kind: Overruled) -> list[str]:
    """What a reader may say in place of the assistant."""
    return list(_JUDGEMENTS[kind])


def judgement(kind: Overruled, value: str) -> str:
    """A judgement of the assistant or of a reader in words."""
    return _JUDGEMENTS[kind].get(value, words_of(value))


def words_of(code: str) -> str:
    """A machine-readable code as words: "attribution_dropped" is "attribution dropped"."""
    return code.replace("_", " ")


def kind(code: str) -> str:
    """The kind of a difference in words, those of its code where it is a new one."""
    said = words_of(code)
    return KINDS.get(code, said[:1].upper() + said[1:])


def voice(item: Voice, account: Account) -> str:
    """Who speaks in an account, and how, where that is not how the account as a whole stands.

    Empty for the outlet itself where it says what the account says.
    """
    apart = item.stance not in (account.stance, "mentions", "silent")
    stance = STANCES[item.stance][0].lower() if apart else ""
    who = item.speaker or (OWN_VOICE if apart else "")
    return ", ".join(filter(None, (who, stance)))


def found(answer: Answer) -> str:
    """What the finding means and the rule that gave it; empty where there is no finding."""
    if not answer.finding:
        return ""
    rule = f" Rule: {words_of(answer.rule)}." if answer.rule else ""
    sided = sum(account.stance in ("affirms", "denies", "mixed") for account in answer.accounts)
    return (FOUND_ONCE if sided == 1 else {}).get(answer.finding, FOUND[answer.finding]) + rule


def engine(answer: Answer) -> str:
    """How the answer was written."""
    return "Extractive: every word copied" if answer.engine == "extractive" else "Written by the model"


def scope(filters: Filters) -> str:
    """Filters in words; empty where there are none."""
    parts = [", ".join(filters.outlets)]
    parts += [f"since {day(filters.since)}" if filters.since else ""]
    parts += [f"until {day(filters.until)}" if filters.until else ""]
    said = " ".join(part for part in parts if part)
    return f"asked only: {said}" if said else ""


def made(answer: Answer) -> str:
    """How an answer was made: engine and filters; the rule too, where no finding says it already."""
    rule = f"rule: {words_of(answer.rule)}" if answer.rule and not answer.finding else ""
    parts = [engine(answer), rule, scope(answer.filters)]
    return " · ".join(part for part in parts if part)


def day(iso: str | None) -> str:
    """A date as a reader says it, for titles and buttons."""
    return long_date(iso) if iso else "undated"


def moment(iso: str) -> str:
    """A point in time as a reader says it: "26 November 2026, 18:44 UTC"; what is no ISO time as it is."""
    try:
        at = datetime.fromisoformat(iso).astimezone(UTC)
    except (ValueError, OverflowError):
        return iso
    return f"{day(at.date().isoformat())}, {at:%H:%M} UTC"


def time(when: str | None, until: str | None = None) -> str:
    """A day, a month or a year as a reader says it, or a range: "9 October 2023", "October 2023", "2023"."""
    if until:
        return f"{time(when)} to {time(until)}"
    if when and len(when) == 7:
        return long_date(f"{when}-01").removeprefix("1 ")
    return day(when) if when is None or len(when) > 7 else when


def shorten(text: str, length: int) -> str:
    """`text` cut to `length` characters, with an ellipsis where something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 article", "2,000 articles"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def read(item: Count) -> str:
    """What was read of an outlet: "Quayside Post: 2 sources, 8 passages, 1 addresses the question"."""
    verb = "addresses" if item.speaking == 1 else "address"
    speaking = f"{item.speaking} {verb} the question" if item.speaking else "none addresses the question"
    return f"{item.outlet}: {count(item.sources, 'source')}, {count(item.passages, 'passage')}, {speaking}"


def name(source: Source | None) -> str:
    """A source in a few words: its outlet, or its title, and its date."""
    return f"{shorten(source.label, 40)}, {day(source.date)}" if source else "Unknown source"


def quiet(sentence: Sentence, answer: Answer) -> str:
    """What is said behind a sentence that no check decided; empty where nothing needs saying.

    Sentences of the extractive engine are copied or say what was searched, and need no remark.
    """
    if sentence.check != "unchecked":
        return ""
    why = "; ".join(f"{words_of(reason.code)}, {reason.text}" for reason in sentence.reasons)
    return f"not checked: {why or UNDECIDED}" if why or answer.engine == "llm" else ""


def notice(item: Notice, sources: Mapping[str, Source]) -> str:
    """A notice in words: its kind in front, or its source; notices that have a kind name their source."""
    source = sources.get(item.source or "")
    head = NOTICES.get(item.code) or (name(source) if source else "")
    return f"{head}: {item.text}" if head else item.text
