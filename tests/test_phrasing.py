"""How the summary shows what it quotes: marks, datelines, names, who is meant, who leads, who is a copy."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.models import Article
from assistant.phrasing import in_quotes, without_dateline
from tests import asking
from tests.asking import asked
from tests.test_extractive import article, checked, composed, quoted, said

# --- how a quotation is shown ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“We saw nothing,” said Ann Lee, who is the mayor of Exton and of the two villages around it.",
         "“We saw nothing,” said Ann Lee, who is the mayor of Exton and of the two villages around it."),
        ("«The weir is shut,» says a sign that hangs at the gate of the old mill in the village.",
         "«The weir is shut,» says a sign that hangs at the gate of the old mill in the village."),
        ("The weir is “shut”.", "“The weir is “shut”.”"),
        ("“The weir is shut.", "“The weir is shut.”"),
        ("The weir is shut.”", "“The weir is shut.”"),
    ],
)  # fmt: skip
def test_no_quotation_mark_is_doubled(text: str, shown: str) -> None:
    found = in_quotes(text)
    assert found.text == shown and found.text[found.start : found.end] in text


@pytest.mark.parametrize(
    "dateline",
    ["EXTON, March 3 (Agency) - ", "EXTON, 3 March (Agency) — ", "PORT EXTON (AP) – ", "EXTON — ",
     "Exton (VWS) - ", "EXTON, Vardonia, March 3 (Agency) -- ", "EXTON, March 3 - "],
)  # fmt: skip
def test_a_quotation_starts_behind_the_dateline(dateline: str) -> None:
    source = article(f"{dateline}The weir at Exton is shut to swimmers.")
    draft = checked(composed([asked(source, 2.0)]), source)
    assert quoted(draft.summary[0].text) == "The weir at Exton is shut to swimmers."
    (span,) = draft.summary[0].quotes
    assert draft.summary[0].text[span.start : span.end] == "The weir at Exton is shut to swimmers."


@pytest.mark.parametrize(
    "text",
    [
        "NATO — which runs the weir — has shut it.",
        "The weir (built in 1902) - a ruin - is shut.",
        "MARN is shut.",
    ],
)
def test_what_is_no_dateline_stays(text: str) -> None:
    assert without_dateline(text) == text


def test_a_speaker_is_called_by_one_name() -> None:
    one = article(
        "“We have one weir and it will be shut until each stone has been looked at,” said Mayor Odo "
        "Pellimore. “Nobody will swim in that water while I am here, and that is that,” Pellimore said.",
    )
    other = article(
        "“The water was tested and the tests were bad, very bad indeed,” Pellimore said.", "a2", "The Star"
    )
    draft = checked(composed([asked(one, 2.0, 1.9), asked(other, 1.8)]), one, other)
    leads = [line.text.split("“")[0] for line in draft.summary]
    assert len(leads) == 3 and all("Odo Pellimore" in lead for lead in leads)


# --- who is meant ---------------------------------------------------------------------------------


def test_it_means_the_source_of_the_last_sentence_only() -> None:
    one = article("The weir at Exton was shut on Monday. The mayor gave no reason for the closure of it.")
    other = article("Police shut the weir at Exton on Monday.", "a2", "The Star")
    draft = checked(
        composed([asked(one, 2.0, 1.9), asked(other, 1.8)], "The weir at Exton was shut"), one, other
    )
    lines = [line.text for line in draft.summary]
    assert "agree: " in lines[0] and "The Post also says: " in lines[1]
    for before, line in pairwise(draft.summary):
        if line.text.startswith("It also"):
            assert len({draft.citations[key].source for key in before.citations}) == 1


def test_who_is_said_to_agree_agrees() -> None:
    one = article("The council voted six to four to shut the weir at Exton.")
    other = article("The council voted six to three to shut the weir at Exton.", "a2", "The Star")
    items = [asked(one, 2.0), asked(other, 1.9)]
    for question in ("The council voted to shut the weir at Exton", "How did the council vote on the weir?"):
        assert " agree: " not in said(checked(composed(items, question), one, other))


# --- which sentences ------------------------------------------------------------------------------


def test_a_difference_that_the_claim_is_not_about_does_not_lead() -> None:
    text = "The bridge in Exton was closed after {} people had been injured on it on Sunday."
    one, other = article(text.format(14)), article(text.format(41), "a2", "The Star")
    items = [asked(one, 2.0), asked(other, 1.9)]
    assert "differ" not in said(composed(items, "Was the bridge in Exton closed?"))
    assert "differ" in said(composed(items, "How many people were injured?"))


def test_the_sentence_that_takes_a_side_comes_first() -> None:
    one = article(
        "The bridge was the longest of all when it was built. It carries the road to the port and the "
        "tram. On Monday the bridge was closed."
    )
    other = article("The bridge has a toll. The bridge in Exton is painted green.", "a2", "The Star")
    items = [asked(other, 3.9, 3.8), asked(one, 3.5, 3.4, 0.4)]
    draft = checked(composed(items, "Was the bridge closed?"), other, one)
    assert quoted(draft.summary[0].text) == "On Monday the bridge was closed."


def test_each_side_is_heard_before_one_is_heard_twice() -> None:
    texts = [
        "The bridge was closed on Monday.",
        "On Monday the bridge was closed.",
        "The bridge was not closed.",
    ]
    sources = [article(text, f"a{n}", f"Outlet {n}") for n, text in enumerate(texts)]
    items = [asked(source, 3.0 - n) for n, source in enumerate(sources)]
    lines = [
        quoted(line.text) for line in checked(composed(items, "Was the bridge closed?"), *sources).summary
    ]
    assert texts[2] in lines[:3] and (texts[0] in lines[:3] or texts[1] in lines[:3])


# --- copies ---------------------------------------------------------------------------------------

OWN = " ".join(f"word{n}" for n in range(60))


def reprints(*dates: str | None, key: str = "a") -> list[Article]:
    text = f"The weir at Exton has been shut since Monday to all swimmers. {OWN.capitalize()}."
    return [
        asking.source(text, f"The Outlet {n}", day, key=f"{key}{n}", title="The weir")
        for n, day in enumerate(dates)
    ]


def test_the_later_copy_is_said_to_repeat_the_original() -> None:
    first, second = reprints("2024-01-02", "2024-01-03")
    for order in ([first, second], [second, first]):
        text = said(checked(composed([asked(source, 2.0) for source in order]), *order))
        assert "The Outlet 1 repeats what" in text and "The Outlet 0 repeats" not in text
        assert "counts once" in text


def test_without_an_order_nobody_is_said_to_repeat() -> None:
    for days in (("2024-01-02", "2024-01-02"), (None, "2024-01-02")):
        sources = reprints(*days)
        text = said(checked(composed([asked(source, 2.0) for source in sources]), *sources))
        assert "repeat" not in text and "The Outlet 1 prints the same words as The Outlet 0" in text


def test_several_copies_repeat() -> None:
    sources = reprints("2024-01-02", "2024-01-03", "2024-01-04")
    text = said(checked(composed([asked(source, 2.0) for source in sources]), *sources))
    assert (
        "The Outlet 1 and The Outlet 2 repeat what is quoted of The Outlet 0 and count once with it" in text
    )


def test_a_copy_without_the_sentence_does_not_repeat_it() -> None:
    first, second = reprints("2024-01-02", "2024-01-03")
    cut = asking.source(
        second.text.replace("has been shut since Monday to all", "may be used again by all the"),
        "The Outlet 1", "2024-01-03", key="a1", title="The weir",
    )  # fmt: skip
    text = said(checked(composed([asked(first, 2.0), asked(cut, 1.5)]), first, cut))
    assert "repeats" not in text and "go back to one report, which counts once" in text


def test_names_keep_their_capitals_in_the_last_sentence() -> None:
    sources = reprints("2024-01-02", "2024-01-03")
    left = article("The weir at Exton was built in the year 1902 by monks.", "b1", "The Left")
    silent = article("Rhubarb is cut into pieces.", "c1", "The Kitchen")
    items = [asked(sources[0], 3.0), asked(sources[1], 2.5), asked(left, 0.4), asked(silent)]
    text = said(checked(composed(items), *sources, left, silent))
    assert "the Outlet" not in text and "the Kitchen" not in text and "nothing on it was found" in text
