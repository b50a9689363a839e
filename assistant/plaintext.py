"""An answer as plain text, for the terminal: it reads well aloud, and every mark is a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant import labels, overruled
from assistant.collection import Collection, without
from assistant.models import Account, Answer, Notice, Sentence
from assistant.pieces import Piece, after, brief, numbers, pieces, quoted, statuses, unused
from assistant.prose import NEAREST, copies, faults, first, marked
from assistant.saved import Exchange, Overruled, Record
from assistant.sides import Facing, disagreements, renderings
from assistant.tally import tally


def plain(item: Record | Collection) -> str:
    """An answer, or several under one name with a line across between them."""
    if isinstance(item, Record):
        return "\n".join(_answer(item))
    parts = [f"{item.name}\n{item.kind.capitalize()}: {item.counted}"]
    for number, each in enumerate(item.exchanges, 1):
        body = _answer(each.record) if each.record else _unanswered(each)
        parts.append("\n".join([f"{number}. {each.question}", "", *body]))
    return f"\n\n{'-' * 40}\n\n".join(parts)


def _unanswered(exchange: Exchange) -> list[str]:
    lines = [f"Note: {without(exchange)}"]
    if partial := " ".join(exchange.partial.split()):
        lines += ["What the model had written by then; none of it was checked:", f"    {partial}"]
    return lines


def _answer(record: Record) -> list[str]:
    """Warnings, numbered sentences, what each source says, what was not used, a reader's corrections."""
    answer = record.answer
    numbered = numbers(answer)
    before = first(answer)
    lines = [_told(notice, answer) for notice in before]
    for place, sentence in enumerate(answer.summary):
        lines.append(sentence_aloud(sentence, answer, numbered))
        lines += [f"    {line}" for line in faults(sentence)]
        lines += _beside(record, "sentence", str(place))
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
            lines += _beside(record, "stance", account.source)
            lines += _spoken(record, account, numbered)
    lines += _compared(answer, numbered)
    silent = [_heading(answer, account) for account in answer.accounts if account.stance == "silent"]
    if silent:
        lines += ["", "Silent: " + "; ".join(silent)]
    lines += _left(answer)
    lines += [_told(notice, answer) for notice in answer.notices if notice not in before]
    if found := overruled.listed(record, numbered):
        lines += ["", f"{overruled.TITLE}:", *(f"    {line}" for line in found)]
    return lines


def _beside(record: Record, kind: Overruled, place: str) -> list[str]:
    said = overruled.beside(record, kind, place)
    return [f"    {said}"] if said else []


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


def sentence_aloud(sentence: Sentence, answer: Answer, numbered: Mapping[str, int]) -> str:
    """A sentence with its numbers; a quotation that is not proved in brackets, with what the source has."""
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


def _spoken(record: Record, account: Account, numbered: Mapping[str, int]) -> Iterator[str]:
    answer = record.answer
    for voice in account.voices:
        who = labels.voice(voice, account)
        speaker = f"{who}: " if who else ""
        for key in voice.citations:
            yield _line(answer, key, numbered[key], speaker)
            yield from _beside(record, "quotation", key)


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
    return f"[{number}] {who}{marked(citation)} ({place})"


def _left(answer: Answer) -> list[str]:
    """Passages that were read and not used; the nearest where nothing is cited."""
    keys = unused(answer)
    if not keys:
        return []
    if answer.cited:
        return ["", f"Nearest passages that were read and not used: {len(keys)}"]
    return ["", "Nearest:", *(f"    {marked(answer.citations[key])}" for key in keys[:NEAREST])]


def _heading(answer: Answer, account: Account) -> str:
    source = answer.sources[account.source]
    return ", ".join(part for part in (source.label, source.date) if part)
