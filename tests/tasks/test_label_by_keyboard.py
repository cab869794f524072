"""The main job, as a person does it: import, suggest, label by keys, restart, undo, redo, export."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator import places
from annotator.ui.window import Window
from tests.tasks.keyboard import find, press

SEEDS = places.seeds() / "articles"
ROOT = places.seeds().parent


def annotator(*arguments: object) -> str:
    """Runs the command in a process of its own and returns what it printed."""
    return _python("-m", "annotator", *arguments)


def _python(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(project: Path, *options: str) -> list[dict[str, Any]]:
    out = project.with_name("out.jsonl")
    annotator("export", project, out, *options)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def without_times(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without when it was done and the time spent, which undo does not give back."""
    kept = [{key: value for key, value in record.items() if key != "_timestamp"} for record in records]
    for record in kept:
        record["meta"] = {key: value for key, value in record["meta"].items() if key != "_effort"}
    return kept


def brief(span: dict[str, Any]) -> tuple[str, str, str]:
    return span["text"], span["label"], span["source"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two articles in a project, read by the built-in pipeline; all of it by commands."""
    path = tmp_path / "tour.annot"
    annotator("new", path)
    annotator("import", path, SEEDS / "01-electric-ferries.txt", SEEDS / "02-reservoir-talks.txt")
    annotator("suggest", path)
    return path


def test_suggestions_come_out_with_the_text_of_the_files(project: Path) -> None:
    records = exported(project, "--of", "suggestions")
    assert [record["text"].encode() for record in records] == [
        (SEEDS / name).read_bytes() for name in ("01-electric-ferries.txt", "02-reservoir-talks.txt")
    ]
    for record in records:
        assert len(record["spans"]) > 10
        for span in record["spans"]:
            assert record["text"][span["start"] : span["end"]] == span["text"]


def test_the_whole_job_by_keyboard(project: Path, open_window: Callable[..., Window]) -> None:
    suggested = exported(project, "--of", "suggestions")[0]
    offered = sorted(suggested["spans"] + suggested["stances"], key=lambda mark: (mark["start"], mark["end"]))
    window = open_window()
    window.files.open(project)
    gestures = label_the_first_article()
    window.close()

    record = exported(project, "--of", "annotator:ana", "--status", "done")[0]
    first, rejected, relabelled, moved = offered[:4]
    spans = [brief(span) for span in record["spans"]]
    assert (first["text"], first["label"], "accepted") in spans
    assert rejected["label"] == "FAVOR", "entities and stances come in the order of the text"
    assert rejected["start"] not in [stance["start"] for stance in record["stances"]]
    assert (relabelled["text"], "EVENT", "edited") in spans
    shorter = next(span for span in record["spans"] if span["start"] == moved["start"])
    assert (shorter["end"], shorter["source"]) == (moved["end"] - 1, "edited")
    assert ("diesel ferries", "FAC", "added") in spans
    assert len(spans) == 4, "what is undecided is never exported"
    (stance,) = record["stances"]
    assert (stance["text"], stance["label"]) == ("supported the plan", "FAVOR")
    assert stance["holder"]["text"] == "Thirty-seven members"
    assert stance["target"]["text"] == "the plan"
    labelled = exported(project)

    # A new process, and all of it is undone, then done again.
    said = json.loads(_python("-m", "tests.tasks.again", project, *["Ctrl+Z"] * gestures, "Ctrl+Z"))
    assert said[-1] == "Nothing to undo."
    undone = exported(project)
    assert [(record["spans"], record["stances"], record["status"]) for record in undone] == [
        ([], [], "todo")
    ] * 2
    said = json.loads(_python("-m", "tests.tasks.again", project, *["Ctrl+Y"] * gestures, "Ctrl+Y"))
    assert said[-1] == "Nothing to redo."
    assert without_times(exported(project)) == without_times(labelled)
    assert json.loads(annotator("check", project, "--json"))["problems"] == []


def label_the_first_article() -> int:
    """Presses the keys of the tour and returns how many gestures they were."""
    press("Tab", "A")  # accept the first suggestion; the second has the focus
    press("X")  # reject it; on to the third
    press("7")  # another label: EVENT
    press("Tab", "E", "Left", "Enter")  # the fourth ends one character earlier
    find("diesel ferries")
    press("6")  # a new entity: FAC
    find("supported the plan")
    press("F")  # a stance in favour,
    find("Thirty-seven members")
    press("H")  # with a holder
    find("the plan")
    press("T")  # and a target
    press("Ctrl+Enter", "Enter")  # finish, although suggestions are undecided
    return 9
