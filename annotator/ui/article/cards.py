"""Stance cards in the right margin: what is on them, and the lines that join them to the text."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from annotator.domain.marks import Part, Shown, Stance
from annotator.ui.article.arrangement import Arrangement, Card
from annotator.ui.article.painting import rounded
from annotator.ui.article.telling import state_of
from annotator.ui.article.typography import Typography
from annotator.ui.theme import Theme, mixed

_MARGIN = 2.0
_BAR = 4.5
_KEPT = 128


class CardPainter:
    """Draws cards; a drawn card is kept as a picture."""

    def __init__(self, theme: Theme, typography: Typography, glyphs: Mapping[str, str]) -> None:
        self._theme = theme
        self._typography = typography
        self._glyphs = glyphs
        self._pictures: dict[tuple[str, bool, bool, int, float], tuple[Shown, QPixmap]] = {}

    def height(self, *, compact: bool) -> float:
        return self._typography.card_line * (1 if compact else 2) + (8 if compact else 14)

    def glyph(self, label: str) -> str:
        return self._glyphs.get(label) or "●"

    def paint(self, painter: QPainter, card: Card, text: str, *, on: bool, compact: bool) -> None:
        """Draw a card; `on` when its stance is focused or hovered."""
        ratio = painter.device().devicePixelRatioF()
        width = round(card.rect.width())
        key = (card.shown.id, on, compact, width, ratio)
        shown, picture = self._pictures.get(key, (None, None))
        if picture is None or shown is not card.shown:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            picture = self._picture(card.shown, text, width=width, on=on, compact=compact, ratio=ratio)
            self._pictures[key] = (card.shown, picture)
        painter.drawPixmap(QPointF(card.rect.x() - _MARGIN, card.rect.y() - _MARGIN), picture)

    def connect(self, painter: QPainter, card: Card, *, on: bool) -> None:
        """Draw the line from the right end of the column to the card."""
        color = self._theme.polarity(card.shown.mark.label).card if on else self._theme.line
        painter.setPen(QPen(color, 1.6 if on else 1.0))
        painter.drawPolyline(card.wire())

    def left_out(self, painter: QPainter, arranged: Arrangement, bottom: float) -> None:
        """Say below the cards how many stances have none."""
        last = arranged.cards[-1].rect
        painter.setFont(self._typography.tag)
        painter.setPen(self._theme.dim)
        text = f"{arranged.left_out} more in these lines"
        painter.drawText(
            QPointF(last.left(), min(bottom - 2, last.bottom() + self._typography.tag_height)), text
        )

    def badge(self, painter: QPainter, shown: Shown, rect: QRectF, *, on: bool) -> None:
        """The stance as a glyph in a circle, where there is no room for cards."""
        tint = self._theme.polarity(shown.mark.label)
        pen = QPen(tint.card, 2.2 if on else 1.2)
        if shown.suggested:
            pen.setDashPattern([2.4, 1.6])
        painter.setPen(pen)
        painter.setBrush(self._theme.card)
        painter.drawEllipse(rect)
        painter.setFont(self._typography.tag)
        painter.setPen(tint.card)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.glyph(shown.mark.label))

    def _picture(
        self, shown: Shown, text: str, *, width: int, on: bool, compact: bool, ratio: float
    ) -> QPixmap:
        height = self.height(compact=compact)
        outer = QRectF(0, 0, width + 2 * _MARGIN, height + 2 * _MARGIN)
        picture = QPixmap(round(outer.width() * ratio), round(outer.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.bg)  # opaque: twice as fast to draw as a transparent one
        painter = QPainter(picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(_MARGIN, _MARGIN, width, height)
            self._frame(painter, shown, rect, on=on)
            inner = rect.adjusted(_BAR + 9, 0, -10, 0)
            if compact:
                self._line(painter, shown, text, inner)
            else:
                half = self._typography.card_line
                self._head(painter, shown, QRectF(inner.x(), rect.y() + 6, inner.width(), half))
                self._parts(painter, shown, text, QRectF(inner.x(), rect.y() + 8 + half, inner.width(), half))
        finally:
            painter.end()
        return picture

    def _frame(self, painter: QPainter, shown: Shown, rect: QRectF, *, on: bool) -> None:
        color = self._theme.polarity(shown.mark.label).card
        shape = rounded(rect, 6)
        painter.fillPath(shape, self._theme.card)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(rect.x(), rect.y(), _BAR, rect.height()), color)
        painter.restore()
        pen = QPen(color if on else self._theme.line, 2.0 if on else 1.2)
        if shown.suggested:
            pen.setColor(color if on else mixed(self._theme.card, self._theme.dim, 0.6))
            pen.setDashPattern([3.0, 2.4])
        painter.strokePath(shape, pen)

    def _head(self, painter: QPainter, shown: Shown, rect: QRectF) -> None:
        label = shown.mark.label
        painter.setFont(self._typography.head)
        painter.setPen(self._theme.polarity(label).card)
        word = f"{self.glyph(label)} {label}"
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, word)
        used = QFontMetricsF(self._typography.head).horizontalAdvance(word) + 8
        font = self._typography.head
        painter.save()
        plain = painter.font()
        plain.setBold(False)
        painter.setFont(plain)
        painter.setPen(self._theme.dim)
        state = QFontMetricsF(plain).elidedText(
            state_of(shown), Qt.TextElideMode.ElideRight, max(0.0, rect.width() - used)
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, state)
        painter.restore()
        painter.setFont(font)

    def _line(self, painter: QPainter, shown: Shown, text: str, rect: QRectF) -> None:
        glyph = self.glyph(shown.mark.label) + ("?" if shown.suggested else "")
        painter.setFont(self._typography.head)
        painter.setPen(self._theme.polarity(shown.mark.label).card)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, glyph)
        used = QFontMetricsF(self._typography.head).horizontalAdvance(glyph) + 7
        self._parts(painter, shown, text, rect.adjusted(used, 0, 0, 0))

    def _parts(self, painter: QPainter, shown: Shown, text: str, rect: QRectF) -> None:
        """Holder -> target in one line; each keeps its full length while the other leaves room."""
        mark = shown.mark
        if not isinstance(mark, Stance):
            return
        metrics = QFontMetricsF(self._typography.card)
        arrow = " → "
        room = rect.width() - metrics.horizontalAdvance(arrow) - 1
        holder, target = _words(mark.holder, text), _words(mark.target, text)
        wants = metrics.horizontalAdvance(holder), metrics.horizontalAdvance(target)
        first = min(wants[0], max(room - wants[1], room * 0.45))
        elide = Qt.TextElideMode.ElideRight
        holder = metrics.elidedText(holder, elide, first + 1)
        target = metrics.elidedText(target, elide, max(0.0, room - first) + 1)
        line = (
            f"\u200e\u2068{holder}\u2069{arrow}\u2068{target}\u2069"  # the arrow points right in any script
        )
        painter.setFont(self._typography.card)
        painter.setPen(self._theme.fg)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, line)


def _words(part: Part | None, text: str) -> str:
    """The words of a part on one line; a dash when there is none."""
    return " ".join(part.span.of(text).split()) if part else "—"
