"""Overruling on the pages: what a reader wrote for one place never turns up at another."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages import INJURED, Opened, exchange, put, unfold

REASON = "The hospital's list says otherwise."


def sent(app: AppTest, by: str) -> AppTest:
    """The open form filled in and sent, with a name or without one."""
    next(box for box in app.text_area if box.label == "Reason").set_value(REASON)
    next(box for box in app.text_input if box.label == "Your name or initials").set_value(by)
    next(button for button in app.button if button.label == "Overrule").click()
    app.run()
    assert not app.exception
    return app


def test_what_was_written_of_one_sentence_is_not_offered_for_another(opened: Opened) -> None:
    app = unfold(put(opened(), INJURED), "turn-0-sentences")
    sent(app, "")  # which is refused, so that what was written stays in its box
    assert [box.value for box in app.text_area if box.label == "Reason"] == [REASON]
    app.selectbox(key="turn-0-sentence").set_value(1).run()
    assert [box.value for box in app.text_area if box.label == "Reason"] == [""]
    sent(app, "M. R.")
    record = exchange().record
    assert record and [item.place for item in record.overrulings] == ["1"]


def test_what_another_reader_said_of_the_same_place_stays(opened: Opened) -> None:
    app = opened()
    for by in ("M. R.", "B. K.", "B. K."):
        app = unfold(put(app, INJURED) if by == "M. R." else app, "turn-0-sentences")
        sent(app, by)
    record = exchange().record
    assert record and [item.by for item in record.overrulings] == ["M. R.", "B. K."]
