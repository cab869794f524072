"""What the Names page lists: names with their labels as tags, and the articles of a name."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from annotator.domain.names import NamePlace, NameRow
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import viewport
from annotator.ui.fact_rows import FactPainter
from annotator.ui.guard import guarded
from annotator.ui.names_model import ARTICLES, LABELS, MENTIONS, NAME, ROW, Index, NamesModel
from annotator.ui.theme import Theme

_ROW_HEIGHT = 34  # pixels
_PLACE = Qt.ItemDataRole.UserRole
_ROUND = 4.0


class NamesTable(QTableView):
    """The names; a click puts the cursor on one, Enter and a double click open it."""

    entered_row = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewport(viewport(style.BACKGROUND))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setAccessibleName("Names")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        metrics = QFontMetricsF(self.font())
        rows.setDefaultSectionSize(max(_ROW_HEIGHT, round(metrics.height()) + 16))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setStyleSheet(
            "QHeaderView::section { padding: 5px 14px 5px 6px; } "
            "QHeaderView::section:first { padding-left: 24px; }"
        )

    def setModel(self, model: NamesModel) -> None:  # type: ignore[override]
        super().setModel(model)
        head = self.horizontalHeader()
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        width = QFontMetricsF(self.font()).horizontalAdvance("0")
        for column, letters in ((LABELS, 30), (MENTIONS, 14), (ARTICLES, 14)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            head.resizeSection(column, round(width * letters))

    def keyboardSearch(self, search: str) -> None:
        """Letters find nothing here; the filter does."""

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # of the list; a table means its columns
            last = self.model().rowCount() - 1
            self.setCurrentIndex(self.model().index(0 if event.key() == Qt.Key.Key_Home else last, NAME))
        else:
            super().keyPressEvent(event)


class NamePainter(QStyledItemDelegate):
    """A name, its labels as tags in their colours, and counts at the right of their columns."""

    theme: Theme | None = None

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: NameRow = index.data(ROW)
        palette, state = option.palette, option.state
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect)
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, palette.color(style.CHOSEN))
                if index.column() == NAME:
                    painter.fillRect(QRectF(box.x(), box.y(), 3, box.height()), palette.color(style.ACCENT))
            painter.setPen(QPen(palette.color(style.LINE), 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            inner = box.adjusted(24 if index.column() == NAME else 6, 0, -14, 0)
            if index.column() == LABELS:
                self._tags(painter, inner, row.labels, option)
                return
            numbers = index.column() in (MENTIONS, ARTICLES)
            painter.setFont(option.font)
            painter.setPen(palette.color(style.DIM if index.column() == ARTICLES else style.TEXT))
            side = Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft
            text = painter.fontMetrics().elidedText(
                str(index.data()), Qt.TextElideMode.ElideRight, round(inner.width())
            )
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | side, text)
        finally:
            painter.restore()

    def _tags(
        self, painter: QPainter, inner: QRectF, labels: Sequence[str], option: QStyleOptionViewItem
    ) -> None:
        painter.setFont(style.sized(option.font, 0.74, bold=True))
        left = inner.left()
        for label in labels:
            width = painter.fontMetrics().horizontalAdvance(label) + 12
            if left + width > inner.right():
                painter.setPen(option.palette.color(style.DIM))
                rest = QRectF(left, inner.y(), 20, inner.height())
                painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, "…")
                return
            tint = self.theme.entity(label) if self.theme and label not in ("holder", "target") else None
            tag = QRectF(left, inner.center().y() - 9, width, 18)
            painter.setPen(QPen(tint.line if tint else option.palette.color(style.LINE), 1))
            painter.setBrush(tint.fill if tint else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tag, _ROUND, _ROUND)
            painter.setPen(tint.tag if tint else option.palette.color(style.DIM))
            painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, label)
            left += width + 5


class PlaceList(QListWidget):
    """The articles of a name; Enter opens one at its first mark with the name."""

    chosen = Signal(object)  # NamePlace
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(style.SIDE)
        self.setItemDelegate(FactPainter(self, _told, QStyle.StateFlag.State_HasFocus))
        self.setAccessibleName("Articles with this name")
        self.itemDoubleClicked.connect(lambda item: self.chosen.emit(item.data(_PLACE)))

    def show_places(self, places: Sequence[NamePlace]) -> None:
        self.clear()
        for place in places:
            item = QListWidgetItem(place.title, self)
            item.setData(_PLACE, place)
            said = f"{place.title}, {counted(place.mentions, 'mention')}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(place.title)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.count():
            self.chosen.emit(self.item(max(self.currentRow(), 0)).data(_PLACE))
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


def _told(index: Index) -> tuple[str, str]:
    """A title, and how often the name is in the article."""
    place: NamePlace = index.data(_PLACE)
    return place.title, f"{place.mentions:,}"
