"""A small chart of shares with intervals, painted by ourselves: on screen, as SVG and as PNG.

Two hundred lines instead of pyqtgraph: that loads numpy into the window, 1.7 MB, for two charts of dots.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
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

_RADIUS = 4.5
_NEAR = 14  # pixels from a dot that still mean it
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.25)


@frozen
class Dot:
    """A share `y` (0 to 1) with its interval, if it has one, at `x` (0 to 1 of the width)."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    said: str = ""
    behind: object | None = None


@frozen
class Series:
    """Dots that belong together: told apart by colour, by shape and by their name."""

    name: str
    dots: tuple[Dot, ...]
    role: style.Role
    square: bool = False


@frozen
class Chart:
    """`ticks` are what stands under the axis, at x. With `diagonal` the line of y = x is drawn."""

    name: str
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]
    diagonal: bool = False

    def range(self) -> tuple[float, float]:
        """The shares that the axis goes from and to."""
        lows = [dot.y if dot.low is None else dot.low for each in self.series for dot in each.dots]
        if self.diagonal or not lows:
            return 0.0, 1.0
        return max(0.0, int((min(lows) - 0.02) * 10) / 10), 1.0


@frozen
class Frame:
    """Where shares are drawn, in pixels."""

    box: QRectF
    low: float
    high: float

    @classmethod
    def of(cls, chart: Chart, font: QFont, size: QSizeF) -> "Frame":
        metrics = QFontMetricsF(style.sized(font, 0.85))
        line, left = metrics.height(), metrics.horizontalAdvance(".95") + 15
        low, high = chart.range()
        room = QRectF(left, line + 14, size.width() - left - 14, size.height() - 2 * line - 28)
        return cls(room, low, high)

    def point(self, x: float, y: float) -> QPointF:
        share = (y - self.low) / (self.high - self.low)
        return QPointF(self.box.left() + x * self.box.width(), self.box.bottom() - share * self.box.height())

    def steps(self) -> Iterator[float]:
        span = self.high - self.low
        step = next((each for each in _STEPS if span / each <= 5), _STEPS[-1])
        count = round(span / step)
        yield from (self.low + n * step for n in range(count + 1) if self.low + n * step <= self.high + 1e-9)


def draw_chart(
    painter: QPainter,
    chart: Chart,
    frame: Frame,
    *,
    font: QFont,
    palette: QPalette,
    at: tuple[int, int] | None = None,
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(style.sized(font, 0.85))
    _draw_axes(painter, chart, frame, palette)
    left = frame.box.left()
    for n, series in enumerate(chart.series):
        shift = (n - (len(chart.series) - 1) / 2) * 9
        left = _draw_legend(painter, series, left, frame, palette)
        _draw_series(painter, series, frame, palette, shift)
        if at is not None and at[0] == n:
            dot = series.dots[at[1]]
            painter.setPen(QPen(palette.color(style.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(frame.point(dot.x, dot.y) + QPointF(shift, 0), _RADIUS + 4, _RADIUS + 4)


def _draw_axes(painter: QPainter, chart: Chart, frame: Frame, palette: QPalette) -> None:
    box, metrics = frame.box, painter.fontMetrics()
    for share in frame.steps():
        at = frame.point(0, share)
        painter.setPen(QPen(palette.color(style.LINE), 1))
        painter.drawLine(at, QPointF(box.right(), at.y()))
        painter.setPen(palette.color(style.DIM))
        text = QRectF(0, at.y() - metrics.height() / 2, box.left() - 7, metrics.height())
        said = "1" if share > 0.999 else f"{share:.2f}".rstrip("0").rstrip(".").replace("0.", ".") or "0"
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)
    if chart.diagonal:
        painter.setPen(QPen(palette.color(style.DIM), 1, Qt.PenStyle.DashLine))
        painter.drawLine(frame.point(0, 0), frame.point(1, 1))
    painter.setPen(palette.color(style.DIM))
    end = -1.0
    for x, said in chart.ticks:
        width = metrics.horizontalAdvance(said)
        left = min(max(frame.point(x, frame.low).x() - width / 2, 0.0), box.right() + 14 - width)
        if left > end:  # one that does not fit beside the one before is left out
            painter.drawText(QPointF(left, box.bottom() + 7 + metrics.ascent()), said)
            end = left + width + 10


def _draw_legend(painter: QPainter, series: Series, left: float, frame: Frame, palette: QPalette) -> float:
    """Names the series above the chart; where the next name begins."""
    middle = (frame.box.top() - 10) / 2
    _draw_shape(painter, series, QPointF(left + 6, middle), palette)
    painter.setPen(palette.color(style.TEXT))
    metrics = painter.fontMetrics()
    painter.drawText(QPointF(left + 16, middle + metrics.ascent() / 2 - 1), series.name)
    return left + 16 + metrics.horizontalAdvance(series.name) + 22


def _draw_series(painter: QPainter, series: Series, frame: Frame, palette: QPalette, shift: float) -> None:
    colour = palette.color(series.role)
    points = [frame.point(dot.x, dot.y) + QPointF(shift, 0) for dot in series.dots]
    faint = palette.color(series.role)
    faint.setAlphaF(0.55)
    painter.setPen(QPen(faint, 1.4, Qt.PenStyle.DashLine if series.square else Qt.PenStyle.SolidLine))
    painter.drawPolyline(points)
    for dot, point in zip(series.dots, points, strict=True):
        if dot.low is not None and dot.high is not None:
            painter.setPen(QPen(colour, 1.6))
            low, high = frame.point(dot.x, dot.low).y(), frame.point(dot.x, dot.high).y()
            painter.drawLine(QPointF(point.x(), low), QPointF(point.x(), high))
            for y in (low, high):
                painter.drawLine(QPointF(point.x() - 4, y), QPointF(point.x() + 4, y))
        _draw_shape(painter, series, point, palette)


def _draw_shape(painter: QPainter, series: Series, at: QPointF, palette: QPalette) -> None:
    painter.setPen(QPen(palette.color(style.BACKGROUND), 1.2))
    painter.setBrush(palette.color(series.role))
    if series.square:
        painter.drawRect(QRectF(at.x() - 4, at.y() - 4, 8, 8))
    else:
        painter.drawEllipse(at, _RADIUS, _RADIUS)


class ChartView(QWidget):
    """Shows a chart; the arrows go from dot to dot, Enter, Space or a click opens what is behind one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, *, height: int = 230) -> None:
        super().__init__(parent)
        self.chart = Chart("", (), ())
        self._at: tuple[int, int] | None = None
        self._high = height
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_chart(self, chart: Chart) -> None:
        self.chart = chart
        first = next(((n, 0) for n, each in enumerate(chart.series) if each.dots), None)
        if self._at is None or self._at not in self._dots():
            self._at = first
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if first else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(chart.name)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self._high)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self._high)

    def _dots(self) -> list[tuple[int, int]]:
        return [(n, m) for n, each in enumerate(self.chart.series) for m in range(len(each.dots))]

    def _dot(self) -> Dot | None:
        return self.chart.series[self._at[0]].dots[self._at[1]] if self._at else None

    def _tell(self) -> None:
        dot = self._dot()
        self.setAccessibleDescription(dot.said if dot else "")

    def _frame(self) -> Frame:
        return Frame.of(self.chart, self.font(), QSizeF(self.size()))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        lines = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        elif key in steps or key in lines:
            line, dot = (steps | lines)[key]
            if self._at is not None and (self._at[0] + line, self._at[1] + dot) in self._dots():
                self._at = (self._at[0] + line, self._at[1] + dot)
                self._tell()
                self.update()
            elif line:
                self.focusNextPrevChild(line > 0)
        else:
            super().keyPressEvent(event)

    def _open(self, at: tuple[int, int] | None) -> None:
        if at is not None:
            self._at = at
            dot = self._dot()
            self._tell()
            self.update()
            if dot is not None and dot.behind is not None:
                self.chosen.emit(dot.behind)

    def _dot_at(self, point: QPointF) -> tuple[int, int] | None:
        frame, count = self._frame(), len(self.chart.series)
        near = []
        for n, m in self._dots():
            dot = self.chart.series[n].dots[m]
            away = frame.point(dot.x, dot.y) + QPointF((n - (count - 1) / 2) * 9, 0) - point
            near.append((away.manhattanLength(), (n, m)))
        return min(near)[1] if near and min(near)[0] <= _NEAR else None

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._dot_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self._dot_at(event.position()))

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self._dot_at(event.pos().toPointF())
            said = self.chart.series[found[0]].dots[found[1]].said if found else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return bool(super().event(event))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            draw_chart(
                painter,
                self.chart,
                self._frame(),
                font=self.font(),
                palette=self.palette(),
                at=self._at if self.hasFocus() else None,
            )
        finally:
            painter.end()
