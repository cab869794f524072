"""How one article of the queue is drawn."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from annotator.domain.articles import Status
from annotator.storage.queries import QueueRow
from annotator.storage.queue_search import MARKED
from annotator.ui import style
from annotator.ui.article.display import reads_right_to_left
from annotator.ui.guard import guarded
from annotator.ui.queue_model import ROW, Index, QueueModel
from annotator.ui.wording import about

_LEAD = 14  # letters of a snippet before the first word that is found
_SMALL = 0.82  # the second line's size, of the first's


def row_height(font: QFont) -> int:
    """Pixels of a row: two lines and the bar."""
    return round(sum(_line_heights(font))) + 24


def _line_heights(font: QFont) -> tuple[float, float]:
    return QFontMetricsF(font).height() + 3, QFontMetricsF(style.sized(font, _SMALL)).height() + 2


class RowPainter(QStyledItemDelegate):
    """Draws one article: dot, title, where it is from, progress."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, row_height(option.font))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        model = index.model()
        assert isinstance(model, QueueModel)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect).adjusted(8, 2, -6, -2)
            self._ground(painter, box, option, index, is_open=model.current == row.article_id)
            self._dot(painter, QPointF(box.x() + 15, box.y() + 17), row, option)
            self._text(painter, box, row, option, is_open=model.current == row.article_id)
            self._progress(painter, box, row, option)
            if row.flagged:
                _draw_flag(painter, QPointF(box.x() + 11, box.y() + 30), option.palette.color(style.WARN))
        finally:
            painter.restore()

    def _ground(
        self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, index: Index, *, is_open: bool
    ) -> None:
        # The view is asked: the option's state would make all enums of QStyle, a fiftieth of the start.
        focused = self._view.hasFocus() and self._view.currentIndex() == index
        if not (is_open or focused or self._is_hovered(index)):
            return
        role = style.CHOSEN if is_open else style.HOVER
        painter.setPen(QPen(option.palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(role))
        painter.drawRoundedRect(box, 7, 7)

    def _is_hovered(self, index: Index) -> bool:
        inside = self._view.viewport()
        return inside.underMouse() and self._view.indexAt(inside.mapFromGlobal(QCursor.pos())) == index

    def _dot(self, painter: QPainter, at: QPointF, row: QueueRow, option: QStyleOptionViewItem) -> None:
        role = {
            Status.DONE: style.GOOD,
            Status.DOING: style.ACCENT,
        }.get(row.status, style.DIM)
        colour = option.palette.color(role)
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(colour if row.status is Status.DONE else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 4.5, 4.5)
        if row.status is Status.DOING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            turn = max(_done(row), 0.12)
            painter.drawPie(QRectF(at.x() - 4.5, at.y() - 4.5, 9, 9), 90 * 16, -round(360 * 16 * turn))

    def _text(
        self, painter: QPainter, box: QRectF, row: QueueRow, option: QStyleOptionViewItem, *, is_open: bool
    ) -> None:
        room = box.width() - 40
        right = reads_right_to_left(row.title)
        first, second = _line_heights(option.font)
        for text, font, role, top, height in (
            (row.title, style.sized(option.font, 1.0, bold=is_open), style.TEXT, 5.0, first),
            (_second(row), style.sized(option.font, _SMALL), style.DIM, 5 + first, second),
        ):
            painter.setFont(font)
            painter.setPen(option.palette.color(role))
            place = QRectF(box.x() + 30, box.y() + top, room, height)
            if top > first and row.snippet:
                _draw_snippet(painter, place, row.snippet, option)
                continue
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            side = Qt.AlignmentFlag.AlignLeft
            if right and top < first:  # where the text begins: this turns the painter's left into its right
                painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            elif right:
                painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
                side = Qt.AlignmentFlag.AlignRight
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, shown)

    def _progress(self, painter: QPainter, box: QRectF, row: QueueRow, option: QStyleOptionViewItem) -> None:
        bar = QRectF(box.x() + 30, box.bottom() - 8, box.width() - 44, 2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(style.LINE))
        painter.drawRoundedRect(bar, 1.2, 1.2)
        if done := _done(row):
            role = style.GOOD if row.status is Status.DONE else style.ACCENT
            painter.setBrush(option.palette.color(role))
            bar.setWidth(bar.width() * done)
            painter.drawRoundedRect(bar, 1.2, 1.2)


def _second(row: QueueRow) -> str:
    """What stands below the title."""
    return f"{about(row)} · ✎ {' '.join(row.note.split())}" if row.note else about(row)


def _draw_flag(painter: QPainter, foot: QPointF, colour: QColor) -> None:
    """A little flag below the dot, its foot at the left end."""
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(colour)
    painter.drawLine(foot, foot + QPointF(0, 12))
    painter.drawPolygon([foot, foot + QPointF(8, 3), foot + QPointF(0, 6)])


def _draw_snippet(painter: QPainter, place: QRectF, snippet: str, option: QStyleOptionViewItem) -> None:
    """Words of the text from shortly before those that are found, these bold on a ground of their own.

    They begin where their script does.
    """
    plain = painter.font()
    bold = QFont(plain)
    bold.setBold(True)
    opening, closing = MARKED
    before, found, rest = snippet.partition(opening)
    lead = before[-_LEAD:].partition(" ")[2] if len(before) > _LEAD else before
    used, right = 0.0, reads_right_to_left(f"{before}{rest}")
    painter.save()
    painter.setClipRect(place)
    for n, piece in enumerate(f"{'…' if lead != before else ''}{lead}{found}{rest}".split(opening)):
        hit, _, after = piece.partition(closing) if n else ("", "", piece)
        for words, font in ((hit, bold), (after, plain)):
            if not words or used > place.width():
                continue
            metrics = QFontMetricsF(font)
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width() - used)
            width = metrics.horizontalAdvance(words)
            left = place.right() - used - width if right else place.x() + used
            if font is bold:
                painter.fillRect(
                    QRectF(left, place.y() + 1, width, place.height() - 3), option.palette.color(style.LINE)
                )
            painter.setFont(font)
            painter.setPen(option.palette.color(style.TEXT if font is bold else style.DIM))
            painter.drawText(
                QRectF(left, place.y(), width + 2, place.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
            used += width
    painter.restore()


def _done(row: QueueRow) -> float:
    """How much of an article is decided, 0 to 1."""
    if row.status is Status.DONE:
        return 1.0
    return row.progress.decided / row.progress.suggested if row.progress.suggested else 0.0
