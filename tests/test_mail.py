"""Mails and pages saved as one file: what they are taken for, and what stays open."""

from __future__ import annotations

import io
import plistlib
import zipfile
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputRefused
from assistant.mail import Letter, read_letter, read_mhtml, read_webarchive
from assistant.models import Article
from tests.loaded import BODY, article, codes, named, reasons, refusal, upload, zipped

PARAGRAPHS = (
    "The minister said on Monday that the new bridge over the river will open in May of next year.",
    "The mayor denied it and told reporters that no date has been fixed by the city council.",
)
PAGE = "<html><body>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</body></html>"
DAY = "Tue, 07 Mar 2023 08:00:00 +0000"


def mail(text: str | None = "\n\n".join(PARAGRAPHS), page: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "Subject": "Bridge to open in May",
        "From": "Ada Exton <ada@exton.example>",
        "Date": DAY,
    } | headers
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    if page is not None:
        message.add_alternative(page, subtype="html")
    return message


def letter(message: EmailMessage) -> Letter:
    return read_letter(message.as_bytes(), "a.eml")


def notices(found: Letter) -> str:
    return " ".join(text for _, text in found.article.notices)


def test_a_mail_of_one_person_is_by_that_person() -> None:
    found = article("a.eml", mail().as_bytes())
    assert (found.title, found.author, found.outlet) == ("Bridge to open in May", "Ada Exton", None)
    assert (found.date, found.text, found.file) == ("2023-03-07", "\n\n".join(PARAGRAPHS), "a.eml")
    assert "from_mail" in codes(found)


def test_a_newsletter_is_of_its_outlet() -> None:
    sent = mail(From="The Exton Post <news@exton.example>", List_Unsubscribe="<https://exton.example/u>")
    found = letter(sent).article
    assert (found.outlet, found.author, found.date) == ("The Exton Post", None, DAY)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Fwd: Bridge to open in May", "\n\n".join(PARAGRAPHS)),
        ("WG: Bridge to open in May", "\n\n".join(PARAGRAPHS)),
        ("Bridge to open in May", "See below.\n\n---------- Forwarded message ---------\n" + PARAGRAPHS[0]),
        ("Bridge to open in May", "Begin forwarded message:\n\n" + PARAGRAPHS[0]),
    ],
)
def test_who_forwards_an_article_has_not_written_it(subject: str, text: str) -> None:
    found = letter(mail(text, Subject=subject, List_Id="<x.exton.example>"))
    told = found.article
    assert (told.title, told.author, told.outlet, told.date) == ("Bridge to open in May", None, None, None)
    assert "forwarded by Ada Exton" in notices(found)


def test_the_page_of_a_mail_is_read_and_its_plain_text_where_the_page_gives_little() -> None:
    junk = "View this mail in your browser"
    assert letter(mail(junk, PAGE)).article.text == "\n\n".join(PARAGRAPHS)
    empty = "<html><body><img src='x.png'><a href='/'>Unsubscribe</a></body></html>"
    assert letter(mail("\n\n".join(PARAGRAPHS), empty)).article.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
def test_text_is_decoded_as_the_mail_says(charset: str) -> None:
    text = "Городской совет решил закрыть старый мост.\n"
    message = EmailMessage()
    message["Subject"] = "Мост закрыт"
    message.set_content(text, charset=charset)
    found = letter(message).article
    assert (found.text, found.title, found.notices[0][0]) == (text.strip(), "Мост закрыт", "from_mail")


def test_lines_that_a_mail_program_broke_are_joined() -> None:
    raw = (
        b"Subject: A\nContent-Type: text/plain; format=flowed\n\n"
        b"The bridge over the river \nwill open in May.\n\nThe mayor \ndenied it.\n"
    )
    assert (
        read_letter(raw, "a").article.text
        == "The bridge over the river will open in May.\n\nThe mayor denied it."
    )


def test_attachments_that_can_be_read_are_articles_and_the_others_are_named() -> None:
    message = mail()
    message.add_attachment(BODY.encode(), maintype="text", subtype="plain", filename="story.txt")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="table.xlsx")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png", disposition="inline")
    message.add_attachment(mail(Subject="Inside"), filename="inside")
    first, second, third = upload("a.eml", message.as_bytes())
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert reasons([first, second, third]) == ["a.eml", "a.eml/story.txt", "a.eml/inside.eml"]
    assert "not read: table.xlsx." in " ".join(notice.text for notice in first.notices)
    assert third.title == "Inside"


def test_a_mail_that_only_carries_a_file_gives_that_file() -> None:
    message = mail(None)
    message.add_attachment(zipped(("b.txt", BODY)), maintype="application", subtype="zip", filename="a.zip")
    assert reasons(upload("m.eml", message.as_bytes())) == ["m.eml/a.zip/b.txt"]


def test_a_mail_in_a_mail_in_a_mail_is_not_opened() -> None:
    inner = mail("The innermost text is not read.", Subject="3")
    middle = mail(Subject="2")
    middle.add_attachment(inner, filename="3.eml")
    outer = mail(Subject="1")
    outer.add_attachment(middle, filename="2.eml")
    *found, refused = reasons(upload("1.eml", outer.as_bytes()))
    assert found == ["1.eml", "1.eml/2.eml"]
    assert "archive inside an archive" in refused


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Subject: x\n\n", "no text"),
        (b"just some words without a header", "none of the headers"),
        (b"Subject: x\nContent-Type: image/png\nContent-Disposition: attachment\n\nx", "no attachment"),
    ],
    ids=named,
)
def test_a_mail_without_text_is_told_why(data: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read_letter(data, "a.eml")


def test_a_picture_under_the_name_of_a_mail_is_refused() -> None:
    assert "PNG image" in refusal("a.eml", b"\x89PNG\r\n\x1a\n").why


@pytest.mark.parametrize(
    "header", ["From: =?utf-8?b?////?= <", "From: @@@;;;<<>>", "Date: never", "Subject: =?x?q?=FF?="]
)
def test_odd_headers_do_not_lose_the_text(header: str) -> None:
    found = read_letter(header.encode() + b"\n\nThe mayor denied it.", "a")
    assert found.article.text == "The mayor denied it."


# Pages saved as one file


def mhtml(page: str = PAGE, charset: str = "utf-8") -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://exton.example/weir\r\n"
        "Subject: The weir\r\nDate: Tue, 7 Mar 2023 08:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
    )
    part = f"--b\r\nContent-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    style = "\r\n--b\r\nContent-Type: text/css\r\n\r\np { }"
    rest = f"{style}\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>ad</p>\r\n--b--\r\n"
    return head.encode() + part.encode() + page.encode(charset) + rest.encode()


def test_a_page_that_chrome_saved_is_read_with_its_address_and_not_the_day_of_saving() -> None:
    found = article("a.mhtml", mhtml())
    assert (found.text, found.url) == ("\n\n".join(PARAGRAPHS), "https://exton.example/weir")
    assert (found.title, found.date, found.author, found.outlet) == ("The weir", None, None, None)


def test_a_saved_page_in_another_encoding_is_decoded_as_it_says() -> None:
    page = "<html><body><p>Городской совет во вторник решил закрыть старый мост через реку.</p></body></html>"
    assert "старый мост" in read_mhtml(mhtml(page, "windows-1251"), "a").text


def webarchive(**main: Any) -> bytes:
    parts = {"WebResourceData": PAGE.encode(), "WebResourceURL": "https://exton.example/weir",
             "WebResourceMIMEType": "text/html", "WebResourceTextEncodingName": "UTF-8"}  # fmt: skip
    return plistlib.dumps({"WebMainResource": parts | main}, fmt=plistlib.FMT_BINARY)


def test_a_page_that_safari_saved_is_read() -> None:
    found = article("a.webarchive", webarchive())
    assert (found.text, found.url) == ("\n\n".join(PARAGRAPHS), "https://exton.example/weir")


@pytest.mark.parametrize(
    "data", [b"bplist00", b"x", webarchive()[:-20], plistlib.dumps({}), plistlib.dumps([])], ids=named
)
def test_a_web_archive_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(InputRefused, match="cannot be read as a web archive"):
        read_webarchive(data, "a")


# Damage

SOUND = mail(page=PAGE)
SOUND.add_attachment(BODY.encode(), maintype="text", subtype="plain", filename="story.txt")
SOUND.add_attachment(mail(Subject="Inside"))


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_mail_gives_articles_or_a_refusal_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(SOUND.as_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(broken))))
    try:
        found = read_letter(bytes(broken[:cut]), "a.eml")
    except InputRefused as refused:
        assert refused.hint.endswith(".")
    else:
        assert found.article.text or found.attached


def test_a_zip_of_mails_is_read() -> None:
    members = [(f"{number}.eml", mail(f"{number}. {PARAGRAPHS[0]}").as_bytes()) for number in (1, 2)]
    data = zipped(*members, method=zipfile.ZIP_STORED)
    assert reasons(upload("box.zip", io.BytesIO(data).getvalue())) == ["box.zip/1.eml", "box.zip/2.eml"]
