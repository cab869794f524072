"""The pane of the marks behind a number: where they are, and how to get there."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.services.behind import Place, Places
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Words, caption
from annotator.ui.guard import guarded, guarded_as

WIDTH = 330  # pixels
_PLACE = Qt.ItemDataRole.UserRole
_HINT = "Choose a number: Enter, or a click, lists the marks behind it here. Enter on one of those opens it."
_NONE = "Nothing stands behind it any more."
Index = QModelIndex | QPersistentModelIndex


class PlaceList(QListWidget):
    """`chosen` carries the place that was opened, `left` says Esc."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Marks behind the number")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(style.SIDE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Painter(self))
        self.itemClicked.connect(lambda item: self.chosen.emit(item.data(_PLACE)))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.chosen.emit(self.currentItem().data(_PLACE))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """Three lines: the words, what was said of them, the article."""

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = index.data(_PLACE)
        palette, box = option.palette, QRectF(option.rect)
        listed = self.parent()
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if on or option.state & QStyle.StateFlag.State_MouseOver:
            focused = isinstance(listed, QWidget) and listed.hasFocus() and on
            painter.setPen(QPen(palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(style.CHOSEN if on else style.HOVER))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -2), 5, 5)
        words, small = style.sized(option.font, 1.0), style.sized(option.font, 0.84)
        words.setFamilies(READING)
        lines = [(words, style.TEXT, place.words)] if place.words else []
        lines += [(small, style.TEXT if place.words else style.DIM, place.said)] if place.said else []
        lines.append((small, style.DIM, place.title) if place.words else (words, style.TEXT, place.title))
        if not place.words:
            lines.reverse()
        top = box.top() + 5
        for font, role, text in lines:
            painter.setFont(font)
            painter.setPen(palette.color(role))
            high = painter.fontMetrics().height()
            room = QRectF(box.left() + 10, top, box.width() - 18, high)
            painter.drawText(
                room,
                Qt.AlignmentFlag.AlignVCenter,
                painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width())),
            )
            top += high + 1
        painter.restore()

    @guarded_as(QSize(100, 60))
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(option.fontMetrics.height() * 2.75) + 14)


class PlacesPane(QWidget):
    """`chosen` carries the place to open; `left` says that the person goes back to the numbers."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.SIDE)
        self._title = Words("", factor=1.1, bold=True, wrap=True, parent=self)
        self._facts = Words(_HINT, factor=0.92, role=style.DIM, wrap=True, parent=self)
        self.list = PlaceList(self)
        self.list.chosen.connect(self.chosen)
        self.list.left.connect(self.left)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 8, 10)
        box.setSpacing(4)
        box.addWidget(caption("Behind the number"))
        box.addSpacing(4)
        box.addWidget(self._title)
        box.addWidget(self._facts)
        box.addSpacing(6)
        box.addWidget(self.list, 1)
        box.addStretch(0)
        self.clear()

    def clear(self) -> None:
        self._show("", _HINT)

    def show_reading(self, title: str) -> None:
        self._show(title, "Reading …")

    def show_places(self, places: Places) -> None:
        """Lists the places, with the cursor on the first."""
        self._show(places.behind.title, places.said if places.rows else _NONE)
        for place in places.rows:
            item = QListWidgetItem(self.list)
            item.setData(_PLACE, place)
            said = ", ".join(each for each in (place.words, place.said, place.title) if each)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)
        self.list.setVisible(bool(places.rows))
        if places.rows:
            self.list.setCurrentRow(0)
            self.list.setFocus()

    def places(self) -> list[Place]:
        return [self.list.item(n).data(_PLACE) for n in range(self.list.count())]

    def _show(self, title: str, facts: str) -> None:
        self.list.clear()
        self.list.hide()
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._facts.setText(facts)
