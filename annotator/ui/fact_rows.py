"""Rows of a list: words on the left, and a fact about them, dim, on the right."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui import style
from annotator.ui.guard import guarded

Index = QModelIndex | QPersistentModelIndex
_HIGH = 12  # pixels of a row above and below its words


class FactPainter(QStyledItemDelegate):
    """`told` gives words and fact of a row; `strong` is the state in which it stands out.

    A row that has the focus is framed, too: it is not told by its colour alone.
    """

    def __init__(
        self, parent: QWidget, told: Callable[[Index], tuple[str, str]], strong: QStyle.StateFlag
    ) -> None:
        super().__init__(parent)
        self._told, self._strong = told, strong

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(QFontMetricsF(option.font).height()) + _HIGH)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        words, fact = self._told(index)
        palette, state = option.palette, option.state
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect)
            if state & (self._strong | QStyle.StateFlag.State_MouseOver):
                strong, focused = state & self._strong, state & QStyle.StateFlag.State_HasFocus
                painter.setPen(QPen(palette.color(style.ACCENT), 1.2) if focused else Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(style.CHOSEN if strong else style.HOVER))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
            inner = box.adjusted(8, 0, -8, 0)
            painter.setFont(style.sized(option.font, 0.86))
            painter.setPen(palette.color(style.DIM))
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, fact)
            room = inner.width() - painter.fontMetrics().horizontalAdvance(fact) - 14
            painter.setFont(option.font)
            painter.setPen(palette.color(style.TEXT))
            elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(inner, middle, elided)
        finally:
            painter.restore()
