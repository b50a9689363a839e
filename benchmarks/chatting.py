"""The chat: from the command to the page of its first visitor."""

from __future__ import annotations

import http.client
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.measuring import LIMIT, Row, assistant_command, call, environment
from benchmarks.work import Work

PATIENCE = 60.0  # seconds for the page to appear before the measurement counts as failed


def measure(work: Work) -> list[Row]:
    """Starts the real command on a free port several times; one visitor each time."""
    library = work.stocked()
    found = [call(work.folder, "chatting", "visit", library=library) for _ in range(work.repeats.chats)]

    def row(what: str, key: str, how: str, at_most: float | None = None) -> Row:
        middle = statistics.median(item[key] for item in found)
        return Row(what, middle, "s", f"{how}; median of {len(found)}", at_most=at_most)

    return [
        row("chat answers", "healthy", "command to /_stcore/health", at_most=5.0),
        row("chat serves its page", "served", "command to the page's HTML and script, loaded"),
        row("chat drawn for a first visitor", "drawn", "command to the end of the page's first run"),
    ]


def visit(library: str) -> dict[str, float]:
    """In a child: starts the chat, visits it over HTTP and its WebSocket, and ends it."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    hello = BackMsg()
    hello.rerun_script.query_string = ""
    with chatting(library) as (address, _, start):
        healthy = time.perf_counter() - start
        port = int(address.rpartition(":")[2])
        _page(port)
        served = time.perf_counter() - start
        stream = f"ws://127.0.0.1:{port}/_stcore/stream"
        with connect(stream, max_size=None, proxy=None, open_timeout=PATIENCE) as page:
            page.send(hello.SerializeToString())
            _until_drawn(page, ForwardMsg)
        drawn = time.perf_counter() - start
    return {"healthy": healthy, "served": served, "drawn": drawn}


@contextmanager
def chatting(library: str) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """The real command on a free port: its address, its process, and when it was started."""
    port = free_port()
    command = assistant_command("--library", library, "chat", "--port", str(port))
    start = time.perf_counter()
    chat = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_healthy(chat, port)
        yield f"http://127.0.0.1:{port}", chat, start
    finally:
        chat.terminate()
        with suppress(subprocess.TimeoutExpired):
            chat.wait(10)
        chat.kill()
        chat.wait(LIMIT)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_healthy(chat: subprocess.Popen[bytes], port: int) -> float:
    """When the server of the chat answered first. RuntimeError where it does not."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end and chat.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            if _get(port, "/_stcore/health")[0] == 200:
                return time.perf_counter()
        time.sleep(0.01)
    raise RuntimeError(f"the chat did not answer within {PATIENCE:.0f} seconds, or ended")


def _page(port: int) -> None:
    """Loads what a browser needs before it can draw: the HTML and the script that it names."""
    status, html = _get(port, "/")
    script = html.partition('src="./')[2].partition('"')[0]
    if status != 200 or not script:
        raise RuntimeError(f"the page has status {status} and names no script")
    if (status := _get(port, f"/{script}")[0]) != 200:
        raise RuntimeError(f"the page's script has status {status}")


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _until_drawn(page: Any, message: Any) -> None:
    """Reads what the server sends until the script of the page has run to its end."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        part = message.FromString(page.recv(timeout=PATIENCE))
        if part.WhichOneof("type") == "script_finished":
            if part.script_finished != message.FINISHED_SUCCESSFULLY:
                raise RuntimeError("the page's script ended early")
            return
    raise RuntimeError(f"the page was not drawn within {PATIENCE:.0f} seconds")
