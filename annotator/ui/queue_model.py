"""The articles of the queue as Qt asks for them: all ids, and rows read only when they are looked at."""

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from annotator.domain.articles import Status
from annotator.domain.changes import Progress
from annotator.domain.queue_filter import NOTED, Field, QueueFilter, Sort
from annotator.services.queue import Queue
from annotator.storage.queries import QueueRow
from annotator.storage.queue_search import MARKED
from annotator.ui.guard import guarded_as
from annotator.ui.wording import about

Index = QModelIndex | QPersistentModelIndex

ROW = Qt.ItemDataRole.UserRole  # the role whose data is the QueueRow
_NOTHING: object = None
_UNMARKED = str.maketrans("", "", "".join(MARKED))
_CHUNK = 64  # rows read at once: about three screens
_SAID = {
    Status.TODO: "to do",
    Status.DOING: "begun",
    Status.DONE: "done",
    Status.FLAGGED: "flagged",
    Status.SKIPPED: "skipped",
}


class QueueModel(QAbstractListModel):
    """The ids of the articles in the filter, and the rows of those that were looked at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue: Queue | None = None
        self._ids: list[int] = []
        self._places: dict[int, int] | None = None
        self._rows: dict[int, QueueRow] = {}
        self._statuses: Collection[Status] | None = None
        self.wanted = QueueFilter()
        self.current: int | None = None

    def show(
        self,
        queue: Queue | None,
        statuses: Collection[Status] | None,
        wanted: QueueFilter,
        sort: Sort = Sort.FILE,
    ) -> None:
        """Lists the articles with one of `statuses` (None: any) that fit a filter, in an order."""
        ids = queue.ids(statuses, wanted, sort=sort) if queue else []
        self.beginResetModel()
        self._queue, self._statuses, self.wanted = queue, statuses, wanted
        self._ids = ids
        self._rows.clear()
        self._places = None
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._queue is None:
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, ROW):
            return None
        row = self._row(index.row())
        if role == ROW:
            return row
        flagged = ", flagged" if row.flagged and row.status is not Status.FLAGGED else ""
        noted = f", note: {row.note}" if row.note else ""
        found = row.snippet.translate(_UNMARKED)
        return f"{row.title}, {_SAID[row.status]}{flagged}, {found or about(row)}{noted}"

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def row_of(self, article_id: int) -> int | None:
        """Where an article stands in the list, None if the filter hides it."""
        if self._places is None:
            self._places = {article_id: row for row, article_id in enumerate(self._ids)}
        return self._places.get(article_id)

    def beginning_with(self, letters: str, start: int) -> int | None:
        """The first row from `start` on, and after the last from the first, whose title begins so."""
        if self._queue is None:
            return None
        found = self._queue.beginning_with(letters)
        count = len(self._ids)
        down = ((start + n) % count for n in range(count))
        return next((row for row in down if self._ids[row] in found), None) if found else None

    def set_current(self, article_id: int | None) -> None:
        """Marks the article that is open."""
        before, self.current = self.current, article_id
        for changed in (before, article_id):
            if changed is not None:
                self._repaint(changed)

    def refresh(self, article_id: int, known: Progress | None = None) -> bool:
        """Reads one row again, its progress unless known; returns whether its status fits the filter."""
        if self._queue is None or self.row_of(article_id) is None:
            return False
        row = self._queue.row(article_id, known)
        assert row is not None
        at = self.row_of(article_id)
        snippet = self._row(at).snippet if at is not None and self.wanted.words() else ""
        self._rows[article_id] = replace(row, snippet=snippet)
        self._repaint(article_id)
        return self._fits(row)

    def _fits(self, row: QueueRow) -> bool:
        """Whether the statuses and the `is:` of the filter hold; the rest is looked at when it is typed."""
        states = [
            term.negated != (bool(row.note) if term.value == NOTED else row.has(term.statuses()))
            for term in self.wanted.terms
            if term.field is Field.IS
        ]
        return all(states) and (self._statuses is None or row.has(self._statuses))

    def drop(self, article_id: int) -> None:
        """Takes an article out of the list."""
        row = self.row_of(article_id)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._ids[row]
        self._rows.pop(article_id, None)
        self._places = None
        self.endRemoveRows()

    def _row(self, row: int) -> QueueRow:
        article_id = self._ids[row]
        if article_id not in self._rows:
            assert self._queue is not None
            first = row - row % _CHUNK
            wanted = self._ids[first : first + _CHUNK]
            self._rows |= {found.article_id: found for found in self._queue.rows(wanted, self.wanted)}
        return self._rows[article_id]

    def _repaint(self, article_id: int) -> None:
        row = self.row_of(article_id)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index)
