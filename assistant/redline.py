"""A revision as a reader sees it: marked text for the terminal, and HTML for the page.

On the terminal by known conventions: `-` and `+` before what only one version has and `!` before a
sentence that was changed, as `diff -c` has them; in it [-dropped-] and {+added+} words, as wdiff has them.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.labels import count, day
from assistant.models import Change
from assistant.versions import Aligned, FactChange, Op, Revision, word_changes
from assistant.webpage import hidden

LEGEND = "- dropped   + added   ! changed: [-dropped-] {+added+}"
MOST = 400  # sentences drawn on the page; thousands of them would not be read, and be slow to draw
_SIGNS: dict[Op, str] = {"same": " ", "dropped": "-", "added": "+", "changed": "!"}
_ROOM = 20  # words that stay of what is the same on each side of a change
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere"
_DROPPED = (
    "text-decoration:line-through;text-decoration-color:#c2571a;"
    "background:color-mix(in srgb,#c2571a 16%,transparent)"
)
_ADDED = (
    "text-decoration:underline;text-decoration-thickness:.12em;text-underline-offset:.18em;"
    "background:color-mix(in srgb,#2e8b57 22%,transparent)"
)
_SMALL = "margin:.5rem 0;font-size:.875em;opacity:.8"


def summary(revision: Revision) -> str:
    """How much changed, in words: "2 sentences changed, 1 added; changed too: the title"."""
    found = [(op, number) for op, number in revision.counts.items() if number and op != "same"]
    said = [
        f"{f'{number:,}' if at else count(number, 'sentence')} {op}" for at, (op, number) in enumerate(found)
    ]
    if not said:
        same = all(change.op == "same" for item in revision.text for change in item.changes)
        said = ["the text is the same" if same else "only the spacing of the text changed"]
    facts = [f"the {fact.name}" for fact in revision.facts]
    line = ", ".join(said) + (f"; changed too: {', '.join(facts)}" if facts else "")
    return line[:1].upper() + line[1:]


# --- the terminal ---------------------------------------------------------------------------------


def lines(revision: Revision) -> Iterator[str]:
    """The revision as lines of plain text; what is not told apart by colour."""
    yield f"--- {revision.older}"
    yield f"+++ {revision.newer}"
    for fact in revision.facts:
        name = fact.name.capitalize()
        yield from (f"- {name}: {_flat(fact.before)}",) if fact.before else ()
        yield from (f"+ {name}: {_flat(fact.after)}",) if fact.after else ()
    for hunk in _hunks(revision.text):
        if hunk.skipped:
            yield f"  ({count(hunk.skipped, 'sentence')} unchanged)"
        for item in hunk.items:
            marked = item.op == "changed"
            parts = [_marked(change) if marked else _flat(change.text, ends=True) for change in _shown(item)]
            yield f"{_SIGNS[item.op]} {' '.join(''.join(parts).split())}"


def _marked(change: Change) -> str:
    core = change.text.strip()
    if change.op == "same" or not core:
        return _flat(change.text, ends=True)
    start, end = ("[-", "-]") if change.op == "dropped" else ("{+", "+}")
    return _edged(change.text, f"{start}{_flat(core)}{end}")


def _flat(text: str | None, *, ends: bool = False) -> str:
    flat = " ".join((text or "").split())
    return _edged(text, flat) if ends and text else flat


def _edged(text: str, written: str) -> str:
    return " " * text[0].isspace() + written + " " * text[-1].isspace()


# --- the page -------------------------------------------------------------------------------------


def drawn(revision: Revision) -> str:
    """The revision as HTML with everything escaped; what is marked by colour and line is also said."""
    blocks = [f'<p dir="auto" style="margin:.2rem 0;{_TEXT}">{_fact(fact)}</p>' for fact in revision.facts]
    left = MOST
    for hunk in _hunks(revision.text):
        if hunk.skipped:
            blocks.append(f'<p style="{_SMALL}">{count(hunk.skipped, "sentence")} unchanged</p>')
        if not hunk.items:
            continue
        if body := _joined(change for item in hunk.items[:left] for change in _shown(item)):
            blocks.append(f'<p dir="auto" style="margin:.5rem 0;line-height:1.6;{_TEXT}">{body}</p>')
        left -= len(hunk.items)
        if left < 0:
            blocks.append(f'<p style="{_SMALL}">Only the first {MOST} sentences are shown.</p>')
            break
    return "".join(blocks)


def _fact(fact: FactChange) -> str:
    before, after = fact.before or "", fact.after or ""
    if fact.name == "date":
        before, after = (day(value) if value else "" for value in (before, after))
    changes = word_changes(before, after) if fact.name == "title" else _whole(before, after)
    return f"<strong>{fact.name.capitalize()}:</strong> {_joined(changes)}"


def _whole(before: str, after: str) -> Iterable[Change]:
    yield from [Change("dropped", before), Change("same", " ")] if before else []
    yield from [Change("added", after)] if after else []


def _joined(changes: Iterable[Change]) -> str:
    """Changes in a row as HTML; where both versions have white space, the wider one is drawn, once."""
    written, space = "", ""
    for change in changes:
        core = change.text.strip()
        before, _, after = change.text.partition(core) if core else (change.text, "", "")
        space = max(space, before, key=_width)
        if core:
            written += (space if written else "") + _change(change.op, core)
            space = after
    return written


def _width(space: str) -> tuple[int, int]:
    return space.count("\n"), len(space)


def _change(op: str, core: str) -> str:
    text = html.escape(core)
    if op == "same":
        return text
    tag, style = ("del", _DROPPED) if op == "dropped" else ("ins", _ADDED)
    return f'<{tag} style="{style}">{hidden(f"[{op}: ")}{text}{hidden("]")}</{tag}>'


# --- what both show -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Sentences in a row that changed, with one more on each side, and how many are left out before them."""

    skipped: int
    items: Sequence[Aligned]


def _hunks(text: Sequence[Aligned]) -> Iterator[_Hunk]:
    """Every change with its surroundings; the last hunk has none where sentences follow it."""
    changed = [at for at, item in enumerate(text) if item.op != "same"]
    near = sorted({at for place in changed for at in (place - 1, place, place + 1) if 0 <= at < len(text)})
    done, at = 0, 0
    while at < len(near):
        last = at
        while last + 1 < len(near) and near[last + 1] == near[last] + 1:
            last += 1
        yield _Hunk(near[at] - done, text[near[at] : near[last] + 1])
        done, at = near[last] + 1, last + 1
    if done < len(text):
        yield _Hunk(len(text) - done, ())


def _shown(item: Aligned) -> Iterator[Change]:
    """The changes of a sentence; a long run that is the same is cut to the words next to the changes."""
    last = len(item.changes) - 1
    for at, change in enumerate(item.changes):
        words = change.text.split(" ") if change.op == "same" else []
        if len(words) <= 3 * _ROOM:
            yield change
            continue
        head, tail = words[: _ROOM * (at > 0)], words[len(words) - _ROOM * (at < last) :]
        if last == 0:
            head = words[: 2 * _ROOM]
        yield Change("same", " ".join([*head, "…", *tail]))
