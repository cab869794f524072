"""A save that fails: the status line says so and why, and what was typed stays where it was typed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.domain.labels import Kind
from annotator.domain.marks import Entity
from annotator.ui.chrome import KeyField
from tests.ui.desk import Desk

LONG = "word " * 2_000  # more than a page of the file


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """SQLite finds no room for another page."""
    assert desk.window.project is not None
    db = desk.window.project.db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count={pages}")
    yield
    db.execute("PRAGMA max_page_count=1000000")


@contextmanager
def failing_disk(desk: Desk) -> Iterator[None]:
    """The system refuses to make the side file longer, which SQLite calls an I/O error."""
    if sys.platform == "win32":
        pytest.skip("Windows has no limit on a file's size")
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = desk.path.with_name(f"{desk.path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


def told(desk: Desk) -> str:
    return desk.page.line.saved.text()


def paste(text: str) -> None:
    """Puts a long text at once where one types."""
    field = QApplication.focusWidget()
    assert isinstance(field, KeyField)
    field.insert(text)


def test_a_fault_of_the_disk_says_not_saved_until_a_gesture_is(desk: Desk) -> None:
    desk.press("Tab", "A")
    with failing_disk(desk):
        desk.press("A")
        assert told(desk) == "● Not saved: disk error"
        assert "harbour.annot" in desk.window.notice.said
        assert desk.stored() == ["PERSON Priya Nair"]
    desk.press("A")
    assert told(desk).startswith("● Saved ")
    assert not desk.window.notice.isVisible()


def test_a_full_disk_elsewhere_is_not_said_of_the_project(desk: Desk, tmp_path: Path) -> None:
    from annotator.domain.errors import DiskFull

    desk.window.faults.told.emit(DiskFull(f"The disk is full: {tmp_path / 'out.jsonl'} was not written."))
    assert told(desk) == "● Saved"
    assert "out.jsonl" in desk.window.notice.said


@pytest.mark.parametrize("fault", [full_disk, failing_disk])
def test_a_note_that_cannot_be_saved_stays_in_its_editor(desk: Desk, fault: Callable[..., object]) -> None:
    desk.press("Tab", "A", "Shift+Tab", "I")
    paste(LONG)
    with full_disk(desk) if fault is full_disk else failing_disk(desk):
        desk.press("Enter")
        assert told(desk).startswith("● Not saved: disk ")
        assert desk.page.inspector.editor.hasFocus()
        assert desk.page.inspector.editor.text() == LONG
    desk.press("Enter")
    assert not desk.page.inspector.editor.isVisible()
    assert told(desk).startswith("● Saved ")
    assert not desk.window.notice.isVisible()
    assert desk.mark("Priya Nair").note == LONG.strip()


def test_a_name_that_cannot_be_saved_stays_and_esc_lets_it_go(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "M")
    with full_disk(desk):
        paste(LONG)
        desk.press("Enter")
        assert desk.page.inspector.editor.text().strip() == LONG.strip()
        desk.press("Esc")
        assert not desk.page.inspector.editor.isVisible()
    mark = desk.mark("Priya Nair").mark
    assert isinstance(mark, Entity)
    assert mark.name is None


def test_another_article_waits_for_what_cannot_be_saved(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "I")
    paste(LONG)
    with full_disk(desk):
        desk.press("Ctrl+PgDown")
        assert desk.text.startswith("Dockers")
        assert desk.page.inspector.editor.text() == LONG
        assert "Esc" in desk.said
    desk.press("Ctrl+PgDown")
    assert desk.text.startswith("Council")
    desk.press("Ctrl+PgUp")
    assert desk.mark("Priya Nair").note == LONG.strip()


def test_the_window_waits_for_what_cannot_be_saved(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "M")
    paste(LONG)
    with full_disk(desk):
        desk.window.close()
        assert desk.window.isVisible()
        assert desk.window.project is not None
        assert desk.page.inspector.editor.hasFocus()
        assert desk.page.inspector.editor.text().strip() == LONG.strip()
        desk.press("Esc")
    desk.window.close()
    assert not desk.window.isVisible()


def test_a_note_on_the_article_stays_in_the_question(desk: Desk) -> None:
    desk.window.queueing.note()
    paste(LONG)
    with full_disk(desk):
        desk.press("Enter")
        assert told(desk) == "● Not saved: disk full"
        assert desk.window.notice.asking
        assert desk.window.notice.said.startswith("The disk is full")
        desk.window.close()
        assert desk.window.isVisible()
        field = QApplication.focusWidget()
        assert isinstance(field, KeyField)
        assert field.text() == LONG
    desk.press("Enter")
    assert not desk.window.notice.isVisible()
    assert told(desk).startswith("● Saved ")
    assert desk.page.article is not None
    assert desk.page.queue is not None
    row = desk.page.queue.row(desk.page.article.id)
    assert row is not None
    assert row.note == LONG.strip()


@pytest.mark.parametrize("score", ["2", "abc", ""])
def test_a_refused_score_keeps_the_question_and_the_label(desk: Desk, score: str) -> None:
    desk.press("Ctrl+Shift+A")
    fields = [each for each in desk.window.notice.findChildren(KeyField) if each.isVisible()]
    label = next(each for each in fields if each.accessibleName() == "Label")
    wanted = next(each for each in fields if each.accessibleName().startswith("Least score"))
    label.setText("ORG")
    wanted.setText(score)
    wanted.setFocus()
    desk.press("Enter")
    assert desk.window.notice.asking
    assert (label.text(), wanted.text()) == ("ORG", score)
    assert "from 0 to 1" in desk.said
    wanted.setText("0.5")
    desk.press("Enter")
    assert not desk.window.notice.asking
    assert desk.stored() == ["ORG Harbour Radio", "ORG Marco Silva"]


def test_a_message_from_elsewhere_stands_before_an_open_question(desk: Desk) -> None:
    desk.window.queueing.note()
    paste("half a thought")
    desk.window.notice.tell("The check found a fault.", choices=[("Show", lambda: None)])
    assert desk.window.notice.said.startswith("The check found a fault. Note on this article")
    field = QApplication.focusWidget()
    assert isinstance(field, KeyField)
    assert field.text() == "half a thought"
    desk.press("Esc")
    assert desk.window.notice.said == "The check found a fault."
    assert not desk.window.notice.asking


def test_a_label_that_cannot_be_saved_stays_in_its_editor(desk: Desk) -> None:
    desk.press("Tab", "A", "Ctrl+5", "Enter")
    desk.type("HUMAN")
    with full_disk(desk):
        desk.press("Ctrl+S")
        assert told(desk) == "● Not saved: disk full"
        assert desk.window.notice.said.startswith("The disk is full")
        field = QApplication.focusWidget()
        assert isinstance(field, KeyField)
        assert field.text() == "HUMAN"
    desk.press("Ctrl+S")
    assert desk.window.project is not None
    assert desk.window.project.labelset.find(Kind.ENTITY, "HUMAN") is not None
    assert told(desk).startswith("● Saved ")
    assert not desk.window.notice.isVisible()


def test_a_name_of_the_project_that_cannot_be_saved_stays_in_the_question(desk: Desk) -> None:
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair")
    desk.press("Enter")
    desk.window.names.rename()
    paste(LONG)
    with full_disk(desk):
        desk.press("Enter")
        assert desk.window.notice.asking
        assert desk.window.notice.said.startswith("The disk is full")
        field = QApplication.focusWidget()
        assert isinstance(field, KeyField)
        assert field.text() == LONG
    desk.press("Enter")
    assert not desk.window.notice.isVisible()
    mark = desk.mark("Priya Nair").mark
    assert isinstance(mark, Entity)
    assert mark.name == LONG.strip()
