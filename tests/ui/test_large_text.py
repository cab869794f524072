"""At twice the usual size of text no word of a label or a button is cut without an ellipsis."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from annotator.ui import style
from annotator.ui.chrome import Chip, TextButton
from annotator.ui.review_side import ReasonRow
from annotator.ui.top_bar import Tab
from tests.ui.desk import Desk

_PAGES = {
    "label": "page.label",
    "review": "page.review",
    "dashboard": "page.dashboard",
    "names": "page.names",
    "labels": "page.labelset",
    "settings": "app.settings",
    "keys": "help.keys",
    "history": "article.history",
}


@pytest.fixture
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose window has letters of 20 pt."""
    monkeypatch.setattr(style, "_POINT_SIZE", 20.0)
    desk: Desk = request.getfixturevalue("desk")
    assert desk.window.font().pointSizeF() == 20
    desk.window.resize(1440, 900)
    return desk


@pytest.mark.parametrize("page", _PAGES)
def test_no_label_or_button_of_a_page_is_cut(large: Desk, page: str) -> None:
    window = large.window
    window.bindings[_PAGES[page]].trigger()
    assert window.width() == 1440
    for _ in range(3):
        QApplication.processEvents()
    assert [told(each) for each in window.findChildren(QWidget) if each.isVisible() and is_cut(each)] == []


def test_no_label_or_button_of_the_start_page_is_cut(large: Desk) -> None:
    large.press("Ctrl+W")
    QApplication.processEvents()
    window = large.window
    assert [told(each) for each in window.findChildren(QWidget) if each.isVisible() and is_cut(each)] == []


def is_cut(widget: QWidget) -> bool:
    """Whether a widget that shows its words whole, or not at all, has no room for them."""
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return bool(widget.text()) and widget.height() < widget.heightForWidth(widget.width())
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, Chip):
        return widget.width() < widget.minimumSizeHint().width() - 7  # its edges may be narrower
    if isinstance(widget, TextButton | Tab | QPushButton):
        return widget.width() < widget.sizeHint().width()
    return False


def told(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} “{text}”: {widget.width()} of {widget.sizeHint().width()}"


def test_the_reasons_of_a_review_wrap(large: Desk) -> None:
    row = ReasonRow(0, large.window)
    row.resize(900, 40)
    row.show_state(holds=False, is_open=False)
    one = row.height()
    row.resize(230, 40)
    row.show_state(holds=True, is_open=False)
    assert row.height() > 1.5 * one
