"""Every control has a name that a screen reader can say, and keys reach it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QSplitterHandle,
    QWidget,
)

from annotator.domain.queue_filter import Sort
from annotator.ui.actions import ACTIONS
from annotator.ui.backup_dialog import BackupDialog
from annotator.ui.chrome import Clickable
from annotator.ui.lines_dialog import LinesDialog
from annotator.ui.notice_bar import NoticeBar
from annotator.ui.queue_filter_dialog import FilterDialog
from annotator.ui.suggestions_dialog import SuggestionsDialog
from annotator.ui.window import Window
from tests.ui.desk import Desk

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, Clickable)
WHOLE = (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
PARTS_OF_QT = (QScrollBar, QHeaderView, QSplitterHandle, QMenuBar)


def controls(root: QWidget) -> Iterator[QWidget]:
    """What a person works with below a widget, hidden things too, but not what Qt makes inside of it."""
    for widget in root.findChildren(QWidget):
        takes_focus = widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and not isinstance(widget, QLabel)
        if (takes_focus or isinstance(widget, CONTROLS)) and not made_by_qt(widget):
            yield widget


def made_by_qt(widget: QWidget) -> bool:
    """Whether a widget is a part of one of Qt's, or waits for its words in a bar that is not shown."""
    above: QObject | None = widget
    while above is not None:
        if isinstance(above, PARTS_OF_QT) or (above is not widget and isinstance(above, WHOLE)):
            return True
        above = above.parent()
    bar = widget.parent()
    waits = isinstance(bar, NoticeBar) and (bar.isHidden() or widget.isHidden())
    return waits or widget.objectName().startswith("qt_")


def name(widget: QWidget) -> str:
    """What a screen reader calls a widget: its name, its text, the label it is the buddy of."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    buddies = widget.window().findChildren(QLabel)
    return next((label.text() for label in buddies if label.buddy() is widget), "")


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in controls(root)
        if not name(widget).strip()
    ]


def everything_made(window: Window) -> None:
    """Makes what is made only when it is first wanted."""
    window.bindings["article.history"].trigger()
    for row in ACTIONS:
        if row.id.startswith(("help.", "page.")) and row.id != "help.print":
            window.bindings[row.id].trigger()
            window.back_to_work()
    window.bindings["app.settings"].trigger()
    window.bindings["edit.find"].trigger()
    window.bindings["app.palette"].trigger()
    window.reading.toggle_reader_pane()
    assert window.start_page
    assert window.errors.panel
    window.annotators.ask()
    window.bindings["text.font"].trigger()


def test_every_control_of_the_window_has_a_name(desk: Desk) -> None:
    everything_made(desk.window)
    assert nameless(desk.window) == []


def test_a_window_without_a_project_has_names_too(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.show_start()
    assert nameless(window) == []


def test_a_control_without_a_name_is_found(desk: Desk) -> None:
    QLineEdit(desk.page)
    assert nameless(desk.window) == ["QLineEdit in LabelPage"]


def test_dialogs_have_names(desk: Desk) -> None:
    assert nameless(LinesDialog("Faults", ["line 1"], desk.window)) == []
    assert nameless(BackupDialog([], desk.window)) == []
    assert desk.window.project is not None
    labels = desk.window.project.labelset
    assert (
        nameless(FilterDialog("", labels, sort=Sort.FILE, counted=lambda: (0, ""), parent=desk.window)) == []
    )
    assert nameless(SuggestionsDialog(desk.window.project, "ana", desk.window.faults, desk.window)) == []


@pytest.mark.parametrize(
    "action",
    [
        *("project.import", "project.export", "team.collect", "team.hand_out"),
        *("queue.filter", "suggestions.from", "review.notes"),
    ],
)
def test_dialogs_that_actions_open_have_names(desk: Desk, action: str) -> None:
    desk.window.perform(next(row for row in ACTIONS if row.id == action))
    (dialog,) = (each for each in desk.window.findChildren(QDialog) if each.isVisible())
    assert nameless(dialog) == []
    dialog.close()


def test_every_action_has_words(desk: Desk) -> None:
    for menu in desk.window.menus.values():
        menu.aboutToShow.emit()
        assert menu.actions()
        assert all(action.isSeparator() or action.text() for action in menu.actions())
