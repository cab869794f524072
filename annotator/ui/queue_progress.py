"""The line below the queue: how much of it is done with this label set, and its order."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.ui import style
from annotator.ui.chrome import fill
from annotator.ui.guard import guarded


class ProgressLine(QWidget):
    """A bar and `34 of 100 done`; the tool tip tells of each label set."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(style.sized(self.font(), 0.82))
        self._done, self.total, self._order = 0, 0, ""
        self._sets: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()  # until there are articles

    def show_done(self, done: int, total: int, order: str) -> None:
        """Counts of articles; `order` is how they are sorted, "" for that of the file."""
        if (done, total, order) != (self._done, self.total, self._order):
            self._done, self.total, self._order = done, total, order
            self.setAccessibleName(self.text())
            self.setVisible(total > 0)
            self.update()

    def show_sets(self, sets: tuple[str, ...]) -> None:
        """Lines that tell the progress with each label set, the newest first."""
        self._sets = sets
        self.setToolTip("\n".join(sets))
        self.setAccessibleDescription(", ".join(sets))
        self.update()

    def text(self) -> str:
        said = f"{self._done:,} of {self.total:,} done"
        return f"{said} · {self._order}" if self._order else said

    def sizeHint(self) -> QSize:
        return QSize(100, round(QFontMetricsF(self.font()).height()) + 22)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            palette = self.palette()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            fill(painter, QRectF(0, 0, self.width(), 1), palette.color(style.LINE))
            painter.setFont(self.font())
            painter.setPen(palette.color(style.DIM))
            room = QRectF(16, 6, self.width() - 32, self.height() - 16)
            metrics = QFontMetricsF(self.font())
            said = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
            left = room.width() - metrics.horizontalAdvance(said) - 16
            if self._sets and left > 40:
                name = metrics.elidedText(self._sets[0].partition(":")[0], Qt.TextElideMode.ElideRight, left)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            bar = QRectF(16, self.height() - 9, self.width() - 32, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            for width, role in ((1.0, style.LINE), (self._done / max(self.total, 1), style.GOOD)):
                painter.setBrush(palette.color(role))
                if width:
                    painter.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * width, 3), 1.5, 1.5)
        finally:
            painter.end()
