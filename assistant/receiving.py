"""The part of the page Sources that adds: the three forms, how far an adding is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import streamlit as st

from assistant import labels, ui
from assistant.adding import Adding, Item, Outcome
from assistant.kinds import MAX_TEXT
from assistant.loading import READABLE
from assistant.markdown import escape
from assistant.settings import Settings
from assistant.uploads import LIMITS, Pasted, addresses, read_files, read_pasted, unread
from assistant.web import load_addresses

Way = Literal["Files", "Web addresses", "Pasted text"]

_MOST = 50  # refusals told one by one
_WAYS: tuple[Way, ...] = ("Files", "Web addresses", "Pasted text")
_FIELDS: dict[Way, tuple[str, ...]] = {
    "Files": ("outlet", "day"),
    "Web addresses": ("addresses", "addresses-outlet", "addresses-day"),
    "Pasted text": ("pasted", "pasted-title", "pasted-outlet", "pasted-day", "pasted-url"),
}


def draw_forms(adding: Adding, settings: Settings, *, opened: bool) -> None:
    """The forms for adding files, addresses and text, one in each tab. What was typed stays until it is
    stored."""
    with st.expander("Add articles", icon=":material/upload_file:", expanded=opened):
        tabs = st.tabs(_WAYS, default=st.session_state.get("way"))
        for tab, draw in zip(tabs, (_draw_files, _draw_addresses, _draw_pasted), strict=True):
            with tab:
                draw(adding, settings)


def _draw_files(adding: Adding, settings: Settings) -> None:
    with st.form("add-files", border=False):
        kinds = ", ".join(kind.lstrip(".") for kind in READABLE)
        number = st.session_state.setdefault("uploads", 0)  # another number is another, empty, uploader
        files = st.file_uploader("Files", accept_multiple_files=True, key=f"files-{number}")
        st.caption(f"{LIMITS} Kinds: {kinds}.")
        outlet, day = _draw_facts("outlet", "day", "where a file names none")
        sent = st.form_submit_button("Add these files")
    if sent and files:
        st.session_state["uploads"] = number + 1
        if not _begin("Files", adding, read_files(files, outlet, day, settings)):
            st.session_state["uploads"] = number
        st.rerun()
    if sent:
        st.caption("Choose a file first.")


def _draw_addresses(adding: Adding, settings: Settings) -> None:
    with st.form("add-addresses", border=False):
        typed = st.text_area(
            "Web addresses, one a line: article, feed or sitemap", key="addresses", height=100,
            max_chars=20_000, placeholder="https://outlet.example/feed.xml", persist_state="session",
        )  # fmt: skip
        outlet, day = _draw_facts("addresses-outlet", "addresses-day", "for all pages of the addresses")
        sent = st.form_submit_button("Add from the web")
    lines = addresses(typed)
    if sent and lines:
        visits = adding.library.catalogue.visits
        _begin(
            "Web addresses",
            adding,
            load_addresses(lines, outlet=outlet, date=day, settings=settings, visits=visits),
        )
        st.rerun()
    if sent:
        st.caption("Write an address first.")


def _draw_pasted(adding: Adding, settings: Settings) -> None:
    with st.form("add-pasted", border=False):
        text = st.text_area(
            "Text of one article", key="pasted", height=200, max_chars=MAX_TEXT, persist_state="session"
        )
        title = st.text_input(
            "Title", key="pasted-title", max_chars=1_000, persist_state="session",
            placeholder="Else the first line of the text",
        )  # fmt: skip
        outlet, day = _draw_facts("pasted-outlet", "pasted-day", "where it is known")
        url = st.text_input(
            "Web address, where it is known", key="pasted-url", max_chars=2_000, persist_state="session",
            placeholder="https://outlet.example/article",
        )  # fmt: skip
        sent = st.form_submit_button("Add text")
    if sent and text.strip():
        pasted = Pasted(text, title, outlet or "", day, url)
        _begin("Pasted text", adding, read_pasted(pasted, settings))
        st.rerun()
    if sent:
        st.caption("Paste the text first.")


def _draw_facts(outlet: str, day: str, when: str) -> tuple[str | None, str | None]:
    """The fields for outlet and date, side by side where there is room."""
    first, second = st.columns(2)
    with first:
        name = st.text_input(f"Outlet, {when}", key=outlet, max_chars=120, persist_state="session")
    with second:
        chosen = st.date_input(
            f"Date, {when}", None, key=day, format="YYYY-MM-DD", min_value=date(1605, 1, 1),
            persist_state="session",
        )  # fmt: skip
    return name.strip() or None, chosen.isoformat() if isinstance(chosen, date) else None


def _begin(way: Way, adding: Adding, items: Iterable[Item]) -> bool:
    """Begins to add what was given; else the report says why not."""
    st.session_state.pop("report", None)
    st.session_state["way"] = way
    if adding.add(items):
        st.session_state["watched"] = True
        st.session_state["sent"] = way, adding.outcome
        return True
    st.session_state["report"] = Outcome(error="Articles are being added already. Wait until that ends.")
    return False


def take_report(adding: Adding) -> None:
    """Takes what came of an adding that this page saw end, and empties the form whose content is stored.

    Before the forms are drawn, since no field can be emptied after that.
    """
    if not st.session_state.pop("watched", False):
        return
    outcome = st.session_state["report"] = adding.outcome
    way: Way
    way, sent = st.session_state.pop("sent", ("Files", None))
    if outcome is None or sent is not outcome or outcome.error or outcome.stopped:
        return
    if way == "Pasted text" and not (outcome.added or outcome.unchanged):
        return
    left = unread(st.session_state.get("addresses") or "", outcome.refused)
    if way != "Web addresses" or not left:
        for key in _FIELDS[way]:
            st.session_state[key] = None if key.endswith("day") else ""
    else:
        st.session_state["addresses"] = left


def draw_left(adding: Adding) -> None:
    """What an interrupted adding left, with the button that goes on."""
    left = adding.left()
    if left is None:
        return
    count = f"{labels.count(left.passages, 'passage')} of {labels.count(left.articles, 'article')}"
    if left.elsewhere:
        st.info(f"Another program is adding: {count} to go.", icon=":material/hourglass_top:")
        return
    are = "is" if left.passages == 1 else "are"
    with st.container(border=True, gap="small", key="left"):
        st.markdown(f":material/pause_circle: {count} {are} not finished, and not found until then.")
        if st.button("Go on", icon=":material/play_arrow:", key="go-on"):
            st.session_state.pop("report", None)
            st.session_state["watched"] = adding.finish()
            st.rerun()


def draw_report(report: Outcome) -> None:
    """What was added, what was there already, and each refused input with its reason."""
    if report.error:
        ui.problem(report.error)
    if report.stopped:
        rest = "" if report.whole else " Add the same again for what was not read yet."
        read = f" after {labels.count(report.read, 'article')}" if report.read else ""
        st.warning(f"Stopped{read}. What was stored is kept.{rest}", icon=":material/stop_circle:")
    if report.added:
        st.success(f"{labels.count(report.added, 'article')} added.", icon=":material/check:")
    if report.finished:
        st.success(f"{labels.count(report.finished, 'passage')} finished.", icon=":material/check:")
    if report.unchanged:
        st.info(
            f"{labels.count(report.unchanged, 'article')} already in the library, unchanged.",
            icon=":material/info:",
        )
    for passed in report.passed:
        st.info(escape(passed.text), icon=":material/info:")
    for refused in report.refused[:_MOST]:
        st.warning(escape(f"Not added: {refused}"), icon=":material/block:")
    if len(report.refused) > _MOST:
        st.caption(f"{len(report.refused) - _MOST} more were not added.")
