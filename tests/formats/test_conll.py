"""CoNLL columns in their schemes and shapes, and what is wrong in them told by line."""

from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.domain.errors import FormatError
from annotator.formats.carrying import Feature
from annotator.formats.conll import Conll
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS

# "Oslo Rome" are two GPEs side by side, "Sergei Lavrov" is one PERSON of two words.
ROWS = [("Oslo", "GPE"), ("Rome", "GPE"), ("met", ""), ("Sergei", "PERSON"), ("Lavrov", "PERSON"), (".", "")]
TAGS = {
    "IOB1": ["I-GPE", "B-GPE", "O", "I-PERSON", "I-PERSON", "O"],
    "IOB2": ["B-GPE", "B-GPE", "O", "B-PERSON", "I-PERSON", "O"],
    "BILUO": ["U-GPE", "U-GPE", "O", "B-PERSON", "L-PERSON", "O"],
    "IOBES": ["S-GPE", "S-GPE", "O", "B-PERSON", "E-PERSON", "O"],
}
WANTED = [("GPE", "Oslo"), ("GPE", "Rome"), ("PERSON", "Sergei Lavrov")]


def read(path: Path, **options: str) -> list[Piece]:
    return list(Conll().read(FileSource(path), Reading(LABELS, options=options)))


def entities(piece: Piece) -> list[tuple[str, str]]:
    assert piece.record is not None, piece.faults
    text = piece.record.article.text
    return [(row[1], text[row[2] : row[3]]) for row in piece.record.marks]


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, None, None, None, None, None, None, None, None)


def written(tmp_path: Path, record: Record, **options: str) -> tuple[str, list[tuple[Feature, int, bool]]]:
    with Target(tmp_path, "out.conll") as target:
        writer = Conll().writer(target, Writing(LABELS, options))
        list(writer.write(record))
        target.close()
    losses = [(loss.feature, loss.count, loss.changed) for loss in writer.losses()]
    return (tmp_path / "out.conll").read_text(encoding="utf-8"), losses


@pytest.mark.parametrize("scheme", TAGS)
def test_the_entities_are_the_same_in_every_scheme(tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "a.conll"
    file.write_text("".join(f"{word} {tag}\n" for (word, _), tag in zip(ROWS, TAGS[scheme], strict=True)))
    (piece,) = read(file)
    assert entities(piece) == WANTED
    assert f"tags read as {'BILUO' if scheme == 'IOBES' else scheme}" in piece.remarks


@pytest.mark.parametrize(
    "lines",
    [
        ["Oslo NNP B-NP B-GPE", "met VBD B-VP O"],
        ["Oslo\tB-GPE", "met\tO"],
        ["# sent_id = 1", "1\tOslo\tB-GPE\t-\t-", "2\tmet\tO\t-\t-"],
        ["Oslo\tB-GPE\r", "met\tO\r"],
    ],
    ids=["2003", "two columns", "numbered with more columns", "CRLF"],
)
def test_columns_are_found(tmp_path: Path, lines: list[str]) -> None:
    file = tmp_path / "a.conll"
    file.write_bytes("\n".join([*lines, ""]).encode())
    (piece,) = read(file)
    assert piece.record is not None
    assert piece.record.article.text == "Oslo met"
    assert entities(piece) == [("GPE", "Oslo")]


def test_articles_end_where_the_file_or_the_person_says(tmp_path: Path) -> None:
    file = tmp_path / "a.conll"
    file.write_text("-DOCSTART- -X- O O\n\nOslo O\n\nmet O\n\n-DOCSTART- -X- O O\n\nRome O\n")
    texts = [piece.record.article.text for piece in read(file) if piece.record]
    assert texts == ["Oslo\nmet", "Rome"]
    texts = [piece.record.article.text for piece in read(file, articles="sentence") if piece.record]
    assert texts == ["Oslo", "met", "Rome"]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"Oslo B-GPE\nmet\n\n", 2, "'met' is no word with a tag"),
        (b"Oslo B-GPE\nmet X-Y\n", 2, "'met X-Y' is no word with a tag"),
        (b"Oslo O\n\xff\xfe O\n", 2, "byte 0 of the line is not UTF-8"),
    ],
)
def test_a_wrong_line_is_named_and_the_next_article_comes_in(
    tmp_path: Path, content: bytes, line: int, said: str
) -> None:
    file = tmp_path / "a.conll"
    file.write_bytes(content + b"\n-DOCSTART- -X- O O\n\nRome B-GPE\n")
    wrong, right = read(file)
    assert [(fault.line, said in fault.what) for fault in wrong.faults] == [(line, True)]
    assert entities(right) == [("GPE", "Rome")]


def test_a_file_of_comments_alone_holds_no_article(tmp_path: Path) -> None:
    file = tmp_path / "a.conll"
    file.write_text("# one\n# two\n")
    assert read(file) == []


def test_what_is_written_is_whole_words_and_the_rest_is_told(tmp_path: Path) -> None:
    marks = [entity("PERSON", *LAVROV), entity("GPE", RUSSIA[0], RUSSIA[1] - 2)]
    text, losses = written(tmp_path, Record(Article.of(TALKS), marks))
    assert "Lavrov -X- _ B-PERSON\n" in text
    assert "Russia -X- _ B-GPE\n" in text
    assert losses == [(Feature.TEXT, 1, True), (Feature.BORDERS, 1, True)]


def test_a_begin_is_written_in_iob1_only_where_it_divides(tmp_path: Path) -> None:
    record = Record(Article.of("Oslo Rome"), [entity("GPE", 0, 4), entity("GPE", 5, 9)])
    assert written(tmp_path, record, scheme="iob1")[0].splitlines()[2:4] == [
        "Oslo -X- _ I-GPE",
        "Rome -X- _ B-GPE",
    ]


def test_a_label_with_a_blank_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot carry the label 'HEAD OF STATE'"):
        written(tmp_path, Record(Article.of("Oslo"), [entity("HEAD OF STATE", 0, 4)]))
