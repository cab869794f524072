"""brat's files as others write them, stances as events, and wrong lines named."""

from pathlib import Path

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.errors import FormatError
from annotator.formats.brat import Brat
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource, FolderSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

STANCE = """\
T1\tPERSON 2 8\tLavrov
T2\tGPE 14 20\tRussia
T3\tStance 21 33\twanted talks
T4\tPhrase 28 33\ttalks
E1\tStance:T3 Holder:T2 Target:T4
A1\tPolarity E1 FAVOR
#1\tAnnotatorNotes E1\tsays so himself
#2\tName T1\tSergei Lavrov
"""
HOLDER_AND_TARGET = (*RUSSIA, None, 28, 33, None)


def read(tmp_path: Path, ann: str, text: str = TALKS) -> Piece:
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "a.ann").write_bytes(ann.encode())
    (piece,) = Brat().read(FileSource(tmp_path / "a.txt"), Reading(LABELS))
    return piece


def marks(piece: Piece) -> list[MarkRow]:
    assert piece.record is not None, piece.faults
    return piece.record.marks


def entity(label: str, start: int, end: int, name: str | None = None) -> MarkRow:
    return ("entity", label, start, end, None, name, None, None, None, None, None, None)


def stance(*parts: object) -> MarkRow:
    return ("stance", "FAVOR", *WANTED, None, None, *parts)  # type: ignore[return-value]


def test_a_stance_is_an_event_with_its_parts(tmp_path: Path) -> None:
    piece = read(tmp_path, STANCE)
    assert marks(piece) == [
        entity("PERSON", *LAVROV, "Sergei Lavrov"),
        entity("GPE", *RUSSIA),
        stance(*HOLDER_AND_TARGET),
    ]
    assert piece.record is not None
    assert piece.record.origins[2].note == "says so himself"
    assert piece.remarks == ()


@pytest.mark.parametrize(
    ("ann", "text"),
    [
        ("T1\tPERSON 2 8\tLavrov\n", TALKS),
        ("T1\tPERSON 2 8\tLavrov\r\n", TALKS),
        ("\ufeffT1\tPERSON 2 8\tLavrov\n", TALKS),
        ("T1\tPERSON 2 8\n", TALKS),
        ("T1\tPERSON 3 9\tLavrov\n", TALKS),  # counted in UTF-16
        ("T1\tPERSON 2 8\tLav ov\n", TALKS.replace("r", "\n", 1)),  # brat writes blanks for line ends
        ("T1\tPERSON 2 5;6 8\tLav ov\n", TALKS),
    ],
    ids=["plain", "CRLF", "mark", "no text", "UTF-16", "line end", "in pieces"],
)
def test_stretches_are_found_however_they_are_written(tmp_path: Path, ann: str, text: str) -> None:
    assert marks(read(tmp_path, ann, text)) == [entity("PERSON", *LAVROV)]


def test_what_is_no_mark_of_ours_is_left_out_and_told(tmp_path: Path) -> None:
    others = "R1\tLocated Arg1:T1 Arg2:T2\nA2\tNegated T1\nE2\tMeet:T1 Who:T2\n*\tEquiv T1 T2\n"
    piece = read(tmp_path, STANCE + others)
    assert len(marks(piece)) == 3
    assert [remark for remark in piece.remarks if "left out" in remark]


@pytest.mark.parametrize(
    "more",
    [
        "A2\tPolarity T1 AGAINST\n",
        "A2\tPolarity E1 AGAINST\n",
        "#3\tComment E1\tsure?\n",
        "#3\tName T1\tLavrov\n",
        "#3\tAnnotatorNotes T3\tof the trigger\n",
        "T5\tStance 9 13\tsaid\nE2\tStance:T5 Holder:T1 Holder:T2\nA2\tPolarity E2 FAVOR\n",
        "T5\tStance 9 13\tsaid\nE2\tStance:T5 Cause:T1\nA2\tPolarity E2 FAVOR\n",
    ],
)
def test_nothing_of_a_stance_is_left_out_in_silence(tmp_path: Path, more: str) -> None:
    piece = read(tmp_path, STANCE + more)
    assert [row for row in marks(piece) if row[2:4] == WANTED] == [stance(*HOLDER_AND_TARGET)]
    assert "left out" in "".join(piece.remarks)


def test_several_notes_of_a_mark_are_one(tmp_path: Path) -> None:
    piece = read(tmp_path, STANCE + "#3\tAnnotatorNotes E1\tagain\n")
    assert piece.record is not None
    assert piece.record.origins[2].note == "says so himself\nagain"
    assert piece.remarks == ()


def test_an_event_that_is_a_part_of_a_stance_is_its_trigger(tmp_path: Path) -> None:
    second = "T5\tStance 9 13\tsaid\nE2\tStance:T5 Target:E1\nA2\tPolarity E2 FAVOR\n"
    said = next(row for row in marks(read(tmp_path, STANCE + second)) if row[2:4] == (9, 13))
    assert said[9:11] == WANTED


def test_offsets_that_count_a_windows_line_end_once_are_found(tmp_path: Path) -> None:
    piece = read(tmp_path, "T1\tGPE 5 9\tOslo\n", "Talks\r\nOslo.".replace("Talks", "Talk"))
    assert marks(piece) == [entity("GPE", 6, 10)]
    assert "each CRLF counted as one" in piece.remarks[0]


@pytest.mark.parametrize(
    ("ann", "said"),
    [
        ("T1\tPERSON 2 x\tLavrov\n", "line 1 of the .ann file"),
        ("T1\tPERSON\tLavrov\n", "line 1 of the .ann file"),
        ("T1\tPERSON 2 8\tRussia\n", 'covers "Lavrov", not "Russia"'),
        ("T1\tPERSON 2 80\t\n", "goes from 2 to 80"),
        ("T1\tPERSON 8 2\t\n", "goes from 8 to 2"),
        ("T1\tPERSON 2 8\tLavrov\nT1\tGPE 14 20\tRussia\n", "is the second T1"),
        ("\nwhat is this\n", "line 2 of the .ann file"),
        (STANCE.replace("Target:T4", "Target:T9"), 'the target of E1 is "T9", which the file does not have'),
        (STANCE.replace("Stance:T3", "Stance:T8"), 'the trigger of E1 is "T8", which the file does not have'),
        (STANCE.replace("A1\tPolarity E1 FAVOR\n", ""), "the stance E1 has the label"),
        (STANCE.replace("Holder:T2", "Holder"), "line 5 of the .ann file"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, ann: str, said: str) -> None:
    piece = read(tmp_path, ann)
    assert piece.record is None
    assert any(said in fault.what for fault in piece.faults), piece.faults


def test_an_ann_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Oslo")
    (tmp_path / "a.ann").write_bytes(b"T1\tGPE 0 4\tOsl\xf8\n")
    (piece,) = Brat().read(FileSource(tmp_path / "a.txt"), Reading(LABELS))
    assert "byte 14 of the .ann file is not UTF-8" in piece.faults[0].what


def written(tmp_path: Path, record: Record, **options: str) -> dict[str, str]:
    with Target(tmp_path / "out", None) as target:
        (tmp_path / "out").mkdir(parents=True)
        writer = Brat().writer(target, Writing(LABELS, options=options))
        list(writer.write(record))
        list(writer.close())
        target.close()
    return {path.name: path.read_bytes().decode() for path in (tmp_path / "out").iterdir()}


def test_files_are_written_as_brat_has_them(tmp_path: Path) -> None:
    marks = [entity("GPE", *RUSSIA), stance(*HOLDER_AND_TARGET)]
    files = written(tmp_path, Record(Article.of(TALKS), marks, {1: Origin(None, "so said\nhe")}))
    ann = next(text for name, text in files.items() if name.endswith(".ann"))
    assert ann.splitlines() == [
        "T1\tGPE 14 20\tRussia",
        "T2\tPhrase 28 33\ttalks",
        "T3\tStance 21 33\twanted talks",
        "E1\tStance:T3 Holder:T1 Target:T2",
        "A1\tPolarity E1 FAVOR",
        '#1\tAnnotatorNotesJSON E1\t"so said\\nhe"',
    ]
    assert "Polarity\tArg:<EVENT>, Value:FAVOR|AGAINST" in files["annotation.conf"]
    text = next(one for one in FolderSource(tmp_path / "out").files() if one.suffix == ".txt")
    assert candidates(text)[0].name == "brat"


def test_a_stretch_over_a_line_end_is_in_pieces(tmp_path: Path) -> None:
    files = written(tmp_path, Record(Article.of("New\nYork"), [entity("GPE", 0, 8)]))
    assert "T1\tGPE 0 3;4 8\tNew York\n" in files.values()


def test_windows_line_ends_become_unix_ones_unless_they_are_kept(tmp_path: Path) -> None:
    record = Record(Article.of("Talks\r\nOslo"), [entity("GPE", 7, 11)])
    files = written(tmp_path / "unix", record)
    assert "Talks \nOslo" in files.values()
    assert "T1\tGPE 7 11\tOslo\n" in files.values()
    assert "Talks\r\nOslo" in written(tmp_path / "kept", record, **{"line-ends": "kept"}).values()


@pytest.mark.parametrize("places", ["0 1;3 5", "0 1;3 6"], ids=["code points", "UTF-16"])
def test_what_the_pieces_cover_tells_the_unit(tmp_path: Path, places: str) -> None:
    piece = read(tmp_path, f"T1\tGPE {places}\ta 👩b\n", "a\r\n👩bc e")  # word borders say UTF-16
    assert marks(piece) == [entity("GPE", 0, 5)]


def test_a_label_that_would_divide_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot carry the label 'HEAD OF STATE'"):
        written(tmp_path, Record(Article.of("Oslo"), [entity("HEAD OF STATE", 0, 4)]))
