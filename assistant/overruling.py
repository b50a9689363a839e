"""A reader's own judgement on the page: shown as theirs beside the assistant's, given with a reason."""

from __future__ import annotations

import streamlit as st

from assistant import labels
from assistant.errors import AssistantError
from assistant.history import History, now
from assistant.models import Answer
from assistant.pieces import statuses
from assistant.saved import Overruled, Overruling, Record
from assistant.ui import badged, plain, problem

MOST_REASON, MOST_NAME = 1_000, 80  # characters


def draw_overruling(record: Record, kind: Overruled, place: str) -> None:
    """What a reader says in place of the assistant there, if anything."""
    given = record.overruling(kind, place)
    if given is None:
        return
    word = labels.judgement(kind, given.given)
    st.markdown(badged(f"Reader: {word}", ":material/edit_note:", "blue"))
    plain(f"“{given.reason}” {given.by}, {labels.day(given.at[:10])}", small=True)


def overrule_button(
    record: Record, history: History, exchange: str, kind: Overruled, place: str, name: str
) -> None:
    """A button with a form behind it; `name` keeps it apart from others, and is `drawer` there."""
    at = f"{name}-overrule-{kind}-{place}"
    close_if_saved(at, at)
    # Drawn only where it is open: a form for each stance of fifty answers would be felt.
    with st.popover(
        "Overrule", icon=":material/edit_note:", type="tertiary", key=at, on_change="rerun",
        help=f"Put your own judgement of this {kind} beside the assistant's",
    ) as opened:  # fmt: skip
        if opened.open:
            draw_form(record, history, exchange, kind, place, at)


def close_if_saved(popover: str, form: str) -> None:
    """Closes a popover, by its key, whose form was saved; before it is drawn, since later it cannot be."""
    if st.session_state.pop(f"{form}-saved", False):
        st.session_state[popover] = False


def draw_form(
    record: Record, history: History, exchange: str, kind: Overruled, place: str, name: str
) -> None:
    """What a reader fills in, with what the assistant found above it; saved only with reason and name."""
    found = found_there(record.answer, kind, place)
    # A box keeps what is in it as long as its key is drawn: words for one place are of no other one.
    own = f"{name}-{exchange}-{kind}-{place}"
    before = record.overruling(kind, place)
    choices = [value for value in labels.judgements(kind) if value != found]
    plain(f"The assistant found: {labels.judgement(kind, found)}", small=True)
    with st.form(f"{own}-form", border=False):
        given = st.selectbox(
            "Your judgement", choices, format_func=lambda value: labels.judgement(kind, value),
            index=choices.index(before.given) if before and before.given in choices else 0,
            key=f"{own}-given",
        )  # fmt: skip
        reason = st.text_area(
            "Reason", before.reason if before else "", max_chars=MOST_REASON, key=f"{own}-reason"
        )
        by = st.text_input(
            "Your name or initials", st.session_state.get("reader", before.by if before else ""),
            max_chars=MOST_NAME, key=f"{own}-by",
        )  # fmt: skip
        sent = st.form_submit_button("Overrule", type="primary")
    if sent and not (reason.strip() and by.strip()):
        st.caption(":material/warning: Give a reason and your name: both are shown and exported with it.")
    elif sent:
        st.session_state["reader"] = by.strip()
        made = Overruling(kind, place, found, given, reason.strip(), by.strip(), now())
        _save(history, exchange, made, before, name)
    if before and st.button("Take it back", key=f"{own}-back", icon=":material/undo:"):
        _save(history, exchange, None, before, name)


def _save(
    history: History, exchange: str, made: Overruling | None, before: Overruling | None, name: str
) -> None:
    try:
        if made:
            own = before if before and before.by == made.by else None  # what another reader said stays
            history.overrule(exchange, made, own)
        elif before:
            history.withdraw(exchange, before)
    except AssistantError as error:
        problem(str(error))
        return
    st.session_state[f"{name}-saved"] = True
    st.rerun(scope="fragment" if name.startswith("drawer-") else "app")  # another would close the drawer


def found_there(answer: Answer, kind: Overruled, place: str) -> str:
    """What the assistant found: the stance of a source, the worst status of a place, a sentence's check."""
    if kind == "stance":
        return next((each.stance for each in answer.accounts if each.source == place), "silent")
    if kind == "quotation":
        return [*statuses(answer, place), "verbatim"][0]
    number = int(place)
    return answer.summary[number].check if number < len(answer.summary) else "unchecked"
