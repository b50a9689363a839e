"""One answer of a web server: what of it is read, and what its status and headers mean to the user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from zlib import error as ZlibError  # noqa: N812 - an exception

import httpcore

from assistant.addresses import Target, shown
from assistant.compression import Overflow, inflate
from assistant.errors import FetchFailed, InputRefused, Walled
from assistant.network import LATER, Budget
from assistant.robots import MOST_BYTES

SAVE = "Open it in a browser, save the page as HTML, and add the file."
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
_MOST_HEADERS = 100

Wanted = Literal["page", "feed", "any", "robots"]

_PAGES = frozenset("text/html application/xhtml+xml text/plain application/pdf application/x-pdf".split())
_FEEDS = frozenset(
    """
    application/rss+xml application/atom+xml application/rdf+xml application/xml text/xml text/html text/plain
    application/xhtml+xml application/gzip application/x-gzip
    """.split()
)
_BYTES = frozenset("application/octet-stream binary/octet-stream".split())
_TYPES = {"page": _PAGES, "feed": _FEEDS, "any": _PAGES | _FEEDS}
_FILE_OF_BYTES = {"page": (".pdf",), "feed": (".gz", ".xml", ".rss"), "any": (".pdf", ".gz", ".xml", ".rss")}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, and the body where it is one that is wanted."""

    status: int
    headers: dict[str, str]
    data: bytes = b""

    @property
    def media(self) -> str | None:
        """The type of the body, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower() or None

    @property
    def wait(self) -> float | None:
        """The seconds that a Retry-After asks for, as a number or as a date."""
        value = self.headers.get("retry-after", "")
        if value.isdecimal() and len(value) < 9:
            return float(value)
        try:
            return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return None

    def validator(self, name: str) -> str | None:
        """A header that can be sent back as it came: short and printable, else None."""
        value = self.headers.get(name)
        return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None


def read(place: Target, response: httpcore.Response, budget: Budget, wanted: Wanted) -> Answer:
    """The answer. Raises InputRefused where it brings nothing that is wanted."""
    if len(response.headers) > _MOST_HEADERS:
        raise InputRefused(budget.name, f"its answer has more than {_MOST_HEADERS} headers", SAVE)
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
    answer = Answer(response.status, headers)
    if wanted == "robots":
        return Answer(200, headers, _start(response, headers, budget)) if response.status == 200 else answer
    if response.status in (200, 203):
        _check_type(place, answer.media, budget.name, wanted)
        return Answer(200, headers, _body(response, headers, budget))
    if response.status in REDIRECTS | BUSY | {304} and "cf-mitigated" not in headers:
        return answer
    raise _refused(budget.name, response.status, headers)


def _body(response: httpcore.Response, headers: dict[str, str], budget: Budget) -> bytes:
    """The whole body, decompressed."""
    size = headers.get("content-length", "")
    if size.isdecimal() and (len(size) > 15 or int(size) > budget.size):
        raise budget.too_large()
    coding = headers.get("content-encoding", "identity").strip().lower() or "identity"
    chunks = response.iter_stream()
    if coding == "identity":
        return b"".join(chunks)  # the budget counts it as it comes
    if coding not in ("gzip", "x-gzip", "deflate"):
        why = f"it is packed in a way that was not asked for ({shown(coding)})"
        raise InputRefused(budget.name, why, SAVE)
    try:
        return inflate(chunks, coding.removeprefix("x-"), budget.size)
    except Overflow:
        raise budget.too_large() from None
    except (EOFError, ZlibError):
        raise FetchFailed(budget.name, "it came damaged or cut off", LATER) from None


def _start(response: httpcore.Response, headers: dict[str, str], budget: Budget) -> bytes:
    """As much of a robots.txt as has to be read."""
    if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return _body(response, headers, budget)[:MOST_BYTES]
    found = bytearray()
    for chunk in response.iter_stream():
        found += chunk
        if len(found) >= MOST_BYTES:
            break
    return bytes(found[:MOST_BYTES])


def _check_type(place: Target, media: str | None, name: str, wanted: Wanted) -> None:
    """Raises InputRefused when it is neither text nor a PDF; a body without a type is looked at later."""
    if media is None or media in _TYPES[wanted]:
        return
    path = place.path.split("?")[0].lower()
    if media in _BYTES and path.endswith(_FILE_OF_BYTES[wanted]):
        return
    what = {"page": "an article", "feed": "a feed or a sitemap", "any": "a page or a feed"}[wanted]
    raise InputRefused(
        name,
        f"it is of the type {shown(media)}, which is not {what}",
        "Give the address of the article itself.",
    )


LOG_IN = "If you may read it: open it in a browser where you are logged in, save the page, and add the file."


def _refused(name: str, status: int, headers: dict[str, str]) -> InputRefused:
    """The refusal for a status that brings no article."""
    if "cf-mitigated" in headers:
        return Walled(name, "its site first checks whether a person is reading", SAVE)
    walls = {
        401: ("it asks for a login (status 401)", LOG_IN),
        402: ("it asks for a payment (status 402)", LOG_IN),
        403: ("its site does not give it to programs, or not without a login (status 403)", LOG_IN),
        407: ("a proxy on the way asks for a login (status 407)", SAVE),
        451: (
            "its site may not show it here, for legal reasons (status 451)",
            "Look for it at another outlet.",
        ),
    }
    if status in walls:
        return Walled(name, *walls[status])
    if status in (404, 410):
        return InputRefused(name, f"there is no such page (status {status})", "Check the address.")
    if status >= 500:
        return FetchFailed(name, f"its server failed (status {status})", LATER)
    return InputRefused(name, f"its server gave no page (status {status})", SAVE)
