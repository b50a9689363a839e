"""A web site on loopback that counts its connections, and can answer in every bad way.

with website({"/a": Page(b"<p>..."), "/b": drip}) as site:
    site.url("/a")            # http://127.0.0.1:PORT/a
    site.paths                # what was asked for, in order
    site.connections          # how often someone connected, whether they asked or not
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from assistant.errors import InputRefused
from assistant.fetching import Fetcher


@dataclass(frozen=True)
class Asked:
    """One request, its headers in lower case, and when it came (seconds of the monotonic clock)."""

    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Page:
    """A whole answer. With `etag`, a request that has it already gets a 304."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media: str | None = "text/html; charset=utf-8"
    etag: str | None = None

    def send(self, sock: socket.socket, asked: Asked) -> None:
        known = self.etag is not None and asked.headers.get("if-none-match") == self.etag
        body = b"" if known else self.body
        lines = [f"HTTP/1.1 {304 if known else self.status} X", f"Content-Length: {len(body)}"]
        lines += [f"Content-Type: {self.media}"] if self.media else []
        lines += [f"ETag: {self.etag}"] if self.etag else []
        lines += [f"{name}: {value}" for name, value in self.headers]
        sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def moved(to: str, status: int = 302) -> Page:
    return Page(status=status, headers=(("Location", to),))


Route = Page | Callable[[socket.socket, Asked], None]


class Site:
    """The routes may be changed while it runs; what has none is a 404, robots.txt included."""

    def __init__(self, routes: dict[str, Route], context: ssl.SSLContext | None = None) -> None:
        self.routes, self.context = routes, context
        self.asked: list[Asked] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.place}{path}"

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            sock.settimeout(10)
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            with sock:
                self._answer(sock)

    def _answer(self, sock: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return
            data += more
        first, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        asked = Asked(first.split(" ")[1], {name.lower(): value for name, value in pairs})
        self.asked.append(asked)
        route = self.routes.get(asked.path, Page(b"not here", 404))
        route.send(sock, asked) if isinstance(route, Page) else route(sock, asked)


@contextmanager
def website(routes: dict[str, Route] | None = None, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(routes if routes is not None else {}, context)
    try:
        yield site
    finally:
        site.close()


def refused(fetcher: Fetcher, address: str, kind: type[InputRefused] = InputRefused) -> InputRefused:
    with pytest.raises(InputRefused) as raised:
        fetcher.get(address)
    refusal = raised.value
    assert isinstance(refusal, kind), refusal
    assert refusal.hint.endswith("."), "each refusal ends with a next step"
    assert not refusal.why.endswith("."), refusal.why
    return refusal


# What an address may be
