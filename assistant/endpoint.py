"""One request to an OpenAI-compatible endpoint, in a thread that can be cut, and what its errors mean.

The only place, with `embedding.py`, that imports langchain and openai, and only when it is used.
"""

from __future__ import annotations

import json
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from assistant.errors import ModelError
from assistant.prompts import Message, one_line
from assistant.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel

OPENAI = "https://api.openai.com/v1"
_PLACEHOLDER = "none"  # local servers ask for no key, and the client insists on one
_JOIN = 2.0  # seconds; a cut thread ends at once unless it is inside a name lookup

_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|maximum context|too many (?:input )?tokens|prompt is too long|"
    r"exceeds? the (?:available )?context|input tokens exceed|longer than the model",
    re.IGNORECASE,
)


class TooLongError(ModelError):
    """The prompt is longer than the model can read."""


class CallError(Exception):
    """A request that failed with `error`; `begun`: after its first chunk, with `partial` as its text."""

    def __init__(self, error: BaseException, partial: str, begun: bool) -> None:
        super().__init__(type(error).__name__)
        self.error, self.partial, self.begun = error, partial, begun

    @property
    def status(self) -> int | None:
        """The HTTP status, where the endpoint gave one."""
        status = getattr(self.error, "status_code", None)
        return status if isinstance(status, int) else None

    @property
    def again(self) -> bool:
        """Whether a new try can help. Time-outs are not repeated: the reader has waited once."""
        if self.begun or getattr(self.error, "code", None) == "insufficient_quota":
            return False
        if self.status is not None:
            return self.status in (408, 409, 429) or self.status >= 500
        causes = [type(cause).__name__ for cause in _chain(self.error)]
        return "APIConnectionError" in _bases(self.error) and any(
            name in ("ReadError", "WriteError", "RemoteProtocolError") for name in causes
        )

    @property
    def pause(self) -> float | None:
        """Seconds that the endpoint asks to wait (Retry-After, a number or a date), or None."""
        headers = getattr(getattr(self.error, "response", None), "headers", {})
        asked = str(headers.get("retry-after", "")).strip()
        with suppress(ValueError, OverflowError):
            return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
        with suppress(ValueError, OverflowError):
            return max(0.0, float(asked))
        with suppress(ValueError, OverflowError, TypeError):
            return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
        return None


@dataclass(frozen=True, slots=True)
class Event:
    """What came from the thread: a chunk (with or without text), the end, or an error."""

    text: str = ""
    finish: str | None = None
    ended: bool = False
    error: BaseException | None = None


class Endpoint:
    """The endpoint of `settings`: how to reach it, and how to say what went wrong there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = settings.base_url or OPENAI
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        self._key = key or (_PLACEHOLDER if settings.base_url else "")
        self.host = _host(self.url)

    def prepare(self) -> float:
        """Imports what is needed, and returns the seconds that it took. Raises ModelError."""
        if not self._key:
            raise ModelError(
                "The llm engine has no endpoint. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of "
                "your own, or use --engine extractive."
            )
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ModelError(
                "OPENAI_BASE_URL is not a web address. Set it to one such as http://127.0.0.1:8080/v1."
            )
        began = time.monotonic()
        import httpx2  # noqa: F401
        import langchain_openai  # noqa: F401
        from langchain.chat_models import init_chat_model  # noqa: F401

        return time.monotonic() - began

    def client(self, hook: Callable[[httpx2.Request], None]) -> httpx2.Client:
        """A client for one request. Redirects are not followed: the passages go where the user said."""
        import httpx2

        most = max(self.settings.request_timeout, self.settings.token_timeout)
        return httpx2.Client(
            timeout=httpx2.Timeout(most + 1, connect=min(10.0, most)),
            follow_redirects=False,
            trust_env=not _is_loopback(self.url),  # a proxy of the environment cannot reach this machine
            event_hooks={"request": [hook]},
        )

    def model(self, client: httpx2.Client) -> BaseChatModel:
        """langchain's model over `client`."""
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {}
        if self.settings.temperature is not None:
            options["temperature"] = self.settings.temperature
        if self.host.endswith((".openai.com", ".azure.com")):
            options["max_tokens"] = self.settings.max_tokens  # sent as max_completion_tokens
        else:  # the old name, the only one that every other server knows
            options["extra_body"] = {"max_tokens": self.settings.max_tokens}
        model: BaseChatModel = init_chat_model(
            self.settings.model,
            model_provider="openai",
            base_url=self.url,  # always given, or LANGSMITH_GATEWAY would choose another
            api_key=self._key,
            http_client=client,
            timeout=client.timeout,
            max_retries=0,  # the client would sleep where no stop button and no deadline reaches it
            openai_proxy=None,
            use_responses_api=False,
            stream_usage=False,
            **options,
        )
        return model

    def explain(self, broken: CallError) -> ModelError:
        """One error of ours for everything that a request can fail with."""
        kind = TooLongError if self._too_long(broken) else ModelError
        return kind(self._clean(self._say(broken)), broken.partial)

    def _too_long(self, broken: CallError) -> bool:
        if broken.begun:
            return False
        named = "ContextOverflow" in " ".join(_bases(broken.error)) or broken.status == 413
        return named or (broken.status in (400, None, 422) and bool(_TOO_LONG.search(str(broken.error))))

    def _say(self, broken: CallError) -> str:
        if self._too_long(broken):
            return (
                f"The passages are too long for the model at {self.host}. Lower NEWS_ASSISTANT_CONTEXT_CHARS "
                f"or NEWS_ASSISTANT_PASSAGES_PER_SOURCE, or set a model with a longer context."
            )
        if broken.status is not None:
            return self._say_status(broken, broken.status)
        causes = list(_chain(broken.error))
        names = {name for cause in causes for name in _bases(cause)}
        told = _told(broken.error)
        if {"TimeoutException", "APITimeoutError"} & names:
            return f"The connection to {self.host} timed out. Check the network, or correct OPENAI_BASE_URL."
        if "ConnectError" in names or any(isinstance(cause, OSError) for cause in causes):
            return self._say_unreachable(causes)
        if "APIConnectionError" in names:
            return f"The connection to {self.host} broke off{_in(broken)}. Ask again."
        if "APIError" in names:
            return f"The model at {self.host} reported an error{_in(broken)}{told}. Ask again."
        return (
            f"What {self.host} sent{_in(broken)} is not the chat completions protocol "
            f"({type(broken.error).__name__}). Check that OPENAI_BASE_URL is the address of an API, which "
            f"mostly ends in /v1."
        )

    def _say_unreachable(self, causes: Sequence[BaseException]) -> str:
        text = " ".join(str(cause) for cause in causes).lower()
        if "refused" in text:
            return (
                f"Nothing answers at {self.host} (connection refused). Start the server, or correct "
                f"OPENAI_BASE_URL."
            )
        if "certificate" in text or "ssl" in text:
            return f"The certificate of {self.host} cannot be trusted. Check OPENAI_BASE_URL, or the server."
        return f"{self.host} cannot be reached. Check the network, or correct OPENAI_BASE_URL."

    def _say_status(self, broken: CallError, status: int) -> str:
        told, model, host = _told(broken.error), self.settings.model, self.host
        if status == 401:
            return f"{host} refused the key (401). Set OPENAI_API_KEY to a key of that endpoint."
        if status == 403:
            return f"{host} does not allow the request (403){told}. Check that the key may use “{model}”."
        if status == 404:
            return (
                f"{host} has no model “{model}”, or not at this address (404){told}. Set "
                f"NEWS_ASSISTANT_MODEL to a model that it serves, and check OPENAI_BASE_URL."
            )
        if status == 429 and getattr(broken.error, "code", None) == "insufficient_quota":
            return (
                f"The account at {host} has no credit left (429){told}. Top it up, or use another endpoint."
            )
        if status == 429:
            asked = f"; it asks to wait {broken.pause:.0f} s" if (broken.pause or 0) >= 1 else ""
            return f"{host} turned the request away as one too many (429){told}{asked}. Wait, and ask again."
        if 300 <= status < 400:
            return f"{host} sends requests on to another address ({status}). Set OPENAI_BASE_URL to that one."
        if status >= 500:
            return f"The server at {host} failed ({status}){told}. Ask again later, or look into its log."
        return (
            f"{host} refused the request ({status}){told}. Check NEWS_ASSISTANT_MODEL and the other settings "
            f"of the model."
        )

    def _clean(self, message: str) -> str:
        """`message` without the key and without the secrets that a URL can carry."""
        parts = urlsplit(self.url)
        secrets = {self._key, parts.password or "", parts.username or "", parts.query} - {"", _PLACEHOLDER}
        for secret in sorted(secrets, key=len, reverse=True):
            message = message.replace(secret, "***")
        return re.sub(r"\bsk-[\w*.…-]+", "***", message)


class Call:
    """A request that streams into a queue from its own thread; leaving the `with` block ends it."""

    def __init__(self, endpoint: Endpoint, messages: Sequence[Message]) -> None:
        self._endpoint, self._messages = endpoint, list(messages)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._sockets: list[socket.socket] = []
        self._cut = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-stream", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing a socket does not wake a thread that reads from it; shutting it down does.
        self._cut.set()
        for opened in list(self._sockets):
            _shut(opened)
        self._thread.join(_JOIN)

    def next(self, seconds: float) -> Event | None:
        """The next event, or None when none came in time. Keep-alive comments are no events."""
        with suppress(queue.Empty):
            return self._events.get(timeout=max(0.0, seconds))
        return None

    def _run(self) -> None:
        from langsmith.run_helpers import tracing_context

        try:
            # Off whatever the environment says: a trace holds the question and the passages.
            with tracing_context(enabled=False), self._endpoint.client(self._watch) as client:
                for event in self._stream(client):
                    self._events.put(event)
                    if self._cut.is_set():
                        return
            self._events.put(Event(ended=True))
        except BaseException as error:  # a thread has nobody above it: the caller raises what is raised here
            self._events.put(Event(error=error))

    def _stream(self, client: httpx2.Client) -> Iterator[Event]:
        for chunk in self._endpoint.model(client).stream(self._messages):
            finish = chunk.response_metadata.get("finish_reason")
            yield Event(text=str(chunk.text), finish=str(finish) if finish else None)

    def _watch(self, request: httpx2.Request) -> None:
        """Keeps the sockets of a request, so that `__exit__` can shut them at any moment."""
        request.extensions["trace"] = self._trace

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened = info["return_value"].get_extra_info("socket")
            if opened is not None:
                self._sockets.append(opened)
        if self._cut.is_set():
            for opened in self._sockets:
                _shut(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError, ValueError):
        opened.shutdown(socket.SHUT_RDWR)


def _in(broken: CallError) -> str:
    return " in the middle of the answer" if broken.partial else ""


def _told(error: BaseException) -> str:
    """What the endpoint itself says, as ": ..."; empty where it says nothing readable."""
    body = getattr(error, "body", None)
    text = body.get("message") if isinstance(body, dict) else getattr(error, "message", "")
    if not isinstance(text, str) or not text.strip() or text.lstrip().startswith("<"):
        return ""
    with suppress(ValueError):
        text = json.loads(text)["message"] if text.startswith("{") else text
    return ": " + one_line(str(text), 200).rstrip(".")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _bases(error: BaseException) -> list[str]:
    """Names of the classes of `error`: openai and httpx2 are not imported for a comparison."""
    return [base.__name__ for base in type(error).__mro__]


def _host(url: str) -> str:
    """Host and port of `url`; never the user, the password or the path, which can hold secrets."""
    parts = urlsplit(url)
    with suppress(ValueError):
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    return str(parts.hostname)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
