"""Numbers and dates of a sentence against what it cites: what differs is said, what agrees passes."""

from __future__ import annotations

import re
import time
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.figures import date_reasons, figures, masked, number_reasons, same_value
from assistant.text import sentences
from tests.conftest import CORPUS, SEEDS

SUNDAY = "2022-01-16"


def number(sentence: str, evidence: str) -> str:
    """What is said of the numbers, "" when nothing is."""
    reasons = number_reasons(sentence, evidence)
    assert all(reason.code in ("number_differs", "hedge_dropped") for reason in reasons)
    return "; ".join(reason.text for reason in reasons)


def day(sentence: str, evidence: str, published: str | None = None) -> str:
    reasons = date_reasons(sentence, evidence, published)
    assert all(reason.code == "date_differs" for reason in reasons)
    return "; ".join(reason.text for reason in reasons)


# --- numbers that differ --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "evidence", "said", "given"),
    [
        ("It won 87 percent of the vote.", "It won 85 percent of the vote.", "87 percent", "85 percent"),
        ("It cost $5 billion.", "It cost $5 million.", "$5 billion", "$5 million"),
        ("It cost 3.2 billion florins.", "It cost 3.2 million florins.", "3.2 billion", "3.2 million"),
        ("It cost $1.2bn.", "It cost $1.2 million.", "$1.2bn", "$1.2 million"),
        ("It rose by 5 percentage points.", "It rose by 5 percent.", "5 percentage points", "5 percent"),
        ("It cost 5 million euros.", "It cost $5 million.", "5 million euros", "$5 million"),
        ("It is 10 miles away.", "It is 10 km away.", "10 miles", "10 km"),
        ("The trip took 3 days.", "The trip took 3 hours.", "3 days", "3 hours"),
        ("It was 5 degrees.", "It was -5 degrees.", "5 degrees", "-5 degrees"),
        ("It was the third time.", "It was the second time.", "third", "second"),
        ("Hundreds of people came.", "Thousands of people came.", "Hundreds", "Thousands"),
        ("It opens at 6:45 p.m.", "It opens at 6:40 p.m.", "6:45 p.m", "6:40 p.m"),
        ("Thirteen ships wait.", "Twelve ships wait.", "Thirteen ships", "Twelve ships"),
        ("10 ships wait.", "10–20 ships wait.", "10 ships", "10–20"),
    ],
)
def test_another_value_magnitude_or_unit_is_named_with_what_the_passage_says(
    sentence: str, evidence: str, said: str, given: str
) -> None:
    assert number(sentence, evidence).startswith(f"it says {said}")
    assert f"where the passage says {given}" in number(sentence, evidence)


def test_a_number_that_is_nowhere_is_said_to_be_missing() -> None:
    assert number("40 ships wait.", "Ships wait.") == "it says 40 ships and the passage has no such number"


def test_sums_and_converted_units_are_not_in_the_passage() -> None:
    assert number("In all 30 vehicles burned.", "10 cars and 20 lorries burned.")
    assert number("The detour is 42 miles.", "The detour is 68 km.")


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("40 dead and 12 wounded.", "12 dead and 40 wounded."),
        ("40 people died and 12 were injured.", "12 people died and 40 were injured."),
        ("85 ships sank.", "85 people were hurt when 12 ships sank."),
    ],
)
def test_numbers_that_change_places_are_caught(sentence: str, evidence: str) -> None:
    assert number(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("85 vessels wait.", "85 idle ships wait."),
        ("12 people were killed and 40 hurt.", "12 died and 40 people were injured."),
        ("12 of the sailors died.", "12 sailors died."),
        ("The 85-year-old said so.", "John Smith, 85, said so."),
    ],
)
def test_another_word_for_what_is_counted_is_no_alarm(sentence: str, evidence: str) -> None:
    assert number(sentence, evidence) == ""


# --- hedges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["more than 8,000", "about 8,400", "nearly 8,500", "8,412", "at least 8,412"]
)
def test_a_number_may_be_said_less_exactly(said: str) -> None:
    assert number(f"It took {said} boxes.", "The port took 8,412 boxes.") == ""


@pytest.mark.parametrize(
    "said", ["8,400", "more than 8,412", "nearly 8,000", "about 8,000,000", "fewer than 8,000"]
)
def test_a_number_may_not_be_said_otherwise_or_more_roughly_without_a_hedge(said: str) -> None:
    assert number(f"It took {said} boxes.", "The port took 8,412 boxes.")


@pytest.mark.parametrize(
    "hedge", ["roughly", "about", "nearly", "more than", "up to", "at least", "fewer than"]
)
def test_a_dropped_hedge_is_shown_with_the_words_of_the_passage(hedge: str) -> None:
    evidence = f"It saw {hedge} 100,000 soldiers."
    for sentence in ("It saw 100,000 soldiers.", "It saw exactly 100,000 soldiers."):
        assert f"where the passage says “{hedge} 100,000”" in number(sentence, evidence)
    assert number(evidence, evidence) == ""


def test_a_dropped_about_is_a_doubt_and_an_invented_number_is_wrong() -> None:
    (doubt,) = number_reasons("It saw 100,000 soldiers.", "It saw about 100,000 soldiers.")
    (wrong,) = number_reasons("It saw 100,000 soldiers.", "It saw up to 100,000 soldiers.")
    assert doubt.code == "hedge_dropped" and wrong.code == "number_differs"


def test_a_stricter_or_opposite_hedge_differs_and_a_weaker_one_does_not() -> None:
    assert number("More than 12 died.", "At least 12 died.")
    assert number("Nearly 12 died.", "More than 12 died.")
    assert number("At least 12 died.", "More than 12 died.") == ""
    assert number("Up to 93 percent gain.", "Up to 90 percent gain.")


def test_about_after_a_verb_of_asking_is_no_hedge() -> None:
    assert number("She named 12 ships.", "He asked about 12 ships.") == ""


# --- one number in two notations ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("1000 ships", "1,000 ships"),
        ("one thousand ships", "1 000 ships"),
        ("a thousand ships", "1\u202f000 ships"),
        ("twelve ships", "12 ships"),
        ("24 ships", "two dozen ships"),
        ("twenty-one ships", "21 ships"),
        ("250,000 men", "two hundred and fifty thousand men"),
        ("1.2m people", "1,200,000 people"),
        ("2.5 million people", "two and a half million people"),
        ("500,000 people", "half a million people"),
        ("50 percent of voters", "half of the voters"),
        ("two-thirds of voters", "66 per cent of voters"),
        ("$1.5 billion", "1.5 billion dollars"),
        ("40 kilometres", "a 40-km road"),
        ("at 18:40", "at 6:40 p.m."),
        ("at noon", "at 12 p.m."),
        ("in the third quarter", "in Q3"),
        ("between 10 and 20 ships", "10–20 ships"),
        ("$5 to $7 billion", "$5-7 billion"),
        ("It won 2-1.", "They lost 1-2."),
        ("two men", "both men"),
        ("dozens of people", "45 people"),
        ("The economy shrank by 5 percent.", "Growth was -5 percent."),
        ("1,000 ships and 1.5 million euros", "1.000 Schiffe und 1,5 Millionen Euro sind nicht auf dem Meer"),
        ("12 ships and 85 percent", "двенадцать кораблей и 85 процентов, что не было на море"),
        ("21 ships", "vingt et un navires dans le port et pas en mer"),
        ("32 ships", "treinta y dos barcos en el puerto y no en el mar"),
        ("einundzwanzig Schiffe", "21 ships"),
    ],
)
def test_notation_is_no_difference(sentence: str, evidence: str) -> None:
    assert number(sentence, evidence) == ""


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 and the G7",
        "an F-16 flew",
        "no one came",
        "one of the men",
        "one day",
        "as said [1] and [2]",
        "a man",
    ],
)
def test_names_idioms_and_markers_are_no_quantities(text: str) -> None:
    assert number(text, "Nothing of the kind.") == ""


def test_a_slashed_name_must_be_there_too() -> None:
    assert number("since 9/13", "since 9/11")
    assert number("since 9/11", "since September 11, 2001") == ""
    assert number("a man in his 40s", "a man in his 50s")


@pytest.mark.parametrize(
    "evidence",
    ["le dodici navi della città che non sono nel porto di Genova", "港口有十二艘船", "12 سفينة في الميناء"],
)
def test_number_words_of_a_language_that_is_not_read_are_no_alarm(evidence: str) -> None:
    assert number("Twelve ships wait.", evidence) == ""


def test_digits_of_any_script_are_read() -> None:
    assert (
        number("85 ships", "٨٥ سفينة في الميناء") == number("1.2 million people", "120万人在港口等待") == ""
    )
    assert number("8,412 boxes", "港口有8413个箱子")


# --- reading --------------------------------------------------------------------------------------


def test_a_figure_says_value_unit_and_hedge() -> None:
    found = {
        item.shown: item for item in figures("About 8,412 boxes, $5 million in aid, 10–20 km, a 16-year-old.")
    }
    assert found["About 8,412"].bound == "about" and found["About 8,412"].low == 8412
    assert found["$5 million"].unit == "USD" and found["$5 million"].low == 5_000_000
    assert (found["10–20 km"].low, found["10–20 km"].high) == (Fraction(10), Fraction(20))
    assert found["16-year"].unit == "year"


@given(st.integers(0, 10**12), st.sampled_from([" people", " percent", "", " km"]))
def test_digits_are_read_with_and_without_groups(value: int, unit: str) -> None:
    assume(not 1000 <= value < 2100)  # a bare one of these is a year
    for text in (f"{value}{unit}", f"{value:,}{unit}", f"{value:,}{unit}".replace(",", "\u202f")):
        assert [item.low for item in figures(text)] == [Fraction(value)]


# --- for others -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"), [("12", "twelve"), ("1,000", "1000"), ("half", "50 percent"), ("Jan. 6", "6 January")]
)
def test_same_value_in_two_notations(a: str, b: str) -> None:
    assert same_value(a, b) and same_value(b, a)


@pytest.mark.parametrize(
    ("a", "b"), [("12", "13"), ("5 km", "5 miles"), ("third", "3"), ("ship", "ship"), ("2 May", "3 May")]
)
def test_other_values_and_words_are_not_the_same_value(a: str, b: str) -> None:
    assert not same_value(a, b)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("On Sunday 85 percent of twelve men $5 million 2014 – (".split(" "))).map(
        " ".join
    )
)
def test_masking_keeps_every_other_character_where_it_is(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert all(a in (b, " ") for a, b in zip(hidden, text, strict=True))


def test_masking_hides_numbers_with_units_and_dates() -> None:
    assert masked("On Sunday, 85 percent of 12 men paid.").split() == ["On", ",", "of", "men", "paid."]


# --- properties over real sentences ---------------------------------------------------------------

PARAGRAPHS = [
    paragraph
    for path in sorted(CORPUS.glob("*/*.md"))
    for paragraph in path.read_text("utf-8").split("---", 2)[2].split("\n")
    if paragraph.strip()
]
SENTENCES = [
    (paragraph[start:end], paragraph) for paragraph in PARAGRAPHS for start, end in sentences(paragraph)
]
COUNTED = [pair for pair in SENTENCES if re.search(r"\d", pair[0]) and not re.search(r"\d\.$", pair[0])]


def test_a_sentence_of_the_corpus_agrees_with_itself_and_its_paragraph() -> None:
    wrong = [
        (sentence, reasons)
        for sentence, paragraph in SENTENCES
        for evidence in (sentence, paragraph)
        if (reasons := number(sentence, evidence) + day(sentence, evidence, "2023-10-12"))
    ]
    assert len(SENTENCES) > 100 and not wrong


@pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed articles are not beside this checkout (../shared/seeds)"
)
def test_a_sentence_of_the_seeds_agrees_with_itself_and_its_article() -> None:
    for path in SEEDS.glob("*.txt"):
        text = path.read_text("utf-8")
        for start, end in sentences(text):
            for evidence in (text[start:end], text):
                assert not number(text[start:end], evidence) and not day(text[start:end], evidence, SUNDAY)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(COUNTED), st.data())
def test_any_changed_digit_is_caught(pair: tuple[str, str], data: st.DataObject) -> None:
    sentence, paragraph = pair
    place = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", sentence)]))
    digit = data.draw(st.sampled_from([char for char in "0123456789" if char != sentence[place]]))
    changed = sentence[:place] + digit + sentence[place + 1 :]
    token = next(m.group() for m in re.finditer(r"\d[\d.,:]*", changed) if m.start() <= place < m.end())
    plain = token.strip(".,:")
    assume(plain not in paragraph and not plain.startswith("0"))
    assume(not any(same_value(plain, paragraph[item.start : item.end]) for item in figures(paragraph)))
    assert number(changed, paragraph) or day(changed, paragraph, "2023-10-12")


@given(
    st.integers(1, 999),
    st.sampled_from(["million", "billion", "thousand"]),
    st.sampled_from(["million", "billion"]),
)
def test_another_magnitude_is_caught_and_the_same_one_never(value: int, one: str, other: str) -> None:
    evidence = f"The repair will cost {value} {one} florins, the ministry said."
    reasons = number(f"The ministry put the repair at {value} {other} florins.", evidence)
    assert bool(reasons) == (one != other)


@given(st.integers(0, 99_999))
def test_another_notation_of_the_same_number_never_alarms(value: int) -> None:
    evidence = f"The port took {value:,} boxes."
    for said in (f"{value}", f"{value:,}".replace(",", "\u00a0"), spelled(value)):
        sentence = f"It took {said} boxes."
        assert number(sentence, evidence) == day(sentence, evidence) == ""


def spelled(value: int) -> str:
    """An English numeral below a million."""
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen"
    ).split()
    tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value >= 1000:
        rest = value % 1000
        return f"{spelled(value // 1000)} thousand" + (f" {spelled(rest)}" if rest else "")
    if value >= 100:
        return f"{small[value // 100]} hundred" + (f" and {spelled(value % 100)}" if value % 100 else "")
    if value < 20:
        return small[value]
    return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")


# --- cost -----------------------------------------------------------------------------------------

HOSTILE = ["1-", "(1)", "1 and ", "half a ", "million ", "1/2 ", "1 May ", "Monday ", "about ", "-", "1"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_does_not_cost_more_than_its_length(piece: str) -> None:
    text = (piece * 60_000)[:60_000]
    started = time.process_time()
    number_reasons("12 ships on 5 May", text)
    date_reasons("12 ships on 5 May", text, SUNDAY)
    number_reasons(text, "12 ships on 5 May")
    date_reasons(text, "12 ships on 5 May", SUNDAY)
    assert time.process_time() - started < 20  # tenths of a second; n * n would take minutes


def test_a_usual_call_is_quick() -> None:
    evidence = PARAGRAPHS[:3]
    started = time.process_time()
    for sentence, _ in SENTENCES[:10]:
        for passage in evidence:
            number_reasons(sentence, passage)
            date_reasons(sentence, passage, "2023-10-12")
    assert (time.process_time() - started) / 30 < 0.02  # measured: .0003
