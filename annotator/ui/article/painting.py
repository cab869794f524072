"""Painting of blocks: replays what the layout has built in the colours of a theme."""

import math
from bisect import bisect_left
from itertools import islice
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QStaticText

from annotator.domain.text import Span
from annotator.ui.article.laid import Box, LaidBlock, Tag, Underline, tag_text
from annotator.ui.article.typography import Typography
from annotator.ui.theme import Theme, mixed

REACH = 4.0  # pixels that decorations may stand out of their block
_ROUND = 4.5
_ORIGIN = QPointF(0, 0)
_KEPT = 600  # pictures of boxes
_DASHES = [3.0, 2.2]


class Highlights(NamedTuple):
    """What is marked out at the moment: ids of marks, spans of the article."""

    focused: str | None = None
    hovered: str | None = None
    selection: Span | None = None
    preview: Span | None = None
    proposed: tuple[Span, ...] = ()  # by place: what a question that is open asks about
    longest: int = 0  # code points of the longest of these
    offered: tuple[Span, ...] = ()  # the candidates for a part of the linked stance, likeliest first
    chosen: Span | None = None  # the one of them that the stance has now


class BoxPainter:
    """Paints boxes. A drawn box is kept as a picture: stroking dashes and round corners is slow."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._pictures: dict[tuple[str, bool, int, int, float], QPixmap] = {}

    def paint(self, painter: QPainter, box: Box) -> None:
        """Paint a box on whole pixels."""
        left, top = round(box.rect.left()), round(box.rect.top())
        width, height = round(box.rect.right()) - left, round(box.rect.bottom()) - top
        key = (box.label, box.suggested, width, height, painter.device().devicePixelRatioF())
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            picture = self._pictures[key] = self._picture(*key)
        painter.drawPixmap(QPointF(left - 1, top - 1), picture)

    def _picture(self, label: str, suggested: bool, width: int, height: int, ratio: float) -> QPixmap:
        picture = QPixmap(math.ceil((width + 2) * ratio), math.ceil((height + 2) * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        tint = self._theme.entity(label)
        pen = QPen(tint.line, 1.3 * self._theme.stroke)
        if suggested:
            pen.setDashPattern(_DASHES)
        painter = QPainter(picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(tint.faint if suggested else tint.fill)
            painter.drawRoundedRect(QRectF(1.5, 1.5, width - 1, height - 1), _ROUND, _ROUND)
        finally:
            painter.end()
        return picture


class BlockPainter:
    """Paints laid-out blocks; keeps the pens, brushes and tags it has made."""

    def __init__(self, theme: Theme, typography: Typography) -> None:
        self._theme = theme
        self._typography = typography
        self._boxes = BoxPainter(theme)
        self._tags: dict[tuple[str, bool], tuple[QColor, QStaticText]] = {}
        self._strokes: dict[tuple[str, bool, bool], tuple[QPen, QPen]] = {}
        self._ring = QPen(theme.focus, 2.0 * theme.stroke)
        self._rule = QPen(mixed(theme.bg, theme.dim, 0.45), 2)
        self._selection = QColor(theme.selection)
        self._selection.setAlphaF(0.65)

    def paint(self, painter: QPainter, laid: LaidBlock, highlights: Highlights, clip: QRectF) -> None:
        """Paint one block at the painter's origin; `clip` (block's pixels) tells which lines are needed."""
        if laid.dimmed:
            self._zone(painter, laid)
        for box in laid.boxes:
            if box.rect.bottom() >= clip.top() and box.rect.top() <= clip.bottom():
                self._boxes.paint(painter, box)
        block = laid.block
        selection = highlights.selection
        if selection and selection.start <= block.end and selection.end > block.start:
            self._select(painter, laid, selection)
        if highlights.proposed:
            self._propose(painter, laid, highlights.proposed, highlights.longest)
        if block.text:
            painter.setPen(self._theme.fg)
            laid.layout.draw(painter, _ORIGIN, [], clip)
        if laid.tags:
            self._tag_all(painter, laid.tags, clip)
        for underline in laid.underlines:
            self._underline(
                painter, underline, strong=underline.mark_id in (highlights.focused, highlights.hovered)
            )
        if highlights.focused is not None and highlights.preview is None:
            self._focus(painter, laid, highlights.focused)
        if highlights.preview is not None:
            self._preview(painter, laid, highlights.preview)

    def _zone(self, painter: QPainter, laid: LaidBlock) -> None:
        """A rule at the left of every dimmed line; the text itself is dimmed by its format."""
        painter.setPen(self._rule)
        for rect in laid.dimmed:
            painter.drawLine(QLineF(-12, rect.top() - 2, -12, rect.bottom() + 2))

    def _select(self, painter: QPainter, laid: LaidBlock, selection: Span) -> None:
        for piece in laid.fragments(selection):
            painter.fillRect(piece.rect.adjusted(0, -1, 0, 1), self._selection)
        if selection.start <= laid.block.end < selection.end:  # the line end is selected too
            end = laid.caret(laid.block.end)
            width = -6.0 if laid.block.right_to_left else 6.0
            painter.fillRect(
                QRectF(end.left(), end.top() - 1, width, end.height() + 2).normalized(), self._selection
            )

    def _tag_all(self, painter: QPainter, tags: list[Tag], clip: QRectF) -> None:
        painter.setFont(self._typography.tag)
        rise = self._typography.tag_ascent
        top, bottom = clip.top(), clip.bottom() + self._typography.tag_height
        for tag in tags:
            if not top <= tag.at.y() <= bottom:
                continue
            key = (tag.label, tag.suggested)
            if key not in self._tags:
                text = QStaticText(tag_text(tag.label, suggested=tag.suggested))
                text.setTextFormat(Qt.TextFormat.PlainText)
                text.prepare(font=self._typography.tag)
                self._tags[key] = (self._theme.entity(tag.label).tag, text)
            color, text = self._tags[key]
            painter.setPen(color)
            painter.drawStaticText(QPointF(tag.at.x(), tag.at.y() - rise), text)

    def _underline(self, painter: QPainter, underline: Underline, *, strong: bool) -> None:
        key = (underline.label, underline.suggested, strong)
        if key not in self._strokes:
            color = self._theme.polarity(underline.label).card
            line = QPen(color, (3.4 if strong else 2.0) * math.sqrt(self._theme.stroke))
            line.setCapStyle(Qt.PenCapStyle.FlatCap)
            tick = QPen(line)
            if underline.suggested:
                line.setDashPattern([2.0, 1.4] if strong else [3.2, 2.2])
            self._strokes[key] = (line, tick)
        line, tick = self._strokes[key]
        painter.setPen(line)
        painter.drawLines(underline.lines)
        painter.setPen(tick)
        painter.drawLines(underline.ticks)

    def _focus(self, painter: QPainter, laid: LaidBlock, mark_id: str) -> None:
        painter.setPen(self._ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in laid.boxes:
            if box.mark_id == mark_id:
                painter.drawRoundedRect(box.rect.adjusted(-2.5, -2.5, 2.5, 2.5), _ROUND + 2, _ROUND + 2)
        for underline in laid.underlines:
            if underline.mark_id == mark_id:
                for rect in underline.rects:
                    painter.drawRoundedRect(rect.adjusted(-2, -1.5, 2, 2), _ROUND, _ROUND)

    def _propose(self, painter: QPainter, laid: LaidBlock, proposed: tuple[Span, ...], longest: int) -> None:
        """A frame and a tint of the accent around what will change."""
        tint = QColor(self._theme.accent)
        tint.setAlphaF(0.18)
        painter.setPen(QPen(self._theme.accent, 2.0))
        painter.setBrush(tint)
        first = bisect_left(proposed, laid.block.start - longest, key=lambda span: span.start)
        for span in islice(proposed, first, None):
            if span.start >= laid.block.end:
                break
            if span.end > laid.block.start:
                for piece in laid.fragments(span):
                    painter.drawRoundedRect(piece.rect.adjusted(-2, -2, 2, 2), _ROUND, _ROUND)

    def _preview(self, painter: QPainter, laid: LaidBlock, span: Span) -> None:
        """The edges being moved: a frame with a grip at each end."""
        pen = QPen(self._theme.accent, 2.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for piece in laid.fragments(span):
            rect = piece.rect.adjusted(-2, -3, 2, 3)
            painter.setPen(pen)
            painter.drawRoundedRect(rect, _ROUND, _ROUND)
            for x in [rect.left()] * piece.first + [rect.right()] * piece.last:
                painter.fillRect(QRectF(x - 2, rect.top() - 4, 4, rect.height() + 8), self._theme.accent)


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path
