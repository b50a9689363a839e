"""The engine that lets a model write the prose: any endpoint with OpenAI's chat completions.

A stream is not trusted to be whole. It is read in a thread of its own, while the caller keeps the
watch: seconds to the first token, between tokens, and over all. What goes wrong, in whatever form,
comes out as one ModelError that says what happened, at which host, and what to do.

langchain and openai are imported at the first request: they take seconds.
"""

from __future__ import annotations

import random
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import prompts
from assistant.endpoint import Call, CallError, Endpoint, TooLongError
from assistant.errors import ModelError, NoRewrite
from assistant.models import Passage, Source, Turn
from assistant.prompts import Message
from assistant.settings import MAX_QUESTION, Settings

_CHARS_PER_TOKEN = 16  # far above any language's mean: a bound for endpoints that ignore max_tokens
_POLL = 0.1  # seconds between two looks at `stop`
_FORMS = 3  # sentences that show the form of an answer
_TURNS, _TURN_CHARS = 4, 700  # how much of a conversation a follow-up question is read with


@dataclass(frozen=True, slots=True)
class Shown:
    """One passage as the model sees it, under the key that it is to cite."""

    key: str
    source: Source
    passage: Passage


class Writer:
    """Writes answers from passages with the model of `settings`. Holds no state between calls."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def write(
        self,
        question: str,
        shown: Sequence[Shown],
        *,
        silent: Sequence[Source] = (),
        on_text: Callable[[str], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> str:
        """The model's whole answer; `on_text` gets each piece as it comes, in the caller's thread.

        `shown`: best first within each source, sources together. The text may hold any nonsense: it
        is for `citations.check_draft` to judge. Raises ModelError when the answer is not whole, with
        what came as `partial`; also when `stop()` turns true.
        """
        prompt = prompts.load(self.settings, "answer")
        deadline = time.monotonic() + self.settings.total_timeout
        room = self.settings.context_chars
        for again in (True, False):
            kept = fit(shown, room)
            messages = _answer_messages(prompt, question, kept, silent)
            try:
                return self._ask(messages, deadline, on_text, stop)
            except TooLongError as error:
                smaller = sum(len(item.passage.text) for item in kept) // 2
                if not again or len(fit(shown, smaller)) == len(kept):
                    raise ModelError(str(error)) from None
                room = smaller
        raise AssertionError("unreachable")

    def rewrite(
        self, question: str, history: Sequence[Turn], *, stop: Callable[[], bool] | None = None
    ) -> str:
        """`question` as one that stands alone; itself when there is no conversation before it.

        Raises ModelError as `write` does, and NoRewrite when what comes back is no question.
        """
        if not history:
            return question
        talk = "\n".join(
            f"Reader: {prompts.one_line(turn.question, _TURN_CHARS)}\n"
            f"Assistant: {prompts.one_line(turn.answer, _TURN_CHARS)}"
            for turn in history[-_TURNS:]
        )
        messages = prompts.load(self.settings, "rewrite").render(history=talk, question=question)
        text = self._ask(messages, time.monotonic() + self.settings.total_timeout, None, stop)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        rewritten = re.sub(
            r"^(?:the )?(?:rewritten )?question[^:\n]{0,30}:\s*", "", lines[0], flags=re.IGNORECASE
        )
        rewritten = rewritten.strip().strip('"“”«»*')
        if len(lines) > 1 or not rewritten or len(rewritten) > MAX_QUESTION:
            raise NoRewrite(
                "The model did not rewrite the follow-up question but wrote something else. "
                "Ask a question that names what it is about."
            )
        return rewritten

    def _ask(
        self,
        messages: Sequence[Message],
        deadline: float,
        on_text: Callable[[str], None] | None,
        stop: Callable[[], bool] | None,
    ) -> str:
        endpoint = Endpoint(self.settings)
        deadline += endpoint.prepare()  # imports are not the endpoint's fault
        for attempt in range(self.settings.retries + 1):
            try:
                return self._read(endpoint, messages, deadline, on_text, stop)
            except CallError as broken:
                pause = broken.pause
                if pause is None:
                    pause = min(8.0, 0.5 * 2**attempt) * random.uniform(0.75, 1)  # noqa: S311
                last = attempt == self.settings.retries or time.monotonic() + pause >= deadline
                if last or not broken.again:
                    raise endpoint.explain(broken) from None
                _sleep(pause, stop)
        raise AssertionError("unreachable")

    def _read(
        self,
        endpoint: Endpoint,
        messages: Sequence[Message],
        deadline: float,
        on_text: Callable[[str], None] | None,
        stop: Callable[[], bool] | None,
    ) -> str:
        """One request from its start to its end, under watch."""
        answer = _Visible(on_text)
        limit = time.monotonic() + self.settings.request_timeout
        most = self.settings.max_tokens * _CHARS_PER_TOKEN
        finish: str | None = None
        begun = False
        with Call(endpoint, messages) as call:
            while True:
                if stop is not None and stop():
                    raise ModelError("The answer was stopped before its end. Ask again.", answer.text)
                now = time.monotonic()
                if now >= min(limit, deadline):
                    raise ModelError(self._late(endpoint.host, begun, now >= deadline), answer.text)
                event = call.next(min(limit, deadline, now + _POLL) - now)
                if event is None:
                    continue
                if event.error is not None:
                    raise CallError(event.error, answer.text, begun)
                if event.ended:
                    break
                begun = True
                limit = time.monotonic() + self.settings.token_timeout
                finish = event.finish or finish
                answer.feed(event.text)
                if answer.length > most:
                    raise ModelError(self._endless(endpoint.host), answer.text)
        return _whole(answer.end(), finish, endpoint.host)

    def _late(self, host: str, begun: bool, over: bool) -> str:
        if over:
            return (
                f"The model at {host} had not finished after {self.settings.total_timeout:g} s. Raise "
                f"NEWS_ASSISTANT_TOTAL_TIMEOUT, or set a faster model in NEWS_ASSISTANT_MODEL."
            )
        if begun:
            return (
                f"The model at {host} stopped in the middle: nothing came for "
                f"{self.settings.token_timeout:g} s. Ask again, or raise NEWS_ASSISTANT_TOKEN_TIMEOUT."
            )
        return (
            f"The model at {host} sent nothing within {self.settings.request_timeout:g} s. Check that the "
            f"server works, or raise NEWS_ASSISTANT_REQUEST_TIMEOUT."
        )

    def _endless(self, host: str) -> str:
        return (
            f"The model at {host} went on far beyond {self.settings.max_tokens} tokens. Ask again, or set "
            f"another model in NEWS_ASSISTANT_MODEL."
        )


def fit(shown: Sequence[Shown], room: int) -> list[Shown]:
    """`shown` without its lowest-ranked passages, in at most `room` characters of passage text.

    Each source keeps its best passage, so the result can be longer than `room`.
    """
    ranks: dict[str, int] = {}
    ranked = []
    for index, item in enumerate(shown):
        rank = ranks[item.source.id] = ranks.get(item.source.id, -1) + 1
        ranked.append((rank, index))
    size = sum(len(item.passage.text) for item in shown)
    dropped: set[int] = set()
    for rank, index in sorted(ranked, reverse=True):
        if size <= room or rank == 0:
            break
        size -= len(shown[index].passage.text)
        dropped.add(index)
    return [item for index, item in enumerate(shown) if index not in dropped]


def _answer_messages(
    prompt: prompts.Prompt, question: str, shown: Sequence[Shown], silent: Sequence[Source]
) -> list[Message]:
    marker = secrets.token_hex(4)
    names = ", ".join(prompts.one_line(source.label, 80) for source in silent)
    note = (
        f"These sources were searched and say nothing about it: {names}. Name them in a last sentence that "
        f'begins with "Silent:" and has no key.'
        if silent
        else ""
    )
    return prompt.render(
        form=_form(shown),
        marker=marker,
        passages="\n\n".join(_passage(item, marker) for item in _grouped(shown)),
        question=prompts.one_line(question, MAX_QUESTION),
        sentinel=prompts.NOT_ENOUGH,
        silent=note,
    )


def _form(shown: Sequence[Shown]) -> str:
    """How sentences look, with true names and keys and no content: small models copy an example's content."""
    best = {item.source.id: item for item in reversed(_grouped(shown))}
    lines = [f"{prompts.one_line(item.source.label, 80)} says ... [{item.key}]." for item in best.values()]
    return "\n".join(lines[::-1][:_FORMS])


def _grouped(shown: Sequence[Shown]) -> list[Shown]:
    order = {source: place for place, source in enumerate(dict.fromkeys(item.source.id for item in shown))}
    return sorted(shown, key=lambda item: order[item.source.id])


def _passage(item: Shown, marker: str) -> str:
    parts = [item.source.label, item.source.date or "no date", item.source.title]
    if item.source.outlet is None:
        parts.pop(0)  # the label is the title
    header = ", ".join(prompts.one_line(part) for part in parts)
    return f"[{item.key}] {header}\n{prompts.fenced(item.passage.text, marker)}"


def _sleep(seconds: float, stop: Callable[[], bool] | None) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if stop is not None and stop():
            raise ModelError("The answer was stopped before it began. Ask again.")
        time.sleep(min(_POLL, left))


def _whole(text: str, finish: str | None, host: str) -> str:
    """`text`, if the endpoint said that it is all of the answer."""
    if finish == "stop" and text:
        return text
    if finish == "stop":
        why, then = "gave an empty answer", "Ask again, or set another model in NEWS_ASSISTANT_MODEL"
    elif finish == "length":
        why = "reached the longest answer that it may give, so the answer is cut off"
        then = "Raise NEWS_ASSISTANT_MAX_TOKENS, or ask a narrower question"
    elif finish == "content_filter":
        why = "broke the answer off, because the endpoint's content filter stepped in"
        then = "Use another endpoint, or the extractive engine"
    elif finish:
        why = f"ended for a reason that is no end of an answer ({prompts.one_line(finish, 40)})"
        then = "Set another model in NEWS_ASSISTANT_MODEL"
    elif text:
        why, then = "stopped without saying that the answer is whole", "Ask again"
    else:
        why = "sent no answer in the form of chat completions"
        then = "Check that OPENAI_BASE_URL is the address of an API, which mostly ends in /v1"
    raise ModelError(f"The model at {host} {why}. {then}.", text)


class _Visible:
    """The answer without the thoughts in front of it: `<think>...</think>` at the start."""

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._held = ""
        self._thinking: bool | None = None  # None: too early to tell
        self.text = ""
        self.length = 0  # characters that came, thoughts included

    def feed(self, piece: str) -> None:
        self.length += len(piece)
        if self._thinking is False:
            self._show(piece)
            return
        self._held += piece
        if self._thinking is None:
            start = self._held.lstrip()
            if "<think>".startswith(start[:7]):
                self._thinking = True if len(start) >= 7 else None
            else:
                self._thinking = False
        if self._thinking and "</think>" in self._held:
            self._held = self._held.split("</think>", 1)[1]
            self._thinking = False
        if self._thinking is False:
            self._show(self._held)
            self._held = ""

    def end(self) -> str:
        """The whole answer, trimmed; without thoughts whose opening tag the server left out."""
        if self._thinking is None:
            self._show(self._held)
        return self.text.rsplit("</think>", 1)[-1].strip()

    def _show(self, piece: str) -> None:
        if not self.text:
            piece = piece.lstrip()
        if piece:
            self.text += piece
            if self._on_text is not None:
                self._on_text(piece)
