"""Names offered below a field while a person types: what stands in the field is what Enter takes."""

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
Completes = Callable[[str, NameUse], bool]


def _never(typed: str, use: NameUse) -> bool:
    return False


class TypeAhead(QListWidget):
    """Lies over the window below the field it is attached to; the focus stays in the field.

    A name that begins with what is typed is completed in the field, its rest selected: Delete, or the
    backspace, gives back what was typed, and typing goes on over it. The last row may be what was typed, as
    a new name; each row that a key takes shows that key.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._field: KeyField | None = None
        self._search: Search = lambda typed: ()
        self._completes: Completes = _never
        self._new = False
        self._typed = ""  # by the person, in their own letters
        self._completed = ""  # the name that the field was completed to
        self._adding = False  # whether the last key added a letter
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
        self.setAccessibleName("Names of this project")
        self.itemClicked.connect(self._take)
        self.hide()

    def attach(
        self, field: KeyField, search: Search, completes: Completes = _never, *, new: bool = False
    ) -> None:
        """Offers what `search` finds for what the field holds, until `detach` or until the field is deleted.

        `completes` says which names that begin with what is typed may be taken for it; `new` lists what is
        typed as well, where no name says just that.
        """
        self.detach()
        self._field, self._search, self._completes, self._new = field, search, completes, new
        self._completed, self._adding = "", False
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
        """The names that are listed now, a new one not among them."""
        items = [self.item(n) for n in range(self.count())] if self.isVisible() else []
        return [item.text() for item in items if item.data(_USE) is not None]

    def offer(self, text: str) -> None:
        """Lists the names for what is typed; hides when there is none but that."""
        assert self._field is not None
        typed = self._typed = self._own(text)
        uses = self._search(typed)[:ROWS]
        self.clear()
        for use in uses:
            self._add(use.name, use)
        if self._new and typed.strip() and all(use.name != typed.strip() for use in uses):
            self._add(typed.strip(), None)
        self._complete(uses)
        if not uses or [use.name for use in uses] == [typed.strip()]:
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()

    def _add(self, name: str, use: NameUse | None) -> None:
        item = QListWidgetItem(name, self)
        item.setData(_USE, use)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {_told(use)}")

    def _own(self, text: str) -> str:
        """What the person typed of a text whose beginning may be that of a name it was completed to."""
        before = len(self._typed)
        if self._completed and text[:before] == self._completed[:before]:
            return self._typed + text[before:]
        return text

    def _complete(self, uses: Sequence[NameUse]) -> None:
        """Puts the rest of a name behind what is typed, where a letter was added to its end."""
        field, typed = self._field, self._typed
        assert field is not None
        before, self._completed = self._completed, ""
        known = any(use.name == typed.strip() for use in uses)
        if self._adding and not known and field.cursorPosition() == len(field.text()):
            found = (use for use in uses if _begins(use.name, typed) and self._completes(typed, use))
            self._completed = next((use.name for use in found), "")
        if self._completed:
            self.setCurrentRow([use.name for use in uses].index(self._completed))
            field.setText(self._completed)
            field.setSelection(len(typed), len(self._completed) - len(typed))
            field.setModified(True)
        elif before and field.text() != typed:
            field.setText(typed)
            field.setModified(True)

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
        if event.type() is QEvent.Type.DeferredDelete:  # the field is its prompt's, which can go at any time
            self.detach()
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        elif (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self.isVisible()
        ):
            if self.currentRow() < 0:
                self._step(1)
            self._field.end(False)
            self.hide()
            return True
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            commands = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._adding = bool(event.text()) and event.text().isprintable() and not commands
        elif event.type() is QEvent.Type.InputMethod:
            self._adding = True
        return False

    def _step(self, rows: int) -> None:
        """Goes up and down the list, with what was typed above its first row."""
        if self._field is None:
            return
        if not self.isVisible():
            self.offer(self._field.text())
            return
        row = max(-1, min(self.currentRow() + rows, self.count() - 1))
        self._completed = ""
        self.setCurrentRow(row)
        self._field.setText(self.item(row).text() if row >= 0 else self._typed)

    def _take(self, item: QListWidgetItem) -> None:
        if self._field is not None:
            self._field.setText(item.text())
            self.hide()

    def _said(self, index: Index) -> tuple[str, str]:
        """A name, and of it label and use; with the key that takes it."""
        use: NameUse | None = index.data(_USE)
        name: str = index.data()
        key = ""
        if self._completed:
            key = " · Enter" if name == self._completed else "" if use else " · Delete, Enter"
        elif self.currentRow() < 0:
            key = (" · Tab" if index.row() == 0 else "") if use else " · Enter"
        return name, f"{_told(use)}{key}"

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


def _begins(name: str, typed: str) -> bool:
    """Whether a name goes on after what is typed, whatever the case."""
    return (
        bool(typed.strip()) and len(name) > len(typed) and name[: len(typed)].casefold() == typed.casefold()
    )


def _told(use: NameUse | None) -> str:
    """Label and use of a name: `PERSON · 12`, or `suggested` where no mark has it yet; None is a new one."""
    if use is None:
        return "new name"
    label = f"{use.label} · " if use.label else ""
    return f"{label}{use.marks:,}" if use.marks else f"{label}suggested"
