"""`annotator evaluate`, as it is run: a table for people, JSON for programs, an error list, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.storage.project import Project
from tests.pipelines import make_pipeline

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Lavrov in Ukraine. NATO waits for Kuleba."
SPANS = [
    {"start": 0, "end": 6, "label": "PERSON"},
    {"start": 10, "end": 17, "label": "LOC"},
    {"start": 19, "end": 23, "label": "ORG"},
    {"start": 34, "end": 40, "label": "PERSON"},
]


def annotator(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    (folder / "gold.jsonl").write_text(json.dumps({"text": TEXT, "spans": SPANS}) + "\n", encoding="utf-8")
    make_pipeline(folder / "names")
    assert annotator("new", folder / "p.annot").returncode == 0
    return folder


def evaluate(files: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    gold = ("--gold", files / "gold.jsonl", "--pipeline", files / "names")
    return annotator("evaluate", files / "p.annot", *gold, *more)


def test_a_table_for_people(files: Path) -> None:
    done = evaluate(files)
    assert done.returncode == 0, done.stderr
    assert "en_names 1.0, suggestions for 1 article" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["all", ".750", ".750", ".750", "–", "3", "4", "4"] in rows
    assert ["LOC", "–", ".000", ".000", "–", "0", "0", "1"] in rows
    ends = [len(line) for line in done.stdout.splitlines() if line.endswith(("gold", " 1", " 2", " 4"))]
    assert len(set(ends)) == 1


def test_json_says_everything(files: Path) -> None:
    done = evaluate(files, "--json")
    said = json.loads(done.stdout)
    assert (said["pipeline"], said["version"], said["articles"]) == ("en_names", "1.0", 1)
    assert said["entities"]["strict"]["PERSON"]["f1"]["value"] == 1.0
    assert said["entities"]["strict"]["LOC"]["precision"] == {"value": None, "why": "nothing was found"}
    assert said["interval"] == {"level": 0.95, "resamples": 1000, "seed": 20, "over": "articles"}
    assert said["definitions"].keys() >= {"strict", "overlap", "whole"}


def test_an_error_list_is_written_and_never_over_the_gold_file(files: Path) -> None:
    out = files / "wrong.jsonl"
    done = evaluate(files, "--errors", out)
    assert done.returncode == 0
    assert f"Wrote 1 error to {out}." in done.stderr
    (record,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (record["kind"], record["gold"]["label"], record["found"]["label"]) == ("label", "LOC", "GPE")
    before = (files / "gold.jsonl").read_bytes()
    refused = evaluate(files, "--errors", files / "gold.jsonl")
    assert refused.returncode == 1
    assert "would overwrite the gold file" in refused.stderr
    assert (files / "gold.jsonl").read_bytes() == before


def test_faults_are_one_line_each(files: Path) -> None:
    done = annotator("evaluate", files / "p.annot", "--gold", files / "nothing.jsonl")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    done = annotator("evaluate", files / "p.annot")
    assert done.returncode == 2
    (files / "half.jsonl").write_text(
        json.dumps({"text": TEXT, "spans": SPANS}) + "\n{broken\n", encoding="utf-8"
    )
    done = annotator(
        "evaluate", files / "p.annot", "--gold", files / "half.jsonl", "--pipeline", files / "names"
    )
    assert done.returncode == 1
    assert "half.jsonl, line 2" in done.stderr
    assert "Entities, strict" in done.stdout


def test_it_works_beside_an_open_window(files: Path) -> None:
    with Project.open(files / "p.annot"):
        done = evaluate(files)
    assert done.returncode == 0, done.stderr


def test_articles_without_stored_suggestions_are_named(files: Path) -> None:
    project = files / "stored.annot"
    (files / "other.jsonl").write_text(json.dumps({"text": "NATO waits."}) + "\n", encoding="utf-8")
    annotator("new", project)
    annotator("import", project, files / "other.jsonl")
    assert annotator("suggest", project, "--pipeline", files / "names").returncode == 0
    done = annotator("evaluate", project, "--gold", files / "gold.jsonl", "--stored")
    assert done.returncode == 0, done.stderr
    assert f"Not compared: {TEXT}: it is not in the project; import it." in done.stdout
