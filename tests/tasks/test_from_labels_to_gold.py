"""The sample leads a newcomer from labels to dashboard to review to gold, by the keys the help tells."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.services.projects import demo
from annotator.storage.gold import gold_marks
from annotator.ui.export_dialog import ExportDialog
from annotator.ui.window import Window
from tests.keys import parsed


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    opened = open_window()
    opened.files.open(demo(tmp_path))
    return opened


def press(*keys: str) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None, f"nothing has the focus for {key}"
        QTest.keyClick(focus, *parsed(key))


def test_labels_dashboard_review_gold(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    project, page = window.project, window.page
    assert project is not None
    assert page.article is not None
    press("Ctrl+F")
    QTest.keyClicks(QApplication.focusWidget(), "Ragnhild Tveit")
    press("Escape", "1", "Ctrl+Return")
    own = "SELECT label FROM entity e JOIN annotator n ON n.id=e.annotator_id WHERE n.name='ana'"
    assert project.db.execute(own).fetchall() == [("PERSON",)]

    press("Ctrl+3")
    dashboard = window.dashboard
    qtbot.waitUntil(lambda: dashboard.overview is not None)
    agreed = dashboard.overview and dashboard.overview.agreed
    assert agreed is not None
    assert agreed.annotators == ("Noor", "Robin", "ana")
    press("Right", "Right")
    cell = dashboard.page.head.cell()
    assert cell is not None
    assert cell.text == f"{agreed.differing} of {agreed.groups}"
    press("Return")
    qtbot.waitUntil(lambda: dashboard.page.pane.list.count() > 0)
    assert dashboard.page.pane.list.count() == agreed.differing
    press("Return")

    review = window.review
    assert window.stack.currentWidget() is review.page
    qtbot.waitUntil(lambda: not review.settling.active)
    for key, outcome in (("1", True), ("0", False)):
        item = review.item
        assert item is not None
        assert item.state.is_left
        before = review.queue.left if review.queue else 0
        press(key)
        assert review.queue is not None
        assert review.queue.left == before - 1, "one key decides"
        assert review.item is not item, "and goes on"
        golds = [mark.span for mark in gold_marks(project.db, item.group.article_id)]
        at = [span for span in golds if span in [mark.span for mark in item.group.marks]]
        assert bool(at) is outcome

    press("Ctrl+3")
    assert window.stack.currentWidget() is dashboard.page

    press("Ctrl+3", "Ctrl+E")
    dialog = window.findChildren(ExportDialog)[-1]
    qtbot.waitUntil(dialog.fields.of.hasFocus)
    QTest.keyClicks(dialog.fields.of, "gold")
    assert dialog.fields.of.currentData() == "gold"
    dialog.target.setFocus()
    dialog.target.selectAll()
    QTest.keyClicks(dialog.target, str(tmp_path / "gold.jsonl"))
    press("Return")
    qtbot.waitUntil(lambda: dialog.leave.hasFocus() and not dialog.busy, timeout=60_000)
    assert dialog.said.text().startswith("Wrote 6 records to gold.jsonl.")
    press("Return")
    records = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text("utf-8").splitlines()]
    assert {record["status"] for record in records} == {"doing"}, "most differences are undecided"
    assert sum(len(record["spans"]) for record in records) > 100, "what is unanimous is gold, too"
