"""PDF: text page by page, divided words, and files that have no text to give."""

import gzip
import zipfile
from pathlib import Path

import pytest

from annotator.formats.contract import Piece, Reading
from annotator.formats.pdf import Pdf
from annotator.formats.sources import source_of
from tests.formats.pdfs import pdf
from tests.formats.samples import LABELS

WHOLE = pdf(
    ["Talks collapse", "Sergei Lavrov said that Russia"], ["wanted talks."], ["He left."], title="Talks"
)


def read(path: Path, data: bytes, **options: str) -> Piece:
    path.write_bytes(data)
    (source,) = source_of(path).files()
    assert Pdf().sniff(source, source.head()) >= 50
    (piece,) = Pdf().read(source, Reading(LABELS, options=options))
    return piece


def text_of(piece: Piece) -> str:
    assert piece.record is not None, piece.faults
    return piece.record.article.text


def test_pages_are_joined_within_a_sentence_and_parted_behind_one(tmp_path: Path) -> None:
    piece = read(tmp_path / "a.pdf", WHOLE)
    assert text_of(piece) == "Talks collapse\nSergei Lavrov said that Russia\nwanted talks.\n\nHe left."
    assert piece.record is not None
    article = piece.record.article
    assert (article.title, article.published) == ("Talks", None)
    assert article.meta == {"file": "a.pdf", "pages": 3, "created": "2022-03-04"}


def test_titles_that_are_names_of_files_are_none(tmp_path: Path) -> None:
    for title in ("Microsoft Word - talks.doc", "talks_final.indd", "Untitled"):
        piece = read(tmp_path / "a.pdf", pdf(["Talks collapse", "He left."], title=title))
        assert piece.record is not None
        assert piece.record.article.title == "Talks collapse"


def test_the_day_of_a_file_is_that_of_publication_only_if_a_person_says_so(tmp_path: Path) -> None:
    piece = read(tmp_path / "a.pdf", WHOLE, published="created")
    assert piece.record is not None
    assert piece.record.article.published == "2022-03-04"


def test_divided_words_are_mended_and_that_is_told(tmp_path: Path) -> None:
    lines = [
        "The minis-",
        "ter of Bosnia-",
        "Herzegovina met anti-",
        "government leaders in a city-",
        "state.",
    ]
    data = pdf([*lines, "It is a city-state."])
    piece = read(tmp_path / "a.pdf", data)
    said = (
        "The minister of Bosnia-Herzegovina met anti-government leaders in a city-state.\nIt is a city-state."
    )
    assert text_of(piece) == said
    assert "hyphens=keep" in piece.remarks[0]
    kept = read(tmp_path / "a.pdf", data, hyphens="keep")
    assert text_of(kept).startswith("The minis-\nter")
    assert kept.remarks == ()


def test_pdfs_in_a_gz_and_a_zip_are_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.pdf", WHOLE)
    zipped = read(tmp_path / "b.zip", (tmp_path / "b.zip").read_bytes())
    assert text_of(zipped) == text_of(read(tmp_path / "a.pdf.gz", gzip.compress(WHOLE)))


def test_a_page_without_text_is_told(tmp_path: Path) -> None:
    piece = read(tmp_path / "a.pdf", pdf(["Talks."], []))
    assert text_of(piece) == "Talks."
    assert "scanned" in piece.remarks[0]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is broken"),
        (b"%PDF-1.7\n", "is broken"),
        (b"\x89PNG" * 50, "is broken"),
        (WHOLE[:300], "cut short"),
        (pdf([], []), "no page has text"),
        (pdf(["Talks."], password="secret"), "is encrypted"),
    ],
)
def test_a_pdf_without_text_is_a_fault_that_says_so(tmp_path: Path, data: bytes, what: str) -> None:
    piece = read(tmp_path / "a.pdf", data)
    assert piece.record is None
    (fault,) = piece.faults
    assert what in fault.what
    assert fault.file == str(tmp_path / "a.pdf")


def test_one_too_long_to_be_an_article_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.pdf._MOST_PAGES", 2)
    assert "3 pages" in read(tmp_path / "a.pdf", WHOLE).faults[0].what
