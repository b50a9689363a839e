"""The documents: provenance, what is not proved, what was rejected, corrections, several answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from assistant.collection import Collection
from assistant.export import Format, render
from assistant.saved import Overruling, Record
from tests.answers import ALTERED, ARTICLES
from tests.compared import CLAIM as CLAIMED
from tests.compared import OTHER, WEEKLY
from tests.pages import HOSTILE
from tests.recorded import (
    ADDED,
    ALTERED_KEY,
    CLAIM,
    COMPARISON,
    CONVERSATION,
    FAILED,
    FLAWED,
    JUDGED,
    OVERRULED,
    READER,
    STANCE,
    TIDINGS_URL,
)
from tests.test_export import Tags, markdown_it

DOCUMENTS: tuple[Format, ...] = ("md", "html")
TEXTS: tuple[Format, ...] = ("text", *DOCUMENTS)
PLAIN = replace(OVERRULED, overrulings=())
SAID = "The reader overruled this: Affirms instead of Mentions, because “the headline says so”"


def read(form: Format, item: Record | Collection) -> str:
    """The words of an export as a reader sees them."""
    written = render(item, form)
    if form == "text":
        return " ".join(written.split())
    if form == "md":
        written = markdown_it.MarkdownIt().enable("strikethrough").render(written)

    class Words(HTMLParser):
        found: list[str] = []  # noqa: RUF012

        def handle_data(self, data: str) -> None:
            self.found.append(data)

    body = re.sub(r"<(style|title)>.*?</\1>", "", written, flags=re.S)
    Words.found = []
    Words().feed(body)
    return " ".join("".join(Words.found).split())


def part(said: str, title: str, end: str) -> str:
    """What stands between two headings."""
    return said[said.index(title) + len(title) : said.rindex(end)]


# Provenance


@pytest.mark.parametrize("form", DOCUMENTS)
def test_each_citation_says_where_its_text_came_from(form: Format) -> None:
    said = read(form, PLAIN)
    citations = part(said, " Citations ", " Sources ")
    for source in FLAWED.sources:
        digest = PLAIN.provenance.sources[source].sha256
        assert f"sha256 {digest[:16]}…" in citations and digest in said
    assert citations.count("added 20 November 2026, 08:00 UTC") == len(FLAWED.cited)
    assert "asked 26 November 2026, 18:44 UTC" in said
    written = render(PLAIN, form)
    assert written.count("Open the passage on its page") == 3, "of the one source that has an address"
    assert f"{TIDINGS_URL.split('?')[0]}" in written and "#top:~:text=She%20she%20repeated" in written


def test_a_hash_is_that_of_the_text_as_it_is_stored() -> None:
    import hashlib

    for article in ARTICLES:
        assert hashlib.sha256(article.text.encode()).hexdigest() in render(PLAIN, "html")


@pytest.mark.parametrize("form", DOCUMENTS)
def test_what_was_read_and_rejected_is_listed_with_its_source(form: Format) -> None:
    said = part(read(form, CLAIM), "Read and not used", " Sources ")
    assert WEEKLY.strip() in said and "Gull & Anchor Weekly, 12 October 2023" in said and "sha256" in said


@pytest.mark.parametrize("form", DOCUMENTS)
def test_what_is_not_proved_is_listed_with_the_reason(form: Format) -> None:
    said = part(read(form, PLAIN), " Not proved ", " Citations ")
    assert said.count("Sentence ") == 4 and said.count("Quotation in sentence ") == 2
    assert "Sentence 5, unchecked: ‘It may be more.’ Why: no rule decides it" in said
    assert f"Quotation in sentence 2, altered: ‘{ALTERED}’" in said
    assert "Quotation in sentence 4, not in the source: ‘dark day’" in said
    assert "modality differs: the passage says “may have been”" in said
    assert "Not proved" not in read(form, CLAIM), "where everything is, there is no such section"


# A reader's corrections


@pytest.mark.parametrize("form", TEXTS)
def test_a_reader_who_overrules_is_named_at_the_place_and_once_more(form: Format) -> None:
    said = read(form, OVERRULED)
    assert said.count(f"{SAID} (by {READER}, 26 November 2026, 19:05 UTC)") == 2
    assert said.count("Supported instead of Unsupported, because “I saw the ledger”") == 2
    place = said.index(SAID)
    assert said.rindex("entions", 0, place) > 0, "the assistant's own word stands before it"
    listed = said[said.rindex("Overruled by the reader") :]
    assert "Stance of The Port Sabel Tidings, 10 October 2023." in listed
    assert "Sentence 4." in listed and "Quotation [2]." in listed


def test_nothing_that_the_assistant_found_is_changed_by_it() -> None:
    for form in TEXTS:
        with_it, without = read(form, OVERRULED), read(form, PLAIN)
        left = re.sub(r"The reader overruled this: .*?19:05 UTC\)", "", with_it)
        left = re.sub(r"A reader overruled the assistant in 3 places.*?reader”\.", "", left)
        left = re.sub(r"Overruled by the reader.*Quotation \[2\]\.", "", left)
        assert letters(left) == letters(without), "nothing else was added, and nothing left out"
    found, plain = (json.loads(render(item, "json")) for item in (OVERRULED, PLAIN))
    assert found.pop("overrulings") != plain.pop("overrulings") == []
    assert found == plain


def letters(said: str) -> str:
    return re.sub(r"[^\w“”‘’]", "", said)


def test_the_last_word_stands_at_the_place_and_every_word_in_the_list() -> None:
    second = replace(STANCE, given="denies", reason="on second thoughts")
    said = read("md", replace(OVERRULED, overrulings=(STANCE, second)))
    assert said.count("Affirms instead of Mentions") == 1
    assert said.count("Denies instead of Mentions, because “on second thoughts”") == 2
    assert "A reader overruled the assistant in 1 place." in said


def test_a_reader_who_gives_no_reason_and_no_name_invents_none() -> None:
    bare = Overruling("stance", ARTICLES[0].id, "mentions", "denies", " ", "", "")
    said = read("md", replace(OVERRULED, overrulings=(bare,)))
    assert "The reader overruled this: Denies instead of Mentions]" in said


# Several answers


def test_a_conversation_says_what_became_of_each_question() -> None:
    for form in TEXTS:
        said = read(form, CONVERSATION)
        assert "Conversation: 4 questions, 2 of them without an answer" in said
        for words in (FLAWED.question, FAILED.question, "And then?", CLAIMED):
            assert words in said
        assert "It failed before there was an answer. The model server did not answer." in said
        assert "none of it was checked: The mayor said that it" in said
        assert "It was interrupted before there was an answer." in said
        assert f"{READER}, 26 November 2026" in said


def test_the_contents_lead_to_each_answer_and_no_anchor_is_there_twice() -> None:
    for item in (CONVERSATION, COMPARISON):
        tags = Tags(render(item, "html")).found
        ids = [found["id"] for _, found in tags if "id" in found]
        assert len(ids) == len(set(ids))
        jumps = [found["href"] or "" for tag, found in tags if tag == "a"]
        jumps = [href for href in jumps if href.startswith("#")]
        assert {href[1:] for href in jumps} <= set(ids)
        for number in range(1, len(item.exchanges) + 1):
            assert f"#a{number}-top" in jumps
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))


def test_the_contents_of_a_comparison_say_who_stands_where() -> None:
    said = read("md", COMPARISON)
    contents = part(said, "Contents", f"1. {CLAIMED}")
    assert "Sources contradict each other" in contents and OTHER in contents
    assert "Denies: The Ellmar Courant, 10 October 2023." in contents
    assert "Silent: Gull & Anchor Weekly" in contents


def test_filters_are_told() -> None:
    filtered = replace(OVERRULED, answer=replace(FLAWED, filters=FAILED.filters))
    for form in DOCUMENTS:
        assert "asked only: Quayside Post since 1 October 2023" in read(form, filtered)
        assert "asked only: Quayside Post since 1 October 2023" in read(form, CONVERSATION)
    assert json.loads(render(filtered, "json"))["filters"]["since"] == "2023-10-01"


# JSON


def test_json_adds_to_the_contract_and_changes_none_of_it() -> None:
    found = json.loads(render(CLAIM, "json"))
    contract = json.loads(json.dumps(CLAIM.answer.as_json()))
    assert {name: found[name] for name in contract} == contract
    assert set(found) - set(contract) == {
        "asked", "filters", "provenance", "passages", "links", "overrulings", "unproved", "rejected",
    }  # fmt: skip
    assert all(each["added"] == ADDED and len(each["sha256"]) == 64 for each in found["provenance"].values())
    for key, around in found["passages"].items():
        citation = found["citations"][key]
        inside = around["text"][citation["start"] - around["start"] : citation["end"] - around["start"]]
        assert inside == citation["quote"]
    assert [each["quote"] for each in found["rejected"]] == [WEEKLY.strip()]
    assert found["rejected"][0]["outlet"] == "Gull & Anchor Weekly"
    assert all(address.startswith(TIDINGS_URL) for address in found["links"].values()) and found["links"]


def test_json_names_what_is_not_proved() -> None:
    found = json.loads(render(OVERRULED, "json"))
    assert [(each["kind"], each["sentence"], each["status"]) for each in found["unproved"]] == [
        ("sentence", 1, "unsupported"), ("quotation", 1, "altered"), ("sentence", 2, "unchecked"),
        ("sentence", 3, "unsupported"), ("quotation", 3, "not_found"), ("sentence", 4, "unchecked"),
    ]  # fmt: skip
    assert found["unproved"][1]["key"] == ALTERED_KEY and found["unproved"][1]["text"] == ALTERED
    assert found["overrulings"][0] == {
        "kind": "stance", "place": ARTICLES[0].id, "found": "mentions", "given": "affirms",
        "reason": "the headline says so", "by": READER, "at": JUDGED,
    }  # fmt: skip


def test_json_of_several_answers() -> None:
    found = json.loads(render(CONVERSATION, "json"))
    assert (found["schema"], found["kind"], found["name"]) == (1, "conversation", "The Lantern Bridge")
    states = [(each["state"], each["answer"] is not None) for each in found["exchanges"]]
    assert states == [("answered", True), ("failed", False), ("interrupted", False), ("answered", True)]
    assert found["exchanges"][1]["error"] == FAILED.error and found["exchanges"][1]["partial"]
    assert found["exchanges"][3]["answer"] == json.loads(render(CLAIM, "json"))
    assert json.loads(render(COMPARISON, "json"))["kind"] == "comparison"


# Hostile text


def test_words_of_a_reader_a_model_or_a_name_do_not_act() -> None:
    words = f"</h2><b>x</b> {HOSTILE}"
    overruling = Overruling("stance", ARTICLES[0].id, words, words, words, words, words)
    record = replace(
        OVERRULED,
        overrulings=(overruling, replace(overruling, kind="sentence", place=words)),
        provenance=replace(
            OVERRULED.provenance,
            sources={
                key: replace(held, author=words, file=words, added=words, sha256=words)
                for key, held in OVERRULED.provenance.sources.items()
            },
        ),
        asked=words,
    )
    failed = replace(FAILED, question=words, error=words, partial=words, asked=words)
    answered = replace(CONVERSATION.exchanges[0], record=record)
    item = Collection.conversation(words, [failed, answered])
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"])
    ours = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "em", "strong", "s", "code"}
    shown = Tags(reader.render(render(item, "md"))).found
    assert {tag for tag, _ in shown} <= ours | {"hr", "br", "a"}
    html = Tags(render(item, "html")).found
    ours |= set("html head meta title style body section small sup a del ins span".split())
    assert {tag for tag, _ in html} <= ours
    for tag, found in (*shown, *html):
        href = found.get("href") or "#"
        assert href.startswith(("#", TIDINGS_URL)), tag
        assert not [name for name in found if name.startswith("on")]
