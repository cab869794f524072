"""A painted table of figures: each number that has marks behind it is reached by keys and opens them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from annotator.domain.frozen import frozen
from annotator.ui import style
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.theme import mixed

_PAD = 8  # pixels at both sides of a cell
INSET = 6  # pixels at the left of large numbers, for the frame of the first
_WIDEST_HEAD = 260
_LEAST_HEAD = 60.0
_SPREAD = 34  # pixels that a column may get beyond its need
_WIDEST_CELL = 76  # of a matrix
_CARD = 178.0  # pixels of a large number
_SMALL_OF_CARDS = 0.66  # of their size, what is above and below large numbers
_FULL = 0.42  # how much of the colour is in a cell that has the largest share


class Shade(StrEnum):
    """What the share of a cell is drawn as."""

    NONE = "none"
    BAR = "bar"
    MATRIX = "matrix"
    CARDS = "cards"  # no share: a few large numbers in a row, with what explains them below


@frozen
class Cell:
    """One number. `behind` is what stands behind it, None if nothing does; `share` is 0 to 1.

    `said` explains it in words. `tone` is the colour of its share.
    """

    text: str
    behind: object | None = None
    share: float | None = None
    said: str = ""
    tone: style.Role = style.ACCENT
    dim: bool = False


@frozen
class Row:
    """A row under its head. One without cells is the heading of those that follow."""

    head: str
    cells: tuple[Cell, ...] = ()


@frozen
class Table:
    """Rows of equal length but for headings; `columns` names what stands in them, "" may.

    `note` says below a table how it is counted.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    shade: Shade = Shade.NONE
    corner: str = ""
    note: str = ""


@frozen
class Layout:
    """Where things are, in pixels: width of the heads, lefts and widths of the columns, height of a row."""

    head: float
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    row: float

    @classmethod
    def of(cls, table: Table, font: QFont, width: float) -> "Layout":
        cards = table.shade is Shade.CARDS
        metrics = QFontMetricsF(font)
        small = QFontMetricsF(style.sized(font, _SMALL_OF_CARDS if cards else 0.85))
        heads = [metrics.horizontalAdvance(row.head) for row in table.rows if row.cells]
        head = min(max([small.horizontalAdvance(table.corner), *heads], default=0), _WIDEST_HEAD) + 2 * _PAD
        texts = []
        for n, column in enumerate(table.columns):
            cells = [
                (small if cards and row.cells[n].dim else metrics).horizontalAdvance(row.cells[n].text)
                for row in table.rows
                if row.cells
            ]
            texts.append(max([small.horizontalAdvance(column), *cells]))
        pad = 3 if table.shade is Shade.MATRIX else 2 * _PAD
        if sum(texts) + len(texts) * pad + _LEAST_HEAD > width:
            pad = min(pad, _PAD + 2)
        needs = [text + pad for text in texts]
        if table.shade is Shade.MATRIX:
            needs = [max(needs, default=0)] * len(needs)
        if cards:
            head, needs = 0.0, _widened(needs, _CARD, width)
        room = width - (head if table.shade in (Shade.MATRIX, Shade.CARDS) else _LEAST_HEAD)
        if sum(needs) > room:  # what stands in the cells is cut then, not the table
            needs = [need * room / sum(needs) for need in needs]
        spare = (width - max(head, _LEAST_HEAD) - sum(needs)) / max(1, len(needs))
        if table.shade is Shade.MATRIX:
            needs = [need + max(0.0, min(spare, _WIDEST_CELL - need)) for need in needs]
        elif table.shade is not Shade.CARDS:  # heads take what is left, or give way: all tables end alike
            needs = [need + max(0.0, min(spare, _SPREAD)) for need in needs]
            head = max(_LEAST_HEAD, width - sum(needs))
        lefts = tuple(head + sum(needs[:n]) for n in range(len(needs)))
        return cls(head, lefts, tuple(needs), metrics.height() + 9)

    def cell(self, row: int, column: int) -> QRectF:
        """The box of a cell; the heads of the columns are row -1."""
        return QRectF(self.lefts[column], (row + 1) * self.row, self.widths[column], self.row)


def _widened(needs: Sequence[float], least: float, width: float) -> list[float]:
    """Columns of `least` pixels, or as near to it as leaves those that need more what they need."""
    spare = width - sum(needs)
    lacking = [max(0.0, least - need) for need in needs]
    share = min(1.0, max(0.0, spare) / sum(lacking)) if any(lacking) else 0.0
    return [need + share * lack for need, lack in zip(needs, lacking, strict=True)]


def height_of(table: Table, font: QFont) -> float:
    return (len(table.rows) + 1) * (QFontMetricsF(font).height() + 9) + 2


def draw_table(
    painter: QPainter,
    table: Table,
    layout: Layout,
    *,
    font: QFont,
    palette: QPalette,
    at: tuple[int, int] | None = None,
    hover: tuple[int, int] | None = None,
) -> None:
    """Draws the table with its top left corner at the origin, the cell of the cursor in a frame."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    small = style.sized(font, 0.85)
    end = layout.lefts[-1] + layout.widths[-1] if layout.lefts else layout.head
    cards = table.shade is Shade.CARDS
    painter.setFont(style.sized(font, _SMALL_OF_CARDS) if cards else small)
    painter.setPen(palette.color(style.DIM))
    _left(painter, QRectF(0, 0, layout.head, layout.row), table.corner)
    for n, column in enumerate(table.columns):
        _text(painter, layout.cell(-1, n), column, table.shade)
    for n, row in enumerate(table.rows):
        top = (n + 1) * layout.row
        painter.setPen(QPen(palette.color(style.LINE), 1))
        if not cards and (table.shade is not Shade.MATRIX or n == 0):
            painter.drawLine(QRectF(0, top, end, 0).topLeft(), QRectF(0, top, end, 0).topRight())
        painter.setFont(font if row.cells else style.sized(font, 1.0, bold=True))
        painter.setPen(palette.color(style.TEXT))
        _left(painter, QRectF(0, top, layout.head if row.cells else end, layout.row), row.head)
        for m, cell in enumerate(row.cells):
            _draw_cell(painter, table, cell, layout.cell(n, m), font, palette, (n, m) == hover)
            if (n, m) == at:
                painter.setPen(QPen(palette.color(style.ACCENT), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                frame = layout.cell(n, m).adjusted(1.5, 1.5, -1.5, -1.5)
                painter.drawRoundedRect(frame.adjusted(-4, 0, -40, 0) if cards else frame, 4, 4)


def _draw_cell(
    painter: QPainter, table: Table, cell: Cell, box: QRectF, font: QFont, palette: QPalette, hover: bool
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if cell.share is not None and table.shade is Shade.MATRIX and cell.share > 0:
        share = 0.08 + (_FULL - 0.08) * cell.share
        painter.setBrush(mixed(palette.color(style.BACKGROUND), palette.color(cell.tone), share))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    elif cell.share is not None and table.shade is Shade.BAR:
        bar = box.adjusted(4, 4, -4, -4)
        painter.setBrush(mixed(palette.color(style.BACKGROUND), palette.color(cell.tone), 0.24))
        bar.setWidth(max(bar.width() * cell.share, 1.5 if cell.share else 0))
        painter.drawRoundedRect(bar, 2, 2)
    small = cell.dim and table.shade is Shade.CARDS
    shown = style.sized(font, _SMALL_OF_CARDS) if small else QFont(font)
    shown.setUnderline(hover and cell.behind is not None)
    painter.setFont(shown)
    painter.setPen(palette.color(style.DIM if cell.dim else style.TEXT))
    _text(painter, box, cell.text, table.shade)


def _left(painter: QPainter, box: QRectF, text: str) -> None:
    inner = box.adjusted(2, 0, -_PAD, 0)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _text(painter: QPainter, box: QRectF, text: str, shade: Shade) -> None:
    """What stands in a cell: at the right, in a matrix in the middle, large numbers at the left."""
    sides = {Shade.MATRIX: Qt.AlignmentFlag.AlignHCenter, Shade.CARDS: Qt.AlignmentFlag.AlignLeft}
    side = sides.get(shade, Qt.AlignmentFlag.AlignRight)
    inner = box.adjusted(2, 0, -2, 0) if shade in sides else box.adjusted(2, 0, -_PAD, 0)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()) + 1)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | side, shown)


class FigureTable(QWidget):
    """Shows a table. `chosen` carries what is behind the number that was opened, `moved` the cell's box.

    The arrows go from number to number and on to the next table; Enter and Space open one.
    """

    chosen = Signal(object)
    moved = Signal(QRect)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = Table("", (), ())
        self._at: tuple[int, int] | None = None
        self._hover: tuple[int, int] | None = None
        self.setFont(style.sized(self.font(), 0.95))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_table(self, table: Table) -> None:
        """Shows another table; the cursor stays where it was if there is still a number."""
        self.table = table
        cells = list(self._cells())
        if self._at not in cells:
            self._at = cells[0] if cells else None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if cells else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(table.name)
        self._tell()
        self.updateGeometry()
        self.update()

    def cell(self) -> Cell | None:
        """The number the cursor is on."""
        return self.table.rows[self._at[0]].cells[self._at[1]] if self._at else None

    def go_to(self, row: int, column: int) -> None:
        self._at = (row, column)
        self._tell()
        self.update()
        self.moved.emit(self._layout().cell(row, column).toRect())

    def sizeHint(self) -> QSize:
        return QSize(300, round(height_of(self.table, self.font())))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _layout(self) -> Layout:
        if self.table.shade is not Shade.CARDS:
            return Layout.of(self.table, self.font(), self.width())
        layout = Layout.of(self.table, self.font(), self.width() - INSET)
        return replace(layout, lefts=tuple(left + INSET for left in layout.lefts))

    def _cells(self) -> Iterator[tuple[int, int]]:
        for n, row in enumerate(self.table.rows):
            for m, cell in enumerate(row.cells):
                if cell.behind is not None:
                    yield n, m

    def _tell(self) -> None:
        cell = self.cell()
        if cell is not None and self._at is not None:
            row, column = self.table.rows[self._at[0]].head, self.table.columns[self._at[1]]
            said = f". {cell.said}" if cell.said else ""
            self.setAccessibleDescription(f"{row}, {column}: {cell.text}{said}")

    def _step(self, rows: int, columns: int) -> bool:
        """Whether there is a number that way; the cursor is on it then."""
        if self._at is None:
            return False
        row, column = self._at
        if columns:
            ways = [m for n, m in self._cells() if n == row and (m - column) * columns > 0]
            found = [(row, min(ways, key=lambda m: abs(m - column)))] if ways else []
        else:
            cells = [(n, m) for n, m in self._cells() if (n - row) * rows > 0]
            found = (
                [min(cells, key=lambda cell: (abs(cell[0] - row), abs(cell[1] - column)))] if cells else []
            )
        if found:
            self.go_to(*found[0])
        return bool(found)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        ways = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        elif key in ways and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if not self._step(*ways[key]) and ways[key][0]:
                self.focusNextPrevChild(ways[key][0] > 0)
        else:
            super().keyPressEvent(event)

    def _open(self, at: tuple[int, int] | None) -> None:
        if at is not None and at in self._cells():
            self._at = at
            self._tell()
            self.update()
            self.chosen.emit(self.table.rows[at[0]].cells[at[1]].behind)

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        layout = self._layout()
        for n, row in enumerate(self.table.rows):
            for m in range(len(row.cells)):
                if layout.cell(n, m).contains(point.toPointF()):
                    return n, m
        return None

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position().toPoint())
        hover = found if found is not None and found in self._cells() else None
        if hover != self._hover:
            self._hover = hover
            shape = Qt.CursorShape.PointingHandCursor if hover else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self._cell_at(event.position().toPoint()))

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self._cell_at(event.pos())
            said = self.table.rows[found[0]].cells[found[1]].said if found else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            if event.type() is QEvent.Type.FocusIn and self._at is not None:
                self.moved.emit(self._layout().cell(*self._at).toRect())
        return bool(super().event(event))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            draw_table(
                painter,
                self.table,
                self._layout(),
                font=self.font(),
                palette=self.palette(),
                at=self._at if self.hasFocus() else None,
                hover=self._hover,
            )
        finally:
            painter.end()
