"""The overview: a strip beside the scroll bar that shows where in the whole article marks stand."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.domain.marks import Shown
from annotator.services.wording import counted
from annotator.ui.article.page import Page
from annotator.ui.chrome import fill
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.ui.article.density import Density

WIDTH = 18  # pixels
_ROW = 2  # pixels of a row
_LANES = ((3, 3), (8, 3), (13, 4))  # x and width in pixels: entities, undecided, stances
_SETTLE_MS = 40  # after the first painting, which finds the true heights of what is in view
_LATER_MS = 120  # the mark comes first: a key press is seen in it
_REACH = 6  # rows beside a click in which it finds a mark


class Overview(QWidget):
    """Three lanes: confirmed entities, what is undecided, stances in the colour of their polarity.

    Where its rows begin in the text is found once an article is shown or laid out anew; of what a gesture
    changes only the rows are painted again. `markAsked` carries an id, `placeAsked` a code point of the text.
    """

    markAsked = Signal(str)
    placeAsked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._least = 0.0
        self._density: Density | None = None
        self._theme = Theme.of("light", None)
        self._glyphs: Mapping[str, str] = {}
        self._counting = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._counting.timeout.connect(self._count)
        self._stale: set[int] = set()  # rows in which something changed
        self._looks: dict[int, tuple[bool, bool, str]] = {}  # of the rows as they are painted
        self._painting = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._painting.timeout.connect(self._paint_stale)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Overview of the marks")

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 100)

    def show_page(self, page: Page | None, least: float) -> None:
        """Show where the marks of a page stand; a page lower than `least` pixels fills only its share."""
        self._page, self._least = page, least
        self._density = None
        self._counting.start()

    def set_theme(self, theme: Theme, glyphs: Mapping[str, str]) -> None:
        self._theme, self._glyphs = theme, glyphs
        self.update()

    def change(self, changed: Iterable[Shown]) -> None:
        """Paint the rows of the marks that a gesture changed, a little after the marks themselves."""
        if self._density is not None:
            self._stale.update(self._density.row_of(shown.mark.span.start) for shown in changed)
            if self._stale and not self._painting.isActive():
                self._painting.start()

    def _paint_stale(self) -> None:
        """Paint what looks different now, which of a row with many marks is rare."""
        if self._density is not None:
            for row in self._stale:
                if self._density.row(row).look != self._looks.get(row):
                    self.update(0, row * _ROW, WIDTH, _ROW)
        self._stale.clear()

    def _count(self) -> None:
        from annotator.ui.article.density import Density  # not for the first window

        page, rows = self._page, self.height() // _ROW
        if page is not None and rows:
            edges = page.edges(rows, self._least)
            self._density = Density(edges, page.marks.census(), page.hidden_layers)
        self._stale.clear()
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().height() != event.oldSize().height():
            self._density = None
            self._counting.start()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            fill(painter, event.rect(), self._theme.bg)
            density = self._density
            if density is None:
                return
            first, last = event.rect().top() // _ROW, event.rect().bottom() // _ROW
            for row in range(first, min(last + 1, len(density))):
                self._paint_row(painter, density, row)
        finally:
            painter.end()

    def _paint_row(self, painter: QPainter, density: "Density", number: int) -> None:
        row = density.row(number)
        entities, undecided, polarity = self._looks[number] = row.look
        colors = (
            self._theme.dim if entities else None,
            self._theme.accent if undecided else None,
            self._theme.polarity(polarity).card if polarity else None,
        )
        for color, (x, width) in zip(colors, _LANES, strict=True):
            if color is not None:
                painter.fillRect(x, number * _ROW, width, _ROW, color)

    # Mouse

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row = event.pos().y() // _ROW
            QToolTip.showText(
                event.globalPos(), self.told(row), self, QRect(0, row * _ROW - 2, WIDTH, _ROW + 4)
            )
            return True
        return bool(super().event(event))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the mark there, or else to the place in the text."""
        page, density = self._page, self._density
        if event.button() is not Qt.MouseButton.LeftButton or page is None or density is None:
            return
        row = density.near(event.position().toPoint().y() // _ROW, _REACH)
        if row is None:
            self._go(event)
            return
        stop = density.edges[row + 1] if row + 1 < len(density) else len(page.text)
        found = [each for each in page.marks.overlapping(density.edges[row], stop) if self._begins(each, row)]
        if found:
            self.markAsked.emit(found[0].id)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # it is not the article's

    def _go(self, event: QMouseEvent) -> None:
        if self._density is not None and len(self._density):
            row = min(max(0, event.position().toPoint().y() // _ROW), len(self._density) - 1)
            self.placeAsked.emit(self._density.edges[row])

    def _begins(self, shown: Shown, row: int) -> bool:
        return self._density is not None and self._density.row_of(shown.mark.span.start) == row

    def told(self, row: int) -> str:
        """What stands at a row, in words; "" of nothing."""
        near = self._density.near(row, _REACH) if self._density else None
        if near is None or self._density is None:
            return ""
        found = self._density.row(near)
        parts = [counted(found.entities, "entity", "entities")] if found.entities else []
        parts += [f"{found.undecided:,} undecided"] if found.undecided else []
        parts += [
            f"{self._glyphs.get(label, '')} {label} {count:,}".strip() for label, count in found.stances
        ]
        return ", ".join(parts)
