"""The list of places alike: each in its sentence, with its article, and whether it is taken in."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.domain.frozen import frozen
from annotator.domain.text import Span
from annotator.services.alike_places import Sentence, sentence_of
from annotator.services.review_items import Item
from annotator.ui import style
from annotator.ui.article.display import reads_right_to_left
from annotator.ui.article.typography import READING
from annotator.ui.chrome import RowList
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.theme import Tint

Index = QModelIndex | QPersistentModelIndex
PLACE = Qt.ItemDataRole.UserRole
_NOTHING: object = None
_SMALL = 0.82
_BOX = 15.0  # pixels of the box with the tick
_WORDS = 0.5  # of the width, at most, for the words of the place


@frozen
class Place:
    """A row: `title` is the article's, `taken` says that the decision is made there too."""

    sentence: Sentence
    title: str
    taken: bool


class AlikeModel(QAbstractListModel):
    """Places in the order of the queue; a text is read when its row is first drawn.

    `within` is where in a group the words are that become the mark, from the group's start.
    """

    def __init__(
        self, items: Sequence[Item], within: Span, text_of: Callable[[int], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._items = items
        self._within = within
        self._text_of = text_of
        self._read: tuple[int, str] | None = None  # one is kept: it may be 10 MB long
        self._sentences: dict[int, Sentence] = {}
        self._left_out: set[int] = set()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._items)

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == PLACE:
            return self._place(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            place = self._place(index.row())
            return f"{'taken in' if place.taken else 'left out'}: {place.sentence}, {place.title}"
        return None

    def taken(self) -> list[Item]:
        """The items at which the decision is made, too."""
        return [item for row, item in enumerate(self._items) if row not in self._left_out]

    def turn(self, row: int) -> None:
        """Leaves a place out, or takes it in again."""
        self._left_out ^= {row}
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def _place(self, row: int) -> Place:
        item = self._items[row]
        if row not in self._sentences:
            start = item.group.span.start
            span = Span(start + self._within.start, start + self._within.end)
            self._sentences[row] = sentence_of(self._text(item.group.article_id), span)
        return Place(self._sentences[row], " ".join(item.title.split()), row not in self._left_out)

    def _text(self, article_id: int) -> str:
        if self._read is None or self._read[0] != article_id:
            self._read = article_id, self._text_of(article_id)
        return self._read[1]


class AlikeList(RowList):
    """`turned` carries the row that Space or a click leaves out or takes in again."""

    turned = Signal(int)

    def __init__(self, tint: Tint | None, parent: QWidget) -> None:
        super().__init__("Places alike", row_height, parent)
        self.setItemDelegate(_PlacePainter(tint, self))
        self.clicked.connect(lambda index: self.turned.emit(index.row()))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.turned.emit(self.currentIndex().row())
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # of a table they stay in the row
            last = event.key() == Qt.Key.Key_End
            self.setCurrentIndex(self.model().index(self.model().rowCount() - 1 if last else 0, 0))
        else:
            super().keyPressEvent(event)


def row_height(font: QFont) -> int:
    """Pixels of a row: a sentence and the title below it."""
    small = QFontMetricsF(style.sized(font, _SMALL)).height()
    return round(QFontMetricsF(font).height() + small) + 20


class _PlacePainter(QStyledItemDelegate):
    """The words of the place below each other in the middle, under the tint of their label; None for none."""

    def __init__(self, tint: Tint | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._tint = tint

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, row_height(option.font))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = index.data(PLACE)
        if not isinstance(place, Place):
            return
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(option.rect).adjusted(8, 2, -6, -2)
            self._ground(painter, box, option)
            inner = box.adjusted(12, 6, -12, -5)
            self._tick(painter, inner, option, taken=place.taken)
            self._sentence(painter, inner.adjusted(_BOX + 12, 0, 0, 0), option, place)
            self._title(painter, inner.adjusted(_BOX + 12, 0, 0, 0), option, place)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem) -> None:
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(option.palette.color(style.ACCENT), 1.4) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(style.CHOSEN if focused else style.HOVER))
            painter.drawRoundedRect(box, 7, 7)

    def _tick(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, *, taken: bool) -> None:
        square = QRectF(box.x(), box.center().y() - _BOX / 2, _BOX, _BOX)
        painter.setPen(QPen(option.palette.color(style.ACCENT if taken else style.DIM), 1.4))
        painter.setBrush(option.palette.color(style.BACKGROUND))
        painter.drawRoundedRect(square, 3, 3)
        if taken:
            painter.setFont(style.sized(option.font, 0.85, bold=True))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "✓")

    def _sentence(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, place: Place) -> None:
        palette, plain = option.palette, QFont(option.font)
        plain.setFamilies(READING)
        strong = QFont(plain)
        strong.setBold(place.taken)
        metrics, wider = QFontMetricsF(plain), QFontMetricsF(strong)
        sentence = place.sentence
        words = wider.elidedText(sentence.words, Qt.TextElideMode.ElideMiddle, box.width() * _WORDS)
        tint = self._tint if place.taken else None
        wide = wider.horizontalAdvance(words) + (6 if tint else 1)
        side = (box.width() - wide) / 2
        middle = QRectF(box.x() + side, box.y(), wide, metrics.height() + 2)
        if tint:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint.fill)
            painter.drawRoundedRect(middle, 3, 3)
        painter.setFont(strong)
        painter.setPen(palette.color(style.TEXT if place.taken else style.DIM))
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, words)
        painter.setFont(plain)
        before = metrics.elidedText(sentence.before, Qt.TextElideMode.ElideLeft, side)
        after = metrics.elidedText(sentence.after, Qt.TextElideMode.ElideRight, side)
        if reads_right_to_left(str(sentence)):
            before, after = after, before
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        left = QRectF(box.x(), middle.y(), side, middle.height())
        painter.drawText(left, flags | Qt.AlignmentFlag.AlignRight, before)
        painter.drawText(left.translated(side + wide, 0), flags | Qt.AlignmentFlag.AlignLeft, after)

    def _title(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, place: Place) -> None:
        small = style.sized(option.font, _SMALL)
        said = place.title if place.taken else f"left out · {place.title}"
        painter.setFont(small)
        painter.setPen(option.palette.color(style.DIM))
        shown = QFontMetricsF(small).elidedText(said, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, shown)
