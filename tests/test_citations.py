"""Citations of a draft: found where they are, exact to the character, and never invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assistant.citations import Checked, check_draft, cite, find_quote, says_not_enough
from assistant.models import Article, Passage, Sentence
from assistant.prompts import NOT_ENOUGH
from assistant.quoting import quotations
from assistant.text import content_key

TEXT = (
    "Mayor Orlova said: “We can't open the bridge — not   now,” and\nleft. A second "
    "engineer spoke of 2.5 percent. The café is «ouvert ». The fee is $1,250 (about 5%)."
)
ALPHA = Article("a1", "The bridge", f"Headline\n\n{TEXT}", "The Post")
BETA = Article("b1", "Doubts", "Two engineers said that a cable was torn. Nobody denied it.")
ARTICLES = {article.id: article for article in (ALPHA, BETA)}


def passage(article: Article, start: int = 0) -> Passage:
    return Passage(f"{article.id}p", article.id, 0, start, len(article.text), article.text[start:])


A, B = passage(ALPHA, 10), passage(BETA)
KA, KB = (content_key(item.article, item.start, item.end) for item in (A, B))
SHOWN = {KA: A, KB: B}


def check(text: str) -> Checked:
    checked = check_draft(text, SHOWN, ARTICLES)
    for key, citation in checked.citations.items():
        article = ARTICLES[citation.source]
        assert article.text[citation.start : citation.end] == citation.quote
        assert key == citation.key == content_key(citation.source, citation.start, citation.end)
    for sentence in checked.sentences:
        assert set(sentence.citations) <= checked.citations.keys()
        assert sentence.why or sentence.check != "unsupported"
        assert not sentence.why or sentence.check != "proved"
        for quote in sentence.quotes:
            assert 0 <= quote.start < quote.end <= len(sentence.text)
            assert quote.accepted or sentence.check == "unsupported"
            assert quote.key is None or quote.key in sentence.citations
    return checked


def one(text: str) -> Sentence:
    (sentence,) = check(text).sentences
    return sentence


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_without_a_quotation_cites_the_passage() -> None:
    checked = check(f"The mayor keeps the bridge shut [{KA}].")
    assert checked.sentences == (Sentence("The mayor keeps the bridge shut.", (KA,), "unchecked"),)
    assert checked.citations[KA].quote == A.text and checked.citations[KA].status == "verbatim"
    assert not checked.notices


@pytest.mark.parametrize(
    "form",
    ["[{a}, {b}]", "[{a}][{b}]", "[{a}] [{b}]", "({a}) ({b})", "[ {A} ; {B} ]", "“{a}”, [“{b}”]",
     "[[{a}]] {b}", "[{a} and {b}]", "[source {a}] (see {b})", "【{a}】【{b}】", "**[{a}]** `{b}`",
     "<{a}> {{{b}}}", "[key: {a}, {b}]"],
)  # fmt: skip
@pytest.mark.parametrize("stop", ["The bridge is shut, both say {}.", "The bridge is shut, both say. {}"])
def test_keys_in_odd_forms(form: str, stop: str) -> None:
    marker = form.format(a=KA, b=KB, A=KA.upper(), B=KB.upper())
    sentence = one(stop.format(marker))
    assert sentence.citations == (KA, KB) and sentence.check == "unchecked"
    assert KA not in sentence.text.lower() and "[" not in sentence.text


def test_a_marker_after_the_stop_belongs_to_the_sentence_before() -> None:
    text = f"One thing is so. [{KA}] Another is not.[{KB}] A third [{KA}], and a fourth [{KB}]."
    assert [sentence.citations for sentence in check(text).sentences] == [(KA,), (KB,), (KA, KB)]
    assert check(text).sentences[2].text == "A third, and a fourth."


def test_a_marker_at_the_head_of_a_line_belongs_to_that_line() -> None:
    text = f"[{KA}] The Post has it shut.\n- [{KB}] Others saw a cable.\n\n* A last word\n[{KA}]"
    checked = check(text)
    assert [sentence.citations for sentence in checked.sentences] == [(KA,), (KB,), (KA,)]
    assert checked.sentences[1].text == "Others saw a cable."


@pytest.mark.parametrize("made_up", ["p0000000", "1", "p12", "source 2", "p1234567890ab", "a1b2c3"])
def test_an_unknown_key_is_shown_as_unsupported(made_up: str) -> None:
    checked = check(f"The bridge is shut [{KA}]. It is open [{made_up}]. It is new [{made_up}].")
    first, second, _ = checked.sentences
    assert first.check == "unchecked" and second.check == "unsupported" and not second.citations
    assert second.text == "It is open." and "which is no passage that was read" in second.why
    (notice,) = checked.notices
    assert notice.code == "unknown_citation" and "[" in notice.text
    assert made_up not in checked.citations


def test_a_known_key_beside_an_unknown_one_is_kept() -> None:
    sentence = one(f"The bridge is shut [{KA}, p0000000].")
    assert sentence.citations == (KA,) and sentence.check == "unsupported"


@pytest.mark.parametrize(
    "word", ["[sic]", "[the mayor]", "(2022)", "[2022]", "(about 5)", "(faced)", "[...]"]
)
def test_other_brackets_are_no_keys(word: str) -> None:
    checked = check(f"The bridge {word} is shut [{KA}].")
    assert word in checked.sentences[0].text and not checked.notices


def test_a_sentence_without_a_key_is_unsupported() -> None:
    assert one("The bridge is shut.").why == "no_citation: it cites nothing"


@pytest.mark.parametrize(
    "text",
    [NOT_ENOUGH, f"{NOT_ENOUGH}.", "Not enough evidence.", "The passages do not say who won.",
     "Silent: The Post and Doubts.", "None of the sources addresses this.",
     "The given sources don't mention it."],
)  # fmt: skip
def test_what_was_searched_needs_no_key(text: str) -> None:
    assert one(text).check == "unchecked"


@pytest.mark.parametrize(
    "text",
    ["The sources say the bridge fell.", "Silent: The Post, which lied.",
     "The passages do not say it, but the mayor lied.", "None lied.",
     "The sources do not mention “the secret treaty”."],
)  # fmt: skip
def test_a_claim_is_not_taken_for_what_was_searched(text: str) -> None:
    assert one(text).check == "unsupported"


def test_a_claim_behind_the_sentinel_is_checked() -> None:
    first, second = check(f"{NOT_ENOUGH}: the mayor lied.").sentences
    assert first.check == "unchecked" and second.check == "unsupported"
    assert says_not_enough(f"{NOT_ENOUGH}: the mayor lied.") and not says_not_enough("There is enough.")


# --- quotations -----------------------------------------------------------------------------------


def test_a_quotation_narrows_its_citation() -> None:
    checked = check(f"The Post says “A second engineer spoke of 2.5 percent” [{KA}].")
    (sentence,) = checked.sentences
    (citation,) = checked.citations.values()
    assert sentence.check == "proved" and sentence.citations == (citation.key,) != (KA,)
    assert citation.quote == "A second engineer spoke of 2.5 percent" and citation.status == "verbatim"
    assert citation.passage == A.id


def test_only_the_quoted_passage_is_narrowed() -> None:
    sentence = one(f"Asked about “a cable was torn”, the mayor kept silent [{KA}][{KB}].")
    assert sentence.citations[0] == KA and sentence.citations[1] != KB and sentence.check == "unchecked"


def test_naming_a_speaker_is_a_claim_of_its_own() -> None:
    sentence = one(f"Putin said: “A second engineer spoke of 2.5 percent” [{KA}].")
    assert sentence.check == "unsupported" and "quote_misattributed" in sentence.why


@pytest.mark.parametrize(
    "marks", ["“{}”", '"{}"', "«{}»", "« {} »", "„{}“", "»{}«", "‘{}’", "「{}」", "'{}'", "“{}"]
)
def test_an_invented_quotation_is_named(marks: str) -> None:
    quoted = marks.format("we shall be home by Christmas")
    sentence = one(f"The mayor said: {quoted} [{KA}]")
    assert sentence.check == "unsupported"
    assert "quote_not_found" in sentence.why and "we shall be home by Christmas" in sentence.why
    assert "we shall be home by Christmas" in sentence.text and not quotations(sentence.text)
    assert one(f"The Post writes: {marks.format('The fee is $1,250')} [{KA}]").check != "unsupported"


def test_a_quotation_of_another_source_is_misattributed() -> None:
    sentence = one(f"They spoke of “a cable was torn” [{KA}].")
    (quote,) = sentence.quotes
    assert quote.status == "misattributed" and "Doubts" in sentence.why
    assert check(f"They spoke of “a cable was torn” [{KA}].").citations[quote.key or ""].source == BETA.id


def test_apostrophes_are_no_quotations_and_single_words_are() -> None:
    assert not one(f"The workers' rights and a 6'2\" man don't matter to '90s dogs' owners [{KA}].").quotes
    (quote,) = one(f"It is the mayor's “plan” [{KA}].").quotes
    assert quote.status == "not_found"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He “said ‘no way’ to me” and “left”.", ["said ‘no way’ to me", "left"]),
        ("“a “b c” d” e", ["a “b c” d"]),
        ("Он «сказал „да“ им» да", ["сказал „да“ им"]),
        ("他说“你好”和「再见」了", ["你好", "再见"]),
        ('צה"ל said "a b"', ["a b"]),
        ("and left. ” Then", ["and left."]),
        ("”Ja visst” sa »hon där»", ["Ja visst", "hon där"]),
    ],
)
def test_quotation_marks(text: str, inside: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == inside


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("we can't open the bridge - not now", "We can't open the bridge — not   now"),
        ("We can’t open the bridge", "We can't open the bridge"),
        ("and left", "and\nleft"),
        ("the cafe\u0301 is “ouvert”", "The café is «ouvert »"),
        ("spoke of 2.5 percent.", "spoke of 2.5 percent."),
        ("A second engineer,", "A second engineer"),
        ("$1,250 (about 5%)", "$1,250 (about 5%)"),
        ("We can", None),
        ("spoke of 2", None),
        ("5 percent", None),
        ("250 (about 5%)", None),
        ("about 5", None),
        ("the cafe is", None),
        ("We can open the bridge", None),
        ("econd engineer", None),
        ("we can't open the bridge, not now", None),
        ("A Second engineer", None),
        ("  ", None),
        (".", None),
    ],
)
def test_what_counts_as_the_same_words(quote: str, found: str | None) -> None:
    span = find_quote(quote, TEXT)
    assert (span and TEXT[slice(*span)]) == found


def test_powers_and_fractions_are_not_digits() -> None:
    assert find_quote("rose by 102 units", "it rose by 10² units") is None
    assert find_quote("m2 of floor", "m² of floor") is None


def test_spacing_is_a_status_of_its_own() -> None:
    (citation,) = check(f"The Post says “we can’t open the bridge - not now” [{KA}].").citations.values()
    assert citation.status == "verbatim_spacing" and citation.quote == "We can't open the bridge — not   now"


WORD = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäéßжыї"), min_size=1, max_size=8)
WORDS = st.lists(WORD, min_size=4, max_size=60)


@st.composite
def quoted_span(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text of words with punctuation, and a span of at least three whole words of it."""
    words = draw(WORDS)
    gaps = [draw(st.sampled_from([" ", " ", " ", ", ", ". ", "\n\n", " — "])) for _ in words]
    first = draw(st.integers(0, len(words) - 3))
    last = draw(st.integers(first + 3, len(words)))
    start = sum(len(word) + len(gap) for word, gap in zip(words[:first], gaps, strict=False))
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    end = start + sum(len(w) + len(g) for w, g in zip(words[first:last], gaps[first:last], strict=True))
    return text, start, end - len(gaps[last - 1])


@given(quoted_span(), st.sampled_from(["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’"]))
def test_any_span_of_an_article_is_found_exactly(span: tuple[str, int, int], marks: str) -> None:
    text, start, end = span
    article = Article("x", "X", text)
    whole = Passage("xp", "x", 0, 0, len(text), text)
    key = content_key("x", 0, len(text))
    assert find_quote(text[start:end], text) is not None
    quoted = marks.format(" ".join(text[start:end].split()))
    checked = check_draft(f"It says {quoted} [{key}]", {key: whole}, {"x": article})
    assume(len(checked.sentences) == 1)  # a draft may be cut at a stop inside a quotation
    (citation,) = checked.citations.values()
    assert citation.quote == text[citation.start : citation.end]
    assert citation.quote.split() == text[start:end].split()
    # Made-up words may be "no" and "none", in front of the span.
    wrong = {reason.code for reason in checked.sentences[0].reasons} - {
        "quote_out_of_context",
        "damaged_text",
    }
    assert not wrong


@given(quoted_span(), st.data())
def test_a_quotation_that_lacks_a_word_is_not_found(span: tuple[str, int, int], data: st.DataObject) -> None:
    text, start, end = span
    words = text[start:end].split(" ")
    assume(len(words) > 2)
    at = data.draw(st.integers(1, len(words) - 2))
    assume(any(char.isalnum() for char in words[at]))
    dropped = " ".join(words[:at] + words[at + 1 :])
    flat = " ".join(text.lower().split())
    assume(" ".join(dropped.lower().split()).rstrip(".,") not in flat)
    assert find_quote(dropped, text) is None


@given(st.text())
@example('"' * 9 + "[p1234567" * 3)
@example("[p1234567")
@example("NOT ENOUGH EVIDENCE[1]" * 3)
@example("\ud800 “\x00 x y” [1]")
def test_no_text_breaks_the_checks(text: str) -> None:
    check(text)
    check(f"{text} [{KA}] {text}")


ODD = st.text(st.sampled_from("“”\"'‘’«»„[](){}<>p0a1 .,-—\n*"), max_size=200)


@settings(max_examples=200)
@given(ODD)
def test_no_marks_break_the_checks(text: str) -> None:
    check(text)
    for start, end in quotations(text):
        assert 0 <= start < end <= len(text)


@given(st.text(), st.text())
def test_a_found_quotation_lies_inside_the_text(quote: str, text: str) -> None:
    span = find_quote(quote, text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@pytest.mark.parametrize(
    "piece", ["“ ", " '", "[1] ", "p12 ", "‘a", "«", " ", "[a", "(p1234567 and ", f"{NOT_ENOUGH} "]
)
def test_hostile_repetition_costs_little(piece: str) -> None:
    began = time.process_time()
    check((piece * 5_000)[:15_000])
    find_quote(piece * 50, piece * 3_000)
    assert time.process_time() - began < 20  # hundredths of a second; n * n would take minutes


# --- the contract ---------------------------------------------------------------------------------


def test_cite_refuses_what_is_not_in_the_passage() -> None:
    citation = cite(ALPHA, A, A.start, A.start + 12)
    assert citation.quote == "Mayor Orlova" and citation.source == "a1" and citation.passage == A.id
    for start, end in [(0, 20), (A.start, A.start), (A.start, A.end + 1), (-5, 20)]:
        with pytest.raises(ValueError, match="lies outside"):
            cite(ALPHA, A, start, end)
    with pytest.raises(ValueError, match="not a passage"):
        cite(BETA, A, 10, 20)
    with pytest.raises(ValueError, match="as it is stored"):
        cite(ALPHA, Passage("x", "a1", 0, 0, 5, "other"), 0, 5)


def test_nothing_to_check() -> None:
    assert check("") == Checked((), {}, ())
