"""How a label looks: colours to choose from, and a mark drawn in each theme, with its contrast there."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from annotator.domain.label_rules import COLORS, MORE_COLORS, color_fault
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.ui import style
from annotator.ui.guard import guarded
from annotator.ui.theme import Theme, ThemeName, contrast

_THEMES: tuple[tuple[ThemeName, str], ...] = (
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
)
_NAMES = ("blue", "vermilion", "green", "pink", "orange", "sky blue", "yellow")
_SIDE = 24  # pixels of a swatch
_GAP = 10


class Swatch(QAbstractButton):
    """One colour; the arrows go from one to the next."""

    def __init__(self, color: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.color = color
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Colour {name}".strip() if name else f"Colour {color}")
        self.setToolTip(f"{name} {color}".strip())

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette, box = self.palette(), QRectF(self.rect())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.color))
            painter.drawRoundedRect(box.adjusted(4, 4, -4, -4), 4, 4)
            if self.isChecked() or self.hasFocus() or self.underMouse():
                role = style.ACCENT if self.hasFocus() else style.TEXT if self.isChecked() else style.LINE
                painter.setPen(QPen(palette.color(role), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        finally:
            painter.end()


class Swatches(QWidget):
    """The colours to choose from, those that everybody can tell apart first. `chosen` carries one as text."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        names = (*_NAMES, *("" for _ in MORE_COLORS))
        every = zip((*COLORS, *MORE_COLORS), names, strict=True)
        self.buttons = [Swatch(color, name, self) for color, name in every]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for n, button in enumerate(self.buttons):
            if n == len(COLORS):
                row.addSpacing(8)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, color=button.color: self.chosen.emit(color))
        row.addStretch(1)

    def show_color(self, color: str) -> None:
        """Marks the swatch of a colour, if it is among them."""
        for button in self.buttons:
            button.setAutoExclusive(False)
            button.setChecked(button.color == color)
            button.setAutoExclusive(True)


class Looks(QWidget):
    """A mark of a label as each theme draws it; what it says below is the contrast there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._label: Label | None = None
        self._themes: list[Theme] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_label(self, label: Label) -> None:
        """Draws a label; one whose colour is none is drawn as it was."""
        if color_fault(label.color):
            return
        labelset = LabelSet("", 1, (label,))
        self._label, self._themes = label, [Theme.of(name, labelset) for name, _ in _THEMES]
        self.setAccessibleName("; ".join(told(label, theme) for theme in self._themes))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self._high())

    def _high(self) -> int:
        return round(QFontMetricsF(self.font()).height() * 4.4) + 14

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._label is None:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = (self.width() - 2 * _GAP) / 3
            for n, theme in enumerate(self._themes):
                self._draw(painter, theme, n * (width + _GAP), width, self._label)
        finally:
            painter.end()

    def _draw(self, painter: QPainter, theme: Theme, left: float, width: float, label: Label) -> None:
        small = style.sized(self.font(), 0.78)
        below = 2 * QFontMetricsF(small).height() + 4
        box = QRectF(left, 0, width, self.height() - below)
        painter.setPen(QPen(self.palette().color(style.LINE), 1))
        painter.setBrush(theme.bg)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        tint = theme.tints[label.kind, label.name]
        tag = style.sized(self.font(), 0.72, bold=True)
        word = "words" if label.kind is Kind.ENTITY else f"{label.glyph} {label.name}".strip()
        metrics, tags = QFontMetricsF(self.font()), QFontMetricsF(tag)
        named = tags.elidedText(
            label.name, Qt.TextElideMode.ElideRight, width - metrics.horizontalAdvance(word) - 44
        )
        wide = metrics.horizontalAdvance(word) + 12
        if label.kind is Kind.ENTITY:
            wide += tags.horizontalAdvance(named) + 6
        mark = QRectF(0, 0, min(wide, width - 16), metrics.height() + 6)
        mark.moveCenter(box.center())
        painter.setPen(QPen(tint.line, 1.3 * theme.stroke))
        if label.kind is Kind.ENTITY:
            painter.setBrush(tint.fill)
            painter.drawRoundedRect(mark, 4, 4)
        else:
            painter.drawLine(mark.bottomLeft(), mark.bottomRight())
        painter.setFont(self.font())
        painter.setPen(theme.fg if label.kind is Kind.ENTITY else tint.card)
        inner = mark.adjusted(6, 0, -6, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
        if label.kind is Kind.ENTITY:
            painter.setFont(tag)
            painter.setPen(tint.tag)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, named)
        painter.setFont(small)
        painter.setPen(self.palette().color(style.DIM))
        under = QRectF(left, self.height() - below + 2, width, below)
        shown = told(label, theme).replace(": ", "\n")
        painter.drawText(under, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, shown)


def ratios(label: Label, theme: Theme) -> tuple[float, float]:
    """The contrast of a label's text and of its outline in a theme, 1 to 21."""
    tint = theme.tints[label.kind, label.name]
    if label.kind is Kind.ENTITY:
        return contrast(tint.tag, tint.fill), contrast(tint.line, theme.bg)
    return contrast(tint.card, theme.card), contrast(tint.line, theme.bg)


def told(label: Label, theme: Theme) -> str:
    text, outline = ratios(label, theme)
    name = dict(_THEMES)[theme.name]
    return f"{name}: text {text:.1f}, outline {outline:.1f}"
