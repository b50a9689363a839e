"""Copies of one report count once; two reports on one event do not."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import origins
from assistant.models import Article, Origin, Span
from assistant.origins import copies, origins_of
from assistant.settings import Settings
from tests.conftest import CORPUS, SHARED
from tests.stocking import articles

WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "ei", "ou") for c in ("", "n", "rt", "sk", "ving")
]
EVENTS = SHARED / "data" / "events" / "articles.jsonl.gz"


def prose(seed: int, words: int = 300) -> str:
    chosen = random.Random(seed)
    sentences = [" ".join(chosen.choices(WORDS, k=12)).capitalize() + "." for _ in range(words // 12)]
    return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))


def article(key: str, text: str, title: str = "A title", **facts: object) -> Article:
    return Article(key, title, text, **facts)  # type: ignore[arg-type]


def groups(*articles: Article) -> set[frozenset[str]]:
    found = copies(articles)
    assert sorted(key for origin in found for key in origin.sources) == sorted({item.id for item in articles})
    return {frozenset(origin.sources) for origin in found}


BODY = prose(1)


@pytest.mark.parametrize(
    "copy",
    [
        BODY,
        BODY.replace("\n\n", "\n").replace(" ", "  "),
        BODY.upper(),
        f"Another headline over it\n\n{BODY}",
        f"By A. Reporter\n\n(Agency)\n\n{BODY}\n\nShare on Facebook",
        f"HARBOUR CITY (Agency) - {BODY} Additional reporting by the desk.",
        BODY.replace(" barbou ", " ")
        .replace(BODY.split()[40], "changed", 1)
        .replace(BODY.split()[200], "", 1),
        BODY[: int(len(BODY) * 0.85)],
    ],
)
def test_a_copy_is_one_origin_with_its_model(copy: str) -> None:
    assert groups(article("a", BODY), article("b", copy), article("c", prose(2))) == {
        frozenset("ab"), frozenset("c"),
    }  # fmt: skip


def test_furniture_does_not_make_two_texts_alike_or_unlike() -> None:
    banner = prose(9, 240)
    first, second = f"{banner}\n\n{prose(3, 60)}", f"{banner}\n\n{prose(4, 60)}"
    skip = ((0, len(banner)),)
    assert groups(article("a", first, skip=skip), article("b", second, skip=skip)) == {
        frozenset("a"), frozenset("b"),
    }  # fmt: skip
    assert groups(article("a", first, skip=skip), article("b", prose(3, 60))) == {frozenset("ab")}


def test_every_article_is_in_one_origin_and_the_order_changes_no_id() -> None:
    items = [article(f"k{n}", prose(n % 4)) for n in range(12)] + [
        article("empty", ""),
        article("dots", "..."),
    ]
    found = copies(items)
    assert sorted(key for origin in found for key in origin.sources) == sorted(item.id for item in items)
    assert {origin.id for origin in copies(items[::-1])} == {origin.id for origin in found}
    assert len({origin.id for origin in found}) == len(found)
    for origin in found:
        assert (origin.why != origins.ALONE) == (len(origin.sources) > 1)
    assert copies([]) == ()


def test_what_was_changed_is_said() -> None:
    (same,) = copies([article("a", BODY), article("b", BODY.replace("\n", " "))])
    (edited,) = copies([article("a", BODY), article("b", BODY.replace(BODY.split()[40], "changed", 1))])
    assert "word for word" in same.why
    assert "small edits" in edited.why


def test_scripts_without_spaces_are_compared_too() -> None:
    text = "市长星期一说这座桥已经关闭，修复工程要到明年春天才能完成。港口的船只正在等待。" * 3
    other = "警方星期二逮捕了三名男子，他们被控在城里偷窃汽车。法院将在下周开庭审理此案。" * 3
    assert groups(article("a", text), article("b", text + "记者报道"), article("c", other)) == {
        frozenset("ab"), frozenset("c"),
    }  # fmt: skip


def test_two_hundred_articles_are_compared_at_once() -> None:
    assert len(copies([article(f"k{n}", prose(n, 800)) for n in range(200)])) == 200
    assert len(copies([article(f"c{n}", f"{prose(0, 800)} {n}") for n in range(200)])) == 1


def test_a_chain_of_small_edits_is_one_origin_in_any_order() -> None:
    words = BODY.split()
    first, second, third = (" ".join(words[at : at + 200]) for at in (0, 40, 80))
    items = [article("a", first), article("b", second), article("c", third), article("d", prose(2))]
    for seed in range(6):
        random.Random(seed).shuffle(items)
        assert groups(*items) == {frozenset("abc"), frozenset("d")}


@pytest.mark.skipif(not EVENTS.exists(), reason="../shared/data/events is not beside this checkout")
def test_independent_reports_on_one_event_are_never_one_origin() -> None:
    with gzip.open(EVENTS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    reports = [
        article(str(n), row["text"], row["title"]) for n, row in enumerate(rows) if row["text"].strip()
    ]
    assert len(copies(reports)) == len(reports)
    outlets = [
        replace(item, outlet=row["outlet"], date=row["date"]) for item, row in zip(reports, rows, strict=True)
    ]
    assert len(origins_of(outlets)) == len(reports)


# --- wire stories ---------------------------------------------------------------------------------


def reports(seed: int) -> list[str]:
    return prose(seed, 360).split("\n\n")


def one_origin(*given: Article) -> Origin | None:
    found = origins_of(given)
    assert sorted(key for origin in found for key in origin.sources) == sorted(item.id for item in given)
    return next((origin for origin in found if len(origin.sources) == len(given)), None)


def cut_and_extended(first: str = "", last: str = "", more: str = "") -> tuple[str, str]:
    """A wire story, and what another outlet made of it: the first half of it, and as much of its own."""
    wire, own = reports(11), reports(12)
    return "\n\n".join([*wire, last]), "\n\n".join([first + wire[0], *wire[1:5], *own[:5], more])


@pytest.mark.parametrize(
    ("tag", "first", "last", "agency"),
    [
        ("(AP)", "LONDON (AP) — ", "", "The Associated Press"),
        ("Reuters", "", "With reporting by Reuters.", "Reuters"),
        ("Vardonian Wire Service", "PORT SABEL, 10 October (VWS) - ", "", "Vardonian Wire Service"),
        ("The Associated Press contributed to this report.", "", "(AP)", "The Associated Press"),
        ("Source: RIA Novosti", "МОСКВА, 3 окт - РИА Новости. ", "", "RIA Novosti"),
        ("— dpa", "Berlin (dpa) - ", "", "Deutsche Presse-Agentur"),
        ("Avec AFP", "", "Agence France-Presse", "Agence France-Presse"),
        ("Agencies", "MOSCOW, October 3. /TASS/. ", "", "TASS"),
    ],
)
def test_a_wire_story_that_was_cut_and_extended_is_one_origin(
    tag: str, first: str, last: str, agency: str
) -> None:
    wire, version = cut_and_extended(first, tag, last)
    assert len(copies([article("a", wire), article("b", version)])) == 2
    found = one_origin(article("a", wire, outlet="The Tidings"), article("b", version, outlet="The Courant"))
    assert found is not None
    assert f"both print the report of {agency}: " in found.why
    assert "% of the shorter text's runs of 5 words are shared" in found.why


def test_the_article_of_the_agency_itself_is_the_same_report() -> None:
    wire, version = cut_and_extended("LONDON (Reuters) - ")
    assert one_origin(article("a", wire, outlet="Reuters"), article("b", version, outlet="The Courant"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(AP)", "(Reuters)"),  # two agencies
        ("(AP)", ""),  # only one of the two says so
        ("(Jonathan Ernst/Reuters)", "Image copyright Reuters"),  # pictures
    ],
)
def test_shared_prose_without_a_shared_agency_is_no_reprint(first: str, second: str) -> None:
    wire, version = cut_and_extended(last=first, more=second)
    given = article("a", wire, outlet="The Tidings"), article("b", version, outlet="The Courant")
    assert one_origin(*given) is None


def test_an_agency_tag_alone_joins_nothing() -> None:
    first, second = (
        f"LONDON (AP) — {prose(n)}\n\nThe Associated Press contributed to this report." for n in (1, 2)
    )
    assert one_origin(article("a", first, outlet="X"), article("b", second, outlet="Y")) is None


def test_quotations_that_two_reporters_took_down_join_nothing() -> None:
    said = [f'"{sentence}" he said.' for sentence in prose(5, 240).replace("\n\n", " ").split(". ")]
    first, second = ("\n\n".join(["LONDON (AP) — " + prose(n, 120), *said]) for n in (6, 7))
    given = article("a", first, outlet="X"), article("b", second, outlet="Y")
    assert one_origin(*given) is None


def test_the_planted_wire_copy_says_whose_report_it_is(settings: Settings) -> None:
    harbour = articles(CORPUS / "harbour", settings=settings)
    found = [origin for origin in origins_of(harbour) if len(origin.sources) > 1]
    outlets = {item.id: item.outlet for item in harbour}
    (origin,) = found
    assert {outlets[key] for key in origin.sources} == {"Quayside Post", "The Inland Messenger"}
    assert "both print the report of Vardonian Wire Service" in origin.why


# --- citing ---------------------------------------------------------------------------------------


LETTER = (
    "Der Quillbote reported on Thursday that Ferrowin & Daughters had written to Cassian Drole on 2 May. "
    "The letter bears a stamp.\n\n"
    "The Courant has not seen the letter and relies on Der Quillbote's account of it.\n\n"
    "Torvane told parliament that an inquiry will be led by Constance Merrow."
)
QUILLBOTE = "Ferrowin & Töchter schrieben am 2. Mai an die Gesellschaft. Cassian Drole äußerte sich nicht."


def span_of(text: str, *parts: str) -> list[Span]:
    return [(text.index(part), text.index(part) + len(part)) for part in parts]


def citing(*parts: str, later: bool = False) -> list[set[str]]:
    source = article(
        "q", QUILLBOTE, outlet="Der Quillbote", language="de", date="2023-12-24" if later else None
    )
    given = [
        article("c", LETTER, outlet="The Ellmar Courant", date="2023-10-13"),
        source,
        article("z", prose(3)),
    ]
    return [set(item.sources) for item in origins_of(given, {"c": span_of(LETTER, *parts)})]


def test_an_answer_that_uses_only_what_another_outlet_reported_has_one_origin() -> None:
    assert citing("The letter bears a stamp.", "relies on Der Quillbote's account") == [{"c", "q"}, {"z"}]
    assert citing("The letter bears a stamp.", "an inquiry will be led") == [{"c"}, {"q"}, {"z"}]
    assert citing() == [{"c"}, {"q"}, {"z"}]
    assert citing("The letter bears a stamp.", later=True) == [{"c"}, {"q"}, {"z"}]


def test_two_articles_that_rest_on_a_report_that_was_not_read_are_one_origin() -> None:
    first, second = (
        "The Washington Post reported that he left. He took a bag.",
        "He left, according to the Washington Post.",
    )
    given = [
        article("a", first, outlet="X"),
        article("b", second, outlet="Y"),
        article("c", prose(3), outlet="Z"),
    ]
    found = origins_of(given, {"a": [(0, len(first))], "b": [(0, 7)], "c": [(0, 20)]})
    assert [set(item.sources) for item in found] == [{"a", "b"}, {"c"}]
    assert found[0].why == (
        "what is used of X and Y rests on the report of Washington Post, which was not read"
    )


def test_the_planted_citing_chain_is_one_origin(settings: Settings) -> None:
    given = articles(CORPUS / "harbour", settings=settings)
    by_id = {item.id: item for item in given}
    courant = next(item for item in given if item.title.startswith("Torvane orders"))
    letter = "The letter bears the company's stamp of receipt, dated 4 May"
    own = "They found a hollow about four metres wide beneath the foundation"
    (chain,) = [
        origin
        for origin in origins_of(given, {courant.id: span_of(courant.text, letter)})
        if courant.id in origin.sources
    ]
    assert {by_id[key].outlet for key in chain.sources} == {"The Ellmar Courant", "Der Quillbote"}
    assert chain.why == "what is used of The Ellmar Courant rests on the report of Der Quillbote"
    apart = origins_of(given, {courant.id: span_of(courant.text, letter, own)})
    assert (courant.id,) in [origin.sources for origin in apart]


# --- properties -----------------------------------------------------------------------------------

TEXTS = [
    BODY, BODY.replace(BODY.split()[40], "changed", 1), *cut_and_extended("LONDON (AP) — ", "(AP)"),
    prose(21), "", "Reuters reported that he left. He took a bag.", "He left, according to Reuters.",
    "The Courant reported that he left.", LETTER, QUILLBOTE,
]  # fmt: skip
OUTLETS = ["The Ellmar Courant", "Der Quillbote", "Tidings", None]
LIBRARY = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(OUTLETS)), max_size=7)


def library(rows: list[tuple[str, str | None]]) -> tuple[list[Article], dict[str, list[Span]]]:
    found = [article(f"k{n}", text, outlet=outlet) for n, (text, outlet) in enumerate(rows)]
    return found, {item.id: [(0, min(30, len(item.text)))] for item in found}


def parts(found: tuple[Origin, ...]) -> dict[frozenset[str], tuple[str, str]]:
    return {frozenset(origin.sources): (origin.id, origin.why) for origin in found}


@settings(max_examples=25, deadline=None)
@given(LIBRARY, st.randoms(use_true_random=False))
def test_origins_are_a_partition_that_no_order_and_no_unrelated_article_changes(
    rows: list[tuple[str, str | None]], chosen: random.Random
) -> None:
    given_, spans = library(rows)
    found = origins_of(given_, spans)
    assert sorted(key for origin in found for key in origin.sources) == sorted(item.id for item in given_)
    first = [origin.sources[0] for origin in found]
    assert first == sorted(first, key=lambda key: int(key[1:]))
    for group in copies(given_):
        assert any(set(group.sources) <= set(origin.sources) for origin in found)
    shuffled = chosen.sample(given_, len(given_))
    assert parts(origins_of(shuffled, spans)) == parts(found)
    stranger = article("stranger", prose(99), outlet="Gull & Anchor Weekly")
    more = parts(origins_of([stranger, *given_], {**spans, "stranger": [(0, 40)]}))
    assert more.pop(frozenset({"stranger"}))[1] == origins.ALONE
    assert more == parts(found)
