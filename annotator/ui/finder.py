"""The finder: type a few letters, press Enter. It finds actions (Ctrl+K) and labels (/)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
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

from annotator.domain.frozen import frozen
from annotator.ui import style
from annotator.ui.chrome import KeyField, cap_width, draw_cap
from annotator.ui.guard import guarded
from annotator.ui.queue_model import Index

_CHOICE = Qt.ItemDataRole.UserRole
_ROWS = 11
_ROW_HEIGHT = 32  # pixels, or what the font needs with _AIR around it
_AIR = 11
_LONGEST_MENU = "Annotator  "
_BEFORE_CAP = 8  # pixels between the text and its key, or why it is not possible


@frozen
class Choice:
    """What can be found: `call` runs when it is taken, `key` is shown beside it, `where` before it.

    `why` says what is in the way of one that is not possible here: that comes after those that are.
    """

    text: str
    call: Callable[[], object]
    key: str = ""
    where: str = ""
    why: str = ""


def ranked(choices: Sequence[Choice], wanted: str) -> list[Choice]:
    """The choices that hold every word of `wanted`: first what begins with it, then where a word does."""
    words = wanted.casefold().split()
    fitting = [
        choice
        for choice in choices
        if all(word in f"{choice.text} {choice.where}".casefold() for word in words)
    ]

    def rank(choice: Choice) -> int:
        text, start = choice.text.casefold(), wanted.casefold()
        place = 0 if text.startswith(start) else 1 if f" {start}" in f" {text}" else 2
        return place + 3 * bool(choice.why)

    return sorted(fitting, key=rank)


def row_height(font: QFont) -> int:
    """How high a choice is, in pixels."""
    return max(_ROW_HEIGHT, QFontMetrics(font).height() + _AIR)


class Finder(QFrame):
    """Lies over the window, near its top; Enter takes the choice, Esc leaves, both give the focus back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: Sequence[Choice] = ()
        self._back: QWidget | None = None
        self.setAutoFillBackground(False)
        self.field = KeyField(self)
        self.field.textChanged.connect(self._fill)
        self.field.stepped.connect(self._step)
        self.field.entered.connect(lambda _: self._take())
        self.field.escaped.connect(self.leave)
        self.list = QListWidget(self)
        self.list.setAccessibleName("What was found")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setBackgroundRole(style.SIDE)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.itemClicked.connect(lambda _: self._take())
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.setSpacing(6)
        box.addWidget(self.field)
        box.addWidget(self.list)
        self.hide()

    def offer(self, choices: Sequence[Choice], prompt: str) -> None:
        self._choices = choices
        if not self.isVisible():
            self._back = self.window().focusWidget()
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.field.clear()
        self._fill()
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def leave(self) -> None:
        self.hide()
        if self._back is not None:
            self._back.setFocus()

    def _fill(self) -> None:
        self.list.clear()
        for choice in ranked(self._choices, self.field.text().strip()):
            item = QListWidgetItem(choice.text, self.list)
            item.setData(_CHOICE, choice)
            if choice.why:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.text}, {choice.why}")
        self.list.setCurrentRow(0)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab has nowhere to go: the list follows the field."""
        return False

    def _take(self) -> None:
        item = self.list.currentItem()
        self.leave()
        if item is not None:
            item.data(_CHOICE).call()

    def place(self) -> None:
        """Centres it in the window, near the top."""
        parent = self.parentWidget()
        assert parent is not None
        width = min(560, parent.width() - 40)
        row = row_height(self.list.font())
        rows = max(3, min(_ROWS, (parent.height() - 220) // row))
        self.list.setFixedHeight(rows * row + 2)
        self.setGeometry((parent.width() - width) // 2, 70, width, self.sizeHint().height())

    def _step(self, rows: int) -> None:
        row = self.list.currentRow() + rows
        self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(style.ACCENT), 1.4))
            painter.setBrush(self.palette().color(style.SIDE))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        finally:
            painter.end()


class _Painter(QStyledItemDelegate):
    """A choice with its menu before it, dim, and its key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, row_height(option.font))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice: Choice = index.data(_CHOICE)
        palette = option.palette
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect)
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(style.CHOSEN))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
            inner = box.adjusted(10, 0, -10, 0)
            painter.setFont(option.font)
            painter.setPen(palette.color(style.DIM))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, choice.where)
            right = inner.right()
            if choice.why:
                small = style.sized(option.font, 0.85)
                right -= QFontMetrics(small).horizontalAdvance(choice.why)
                painter.setFont(small)
                painter.drawText(
                    inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.why
                )
                right -= _BEFORE_CAP
            elif choice.key:
                caps = style.sized(option.font, 0.8, bold=True)
                right -= cap_width(choice.key, caps)
                painter.setFont(caps)
                cap = QRectF(right, box.center().y() - 9.5, inner.right() - right, 19)
                draw_cap(painter, cap, choice.key, widget=self.parent())  # type: ignore[arg-type]
                right -= _BEFORE_CAP
            painter.setFont(option.font)
            painter.setPen(palette.color(style.DIM if choice.why else style.TEXT))
            metrics = painter.fontMetrics()
            indent = max(80, metrics.horizontalAdvance(_LONGEST_MENU)) if choice.where else 0
            place = QRectF(inner.x() + indent, inner.y(), right - inner.x() - indent, inner.height())
            text = metrics.elidedText(choice.text, Qt.TextElideMode.ElideRight, round(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        finally:
            painter.restore()
