"""The saved conversations beside the chat: found again, begun anew, renamed, exported, removed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assistant import labels
from assistant.collection import Collection
from assistant.drawing import draw_downloads
from assistant.errors import AssistantError
from assistant.history import LONGEST_NAME, History
from assistant.markdown import escape
from assistant.saved import Conversation, Sort
from assistant.ui import problem

# Of the address, so that a page that is loaded again finds it.
_PARAMETER: Mapping[Sort, str] = {"chat": "conversation", "comparison": "comparison"}
_MOST = 40


def current(history: History, sort: Sort = "chat") -> Conversation | None:
    """The conversation that the address names; one that is not there any more is told and forgotten."""
    wanted = st.query_params.get(_PARAMETER[sort])
    if not wanted:
        return None
    found = history.conversation(wanted)
    if found is None:
        show(None, sort)
        st.info(f"That {_PARAMETER[sort]} is not saved here any more.", icon=":material/info:")
    return found


def show(conversation: str | None, sort: Sort = "chat") -> None:
    """Puts a conversation into the address, or none for a new one."""
    if conversation:
        st.query_params[_PARAMETER[sort]] = conversation
    else:
        st.query_params.pop(_PARAMETER[sort], None)


def draw_shelf(history: History, chosen: Conversation | None, sort: Sort = "chat") -> None:
    """The list of conversations in the side bar, with a search over names, questions and answers."""
    noun = _PARAMETER[sort]
    with st.sidebar:
        st.button(
            f"New {noun}", icon=":material/add_comment:", key="new", width="stretch", on_click=show,
            args=(None, sort), disabled=chosen is None,
        )  # fmt: skip
        words = st.text_input(
            f"Search {noun}s", key="shelf-words", type="search", placeholder="Names, questions, answers"
        )
        found = history.conversations(words or "", sort, _MOST + 1)
        if not found:
            st.caption(f"No {noun} has all of these words." if words else "Nothing asked yet.")
        with st.container(gap="xxsmall", key="shelf"):
            for each in found[:_MOST]:
                here = chosen is not None and each.id == chosen.id
                st.button(
                    escape(each.name), key=f"shelf-{each.id}", width="stretch", on_click=show,
                    args=(each.id, sort), icon=":material/chat:" if here else None,
                    type="secondary" if here else "tertiary",
                    help=f"{labels.count(each.questions, 'question')}, {labels.day(each.changed[:10])}",
                )  # fmt: skip
        if len(found) > _MOST:
            st.caption(f"The latest {_MOST} are listed. Search for others.")


def draw_conversation(history: History, chosen: Conversation) -> None:
    """What can be done with a conversation as a whole."""
    with st.popover(
        _PARAMETER[chosen.sort].capitalize(),
        icon=":material/more_horiz:",
        type="tertiary",
        key="conversation",
        on_change="rerun",
    ) as opened:
        if not opened.open:
            return
        with st.form("rename", border=False):
            name = st.text_input("Name", chosen.name, max_chars=LONGEST_NAME, key=f"name-{chosen.id}")
            renamed = st.form_submit_button("Rename", icon=":material/edit:")
        if chosen.sort == "chat":
            whole = Collection.conversation(chosen.name, history.whole(chosen.id))
            draw_downloads(whole, f"conversation-{chosen.id}", "conversation-export")
        noun = _PARAMETER[chosen.sort]
        removed = st.button(f"Remove this {noun}", key="remove-conversation", icon=":material/delete:")
    try:
        if renamed:
            history.rename(chosen.id, name)
            st.rerun()
        if removed:
            history.remove(chosen.id)
            show(None, chosen.sort)
            st.rerun()
    except AssistantError as error:
        problem(str(error))
