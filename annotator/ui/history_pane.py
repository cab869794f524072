"""The pane of an article's history: who did what when, the newest first; one row is looked back at."""

import time

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.history import Entry, taken_back
from annotator.ui import style
from annotator.ui.chrome import Words, caption, viewport
from annotator.ui.guard import guarded, guarded_as

_ENTRY = Qt.ItemDataRole.UserRole
_SMALL = 0.82
_NOTHING: object = None
_HINT = "↑ ↓ look back, Enter restores, Esc returns to now."
Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """`Now`, and below it the entries."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self._gone: set[str] = set()

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries, self._gone = entries, taken_back(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.entries) + 1

    def entry(self, row: int) -> Entry | None:
        """The gesture of a row, None for `Now`."""
        return self.entries[row - 1] if 0 < row <= len(self.entries) else None

    def stands(self, entry: Entry) -> bool:
        """Whether a gesture was not taken back."""
        return entry.id not in self._gone

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if role == _ENTRY:
            return entry
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if entry is None:
            return "Now"
        gone = "" if self.stands(entry) else ", taken back"
        return f"{entry.said}, {when(entry.at)}, {entry.who}{gone}"


class HistoryPane(QWidget):
    """`looked` carries the Entry to look back at, None for now; `restoring` one to restore; `left` is Esc."""

    looked = Signal(object)
    restoring = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(220)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.SIDE)
        self.model = HistoryModel(self)
        self.list = _List(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.selectionModel().currentChanged.connect(lambda at, _: self.looked.emit(self._entry(at)))
        self.list.entered_row.connect(lambda at: self.restoring.emit(self._entry(at)))
        self.list.escaped.connect(self.left)
        self.state = Words(_HINT, factor=0.9, role=style.DIM, wrap=True, parent=self)
        self.state.setContentsMargins(16, 0, 14, 8)
        head = caption("History")
        head.setContentsMargins(16, 16, 14, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for widget in (head, self.state):
            box.addWidget(widget)
        box.addWidget(self.list, 1)
        self.setFocusProxy(self.list)

    def show_entries(self, entries: list[Entry]) -> None:
        """Lists them and stands at now."""
        self.list.selectionModel().blockSignals(True)
        self.model.show(entries)
        self.list.setCurrentIndex(self.model.index(0))
        self.list.selectionModel().blockSignals(False)
        self.show_state(None)

    def show_state(self, entry: Entry | None) -> None:
        """Says which state is on screen."""
        self.state.setForegroundRole(style.DIM if entry is None else style.WARN)
        said = _HINT
        if entry is not None:
            said = f"As it stood at {when(entry.at)}, to read only. Enter restores it, Esc returns to now."
        self.state.setText(said)

    def _entry(self, at: QModelIndex) -> Entry | None:
        return self.model.entry(at.row())


class _List(QListView):
    entered_row = Signal(QModelIndex)
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setViewport(viewport(style.SIDE))
        self.setAccessibleName("History of the article")

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class _RowPainter(QStyledItemDelegate):
    """What was done, and below it when and by whom; what was taken back is struck out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        small = QFontMetricsF(style.sized(option.font, _SMALL)).height()
        return QSize(100, round(QFontMetricsF(option.font).height() + small) + 17)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, HistoryModel)
        entry = model.entry(index.row())
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = current and bool(option.state & QStyle.StateFlag.State_HasFocus)
        palette = option.palette
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect).adjusted(8, 2, -6, -2)
            if current:
                painter.setPen(QPen(palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(style.CHOSEN))
                painter.drawRoundedRect(box, 7, 7)
            stands = entry is None or model.stands(entry)
            font = style.sized(option.font, 1.0, bold=entry is None)
            font.setStrikeOut(not stands)
            room = box.adjusted(10, 5, -8, -5)
            metrics = QFontMetricsF(font)
            said = _capital(entry.said) if entry else "Now"
            painter.setFont(font)
            painter.setPen(palette.color(style.TEXT if stands else style.DIM))
            shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(QRectF(room.x(), room.y(), room.width(), metrics.height()), shown)
            painter.setFont(style.sized(option.font, _SMALL))
            painter.setPen(palette.color(style.DIM))
            below = room.adjusted(0, metrics.height() + 1, 0, 4)
            told = f"{when(entry.at)} · {entry.who}" if entry else "The article as it stands"
            painter.drawText(below, told if stands else f"{told} · taken back")
        finally:
            painter.restore()


def when(at: int) -> str:
    """`14:05` of today, else `21 Nov, 14:05`, with the year where it is another; `at` is unix ms."""
    then, now = time.localtime(at / 1000), time.localtime()
    clock = time.strftime("%H:%M", then)
    if then[:3] == now[:3]:
        return clock
    year = "" if then.tm_year == now.tm_year else f" {then.tm_year}"
    return f"{then.tm_mday} {_MONTHS[then.tm_mon - 1]}{year}, {clock}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
