"""The sources page: what the library holds, reading it, adding to it and removing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain

import streamlit as st

from assistant import labels, ui
from assistant.adding import Adding, Item, Outcome
from assistant.drawer import copied, open_source
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.loading import READABLE
from assistant.markdown import escape
from assistant.settings import MAX_FILE_BYTES, Settings
from assistant.stored import Entry
from assistant.text import fold
from assistant.underway import draw_adding
from assistant.uploads import addresses, read_files
from assistant.web import load_addresses

_MOST = 50  # refusals told one by one
PER_PAGE = 20
_SHORT = 0.3  # seconds for an adding that needs no bar


def begin(adding: Adding, items: Iterable[Item]) -> None:
    """Begins to add what was given, or says why not."""
    st.session_state.pop("report", None)
    if adding.add(items):
        st.session_state["watched"] = True
    else:
        st.session_state["report"] = Outcome(error="Articles are being added already. Wait until that ends.")
    st.rerun()


def draw_upload(adding: Adding, settings: Settings, empty: bool) -> None:
    """The form for adding files and addresses."""
    with st.expander("Add articles", icon=":material/upload_file:", expanded=empty):
        with st.form("add", clear_on_submit=True, border=False):
            kinds = ", ".join(kind.lstrip(".") for kind in READABLE)
            most = MAX_FILE_BYTES // 1_000_000
            files = st.file_uploader(
                f"Files up to {most} MB ({kinds})", accept_multiple_files=True, key="files"
            )
            typed = st.text_area(
                "Web addresses, one a line: article, feed or sitemap", key="addresses", height=100,
                max_chars=20_000, placeholder="https://outlet.example/feed.xml",
            )  # fmt: skip
            outlet = st.text_input(
                "Outlet", key="outlet", max_chars=120,
                placeholder="Where a file names none; for all pages of the addresses",
            )  # fmt: skip
            day = st.date_input(
                "Date, where a file names none; for all pages of the addresses", None, key="day",
                format="YYYY-MM-DD",
            )  # fmt: skip
            sent = st.form_submit_button("Add to the library", type="primary")
        lines = addresses(typed)
        if sent and (files or lines):
            iso = day.isoformat() if isinstance(day, date) else None
            given = outlet.strip() or None
            visits = adding.library.catalogue.visits
            fetched = load_addresses(lines, outlet=given, date=iso, settings=settings, visits=visits)
            begin(adding, chain(read_files(files, given, iso, settings), fetched))
        if sent:
            st.caption("Choose a file or write an address first.")


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
        if st.button("Go on", icon=":material/play_arrow:", key="go-on", type="primary"):
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


def draw_entry(entry: Entry, library: Library, listed: Mapping[str, Entry], older: Mapping[str, str]) -> None:
    """One article of the list. `listed`: all of them by id; `older`: the version before, by id."""
    source = entry.source
    with st.container(border=True, gap="xsmall"):
        ui.headline(source.title)
        facts = [source.outlet or "Outlet not known", labels.day(source.date), source.language or ""]
        facts += [labels.count(entry.passages, "passage")]
        ui.plain(" · ".join(fact for fact in facts if fact), small=True)
        if entry.replaced_by:
            ui.badge("Older version: not searched any more", ":material/history:", "gray")
        if origin := listed.get(entry.copy_of or ""):
            st.caption(f":material/content_copy: {escape(copied(origin.source))}")
        for notice in entry.notices:
            ui.notice(notice, listed=True)
        if st.session_state.get("removing") == source.id:
            draw_confirm(entry, library)
            return
        with st.container(horizontal=True, gap="xsmall"):
            if st.button("Read", key=f"read-{source.id}", icon=":material/menu_book:"):
                open_source(library, source)
            newer = listed.get(entry.replaced_by or "")
            if newer and st.button("Newer version", key=f"newer-{source.id}", icon=":material/update:"):
                open_source(library, newer.source)
            if source.id in older and st.button(
                "What changed", key=f"changed-{source.id}", icon=":material/difference:"
            ):
                open_source(library, source, view="since")
            st.button(
                "Remove",
                key=f"remove-{source.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=st.session_state.__setitem__,
                args=("removing", source.id),
            )


def draw_confirm(entry: Entry, library: Library) -> None:
    """The question before an article is removed."""
    st.warning("Remove this article? Answers that cite it keep their quotations.", icon=":material/delete:")
    with st.container(horizontal=True, gap="xsmall"):
        remove = st.button("Remove it", key=f"confirm-{entry.source.id}", type="primary")
        keep = st.button("Keep it", key=f"keep-{entry.source.id}")
    if not (remove or keep):
        return
    st.session_state.pop("removing", None)
    if remove:
        try:
            library.remove(entry.source.id)
        except AssistantError as error:
            st.session_state["report"] = Outcome(error=str(error))
    st.rerun()


def matching(entries: list[Entry], wanted: str) -> list[Entry]:
    """Entries whose outlet, headline, date or file name holds every word of the search."""
    words = fold(wanted).split()

    def text(entry: Entry) -> str:
        source = entry.source
        return fold(" ".join(part or "" for part in (source.outlet, source.title, source.date, entry.file)))

    return [entry for entry in entries if all(word in text(entry) for word in words)]


settings, adding = ui.opened()
library = adding.library
busy = adding.running and not adding.wait(_SHORT)
entries = library.entries()

st.title("Sources")
if not entries and not busy:
    st.info(
        "The library is empty. Add files or web addresses here, or files, folders and addresses with the "
        "command `news-assistant add`.",
        icon=":material/upload_file:",
    )
if busy:
    draw_adding(adding)
else:
    if st.session_state.pop("watched", False):
        st.session_state["report"] = adding.outcome
    draw_left(adding)
    draw_upload(adding, settings, empty=not entries)
if report := st.session_state.get("report"):
    draw_report(report)
if entries:
    wanted = st.text_input(
        "Search", key="search", type="search", placeholder="Outlet, headline, date or file name"
    )
    found = matching(entries, wanted)
    st.caption(f"{len(found):,} of {labels.count(len(entries), 'article')}")
    pages = max(1, -(-len(found) // PER_PAGE))
    at = st.pagination(pages, key="page") if pages > 1 else 1
    listed = {entry.source.id: entry for entry in entries}
    older = {entry.replaced_by: entry.source.id for entry in entries if entry.replaced_by}
    for entry in found[(at - 1) * PER_PAGE : at * PER_PAGE]:
        draw_entry(entry, library, listed, older)
