"""Tables of articles: where their columns are, how they are written, and rows that are wrong."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.contract import Fault, Piece, Reading
from annotator.formats.csv import Csv
from annotator.formats.sources import source_of
from tests.formats.samples import LABELS, texts

cells = texts.filter(lambda text: not text.startswith("\ufeff"))


def pieces(path: Path, data: str | bytes, **options: str) -> list[Piece]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return [
        piece
        for source in source_of(path).files()
        for piece in Csv().read(source, Reading(LABELS, options=options))
    ]


def good(found: list[Piece]) -> list[str]:
    return [piece.record.article.text for piece in found if piece.record is not None]


def faults(found: list[Piece]) -> list[Fault]:
    return [fault for piece in found for fault in piece.faults]


def table(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(
    written=st.lists(cells, min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_texts_come_in_character_for_character(
    tmp_path: Path, delimiter: str, written: list[str], encoding: str
) -> None:
    rows = [["7", text, "x; y, z"] for text in written]
    data = table(["No.", "Text", "Note"], *rows, delimiter=delimiter)
    found = pieces(tmp_path / "a.csv", data.encode(encoding))
    assert faults(found) == []
    assert good(found) == written


def test_columns_are_known_by_what_they_are_called(tmp_path: Path) -> None:
    row = ["Talks", "2022-03-04", "The Daily", "https://example.org", "en", "He said.", "Ann", "Lavrov"]
    names = ["Headline", "Publish Date", "newspaper", "URL", "Language", "article_text", "author", "author"]
    (piece,) = pieces(tmp_path / "a.csv", table(names, row))
    assert piece.record is not None
    article = piece.record.article
    assert (article.text, article.title, article.published) == ("He said.", "Talks", "2022-03-04")
    assert (article.source, article.url, article.lang) == ("The Daily", "https://example.org", "en")
    assert article.meta == {"author": "Ann", "author (8)": "Lavrov"}
    assert piece.line == 2


def test_columns_are_what_a_person_says(tmp_path: Path) -> None:
    data = table(["text", "Rumpf", "when"], ["a summary", "He said.", "today"])
    (piece,) = pieces(tmp_path / "a.csv", data, text="rumpf", date="3")
    assert piece.record is not None
    assert piece.record.article.text == "He said."
    assert piece.record.article.published == "today"
    assert piece.record.article.meta == {"text": "a summary"}


def test_a_table_without_a_header_is_read_by_numbers(tmp_path: Path) -> None:
    data = table(["1", "He said."], ["2", "She said."])
    found = pieces(tmp_path / "a.csv", data, header="no", text="2")
    assert good(found) == ["He said.", "She said."]
    assert found[0].record is not None
    assert found[0].record.article.meta == {"column 1": "1"}


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    data = table(["Titel", "Rumpf"], ["a", "b"])
    (fault,) = faults(pieces(tmp_path / "a.csv", data))
    assert "there are 'Titel', 'Rumpf'" in str(fault)
    assert "--option text=COLUMN" in str(fault)
    (fault,) = faults(pieces(tmp_path / "a.csv", data, text="Text"))
    assert "no column 'Text'" in str(fault)


def test_bad_rows_are_named_by_line_and_the_others_come_in(tmp_path: Path) -> None:
    data = 'id,text\r\n1,"Two\r\nlines"\r\n2,too,many\r\n\r\n3,"bro"ken\r\n4,\r\n5,good\r\n6,"open\r\n'
    found = pieces(tmp_path / "a.csv", data)
    assert good(found) == ["Two\r\nlines", "good"]
    told = [(fault.line, fault.what) for fault in faults(found)]
    assert [line for line, _ in told] == [4, 6, 7, 9]
    assert "3 cells, not 2" in told[0][1]
    assert "quotes of the row" in told[1][1]
    assert "empty" in told[2][1]
    assert "quotes of the row" in told[3][1]


def test_another_encoding_is_guessed_and_told_wherever_it_shows(tmp_path: Path) -> None:
    late = table(["text"], *([f"Plain talks number {n}."] for n in range(50_000)), ["Gespräche über Öl"])
    found = pieces(tmp_path / "a.csv", late.encode("cp1252"))
    assert good(found)[-1] == "Gespräche über Öl"
    assert "read as cp1252" in found[0].remarks[0]


def test_a_huge_cell_comes_in_and_an_endless_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "talks " * 200_000
    assert good(pieces(tmp_path / "a.csv", table(["text", "n"], [long, "1"]))) == [long]
    monkeypatch.setattr("annotator.formats.csv._LONGEST", 10_000)
    endless = 'text,n\n"' + "line without an end\n" * 2_000
    (fault,) = faults(pieces(tmp_path / "b.csv", endless))
    assert fault.line == 2
    assert "the rest was not read" in fault.what


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "table is empty"),
        (b"\r\n\r\n", "table is empty"),
        ("text\nhe said".encode("utf-16-le"), "UTF-16 without a mark"),
        (b"\xff\xfet\x00e\x00x\x00t\x00\n\x00\x00\xd8\n\x00", "not UTF-16"),
        (b"text,n\na\0b,1\n", "NUL"),
    ],
)
def test_what_is_no_table_says_so(tmp_path: Path, data: bytes, what: str) -> None:
    found = pieces(tmp_path / "a.csv", data)
    assert good(found) == []
    assert what in str(faults(found)[0])


def test_tables_are_known_by_their_ending_and_their_header(tmp_path: Path) -> None:
    for name, data, sure in (("a.csv", "id;text\n", 70), ("a.tsv", "a\tb\n", 50), ("a.txt", "id;text\n", 0)):
        (tmp_path / name).write_text(data)
        source = source_of(tmp_path / name)
        assert Csv().sniff(source, source.head()) == sure


def test_tables_in_a_gz_and_a_zip_are_the_same(tmp_path: Path) -> None:
    data = table(["text"], ["He said."]).encode()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.csv", data)
    assert good(pieces(tmp_path / "a.csv.gz", gzip.compress(data))) == ["He said."]
    assert good(pieces(tmp_path / "b.zip", (tmp_path / "b.zip").read_bytes())) == ["He said."]


def test_a_header_that_is_broken_is_named_and_what_stands_above_it_is_passed_over(tmp_path: Path) -> None:
    found = pieces(tmp_path / "a.csv", 'id,"te"xt\r\n1,Good\r\n', text="2")
    assert good(found) == ["Good"]
    assert [fault.line for fault in faults(found)] == [1]
    assert good(pieces(tmp_path / "b.csv", "\r\n\r\nid,text\r\n1,Good\r\n")) == ["Good"]
