"""An answer or a comparison as a document, with what the library holds of its sources now."""

from __future__ import annotations

from typing import Literal

from assistant.collection import Collection
from assistant.comparison import Comparison
from assistant.export import render as written
from assistant.history import now
from assistant.library import Library
from assistant.models import Answer
from assistant.provenance import provenance
from assistant.saved import Record


def render(
    library: Library,
    item: Answer | Comparison,
    form: Literal["text", "md", "html", "json", "csv", "claimreview"] = "text",
) -> str:
    """The document, with a line end behind it. Raises ExportError where the form does not fit the item."""
    if isinstance(item, Answer):
        return written(_record(library, item), form)
    records = [_record(library, answer) for answer in item.answers]
    return written(Collection.comparison("Comparison", records), form)


def _record(library: Library, answer: Answer) -> Record:
    return Record(answer, now(), provenance(library, answer))
