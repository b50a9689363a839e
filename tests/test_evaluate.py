"""`evaluate` over sets whose outcome is known, and over sets that are not as they should be."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant import cli
from assistant.evaluate import run
from assistant.records import EvaluationError, Metrics
from assistant.settings import Settings

ARTICLES: list[dict[str, Any]] = [
    {"id": "fire1", "outlet": "A", "date": "2024-03-04", "title": "Chocolate factory burns",
     "text": "A fire destroyed the chocolate factory in Brunnfeld on Monday night."},
    {"id": "fire2", "outlet": "B", "date": "2024-03-05", "title": "Cocoa in flames",
     "text": "The Brunnfeld chocolate works burned for nine hours; the cause of the fire is not known."},
    {"id": 7, "outlet": "A", "date": "2024-05-10", "title": "Dam gives way",
     "text": "The earth dam at Lake Merrin gave way after a week of rain and flooded three villages."},
    {"id": "tart", "outlet": "B", "date": "2024-07-20", "title": "Rhubarb tart",
     "text": "Cut the rhubarb into short pieces and bake the tart until the crust is golden."},
]  # fmt: skip
FIRE = {"query": "What burned in the chocolate factory at Brunnfeld?", "gold": ["fire1", "fire2"]}
DAM = {"query": "Why did the dam at Lake Merrin give way?", "gold": [7]}
GONE = {"query": "How is rhubarb tart baked?", "gold": ["not in the file"]}


def lines(*records: object) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def folder(path: Path, articles: str | None, queries: str | None, *, zipped: bool = False) -> Path:
    for name, text in (("articles.jsonl", articles), ("queries.jsonl", queries)):
        if text is not None and zipped:
            (path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        elif text is not None:
            (path / name).write_text(text, encoding="utf-8")
    return path


def measured(path: Path, settings: Settings) -> Metrics:
    return run("retrieval", path, settings, lambda _: None)


def wrong(path: Path, settings: Settings) -> str:
    with pytest.raises(EvaluationError) as caught:
        measured(path, settings)
    assert str(caught.value).endswith(".")
    return str(caught.value)


# --- a known outcome ------------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True])
def test_the_metrics_of_a_known_outcome(tmp_path: Path, settings: Settings, zipped: bool) -> None:
    path = folder(tmp_path, lines(*ARTICLES), lines(FIRE, DAM, GONE), zipped=zipped)
    found = measured(path, settings)
    # The two fires lead their query, one of them first; the dam is first; what is not there is never found.
    assert found["recall@1"] == pytest.approx((0.5 + 1 + 0) / 3, abs=1e-4)
    assert found["recall@5"] == found["recall@20"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["all_sources@3"] == found["all_sources@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["mrr"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["queries"], found["articles"]) == (3, 4)
    assert found["articles_per_s"] > 0 and 0 < found["query_ms_p50"] <= found["query_ms_p95"]
    assert json.loads(json.dumps(found)) == found


def test_ids_stay_right_when_records_are_refused_or_lines_are_blank(
    tmp_path: Path, settings: Settings
) -> None:
    empty = {"id": "empty", "title": "Nothing", "text": ""}
    articles = lines(ARTICLES[0], "", empty, "  ", ARTICLES[2], ARTICLES[3])
    found = measured(folder(tmp_path, articles, lines(DAM)), settings)
    assert found["recall@1"] == found["mrr"] == 1.0 and found["articles"] == 3


def test_the_library_of_the_settings_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    measured(folder(tmp_path, lines(*ARTICLES), lines(DAM)), settings)
    assert not settings.library.exists()


# --- what is not as it should be ------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path, settings: Settings) -> None:
    assert "articles.jsonl" in wrong(tmp_path, settings)
    assert "queries.jsonl" in wrong(folder(tmp_path, lines(*ARTICLES), None), settings)
    assert "articles.jsonl" in wrong(tmp_path / "no such folder", settings)


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        (lines(FIRE, '{"query": '), "queries.jsonl line 2"),
        (lines(FIRE, "", "[1]"), "queries.jsonl line 3"),
        (lines(FIRE, "7"), "queries.jsonl line 2"),
        (lines({"query": "What burned?"}), "gold"),
        (lines({"query": "What burned?", "gold": []}), "gold"),
        (lines({"query": "What burned?", "gold": "fire1"}), "gold"),
        (lines({"gold": ["fire1"]}), "query"),
        ("", "no queries"),
        ("\n \n", "no queries"),
    ],
)
def test_a_broken_line_of_queries_is_named(
    tmp_path: Path, settings: Settings, queries: str, said: str
) -> None:
    assert said in wrong(folder(tmp_path, lines(*ARTICLES), queries), settings)


def test_a_broken_line_of_articles_is_named(tmp_path: Path, settings: Settings) -> None:
    path = folder(tmp_path, lines(ARTICLES[0], '{"id": 1, "text": "cut'), lines(DAM))
    assert "articles.jsonl line 2" in wrong(path, settings)


def test_bytes_that_are_no_gzip_and_no_text_are_named(tmp_path: Path, settings: Settings) -> None:
    folder(tmp_path, lines(*ARTICLES), None)
    (tmp_path / "queries.jsonl.gz").write_bytes(b"no gzip")
    assert "queries.jsonl.gz" in wrong(tmp_path, settings)
    (tmp_path / "queries.jsonl.gz").write_bytes(gzip.compress(lines(DAM).encode())[:-9])
    assert "queries.jsonl.gz" in wrong(tmp_path, settings)
    (tmp_path / "queries.jsonl").write_bytes(b'{"query": "\xff\xfe", "gold": ["a"]}\n')
    assert "queries.jsonl line 1" in wrong(tmp_path, settings)


def test_a_set_without_a_single_article_is_named(tmp_path: Path, settings: Settings) -> None:
    path = folder(tmp_path, lines({"id": "a", "title": "Nothing", "text": ""}), lines(DAM))
    assert "articles.jsonl" in wrong(path, settings)


def test_an_unknown_suite_names_the_known_ones(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(EvaluationError, match=r"'taste'.*retrieval"):
        run("taste", tmp_path, settings, lambda _: None)


# --- quotes ---------------------------------------------------------------------------------------

HALL = "“The roof is not safe,” said Ida Brekk, the caretaker. “It is,” the builder, Jon Aske, replied."
HOUSE: dict[str, Any] = {
    "sources": [{"id": "hall", "text": HALL}, {"id": 2, "text": "Nobody was in the hall."}]
}
RIGHT: dict[str, Any] = HOUSE | {
    "quote": "The roof is not safe", "claimed_source": "hall", "speaker": "Ida Brekk", "status": "verbatim"
}  # fmt: skip
WRONG: dict[str, Any] = RIGHT | {"quote": "The roof is safe", "status": "altered"}


def quotes(path: Path, text: str, settings: Settings, name: str = "quotes.jsonl") -> Metrics:
    data = text.encode()
    (path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return run("quotes", path / name, settings, lambda _: None)


@pytest.mark.parametrize("name", ["quotes.jsonl", "quotes.jsonl.gz"])
def test_the_figures_of_known_quotations(tmp_path: Path, settings: Settings, name: str) -> None:
    accepted_wrongly = RIGHT | {"status": "not_found"}
    refused_wrongly = WRONG | {"status": "elided"}
    spaced = RIGHT | {"quote": "the roof is  not safe", "status": "verbatim_spacing"}
    found = quotes(
        tmp_path, lines(RIGHT, WRONG, "", accepted_wrongly, refused_wrongly, spaced), settings, name
    )
    assert (found["cases"], found["false_accepts"], found["false_rejects"]) == (5, 1, 1)
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert [found[f"verbatim.{name}"] for name in ("count", "right", "accepted")] == [1, 1, 1]
    assert [found[f"not_found.{name}"] for name in ("count", "right", "accepted")] == [1, 0, 1]
    assert [found[f"stitched.{name}"] for name in ("count", "right", "accepted")] == [0, 0, 0]
    assert 0 <= found["ms_p50"] <= found["ms_max"]
    assert json.loads(json.dumps(found)) == found


def test_what_is_not_claimed_may_be_null_or_left_out(tmp_path: Path, settings: Settings) -> None:
    null = RIGHT | {"claimed_source": None, "speaker": None}
    bare = {key: value for key, value in RIGHT.items() if key not in ("claimed_source", "speaker")}
    other = RIGHT | {"claimed_source": 2, "status": "misattributed"}
    unknown = RIGHT | {"claimed_source": "not in the list", "status": "misattributed"}
    speaker = RIGHT | {"speaker": "Jon Aske", "status": "misattributed"}
    found = quotes(tmp_path, lines(null, bare, other, unknown, speaker), settings)
    assert (found["accuracy"], found["cases"]) == (1, 5)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"quote": None}, "quote"),
        ({"quote": ["The roof"]}, "quote"),
        ({"sources": []}, "sources"),
        ({"sources": HALL}, "sources"),
        ({"sources": [HALL]}, "sources"),
        ({"sources": [{"id": "hall"}]}, "sources"),
        ({"sources": [{"text": HALL}]}, "sources"),
        ({"status": "paraphrased"}, "status"),
        ({"status": None}, "status"),
        ({"status": ["verbatim"]}, "status"),
        ({"claimed_source": ["hall"]}, "claimed_source"),
        ({"speaker": 7}, "speaker"),
    ],
)
def test_a_broken_quotation_is_named_with_its_line_and_field(
    tmp_path: Path, settings: Settings, broken: dict[str, Any], field: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        quotes(tmp_path, lines(RIGHT, "", RIGHT | broken), settings)
    assert "quotes.jsonl line 3" in str(caught.value) and repr(field) in str(caught.value)


def test_a_file_of_quotations_that_cannot_be_read_is_named(tmp_path: Path, settings: Settings) -> None:
    for text, said in (("", "no cases"), ("\n", "no cases"), (lines(RIGHT, "{"), "line 2"), ("[]", "line 1")):
        with pytest.raises(EvaluationError, match=said):
            quotes(tmp_path, text, settings)
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(EvaluationError, match=path.name):
            run("quotes", path, settings, lambda _: None)


def test_quotes_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "quotes.jsonl"

    def command(text: str) -> tuple[int, str, str]:
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["news-assistant", "evaluate", "quotes", str(path)])
        with pytest.raises(SystemExit) as left:
            cli.main()
            raise SystemExit(0)
        return int(left.value.code or 0), *capsys.readouterr()

    code, out, _ = command(lines(RIGHT, WRONG))
    assert code == 0 and json.loads(out)["false_accepts"] == 0
    code, out, err = command(lines(RIGHT, WRONG | {"status": 1}))
    assert code == 1 and not out and "line 2" in err and "status" in err


def test_measuring_never_writes_to_the_stores_of_the_settings(tmp_path: Path) -> None:
    article = {"id": "a", "title": "The bridge", "text": "The bridge in Port Sabel was closed on Monday."}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"query": "the bridge", "gold": ["a"]}))
    shared = Settings(  # servers that are not there: using them would fail
        library=tmp_path / "library",
        database_url=SecretStr("postgresql://nobody@127.0.0.1:9/none"),
        chroma_url="http://127.0.0.1:9",
    )
    assert run("retrieval", tmp_path, shared, lambda _: None)["recall@1"] == 1
    assert not (tmp_path / "library").exists()
