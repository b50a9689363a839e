"""The Compare page: one claim, or the claims of a text or a file, across every source of the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from assistant import labels, shelf, ui
from assistant.asking import Job
from assistant.claimlist import ClaimList, claims_of
from assistant.collection import Collection
from assistant.comparing import draw_claim, draw_matrix
from assistant.drawer import Shown
from assistant.drawing import draw_downloads
from assistant.errors import AssistantError
from assistant.loading import READABLE
from assistant.markdown import escape
from assistant.models import Filters
from assistant.saved import Conversation, Exchange
from assistant.settings import MAX_QUESTION

CLAIM, TEXT, FILE = "A claim or question", "A text", "A file"
TICKED = 6  # claims of a text that are ticked to begin with
MOST_TEXT = 100_000  # characters of a pasted text


@dataclass
class Choice:
    """The claims found in a text, to be picked from; a number of its own keeps its ticks its own."""

    found: ClaimList
    number: int


def begin(claims: Sequence[str]) -> None:
    """Begins to compare these claims, and to save the comparison."""
    try:
        made = asking.history.start(claims[0], "comparison")
        jobs = asking.compare(made, claims, Filters(), settings)
    except AssistantError as error:
        ui.problem(str(error))
        return
    st.session_state.pop("view", None)
    st.session_state["picking"] = False
    shelf.show(made, "comparison")
    jobs[-1].wait(ui.AT_ONCE)
    st.rerun()


def draw_input() -> None:
    """The form for what is to be compared."""
    mode = st.segmented_control(
        "Compare", (CLAIM, TEXT, FILE), default=CLAIM, required=True, key="mode", label_visibility="collapsed"
    )
    if mode == CLAIM:
        with st.form("one", border=False):
            claim = st.text_input(
                "Claim or question", key="claim", max_chars=MAX_QUESTION,
                placeholder="What is said to have happened, or what you want to know",
            )  # fmt: skip
            if st.form_submit_button("Compare the sources", type="primary") and claim.strip():
                st.session_state.pop("choice", None)
                begin([claim.strip()])
        return
    with st.form("split", border=False):
        if mode == TEXT:
            pasted = st.text_area("Text", key="pasted", height=140, max_chars=MOST_TEXT)
            name, data = "pasted.txt", pasted.strip().encode() or None
        else:
            kinds = ", ".join(kind.lstrip(".") for kind in READABLE)
            file = st.file_uploader(f"File ({kinds})", key="article")
            name, data = (file.name, file.getvalue()) if file else ("", None)
        sent = st.form_submit_button("Find its claims", type="primary")
    if sent and data is None:
        st.caption("Nothing to read yet.")
    elif sent and data is not None:
        old: Choice | None = st.session_state.get("choice")
        with st.spinner("Finding claims"):
            found = claims_of(name, data, settings)
        st.session_state["choice"] = Choice(found, old.number + 1 if old else 0)
        st.session_state["picking"] = True


def draw_choice(choice: Choice) -> None:
    """The claims that were found, to be picked from."""
    found = choice.found
    for refused in found.refused:
        st.warning(escape(f"Not read: {refused}"), icon=":material/block:")
    if not found.claims:
        st.info("No claim that could be checked was found in it.", icon=":material/search_off:")
        return
    picking = st.session_state["picking"]
    title = f"{labels.count(len(found.claims), 'claim')} found"
    key = f"choice-{choice.number}-{picking}"  # closed once a comparison has begun
    with (
        st.expander(title, icon=":material/checklist:", expanded=picking, key=key),
        st.form(f"pick-{choice.number}", border=False),
    ):
        picked = []
        for place, (claim, speaker) in enumerate(zip(found.claims, found.speakers, strict=True)):
            said = f" :gray[{escape(f'said by {speaker}')}]" if speaker else ""
            if st.checkbox(escape(claim) + said, place < TICKED, key=f"pick-{choice.number}-{place}"):
                picked.append(claim)
        if found.left:
            st.caption(f"{labels.count(found.left, 'further claim')} not listed.")
        sent = st.form_submit_button("Compare the ticked claims", type="primary")
    if sent and picked:
        begin(picked)
    elif sent:
        st.caption("Tick one claim or more first.")


def draw_jobs(jobs: Sequence[Job], total: int) -> None:
    """How far the comparison is; looked at again and again until all of it is there."""

    @st.fragment(run_every=ui.TICK)
    def draw() -> None:
        if jobs[-1].wait(0):
            st.rerun()
        now = next((job for job in jobs if not job.wait(0)), jobs[-1])
        done = total - len(jobs) + jobs.index(now)
        st.progress(done / total, f"Claim {done + 1} of {total}")
        with st.status(escape(now.question), type="compact", expanded=True):
            for step in list(now.steps):
                ui.plain(step.text, small=True)
        if now.stopping.is_set():
            st.caption("Stopping after the claim at hand.")
        else:
            st.button("Stop", icon=":material/stop_circle:", key="stop", on_click=now.stop)

    draw()


def draw_left(left: Sequence[Exchange]) -> None:
    """What was not compared: what failed, with its reason, and the way to go on."""
    for exchange in left:
        if exchange.state == "failed":
            ui.problem(f"{labels.shorten(exchange.question, 80)}: {exchange.error}")
    st.warning(f"{labels.count(len(left), 'claim')} not compared.", icon=":material/stop_circle:")
    if st.button("Go on", icon=":material/play_arrow:", key="go-on"):
        try:
            asking.again(left, settings)[-1].wait(ui.AT_ONCE)
        except AssistantError as error:
            ui.problem(str(error))
            return
        st.rerun()


def draw_comparison(comparison: Conversation) -> None:
    """The matrix of what is answered by now, and the claim in view."""
    exchanges = asking.history.whole(comparison.id)
    jobs = [job for exchange in exchanges if (job := asking.job(exchange.id))]
    shown = [
        Shown(exchange.record, library, asking.history, exchange.id)
        for exchange in exchanges
        if exchange.record
    ]
    if jobs:
        draw_jobs(jobs, len(exchanges))
    elif left := [exchange for exchange in exchanges if not exchange.record]:
        draw_left(left)
    if not shown:
        return
    draw_matrix(shown)
    whole = Collection("comparison", comparison.name, tuple(exchanges))  # also what was not compared
    draw_downloads(whole, f"comparison-{comparison.id}", "comparison-export")
    at = 1
    if len(shown) > 1:
        at = st.segmented_control(
            "Claim in view", range(1, len(shown) + 1), default=1, required=True, key="view",
            format_func=lambda number: f"Claim {number}",
        ) or 1  # fmt: skip
    draw_claim(shown[min(at, len(shown)) - 1])


settings, adding = ui.opened()
library = adding.library
asking = ui.asking(library)
chosen = shelf.current(asking.history, "comparison")
st.title("Compare")
ui.still_adding(adding)
shelf.draw_shelf(asking.history, chosen, "comparison")
if not (chosen or library.catalogue.in_scope(Filters())):
    st.info("The library is empty. Add articles first, then compare them.", icon=":material/upload_file:")
    st.page_link(ui.page("sources"), label="Add articles")
    st.stop()
st.caption(
    "Which source affirms, denies or leaves out a claim; every cell opens the passage that it rests on."
)
draw_input()
if "choice" in st.session_state and st.session_state.get("mode") != CLAIM:
    draw_choice(st.session_state["choice"])
if chosen:
    draw_comparison(chosen)
    shelf.draw_conversation(asking.history, chosen)
