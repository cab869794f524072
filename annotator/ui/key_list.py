"""The list of the settings page: every action with its menu and the caps of its keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.domain.frozen import frozen
from annotator.ui import style
from annotator.ui.chrome import cap_width, draw_cap
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.queue_model import Index

_LINE = Qt.ItemDataRole.UserRole
_PADDING = 14  # pixels above and below a line's words together
_MENU = 92  # pixels of the menu's column
_WANTS = {
    Qt.Key.Key_Return: "record",
    Qt.Key.Key_Enter: "record",
    Qt.Key.Key_Insert: "add",
    Qt.Key.Key_Plus: "add",
    Qt.Key.Key_Delete: "clear",
    Qt.Key.Key_Backspace: "reset",
}


@frozen
class Line:
    """An action as it is listed: `keys` as people read them; `changed` says a person gave it other keys."""

    id: str
    text: str
    menu: str
    keys: tuple[str, ...]
    changed: bool

    def said(self) -> str:
        """The line for a screen reader."""
        keys = " or ".join(self.keys) or "no key"
        return f"{self.menu}, {self.text}: {keys}{', changed' if self.changed else ''}"


def fitting(lines: Sequence[Line], wanted: str) -> list[Line]:
    """The lines that hold every word of `wanted` in their text, menu or keys; `changed` finds the changed."""
    words = wanted.casefold().split()
    return [line for line in lines if all(word in line.said().casefold() for word in words)]


class KeyList(QListWidget):
    """`asked` carries what a key of the list wants: `record`, `add`, `clear` or `reset`; `typed` a letter."""

    asked = Signal(str)
    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Actions and their keys")
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(style.BACKGROUND)
        self.setItemDelegate(_Painter(self))
        self.itemDoubleClicked.connect(lambda _: self.asked.emit("record"))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Lists lines; the one that was current stays so if it is among them."""
        before = self.line()
        self.clear()
        for line in lines:
            item = QListWidgetItem(line.said(), self)
            item.setData(_LINE, line)
        ids = [line.id for line in lines]
        self.setCurrentRow(ids.index(before.id) if before and before.id in ids else 0)

    def line(self) -> Line | None:
        """The current line."""
        index = self.currentIndex()
        found: Line | None = index.data(_LINE) if index.isValid() else None
        return found

    def go_to(self, id_: str) -> None:
        for row in range(self.count()):
            if self.item(row).data(_LINE).id == id_:
                self.setCurrentRow(row)

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            held = event.modifiers() & ~(
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            )
            if not held and (event.key() in _WANTS or (event.text().isprintable() and event.text())):
                event.accept()  # letters are for the filter, even if an action has one as its key
                return True
        return bool(super().event(event))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        wants = _WANTS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif wants is not None:
            self.asked.emit(wants)
        elif event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """The menu dim on the left where another begins, the action, and its key caps on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(QFontMetricsF(option.font).height()) + _PADDING)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(_LINE)
        palette, box = option.palette, QRectF(option.rect)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(style.CHOSEN))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
            inner = box.adjusted(12, 0, -12, 0)
            room = self._draw_keys(painter, option, inner, line)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setFont(option.font)
            above: Line | None = index.sibling(index.row() - 1, 0).data(_LINE)
            if above is None or above.menu != line.menu or option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(palette.color(style.DIM))
                painter.drawText(inner, middle, line.menu)
            painter.setPen(palette.color(style.TEXT))
            words = inner.adjusted(_MENU, 0, -room, 0)
            text = QFontMetricsF(option.font).elidedText(
                line.text, Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, middle, text)
        finally:
            painter.restore()

    def _draw_keys(self, painter: QPainter, option: QStyleOptionViewItem, inner: QRectF, line: Line) -> float:
        """Draws the caps from the right; how much room they took."""
        palette, right = option.palette, inner.right()
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        caps = style.sized(option.font, 0.86, bold=True)
        height = QFontMetricsF(caps).height() + 6
        painter.setFont(caps)
        for key in reversed(line.keys):
            width = cap_width(key, caps)
            cap = QRectF(right - width, inner.center().y() - height / 2, width, height)
            draw_cap(painter, cap, key, widget=self.parent())  # type: ignore[arg-type]
            right -= width + 6
        painter.setFont(style.sized(option.font, 0.86))
        notes = [] if line.keys else [("no key", style.DIM)]
        notes += [("● changed", style.ACCENT)] if line.changed else []
        for note, role in notes:
            painter.setPen(palette.color(role))
            painter.drawText(
                QRectF(inner.left(), inner.top(), right - inner.left(), inner.height()), align, note
            )
            right -= QFontMetricsF(painter.font()).horizontalAdvance(note) + 12
        return inner.right() - right + 8
