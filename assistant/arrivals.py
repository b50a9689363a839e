"""What came from the web, made into articles and feeds: its bytes say what it is, then the server."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit
from zlib import error as ZlibError  # noqa: N812 - an exception

from assistant.addresses import joined, shown, without_part
from assistant.articles import Given
from assistant.compression import Overflow, inflate
from assistant.decoding import decode, transcoded
from assistant.documents import Parsed, tidy
from assistant.errors import FetchFailed, InputRefused
from assistant.feeds import Entry, Feed, looks_like_feed
from assistant.fetching import Fetched
from assistant.loading import Job
from assistant.models import Article
from assistant.parsing import Parser
from assistant.replies import SAVE
from assistant.signs import Signs, size
from assistant.walls import leads_astray, notice, wall

_NOTHING = "the page holds no article text"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came from the web, read in the child process."""

    parser: Parser
    outlet: str | None
    date: str | None
    size: int

    def feed(self, fetched: Fetched) -> Feed | None:
        """The feed, None where it is none. Raises InputRefused."""
        name, data = shown(fetched.address), self._unpacked(fetched)
        start = data[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<") or re.match(rb"<(?:!doctype\s+)?html", start, re.IGNORECASE):
            return None
        text = decode(transcoded(data, fetched.charset), name, page=True).text
        if not looks_like_feed(text):
            return None
        return Feed.of(self.parser.ask("feed", name, text.encode("utf-8", "replace")))

    def article(self, fetched: Fetched, entry: Entry | None) -> Article:
        """The article of a page or a PDF. Raises InputRefused, of which Walled is one kind."""
        name = shown(fetched.address)
        if astray := leads_astray(name, fetched.address, fetched.url):
            raise astray
        data = self._unpacked(fetched)
        suffix = _suffix(data, fetched.media)
        signs = None
        if suffix != ".pdf":
            data = transcoded(data, fetched.charset)
        if suffix == ".html":
            page = decode(data, name, page=True).text.encode("utf-8", "replace")
            signs = Signs.of(self.parser.ask("signs", name, page))
        given = Given(self.outlet, self.date, amend=_amend(name, fetched, signs, entry))
        job = Job(self.parser, given)
        for result in job.read(_file(fetched.url) + suffix, name, io.BytesIO(data), len(data)):
            if isinstance(result, Article):
                return replace(result, file=None)
            raise _explained(result, name, fetched, signs)
        raise InputRefused(name, "it holds no article", SAVE)

    def _unpacked(self, fetched: Fetched) -> bytes:
        """The data, taken out of a .gz file."""
        if not fetched.data.startswith(b"\x1f\x8b"):
            return fetched.data
        name = shown(fetched.address)
        try:
            return inflate([fetched.data], "gzip", self.size)
        except Overflow:
            why = f"it is larger than {self.size / 1e6:g} MB"
            raise InputRefused(
                name, why, "Raise NEWS_ASSISTANT_FETCH_MEGABYTES, or add its articles."
            ) from None
        except (EOFError, ZlibError):
            raise FetchFailed(name, "it is a damaged .gz file", "Try again later.") from None


def _amend(
    name: str, fetched: Fetched, signs: Signs | None, entry: Entry | None
) -> Callable[[Parsed], Parsed]:
    """What is known of a document beside what it says itself; raises InputRefused where it is no article."""

    def amend(parsed: Parsed) -> Parsed:
        notices = parsed.notices
        if signs:
            if walled := wall(name, signs, parsed.text):
                raise walled
            if signs.feeds and not signs.article and _is_front(fetched.url):
                raise _no_article(name, "it is a site's front page and no article", fetched, signs)
            if size(parsed.text) < 300 and not re.search(r"[.!?…。！？।؟]", parsed.text):
                raise InputRefused(name, _NOTHING, SAVE)
            notices += tuple(filter(None, [notice(signs, parsed.text)]))
        listed = entry or Entry("")
        date = tidy(Parsed("", date=listed.date), None, None).date
        return replace(
            parsed,
            title=parsed.title or listed.title,
            outlet=parsed.outlet or listed.outlet,
            date=parsed.date or date,
            url=_own_address(parsed.url, fetched.url),
            notices=notices,
        )

    return amend


def _own_address(stated: str | None, came: str) -> str:
    """The address that a page gives itself, if it is on the same site and not just its front page."""
    link = joined(came, stated) if stated else None
    if link is None:
        return came
    here, there = urlsplit(came), urlsplit(link)
    same = (there.hostname or "").removeprefix("www.") == (here.hostname or "").removeprefix("www.")
    if there.scheme not in ("http", "https") or not same or (_is_front(link) and not _is_front(came)):
        return came
    return without_part(link)


def _is_front(url: str) -> bool:
    """Whether an address is that of a whole site."""
    parts = urlsplit(url)
    return not parts.path.strip("/") and not parts.query


def _explained(refusal: InputRefused, name: str, fetched: Fetched, signs: Signs | None) -> InputRefused:
    """The refusal of a page without an article, with what its markup says of the reason."""
    if signs is None or _NOTHING not in refusal.why:
        return refusal
    if walled := wall(name, signs, ""):
        return walled
    return _no_article(name, refusal.why, fetched, signs) if signs.feeds else refusal


def _no_article(name: str, why: str, fetched: Fetched, signs: Signs) -> InputRefused:
    feed = joined(fetched.url, signs.feeds[0])
    return InputRefused(name, why, f"To read what it lists, add its feed: {shown(feed or signs.feeds[0])}.")


def _suffix(data: bytes, media: str | None) -> str:
    """The kind of a document as a file name's ending: its first bytes count before what the server says."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    markup = re.match(rb"<(?:!doctype|html|head|body|\?xml|!--)", start, re.IGNORECASE)
    if b"%PDF-" in data[:1024] or ((media or "").endswith("pdf") and not markup):
        return ".pdf"
    return ".txt" if media == "text/plain" and not markup else ".html"


def _file(url: str) -> str:
    """A name for what has no title: the last part of its address."""
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part.strip()]
    last = parts[-1] if parts else urlsplit(url).hostname or "page"
    return re.sub(r"\.(?:html?|php|aspx?|pdf|txt)$", "", last)[:100] or "page"
