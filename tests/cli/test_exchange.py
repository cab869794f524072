"""The options of `import` and `export` as scripts give them: each does what its help says."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_team import run

TEXT = "👨 Ada met Bo in Kyiv."
ADA, BO = {"start": 2, "end": 5, "label": "PERSON"}, {"start": 10, "end": 12, "label": "PERSON"}
KYIV = {"start": 16, "end": 20, "label": "PLACE"}


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run("new", tmp_path / "p.annot") == 0
    capsys.readouterr()
    return tmp_path / "p.annot"


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        (("--map", "PLACE=GPE"), ["PERSON", "GPE"]),
        (("--map", "PLACE="), ["PERSON"]),
        (("--add-labels",), ["PERSON", "PLACE"]),
        (("--leave-labels",), ["PERSON"]),
    ],
)
def test_labels_that_the_label_set_lacks_become_what_is_said(
    project: Path, tmp_path: Path, options: tuple[str, ...], labels: list[str]
) -> None:
    source = written(tmp_path / "a.jsonl", {"text": TEXT, "spans": [ADA, KYIV]})
    assert run("import", project, source, "--annotator", "ana", *options) == 0
    assert run("export", project, tmp_path / "o.jsonl") == 0
    assert [span["label"] for span in lines(tmp_path / "o.jsonl")[0]["spans"]] == labels


def test_a_format_its_options_and_its_unit_are_as_said(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"id;words\n1;{TEXT}\n", "utf-8")
    assert run("import", project, table, "--format", "csv", "--option", "text=words", "--json") == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 1
    later = {"text": TEXT, "spans": [{"start": 3, "end": 6, "label": "PERSON"}]}
    source = written(tmp_path / "a.jsonl", later)
    assert run("import", project, source, "--annotator", "ana", "--offsets", "utf-16") == 0
    assert run("export", project, tmp_path / "o.jsonl") == 0
    assert lines(tmp_path / "o.jsonl")[0]["spans"][0]["text"] == "Ada"
    assert run("import", project, source, "--offsets", "utf-17") == 2


@pytest.mark.parametrize(
    ("said", "counts"), [("suggestions", (1, 0)), ("labels", (0, 1)), ("leave-out", (0, 0))]
)
def test_what_a_model_made_becomes_what_is_said(
    project: Path, tmp_path: Path, said: str, counts: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    region = {"id": "r", "from_name": "l", "to_name": "text", "type": "labels"}
    result = [region | {"value": {"start": 2, "end": 5, "labels": ["PERSON"]}}]
    task = {"data": {"text": TEXT}, "annotations": [], "predictions": [{"result": result}]}
    (tmp_path / "a.json").write_text(json.dumps([task]), "utf-8")
    assert run("import", project, tmp_path / "a.json", "--models", said, "--annotator", "ana", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["suggestions"], report["labels"]) == counts


def test_export_writes_what_its_options_leave(project: Path, tmp_path: Path) -> None:
    records = [
        {"text": f"{TEXT} {n}", "spans": [ADA | {"source": "accepted", "pipeline": "en"}, BO]}
        for n in range(4)
    ]
    assert run("import", project, written(tmp_path / "a.jsonl", *records), "--annotator", "ana") == 0

    def out(*options: str) -> list[dict[str, Any]]:
        path = tmp_path / "o.jsonl"
        assert run("export", project, path, "--of", "annotator:ana", *options) == 0
        return lines(path)

    assert {line["_annotator_id"] for line in out("--pseudonyms")} == {"annotator-1"}
    assert not any("text" in line for line in out("--no-text"))
    assert len(out("--status", "todo")) == 0
    assert len(out("--status", "done", "--no-rejected")) == 4
    (tmp_path / "o.jsonl").unlink()
    assert run("export", project, tmp_path / "o.jsonl", "--dry-run") == 0
    assert not (tmp_path / "o.jsonl").exists()
    assert run("export", project, tmp_path / "o.jsonl", "--split", "train=.5,test=.5", "--seed", "3") == 0
    parts = [lines(tmp_path / f"o-{part}.jsonl") for part in ("train", "test")]
    assert sum(map(len, parts)) == 4
