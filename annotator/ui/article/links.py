"""Links of a stance: outlines around holder and target, the arc between them, and what is offered instead."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

_ROUND = 6.0
_HEAD = 7.0  # pixels, the arrow's length
_AHEAD = 5  # candidates that are numbered behind the chosen one


def paint_links(painter: QPainter, holder: Sequence[QRectF], target: Sequence[QRectF], color: QColor) -> None:
    """Outline the rectangles of holder and target; draw the arc when both can be seen."""
    painter.setPen(QPen(color, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in (*holder, *target):
        painter.drawRoundedRect(_outline(rect), _ROUND, _ROUND)
    if holder and target:
        _arc(painter, _outline(holder[0]), _outline(target[0]), color)


def paint_offers(
    painter: QPainter,
    offers: Sequence[tuple[Sequence[QRectF], bool]],
    *,
    font: QFont,
    colors: tuple[QColor, QColor],
) -> None:
    """Tint candidates and number them at their upper left, the chosen one filled.

    An offer has the rectangles that can be seen, and whether it is chosen. Of many, those around the chosen
    one are painted. `colors` are for strokes, and for what lies under words.
    """
    at = next((number for number, (_, chosen) in enumerate(offers) if chosen), 0)
    tint = QColor(colors[0])
    tint.setAlphaF(0.14)  # words below stay readable
    for number, (rects, chosen) in enumerate(offers):
        if not rects or not at - 1 <= number <= at + _AHEAD:
            continue
        if not chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            for rect in rects:
                painter.drawRoundedRect(_outline(rect), _ROUND, _ROUND)
        corner = _outline(rects[0]).topLeft()
        _badge(painter, corner, str(number + 1), font, colors if chosen else (colors[1], colors[0]))


def _badge(painter: QPainter, at: QPointF, words: str, font: QFont, colors: tuple[QColor, QColor]) -> None:
    """Words in a small round field; `colors` are of the field and of the words."""
    metrics = QFontMetricsF(font)
    height = metrics.height()
    field = QRectF(0, 0, max(height, metrics.horizontalAdvance(words) + 8), height)
    field.moveCenter(at)
    field.moveLeft(max(2.0, field.left()))
    painter.setPen(QPen(colors[1], 1.6))
    painter.setBrush(colors[0])
    painter.drawRoundedRect(field, height / 2, height / 2)
    painter.setFont(font)
    painter.drawText(field, Qt.AlignmentFlag.AlignCenter, words)


def _outline(rect: QRectF) -> QRectF:
    """Around an entity's box; the room behind a name is part of `rect`."""
    return rect.adjusted(-4, -3, 1, 3)


def _arc(painter: QPainter, one: QRectF, other: QRectF, color: QColor) -> None:
    path, head = arc(one, other)
    faint = QColor(color)
    faint.setAlphaF(0.8)  # words below stay readable
    painter.setPen(QPen(faint, 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(head)


def arc(one: QRectF, other: QRectF) -> tuple[QPainterPath, QPolygonF]:
    """The arc from one rectangle to another and its arrow: above them, or below where the view ends above."""
    lift = min(30.0, 12 + abs(one.center().x() - other.center().x()) * 0.06)
    above = min(one.top(), other.top()) > lift * 0.75 + _HEAD
    up = 1.0 if above else -1.0
    start = QPointF(one.center().x(), one.top() if above else one.bottom())
    end = QPointF(other.center().x(), other.top() if above else other.bottom())
    path = QPainterPath(start)
    path.cubicTo(
        start - QPointF(0, up * lift),
        end - QPointF(0, up * (lift + _HEAD)),
        end - QPointF(0, up * (_HEAD - 1)),
    )
    back = up * (_HEAD + 1)
    return path, QPolygonF([end, end + QPointF(-4.5, -back), end + QPointF(4.5, -back)])
