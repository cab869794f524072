"""Find in the article: a small bar under the header; matches are selected in the text one after another."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import KeyField, TextButton, Words


class FindBar(QWidget):
    """`found` carries the Span to show, `left` says that the bar was closed."""

    found = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._matches: list[Span] = []
        self._at = -1
        self.field = KeyField(self)
        self.field.setPlaceholderText("Find in this article")
        self.field.setAccessibleName("Find in this article")
        self.field.textChanged.connect(self._search)
        self.field.entered.connect(lambda back: self._step(-1 if back else 1))
        self.field.stepped.connect(lambda rows: self._step(1 if rows > 0 else -1))
        self.field.escaped.connect(self.leave)
        self._count = Words("", factor=0.9, role=style.DIM, parent=self)
        self._count.setMinimumWidth(110)
        previous, following, close = (TextButton(text, "", self) for text in ("Previous", "Next", "Close"))
        previous.clicked.connect(lambda: self._step(-1))
        following.clicked.connect(lambda: self._step(1))
        close.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(26, 2, 20, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        for widget in (self._count, previous, following, close):
            row.addWidget(widget)
        self.hide()

    def start(self, text: str, caret: int) -> None:
        """Opens the bar over a text; the first match after `caret` (code points) comes first."""
        self._text, self._caret = text, caret
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def leave(self) -> None:
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _search(self) -> None:
        wanted = self.field.text()
        pattern = re.compile(re.escape(wanted), re.IGNORECASE)
        self._matches = [Span(*m.span()) for m in pattern.finditer(self._text)] if wanted else []
        after = (n for n, span in enumerate(self._matches) if span.start >= self._caret)
        self._at = next(after, 0) - 1
        if self._matches:
            self._step(1)
        else:
            self._count.setText("no match" if wanted else "")

    def _step(self, by: int) -> None:
        if not self._matches:
            return
        self._at = (self._at + by) % len(self._matches)
        self._count.setText(f"{self._at + 1:,} of {counted(len(self._matches), 'match', 'matches')}")
        self.found.emit(self._matches[self._at])
