"""Answers in other forms: plain text for the terminal; Markdown, HTML, JSON, CSV and ClaimReview to keep.

All of them say the same: the counts, the warnings, each sentence with its numbers and with what is wrong
with it, who says what, the citations with outlet, date, offsets and status, what was read for nothing, and
a reader's corrections beside what the assistant found, never in its place.
"""

from __future__ import annotations

import json
from typing import Literal

from assistant.collection import Collection
from assistant.interchange import exported
from assistant.markdown import Markdown
from assistant.matrix import spreadsheet
from assistant.plaintext import plain
from assistant.prose import NEAREST, copies, facing, faults, write
from assistant.report import document
from assistant.saved import Record
from assistant.webpage import Html

__all__ = ["NEAREST", "Collection", "Format", "copies", "facing", "faults", "render", "write"]

Format = Literal["text", "md", "html", "json", "csv", "claimreview"]


def render(item: Record | Collection, form: Format) -> str:
    """An answer, a comparison or a conversation in a format, with a line end behind it.

    Raises ExportError where the form does not fit it: ClaimReview needs a claim.
    """
    if form == "text":
        return plain(item) + "\n"
    if form == "csv":
        return spreadsheet(item)
    if form == "json":
        return json.dumps(exported(item), ensure_ascii=False, indent=2) + "\n"
    if form == "claimreview":
        from assistant import claimreview  # needs what reads names, and that takes a third of a second

        return claimreview.written(item)
    return document(item, Markdown() if form == "md" else Html(links=True))
