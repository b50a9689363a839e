"""The box of what is being added or embedded: how far it is, how long still, and the button that stops it."""

from __future__ import annotations

import streamlit as st

from assistant import labels
from assistant.adding import Adding
from assistant.markdown import escape

_TICK = 1.0  # seconds between two looks at how far an adding is


def draw_adding(adding: Adding) -> None:
    """What is being done, how fast and how long still, with the button that stops it."""
    st.session_state["watched"] = True

    @st.fragment(run_every=_TICK)
    def draw() -> None:
        if adding.wait(0.1):
            st.rerun()
        said, done = adding.said()
        with st.container(border=True, gap="small", key="adding"):
            st.markdown(f":material/hourglass_top: {escape(said)}")
            st.progress(done or 0.0)
            refused = len(adding.outcome.refused) if adding.outcome else 0
            if refused:
                st.caption(f":material/block: {labels.count(refused, 'input')} not added so far")
            if adding.stopping:
                st.caption("Stopping after what is at hand. What is stored is kept.")
            else:
                st.button("Stop", icon=":material/stop_circle:", key="stop", on_click=adding.stop)

    draw()
