"""The start page: the sample, a new project, an existing one, and the recent ones."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Clickable, Words, cap_width, caption, draw_cap
from annotator.ui.guard import guarded
from annotator.ui.keymap import Keys

_WIDTH = 620  # pixels, or as many letters as keep a card's text whole
_LETTERS = 62
_CARDS = ("project.sample", "project.new", "project.open")  # what the cards do


def _width(widget: QWidget) -> int:
    """How wide the cards are with the widget's font, in pixels."""
    return max(_WIDTH, round(QFontMetricsF(widget.font()).averageCharWidth() * _LETTERS))


class Card(Clickable):
    """A row to click: a title, a line of explanation, a key."""

    def __init__(
        self, title: str, text: str, key: str = "", *, strong: bool = False, missing: bool = False
    ) -> None:
        super().__init__()
        self.title, self._text, self._key = title, text, key
        self._strong, self.missing = strong, missing
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title}. {text}")
        self._big, self._small = style.sized(self.font(), 1.05, bold=True), style.sized(self.font(), 0.88)
        self._caps = style.sized(self.font(), 0.8, bold=True)
        height = QFontMetricsF(self._big).height() + QFontMetricsF(self._small).height() + 26
        self.setFixedHeight(round(height))

    def set_key(self, key: str) -> None:
        self._key = key
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_width(self), self.height())

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        marked = self.hasFocus() or self.underMouse()
        edge = style.ACCENT if self.hasFocus() or self._strong else style.LINE
        painter.setPen(QPen(palette.color(edge), 1.6 if self.hasFocus() else 1.1))
        painter.setBrush(palette.color(style.HOVER if marked else style.SIDE))
        painter.drawRoundedRect(box, 9, 9)
        inner = box.adjusted(18, 9, -18, -9)
        if self._key:
            width = cap_width(self._key, self._caps)
            painter.setFont(self._caps)
            cap = QRectF(inner.right() - width, box.center().y() - 10, width, 20)
            draw_cap(painter, cap, self._key, widget=self)
            inner.setRight(inner.right() - width - 14)
        for font, role, text, align, mode in (
            (
                self._big,
                style.DIM if self.missing else style.TEXT,
                self.title,
                Qt.AlignmentFlag.AlignTop,
                Qt.TextElideMode.ElideRight,
            ),
            (
                self._small,
                style.WARN if self.missing else style.DIM,
                self._text,
                Qt.AlignmentFlag.AlignBottom,
                Qt.TextElideMode.ElideMiddle,
            ),
        ):
            painter.setFont(font)
            painter.setPen(palette.color(role))
            shown = QFontMetricsF(font).elidedText(text, mode, inner.width())
            painter.drawText(inner, align | Qt.AlignmentFlag.AlignLeft, shown)


class StartPage(QScrollArea):
    """`asked` carries the id of an action, `chosen` the path of a recent project, `named` who labels."""

    asked = Signal(str)
    chosen = Signal(str)
    named = Signal(str)

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAccessibleName("Start")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(style.BACKGROUND)
        inner = QWidget(self)
        inner.setBackgroundRole(style.BACKGROUND)
        column = QWidget(inner)
        column.setFixedWidth(_width(self))
        self._box = QVBoxLayout(column)
        self._box.setContentsMargins(0, 46, 0, 40)
        self._box.setSpacing(9)
        around = QHBoxLayout(inner)
        around.addStretch(1)
        around.addWidget(column)
        around.addStretch(1)
        self.setWidget(inner)
        self._recent: list[Card] = []
        self.name = QLineEdit(column)
        self._fill(column)

    def _fill(self, column: QWidget) -> None:
        self._box.addWidget(Words("Annotator", factor=2.2, bold=True, families=READING, parent=column))
        self._box.addWidget(
            Words(
                "Entities and stances in news articles, confirmed from the keyboard. "
                "Everything stays on this computer.",
                role=style.DIM,
                wrap=True,
                parent=column,
            )
        )
        self._box.addSpacing(14)
        self.cards = [
            Card("Open the sample", "Six short articles with suggestions, to try the keys on", strong=True),
            Card("New project…", "One file that holds articles, labels and every change"),
            Card("Open a project…", "A file that ends in .annot"),
        ]
        self.show_keys()
        for card, action in zip(self.cards, _CARDS, strict=True):
            card.clicked.connect(lambda action=action: self.asked.emit(action))
            self._box.addWidget(card)
        self._recent_caption = caption("Recent")
        self._recent_caption.setContentsMargins(0, 14, 0, 0)
        self._box.addWidget(self._recent_caption)
        self._recent_at = self._box.count()
        row = QHBoxLayout()
        row.setContentsMargins(0, 18, 0, 0)
        row.setSpacing(10)
        row.addWidget(Words("You label as", role=style.DIM, parent=column))
        self.name.setMaximumWidth(240)
        self.name.setAccessibleName("You label as")
        self.name.editingFinished.connect(lambda: self.named.emit(self.name.text().strip()))
        row.addWidget(self.name)
        row.addStretch(1)
        self._box.addLayout(row)
        self._box.addStretch(1)

    def show_keys(self) -> None:
        """Shows the keys that hold now."""
        for card, action in zip(self.cards, _CARDS, strict=True):
            card.set_key(self._keys.first(action).replace("Ctrl+", "Ctrl "))

    def show_recent(self, paths: list[str], annotator: str) -> None:
        """Lists the recent projects; one whose file is gone says so."""
        for card in self._recent:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._recent = []
        for n, path in enumerate(paths):
            gone = not Path(path).is_file()
            folder = str(Path(path).parent)
            card = Card(Path(path).stem, f"Not there any more: {folder}" if gone else folder, missing=gone)
            card.clicked.connect(lambda path=path: self.chosen.emit(path))
            self._box.insertWidget(self._recent_at + n, card)
            self._recent.append(card)
        self._recent_caption.setVisible(bool(paths))
        self.name.setText(annotator)

    @property
    def recent(self) -> list[Card]:
        return self._recent
