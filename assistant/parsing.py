"""Formats that can be made to harm, read in a child process with limits, and the parent's end of its pipe.

A hostile page can hold a parser for minutes or fill the memory, and a parser written in C can crash. So
the parent starts `python -m assistant.parsing`, which limits its own memory and processor time, and
kills it when a document takes too long; the next document gets a new child. Not multiprocessing, which
would run the chat's page again in the child.

A message is a length (4 bytes) and JSON; a request is followed by the bytes of the document. The child
gets none of the environment's secrets, and leaves when its parent does.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Literal

from assistant.documents import Parsed, article_of_page, sensible_title
from assistant.errors import InputRefused
from assistant.feeds import read_feed
from assistant.kinds import MAX_HTML_BYTES
from assistant.mail import Letter, read_letter, read_mhtml, read_webarchive
from assistant.manuscripts import read_manuscript
from assistant.signs import read_signs

_AS_TEXT = "Copy the article's text into a .txt file and add that."
_START_SECONDS = 60.0  # for importing the parsers on a slow or busy machine; not the document's fault
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMPDIR")

Kind = Literal["html", "pdf", "docx", "eml", "mhtml", "webarchive", "feed", "signs"]
KINDS: dict[str, Kind] = {
    ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx", ".eml": "eml", ".mhtml": "mhtml",
    ".mht": "mhtml", ".webarchive": "webarchive",
}  # fmt: skip
"""The endings of files that are read here."""


# The parent's end


class Parser:
    """A child process for the documents of one call, started when the first one needs it."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._ready: set[Kind] = set()

    def read(self, kind: Kind, name: str, data: bytes) -> Parsed:
        """`data`, parsed; HTML has to come as UTF-8. Raises InputRefused, which calls the document `name`."""
        return self._read(kind, name, data).article

    def open_mail(self, name: str, data: bytes) -> Letter:
        """A mail with what is attached to it. Raises InputRefused, as `read`."""
        return self._read("eml", name, data)

    def ask(self, kind: Kind, name: str, data: bytes) -> dict[str, Any]:
        """The fields of what the reader of `kind` makes of `data`, as JSON. Raises InputRefused."""
        found: dict[str, Any] = self._reply(kind, name, data)["parsed"]
        return found

    def _read(self, kind: Kind, name: str, data: bytes) -> Letter:
        reply = self._reply(kind, name, data)
        fields = reply["parsed"]
        article = Parsed(**{**fields, "notices": tuple((code, text) for code, text in fields["notices"])})
        return Letter(article, tuple(reply["attached"]))

    def _reply(self, kind: Kind, name: str, data: bytes) -> dict[str, Any]:
        if kind in ("html", "signs"):
            self.check_size(name, len(data))
        self._start(kind, name)
        head = {"kind": kind, "name": name, "size": len(data), "seconds": self._seconds}
        reply, late = self._exchange(head, data, self._seconds)
        if reply is None:
            slow = f"reading it took longer than {self._seconds:g} s"
            why = slow if late else "reading it crashed the reader or took too much memory"
            raise InputRefused(name, why, _AS_TEXT)
        if "refused" in reply:
            raise InputRefused(name, *reply["refused"])
        return reply

    @staticmethod
    def check_size(name: str, size: int) -> None:
        """Raises InputRefused for a web page that is too large to be read in time."""
        if size > MAX_HTML_BYTES:
            most = MAX_HTML_BYTES / 1e6
            why = f"it is a web page of {size / 1e6:.1f} MB, and more than {most:g} MB is not read"
            raise InputRefused(name, why, _AS_TEXT)

    def close(self) -> None:
        """End the child; another `read` starts a new one."""
        child, self._child = self._child, None
        self._ready.clear()
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # bytes that it never took
                    pipe.close()
        child.wait()

    def _start(self, kind: Kind, name: str) -> None:
        """A living child that has imported what `kind` needs, so that no document's time goes into it."""
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            self._child = _spawn(self._megabytes)
        if kind not in self._ready:
            head = {"kind": kind, "name": name, "warm": True, "size": 0, "seconds": _START_SECONDS}
            reply, _ = self._exchange(head, b"", _START_SECONDS)
            if reply is None or "refused" in reply:
                why = reply["refused"][0] if reply else "its process ended at once"
                raise InputRefused(
                    name,
                    f"the reader of {kind} files could not start ({why})",
                    "Install the assistant again, or raise NEWS_ASSISTANT_PARSE_MEGABYTES.",
                )
            self._ready.add(kind)

    def _exchange(
        self, head: dict[str, Any], data: bytes, seconds: float
    ) -> tuple[dict[str, Any] | None, bool]:
        """The child's reply, None when it has ended without one, and whether it ran out of time."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return None, False
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        reply: dict[str, Any] | None
        try:
            _send(child.stdin, head, data)
            reply = _receive(child.stdout)
            reply["attached"] = [
                (called, _exactly(child.stdout, size)) for called, size in reply.get("attached", ())
            ]
        except (OSError, EOFError, ValueError):
            reply = None
        finally:
            timer.cancel()
            timer.join()  # so that a kill under way cannot hit the next document
        if reply is None or late.is_set():
            self.close()
        return reply, late.is_set()


def _spawn(megabytes: int) -> subprocess.Popen[bytes]:
    """The child. `-P` keeps modules of the current folder out of it, since that may hold anything."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    root = str(Path(__file__).resolve().parent.parent)
    more = os.environ.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([root, more] if more else [root])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant.parsing", str(megabytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _send(pipe: IO[bytes], head: dict[str, Any], data: bytes = b"") -> None:
    body = json.dumps(head).encode()
    pipe.write(struct.pack(">I", len(body)) + body)
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> dict[str, Any]:
    """The next message. Raises EOFError when the other side has gone."""
    (size,) = struct.unpack(">I", _exactly(pipe, 4))
    message: dict[str, Any] = json.loads(_exactly(pipe, size))
    return message


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


# The child's end


def _html(data: bytes, name: str) -> Parsed:
    page = data.decode()
    parsed = article_of_page(page)
    if parsed is None:
        scripted = ", and a script would fill it in" if "<script" in page.lower() else ""
        hint = "Copy the text from the browser into a .txt file, or print the page to a PDF."
        raise InputRefused(name, f"the page holds no article text{scripted}", hint)
    return parsed


def _pdf(data: bytes, name: str) -> Parsed:
    """The text of a PDF, page after page, as it is printed: lines and hyphens stay."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    unlock = "Open it, print it to a new PDF without a password, and add that."
    locked = InputRefused(name, "it is locked with a password", unlock)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        pages = [page.extract_text().strip() for page in reader.pages]
        info = reader.metadata
        title, author = (info.title, info.author) if info else (None, None)
        language = reader.root_object.get("/Lang")
    except DependencyError as error:  # a cipher that needs a library which is not installed
        raise locked from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        why = f"it is damaged and cannot be read as a PDF ({type(error).__name__})"
        raise InputRefused(name, why, "Get a fresh copy of the file.") from error
    if not pages:
        raise InputRefused(name, "it has no pages", "Get a fresh copy of the file.")
    if not any(char.isalnum() for page in pages for char in page):
        raise InputRefused(
            name, "its pages are images without text", "Run text recognition (OCR) on it and add the result."
        )
    return Parsed(
        "\n\n".join(page for page in pages if page),
        title=sensible_title(title),
        author=author if author and " " in author.strip() else None,  # else it is a user name
        language=str(language) if language else None,
    )


_READERS: dict[str, Callable[[bytes, str], Any]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": lambda data, name: read_manuscript(io.BytesIO(data), name),
    "mhtml": read_mhtml,
    "webarchive": read_webarchive,
    "feed": read_feed,
    "signs": read_signs,
}
_IMPORTS = {"pdf": "pypdf", "feed": "feedparser", "signs": "lxml.html", "docx": "xml.parsers.expat"}


def _answer(head: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """The reply to one request, `parsed` or `refused` with the reason and what to do, and attached bytes."""
    try:
        if head.get("warm"):
            importlib.import_module(_IMPORTS.get(head["kind"], "trafilatura"))
            return {"ready": True}, b""
        if head["kind"] == "eml":
            letter = read_letter(data, head["name"])
            sizes = [(called, len(inside)) for called, inside in letter.attached]
            reply = {"parsed": asdict(letter.article), "attached": sizes}
            return reply, b"".join(inside for _, inside in letter.attached)
        return {"parsed": asdict(_READERS[head["kind"]](data, head["name"]))}, b""
    except InputRefused as refusal:
        return {"refused": [refusal.why, refusal.hint]}, b""
    except MemoryError:
        why = "reading it takes more memory than is allowed"
    except RecursionError:
        why = "it is nested too deeply"
    except Exception as error:  # whatever a parser raises, the other documents of the call go on
        why = f"it could not be read ({type(error).__name__})"
        if "memory" in str(error).lower() or type(error).__name__ == "XPathEvalError":  # lxml's words for it
            why = "reading it takes more memory than is allowed"
    return {"refused": [why, _AS_TEXT]}, b""


def _limit(what: str, amount: int) -> None:
    """A limit on this process, where the system has such limits (Windows has none)."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        number = getattr(resource, what)
        hard = resource.getrlimit(number)[1]
        wanted = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(number, (wanted, hard))


def _leave_with(parent: int) -> None:
    """End this process when its parent has gone, even in the middle of a document."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main() -> None:
    """Serve requests on standard input until it is closed."""
    # The pipes move to descriptors of our own, since a library that prints would break the messages.
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    logging.disable(logging.CRITICAL)
    _limit("RLIMIT_AS", int(sys.argv[1]) * 1_000_000)
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            head = _receive(source)
            data = _exactly(source, head["size"])
            # Counted over the life of the process; behind the parent's clock, in case it cannot kill.
            _limit("RLIMIT_CPU", int(time.process_time() + head["seconds"]) + 2)
            _send(sink, *_answer(head, data))


if __name__ == "__main__":
    main()
