"""Sentences of an answer against what they cite: what is wrong is named, what is right is left alone."""

from __future__ import annotations

import pytest

from assistant.citations import check_draft
from assistant.models import Article, Passage, Sentence
from assistant.text import content_key

# Fiction: the town, the people and the outlets are invented.
TIDINGS = Article(
    "t1",
    "Brackwater ferry stays in port",
    (
        "Harbour Minister Ilse Torvane said on Sunday that the ferry may return to Brackwater in March. "
        "“There was a promise by the operator, not fixed in any contract,” Torvane told reporters.\n\n"
        "The operator, Calder Lines, rejected the claim. “We never promised a date,” said its director, Odo "
        "Pell. He added that 85 percent of the 1.2 million tickets had been repaid.\n\n"
        "Roughly 300 passengers have been waiting in Brackwater since 12 March 2023. The minister denied "
        "that the port had refused to let the ferry in."
    ),
    "The Brackwater Tidings",
    "2023-03-20",
    language="en",
)
COURANT = Article(
    "c1",
    "No ferry before spring",
    "The Courant has seen a letter in which the port asks for two million crowns. Nobody has paid so far.",
    "The Courant",
    "2023-03-21",
    language="en",
)
ARTICLES = {article.id: article for article in (TIDINGS, COURANT)}


def passages(article: Article) -> list[Passage]:
    found, start = [], 0
    for number, part in enumerate(article.text.split("\n\n")):
        found.append(Passage(f"{article.id}-{number}", article.id, number, start, start + len(part), part))
        start += len(part) + 2
    return found


SHOWN = {
    content_key(item.article, item.start, item.end): item
    for article in ARTICLES.values()
    for item in passages(article)
}
MINISTER, OPERATOR, WAITING, LETTER = SHOWN


def one(text: str, *keys: str) -> Sentence:
    (sentence,) = check_draft(f"{text} [{', '.join(keys)}].", SHOWN, ARTICLES).sentences
    return sentence


def codes(sentence: Sentence) -> set[str]:
    return {reason.code for reason in sentence.reasons}


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("The ferry will return to Brackwater in March, Torvane said", MINISTER, "modality_differs"),
        ("The ferry may return to Brackwater in March", MINISTER, "attribution_dropped"),
        (
            "The Brackwater Tidings reports that the ferry may return in March",
            MINISTER,
            "attribution_dropped",
        ),
        ("Odo Pell said that the ferry may return to Brackwater in March", MINISTER, "speaker_differs"),
        ("Torvane said that the ferry may return to Brackwater in April", MINISTER, "date_differs"),
        ("Torvane said that the ferry may return to Ellmar in March", MINISTER, "name_not_in_passage"),
        ("The director said that 87 percent of the tickets had been repaid", OPERATOR, "number_differs"),
        ("Pell said that 85 percent of the 1.2 billion tickets had been repaid", OPERATOR, "number_differs"),
        ("Pell said that 85 percentage points of the tickets had been repaid", OPERATOR, "number_differs"),
        ("Pell said “we promised a date”", OPERATOR, "quote_altered"),
        ("Pell said that they had “promised a date”", OPERATOR, "quote_out_of_context"),
        ("Torvane said “We never promised a date”", OPERATOR, "quote_misattributed"),
        ("Calder Lines confirmed the claim", OPERATOR, "negation_differs"),
        ("The port had refused to let the ferry in, the minister said", WAITING, "negation_differs"),
        ("Roughly 3,000 passengers have been waiting in Brackwater", WAITING, "number_differs"),
        ("300 passengers have been waiting since 12 May 2023", WAITING, "date_differs"),
        ("Nobody has paid the two million crowns so far", WAITING, "not_in_passage"),
        ("The mayor of the town resigned over a scandal with stolen paintings", LETTER, "not_in_passage"),
        ("The letter asks for two million crowns ![](http://127.0.0.1/x.png?q=1)", LETTER, "markup"),
        ("See <img src=x onerror=alert(1)> the port asks for two million crowns", LETTER, "markup"),
    ],
)
def test_what_the_passage_does_not_say_is_named(text: str, key: str, code: str) -> None:
    sentence = one(text, key)
    assert sentence.check == "unsupported"
    assert code in codes(sentence), sentence.why


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Torvane said that the ferry may return to Brackwater in March", MINISTER),
        ("According to the harbour minister, there was “a promise by the operator”", MINISTER),
        ("The minister said on 19 March 2023 that the ferry may come back in March", MINISTER),
        ("Calder Lines rejected the claim", OPERATOR),
        ("Its director said: “We never promised a date”", OPERATOR),
        ("The operator's director, Odo Pell, said that most tickets had been repaid", OPERATOR),
        ("About 300 passengers wait in Brackwater", WAITING),
        ("Some three hundred passengers have been waiting in Brackwater since 12 March 2023", WAITING),
        ("The minister denied that the port had refused to let the ferry in", WAITING),
        ("The Courant has seen a letter in which the port asks for two million crowns", LETTER),
        ("Der Hafen verlangt laut einem Brief zwei Millionen Kronen", LETTER),
    ],
)
def test_a_fair_sentence_is_left_alone(text: str, key: str) -> None:
    sentence = one(text, key)
    assert sentence.check != "unsupported", sentence.why


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Torvane said there was “a promise by the operator”", MINISTER),
        ("Pell said: “We never promised a date”", OPERATOR),
        ("Roughly 300 passengers have been waiting in Brackwater since 12 March 2023", WAITING),
        ("The minister denied that the port had refused to let the ferry in", WAITING),
        ("The Courant says that nobody has paid so far", LETTER),
    ],
)
def test_what_only_repeats_its_passage_is_proved(text: str, key: str) -> None:
    assert one(text, key).check == "proved"


def test_a_fair_paraphrase_is_not_called_proved() -> None:
    assert one("The harbour minister hopes for the boat's comeback within weeks", MINISTER).check != "proved"


def test_the_other_source_does_not_help() -> None:
    sentence = one("The port asks for two million crowns", WAITING)
    assert sentence.check == "unsupported"
    assert one("The port asks for two million crowns", WAITING, LETTER).check != "unsupported"


def test_a_refused_quotation_loses_its_marks_and_keeps_its_words_and_diff() -> None:
    sentence = one("Pell said “we ever promised a date” and laughed", OPERATOR)
    (quote,) = sentence.quotes
    assert sentence.text[quote.start : quote.end] == "we ever promised a date" and "“" not in sentence.text
    assert [(change.op, change.text.lower()) for change in quote.diff] == [
        ("same", "we"), ("dropped", "never"), ("added", "ever"), ("same", "promised a date"),
    ]  # fmt: skip


def test_a_quotation_in_a_passage_that_was_not_cited_is_cited_there() -> None:
    checked = check_draft(f"Pell said “We never promised a date” [{WAITING}].", SHOWN, ARTICLES)
    (sentence,) = checked.sentences
    (quote,) = sentence.quotes
    assert quote.accepted and checked.citations[quote.key or ""].passage == SHOWN[OPERATOR].id


def test_a_pronoun_is_the_speaker_of_the_sentence_before() -> None:
    text = f"Torvane blamed them [{MINISTER}]. She said there was “a promise by the operator” [{MINISTER}]."
    assert check_draft(text, SHOWN, ARTICLES).sentences[1].check != "unsupported"
    text = (
        f"Odo Pell blamed the port [{OPERATOR}]. He said there was “a promise by the operator” [{MINISTER}]."
    )
    assert check_draft(text, SHOWN, ARTICLES).sentences[1].check == "unsupported"


DAMAGED = Article(
    "d1", "Ferry", "The port indicated that d did give promises to the operator in May.", "Ferry Post",
    language="en",
)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["The port indicated that it did give promises to the operator in May", "“did give promises”"]
)
def test_damaged_text_proves_nothing(text: str) -> None:
    (whole,) = passages(DAMAGED)
    key = content_key("d1", whole.start, whole.end)
    (sentence,) = check_draft(f"{text} [{key}].", {key: whole}, {"d1": DAMAGED}).sentences
    assert sentence.check != "proved" and "damaged_text" in codes(sentence)
