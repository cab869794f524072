"""Stance cards in the right margin: what is on them, and the lines that join them to the text."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from annotator.domain.marks import Shown
from annotator.ui.article.arrangement import WHOLE, Arrangement, Card
from annotator.ui.article.painting import rounded
from annotator.ui.article.telling import state_of
from annotator.ui.article.typography import Typography
from annotator.ui.chrome import fill
from annotator.ui.theme import Theme, mixed

if TYPE_CHECKING:
    from annotator.ui.article.card_words import CardWords

_MARGIN = 2.0
_BAR = 4.5
_BEFORE, _AFTER = 9.0, 10.0  # beside the text of a card
_KEPT = 128
_NOTE = 2  # lines of a note


class CardPainter:
    """Draws cards; a drawn card is kept as a picture."""

    def __init__(self, theme: Theme, typography: Typography, glyphs: Mapping[str, str]) -> None:
        self._theme = theme
        self._typography = typography
        self._glyphs = glyphs
        self._widths: dict[str, float] = {}  # of the glyphs before brief cards' words
        self._wire = mixed(theme.bg, theme.dim, 0.45)
        self._pictures: dict[tuple[object, ...], tuple[Shown, QPixmap]] = {}

    @cached_property
    def _words(self) -> "CardWords":
        from annotator.ui.article.card_words import CardWords  # not for the first window

        return CardWords(self._typography)

    def height(self, text: str, width: float, shown: Shown, brief: int, numbered: bool) -> float:
        """Of a card as wide as `width`: whole, or with at most `brief` lines."""
        line = self._typography.card_line
        room = self._room(shown, width, brief, numbered=numbered)
        if brief:
            return line * self._words.lines(shown, text, room, brief) + 8
        lines = 1 + self._words.lines(shown, text, room, WHOLE)
        if shown.note:
            lines += self._words.note(shown.note, room, _NOTE).lineCount()
        return line * lines + 14

    def _room(self, shown: Shown, width: float, brief: int, *, numbered: bool) -> float:
        """How wide the words of holder and target may be."""
        room = width - _BAR - _BEFORE - _AFTER - 1
        if brief:
            room -= self._before(shown)
        return max(1.0, room - self._number_width() if numbered else room)

    def _before(self, shown: Shown) -> float:
        """How wide the glyph before the words of a brief card is."""
        mark = self._mark(shown)
        if mark not in self._widths:
            self._widths[mark] = QFontMetricsF(self._typography.head).horizontalAdvance(mark) + 7
        return self._widths[mark]

    def _mark(self, shown: Shown) -> str:
        return self._sign(shown.mark.label)[0] + ("?" if shown.suggested else "")

    def _number_width(self) -> float:
        return self._typography.tag_width("88") + 4

    def glyph(self, label: str) -> str:
        return self._glyphs.get(label) or "●"

    def _sign(self, label: str) -> tuple[str, str]:
        """The glyph and the word of a polarity; the number that leads a candidate's comes before both."""
        number, _, word = label.partition(" ")
        return (f"{number} {self.glyph(label)}", word) if number.isdecimal() else (self.glyph(label), label)

    def paint(self, painter: QPainter, card: Card, text: str, *, on: bool) -> None:
        """Draw a card; `on` when its stance is focused or hovered."""
        ratio = painter.device().devicePixelRatioF()
        width, height = round(card.rect.width()), round(card.rect.height())
        key = (card.shown.id, on, card.brief, bool(card.number), width, height, ratio)
        shown, picture = self._pictures.get(key, (None, None))
        if picture is None or shown is not card.shown:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            picture = self._picture(card, text, QSizeF(width, card.rect.height()), on=on, ratio=ratio)
            self._pictures[key] = (card.shown, picture)
        painter.drawPixmap(QPointF(card.rect.x() - _MARGIN, card.rect.y() - _MARGIN), picture)
        if card.number:
            line = QRectF(card.rect.x(), card.rect.y() + 4, card.rect.width() - 6, self._typography.card_line)
            self._number(painter, line, str(card.number), Qt.AlignmentFlag.AlignRight)

    def _number(self, painter: QPainter, box: QRectF, words: str, side: Qt.AlignmentFlag) -> None:
        painter.setFont(self._typography.tag)
        painter.setPen(self._theme.dim)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, words)

    def connect(self, painter: QPainter, card: Card, *, on: bool) -> None:
        """Draw the line from the right end of the column to the card."""
        color = self._theme.polarity(card.shown.mark.label).card if on else self._wire
        painter.setPen(QPen(color, 1.6 if on else 1.0))
        painter.drawPolyline(card.wire())

    def count(self, painter: QPainter, arranged: Arrangement, edge: float) -> None:
        """Number the lines of the text as their cards are; say below these how many stances have none.

        The numbers begin at `edge`.
        """
        last, high = arranged.cards[-1].rect, self._typography.tag_height
        for row in arranged.rows:
            box = QRectF(edge, row.y - high / 2, last.left() - edge, high)
            self._number(painter, box, row.words, Qt.AlignmentFlag.AlignLeft)
        below = QRectF(last.left(), last.bottom() + 1, last.width(), high)
        self._number(painter, below, f"{arranged.left_out} more in these lines", Qt.AlignmentFlag.AlignLeft)

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

    def _picture(self, card: Card, text: str, size: QSizeF, *, on: bool, ratio: float) -> QPixmap:
        shown = card.shown
        outer = QRectF(0, 0, size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN)
        picture = QPixmap(round(outer.width() * ratio), round(outer.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.bg)  # opaque: twice as fast to draw as a transparent one
        painter = QPainter(picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(QPointF(_MARGIN, _MARGIN), size)
            self._frame(painter, shown, rect, on=on)
            inner = rect.adjusted(_BAR + _BEFORE, 0, -_AFTER, 0)
            room = self._room(shown, size.width(), card.brief, numbered=bool(card.number))
            if card.brief:
                self._brief(painter, card, text, inner, room)
            else:
                self._whole(painter, shown, text, inner, room)
        finally:
            painter.end()
        return picture

    def _whole(self, painter: QPainter, shown: Shown, text: str, inner: QRectF, room: float) -> None:
        line = self._typography.card_line
        self._head(painter, shown, QRectF(inner.x(), inner.y() + 6, inner.width(), line))
        parts = self._words.parts(shown, text, room, WHOLE)
        below = QPointF(inner.x(), inner.y() + 8 + line)
        painter.setPen(self._theme.fg)
        parts.draw(painter, below)
        if shown.note:
            painter.setPen(self._theme.dim)
            note = self._words.note(shown.note, room, _NOTE)
            note.draw(painter, below + QPointF(0, line * parts.lineCount()))

    def _frame(self, painter: QPainter, shown: Shown, rect: QRectF, *, on: bool) -> None:
        color = self._theme.polarity(shown.mark.label).card
        shape = rounded(rect, 6)
        painter.fillPath(shape, self._theme.card)
        painter.save()
        painter.setClipPath(shape)
        fill(painter, QRectF(rect.x(), rect.y(), _BAR, rect.height()), color)
        painter.restore()
        pen = QPen(color if on else self._theme.line, (2.0 if on else 1.2) * self._theme.stroke)
        if shown.suggested:
            pen.setColor(color if on else mixed(self._theme.card, self._theme.dim, 0.6))
            pen.setDashPattern([3.0, 2.4])
        painter.strokePath(shape, pen)

    def _head(self, painter: QPainter, shown: Shown, rect: QRectF) -> None:
        label = shown.mark.label
        painter.setFont(self._typography.head)
        painter.setPen(self._theme.polarity(label).card)
        word = " ".join(self._sign(label))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, word)
        used = QFontMetricsF(self._typography.head).horizontalAdvance(word) + 8
        font = self._typography.head
        painter.save()
        plain = painter.font()
        plain.setBold(False)
        painter.setFont(plain)
        painter.setPen(self._theme.dim)
        state = state_of(shown)
        if QFontMetricsF(plain).horizontalAdvance(state) > rect.width() - used:
            state = "?" if shown.suggested else ""  # the outline tells it too
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, state)
        painter.restore()
        painter.setFont(font)

    def _brief(self, painter: QPainter, card: Card, text: str, inner: QRectF, room: float) -> None:
        """The glyph, and beside it holder -> target."""
        shown, top = card.shown, inner.y() + 4
        painter.setFont(self._typography.head)
        painter.setPen(self._theme.polarity(shown.mark.label).card)
        first = QRectF(inner.x(), top, inner.width(), self._typography.card_line)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, self._mark(shown))
        painter.setPen(self._theme.fg)
        parts = self._words.parts(shown, text, room, card.brief)
        parts.draw(painter, QPointF(inner.x() + self._before(shown), top))
