"""Who says what: the relations that were planted in the example library, and the founding example.

Each planted relation has a test of its own, so that a missing one is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from assistant.answering import ask
from assistant.library import Library
from assistant.models import Account, Answer, Disagreement, Filters, Utterance
from tests import contract

TIDINGS, COURANT, QUILLBOTE = "The Port Sabel Tidings", "The Ellmar Courant", "Der Quillbote"
POST, MESSENGER, WEEKLY = "Quayside Post", "The Inland Messenger", "Gull & Anchor Weekly"

Asked = Callable[[str], Answer]


def asking(library: Library, filters: Filters | None = None) -> Asked:
    """The extractive answer, after the checks that every answer has to pass."""

    @cache
    def answer(question: str) -> Answer:
        found = ask(library, question, engine="extractive", filters=filters)
        articles = {entry.source.id: library.article(entry.source.id) for entry in library.entries()}
        contract.check(found.as_json(), articles)
        return found

    return answer


@pytest.fixture(scope="module")
def harbour(example: Library) -> Asked:
    return asking(example, Filters(since="2023-01-01", until="2023-12-31"))


@pytest.fixture(scope="module")
def seed(seeds: Library) -> Asked:
    return asking(seeds)


def spaced(text: str) -> str:
    return " ".join(text.split())


def account(answer: Answer, outlet: str, date: str | None = None) -> Account:
    (found,) = [
        item
        for item in answer.accounts
        for source in [answer.sources[item.source]]
        if source.outlet == outlet and date in (None, source.date)
    ]
    return found


def sides(answer: Answer, item: Disagreement) -> list[set[tuple[str | None, str | None]]]:
    """Outlets and dates of each side."""
    return [
        {(answer.sources[source].outlet, answer.sources[source].date) for source in side.sources}
        for side in item.sides
    ]


def quotes(answer: Answer, keys: tuple[str, ...]) -> list[str]:
    return [spaced(answer.citations[key].quote) for key in keys]


def outlets(answer: Answer, utterance: Utterance) -> set[tuple[str | None, str | None]]:
    found = [answer.sources[answer.citations[key].source] for key in utterance.renderings]
    return {(source.outlet, source.date) for source in found}


def said(answer: Answer) -> str:
    return "\n".join(sentence.text for sentence in answer.summary)


# --- the fictional event --------------------------------------------------------------------------


def test_1_one_utterance_in_two_translations(harbour: Asked) -> None:
    answer = harbour("What did Torvane say about the bridge?")
    found = [item for item in answer.utterances if item.speaker and "Torvane" in item.speaker]
    assert len(found) == 2
    for item in found:
        assert outlets(answer, item) == {(TIDINGS, "2023-10-10"), (COURANT, "2023-10-10")}
    pairs = {(d.kind, frozenset((d.a, d.b))) for item in found for d in item.differences}
    assert ("loaded_word", frozenset(("collapse", "subsidence"))) in pairs
    assert any(kind == "modality" and any("must" in w for w in both) for kind, both in pairs)


def test_2_a_flat_contradiction_on_a_number(harbour: Asked) -> None:
    for question in ("How many people were injured on the Lantern Bridge?", "14 people were injured"):
        answer = harbour(question)
        found = [item for item in answer.disagreements if {TIDINGS, COURANT} <= {
            outlet for side in sides(answer, item) for outlet, _ in side}]  # fmt: skip
        assert found and any("14 people" in q for s in found[0].sides for q in quotes(answer, s.citations))
        assert any("41 people" in q for s in found[0].sides for q in quotes(answer, s.citations))
        assert "14 people were injured" in said(answer) and "41 people were injured" in said(answer)
    assert answer.finding == "conflicting" and answer.rule == "affirmed_and_denied"


def test_3_a_denial_against_a_document(harbour: Asked) -> None:
    answer = harbour("The company was told of a fault in writing")
    (drole,) = [voice for voice in account(answer, POST).voices if voice.speaker == "Cassian Drole"]
    assert drole.stance == "denies"
    assert account(answer, QUILLBOTE).voices  # the letter is heard beside the denial
    assert answer.finding in ("contradicted", "conflicting")
    answer = harbour("Did the board receive a letter?")
    (ostergast,) = [
        voice for voice in account(answer, COURANT, "2023-10-13").voices if voice.speaker == "Wilm Ostergast"
    ]
    assert ostergast.stance == "denies"


def test_4_silence_on_the_central_claim(harbour: Asked) -> None:
    answer = harbour("Was the operator warned about the fourth pier?")
    silent = account(answer, WEEKLY)
    assert silent.stance == "silent" and silent.nearest and not silent.voices
    assert account(answer, QUILLBOTE).stance != "silent"


def test_5_one_wire_copy_in_two_outlets(harbour: Asked) -> None:
    answer = harbour("The pier sank by about 60 centimetres")
    (origin,) = [item for item in answer.origins if len(item.sources) > 1]
    assert {answer.sources[source].outlet for source in origin.sources} == {POST, MESSENGER}
    assert "report of V" in origin.why  # the Vardonian Wire Service, or VWS for short
    assert "counts once" in said(answer)


def test_6_a_later_correction_supersedes(harbour: Asked) -> None:
    answer = harbour("How much will the emergency works cost?")
    (found,) = [item for item in answer.disagreements if item.rule == "corrected_by_outlet"]
    assert {(COURANT, "2023-10-10")} in sides(answer, found)
    assert any((WEEKLY, "2023-10-12") in side for side in sides(answer, found))
    (notice,) = [item for item in answer.notices if item.code == "superseded"]
    assert answer.sources[str(notice.source)].date == "2023-10-10"
    assert "has corrected itself" in said(answer) and "The correct figure is 3.2 million florins" in said(
        answer
    )
    claim = harbour("The emergency works will cost 3.2 billion florins")
    assert claim.finding == "contradicted"
    assert account(claim, COURANT, "2023-10-10").stance == "mentions"  # it does not count any more


def test_6_a_correction_is_not_told_where_it_has_no_part(harbour: Asked) -> None:
    answer = harbour("How many people were injured on the Lantern Bridge?")
    assert not [item for item in answer.notices if item.code == "superseded"]


def test_7_a_report_that_rests_on_another_outlet_is_no_second_origin(harbour: Asked) -> None:
    answer = harbour("Did surveyors write that the fourth pier had sunk by 31 millimetres?")
    together = [
        {answer.sources[source].outlet for source in item.sources}
        for item in answer.origins
        if len(item.sources) > 1
    ]
    assert {COURANT, QUILLBOTE} in together


def test_8_similar_words_on_an_earlier_day_are_another_utterance(harbour: Asked) -> None:
    answer = harbour("What did Torvane say about the bridge?")
    for item in answer.utterances:
        assert (TIDINGS, "2023-06-14") not in outlets(answer, item)


def test_9_agreement_comes_first(harbour: Asked) -> None:
    answer = harbour("The pier sank by about 60 centimetres")
    assert answer.finding == "supported" and answer.rule == "affirmed_in_own_voice"
    assert "agree" in answer.summary[0].text and len(answer.summary[0].citations) == 2


# --- the founding example -------------------------------------------------------------------------


def voice_of(answer: Answer, speaker: str) -> list[tuple[str, str]]:
    """Stances of a speaker in the whole answer, with the headline of the source."""
    return [
        (voice.stance, answer.sources[item.source].title)
        for item in answer.accounts
        for voice in item.voices
        if speaker in (voice.speaker or "")
    ]


@pytest.mark.parametrize("question", ["What did Peskov say about a gradual invasion?", "gradual invasion"])
def test_the_incursion_and_the_invasion_are_one_utterance(seed: Asked, question: str) -> None:
    answer = seed(question)
    (found,) = [item for item in answer.utterances if any(
        "incursion" in quote for quote in quotes(answer, item.renderings))]  # fmt: skip
    assert found.speaker and "Peskov" in found.speaker
    assert len({answer.citations[key].source for key in found.renderings}) == 2
    assert any({d.a, d.b} == {"incursion", "invasion"} and d.kind == "loaded_word" for d in found.differences)


@pytest.mark.parametrize(
    "question", ["Did NATO promise Russia not to expand eastwards?", "Did NATO promise not to expand?"]
)
def test_the_promise_is_affirmed_by_one_side_and_damaged_on_the_other(seed: Asked, question: str) -> None:
    answer = seed(question)
    assert (
        "affirms",
        "Russia cannot 'tolerate' NATO's 'gradual invasion' of Ukraine, Putin spokesman says",
    ) in [(stance, spaced(title)) for stance, title in voice_of(answer, "Peskov")]
    (nato,) = [voice for item in answer.accounts for voice in item.voices if voice.speaker == "NATO"]
    assert nato.stance == "mentions"  # its words are damaged just there: neither an admission nor a denial
    assert any("did give promises" in quote for quote in quotes(answer, nato.citations))
    assert "damaged_text" in {item.code for item in answer.notices}
    assert answer.finding == "attributed_only"


def test_the_weapons_are_in_one_source_and_the_other_is_silent(seed: Asked) -> None:
    answer = seed("Has Russia ruled out deploying offensive weapons in Ukraine?")
    assert sorted(item.stance for item in answer.accounts) == ["affirms", "silent"]
    (silent,) = [item for item in answer.accounts if item.stance == "silent"]
    assert silent.nearest


def test_the_troops_have_two_voices_in_one_source(seed: Asked) -> None:
    answer = seed("Are there Russian troops in Donbas?")
    (speaking,) = [item for item in answer.accounts if item.voices]
    peskov, outlet = speaking.voices
    assert peskov.speaker == "Dmitry Peskov" and peskov.stance == "denies"
    assert outlet.speaker is None and outlet.stance == "mentions"
    assert quotes(answer, outlet.citations) == [
        "despite reports that Russian soldiers out of uniform have been seen there"
    ]
    assert (answer.finding, answer.rule) == ("conflicting", "denied_against_reports")
