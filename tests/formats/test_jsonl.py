"""Native JSONL and Prodigy's: what is good comes in as it stands, what is not is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.articles import Status
from annotator.domain.codec.records import Record
from annotator.domain.marks import Source
from annotator.formats import jsonl
from annotator.formats.contract import Piece, Reading
from annotator.formats.jsonl import Encoder, Jsonl
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.sources import FileSource
from tests.formats.samples import (
    LABELS,
    LAVROV,
    RUSSIA,
    TALKS,
    WANTED,
    label_records,
    suggestion_records,
)


def read_bytes(path: Path, data: bytes) -> list[Piece]:
    path.write_bytes(data)
    return list(Jsonl().read(FileSource(path), Reading(LABELS)))


def read(path: Path, **record: Any) -> Piece:
    (piece,) = read_bytes(path, json.dumps(record).encode())
    return piece


def good(piece: Piece) -> Record:
    assert piece.faults == ()
    assert piece.record is not None
    return piece.record


def span(at: tuple[int, int], label: str = "PERSON", **more: Any) -> dict[str, Any]:
    return {"start": at[0], "end": at[1], "label": label, **more}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


@given(suggestion_records() | label_records())
def test_reading_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, record: Record
) -> None:
    path = tmp_path_factory.getbasetemp() / "round-trip.jsonl"
    line = Encoder(LABELS).line(record)
    (piece,) = read_bytes(path, line)
    assert good(piece) == record
    assert piece.remarks == ()
    assert Encoder(LABELS).line(good(piece)) == line


@given(label_records())
def test_hashes_are_signed_32_bit_and_stable(record: Record) -> None:
    first, second = (json.loads(Encoder(LABELS).line(record)) for _ in range(2))
    for field in ("_input_hash", "_task_hash"):
        assert -(2**31) <= first[field] < 2**31
        assert first[field] == second[field]


def test_a_prodigy_file_comes_in_as_it_stands(path: Path) -> None:
    piece = read(
        path,
        text=TALKS,
        meta={"source": "AP", "score": 0.5},
        tokens=[{"text": "👨", "start": 0, "end": 1, "id": 0}],
        spans=[
            span(LAVROV, token_start=1, token_end=1, source="en_core_web_sm", input_hash=3),
            span(RUSSIA, "GPE"),
        ],
        relations=[{"head": 1, "child": 2, "label": "R"}],
        answer="accept",
        _input_hash=1,
        _task_hash=2,
        _annotator_id="news-ana",
        _session_id="news-ana",
        _view_id="ner_manual",
        _timestamp=1_700_000_000,
    )
    record = good(piece)
    assert [(mark[1], mark[2], mark[3]) for mark in record.marks] == [("PERSON", *LAVROV), ("GPE", *RUSSIA)]
    assert record.origins[0].source is Source.ACCEPTED
    assert record.origins[0].run == ("en_core_web_sm", "")
    assert (record.annotator, record.status, record.at) == ("news-ana", Status.DONE, 1_700_000_000_000)
    assert (record.article.source, record.article.meta) == ("AP", {"score": 0.5})
    assert piece.remarks == ('the field "relations" is not read',)


@pytest.mark.parametrize(
    ("answer", "status", "marks"),
    [("accept", Status.DONE, 1), ("ignore", Status.SKIPPED, 1), ("reject", Status.SKIPPED, 0)],
)
def test_answers_say_what_became_of_a_record(path: Path, answer: str, status: Status, marks: int) -> None:
    piece = read(path, text=TALKS, spans=[span(LAVROV)], answer=answer)
    assert good(piece).status is status
    assert len(good(piece).marks) == marks
    assert bool(piece.remarks) == (answer == "reject")


def test_offsets_in_utf16_are_found_out_and_told(path: Path) -> None:
    holder = {"start": 15, "end": 21, "text": "Russia"}
    piece = read(
        path,
        text=TALKS,
        spans=[span((3, 9), text="Lavrov")],
        stances=[span((22, 34), "FAVOR", text="wanted talks", holder=holder, target=None)],
    )
    entity, stance = good(piece).marks
    assert entity[2:4] == LAVROV
    assert stance[2:4] == WANTED
    assert stance[6:8] == RUSSIA
    assert piece.remarks == (
        "offsets were UTF-16 units, not code points as the format has it, as the texts they cover show; "
        "they are now code points",
    )


def test_offsets_with_line_ends_counted_once_are_found_out_and_told(path: Path) -> None:
    piece = read(path, text="One\r\nTwo\r\nLavrov\r\nRussia", spans=[span((8, 21), text="Lavrov\nRussia")])
    (mark,) = good(piece).marks
    assert mark[2:4] == (10, 24)
    assert piece.remarks == (
        "offsets were code points with each CRLF counted as one, not code points as the format has it, "
        "as the texts they cover show; they are now code points",
    )


def test_a_unit_that_a_person_states_is_not_doubted(path: Path) -> None:
    path.write_text(json.dumps({"text": TALKS, "spans": [span((3, 9))]}), "utf-8")
    (piece,) = Jsonl().read(FileSource(path), Reading(LABELS, OffsetUnit.UTF16))
    assert good(piece).marks[0][2:4] == LAVROV
    assert piece.remarks == ("offsets were taken as UTF-16 units, as was said",)
    path.write_text(json.dumps({"text": TALKS, "spans": [span((3, 9), text="Lavrov")]}), "utf-8")
    (piece,) = Jsonl().read(FileSource(path), Reading(LABELS, OffsetUnit.CODE_POINTS))
    assert 'not "Lavrov"' in str(piece.faults[0])


def test_emoji_and_line_ends_are_counted_as_a_browser_does(path: Path) -> None:
    text = "👨\r\nLavrov"
    piece = read(path, text=text, spans=[span((3, 9), text="Lavrov")])
    assert good(piece).marks[0][2:4] == (3, 9)
    piece = read(path, text=f"👨 {text}", spans=[span((6, 12), text="Lavrov")])
    assert good(piece).marks[0][2:4] == (5, 11)
    piece = read(path, text=f"👨👨 {text}", spans=[span((8, 14), text="Lavrov")])
    assert good(piece).marks[0][2:4] == (6, 12)
    assert "UTF-16 units with each CRLF counted as one" in piece.remarks[0]


def test_offsets_without_covered_text_are_code_points_or_wrong(path: Path) -> None:
    assert good(read(path, text=TALKS, spans=[span((3, 9))])).marks[0][2:4] == (3, 9)
    piece = read(path, text="👨👨👨", spans=[span((0, 6))])
    assert piece.record is None


def test_no_unit_is_taken_that_only_some_spans_bear_out(path: Path) -> None:
    piece = read(path, text=TALKS, spans=[span(LAVROV, text="Lavrov"), span((15, 21), "GPE", text="Russia")])
    assert piece.record is None
    assert 'covers "ussia "' in str(piece.faults[0])


BAD_SPANS: list[tuple[object, str]] = [
    (span((8, 2)), "empty, backwards"),
    (span((3, 3)), "empty, backwards"),
    (span((-1, 3)), "before the text"),
    (span((30, 99)), "ends at 99, but the text has 34 code points"),
    (span(LAVROV, text="Putin"), 'covers "Lavrov", not "Putin"'),
    ({"start": 2, "end": 8}, "null"),
    ({"start": 2.0, "end": 8, "label": "PERSON"}, "no whole numbers"),
    ({"start": True, "end": 8, "label": "PERSON"}, "no whole numbers"),
    ({"end": 8, "label": "PERSON"}, "no whole numbers"),
    (span(LAVROV, name=3), "wrong field"),
    (span(LAVROV, score=1.5), "wrong field"),
    (span(LAVROV, score="high"), "wrong field"),
    (span(LAVROV, pipeline=3), '"pipeline"'),
    (span(LAVROV, pipeline=["x"]), "wrong field"),
    (span(LAVROV, source=3), '"source"'),
    (span(LAVROV, source="accepted", ms=-1), '"ms"'),
    (span(LAVROV, ["PERSON"]), '["PERSON"]'),  # type: ignore[arg-type]
    (None, "not an object"),
    ("Lavrov", "not an object"),
]


@pytest.mark.parametrize(("bad", "what"), BAD_SPANS)
def test_a_bad_span_is_named_with_file_and_line(path: Path, bad: object, what: str) -> None:
    lines = [{"text": TALKS, "spans": [span(LAVROV)]}, {"text": TALKS, "spans": [span(LAVROV), bad]}]
    first, second = read_bytes(path, "\n".join(map(json.dumps, lines)).encode())
    assert len(good(first).marks) == 1
    assert second.record is None
    (fault,) = second.faults
    assert (fault.file, fault.line) == (str(path), 2)
    assert what in fault.what
    assert fault.advice


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (3, "the line is 3"),
        ({}, 'no "text"'),
        ({"text": 3}, '"text" is 3'),
        ({"text": ""}, "empty"),
        ({"text": "a\0b"}, "NUL character at 1"),
        ({"text": "a", "meta": [1]}, '"meta"'),
        ({"text": "a", "title": 3}, '"title"'),
        ({"text": "a", "spans": {}}, '"spans"'),
        ({"text": "a", "sha256": "00"}, "was changed after it was labelled"),
        ({"text": "a", "status": "finished"}, '"status" is "finished"'),
        ({"text": "a", "answer": "maybe"}, '"answer" is "maybe"'),
        ({"text": "a", "_annotator_id": " "}, '"_annotator_id"'),
        ({"text": "a", "_timestamp": "now"}, '"_timestamp"'),
        ({"text": "a", "zones": [{"start": 0, "end": 1, "kind": "advert"}]}, "zone"),
        ({"text": TALKS, "stances": [span(WANTED, "FAVOR", holder={"start": 1})]}, "holder of a stance"),
        ({"text": TALKS, "stances": [span(WANTED, None, holder=None)]}, "the polarity null"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_record_is_named(path: Path, record: object, what: str) -> None:
    (piece,) = read_bytes(path, json.dumps(record).encode())
    assert piece.record is None
    assert what in str(piece.faults[0])


def test_all_faults_of_a_line_are_named_at_once(path: Path) -> None:
    piece = read(path, text=TALKS, spans=[span(LAVROV, 3), span((9, 5))], stances=[1], status="?")
    assert len(piece.faults) == 4


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'{"text": "a"', "not valid JSON"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b'{"text": "\xff"}', "UTF-8"),
    ],
)
def test_a_line_that_is_no_json_is_named(path: Path, line: bytes, what: str) -> None:
    first, second = read_bytes(path, line + b'\n{"text": "b"}\n')
    assert what in str(first.faults[0])
    assert first.faults[0].line == 1
    assert good(second).article.text == "b"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_records_and_records_on_several_lines_are_read(path: Path, indent: int | None) -> None:
    records = [
        {"text": TALKS, "spans": [span(LAVROV)], "stances": []},
        {"text": "a", "spans": [span((5, 9))]},
        {"text": "b", "spans": []},
    ]
    bad = read_bytes(path, json.dumps(records, indent=indent).encode())
    assert [piece.record is not None for piece in bad] == [True, False, True]
    assert good(bad[0]).marks[0][1:4] == ("PERSON", *LAVROV)
    one = read_bytes(path, json.dumps(records[0], indent=2).encode())
    assert [good(piece) for piece in one] == [good(bad[0])]
    *_, cut = read_bytes(path, json.dumps(records).encode()[:-1])
    assert "the list does not end" in str(cut.faults[0])


def test_blank_lines_a_byte_order_mark_and_crlf_are_passed_over(path: Path) -> None:
    pieces = read_bytes(path, b'\xef\xbb\xbf{"text": "a"}\r\n\r\n  \n{"text": "b"}')
    assert [good(piece).article.text for piece in pieces] == ["a", "b"]
    assert [piece.line for piece in pieces] == [1, 4]


def test_a_utf16_file_is_named(path: Path) -> None:
    (piece,) = read_bytes(path, '{"text": "a"}\n'.encode("utf-16"))
    assert "UTF-16" in str(piece.faults[0])


def test_a_file_of_something_else_is_given_up(path: Path) -> None:
    pieces = read_bytes(path, b"no json\n" * 5_000)
    assert len(pieces) < 200
    assert "is it JSON Lines?" in str(pieces[-1].faults[0])


def test_a_line_that_is_too_long_is_passed_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 64)
    line = b'{"text": "%b"}\n' % (b"x" * 500)
    first, second = read_bytes(path, line + b'{"text": "b"}\n')
    assert "longer than" in str(first.faults[0])
    assert good(second).article.text == "b"
    assert second.line == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A line of ours in which one value, anywhere, is another, or some bytes are."""
    line = Encoder(LABELS).line(draw(label_records()))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(line)))
        return line[:at] + draw(st.binary(max_size=4)) + line[at + draw(st.integers(0, 9)) :]
    record = json.loads(line)
    place: Any = record
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        if not (isinstance(place[key], dict | list) and place[key] and draw(st.booleans())):
            break
        place = place[key]
    place[key] = draw(json_values)
    return json.dumps(record).encode()


@given(mutations())
def test_a_mangled_line_is_a_record_or_a_fault(tmp_path_factory: pytest.TempPathFactory, line: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "mangled.jsonl"
    for piece in read_bytes(path, line):
        assert (piece.record is None) == bool(piece.faults)
        assert all(str(fault) for fault in piece.faults)
        if piece.record is not None:
            Encoder(LABELS).line(piece.record)


def test_values_nested_too_deep_are_a_fault(path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    for field in ("meta", "spans", "title"):
        (piece,) = read_bytes(path, f'{{"text": "a", "{field}": {{"x": {deep}}}}}'.encode())
        assert piece.faults
