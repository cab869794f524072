"""`annotator agreement`, as it is run: a table for people, JSON for programs, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Lavrov in Ukraine. NATO waits for Kuleba."
WORK = {"ana": [(0, 6, "PERSON"), (10, 17, "GPE")], "ben": [(0, 6, "PERSON"), (10, 17, "LOC")]}


def annotator(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("agreement")
    assert annotator("new", folder / "p.annot").returncode == 0
    for name, spans in WORK.items():
        record = {
            "text": TEXT,
            "spans": [dict(zip(("start", "end", "label"), span, strict=True)) for span in spans],
        }
        (folder / f"{name}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
        done = annotator(
            "import", folder / "p.annot", folder / f"{name}.jsonl", "--as", "labels", "--annotator", name
        )
        assert done.returncode == 0, done.stderr
    return folder / "p.annot"


def test_a_table_for_people(project: Path) -> None:
    done = annotator("agreement", project)
    assert done.returncode == 0, done.stderr
    assert "2 annotators (ana, ben), 1 article " in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["F1,", "strict", ".500", "–", "4", "marks"] in rows
    assert ["F1,", "exact", "span", "1.00", "–", "4", "marks"] in rows


def test_json_is_one_object(project: Path) -> None:
    done = annotator("agreement", project, "--annotators", "ben, ana", "--json")
    said = json.loads(done.stdout)
    assert said["annotators"] == ["ana", "ben"]
    assert said["differences"]["entities"]["label"] == 1
    strict = next(each for each in said["figures"] if each["figure"] == "f1_strict" and "label" not in each)
    assert (strict["value"], strict["n"], strict["interval"]) == (0.5, 4, None)


def test_gold_is_settled_before_it_is_written_and_says_what_it_lacks(project: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "p.annot", tmp_path / "gold.jsonl"
    own.write_bytes(project.read_bytes())
    done = annotator("export", own, out, "--of", "gold")
    assert done.returncode == 0, done.stderr
    assert "1 place in 1 article is still undecided" in done.stdout
    record = json.loads(out.read_text(encoding="utf-8"))
    assert ([span["label"] for span in record["spans"]], record["status"]) == (["PERSON"], "doing")


def test_without_two_annotators_it_ends_with_one_line(project: Path) -> None:
    done = annotator("agreement", project, "--annotators", "ana")
    assert done.returncode == 1
    assert done.stderr.startswith("annotator: Agreement compares two annotators or more: name at least two")
    assert done.stderr.count("\n") == 1
