"""What changed between two versions of an article: nothing is lost, and what is told is what was edited."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant import redline
from assistant.models import Article, Change
from assistant.versions import Aligned, compare, revision

# Few letters and all the signs on which sentences, paragraphs and words are cut.
EDITED = some.text(alphabet="ab dé.!?\n\t \u3000“”’-,水1", max_size=120)
PIECES = some.lists(some.sampled_from(
    ["The pier sank. ", "Nobody was hurt.\n\n", "He said “no.” ", "Share this\n", "It cost $3.50. ", " "]
), max_size=12).map("".join)  # fmt: skip
TEXTS = EDITED | PIECES


def side(found: tuple[Aligned, ...], op: str) -> str:
    return "".join(change.text for item in found for change in item.changes if change.op in ("same", op))


def told(before: str, after: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a reader is told of: the sentences that are not the same, with their changed words."""
    return [
        (item.op, [(change.op, change.text.strip()) for change in item.changes if change.op != "same"])
        for item in compare(before, after, "en")
        if item.op != "same"
    ]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_letter_by_letter(before: str, after: str) -> None:
    found = compare(before, after, "en")
    assert side(found, "dropped") == before and side(found, "added") == after
    assert all(change.text for item in found for change in item.changes)


@given(TEXTS)
def test_equal_texts_give_no_change(text: str) -> None:
    assert all(change.op == "same" for item in compare(text, text) for change in item.changes)


@given(TEXTS, TEXTS)
def test_what_is_no_change_is_equal_but_for_spacing(before: str, after: str) -> None:
    for item in compare(before, after):
        if item.op == "same":
            assert side((item,), "dropped").split() == side((item,), "added").split()


STORY = (
    "The Lantern Bridge was closed on Friday. Two people were hurt, the mayor said. The cause is not "
    "known.\n\nAn inquiry begins on Monday. The operator did not answer."
)


@pytest.mark.parametrize(
    ("edit", "by", "expected"),
    [
        ("Two people", "Three people", [("changed", [("dropped", "Two"), ("added", "Three")])]),
        ("was closed", "was not closed", [("changed", [("added", "not")])]),
        ("The cause is not known.", "", [("dropped", [("dropped", "The cause is not known.")])]),
        (
            "known.\n\n",
            "known.\n\nEngineers spoke of a broken bolt. ",
            [("added", [("added", "Engineers spoke of a broken bolt.")])],
        ),
        ("known.\n\n", "known. ", []),
        ("the mayor said. The", "the mayor said; the", None),
    ],
)
def test_an_edit_is_told_and_nothing_else(
    edit: str, by: str, expected: list[tuple[str, list[tuple[str, str]]]] | None
) -> None:
    found = told(STORY, STORY.replace(edit, by))
    assert found == expected if expected is not None else len(found) <= 2


def test_a_sentence_written_anew_is_not_shown_as_a_muddle_of_words() -> None:
    old, new = "The mayor of the town denied it.", "Engineers found the bolt in a river on the coast."
    assert [op for op, _ in told(f"{old} It rained.", f"{new} It rained.")] == ["dropped", "added"]
    changed = told(
        "The mayor said that the bridge will open again soon after the long inspection.",
        "The mayor said that nobody on the council wants a tunnel after the long inspection.",
    )
    assert len(changed) == 1
    assert [op for op, _ in changed[0][1]] == ["dropped", "added"], "one run, without a lone “the” in common"


def test_every_sentence_changed_by_a_little_is_still_paired() -> None:
    rng = random.Random(5)
    names = [f"Person{number}" for number in range(400)]
    before = " ".join(
        f"{rng.choice(names)} met {name} in the harbour at {number}." for number, name in enumerate(names)
    )
    found = compare(before, before.replace(" met ", " saw "), "en")
    assert {item.op for item in found} == {"changed"} and len(found) == 400


def test_other_scripts_are_compared_by_their_signs() -> None:
    found = told("桥于星期五关闭。市长说两人受伤。", "桥于星期五关闭。市长说三人受伤。")
    assert found == [("changed", [("dropped", "两"), ("added", "三")])]


def test_facts_that_are_other_ones_now_are_named() -> None:
    older = Article("a", "Bridge shut", STORY, "Tidings", "2023-10-10")
    newer = Article("b", "Bridge closed", STORY, "Tidings", "2023-10-11", "Ann Example")
    found = revision(older, newer)
    assert [(fact.name, fact.before, fact.after) for fact in found.facts] == [
        ("title", "Bridge shut", "Bridge closed"),
        ("date", "2023-10-10", "2023-10-11"),
        ("author", None, "Ann Example"),
    ]
    assert found.counts == {"changed": 0, "added": 0, "dropped": 0, "same": 1}
    assert found.text == (Aligned((Change("same", STORY),)),)


def told_of(before: str, after: str) -> str:
    return redline.summary(revision(Article("a", "Title", before), Article("b", "Title", after)))


def test_how_much_changed_is_said_in_words() -> None:
    assert told_of(STORY, STORY.replace("Two", "Three") + " It rained.") == "1 sentence changed, 1 added"
    assert told_of(STORY, STORY.replace("\n\n", " ")) == "Only the spacing of the text changed"
    assert told_of(STORY, STORY) == "The text is the same"


def test_what_is_drawn_has_a_change_with_its_surroundings_and_no_more_than_can_be_read() -> None:
    before = " ".join(f"Witness {number} saw ship {number} in the harbour." for number in range(1_000))
    one = revision(Article("a", "T", before), Article("b", "T", before.replace("ship 500", "boat 500")))
    lines = list(redline.lines(one))[2:]
    assert lines == [
        "  (499 sentences unchanged)", "  Witness 499 saw ship 499 in the harbour.",
        "! Witness 500 saw [-ship-] {+boat+} 500 in the harbour.",
        "  Witness 501 saw ship 501 in the harbour.", "  (498 sentences unchanged)",
    ]  # fmt: skip
    every = redline.drawn(
        revision(Article("a", "T", before), Article("b", "T", before.replace("saw", "met")))
    )
    assert every.count("<ins") == redline.MOST and "Only the first" in every
    long = "so " * 500
    cut = revision(Article("a", "T", f"{long}far away."), Article("b", "T", f"{long}far off."))
    assert len(next(line for line in redline.lines(cut) if line.startswith("!"))) < 120


def _long(rng: random.Random, kind: str) -> str:
    vocabulary = [f"w{number}" for number in range(3_000)]
    if kind == "one word again and again":
        return "a " * 100_000
    if kind == "sentences of one word":
        return " ".join(f"{rng.choice(vocabulary).capitalize()}." for _ in range(100_000))
    parts = [" ".join(rng.choices(vocabulary, k=20)).capitalize() + "." for _ in range(5_000)]
    return " ".join(parts)


@pytest.mark.parametrize(
    "kind", ["sentences", "edited everywhere", "one word again and again", "sentences of one word"]
)
def test_two_texts_of_100_000_words_are_compared_in_bounded_time(kind: str) -> None:
    rng = random.Random(3)
    before = _long(rng, kind)
    after = before.replace("w1", "x1") if kind == "edited everywhere" else _long(rng, kind) + "The end."
    begun = time.process_time()
    found = compare(before, after, "en")
    assert time.process_time() - begun < 10
    assert side(found, "dropped") == before and side(found, "added") == after
