"""The Names page: the names of a project with labels and counts, and the articles of one of them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.names import NamePlace, NameRow
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import Elided, KeyField, KeyHints, Words, caption
from annotator.ui.columns import EmptyPage, lay_out_page, side_column, two_columns
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.names_model import NAME, NamesModel
from annotator.ui.names_table import NamePainter, NamesTable, PlaceList
from annotator.ui.theme import Theme

_LOOK_MS = 120  # the articles of a name are read when the cursor has rested on it this long
_SIDE = 320  # pixels of the pane at the right


class NamesPage(QWidget):
    """`wanted` asks for the articles of a name, `opened` carries a name or a NamePlace, `left` says Esc.

    The focus stays in the filter while the arrows move through the names; Tab goes on to the articles.
    """

    wanted = Signal(str)
    opened = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(style.BACKGROUND)
        self.model = NamesModel(self)
        self.field = _Filter(self)
        self.field.setPlaceholderText("Filter names")
        self.field.setAccessibleName("Filter names")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._filter)
        self.field.stepped.connect(self._step)
        self.field.entered.connect(lambda _: self._open())
        self.field.escaped.connect(self._escape)
        self.table = NamesTable(self)
        self.table.setModel(self.model)
        self._painter = NamePainter(self.table)
        self.table.setItemDelegate(self._painter)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._moved())
        self.table.doubleClicked.connect(lambda _: self._open())
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.entered_row.connect(self._open)
        self.table.escaped.connect(self._escape)
        self.places = PlaceList(self)
        self.places.chosen.connect(self.opened)
        self.places.escaped.connect(self.field.setFocus)
        self._count = Words("", factor=0.9, role=style.DIM, parent=self)
        self._unmatched = Words("", role=style.DIM, wrap=True, parent=self)
        self._unmatched.hide()
        self._unmatched.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._unmatched.setContentsMargins(40, 24, 40, 0)
        self._content = QStackedWidget(self)
        self.nothing = EmptyPage(self)
        self._name = Words("", factor=1.25, wrap=True, families=READING, parent=self)
        self._facts = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self.message = Elided(factor=0.9, parent=self)
        self.hints = KeyHints((), self)
        self._hints: tuple[tuple[str, str], ...] = ()
        self._kept: str | None = None
        self._looking = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 10)
        head.setSpacing(14)
        head.addWidget(self.field, 1)
        head.addWidget(self._count)
        listed = QWidget(self)
        left = QVBoxLayout(listed)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(head)
        left.addWidget(self.table, 1)
        left.addWidget(self._unmatched, 1)
        right = QVBoxLayout()
        right.setContentsMargins(18, 20, 10, 10)
        right.setSpacing(4)
        for widget in (caption("Name"), self._name, self._facts):
            right.addWidget(widget)
        right.addSpacing(12)
        right.addWidget(caption("Articles"))
        right.addWidget(self.places, 1)
        work = QWidget(self)
        columns = two_columns(listed, side_column(right, _SIDE, self), wide=listed)
        columns.setContentsMargins(0, 0, 0, 0)
        work.setLayout(columns)
        self._content.addWidget(work)
        self._content.addWidget(self.nothing)
        lay_out_page(self, self._content, self.message, self.hints)

    def set_theme(self, theme: Theme) -> None:
        self._painter.theme = theme
        self.table.viewport().update()

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        """Keys and words for the foot; the last one leads back, also where there are no names."""
        self._hints = hints
        self.hints.set_hints(hints[-1:] if self._content.currentIndex() else hints)

    def start(self) -> None:
        """Takes the focus where the person begins."""
        (self if self._content.currentIndex() else self.field).setFocus()

    def show_rows(self, rows: Sequence[NameRow], *, at: str | None = None) -> None:
        """Lists names, with the cursor on `at`, else where it was, else on the first."""
        self._kept = at or self.current_name()
        self.model.show_rows(rows)
        self._settle()

    def show_places(self, name: str, places: Sequence[NamePlace]) -> None:
        """Lists the articles of a name, if the cursor is still on it."""
        if name == self.current_name():
            self.places.show_places(places)

    def say(self, text: str, *, warn: bool = False) -> None:
        self.message.set_role(style.WARN if warn else style.TEXT)
        self.message.set_text(text)

    def current(self) -> NameRow | None:
        index = self.table.currentIndex()
        return self.model.at(index.row()) if index.isValid() else None

    def current_name(self) -> str | None:
        row = self.current()
        return row.name if row else None

    def _filter(self, typed: str) -> None:
        self._kept = self.current_name()
        self.model.filter(typed)
        self._settle()

    def _sort(self, column: int) -> None:
        self._kept = self.current_name()
        self.model.sort_by(column)
        self._settle()
        self.field.setFocus()

    def _settle(self) -> None:
        """After other rows: the cursor is on the name it was on, or on the first."""
        count, total = self.model.rowCount(), self.model.total
        row = self.model.row_of(self._kept) if self._kept else None
        if count:
            index = self.model.index(row or 0, NAME)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)
        self.table.setVisible(bool(count))
        self._unmatched.setVisible(not count)
        self._unmatched.setText(f"No name has “{self.field.text().strip()}” in it.")
        if self._content.currentIndex() != (shown := int(not total)):
            self._content.setCurrentIndex(shown)
            self.hints.set_hints(self._hints if total else self._hints[-1:])
            if self.isVisible():
                self.start()
        said = counted(total, "name")
        self._count.setText(said if count == total else f"{count:,} of {said}")
        self._moved()

    def _moved(self) -> None:
        row = self.current()
        self._name.setText(row.name if row else "")
        self._facts.setText(_said(row) if row else "")
        self.places.show_places(())
        if row is not None:
            self._looking.start()
        else:
            self._looking.stop()

    def _look(self) -> None:
        name = self.current_name()
        if name is not None:
            self.wanted.emit(name)

    def _step(self, rows: int) -> None:
        count = self.model.rowCount()
        if count:
            row = max(0, min(self.table.currentIndex().row() + rows, count - 1))
            self.table.setCurrentIndex(self.model.index(row, NAME))

    def _open(self) -> None:
        name = self.current_name()
        if name is not None:
            self.opened.emit(name)

    def _escape(self) -> None:
        """Esc takes the filter away first, then leaves the page."""
        if self.field.text():
            self.field.clear()
            self.field.setFocus()
        else:
            self.left.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)


class _Filter(KeyField):
    """Leaves undo and redo to the window: here they take names back, not what was typed to find one."""

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()
            return False
        return bool(super().event(event))


def _said(row: NameRow) -> str:
    places = f"{counted(row.mentions, 'mention')} in {counted(row.articles, 'article')}"
    return f"{places}: {', '.join(row.labels)}"
