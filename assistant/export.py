"""Answers in other forms: plain text for the terminal; Markdown, HTML and JSON to keep or to send on.

All of them say the same: the counts, the warnings, each sentence with its numbers and with what is wrong
with it, who says what, the citations with outlet, date, offsets and status, and what was read for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Literal

from assistant import labels
from assistant.markdown import Markdown
from assistant.models import Account, Answer, Citation, Notice, Sentence
from assistant.pens import Pen
from assistant.pieces import Piece, after, brief, numbers, pieces, quoted, statuses, unused
from assistant.sides import Facing, Said, disagreements, renderings
from assistant.tally import shared, tally
from assistant.webpage import Html

Format = Literal["text", "md", "html", "json"]

NEAREST = 4  # passages printed when nothing addresses the question
_FIRST = frozenset(
    {
        *labels.NOTICES,
        "endpoint_failed",
        "stopped",
        "read_as",
        "index_damaged",
        "index_behind",
        "index_unreachable",
        "undated_left_out",
    }
)


def render(answer: Answer, form: Format) -> str:
    """The answer in a format, with a line end behind it."""
    if form == "json":
        return json.dumps(answer.as_json(), ensure_ascii=False, indent=2) + "\n"
    if form == "text":
        return plain(answer) + "\n"
    return document(answer, Markdown() if form == "md" else Html(links=True))


def write(sentence: Sentence, answer: Answer, numbered: Mapping[str, int], pen: Pen) -> str:
    """A sentence with its numbers, its quotations with their proof, and a remark if nothing decided it."""
    parts = [
        pen.failed(piece) if piece.quote else pen.text(piece.text)
        for piece in pieces(sentence, answer, numbered)
    ]
    said = labels.quiet(sentence, answer)
    remark = " " + pen.small(pen.text(f"({said})")) if said else ""
    return "".join(parts) + pen.numbers(after(sentence, numbered)) + remark


def faults(sentence: Sentence) -> list[str]:
    """Why a sentence is unsupported, a line for each reason; empty for any other sentence."""
    if sentence.check != "unsupported":
        return []
    lines = [f"Unsupported ({labels.words_of(reason.code)}): {reason.text}" for reason in sentence.reasons]
    return lines or ["Unsupported"]


def first(answer: Answer) -> list[Notice]:
    """Notices to be read before the answer, warnings about sources in front."""
    found = [notice for notice in answer.notices if notice.code in _FIRST]
    return sorted(found, key=lambda notice: notice.code not in labels.NOTICES)


def document(answer: Answer, pen: Pen) -> str:
    """The answer as a document with its question as the title."""
    numbered = numbers(answer)
    before = first(answer)
    blocks = [*_head(answer, pen)]
    blocks += [_notice(item, answer, pen) for item in before]
    blocks.append(pen.heading(2, "Answer"))
    for sentence in answer.summary:
        blocks.append(pen.paragraph(write(sentence, answer, numbered, pen)))
        blocks += [pen.warning(pen.text(line)) for line in faults(sentence)]
    blocks += [_notice(item, answer, pen) for item in answer.notices if item not in before]
    blocks += [*_differences(answer, numbered, pen), *_accounts(answer, numbered, pen)]
    blocks += [*_origins(answer, pen), *_citations(answer, numbered, pen)]
    if left := [answer.citations[key] for key in unused(answer) if key in answer.citations]:
        blocks.append(pen.heading(2, "Read and not used"))
        blocks.append(pen.items([_passage(each, answer, pen) for each in left]))
    return pen.page(answer.question, blocks)


def _head(answer: Answer, pen: Pen) -> Iterator[str]:
    said = [labels.FINDINGS[answer.finding][0] if answer.finding else "", tally(answer).line]
    if line := " · ".join(filter(None, said)):
        yield pen.paragraph(pen.strong(pen.text(line)))
    if meaning := labels.found(answer):
        yield pen.paragraph(pen.text(meaning))
    yield pen.paragraph(pen.small(pen.text(f"{labels.made(answer)} · answer {answer.id}")))


def _notice(item: Notice, answer: Answer, pen: Pen) -> str:
    said = pen.text(labels.notice(item, answer.sources))
    return pen.paragraph(pen.small(said)) if item.code in labels.TOLD else pen.warning(said)


def _differences(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """Disagreements with both sides, then renderings with their differences."""
    groups = ("Disagreements", disagreements(answer)), ("Renderings of one utterance", renderings(answer))
    for title, found in groups:
        if found:
            yield pen.heading(2, title)
        for item in found:
            yield pen.heading(3, pen.text(item.title))
            yield from facing(item, numbered, pen)


def facing(item: Facing, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """The passages, those of a side together, then how they differ."""
    yield pen.items([_said(each, numbered, pen) for side in item.sides for each in side])
    for remark in item.remarks:
        yield pen.paragraph(pen.small(pen.text(remark)))


def _said(said: Said, numbered: Mapping[str, int], pen: Pen) -> str:
    """A passage with the words in bold that the other rendering does not have."""
    words = "".join(
        pen.strong(pen.text(part.text)) if part.changed else pen.text(part.text) for part in said.parts
    )
    number = numbered.get(said.key or "")
    quoted = f"{pen.text(': ' + said.marks[0])}{words}{pen.text(said.marks[1])}" if said.parts else ""
    return pen.text(said.who) + quoted + pen.numbers([number] if number else [])


def _accounts(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """Who says what, and who is silent."""
    speaking = [account for account in answer.accounts if account.voices]
    if speaking:
        yield pen.heading(2, "Who says what")
    for account in speaking:
        yield pen.heading(3, pen.text(labels.name(answer.sources.get(account.source))))
        yield pen.paragraph(pen.text(labels.STANCES[account.stance][0]))
        yield pen.items(list(_voices(answer, account, numbered, pen)))
    silent = [answer.sources.get(account.source) for account in answer.accounts if account.stance == "silent"]
    if silent:
        yield pen.paragraph(pen.text("Silent on this: " + "; ".join(map(labels.name, silent))))


def _voices(answer: Answer, account: Account, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    for voice in account.voices:
        for citation in (answer.citations[key] for key in voice.citations if key in answer.citations):
            who = pen.text(f"{labels.voice(voice, account) or labels.OWN_VOICE}: “{_flat(citation)}”")
            number = numbered.get(citation.key)
            yield who + pen.numbers([number] if number else [])


def _origins(answer: Answer, pen: Pen) -> Iterator[str]:
    if lines := copies(answer):
        yield pen.heading(2, "Copies")
        yield pen.items([pen.text(line) for line in lines])


def copies(answer: Answer) -> list[str]:
    """Which sources go back to one report, and why they were put together."""
    return [
        f"{'; '.join(labels.name(answer.sources.get(source)) for source in origin.sources)}: {origin.why}"
        for origin in shared(answer)
    ]


def _citations(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    if numbered:
        yield pen.heading(2, "Citations")
        yield pen.items([_passage(answer.citations[key], answer, pen) for key in numbered], numbered=True)


def _passage(citation: Citation, answer: Answer, pen: Pen) -> str:
    """Where a passage stands, what proving it gave, and its words."""
    source = answer.sources.get(citation.source)
    title = f"“{source.title}”" if source and source.outlet else ""
    place = f"Characters {citation.start} to {citation.end} of {citation.source}"
    proof = "; ".join(labels.STATUSES[status] for status in statuses(answer, citation.key))
    facts = [labels.name(source), title, place, proof]
    address = pen.code(source.url) if source and source.url else ""
    line = pen.text(". ".join(filter(None, facts)) + f": “{_flat(citation)}”")
    return f"{line} {address}".rstrip()


def plain(answer: Answer) -> str:
    """An answer as text: warnings, numbered sentences, what each source says, then what was not used."""
    numbered = numbers(answer)
    before = first(answer)
    lines = [_told(notice, answer) for notice in before]
    for sentence in answer.summary:
        lines.append(_sentence(sentence, answer, numbered))
        lines += [f"    {line}" for line in faults(sentence)]
    if line := tally(answer).line:
        lines += ["", line]
    lines += [f"    {line}" for line in copies(answer)]
    if meaning := labels.found(answer):
        lines += ["", meaning]
    for item in (*disagreements(answer), *renderings(answer)):
        lines += ["", item.title, *_against(item, numbered)]
    for account in answer.accounts:
        if account.voices:
            lines += ["", f"{_heading(answer, account)}: {labels.STANCES[account.stance][0].lower()}"]
            lines += _spoken(answer, account, numbered)
    lines += _compared(answer, numbered)
    silent = [_heading(answer, account) for account in answer.accounts if account.stance == "silent"]
    if silent:
        lines += ["", "Silent: " + "; ".join(silent)]
    lines += _left(answer)
    lines += [_told(notice, answer) for notice in answer.notices if notice not in before]
    return "\n".join(lines)


def _against(item: Facing, numbered: Mapping[str, int]) -> Iterator[str]:
    for side in item.sides:
        for said in side:
            number = f"[{numbered[said.key]}] " if said.key and said.key in numbered else ""
            yield f"    {number}{said.who}" + (
                f": {said.marks[0]}{said.text}{said.marks[1]}" if said.parts else ""
            )
    yield from (f"    {remark}" for remark in item.remarks)


def _told(notice: Notice, answer: Answer) -> str:
    kind = "Warning" if notice.code in labels.NOTICES else "Note"
    return f"{kind}: {labels.notice(notice, answer.sources)}"


def _sentence(sentence: Sentence, answer: Answer, numbered: Mapping[str, int]) -> str:
    parts = [_aloud(piece) if piece.quote else piece.text for piece in pieces(sentence, answer, numbered)]
    marks = "".join(f" [{number}]" for number in after(sentence, numbered))
    said = labels.quiet(sentence, answer)
    return "".join(parts) + marks + (f" ({said})" if said else "")


def _aloud(piece: Piece) -> str:
    """A quotation that is not proved, so that it reads well aloud."""
    has = ""
    if piece.original:
        has = "; the source has " + quoted("".join(part.text for part in brief(piece.original)), piece)
    number = f" [{piece.number}]" if piece.number else ""
    return f"[{piece.fault}: the answer had ‘{piece.text}’{has}{number}]"


def _spoken(answer: Answer, account: Account, numbered: Mapping[str, int]) -> Iterator[str]:
    for voice in account.voices:
        who = labels.voice(voice, account)
        speaker = f"{who}: " if who else ""
        for key in voice.citations:
            yield _line(answer, key, numbered[key], speaker)


def _compared(answer: Answer, numbered: Mapping[str, int]) -> Iterator[str]:
    """Numbered passages that no account shows: the reader of a terminal has no drawer to open."""
    shown = {key for account in answer.accounts for voice in account.voices for key in voice.citations}
    rest = [key for key in numbered if key not in shown]
    if rest:
        yield from ("", "Also cited:")
    for key in rest:
        source = answer.sources.get(answer.citations[key].source)
        yield _line(answer, key, numbered[key], f"{labels.name(source)}: ")


def _line(answer: Answer, key: str, number: int, who: str) -> str:
    citation = answer.citations[key]
    doubts = [labels.STATUSES[status].lower() for status in statuses(answer, key) if status != "verbatim"]
    place = "; ".join([f"characters {citation.start} to {citation.end}", *doubts])
    return f"[{number}] {who}“{_flat(citation)}” ({place})"


def _left(answer: Answer) -> list[str]:
    """Passages that were read and not used; the nearest where nothing is cited."""
    keys = unused(answer)
    if not keys:
        return []
    if answer.cited:
        return ["", f"Nearest passages that were read and not used: {len(keys)}"]
    return ["", "Nearest:", *(f"    “{_flat(answer.citations[key])}”" for key in keys[:NEAREST])]


def _heading(answer: Answer, account: Account) -> str:
    source = answer.sources[account.source]
    return ", ".join(part for part in (source.label, source.date) if part)


def _flat(citation: Citation) -> str:
    return " ".join(citation.quote.split())
