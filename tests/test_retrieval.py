"""What is read for a question: every source of a small library, every outlet of an event in a large one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering import ask
from assistant.library import Library
from assistant.models import Article, Filters
from assistant.retrieval import Reading, alike, coverage, make_query, rank, retrieve, strength
from assistant.settings import Settings

OUTLETS = [
    f"The {name} Herald"
    for name in "Arden Brool Corvo Dunmere Esk Farrow Gale Holm Isel Jarrow Kest Lorn".split()
]

# Five invented events: the day, a question, and facts of which each outlet prints four.
EVENTS = [
    ("2024-03-04", "What burned down in the chocolate factory at Brunnfeld?", """
     A fire destroyed the storehouse of the chocolate factory in Brunnfeld on Monday night.
     The Brunnfeld factory lost four hundred tonnes of cocoa butter in the flames.
     Fire crews fought the blaze at the chocolate works for nine hours.
     The owner, Berta Immel, said the roasting hall could be saved.
     Smoke from the burning cocoa hung over Brunnfeld until noon.
     The cause of the factory fire is not known, the police said."""),
    ("2024-05-10", "Why did the dam at Lake Merrin give way?", """
     The earth dam at Lake Merrin gave way on Friday after a week of rain.
     Water from the broken Merrin dam covered three villages in the valley.
     Engineer Tomas Veil said that the dam's spillway had been blocked by timber.
     The lake behind the dam fell by eleven metres in two hours.
     Eight hundred people below Lake Merrin were led to higher ground.
     The dam was last inspected six years ago, according to the water board."""),
    ("2024-07-20", "Which paintings in the Kelland museum were forged?", """
     Two seascapes in the Kelland museum are forgeries, the museum admitted on Saturday.
     The forged paintings had hung in Kelland since the spring of 1998.
     Director Iris Sollow resigned over the forgeries.
     A laboratory found a pigment in the seascapes that did not exist at the painter's time.
     The museum in Kelland paid nine million crowns for the pair of paintings.
     The dealer who sold the seascapes denies that he knew of the forgery."""),
    ("2024-09-15", "What do the striking ferry crews of Tarn demand?", """
     Ferry crews in the port of Tarn began a strike on Sunday.
     The crews demand a rest of eleven hours between two crossings.
     No ferry has left Tarn since midnight, and six thousand passengers wait.
     The shipping line calls the strike in Tarn unlawful.
     Union leader Gero Hald said the crews would sail when they had slept.
     Lorries queue for nine kilometres in front of the ferry terminal."""),
    ("2024-11-02", "What went wrong with the satellite launched at Cape Dorrin?", """
     A weather satellite was lost after its launch at Cape Dorrin on Saturday.
     The second stage of the rocket shut down after four seconds.
     The satellite from Cape Dorrin fell into the ocean north of the equator.
     Launch director Ada Quill said that a valve had frozen.
     The lost satellite had cost three hundred million crowns.
     The next rocket at Cape Dorrin will not fly before spring, the agency said."""),
]  # fmt: skip
ELSEWHERE = [
    ("Rhubarb tart", "Cut the rhubarb into short pieces. Bake the tart until the crust is golden."),
    ("Chess league", "The juniors of Arden won their chess match. The league goes on after the holidays."),
    ("Knitting circle", "The knitting circle meets in the library. Wool and needles can be borrowed."),
    ("Choir seeks tenors", "The village choir is short of tenors. Rehearsals are held behind the bakery."),
]
ASIDE = (
    "amber brisk candle drift ember fallow glint hollow ivory jostle kettle lantern murmur nimble ochre "
    "pebble quiver ripple saddle thicket umber velvet willow yonder zephyr apron bramble clover dapple easel"
).split()
UNDATED, LONG = "undated", "e0o00"


def reporters(event: int) -> list[int]:
    """Outlets that report on an event; the next four print something else on that day."""
    return [(event * 3 + place) % 12 for place in range(7 if event == 4 else 8)]


def silent(event: int) -> list[int]:
    return [(reporters(event)[-1] + 1 + place) % 12 for place in range(4)]


def aside(*place: int) -> str:
    """A sentence that stands in one article only: reports of one event are no copies of each other."""
    pick = random.Random(str(place))
    return " ".join(pick.sample(ASIDE, 9)).capitalize() + "."


def invented() -> Iterator[Article]:
    for event, (day, question, facts) in enumerate(EVENTS):
        lines = [line.strip() for line in facts.strip().split("\n")]
        for place, outlet in enumerate(reporters(event)):
            told = [f"{lines[(place + step) % len(lines)]} {aside(event, outlet, step)}" for step in range(4)]
            date = f"{day[:-2]}{int(day[-2:]) + place % 2:02}"
            yield Article(
                f"e{event}o{outlet:02}",
                lines[place % len(lines)][:-1],
                "\n\n".join(told),
                OUTLETS[outlet],
                date,
            )
        for (title, text), outlet in zip(ELSEWHERE, silent(event), strict=True):
            yield Article(
                f"e{event}x{outlet:02}",
                title,
                f"{text} {aside(event)} {event} people came.",
                OUTLETS[outlet],
                day,
            )
        if event == 4:
            yield Article(UNDATED, question, " ".join(lines[:4]), None, None)


def lengthened(article: Article) -> Article:
    parts = [
        f"{article.text}\n\nPart {n} of our report on the factory fire. " + "Smoke rose. " * 25
        for n in range(6)
    ]
    return Article(article.id, article.title, "\n\n".join(parts), article.outlet, article.date)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Sixty articles by twelve outlets about five events; one of them is long, one has no date."""
    own = Settings(library=tmp_path_factory.mktemp("large") / "library", threads=2)
    with Library.open(own) as library:
        made = [lengthened(item) if item.id == LONG else item for item in invented()]
        assert len(library.add(made).added) == 60
        yield library


@pytest.fixture(scope="session")
def beside(large: Library) -> Iterator[Library]:
    """The same folder opened a second time: not the owner of the index, and free to have other settings."""
    own = large.settings.model_copy(update={"passages_per_source": 6, "sources_asked": 40})
    with Library.open(own) as library:
        assert library.owner() is None
        yield library


def ids(readings: tuple[Reading, ...]) -> set[str]:
    return {reading.article.id for reading in readings}


# --- which sources are asked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["Did NATO promise anything?", "How do I bake bread?", "Who said what?", "北约"]
)
def test_in_a_small_library_every_source_is_asked(example: Library, question: str) -> None:
    found = retrieve(example, question, Filters())
    assert ids(found.readings) == {entry.source.id for entry in example.entries()}
    assert found.in_scope == len(found.readings) == 10
    assert all(reading.hits for reading in found.readings)


@pytest.mark.parametrize("event", range(5))
def test_in_a_large_one_every_outlet_of_the_event_is_asked(large: Library, event: int) -> None:
    found = retrieve(large, EVENTS[event][1], Filters())
    about = {f"e{event}o{outlet:02}" for outlet in reporters(event)}
    others = {f"e{event}x{outlet:02}" for outlet in silent(event)}
    assert about <= ids(found.readings)
    assert others <= ids(found.readings)  # these published at the time, on something else
    assert len(found.readings) <= large.settings.sources_asked and found.in_scope == 60
    assert {reading.article.id for reading in found.readings[:4]} <= about | {UNDATED}


@pytest.mark.parametrize("event", range(5))
@pytest.mark.parametrize("handle", ["large", "beside"])
def test_silence_is_reported_once_for_each_outlet(
    handle: str, event: int, request: pytest.FixtureRequest
) -> None:
    answer = ask(request.getfixturevalue(handle), EVENTS[event][1], engine="extractive")
    told = Counter(answer.sources[item.source].outlet for item in answer.accounts if item.stance == "silent")
    heard = {answer.sources[item.source].outlet for item in answer.accounts if item.stance != "silent"}
    assert set(told.values()) <= {1}
    assert not heard & set(told)
    published = {OUTLETS[outlet] for outlet in [*reporters(event), *silent(event)]}
    assert published <= heard | set(told)
    assert len(heard) >= 2  # several outlets do report it


def test_no_more_sources_are_asked_than_the_settings_say(large: Library, beside: Library) -> None:
    for _, question, _ in EVENTS:
        assert len(retrieve(large, question, Filters()).readings) == 12
        assert 12 < len(retrieve(beside, question, Filters()).readings) <= 40


def test_an_outlet_that_did_not_publish_then_is_not_called_silent(large: Library) -> None:
    answer = ask(large, EVENTS[4][1], engine="extractive")
    absent = set(OUTLETS) - {OUTLETS[outlet] for outlet in [*reporters(4), *silent(4)]}
    assert len(absent) == 1 and not absent & {source.outlet for source in answer.sources.values()}


# --- the budget of each source --------------------------------------------------------------------


def test_no_source_takes_the_place_of_another(large: Library, beside: Library) -> None:
    passages = {key: len(large.catalogue.passages_of(key)) for key in (LONG, "e0o01")}
    assert passages[LONG] > 6 > passages["e0o01"]
    for library, budget in ((large, 4), (beside, 6)):
        for reading in retrieve(library, EVENTS[0][1], Filters()).readings:
            there = len(library.catalogue.passages_of(reading.article.id))
            assert len(reading.hits) == min(budget, there)


def test_the_best_passages_come_first(large: Library) -> None:
    readings = retrieve(large, EVENTS[0][1], Filters()).readings
    for reading in readings:
        scores = [strength(hit) for hit in reading.hits]
        assert scores == sorted(scores, reverse=True)
        assert {hit.passage.article for hit in reading.hits} == {reading.article.id}
    best = [strength(reading.hits[0]) for reading in readings]
    assert best == sorted(best, reverse=True)
    assert readings[0].article.id.startswith("e0o")


# --- filters --------------------------------------------------------------------------------------

FILTERS = [
    Filters(outlets=(OUTLETS[0],)),
    Filters(outlets=(OUTLETS[3], OUTLETS[4])),
    Filters(since="2024-07-20"),
    Filters(until="2024-05-10"),
    Filters(since="2024-05-10", until="2024-09-15"),
    Filters(since="2024-09-15", until="2024-09-15"),
    Filters(outlets=(OUTLETS[0], OUTLETS[9]), since="2024-09-01"),
    Filters(outlets=("The Herald that is not there",)),
    Filters(since="2030-01-01"),
]


def within(article: Article, filters: Filters) -> bool:
    if filters.outlets and article.outlet not in filters.outlets:
        return False
    if filters.since is None and filters.until is None:
        return True
    return article.date is not None and (filters.since or "") <= article.date <= (filters.until or "9")


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("handle", ["large", "beside"])
def test_filters_hold_for_words_and_for_vectors(
    filters: Filters, handle: str, request: pytest.FixtureRequest
) -> None:
    library: Library = request.getfixturevalue(handle)
    allowed = {item.id for item in invented() if within(item, filters)}
    query = make_query(library, EVENTS[4][1])
    near, notices = library.nearest(query.vector, 200, filters)
    worded = library.catalogue.search_words(["satellite", "dam", "people"], 200, filters)
    for passages in ([item.passage for item in near], worded):
        found = {item.article for item in library.catalogue.passages(passages).values()}
        assert found <= allowed
    assert not notices and len({item.passage for item in near}) == len(near)
    assert {item.article for item in rank(library, query, filters)} <= allowed
    read = retrieve(library, EVENTS[4][1], filters)
    assert ids(read.readings) <= allowed and read.in_scope == len(allowed)
    if len(allowed) <= 12:
        assert ids(read.readings) == allowed


def test_an_article_without_date_is_found_unless_dates_are_asked_for(large: Library) -> None:
    query = make_query(large, EVENTS[4][1])
    assert UNDATED in ids(retrieve(large, EVENTS[4][1], Filters()).readings)
    assert UNDATED in {item.article for item in rank(large, query, Filters())}
    for filters in (Filters(since="1900-01-01"), Filters(until="2100-01-01"), Filters(outlets=(OUTLETS[1],))):
        assert UNDATED not in {item.article for item in rank(large, query, filters)}


def test_nothing_is_read_where_nothing_is_in_scope(large: Library) -> None:
    found = retrieve(large, EVENTS[0][1], Filters(since="2030-01-01"))
    assert found.readings == () and found.in_scope == 0


# --- ranking --------------------------------------------------------------------------------------


def test_ranking_is_the_same_every_time_and_by_either_search(large: Library, beside: Library) -> None:
    for event, (_, question, _) in enumerate(EVENTS):
        first, again, exact = (
            [item.article for item in rank(library, make_query(library, question), Filters())]
            for library in (large, large, beside)
        )
        assert first == again
        assert first[:8] == exact[:8]
        assert {key[:2] for key in first[:3] if key != UNDATED} == {f"e{event}"}  # its event leads
    assert retrieve(large, question, Filters()).readings == retrieve(large, question, Filters()).readings


def test_a_question_in_another_language_finds_the_event(large: Library) -> None:
    for question in ("Почему прорвало плотину на озере Меррин?", "Warum brach der Damm am Merrin-See?"):
        found = retrieve(large, question, Filters())
        assert found.readings[0].article.id.startswith("e1o")


# --- words ----------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(max_size=80), st.sampled_from([item[1] for item in EVENTS])), st.text(max_size=80))
def test_shares_of_words_are_shares(large: Library, question: str, text: str) -> None:
    query = make_query(large, question)
    article = Article("x", "A title", text)
    assert all(weight > 0 for weight in query.weights.values())
    assert not query.weights or abs(sum(query.weights.values()) - 1) < 1e-9
    assert 0.0 <= coverage(query, text, article) <= 1.0 + 1e-9
    assert coverage(query, f"{text} {question}", article) >= coverage(query, text, article)


def test_rare_words_weigh_more(large: Library) -> None:
    weights = make_query(large, "Which people were at the spillway?").weights
    assert weights["spillway"] > max(weight for key, weight in weights.items() if key != "spillway")


@pytest.mark.parametrize(
    ("sought", "there", "met"),
    [
        ("donbas", "donbass", True), ("reunif", "reunit", True), ("dam", "dam", True),
        ("dam", "damag", False), ("2018", "2019", False), ("12345", "123456", False), ("inform", "in", False),
        ("press", "pressur", True), ("depth", "departur", False),
    ],
)  # fmt: skip
def test_words_meet_when_they_begin_alike(sought: str, there: str, met: bool) -> None:
    assert alike(sought, there) is met
