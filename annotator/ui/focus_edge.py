"""A line that shows which pane has the focus, where nothing in the pane itself does."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from annotator.ui import style
from annotator.ui.guard import guarded_as

_WIDTH = 3  # pixels


class FocusEdge(QWidget):
    """Lies at the left edge of a pane that only scrolls, and is seen while that has the focus."""

    def __init__(self, pane: QAbstractScrollArea) -> None:
        super().__init__(pane)
        self.setBackgroundRole(style.ACCENT)
        self.setAutoFillBackground(True)
        self._fit(pane)
        self.setVisible(pane.hasFocus())
        pane.installEventFilter(self)

    def _fit(self, pane: QWidget) -> None:
        self.setGeometry(0, 0, _WIDTH, pane.height())

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pane = self.parentWidget()
        if pane is None or watched is not pane:
            return False
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setVisible(event.type() is QEvent.Type.FocusIn)
            self.raise_()
        elif event.type() is QEvent.Type.Resize:
            self._fit(pane)
        return False
