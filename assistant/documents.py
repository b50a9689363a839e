"""What a document says about itself: fields in their stored form, and the metadata of a web page.

Nothing is guessed: a field that the document does not state is None.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.extracting import body_of
from assistant.text import clean

_RFC_2822 = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")


# Longer ones are no titles, outlets and addresses, and do not fit into the indexes of a database.
MOST_TITLE, MOST_OUTLET, MOST_URL = 1_000, 200, 2_000

NAMES = {
    "text": ("text", "body", "content", "articlebody"),
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publisher", "site"),
    "date": ("date", "published", "publishedat", "datepublished"),
    "author": ("author", "authors", "byline"),
    "language": ("language", "lang", "inlanguage"),
    "url": ("url", "link"),
    "note": ("note",),
}
"""What front matter and JSON records may call each field, in any case, with or without `_` and `-`."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document says about itself, as it says it: `date` is not yet checked.

    `notices` are (code, text) pairs for the article.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    author: str | None = None
    language: str | None = None
    url: str | None = None
    note: str | None = None
    notices: tuple[tuple[str, str], ...] = ()


def named(value: object) -> str | None:
    """A field as a string: a name, a number, {"name": ...}, or a list of them."""
    if isinstance(value, list):
        words = [named(item) for item in value[:50] if not isinstance(item, list)]
        return ", ".join(word for word in words if word) or None
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    word = html.unescape(str(value)).strip()
    return None if word.lower() in ("", "~", "null", "none") else word


def by_name(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields under names without case, spaces, `_` and `-`; the first of two alike wins."""
    return {re.sub(r"[\s_-]", "", str(key)).casefold(): value for key, value in reversed(fields.items())}


def stated(fields: dict[str, Any]) -> Parsed:
    """Everything but the text that front matter or a JSON record says, under the names in `NAMES`."""
    known = by_name(fields)
    values: dict[str, Any] = {
        field: next((word for key in keys if (word := named(known.get(key)))), None)
        for field, keys in NAMES.items()
        if field != "text"
    }
    return Parsed("", **values)


def tidy(parsed: Parsed, outlet: str | None, date: str | None) -> Parsed:
    """`parsed` with each field in its stored form or None; `outlet` and `date` win where they are given."""
    url = _one_line(parsed.url)
    tag = re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", (parsed.language or "").strip())
    return replace(
        parsed,
        title=_one_line(parsed.title, MOST_TITLE),
        outlet=_one_line(outlet or parsed.outlet, MOST_OUTLET),
        date=_iso_date((date or parsed.date or "").strip()[:60]),
        author=_one_line(parsed.author, MOST_TITLE),
        note=_one_line(parsed.note),
        language=tag[1].lower() if tag else None,
        # Web addresses only: others could run something when they are clicked.
        url=url if url and _is_web(url) else None,
    )


def _is_web(url: str) -> bool:
    return len(url.encode()) <= MOST_URL and re.match(r"https?://\S+$", url, re.IGNORECASE) is not None


def _one_line(value: str | None, most: int | None = None) -> str | None:
    return (" ".join(clean(value).split())[:most].rstrip() or None) if value else None


def _iso_date(value: str) -> str | None:
    """YYYY-MM-DD of an ISO 8601 or RFC 2822 date as it is written, in whatever time zone, else None.

    The first printed newspaper is of 1605; "0001-11-30" is what some systems write for no date.
    """
    with contextlib.suppress(ValueError):
        found = datetime.fromisoformat(value).date()
        return found.isoformat() if found.year >= 1605 else None
    if _RFC_2822.match(value):
        with contextlib.suppress(ValueError, TypeError):
            return parsedate_to_datetime(value).date().isoformat()
    return None


_NOT_A_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) ?-|untitled|document ?\d*$|slide ?\d*$|powerpoint presentation|"
    r"layout \d|print$|about:blank|https?://)|.*\.(?:docx?|pdf|indd|qxd|odt|rtf|txt|html?|pptx?|xlsx?)$",
    re.IGNORECASE,
)


def sensible_title(title: str | None) -> str | None:
    """The title in the properties of a file, unless a program put it there."""
    return title if title and title.strip() and not _NOT_A_TITLE.match(title.strip()) else None


def article_of_page(page: str) -> Parsed | None:
    """The article of an HTML page, None where there is no text. For the child process of `parsing` only."""
    import trafilatura

    tree = trafilatura.load_html(page)
    if tree is None:
        return None
    facts = _metadata(tree)
    if facts.url is None and (saved := _SAVED_FROM.search(page[:4_000])):
        facts = replace(facts, url=saved[1])
    text = body_of(tree, len(page))
    return replace(facts, text=text) if text else None


# What browsers and the extension SingleFile write at the top of a page that they save.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)", re.IGNORECASE
)

_METAS = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title"),
    "outlet": ("og:site_name", "dc.publisher", "publisher", "citation_journal_title"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "byl", "sailthru.author"),
    "date": ("article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
             "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created",
             "parsely-pub-date", "sailthru.date"),
    "url": ("og:url",),
    "language": ("content-language", "og:locale"),
}  # fmt: skip


def _metadata(tree: Any) -> Parsed:
    """What explicit markup says: JSON-LD, then meta elements, then `<link>`, `<time>`, `<h1>`, `<html lang>`.

    Not trafilatura's or htmldate's search: they also take dates from addresses, pictures and plain text,
    and an outlet from the host name, which is guessing.
    """
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        given = (element.get(name) for name in ("property", "name", "itemprop", "http-equiv"))
        key = next(filter(None, given), None)
        if key and (content := (element.get("content") or "").strip()):
            metas.setdefault(key.lower(), content)
    facts: dict[str, Any] = _json_ld(tree)
    for field, names in _METAS.items():
        values = (metas[name] for name in names if name in metas)
        # article:author is often the address of a profile
        facts[field] = facts.get(field) or next((v for v in values if field == "url" or "://" not in v), None)

    def first(path: str) -> str | None:
        return next((" ".join(str(value).split()) for value in tree.xpath(path) if str(value).strip()), None)

    facts["url"] = first("//link[@rel='canonical']/@href") or facts["url"]
    times = tree.xpath("//time/@datetime")
    in_article = first("//article//time[not(ancestor::aside)]/@datetime")
    facts["date"] = facts["date"] or in_article or (times[0] if len(set(times)) == 1 else None)
    headings = tree.xpath("//h1")
    heading = " ".join(headings[0].text_content().split()) if len(headings) == 1 else None
    facts["title"] = facts["title"] or heading or first("//title/text()")
    facts["language"] = first("/html/@lang") or facts["language"]
    return Parsed("", **facts)


_ARTICLE = re.compile(r"Article|Report|BlogPosting|LiveBlog")


def described(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles that a page's JSON-LD describes, each as it stands there."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        with contextlib.suppress(ValueError, RecursionError):
            todo = [json.loads(script, strict=False)]
            while todo:
                item = todo.pop(0)
                if isinstance(item, list):
                    todo.extend(item)
                elif isinstance(item, dict):
                    if _ARTICLE.search(str(item.get("@type"))):
                        yield item
                    todo.extend(value for key, value in item.items() if key in ("@graph", "mainEntity"))


def _json_ld(tree: Any) -> dict[str, str | None]:
    """The first article that the page's JSON-LD describes."""
    item = next(described(tree), None)
    if item is None:
        return {}
    return {
        "title": named(item.get("headline")),
        "outlet": named(item.get("publisher")),
        "author": named(item.get("author")),
        "date": named(item.get("datePublished")),
        "language": named(item.get("inLanguage")),
        "url": named(item.get("url")),
    }
