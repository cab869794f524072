"""What the dialogs share in their looks, those of import and export above all."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from annotator.ui import style
from annotator.ui.chrome import Words, caption, viewport

SHEET = """
QTextEdit { background: palette(base); border: 1px solid palette(mid); border-radius: 7px; padding: 4px; }
QTextEdit:focus { border-color: palette(link); }
QTreeWidget { background: palette(base); border: 1px solid palette(mid); border-radius: 7px; padding: 4px;
  outline: none; }
QTreeWidget:focus { border-color: palette(link); }
QTreeWidget::item { padding: 3px 2px; }
QTreeWidget::item:selected { background: palette(highlight); color: palette(text); }
QProgressBar { background: palette(midlight); border: none; border-radius: 3px; }
QProgressBar::chunk { background: palette(link); border-radius: 3px; }
"""


def sized(dialog: QDialog, width: int, height: int) -> None:
    """Gives a dialog a size in usual pixels, as far as the screen has room."""
    room = dialog.screen().availableSize()
    dialog.resize(
        min(style.scaled(dialog, width), room.width() - 60),
        min(style.scaled(dialog, height), room.height() - 80),
    )


def scrolling(inner: QWidget) -> QScrollArea:
    """A column that scrolls up and down where the dialog is too low for it."""
    area = QScrollArea(inner.parentWidget())
    area.setViewport(viewport(style.SIDE))
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def tab_as_laid_out(dialog: QDialog) -> None:
    """Lets Tab go through the fields as they stand: Qt goes by when each was made."""
    layout = dialog.layout()
    fields = [widget for widget in _laid_out(layout) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(fields):
        QWidget.setTabOrder(before, after)


def _laid_out(layout: QLayout | None) -> Iterator[QWidget]:
    """The widgets of a layout and of those in it, from the first to the last."""
    for at in range(layout.count() if layout else 0):
        item = layout.itemAt(at) if layout else None
        widget = item.widget() if item else None
        if isinstance(widget, QScrollArea):
            widget = widget.widget()
        inner = widget.layout() if widget else item.layout() if item else None
        if inner is not None:
            yield from _laid_out(inner)
        elif widget is not None:
            yield widget


def roomy(button: QPushButton) -> QPushButton:
    """The button, wide enough for its words in the bold of the one that Enter presses."""
    metrics = QFontMetricsF(style.sized(button.font(), 1, bold=True))
    button.setMinimumWidth(round(metrics.horizontalAdvance(button.text().replace("&", ""))) + 34)
    return button


def combo(name: str, parent: QWidget) -> QComboBox:
    """A choice that is called `name` and takes what room there is, whatever its entries."""
    made = QComboBox(parent)
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(14)
    return made


def indented(field: QSpinBox | QDoubleSpinBox) -> None:
    """Lets a number stand as far from the edge as the words of other fields do."""
    field.lineEdit().setTextMargins(7, 0, 0, 0)


def form() -> QFormLayout:
    """A form whose fields take what room there is."""
    made = QFormLayout()
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    made.setVerticalSpacing(7)
    made.setHorizontalSpacing(12)
    return made


def section(title: str) -> Words:
    """The heading of the rows of a form that follow others."""
    head = caption(title)
    head.setContentsMargins(0, 9, 0, 0)
    return head


def thin_bar(name: str, parent: QWidget) -> QProgressBar:
    bar = QProgressBar(parent)
    bar.setAccessibleName(name)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    return bar
