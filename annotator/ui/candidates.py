"""The candidates of a difference: one row each, with its number, so that a digit decides."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.domain.marks import Mark, Part, Stance
from annotator.domain.text import Span
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Clickable, Words, cap_width, caption, draw_cap, viewport
from annotator.ui.guard import guarded
from annotator.ui.theme import Theme
from annotator.ui.wording import quoted

_ROOM = 6  # pixels between two rows
_SIDE = 18  # pixels beside the rows
_LABEL = 118.0  # pixels of the column of labels, or what the longest needs
_CONTEXT = 110  # letters of a group whose words are all shown in every row
_PART = 0.23  # of the width, for a holder or a target
_BESIDE = 0.25  # of the width, at most, for the words on either side of a mark
_GAP = 12.0  # pixels behind the words and the holder of a stance
_MOST = 0.4  # of the page's height that candidates may take
_HIGH, _LOW = (40.0, 19.0), (31.0, 9.0)  # pixels of a row of one line: at least, and around the words
ENTER = "↵"  # behind the number of a candidate that no digit takes


@frozen
class Candidate:
    """A row: `key` is the digit that takes it, or a number and ENTER, `mark` None for "none of these".

    `whole` is the stretch of all candidates; `note` stands below the words: who said so, where that may be
    seen. `odd` names what of a stance differs from the row above: "holder", "target".
    """

    key: str
    mark: Mark | None
    text: str = ""
    whole: Span | None = None
    note: str = ""
    odd: frozenset[str] = frozenset()


class CandidateRow(Clickable):
    """One candidate; a click takes it."""

    def __init__(self, candidate: Candidate, theme: Theme, glyph: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.candidate = candidate
        self._theme = theme
        self._glyph = glyph
        self.on = False
        self.kept = False
        self._words = QFont(self.font())
        self._words.setFamilies(READING)
        self._caps = style.sized(self.font(), 0.85, bold=True)
        self._line = QFontMetricsF(self._words).height()
        self._label = _LABEL
        self._columns: tuple[float, float] | None = None
        self._tall = False  # whether holder and target have a line of their own
        self._upper = 0.0  # pixels of the line of the words
        self.set_shape(_LABEL, None, low=False)
        self.setAccessibleName(self._said())
        self.setToolTip(quoted(candidate.text, candidate.mark.span, 400) if candidate.mark else "")

    def set_shape(self, label: float, columns: tuple[float, float] | None, *, low: bool) -> None:
        """How wide the column of labels is, and those of a stance's words and holder.

        With no `columns` holder and target stand below the words. `low` rows are as low as can be read.
        """
        self._label, self._columns = label, columns
        self._tall = columns is None and isinstance(self.candidate.mark, Stance)
        least, around = _LOW if low else _HIGH
        self._upper = max(least, self._line + around) - 2
        small = QFontMetricsF(style.sized(self.font(), 0.82)).height() if self.candidate.note else 0
        below = self._line if self._tall else 0
        self.setFixedHeight(round(self._upper + 2 + below + small))
        self.update()

    def label_width(self) -> float:
        """How wide its label is, with the room behind it."""
        return QFontMetricsF(style.sized(self.font(), 0.95, bold=True)).horizontalAdvance(self._named()) + 14

    def room(self, label: float, width: int) -> float:
        """Pixels behind the label in a row of a width."""
        return width - 40 - cap_width(self.candidate.key, self._caps) - label

    def wants(self) -> tuple[float, float, float] | None:
        """Pixels that a stance's words, holder and target need in one line; None for what is no stance."""
        mark, text = self.candidate.mark, self.candidate.text
        if not isinstance(mark, Stance):
            return None
        words, parts = QFontMetricsF(self._words), QFontMetricsF(style.sized(self.font(), 0.9, bold=True))
        return (
            sum(words.horizontalAdvance(piece) for piece, _ in self._pieces(mark)) + _GAP,
            parts.horizontalAdvance(_words_of(mark.holder, text)) + _GAP,
            parts.horizontalAdvance(f"→ {_words_of(mark.target, text)}") + 2,
        )

    def _named(self) -> str:
        mark = self.candidate.mark
        if mark is None:
            return "none"
        return f"{self._glyph} {mark.label}" if isinstance(mark, Stance) else mark.label

    def _said(self) -> str:
        mark, text = self.candidate.mark, self.candidate.text
        key = self.candidate.key.replace(ENTER, "Enter")
        if mark is None:
            return f"{key}: none of these is right"
        parts = ""
        if isinstance(mark, Stance):
            parts = f", holder {_words_of(mark.holder, text)}, target {_words_of(mark.target, text)}"
        note = f", {self.candidate.note}" if self.candidate.note else ""
        return f"{key}: {mark.label}, {quoted(text, mark.span)}{parts}{note}"

    def set_on(self, on: bool, *, kept: bool) -> None:
        """Whether it is the one that is looked at, and whether it is the one that was decided for."""
        if (on, kept) != (self.on, self.kept):
            self.on, self.kept = on, kept
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = style.ACCENT if self.on else style.LINE
        painter.setPen(QPen(palette.color(edge), 2.0 if self.on else 1.2))
        painter.setBrush(palette.color(style.HOVER if self.underMouse() else style.BACKGROUND))
        painter.drawRoundedRect(box, 7, 7)
        upper = QRectF(box.x(), box.y(), box.width(), self._upper)
        cap = cap_width(self.candidate.key, self._caps)
        painter.setFont(self._caps)
        draw_cap(
            painter, QRectF(box.x() + 10, upper.center().y() - 11, cap, 22), self.candidate.key, widget=self
        )
        left = box.x() + 10 + cap + 14
        right = box.right() - 14
        if self.kept:
            right = self._draw_kept(painter, upper, right)
        if self.candidate.mark is None:
            self._draw_none(painter, upper, left, right)
        else:
            self._draw_mark(painter, upper, left, right, self.candidate.mark)
        if self.candidate.note:
            painter.setFont(style.sized(self.font(), 0.82))
            painter.setPen(palette.color(style.DIM))
            top = upper.bottom() - 8 + (self._line if self._tall else 0)
            below = QRectF(left + self._label, top, right - left - self._label, box.bottom() - top - 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self.candidate.note)

    def _draw_kept(self, painter: QPainter, box: QRectF, right: float) -> float:
        font = style.sized(self.font(), 0.85, bold=True)
        painter.setFont(font)
        painter.setPen(self.palette().color(style.GOOD))
        width = QFontMetricsF(font).horizontalAdvance("✓ decided")
        place = QRectF(right - width - 2, box.y(), width + 2, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, "✓ decided")
        return right - width - 14

    def _draw_none(self, painter: QPainter, box: QRectF, left: float, right: float) -> None:
        palette = self.palette()
        painter.setFont(style.sized(self.font(), 0.95, bold=True))
        painter.setPen(palette.color(style.DIM))
        place = QRectF(left, box.y(), self._label, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._named())
        painter.setFont(self._words)
        painter.setPen(palette.color(style.TEXT))
        place = QRectF(left + self._label, box.y(), right - left - self._label, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, "none of these is right")

    def _draw_mark(self, painter: QPainter, box: QRectF, left: float, right: float, mark: Mark) -> None:
        stance = isinstance(mark, Stance)
        tint = self._theme.polarity(mark.label) if stance else self._theme.entity(mark.label)
        font = style.sized(self.font(), 0.95, bold=True)
        painter.setFont(font)
        painter.setPen(tint.card)
        shown = QFontMetricsF(font).elidedText(self._named(), Qt.TextElideMode.ElideRight, self._label - 10)
        painter.drawText(
            QRectF(left, box.y(), self._label, box.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        left += self._label
        room = right - left
        columns = self._columns if isinstance(mark, Stance) else None
        words = columns[0] - _GAP if columns else room
        self._draw_words(painter, QRectF(left, box.y(), words, box.height()), mark)
        if not isinstance(mark, Stance):
            return
        if columns:
            at = left + columns[0]
            self._draw_part(
                painter, QRectF(at, box.y(), columns[1] - _GAP, box.height()), "holder", mark.holder
            )
            at += columns[1]
            rest = QRectF(at, box.y(), left + room - at, box.height())
            self._draw_part(painter, rest, "target", mark.target)
        else:
            below = QRectF(left, box.bottom() - 8, room / 2, self._line)
            used = self._draw_part(painter, below, "holder", mark.holder) + 8
            self._draw_part(painter, below.adjusted(used, 0, room / 2, 0), "target", mark.target)

    def _pieces(self, mark: Mark) -> list[tuple[str, bool]]:
        """The words of the group before, in and after the mark, on one line, and whether they are in it."""
        text, whole = self.candidate.text, self.candidate.whole or mark.span
        if whole.end - whole.start > _CONTEXT:
            return [(quoted(text, mark.span, 200), True)]
        return [
            (_flat(text[whole.start : mark.span.start]), False),
            (" ".join(mark.span.of(text).split()), True),
            (_flat(text[mark.span.end : whole.end]), False),
        ]

    def _draw_words(self, painter: QPainter, box: QRectF, mark: Mark) -> None:
        """The mark's words; of a short group all words, with those that are not in the mark dim.

        Where room is short the middle goes: marks differ at their ends.
        """
        pieces = self._pieces(mark)
        painter.setFont(self._words)
        metrics = QFontMetricsF(self._words)
        left = box.x()
        rooms = _rooms([metrics.horizontalAdvance(words) for words, _ in pieces], box.width())
        for (words, inside), room in zip(pieces, rooms, strict=True):
            if not words:
                continue
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
            width = metrics.horizontalAdvance(shown)
            painter.setPen(self.palette().color(style.TEXT if inside else style.DIM))
            place = QRectF(left, box.y(), width + 2, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
            if inside and len(pieces) > 1:
                base = box.center().y() + metrics.ascent() / 2 + 3
                painter.setPen(QPen(self._line_color(mark), 2.0))
                painter.drawLine(
                    QRectF(left, base, width, 0).topLeft(), QRectF(left, base, width, 0).topRight()
                )
            left += width

    def _line_color(self, mark: Mark) -> QColor:
        tint = (
            self._theme.polarity(mark.label) if isinstance(mark, Stance) else self._theme.entity(mark.label)
        )
        return tint.line

    def _draw_part(self, painter: QPainter, box: QRectF, name: str, part: Part | None) -> float:
        """Draws a part, and returns how wide it is."""
        odd = name in self.candidate.odd
        font = style.sized(self.font(), 0.9, bold=odd)
        painter.setFont(font)
        painter.setPen(self.palette().color(style.TEXT if part else style.DIM))
        words = _words_of(part, self.candidate.text)
        shown = f"→ {words}" if name == "target" else words
        shown = QFontMetricsF(font).elidedText(shown, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        return QFontMetricsF(font).horizontalAdvance(shown)


class Candidates(QScrollArea):
    """The rows of one difference. `taken` carries the place of a row that was clicked, -1 for none."""

    taken = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[CandidateRow] = []
        self._labelset: LabelSet | None = None
        self._theme = Theme.of("light", None)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewport(viewport(style.SIDE))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Candidates")
        inner = QWidget(self)
        self._page_height = 800
        self._head = caption("Which one is right?")
        self._more = Words("", factor=0.85, role=style.DIM, parent=inner)
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(_SIDE, 10, _SIDE, 12)
        self._box.setSpacing(_ROOM)
        self._box.addWidget(self._head)
        self._box.addWidget(self._more)
        self._box.addStretch(1)
        self.setWidget(inner)

    def set_labels(self, labelset: LabelSet, theme: Theme) -> None:
        self._labelset, self._theme = labelset, theme

    def show_rows(self, candidates: Sequence[Candidate], *, head: str, more: str = "") -> None:
        """Shows candidates under a question; `more` says what a decision would do besides."""
        self._head.setText(head.upper())
        self._more.setText(more)
        self._more.setVisible(bool(more))
        for row in self.rows:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CandidateRow(each, self._theme, self._glyph(each.mark), self) for each in candidates]
        for n, row in enumerate(self.rows):
            self._box.insertWidget(2 + n, row)
            place = n if row.candidate.mark is not None else -1
            row.clicked.connect(lambda place=place: self.taken.emit(place))
            row.show()
        self._shape()

    def set_on(self, place: int, kept: int | None) -> None:
        """Frames the row at a place; `kept` is that of the decision, -1 for none of these."""
        for n, row in enumerate(self.rows):
            mine = n if row.candidate.mark is not None else -1
            row.set_on(n == place, kept=kept is not None and kept == mine)
        if 0 <= place < len(self.rows):
            self.ensureWidgetVisible(self.rows[place], 0, 4)

    def most(self, height: int) -> None:
        """Says how high the page is: of that the candidates take a share at most."""
        self._page_height = height
        self._shape()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._shape()

    def _shape(self) -> None:
        """Gives all rows columns of one width, and room for their words; low rows where others find none."""
        label = max([_LABEL, *(row.label_width() for row in self.rows)])
        width = self.viewport().width() - 2 * _SIDE
        room = min((row.room(label, width) for row in self.rows), default=0.0)
        columns = _columns([wants for row in self.rows if (wants := row.wants())], room)
        for low in (False, True):
            for row in self.rows:
                row.set_shape(label, columns, low=low)
            if self._wanted() <= self._high():
                break
        self._fit()

    def _wanted(self) -> int:
        self._box.invalidate()
        return self._box.totalSizeHint().height()

    def _high(self) -> int:
        return round(self._page_height * _MOST)

    def _fit(self) -> None:
        self.setFixedHeight(min(self._wanted(), self._high()))

    def _glyph(self, mark: Mark | None) -> str:
        if self._labelset is None or not isinstance(mark, Stance):
            return ""
        label = self._labelset.find(Kind.POLARITY, mark.label)
        return label.glyph if label and label.glyph else "●"


def _words_of(part: Part | None, text: str) -> str:
    return quoted(text, part.span, 120) if part else "—"


def _columns(wants: Sequence[tuple[float, float, float]], room: float) -> tuple[float, float] | None:
    """Pixels for words and holders of stances that stand in one line; None where they find no room."""
    if not wants:
        return None
    words, holder, target = (max(each) for each in zip(*wants, strict=True))
    part = room * _PART
    if holder <= part and target <= part and words <= room - 2 * part:
        return room - 2 * part, part
    spare = (room - words - holder - target) / 3
    return (words + spare, holder + spare) if spare >= 0 else None


def _rooms(widths: Sequence[float], room: float) -> list[float]:
    """Pixels for the words before, in and after a mark, or in it alone: what is beside it gives way first."""
    if sum(widths) <= room:
        return [width + 1 for width in widths]
    middle = len(widths) // 2
    most = max(room * _BESIDE, (room - widths[middle]) / 2)
    rooms = [min(width, most) for width in widths]
    rooms[middle] = room - sum(rooms) + rooms[middle]
    return rooms


def _flat(words: str) -> str:
    """White space of any kind as single spaces, at the ends too."""
    inner = " ".join(words.split())
    return f"{' ' if words[:1].isspace() else ''}{inner}{' ' if words[-1:].isspace() and inner else ''}"


def odd_parts(mark: Mark, first: Mark) -> frozenset[str]:
    """What of a stance differs from the first candidate."""
    if not isinstance(mark, Stance) or not isinstance(first, Stance):
        return frozenset()
    return frozenset(
        name
        for name, one, other in (("holder", mark.holder, first.holder), ("target", mark.target, first.target))
        if (one.span if one else None) != (other.span if other else None)
    )
