"""The pane of an error list: kinds to choose from, and the errors as a table."""

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.agreement.differences import Kind
from annotator.services.error_list import Errors
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import Chip, Elided, KeyHints, TextButton, caption, rule, viewport
from annotator.ui.error_model import ErrorModel, Index
from annotator.ui.guard import guarded

_MOST_ROWS = 9
_LEAST_ROWS = 2
_KIND_WIDTH = 120  # pixels; the other columns share the rest
_INDENT = 8


class _Outline(QStyledItemDelegate):
    """Cells with a line around the row of the cursor while the table has the focus."""

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self.parent()
        assert isinstance(table, QTableView)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # Qt's own is around the one cell
        super().paint(painter, option, index)
        if table.hasFocus() and index.row() == table.currentIndex().row():
            painter.save()
            painter.setPen(QPen(option.palette.color(style.ACCENT), 1))
            box = option.rect
            painter.drawLine(box.topLeft(), box.topRight())
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.restore()


class ErrorTable(QTableView):
    """The errors; Enter or a click chooses one, Esc leaves for the article."""

    chosen = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Errors")
        self.setViewport(viewport(style.SIDE))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(QFontMetricsF(self.font()).height()) + 8)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setItemDelegate(_Outline(self))
        self.setMinimumHeight(self._height_of(_LEAST_ROWS))
        self.setMaximumHeight(self._height_of(_MOST_ROWS))
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, _KIND_WIDTH)

    def _height_of(self, rows: int) -> int:
        return self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # of the list; a table means its columns
            last = self.model().rowCount() - 1
            self.go_to(0 if event.key() == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def go_to(self, row: int) -> None:
        self.setCurrentIndex(self.model().index(row, 0))


class ErrorPanel(QWidget):
    """`chosen` carries the error to be seen; `left` and `closed` say that the person goes back."""

    chosen = Signal(object)
    left = Signal()
    closed = Signal()

    def __init__(self, key: str, parent: QWidget) -> None:
        """`key` goes to the next error."""
        super().__init__(parent)
        self.model = ErrorModel(self)
        self.table = ErrorTable(self)
        self.table.setModel(self.model)
        self._facts = Elided(factor=0.9, role=style.DIM, parent=self)
        self.chips: dict[str | None, Chip] = {None: Chip("All", self)}
        self.chips |= {kind: Chip(kind.capitalize(), self) for kind in Kind}
        close = TextButton("Close", parent=self)
        steps = KeyHints(((key, "next error"),) if key else (), self)
        close.clicked.connect(self.closed)
        self.table.chosen.connect(lambda row: self.chosen.emit(self.model.at(row)))
        self.table.left.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 8, 4)
        head.setSpacing(6)
        head.addWidget(caption("Errors"))
        for kind, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, kind=kind: self.show_kind(kind))
            head.addWidget(chip)
        head.addWidget(self._facts, 1)
        head.addWidget(steps)
        head.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(rule())
        box.addLayout(head)
        row = QHBoxLayout()
        row.setContentsMargins(_INDENT, 0, 0, 0)
        row.addWidget(self.table)
        box.addLayout(row)
        self.setFocusProxy(self.table)

    def show_errors(self, errors: Errors) -> None:
        """Lists the errors of all kinds; the cursor is on the first."""
        self.model.show_errors(errors.mistakes)
        counts = self.model.counts()
        for kind, chip in self.chips.items():
            chip.set_count(len(errors.mistakes) if kind is None else counts[kind])
            chip.setVisible(kind is None or counts[kind] > 0)
        whose = f"{errors.pipeline} · " if errors.pipeline else ""
        self._facts.set_text(f"{whose}{counted(len(errors.mistakes), 'error')} in {errors.path.name}")
        self.show_kind(None)

    def show_kind(self, kind: str | None) -> None:
        """Lists the errors of one kind, all for None."""
        self.chips[kind].setChecked(True)
        self.model.show_kind(kind)
        if self.model.rowCount():
            self.table.go_to(0)

    @property
    def row(self) -> int:
        """Where the cursor is, -1 if it is nowhere."""
        return self.table.currentIndex().row()

    def place(self, row: int) -> str:
        """`3 of 547`."""
        return f"{row + 1:,} of {self.model.rowCount():,}"
