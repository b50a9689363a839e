"""Long conversations in a browser: the first page, a turn's redraw, and the memory of the server."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.browsing import browser, chromium, held, timed
from benchmarks.chatting import chatting
from benchmarks.measuring import ROOT, Row, call
from benchmarks.work import Work

LONG = 50
_REST = 300.0  # milliseconds between two clicks, for what the page still does after the first
_FORM = "[data-testid=stForm]"
_DRAWN = "[data-testid=stChatInput] textarea"


def measure(work: Work) -> list[Row]:
    """Over the example library, whose answers are long; the browser is open before the command is typed."""
    if chromium() is None:
        return [Row("conversations", None, "s", "no Chromium here; set CHROMIUM to its path")]
    folder, chats = work.folder, work.repeats.chats
    library = str(folder / "talk")
    kept = call(folder, "conversing", "fill", library=library, turns=[1, LONG])
    first = call(folder, "conversing", "first", library=library, times=chats + 2)
    new = call(folder, "conversing", "first", library=None, times=chats)
    turns = call(folder, "conversing", "redraw", library=library, kept=kept, times=5 * chats)
    asked = call(folder, "conversing", "ask_on", library=library, kept=kept, times=2 * chats + 1)
    memory = {}
    for places in (1, 10):
        alone = str(folder / f"of-{places}")
        call(folder, "conversing", "fill", library=alone, turns=[])
        memory[places] = call(folder, "conversing", "memory", library=alone, places=places)
    rows = [
        _row("first page in a browser", first, "command to title and question box, drawn", at_most=3.0),
        _row("the same, a new library", new, "with the example articles added before it"),
    ]
    for what, (short, long) in turns.items():
        rows.append(_row(f"{what}, {LONG} turns", long, "click to the element drawn", at_most=0.2))
        if short:
            rows += [
                _row(f"{what}, 1 turn", short, "the same"),
                _ratio(f"{what}, {LONG} over 1", long, short),
            ]
    short, long = asked
    rows += [
        _row(f"question {LONG + 1} answered", long, "Enter to the answer drawn"),
        _row("question 1 answered", short, "the same questions, each in a conversation of its own"),
        _ratio(f"question {LONG + 1} over question 1", long, short),
    ]
    for places, (few, many) in memory.items():
        rows += [
            Row(
                f"chat's memory, {places} conversations", many, "MB", "PSS of the server after 100 questions"
            ),
            Row("over that after 10 questions", many / few, "", f"which is {few:.0f} MB", at_most=1.1),
        ]
    return rows


def _row(what: str, found: list[float], how: str, at_most: float | None = None) -> Row:
    middle = statistics.median(found)
    how = f"{how}; median of {len(found)}, best {min(found):.3f}"
    return Row(what, middle, "s", how, at_most=at_most)


def _ratio(what: str, first: list[float], second: list[float]) -> Row:
    return Row(what, statistics.median(first) / statistics.median(second), "", "of the medians")


def questions() -> list[str]:
    """The English test questions of the example library."""
    read = yaml.safe_load((ROOT / "corpus" / "questions.yaml").read_text("utf-8"))
    return [item["question"] for item in read["questions"]]


def fill(library: str, turns: list[int]) -> dict[str, str]:
    """In a child: conversations of so many answered questions; gives their ids by length."""
    from assistant import examples
    from assistant.asking import Asking
    from assistant.history import History
    from assistant.library import Library
    from assistant.models import Filters
    from assistant.settings import Settings

    settings = Settings(library=Path(library))
    kept = {}
    with Library.open(settings) as opened:
        if not opened.entries():
            examples.add(opened, lambda _: None)
        asking = Asking(opened, History.of(opened.folder))
        for length in turns:
            kept[str(length)] = asking.history.start(f"{length} turns")
            for question in questions()[-length:]:
                asking.begin(kept[str(length)], question, Filters(), settings).wait(60)
        asking.close()
    return kept


def first(library: str | None, times: int) -> list[float]:
    """In a child: seconds from the command to the first page, of an existing library or of new ones."""
    found = []
    with browser() as opened:
        for number in range(times):
            new = Path(f"new-{number}")
            with chatting(library or str(new)) as (address, _, start):
                page = opened.new_page()
                page.goto(address, wait_until="commit")
                page.locator("h1").wait_for()
                page.locator(_DRAWN).wait_for()
                found.append(time.perf_counter() - start)
                page.close()
            shutil.rmtree(new, ignore_errors=True)
    return found


def redraw(library: str, kept: dict[str, str], times: int) -> dict[str, tuple[list[float], list[float]]]:
    """In a child: seconds of a click's redraw in a conversation of 1 turn and in a long one, by what."""
    found: dict[str, dict[str, list[float]]] = {}
    with browser() as opened, chatting(library) as (address, _, _):
        for length, conversation in kept.items():
            page = opened.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/?conversation={conversation}")
            page.locator(f".st-key-turn-{int(length) - 1}-footer").wait_for()
            for turn in range(times):
                page.wait_for_timeout(_REST)
                spent = timed(page, ".st-key-conversation button", "click", _FORM)
                found.setdefault("a popover opened", {}).setdefault(length, []).append(spent)
                page.keyboard.press("Escape")
                page.locator(_FORM).wait_for(state="detached")  # else an old one would be shown again
                if turn < int(length) - 1:
                    earlier = (
                        page.locator("[class*=st-key-earlier-]").nth(turn).get_attribute("class").split()
                    )
                    mark = next(name for name in earlier if name.startswith("st-key-earlier-"))
                    head, drawn = f".{mark} summary", f".st-key-turn-{turn}-footer"
                    page.wait_for_timeout(_REST)
                    spent = timed(page, head, "click", drawn)
                    found.setdefault("an older turn opened", {}).setdefault(length, []).append(spent)
                    page.wait_for_timeout(_REST)
                    timed(page, head, "click", drawn, gone=True)
    short, long = kept
    return {what: (each.get(short, []), each.get(long, [])) for what, each in found.items()}


def ask_on(library: str, kept: dict[str, str], times: int) -> tuple[list[float], list[float]]:
    """In a child: seconds from Enter to the answer, in new conversations and at the end of a long one."""
    found: tuple[list[float], list[float]] = ([], [])
    long = int(list(kept)[-1])
    with browser() as opened, chatting(library) as (address, _, _):
        page = opened.new_page()
        page.goto(f"{address}/?conversation={list(kept.values())[-1]}")
        new = opened.new_page()
        for turn, question in enumerate(["Who met whom?", *questions()[:times]]):
            new.goto(address)
            spent = (_ask(new, question, 0), _ask(page, question, long + turn))
            if turn:  # the models are loaded by the first one
                found[0].append(spent[0])
                found[1].append(spent[1])
    return found


def memory(library: str, places: int) -> tuple[float, float]:
    """In a child: megabytes of the server after 10 and after 100 questions of one reader."""
    asked = (questions() * 2)[:100]
    few = 0.0
    with browser() as opened, chatting(library) as (address, chat, _):
        page = opened.new_page()
        for number, question in enumerate(asked):
            turn = number % (len(asked) // places)
            if turn == 0 and number:
                page.locator(".st-key-new button").click()
                page.locator(".st-key-starter").wait_for()
            elif not number:
                page.goto(address)
            _ask(page, question, turn)
            if number == 9:
                few = held(chat)
        return few, held(chat)


def _ask(page: Any, question: str, turn: int) -> float:
    box = page.locator(_DRAWN)
    box.wait_for()
    page.wait_for_function("() => !document.querySelector('[data-testid=stChatInput] textarea').disabled")
    box.fill(question)
    return timed(page, _DRAWN, "enter", f".st-key-turn-{turn}-footer")
