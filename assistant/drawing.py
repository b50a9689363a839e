"""An answer on the page: warnings, what is proved, the prose with its marks, and each source's account."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from assistant import labels
from assistant.drawer import QUOTE, Cited, open_source
from assistant.export import NEAREST, Format, copies, facing, faults, render, write
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Account, Answer, Notice, Sentence
from assistant.pieces import numbers, statuses, unused
from assistant.saved import Record
from assistant.sides import disagreements, renderings
from assistant.tally import tally
from assistant.ui import BOX, badge, badged, headline, plain
from assistant.webpage import Html

DOWNLOADS: Mapping[Format, tuple[str, str]] = {
    "md": ("Markdown", "text/markdown"),
    "html": ("HTML", "text/html"),
    "json": ("JSON", "application/json"),
}
_PEN = Html()


def draw_answer(answer: Answer, library: Library, name: str) -> None:
    """The whole answer, the same for a new turn and for an old one. `name` keeps its buttons apart."""
    numbered = numbers(answer)
    _draw_notices(answer)
    _draw_proof(answer, name)
    _draw_summary(answer, numbered)
    if numbered:
        with st.container(horizontal=True, gap="xsmall", key=f"{name}-cited"):
            for key, number in numbered.items():
                _open_button(answer, library, key, f"{name}-cite-{number}", f"{number} ")
    _draw_differences(answer, numbered)
    _draw_accounts(answer, numbered, name)
    left = unused(answer)
    if answer.finding == "not_enough_evidence":
        # One from each of the first sources; where nothing answers, a reader judges by these.
        nearest = [account.nearest[0] for account in answer.accounts if account.nearest][:NEAREST]
        left = [key for key in left if key not in nearest]
        _draw_unused(answer, library, nearest, f"{name}-near", "Nearest passages, which do not answer it")
    _draw_unused(answer, library, left, f"{name}-unused", "Also read, not used", folded=True)
    for notice in answer.notices:
        if not _leads(notice):
            st.caption(f":material/info: {escape(labels.notice(notice, answer.sources))}")
    _draw_footer(answer, name)


def _leads(notice: Notice) -> bool:
    """Whether a notice stands above the answer."""
    return notice.source is None or notice.code in labels.NOTICES


def _draw_notices(answer: Answer) -> None:
    """What to know before reading: warnings about sources first, those of one kind together."""
    found = sorted(filter(_leads, answer.notices), key=lambda notice: notice.code not in labels.NOTICES)
    for code, group in groupby(found, key=lambda notice: notice.code):
        lines = [escape(notice.text) for notice in group]
        if code in labels.NOTICES:
            lines[0] = f"**{labels.NOTICES[code]}.** {lines[0]}"
        show = partial(st.info, icon=":material/info:")
        if code not in labels.TOLD:
            show = partial(st.warning, icon=":material/warning:")
        show("\n\n".join(lines))


def _draw_proof(answer: Answer, name: str) -> None:
    """The finding, and in numbers what is proved and how many sources are copies."""
    found = tally(answer)
    parts = [badged(*labels.FINDINGS[answer.finding])] if answer.finding else []
    if found.sentences:
        parts.append(_counted(found.sentences_said, found.unsupported == 0))
    if found.doubts_said:
        parts.append(f":small[{escape(found.doubts_said)}]")
    if found.quotations:
        parts.append(_counted(found.quotations_said, found.quotations_proved == found.quotations))
    if found.origins_said:
        parts.append(badged(found.origins_said, ":material/content_copy:", "gray"))
    with st.container(gap="xsmall", key=f"{name}-proof"):
        st.markdown(" ".join(parts))
        if meaning := labels.found(answer):
            plain(meaning, small=True)
        for line in copies(answer):
            plain(line, small=True)


def _counted(said: str, sound: bool) -> str:
    return (
        badged(said, ":material/fact_check:", "gray")
        if sound
        else badged(said, ":material/report:", "orange")
    )


def _draw_summary(answer: Answer, numbered: Mapping[str, int]) -> None:
    """A paragraph for each source; a sentence that failed its check stands apart, with its reasons."""

    def paragraph(place: tuple[int, Sentence]) -> tuple[str, int]:
        number, sentence = place
        cited = [answer.citations[key].source for key in sentence.citations if key in answer.citations]
        return "".join(cited[:1]), number if sentence.check == "unsupported" else -1

    for _, group in groupby(enumerate(answer.summary), key=paragraph):
        sentences = [sentence for _, sentence in group]
        prose = " ".join(write(sentence, answer, numbered, _PEN) for sentence in sentences)
        reasons = faults(sentences[0])
        body = f'<p dir="auto" style="margin:0;{BOX};line-height:1.6">{prose}</p>'
        st.html(_unsupported(body, reasons) if reasons else body)


def _unsupported(body: str, reasons: Sequence[str]) -> str:
    """A paragraph with a bar at its side and the reasons below it, each beginning with the word."""
    lines = []
    for reason in reasons:
        head, _, rest = reason.partition(": ")
        text = f"<strong>{html.escape(head)}{':' if rest else ''}</strong> {html.escape(rest)}"
        lines.append(f'<p dir="auto" style="margin:.2rem 0 0;font-size:.875em;{BOX}">{text}</p>')
    bar = "border-left:3px solid #c2571a;padding-left:.7rem"
    return f'<div role="group" aria-label="Unsupported sentence" style="{bar}">{body}{"".join(lines)}</div>'


def _draw_unused(
    answer: Answer, library: Library, keys: Sequence[str], name: str, title: str, *, folded: bool = False
) -> None:
    """Passages that were read for the question and are not cited, each to be opened."""
    if not keys:
        return
    with st.expander(title, icon=":material/menu_book:", expanded=not folded):
        for number, key in enumerate(keys, 1):
            with st.container(gap="xsmall"):
                if citation := answer.citations.get(key):
                    plain(labels.shorten(" ".join(citation.quote.split()), 220), small=True)
                _open_button(answer, library, key, f"{name}-{number}")


def _open_button(answer: Answer, library: Library, key: str, name: str, prefix: str = "") -> None:
    """A button that opens the passage `key` in the drawer."""
    citation = answer.citations.get(key)
    source = answer.sources.get(citation.source) if citation else None
    if source is None:
        st.caption(escape(f"{prefix}Passage {key} is not stored with this answer."))
    elif st.button(escape(prefix + labels.name(source)), key=name):
        open_source(library, source, Cited.of(answer, key))


def _draw_differences(answer: Answer, numbered: Mapping[str, int]) -> None:
    """Where the sources differ, in short: both sides of each disagreement, renderings with what differs."""
    groups = (
        ("Disagreements", ":material/compare_arrows:", disagreements(answer)),
        ("Renderings of one utterance", ":material/translate:", renderings(answer)),
    )
    for title, icon, found in groups:
        if found:
            st.markdown(f"##### {icon} {title}")
        for item in found:
            with st.container(border=True, gap="xsmall"):
                headline(item.title, 5)
                st.html(f'<div style="overflow-wrap:anywhere">{"".join(facing(item, numbered, _PEN))}</div>')


def draw_stances(answer: Answer) -> None:
    """A pill for each source that speaks: its name, and its stance by icon, word and colour."""
    pills = []
    for account in answer.accounts:
        if account.stance != "silent":
            word, icon, colour = labels.STANCES[account.stance]
            pills.append(badged(f"{labels.name(answer.sources.get(account.source))}: {word}", icon, colour))
    if pills:
        st.markdown(" ".join(pills))


def _draw_accounts(answer: Answer, numbered: Mapping[str, int], name: str) -> None:
    """Who says what, in blocks of equal room, and who is silent."""
    speaking = [account for account in answer.accounts if account.stance != "silent"]
    silent = [account for account in answer.accounts if account.stance == "silent"]
    if speaking:
        st.markdown("##### From each source")
        if {account.stance for account in speaking} != {"mentions"}:
            draw_stances(answer)
        with st.grid(2, min_column_width=280, border=True, key=f"{name}-accounts"):
            for account in speaking:
                _draw_account(answer, account, numbered)
    if silent:
        said = "; ".join(labels.name(answer.sources.get(account.source)) for account in silent)
        st.caption(f":material/volume_off: **Silent on this:** {escape(said)}")


def _draw_account(answer: Answer, account: Account, numbered: Mapping[str, int]) -> None:
    """One source: its name, its stance, and its sentences in its own words."""
    source = answer.sources.get(account.source)
    with st.container(gap="xsmall"):
        headline(source.label if source else "Unknown source")
        plain(labels.day(source.date) if source else "", small=True)
        badge(*labels.STANCES[account.stance])
        blocks = []
        for voice in account.voices:
            speaker = html.escape(labels.voice(voice, account) or labels.OWN_VOICE)
            quotes = [_quotation(answer, key, numbered) for key in voice.citations]
            blocks.append(f'<p style="margin:0;font-size:.875em">{speaker}</p>{"".join(quotes)}')
        if blocks:
            st.html("".join(blocks))


def _quotation(answer: Answer, key: str, numbered: Mapping[str, int]) -> str:
    citation = answer.citations.get(key)
    if citation is None:
        return ""
    said = html.escape(labels.shorten(" ".join(citation.quote.split()), 420))
    doubts = [labels.STATUSES[status] for status in statuses(answer, key) if status != "verbatim"]
    doubt = f"<br><small>{'; '.join(doubts)}</small>" if doubts else ""
    number = numbered.get(key)
    body = said + _PEN.numbers([number] if number else []) + doubt
    return f'<blockquote dir="auto" style="{QUOTE}">{body}</blockquote>'


def _draw_footer(answer: Answer, name: str) -> None:
    """How the answer was made, and the answer as a file."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{name}-footer"):
        with st.popover("Download", icon=":material/download:", type="tertiary", key=f"{name}-download"):
            for form, (label, mime) in DOWNLOADS.items():
                st.download_button(
                    label,
                    partial(render, Record(answer, ""), form),
                    f"answer-{answer.id}.{form}",
                    mime,
                    key=f"{name}-{form}",
                    on_click="ignore",
                    width="stretch",
                )
        st.caption(escape(labels.made(answer)))
