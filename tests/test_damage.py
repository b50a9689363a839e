"""Text that looks damaged is marked, and good text is not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.damage import damage_in, damaged, notice
from assistant.library import Library

FILLER = "The council said on Monday that the bridge was closed for repairs and would open in the spring."


def kinds(text: str, language: str | None = None) -> list[str]:
    return [mark.kind for mark in damaged(f"{FILLER}\n\n{text}\n\n{FILLER}", language)]


@pytest.mark.parametrize(
    ("text", "kind", "odd"),
    [
        ("The port served as as a pretext.", "doubled_word", "as as"),
        ("He went to the\xa0the harbour.", "doubled_word", "the\xa0the"),
        ("The rules that that the board made failed.", "doubled_word", "that that"),
        ("The alliance indicated that d did give promises.", "stray_letter", "d"),
        ("The alliance indicated that\xa0d\xa0did give promises.", "stray_letter", "d"),
        ("The board said t he pier would close.", "stray_letter", "t"),
        ("The               They were discussed at the talks.", "headless", "The               They"),
        ("of votes, the party will win enough states.", "headless", "of"),
        ("The pier and the    port were closed.", "spaces", "    "),
        ("The mayor called it “a shame and left the room.", "unbalanced_quote", "“a"),
        ("In an interview with the Echo\" the mayor denied it.", "unbalanced_quote", 'Echo"'),
        ("The mayor don\ufffdt deny it.", "replacement", "\ufffd"),
        ("The mayorâ€™s car was there.", "replacement", "â€™"),
        ("The cafÃ© was shut.", "replacement", "Ã©"),
    ],
)  # fmt: skip
def test_a_damaged_place_is_marked_where_it_is(text: str, kind: str, odd: str) -> None:
    whole = f"{FILLER}\n\n{text}\n\n{FILLER}"
    marks = damaged(whole)
    assert [(mark.kind, whole[mark.start : mark.end]) for mark in marks] == [(kind, odd)]


@pytest.mark.parametrize(
    "text",
    [
        "He had had enough, and it was clear that that mistake was a very, very old one. No, no, she said.",
        "New York New York is a hotel. The the-then-unknown song by The The was so so good.",
        "Vitamin D and Plan B were discussed; hepatitis c cases rose, and the f word was used.",
        "J. R. Smith, Dr. A. B. Jones and I saw a ship. Options a, b and c were open. Section d says so.",
        "It was rock 'n' roll at 5 p.m. on the U.S. coast, e.g. in Maine.",
        'The pier is 6\' 2" wide, and the board is 12" long.',
        'He said, "it - there was a guarantee," and "when we - when we couldn\'t tolerate it".',
        "He called it “a ‘great’ day” and 'a day in the '90s' at the mayors' office.",
        "The mayor said so.  The council agreed.  Nobody asked.",
        "iPhone sales fell again in the third quarter, the company said on Friday.",
        "C'était le plan B, dit-il à la mairie, et il y a eu un accord avec le port et les élus.",
        "Ortega y Gasset o Unamuno: nadie lo sabe, pero el libro es de los dos y no de uno.",
        "Он сказал, что и в порту, и у моста, и с берега к ним шли люди, а я стоял о том же.",
        "Der Mann, der der Frau half, und die, die die Brücke bauten, waren von der Stadt mit dabei.",
        "“To the CAFÉ”, „Spaß“, “grünen Ä” and AÇÃO, Â and à… are letters that stand beside marks.",
        "市长星期一说，这座桥已经关闭。",
        "",
    ],
)
def test_good_text_has_no_mark(text: str) -> None:
    assert kinds(text) == []
    assert damaged(text) == ()


def test_a_quotation_of_several_paragraphs_is_as_it_should_be() -> None:
    assert kinds("He said: “We came in the night.\n\n“Nobody saw us.\n\n“Then we left.” That was all.") == []
    assert kinds('He said: "We came in the night.\n\nNobody saw us.\n\nThen we left."') == []
    assert kinds("He said: “We came in the night.\n\nAdvertisement\n\n“Then we left.”") == []


def test_a_transcript_in_lower_case_is_a_style() -> None:
    lines = "\n\n".join("speaker one and then the other said that it was so." for _ in range(6))
    assert kinds(lines) == []


@pytest.mark.parametrize(
    ("language", "text", "odd"),
    [
        ("de", "Der Hafen ist seit Montag von von der Stadt geschlossen und wird nicht geöffnet.", "von von"),
        ("fr", "Le port est fermé par la mairie dans dans le nord et les élus sont partis.", "dans dans"),
        ("es", "El puerto está cerrado por por la alcaldía desde el lunes y los barcos esperan.", "por por"),
        ("ru", "Порт закрыт из-за аварии на на мосту, но его откроют после ремонта.", "на на"),
        ("uk", "Порт зачинено через аварію на на мосту, але його відкриють після ремонту.", "на на"),
    ],
)
def test_other_languages_have_their_own_function_words(language: str, text: str, odd: str) -> None:
    for told in (language, None):
        assert [text[mark.start : mark.end] for mark in damaged(text, told)] == [odd]


def test_a_language_that_is_not_judged_gives_nothing_by_words() -> None:
    assert damaged("The port was closed as as a pretext, and d did it.", "nl") == ()
    dutch = "De burgemeester zei dat het een een goed plan was, en dat t het van de stad niet doorging."
    bulgarian = "Мостът е затворен и е опасен, а кметът се кара в града, че са в в него."
    assert damaged(dutch) == damaged(bulgarian) == ()


def test_marks_are_found_by_the_sentence_that_a_span_is_in() -> None:
    text = f"{FILLER} They said that d did give promises to the mayor. {FILLER}"
    promises, spring = text.index("promises"), text.index("spring")
    assert [mark.kind for mark in damage_in(text, promises, promises + 8)] == ["stray_letter"]
    assert damage_in(text, spring, spring + 6) == ()
    assert [mark.kind for mark in damage_in(text, 0, len(text))] == ["stray_letter"]


def test_the_notice_names_the_worst_three_places() -> None:
    text = (
        f"{FILLER}\n\nThe port was “shut on Monday.\n\nIt was shut as as a pretext.\n\n"
        "They said that d did give promises.\n\nThe mayor\ufffds car was there and the    port was shut."
    )
    found = notice(text)
    assert found is not None
    assert found.code == "damaged_text"
    assert found.text.startswith("5 places look damaged: ")
    assert found.text.count("“…") == 3
    assert found.text.index("that d did") < found.text.index("as as a pretext")
    assert "\n" not in found.text
    assert notice(FILLER) is None
    assert notice(text, skip=[(0, len(text))]) is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ad A.\n\xa0 \"“”«»'ÃÂ\ufffdté", max_size=80), st.data())
def test_marks_lie_in_the_text_in_order(text: str, data: st.DataObject) -> None:
    marks = damaged(text)
    assert all(0 <= mark.start < mark.end <= len(text) and mark.text for mark in marks)
    assert all(a.end <= b.start for a, b in pairwise(marks))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert set(damage_in(text, start, end)) <= set(marks)
    found = notice(text)
    assert (found is not None) == bool(marks)
    assert found is None or "\n" not in found.text


@pytest.mark.parametrize(
    "unit",
    ["a ", "the the ", "“", "« ", "\n“a", "“a.\n", "d ", "of      ", "\t", "\n\na ", ".)))", "â€", "РІ"],
)
def test_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    text = (unit * 200_000)[:200_000]
    began = time.process_time()
    damaged.__wrapped__(text)
    assert time.process_time() - began < 20  # 0.1 to 1 s; n * n would take minutes


def test_the_seed_articles_are_marked_where_they_are_broken(seeds: Library) -> None:
    texts = [seeds.article(entry.source.id).text for entry in seeds.entries()]
    (broken,) = [text for text in texts if "NATO indicated that" in text]
    (clean,) = [text for text in texts if text != broken]
    at = broken.index("NATO indicated that")
    assert [mark.kind for mark in damage_in(broken, at, at + 40)] == ["stray_letter"]
    assert {"headless", "doubled_word", "stray_letter"} <= {mark.kind for mark in damaged(broken)}
    assert damaged(clean) == ()
