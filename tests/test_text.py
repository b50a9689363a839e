"""Text: what is stored can be stored, offsets are exact in every script, and words meet their other forms."""

from __future__ import annotations

import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.text import (
    clean,
    content_key,
    content_words,
    digest,
    fold,
    is_in,
    romanised,
    script,
    sentences,
    stem,
    trim,
    words,
)

# Everything that can stand in a Python string, lone surrogates included.
ANY = st.text(st.characters(exclude_categories=()), max_size=200)
PIECES = st.sampled_from(
    "Word|said|“|”|\"|'|(|)|«|»|. |! |? |… |。|？|\n|\n\n|\r|\r\n|\u2028|\x0b|\x1c|\x85|\u00a0|\u3000|😀"
    "|\u200b|𝔘nicode|e\u0301|Mr. |U.S. |No. 5 |3.5|1. |- |中文|Київ|مرحبا؟ |\ufeff| |  |\t".split("|")
)
PROSE = st.lists(PIECES, max_size=60).map("".join)

QUESTIONS = {
    "en": "Did the alliance promise not to expand eastwards?",
    "de": "Hat das Bündnis versprochen, sich nicht nach Osten auszudehnen?",
    "es": "¿Prometió la alianza no expandirse hacia el este?",
    "fr": "L'alliance a-t-elle promis de ne pas s'étendre vers l'est ?",
    "ru": "Обещал ли альянс не расширяться на восток?",
    "uk": "Чи обіцяв альянс не розширюватися на схід?",
    "zh": "北约是否承诺不向东扩张？",
}


# --- clean ----------------------------------------------------------------------------------------


@given(ANY | PROSE)
@example("\ufeff\ufeffa")
@example("\r\r\n")
def test_clean_text_stays_as_it_is_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\r" not in once and not once.startswith("\ufeff")
    database = sqlite3.connect(":memory:")
    try:
        assert database.execute("SELECT ?1, length(?1)", (once,)).fetchone() == (once, len(once))
    finally:
        database.close()


def test_what_cannot_be_stored_is_seen_and_moves_no_offset() -> None:
    assert clean("a\x00b\ud800c") == "a\ufffdb\ufffdc"


def test_line_ends_of_every_system_are_one() -> None:
    assert clean("\ufeffone\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


# --- sentences ------------------------------------------------------------------------------------


@settings(deadline=None)
@given((ANY | PROSE).map(clean), st.sampled_from([None, "", "en", "de-DE", "ru", "zh", "ar", "my", "xx"]))
@example("Hi 😀 there. 𝔘nicode is \U0001f600 fun! “Quoted. Text.” e\u0301a. Yes", "en")
def test_sentences_are_trimmed_in_order_and_leave_out_white_space_only(
    text: str, language: str | None
) -> None:
    position = 0
    for start, end in sentences(text, language):
        assert text[position:start].strip() == "" and start >= position
        assert text[start:end] and text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""


@settings(deadline=None)
@given(PROSE.map(clean), st.data())
def test_sentences_of_a_span_are_those_of_its_text_moved(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    moved = [(start + first, start + last) for first, last in sentences(text[start:end])]
    assert sentences(text, span=(start, end)) == moved


def test_astral_characters_count_as_one() -> None:
    text = "😀 One is here. 𝔘 Two is 😀 there. Three."
    assert [text[a:b] for a, b in sentences(text)] == ["😀 One is here.", "𝔘 Two is 😀 there.", "Three."]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dr. Ames of the U.S. navy spoke at 3.5 p.m. today. He left.", 2),
        ("en", "“It fell. Nobody was hurt,” she said. Then she left.", 2),
        ("de", "Am 3. Oktober kam z. B. Herr Dr. Kern. Er ging.", 2),
        ("ru", "Мост упал. Никто не пострадал.", 2),
        ("zh", "大桥倒塌了。无人受伤。", 2),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(language: str, text: str, expected: int) -> None:
    assert len(sentences(text, language)) == expected


@pytest.mark.parametrize("mark", ["“", "«", "‘", "\n"])
def test_a_page_of_quotation_marks_or_line_ends_is_cut_in_time(mark: str) -> None:
    text = mark * 200_000
    started = time.process_time()
    found = sentences(text)
    assert time.process_time() - started < 20  # was a minute: sentencex is quadratic in such a paragraph
    assert sum(end - start for start, end in found) <= len(text)


def test_a_long_article_is_cut_as_its_paragraphs_are() -> None:
    paragraph = "He said: “One is here. Two is here.” Then {} left, as Mr. Ames did. “Three” came.\n\n"
    text = "".join(paragraph.format(i) for i in range(400))
    found = [text[start:end] for start, end in sentences(text)]
    one = paragraph.format(0).strip()
    assert found[:3] == [one[start:end] for start, end in sentences(one)]
    assert len(found) == 400 * 3 and found[3 * 399 + 1] == "Then 399 left, as Mr. Ames did."


@given(ANY, st.integers(0, 200), st.integers(0, 200))
def test_trim_gives_the_stripped_text(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    first, last = trim(text, (start, end))
    assert start <= first <= last <= end and text[first:last] == text[start:end].strip()


# --- keys -----------------------------------------------------------------------------------------


def test_a_content_key_is_the_same_in_every_run_and_short() -> None:
    # Written down: answers that were saved or exported cite by these keys.
    assert content_key("0123456789abcdef", 17, 230) == "p6fcd375"
    assert content_key("0123456789abcdef", 17, 231) != content_key("0123456789abcdef", 17, 230)


@given(st.tuples(ANY, st.integers(0, 10**6), st.integers(0, 10**6)))
def test_a_content_key_is_a_letter_and_seven_hex_digits(where: tuple[str, int, int]) -> None:
    key = content_key(*where)
    assert key == content_key(*where)
    assert len(key) == 8 and key[0] == "p" and set(key[1:]) <= set("0123456789abcdef")


def test_the_parts_of_a_digest_are_kept_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("\ud800") != digest("\ud801")  # a file name may hold one


# --- words ----------------------------------------------------------------------------------------


@given(ANY)
@example("𝓐nn and ANN")
def test_words_are_folded_once_and_for_all(text: str) -> None:
    found = words(text)
    assert [word for item in found for word in words(item)] == found
    assert all(word == fold(word) == word.casefold() and not any(c.isspace() for c in word) for word in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv’s mayor, KYIV'S and Kýiv", ["kyiv", "mayor", "kyiv", "and", "kyiv"]),
        ("Київ, їжак і ёлка", ["киів", "іжак", "і", "елка"]),
        ("anti-war don’t U.S. 3.5 %", ["anti-war", "don't", "u.s", "3.5"]),
        ("ﬁre in der Straße", ["fire", "in", "der", "strasse"]),
        ("大桥 fell", ["大", "桥", "fell"]),
        ("", []),
        ("“…” — !", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        (("fell", "fall", "falls", "falling"), "en"),
        (("went", "goes", "going"), "en"),
        (("children", "child"), "en"),
        (("promised", "promise", "promises"), "en"),
        (("versprochen", "versprochene"), "de"),
        (("мосты", "моста", "мост"), "ru"),
        (("promesas", "promesa"), "es"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...], language: str) -> None:
    assert len({stem(word, language) for word in forms}) == 1


def test_other_words_have_other_stems() -> None:
    assert len({stem(word) for word in ("bridge", "harbour", "inquiry", "promise", "fall", "fill")}) == 6
    assert stem("міст", "uk") == "міст"  # no stemmer: the word itself


def test_content_words_leave_out_what_says_nothing() -> None:
    assert content_words("What did the mayor say about the bridge?") == [stem("mayor"), stem("bridge")]
    assert content_words("And what of it?") == []


# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_in_its_own_language(language: str) -> None:
    assert is_in(QUESTIONS[language], language)


@pytest.mark.parametrize("language", [name for name in QUESTIONS if name != "en"])
def test_a_foreign_question_is_not_taken_for_english_nor_the_reverse(language: str) -> None:
    assert not is_in(QUESTIONS[language], "en") and not is_in(QUESTIONS[language], None)
    assert not is_in(QUESTIONS["en"], language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv Київ-Київ", "cyrillic"),
        ("Çeşme é", "latin"),
        ("東京 x", "cjk"),
        ("서울", "cjk"),
        ("Ελλάδα", "other"),
    ],
)
def test_script(text: str, expected: str) -> None:
    assert script(text) == expected


def test_names_meet_across_scripts() -> None:
    assert romanised("Донбасс") == romanised("Donbass") and romanised("Песков") == ["peskov"]


def test_threads_that_stem_at_once_get_the_stems_of_one() -> None:
    said = [
        f"{start}{end}"
        for start in ("connect", "relat", "oper", "hospit")
        for end in ("ed", "ing", "ion", "ional", "ive", "s")
    ]
    alone = [stem(word) for word in said]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: [stem.__wrapped__(word) for word in said], range(16)))
    finally:
        sys.setswitchinterval(before)
    assert all(stems == alone for stems in found)
