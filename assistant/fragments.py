"""Links that open a page at a quotation: text fragments, as browsers since 2020 read them.

The form is that of the WICG's "URL Fragment Text Directives": `#:~:text=prefix-,start,end,-suffix`.
A browser that does not know it opens the page at its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from assistant.models import Citation
from assistant.saved import Around, Record

LONGEST = 280  # characters of a quotation that is named whole; browsers compare up to 300
_ENDS = 5  # words at each end of a longer one
_CONTEXT = 4  # words on each side that tell one place from another
_SHORT = 4  # words: a quotation that is no longer may well stand elsewhere too
_DIRECTIVE = ":~:"
# In an address as it is: what RFC 3986 reserves or leaves alone, and an escape that is there already.
_KEPT = "%:/?#[]@!$&'()*+,;=-._~"
# Scripts without spaces have no words to count: a cut is made behind punctuation only, where a word ends.
_STOPS = "。，、；：？！"
_CLAUSE = re.compile(rf"[^{_STOPS}]*[{_STOPS}]*")


def link(address: str | None) -> str | None:
    """An address that may become a link: http or https, a host, no password; None for any other.

    What could end an attribute or a Markdown link is percent-encoded.
    """
    text = (address or "").strip()
    if not re.match(r"https?://", text, re.IGNORECASE) or re.search(r"[\s\\\x00-\x1f\x7f]", text):
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or "@" in parts.netloc or "%" in parts.netloc:
        return None
    return percent(text, safe=_KEPT, errors="replace")


def link_in(record: Record, citation: Citation) -> str | None:
    """The link to a citation of a saved answer, None where its source has no address that may be a link."""
    source = record.answer.sources.get(citation.source)
    around = record.provenance.passages.get(citation.key)
    return passage_link(source.url, citation, around) if source else None


def passage_link(address: str | None, citation: Citation, around: Around | None) -> str | None:
    """The link to a citation on its page, None where the source has no address that may be a link.

    `around` tells which of several places is meant; without it the first one that has these words is.
    """
    safe = link(address)
    if safe is None:
        return None
    if around is None or not around.start <= citation.start <= citation.end <= around.end:
        return fragment(safe, citation.quote)
    before = around.text[: citation.start - around.start]
    after = around.text[citation.end - around.start :]
    return fragment(safe, citation.quote, before, after, repeats=around.repeats)


def fragment(url: str, quote: str, before: str = "", after: str = "", *, repeats: bool = False) -> str:
    """`url` with the text fragment of `quote`, which stands between `before` and `after`.

    A long quotation, or one of several paragraphs, is named by its first and last words. The words beside it
    are named where it is short, where `repeats` says that it stands elsewhere too, or where they hold it.
    An element that the address names is kept, an older text fragment is not.
    """
    page, _, element = url.partition("#")
    element = element.split(_DIRECTIVE)[0]
    lines = [flat for line in quote.splitlines() if (flat := " ".join(line.split()))]
    if not lines:
        return f"{page}#{element}" if element else page
    whole = " ".join(lines)
    terms = [whole]
    if len(lines) > 1 or len(whole) > LONGEST:
        terms = [_first(lines[0]), _last(lines[-1], whole)]
    beside = f"{before}\n{after}".casefold()
    if repeats or len(whole.split()) <= _SHORT or len(terms) > 1 or terms[0].casefold() in beside:
        prefix, suffix = _before(before), _after(after)
    else:
        prefix = suffix = ""
    parts = [f"{_encoded(prefix)}-"] if prefix else []
    parts += map(_encoded, terms)
    parts += [f"-{_encoded(suffix)}"] if suffix else []
    return f"{page}#{element}{_DIRECTIVE}text={','.join(parts)}"


def _encoded(text: str) -> str:
    """Percent-encoded, also the three signs that have a meaning in a text directive: - , &."""
    return percent(text, safe="", errors="replace").replace("-", "%2D")


def _words(text: str) -> Sequence[str]:
    """Words with the space behind them; clauses where a script has no spaces."""
    spaced = re.findall(r"\S+\s*", text)
    clauses = [part for part in _CLAUSE.findall(text) if part]
    return clauses if len(clauses) > len(spaced) else spaced


def _first(line: str) -> str:
    return "".join(_words(line)[:_ENDS]).strip()[:LONGEST]


def _last(line: str, whole: str) -> str:
    """The last words, as many as it takes to name none earlier in the quotation."""
    words = _words(line)
    for count in range(_ENDS, len(words)):
        end = "".join(words[-count:]).strip()
        if whole.casefold().count(end.casefold()) == 1:
            return end
    return "".join(words[-_ENDS:]).strip()


def _before(text: str) -> str:
    """The last words before a quotation in its own paragraph."""
    return "".join(_words(text.rsplit("\n", 1)[-1])[-_CONTEXT:]).strip()


def _after(text: str) -> str:
    """The first words behind a quotation in its own paragraph."""
    return "".join(_words(text.split("\n", 1)[0])[:_CONTEXT]).strip()
