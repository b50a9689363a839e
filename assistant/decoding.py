"""Bytes to text: what is certain, what is guessed and said so, what is refused."""

from __future__ import annotations

import codecs
import re

from assistant.documents import Parsed
from assistant.errors import InputRefused

_SAMPLE = 50_000  # bytes from which an encoding is guessed

# What newsrooms and archives use; without the list, EBCDIC and Macintosh encodings win on short texts.
_ENCODINGS = {
    "cp1252": "Windows-1252", "cp1251": "Windows-1251", "cp1250": "Windows-1250", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "koi8_r": "KOI8-R", "koi8_u": "KOI8-U", "cp866": "CP866", "iso8859_2": "ISO-8859-2",
    "iso8859_5": "ISO-8859-5", "gb18030": "GB18030 (GBK)", "big5": "Big5", "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP", "cp949": "EUC-KR", "tis_620": "TIS-620",
}  # fmt: skip
# Labels on pages mean the wider encoding, as in the WHATWG Encoding Standard.
_WIDER = {"ascii": "cp1252", "iso8859_1": "cp1252", "iso8859_9": "cp1254", "gb2312": "gb18030",
          "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",  # before UTF-16, which it begins with
          codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip


def decode(data: bytes, name: str, page: bool = False) -> Parsed:
    """`data` as text, with a notice where that took a guess.

    Certain are UTF-8, what a byte order mark says and, for a page, what it declares. Raises InputRefused
    when no encoding fits, or when the result is not text.
    """
    text = _strictly(data, mark_of(data) or "utf-8-sig")
    if text is None and page and (label := _DECLARED.search(data[:4096])):
        text = _strictly(data, _known(label[1].decode("ascii", "replace")))
    parsed = None if text is None else Parsed(text)
    if parsed is None and b"\0" not in data:
        parsed = _nearly_utf8(data) or _guessed(data, name)
    start = parsed.text[:100_000] if parsed else ""
    controls = sum(1 for char in start if char < " " and char not in "\t\n\r\f\v")
    if parsed is None or "\0" in parsed.text or controls * 50 > len(start):
        raise InputRefused(name, "it is binary data, not text", "Save the article as text, and add that.")
    return parsed


def _strictly(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _known(label: str) -> str | None:
    """The codec for a label on a page, if it is one of those above."""
    try:
        name = codecs.lookup(label).name.replace("-", "_")
    except LookupError:
        return None
    name = _WIDER.get(name, name)
    return name if name in _ENCODINGS else None


def _nearly_utf8(data: bytes) -> Parsed | None:
    """`data` read as UTF-8 if only a few bytes of it are damaged, with a notice that counts them."""
    text = data.decode("utf-8-sig", "replace")
    wrong = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - wrong
    return None if wrong * 10 > whole else Parsed(text, notices=(damaged(text),))


def damaged(text: str) -> tuple[str, str]:
    """The notice of a text with bytes that could not be read."""
    count = text.count("\ufffd")
    places = "1 place is" if count == 1 else f"{count} places are"
    return "bytes_damaged", f"In this text {places} damaged and shown as \ufffd."


def _guessed(data: bytes, name: str) -> Parsed:
    """`data` in the encoding that charset-normalizer finds likeliest, with a notice that names it."""
    from charset_normalizer import from_bytes

    # A sample, from the line of the first byte that is not ASCII: whole files would take minutes.
    odd = next(place for place, byte in enumerate(data) if byte > 127)
    start = data.rfind(b"\n", 0, odd) + 1
    end = data.find(b"\n", start + _SAMPLE)
    sample = data[start : end if 0 <= end < start + 2 * _SAMPLE else start + _SAMPLE]
    ranked = [match.encoding for match in from_bytes(sample, cp_isolation=list(_ENCODINGS))]
    for encoding in ranked:
        text = _strictly(data, encoding)
        if text is None or encoding not in _ENCODINGS:
            continue
        # On Western text several encodings give the same letters: the best known is named.
        label = next(shown for same, shown in _ENCODINGS.items() if _strictly(data, same) == text)
        message = f"The text is not UTF-8; it was read as {label}, which is likely but not certain."
        return Parsed(text, notices=(("decoded_as", message),))
    raise InputRefused(
        name,
        "its text is in an encoding that was not recognised",
        "Open it in an editor, save it as UTF-8, and add it again.",
    )


def mark_of(start: bytes) -> str | None:
    """The encoding that a byte order mark at the start of UTF-16 or UTF-32 names."""
    return next((known for mark, known in _MARKS.items() if start.startswith(mark)), None)


def encoding_of(data: bytes, text: str) -> str:
    """The codec by which `decode` made `text` of `data`; UTF-8 where it mended a few bytes."""
    return next(
        (known for known in ("utf-8-sig", *_ENCODINGS) if _strictly(data, known) == text), "utf-8-sig"
    )


def transcoded(data: bytes, charset: str | None) -> bytes:
    """`data` as UTF-8 where a server's word on its charset is needed and fits, else as it came.

    Many servers name a charset for everything that they send, so valid UTF-8 is taken for what it is;
    only encodings that also look like it (UTF-16 without a mark, ISO-2022) are believed first.
    """
    if not charset:
        return data
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return data
    alike = name.startswith(("utf-16", "utf-32")) or name == "iso2022_jp"
    if not alike and _strictly(data, "utf-8-sig") is not None:
        return data
    text = _strictly(data, name if alike else _known(charset))
    return data if text is None else text.encode("utf-8", "replace")
