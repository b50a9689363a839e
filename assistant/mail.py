"""Mails and pages saved as one file (.eml, .mhtml, .webarchive). For the child process of `parsing` only.

What a mail says of itself is kept as what it is. The sender of a newsletter, which has a list's headers, is
its outlet, and the sender of any other mail its author, as the mail names them. Whoever forwards an article
has not written it, and the day of forwarding is not the day it came out: then neither is known.
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast
from xml.parsers.expat import ExpatError

from assistant.decoding import decode
from assistant.documents import Parsed, article_of_page
from assistant.errors import InputRefused
from assistant.kinds import FRESH, MAX_HTML_BYTES, printable, suffix

MOST_PARTS = 1_000
_LEAST_SHARE = 0.5  # of the words of the plain text, which the page's must have
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post")
_FORWARDED = re.compile(r"(?:fwd?|wg|tr|rv|enc|пересл)\s*:\s*", re.IGNORECASE)
_ANSWERED = re.compile(r"(?:(?:re|aw|sv|fwd?|wg|tr|rv|enc|пересл)\s*:\s*)+", re.IGNORECASE)
_FORWARD_LINE = re.compile(
    r"(?im)^\W*(?:-{2,} ?(?:forwarded message|original message|weitergeleitete nachricht|original-nachricht"
    r"|ursprüngliche nachricht|message transféré|mensaje reenviado|пересылаемое сообщение)"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:)"
)
_PART = re.compile(rb"(?im)^content-type:")
_AS_TEXT = "Copy the article's text into a .txt file and add that."


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: its article, whose text is empty where it only carries files, and those that can be read."""

    article: Parsed
    attached: tuple[tuple[str, bytes], ...] = ()


def read_letter(data: bytes, name: str) -> Letter:
    """The mail in the bytes of a .eml file. Raises InputRefused when there is nothing to read in it."""
    message = _message(data, name)
    if not any(known in message for known in ("from", "subject", "date", "content-type")):
        raise InputRefused(name, "it has none of the headers of a mail", FRESH)
    leaves = list(_leaves(message, name))
    body = _body(leaves, name)
    named = [(_file_name(part, number), part) for number, part in enumerate(leaves, 1)]
    files = [(file, part) for file, part in named if file]
    attached = tuple((file, _bytes(part)) for file, part in files if suffix(file))
    unread = [file for file, part in files if not suffix(file) and not _is_trimming(part)]
    if not body.text and not attached:
        why = "the mail holds no text of an article" + (
            " and no attachment that can be read" if unread else ""
        )
        raise InputRefused(name, why, _AS_TEXT)
    article = _stated(message, body)
    if unread:
        shown = ", ".join(unread[:5]) + (f" and {len(unread) - 5} more" if len(unread) > 5 else "")
        article = replace(
            article, notices=(*article.notices, ("attachments", f"Attachments that were not read: {shown}."))
        )
    return Letter(article, attached)


def read_mhtml(data: bytes, name: str) -> Parsed:
    """The article of a page that Chrome saved as one file. Raises InputRefused."""
    message = _message(data, name)
    pages = (part for part in _leaves(message, name) if _is_page(part))
    root = next(pages, None)
    if root is None:
        raise InputRefused(name, "it holds no saved page", FRESH)
    place = _header(message, "snapshot-content-location") or _header(root, "content-location")
    found = _saved(_page(root, name), name, place)
    return replace(
        found, title=found.title or _header(message, "subject")
    )  # the page's title, as Chrome puts it


def read_webarchive(data: bytes, name: str) -> Parsed:
    """The article of a page that Safari saved. Raises InputRefused."""
    damaged = InputRefused(name, "it is damaged and cannot be read as a web archive", FRESH)
    try:
        root = plistlib.loads(data)["WebMainResource"]
        page, place = root["WebResourceData"], root.get("WebResourceURL")
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, ExpatError) as error:
        raise damaged from error
    except plistlib.InvalidFileException as error:
        raise damaged from error
    if not isinstance(page, bytes):
        raise damaged
    told = root.get("WebResourceTextEncodingName")
    text = _decoded(page, told if isinstance(told, str) else None, name, page=True)
    return _saved(text, name, place if isinstance(place, str) else None)


def _saved(page: Parsed, name: str, place: str | None) -> Parsed:
    """The article of a saved page that came from `place`."""
    found = article_of_page(_not_too_long(page.text, name))
    if found is None:
        raise InputRefused(name, "the page holds no article text", _AS_TEXT)
    return replace(found, url=found.url or place, notices=page.notices + found.notices)


def _not_too_long(page: str, name: str) -> str:
    if len(page) > MAX_HTML_BYTES:
        why = f"it holds a web page of more than {MAX_HTML_BYTES / 1e6:g} MB, which is not read"
        raise InputRefused(name, why, _AS_TEXT)
    return page


# The parts of a message


def _message(data: bytes, name: str) -> EmailMessage:
    """The message, counted before it is taken apart, which takes long. Raises InputRefused."""
    if sum(1 for _ in _PART.finditer(data)) > MOST_PARTS:
        raise InputRefused(name, f"it has more than {MOST_PARTS:,} parts", "Save only the article.")
    return message_from_bytes(data, policy=policy.default)


def _leaves(message: EmailMessage, name: str) -> Iterator[EmailMessage]:
    """The parts that hold something, in order; a message inside the message is one. Raises InputRefused."""
    todo, count = [message], 0
    while todo:
        part = todo.pop()
        if (count := count + 1) > MOST_PARTS:
            raise InputRefused(name, f"it has more than {MOST_PARTS:,} parts", "Save only the article.")
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            todo.extend(reversed(cast(list[EmailMessage], inside)))
        else:
            yield part


def _header(part: EmailMessage, name: str) -> str | None:
    """A header in words; None where there is none, or what there is defeats the parser."""
    try:
        return " ".join(str(part[name]).split()) or None if name in part else None
    except Exception:  # the parser of headers fails in many ways on odd ones; the mail is still worth reading
        return None


def _bytes(part: EmailMessage) -> bytes:
    """What a part holds, unpacked."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return inside[0].as_bytes() if inside else b""  # type: ignore[union-attr]
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _file_name(part: EmailMessage, number: int) -> str | None:
    """The name of an attached file; None for a part of the mail's own body."""
    try:
        told = part.get_filename()
    except Exception:  # as in `_header`
        told = None
    name = printable(re.split(r"[/\\]", str(told or ""))[-1]).strip()
    if part.get_content_type() == "message/rfc822":
        name = name or f"message {number}"
        return name if suffix(name) == ".eml" else f"{name}.eml"
    if name or part.get_content_disposition() != "attachment":
        return name or None
    return f"attachment {number}"


def _is_trimming(part: EmailMessage) -> bool:
    """Whether a part is a picture in the mail's own page, or its signature."""
    placed = part.get_content_disposition() == "inline" or "content-id" in part
    return (placed and part.get_content_maintype() == "image") or "signature" in part.get_content_subtype()


def _is_page(part: EmailMessage) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _page(part: EmailMessage, name: str) -> Parsed:
    """The text of a part, decoded."""
    try:
        charset = part.get_content_charset()
    except Exception:  # as in `_header`
        charset = None
    return _decoded(_bytes(part), charset, name, page=_is_page(part))


def _decoded(data: bytes, charset: str | None, name: str, page: bool) -> Parsed:
    """Bytes in the encoding that was stated, else in what they look like."""
    try:
        return Parsed(data.decode("utf-8-sig" if charset in (None, "us-ascii") else charset or "utf-8"))
    except (LookupError, ValueError):
        return decode(data, name, page)


# The article of a mail


def _body(leaves: list[EmailMessage], name: str) -> Parsed:
    """The text of a mail: of its page, unless that gives far fewer words than its plain text."""
    own = [part for number, part in enumerate(leaves, 1) if not _file_name(part, number)]
    pages = [_page(part, name) for part in own if _is_page(part)]
    plain = [(part, _page(part, name)) for part in own if part.get_content_type() == "text/plain"]
    notices = tuple(notice for read in [*pages, *(text for _, text in plain)] for notice in read.notices)
    written = "\n\n".join(filter(None, (_unfolded(part, text.text) for part, text in plain)))
    size = sum(len(page.text) for page in pages)
    found = [article_of_page(page.text) for page in pages if size <= MAX_HTML_BYTES]
    drawn = "\n\n".join(article.text for article in found if article)
    if size > MAX_HTML_BYTES and not written:
        _not_too_long(" " * size, name)
    use_page = len(drawn.split()) >= _LEAST_SHARE * len(written.split())
    facts = next((article for article in found if article), Parsed(""))
    return replace(facts, text=drawn if use_page else written, notices=tuple(dict.fromkeys(notices)))


def _unfolded(part: EmailMessage, text: str) -> str:
    """Plain text with the lines joined that the sender's program has broken (RFC 3676)."""
    text = text.replace("\r\n", "\n").strip()
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    return re.sub(r"(?m)(?<=\S) \n(?=[^\s>])", " ", text)


def _stated(message: EmailMessage, body: Parsed) -> Parsed:
    """The body with what the mail's headers say, and a notice of where it comes from."""
    subject = _header(message, "subject") or ""
    forwarded = bool(_FORWARDED.match(subject) or _FORWARD_LINE.search(body.text[:20_000]))
    by, day = _sender(message), _header(message, "date")
    listed = any(name in message for name in _LIST_HEADERS)
    if forwarded:
        sender = f" by {by}" if by else ""
        told = f"This is a mail that was forwarded{sender}; who wrote it, and when, is not stated."
    else:
        told = f"This is a {'newsletter' if listed else 'mail'} from {by or 'a sender without a name'}."
    return replace(
        body,
        title=_ANSWERED.sub("", subject, count=1).strip() or body.title,
        outlet=body.outlet or (by if listed and not forwarded else None),
        author=body.author or (by if not listed and not forwarded else None),
        date=body.date or (day if not forwarded else None),
        language=body.language or _header(message, "content-language"),
        notices=(*body.notices, ("from_mail", told)),
    )


def _sender(message: EmailMessage) -> str | None:
    """The name of the sender, as the mail gives it; an address is no name."""
    try:
        first = message["from"].addresses[0] if "from" in message else None
    except Exception:  # as in `_header`
        return None
    name = " ".join(first.display_name.split()).strip("'\"") if first else ""
    return name if name and "@" not in name else None
