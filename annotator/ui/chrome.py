"""Small painted pieces the panels share: rules, captions, key caps, chips, a choice that looks like text."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QWidget,
)

from annotator.ui import style
from annotator.ui.guard import guarded


def rule(*, vertical: bool = False) -> QFrame:
    """A line one pixel thick."""
    line = QFrame()
    line.setProperty("line", True)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def viewport(role: style.Role) -> QWidget:
    """The inside of a scroll area, in one of the palette's colours.

    A view's own one, made by Qt, costs 8 ms of the window's start: to tell Python what it is, the binding
    makes all its classes of widgets.
    """
    inside = QWidget()
    inside.setBackgroundRole(role)
    inside.setAutoFillBackground(True)
    return inside


def fill(painter: QPainter, box: QRectF | QRect, colour: QColor) -> None:
    """Fills a rectangle; `fillRect` would make the enums of gradients, a hundredth of the start."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRect(box)


class Words(QLabel):
    """A label in one of the palette's colours and a size relative to the program's font."""

    def __init__(
        self,
        text: str = "",
        *,
        factor: float = 1.0,
        bold: bool = False,
        role: style.Role = style.TEXT,
        wrap: bool = False,
        families: list[str] | None = None,
        spaced: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        font = style.sized(self.font(), factor, bold=bold)
        if families:
            font.setFamilies(families)
        if spaced:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.1)
        self.setFont(font)  # once: with a style sheet Qt goes back to the first when the parent changes
        self.setForegroundRole(role)
        self.setWordWrap(wrap)


class Elided(QWidget):
    """One line of text, cut with an ellipsis where it does not fit; the whole of it is the tool tip."""

    def __init__(
        self,
        *,
        factor: float = 1.0,
        bold: bool = False,
        role: style.Role = style.TEXT,
        families: list[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        font = style.sized(self.font(), factor, bold=bold)
        if families:
            font.setFamilies(families)
        self.setFont(font)
        self._role = role
        self._side = Qt.AlignmentFlag.AlignLeft
        self._text = self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str, whole: str = "") -> None:
        """`whole` is what the tool tip says, also where the text fits."""
        if (text, whole) != (self._text, self._whole):
            self._text, self._whole = text, whole
            self.setAccessibleName(text)
            self._tell_whole()
            self.updateGeometry()
            self.update()

    def set_role(self, role: style.Role) -> None:
        self._role = role
        self.update()

    def set_side(self, side: Qt.AlignmentFlag) -> None:
        """Where the text stands: at its beginning (AlignLeft, of any script) or at its end."""
        self._side = side
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_whole()

    def _tell_whole(self) -> None:
        cut = self._width(self._text) > self.width() > 0
        self.setToolTip(self._whole or (self._text if cut else ""))

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(round(self._width(self._text)) + 2, round(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(self._role))
            shown = QFontMetricsF(self.font()).elidedText(
                self._text, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.setLayoutDirection(self.layoutDirection())  # its left is where the text begins
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | self._side, shown)
        finally:
            painter.end()

    def _width(self, text: str) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(text)


def caption(text: str) -> Words:
    """The small spaced heading of a section."""
    return Words(text.upper(), factor=0.75, bold=True, role=style.DIM, spaced=True)


def cap_width(key: str, font: QFont) -> float:
    """How wide a key cap is drawn, in pixels."""
    return max(24.0, QFontMetricsF(font).horizontalAdvance(key) + 12)


def draw_cap(painter: QPainter, box: QRectF, key: str, *, widget: QWidget) -> None:
    """Draws a key cap into `box` in the font the painter has; a higher font gets a higher cap."""
    palette = widget.palette()
    more = max(0.0, painter.fontMetrics().height() + 2 - box.height()) / 2
    box = box.adjusted(0, -more, 0, more)
    painter.setPen(QPen(palette.color(style.LINE), 1.2))
    painter.setBrush(palette.color(style.CAP))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(palette.color(style.DIM))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class KeyHints(QWidget):
    """A row of key caps, each with a word; hints that do not fit are left out from the right."""

    def __init__(self, hints: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints = hints
        self._caps = style.sized(self.font(), 0.8, bold=True)
        self._words = style.sized(self.font(), 0.8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._name()

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        self._hints = hints
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(", ".join(f"{key}: {word}" for key, word in self._hints))

    def _widths(self) -> list[tuple[float, float]]:
        words = QFontMetricsF(self._words)
        return [(cap_width(key, self._caps), words.horizontalAdvance(word) + 5) for key, word in self._hints]

    def sizeHint(self) -> QSize:
        return QSize(round(sum(cap + word + 14 for cap, word in self._widths())), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._high())

    def _high(self) -> int:
        return max(24, round(QFontMetricsF(self._caps).height()) + 5)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        widths = self._widths()
        fitting = len(widths)
        while fitting and sum(cap + word + 14 for cap, word in widths[:fitting]) > self.width():
            fitting -= 1
        left = self.width() - sum(cap + word + 14 for cap, word in widths[:fitting]) + 14
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for (key, word), (cap, room) in zip(self._hints[:fitting], widths, strict=False):
                painter.setFont(self._caps)
                draw_cap(painter, QRectF(left, self.height() / 2 - 9.5, cap, 19), key, widget=self)
                painter.setFont(self._words)
                painter.setPen(self.palette().color(style.DIM))
                painter.drawText(
                    QRectF(left + cap + 5, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, word
                )
                left += cap + room + 14
        finally:
            painter.end()


_AT_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_EDGE, _CHOSEN = 1.2, 2.8  # pixels of the edge of a chip; colour alone does not tell the chosen one
_GAP = 2.4  # pixels between a chip and the ring around it that shows the focus
GIVEN = 8  # pixels of a chip's edges that its count may have


class Chip(QAbstractButton):
    """A rounded choice of a filter, with a count where there is room for it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(style.sized(self.font(), 0.82))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._count: int | None = None

    def set_count(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.setAccessibleName(f"{self.text()}, {count}")
            self.setToolTip(f"{self.text()}: {count:,}")
            self.updateGeometry()
            self.update()

    def _parts(self) -> tuple[str, str]:
        return self.text(), "" if self._count is None else short(self._count)

    def sizeHint(self) -> QSize:
        text, count = self._parts()
        return self._size_of(text, count)

    def minimumSizeHint(self) -> QSize:
        return self._size_of(self.text(), "")

    def _size_of(self, text: str, count: str) -> QSize:
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(text)
        if count:
            width += metrics.horizontalAdvance(count) + max(4.0, metrics.horizontalAdvance(" "))
        return QSize(round(width) + 16, round(metrics.height()) + 7)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette, box = self.palette(), QRectF(self.rect()).adjusted(1.1, 1.1, -1.1, -1.1)
            on = self.isChecked()
            focused = self.hasFocus()
            inset = (_GAP if focused else 0.0) + (0.4 if on else 0.0)  # all of the thick edge is inside
            pill = box.adjusted(inset, inset, -inset, -inset)
            if focused:
                painter.setPen(QPen(palette.color(style.TEXT), _EDGE))
                painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QPen(palette.color(style.ACCENT if on else style.LINE), _CHOSEN if on else _EDGE))
            fill = style.CHOSEN if on else style.HOVER if self.underMouse() else style.SIDE
            painter.setBrush(palette.color(fill))
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            text, count = self._parts()
            painter.setFont(self.font())
            painter.setPen(palette.color(style.TEXT if on else style.DIM))
            lacking = max(0, self.sizeHint().width() - self.width())
            inner = box.adjusted(7 - min(lacking, GIVEN) / 2, 0, min(lacking, GIVEN) / 2 - 6, 0)
            painter.drawText(inner, _AT_LEFT | Qt.TextFlag.TextDontClip, text)  # letters may lean out
            if lacking <= GIVEN:
                painter.setPen(palette.color(style.DIM))
                painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        finally:
            painter.end()


def short(count: int) -> str:
    """A count in at most five characters: 9,999 as it is, 99,998 as 100k, 2,500,000 as 2.5M."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{round(count / 1000)}k"
    return f"{count / 1_000_000:.1f}M"


class TextButton(QAbstractButton):
    """A button that looks like text, with a key cap after it if it has a key."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(text)
        self.setFont(style.sized(self.font(), 0.9))
        self._caps = style.sized(self.font(), 0.9)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_key(self, key: str) -> None:
        self._key = key
        self.updateGeometry()
        self.update()

    def _text_width(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(self.text())

    def sizeHint(self) -> QSize:
        key = cap_width(self._key, self._caps) + 8 if self._key else 0
        high = max(28, self.fontMetrics().height() + 10)
        return QSize(round(self._text_width() + key) + 16, high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette, box = self.palette(), QRectF(self.rect())
            if self.underMouse() or self.hasFocus():
                painter.setPen(
                    QPen(palette.color(style.ACCENT), 1.2) if self.hasFocus() else Qt.PenStyle.NoPen
                )
                painter.setBrush(palette.color(style.HOVER))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
            painter.setFont(self.font())
            painter.setPen(palette.color(style.TEXT if self.underMouse() else style.DIM))
            painter.drawText(box.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
            if self._key:
                width = cap_width(self._key, self._caps)
                painter.setFont(self._caps)
                cap = QRectF(box.width() - width - 8, box.height() / 2 - 9.5, width, 19)
                draw_cap(painter, cap, self._key, widget=self)
        finally:
            painter.end()


class KeyField(QLineEdit):
    """A line of text that tells of the keys which leave it: Enter (and with Shift), Esc, and up or down."""

    entered = Signal(bool)  # whether Shift was held
    escaped = Signal()
    stepped = Signal(int)  # rows: -1 and 1 for Up and Down, -8 and 8 for the page keys

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif not event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class Clickable(QWidget):
    """A row that is clicked as a whole; `_draw` paints it."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)
        finally:
            painter.end()

    def _draw(self, painter: QPainter) -> None:
        raise NotImplementedError


class RowList(QTableView):
    """Rows of one column, as many pixels high as `row_height` says; Enter chooses the one with the cursor.

    A table, because a QListView asks the model about every row whenever one comes or goes: a third of a
    second at 100,000 rows. Nothing is ever selected: the cursor and the open row are drawn. Letters find
    nothing, as they may be keys of the page, unless a list has `seek`.
    """

    chosen = Signal(QModelIndex)
    seek: Callable[[str, int], int | None] | None = None  # from a row on, the first that begins with letters

    def __init__(self, name: str, row_height: Callable[[QFont], int], parent: QWidget) -> None:
        super().__init__(parent)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height(self.font()))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewport(viewport(style.SIDE))
        self.setTabKeyNavigation(False)
        self.setAccessibleName(name)
        self._typed = ""
        self._typing = QElapsedTimer()

    def keyboardSearch(self, search: str) -> None:
        """Goes to the next row that begins with what was typed in one go.

        Qt's own way would read every row.
        """
        if self.seek is None:
            return
        on = self._typing.isValid() and self._typing.elapsed() < QApplication.keyboardInputInterval()
        self._typing.restart()
        self._typed = f"{self._typed}{search}" if on else search
        row = self.seek(self._typed, self.currentIndex().row() + (not on))
        if row is not None:
            self.setCurrentIndex(self.model().index(row, 0))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # of the list; a table means its columns
            last = self.model().rowCount() - 1
            self.setCurrentIndex(self.model().index(0 if event.key() == Qt.Key.Key_Home else last, 0))
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
