"""Bytes to text: what is certain, what is guessed and said so, what is refused."""

from __future__ import annotations

import pytest

from tests.loaded import article, codes, refusal

RUSSIAN = (
    "Пресс-секретарь президента России заявил, что Москва больше не может терпеть расширение альянса.\n\n"
    "По его словам, обещание было дано устно, а «документа нет». Представители НАТО это отрицают."
)
CHINESE = (
    "克里姆林宫发言人周日表示，北约正在逐步扩大。\n\n"
    "他说：“我们不能再容忍这种情况。”北约否认曾作出不东扩的承诺。"
)
FRENCH = (
    "Le président a déclaré que « la situation est préoccupante » et qu’il n’accepterait pas l’élargissement."
)


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN.replace("«", '"').replace("»", '"'), "koi8_r", "KOI8-R"),
        (FRENCH, "cp1252", "Windows-1252"),
        (CHINESE, "gbk", "GB18030"),
    ],
)
def test_a_guessed_encoding_is_named(text: str, encoding: str, named: str) -> None:
    found = article("a.txt", text.encode(encoding))
    assert found.text == text
    (notice,) = [notice for notice in found.notices if notice.code == "decoded_as"]
    assert named in notice.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_certain_encoding_needs_no_notice(encoding: str) -> None:
    found = article("a.txt", RUSSIAN.encode(encoding))
    assert found.text == RUSSIAN
    assert "decoded_as" not in codes(found)


def test_a_damaged_byte_in_utf8_shows_and_is_counted_and_the_rest_stays_right() -> None:
    data = RUSSIAN.encode()
    found = article("a.txt", data[:41] + data[42:])
    assert found.text.count("\ufffd") == 1
    assert "«документа нет»" in found.text
    assert "1 place is" in next(notice.text for notice in found.notices if notice.code == "bytes_damaged")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n ", "white space"),
        ("a.txt", b"--- ... !!", "no words"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "PNG image"),
        ("a.txt", b"PK\x03\x04\x14\x00", "ZIP archive"),
        ("a.md", b"%PDF-1.7\n", "PDF document"),
        ("a.txt", b"<!DOCTYPE html><html><body><p>x</p>", "web page"),
        ("a.pdf", b"<html><body>404</body>", "web page"),
        ("a.html", b"%PDF-1.7\n", "PDF document"),
        ("a.txt", b"text\x00with\x00zeros", "binary"),
        ("a.txt", b"\x01\x02\x03\x04 some \x05\x06", "binary"),
        ("a.txt", bytes(range(128, 256)) * 30 + b"\x00", "binary"),
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "kind"),
        ("README", b"text", "kind"),
        ("a.json", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
    ],
)
def test_bad_bytes_are_refused_with_the_reason(name: str, data: bytes, why: str) -> None:
    assert why in refusal(name, data).why
