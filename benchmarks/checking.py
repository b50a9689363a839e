"""Checking: what proof adds to a model's answer, and one quotation in a very long article.

No model writes and nothing is embedded. The articles are invented or made of the example library's
words, so that the figures mean the same everywhere; each cold figure is of articles that the process
has never seen, after one answer over others has made its imports.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import invented
from benchmarks.measuring import ROOT, Row, call
from benchmarks.work import Work

if TYPE_CHECKING:
    from assistant.models import Article, Passage

ARTICLES = 20  # each gives one passage to the answer
SENTENCES = 10  # of the answer
LONG = 20_000  # words of the long article
SETS = 7  # answers over different articles


def measure(work: Work) -> list[Row]:
    """Medians over answers and over quotations, each in a process of its own."""
    answers = call(work.folder, "checking", "answers", sets=SETS)
    long = call(work.folder, "checking", "quotations", length=LONG, repeats=SETS)
    shape = f"{SENTENCES} sentences over {ARTICLES} passages from {ARTICLES} articles"
    rows = [
        _row("checking an answer, cold", answers["cold"], f"{shape}, never seen before", 150),
        _row("the slowest of them", [max(answers["cold"])], "the same answers"),
        _row("checking an answer, warm", answers["warm"], "the same answers, once more", 150),
        Row(
            "found unsupported", answers["unsupported"], "share",
            "of their sentences; half have a wrong figure, name or word",
        ),
    ]  # fmt: skip
    for name, spent in long["cold"].items():
        how = f"in {LONG:,} words never seen before"
        rows.append(_row(f"quotation, {name}, cold", spent, how, 20))
        rows.append(_row(f"quotation, {name}, warm", long["warm"][name], "another one of that article", 20))
    return rows


def _row(what: str, seconds: Sequence[float], how: str, at_most: float | None = None) -> Row:
    median = f"{how}; median of {len(seconds)}" if len(seconds) > 1 else how
    return Row(what, 1000 * statistics.median(seconds), "ms", median, at_most=at_most)


def answers(sets: int) -> dict[str, Any]:
    """In a child: seconds that checking takes for `sets` answers, first and again; the share it marked."""
    articles = _invented(sets + 1)
    chance = random.Random(3)
    cold, warm, marked = [], [], 0
    for number in range(sets + 1):
        own = articles[number * ARTICLES : (number + 1) * ARTICLES]
        check, unsupported = _checking(own, chance)
        first = _timed(check)
        if number:  # the one before made the imports
            cold.append(first)
            warm.append(_timed(check))
            marked += unsupported()
    return {"cold": cold, "warm": warm, "unsupported": marked / (sets * SENTENCES)}


def _checking(
    own: Sequence[Article], chance: random.Random
) -> tuple[Callable[[], object], Callable[[], int]]:
    """What checks one answer over `own`, and what counts the sentences that it marked."""
    from assistant.citations import check_draft
    from assistant.splitting import split
    from assistant.text import content_key

    passages = [chance.choice(split(article)) for article in own]
    shown = {content_key(item.article, item.start, item.end): item for item in passages}
    by_id = {article.id: article for article in own}
    draft = _draft(shown, by_id)

    def check() -> object:
        return check_draft(draft, shown, by_id)

    def unsupported() -> int:
        return sum(item.check == "unsupported" for item in check_draft(draft, shown, by_id).sentences)

    return check, unsupported


def _draft(shown: dict[str, Passage], articles: dict[str, Article]) -> str:
    """Sentences as models write them, by turns right and wrong, each with one key or two."""
    said = []
    keys = list(shown)
    for number, key in enumerate(keys[:SENTENCES]):
        passage = shown[key]
        outlet = articles[passage.article].label
        line = re.split(r"(?<=[.”])\s+", passage.text)[-1].strip("“”. ")
        plain = re.sub("[“”]", "", line)
        forms = (
            f"{outlet} reports that {plain}",
            f"{outlet} reports that {re.sub(r'[0-9]+', '77', plain)} and that the minister has resigned",
            f"{outlet} writes: “{plain}”",
            f"{outlet} writes: “{plain.replace(' the ', ' no ', 1)} at once”",
            f"According to {outlet}, {plain}, while other outlets do not say so",
        )
        beside = f"[{keys[-1 - number]}]" if number % 3 == 0 else ""
        said.append(f"{forms[number % len(forms)]} [{key}]{beside}.")
    return " ".join(said)


def quotations(length: int, repeats: int) -> dict[str, Any]:
    """In a child: seconds for one quotation in an article of `length` words, by kind of quotation."""
    from assistant.proof import Text, prove_quote

    chance = random.Random(5)
    kinds = ("exact", "elided", "altered", "not found")
    found: dict[str, dict[str, list[float]]] = {
        name: {kind: [] for kind in kinds} for name in ("cold", "warm")
    }

    def prove(kind: str, text: Text) -> float:
        quote = _quotation(kind, text.text, chance)
        return _timed(lambda: prove_quote(quote, [text], text.id))

    vocabulary = _followers()
    prove("altered", Text("first", _long(vocabulary, 500, chance), "en"))
    for number in range(repeats):
        for kind in kinds:
            text = Text(f"{kind} {number}", _long(vocabulary, length, chance), "en")
            found["cold"][kind].append(prove(kind, text))
            found["warm"][kind].append(prove(kind, text))
    return found


def _quotation(kind: str, text: str, chance: random.Random) -> str:
    """25 words from the second half of `text`, as they stand or as a bad writer would give them."""
    words = text.split()
    start = chance.randrange(len(words) // 2, len(words) - 40)
    said = words[start : start + 25]
    if kind == "elided":
        said[10:14] = ["..."]
    elif kind == "altered":
        said[12] = "never"
    elif kind == "not found":
        said = [chance.choice(words) for _ in said]
    return " ".join(said).strip('“”". ')


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# --- material -------------------------------------------------------------------------------------


def _invented(sets: int) -> list[Article]:
    """Articles of different invented events, enough for `sets` answers."""
    from assistant.loading import load
    from assistant.models import Article
    from assistant.settings import Settings

    folder = Path("invented")
    invented.write(folder, events=sets * ARTICLES // len(invented.OUTLETS) + 1)
    settings = Settings(library=Path("unused"))
    loaded = load([folder / "articles.jsonl"], settings=settings)
    return [item for item in loaded if isinstance(item, Article)]


def _followers() -> dict[str, list[str]]:
    """For each word of the example library the words that follow it there."""
    following: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "corpus").glob("*/*-*.md")):
        words = file.read_text("utf-8").split("---", 2)[2].split()
        for word, after in pairwise(words):
            following[word].append(after)
    return following


def _long(following: dict[str, list[str]], length: int, chance: random.Random) -> str:
    """A text of `length` words with the frequencies of English, but no sense.

    Method: a Markov chain of order 1; a new paragraph about every sixty words.
    """
    word, said = "The", []
    for _ in range(length):
        said.append(word + ("\n\n" if word.endswith(".") and chance.random() < 0.3 else " "))
        word = chance.choice(following.get(word) or ["The"])
    return "".join(said)
