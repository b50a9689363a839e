"""Claims by sources: which columns a comparison has, and the matrix as a table for a spreadsheet.

The table, for a person and for a program:

- The first row names the columns: `row`, `claim`, `finding`, `rule`, then a name for each source, none twice.
- A row whose first cell is `claim` (or `question`, or `no answer`) is an answer: the finding in words, and
  whether the answer was interrupted; the rule by its code; and in each source's column the stance, the
  speaker if somebody is quoted, the first quotation and the characters where it stands in the article.
  Where a reader overruled the stance, the reader's word stands behind it in brackets.
- Below them each row holds one fact of every source: outlet, title, date, url, sha256, added, origin, source.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import labels
from assistant.collection import Collection
from assistant.models import Account, Answer, Source
from assistant.overruled import word
from assistant.prose import marked
from assistant.saved import Exchange, Held, Record
from assistant.terminal import printable

# Excel takes a file without it for one in an old encoding, and every curly quotation mark is lost. Programs
# read it as `utf-8-sig`; pandas and LibreOffice need not be told.
_MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, also in their wide forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FACTS = ("outlet", "title", "date", "url", "sha256", "added", "origin", "source")


@dataclass(frozen=True, slots=True)
class Column:
    """A source of the matrix; `origin` numbers those that go back to one report, None for any other."""

    source: Source
    origin: int | None


def columns(answers: Sequence[Answer], most: int | None = None) -> list[Column]:
    """The sources of all answers; those of one origin side by side, else in order of publication.

    Where they are more than `most`, those that are silent on every claim are left out first.
    """
    found = {account.source for answer in answers for account in answer.accounts}
    sources = {key: each for answer in answers for key, each in answer.sources.items() if key in found}
    group: dict[str, str] = {}
    for origin in (origin for answer in answers for origin in answer.origins):
        together = [source for source in origin.sources if source in sources]
        if len(together) > 1:
            head = next((group[source] for source in together if source in group), together[0])
            group.update(dict.fromkeys(together, head))

    def order(key: str) -> tuple[str, str, str, str]:
        head, own = sources[group.get(key, key)], sources[key]
        return head.date or "9999", group.get(key, key), own.date or "9999", own.label

    ordered = sorted(sources, key=order)
    speaking = {
        account.source for answer in answers for account in answer.accounts if account.stance != "silent"
    }
    kept = set(sorted(ordered, key=lambda key: key not in speaking)[:most])
    heads = {
        head: n for n, head in enumerate(dict.fromkeys(group[key] for key in ordered if key in group), 1)
    }
    return [
        Column(sources[key], heads[group[key]] if key in group else None) for key in ordered if key in kept
    ]


def best(answer: Answer, account: Account) -> str | None:
    """The passage that a cell opens: of a voice with the stance of the account, else the nearest one."""
    voices = sorted(account.voices, key=lambda voice: voice.stance != account.stance)
    keys = [*(key for voice in voices for key in voice.citations), *account.nearest]
    return next((key for key in keys if key in answer.citations), None)


def spreadsheet(item: Record | Collection) -> str:
    """The matrix as CSV (RFC 4180) with a byte order mark; no cell of it is read as a formula."""
    written = io.StringIO()
    rows = csv.writer(written)
    for row in _table(item):
        rows.writerow([_cell(text) for text in row])
    return _MARK + written.getvalue()


def _table(item: Record | Collection) -> Iterable[Sequence[str]]:
    exchanges = (
        item.exchanges if isinstance(item, Collection) else Collection.comparison("", [item]).exchanges
    )
    records = [each.record for each in exchanges if each.record]
    shown = columns([record.answer for record in records])
    held = {key: each for record in records for key, each in record.provenance.sources.items()}
    yield ("row", "claim", "finding", "rule", *_names(shown))
    for each in exchanges:
        yield _answered(each.record, shown) if each.record else _unanswered(each, len(shown))
    for fact in _FACTS:
        yield (fact, "", "", "", *(_fact(fact, column, held.get(column.source.id)) for column in shown))


def _names(shown: Sequence[Column]) -> list[str]:
    """A name for each column; of two that would be alike each bears its id."""
    names = [labels.name(column.source) for column in shown]
    return [
        name if names.count(name) == 1 else f"{name} ({column.source.id})"
        for name, column in zip(names, shown, strict=True)
    ]


def _answered(record: Record, shown: Sequence[Column]) -> Sequence[str]:
    answer = record.answer
    said = [labels.FINDINGS[answer.finding][0] if answer.finding else "", record.interrupted]
    finding = ". ".join(filter(None, said))
    accounts = {account.source: account for account in answer.accounts}
    cells = (_stance(record, accounts.get(column.source.id)) for column in shown)
    return (answer.kind, answer.question, finding, answer.rule, *cells)


def _unanswered(exchange: Exchange, width: int) -> Sequence[str]:
    return ("no answer", exchange.question, exchange.state, "", *[""] * width)


def _stance(record: Record, account: Account | None) -> str:
    """ "Mentions (reader: Affirms); Ada Torvane: “…” (characters 7 to 56)"."""
    if account is None:
        return "Not read"
    given = record.overruling("stance", account.source)
    said = labels.STANCES[account.stance][0] + (f" (reader: {word(given)})" if given else "")
    key = best(record.answer, account) if account.voices else None
    if key is None:
        return said
    citation = record.answer.citations[key]
    voice = next((voice for voice in account.voices if key in voice.citations), None)
    who = f"; {voice.speaker}" if voice and voice.speaker else ""
    return f"{said}{who}: {marked(citation)} (characters {citation.start} to {citation.end})"


def _fact(fact: str, column: Column, held: Held | None) -> str:
    source = column.source
    facts = {
        "outlet": source.outlet,
        "title": source.title,
        "date": source.date,
        "url": source.url,
        "sha256": held and held.sha256,
        "added": held and held.added,
        "origin": f"shared origin {column.origin}" if column.origin else "",
        "source": source.id,
    }
    return facts[fact] or ""


def _cell(text: str) -> str:
    """One line of text that no spreadsheet runs: an apostrophe before what could begin a formula."""
    line = printable(" ".join(text.split()))
    return f"'{line}" if line.startswith(_FORMULA) or text.startswith(_FORMULA) else line
