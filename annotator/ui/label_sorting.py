"""Sorting the marks of a split label: each with the words around it, and one key for each of the parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.directions import isolated
from annotator.domain.labels import Label
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import KeyHints, Words, viewport
from annotator.ui.guard import guarded
from annotator.ui.keyboard import by_position
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.storage.label_migration import Unsorted

Index = QModelIndex | QPersistentModelIndex
_MARK = Qt.ItemDataRole.UserRole
_DIGITS = "1234567890"


class SortPane(QWidget):
    """`sorted_as` carries a mark and the part it is, None to delete it; `opened` a mark; `left` is Esc."""

    sorted_as = Signal(object, object)
    opened = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: tuple[str, ...] = ()
        self._title = Words("", factor=1.5, bold=True, families=READING, wrap=True, parent=self)
        self._facts = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self.list = _List(self)
        self._done = Words("", role=style.DIM, wrap=True, parent=self)
        self._hints = KeyHints((), self)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 20, 14, 6)
        box.setSpacing(6)
        for widget in (self._title, self._facts, self._done):
            box.addWidget(widget)
        box.addWidget(self.list, 1)
        box.addWidget(self._hints)
        self.list.pressed_key.connect(self._press)
        self.setFocusProxy(self.list)

    def show_marks(
        self, label: Label, marks: Sequence["Unsorted"], left: Sequence[tuple[str, int]], me: str
    ) -> None:
        """Lists one's own marks that are left; `left` says how many everyone has."""
        self._parts = label.into
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for mark in marks:
            item = QListWidgetItem(f"{mark.before}{mark.words}{mark.after}, {mark.title}")
            item.setData(_MARK, mark)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self._title.setText(f"Sort {label.name} into {listed(label.into, 'or')}")
        mine = dict(left).get(me, 0)
        others = [f"{isolated(name)} {count:,}" for name, count in left if name != me]
        said = f"{counted(mine, 'mark')} of yours left." if mine else ""
        self._facts.setText(f"{said}{f' Others have left: {listed(others)}.' if others else ''}".strip())
        self._done.setVisible(not marks)
        self._done.setText(f"None of your marks is {label.name} any more." if not marks else "")
        self.list.setVisible(bool(marks))
        keys = [(_DIGITS[n], name) for n, name in enumerate(label.into[:10])]
        more = (("Space", "later"), ("Delete", "no mark"), ("Enter", "see the article"), ("Esc", "back"))
        self._hints.set_hints((*keys, *more) if marks else (("Esc", "back"),))

    def mark(self) -> "Unsorted | None":
        """The mark at the cursor."""
        found = self.list.selectedItems()
        return found[0].data(_MARK) if found else None

    def _press(self, event: QKeyEvent) -> None:
        mark = self.mark()
        key = by_position(event) or event.text()
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif mark is None:
            return
        elif key and key in _DIGITS[: len(self._parts)]:
            self.sorted_as.emit(mark, self._parts[_DIGITS.index(key)])
        elif event.key() == Qt.Key.Key_Delete:
            self.sorted_as.emit(mark, None)
        elif event.key() == Qt.Key.Key_Space:
            self.list.setCurrentRow((self.list.currentRow() + 1) % self.list.count())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(mark)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _List(QListWidget):
    pressed_key = Signal(QKeyEvent)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewport(viewport(style.BACKGROUND))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Marks to sort")
        self.setItemDelegate(_MarkPainter(self))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        motion = (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        )
        if event.key() in motion:
            super().keyPressEvent(event)
        else:
            self.pressed_key.emit(event)


class _MarkPainter(QStyledItemDelegate):
    """The mark strong in the middle of the words around it, its article below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = QFontMetricsF(option.font).height() + QFontMetricsF(style.sized(option.font, 0.82)).height()
        return QSize(100, round(high) + 18)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark: Unsorted = index.data(_MARK)
        palette = option.palette
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect).adjusted(2, 1, -6, -1)
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(QPen(palette.color(style.ACCENT), 1.4))
                painter.setBrush(palette.color(style.CHOSEN))
                painter.drawRoundedRect(box, 7, 7)
            inner = box.adjusted(10, 6, -10, -6)
            font, strong = option.font, style.sized(option.font, 1.0, bold=True)
            plain, bold = QFontMetricsF(font), QFontMetricsF(strong)
            words = bold.elidedText(mark.words, Qt.TextElideMode.ElideMiddle, inner.width() * 0.6)
            wide = bold.horizontalAdvance(words)
            side = (inner.width() - wide) / 2
            top = QRectF(inner.x(), inner.y(), inner.width(), plain.height())
            painter.setFont(font)
            painter.setPen(palette.color(style.DIM))
            before = plain.elidedText(mark.before, Qt.TextElideMode.ElideLeft, side - 2)
            painter.drawText(
                QRectF(top.x(), top.y(), side - 2, top.height()), Qt.AlignmentFlag.AlignRight, before
            )
            after = plain.elidedText(mark.after, Qt.TextElideMode.ElideRight, side - 2)
            painter.drawText(QRectF(top.x() + side + wide + 2, top.y(), side, top.height()), after)
            painter.setFont(strong)
            painter.setPen(palette.color(style.TEXT))
            painter.drawText(QRectF(top.x() + side, top.y(), wide + 2, top.height()), words)
            small = style.sized(font, 0.82)
            painter.setFont(small)
            painter.setPen(palette.color(style.DIM))
            said = f"{' '.join(mark.title.split())}{' · gold' if mark.gold else ''}"
            shown = QFontMetricsF(small).elidedText(said, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, shown)
        finally:
            painter.restore()
