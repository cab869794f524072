"""`hand-out` and `merge` as scripts call them: what they print, and how they end."""

import json
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.domain.text import Span
from annotator.services.labelling import Labelling
from annotator.storage.project import Project
from tests.services.labelled import project_at

MORE = ("Quiet day in Sorrel\n\nNothing happened.", "Loud day in Sorrel\n\nOkafor came.")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in arguments])
    return int(end.value.code or 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "talks.annot"
    project_at(path, more=MORE)[0].close()
    return path


def test_files_go_out_and_come_back(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("hand-out", project, tmp_path / "out", "--to", "ana, ben", "--overlap", 0.4, "--json") == 0
    handed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in handed["annotators"]] == ["ana", "ben"]
    files = [Path(each["file"]) for each in handed["annotators"]]
    with Project.open(files[0]) as copy:
        (article_id,) = copy.db.execute("SELECT id FROM article").fetchone()
        Labelling(copy, "ana").add(article_id, Span(0, 5), "PERSON")
    assert run("merge", project, *files, "--json") == 0
    merged = json.loads(capsys.readouterr().out)
    assert [each["state"] for each in merged["files"]] == ["merged", "nothing new"]
    assert merged["files"][0]["gestures"] == {"new": 1, "there": 0, "left_out": 0}
    assert Path(merged["backup"]).is_file()
    assert run("merge", project, *files) == 0
    assert "nothing new, 1 gesture already here" in capsys.readouterr().out


def test_a_file_that_stays_out_ends_with_1_and_a_line(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("merge", project, tmp_path / "missing.annot") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"annotator: {tmp_path / 'missing.annot'} was left out. There is no file")


@pytest.mark.parametrize("options", [("--to", "ana,ana"), ("--to", ""), ("--to", "ana", "--overlap", "2")])
def test_what_cannot_be_handed_out_ends_with_1(
    project: Path, tmp_path: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("hand-out", project, tmp_path / "out", *options) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.glob("out/*"))


def test_a_map_without_a_sign_is_wrong_usage(project: Path) -> None:
    assert run("merge", project, project, "--map", "ORG") == 2
