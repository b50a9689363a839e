"""The article that a document becomes: its fields in their stored form, and what a reader must know of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant import damage, languages, planted
from assistant.documents import Parsed, tidy
from assistant.errors import InputRefused
from assistant.furniture import furniture, headline, lines, same_words
from assistant.kinds import CHECK, MAX_TEXT
from assistant.models import Article, Notice
from assistant.text import clean, digest

# Tags that only format: any other one is no slip, and a reader should see it.
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|div|em|font|h[1-6]|i|mark|p|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>"
    r"|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)


def _bare(field: str | None) -> str | None:
    """A title or an outlet without the tags of a web page; one of nothing but tags is none."""
    return (_TAG.sub("", field).strip() or None) if field else None


@dataclass(frozen=True, slots=True)
class Given:
    """The word of whoever adds: outlet and date win; the address stands in where none is stated.

    `amend`, if there is one, adds what is known of a document beside, or refuses it.
    """

    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    amend: Callable[[Parsed], Parsed] | None = None


def make(parsed: Parsed, given: Given, file: str, label: str, part: str = "") -> Article:
    """The article of a document, with the notices that a reader needs.

    `file` is what it is known by, `label` what a refusal calls it, `part` its place in a file of many.
    Raises InputRefused when there is no body.
    """
    parsed = given.amend(parsed) if given.amend else parsed
    if len(parsed.text) > MAX_TEXT:
        why = f"its text has more than {MAX_TEXT:,} characters, which is no article"
        raise InputRefused(label, why, "Split it into its articles.")
    text = clean(parsed.text)
    if not any(char.isalnum() for char in text):
        raise InputRefused(label, "it holds no words" if text.strip() else "it holds only white space", CHECK)
    skip = furniture(text)
    body = [span for span in lines(text) if span not in skip]
    if not body:
        raise InputRefused(label, "it holds only page furniture", "Save the article itself.")
    notices = [Notice(code, message) for code, message in parsed.notices]
    named = replace(parsed, title=_bare(parsed.title), outlet=_bare(parsed.outlet))
    known = tidy(replace(named, url=named.url or given.url), given.outlet, given.date)
    if (raw := given.date or parsed.date) and known.date is None:
        notices.append(Notice("date_unreadable", f"The date “{clean(raw)}” could not be read."))
    if known.note:
        notices.append(Notice("note", known.note))
    language, doubt = languages.settle(known.language, " ".join(text[slice(*span)] for span in body[:200]))
    notices += filter(None, (doubt, damage.notice(text, language, skip), planted.notice(text)))
    title, first = known.title, text[slice(*body[0])]
    if title is None and (title := headline(text, body)):
        notices.append(Notice("title_from_text", "The title is the first line of the text."))
    elif title is None:
        title = _stem(file) + (f", {part}" if part else "")
        notices.append(Notice("title_from_file_name", "No title was found; the file name stands for it."))
    heading = file.lower().endswith(".md") and first.startswith("# ")
    if len(body) > 1 and (heading or same_words(first, title)):
        skip = sorted([*skip, body[0]])
    return Article(
        id=digest(known.outlet or "", known.url or "", title, text)[:16],
        title=title,
        text=text,
        outlet=known.outlet,
        date=known.date,
        author=known.author,
        language=language,
        url=known.url,
        file=file,
        skip=tuple(skip),
        notices=tuple(notices),
    )


def _stem(file: str) -> str:
    """The name of a file without the archive that it lies in and its ending."""
    name = file.rsplit("/", 1)[-1]
    return name.removesuffix(".gz").rsplit(".", 1)[0] or name
