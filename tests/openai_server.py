"""A server on loopback that speaks OpenAI's chat completions, and every way of speaking them badly.

    with serve("good") as server:            # or serve("429", "good"): one script for each request,
        Settings(base_url=server.url)        # the last one for all that follow
        server.requests[0].body["messages"]

    with serve(lambda asked: f"Made up [{asked.passages[0].key}].") as server: ...    # any text

By hand: python -m tests.openai_server --port 8899 --script good
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PASSAGE = re.compile(
    r"^\[(p[0-9a-f]{7})\] ([^\n]*)\n<text-(\w+)>\n(.*?)\n</text-\3>", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Given:
    """A passage as the prompt showed it."""

    key: str
    header: str
    text: str


@dataclass
class Asked:
    """One request: what came, and when it came (seconds of the monotonic clock)."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.monotonic)

    @property
    def prompt(self) -> str:
        return "\n\n".join(str(message.get("content")) for message in self.body.get("messages", []))

    @property
    def passages(self) -> list[Given]:
        return [Given(key, header, text) for key, header, _, text in _PASSAGE.findall(self.prompt)]

    @property
    def question(self) -> str:
        found = re.findall(r"[Qq]uestion: ([^\n]+)", self.prompt)
        return found[-1] if found else ""


class Reply:
    """The answering side of one request."""

    def __init__(self, handler: BaseHTTPRequestHandler, asked: Asked, closing: threading.Event) -> None:
        self.handler, self.asked, self.closing = handler, asked, closing
        self.streams = bool(asked.body.get("stream"))

    def plain(self, status: int, body: str, kind: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(data)))
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def error(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        detail = {"message": message, "type": "error", "param": None, "code": code}
        self.plain(status, json.dumps({"error": detail}), **headers)

    def begin(self) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def raw(self, text: str) -> None:
        data = text.encode()
        self.handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def event(self, value: object) -> None:
        self.raw(f"data: {json.dumps(value)}\n\n")

    def delta(self, text: str | None, finish: str | None = None) -> None:
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event({"id": "c1", "object": "chat.completion.chunk", "model": "fake", "choices": [choice]})

    def pieces(self, text: str, pause: float = 0.0) -> None:
        for piece in re.findall(r"\s*\S+|\s+\Z", text):
            if pause and self.wait(pause):
                return
            self.delta(piece)

    def end(self, done: bool = True) -> None:
        if done:
            self.raw("data: [DONE]\n\n")
        self.handler.wfile.write(b"0\r\n\r\n")

    def wait(self, seconds: float) -> bool:
        """Sleeps; true when the server is closing."""
        return self.closing.wait(seconds)

    def say(self, text: str | None, finish: str | None = "stop", pause: float = 0.0) -> None:
        """`text` as a whole answer, streamed if the request asks for that."""
        if self.streams:
            self.begin()
            self.pieces(text or "", pause)
            if finish:
                self.delta(None, finish)
            self.end()
            return
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        self.plain(
            200, json.dumps({"id": "c", "object": "chat.completion", "model": "m", "choices": [choice]})
        )

    def cut(self) -> None:
        """Ends the TCP connection as it stands."""
        self.handler.wfile.flush()
        self.handler.connection.shutdown(socket.SHUT_RDWR)


Script = Callable[[Reply], None]


def good_text(asked: Asked) -> str:
    """An answer that cites and quotes what the prompt holds; for a rewriting prompt, a question."""
    if not asked.passages:
        return f"{asked.question.rstrip('? ')}, in the talks of 2022?"
    said = []
    for given in asked.passages[:3]:
        first = re.match(r"\S+(?:[ ]\S+){0,6}", given.text)
        words = first.group().rstrip(".,;:“”\"'«»") if first else ""
        words = re.split('[“”"«»]', words)[0].rstrip()
        name = given.header.split(",")[0]
        said.append(f"{name} reports: “{words}” [{given.key}].")
    return " ".join(said)


def _good(reply: Reply) -> None:
    reply.say(good_text(reply.asked))


def _thinking(reply: Reply) -> None:
    reply.say(f"<think>\nThe passages are {len(reply.asked.passages)}.\n</think>\n\n{good_text(reply.asked)}")


def _slow(reply: Reply) -> None:
    reply.say(good_text(reply.asked), pause=0.15)


def _invented_key(reply: Reply) -> None:
    reply.say(f"{good_text(reply.asked)} The ministry agrees [pdeadbee].")


def _invented_quote(reply: Reply) -> None:
    key = reply.asked.passages[0].key
    reply.say(f"The minister said: “we shall all be home by Christmas” [{key}].")


def _partial(reply: Reply) -> None:
    reply.begin()
    reply.pieces("The first source says")


def _broken(reply: Reply) -> None:
    _partial(reply)
    reply.cut()


def _no_finish(reply: Reply) -> None:
    _partial(reply)
    reply.end()


def _length(reply: Reply) -> None:
    reply.say("The first source says that", finish="length")


def _filtered(reply: Reply) -> None:
    reply.say("The first source", finish="content_filter")


def _keep_alive(reply: Reply) -> None:
    reply.begin()
    while not reply.wait(0.05):
        reply.raw(": ping\n\n")


def _stall_alive(reply: Reply) -> None:
    _partial(reply)
    while not reply.wait(0.05):
        reply.raw(": ping\n\n")


def _stall(reply: Reply) -> None:
    _partial(reply)
    reply.wait(60)


def _hang(reply: Reply) -> None:
    reply.wait(60)


def _endless(reply: Reply) -> None:
    reply.begin()
    while not reply.closing.is_set():
        reply.delta("and so on, " * 50)


def _trickle(reply: Reply) -> None:
    reply.begin()
    while not reply.wait(0.05):
        reply.delta("on ")


def _bad_chunk(reply: Reply) -> None:
    _partial(reply)
    reply.raw('data: {"choices": [{"delta": {"content": "x"\n\n')
    reply.end()


def _odd_chunk(reply: Reply) -> None:
    reply.begin()
    reply.event({"choices": [{"index": 0, "delta": "text"}]})
    reply.event(["not", "an", "object"])
    reply.end()


def _no_choices(reply: Reply) -> None:
    if not reply.streams:
        reply.plain(200, '{"id": "c1", "object": "chat.completion", "model": "fake", "choices": []}')
        return
    reply.begin()
    reply.event({"id": "c1", "object": "chat.completion.chunk", "model": "fake", "choices": []})
    reply.end()


def _in_band(reply: Reply) -> None:
    _partial(reply)
    reply.event({"error": {"message": "the model ran out of memory", "type": "server_error", "code": None}})
    reply.end()


def _too_long(reply: Reply) -> None:
    if len(reply.asked.prompt) > 7_000:
        reply.error(400, "This model's maximum context length is 2048 tokens.", "context_length_exceeded")
    else:
        _good(reply)


def _key_echo(reply: Reply) -> None:
    reply.error(400, f"Bad request with {reply.asked.headers.get('authorization')} in it")


SCRIPTS: dict[str, Script] = {
    "good": _good,
    "thinking": _thinking,
    "slow": _slow,
    "invented key": _invented_key,
    "invented quote": _invented_quote,
    "not enough": lambda reply: reply.say("NOT ENOUGH EVIDENCE"),
    "broken": _broken,
    "no finish": _no_finish,
    "length": _length,
    "filtered": _filtered,
    "keep-alive": _keep_alive,
    "stall": _stall,
    "stall alive": _stall_alive,
    "hang": _hang,
    "endless": _endless,
    "trickle": _trickle,
    "bad chunk": _bad_chunk,
    "odd chunk": _odd_chunk,
    "no choices": _no_choices,
    "in-band error": _in_band,
    "empty": lambda reply: reply.say(""),
    "null": lambda reply: reply.say(None),
    "malformed": lambda reply: reply.plain(200, '{"id": "c1", "choices": [{'),
    "html": lambda reply: reply.plain(200, "<html><body>Log in</body></html>", "text/html"),
    "401": lambda reply: reply.error(
        401, "Incorrect API key provided: " + reply.asked.headers["authorization"]
    ),
    "403": lambda reply: reply.error(403, "not allowed"),
    "404": lambda reply: reply.error(404, "The model does not exist", "model_not_found"),
    "429": lambda reply: reply.error(429, "Slow down", Retry_After="0.2"),
    "429 long": lambda reply: reply.error(429, "Slow down", Retry_After="3600"),
    "no credit": lambda reply: reply.error(429, "You exceeded your quota", "insufficient_quota"),
    "500": lambda reply: reply.error(500, "Internal error"),
    "drop": lambda reply: reply.cut(),
    "redirect": lambda reply: reply.plain(307, "", Location="http://127.0.0.1:9/v1/chat/completions"),
    "too long": _too_long,
    "key echo": _key_echo,
}


class Server:
    """What `serve` gives: `url` for OPENAI_BASE_URL, and the `requests` that came, in order."""

    def __init__(self, scripts: tuple[str | Callable[[Asked], str], ...], port: int = 0) -> None:
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._scripts = [_script(item) for item in scripts]
        self._http = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._http.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="openai-server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        try:
            body = json.loads(handler.rfile.read(length) or b"{}")
        except ValueError:
            body = {}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.path, headers, body)
        reply = Reply(handler, asked, self.closing)
        if handler.command == "GET":
            reply.plain(200, json.dumps({"object": "list", "data": [{"id": "fake", "object": "model"}]}))
            return
        self.requests.append(asked)
        self._scripts[min(len(self.requests), len(self._scripts)) - 1](reply)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.close_connection = True
                with suppress(OSError):  # the client has gone, which is what many tests are about
                    server.answer(self)

            do_GET = do_POST  # noqa: N815 - the name is http.server's

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


def _script(item: str | Callable[[Asked], str]) -> Script:
    if isinstance(item, str):
        return SCRIPTS[item]
    return lambda reply: reply.say(item(reply.asked))


@contextmanager
def serve(*scripts: str | Callable[[Asked], str], port: int = 0) -> Iterator[Server]:
    """A running server; its threads have ended when the block is left."""
    server = Server(scripts or ("good",), port)
    server.start()
    try:
        yield server
    finally:
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake OpenAI endpoint on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="good")
    options = parser.parse_args()
    with serve(options.script, port=options.port) as server, suppress(KeyboardInterrupt):
        print(server.url, flush=True)  # noqa: T201
        server.closing.wait()


if __name__ == "__main__":
    main()
