"""Answers as text, Markdown, HTML and JSON: each says what is not proved, and nothing in them comes alive."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.answering import ask
from assistant.export import Format
from assistant.export import render as render_record
from assistant.library import Library
from assistant.markdown import Markdown
from assistant.models import Answer, Notice, Origin, Quote, Reason, Sentence
from assistant.saved import Record
from assistant.tally import tally
from tests.answers import ARTICLES, DARK, flawed
from tests.compared import MUST, SHOULD, WHY, differing
from tests.pages import HOSTILE

TEXTS: tuple[Format, ...] = ("text", "md", "html")
ANSWER = flawed(*ARTICLES)
SIGNS = [*"ab1./:_-@<>*[]()!$\\`#~|&^={}+\n ", "www.", "http://", "](", "&amp;", "<b>", "1. ", "- ", ":tada:"]
markdown_it = pytest.importorskip("markdown_it", reason="no Markdown reader is installed")


def render(answer: Answer, form: Format) -> str:
    """An answer of which nothing else is known, as the chat gives it."""
    return render_record(Record(answer, ""), form)


def read(form: Format, answer: Answer = ANSWER) -> str:
    """The words of an export as a reader sees them, without markup."""
    written = render(answer, form)
    if form == "text":
        return written
    if form == "md":
        written = markdown_it.MarkdownIt().enable("strikethrough").render(written)
    body = re.sub(r"<(style|title)>.*?</\1>", "", written, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


class Tags(HTMLParser):
    """Every tag of a document with its attributes, and the ids that it has."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("form", TEXTS)
def test_every_form_says_what_is_wrong(form: Format) -> None:
    said = read(form)
    assert said.count("Unsupported (") == 3
    assert "Unsupported (modality differs): the passage says “may have been”" in said
    assert "not checked: damaged text, a word is doubled" in said
    assert "not checked: no rule decides it" in said
    assert "2 of 6 sentences proved (2 unsupported, 2 unchecked)" in said
    assert "1 of 3 quotations proved" in said and "3 sources, 2 origins" in said
    assert "The Ellmar Courant, 10 October 2023; Quayside Post, 10 October 2023: same text" in said
    assert said.index("Damaged text: The answer rests on") < said.index("The Lantern Bridge closed on Monday")


@pytest.mark.parametrize("form", TEXTS)
def test_a_changed_quotation_stands_beside_the_words_of_the_source(form: Format) -> None:
    said = read(form).replace("left out in the answer: ", "").replace("added: ", "")
    assert "“The pier was safe" not in said, "what is not proved has no quotation marks"
    assert "The pier was safe, and we often said that it was" in said
    assert "altered" in said
    assert "the source has “The pier was not safe, and we never said that it was”" in said
    assert "dark day" in said and "not in the source" in said
    assert "“41 people may have been hurt”" in said, "what is proved keeps them"


def test_what_is_struck_is_told_from_the_rest_by_more_than_colour() -> None:
    written = render(ANSWER, "html")
    struck = re.findall(r"<del[^>]*>(.*?)</del>", written)
    assert [re.sub(r"<[^>]*>", "", item) for item in struck] == [
        "not proved: The pier was safe, and we added: often said that it was",
        "not proved: dark day",
    ]
    assert "~~dark day~~" in render(ANSWER, "md")
    assert re.findall(r"\*\*(\w+)\*\*", render(ANSWER, "md")) == ["often", "not", "never"]


def test_citations_are_listed_with_place_and_status() -> None:
    for form in ("md", "html"):
        said = read(form)
        for citation in ANSWER.citations.values():
            place = f"Characters {citation.start} to {citation.end} of {citation.source}"
            assert place in said and citation.quote in said[said.index(place) :]
        assert "The answer changes the words of this passage" in said
    ids = {found.get("id") for _, found in Tags(render(ANSWER, "html")).found}
    links = {found["href"] for tag, found in Tags(render(ANSWER, "html")).found if tag == "a"}
    assert links == {f"#c{number}" for number in range(1, 6)} and {link[1:] for link in links if link} <= ids
    assert len(ids - {None}) == 5 + len(ANSWER.sources), "each citation and each source can be led to"


def test_json_is_the_contract_with_checks_and_reasons() -> None:
    found = json.loads(render(ANSWER, "json"))
    contract = json.loads(json.dumps(ANSWER.as_json()))
    assert {name: found[name] for name in contract} == contract and list(found)[: len(contract)] == list(
        contract
    )
    assert found["summary"][3]["check"] == "unsupported"
    assert "modality_differs: the passage says “may have been”" in found["summary"][3]["why"]


def test_an_extractive_answer_needs_no_remarks(example: Library) -> None:
    answer = ask(example, "Are there Russian troops in Ukraine?")
    said = render(answer, "text")
    assert "not checked" not in said and "Unsupported" not in said
    line = tally(answer).line
    assert re.match(r"(\d+) of \1 sentences proved", line) and f"\n{line}\n" in said


# Counts


def test_counts_in_words() -> None:
    found = tally(ANSWER)
    assert (found.sentences_said, found.doubts_said) == (
        "2 of 6 sentences proved",
        "2 unsupported, 2 unchecked",
    )
    assert (
        found.quotations_said == "1 of 3 quotations proved" and found.origins_said == "3 sources, 2 origins"
    )
    one = replace(ANSWER, summary=ANSWER.summary[:1], origins=())
    assert tally(one).line == "1 of 1 sentence proved" and tally(replace(one, summary=())).line == ""


def test_a_copy_that_is_silent_confirms_nothing_and_is_not_counted() -> None:
    courant, post = ARTICLES[1].id, ARTICLES[2].id
    silent = tuple(
        replace(account, stance="silent", voices=()) if account.source == post else account
        for account in ANSWER.accounts
    )
    answer = replace(ANSWER, accounts=silent, origins=(Origin("o", (courant, post), "same text"),))
    assert tally(answer).origins_said == "" and tally(answer).sources == 2


# Hostile text


def hostile(text: str, title: str | None = None) -> Answer:
    """An answer with `text` in every place that holds words of a model or of a source."""
    quotes = (Quote(0, len(text), "altered", next(iter(ANSWER.citations)), ANSWER.summary[1].quotes[0].diff),)
    keys, reasons = ANSWER.summary[0].citations, (Reason("markup", text),)
    summary = Sentence(text, keys, "proved"), Sentence(text, keys, "unsupported", reasons, quotes)
    sources = {
        key: replace(source, outlet=text, title=title or text, url=text)
        for key, source in ANSWER.sources.items()
    }
    citations = {key: replace(each, quote=text) for key, each in ANSWER.citations.items()}
    notices = (Notice("n", text), Notice("planted_instruction", text, ARTICLES[0].id))
    accounts = tuple(
        replace(account, voices=tuple(replace(voice, speaker=text) for voice in account.voices))
        for account in ANSWER.accounts
    )
    origins = tuple(replace(origin, why=text) for origin in ANSWER.origins)
    return replace(
        ANSWER, question=text, summary=summary, sources=sources, citations=citations, notices=notices,
        accounts=accounts, origins=origins,
    )  # fmt: skip


OURS = {"p", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "em", "strong", "s", "code"}


@pytest.mark.parametrize(
    "text", [HOSTILE, HOSTILE.replace(" ", "\n"), "[1]: http://127.0.0.1:9/leak\n\n    code"]
)
def test_no_markdown_reader_finds_markup_in_text(text: str) -> None:
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"])
    tags = Tags(reader.render(render(hostile(text), "md"))).found
    assert {tag for tag, _ in tags} <= OURS, "no link, image or tag"
    assert all(not found for _, found in tags)


@given(some.lists(some.sampled_from(SIGNS) | some.characters(exclude_categories=["Cs"])).map("".join))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"])
    shown = reader.render(Markdown().paragraph(Markdown().text(f"{text}.")))
    assert {tag for tag, _ in Tags(shown).found} <= {"p"}
    flat = " ".join(re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", f"{text}.").split())
    got = " ".join(html.unescape(re.sub(r"<[^>]*>", "", shown)).split())
    assert got.replace("\u2060", "") == flat.replace("\u2060", "")
    assert not re.search(r"https?://|www\.|@\w|:\w+:", got, re.I), "nothing that a reader links by itself"


@given(some.text(max_size=60), some.text(max_size=60))
def test_html_holds_our_tags_only(text: str, title: str) -> None:
    written = render(hostile(f"{text}<script>x</script>{HOSTILE} .", f"{title}</title><img src=x>."), "html")
    tags = Tags(written).found
    ours = OURS | set("html head meta title style body small sup a del ins span".split())
    assert {tag for tag, _ in tags} <= ours
    for tag, found in tags:
        assert set(found) <= {
            "style",
            "dir",
            "id",
            "href",
            "lang",
            "charset",
            "http-equiv",
            "content",
            "name",
            "class",
            "rel",
        }
        assert re.match(r"#[cs]\d+$|https://safe\.example/", found.get("href") or "#c1"), tag
    assert "default-src 'none'" in written


def addressed(url: str) -> Answer:
    return replace(ANSWER, sources={key: replace(each, url=url) for key, each in ANSWER.sources.items()})


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT://x.example/%0aalert(1)", "data:text/html,<script>x</script>",
        "file:///etc/passwd", "//x.example/a`b", "https://user:secret@x.example/", "https://x.example/a\nb",
        " java\tscript:alert(1)", "vbscript:x",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_web_are_to_be_copied_and_not_followed(url: str) -> None:
    links = [found for tag, found in Tags(render(addressed(url), "html")).found if tag == "a"]
    assert links and all((found["href"] or "").startswith("#") for found in links)
    shown = markdown_it.MarkdownIt("commonmark").render(render(addressed(url), "md"))
    assert {tag for tag, _ in Tags(shown).found} <= OURS
    assert " ".join(url.split()) in html.unescape(shown), "it is shown as it is"


@pytest.mark.parametrize(
    "url",
    [
        "https://safe.example/a`b)>](x)", 'https://safe.example/"onmouseover="alert(1)', "https://safe.example/<b>",
        "https://safe.example/?a=1&lt;b&#60;c&copy;=2", "https://safe.example/a*b_c~~d|e[f](g)!",
    ],
)  # fmt: skip
def test_an_address_of_the_web_becomes_one_link_whatever_it_holds(url: str) -> None:
    written = Tags(render(addressed(url), "html")).found
    shown = Tags(markdown_it.MarkdownIt("commonmark").render(render(addressed(url), "md"))).found
    for tags in (written, shown):
        hrefs = [found["href"] or "" for tag, found in tags if tag == "a"]
        pages = {unquote(href).split(":~:")[0].rstrip("#") for href in hrefs if href.startswith("http")}
        assert pages == {url}, "the same address in both forms, and no other"
        assert all(set(found) <= {"href", "rel"} for tag, found in tags if tag == "a")
    assert {tag for tag, _ in shown} <= OURS | {"a", "br"}


def test_a_sentence_with_a_quotation_at_each_place_loses_no_word() -> None:
    quotes = tuple(Quote(start, start + 4, "not_found") for start in (7, 0, len(DARK) - 4))
    answer = replace(ANSWER, summary=(Sentence(DARK, (), "unsupported", (), quotes),))
    written = re.search(r"## Answer\n\n(.*)\n", render(answer, "md"))
    assert written
    kept = re.sub(r" \\\[not proved: [^]]*\\\]|~~", "", written[1])
    assert kept == DARK


# Accounts that differ


@pytest.mark.parametrize("form", TEXTS)
def test_every_form_shows_disagreements_and_renderings_with_both_sides(form: Format) -> None:
    said = " ".join(read(form, differing()).split())
    about = said.index("How many people were injured")
    for words in ("14 people were injured", "41 people were injured", "Rule: numbers differ"):
        assert said.find(words, about) > about, words
    words_of = said.index("Words of Ada Torvane in 2 renderings")
    for words in (MUST, SHOULD, "Certainty or obligation: “must” against “should”"):
        assert said.find(words, words_of) > words_of, words
    assert "Word that judges: “shut” only in The Port Sabel Tidings, 10 October 2023" in said
    assert "Conflicting: the loaded sources" in said and "Rule: own voices differ" in said
    assert "5 sources, 4 origins" in said and WHY in said
    assert "the operator, denies" in said, "a voice that is not where its source stands"
    assert said.index("counts 14 injured") < about, "the answer comes first"


def test_both_sides_have_numbers_that_lead_to_their_citations() -> None:
    written = render(differing(), "html")
    ids = {found.get("id") for _, found in Tags(written).found}
    links = {found["href"][1:] for tag, found in Tags(written).found if tag == "a" and found["href"]}
    assert len(links) == 8 and links <= ids


def test_an_answer_without_differences_has_no_such_headings() -> None:
    answer = replace(differing(), disagreements=(), utterances=(), finding=None, rule="")
    for form in TEXTS:
        said = read(form, answer)
        assert "Disagreements" not in said and "renderings" not in said and "Rule:" not in said
