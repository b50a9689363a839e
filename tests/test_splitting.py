"""Passages: exact, in order, nothing lost, nothing twice, and no sentence cut that would have fitted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models import Article, Passage, Span
from assistant.splitting import LIMIT, TARGET, split
from assistant.text import clean, sentences

MARKS = '“|”|"|(|)|«|»|. |! |? |。|？|\n|\n\n|\r|\u2028|\x0b|\x1c|\u00a0|\u3000|\u200b|\t|  |- |3.5 |Mr. '
WORDS = [
    "Word ",
    "said ",
    "😀",
    "𝔘 ",
    "中文",
    "Київ ",
    "x" * 400,
    "字" * 500,
    "Ten words are here for the length. ",
]
PIECES = st.sampled_from([*MARKS.split("|"), *WORDS])
TEXTS = st.text(max_size=300) | st.lists(PIECES, max_size=60).map("".join)
SPANS = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 700)), max_size=4)
LANGUAGES = st.sampled_from([None, "en", "de-DE", "ru", "zh", "ar", "my", "xx", ""])


def article(text: str, skip: tuple[Span, ...] = (), language: str | None = "en") -> Article:
    return Article("a1", "Title", text, language=language, skip=skip)


def texts(found: list[Passage]) -> list[str]:
    return [passage.text for passage in found]


def prose(count: int, start: int = 0) -> str:
    return " ".join(f"Witness number {i} saw the bridge fall into the harbour." for i in range(start, count))


@settings(deadline=None, max_examples=300)
@given(TEXTS.map(clean), SPANS, LANGUAGES)
def test_every_character_is_in_exactly_one_passage(
    text: str, spans: list[Span], language: str | None
) -> None:
    skip = tuple((min(span), max(span)) for span in spans)
    skipped = {place for start, end in skip for place in range(start, end)}
    times = [0] * len(text)
    position = 0
    for number, passage in enumerate(split(article(text, skip, language))):
        assert passage.ordinal == number and passage.article == "a1"
        assert position <= passage.start < passage.end
        position = passage.end
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert len(passage.text) <= LIMIT
        for place in range(passage.start, passage.end):
            times[place] += 1
    for place, character in enumerate(text):
        if place in skipped:
            assert times[place] == 0
        elif not character.isspace():
            assert times[place] == 1, (place, character)


@settings(deadline=None)
@given(TEXTS.map(clean), LANGUAGES)
def test_a_sentence_that_fits_is_not_cut(text: str, language: str | None) -> None:
    passages = split(article(text, language=language))
    for start, end in sentences(text, language):
        if end - start <= LIMIT:
            assert any(passage.start <= start and end <= passage.end for passage in passages)


@settings(deadline=None)
@given(TEXTS.map(clean), SPANS)
def test_splitting_again_gives_the_same_passages(text: str, spans: list[Span]) -> None:
    skip = tuple((min(span), max(span)) for span in spans)
    passages = split(article(text, skip))
    assert passages == split(article(text, tuple(reversed(skip))))
    assert len({passage.id for passage in passages}) == len(passages)


def test_ids_are_the_same_in_every_run_and_differ_between_articles() -> None:
    # Written down: an index made by an earlier version is keyed by these.
    (passage,) = split(article("The bridge fell."))
    assert passage.id == "517a5d10434f5e36ffd5"
    (other,) = split(Article("a2", "Title", "The bridge fell."))
    assert other.id != passage.id


def test_a_short_article_is_one_passage() -> None:
    assert texts(split(article("  The bridge fell.\n\nNobody was hurt. \n"))) == [
        "The bridge fell.\n\nNobody was hurt."
    ]


def test_short_paragraphs_are_joined_and_long_ones_stand_alone() -> None:
    first, second = prose(6), prose(12, 6)
    assert TARGET / 2 < len(first) < TARGET
    assert texts(split(article(f"{first}\n\n{second}"))) == [first, second]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = texts(split(article(prose(60))))
    assert " ".join(found) == prose(60) and len(found) > 3
    assert all(text.startswith("Witness") and text.endswith("harbour.") for text in found)
    assert all(
        TARGET <= len(text) < TARGET + len(" Witness number 11 saw the bridge fall into the harbour.")
        for text in found[:-1]
    )


def test_a_long_sentence_after_a_short_one_stands_alone() -> None:
    long = "The bridge " + "creaked and " * 70 + "fell."
    assert LIMIT - 100 < len(long) < LIMIT
    assert texts(split(article(f"{prose(2)} {long}"))) == [prose(2), long]


@pytest.mark.parametrize("joint", [" ", "\n", "\t", "\u3000", "\u00a0"])
def test_a_sentence_longer_than_a_passage_is_cut_between_words(joint: str) -> None:
    text = joint.join(["harbour"] * 400)
    found = texts(split(article(text)))
    assert all(re.fullmatch(rf"harbour({joint}harbour)*", piece) for piece in found)
    assert joint.join(found) == text


def test_a_text_without_spaces_is_cut_and_whole() -> None:
    text = "大桥" * 1000
    found = texts(split(article(text, language="zh")))
    assert "".join(found) == text and max(map(len, found)) <= LIMIT


def test_what_is_skipped_is_in_no_passage_and_parts_its_neighbours() -> None:
    text = "Headline here\n\nThe bridge fell.\n\n2 min read\n\nNobody was hurt."
    skip = tuple((text.index(part), text.index(part) + len(part)) for part in ("2 min read", "Headline here"))
    assert texts(split(article(text, skip))) == ["The bridge fell.", "Nobody was hurt."]


def test_a_skip_that_covers_everything_or_more_leaves_nothing() -> None:
    assert split(article("The bridge fell.", ((0, 900),))) == []
    assert split(article("")) == split(article(" \n\t ")) == []


def test_a_line_break_inside_a_paragraph_parts_no_sentence() -> None:
    (passage,) = split(article("The bridge\nfell on\nMonday."))
    assert passage.text == "The bridge\nfell on\nMonday."


def test_passages_do_not_leave_their_paragraphs_early_for_a_quotation() -> None:
    text = f"“{prose(7)}”\n\n{prose(20, 12)}"
    first = split(article(text))[0]
    assert first.text.endswith("”")
