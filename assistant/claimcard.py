"""The claim card: the claim, what the loaded sources make of it, and how each of them stands, at a glance."""

from __future__ import annotations

import streamlit as st

from assistant import labels
from assistant.drawer import Shown
from assistant.models import Answer
from assistant.ui import badge, badged, headline, plain


def draw_card(shown: Shown, name: str) -> None:
    """Claim, finding and stances; overrulings are counted beside the finding and never change it."""
    answer = shown.answer
    with st.container(border=True, gap="xsmall", key=f"{name}-card"):
        st.caption("Claim")
        headline(f"“{answer.question}”", 3)
        if answer.finding:
            badge(*labels.FINDINGS[answer.finding])
            plain(labels.found(answer), small=True)
        draw_stances(answer)
        overruled = {item.place for item in shown.record.overrulings if item.kind == "stance"}
        if overruled:
            st.caption(
                f":material/edit_note: A reader overruled {labels.count(len(overruled), 'stance')}, as shown "
                "below. The finding is the assistant's, without that."
            )


def draw_stances(answer: Answer) -> None:
    """A pill for each source that speaks, with its stance by icon, word and colour; then the silent ones."""
    pills = []
    for account in answer.accounts:
        if account.stance != "silent":
            word, icon, colour = labels.STANCES[account.stance]
            pills.append(badged(f"{word}: {labels.name(answer.sources.get(account.source))}", icon, colour))
    if silent := len(answer.accounts) - len(pills):
        _, icon, colour = labels.STANCES["silent"]
        pills.append(badged(f"{labels.count(silent, 'source')} silent", icon, colour))
    if pills:
        st.markdown(" ".join(pills))
