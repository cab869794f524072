"""What goes wrong is told where it belongs, nothing is drawn that is not saved, and the window goes on."""

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.storage.project import Project
from annotator.ui.faults import Faults
from annotator.ui.lines_dialog import LinesDialog
from annotator.ui.window import Window
from tests.ui.desk import STRIKE, Desk, make_project


def fill_disk(project: Project) -> None:
    """From now on SQLite finds no room for another page."""
    (pages,) = project.db.execute("PRAGMA page_count").fetchone()
    project.db.execute(f"PRAGMA max_page_count={pages}")


def empty_disk(project: Project) -> None:
    project.db.execute("PRAGMA max_page_count=1000000")


def gesture_until_full(desk: Desk) -> None:
    """Notes of a page each: the first that finds no room fails."""
    for _ in range(12):
        desk.press("I")
        desk.page.inspector.editor.setText("x" * 9000 + str(_))
        desk.press("Enter")
        if desk.window.notice.isVisible():
            return
    pytest.fail("the disk never filled")


def test_a_full_disk_is_told_and_nothing_is_drawn(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab")
    project = desk.window.project
    assert project is not None
    fill_disk(project)
    gesture_until_full(desk)
    assert desk.page.line.saved.text() == "● Not saved: disk full"
    kept = desk.mark("Priya Nair").note
    (stored,) = project.db.execute("SELECT note FROM entity WHERE deleted=0").fetchone()
    assert stored == kept
    empty_disk(project)
    desk.press("Esc", "Tab", "A")
    assert desk.page.line.saved.text().startswith("● Saved ")
    assert not desk.window.notice.isVisible()
    assert desk.stored() == ["PERSON Priya Nair", "ORG Harbour Radio"]


def test_a_refusal_passes_by_and_blocks_nothing(desk: Desk) -> None:
    desk.press("Ctrl+Z")
    assert "undo" in desk.said.lower()
    assert not desk.window.notice.isVisible()
    desk.press("Tab", "A")
    assert desk.stored() == ["PERSON Priya Nair"]


def test_a_project_open_elsewhere_is_read_and_says_so(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    path = make_project(tmp_path)
    with Project.open(path) as writer:
        writer.annotator_id("ana")
        window = open_window()
        window.files.open(path)
        assert window.page.line.saved.text() == "● Read only"
        assert "Labelling is off" in window.notice.words.text()
        desk = Desk(window, path)
        desk.press("Tab", "A")
        assert desk.said.startswith("Read only: ")
        assert desk.stored() == []
        desk.press("Ctrl+PgDown")
        assert window.page.header.title.text() == "Council votes for ferries"


def test_a_project_nobody_labelled_in_can_be_read(open_window: Callable[..., Window], tmp_path: Path) -> None:
    path = make_project(tmp_path)
    with Project.open(path):
        window = open_window()
        window.files.open(path)
        assert window.page.header.title.text() == "Dockers halt their strike"
        assert len(window.page.marks) == 5


@pytest.mark.parametrize("content", [b"", b'{"text": "a"}\n', b"SQLite format 3\0" + b"\0" * 4000])
def test_a_file_that_is_no_project_is_told_and_left_alone(
    open_window: Callable[..., Window], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "wrong.annot"
    path.write_bytes(content)
    window = open_window()
    window.show_start()
    window.faults.attempt(window.files.open, path)
    assert window.notice.isVisible()
    assert "wrong.annot" in window.notice.words.text()
    assert window.project is None
    assert path.read_bytes() == content


def test_a_failed_opening_keeps_the_project_that_is_open(desk: Desk, tmp_path: Path) -> None:
    desk.window.faults.attempt(desk.window.files.open, tmp_path / "none.annot")
    assert desk.window.notice.isVisible()
    assert desk.window.project is not None
    desk.press("Esc", "Tab", "A")
    assert desk.stored() == ["PERSON Priya Nair"]


@pytest.mark.logs_errors
def test_our_own_fault_is_logged_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    faults = Faults()
    told: list[bool] = []
    faults.bug.connect(lambda: told.append(True))
    with caplog.at_level(logging.ERROR, "annotator"):
        for _ in range(2):
            try:
                raise ZeroDivisionError("a bug")
            except ZeroDivisionError as error:
                faults.caught(type(error), error, error.__traceback__)
    assert told == [True]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError] * 2


def test_installed_faults_hear_what_slots_raise() -> None:
    faults, before = Faults(), sys.excepthook
    faults.install()
    assert sys.excepthook == faults.caught
    faults.uninstall()
    assert sys.excepthook is before


def test_every_fault_of_an_import_can_be_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    lines = [{"text": f"Article {n}", "spans": [{"start": 0, "end": 7, "label": "PERSON"}]} for n in (1, 2)]
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join([json.dumps(lines[0]), "{broken", json.dumps(lines[1])]), encoding="utf-8")
    desk.bring_in(tmp_path / "empty.txt", records)
    told = desk.window.notice.words.text()
    assert told.startswith("2 articles imported with 2 suggestions. Not everything came in: ")
    desk.press("F6", "F6", "Enter")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LinesDialog)
    *_, empty, broken = dialog.lines.toPlainText().splitlines()
    assert "empty.txt" in empty
    assert "records.jsonl, line 2" in broken
    dialog.close()


def test_labels_that_came_in_are_counted(desk: Desk, tmp_path: Path) -> None:
    record = {"text": STRIKE, "spans": [{"start": 0, "end": 7, "label": "NORP"}], "_annotator_id": "ben"}
    (tmp_path / "ben.jsonl").write_text(json.dumps(record), encoding="utf-8")
    desk.bring_in(tmp_path / "ben.jsonl")
    assert "0 articles imported with 1 label. 1 text already there." in desk.window.notice.words.text()


def test_files_are_brought_in_and_labels_written_out(desk: Desk, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text("A fourth article\n\nIt is short.\n", encoding="utf-8")
    desk.bring_in(more)
    assert desk.page.queue.count() == 4
    assert "1 article imported" in desk.window.notice.words.text()
    desk.press("Tab", "A")
    out = tmp_path / "out.jsonl"
    desk.write_out(out)
    assert "Priya Nair" in out.read_text(encoding="utf-8")
    assert "ana" in desk.window.notice.words.text()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_copy_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    desk.write_out(locked / "out.jsonl")
    dialog = desk.window.exchange.asked()
    assert "Permission denied" in dialog.said.text()
    assert not dialog.go.isEnabled()
