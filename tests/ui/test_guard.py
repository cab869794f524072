"""An exception in an event override is reported and does not reach Qt."""

import logging
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.guard import guarded, guarded_as


class Faulty(QWidget):
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        raise ZeroDivisionError("a fault of ours")

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        return bool(super().event(event))

    @guarded_as(7)
    def answer(self, value: int) -> int:
        """Answer with the value, or fail at zero."""
        return value // value * value


@pytest.mark.logs_errors
def test_a_fault_is_logged_and_reported_and_the_window_lives(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    widget = Faulty()
    qtbot.addWidget(widget)
    widget.show()
    reported: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(error))
    with caplog.at_level(logging.ERROR):
        QTest.keyClick(widget, Qt.Key.Key_A)
    assert [str(error) for error in reported] == ["a fault of ours"]
    assert "keyPressEvent of Faulty failed" in caplog.text
    assert widget.isVisible()


@pytest.mark.logs_errors
def test_qt_gets_an_answer_after_a_fault(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = Faulty()
    qtbot.addWidget(widget)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    assert widget.answer(3) == 3
    assert widget.answer(0) == 7
    assert widget.answer.__doc__ == "Answer with the value, or fail at zero."


def test_a_void_qt_call_takes_no_reference_from_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 does, and the process ends after some thousand calls."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        widget.setToolTip("tip")
    assert abs(sys.getrefcount(None) - before) < 200
