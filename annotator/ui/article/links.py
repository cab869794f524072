"""Links of a stance: outlines around holder and target in the text, and the arc between them."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

_ROUND = 6.0
_HEAD = 7.0  # pixels, the arrow's length


def paint_links(painter: QPainter, holder: Sequence[QRectF], target: Sequence[QRectF], color: QColor) -> None:
    """Outline the rectangles of holder and target; draw the arc when both can be seen."""
    painter.setPen(QPen(color, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in (*holder, *target):
        painter.drawRoundedRect(_outline(rect), _ROUND, _ROUND)
    if holder and target:
        _arc(painter, _outline(holder[0]), _outline(target[0]), color)


def _outline(rect: QRectF) -> QRectF:
    """Around an entity's box; the room behind a name is part of `rect`."""
    return rect.adjusted(-4, -3, 1, 3)


def _arc(painter: QPainter, one: QRectF, other: QRectF, color: QColor) -> None:
    start = QPointF(one.center().x(), one.top())
    end = QPointF(other.center().x(), other.top())
    lift = min(30.0, 12 + abs(start.x() - end.x()) * 0.06)
    path = QPainterPath(start)
    path.cubicTo(
        QPointF(start.x(), start.y() - lift),
        QPointF(end.x(), end.y() - lift - _HEAD),
        end - QPointF(0, _HEAD - 1),
    )
    faint = QColor(color)
    faint.setAlphaF(0.8)  # words below stay readable
    painter.setPen(QPen(faint, 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([end, end + QPointF(-4.5, -_HEAD - 1), end + QPointF(4.5, -_HEAD - 1)]))
