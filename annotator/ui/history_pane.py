"""The pane of an article's history: who did what when, the newest first; one row is looked back at."""

import time

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.history import Entry, taken_back
from annotator.ui import style
from annotator.ui.chrome import Chip, Words, caption, viewport
from annotator.ui.guard import guarded, guarded_as

_ENTRY = Qt.ItemDataRole.UserRole
_SMALL = 0.82
_SIDES = 32  # pixels beside the words of a row
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
        self.state.setContentsMargins(16, 0, 14, 4)
        self.mine, self.everyones = Chip("Mine", self), Chip("Everybody's", self)
        self.mine.setChecked(True)
        self.mine.toggled.connect(lambda _: self.show_entries(self._every))
        self._every: list[Entry] = []
        whose = QHBoxLayout()
        whose.setContentsMargins(16, 0, 14, 6)
        whose.setSpacing(6)
        whose.addWidget(self.mine)
        whose.addWidget(self.everyones)
        whose.addStretch(1)
        head = caption("History")
        head.setContentsMargins(16, 16, 14, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for widget in (head, self.state):
            box.addWidget(widget)
        box.addLayout(whose)
        box.addWidget(self.list, 1)
        self.setFocusProxy(self.list)

    def show_entries(self, entries: list[Entry]) -> None:
        """Lists one's own of them, or all, and stands at now."""
        self._every = entries
        mine = [entry for entry in entries if entry.own]
        for chip in (self.mine, self.everyones):
            chip.setVisible(len(mine) < len(entries))
        self.list.selectionModel().blockSignals(True)
        self.model.show(mine if self.mine.isChecked() else entries)
        self.list.setCurrentIndex(self.model.index(0))
        self.list.selectionModel().blockSignals(False)
        self.looked.emit(None)
        self.show_state(None)

    def show_state(self, entry: Entry | None) -> None:
        """Says which state is on screen."""
        self.state.setForegroundRole(style.DIM if entry is None else style.WARN)
        said = _HINT
        if entry is not None:
            said = (
                f"As it stood at {when(entry.at)}, with the suggestions of now, to read only. "
                "Enter restores it, Esc returns to now."
            )
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
        self.setResizeMode(QListView.ResizeMode.Adjust)
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
    """What was done, in at most two lines; below it when and by whom. What was taken back is struck out."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        assert isinstance(view, _List)
        small = QFontMetricsF(style.sized(option.font, _SMALL))
        room = view.viewport().width() - _SIDES
        said, told, _ = _texts(index)
        lines = _lines(said, option.font, room) * QFontMetricsF(option.font).lineSpacing()
        below = _lines(told, style.sized(option.font, _SMALL), room) * small.lineSpacing()
        return QSize(100, round(lines + below) + 17)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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
            said, told, stands = _texts(index)
            font = style.sized(option.font, 1.0, bold=index.row() == 0)
            font.setStrikeOut(not stands)
            room = box.adjusted(10, 5, -8, -5)
            high = _lines(said, font, room.width()) * QFontMetricsF(font).lineSpacing()
            painter.setFont(font)
            painter.setPen(palette.color(style.TEXT if stands else style.DIM))
            _draw_lines(painter, QRectF(room.x(), room.y(), room.width(), high), said)
            painter.setFont(style.sized(option.font, _SMALL))
            painter.setPen(palette.color(style.DIM))
            _draw_lines(painter, room.adjusted(0, high + 1, 0, 4), told)
        finally:
            painter.restore()


def _texts(index: Index) -> tuple[str, str, bool]:
    """What a row says was done, what below it, and whether that still stands."""
    model = index.model()
    assert isinstance(model, HistoryModel)
    entry = model.entry(index.row())
    if entry is None:
        return "Now", "The article as it stands", True
    stands = model.stands(entry)
    return _capital(entry.said), f"{when(entry.at)} · {entry.who}{'' if stands else ' · taken back'}", stands


def _lines(text: str, font: QFont, room: float) -> int:
    """How many lines of `room` pixels a text gets: one, or two at most."""
    return 1 if QFontMetricsF(font).horizontalAdvance(text) <= room else 2


def _draw_lines(painter: QPainter, box: QRectF, text: str) -> None:
    """Draws a text in the lines of a box, in words as long as they go, with an ellipsis at the end."""
    metrics = QFontMetricsF(painter.font())
    line, rest = text, ""
    while metrics.horizontalAdvance(line) > box.width() and " " in line:
        line = line.rpartition(" ")[0]
        rest = text[len(line) + 1 :]
    for n, words in enumerate(filter(None, (line, rest))):
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        at = box.translated(0, n * metrics.lineSpacing())
        painter.drawText(at, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, shown)


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
