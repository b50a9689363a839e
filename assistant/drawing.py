"""An answer on the page: warnings, what is proved, the prose with its marks, and each source's account."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from assistant import labels
from assistant.claimcard import draw_card
from assistant.collection import Collection
from assistant.drawer import QUOTE, Shown, draw_since, open_citation
from assistant.export import NEAREST, Format, copies, facing, faults, render, write
from assistant.markdown import escape
from assistant.models import Account, Answer, Notice, Sentence
from assistant.overruling import close_if_saved, draw_form, draw_overruling, overrule_button
from assistant.pens import Pen
from assistant.pieces import numbers, statuses, unused
from assistant.saved import Record
from assistant.sides import disagreements, renderings
from assistant.tally import tally
from assistant.ui import BOX, badge, badged, headline, plain
from assistant.webpage import Html

DOWNLOADS: Mapping[Format, tuple[str, str, str]] = {
    "md": ("Markdown", "text/markdown", "md"),
    "html": ("HTML, to read and to print", "text/html", "html"),
    "json": ("JSON", "application/json", "json"),
    "csv": ("CSV, claims by sources", "text/csv", "csv"),
    "claimreview": ("ClaimReview (JSON-LD)", "application/ld+json", "jsonld"),
}
READ_AS = "read_as"  # the notice that comes before everything else


class _Pen(Html):
    """HTML of a page whose numbers open the drawer; `ui.number_links` makes them do it."""

    def __init__(self, answer: Answer, name: str) -> None:
        super().__init__()
        self._name = name
        self._names = {number: labels.name(answer.sources.get(answer.citations[key].source))
                      for key, number in numbers(answer).items() if key in answer.citations}  # fmt: skip

    def numbers(self, numbers: Sequence[int]) -> str:
        """Raised numbers, each a link that is named for those who hear it."""
        return "".join(f'<sup style="line-height:0">{self._link(number)}</sup>' for number in numbers)

    def _link(self, number: int) -> str:
        place = f"{self._name}-cite-{number}"
        said = html.escape(f"Citation {number}, {self._names.get(number, '')}")
        style = "color:inherit;font-size:.8em;padding:.15em .1em;text-underline-offset:.2em"
        return f'<a href="#{place}" data-cite="{place}" aria-label="{said}" style="{style}">[{number}]</a>'


def draw_answer(shown: Shown, name: str) -> None:
    """The whole answer, the same for a new turn and for an old one. `name` keeps its buttons apart."""
    answer = shown.answer
    numbered = numbers(answer)
    pen = _Pen(answer, name)
    _draw_notices(answer)
    draw_since(shown)
    if answer.kind == "claim":
        draw_card(shown, name)
    _draw_proof(shown, name)
    _draw_summary(answer, numbered, pen)
    _draw_judged(shown)
    _draw_pills(shown, numbered, name)
    for line in copies(answer):  # below the answer, which comes first
        st.caption(f":material/content_copy: {escape(line)}")
    for item in answer.notices:
        if _leads(item) and item.code in labels.TOLD - {READ_AS}:
            st.caption(f":material/info: {escape(item.text)}")
    _draw_differences(answer, numbered, pen)
    _draw_accounts(shown, numbered, pen, name)
    left = unused(answer)
    if answer.finding == "not_enough_evidence":
        # One from each of the first sources; where nothing answers, a reader judges by these.
        nearest = [account.nearest[0] for account in answer.accounts if account.nearest][:NEAREST]
        left = [key for key in left if key not in nearest]
        _draw_unused(shown, nearest, f"{name}-near", "Nearest passages, which do not answer it")
    _draw_unused(shown, left, f"{name}-unused", "Also read, not used", folded=True)
    for notice in answer.notices:
        if not _leads(notice):
            st.caption(f":material/info: {escape(labels.notice(notice, answer.sources))}")
    _draw_footer(shown, name)


def _leads(notice: Notice) -> bool:
    """Whether a notice stands above the answer."""
    return notice.source is None or notice.code in labels.NOTICES


def _draw_notices(answer: Answer) -> None:
    """What to know before reading: warnings about sources first, those of one kind together."""
    found = sorted(filter(_leads, answer.notices), key=lambda notice: notice.code not in labels.NOTICES)
    for code, group in groupby(found, key=lambda notice: notice.code):
        lines = [escape(notice.text) for notice in group]
        if code in labels.TOLD:
            if code == READ_AS:
                st.caption(f":material/info: {lines[0]}")
            continue  # the others stand below the answer, which comes first
        if code in labels.NOTICES:
            lines[0] = f"**{labels.NOTICES[code]}.** {lines[0]}"
        st.warning("\n\n".join(lines), icon=":material/warning:")


def _draw_proof(shown: Shown, name: str) -> None:
    """The finding, and in numbers what is proved and how many origins the sources have."""
    answer, found = shown.answer, tally(shown.answer)
    # On a claim, the card above says it.
    finding = labels.FINDINGS[answer.finding] if answer.finding and answer.kind != "claim" else None
    parts = [badged(*finding)] if finding else []
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
        if finding:
            plain(labels.found(answer), small=True)


def _counted(said: str, sound: bool) -> str:
    return (
        badged(said, ":material/fact_check:", "gray")
        if sound
        else badged(said, ":material/report:", "orange")
    )


def _draw_summary(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> None:
    """A paragraph for each source; a sentence that failed its check stands apart, with its reasons."""

    def paragraph(place: tuple[int, Sentence]) -> tuple[str, int]:
        number, sentence = place
        cited = [answer.citations[key].source for key in sentence.citations if key in answer.citations]
        return "".join(cited[:1]), number if sentence.check == "unsupported" else -1

    for _, group in groupby(enumerate(answer.summary), key=paragraph):
        sentences = [sentence for _, sentence in group]
        prose = " ".join(write(sentence, answer, numbered, pen) for sentence in sentences)
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


def _draw_judged(shown: Shown) -> None:
    """What a reader says of single sentences."""
    for place, sentence in enumerate(shown.answer.summary):
        if shown.record.overruling("sentence", str(place)):
            plain(f"On “{labels.shorten(sentence.text, 80)}”", small=True)
            draw_overruling(shown.record, "sentence", str(place))


def _draw_sentences(shown: Shown, name: str) -> None:
    """The way to overrule what was found of a sentence."""
    answer = shown.answer
    if not answer.summary:
        return
    close_if_saved(f"{name}-sentences", f"{name}-said")
    with st.popover(
        "Overrule a sentence", icon=":material/edit_note:", type="tertiary", key=f"{name}-sentences",
        on_change="rerun",
    ) as opened:  # fmt: skip
        if opened.open:
            place = st.selectbox(
                "Sentence", range(len(answer.summary)), key=f"{name}-sentence",
                format_func=lambda at: f"{at + 1}. {labels.shorten(answer.summary[at].text, 80)}",
            )  # fmt: skip
            draw_form(shown.record, shown.history, shown.exchange, "sentence", str(place), f"{name}-said")


def _draw_pills(shown: Shown, numbered: Mapping[str, int], name: str) -> None:
    """A row for each source: its name with the first number, then the numbers of its other passages."""
    answer = shown.answer
    rows: dict[str, list[tuple[str, int]]] = {}
    for key, number in numbered.items():
        rows.setdefault(answer.citations[key].source, []).append((key, number))
    if not rows:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"{name}-cited"):
        for places in rows.values():
            with st.container(horizontal=True, gap="xxsmall", width="content"):
                for at, (key, number) in enumerate(places):
                    _open_button(shown, key, f"{name}-cite-{number}", f"{number} ", named=at == 0)


def _draw_unused(shown: Shown, keys: Sequence[str], name: str, title: str, *, folded: bool = False) -> None:
    """Passages that were read for the question and are not cited, each to be opened."""
    if not keys:
        return
    with st.expander(title, icon=":material/menu_book:", expanded=not folded):
        for number, key in enumerate(keys, 1):
            with st.container(gap="xsmall"):
                if citation := shown.answer.citations.get(key):
                    plain(labels.shorten(" ".join(citation.quote.split()), 220), small=True)
                _open_button(shown, key, f"{name}-{number}")


def _open_button(shown: Shown, key: str, name: str, prefix: str = "", *, named: bool = True) -> None:
    """A button that opens the passage `key` in the drawer; where its source is not seen it is still said."""
    citation = shown.answer.citations.get(key)
    source = shown.answer.sources.get(citation.source) if citation else None
    if source is None:
        st.caption(escape(f"{prefix}Passage {key} is not stored with this answer."))
        return
    label = escape(labels.name(source))
    if st.button(prefix + (label if named else f"*{label}*"), key=name):
        open_citation(shown, key)


def _draw_differences(answer: Answer, numbered: Mapping[str, int], pen: Pen) -> None:
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
                st.html(f'<div style="overflow-wrap:anywhere">{"".join(facing(item, numbered, pen))}</div>')


def _draw_accounts(shown: Shown, numbered: Mapping[str, int], pen: Pen, name: str) -> None:
    """Who says what, in blocks of equal room, and who is silent."""
    answer = shown.answer
    speaking = [account for account in answer.accounts if account.stance != "silent"]
    silent = [account for account in answer.accounts if account.stance == "silent"]
    if speaking:
        st.markdown("##### From each source")
        with st.grid(2, min_column_width=280, border=True, key=f"{name}-accounts"):
            for account in speaking:
                _draw_account(shown, account, numbered, pen, name)
    if silent:
        said = "; ".join(labels.name(answer.sources.get(account.source)) for account in silent)
        st.caption(f":material/volume_off: **Silent on this:** {escape(said)}")
        for account in silent:
            draw_overruling(shown.record, "stance", account.source)


def _draw_account(shown: Shown, account: Account, numbered: Mapping[str, int], pen: Pen, name: str) -> None:
    """One source: its name, its stance, and its sentences in its own words."""
    answer = shown.answer
    source = answer.sources.get(account.source)
    with st.container(gap="xsmall"):
        headline(source.label if source else "Unknown source")
        plain(labels.day(source.date) if source else "", small=True)
        badge(*labels.STANCES[account.stance])
        draw_overruling(shown.record, "stance", account.source)
        blocks = []
        for voice in account.voices:
            speaker = html.escape(labels.voice(voice, account) or labels.OWN_VOICE)
            quotes = [_quotation(answer, key, numbered, pen) for key in voice.citations]
            blocks.append(f'<p style="margin:0;font-size:.875em">{speaker}</p>{"".join(quotes)}')
        if blocks:
            st.html("".join(blocks))
        overrule_button(shown.record, shown.history, shown.exchange, "stance", account.source, name)


def _quotation(answer: Answer, key: str, numbered: Mapping[str, int], pen: Pen) -> str:
    citation = answer.citations.get(key)
    if citation is None:
        return ""
    said = html.escape(labels.shorten(" ".join(citation.quote.split()), 420))
    doubts = [labels.STATUSES[status] for status in statuses(answer, key) if status != "verbatim"]
    doubt = f"<br><small>{'; '.join(doubts)}</small>" if doubts else ""
    number = numbered.get(key)
    body = said + pen.numbers([number] if number else []) + doubt
    return f'<blockquote dir="auto" style="{QUOTE}">{body}</blockquote>'


def draw_downloads(item: Record | Collection, stem: str, name: str) -> None:
    """An answer, a comparison or a conversation as a file; `stem`: the file's name without its ending."""
    answers = [item.answer] if isinstance(item, Record) else item.answers
    with st.popover("Export", icon=":material/download:", type="tertiary", key=name):
        for form, (label, mime, ending) in DOWNLOADS.items():
            if form == "claimreview" and all(answer.kind != "claim" for answer in answers):
                continue  # which reviews a claim, and nothing else
            st.download_button(
                label,
                partial(render, item, form),
                f"{stem}.{ending}",
                mime,
                key=f"{name}-{form}",
                on_click="ignore",
                width="stretch",
            )


def _draw_footer(shown: Shown, name: str) -> None:
    """How the answer was made, and the answer as a file or as text to be copied."""
    answer, record = shown.answer, shown.record
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{name}-footer"):
        draw_downloads(record, f"answer-{answer.id}", f"{name}-download")
        with st.popover(
            "Copy", icon=":material/content_copy:", type="tertiary", key=f"{name}-copy", on_change="rerun"
        ) as opened:
            if opened.open:
                st.caption("The answer with its citations, as text. The sign at its corner copies it.")
                st.code(render(record, "text"), language=None, wrap_lines=True, height=320)
        _draw_sentences(shown, name)
        st.caption(escape(labels.made(answer)))
