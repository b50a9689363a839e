"""Links to a passage: the form that browsers read, and nothing that is no address of the web."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.fragments import LONGEST, fragment, link, passage_link
from assistant.models import Citation
from assistant.provenance import around
from tests.answers import article, cite

PAGE = "https://news.example/story"
QUOTE = "The harbour master said that the pier was safe"


def test_a_quotation_is_named_whole() -> None:
    assert fragment(PAGE, QUOTE) == f"{PAGE}#:~:text={QUOTE.replace(' ', '%20')}"


def test_signs_with_a_meaning_are_escaped() -> None:
    assert fragment(PAGE, "a well-known, safe & sound pier in the harbour").endswith(
        "text=a%20well%2Dknown%2C%20safe%20%26%20sound%20pier%20in%20the%20harbour"
    )


@pytest.mark.parametrize("end", ["", "#:~:text=old", "#:~:text=old&text=older"])
def test_an_older_text_fragment_is_replaced(end: str) -> None:
    assert fragment(PAGE + end, QUOTE) == fragment(PAGE, QUOTE)


def test_an_element_that_the_address_names_is_kept() -> None:
    assert fragment(f"{PAGE}#part:~:text=old", QUOTE).startswith(f"{PAGE}#part:~:text=The%20harbour")
    assert fragment(f"{PAGE}#part", " \n ") == f"{PAGE}#part", "no words, no text fragment"


def test_a_long_quotation_is_named_by_its_ends() -> None:
    words = [f"word{number}" for number in range(80)]
    found = terms(fragment(PAGE, " ".join(words)))
    assert found == ["word0 word1 word2 word3 word4", "word75 word76 word77 word78 word79"]


def test_the_end_of_a_long_quotation_is_long_enough_to_stand_there_once() -> None:
    end = "and so it was said again in the end"
    found = terms(fragment(PAGE, f"It began {end} of the day; {'they wrote ' * 30}they wrote it {end}"))
    assert found == ["It began and so it", f"it {end}"]


def test_paragraphs_are_named_by_their_ends() -> None:
    found = terms(fragment(PAGE, "The bridge fell on Monday.\n\nNobody had been warned, they say."))
    assert found == ["The bridge fell on Monday.", "had been warned, they say."]


def test_what_repeats_is_told_by_the_words_beside_it() -> None:
    said = "The pier was safe, and nobody had to leave it."
    found = terms(fragment(PAGE, said, "On Friday he told us this: ", " Then he left the room quickly."))
    assert found == [said], "what stands there once needs nothing beside it"
    again = fragment(PAGE, said, "On Friday he told us this: ", " Then he left the room.", repeats=True)
    assert terms(again) == ["he told us this:-", said, "-Then he left the"]
    beside = fragment(PAGE, said, f"{said} On Friday he said it once more: ", "")
    assert terms(beside) == ["said it once more:-", said]


def test_a_short_quotation_is_never_left_alone() -> None:
    assert terms(fragment(PAGE, "“safe”", "He called it ", ", and left.")) == [
        "He called it-", "“safe”", "-, and left.",
    ]  # fmt: skip


def test_the_library_knows_what_repeats_in_an_article() -> None:
    text = f"He began. {QUOTE}.\n\nShe went on.\n\nLater: {QUOTE}, he said.\n"
    held = article(text, "Post", "Pier")
    second = text.rindex(QUOTE)
    citation = Citation("k", held.id, "p", second, second + len(QUOTE), QUOTE)
    found = passage_link(PAGE, citation, around(held, citation))
    assert found and terms(found) == ["Later:-", QUOTE, "-, he said."]
    once = cite(held, "She went on.")
    assert not around(held, once).repeats


def test_a_script_without_spaces_is_cut_where_a_clause_ends() -> None:
    text = "港口的大桥在星期一倒塌，" * 40
    first, last = terms(fragment(PAGE, text))
    assert first.endswith("，") and last.endswith("，") and len(first) <= LONGEST


@pytest.mark.parametrize(
    "address",
    [
        None, "", "ftp://news.example/a", "javascript:alert(1)", "data:text/html,x", "//news.example", "file:///etc",
        "https://", "https:///a", "https://user:secret@news.example/", "https://news.example:port/",
        "https://news.example/a b", "https://news.example\\@evil.example/", "https://news.example/\x00", "http://[::1",
        " java\nscript:alert(1)", "https://news%2eexample/",
    ],
)  # fmt: skip
def test_nothing_but_an_address_of_the_web_becomes_a_link(address: str | None) -> None:
    assert link(address) is None
    assert passage_link(address, Citation("k", "s", "p", 0, 3, "abc"), None) is None


def test_a_link_holds_no_sign_that_ends_it() -> None:
    assert link('https://news.example/"><b>`x`(1)|') == "https://news.example/%22%3E%3Cb%3E%60x%60(1)%7C"
    assert link(" https://news.example/a%20b?q=1#x ") == "https://news.example/a%20b?q=1#x"
    assert link("https://news.example/мост") == "https://news.example/%D0%BC%D0%BE%D1%81%D1%82"


@given(some.text(max_size=400), some.text(max_size=60), some.text(max_size=60), some.booleans())
def test_any_words_give_one_directive_of_the_right_form(
    quote: str, before: str, after: str, repeats: bool
) -> None:
    found = fragment(PAGE, quote, before, after, repeats=repeats)
    if not quote.split():
        assert found == PAGE
        return
    assert re.fullmatch(
        re.escape(PAGE) + r"#:~:text=(?:[\w.~%]+-,)?[\w.~%]+(?:,[\w.~%]+)?(?:,-[\w.~%]+)?", found, re.ASCII
    )


def terms(address: str) -> list[str]:
    """The terms of the text directive, decoded."""
    return [unquote(part) for part in address.split(":~:text=")[1].split(",")]
