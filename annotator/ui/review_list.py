"""The list of a review: what differs, what was read there, whether it is decided."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.services.review_items import Item, State
from annotator.services.review_queue import ReviewQueue
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import RowList
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.review_wording import readings_said, state_said, types_said
from annotator.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole
_NOTHING: object = None
_SMALL = 0.82
_SIGNS = {State.DECIDED: "✓", State.UNSURE: "unsure", State.STALE: "votes changed"}
_DIFFER = "≠ leads differ"


class ReviewModel(QAbstractListModel):
    """The places in the queue that are listed. `blind` keeps counts out of what the rows say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue: ReviewQueue | None = None
        self._places: Sequence[int] = ()
        self.current: int | None = None
        self.blind = True

    def show(self, queue: ReviewQueue | None, places: Sequence[int]) -> None:
        """The places ascend."""
        self.beginResetModel()
        self._queue, self._places = queue, places
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._places)

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._queue is None:
            return None
        item = self._queue.items[self._places[index.row()]]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            said = readings_said(item, blind=self.blind)
            return f"{types_said(item)}: {item.group.words}, {said}, {state_said(item)}"
        return None

    def place_at(self, row: int) -> int:
        return self._places[row]

    def row_of(self, place: int | None) -> int | None:
        row = len(self._places) if place is None else bisect_left(self._places, place)
        return row if row < len(self._places) and self._places[row] == place else None

    def set_current(self, place: int | None) -> None:
        before, self.current = self.current, place
        for each in (before, place):
            self.repaint(each)

    def repaint(self, place: int | None) -> None:
        row = self.row_of(place)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index)


class ReviewList(RowList):
    """The list; Enter or a click opens the item, Esc leaves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Differences", row_height, parent)
        self.clicked.connect(self.chosen)


def row_height(font: QFont) -> int:
    """Pixels of a row: three lines."""
    return round(sum(_line_heights(font))) + 16


def _line_heights(font: QFont) -> tuple[float, float, float]:
    small = QFontMetricsF(style.sized(font, _SMALL)).height() + 1
    return small, QFontMetricsF(font).height() + 3, small


class ItemPainter(QStyledItemDelegate):
    """Draws one item: its types, its words, what was read there, and its state."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, row_height(option.font))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, model = index.data(ITEM), index.model()
        if not isinstance(item, Item) or not isinstance(model, ReviewModel):
            return
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect).adjusted(8, 2, -6, -2)
            self._ground(painter, box, option, is_open=model.current == model.place_at(index.row()))
            self._text(painter, box.adjusted(11, 5, -10, 0), item, option, blind=model.blind)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, *, is_open: bool) -> None:
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if not (is_open or focused or option.state & QStyle.StateFlag.State_MouseOver):
            return
        painter.setPen(QPen(option.palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(style.CHOSEN if is_open else style.HOVER))
        painter.drawRoundedRect(box, 7, 7)

    def _text(
        self, painter: QPainter, box: QRectF, item: Item, option: QStyleOptionViewItem, *, blind: bool
    ) -> None:
        small, words = style.sized(option.font, _SMALL), QFont(option.font)
        words.setFamilies(READING)
        sign = " ".join(filter(None, (_SIGNS.get(item.state), _DIFFER if item.leads_differ else "")))
        room = QFontMetricsF(small).horizontalAdvance(sign) + 8 if sign else 0.0
        decided = item.state is State.DECIDED
        top = box.y()
        for n, (text, font, height) in enumerate(
            zip(
                (types_said(item), item.group.words or "…", readings_said(item, blind=blind)),
                (small, words, small),
                _line_heights(option.font),
                strict=True,
            )
        ):
            width = box.width() - (room if n == 0 else 0.0)
            painter.setFont(font)
            painter.setPen(option.palette.color(style.DIM if n != 1 or decided else style.TEXT))
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(box.x(), top, width, height), Qt.AlignmentFlag.AlignVCenter, shown)
            top += height
        if sign:
            painter.setFont(small)
            settled = decided and not item.leads_differ
            painter.setPen(option.palette.color(style.GOOD if settled else style.WARN))
            place = QRectF(box.x(), box.y(), box.width(), _line_heights(option.font)[0])
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, sign)
