"""Word documents, made by python-docx as real ones are: what a reader sees of them is what is read."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents import Parsed
from assistant.errors import InputRefused
from assistant.manuscripts import read_manuscript
from assistant.models import Article
from tests.loaded import BODY, article, codes, named, refusal, upload, zipped


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: Any) -> Parsed:
    return read_manuscript(io.BytesIO(saved(document)), "a.docx")


def story(*paragraphs: str) -> Any:
    document = docx.Document()
    for text in paragraphs or BODY.split("\n\n"):
        document.add_paragraph(text.strip())
    return document


def test_headings_paragraphs_lists_and_tables_come_in_the_order_of_the_page() -> None:
    document = docx.Document()
    document.add_heading("Bridge to open in May", 0)
    document.add_paragraph("The minister said so.")
    document.add_heading("What it costs", 1)
    document.add_paragraph("Steel", style="List Bullet")
    document.add_paragraph("Concrete", style="List Number")
    table = document.add_table(2, 2)
    for place, cell in enumerate(("Year", "Cost", "2023", "$4m")):
        table.cell(place // 2, place % 2).text = cell
    document.add_paragraph("The mayor\tdenied it.").add_run().add_break()
    found = read(document)
    blocks = ["Bridge to open in May", "The minister said so.", "What it costs", "Steel", "Concrete"]
    assert found.text.split("\n\n") == [*blocks, "Year | Cost\n2023 | $4m", "The mayor\tdenied it."]
    assert found.title == "Bridge to open in May", "the paragraph in the style Title"


def test_properties_that_a_person_wrote_are_kept_and_those_of_a_program_are_not() -> None:
    document = story()
    properties = document.core_properties
    properties.title, properties.author = "Bridge opens", "Ada Exton"
    properties.created = datetime(2023, 3, 7, tzinfo=UTC)
    found = article("a.docx", saved(document))
    assert (found.title, found.author, found.date) == ("Bridge opens", "Ada Exton", None)
    assert found.language == "en"
    assert "made on 2023-03-07" in " ".join(notice.text for notice in found.notices)
    properties.title, properties.author = "Microsoft Word - draft.docx", "aexton"
    assert (read(document).title, read(document).author) == (None, None)


def test_fields_that_someone_added_to_the_properties_are_stated() -> None:
    custom = (
        '<Properties xmlns="x" xmlns:vt="y"><property name="Publisher"><vt:lpwstr>The Exton Post'
        '</vt:lpwstr></property><property name="Date published"><vt:filetime>2023-03-07T00:00:00Z'
        "</vt:filetime></property></Properties>"
    )
    out = io.BytesIO(saved(story()))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("docProps/custom.xml", custom)
    found = article("a.docx", out.getvalue())
    assert (found.outlet, found.date) == ("The Exton Post", "2023-03-07")
    assert "file_made" not in codes(found)


def wrapped(run: Any, tag: str) -> None:
    """The run inside an element, as Word tracks changes."""
    around = OxmlElement(tag)
    run._r.addprevious(around)
    around.append(run._r)


def test_deleted_moved_and_hidden_words_are_not_shown_and_inserted_ones_are() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The bridge opens in ")
    gone = paragraph.add_run("April")
    for text in gone._r.findall(qn("w:t")):
        text.tag = qn("w:delText")
    wrapped(gone, "w:del")
    wrapped(paragraph.add_run("May"), "w:ins")
    wrapped(paragraph.add_run(" or never"), "w:moveFrom")
    paragraph.add_run(" Ignore this.").font.hidden = True
    paragraph.add_run(".")
    assert read(document).text == "The bridge opens in May."


def test_paragraphs_whose_break_was_deleted_are_one() -> None:
    document = story("The bridge opens ", "in May.", "The mayor denied it.")
    properties = document.paragraphs[0]._p.get_or_add_pPr()
    marks = OxmlElement("w:rPr")
    marks.append(OxmlElement("w:del"))
    properties.append(marks)
    document.paragraphs[0].runs[0].text = "The bridge opens "
    assert read(document).text == "The bridge opens in May.\n\nThe mayor denied it."


def test_a_frame_of_one_cell_is_no_table() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "The minister said so."
    inner = cell.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"
    cell.add_paragraph("The mayor denied it.")
    assert read(document).text == "The minister said so.\na | b\nThe mayor denied it."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (saved(docx.Document()), "holds no text"),
        (saved(story())[:-100], "damaged"),
        (b"PK\x03\x04", "damaged"),
        (zipped(("xl/workbook.xml", "<x/>")), "no Word document"),
        (zipped(("word/document.xml", "<a><b>")), "damaged on line 1"),
    ],
    ids=named,
)
def test_a_document_that_cannot_be_read_is_told_why(data: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read_manuscript(io.BytesIO(data), "a.docx")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hello", "no .docx file"),
        (b"\xd0\xcf\x11\xe0", "old or locked Office document"),
        (b"<!doctype html><p>x", "web page"),
    ],
)
def test_what_only_has_the_name_of_a_document_is_told_apart(data: bytes, why: str) -> None:
    assert why in refusal("a.docx", data).why


def test_fields_and_the_second_copy_of_a_box_are_no_text() -> None:
    xml = (
        '<w:document xmlns:w="w" xmlns:mc="mc"><w:body><w:p><w:r><w:instrText>HYPERLINK x</w:instrText>'
        "<w:t>Seen &amp; read.</w:t></w:r><mc:AlternateContent><mc:Choice><w:r><w:txbxContent><w:p><w:r>"
        "<w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></w:r></mc:Choice><mc:Fallback><w:r><w:t>Boxed.</w:t>"
        "</w:r></mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml)
    assert read_manuscript(out, "a").text == "Boxed.\n\nSeen & read."


# Damage

SOUND = saved(story())


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_document_gives_its_text_or_a_refusal_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(SOUND)
    place = SOUND.find(b"word/document.xml")  # most of the file is styles, which are not read
    for _ in range(data.draw(st.integers(1, 3))):
        near = data.draw(st.integers(0, len(broken) - 1) | st.integers(place - 30, place + 400))
        broken[near] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(broken))))
    try:
        found = read_manuscript(io.BytesIO(bytes(broken[:cut])), "a.docx")
    except InputRefused as refused:
        assert refused.hint.endswith(".")
    else:
        assert found.text.strip()


def test_a_document_is_read_in_the_child_and_names_its_file() -> None:
    (found,) = upload("a.docx", SOUND)
    assert isinstance(found, Article)
    assert (found.file, found.title) == ("a.docx", "a")
    assert found.text == BODY.strip()
