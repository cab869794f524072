"""The queue on the left: a filter, chips with counts, and the articles with status and progress."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.domain.articles import Status
from annotator.domain.changes import Progress
from annotator.domain.errors import ProjectError
from annotator.domain.queue_filter import NOTED, Field, Sort, parsed
from annotator.services.queue import Queue
from annotator.services.wording import counted
from annotator.storage.queries import QueueRow
from annotator.ui import style
from annotator.ui.chrome import GIVEN, Chip, KeyField, RowList, TextButton, Words
from annotator.ui.guard import guarded, guarded_as
from annotator.ui.queue_hints import hint_said, nothing_said
from annotator.ui.queue_model import QueueModel
from annotator.ui.queue_progress import ProgressLine
from annotator.ui.queue_rows import RowPainter, row_height

_NARROWEST = 220  # pixels
_APART = 5  # pixels between chips
_FIELD_EDGES = 24  # pixels beside the words of the field
_TYPING_MS = 150  # the filter waits this long for the next letter

_UNFINISHED = (Status.TODO, Status.DOING)
CHIPS: tuple[tuple[str, tuple[Status, ...] | None], ...] = (
    ("To do", _UNFINISHED),
    ("Flagged", (Status.FLAGGED,)),
    ("Done", (Status.DONE, Status.SKIPPED)),
    ("All", None),
)
_FLAGGED = 1  # of the chips


class ChipRows(QWidget):
    """Chips from the left, in as many rows as show them whole."""

    def __init__(self, chips: Sequence[Chip], parent: QWidget) -> None:
        super().__init__(parent)
        self._chips = chips
        for chip in chips:
            chip.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _shown(self) -> list[Chip]:
        return [chip for chip in self._chips if not chip.isHidden()]

    def _places(self, width: int) -> list[QRect]:
        """Of each chip that is not hidden; a row holds chips that give some of their edges."""
        wants = [chip.sizeHint() for chip in self._shown()]
        taken = sum(want.width() + _APART for want in wants) - _APART
        given = max(0, -((width - taken) // max(1, len(wants))))
        given = given if given <= GIVEN else 0
        places, x, y = [], 0, 0
        for want in wants:
            if x and x + want.width() - given > width:
                x, y = 0, y + want.height() + _APART
            places.append(QRect(x, y, want.width() - given, want.height()))
            x += want.width() - given + _APART
        return places

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(self.width()))

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            for chip, place in zip(self._shown(), self._places(self.width()), strict=True):
                chip.setGeometry(place)
            if event.type() is QEvent.Type.LayoutRequest:
                self.updateGeometry()  # a count has become longer, or a chip was hidden
        return bool(super().event(event))


class QueuePanel(QWidget):
    """The left panel.

    `opened` carries the id of the article a person chose, `left` says that Esc was pressed, `choosing` that a
    filter is to be put together by controls, `failed` carries an error of reading.
    """

    opened = Signal(object)
    left = Signal()
    choosing = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue: Queue | None = None
        self._sort = Sort.FILE
        self._prompt = ""
        self._label_sets: list[tuple[str, int]] = []  # newest first, with how many were done while it held
        self.field = KeyField(self)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName("Filter the queue")
        self.field.entered.connect(lambda _: self._to_list(at_once=True))
        self.field.stepped.connect(lambda _: self._to_list(at_once=False))
        self.field.escaped.connect(self._leave_field)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.reload)
        self.field.textChanged.connect(lambda: self._typing.start())
        self.chips = [Chip(text, self) for text, _ in CHIPS]
        for chip in self.chips:
            chip.clicked.connect(self.reload)
        self.chips[0].setChecked(True)
        self.model = QueueModel(self)
        self.list = RowList("Queue", row_height, self)
        self.list.setModel(self.model)
        self.list.seek = self.model.beginning_with
        self.list.setItemDelegate(RowPainter(self.list))
        self.list.clicked.connect(self._open)
        self.list.chosen.connect(self._open)
        self.more = TextButton("Filter…", parent=self)
        self.more.clicked.connect(self.choosing)
        self.progress = ProgressLine(self)
        self._empty = Words("", role=style.DIM, wrap=True, parent=self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(20, 24, 20, 0)
        self._empty.setObjectName("none")
        self._hint = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self._hint.setObjectName("hint")
        self._hint.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(14, 0, 10, 6)
        head.setSpacing(9)
        typed = QHBoxLayout()
        typed.setSpacing(2)
        typed.addWidget(self.field, 1)
        typed.addWidget(self.more)
        head.addLayout(typed)
        head.addWidget(self._hint)
        head.addWidget(ChipRows(self.chips, self))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 12, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(head)
        whole.addWidget(self._empty, 1)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.progress)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(_NARROWEST, 0))

    def set_queue(self, queue: Queue | None) -> None:
        self._queue = queue
        self._label_sets = queue.done_by_label_set() if queue else []
        self.field.clear()
        self._typing.stop()
        self.chips[0].setChecked(True)
        self.reload()

    def type_filter(self, text: str) -> None:
        """Puts a filter into the field and lists what fits at once."""
        self.field.setText(text)
        self.reload()

    def sort(self, sort: Sort) -> None:
        """Lists the articles in this order."""
        self._sort = sort
        self.reload()

    def reload(self) -> None:
        """Reads the ids of the filter again."""
        self._typing.stop()
        wanted = parsed(self.field.text())
        # A state that is typed is meant among all articles, whichever chip is on.
        states = any(term.field is Field.IS and term.value != NOTED for term in wanted.terms)
        name, statuses = CHIPS[self._chip()]
        try:
            self.model.show(self._queue, None if states else statuses, wanted, self._sort)
        except ProjectError as error:
            self.model.show(None, None, wanted)
            self.failed.emit(error)
        self._tally()
        empty = self.model.rowCount() == 0
        self._empty.setVisible(empty)
        self.list.setVisible(not empty)
        unknown = self._queue.unknown(wanted) if self._queue and (empty or wanted.excludes) else None
        known = self._queue.known if self._queue else lambda field: []
        told = nothing_said(name, wanted, unknown, known) if self.progress.total else "No articles yet."
        self._empty.setText(told)
        self._hint.setText("" if empty else hint_said(wanted, unknown, known))
        self._hint.setVisible(bool(self._hint.text()))
        self._show_current()

    def set_current(self, article_id: int) -> None:
        """Shows which article is open and scrolls to it."""
        before = self.model.current
        self.model.set_current(article_id)
        if before is not None and before != article_id and not self.model.refresh(before):
            self.model.drop(before)
        self._show_current()

    @property
    def chip(self) -> str:
        """The chip that is on, as people call it; "" for every article."""
        name, statuses = CHIPS[self._chip()]
        return f"“{name}”" if statuses else ""

    @property
    def listed(self) -> str:
        """What the list holds, as people call it; "" for every article."""
        return "this filter" if self.model.wanted.terms else self.chip

    def neighbour(self, article_id: int, by: int) -> int | None:
        """The article before (-1) or after (1) in the list; of a hidden one, the nearest in the file."""
        row = self.model.row_of(article_id)
        if row is not None:
            at = row + by
            return self.model.id_at(at) if 0 <= at < self.model.rowCount() else None
        if self._queue is None:
            return None
        every = self._queue.ids()
        at = every.index(article_id)
        side = every[at + 1 :] if by > 0 else reversed(every[:at])
        return next((each for each in side if self.model.row_of(each) is not None), None)

    def following(self, article_id: int) -> int | None:
        """The next article to work on: down the list and again from its top, if one is filtered or sorted.

        Without a filter that is the next unfinished one in the file. None when none is left.
        """
        if self._queue is None:
            return None
        chip, statuses = CHIPS[self._chip()]
        if self._sort is Sort.FILE and not self.model.wanted.terms and chip in ("To do", "All"):
            return self._queue.next(article_id) or self._queue.next(None)
        count = self.model.rowCount()
        row = self.model.row_of(article_id)
        first = 0 if row is None else row + 1
        down = (self.model.id_at((first + n) % count) for n in range(count))
        others = (each for each in down if each != article_id)
        return self._queue.first_of(others, statuses if statuses and chip != "To do" else _UNFINISHED)

    def refresh(self, article_id: int, known: Progress | None = None) -> QueueRow | None:
        """Reads an article's row and the counts again; the open one stays listed until another is opened."""
        fits = self.model.refresh(article_id, known)
        if fits and self.model.row_of(article_id) is None:
            self.reload()
        if not fits and article_id != self.model.current:
            self.model.drop(article_id)
        self._tally()
        return self._queue.row(article_id, known) if self._queue else None

    def _tally(self) -> None:
        tally = self._queue.tally() if self._queue else {}
        total = sum(tally.values())
        done = sum(tally.get(status, 0) for status in _DONE)
        self.progress.show_done(done, total, _SORTED[self._sort])
        # What was done since the project was opened was done with the newest label set.
        before = [(name, count) for name, count in self._label_sets[1:] if count]
        newest = [(name, done - sum(count for _, count in before)) for name, _ in self._label_sets[:1]]
        self.progress.show_sets(tuple(f"{name}: {count:,} done" for name, count in (*newest, *before)))
        for chip, (_, statuses) in zip(self.chips, CHIPS, strict=True):
            chip.set_count(total if statuses is None else sum(tally.get(status, 0) for status in statuses))
        self.chips[_FLAGGED].set_count(self._queue.flagged() if self._queue else 0)
        self._prompt = f"Filter {counted(total, 'article')}" if total else ""
        self._show_prompt()

    def _show_prompt(self) -> None:
        """How many articles there are, where the field has room for it."""
        room = self.field.width() - _FIELD_EDGES
        fits = QFontMetricsF(self.field.font()).horizontalAdvance(self._prompt) <= room
        self.field.setPlaceholderText(self._prompt if fits and self._prompt else "Filter")

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_prompt()

    def _chip(self) -> int:
        return next(n for n, chip in enumerate(self.chips) if chip.isChecked())

    def _show_current(self) -> None:
        if self.model.current is None:
            return
        row = self.model.row_of(self.model.current)
        if row is not None:
            index = self.model.index(row)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.id_at(index.row()))

    def _leave_field(self) -> None:
        """Esc takes the filter away first, then leaves the panel."""
        if self.field.text():
            self.field.clear()
        else:
            self.left.emit()

    def _to_list(self, *, at_once: bool) -> None:
        """From the filter to the list; Enter opens the first article right away."""
        if self._typing.isActive():
            self.reload()
        if not self.model.rowCount():
            return
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))
        if at_once:
            self._open(self.model.index(0))
        else:
            self.list.setFocus()


_DONE = (Status.DONE, Status.SKIPPED)
_SORTED = {
    Sort.FILE: "",
    Sort.UNCERTAIN: "least certain first",
    Sort.UNFINISHED: "unfinished first",
    Sort.SHORTEST: "shortest first",
    Sort.LONGEST: "longest first",
}
