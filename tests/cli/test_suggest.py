"""`annotator suggest` with pipelines of other people: asked before, mapped, kept in the project."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from annotator.domain.choices import Choices, Thresholds
from annotator.services.choices import choices_of
from annotator.storage.project import Access, Project
from tests.cli.test_faults import annotator, environment, one_line
from tests.pipelines import make_pipeline

NAMES = {"Lavrov": "PER", "Ukraine": "MISC"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path, text = tmp_path / "p.annot", tmp_path / "a.txt"
    text.write_text("Lavrov spoke in Ukraine.", "utf-8")
    assert annotator("new", path).returncode == 0
    assert annotator("import", path, text).returncode == 0
    return path


def kept(project: Path) -> Choices:
    with Project.open(project, Access.READ) as reading:
        return choices_of(reading)


def test_a_new_pipeline_needs_a_yes_and_its_labels_can_be_mapped(project: Path, tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "pipeline", names=NAMES, name="cli", trusted=False)
    refused = one_line(annotator("suggest", project, "--pipeline", folder))
    assert str(folder) in refused
    assert "--trust" in refused
    assert kept(project) == Choices()
    done = annotator("suggest", project, "--pipeline", folder, "--trust", "--json")
    report = json.loads(done.stdout)
    assert (report["pipeline"], report["suggestions"], report["unknown_labels"]) == ("en_cli", 1, {"MISC": 1})
    assert b"left out: MISC (1)" in done.stderr
    done = annotator("suggest", project, "--map", "MISC=GPE", "--threshold", "GPE=.25")
    assert done.returncode == 0
    assert b"made 2 suggestions" in done.stdout
    assert kept(project) == Choices(str(folder), labels={"MISC": "GPE"}, thresholds=Thresholds({"GPE": 0.25}))
    assert annotator("suggest", project, "--pipeline", "en_news").returncode == 0
    assert kept(project).pipeline == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "MISC=TOWN"), "no label TOWN. It has PERSON"),
        (("--threshold", "ORG=2"), "Give one from 0 to 1"),
        (("--pipeline", "xx_gone"), "Install it"),
        (("--pipeline", "."), "is not a spaCy pipeline"),
    ],
)
def test_an_option_that_makes_no_sense_here_is_one_line(
    project: Path, options: tuple[str, str], said: str
) -> None:
    assert said in one_line(annotator("suggest", project, *options))


@pytest.mark.parametrize("options", [("--map", "MISC"), ("--threshold", "ORG=much"), ("--map", "=ORG")])
def test_an_option_of_another_form_is_a_wrong_usage(project: Path, options: tuple[str, str]) -> None:
    assert annotator("suggest", project, *options).returncode == 2


def drain(terminal: int) -> None:
    """Read what is written to a terminal until nobody writes any more, so that no writer ever waits."""
    with suppress(OSError):
        while os.read(terminal, 4096):
            pass
    os.close(terminal)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"\n", 1)])
def test_at_a_terminal_it_asks_and_no_is_the_usual_answer(
    project: Path, tmp_path: Path, answer: bytes, status: int
) -> None:
    name = f"asked{status}"
    folder = make_pipeline(tmp_path / "pipeline", names=NAMES, name=name, trusted=False)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "annotator", "suggest", project, "--pipeline", folder]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment()
    ) as asking:
        os.close(theirs)
        os.write(ours, answer)
        threading.Thread(target=drain, args=[ours]).start()
        said = asking.stdout.read().decode()
        asking.wait(timeout=60)
    assert asking.returncode == status
    assert ("made 1 suggestion" in said) is (status == 0)
    assert kept(project).pipeline == (str(folder) if status == 0 else "")
