"""The language of an article: identified where none is stated, or where what is stated is plainly wrong."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from assistant import languages
from tests.loaded import BODY, article, codes

TONGUES: dict[str, list[str]] = {}
for _line in (Path(__file__).parent / "tongues.tsv").read_text("utf-8").splitlines():
    if not _line.startswith("#"):
        TONGUES.setdefault(_line.split("\t")[0], []).append(_line.split("\t")[1])
UNSURE = {"id"}  # so near to Malay that it is not told


def identified(text: str) -> str | None:
    return languages.settle(None, text)[0]


@pytest.mark.parametrize("code", TONGUES)
def test_a_short_article_is_told_by_its_words(code: str) -> None:
    whole = identified("\n\n".join(TONGUES[code] * 2))
    assert whole == (None if code in UNSURE else code)
    for pair in pairwise(TONGUES[code]):
        assert identified(" ".join(pair)) in (code, None)


def test_no_text_of_two_sentences_is_told_wrong_and_few_are_not_told() -> None:
    texts = [(code, " ".join(pair)) for code, lines in TONGUES.items() for pair in pairwise(lines)]
    told = [identified(text) for _, text in texts]
    right = sum(found == code for found, (code, _) in zip(told, texts, strict=True))
    assert right >= 0.9 * len(texts)


def test_single_sentences_are_told_right_or_not_at_all() -> None:
    wrong = [
        (code, found)
        for code, lines in TONGUES.items()
        for line in lines
        if (found := identified(line)) not in (code, None)
    ]
    assert not wrong


@pytest.mark.parametrize(
    "text", ["", "1984", "The weir is shut.", "Ada Marlowe, Tom Ferrier", "5 10 15 " * 50, "— " * 500]
)
def test_what_is_too_short_or_no_language_is_not_told(text: str) -> None:
    assert identified(text) is None


def test_what_is_stated_stands_unless_the_words_are_plainly_others() -> None:
    russian = "\n\n".join(TONGUES["ru"] * 2)
    told, notice = languages.settle("en", russian)
    assert told == "ru"
    assert notice is not None
    assert (
        notice.text == "It says that it is in English, but its words are Russian, and it is read as Russian."
    )
    assert languages.settle("ru", russian) == ("ru", None)
    assert languages.settle("en", TONGUES["ru"][0]) == ("en", None), "too short to overrule"


@pytest.mark.parametrize(
    ("stated", "code"),
    [("nb", "no"), ("nn", "no"), ("no", "da"), ("ms", "id"), ("eng", "en"), ("mk", "bg")],
)
def test_near_languages_and_other_names_of_one_are_left_as_stated(stated: str, code: str) -> None:
    text = "\n\n".join(TONGUES[code] * 3)
    found, notice = languages.settle(stated, text)
    assert found == {"eng": "en"}.get(stated, stated)
    assert notice is None


def test_a_page_that_says_english_on_everything_is_read_in_its_own_language() -> None:
    body = "\n\n".join(TONGUES["uk"] * 2)
    found = article("a.md", f"---\ntitle: Міст\nlanguage: en\n---\n{body}")
    assert found.language == "uk"
    assert "language_identified" in codes(found)
    assert found.id == article("a.md", f"---\ntitle: Міст\nlanguage: uk\n---\n{body}").id


def test_an_article_that_states_none_is_told_without_a_notice() -> None:
    found = article("a.txt", BODY)
    assert (found.language, codes(found)) == ("en", ["title_from_file_name"])


def test_english_names_of_places_do_not_make_another_language() -> None:
    text = "Mayor Pérez of Gijón met Señora Ibáñez and Øystein Ågesen in Málaga and Tromsø on Monday."
    assert identified(text) in ("en", None)


def test_it_takes_little_time() -> None:
    text = "\n\n".join(TONGUES["en"] * 30)
    languages.settle(None, text)
    start = time.process_time()
    for _ in range(50):
        languages.settle(None, text)
    assert (time.process_time() - start) / 50 < 0.002
