"""The label chips of the inspector: swatch or glyph, name, count in the article, key cap."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.domain.labels import Kind, Label
from annotator.ui import style
from annotator.ui.chrome import Clickable, cap_width, draw_cap
from annotator.ui.guard import guarded
from annotator.ui.theme import Theme, Tint


class LabelRow(Clickable):
    """One label; a click labels the selection or the selected mark with it."""

    hovered = Signal(bool)

    def __init__(self, label: Label, key: str, tint: Tint, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = label
        self._key = key
        self._tint = tint
        self._count = 0
        self._strong = False
        self.setFixedHeight(max(27, round(QFontMetricsF(self.font()).height()) + 9))
        self._name()

    def _name(self) -> None:
        key = f", key {self._key}" if self._key else ""
        self.setAccessibleName(f"{self.label.name}, {self._count} in this article{key}")
        title = self.label.title if self.label.title != self.label.name else ""
        self.setToolTip(f"{title or self.label.name} ({self._key})" if self._key else title)

    def set_key(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self._name()
            self.update()

    def set_count(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    def set_tint(self, tint: Tint) -> None:
        self._tint = tint
        self.update()

    def set_strong(self, strong: bool) -> None:
        """Whether this is the label of the selected mark."""
        if strong != self._strong:
            self._strong = strong
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(True)
        super().enterEvent(event)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)
        super().leaveEvent(event)

    def _draw(self, painter: QPainter) -> None:
        palette, middle = self.palette(), self.height() / 2
        if self._strong or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(style.CHOSEN if self._strong else style.HOVER))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 1, 0, -1), 6, 6)
        swatch = QRectF(8, middle - 8.5, 17, 17)
        stance = self.label.kind is Kind.POLARITY
        painter.setPen(QPen(self._tint.line, 1.4))
        painter.setBrush(palette.color(style.BACKGROUND) if stance else self._tint.fill)
        painter.drawRoundedRect(swatch, 4, 4)
        if stance and self.label.glyph:
            painter.setFont(style.sized(self.font(), 0.8))
            painter.setPen(self._tint.card)
            painter.drawText(swatch, Qt.AlignmentFlag.AlignCenter, self.label.glyph)
        caps = style.sized(self.font(), 0.8, bold=True)
        cap = cap_width(self._key, caps) if self._key else 24
        right = self.width() - 8 - cap
        if self._key:
            painter.setFont(caps)
            draw_cap(painter, QRectF(right, middle - 9.5, cap, 19), self._key, widget=self)
        words = style.sized(self.font(), 0.9)
        painter.setFont(words)
        painter.setPen(palette.color(style.DIM))
        count = f"{self._count:,}"
        room = QFontMetricsF(words).horizontalAdvance(count) + 4
        painter.drawText(
            QRectF(right - room - 10, 0, room, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            count,
        )
        painter.setPen(palette.color(style.TEXT))
        space = right - room - 14 - 35
        name = QFontMetricsF(words).elidedText(self.label.name, Qt.TextElideMode.ElideRight, space)
        painter.drawText(QRectF(35, 0, space, self.height()), Qt.AlignmentFlag.AlignVCenter, name)


class LabelRows(QWidget):
    """The labels of one kind, in their order. `chosen` and `pointed` carry a Label (None: no longer)."""

    chosen = Signal(object)
    pointed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[LabelRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(1)

    def set_labels(self, labels: list[tuple[Label, str]], theme: Theme) -> None:
        """Shows labels, each with the key that applies it ("" for none)."""
        for row in self.rows:
            row.hide()  # it is deleted only when events are next looked at, and must not be seen until then
            row.deleteLater()
        self.rows = [
            LabelRow(label, key, theme.tints.get((label.kind, label.name), theme.unknown), self)
            for label, key in labels
        ]
        for row in self.rows:
            self._box.addWidget(row)
            row.clicked.connect(lambda label=row.label: self.chosen.emit(label))
            row.hovered.connect(lambda on, label=row.label: self.pointed.emit(label if on else None))

    def set_keys(self, keys: dict[tuple[str, str], str]) -> None:
        for row in self.rows:
            row.set_key(keys.get((row.label.kind, row.label.name), ""))

    def set_theme(self, theme: Theme) -> None:
        for row in self.rows:
            row.set_tint(theme.tints.get((row.label.kind, row.label.name), theme.unknown))

    def set_counts(self, counts: dict[tuple[str, str], int], kind: Kind) -> None:
        for row in self.rows:
            row.set_count(counts.get((kind, row.label.name), 0))

    def set_strong(self, label: Label | None) -> None:
        for row in self.rows:
            row.set_strong(label is not None and row.label == label)
