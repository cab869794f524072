"""The Review page: differences at the left, article and candidates in the middle, why at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.review import Type
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.candidates import Candidates
from annotator.ui.chrome import Chip, Elided, KeyField, KeyHints, Words, rule
from annotator.ui.columns import EmptyPage
from annotator.ui.guard import guarded
from annotator.ui.queue_panel import ChipRows
from annotator.ui.review_list import ItemPainter, ReviewList, ReviewModel
from annotator.ui.review_side import ReviewSide
from annotator.ui.review_view import CandidateArticle
from annotator.ui.theme import Theme

TYPES: tuple[tuple[str, frozenset[Type]], ...] = (
    ("Polarity", frozenset({Type.FLIP, Type.STRENGTH})),
    ("Label", frozenset({Type.LABEL})),
    ("Parts", frozenset({Type.HOLDER, Type.TARGET, Type.PART})),
    ("Missing", frozenset({Type.MISSING})),
    ("Boundary", frozenset({Type.BOUNDARY})),
)
_TYPING_MS = 150


class ReviewPage(QWidget):
    """Widgets only. `filtered` says that the filter is another, `opened` carries the row that was chosen.

    `taken` carries the place of the candidate that was clicked, `reasoned` that of a reason, `untaken` a key
    that nothing took.
    """

    filtered = Signal()
    opened = Signal(int)
    taken = Signal(int)
    reasoned = Signal(int)
    untaken = Signal(QKeyEvent)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.BACKGROUND)
        self.left = Words("", bold=True, wrap=True, parent=self)
        self.field = KeyField(self)
        self.field.setPlaceholderText("Filter: words, label:ORG, is:unsure")
        self.field.setAccessibleName("Filter the differences")
        self.field.setClearButtonEnabled(True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.filtered)
        self.field.textChanged.connect(lambda: self._typing.start())
        self.field.entered.connect(lambda _: self._leave_field())
        self.field.escaped.connect(self._escape_field)
        self.chips = [self._chip(text) for text, _ in TYPES]
        self.leads_differ = self._chip("Leads differ")
        self.leads_differ.hide()
        self.model = ReviewModel(self)
        self.list = ReviewList(self)
        self.list.setModel(self.model)
        self._painter = ItemPainter(self.list, theme)
        self.list.setItemDelegate(self._painter)
        self.field.stepped.connect(lambda _: self.list.setFocus())
        self.list.chosen.connect(lambda index: self.opened.emit(index.row()))
        self.title = Elided(factor=1.5, bold=True, families=READING, parent=self)
        self.facts = Elided(factor=0.9, role=style.DIM, parent=self)
        self.view = CandidateArticle(self)
        self.view.set_overview(False)
        self.candidates = Candidates(self)
        self.candidates.taken.connect(self.taken)
        self.side = ReviewSide(self)
        self.side.reasoned.connect(self.reasoned)
        self.saved = Words("", factor=0.9, parent=self)
        self.place = Words("", factor=0.9, role=style.DIM, parent=self)
        self.compared = Words("", factor=0.9, role=style.DIM, parent=self)
        self.compared.hide()
        self.message = Elided(factor=0.9, parent=self)
        self.hints = KeyHints((), self)
        self._foot = QStackedWidget(self)
        self._quiet = QTimer(self, singleShot=True, interval=8_000)
        self._quiet.timeout.connect(self.clear_message)
        self.empty = EmptyPage(self)
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self._stack = QStackedWidget(self)
        self._lent = False  # whether the list has the focus as the view is not there to have it
        self._lay_out()

    def _chip(self, text: str) -> Chip:
        chip = Chip(text, self)
        chip.setAutoExclusive(False)
        chip.clicked.connect(lambda: self.filtered.emit())
        return chip

    def _lay_out(self) -> None:
        self._stack.addWidget(self._work())
        self._stack.addWidget(self.empty)
        for pane in (self._list_pane(), self._stack, self.side):
            self.panes.addWidget(pane)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        self.panes.setStretchFactor(1, 1)
        self.panes.setSizes([290, 860, 270])
        line = QWidget(self)
        foot = QHBoxLayout(line)
        foot.setContentsMargins(16, 3, 16, 3)
        foot.setSpacing(16)
        said = QWidget(self)
        row = QHBoxLayout(said)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.message, 1)
        self._foot.addWidget(self.hints)
        self._foot.addWidget(said)
        foot.addWidget(self.saved)
        foot.addWidget(self.place)
        foot.addWidget(self.compared)
        foot.addWidget(self._foot, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panes, 1)
        whole.addWidget(rule())
        whole.addWidget(line)

    def _list_pane(self) -> QWidget:
        pane = QWidget(self)
        pane.setAutoFillBackground(True)
        pane.setBackgroundRole(style.SIDE)
        pane.setMinimumWidth(220)
        head = QVBoxLayout()
        head.setContentsMargins(14, 0, 10, 6)
        head.setSpacing(9)
        head.addWidget(self.left)
        head.addWidget(self.field)
        head.addWidget(ChipRows([*self.chips, self.leads_differ], pane))
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        return pane

    def _work(self) -> QWidget:
        centre = QWidget(self)
        centre.setMinimumWidth(360)
        head = QVBoxLayout()
        head.setContentsMargins(28, 16, 28, 8)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.facts)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        column.addWidget(rule())
        column.addWidget(self.candidates)
        return centre

    # ---------------------------------------------------------------- what is shown

    def set_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self._painter.theme = theme
        self.list.viewport().update()

    def show_nothing(self, why: str, what: str) -> None:
        """Says in the place of the article why there is none, and what to do."""
        if self.view.hasFocus():
            self.list.setFocus()  # keys go on where the eye goes on
            self._lent = True
        self.empty.show_words(why, what)
        self._stack.setCurrentIndex(1)
        self.side.hide()

    def show_work(self) -> None:
        self._stack.setCurrentIndex(0)
        self.side.show()
        if self._lent and self.list.hasFocus():
            self.view.setFocus()
        self._lent = False

    def scroll_to_current(self) -> None:
        row = self.model.row_of(self.model.current)
        if row is not None:
            index = self.model.index(row)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def height_of_current(self) -> int | None:
        """How many pixels below the top of the list the open row stands; None if it is not seen."""
        row = self.model.row_of(self.model.current)
        box = self.list.visualRect(self.model.index(row)) if row is not None else None
        seen = box is not None and self.list.viewport().rect().intersects(box)
        return box.top() if box is not None and seen else None

    def keep_current(self, height: int | None) -> None:
        """Puts the row that is open where it was in the list."""
        self.scroll_to_current()
        row = self.model.row_of(self.model.current)
        if row is not None and height is not None:
            bar = self.list.verticalScrollBar()
            bar.setValue(bar.value() + self.list.visualRect(self.model.index(row)).top() - height)

    def say_compared(self, text: str) -> None:
        """How far reading is; "" once all is read."""
        self.compared.setText(text)
        self.compared.setVisible(bool(text))

    def types(self) -> frozenset[Type]:
        """The types of the chips that are on; none for all."""
        return frozenset(
            each
            for chip, (_, types) in zip(self.chips, TYPES, strict=True)
            if chip.isChecked()
            for each in types
        )

    def is_filtered(self) -> bool:
        return bool(self.field.text() or self.types() or self.leads_differ.isChecked())

    def say(self, text: str, *, warn: bool = False) -> None:
        """Shows a message in place of the key hints, for some seconds."""
        self.message.set_role(style.WARN if warn else style.TEXT)
        self.message.set_text(text)
        self._foot.setCurrentIndex(1)
        self._quiet.start()

    def clear_message(self) -> None:
        self._quiet.stop()
        self.message.set_text("")
        self._foot.setCurrentIndex(0)

    # ---------------------------------------------------------------- keys and sizes

    def step_pane(self, by: int) -> None:
        """The focus to the next (1) or previous (-1) pane."""
        all_panes = (self.field, self.list, self.view)
        panes: Sequence[QWidget] = [each for each in all_panes if each.isVisible() and each.isEnabled()]
        focus = self.window().focusWidget()
        here = next((n for n, pane in enumerate(panes) if pane is focus), -by)
        panes[(here + by) % len(panes)].setFocus()

    def _leave_field(self) -> None:
        if self._typing.isActive():
            self._typing.stop()
            self.filtered.emit()
        self.view.setFocus()

    def _escape_field(self) -> None:
        if self.field.text():
            self.field.clear()
        else:
            self.view.setFocus()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.field.hasFocus():
            self.untaken.emit(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.candidates.most(self.height())
