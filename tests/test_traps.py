"""The trap set: what must not pass does not, what is only noise does, and the same on texts of any kind."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.models import ACCEPTED
from assistant.proof import Proof, Text, prove_quote
from tests.traps import FILE, Case, cases, serialised
from tests.traps.made import NOISE, library
from tests.traps.table import STATUSES, reports

SET = list(cases())
LONG = 20_000  # words
MOST_REJECTED = 0.02  # of the cases that must pass
LEAST_RIGHT = 0.85  # of all cases, to the status; which of two refusals it is, is often open

DOTS = re.compile(r"\[(?:\.\.\.|…)\]|\.\.\.|…+|\. \. \.")


def proved(case: Case) -> Proof:
    return prove_quote(case.quote, [Text(*source) for source in case.sources], case.claimed, case.speaker)


@cache
def outcomes() -> list[tuple[Case, Proof]]:
    return [(case, proved(case)) for case in SET]


def said(case: Case, proof: Proof) -> str:
    return (
        f"{case.kind}: {case.quote!r} by {case.speaker} in {case.claimed}: {case.status}, not {proof.status}"
    )


# --- the set --------------------------------------------------------------------------------------


def test_the_committed_file_is_what_the_generator_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == serialised(), "run `python -m tests.traps`"


def test_the_set_has_every_status_in_both_directions() -> None:
    count = Counter(case.status for case in SET)
    assert len(SET) >= 300 and set(count) == set(STATUSES) and min(count.values()) >= 20
    assert min(Counter(case.accepted for case in SET).values()) >= 100
    assert len(SET) == len({(case.quote, case.sources, case.claimed, case.speaker) for case in SET})


def plain(words: str) -> str:
    """Words alone, for a rough comparison that shares nothing with the code under test."""
    words = unicodedata.normalize("NFKC", re.sub("[\u00ad\u200b\u200f\ufeff\\[\\]]", "", words)).casefold()
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFD", words)))


@pytest.mark.parametrize("status", STATUSES)
def test_the_labels_agree_with_a_plain_search(status: str) -> None:
    for case in (case for case in SET if case.status == status):
        texts = dict(case.sources)
        read = [texts[case.claimed]] if case.claimed else list(texts.values())
        exact = any(re.search(rf"(?<!\w){re.escape(case.quote)}(?!\w)", text) for text in read)
        parts = [plain(part) for part in DOTS.split(case.quote)]
        told = [all(part in plain(text) for part in parts) for text in texts.values()]
        right = {
            "verbatim": exact,
            "verbatim_spacing": not exact and any(told),
            "elided": not exact and any(told),
            "misattributed": any(told),
        }
        cut = case.kind in ("number_cut", "word_cut") or case.quote == "2,400 is what each of them costs us"
        assert right.get(status, not exact or cut), f"{case.kind}: {case.quote!r}"


# --- the set, proved ------------------------------------------------------------------------------


def test_nothing_passes_that_must_not() -> None:
    passed = [said(*pair) for pair in outcomes() if pair[1].status in ACCEPTED and not pair[0].accepted]
    assert not passed, "\n".join(passed)


def test_noise_passes() -> None:
    fitting = [pair for pair in outcomes() if pair[0].accepted]
    refused = [said(*pair) for pair in fitting if pair[1].status not in ACCEPTED]
    assert len(refused) <= MOST_REJECTED * len(fitting), "\n".join(refused)


def test_most_statuses_are_those_of_the_set() -> None:
    """Prints the table per status, shown with -s."""
    print(f"\n{'status':>18} {'cases':>6} {'right':>6} {'accepted':>9}")  # noqa: T201
    for status in STATUSES:
        given_ = [proof.status for case, proof in outcomes() if case.status == status]
        right, accepted = given_.count(status), sum(other in ACCEPTED for other in given_)
        print(f"{status:>18} {len(given_):>6} {right:>6} {accepted:>9}")  # noqa: T201
    same = sum(case.status == proof.status for case, proof in outcomes())
    assert same >= LEAST_RIGHT * len(SET)


def test_offsets_lead_to_the_words() -> None:
    for case, proof in outcomes():
        if proof.status not in ACCEPTED:
            continue
        text = dict(case.sources)[str(proof.source)]
        found, parts = plain(text[proof.start : proof.end]), [plain(part) for part in DOTS.split(case.quote)]
        assert found.startswith(parts[0]) and found.endswith(parts[-1]), said(case, proof)
        if proof.status != "elided":
            assert found == plain(case.quote), said(case, proof)


# --- an article of 20,000 words -------------------------------------------------------------------


@cache
def long_article() -> str:
    """The texts of the set over and over, each time with other numbers in them."""
    parts: list[str] = []
    while sum(part.count(" ") for part in parts) < LONG:
        round_ = str(len(parts))
        parts += [re.sub(r"\d+", lambda m, n=round_: m[0] + n, text) for text in library().values()]  # type: ignore[misc]
    return "\n\n".join([*parts, reports()["dam"]])


@pytest.mark.parametrize(
    ("quote", "accepted"),
    [
        ("The dam is not in danger, and nobody has to leave home", True),
        ("the dam is not in danger, and nobody\nhas to leave home,", True),
        ("The dam is in danger, and nobody has to leave home", False),
        ("The fourth pier of the Lantern Bridge gave way ... The dam is not in danger", False),
    ],
)
def test_a_quotation_in_a_long_article(quote: str, accepted: bool) -> None:
    proof = prove_quote(quote, [Text("long", long_article())], "long", "Petra Lindqvist-Oke")
    assert (proof.status in ACCEPTED) == accepted
    if accepted:
        assert plain(long_article()[proof.start : proof.end]) == plain(quote)


# --- texts of any kind ----------------------------------------------------------------------------

NEGATIONS = ("not", "never", "no")
CASES = ("first_letter", "bracketed_letter")
WORDS = st.one_of(
    st.text(st.characters(categories=["Ll"], max_codepoint=0x24F), min_size=2, max_size=9),
    st.text(st.characters(min_codepoint=0x430, max_codepoint=0x44F), min_size=2, max_size=9),
    st.sampled_from(
        "the of not never no may will said who Brint can't twelve 7 1968 85,000 3.2 10–15 half all".split()
    ),
)
JOINTS = st.sampled_from(
    [" "] * 12 + [", ", "; ", ". ", "\n", "\n\n", "  ", " – ", " — ", ": “", "” ", "\u00a0"]
)


@st.composite
def texts(draw: st.DrawFn, unique: bool = False) -> tuple[str, list[tuple[int, int]]]:
    """A text and the spans of its words."""
    drawn = draw(st.lists(WORDS, min_size=8, max_size=40, unique_by=str.casefold if unique else None))
    joints = draw(st.lists(JOINTS, min_size=len(drawn), max_size=len(drawn)))
    text, spans = "", []
    for word, joint in zip(drawn, joints, strict=True):
        spans.append((len(text), len(text) + len(word)))
        text += word + joint
    return text, spans


def stands(quote: str, text: str) -> bool:
    """Whether the words of `quote` stand in `text` in a row; dots in between may stand for anything."""
    return f" {plain(quote)} " in f" {plain(text)} "


def prove(quote: str, text: str) -> Proof:
    return prove_quote(quote, [Text("a", text), Text("b", "Another text, about nothing.")], "a")


@given(texts(), st.data())
@settings(max_examples=60, deadline=None)
def test_whole_words_of_an_article_are_verbatim(
    article: tuple[str, list[tuple[int, int]]], data: st.DataObject
) -> None:
    text, spans = article
    first = data.draw(st.integers(0, len(spans) - 1))
    last = data.draw(st.integers(first, len(spans) - 1))
    quote = text[spans[first][0] : spans[last][1]]
    proof = prove(quote, text)
    assert proof.status == "verbatim" and proof.source == "a" and text[proof.start : proof.end] == quote
    noisy = data.draw(st.sampled_from(sorted(NOISE)))
    assume(noisy not in CASES or (quote[0].isalpha() and quote[0].swapcase().swapcase() == quote[0]))
    # "[M]ade" of "no report made" hides a word that turns the meaning: that is no noise.
    assume(noisy not in CASES or not first or text[slice(*spans[first - 1])] not in NEGATIONS)
    proof = prove(NOISE[noisy](quote), text)
    assert proof.status in ACCEPTED and stands(quote, text[proof.start : proof.end]), noisy


def test_a_line_break_before_a_mark_is_a_space() -> None:
    for text, quote in (
        ("He said: “we saw it go” that day.", "He said:\n“we saw it"),
        ("He said:\n“we saw it go” that day.", "He said: “we saw it"),
        ("“We saw it go.\n“We told them.”", "We saw it go. We told them."),  # a paragraph, opened anew
        ("“We saw it go.\n“We told them.”", "We saw it go. “We told them."),
    ):
        assert prove(quote, text).status == "verbatim_spacing", quote


@given(texts(), st.data())
@settings(max_examples=100, deadline=None)
def test_one_other_word_is_never_accepted(
    article: tuple[str, list[tuple[int, int]]], data: st.DataObject
) -> None:
    text, spans = article
    first = data.draw(st.integers(0, len(spans) - 5))
    last = data.draw(st.integers(first + 4, len(spans) - 1))
    at = data.draw(st.integers(first + 1, last - 1))
    start, end = spans[at]
    before, word, after = text[spans[first][0] : start], text[start:end], text[end : spans[last][1]]
    other = data.draw(WORDS)
    digit = re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), word, count=1)
    change = data.draw(st.sampled_from(["drop", "add", "replace", "digit"]))
    changed = {"drop": "", "add": f"{other} {word}", "replace": other, "digit": digit}[change]
    quote = before + changed + after
    assume(not stands(quote, text))
    proof = prove(quote, text)
    assert proof.status not in ACCEPTED
    assert any(step.op != "same" for step in proof.diff) or proof.status != "altered"


@given(texts(unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_dots_hide_no_negation_and_no_number(
    article: tuple[str, list[tuple[int, int]]], data: st.DataObject
) -> None:
    text, spans = article
    hidden = data.draw(st.sampled_from(["not", "never", "nobody", "14", "3.2", "twelve", "unless", "nicht"]))
    at = data.draw(st.integers(3, len(spans) - 4))
    text = text[: spans[at][0]] + hidden + " " + text[spans[at][0] :]
    dots = data.draw(st.sampled_from([" ... ", " … ", " [...] ", "... ", " […] "]))
    moved = len(hidden) + 1
    before = text[spans[at - 3][0] : spans[at - 1][1]]
    after = text[spans[at][0] + moved : spans[at + 2][1] + moved]
    assert prove(before + dots + after, text).status not in ACCEPTED


@given(texts(), texts(), st.data())
@settings(max_examples=40, deadline=None)
def test_words_of_another_source_are_not_of_this_one(
    one: tuple[str, list[tuple[int, int]]], two: tuple[str, list[tuple[int, int]]], data: st.DataObject
) -> None:
    (text, spans), (other, _) = one, two
    first = data.draw(st.integers(0, len(spans) - 3))
    quote = text[spans[first][0] : spans[first + 2][1]]
    assume(not stands(quote, other))
    proof = prove_quote(quote, [Text("a", text), Text("b", other)], "b")
    assert proof.status not in ACCEPTED


PEOPLE = ["Petra Lindqvist", "Tobin Ashgrove", "Ines Karvonen", "Rafe Tuck", "Odile Charpentreau"]
SPEECH = st.lists(
    st.sampled_from("we have seen the bridge and it will hold until winter comes to us again soon".split()),
    min_size=4, max_size=12, unique=True,
).map(" ".join)  # fmt: skip
FORMS = [
    "“{words},” said {name}.",
    "“{words},” {name} said on Monday.",
    "{name} said: “{words}.”",
    '"{words}," {name} said.',
]


@given(st.lists(SPEECH, min_size=2, max_size=2, unique=True), st.permutations(PEOPLE), st.data())
@settings(max_examples=60, deadline=None)
def test_words_belong_to_who_says_them(words: list[str], people: list[str], data: st.DataObject) -> None:
    forms = [data.draw(st.sampled_from(FORMS)) for _ in words]
    joint = data.draw(st.sampled_from(["\n\n", "\n\nThe hall was full.\n\n"]))
    text = joint.join(form.format(words=w, name=n) for form, w, n in zip(forms, words, people, strict=False))
    assume(words[0] not in words[1] and words[1] not in words[0])
    for quote, speaker, other in ((words[0], people[0], people[1]), (words[1], people[1], people[0])):
        own = prove_quote(quote, [Text("a", text)], "a", speaker)
        assert own.status == "verbatim" and text[own.start : own.end] == quote
        assert prove_quote(quote, [Text("a", text)], "a", other).status == "misattributed"
        assert prove_quote(quote, [Text("a", text)], "a", people[3]).status == "misattributed"
