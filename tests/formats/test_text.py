"""Plain text: every character as it stood in the file."""

from pathlib import Path

import pytest
from hypothesis import given

from annotator.formats.contract import Piece, Reading
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.text import PlainText, decode
from tests.formats.samples import LABELS, texts


def read(path: Path, data: bytes) -> Piece:
    path.write_bytes(data)
    (piece,) = PlainText().read(FileSource(path), Reading(LABELS))
    return piece


def text_of(piece: Piece) -> str:
    assert piece.record is not None
    return piece.record.article.text


@given(texts)
def test_utf8_comes_in_and_goes_out_byte_for_byte(text: str) -> None:
    data = text.encode()
    assert decode(data) == (text, None)
    assert decode(data)[0].encode() == data


def test_a_byte_order_mark_and_crlf_stay_in_the_text(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfHeadline\r\n\r\nText.\r\n"
    piece = read(tmp_path / "a.txt", data)
    assert text_of(piece) == "\ufeffHeadline\r\n\r\nText.\r\n"
    assert text_of(piece).encode() == data
    assert piece.record is not None
    assert piece.record.article.title == "Headline"
    assert piece.remarks == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_marked_encoding_is_believed(tmp_path: Path, encoding: str) -> None:
    piece = read(tmp_path / "a.txt", "\ufeffKyiv 😀\r\n".encode(encoding))
    assert text_of(piece) == "\ufeffKyiv 😀\r\n"


def test_another_encoding_is_guessed_and_named(tmp_path: Path) -> None:
    text = "Der Außenminister erklärte, die Gespräche über Öl würden für übermorgen verschoben.\r\n" * 20
    piece = read(tmp_path / "a.txt", text.encode("cp1252"))
    assert text_of(piece) == text
    assert len(piece.remarks) == 1
    assert "not UTF-8" in piece.remarks[0]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"a\0b", "NUL character at 1"),
        (b"\xff\xfe\x3d\xd8", "not UTF-16-LE"),
        (b"\xef\xbb\xbf\xff", "not UTF-8"),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}clair et talks".encode("utf-16-le"), "UTF-16 without a mark"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd8", "not text"),
    ],
)
def test_what_is_no_text_is_a_fault_that_says_so(tmp_path: Path, data: bytes, what: str) -> None:
    piece = read(tmp_path / "a.txt", data)
    assert piece.record is None
    (fault,) = piece.faults
    assert what in str(fault)
    assert str(tmp_path / "a.txt") in str(fault)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("El señor Núñez habló en España: «mañana será otro día»", "cp1252"),
        ("Zürich - Präsident Müller sprach am Dienstag über den Frieden.", "cp1252"),
        ("He paid £5 for a café au lait.", "cp1252"),
        ("The “deal” was done – at last, he said. It’s over.", "cp1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. Vláda jednala ve středu o rozpočtu.", "cp1250"),
        ("Президент России заявил в четверг, что переговоры продолжатся.", "cp1251"),
        ("首相は木曜日、交渉が続くと述べた。", "cp932"),
    ],
)
def test_short_texts_are_read_in_the_encoding_that_news_is_found_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


def test_a_file_too_long_to_be_an_article_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(2**28 + 1)
    (piece,) = PlainText().read(FileSource(path), Reading(LABELS))
    assert piece.faults[0].what == "the file is longer than 64 MiB, and one file is one article"


@pytest.mark.parametrize(
    ("name", "data", "is_text"),
    [
        ("a.txt", b'[["talks", {"entities": []}]]', True),
        ("README", b"Talks", True),
        ("Mr. Lavrov on 2022.03.04", b"[1] Talks", True),
        ("a", b'[["talks", {"entities": []}]]', False),
        ("a.json", b'[["talks", {"entities": []}]]', False),
        ("a.conllu", b"1\tTalks\ttalk\tNOUN\t_\t_\t0\troot\t_\t_\n", False),
    ],
)
def test_what_has_another_ending_or_is_json_is_no_article(
    tmp_path: Path, name: str, data: bytes, is_text: bool
) -> None:
    (tmp_path / name).write_bytes(data)
    assert ([one.name for one in candidates(FileSource(tmp_path / name))] == ["text"]) is is_text
