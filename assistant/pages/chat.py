"""The chat page: the conversation, the question box, and what limits a question."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import yaml

from assistant import labels, shelf, ui
from assistant.asking import Job
from assistant.drawer import Shown
from assistant.drawing import draw_answer
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Filters
from assistant.pieces import number_keys
from assistant.saved import Exchange
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


def draw_exchange(exchange: Exchange, name: str) -> None:
    """A question and its answer, or what came instead of one."""
    with st.container(key=f"{name}-question"), st.chat_message("user", avatar=":material/person:"):
        st.text(exchange.question)
    with st.chat_message("assistant", avatar=":material/newspaper:"):
        if job := asking.job(exchange.id):
            draw_job(job)
        elif whole := asking.history.exchange(exchange.id):
            draw_outcome(whole, name)


@st.fragment
def draw_earlier(exchange: Exchange, name: str) -> None:
    """An earlier question, which opens by itself: no other turn is drawn again for it.

    Its answer is drawn only where it is open, so that a long conversation is as quick as a short one.
    """
    with st.expander(
        escape(exchange.question), icon=":material/history:", key=f"earlier-{exchange.id}", on_change="rerun"
    ) as earlier:
        if earlier.open:
            draw_exchange(exchange, name)


def draw_outcome(exchange: Exchange, name: str) -> None:
    """An answer, or why there is none, with what a model had written."""
    if exchange.record:
        draw_answer(Shown(exchange.record, library, asking.history, exchange.id), name)
        return
    if exchange.partial:
        st.caption(":material/warning: Nothing of this was checked:")
        st.text(number_keys(exchange.partial))
    if exchange.state == "failed":
        ui.problem(exchange.error or "Answering failed. Ask again.")
    else:
        st.warning(
            escape(exchange.error or "Stopped before there was an answer."), icon=":material/stop_circle:"
        )


def draw_job(job: Job) -> None:
    """What is done for a question by now; looked at again and again until its answer is there."""

    @st.fragment(run_every=ui.TICK)
    def draw() -> None:
        if job.wait(0):
            st.rerun()
        steps = list(job.steps)
        label = "The model is writing; nothing of it is checked yet" if job.partial else ""
        label = label or escape(steps[-1].text if steps else "Reading the sources")
        with st.status(label, type="compact", expanded=True):
            for step in steps:
                st.text(step.text)
                for count in step.counts:
                    ui.plain(labels.read(count), small=True)
        if job.partial:
            st.text(number_keys(job.partial))
        if job.stopping.is_set():
            st.caption("Stopping: what there is by now is checked and kept.")
        else:
            st.button("Stop", icon=":material/stop_circle:", key=f"stop-{job.exchange}", on_click=job.stop)

    draw()


def begin(question: str, filters: Filters) -> None:
    """Begins to answer, in a conversation of its own where there is none yet."""
    try:
        conversation = chosen.id if chosen else asking.history.start(question)
        job = asking.begin(conversation, question, filters, settings)
    except AssistantError as error:
        ui.problem(str(error))
        return
    shelf.show(conversation)
    st.session_state["asked"] = job.exchange
    job.wait(ui.AT_ONCE)
    st.rerun()


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


settings, adding = ui.opened()
library = adding.library
asking = ui.asking(library)
count = library.catalogue.in_scope(Filters())
chosen = shelf.current(asking.history)

st.title("News verification assistant")
ui.still_adding(adding)
if not asking.history.file:
    st.warning(
        "Conversations cannot be saved in this library's folder, and last only until the chat ends.",
        icon=":material/warning:",
    )
shelf.draw_shelf(asking.history, chosen)
# The box stands in `st.bottom` together with what has to stay in sight. Left to itself it would also
# scroll the page to the end of each answer, and an answer is read from its beginning.
exchanges = asking.history.exchanges(chosen.id) if chosen else []
busy = any(asking.job(item.id) for item in exchanges)
with st.bottom:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        draw_engine(settings)
        filters = draw_filters(library)
    prompt = f"Ask {labels.count(count, 'source')} about a claim or an event" if count else "No sources yet"
    question = st.chat_input(
        "One question at a time: this one is being answered" if busy else prompt,
        key="question",
        max_chars=MAX_QUESTION,
        disabled=busy or not count,
    )
if not (count or exchanges):
    st.info("The library is empty. Add articles first, then ask about them.", icon=":material/upload_file:")
    st.page_link(ui.page("sources"), label="Add articles")
    st.stop()

if not exchanges:
    question = question or draw_empty()
if question:
    begin(question, filters)
for number, earlier in enumerate(exchanges[:-1]):
    draw_earlier(earlier, f"turn-{number}")
if exchanges:
    latest = f"turn-{len(exchanges) - 1}"
    draw_exchange(exchanges[-1], latest)
    if st.session_state.pop("asked", None) == exchanges[-1].id:  # read from its beginning, wherever one was
        ui.scroll_to(f".st-key-{latest}-question", "start")
if chosen:
    shelf.draw_conversation(asking.history, chosen)
