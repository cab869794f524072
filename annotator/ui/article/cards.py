"""Stance cards in the right margin: what is on them, and the lines that join them to the text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from annotator.domain.marks import Part, Shown, Stance
from annotator.ui.article.arrangement import Arrangement, Card
from annotator.ui.article.painting import rounded
from annotator.ui.article.telling import state_of
from annotator.ui.article.typography import Typography
from annotator.ui.chrome import fill
from annotator.ui.theme import Theme, mixed

_MARGIN = 2.0
_BAR = 4.5
_BEFORE, _AFTER = 9.0, 10.0  # beside the text of a card
_KEPT = 128
_ARROW = " → "


class CardPainter:
    """Draws cards; a drawn card is kept as a picture."""

    def __init__(self, theme: Theme, typography: Typography, glyphs: Mapping[str, str]) -> None:
        self._theme = theme
        self._typography = typography
        self._glyphs = glyphs
        self._pictures: dict[tuple[str, bool, int, int, float], tuple[Shown, QPixmap]] = {}

    @property
    def compact_height(self) -> float:
        """Of a card of one line."""
        return self._typography.card_line + 8

    def height(self, shown: Shown, text: str, width: float) -> float:
        """Of a whole card: two lines, one more where holder and target do not fit beside each other, and one
        for a note."""
        lines = 2 + self._is_wide(shown, text, width) + bool(shown.note)
        return self._typography.card_line * lines + 14

    def _is_wide(self, shown: Shown, text: str, width: float) -> bool:
        """Whether holder and target need a line each on a card of this width."""
        mark = shown.mark
        room = width - _BAR - _BEFORE - _AFTER - 1
        return isinstance(mark, Stance) and self._beside(mark, text) > room

    def _beside(self, stance: Stance, text: str) -> float:
        """How wide holder and target are in one line."""
        metrics = QFontMetricsF(self._typography.card)
        words = _words(stance.holder, text), _ARROW, _words(stance.target, text)
        return sum(metrics.horizontalAdvance(part) for part in words)

    def glyph(self, label: str) -> str:
        return self._glyphs.get(label) or "●"

    def _sign(self, label: str) -> tuple[str, str]:
        """The glyph and the word of a polarity; the number that leads a candidate's comes before both."""
        number, _, word = label.partition(" ")
        return (f"{number} {self.glyph(label)}", word) if number.isdecimal() else (self.glyph(label), label)

    def paint(self, painter: QPainter, card: Card, text: str, *, on: bool, compact: bool) -> None:
        """Draw a card; `on` when its stance is focused or hovered."""
        ratio = painter.device().devicePixelRatioF()
        width, height = round(card.rect.width()), round(card.rect.height())
        key = (card.shown.id, on, width, height, ratio)
        shown, picture = self._pictures.get(key, (None, None))
        if picture is None or shown is not card.shown:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            size = QSizeF(width, card.rect.height())
            picture = self._picture(card.shown, text, size, on=on, compact=compact, ratio=ratio)
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
        self, shown: Shown, text: str, size: QSizeF, *, on: bool, compact: bool, ratio: float
    ) -> QPixmap:
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
            if compact:
                self._line(painter, shown, text, inner)
            else:
                line = self._typography.card_line
                self._head(painter, shown, QRectF(inner.x(), rect.y() + 6, inner.width(), line))
                below = QRectF(inner.x(), rect.y() + 8 + line, inner.width(), line)
                wide = self._is_wide(shown, text, size.width())
                if wide:
                    self._parts_below(painter, shown, text, below)
                else:
                    self._parts(painter, shown, text, below)
                if shown.note:
                    self._note(painter, shown.note, below.translated(0, line * (2 if wide else 1)))
        finally:
            painter.end()
        return picture

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

    def _line(self, painter: QPainter, shown: Shown, text: str, rect: QRectF) -> None:
        glyph = self._sign(shown.mark.label)[0] + ("?" if shown.suggested else "")
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
        room = rect.width() - metrics.horizontalAdvance(_ARROW) - 1
        holder, target = _words(mark.holder, text), _words(mark.target, text)
        wants = metrics.horizontalAdvance(holder), metrics.horizontalAdvance(target)
        first = min(wants[0], max(room - wants[1], room * 0.45))
        elide = Qt.TextElideMode.ElideMiddle
        holder = metrics.elidedText(holder, elide, first + 1)
        target = metrics.elidedText(target, elide, max(0.0, room - first) + 1)
        self._pieces(painter, (holder, _ARROW, target), rect)

    def _pieces(self, painter: QPainter, pieces: Sequence[str], rect: QRectF) -> None:
        """Words one after another from the left, in any script: the arrow points right."""
        metrics = QFontMetricsF(self._typography.card)
        painter.setFont(self._typography.card)
        painter.setPen(self._theme.fg)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        for piece in pieces:
            width = metrics.horizontalAdvance(piece)
            painter.drawText(QRectF(rect.x(), rect.y(), width + 2, rect.height()), left, piece)
            rect = rect.adjusted(width, 0, 0, 0)

    def _note(self, painter: QPainter, note: str, rect: QRectF) -> None:
        metrics = QFontMetricsF(self._typography.card)
        line = metrics.elidedText(
            f"✎ {' '.join(note.split())}", Qt.TextElideMode.ElideRight, rect.width() - 1
        )
        painter.setFont(self._typography.card)
        painter.setPen(self._theme.dim)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, line)

    def _parts_below(self, painter: QPainter, shown: Shown, text: str, rect: QRectF) -> None:
        """The holder in a line of its own, the target in the next."""
        mark = shown.mark
        if not isinstance(mark, Stance):
            return
        metrics = QFontMetricsF(self._typography.card)
        arrow = _ARROW.lstrip()
        room = rect.width() - 1
        elide = Qt.TextElideMode.ElideMiddle
        holder = metrics.elidedText(_words(mark.holder, text), elide, room)
        target = metrics.elidedText(_words(mark.target, text), elide, room - metrics.horizontalAdvance(arrow))
        for number, pieces in enumerate(((holder,), (arrow, target))):
            self._pieces(painter, pieces, rect.translated(0, number * self._typography.card_line))


def _words(part: Part | None, text: str) -> str:
    """The words of a part on one line, with its name if that says more; a dash when there is none."""
    if part is None:
        return "—"
    words = " ".join(part.span.of(text).split())
    return f"{words} ({part.name})" if part.name and part.name.casefold() != words.casefold() else words
