"""A trial of an endpoint: one small real request, and what came of it in words."""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.endpoint import Call, CallError, Endpoint
from assistant.errors import ModelError
from assistant.settings import Settings

_SECONDS = 20.0  # for the whole trial
_TOKENS = 64
_ASKED = "Answer with the one word: yes"


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that the endpoint passed: seconds until the first piece and until the end."""

    host: str
    model: str
    first: float
    whole: float
    pieces: int
    words: bool

    @property
    def said(self) -> str:
        """What came of it, for a reader."""
        streamed = (
            f"streamed in {self.pieces} pieces"
            if self.pieces > 1
            else "in one piece: answers will appear all at once"
        )
        said = (
            f"{self.host} was reached. The model {self.model} began to answer after {self.first:.1f} s and "
            f"ended after {self.whole:.1f} s, {streamed}."
        )
        if not self.words:
            said += f" It wrote no word within {_TOKENS} tokens, as models do that think first."
        return said


def run(settings: Settings, seconds: float = _SECONDS) -> Trial:
    """Asks the endpoint of the settings for one word. Raises ModelError, with what to do about it."""
    endpoint = Endpoint(settings.model_copy(update={"max_tokens": _TOKENS}))
    endpoint.prepare()
    began = time.monotonic()
    first: float | None = None
    pieces, words = 0, False
    with Call(endpoint, [("user", _ASKED)]) as call:
        while True:
            left = began + seconds - time.monotonic()
            event = call.next(left)
            if event is None:
                raise ModelError(_late(endpoint.host, seconds, first is not None))
            if event.error is not None:
                raise endpoint.explain(CallError(event.error, "", first is not None))
            now = time.monotonic() - began
            if event.ended:
                break
            first = now if first is None else first
            pieces += bool(event.text)
            words = words or bool(event.text.strip())
            if now >= seconds:
                raise ModelError(_late(endpoint.host, seconds, True))
    if first is None:
        raise ModelError(
            f"{endpoint.host} ended without an answer. Check that the address is that of an API, which "
            "mostly ends in /v1."
        )
    return Trial(endpoint.host, settings.model, first, time.monotonic() - began, pieces, words)


def _late(host: str, seconds: float, begun: bool) -> str:
    if begun:
        return f"{host} was reached, but had not ended one word after {seconds:g} s. Choose a faster model."
    return f"{host} sent nothing within {seconds:g} s. Check that the server works and has its model loaded."
