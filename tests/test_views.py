"""Views, plans and reports that an article gives without quoting anybody, beside what is said."""

from __future__ import annotations

import pytest

from assistant.attribution import Spoken, attributed, speaker_at, spoken
from tests.speakers import is_outlets


def found(text: str, cue: str) -> Spoken:
    """The one attribution of `text` with that cue."""
    (item,) = [item for item in attributed(text) if item.cue and text[slice(*item.cue)] == cue]
    return item


def parts(text: str, cue: str) -> tuple[str, str, str]:
    """Kind, source and content of the attribution with that cue; an empty source where there is none."""
    item = found(text, cue)
    return item.kind, text[slice(*item.source)] if item.source else "", text[item.start : item.end]


VIEWS = [
    ("Lee plans to close the bridge.", "plans", "intended", "Lee", "to close the bridge"),
    ("She refused to close the bridge.", "refused", "intended", "She", "to close the bridge"),
    ("The ministry backs the plan.", "backs", "thought", "The ministry", "the plan"),
    ("Lee has endorsed the plan, and left.", "has endorsed", "thought", "Lee", "the plan"),
    ("They want the bridge shut.", "want", "thought", "They", "the bridge shut"),
    ("He’s backing the plan.", "backing", "thought", "He’s", "the plan"),
    ("Lee called for a new bridge.", "called for", "thought", "Lee", "a new bridge"),
    ("His refusal to go angered many.", "refusal", "intended", "His", "to go"),
    ("Lee’s claim that it was shut is false.", "claim", "reported", "Lee’s", "it was shut"),
    ("The plan was backed by the council.", "was backed by", "thought", "the council", "The plan"),
    ("Lee is expected to leave.", "is expected", "thought", "", "to leave"),
    ("Asked whether it was shut, Lee left.", "Asked", "said", "", "whether it was shut"),
    ("The bridge was shut, new documents show.", "show", "reported", "new documents", "The bridge was shut"),
    ("As the Daily Herald noted, it was shut.", "noted", "said", "the Daily Herald", "it was shut"),
    ("Poll: Most want it shut", ":", "said", "Poll", "Most want it shut"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cue", "kind", "source", "content"), VIEWS)
def test_a_view_has_its_holder_and_its_words(
    text: str, cue: str, kind: str, source: str, content: str
) -> None:
    assert parts(text, cue) == (kind, source, content)


@pytest.mark.parametrize("text", [text for text, _, kind, _, _ in VIEWS if kind != "said"])
def test_a_view_is_nobodys_speech(text: str) -> None:
    """Proof of quotations rests on speech: a plan must not become somebody's words."""
    assert spoken(text) == ()
    assert speaker_at(text, 0, len(text)) is None


DENIALS = [
    ("Lavrov denied that troops had crossed.", "denied", "that troops had crossed"),
    ("Lavrov rejected the claim that troops had crossed.", "rejected", "the claim that troops had crossed"),
    ("Lavrov dismissed reports that troops had crossed.", "dismissed", "reports that troops had crossed"),
    ("Lavrov ruled out sending troops.", "ruled out", "sending troops"),
    ("Lavrov has ruled out any deployment.", "ruled out", "any deployment"),
]


@pytest.mark.parametrize(("text", "cue", "content"), DENIALS)
def test_a_denial_comes_with_its_verb_and_with_what_is_denied(text: str, cue: str, content: str) -> None:
    item = found(text, cue)
    assert (item.kind, item.speaker, text[item.start : item.end]) == ("said", "Lavrov", content)
    assert item in spoken(text)


def test_what_somebody_did_not_say_is_not_said() -> None:
    text = "The ministry did not say that the bridge was shut."
    assert parts(text, "did not say") == ("unsaid", "The ministry", "the bridge was shut")
    assert is_outlets(text, "the bridge was shut")


REPORTS = [
    "Lee stated that there were none, despite reports that troops had crossed.",
    "Despite reports that troops had crossed, Lee stated that there were none.",
    "Lee dismissed reports that troops had crossed.",
]


@pytest.mark.parametrize("text", REPORTS)
def test_reports_speak_for_nobody_who_is_named(text: str) -> None:
    assert parts(text, "reports") == ("reported", "reports", "troops had crossed")
    assert found(text, "reports").speaker is None


def test_one_who_quotes_has_the_outer_words_and_the_quoted_one_the_inner() -> None:
    text = "RIA quotes Peskov as saying the troops will stay."
    outer, inner = attributed(text)
    assert (outer.speaker, text[outer.start : outer.end]) == ("RIA", "Peskov as saying the troops will stay")
    assert (inner.speaker, text[inner.start : inner.end]) == ("Peskov", "the troops will stay")


def test_one_who_cites_another_speaks() -> None:
    text = "The ministry, citing Peskov, said the troops will stay."
    (item,) = spoken(text)
    assert item.speaker == "the ministry"


WHOLE = [
    ("Ann Lee, a harbour pilot, said it was shut.", "said", "Ann Lee, a harbour pilot,"),
    ("Sen. Ann Lee (D-Ga.) said it was shut.", "said", "Sen. Ann Lee (D-Ga.)"),
    ("Ann Lee — a pilot from Ellmar — says it was shut.", "says", "Ann Lee — a pilot from Ellmar —"),
    ("“It is shut,” said Ann Lee, who lives there.", "said", "Ann Lee, who lives there"),
    ("It is shut, according to a count by the agency.", "according to", "a count by the agency"),
]


@pytest.mark.parametrize(("text", "cue", "source"), WHOLE)
def test_the_source_is_what_the_article_writes(text: str, cue: str, source: str) -> None:
    items = [item for item in attributed(text) if item.cue and text[slice(*item.cue)] == cue]
    assert {text[slice(*item.source)] for item in items if item.source} == {source}


def test_the_speaker_is_the_resolved_name() -> None:
    text = "Harbour Minister Ilse Torvane came. She plans to close the bridge."
    assert found(text, "plans").speaker == "Harbour Minister Ilse Torvane"


def test_everything_that_is_said_is_attributed_with_the_same_words() -> None:
    text = "“It is shut,” said Ann Lee, who hopes to leave. The ministry said that it would ask Lee."
    said = {(item.start, item.end, item.speaker) for item in spoken(text)}
    assert said <= {(item.start, item.end, item.speaker) for item in attributed(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The states voted on Monday.",
        "He needed the support of the town.",
        "The bridge is like a gate.",
        "Lee crossed the bridge on Monday.",
        "Song: 47. Dance: 12.",
    ],
)
def test_words_that_only_look_like_a_view(text: str) -> None:
    assert attributed(text) == ()


def test_in_other_languages_there_are_no_views() -> None:
    assert attributed("Lee plant die Brücke zu want it.", "de") == ()
