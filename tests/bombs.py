"""Small files that grow without end when they are read, each made here from nothing.

`python -m tests.bombs FOLDER SECONDS` reads every file of the folder as `add` does, and prints for each what
became of it, the seconds, and the peak of memory so far of this process and of those that it started.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.errors import InputRefused
from assistant.loading import load, load_bytes
from assistant.settings import load as load_settings
from tests.loaded import zipped

DOCUMENT = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'


def nested() -> bytes:
    """As 42.zip: archives in archives, of which the innermost hold a hundred megabytes each."""
    data = zipped(("0.txt", b"0" * 100_000_000))
    for _ in range(3):
        data = zipped(*((f"lib {number}.zip", data) for number in range(16)))
    return data


def overlapping(files: int = 5_000) -> bytes:
    """Fifield's archive: every entry of the directory leads to the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    core = packer.compress(b"a" * 20_000_000) + packer.flush()
    sizes = struct.pack("<III", zlib.crc32(b"a" * 20_000_000), len(core), 20_000_000)
    local = (
        b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 5, 0) + b"a.txt"
    )
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    end = struct.pack("<HHHHIIH", 0, 0, files, files, len(entry) * files, len(local) + len(core), 0)
    return local + core + entry * files + b"PK\x05\x06" + end


def high_ratio(files: int = 2) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(files):
            with archive.open(f"{number}.jsonl", "w", force_zip64=True) as file:
                for _ in range(100):
                    file.write(b" " * 1_000_000)
    return out.getvalue()


def many_files() -> bytes:
    """A million entries of no bytes; written by hand, since the library would take minutes."""
    count = 1_000_000
    fields = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
    directory = (b"PK\x01\x02" + fields + b"a.txt") * count
    zip64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(directory), 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(directory), 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return directory + zip64 + locator + end


def lying() -> bytes:
    data = zipped(("a.txt", "a b " * 20_000_000))
    return data.replace(struct.pack("<I", 80_000_000), struct.pack("<I", 100))


def packed_text() -> bytes:
    """Members below every limit on archives, which are too long for articles."""
    words = b" ".join(b"%d" % number for number in range(1_000_000))
    return zipped(*((f"{number}.txt", words) for number in range(3)))


def word(inside: str) -> bytes:
    return zipped(("[Content_Types].xml", "<x/>"), ("word/document.xml", inside))


def laughs() -> str:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{steps}]>' + DOCUMENT.format(
        "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"
    )


def large_document(megabytes: int = 50) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as file,
    ):
        file.write(b"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>")
        for _ in range(megabytes):
            file.write(b"lol " * 250_000)
    return out.getvalue()


def deep_mail(depth: int = 20_000) -> bytes:
    heads = (f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth))
    return ("Subject: x\n" + "".join(heads) + "\nThe mayor denied it.\n").encode()


def many_parts(count: int = 100_000) -> bytes:
    parts = "--b\nContent-Type: text/plain\n\nx\n" * count
    return f'Subject: x\nContent-Type: multipart/mixed; boundary="b"\n\n{parts}--b--\n'.encode()


def long_header() -> bytes:
    return b"Subject: x\nFrom: " + b"a@exton.example, (((" * 50_000 + b"\n\nThe mayor denied it.\n"


def mailed(bomb: bytes, name: str) -> bytes:
    head = (
        'Subject: x\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/zip\n'
        f'Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{name}"\n\n'
    )
    return head.encode() + base64.encodebytes(bomb) + b"--b--\n"


def flate_pdf(megabytes: int = 100) -> bytes:
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b"BT (a) Tj ET " * 80_000) for _ in range(megabytes)) + packer.flush()
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + b"\nendstream",
    )


def recursive_pdf() -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>")


def many_objects(count: int = 200_000) -> bytes:
    rest = (b"[3 0 R]" for _ in range(count))
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", *rest)


def many_pages(count: int = 300_000) -> bytes:
    kids = b"3 0 R " * count
    page = b"<</Type/Page/Parent 2 0 R>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), page)


def pdf(*objects: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, inside in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, inside)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return bytes(out) + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def quoted(megabytes: int = 20) -> Iterator[bytes]:
    yield b'text\n"'
    for _ in range(megabytes):
        yield b"The mayor denied it.\n" * 47_619


BOMBS: dict[str, Callable[[], bytes]] = {
    "nested.zip": nested,
    "overlapping.zip": overlapping,
    "ratio.zip": high_ratio,
    "many.zip": many_files,
    "lying.zip": lying,
    "text.zip": packed_text,
    "laughs.docx": lambda: word(laughs()),
    "large.docx": large_document,
    "deep.docx": lambda: word(DOCUMENT.format("<w:p>" * 1_000_000)),
    "paragraphs.docx": lambda: word(DOCUMENT.format("<w:p/>" * 1_000_000)),
    "deep.eml": deep_mail,
    "parts.eml": many_parts,
    "header.eml": long_header,
    "carrier.eml": lambda: mailed(high_ratio(), "a.zip"),
    "table.csv.gz": lambda: gzip.compress(b"".join(quoted()), 1),
    "blank.jsonl.gz": lambda: gzip.compress(b"\n" * 50_000_000, 1),
    "values.json": lambda: b"[" + b"{}," * 10_000_000 + b"{}]",
    "emoji.txt": lambda: "🙂 a ".encode() * 1_400_000,
    "long.md": lambda: b"a " * 11_000_000,
    "flat.html": lambda: b"<p>" * 7_000_000,
    "unclosed.html": lambda: b"<html><body>" + b"<b><i><p>a " * 50_000,
    "deep.html": lambda: b"<html><body>" + b"<div>" * 200_000,
    "links.html": lambda: b"<html><body>" + b"<p><a href='/'>link</a> and words.</p>" * 100_000,
    "flate.pdf": flate_pdf,
    "recursive.pdf": recursive_pdf,
    "objects.pdf": many_objects,
    "pages.pdf": many_pages,
    "deep.webarchive": lambda: b"<?xml version='1.0'?><plist>" + b"<array>" * 500_000,
}


def _peak() -> int:
    """The most memory that this process had since it was set back, in kilobytes."""
    with contextlib.suppress(OSError, StopIteration):
        told = Path("/proc/self/status").read_text().splitlines()
        return int(next(line.split()[1] for line in told if line.startswith("VmHWM")))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(folder: Path, seconds: float) -> None:
    """Reads the files, each with its own line of JSON, after an article that takes what any article takes."""
    own = load_settings(parse_seconds=seconds)
    text = b"The minister said that the bridge would open, and the mayor denied it. " * 9
    list(load_bytes("a.txt", text, settings=own))
    for path in sorted(folder.iterdir()):
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # sets the peak of this process back
        start = time.monotonic()
        results = list(load([path], settings=own))
        took = time.monotonic() - start
        peaks = [_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
        said = [str(item) if isinstance(item, InputRefused) else "" for item in results]
        told = json.dumps({"name": path.name, "said": said, "seconds": took, "peaks": peaks})
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
