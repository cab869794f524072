"""`annotator labels`, as it is run: the labels with their counts, to a file, from a file."""

import json
from pathlib import Path

from annotator.domain.label_file import parse_label_set
from tests.cli.test_evaluate import annotator

OTHER = 'name = "other"\nversion = 1\n[[entity]]\nname = "HUMAN"\ncolor = "#0072b2"\nformer = ["PERSON"]\n'


def test_labels_are_listed_written_and_taken_from_a_file(tmp_path: Path) -> None:
    project, file, other = tmp_path / "p.annot", tmp_path / "out.toml", tmp_path / "other.toml"
    other.write_text(OTHER, "utf-8")
    record = {"text": "Ada met Bo.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]}
    (tmp_path / "in.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    assert annotator("new", project).returncode == 0
    done = annotator("import", project, tmp_path / "in.jsonl", "--as", "labels", "--annotator", "ana")
    assert done.returncode == 0, done.stderr
    said = json.loads(annotator("labels", project, "--json").stdout)
    assert said["labels"][0]["marks"] == 1
    assert annotator("labels", project, "--export", file).returncode == 0
    assert parse_label_set(file.read_text("utf-8")).name == "news"
    dry = annotator("labels", project, "--import", other, "--dry-run")
    assert "  PERSON: becomes HUMAN (1 mark)" in dry.stdout
    assert "  ORG: kept, retired (0 marks)" in dry.stdout
    taken = annotator("labels", project, "--import", other, "--map", "ORG=HUMAN", "--annotator", "ana")
    assert "The labels are at version 2 now." in taken.stdout, taken.stderr
    assert "HUMAN" in annotator("labels", project).stdout
    again = annotator("labels", project, "--import", tmp_path / "none.toml")
    assert again.returncode == 1
    assert "none.toml cannot be read" in again.stderr
