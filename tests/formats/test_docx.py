"""Word files, written by python-docx and changed as Word changes them."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml

from annotator.formats.contract import Piece, Reading
from annotator.formats.docx import Docx
from annotator.formats.sources import source_of
from tests.formats.samples import LABELS

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def talks() -> Document:
    document = docx.Document()
    document.add_heading("Talks collapse 👨", 0)
    paragraph = document.add_paragraph("Sergei Lavrov ")
    paragraph.add_run("said").bold = True
    paragraph.add_run("\tyes\nno")
    document.core_properties.title = "Talks"
    document.core_properties.language = "en-GB"
    return document


def read(path: Path, data: bytes, **options: str) -> Piece:
    path.write_bytes(data)
    (source,) = source_of(path).files()
    assert Docx().sniff(source, source.head()) >= 50
    (piece,) = Docx().read(source, Reading(LABELS, options=options))
    return piece


def text_of(piece: Piece) -> str:
    assert piece.record is not None, piece.faults
    return piece.record.article.text


def test_headings_and_paragraphs_are_lines_and_properties_are_facts(tmp_path: Path) -> None:
    piece = read(tmp_path / "a.docx", saved(talks()))
    assert text_of(piece) == "Talks collapse 👨\nSergei Lavrov said\tyes\nno"
    assert piece.record is not None
    article = piece.record.article
    assert (article.title, article.lang, article.published) == ("Talks", "en-GB", None)
    assert article.meta["created"] == "2013-12-23"


def test_the_day_of_a_file_is_that_of_publication_only_if_a_person_says_so(tmp_path: Path) -> None:
    piece = read(tmp_path / "a.docx", saved(talks()), published="created")
    assert piece.record is not None
    assert piece.record.article.published == "2013-12-23"


def test_cells_are_parted_by_tabs_and_merged_ones_come_once(tmp_path: Path) -> None:
    document = talks()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "wide\ncell"
    inner = table.cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "inner"
    document.add_paragraph("End.")
    text = text_of(read(tmp_path / "a.docx", saved(document)))
    assert text.endswith("no\n\na\tb inner\nwide cell\n\nEnd.")


def test_tracked_changes_links_boxes_and_controls_lose_nothing_in_silence(tmp_path: Path) -> None:
    document = docx.Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {W}><w:r><w:t>He </w:t></w:r><w:ins><w:r><w:t>now </w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>then </w:delText></w:r></w:del><w:hyperlink><w:r><w:t>said</w:t></w:r>"
            "</w:hyperlink><w:r><w:footnoteReference/><w:noBreakHyphen/><w:t>so</w:t></w:r></w:p>"
        ),
    )
    controlled = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Within.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(controlled))
    boxed = (
        f"<w:p {W}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></w:pict>"
    )
    document.element.body.insert(2, parse_xml(f"{boxed}<w:t>Around</w:t></w:r></w:p>"))
    piece = read(tmp_path / "a.docx", saved(document))
    assert text_of(piece) == "He now said\u2011so\nWithin.\nAround\nBox"
    assert sorted(remark.split(" ")[0] for remark in piece.remarks) == ["changes", "footnotes"]


def test_word_files_in_a_zip_are_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.docx", saved(talks()))
    assert text_of(read(tmp_path / "a.zip", (tmp_path / "a.zip").read_bytes())).startswith("Talks collapse")


def repacked(change: dict[str, bytes]) -> bytes:
    """A Word file some of whose parts are others."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(talks()))) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return file.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is broken"),
        (b"PK\x03\x04 no zip", "is broken"),
        (saved(talks())[:-200], "is broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word before 2007"),
        (saved(docx.Document()), "has no text"),
        (repacked({"word/document.xml": b"<w:document"}), "is broken"),
        (repacked({"word/document.xml": b"<x/>"}), "is broken"),
        (repacked({"word/document.xml": bytes(70_000_000)}), "would unpack to"),
        (repacked({"_rels/.rels": BOMB + b"<x>&b;</x>"}), "is broken"),
        (
            repacked(
                {"word/document.xml": BOMB + f"<w:document {W}><w:body>&b;</w:body></w:document>".encode()}
            ),
            "entities",
        ),
    ],
)
def test_a_broken_word_file_is_a_fault_that_says_how(tmp_path: Path, data: bytes, what: str) -> None:
    piece = read(tmp_path / "a.docx", data)
    assert piece.record is None
    (fault,) = piece.faults
    assert what in fault.what
    assert fault.file == str(tmp_path / "a.docx")
