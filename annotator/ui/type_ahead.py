"""Names offered below a field while a person types: arrows choose, Tab takes the first, Enter confirms."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QWidget,
)

from annotator.domain.names import NameUse
from annotator.ui import style
from annotator.ui.chrome import KeyField
from annotator.ui.fact_rows import FactPainter, Index
from annotator.ui.guard import guarded_as

ROWS = 8
_USE = Qt.ItemDataRole.UserRole
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
        self.setItemDelegate(FactPainter(self, self._said, QStyle.StateFlag.State_Selected))
        self.setMouseTracking(True)
        self.setAccessibleName("Names of this project: Tab takes the first")
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

    def _said(self, index: Index) -> tuple[str, str]:
        """A name, and of it label and use; with the key that takes it, as long as none is chosen."""
        use: NameUse = index.data(_USE)
        key = " · Tab" if index.row() == 0 and self.currentRow() < 0 else ""
        return use.name, f"{_told(use)}{key}"

    def _place(self) -> None:
        """Below the field, or above it where there is no room."""
        field, window = self._field, self.parentWidget()
        assert field is not None
        assert window is not None
        width = max(field.width(), _NARROWEST)
        height = self.count() * self.sizeHintForRow(0) + 2 * _ROOM
        corner = field.mapTo(window, QPoint(0, field.height() + _ROOM))
        if corner.y() + height > window.height():
            corner = field.mapTo(window, QPoint(0, -height - _ROOM))
        left = max(8, min(corner.x(), window.width() - width - 8))
        self.setGeometry(left, corner.y(), width, height)


def _told(use: NameUse) -> str:
    """Label and use of a name: `PERSON · 12`, or `suggested` for one that no mark has yet."""
    label = f"{use.label} · " if use.label else ""
    return f"{label}{use.marks:,}" if use.marks else f"{label}suggested"
