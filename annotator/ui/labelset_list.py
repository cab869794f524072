"""The list of a label set: entities, polarities, retired labels, and labels that only marks have."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
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
from annotator.domain.labels import Kind, Label
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import cap_width, draw_cap, short, viewport
from annotator.ui.guard import guarded
from annotator.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_LINE = Qt.ItemDataRole.UserRole


@frozen
class Line:
    """A heading (no label), or a label with how many marks have it; `state` says what is special of it.

    `key` is what is pressed to label with it, which may be one that the label set does not name.
    """

    text: str
    label: Label | None = None
    marks: int = 0
    state: str = ""
    key: str = ""


class LabelList(QListWidget):
    """`moved` carries the Label at the cursor (None for none), `typed` Enter, `left` Esc."""

    moved = Signal(object)
    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewport(viewport(style.SIDE))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName("Labels")
        self.painter = LinePainter(self)
        self.setItemDelegate(self.painter)
        self.currentItemChanged.connect(lambda item, _: self.moved.emit(_label_of(item)))

    def show_lines(self, lines: Sequence[Line], at: tuple[Kind, str] | None) -> None:
        """Lists them with the cursor on the label `at`, else on the first."""
        self.blockSignals(True)
        self.clear()
        row = None
        for n, line in enumerate(lines):
            item = QListWidgetItem(_said(line))
            item.setData(_LINE, line)
            if line.label is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            elif (line.label.kind, line.label.name) == at:
                row = n
            self.addItem(item)
        if row is None:
            self._go_to_first()
        else:
            self.setCurrentRow(row)
        self.blockSignals(False)
        self.moved.emit(_label_of(self.currentItem()))

    def _go_to_first(self) -> None:
        for n in range(self.count()):
            if _label_of(self.item(n)) is not None:
                self.setCurrentRow(n)
                return

    def line(self) -> Line | None:
        """The line at the cursor."""
        found = self.selectedItems()
        return found[0].data(_LINE) if found else None

    def keyboardSearch(self, search: str) -> None:
        """Letters go to the label whose name begins with them."""
        for n in range(self.count()):
            line: Line = self.item(n).data(_LINE)
            if line.label is not None and line.label.name.casefold().startswith(search.casefold()):
                self.setCurrentRow(n)
                return

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Home:  # Qt stops at a heading, which is nothing to stand on
            self._go_to_first()
        else:
            super().keyPressEvent(event)


class LinePainter(QStyledItemDelegate):
    """Swatch or glyph, name and title, marks, key; headings small and spaced."""

    theme: Theme | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line: Line = index.data(_LINE)
        high = QFontMetricsF(option.font).height()
        if line.label is None:
            return QSize(100, round(high) + 20)
        return QSize(100, round(high + QFontMetricsF(style.sized(option.font, 0.82)).height()) + 14)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(_LINE)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if line.label is None:
                self._heading(painter, option, line)
            else:
                self._label(painter, option, line, line.label)
        finally:
            painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, line: Line) -> None:
        font = style.sized(option.font, 0.75, bold=True)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1.1)
        painter.setFont(font)
        painter.setPen(option.palette.color(style.DIM))
        box = QRectF(option.rect).adjusted(18, 0, -12, -5)
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, line.text.upper())

    def _label(self, painter: QPainter, option: QStyleOptionViewItem, line: Line, label: Label) -> None:
        palette = option.palette
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(style.CHOSEN))
            painter.drawRoundedRect(box, 7, 7)
        self._swatch(painter, option, box, label)
        small = style.sized(option.font, 0.82)
        right = box.right() - 18 - self._key(painter, option, box, line.key)
        count = short(line.marks)
        painter.setFont(small)
        painter.setPen(palette.color(style.DIM))
        room = QFontMetricsF(small).horizontalAdvance(count) + 8
        at = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(right - room, box.y(), room, box.height()), at, count)
        inner = QRectF(box.x() + 36, box.y() + 5, right - room - box.x() - 44, box.height() - 10)
        below = _below(line, label)
        metrics = QFontMetricsF(option.font)
        painter.setFont(option.font)
        painter.setPen(palette.color(style.TEXT if label.offered else style.DIM))
        name = metrics.elidedText(label.name, Qt.TextElideMode.ElideRight, inner.width())
        side = Qt.AlignmentFlag.AlignTop if below else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(small)
        painter.setPen(palette.color(style.DIM))
        said = QFontMetricsF(small).elidedText(below, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, said)

    def _swatch(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF, label: Label) -> None:
        if self.theme is None:
            return
        tint = self.theme.tints.get((label.kind, label.name), self.theme.unknown)
        swatch = QRectF(box.x() + 9, box.center().y() - 8.5, 17, 17)
        stance = label.kind is Kind.POLARITY
        painter.setPen(QPen(tint.line, 1.4))
        painter.setBrush(option.palette.color(style.BACKGROUND) if stance else tint.fill)
        painter.drawRoundedRect(swatch, 4, 4)
        if stance and label.glyph:
            painter.setFont(style.sized(option.font, 0.8))
            painter.setPen(tint.card)
            painter.drawText(swatch, Qt.AlignmentFlag.AlignCenter, label.glyph)

    def _key(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF, key: str) -> float:
        """Draws the key at the right and returns how much room keys take, in pixels."""
        caps = style.sized(option.font, 0.8, bold=True)
        wide, room = cap_width(key, caps), cap_width("⇧0", caps)
        if key:
            painter.setFont(caps)
            widget = option.widget
            assert isinstance(widget, QWidget)
            cap = QRectF(box.right() - 8 - wide, box.center().y() - 9.5, wide, 19)
            draw_cap(painter, cap, key, widget=widget)
        return max(wide, room)


def _below(line: Line, label: Label) -> str:
    title = label.title if label.title != label.name else ""
    return " · ".join(part for part in (line.state, title) if part)


def _said(line: Line) -> str:
    if line.label is None:
        return line.text
    parts = [line.label.name, line.label.title, line.state, counted(line.marks, "mark")]
    parts += [f"key {line.key}"] if line.key else []
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def _label_of(item: QListWidgetItem | None) -> Label | None:
    line: Line | None = item.data(_LINE) if item is not None else None
    return line.label if line is not None else None
