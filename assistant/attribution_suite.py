"""Who says what, against a person's marks: tokens of contents, sources and cues."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.attribution import Spoken, attributed
from assistant.models import Progress, Span
from assistant.records import EvaluationError, Metrics, records
from assistant.settings import Settings

_PARTS = ("content", "source", "cue")
_TOKEN = re.compile(r"\w+(?:[’'.&-]\w+)*")


def attribution(path: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:  # noqa: ARG001
    """Attributions found by `attributed` against a person's.

    A line of `path` is {text, attributions: [{source: [[a, b]], cue: [[a, b]], content: [[a, b]]}]}, spans of
    characters, each part possibly empty or left out. For content, source and cue a token (a run of letters
    and digits, punctuation left out) counts once for an article, when it stands in any gold or any found
    span of that part, whichever attribution it is of; counts are summed over all articles (micro average)
    and give *_precision, *_recall and *_f1. `source_of_content` is the share of the content tokens that both
    have where the innermost found attribution that holds the token has a source that shares a token with the
    source of a gold attribution that holds it. Also cases (articles) and articles_per_s. Raises
    EvaluationError, which names the line and the field.
    """
    tallies = {part: _Tally() for part in _PARTS}
    owned = shared = cases = 0
    seconds = 0.0
    for place, record in records(path):
        text, gold = _case(record, place)
        start = time.perf_counter()
        found = [_marked(item) for item in attributed(text, record.get("language"))]
        seconds += time.perf_counter() - start
        tokens = [match.span() for match in _TOKEN.finditer(text)]
        for part in _PARTS:
            tallies[part].add(
                *(_inside(tokens, (span for one in side for span in one[part])) for side in (gold, found))
            )
        right, both = _owners(tokens, gold, found)
        owned, shared, cases = owned + right, shared + both, cases + 1
    if not cases:
        raise EvaluationError(
            f"{path.name} holds no cases. Write one object with text and attributions a line."
        )
    metrics: Metrics = {}
    for part, tally in tallies.items():
        metrics |= tally.metrics(part)
    metrics["source_of_content"] = round(owned / shared, 4) if shared else 0.0
    return metrics | {"cases": cases, "articles_per_s": round(cases / seconds, 2) if seconds else 0.0}


Marks = Mapping[str, Sequence[Span]]


@dataclass(slots=True)
class _Tally:
    """Tokens that both have, that the person's marks have, and that were found."""

    both: int = 0
    gold: int = 0
    found: int = 0

    def add(self, gold: set[int], found: set[int]) -> None:
        self.both += len(gold & found)
        self.gold += len(gold)
        self.found += len(found)

    def metrics(self, part: str) -> Metrics:
        precision = self.both / self.found if self.found else 0.0
        recall = self.both / self.gold if self.gold else 0.0
        f1 = 2 * self.both / (self.gold + self.found) if self.both else 0.0
        return {
            f"{part}_f1": round(f1, 4),
            f"{part}_precision": round(precision, 4),
            f"{part}_recall": round(recall, 4),
        }


def _marked(item: Spoken) -> Marks:
    return {
        "content": [(item.start, item.end)],
        "source": [item.source] if item.source else [],
        "cue": [item.cue] if item.cue else [],
    }


def _inside(tokens: Sequence[Span], spans: Iterable[Span]) -> set[int]:
    """Which tokens stand in a span."""
    found: set[int] = set()
    number = 0
    for start, end in sorted(spans):
        while number and tokens[number - 1][1] > start:
            number -= 1
        while number < len(tokens) and tokens[number][1] <= start:
            number += 1
        at = number
        while at < len(tokens) and tokens[at][0] < end:
            found.add(at)
            at += 1
    return found


def _owners(tokens: Sequence[Span], gold: Sequence[Marks], found: Sequence[Marks]) -> tuple[int, int]:
    """How many content tokens both have, and of how many of them the sources meet."""
    wanted: dict[int, set[int]] = {}
    for item in gold:
        sources = _inside(tokens, item["source"])
        for token in _inside(tokens, item["content"]):
            wanted.setdefault(token, set()).update(sources)
    given: dict[int, set[int]] = {}
    for item in sorted(found, key=lambda item: -_length(item)):
        sources = _inside(tokens, item["source"])
        given |= dict.fromkeys(_inside(tokens, item["content"]), sources)
    both = [token for token in given if wanted.get(token)]
    return sum(bool(given[token] & wanted[token]) for token in both), len(both)


def _length(item: Marks) -> int:
    return sum(end - start for start, end in item["content"])


# --- reading --------------------------------------------------------------------------------------


def _case(record: Mapping[str, Any], place: str) -> tuple[str, list[Marks]]:
    """The text and the marks of a line. Raises EvaluationError."""
    text, given = record.get("text"), record.get("attributions")
    if not isinstance(text, str):
        raise EvaluationError(f"{place}: 'text' is not a text. Mend the line.")
    if not isinstance(record.get("language"), str | None):
        raise EvaluationError(
            f"{place}: 'language' is not a code such as \"en\". Mend the line or leave it out."
        )
    if not isinstance(given, list):
        raise EvaluationError(f"{place}: 'attributions' is not a list; it may be empty. Mend the line.")
    return text, [_marks(item, number, len(text), place) for number, item in enumerate(given, 1)]


def _marks(item: object, number: int, length: int, place: str) -> Marks:
    if not isinstance(item, dict) or (item and not item.keys() & set(_PARTS)):
        raise EvaluationError(
            f"{place}: attribution {number} is no object with 'source', 'cue' or 'content'. Mend the line."
        )
    found: dict[str, list[Span]] = {}
    for part in _PARTS:
        spans = item.get(part, [])
        if not isinstance(spans, list) or not all(_is_span(span, length) for span in spans):
            raise EvaluationError(
                f"{place}: {part!r} of attribution {number} is not a list of [start, end] offsets within the "
                f"text, which has {length} characters; it may be empty. Mend the line."
            )
        found[part] = [(start, end) for start, end in spans]
    return found


def _is_span(span: object, length: int) -> bool:
    if not isinstance(span, list) or len(span) != 2 or not all(type(value) is int for value in span):
        return False
    return bool(0 <= span[0] < span[1] <= length)
