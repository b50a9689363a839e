"""A comparison on the page: the matrix of claims by sources, then everything about the claim in view."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from assistant import labels
from assistant.drawer import QUOTE, Shown, draw_since, open_citation, open_source
from assistant.markdown import escape
from assistant.matrix import Column, best, columns
from assistant.models import Account, Answer, Source, Stance, Voice
from assistant.overruling import draw_overruling, overrule_button
from assistant.pieces import Part, numbers, statuses
from assistant.prose import copies
from assistant.sides import Facing, Said, disagreements, renderings
from assistant.tally import tally
from assistant.timeline import Moment, timeline
from assistant.ui import BOX, badge, badged, headline, plain

MOST_SOURCES = 23  # columns of the matrix beside that of the claims; a grid has 24 at most
MOST_CARDS = 12
MOST_MOMENTS = 60
MOST_QUOTES = 3  # of one voice: every source has the same room
COLUMN = 168  # pixels: the least width of a column, on a phone too
_DIFFERS = "text-decoration:underline;text-decoration-thickness:.12em;text-underline-offset:.2em"
# Ours to the letter. The head stays in sight while claims scroll, the claims while sources scroll; what
# stays lies on the ground of the page.
_STYLE = """<style>
.stGrid.st-key-matrix{max-height:75vh;overflow:auto;gap:0;padding:0}
.st-key-matrix>*{background:GROUND;padding:.6rem .5rem;border-bottom:1px solid rgba(128,128,128,.3)}
.st-key-matrix>:nth-child(-n+COLUMNS){position:sticky;top:0;z-index:2}
.st-key-matrix>:nth-child(COLUMNSn+1){position:sticky;left:0;z-index:1}
.st-key-matrix>:first-child{z-index:3}
</style>"""


def draw_matrix(compared: Sequence[Shown]) -> None:
    """A row for each claim, a column for each source; every cell opens the source where it speaks of it."""
    answers = [each.answer for each in compared]
    shown = columns(answers, MOST_SOURCES)
    wide = len(shown) + 1
    theme = "dark" if st.context.theme.type == "dark" else "light"
    ground = str(st.get_option(f"theme.{theme}.backgroundColor") or "Canvas")
    style = _STYLE.replace("COLUMNS", str(wide)).replace("GROUND", ground)
    with st.grid(wide, min_column_width=COLUMN, wrap=False, gap=None, key="matrix"):
        # The style lies inside, and behind text: by itself it would be drawn apart, and lost in a rerun.
        st.html(f'<p style="margin:0;font-size:.875em;opacity:.8">Claim</p>{style}')
        for column in shown:
            _draw_head(column)
        for row, each in enumerate(compared, 1):
            _draw_claim(each.answer, row)
            accounts = {account.source: account for account in each.answer.accounts}
            for column in shown:
                with st.container(gap="xsmall"):
                    _draw_cell(each, accounts.get(column.source.id), column.source, row)
    total = {account.source for answer in answers for account in answer.accounts}
    if left := len(total) - len(shown):
        st.caption(f"{labels.count(left, 'further source')} not shown; silent ones are left out first.")


def _draw_head(column: Column) -> None:
    with st.container(gap="xxsmall"):
        headline(labels.shorten(column.source.label, 60), 5)
        plain(labels.day(column.source.date), small=True)
        if column.origin:
            st.caption(f":material/content_copy: Shared origin {column.origin}")


def _draw_claim(answer: Answer, row: int) -> None:
    with st.container(gap="xsmall"):
        plain(f"{row}. {labels.shorten(answer.question, 200)}")
        if answer.finding:
            word, icon, colour = labels.FINDINGS[answer.finding]
            st.markdown(f":small[:{colour}[{icon} {escape(word)}]]")  # a badge would be cut off here


def _draw_cell(shown: Shown, account: Account | None, source: Source, row: int) -> None:
    """A stance as a button with icon, word and colour; its whole name tells claim and source."""
    if account is None:
        st.caption(f"Not read {_named(row, source)}")
        return
    word, icon, colour = labels.STANCES[account.stance]
    label = f":{colour}-badge[{icon} {word}] {_named(row, source)}"
    if st.button(label, key=f"cell-{row}-{source.id}", width="stretch"):
        if key := best(shown.answer, account):
            open_citation(shown, key)
        else:
            open_source(shown.library, source)
    draw_overruling(shown.record, "stance", source.id)


def _named(row: int, source: Source) -> str:
    """Claim and source in emphasis, which the style of the page hides from the eye only."""
    return f"*claim {row}, {escape(labels.name(source))}*"


def draw_claim(shown: Shown) -> None:
    """Accounts, disagreements, renderings, origins and timeline of one claim."""
    answer = shown.answer
    numbered = numbers(answer)
    headline(answer.question, 3)
    if answer.finding:
        with st.container(gap="xsmall"):
            badge(*labels.FINDINGS[answer.finding])
            plain(labels.found(answer), small=True)
    draw_since(shown)
    _draw_accounts(shown, numbered)
    groups = (
        ("Disagreements", ":material/compare_arrows:", disagreements(answer)),
        ("Renderings of one utterance", ":material/translate:", renderings(answer)),
    )
    for title, icon, found in groups:
        if found:
            st.markdown(f"#### {icon} {title}")
        for place, item in enumerate(found):
            _draw_facing(item, shown, numbered, f"{title.split()[0].lower()}-{place}")
    _draw_origins(answer)
    _draw_timeline(shown, numbered)


def _draw_accounts(shown: Shown, numbered: Mapping[str, int]) -> None:
    """Every source in the same room, those that speak first."""
    answer = shown.answer
    accounts = sorted(answer.accounts, key=lambda account: account.stance == "silent")
    if not accounts:
        return
    st.markdown("#### :material/record_voice_over: Who says what")
    across = min(3, len(accounts))
    with st.grid(across, min_column_width=270, border=True, key="accounts"):
        for account in accounts[:MOST_CARDS]:
            with st.container(gap="small"):
                _draw_account(shown, account, numbered)
    if rest := accounts[MOST_CARDS:]:
        said = [
            f"{labels.name(answer.sources.get(each.source))}: {labels.STANCES[each.stance][0].lower()}"
            for each in rest
        ]
        st.caption(escape("; ".join(said)))


def _draw_account(shown: Shown, account: Account, numbered: Mapping[str, int]) -> None:
    answer = shown.answer
    source = answer.sources.get(account.source)
    with st.container(gap="xxsmall"):
        headline(source.label if source else "Unknown source")
        plain(labels.day(source.date) if source else "", small=True)
        badge(*labels.STANCES[account.stance])
        draw_overruling(shown.record, "stance", account.source)
    for place, voice in enumerate(account.voices):
        alone = account.stance if len(account.voices) == 1 else None
        _draw_voice(shown, voice, alone, numbered, f"voice-{account.source}-{place}")
    near = next((key for key in account.nearest if key in answer.citations), None)
    if not account.voices and near:
        plain("The nearest passage, which does not address it:", small=True)
        st.html(_quotation(answer, near))
        _open_button(shown, near, "", f"near-{account.source}")
    overrule_button(shown.record, shown.history, shown.exchange, "stance", account.source, "account")


def _draw_voice(
    shown: Shown, voice: Voice, stance: Stance | None, numbered: Mapping[str, int], name: str
) -> None:
    """Who speaks, with which stance unless it is `stance`, and each quotation with what opens its passage."""
    with st.container(gap="xsmall"):
        speaker = escape(labels.shorten(" ".join((voice.speaker or labels.OWN_VOICE).split()), 80))
        said = "" if stance == voice.stance else badged(*labels.STANCES[voice.stance])
        st.markdown(f":small[{speaker}] {said}")
        keys = [key for key in voice.citations if key in shown.answer.citations][:MOST_QUOTES]
        for key in keys:
            st.html(_quotation(shown.answer, key))
            _open_button(shown, key, _number(numbered, key), f"{name}-{key}")


def _quotation(answer: Answer, key: str) -> str:
    said = html.escape(labels.shorten(" ".join(answer.citations[key].quote.split()), 420))
    doubts = [labels.STATUSES[status] for status in statuses(answer, key) if status != "verbatim"]
    doubt = f"<br><small>{'; '.join(doubts)}</small>" if doubts else ""
    return f'<blockquote dir="auto" style="{QUOTE}">{said}{doubt}</blockquote>'


def _open_button(shown: Shown, key: str, label: str, name: str) -> None:
    """A button that opens the passage `key` in the drawer."""
    source = shown.answer.sources.get(shown.answer.citations[key].source)
    if source is None:
        return
    text = label + escape(labels.name(source))
    if st.button(text, key=name, icon=":material/menu_book:", type="tertiary"):
        open_citation(shown, key)


def _number(numbered: Mapping[str, int], key: str) -> str:
    return f"{numbered[key]} " if key in numbered else ""


def _draw_facing(item: Facing, shown: Shown, numbered: Mapping[str, int], name: str) -> None:
    """The sides in the same room, and beneath them how they differ."""
    with st.container(border=True, gap="xsmall", key=name):
        headline(item.title, 5)
        with st.grid(max(1, min(3, len(item.sides))), min_column_width=270, key=f"{name}-sides"):
            for place, side in enumerate(item.sides):
                with st.container(gap="xsmall"):
                    for at, said in enumerate(side):
                        _draw_said(said, shown, numbered, f"{name}-{place}-{at}")
        for remark in item.remarks:
            plain(remark, small=True)


def _draw_said(said: Said, shown: Shown, numbered: Mapping[str, int], name: str) -> None:
    if said.parts:
        st.html(f'<blockquote dir="auto" style="{QUOTE}">{"".join(map(_part, said.parts))}</blockquote>')
    if said.key:
        _open_button(shown, said.key, _number(numbered, said.key), name)
    else:
        plain(said.who)


def _part(part: Part) -> str:
    """Words; those that the other rendering does not have are bold and underlined."""
    text = html.escape(part.text)
    return f'<strong style="{_DIFFERS}">{text}</strong>' if part.changed else text


def _draw_origins(answer: Answer) -> None:
    """How many origins the sources that speak have, and why some were put together."""
    found = tally(answer)
    if not found.sources:
        return
    st.markdown("#### :material/account_tree: Origins")
    lines = copies(answer)
    with st.container(gap="xsmall"):
        plain(f"{labels.count(found.sources, 'source')}, {labels.count(found.origins, 'origin')}")
        for line in lines or ["No source that speaks was found to repeat another one."]:
            plain(line, small=True)


def _draw_timeline(shown: Shown, numbered: Mapping[str, int]) -> None:
    """Publications and the days that cited passages name; sources without a date stand apart."""
    answer = shown.answer
    moments = timeline(answer)
    dated = [moment for moment in moments if moment.when]
    if not dated:
        return
    st.markdown("#### :material/timeline: Timeline")
    with st.container(gap="xsmall", key="timeline"):
        for place, moment in enumerate(dated[:MOST_MOMENTS]):
            _draw_moment(moment, shown, numbered, f"moment-{place}")
    undated = [labels.name(answer.sources.get(moment.source)) for moment in moments if not moment.when]
    said = f"{len(dated) - MOST_MOMENTS} later ones not shown. " if len(dated) > MOST_MOMENTS else ""
    said += f"Without a date of publication: {'; '.join(undated)}" if undated else ""
    if said:
        st.caption(escape(said))


def _draw_moment(moment: Moment, shown: Shown, numbered: Mapping[str, int], name: str) -> None:
    """A line: the day, whether a source was published or names it, and what opens the passage."""
    source = shown.answer.sources.get(moment.source)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        when = html.escape(labels.time(moment.when, moment.until))
        st.html(f'<div style="{BOX}">{when}</div>', width=152)
        if moment.kind == "published":
            who = escape(labels.shorten(source.label, 60) if source else "Unknown source")
            st.markdown(f"{badged('Published', ':material/newspaper:', 'gray')} {who}", width="content")
            return
        badge("Named", ":material/event:", "blue")
        if moment.citation:
            words = f"{_number(numbered, moment.citation)}{escape(f'“{moment.shown}”')} "
            _open_button(shown, moment.citation, words, name)
