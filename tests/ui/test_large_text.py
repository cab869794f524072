"""At twice the usual size of text no word of a label or a button is cut without an ellipsis."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from annotator.ui import style
from annotator.ui.article.arrangement import WHOLE
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
    assert cut_when_settled(window) == []


def test_no_label_or_button_of_the_start_page_is_cut(large: Desk) -> None:
    large.press("Ctrl+W")
    assert cut_when_settled(large.window) == []


def cut_when_settled(window: QWidget) -> list[str]:
    """What is cut once everything has its place: a page that reads first has other words then."""
    for _ in range(100):
        for _ in range(3):
            QApplication.processEvents()
        found = [told(each) for each in window.findChildren(QWidget) if each.isVisible() and is_cut(each)]
        if not found:
            break
        QTest.qWait(20)
    return found


def test_the_queues_chips_keep_their_counts_in_rows(large: Desk) -> None:
    panel = large.page.queue_panel
    assert panel.field.placeholderText() == "Filter", "not a part of how many there are"
    rows = {chip.y() for chip in panel.chips}
    assert len(rows) > 1
    assert len({chip.pos().toTuple() for chip in panel.chips}) == len(panel.chips)
    panel.chips[0].set_count(9_999)
    QApplication.processEvents()
    assert [told(chip) for chip in panel.chips if is_cut(chip)] == []
    assert all(chip.geometry().bottom() < chip.parentWidget().height() for chip in panel.chips)


def test_stance_cards_cut_no_word(large: Desk) -> None:
    view = large.page.view
    page = view._page
    assert page is not None
    view.set_look(replace(view.look, points=20.0))
    large.select("members accept the offer")
    large.press("F", "H")
    cards = view._cards(page).cards
    assert len(cards) > 1
    for card in cards:
        room = view._card_painter._room(card.shown, card.rect.width(), card.brief, numbered=False)
        words = view._card_painter._words.parts(card.shown, page.text, room, card.brief or WHOLE)
        assert "…" not in words.text()
        assert card.rect.height() >= words.lineCount() * view._typography.card_line


def is_cut(widget: QWidget) -> bool:
    """Whether a widget that shows its words whole, or not at all, has no room for them."""
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return bool(widget.text()) and widget.height() < widget.heightForWidth(widget.width())
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, Chip):
        return widget.width() < widget.sizeHint().width() - 8  # its edges may be narrower
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
