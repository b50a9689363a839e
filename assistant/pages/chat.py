"""The chat page: the conversation, the question box, and what limits a question."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import yaml

from assistant import labels, ui
from assistant.answering import Step, Text, ask
from assistant.drawing import draw_answer
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Filters, Turn
from assistant.pieces import number_keys
from assistant.settings import MAX_QUESTION, Settings, packaged


def draw_engine(settings: Settings) -> None:
    """Which engine answers, in words and with an icon."""
    if settings.chosen_engine == "extractive":
        ui.badge("Extractive: no model, every word copied", ":material/content_copy:", "gray")
        return
    parts = urlsplit(settings.base_url or "https://api.openai.com")
    host = parts.hostname or settings.base_url or ""
    ui.badge(f"Model {settings.model} at {host}", ":material/smart_toy:", "violet")


def starters(path: Path) -> list[str]:
    """Questions to begin with; none where the file is missing or holds something else."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        return []
    items = read.get("starters") if isinstance(read, dict) else None
    return [str(item["question"]) for item in items or [] if isinstance(item, dict) and "question" in item]


def draw_filters(library: Library) -> Filters:
    """The popover with outlets and dates; kept when the reader goes to another page and back."""
    active = sum(bool(st.session_state.get(name)) for name in ("outlets", "since", "until"))
    with st.popover(f"Filters: {active}" if active else "Filters", icon=":material/tune:", key="filters"):
        outlets = st.multiselect(
            "Outlets", library.outlets(), key="outlets", placeholder="All outlets", persist_state="session"
        )
        since = st.date_input(
            "Published since", None, key="since", format="YYYY-MM-DD", persist_state="session"
        )
        until = st.date_input(
            "Published until", None, key="until", format="YYYY-MM-DD", persist_state="session"
        )
    return Filters(
        tuple(outlets),
        since.isoformat() if isinstance(since, date) else None,
        until.isoformat() if isinstance(until, date) else None,
    )


def draw_exchange(exchange: ui.Exchange, library: Library, name: str) -> None:
    """A question and its answer, or what came instead of one."""
    with st.chat_message("user", avatar=":material/person:"):
        st.text(exchange.question)
    with st.chat_message("assistant", avatar=":material/newspaper:"):
        if exchange.answer:
            draw_answer(exchange.answer, library, name)
            return
        if exchange.partial:
            st.text(number_keys(exchange.partial))
        if exchange.error:
            ui.problem(exchange.error)
        else:
            st.warning("Stopped before the answer was whole and checked.", icon=":material/stop_circle:")


def answer(exchange: ui.Exchange, library: Library, settings: Settings, history: list[Turn]) -> None:
    """Ask, showing steps and the model's text as they come, and store what came of it."""
    status = st.status("Reading the sources", type="compact")
    stream = st.empty()

    def show(event: Step | Text) -> None:
        if isinstance(event, Step):
            status.update(label=escape(event.text))
            status.text(event.text)
        else:
            if not exchange.partial:
                status.update(label="The model is writing; nothing of it is checked yet")
            exchange.partial += event.text
            stream.text(number_keys(exchange.partial))

    def stop() -> bool:
        # Sending anything lets Streamlit end the script here, should the reader have pressed stop;
        # without it a model that says nothing could not be stopped.
        status.update(state="running")
        return False

    try:
        exchange.answer = ask(
            library,
            exchange.question,
            settings=settings,
            filters=exchange.filters,
            history=history,
            on_event=show,
            stop=stop,
        )
    except AssistantError as error:
        exchange.error = str(error)


def draw_empty() -> str | None:
    """What the page is for, and questions to begin with; gives the one that was picked."""
    st.markdown(
        "Ask about a claim or an event. Every sentence of the answer opens the passage that it comes from; "
        "who is silent is listed too."
    )
    questions = starters(packaged("corpus") / "starters.yaml")
    if not questions:
        return None
    labels = {escape(question): question for question in questions}
    picked = st.pills("To begin with", list(labels), key="starter", wrap=True)
    return labels.get(picked) if picked else None


def earlier_turns(turns: list[ui.Exchange]) -> list[Turn]:
    """What was asked and answered, for reading a follow-up question."""
    return [
        Turn(turn.question, " ".join(sentence.text for sentence in turn.answer.summary))
        for turn in turns
        if turn.answer
    ]


settings, adding = ui.opened()
library = adding.library
turns: list[ui.Exchange] = st.session_state.setdefault("turns", [])
count = library.catalogue.in_scope(Filters())

st.title("News verification assistant")
ui.still_adding(adding)
# The box stands in `st.bottom` together with what has to stay in sight. Left to itself it would also
# scroll the page to the end of each answer, and an answer is read from its beginning.
with st.bottom:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        draw_engine(settings)
        filters = draw_filters(library)
    question = st.chat_input(
        f"Ask {labels.count(count, 'source')} about a claim or an event" if count else "No sources yet",
        key="question",
        max_chars=MAX_QUESTION,
        submit_mode="stop",
        disabled=not count,
    )
if not count:
    st.info("The library is empty. Add articles first, then ask about them.", icon=":material/upload_file:")
    st.page_link(ui.page("sources"), label="Add articles")
    st.stop()

begin = st.empty()
if not turns:
    with begin.container():
        question = draw_empty() or question
if question:
    begin.empty()
earlier = st.container()
# While a question is answered, the place of the last answer is empty: the page is short then, and the
# reader sees the new question and the beginning of its answer, wherever the page was scrolled to.
latest = st.empty() if question else st.container()
done = turns if question else turns[:-1]
for number, exchange in enumerate(done):
    with earlier.expander(escape(exchange.question), icon=":material/history:", key=f"earlier-{number}"):
        draw_exchange(exchange, library, f"turn-{number}")
with st.container() if question else latest:
    if question:
        history = earlier_turns(turns)
        exchange = ui.Exchange(question, filters)
        # Stored before it is answered: a failure or a stop loses the answer and not the question.
        turns.append(exchange)
        with st.chat_message("user", avatar=":material/person:"):
            st.text(question)
        with st.chat_message("assistant", avatar=":material/newspaper:"):
            answer(exchange, library, settings, history)
        st.rerun()
    elif turns:
        draw_exchange(turns[-1], library, f"turn-{len(turns) - 1}")
if turns and st.button("New conversation", icon=":material/add_comment:", key="new", type="tertiary"):
    turns.clear()
    st.rerun()
