"""Names offered below a field while a person types: arrows choose, Tab takes the first, Enter confirms."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.domain.names import NameUse
from annotator.ui import style
from annotator.ui.chrome import KeyField
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.queue_model import Index

ROWS = 8
_USE = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 28  # pixels
_NARROWEST = 270
_ROOM = 6  # pixels between the field and the list, and around the rows

Search = Callable[[str], Sequence[NameUse]]


class TypeAhead(QListWidget):
    """Lies over the window below the field it is attached to; the focus stays in the field.

    Nothing is chosen until a person does: Enter right after typing takes what was typed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._field: KeyField | None = None
        self._search: Search = lambda typed: ()
        self._typed = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("typeAhead")
        self.setStyleSheet(
            "#typeAhead { background: palette(window); border: 1px solid palette(link); "
            "border-radius: 7px; padding: 4px; }"
        )
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(style.SIDE)
        self.setItemDelegate(_Painter(self))
        self.setMouseTracking(True)
        self.setAccessibleName("Names of this project")
        self.itemClicked.connect(self._take)
        self.hide()

    def attach(self, field: KeyField, search: Search) -> None:
        """Offers what `search` finds for what the field holds, from now on until `detach`."""
        self.detach()
        self._field, self._search = field, search
        field.textEdited.connect(self.offer)
        field.stepped.connect(self._step)
        field.installEventFilter(self)

    def detach(self) -> None:
        field, self._field = self._field, None
        self.hide()
        if field is not None:
            field.textEdited.disconnect(self.offer)
            field.stepped.disconnect(self._step)
            field.removeEventFilter(self)

    @property
    def offered(self) -> list[str]:
        """The names that are listed now."""
        return [self.item(n).text() for n in range(self.count())] if self.isVisible() else []

    def offer(self, typed: str) -> None:
        """Lists the names for what was typed; hides when there is none but that."""
        assert self._field is not None
        self._typed = typed
        self.clear()
        for use in self._search(typed)[:ROWS]:
            item = QListWidgetItem(use.name, self)
            item.setData(_USE, use)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{use.name}, {_told(use)}")
        names = [self.item(n).text() for n in range(self.count())]
        if not names or names == [typed.strip()]:
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()

    def refresh(self) -> None:
        """Searches again, since there are other names; what a person has chosen stays."""
        field = self._field
        if field is None or not field.hasFocus() or self.currentRow() >= 0:
            return
        if self.isVisible() or field.isModified() or not field.text():
            self.offer(field.text())

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._field:
            return False
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        elif (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self.isVisible()
        ):
            if self.currentRow() < 0:
                self._step(1)
            self.hide()
            return True
        return False

    def _step(self, rows: int) -> None:
        """Goes up and down the list, with what was typed above its first row."""
        if self._field is None:
            return
        if not self.isVisible():
            self.offer(self._field.text())
            return
        row = max(-1, min(self.currentRow() + rows, self.count() - 1))
        self.setCurrentRow(row)
        self._field.setText(self.item(row).text() if row >= 0 else self._typed)

    def _take(self, item: QListWidgetItem) -> None:
        if self._field is not None:
            self._field.setText(item.text())
            self.hide()

    def _place(self) -> None:
        """Below the field, or above it where there is no room."""
        field, window = self._field, self.parentWidget()
        assert field is not None
        assert window is not None
        width = max(field.width(), _NARROWEST)
        height = self.count() * _ROW_HEIGHT + 2 * _ROOM
        corner = field.mapTo(window, QPoint(0, field.height() + _ROOM))
        if corner.y() + height > window.height():
            corner = field.mapTo(window, QPoint(0, -height - _ROOM))
        left = max(8, min(corner.x(), window.width() - width - 8))
        self.setGeometry(left, corner.y(), width, height)


def _told(use: NameUse) -> str:
    """Label and use of a name: `PERSON · 12`, or `suggested` for one that no mark has yet."""
    label = f"{use.label} · " if use.label else ""
    return f"{label}{use.marks:,}" if use.marks else f"{label}suggested"


class _Painter(QStyledItemDelegate):
    """A name with its label and count at the right, dim."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ROW_HEIGHT)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        use: NameUse = index.data(_USE)
        palette, state = option.palette, option.state
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect)
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            if chosen or state & QStyle.StateFlag.State_MouseOver:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(style.CHOSEN if chosen else style.HOVER))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 5, 5)
            inner = box.adjusted(8, 0, -8, 0)
            small = style.sized(option.font, 0.82)
            painter.setFont(small)
            painter.setPen(palette.color(style.DIM))
            told = _told(use)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, told)
            room = inner.width() - painter.fontMetrics().horizontalAdvance(told) - 14
            painter.setFont(option.font)
            painter.setPen(palette.color(style.TEXT))
            name = painter.fontMetrics().elidedText(use.name, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, name)
        finally:
            painter.restore()
