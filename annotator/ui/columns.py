"""Pages with a list beside what it tells of: two columns, and a foot with a message and keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Words, rule

_WIDEST = 560  # pixels of the lines of an empty page


class EmptyPage(QWidget):
    """Says in the place of what there is to show why there is nothing, and what to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._why = Words("", factor=1.25, wrap=True, families=READING, parent=self)
        self._what = Words("", role=style.DIM, wrap=True, parent=self)
        inner = QWidget(self)
        inner.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        column.addStretch(1)
        for words in (self._why, self._what):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(words)
        column.addStretch(2)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)

    def show_words(self, why: str, what: str) -> None:
        self._why.setText(why)
        self._what.setText(what)

    def text(self) -> str:
        """Why there is nothing."""
        return self._why.text()


def side_column(content: QVBoxLayout, width: int, parent: QWidget) -> QWidget:
    """A column of fixed width (pixels) that stands back from the page."""
    side = QWidget(parent)
    side.setAutoFillBackground(True)
    side.setBackgroundRole(style.SIDE)
    side.setFixedWidth(width)
    side.setLayout(content)
    return side


def two_columns(left: QWidget, right: QWidget, *, wide: QWidget) -> QHBoxLayout:
    """The two with a line between them; one of them is `wide` and takes the room that is left."""
    columns = QHBoxLayout()
    columns.setSpacing(0)
    columns.addWidget(left, int(wide is left))
    columns.addWidget(rule(vertical=True))
    columns.addWidget(right, int(wide is right))
    return columns


def lay_out_page(page: QWidget, content: QHBoxLayout | QWidget, message: QWidget, hints: QWidget) -> None:
    """The content of a page above its foot."""
    foot = QHBoxLayout()
    foot.setContentsMargins(16, 3, 16, 3)
    foot.addWidget(message, 1)
    foot.addWidget(hints, 1)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    if isinstance(content, QWidget):
        whole.addWidget(content, 1)
    else:
        whole.addLayout(content, 1)
    whole.addWidget(rule())
    whole.addLayout(foot)
