"""Speech of whole articles: offsets, cost, and every speaker of the founding example."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.attribution import Spoken, attributed, leading, speaker_at, spoken, spoken_in
from assistant.library import Library
from tests.speakers import is_outlets, spaced, speaker_of

# --- offsets and order ----------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["Ann Lee", "Peskov", "Port Sabel", "March", "President", "von", "de", "the mayor of", "said", "told",
     "according to", "he said", "in", "“", "”", '"', "«", "»", "'", "’", "‘", ",", ".", "—", " ", "\n\n",
     "\u00a0", "A", "O'Neill", "\u202e", "\ud83d", "承诺", "I\u0307", "that", "who", "whom", "quoted",
     "as saying",
     "\ue000", "and", ":", ";", "the ministry", "adding", "not"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join))


@settings(deadline=None)
@given(TEXTS)
@example("“”")
@example("said A")
@example("\ue000 said A “b” \ue000")
def test_nothing_is_invented_whatever_the_text(text: str) -> None:
    found = spoken(text)
    assert [(item.start, -item.end) for item in found] == sorted((item.start, -item.end) for item in found)
    for item in found:
        assert 0 <= item.start < item.end <= len(text)
        for span in (item.cue, item.source):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
        if item.speaker is not None:
            assert any(char.isalpha() for char in item.speaker)
            assert spaced(item.speaker).casefold() in spaced(text).casefold()
            assert item.speaker not in ("March", "President", "he", "The", "According")


@settings(deadline=None)
@given(TEXTS, st.integers(0, 200), st.integers(0, 200))
def test_the_innermost_speech_is_found(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    found = speaker_at(text, start, end)
    if found is not None and end > start:
        covering = [
            item for item in spoken(text) if 2 * (min(end, item.end) - max(start, item.start)) > end - start
        ]
        assert found in covering
        assert all(item.end - item.start >= found.end - found.start for item in covering)


def test_speech_of_a_sentence_and_its_leading_speaker() -> None:
    text = "The bridge is shut. “Until every pier has been examined,” Torvane said. Divers go down."
    span = (20, text.index(" Divers"))
    found = spoken_in(spoken(text), span)
    assert leading(found, span) == "Torvane"
    assert leading(spoken_in(spoken(text), (0, 19)), (0, 19)) is None


# --- cost -----------------------------------------------------------------------------------------

HOSTILE = [
    "A ", "A. ", "Aa ", '"', "“", "«", "»", "'", "’", "“a” ", "Aa, b ", "said Aa ", "in Aa ", "Al de ",
    "according to ", "according to Aa ", "President ", "the a b c d, ", "” said the a b ", " — said ",
    "A’", "a-", "O'", "the mayor of Aa ", "that runs the Aa ", "he said ", "Aa Bb said he, and ", "“a ‘b",
    "“a\n\n", "Aa: ", "AA: b\n\n", "quoted as saying ", "whom ", "Mr. Aa Bb, a pilot, ", "said that ", " ",
    "\n",
    "he said “a” and ", "“A,” said Bb. ", "the ", "who said, ", "to plan to ", "In a claim to ",
    "claims that Aa ", "he quotes Aa as saying ", "said Aa, who ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_costs_little(unit: str) -> None:
    """A guard against a cost that grows with the square of the length: that is a minute and more."""
    text = (unit * 40_000)[:40_000]
    start = time.process_time()
    attributed(text)
    assert time.process_time() - start < 10


def test_four_times_as_much_text_costs_about_four_times() -> None:
    paragraph = (
        "“We had no knowledge of any movement at the fourth pier,” said Cassian Drole, a spokesman. He said "
        "that the company would hand over its records. The ministry said divers would begin at noon, "
        "according to Ann Lee.\n\n"
    )

    def cost(count: int) -> float:
        text = "".join(f"{number} {paragraph}" for number in range(count))
        best = 9.0
        for spaces in range(3):
            start = time.process_time()
            attributed(text + " " * spaces)
            best = min(best, time.process_time() - start)
        return best

    assert cost(400) < 10 * cost(100)  # sixteen times, were it the square


# --- the founding example -------------------------------------------------------------------------

TRANSLATED, REPORT = "RIA Novosti", "Fareed Zakaria"
Text = Callable[[str], str]


@pytest.fixture
def seed(seeds: Library) -> Text:
    """The seed article that has these words, its spaces evened out."""
    texts = [
        "\n\n".join(spaced(part) for part in seeds.article(entry.source.id).text.split("\n\n"))
        for entry in seeds.entries()
    ]
    return lambda words: next(text for text in texts if words in text)


SEED_SPEAKERS = [
    (TRANSLATED, "We are watching a gradual incursion", "Peskov"),
    (TRANSLATED, "the current situation poses a threat", "Peskov"),
    (TRANSLATED, "European security architecture", "Peskov"),
    (TRANSLATED, "And this was the main reason why", "Peskov"),
    (TRANSLATED, "Guys, for us", "President Vladimir Putin"),
    (TRANSLATED, "unfriendly atmosphere", "Peskov"),
    (TRANSLATED, "is forced to take precautionary measures", "Peskov"),
    (TRANSLATED, "Russian troops are on territory", "Peskov"),
    (TRANSLATED, "organization that was created for confrontation", "Peskov"),
    (TRANSLATED, "which every day approaches", "Peskov"),
    (TRANSLATED, "swung at", "Russian Foreign Minister Sergei Lavrov"),
    (TRANSLATED, "United States came with missiles", "President Vladimir Putin"),
    (TRANSLATED, "did give promises not to move eastward", "NATO"),
    (TRANSLATED, "the decision on joining the bloc of Ukraine should be made by Kyiv", "NATO"),
    (TRANSLATED, "support for Kiev does not pose a threat", "Secretary General Jens Stoltenberg"),
    (TRANSLATED, "these reports", "the Russian authorities"),
    (REPORT, "began its military buildup", "Dmitry Peskov"),
    (REPORT, "could no longer", "Dmitry Peskov"),
    (REPORT, "the stage for the current border crisis", "Dmitry Peskov"),
    (REPORT, "there was a promise by American side", "Dmitry Peskov"),
    (REPORT, "legally binding guaranteeing document", "Dmitry Peskov"),
    (REPORT, "the opposite thing started to happen", "Dmitry Peskov"),
    (REPORT, "its national security was being", "Dmitry Peskov"),
    (REPORT, "weapon of confrontation", "Dmitry Peskov"),
    (REPORT, "would be a severe threat to its security", "Russia"),
    (REPORT, "At first, they were just words", "Dmitry Peskov"),
    (REPORT, "threat of a Russian invasion was", "Jake Sullivan"),
    (REPORT, "planning a false-flag operation", "U.S. intelligence"),
    (REPORT, "there were no soldiers in the Donbas", "Dmitry Peskov"),
    (REPORT, "there are no Russian troops on Donbas", "Dmitry Peskov"),
    (REPORT, "any room for a potential compromise", "Zakaria"),
    (REPORT, "there is also space for compromise", "Dmitry Peskov"),
    (REPORT, "we are staying on different tracks", "Dmitry Peskov"),
]


@pytest.mark.parametrize(("article", "words", "speaker"), SEED_SPEAKERS)
def test_every_speaker_of_the_founding_example(seed: Text, article: str, words: str, speaker: str) -> None:
    assert speaker_of(seed(article), words) == speaker


@pytest.mark.parametrize(
    ("article", "words"),
    [
        (TRANSLATED, "They were discussed at a series of consultations"),
        (TRANSLATED, "and is probably preparing a provocation"),
        (TRANSLATED, "added the press secretary"),
        (REPORT, "Roughly 100,000 Russian soldiers have recently amassed"),
        (REPORT, "Though he did not directly address that specific accusation"),
        (REPORT, "despite reports that Russian soldiers out of uniform"),
        (REPORT, "Fareed Zakaria GPS"),
    ],
)
def test_what_the_founding_example_says_in_the_outlets_voice(seed: Text, article: str, words: str) -> None:
    assert is_outlets(seed(article), words)


def test_the_founding_example_is_all_read(seed: Text) -> None:
    for article in (TRANSLATED, REPORT):
        found = spoken(seed(article))
        assert all(isinstance(item, Spoken) and item.speaker for item in found)
        assert all(item.source for item in found)
