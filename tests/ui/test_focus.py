"""Where the focus is can be seen, also in panes that only scroll."""

from PySide6.QtWidgets import QApplication, QWidget

from annotator.ui.focus_edge import FocusEdge
from tests.ui.desk import Desk


def edges(window: QWidget) -> list[QWidget | None]:
    """The panes whose edge shows that they have the focus."""
    return [edge.parentWidget() for edge in window.findChildren(FocusEdge) if edge.isVisible()]


def test_the_inspector_shows_that_the_focus_is_in_it(desk: Desk) -> None:
    inspector = desk.page.inspector
    assert edges(desk.window) == []
    for _ in range(2):
        desk.press("F6")
        assert QApplication.focusWidget() is inspector
        assert edges(desk.window) == [inspector]
        desk.press("Shift+F6")
        assert edges(desk.window) == []
    desk.press("F6")
    desk.window.resize(1100, 620)
    QApplication.processEvents()
    edge = inspector.findChild(FocusEdge)
    assert edge is not None
    assert edge.height() == inspector.height()


def test_the_help_shows_that_the_focus_is_in_its_text(desk: Desk) -> None:
    desk.press("F1")
    assert edges(desk.window) == [QApplication.focusWidget()]
