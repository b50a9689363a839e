"""HTML and PDF in the child process: what they give, and that no document can harm the others."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from assistant import loading, parsing
from assistant.errors import InputRefused
from assistant.models import Article
from assistant.parsing import Parser
from assistant.settings import load as load_settings

PARAGRAPHS = (
    "The minister said on Monday that the new bridge over the river will open in May of next year.",
    "The mayor denied it and told reporters that no date has been fixed by the city council.",
    "The builders did not answer questions that this newspaper sent to them last week.",
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    child = Parser(20.0, 800)
    yield child
    child.close()


def page(body: str, head: str = "", lang: str = ' lang="en-GB"') -> bytes:
    return f"<!doctype html><html{lang}><head>{head}</head><body>{body}</body></html>".encode()


ARTICLE = "<article>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</article>"
MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>'


def pdf(*pages: str, lock: str | None = None, title: str | None = None) -> bytes:
    """A PDF with one line of Helvetica for each line of each page."""
    writer = PdfWriter()
    for text in pages:
        sheet = writer.add_blank_page(595, 842)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject("/F1"): DictionaryObject(
            {NameObject(key): NameObject(value) for key, value in font.items()})})  # fmt: skip
        sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        shown = " T* ".join(f"({line}) Tj" for line in text.split("\n"))
        stream.set_data(f"BT /F1 11 Tf 14 TL 40 800 Td {shown} ET".encode("latin-1"))
        sheet[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title, "/Author": "Jane Roe"})
    if lock is not None:
        writer.encrypt(lock, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# HTML


def test_a_page_gives_its_article_and_not_its_menu(parser: Parser) -> None:
    found = parser.read("html", "a.html", page(MENU + ARTICLE + "<footer>Imprint</footer>"))
    assert found.text == "\n\n".join(PARAGRAPHS)


def test_a_headline_in_the_page_and_its_furniture_stay_out_of_passages() -> None:
    body = ARTICLE.replace("<article>", "<article><h1>Bridge opens</h1>").replace(
        "</art", "<p>Leave a Reply</p></art"
    )
    (found,) = loading.load_bytes("a.html", page(body), settings=load_settings(parse_seconds=20))
    assert isinstance(found, Article)
    assert (found.title, found.language) == ("Bridge opens", "en")
    assert [found.text[start:end] for start, end in found.skip] == ["Bridge opens", "Leave a Reply"]


def test_metadata_comes_from_explicit_markup(parser: Parser) -> None:
    head = (
        '<title>Bridge | The Courier</title><link rel="canonical" href="https://courier.example/bridge">'
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, '
        '{"@type": "NewsArticle", "headline": "Bridge &amp; river", "datePublished": "2022-01-23T10:00:00Z", '
        '"author": [{"name": "A B"}, {"name": "C D"}], '
        '"publisher": {"@type": "Organization", "name": "The Courier"}}]}</script>'
    )
    found = parser.read("html", "a.html", page(ARTICLE, head))
    assert (found.title, found.outlet, found.author) == ("Bridge & river", "The Courier", "A B, C D")
    assert (found.date, found.language) == ("2022-01-23T10:00:00Z", "en-GB")
    assert found.url == "https://courier.example/bridge"


def test_metadata_from_meta_elements_and_time(parser: Parser) -> None:
    head = (
        '<meta property="og:title" content="Bridge"><meta property="og:site_name" content="Courier">'
        '<meta name="author" content="A B"><meta property="og:url" content="https://courier.example/b">'
        '<meta property="article:author" content="https://facebook.com/ab">'
        '<script type="application/ld+json">{broken</script>'
    )
    body = ARTICLE.replace("<article>", '<article><time datetime="2022-01-23">Sunday</time>')
    found = parser.read("html", "a.html", page(body, head))
    assert (found.title, found.outlet, found.author) == ("Bridge", "Courier", "A B")
    assert (found.date, found.url) == ("2022-01-23", "https://courier.example/b")


def test_nothing_is_guessed_from_addresses_and_prose(parser: Parser) -> None:
    body = (
        ARTICLE
        + '<p>Printed on 3 March 2021.</p><img src="/2019/05/06/a.jpg"><p class="byline">By Ann Other</p>'
    )
    head = '<link rel="canonical" href="https://courier.example/2020/01/02/bridge">'
    found = parser.read("html", "a.html", page(body, head, lang=""))
    assert (found.date, found.outlet, found.author, found.language, found.title) == (None,) * 5


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "no article text"),
        (MENU, "no article text"),
        ('<noscript>Enable JavaScript.</noscript><div id="root"></div><script>go()</script>', "script"),
    ],
)
def test_a_page_without_an_article_is_refused(parser: Parser, body: str, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        parser.read("html", "a.html", page(body))


def test_a_page_in_its_declared_encoding_needs_no_guess(tmp_path: Path) -> None:
    text = "Пресс-секретарь президента заявил, что обещание было дано устно, а документа нет."
    for place, head in enumerate(('<meta charset="windows-1251">', '<meta charset="nonsense">')):
        data = page(f"<article><p>{text}</p></article>", head).decode().encode("cp1251")
        (tmp_path / f"{place}.html").write_bytes(data)
    declared, guessed = loading.load([tmp_path], settings=load_settings(parse_seconds=20))
    assert isinstance(declared, Article)
    assert isinstance(guessed, Article)
    assert declared.text == guessed.text == text
    assert [notice.code for notice in declared.notices] == ["title_from_file_name"]
    assert "decoded_as" in [notice.code for notice in guessed.notices]


# PDF


def test_a_pdf_gives_its_pages_in_order(parser: Parser) -> None:
    found = parser.read("pdf", "a.pdf", pdf("First page\nsecond line", "Second page", title="Bridge"))
    assert found.text == "First page\nsecond line\n\nSecond page"
    assert (found.title, found.author, found.date) == ("Bridge", "Jane Roe", None)


@pytest.mark.parametrize("title", ["Microsoft Word - draft.docx", "untitled", "final.indd", "Slide 1"])
def test_a_title_that_a_program_wrote_is_not_taken(parser: Parser, title: str) -> None:
    assert parser.read("pdf", "a.pdf", pdf("Text", title=title)).title is None


def test_a_pdf_with_an_empty_password_opens(parser: Parser) -> None:
    assert parser.read("pdf", "a.pdf", pdf("Open to all", lock="")).text == "Open to all"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf("Secret", lock="abc"), "password"),
        (pdf(), "no pages"),
        (pdf("", ""), "images without text"),
        (pdf("Text")[:200], "damaged"),
        (b"%PDF-1.7\nnothing", "damaged"),
    ],
)
def test_bad_pdfs_are_refused_with_the_reason(parser: Parser, data: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why) as caught:
        parser.read("pdf", "a.pdf", data)
    assert str(caught.value).startswith("a.pdf: ")
    assert caught.value.hint.endswith(".")


# The child


def test_a_bomb_ends_in_time_and_the_next_document_is_read() -> None:
    child = Parser(2.0, 800)
    try:
        child.read("html", "warm.html", page(ARTICLE))
        start = time.monotonic()
        with pytest.raises(InputRefused, match=r"longer than 2 s|memory"):
            child.read("html", "bomb.html", b"<p>" * 1_600_000)
        assert time.monotonic() - start < 30  # it would take longer by far
        assert child.read("html", "a.html", page(ARTICLE)).text.startswith("The minister")
    finally:
        child.close()


def test_a_page_above_the_cap_is_refused_without_a_child() -> None:
    child = Parser(2.0, 800)
    with pytest.raises(InputRefused, match="more than 5 MB"):
        child.read("html", "a.html", b"<p>" * 1_700_000)
    assert child._child is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to this limit")
def test_too_little_memory_is_a_refusal_and_not_a_crash() -> None:
    child = Parser(20.0, 60)
    try:
        with pytest.raises(InputRefused, match=r"could not start|memory"):
            child.read("html", "a.html", page(ARTICLE))
    finally:
        child.close()


def test_one_child_serves_a_call_and_is_replaced_when_it_dies(parser: Parser) -> None:
    parser.read("html", "a.html", page(ARTICLE))
    first = parser._child
    assert first is not None
    parser.read("pdf", "a.pdf", pdf("Text"))
    assert parser._child is first
    first.kill()
    first.wait()
    assert parser.read("pdf", "a.pdf", pdf("Text")).text == "Text"
    assert parser._child is not first


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    child = Parser(5.0, 800)
    try:
        child.read("pdf", "a.pdf", pdf("Text"))
        assert child._child is not None
        environment = Path(f"/proc/{child._child.pid}/environ")
        if not environment.exists():
            pytest.skip("this system has no /proc")
        assert b"sk-secret" not in environment.read_bytes()
    finally:
        child.close()


def test_what_a_library_prints_does_not_break_the_pipe() -> None:
    code = (
        "import sys, assistant.parsing as p\n"
        "def noisy(data, name):\n"
        "    print('noise' * 100, flush=True); sys.stdin.read(); return p.Parsed('fine')\n"
        "p._READERS['pdf'] = noisy\n"
        "p.main()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "800"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdin
    assert child.stdout
    with child:
        parsing._send(child.stdin, {"kind": "pdf", "name": "a", "size": 1, "seconds": 5}, b"x")
        assert parsing._receive(child.stdout)["parsed"]["text"] == "fine"
        child.kill()


def test_the_child_leaves_with_its_parent() -> None:
    code = (
        "import sys, time\nfrom assistant.parsing import Parser\n"
        "child = Parser(5.0, 800)\nchild._start('pdf', 'a')\n"
        "print(child._child.pid, flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout
    with parent:
        pid = int(parent.stdout.readline())
        os.kill(pid, 0)
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and _alive(pid):
            time.sleep(0.05)
        alive = _alive(pid)
        if alive:
            os.kill(pid, signal.SIGKILL)
    assert not alive


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_closing_a_half_read_call_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Parser] = []

    class Seen(Parser):
        def __init__(self, seconds: float, megabytes: int) -> None:
            super().__init__(seconds, megabytes)
            made.append(self)

    monkeypatch.setattr(loading, "Parser", Seen)
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(page(ARTICLE))
    results = loading.load([tmp_path], settings=load_settings(parse_seconds=20))
    assert isinstance(next(results), Article)
    child = made[0]._child
    assert child is not None
    assert child.poll() is None
    results.close()  # type: ignore[attr-defined]
    assert child.poll() is not None
