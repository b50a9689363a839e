"""The sources page: what the library holds, reading it, adding to it and removing from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from assistant import labels, ui
from assistant.adding import Outcome
from assistant.drawer import copied, open_source
from assistant.errors import AssistantError
from assistant.holdings import Removed
from assistant.library import Library
from assistant.listing import Listed, Outlet, Wanted
from assistant.markdown import escape
from assistant.models import Source
from assistant.receiving import draw_forms, draw_left, draw_report, take_report
from assistant.text import digest
from assistant.underway import draw_adding

PER_PAGE = 20
Place = tuple[str, int, int]  # a list by its key, a page of it, and a place on that
_SHORT = 0.3  # seconds for an adding that needs no bar


def remove(library: Library, source: str, place: Place) -> None:
    """Removes an article, which `undo` can put back."""
    st.session_state["removed-at"] = place
    st.session_state.pop("report", None)
    st.session_state.pop("undone", None)
    try:
        st.session_state["removed"] = library.remove(source)
    except AssistantError as error:
        st.session_state["report"] = Outcome(error=str(error))


def undo(library: Library, removed: Removed) -> None:
    """Puts an article back."""
    st.session_state.pop("removed", None)
    title = labels.shorten(removed.source.title, 100)
    try:
        there = not library.put_back(removed)
    except AssistantError as error:
        st.session_state["removed"] = removed
        st.session_state["report"] = Outcome(error=str(error))
        return
    said = "was added again meanwhile" if there else "is back in the library"
    st.session_state["undone"] = f"“{title}” {said}."


def draw_removed(library: Library) -> None:
    """The last article that was removed, with the button that puts it back, as long as that is offered."""
    if done := st.session_state.pop("undone", None):
        st.success(escape(done), icon=":material/undo:")
    removed = st.session_state.get("removed")
    if not isinstance(removed, Removed):
        return
    if not removed.is_offered(datetime.now(UTC)):
        st.session_state.pop("removed")
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="removed-line"):
        title = escape(labels.shorten(removed.source.title, 100))
        st.markdown(f":material/delete: Removed “{title}”.", width="stretch")
        st.button("Undo", icon=":material/undo:", key="undo", on_click=undo, args=(library, removed))


def clear_search() -> None:
    """Looks for nothing any more."""
    st.session_state.update({"search": "", "list-outlets": [], "list-since": None, "list-until": None})


def draw_search(outlets: Sequence[Outlet]) -> Wanted:
    """The fields for words, outlets and dates; kept when the reader goes to another page and back."""
    counts = {outlet.name: outlet.articles for outlet in outlets}
    chosen = st.session_state.get("list-outlets") or []
    if not set(chosen) <= set(counts):  # the last article of one was removed
        st.session_state["list-outlets"] = [name for name in chosen if name in counts]
    words = st.text_input(
        "Search", key="search", type="search", max_chars=500, persist_state="session",
        placeholder="Outlet, headline, date, address or file name",
    )  # fmt: skip
    first, second, third = st.columns([2, 1, 1])
    with first:
        names = st.multiselect(
            "Outlets", list(counts), key="list-outlets", placeholder="All outlets", persist_state="session",
            format_func=lambda name: f"{name or 'Outlet not known'} ({counts.get(name, 0):,})",
        )  # fmt: skip
    with second:
        since = st.date_input(
            "Published since", None, key="list-since", format="YYYY-MM-DD", min_value=date(1605, 1, 1),
            persist_state="session",
        )  # fmt: skip
    with third:
        until = st.date_input(
            "Published until", None, key="list-until", format="YYYY-MM-DD", min_value=date(1605, 1, 1),
            persist_state="session",
        )  # fmt: skip
    return Wanted(
        words,
        tuple(names),
        since.isoformat() if isinstance(since, date) else None,
        until.isoformat() if isinstance(until, date) else None,
    )


def draw_list(library: Library, outlets: Sequence[Outlet]) -> None:
    """The articles that match what is looked for, a page of them."""
    wanted = draw_search(outlets)
    listing = library.catalogue.listing
    key = f"page-{digest(repr(wanted))[:16]}"  # whoever looks for something else begins at its first page
    at = int(st.session_state.get(key) or 1)
    found = listing.page(wanted, (at - 1) * PER_PAGE, PER_PAGE)
    pages = max(1, -(-found.total // PER_PAGE))
    if at > pages:  # what was on the last page is gone
        at = st.session_state[key] = pages
        found = listing.page(wanted, (at - 1) * PER_PAGE, PER_PAGE)
    every = sum(outlet.articles for outlet in outlets)
    undated = f" · {labels.count(found.undated, 'undated article')} left out" if found.undated else ""
    st.caption(f"{found.total:,} of {labels.count(every, 'article')}{undated}")
    if wanted.since and wanted.until and wanted.since > wanted.until:
        st.warning("The first date is after the last one.", icon=":material/date_range:")
    held = st.session_state.get("removed-at")
    row = held[2] if held and held[:2] == (key, at) else 0  # where it was: a click away, however far down
    row = min(row, len(found.items))
    if not found.total:
        st.button("Show all articles", icon=":material/filter_alt_off:", key="all", on_click=clear_search)
    for number, item in enumerate(found.items):
        if number == row:
            draw_removed(library)
        draw_entry(item, library, (key, at, number))
    if row == len(found.items):
        draw_removed(library)
    if pages > 1:
        st.pagination(pages, key=key)


def draw_entry(item: Listed, library: Library, place: Place) -> None:
    """One article of the list."""
    entry, source = item.entry, item.entry.source
    with st.container(border=True, gap="xsmall"):
        ui.headline(source.title)
        facts = [source.outlet or "Outlet not known", labels.day(source.date), source.language or ""]
        facts += [labels.count(entry.passages, "passage"), f"added {labels.day(entry.added[:10])}"]
        ui.plain(" · ".join(fact for fact in facts if fact), small=True)
        # Text only: a link that an article brings along is not ours to offer for clicking.
        if known := " · ".join(part for part in (source.url, entry.file) if part):
            ui.plain(known, small=True)
        if entry.replaced_by:
            ui.badge("Older version: not searched any more", ":material/history:", "gray")
        if item.origin:
            st.caption(f":material/content_copy: {escape(copied(item.origin))}")
        for notice in entry.notices:
            ui.notice(notice, listed=True)
        draw_buttons(item, library, place)


def draw_buttons(item: Listed, library: Library, place: Place) -> None:
    """What can be done with an article: reading it and those that it is linked to, and removing it."""
    source = item.entry.source
    others = [
        ("newer", "Newer version", ":material/update:", item.newer),
        ("older", "Older version", ":material/history:", item.older),
        ("origin", "Original", ":material/content_copy:", item.origin),
    ]
    chosen: Source | None = None
    view = False
    with st.container(horizontal=True, gap="xsmall"):
        if st.button("Read", key=f"read-{source.id}", icon=":material/menu_book:"):
            chosen = source
        for name, label, icon, other in others:
            if other and st.button(label, key=f"{name}-{source.id}", icon=icon):
                chosen = other
        if item.older and st.button("What changed", key=f"changed-{source.id}", icon=":material/difference:"):
            chosen, view = source, True
        if item.copied:
            chosen = draw_copies(item) or chosen
        st.button(
            "Remove", key=f"remove-{source.id}", icon=":material/delete:", type="tertiary",
            on_click=remove, args=(library, source.id, place),
        )  # fmt: skip
    if chosen:
        open_source(library, chosen, view="since" if view else "read")


def draw_copies(item: Listed) -> Source | None:
    """The copies of an article in a popover; gives the one that was chosen."""
    source, chosen = item.entry.source, None
    count = "1 copy" if item.copied == 1 else f"{item.copied:,} copies"
    with st.popover(count, icon=":material/file_copy:", key=f"copies-{source.id}"):
        st.caption("Nearly the same text, added later:")
        for copy in item.copies:
            label = escape(f"{labels.shorten(copy.title, 80)} ({labels.name(copy)})")
            if st.button(label, key=f"copy-{copy.id}", type="tertiary"):
                chosen = copy
        if (more := item.copied - len(item.copies)) > 0:
            st.caption(f"{more:,} more. Search for the title to see them.")
    return chosen


settings, adding = ui.opened()
library = adding.library
busy = adding.running and not adding.wait(_SHORT)
outlets = library.catalogue.listing.outlets()

st.title("Sources")
if not outlets and not busy:
    st.info(
        "The library is empty. Add files, web addresses or text here, or files, folders and addresses with "
        "the command `news-assistant add`.",
        icon=":material/upload_file:",
    )
if busy:
    draw_adding(adding)
else:
    take_report(adding)
# Above the forms, which are long on a phone.
told = st.session_state.get("report")
if isinstance(told, Outcome):
    draw_report(told)
if not busy:
    draw_left(adding)
    kept = isinstance(told, Outcome) and bool(told.refused or told.error or told.stopped)
    draw_forms(adding, settings, opened=not outlets or kept)
if outlets:
    draw_list(library, outlets)
else:
    draw_removed(library)
