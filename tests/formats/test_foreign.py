"""Foreign records: what is good becomes a record, every fault is named with its place."""

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Status
from annotator.domain.codec.records import Origin
from annotator.domain.marks import Source as MarkSource
from annotator.formats.contract import Maker, Piece, Reading
from annotator.formats.foreign import ForeignReader, RawMark, RawPart, RawRecord
from annotator.formats.offset_units import OffsetUnit, RawSpan
from annotator.formats.sources import FileSource
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED


def piece_of(*marks: RawMark, text: Any = TALKS, unit: OffsetUnit | None = None, **more: Any) -> Piece:
    source = FileSource(Path("talks.json"))
    reader = ForeignReader(source, Reading(LABELS, unit), [OffsetUnit.CODE_POINTS, OffsetUnit.UTF16])
    return reader.piece(RawRecord(text, marks, place="[3]", **more), 10)


def entity(start: Any, end: Any, covered: str | None = None, label: Any = "PER", **more: Any) -> RawMark:
    return RawMark("entity", label, [RawSpan(start, end, covered)], **more)


def test_a_record_comes_in_with_all_that_it_says() -> None:
    stance = RawMark(
        "stance",
        "Pro",
        [RawSpan(*WANTED, "wanted talks")],
        note="why",
        score=0.5,
        holder=RawPart([RawSpan(*RUSSIA)], "Russia"),
        source=MarkSource.ACCEPTED,
        run=("p", "1"),
    )
    piece = piece_of(
        entity(*LAVROV, name="Sergei Lavrov"),
        stance,
        title="T",
        source="AP",
        annotator="Ana",
        status=Status.DONE,
        at=5,
        maker=Maker.PERSON,
        gold=True,
        remarks=("remark",),
    )
    assert piece.record is not None
    assert piece.record.marks == [
        ("entity", "PER", *LAVROV, None, "Sergei Lavrov", None, None, None, None, None, None),
        ("stance", "Pro", *WANTED, 0.5, None, *RUSSIA, "Russia", None, None, None),
    ]
    assert piece.record.origins == {1: Origin(MarkSource.ACCEPTED, "why", ("p", "1"))}
    assert (piece.record.article.title, piece.record.article.source) == ("T", "AP")
    assert (piece.record.annotator, piece.record.status, piece.record.at) == ("Ana", Status.DONE, 5)
    assert (piece.maker, piece.gold, piece.remarks, piece.at) == (Maker.PERSON, True, ("remark",), "[3]")


def test_pieces_of_a_mark_become_one_stretch_and_that_is_told() -> None:
    mark = RawMark("entity", "PER", [RawSpan(*RUSSIA), RawSpan(*LAVROV)])
    piece = piece_of(mark)
    assert piece.record is not None
    assert piece.record.marks[0][2:4] == (LAVROV[0], RUSSIA[1])
    assert piece.remarks == ("marks in several pieces became one stretch from the first to the last piece",)


def test_a_unit_is_found_for_all_spans_of_a_record_together() -> None:
    stance = RawMark("stance", "Pro", [RawSpan(22, 34, "wanted talks")], holder=RawPart([RawSpan(15, 21)]))
    piece = piece_of(stance, entity(3, 9, "Lavrov"))
    assert piece.record is not None
    assert [mark[2:4] for mark in piece.record.marks] == [WANTED, LAVROV]
    assert piece.record.marks[0][6:8] == RUSSIA
    assert "UTF-16 units" in piece.remarks[0]


def test_a_stated_unit_is_kept_to() -> None:
    piece = piece_of(entity(3, 9), unit=OffsetUnit.CODE_POINTS)
    assert piece.record is not None
    assert piece.record.marks[0][2:4] == (3, 9)


@pytest.mark.parametrize(
    ("mark", "what"),
    [
        (entity(8, 2), "backwards"),
        (entity(3, 3), "empty"),
        (entity(-1, 3), "before the text"),
        (entity(30, 99), "no characters of the text, counted in code points"),
        (entity(*LAVROV, "Putin"), 'covers "Lavrov", not "Putin"'),
        (entity(2.0, 8), "offsets are whole numbers"),
        (entity("2", "8"), "offsets are whole numbers"),
        (entity(True, 8), "offsets are whole numbers"),
        (entity(None, 8), "from null to 8"),
        (entity(10**400, 8), "backwards"),
        (entity(*LAVROV, label=""), 'the label ""'),
        (entity(*LAVROV, label=None), "the label null"),
        (entity(*LAVROV, label=["PER"]), 'the label ["PER"]'),
        (entity(*LAVROV, score=2), "the score 2"),
        (entity(*LAVROV, score=True), "the score true"),
        (RawMark("entity", "PER", []), "no span"),
        (RawMark("stance", "Pro", [RawSpan(*WANTED)], holder=RawPart([])), "the holder of the stance"),
        (RawMark("stance", "Pro", [RawSpan(*WANTED)], target=RawPart([RawSpan(9, 5)])), "the target of"),
        (entity(*LAVROV, suggested=entity(9, 5)), "backwards"),
    ],
)
def test_a_bad_mark_is_named_with_its_place(mark: RawMark, what: str) -> None:
    piece = piece_of(entity(*RUSSIA, at="T1"), mark)
    assert piece.record is None
    (fault,) = piece.faults
    assert str(fault).startswith("talks.json, [3]: the ")
    assert what in fault.what + fault.advice


@pytest.mark.parametrize("text", [None, 3, "", "a\0b", "\ud800", ["a"]])
def test_a_text_that_can_be_no_article_is_named(text: Any) -> None:
    piece = piece_of(text=text)
    assert piece.record is None
    assert piece.faults[0].at == "[3]"


def test_all_faults_of_a_record_are_named_at_once() -> None:
    assert len(piece_of(entity(9, 5), entity(*LAVROV, label=3), entity(0, 1, score="x")).faults) == 3


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"meta": {"n": 2**70}}, "64-bit"),
        ({"meta": {"n": ["\ud83d"]}}, "cannot be kept"),
        ({"title": "\ud83d"}, "cannot be kept"),
        ({"annotator": ["Ana"]}, '["Ana"] stands where a text is asked for'),
    ],
)
def test_what_could_not_be_written_again_is_a_fault(more: dict[str, Any], what: str) -> None:
    piece = piece_of(entity(*LAVROV), **more)
    assert piece.record is None
    assert what in piece.faults[0].what


def test_names_that_are_no_texts_and_halves_of_characters_can_be_told() -> None:
    for name in ("\ud83d", {"a": "\ud83d"}):
        (fault,) = piece_of(entity(*LAVROV, name=name)).faults
        assert str(fault).encode()
    (fault,) = piece_of(entity(*LAVROV, covered="\ud83d")).faults
    assert "\\ud83d" in str(fault)
    assert str(fault).encode()
