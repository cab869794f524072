"""UIMA CAS JSON: files of dkpro-cassis are read, ours are read by cassis, and broken ones are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats import layers
from annotator.formats.contract import Maker, Piece, Reading, Writing
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from annotator.formats.uima_json import UimaJson
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

cassis = pytest.importorskip("cassis")

SOFA = {
    **{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text"},
    "sofaString": TALKS,
}
ENTITY = {"%ID": 2, "%TYPE": layers.ENTITY, "@sofa": 1, "begin": 3, "end": 9, "value": "PERSON"}
STANCE = {
    **{"%ID": 3, "%TYPE": "webanno.custom.Stance", "@sofa": 1, "begin": 22, "end": 34, "polarity": "FAVOR"},
    "@parts": 4,
}
LINKS = [
    {"%ID": 4, "%TYPE": "webanno.custom.StancePartsLink[]", "%ELEMENTS": [5, 6]},
    {"%ID": 5, "%TYPE": "webanno.custom.StancePartsLink", "role": "holder", "@target": 2},
    {"%ID": 6, "%TYPE": "webanno.custom.StancePartsLink", "role": "target", "@target": 7},
    {"%ID": 7, "%TYPE": "webanno.custom.Actor", "@sofa": 1, "begin": 15, "end": 21, "kind": "GPE"},
]
VIEWS = {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 7]}}


def cas(*structures: object, views: object = VIEWS) -> dict[str, object]:
    return {"%TYPES": {}, "%FEATURE_STRUCTURES": list(structures), "%VIEWS": views}


def read(tmp_path: Path, content: object) -> Piece:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / "a.json").write_bytes(data)
    (piece,) = UimaJson().read(FileSource(tmp_path / "a.json"), Reading(LABELS))
    return piece


def record_of(piece: Piece) -> Record:
    assert piece.record is not None, piece.faults
    return piece.record


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, *(None,) * 8)  # type: ignore[return-value]


def by_id() -> dict[str, object]:
    structures: list[dict[str, Any]] = [SOFA, ENTITY, STANCE, *LINKS]
    return {str(each["%ID"]): {key: each[key] for key in each if key != "%ID"} for each in structures}


@pytest.mark.parametrize(
    "content",
    [
        cas(SOFA, ENTITY, STANCE, *LINKS),
        cas(*LINKS, STANCE, ENTITY, SOFA),
        {**cas(), "%FEATURE_STRUCTURES": by_id()},
        {"%FEATURE_STRUCTURES": [SOFA, ENTITY, STANCE, *LINKS]},
    ],
    ids=["in order", "text last", "by id", "without types and views"],
)
def test_stances_with_links_are_read(tmp_path: Path, content: object) -> None:
    record = record_of(read(tmp_path, content))
    assert record.article.text == TALKS
    assert sorted(record.marks, key=repr) == sorted(
        [
            entity("PERSON", *LAVROV),
            ("stance", "FAVOR", *WANTED, None, None, *LAVROV, None, *RUSSIA, None),
            entity("GPE", *RUSSIA),
        ],
        key=repr,
    )
    assert candidates(FileSource(tmp_path / "a.json"))[0].name == "uima-json"


def test_a_file_of_cassis_is_read(tmp_path: Path) -> None:
    types = cassis.TypeSystem()
    types.create_feature(types.create_type(layers.ENTITY), "value", "uima.cas.String")
    written = cassis.Cas(types, sofa_string=TALKS, document_language="en")
    written.add(types.get_type(layers.ENTITY)(begin=2, end=8, value="PERSON"))
    record = record_of(read(tmp_path, written.to_json().encode()))
    assert record.marks == [entity("PERSON", *LAVROV)]
    assert record.article.lang == "en"


def test_our_file_is_read_by_cassis(tmp_path: Path) -> None:
    stance: MarkRow = ("stance", "FAVOR", *WANTED, 0.1, None, *LAVROV, None, *RUSSIA, "RU")
    record = Record(Article.of(f"{TALKS}\x01"), [stance], run=("en_news", "1.0"))
    with Target(tmp_path, None) as target:
        writer = UimaJson().writer(target, Writing(LABELS))
        list(writer.write(record))
    (file,) = tmp_path.iterdir()
    with file.open("rb") as stream:
        back = cassis.load_cas_from_json(stream)
    assert back.typecheck() == []
    assert back.sofa_string == record.article.text
    (found,) = back.select(layers.STANCE)
    assert (found.get_covered_text(), found.polarity, found.score) == ("wanted talks", "FAVOR", 0.1)
    assert found.holder.elements[0].target.get_covered_text() == "Lavrov"
    assert found.target.elements[0].target.name == "RU"
    (piece,) = UimaJson().read(FileSource(file), Reading(LABELS))
    assert (record_of(piece).run, piece.maker) == (("en_news", "1.0"), Maker.MODEL)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the JSON is broken"),
        (b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [{"%ID"', "the JSON is broken at column 46"),
        (b'{"%FEATURE_STRUCTURES": ["\xff"]}', "the JSON is broken"),
        (b'{"%FEATURE_STRUCTURES": ["\\ud83d"]}', "the JSON is broken"),
        (b"[" * 2000 + b"]" * 2000, "the JSON is broken"),
        ([], "is no CAS"),
        ({"%TYPES": {}}, "is no CAS"),
        ({"%FEATURE_STRUCTURES": 3}, "%FEATURE_STRUCTURES is 3"),
        (cas(3), "3 is no feature structure"),
        (cas({"%ID": 1}), "is no feature structure"),
        (cas({"%TYPE": "x"}), "is no feature structure"),
        (cas(SOFA, SOFA), "the %ID 1 is there twice"),
        (cas(ENTITY), "holds no text"),
        (cas({**SOFA, "sofaString": 7}, ENTITY), '"text" is 7'),
        (cas({**SOFA, "sofaString": "a\x00"}), "holds a NUL"),
        (cas(SOFA, {**ENTITY, "end": 99}), "NamedEntity 2 goes from 3 to 99"),
        (cas(SOFA, {**ENTITY, "end": "9"}), 'goes from 3 to "9"'),
        (cas(SOFA, {**ENTITY, "end": 9.5}), "goes from 3 to 9.5"),
        (cas(SOFA, {**ENTITY, "end": 1}), "goes from 3 to 1"),
        (cas(SOFA, {**ENTITY, "begin": -1}), "goes from -1 to 9"),
        (cas(SOFA, {**ENTITY, "begin": 1}), "no characters"),
        (cas(SOFA, {**ENTITY, "begin": None}), "goes from null to 9"),
        (cas(SOFA, STANCE, *LINKS), 'the holder of Stance 3 is "2"'),
        (cas(SOFA, {**STANCE, "score": 7.5, "@parts": None}), "has the score 7.5"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: object, said: str) -> None:
    piece = read(tmp_path, content)
    assert piece.record is None
    assert any(said in fault.what for fault in piece.faults), piece.faults
    assert all(fault.advice for fault in piece.faults)


@pytest.mark.parametrize("views", [None, 3, [], {"_InitialView": 3}, {"_InitialView": {"%MEMBERS": 3}}])
def test_views_that_say_nothing_leave_everything_in(tmp_path: Path, views: object) -> None:
    assert record_of(read(tmp_path, cas(SOFA, ENTITY, views=views))).marks == [entity("PERSON", *LAVROV)]
