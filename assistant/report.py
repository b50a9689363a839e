"""Answers as a document to keep or to send on: what was found, what it rests on, what is not proved.

A reader's corrections stand beside what the assistant found and are listed once more; they replace nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant import labels, overruled
from assistant.collection import Collection, without
from assistant.fragments import link, link_in
from assistant.models import Account, Answer, Citation, Notice
from assistant.pens import Pen
from assistant.pieces import number_keys, numbers, statuses, unused
from assistant.prose import copies, facing, faults, first, marked, write
from assistant.saved import Exchange, Overruled, Record
from assistant.sides import disagreements, renderings
from assistant.tally import tally
from assistant.unproved import unproved

_SHORT_HASH = 16  # hex digits beside a citation; the whole hash stands under Sources


def document(item: Record | Collection, pen: Pen) -> str:
    """One answer with its question as the title; or several under one name, with a table of contents."""
    if isinstance(item, Record):
        return pen.page(item.answer.question, list(_answer(item, pen)))
    blocks = [pen.paragraph(pen.text(f"{item.kind.capitalize()}: {item.counted}"))]
    numbered = list(enumerate(item.exchanges, 1))
    if len(numbered) > 1:
        blocks.append(pen.heading(2, "Contents"))
        lines = [_content(each, pen.within(number)) for number, each in numbered]
        blocks.append(pen.items(lines, numbered=True))
    for number, each in numbered:
        inner = pen.within(number)
        heading = inner.heading(1, inner.text(f"{number}. {each.question}"), "top")
        body = _answer(each.record, inner) if each.record else _unanswered(each, inner)
        blocks.append(inner.section([heading, *body]))
    return pen.page(item.name, blocks)


def _content(exchange: Exchange, pen: Pen) -> str:
    """A line of the contents: the question, its finding, and who stands where."""
    parts = [pen.jump("top", pen.text(exchange.question))]
    if exchange.record is None:
        return f"{parts[0]} {pen.small(pen.text(f'({exchange.state}, no answer)'))}"
    record = exchange.record
    answer = record.answer
    if answer.finding:
        parts.append(pen.strong(pen.text(labels.FINDINGS[answer.finding][0])))
    sides: dict[str, list[str]] = {}
    for account in answer.accounts:
        name = labels.name(answer.sources.get(account.source))
        given = record.overruling("stance", account.source)
        name += f" (the reader: {overruled.word(given)})" if given else ""
        sides.setdefault(account.stance, []).append(name)
    line = ". ".join(f"{labels.STANCES[stance][0]}: {'; '.join(found)}" for stance, found in sides.items())
    return " · ".join(parts) + (f" {pen.small(pen.text(line))}" if line and answer.finding else "")


def _unanswered(exchange: Exchange, pen: Pen) -> Iterator[str]:
    yield pen.warning(pen.text(without(exchange)))
    said = [
        f"asked {labels.moment(exchange.asked)}" if exchange.asked else "",
        labels.scope(exchange.filters),
    ]
    if line := " · ".join(filter(None, said)):
        yield pen.paragraph(pen.small(pen.text(line)))
    if exchange.partial.strip():
        yield pen.paragraph(pen.text("What the model had written by then; none of it was checked:"))
        yield pen.quotation(pen.text(exchange.partial))


def _answer(record: Record, pen: Pen) -> Iterator[str]:
    """The blocks of one answer, without its title."""
    answer = record.answer
    numbered, before = numbers(answer), first(answer)
    yield from _head(record, pen)
    yield from (_notice(item, answer, pen) for item in before)
    yield pen.heading(2, "Answer")
    for place, sentence in enumerate(answer.summary):
        yield pen.paragraph(write(sentence, answer, numbered, pen) + _beside(record, "sentence", place, pen))
        yield from (pen.warning(pen.text(line)) for line in faults(sentence))
    yield from (_notice(item, answer, pen) for item in answer.notices if item not in before)
    yield from _differences(answer, numbered, pen)
    yield from _accounts(record, numbered, pen)
    if lines := copies(answer):
        yield pen.heading(2, "Copies")
        yield pen.items([pen.text(line) for line in lines])
    yield from _unproved(answer, numbered, pen)
    if found := overruled.listed(record, numbered):
        yield pen.heading(2, overruled.TITLE)
        yield pen.items([pen.text(line) for line in found])
    yield from _evidence(record, numbered, pen)
    yield from _sources(record, pen)


def _head(record: Record, pen: Pen) -> Iterator[str]:
    answer = record.answer
    said = [labels.FINDINGS[answer.finding][0] if answer.finding else "", tally(answer).line]
    if line := " · ".join(filter(None, said)):
        yield pen.paragraph(pen.strong(pen.text(line)))
    if meaning := labels.found(answer):
        yield pen.paragraph(pen.text(meaning))
    made = [labels.made(answer), f"asked {labels.moment(record.asked)}" if record.asked else ""]
    line = " · ".join(filter(None, [*made, f"answer {answer.id}"]))
    yield pen.paragraph(pen.small(pen.text(line)))
    if line := overruled.counted(record):
        yield pen.paragraph(pen.framed(pen.text(line)))


def _beside(record: Record, kind: Overruled, place: str | int, pen: Pen) -> str:
    """What a reader said there, framed, with a space before it; empty where nothing was overruled."""
    said = overruled.beside(record, kind, str(place))
    return f" {pen.framed(pen.text(said))}" if said else ""


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


def _accounts(record: Record, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """Who says what, and who is silent, with a reader's word beside each."""
    answer = record.answer
    silent = []
    if any(account.voices for account in answer.accounts):
        yield pen.heading(2, "Who says what")
    for account in answer.accounts:
        name = pen.text(labels.name(answer.sources.get(account.source)))
        told = _beside(record, "stance", account.source, pen)
        if account.stance == "silent":
            silent.append(name + told)
        if account.voices:
            yield pen.heading(3, name)
            yield pen.paragraph(pen.text(labels.STANCES[account.stance][0]) + told)
            yield pen.items(list(_voices(record, account, numbered, pen)))
    if silent:
        yield pen.paragraph(pen.text("Silent on this: ") + "; ".join(silent))


def _voices(record: Record, account: Account, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    answer = record.answer
    for voice in account.voices:
        for citation in (answer.citations[key] for key in voice.citations if key in answer.citations):
            who = pen.text(f"{labels.voice(voice, account) or labels.OWN_VOICE}: {marked(citation)}")
            number = numbered.get(citation.key)
            told = _beside(record, "quotation", citation.key, pen)
            yield who + pen.numbers([number] if number else []) + told


def _unproved(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """Everything that no check supports, in one place, with why."""
    found = unproved(answer)
    if not found:
        return
    yield pen.heading(2, "Not proved")
    lines = []
    for item in found:
        number = numbered.get(item.key or "")
        words = f"‘{number_keys(' '.join(item.text.split()), numbered)}’"
        line = f"Sentence {item.sentence + 1}, {item.status}: {words} Why: {item.why}"
        if item.kind == "quotation":
            line = f"Quotation in sentence {item.sentence + 1}, {item.why}: {words}"
        lines.append(pen.text(line) + pen.numbers([number] if number else []))
    yield pen.items(lines)


def _evidence(record: Record, numbered: Mapping[str, int], pen: Pen) -> Iterator[str]:
    """The citations by number, then what was read and rejected."""
    answer = record.answer
    if numbered:
        yield pen.heading(2, "Citations")
        lines = [_passage(answer.citations[key], record, pen) for key in numbered]
        yield pen.items(lines, numbered=True, anchors="c")
    if left := [answer.citations[key] for key in unused(answer) if key in answer.citations]:
        yield pen.heading(2, "Read and not used")
        yield pen.items([_passage(each, record, pen, cited=False) for each in left])


def _passage(citation: Citation, record: Record, pen: Pen, *, cited: bool = True) -> str:
    """Where a passage stands, what proving it gave, its words, and how to find it again."""
    answer, key = record.answer, citation.source
    source = answer.sources.get(key)
    title = f"“{source.title}”" if source and source.outlet else ""
    place = f"Characters {citation.start} to {citation.end} of {key}"
    proof = "; ".join(labels.STATUSES[status] for status in statuses(answer, citation.key)) if cited else ""
    head = pen.text(". ".join(filter(None, [labels.name(source), title, place, proof])))
    head += _beside(record, "quotation", citation.key, pen)
    address = link_in(record, citation)
    foot = [pen.link(address, "Open the passage on its page")] if address else []
    if held := record.provenance.sources.get(key):
        foot.append(pen.text(f"added {labels.moment(held.added)}") if held.added else "")
        short = pen.text(f"sha256 {held.sha256[:_SHORT_HASH]}…")
        number = list(answer.sources).index(key) + 1 if key in answer.sources else 0
        foot.append(pen.jump(f"s{number}", short) if number else short)
    return pen.entry(head, pen.text(marked(citation)), " · ".join(filter(None, foot)))


def _sources(record: Record, pen: Pen) -> Iterator[str]:
    """Every source that was asked, with what the library held of it then."""
    if not record.answer.sources:
        return
    yield pen.heading(2, "Sources")
    if record.provenance.sources:
        said = "The hash is that of the text as it was stored when the question was asked, in UTF-8."
        yield pen.paragraph(pen.small(pen.text(said)))
    lines = []
    for key, source in record.answer.sources.items():
        held = record.provenance.sources.get(key)
        facts = [f"{source.label}, {labels.day(source.date)}", f"“{source.title}”" if source.outlet else ""]
        facts += [f"by {held.author}" if held and held.author else "", f"source {key}"]
        facts += [f"added {labels.moment(held.added)}" if held and held.added else ""]
        facts += [f"file {held.file}" if held and held.file else ""]
        parts = [pen.text(" · ".join(filter(None, facts)))]
        if held:
            parts.append(f"sha256 {pen.code(held.sha256)}")
        if source.url:
            safe = link(source.url)
            parts.append(pen.link(safe, pen.text("Open the page")) if safe else pen.code(source.url))
        lines.append(" · ".join(filter(None, parts)))
    yield pen.items(lines, numbered=True, anchors="s")
