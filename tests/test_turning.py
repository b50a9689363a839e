"""A yes/no question turned into its claim: where the subject ends."""

from __future__ import annotations

import pytest

from assistant.turning import turned


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        # A place inside the subject stays in it.
        ("Was the weir at Exton safe?", "The weir at Exton was safe"),
        ("Is the bridge over the river safe?", "The bridge over the river is safe"),
        ("Is the lock in Port Sabel still open?", "The lock in Port Sabel is still open"),
        ("Was the water in the old town drinkable?", "The water in the old town was drinkable"),
        ("Were the banks of the canal at Exton unsafe?", "The banks of the canal at Exton were unsafe"),
        ("Is the weir at Exton not safe?", "The weir at Exton is not safe"),
        ("Was the mill at Exton responsible for it?", "The mill at Exton was responsible for it"),
        ("Was the weir at Exton the first to fail?", "The weir at Exton was the first to fail"),
        ("Is the weir at Exton a danger?", "The weir at Exton is a danger"),
        ("Is the road between Exton and Marn passable?", "The road between Exton and Marn is passable"),
        ("Was the weir at Exton very dangerous?", "The weir at Exton was very dangerous"),
        # A place that is what is said of the subject does not.
        ("Was the minister in Exton?", "The minister was in Exton"),
        ("Was the minister in Exton on Monday?", "The minister was in Exton on Monday"),
        ("Was the minister in Exton last week?", "The minister was in Exton last week"),
        ("Was the minister in Exton the day before?", "The minister was in Exton the day before"),
        ("Was the minister in the old town?", "The minister was in the old town"),
        ("Is the depot at Exton hospital?", "The depot is at Exton hospital"),
        # No place at all.
        ("Was the weir safe?", "The weir was safe"),
        ("Was the weir closed?", "The weir was closed"),
        ("Was the weir at Exton closed?", "The weir at Exton was closed"),
        ("Is the weir a danger to boats?", "The weir is a danger to boats"),
    ],
)  # fmt: skip
def test_the_subject_ends_where_something_is_said_of_it(question: str, claim: str) -> None:
    assert turned(question) == claim
