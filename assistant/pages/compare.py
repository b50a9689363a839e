"""The Compare page: one claim, or the claims of a text or a file, across every source of the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from assistant import labels, ui
from assistant.answering import Step, Text, ask
from assistant.claimlist import ClaimList, claims_of
from assistant.comparing import draw_claim, draw_matrix
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.loading import READABLE
from assistant.markdown import escape
from assistant.models import Answer, Filters
from assistant.settings import MAX_QUESTION, Settings

CLAIM, TEXT, FILE = "A claim or question", "A text", "A file"
TICKED = 6  # claims of a text that are ticked to begin with
MOST_TEXT = 100_000  # characters of a pasted text


@dataclass
class Choice:
    """The claims found in a text, to be picked from; a number of its own keeps its ticks its own."""

    found: ClaimList
    number: int


@dataclass
class Row:
    """A claim that is compared, and what became of it."""

    question: str
    filters: Filters
    answer: Answer | None = None
    error: str | None = None


@dataclass
class Run:
    """What is compared: a row for each claim; `going` until each has its answer or the reader stops it."""

    rows: list[Row] = field(default_factory=list)
    going: bool = False

    @property
    def pending(self) -> list[Row]:
        """The rows that have neither an answer nor an error."""
        return [row for row in self.rows if row.answer is None and row.error is None]


def begin(claims: Sequence[str]) -> None:
    """Starts a comparison of these claims."""
    st.session_state["compared"] = Run([Row(claim, Filters()) for claim in claims], going=True)
    st.session_state.pop("view", None)


def draw_input(settings: Settings) -> None:
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
        st.session_state.pop("compared", None)


def draw_choice(choice: Choice) -> None:
    """The claims that were found, to be picked from."""
    found = choice.found
    for refused in found.refused:
        st.warning(escape(f"Not read: {refused}"), icon=":material/block:")
    if not found.claims:
        st.info("No claim that could be checked was found in it.", icon=":material/search_off:")
        return
    run: Run | None = st.session_state.get("compared")
    title = f"{labels.count(len(found.claims), 'claim')} found"
    key = f"choice-{choice.number}-{run is None}"  # closed once a comparison has begun
    with (
        st.expander(title, icon=":material/checklist:", expanded=run is None, key=key),
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
        st.rerun()
    if sent:
        st.caption("Tick one claim or more first.")


def halt(run: Run) -> None:
    """Stops a comparison; what is answered stays."""
    run.going = False


def work(run: Run, library: Library, settings: Settings) -> None:
    """Asks what is not answered yet, one claim after the other, with visible progress."""
    total = len(run.rows)
    st.button("Stop", icon=":material/stop_circle:", key="stop", on_click=halt, args=(run,))
    bar = st.progress(0.0)
    status = st.status("Reading the sources", type="compact")

    def show(event: Step | Text) -> None:
        if isinstance(event, Step):
            status.text(event.text)

    def stop() -> bool:
        # Sending anything lets Streamlit end the script here, should the reader have pressed stop.
        status.update(state="running")
        return False

    for row in run.pending:
        at = run.rows.index(row)
        bar.progress(at / total, f"Claim {at + 1} of {total}")
        status.update(label=escape(row.question))
        try:
            row.answer = ask(
                library, row.question, settings=settings, filters=row.filters, on_event=show, stop=stop
            )
        except AssistantError as error:
            row.error = str(error)
    run.going = False


def draw_run(run: Run, library: Library) -> None:
    """What a comparison gave: what failed, the matrix, and the claim in view."""
    for row in run.rows:
        if row.error:
            ui.problem(f"{labels.shorten(row.question, 80)}: {row.error}")
    if run.pending:
        left = labels.count(len(run.pending), "claim")
        st.warning(f"Stopped: {left} not compared yet.", icon=":material/stop_circle:")
        if st.button("Go on", icon=":material/play_arrow:", key="go-on"):
            run.going = True
            st.rerun()
    answers = [row.answer for row in run.rows if row.answer]
    if not answers:
        return
    draw_matrix(answers, library)
    at = 1
    if len(answers) > 1:
        at = st.segmented_control(
            "Claim in view", range(1, len(answers) + 1), default=1, required=True, key="view",
            format_func=lambda number: f"Claim {number}",
        ) or 1  # fmt: skip
    draw_claim(answers[min(at, len(answers)) - 1], library)


settings, adding = ui.opened()
library = adding.library
st.title("Compare")
ui.still_adding(adding)
if not library.catalogue.in_scope(Filters()):
    st.info("The library is empty. Add articles first, then compare them.", icon=":material/upload_file:")
    st.page_link(ui.page("sources"), label="Add articles")
    st.stop()
st.caption(
    "Which source affirms, denies or leaves out a claim; every cell opens the passage that it rests on."
)
draw_input(settings)
if "choice" in st.session_state and st.session_state.get("mode") != CLAIM:
    draw_choice(st.session_state["choice"])
run: Run | None = st.session_state.get("compared")
if run and run.going:
    work(run, library, settings)
    st.rerun()
elif run:
    draw_run(run, library)
