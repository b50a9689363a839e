"""The sources page: what the library holds, reading it, adding to it and removing from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import streamlit as st
from streamlit.typing import UploadedFile

from assistant import labels, ui
from assistant.drawer import open_source
from assistant.errors import AssistantError, InputRefused
from assistant.library import Library
from assistant.loading import READABLE, load_bytes
from assistant.markdown import escape
from assistant.models import Article, Progress
from assistant.settings import Settings
from assistant.stored import Entry
from assistant.text import fold

PER_PAGE = 20


@dataclass
class Report:
    """What the last upload did; kept until the next one, since the page is drawn anew after it."""

    added: int = 0
    unchanged: int = 0
    refused: list[InputRefused] = field(default_factory=list)
    error: str | None = None


def read(
    file: UploadedFile, outlet: str | None, day: str | None, settings: Settings
) -> Iterator[Article | InputRefused]:
    """The articles in a file; what it does not say of outlet and date is taken from the form.

    An article's id rests on its outlet, so one that lacks it is loaded again with it, not altered.
    """
    loaded: dict[tuple[str | None, str | None], list[Article | InputRefused]] = {}

    def load(given: tuple[str | None, str | None]) -> list[Article | InputRefused]:
        if given not in loaded:
            data = file.getvalue()
            loaded[given] = list(
                load_bytes(file.name, data, outlet=given[0], date=given[1], settings=settings)
            )
        return loaded[given]

    for at, item in enumerate(load((None, None))):
        if isinstance(item, Article):
            item = load((None if item.outlet else outlet, None if item.date else day))[at]
        yield item


def add(
    files: list[UploadedFile], outlet: str | None, day: str | None, library: Library, settings: Settings
) -> Report:
    """Adds the files with visible progress."""
    report = Report()

    def articles() -> Iterator[Article]:
        for item in (item for file in files for item in read(file, outlet, day, settings)):
            if isinstance(item, InputRefused):
                report.refused.append(item)
            else:
                yield item

    with st.status(f"Reading {labels.count(len(files), 'file')}", type="compact") as status:
        bar = st.progress(0.0)

        def show(progress: Progress) -> None:
            count = f"{progress.done} of {progress.total}" if progress.total else str(progress.done)
            status.update(label=escape(f"{progress.stage.capitalize()}: {count}"))
            if progress.total:
                bar.progress(min(1.0, progress.done / progress.total))

        try:
            done = library.add(articles(), show)
        except AssistantError as error:
            report.error = str(error)
            return report
    report.added, report.unchanged = len(done.added), len(done.unchanged)
    report.refused += done.refused
    return report


def draw_report(report: Report) -> None:
    """What was added, what was there already, and each refused file with its reason."""
    if report.error:
        ui.problem(report.error)
    if report.added:
        st.success(f"{labels.count(report.added, 'article')} added.", icon=":material/check:")
    if report.unchanged:
        st.info(
            f"{labels.count(report.unchanged, 'article')} already in the library, unchanged.",
            icon=":material/info:",
        )
    for refused in report.refused:
        st.warning(
            escape(f"Not added: {refused}"),
            icon=":material/block:",
        )


def draw_upload(library: Library, settings: Settings, empty: bool) -> None:
    """The form for adding files."""
    with st.expander("Add articles", icon=":material/upload_file:", expanded=empty):
        with st.form("add", clear_on_submit=True, border=False):
            kinds = ", ".join(kind.lstrip(".") for kind in READABLE)
            files = st.file_uploader(f"Files ({kinds})", accept_multiple_files=True, key="files")
            outlet = st.text_input(
                "Outlet", key="outlet", placeholder="Where the file names none", max_chars=120
            )
            day = st.date_input("Date, where the file names none", None, key="day", format="YYYY-MM-DD")
            sent = st.form_submit_button("Add to the library", type="primary")
        if sent and files:
            iso = day.isoformat() if isinstance(day, date) else None
            st.session_state["report"] = add(files, outlet.strip() or None, iso, library, settings)
            st.rerun()
        if sent:
            st.caption("Choose one file or more first.")


def draw_entry(entry: Entry, library: Library) -> None:
    """One article of the list."""
    source = entry.source
    with st.container(border=True, gap="xsmall"):
        ui.headline(source.title)
        facts = [source.outlet or "Outlet not known", labels.day(source.date), source.language or ""]
        facts += [labels.count(entry.passages, "passage"), "older version" if entry.replaced_by else ""]
        ui.plain(" · ".join(fact for fact in facts if fact), small=True)
        for notice in entry.notices:
            ui.notice(notice, listed=True)
        if st.session_state.get("removing") == source.id:
            draw_confirm(entry, library)
            return
        with st.container(horizontal=True, gap="xsmall"):
            if st.button("Read", key=f"read-{source.id}", icon=":material/menu_book:"):
                open_source(library, source)
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
            st.session_state["report"] = Report(error=str(error))
    st.rerun()


def matching(entries: list[Entry], wanted: str) -> list[Entry]:
    """Entries whose outlet, headline, date or file name holds every word of the search."""
    words = fold(wanted).split()

    def text(entry: Entry) -> str:
        source = entry.source
        return fold(" ".join(part or "" for part in (source.outlet, source.title, source.date, entry.file)))

    return [entry for entry in entries if all(word in text(entry) for word in words)]


settings, library = ui.opened()
entries = library.entries()

st.title("Sources")
if not entries:
    st.info(
        "The library is empty. Upload articles here, or add files, folders and addresses with the command "
        "`news-assistant add`.",
        icon=":material/upload_file:",
    )
draw_upload(library, settings, empty=not entries)
if "report" in st.session_state:
    draw_report(st.session_state["report"])
if entries:
    wanted = st.text_input(
        "Search", key="search", type="search", placeholder="Outlet, headline, date or file name"
    )
    found = matching(entries, wanted)
    st.caption(f"{len(found)} of {labels.count(len(entries), 'article')}")
    pages = max(1, -(-len(found) // PER_PAGE))
    at = st.pagination(pages, key="page") if pages > 1 else 1
    for entry in found[(at - 1) * PER_PAGE : at * PER_PAGE]:
        draw_entry(entry, library)
