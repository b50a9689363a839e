"""The engine without a model: every quoted word is in a source, and nobody speaks in another's voice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.accounts import compare
from assistant.evidence import Asked
from assistant.extractive import Draft, compose
from assistant.library import Library
from assistant.models import Article, Filters, Passage
from assistant.splitting import split
from tests import asking
from tests.asking import asked

TEXT = (
    "The bridge is shut. “It stays shut until every pier has been examined, whatever it costs,” "
    "Torvane said. Divers go down on Thursday."
)


def article(
    text: str = TEXT, key: str = "a1", outlet: str | None = "The Post", title: str = "The bridge"
) -> Article:
    return asking.source(text, outlet, key=key, title=title)


def composed(items: Sequence[Asked], question: str = "What about it?") -> Draft:
    return compose(compare(items, question))


def checked(draft: Draft, *sources: Article) -> Draft:
    """The draft, after what holds for every one of them."""
    texts = {source.id: source.text for source in sources}
    used = {key for sentence in draft.summary for key in sentence.citations}
    for account in draft.accounts:
        used |= {key for voice in account.voices for key in voice.citations} | set(account.nearest)
    assert used <= draft.citations.keys()
    for key, citation in draft.citations.items():
        assert key == citation.key
        assert texts[citation.source][citation.start : citation.end] == citation.quote
    for sentence in draft.summary:
        assert sentence.check == "proved" and not sentence.why
        cited = [spaced(draft.citations[key].quote) for key in sentence.citations]
        if words := quoted(sentence.text):
            for part in [words] if any(words in quote for quote in cited) else BETWEEN.split(words):
                assert any(part in quote for quote in cited)
    assert [account.source for account in draft.accounts] == [source.id for source in sources]
    return draft


def spaced(text: str) -> str:
    return " ".join(text.split())


BETWEEN = re.compile("”[^“”]*“")  # from one quotation to the next


def quoted(text: str) -> str:
    """What a sentence of the engine quotes: all between its first and its last curly mark."""
    start, end = text.find("“"), text.rfind("”")
    return text[start + 1 : end] if 0 <= start < end else ""


def said(draft: Draft) -> str:
    return "\n".join(sentence.text for sentence in draft.summary)


# --- voices ---------------------------------------------------------------------------------------


def test_direct_speech_of_a_named_speaker_is_quoted_as_the_speakers() -> None:
    source = article()
    draft = checked(composed([asked(source, 0, 2.0)]), source)
    (line,) = draft.summary
    assert "Torvane" in line.text.split("“")[0] and "The Post" in line.text.split("“")[0]
    assert quoted(line.text) == "It stays shut until every pier has been examined, whatever it costs"
    (voice,) = draft.accounts[0].voices
    assert voice.speaker == "Torvane" and voice.citations == line.citations


def test_the_outlets_own_words_are_its_own() -> None:
    source = article()
    draft = checked(composed([asked(source, 2.0)]), source)
    assert quoted(draft.summary[0].text) == "The bridge is shut."
    assert "Torvane" not in draft.summary[0].text and "The Post" in draft.summary[0].text
    assert draft.accounts[0].voices[0].speaker is None


def test_a_sentence_of_which_little_is_speech_is_quoted_whole() -> None:
    source = article(
        "Torvane, who came late and left early, called the bridge “a patient” and went home again."
    )
    draft = checked(composed([asked(source, 2.0)]), source)
    assert quoted(draft.summary[0].text) == source.text


def test_marks_inside_a_quotation_stay() -> None:
    source = article('"Nobody told us," he said. He called it "a shame".')
    draft = checked(composed([asked(source, 2.0, 1.9)]), source)
    assert draft.summary[0].text.endswith(': "Nobody told us," he said.')  # and get no second pair


def test_two_voices_of_a_source_are_kept_apart() -> None:
    source = article(
        "“We had no knowledge of any movement at the pier before Monday,” said Cassian Drole. "
        "“The company was told of the movement in writing in the spring,” said Maud Ferrowin."
    )
    draft = checked(composed([asked(source, 2.0, 1.9)]), source)
    voices = {voice.speaker: voice.citations for voice in draft.accounts[0].voices}
    assert set(voices) == {"Cassian Drole", "Maud Ferrowin"}
    assert not set(voices["Cassian Drole"]) & set(voices["Maud Ferrowin"])


def test_one_person_is_one_voice() -> None:
    source = article(
        "Mayor Odo Pellimore said that the ferries would leave on Wednesday. "
        "“We have one bridge and we have just lost it, and that is that,” Pellimore said."
    )
    draft = checked(composed([asked(source, 2.0, 1.9)]), source)
    assert len(draft.accounts[0].voices) == 1


# --- silence --------------------------------------------------------------------------------------


def test_a_silent_source_is_named_and_shows_what_was_read() -> None:
    one, two = article(), article("Rhubarb is cut into pieces.", "a2", "The Kitchen")
    draft = checked(composed([asked(one, 2.0), asked(two)]), one, two)
    assert "The Kitchen" in draft.summary[-1].text and not draft.summary[-1].citations
    silent = draft.accounts[1]
    assert silent.stance == "silent" and not silent.voices
    assert [draft.citations[key].quote for key in silent.nearest] == [two.text]


def test_nothing_found_is_said_and_nothing_is_cited() -> None:
    one, two = article(), article("Rhubarb is cut into pieces.", "a2", "The Kitchen")
    draft = checked(composed([asked(one), asked(two)]), one, two)
    assert "not enough evidence" in said(draft).lower() and "2" in said(draft)
    assert not any(sentence.citations for sentence in draft.summary)
    assert all(account.stance == "silent" and account.nearest for account in draft.accounts)


def test_an_empty_library_is_no_crash() -> None:
    draft = composed([])
    assert "not enough evidence" in said(draft).lower() and not draft.citations


def test_one_outlet_is_not_called_both_speaking_and_silent() -> None:
    """Two articles of one outlet: the reader has to see which of them is silent."""
    one = Article("a1", "The bridge", TEXT, "The Post", "2023-03-21", language="en")
    two = Article("a2", "Rhubarb", "Rhubarb is cut into pieces.", "The Post", "2023-06-27", language="en")
    draft = checked(composed([asked(one, 2.0), asked(two)]), one, two)
    speaking, silent = draft.summary[0].text, draft.summary[-1].text
    assert "21" in speaking.split("“")[0] and "27" in silent and "21" not in silent


# --- many sources ---------------------------------------------------------------------------------


def many(count: int) -> list[Article]:
    """Reports that share their first sentence and nothing else: no copies of each other."""
    own = [" ".join(f"word{n}of{i}" for i in range(40)) for n in range(count)]
    return [
        article(f"The bridge is shut. {words.capitalize()}.", f"a{n}", f"Outlet {n}")
        for n, words in enumerate(own)
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
def test_every_source_that_speaks_is_named_and_cited(count: int) -> None:
    sources = many(count)
    draft = checked(composed([asked(source, 2.0) for source in sources]), *sources)
    cited = {draft.citations[key].source for sentence in draft.summary for key in sentence.citations}
    assert cited == {source.id for source in sources}
    for source in sources:
        assert str(source.outlet) in said(draft)
    assert "do not address" not in said(draft) and "does not address" not in said(draft)


@pytest.mark.parametrize("count", [4, 10])
def test_no_silent_source_is_forgotten(count: int) -> None:
    sources = many(count)
    draft = checked(composed([asked(sources[0], 2.0), *map(asked, sources[1:])]), *sources)
    assert str(count - 1) in draft.summary[-1].text or all(
        str(source.outlet) in draft.summary[-1].text for source in sources[1:]
    )


# --- odd sources ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "outlet"),
    [("A" * 300, None), ("“Quoted” title", None), ("x", "Der Quillbote"), ("<b>bold</b>", "<i>The Post</i>")],
)
def test_a_source_without_outlet_is_called_by_its_headline(title: str, outlet: str | None) -> None:
    source = article("The bridge is shut.", outlet=outlet, title=title)
    draft = composed([asked(source, 2.0)])
    assert all(sentence.citations for sentence in draft.summary)
    assert (outlet or title[:40]) in draft.summary[0].text
    assert len(draft.summary[0].text) < 200


def test_white_space_is_evened_out_for_reading_only() -> None:
    text = "The\u00a0\u00a0bridge \n is\tshut until every  pier has been looked at."
    source = article(text)
    draft = checked(composed([asked(source, 2.0)]), source)
    assert quoted(draft.summary[0].text) == spaced(text)
    assert next(iter(draft.citations.values())).quote == text


@pytest.mark.parametrize("inside", [",", " ,", ", ", "…", "."])
def test_a_quotation_without_words_is_no_crash(inside: str) -> None:
    source = article(f"“{inside * 45}” said Ann Lee.")
    draft = composed([asked(source, 2.0)])
    assert draft.summary[0].citations


PIECES = st.sampled_from(
    ["Torvane said", "the bridge is shut", "“", "”", '"', "‘", "’", "«", "»", ".", ",", "\n\n", "  ",
     "\u00a0", "14 people", "said Ann Lee", "he added", "—", "桥是安全的。", "Мост закрыт.", "…", "A",
     "\u202e", "[p1234567]"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(PIECES, min_size=1, max_size=25).map(" ".join), min_size=1, max_size=5),
    st.lists(st.floats(0.1, 4), min_size=1, max_size=6),
)
def test_every_citation_is_exact_whatever_the_articles(texts: list[str], scores: list[float]) -> None:
    sources = [article(text, f"a{n}", f"Outlet {n}") for n, text in enumerate(texts)]
    items: Sequence[Asked] = [asked(source, *scores[n % len(scores) :]) for n, source in enumerate(sources)]
    items = sorted(items, key=lambda item: not item.evidence)
    checked(composed(items), *[item.reading.article for item in items])


def test_the_example_library_agrees(example: Library) -> None:
    """The helper above makes what the library itself makes: passages that are spans of the text."""
    entry = example.entries()[0]
    source = example.article(entry.source.id)
    stored = example.catalogue.passages_of(source.id)
    assert stored == split(source) and isinstance(stored[0], Passage)
    assert example.scope(Filters())
