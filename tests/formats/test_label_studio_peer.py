"""Label Studio's own library: it checks and converts what we write, and we read what it makes."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from label_studio_sdk.converter.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.objects import AnnotationValue, PredictionValue, TaskValue

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Record
from annotator.formats.conll import Conll
from annotator.formats.contract import Format, Maker, Piece, Reading, Writing
from annotator.formats.label_studio import LabelStudio
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from tests.formats.samples import (
    LABELS,
    LAVROV,
    RUSSIA,
    TALKS,
    WANTED,
    label_records,
    suggestion_records,
)

PERSON: MarkRow = ("entity", "PERSON", *LAVROV, None, None, *(None,) * 6)
GPE: MarkRow = ("entity", "GPE", *RUSSIA, None, None, *(None,) * 6)
NESTED: MarkRow = ("entity", "GPE", 14, 18, None, None, *(None,) * 6)
STANCE: MarkRow = ("stance", "FAVOR", *WANTED, None, None, *RUSSIA, None, 28, 33, None)
THEIR_CONFIG = """
<View>
  <Labels name="label" toName="article">
    <Label value="PERSON"/><Label value="GPE"/><Label value="FAVOR"/>
  </Labels>
  <Relations><Relation value="holder"/><Relation value="target"/></Relations>
  <Text name="article" value="$article"/>
</View>
"""


def written(folder: Path, *records: Record) -> tuple[str, list[dict[str, Any]]]:
    """The label config and the tasks of a file o.json."""
    with Target(folder, "o.json") as target:
        writer = LabelStudio().writer(target, Writing(LABELS))
        for record in records:
            list(writer.write(record))
        list(writer.close())
        target.close()
    config = (folder / "o.config.xml").read_text(encoding="utf-8")
    return config, json.loads((folder / "o.json").read_bytes())


def read(path: Path, format_: Format, **options: str) -> list[Piece]:
    pieces = list(format_.read(FileSource(path), Reading(LABELS, options=options)))
    assert [fault for piece in pieces for fault in piece.faults] == []
    return pieces


def marks(piece: Piece) -> list[MarkRow]:
    assert piece.record is not None
    return piece.record.marks


@given(st.lists(label_records() | suggestion_records(), min_size=1, max_size=2))
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_its_checks_pass_every_config_and_task_that_we_write(records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config, tasks = written(Path(folder), *records)
    interface = LabelInterface(config)
    interface.validate()
    for task in tasks:
        assert all(task["data"].get(shown.value_name) for shown in interface.objects)
        for said in (*task["annotations"], *task["predictions"]):
            assert interface.validate_prediction(said, return_errors=True) == []


@pytest.fixture
def converter(tmp_path: Path) -> Converter:
    config, _ = written(tmp_path, Record(Article.of(TALKS), [PERSON, GPE, NESTED, STANCE], annotator="Ana"))
    (tmp_path / "out").mkdir()
    return Converter(config=config, project_dir=str(tmp_path), download_resources=False)


def test_its_converter_finds_our_marks_where_they_are(converter: Converter, tmp_path: Path) -> None:
    converter.convert_to_json_min(str(tmp_path / "o.json"), str(tmp_path / "out"), is_dir=False)
    (task,) = json.loads((tmp_path / "out" / "result.json").read_bytes())
    said = [(*one["labels"], one["start"], one["end"], one["text"]) for one in task["entities"]]
    assert said == [("PERSON", *LAVROV, "Lavrov"), ("GPE", *RUSSIA, "Russia"), ("GPE", 14, 18, "Russ")]
    assert [one["text"] for one in (*task["stances"], *task["parts"])] == ["wanted talks", "talks"]


def test_we_read_its_short_shape_and_say_that_it_has_no_relations(
    converter: Converter, tmp_path: Path
) -> None:
    converter.convert_to_json_min(str(tmp_path / "o.json"), str(tmp_path / "out"), is_dir=False)
    path = tmp_path / "out" / "result.json"
    assert candidates(FileSource(path))[0].name == "label-studio"
    (piece,) = read(path, LabelStudio())
    assert marks(piece)[:3] == [PERSON, GPE, NESTED]
    assert marks(piece)[3] == (*STANCE[:6], *(None,) * 6)
    assert "relations" in "".join(piece.remarks)
    assert piece.record is not None
    assert piece.record.article.text == TALKS


def test_we_read_what_its_converter_makes_of_ours(converter: Converter, tmp_path: Path) -> None:
    converter.convert_to_conll2003(str(tmp_path / "o.json"), str(tmp_path / "out"), is_dir=False)
    (piece,) = read(tmp_path / "out" / "result.conll", Conll())
    assert piece.record is not None
    assert piece.record.article.text == "👨 Lavrov said Russia wanted talks ."  # its words, joined by blanks
    assert marks(piece) == [PERSON, GPE]
    converter.convert_to_json(str(tmp_path / "o.json"), str(tmp_path / "out"), is_dir=False)
    (piece,) = read(tmp_path / "out" / "result.json", LabelStudio())
    assert sorted(marks(piece)[:3]) == sorted([PERSON, GPE, NESTED])
    assert marks(piece)[3] == STANCE


@pytest.mark.filterwarnings("ignore:The `dict` method is deprecated")  # its regions call it
def test_we_read_the_tasks_of_its_own_objects(tmp_path: Path) -> None:
    label = LabelInterface(THEIR_CONFIG).get_control("label")

    def region(name: str, start: int, end: int) -> Any:
        return label.label(label=name, start=start, end=end, text=TALKS[start:end])

    person, place, talks = region("PERSON", *LAVROV), region("GPE", *RUSSIA), region("GPE", 28, 33)
    stance = region("FAVOR", *WANTED)
    task = TaskValue(
        data={"article": TALKS},
        annotations=[AnnotationValue(completed_by=7, result=[person, place])],
        predictions=[PredictionValue(model_version="news 2", score=0.5, result=[talks, stance])],
    )
    said = task.model_dump()
    for child, role in ((person, "holder"), (talks, "target")):
        stance.add_relation(region=child, label=[role])
    said["predictions"][0]["result"] += [*stance._dict_relations(), place._dict(), person._dict()]
    path = tmp_path / "export.json"
    path.write_text(json.dumps([said]), encoding="utf-8")
    assert candidates(FileSource(path))[0].name == "label-studio"
    by_person, by_model = read(path, LabelStudio())
    assert marks(by_person) == [PERSON, GPE]
    assert by_person.maker is Maker.PERSON
    assert by_person.record is not None
    assert by_person.record.annotator == "user 7"
    assert by_model.maker is Maker.MODEL
    (found,) = [row for row in marks(by_model) if row[0] == "stance"]
    assert found[1:4] == ("FAVOR", *WANTED)
    assert (found[6:8], found[9:11]) == (LAVROV, (28, 33))
