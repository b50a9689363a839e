"""Archives and saved pages: what is read of them, in which order, and what is said of the rest."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import archives
from assistant.errors import InputRefused
from assistant.models import Article
from tests.loaded import BODY, article, codes, load, named, reasons, refusal, upload, zipped

PAGE = (
    "<!doctype html><html><head><title>Bridge opens</title></head><body><article>"
    "<p>The minister said on Monday that the new bridge over the river will open in May of next year.</p>"
    "<p>The mayor denied it and told reporters that no date has been fixed by the city council.</p>"
    "</article></body></html>"
)


def test_an_archive_is_read_in_the_order_of_a_folder_and_both_names_are_kept(tmp_path: Path) -> None:
    members = [("b/z.txt", BODY), ("c.md", BODY), ("a.html", PAGE), ("b/a.txt", BODY)]
    (tmp_path / "week.zip").write_bytes(zipped(*members))
    assert reasons(load(tmp_path)) == [
        "week.zip/a.html",
        "week.zip/b/a.txt",
        "week.zip/b/z.txt",
        "week.zip/c.md",
    ]
    first = load(tmp_path)[0]
    assert isinstance(first, Article)
    assert first.title == "Bridge opens"


def test_a_file_of_an_archive_reads_as_it_does_alone() -> None:
    alone = article("a.md", f"---\ntitle: T\noutlet: The Exton Post\n---\n{BODY}")
    packed = article("x.zip", zipped(("a.md", f"---\ntitle: T\noutlet: The Exton Post\n---\n{BODY}")))
    assert (packed.id, packed.text, packed.outlet) == (alone.id, alone.text, alone.outlet)


def test_shadows_and_hidden_and_foreign_files_are_passed_over_in_silence() -> None:
    names = ["__MACOSX/._a.txt", ".hidden.txt", ".git/a.txt", "a.png", "b/.c.txt", "a.txt"]
    assert reasons(upload("x.zip", zipped(*((name, BODY) for name in names)))) == ["x.zip/a.txt"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped(), "holds nothing"),
        (zipped(("a.png", b"x"), (".a.txt", BODY)), "no file that can be read"),
        (zipped(("a.txt", BODY))[:-30], "damaged"),
        (b"PK\x05\x06" + bytes(18), "holds nothing"),
        (b"hello", "no .zip file"),
        (b"Rar!\x1a\x07\x00", "RAR archive"),
        (zipped(("a.txt", BODY), method=zipfile.ZIP_BZIP2), "method that is not read"),
    ],
    ids=named,
)
def test_an_archive_without_articles_is_told_why(data: bytes, why: str) -> None:
    assert why in refusal("x.zip", data).why


def test_a_bad_file_is_refused_by_both_names_and_the_others_are_read() -> None:
    good, bad, last = upload("x.zip", zipped(("a.txt", BODY), ("b.pdf", b"nothing"), ("c.txt", BODY)))
    assert isinstance(good, Article)
    assert isinstance(bad, InputRefused)
    assert isinstance(last, Article)
    assert bad.name == "x.zip/b.pdf"


def test_records_inside_an_archive_keep_their_numbers() -> None:
    packed = gzip.compress(json.dumps({"text": BODY}).encode() + b"\n{}\n")
    found, refused = upload("x.zip", zipped(("a.jsonl.gz", packed)))
    assert isinstance(found, Article)
    assert found.title == "a, line 1"
    assert isinstance(refused, InputRefused)
    assert refused.name == "x.zip/a.jsonl.gz line 2"


def test_an_archive_in_an_archive_is_refused_and_its_neighbours_are_read() -> None:
    results = upload("x.zip", zipped(("a.txt", BODY), ("b.zip", zipped(("c.txt", BODY)))))
    assert reasons(results) == ["x.zip/a.txt", "it is an archive inside an archive, and such are not opened"]


def _locked(data: bytes) -> bytes:
    """The archive with the mark of encryption on each entry, in both headers."""
    out = bytearray(data)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            out[place + at] |= 1
            place = data.find(signature, place + 4)
    return bytes(out)


def test_a_locked_archive_is_refused_once() -> None:
    refused = refusal("x.zip", _locked(zipped(("a.txt", BODY), ("b.txt", BODY))))
    assert "password" in refused.why
    assert "Unpack it yourself" in refused.hint


class Unmarked(zipfile.ZipInfo):
    """A file whose name is in some encoding and does not say so, as older programs write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode(self.comment.decode()), 0


@pytest.mark.parametrize("encoding", ["utf-8", "cp866", "cp437"])
def test_names_without_the_mark_of_utf8_are_read_as_they_were_written(encoding: str) -> None:
    names = ["Мост через реку закрыт.txt", "Паром снова ходит по расписанию.txt"]
    if encoding == "cp437":
        names = ["bridge.txt", "weir.txt"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            info = Unmarked(name)
            info.comment = encoding.encode()
            archive.writestr(info, BODY)
    found = upload("x.zip", out.getvalue())
    assert [item.file for item in found if isinstance(item, Article)] == [f"x.zip/{name}" for name in names]


def test_two_files_of_one_name_are_both_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.txt", BODY), ("a.txt", BODY + "The weir is shut."))
    assert len([item for item in upload("x.zip", data) if isinstance(item, Article)]) == 2


def test_paths_that_lead_out_are_names_and_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["../../up.txt", "/etc/root.txt", "C:\\windows\\c.txt"]
    found = upload("x.zip", zipped(*((name, BODY) for name in names)))
    assert all(isinstance(item, Article) for item in found)
    assert not list(tmp_path.iterdir())


def test_sizes_that_a_header_states_falsely_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_RATIO", 10)
    monkeypatch.setattr(archives, "_FREE_BYTES", 1_000)
    data = zipped(("a.txt", "The weir is shut. " * 5_000), ("b.txt", BODY))
    packed = data.replace(struct.pack("<I", 90_000), struct.pack("<I", 400))
    first, second = upload("x.zip", packed)
    assert "damaged" in str(first) or "100 times" in str(first)
    assert isinstance(second, Article)
    grown, _ = upload("x.zip", data)
    assert "more than 10 times its size" in str(grown)


def test_the_bytes_of_all_files_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 500)
    members = [(f"{number}.txt", f"{number} {BODY}") for number in range(20)]
    *found, last = upload("x.zip", zipped(*members))
    assert 0 < len(found) < 20
    assert all(isinstance(item, Article) for item in found)
    assert "0 MB, and the rest was not read" in str(last)


# Pages that a browser saved


def test_the_parts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    # Text files in the place of frames, which would be articles like any others.
    parts = ["page_files/frame.txt", "page-Dateien/deep/other.md", "page_файлы/a.txt", "page_fichiers/a.txt"]
    files = dict.fromkeys([*parts, "notes_files/a.txt", "pages/a.txt"], BODY) | {"page.htm": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    expected = ["a.txt", "the file is empty", "a.txt"]
    assert reasons(load(tmp_path)) == expected, "a folder without its page is a folder like any other"
    packed = [item.file for item in upload("x.zip", zipped(*files.items())) if isinstance(item, Article)]
    assert packed == ["x.zip/notes_files/a.txt", "x.zip/pages/a.txt"]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0032)https://exton.example/weir/shut -->",
        "<!--\n Page saved with SingleFile \n url: https://exton.example/weir/shut \n saved date: Mon\n-->",
    ],
)
def test_a_saved_page_tells_where_it_was_saved_from(comment: str) -> None:
    found = article("a.html", PAGE.replace("<html>", f"<html>{comment}", 1))
    assert found.url == "https://exton.example/weir/shut"
    assert found.date is None, "the day of saving is not the day of the article"
    canonical = '<head><link rel="canonical" href="https://exton.example/weir">'
    both = PAGE.replace("<html>", f"<html>{comment}", 1).replace("<head>", canonical)
    assert article("a.html", both).url == "https://exton.example/weir"


def test_the_address_of_bytes_stands_in_where_a_document_states_none() -> None:
    place = "https://exton.example/fetched"
    assert article("a.html", PAGE, url=place).url == place
    assert article("a.md", f"---\ntitle: T\nurl: https://exton.example/own\n---\n{BODY}", url=place).url == (
        "https://exton.example/own"
    )
    rows = upload("a.csv", f'title,text\nA,"{BODY}"\nB,"{BODY}"\n', url=place)
    assert [item.url for item in rows if isinstance(item, Article)] == [None, None], "it is not theirs"


# Damage

SOUND = zipped(("a.txt", BODY), ("b/c.md", f"# T\n\n{BODY}"), ("d.jsonl", json.dumps({"text": BODY})))


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_archive_gives_articles_or_refusals_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(broken))))
    results = upload("x.zip", bytes(broken[:cut]))
    assert results
    for item in results:
        if isinstance(item, Article):
            assert item.text.strip()
            assert all(isinstance(code, str) for code in codes(item))
        else:
            assert item.hint.endswith(".")
            assert "Error" not in item.why.replace("EOFError", "")
