"""A gesture on thousands of marks shows how far it is, can be stopped, and leaves the eye where it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from annotator.domain.label_file import parse_label_set
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.storage.project import Project
from annotator.ui.patience import Patience
from annotator.ui.window import Window
from tests.ui.desk import Desk

MENTIONS = 6_000


@pytest.fixture
def desk(open_window: Callable[..., Window], tmp_path: Path) -> Desk:
    """Ana at one article that says one name six thousand times; she sees at once how far a gesture is."""
    text, path = tmp_path / "velia.txt", tmp_path / "velia.annot"
    text.write_text("Harbour vote\n\n" + "Velia voted.\n" * MENTIONS)
    with Project.create(path, parse_label_set(resource("labels", "news.toml").read_text("utf-8"))) as project:
        import_files(project, [text])
    window = open_window()
    window.files.open(path)
    window.project.waiting = Patience(window.page, unnoticed=0)
    desk = Desk(window, path)
    desk.page.view.set_selection(Span(14, 19))
    desk.press("3")
    return desk


def watch(seen: list[str], *, stop: bool = False) -> None:
    """Notes what is shown while a gesture is saved, and stops it if that is wanted."""

    def look() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, QProgressDialog)
        seen.append(shown.labelText())
        if stop:
            QTest.mouseClick(shown.findChild(QPushButton), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, look)


def test_it_shows_how_far_it_is_and_gives_the_keys_back(desk: Desk, qtbot: QtBot) -> None:
    seen: list[str] = []
    desk.press("R")
    watch(seen)
    desk.press("Enter")
    assert seen == ["Label 5,999 more mentions of ORG “Velia”…"]
    assert len(desk.page.view.marks()) == len(desk.page.marks) == MENTIONS
    assert desk.page.marks.counts[("entity", "ORG")] == MENTIONS
    qtbot.waitUntil(desk.page.view.hasFocus)
    focused = desk.page.view.focused
    desk.press("Ctrl+Z")
    assert len(desk.page.view.marks()) == len(desk.page.marks) == 1
    assert desk.page.view.focused == focused, "the caret stays where the eye is"
    qtbot.waitUntil(desk.page.view.hasFocus)
    desk.press("Ctrl+Y")
    assert len(desk.page.view.marks()) == MENTIONS


def test_stopped_it_changes_nothing(desk: Desk, qtbot: QtBot) -> None:
    seen: list[str] = []
    desk.press("R")
    watch(seen, stop=True)
    desk.press("Enter")
    assert seen
    assert desk.said == "Stopped: nothing was changed."
    assert len(desk.page.marks) == 1
    assert len(desk.stored()) == 1
    qtbot.waitUntil(desk.page.view.hasFocus)
    desk.press("R", "Enter")
    assert len(desk.page.marks) == MENTIONS
