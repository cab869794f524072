"""A table with a row for every person: words, right-aligned numbers, and bars of what is done."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from annotator.domain.frozen import frozen
from annotator.ui import style
from annotator.ui.chrome import viewport
from annotator.ui.guard import guarded

_ROW = 32  # pixels
_BAR = 8.0
_SHARE = Qt.ItemDataRole.UserRole


@frozen
class Column:
    """`letters` is the width, 0 for as wide as the head; the first column takes what is left."""

    title: str
    number: bool = False
    letters: int = 0


@frozen
class Share:
    """`done` of `total`, drawn as a bar."""

    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.done:,} of {self.total:,}"


Cell = str | int | Share


class PeopleTable(QTableWidget):
    """Rows are only looked at; numbers stand under their heads."""

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(0, len(columns), parent)
        self._columns = columns
        self.setViewport(viewport(style.BACKGROUND))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Painter(self))
        self.verticalHeader().hide()
        metrics = QFontMetricsF(self.font())
        self.verticalHeader().setDefaultSectionSize(max(_ROW, round(metrics.height()) + 14))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setStyleSheet("QHeaderView::section { padding: 5px 10px 5px 8px; }")
        letter = metrics.horizontalAdvance("0")
        for at, column in enumerate(columns):
            title = QTableWidgetItem(column.title)
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            title.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(at, title)
            if at == 0:
                head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
                continue
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            wide = max(metrics.horizontalAdvance(column.title) + 22, column.letters * letter + 18)
            head.resizeSection(at, round(wide))

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                text = f"{cell:,}" if isinstance(cell, int) else str(cell)
                item = QTableWidgetItem(text)
                item.setToolTip(text if column == 0 else "")
                side = (
                    Qt.AlignmentFlag.AlignRight
                    if self._columns[column].number
                    else Qt.AlignmentFlag.AlignLeft
                )
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                if isinstance(cell, Share):
                    item.setData(_SHARE, cell)
                self.setItem(at, column, item)


class _Painter(QStyledItemDelegate):
    """Words as they are, a Share as a bar with its numbers behind it, and a line below each row."""

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        palette, box = option.palette, QRectF(option.rect)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(palette.color(style.LINE))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            inner = box.adjusted(8, 0, -10, 0)
            share = index.data(_SHARE)
            text = str(index.data())
            painter.setFont(option.font)
            if isinstance(share, Share):
                width = painter.fontMetrics().horizontalAdvance("0,000 of 0,000")
                bar = QRectF(inner.x(), inner.center().y() - _BAR / 2, inner.width() - width - 12, _BAR)
                self._bar(painter, bar, share, option)
                inner.setLeft(inner.right() - width)
            painter.setPen(palette.color(style.TEXT))
            side = index.data(Qt.ItemDataRole.TextAlignmentRole)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(inner.width()))
            painter.drawText(inner, int(side), elided)
        finally:
            painter.restore()

    def _bar(self, painter: QPainter, bar: QRectF, share: Share, option: QStyleOptionViewItem) -> None:
        if bar.width() < _BAR:
            return
        painter.setPen(option.palette.color(style.DIM))
        painter.setBrush(option.palette.color(style.BACKGROUND))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        done = share.done / share.total if share.total else 0
        if done:
            filled = QRectF(bar.x(), bar.y(), max(bar.width() * done, _BAR), bar.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(style.GOOD if done == 1 else style.ACCENT))
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
