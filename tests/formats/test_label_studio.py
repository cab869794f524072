"""Label Studio's tasks as it exports them, and what is wrong in them named by place."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.contract import Maker, Piece, Reading, Writing
from annotator.formats.label_studio import LabelStudio
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED


def region(id_: str, start: int, end: int, label: object, **more: object) -> dict[str, object]:
    value = {"start": start, "end": end, "text": more.pop("text", TALKS[start:end]), "labels": [label]}
    return {"id": id_, "from_name": "label", "to_name": "text", "type": "labels", "value": value} | more


def relation(from_id: str, to_id: str, label: str) -> dict[str, object]:
    return {"from_id": from_id, "to_id": to_id, "type": "relation", "direction": "right", "labels": [label]}


def annotated(*result: object, **more: object) -> dict[str, Any]:
    annotation = {"id": 5, "completed_by": 3, "result": list(result)} | more
    return {"id": 1, "data": {"text": TALKS}, "annotations": [annotation], "predictions": []}


def read(tmp_path: Path, *tasks: object) -> list[Piece]:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return list(LabelStudio().read(FileSource(file), Reading(LABELS)))


def marks(piece: Piece) -> list[MarkRow]:
    assert piece.record is not None, piece.faults
    return piece.record.marks


def entity(label: str, start: int, end: int) -> MarkRow:
    return ("entity", label, start, end, None, None, None, None, None, None, None, None)


def test_people_and_models_have_a_record_each(tmp_path: Path) -> None:
    task = annotated(region("a", *LAVROV, "PERSON"))
    task["annotations"].append({"completed_by": {"email": "bo@example.org"}, "result": []})
    prediction = {"model_version": "ner-2", "score": 0.5, "result": [region("p", *RUSSIA, "GPE", score=0.7)]}
    task["predictions"].append(prediction)
    first, second, model = read(tmp_path, task)
    assert [one.record.annotator for one in (first, second, model) if one.record] == [
        "user 3",
        "bo@example.org",
        None,
    ]
    assert [one.maker for one in (first, second, model)] == [Maker.PERSON, Maker.PERSON, Maker.MODEL]
    assert marks(first) == [entity("PERSON", *LAVROV)]
    assert model.record is not None
    assert model.record.run == ("ner-2", "")
    assert marks(model)[0][4] == 0.7


def test_a_polarity_with_its_relations_is_a_stance(tmp_path: Path) -> None:
    task = annotated(
        region("s", *WANTED, "FAVOR"),
        region("h", *RUSSIA, "GPE"),
        region("t", 28, 33, "GPE"),
        relation("s", "h", "Holder"),
        relation("s", "t", "target"),
        relation("h", "t", "near"),
    )
    (piece,) = read(tmp_path, task)
    assert marks(piece)[0] == ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, 28, 33, None)
    assert [remark for remark in piece.remarks if "left out" in remark]


def test_utf16_offsets_of_older_exports_are_found_by_the_covered_text(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, annotated(region("a", 3, 9, "PERSON", text="Lavrov")))
    assert marks(piece) == [entity("PERSON", *LAVROV)]
    assert [remark for remark in piece.remarks if "UTF-16" in remark]


def test_several_labels_of_a_region_are_marks_each(tmp_path: Path) -> None:
    one = region("a", *LAVROV, "PERSON")
    one["value"]["labels"] = ["PERSON", "GPE"]  # type: ignore[index]
    (piece,) = read(tmp_path, annotated(one))
    assert marks(piece) == [entity("PERSON", *LAVROV), entity("GPE", *LAVROV)]


def test_a_region_without_labels_is_told(tmp_path: Path) -> None:
    empty, none = region("a", *LAVROV, "PERSON"), region("b", *RUSSIA, "GPE")
    empty["value"]["labels"] = []  # type: ignore[index]
    del none["value"]["labels"]  # type: ignore[attr-defined]
    (piece,) = read(tmp_path, annotated(empty, none))
    assert marks(piece) == []
    assert piece.remarks == ("regions without a label were left out",)


def test_the_first_holder_counts_and_a_second_is_told(tmp_path: Path) -> None:
    ends = [region("s", *WANTED, "FAVOR"), region("h", *RUSSIA, "GPE"), region("t", *LAVROV, "PERSON")]
    (piece,) = read(tmp_path, annotated(*ends, relation("s", "h", "holder"), relation("s", "t", "holder")))
    assert marks(piece)[0][6:8] == RUSSIA
    assert piece.remarks == ("a stance's second holders and targets were left out",)


def test_a_relation_to_the_left_leads_from_its_end(tmp_path: Path) -> None:
    ends = [region("s", *WANTED, "FAVOR"), region("h", *RUSSIA, "GPE")]
    (piece,) = read(tmp_path, annotated(*ends, relation("h", "s", "holder") | {"direction": "left"}))
    assert marks(piece) == [
        ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, None, None, None),
        entity("GPE", *RUSSIA),
    ]


def test_what_is_said_of_the_task_is_kept_or_told(tmp_path: Path) -> None:
    task = annotated(region("a", *LAVROV, "PERSON"), lead_time=1.5)
    task |= {"meta": {"desk": "world"}, "created_at": "2024-01-01T00:00:00Z"}
    (piece,) = read(tmp_path, task)
    assert piece.record is not None
    assert piece.record.article.meta == {"desk": "world"}
    assert piece.record.ms == 1500
    assert "numbers and dates of tasks" in piece.remarks[0]


def test_a_fault_of_a_ground_truth_is_told_once(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, annotated(region("a", 2, 99, "PERSON", text="x"), ground_truth=True))
    assert len(piece.faults) == 1


def test_the_ground_truth_is_gold_and_nobodys_labels(tmp_path: Path) -> None:
    task = annotated(region("a", *LAVROV, "PERSON"), completed_by={"email": "ana"})
    settled = {**task["annotations"][0], "completed_by": {"email": "lea"}, "ground_truth": True}
    skipped = {**settled, "was_cancelled": True, "completed_by": {"email": "ben"}}
    task["annotations"] += [settled, skipped]
    pieces = list(read(tmp_path, task))
    assert [(piece.record and piece.record.annotator, piece.gold) for piece in pieces] == [
        ("ana", False),
        ("lea", True),
    ]
    said = [remark for piece in pieces for remark in piece.remarks]
    assert said == ["skipped annotations were left out"], "one was"


def test_skipped_annotations_are_no_work(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, annotated(region("a", *LAVROV, "PERSON"), was_cancelled=True))
    assert marks(piece) == []
    assert piece.maker is Maker.UNKNOWN


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (7, "7 is no task"),
        ({"data": {"image": 3}, "annotations": []}, "hold no text"),
        ({"data": {"text": "x"}, "annotations": {}}, "annotations is {}"),
        ({"data": {"text": "x"}, "annotations": [4]}, "annotations[0] is 4"),
        (annotated(4), "result[0] is 4"),
        (annotated(region("a", 2, 99, "PERSON", text="x")), "result a goes from 2 to 99"),
        (annotated(region("a", *LAVROV, "PERSON", text="Russia")), 'covers "Lavrov", not "Russia"'),
        (annotated(region("s", *WANTED, "FAVOR"), relation("s", "z", "holder")), 'the region "z"'),
        (annotated(region("a", *LAVROV, {})), "result a has the label {}"),
        (annotated(relation("s", "z", "holder") | {"labels": 7}), "labels is 7"),
    ],
)
def test_a_bad_task_is_named_and_the_next_one_comes_in(tmp_path: Path, task: object, said: str) -> None:
    wrong, right = read(tmp_path, task, annotated(region("a", *LAVROV, "PERSON")))
    assert said in wrong.faults[0].what
    assert wrong.faults[0].at.startswith("[0]")
    assert marks(right) == [entity("PERSON", *LAVROV)]


def test_annotators_of_an_article_share_a_task(tmp_path: Path) -> None:
    article = Article.of(TALKS)
    records = [
        Record(article, [entity("PERSON", *LAVROV)], annotator="Ana"),
        Record(article, [entity("GPE", *LAVROV)], annotator="Ben"),
        Record(article, [entity("GPE", *RUSSIA)]),
        Record(Article.of("Oslo"), [entity("GPE", 0, 4)], annotator="Ana"),
    ]
    with Target(tmp_path, "out.json") as target:
        writer = LabelStudio().writer(target, Writing(LABELS))
        proofs = [proof for record in records for proof in writer.write(record)]
        list(writer.close())
        target.close()
    tasks = json.loads((tmp_path / "out.json").read_bytes())
    named = [[one.get("annotator") for one in task["annotations"]] for task in tasks]
    assert named == [["Ana", "Ben"], [None], ["Ana"]]
    source = FileSource(tmp_path / "out.json")
    assert list(LabelStudio().proofs(source, Reading(LABELS))) == proofs


def test_the_label_config_stands_beside_the_tasks(tmp_path: Path) -> None:
    row = ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, None, None, None)
    with Target(tmp_path, "out.json") as target:
        writer = LabelStudio().writer(target, Writing(LABELS))
        list(writer.write(Record(Article.of(TALKS), [row])))
        list(writer.close())
        target.close()
    config = ElementTree.parse(tmp_path / "out.config.xml")
    values = [label.get("value") for label in config.iter("Label")]
    assert values == ["PERSON", "GPE", "FAVOR", "AGAINST", "Phrase"]
    (task,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    controls = {one.get("name") for one in config.iter("Labels")}
    used = {one["from_name"] for one in task["annotations"][0]["result"] if one["type"] == "labels"}
    assert used <= controls
    assert candidates(FileSource(tmp_path / "out.json"))[0].name == "label-studio"
