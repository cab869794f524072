"""The right pane of a review: how the readings differ, why, what is alike, and what the guideline says."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from annotator.domain.labels import Kind, LabelSet
from annotator.domain.review import Reason
from annotator.services.review_items import Item
from annotator.ui import style
from annotator.ui.chrome import Clickable, Words, cap_width, caption, draw_cap, viewport
from annotator.ui.focus_edge import FocusEdge
from annotator.ui.guard import guarded

REASONS = tuple(Reason)
_SAID = {
    Reason.AMBIGUOUS: "the text is ambiguous",
    Reason.GAP: "the guideline has a gap",
    Reason.ERROR: "an annotator erred",
    Reason.EDGE: "an edge case",
    Reason.SUBJECTIVE: "subjective",
}


class ReasonRow(Clickable):
    """One reason with its keys; the one that holds is ticked."""

    def __init__(self, n: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._n = n
        self._words = _SAID[REASONS[n]]
        self._open = False
        self._holds = False
        self._fit()
        self.setAccessibleName(f"Reason {n + 1}: {self._words}")

    def show_state(self, *, holds: bool, is_open: bool) -> None:
        self._holds, self._open = holds, is_open
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, self.height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Takes two lines where one has no room for the words."""
        metrics = QFontMetricsF(style.sized(self.font(), 0.92, bold=self._holds))
        room = self.width() - self._cap_width() - 12
        lines = 2 if metrics.horizontalAdvance(self._said()) > room else 1
        self.setFixedHeight(max(25, round(metrics.lineSpacing() * lines) + 9))

    def _said(self) -> str:
        return f"✓ {self._words}" if self._holds else self._words

    def _cap_width(self) -> float:
        return cap_width("R 8", style.sized(self.font(), 0.8, bold=True))

    def _draw(self, painter: QPainter) -> None:
        palette, middle = self.palette(), self.height() / 2
        if self._holds or self._open or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(style.CHOSEN if self._holds else style.HOVER))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(-4, 1, 0, -1), 5, 5)
        key = str(self._n + 1) if self._open else f"R {self._n + 1}"
        caps = style.sized(self.font(), 0.8, bold=True)
        width = self._cap_width()
        painter.setFont(caps)
        draw_cap(painter, QRectF(2, middle - 9.5, width, 19), key, widget=self)
        painter.setFont(style.sized(self.font(), 0.92, bold=self._holds))
        painter.setPen(palette.color(style.TEXT))
        painter.drawText(
            QRectF(width + 12, 0, self.width() - width - 12, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap,
            self._said(),
        )


class ReviewSide(QScrollArea):
    """The pane. `reasoned` carries the place of a reason that was clicked."""

    reasoned = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setMinimumWidth(230)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("About this difference")
        self.setViewport(viewport(style.SIDE))
        inner = QWidget(self)
        self.difference = self._text(inner, 1.0, style.TEXT)
        self.before = self._text(inner, 0.92, style.WARN)
        self.reasons = [ReasonRow(n, inner) for n in range(len(REASONS))]
        self.alike = self._text(inner, 0.92, style.DIM)
        self.note = self._text(inner, 0.92, style.DIM)
        self._guide_head = caption("Guideline")
        self.guideline = self._text(inner, 0.92, style.DIM)
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 14, 12, 12)
        box.setSpacing(4)
        for n, row in enumerate(self.reasons):
            row.clicked.connect(lambda n=n: self.reasoned.emit(n))
        for head, widgets in (
            (caption("The difference"), [self.difference, self.before]),
            (caption("Why (optional)"), self.reasons),
            (caption("Alike"), [self.alike]),
            (caption("Guideline note"), [self.note]),
            (self._guide_head, [self.guideline]),
        ):
            box.addWidget(head)
            box.addSpacing(2)
            for widget in widgets:
                box.addWidget(widget)
            box.addSpacing(12)
        box.addStretch(1)
        self.setWidget(inner)
        FocusEdge(self)

    def _text(self, parent: QWidget, factor: float, role: style.Role) -> Words:
        return Words("", factor=factor, role=role, wrap=True, parent=parent)

    def show_reason(self, reason: Reason | None, *, is_open: bool) -> None:
        for n, row in enumerate(self.reasons):
            row.show_state(holds=REASONS[n] is reason, is_open=is_open)

    def show_alike(self, count: int, *, key: str, armed: bool) -> None:
        """How many other places are alike, and what a decision does there."""
        if not count:
            self.alike.setText("No other place has the same words with the same readings.")
            return
        many = "1 more place" if count == 1 else f"{count:,} more places"
        if armed:
            said = f"The next decision shows {many} first: Space leaves one out there, Enter decides."
        else:
            said = f"{many} with the same words and the same readings. {key} decides for all."
        self.alike.setText(said)

    def show_guideline(self, labelset: LabelSet, item: Item | None) -> None:
        """What the guideline says of the labels that are disputed."""
        kind = Kind.POLARITY if item and item.group.is_stance else Kind.ENTITY
        names = dict.fromkeys(mark.label for mark in item.group.marks) if item else {}
        found = [label for name in names if (label := labelset.find(kind, name))]
        self._guide_head.setText(
            "GUIDELINE" + (f": {', '.join(label.name for label in found)}" if len(found) == 1 else "")
        )
        said = [
            (f"{label.name}: " if len(found) > 1 else "") + label.guideline
            for label in found
            if label.guideline
        ]
        self.guideline.setText("\n\n".join(said) or "The label set says nothing about it.")
