"""The rows of the Names page: every name of one's own, filtered by what is typed, in the order chosen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from annotator.domain.names import NameRow, folded
from annotator.ui.guard import guarded_as

Index = QModelIndex | QPersistentModelIndex
_NOTHING: object = None
COLUMNS = ("Name", "Labels", "Mentions", "Articles")
NAME, LABELS, MENTIONS, ARTICLES = range(4)
ROW = Qt.ItemDataRole.UserRole  # the role whose data is the NameRow
_TEXTS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_ORDERS: dict[int, Callable[[tuple[str, NameRow]], object]] = {
    NAME: lambda pair: pair[0],
    LABELS: lambda pair: (pair[1].labels[0], pair[0]),
    MENTIONS: lambda pair: (-pair[1].mentions, pair[0]),
    ARTICLES: lambda pair: (-pair[1].articles, pair[0]),
}


class NamesModel(QAbstractTableModel):
    """One name a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._all: list[tuple[str, NameRow]] = []
        self._rows: Sequence[NameRow] = ()
        self._typed = ""
        self.order = MENTIONS

    def show_rows(self, rows: Sequence[NameRow]) -> None:
        self._all = [(folded(row.name), row) for row in rows]
        self._sort()

    def sort_by(self, column: int) -> None:
        """By name or label from A on, by a count from the greatest on."""
        self.order = column
        self._sort()

    def filter(self, typed: str) -> None:
        """Leaves the names that hold every word that is typed, whatever its case and accents."""
        self._typed = folded(typed)
        self._fill()

    def _sort(self) -> None:
        self._all.sort(key=_ORDERS[self.order])  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        words = self._typed.split()
        self.beginResetModel()
        self._rows = [row for name, row in self._all if all(word in name for word in words)]
        self.endResetModel()

    @property
    def total(self) -> int:
        """How many names there are without the filter."""
        return len(self._all)

    def at(self, row: int) -> NameRow:
        return self._rows[row]

    def row_of(self, name: str) -> int | None:
        """Where a name stands, None if the filter hides it."""
        return next((n for n, row in enumerate(self._rows) if row.name == name), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    @guarded_as(_NOTHING)
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{COLUMNS[section]} ▾" if section == self.order else COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight if section in (MENTIONS, ARTICLES) else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role not in _TEXTS:
            return None
        cell = (row.name, ", ".join(row.labels), f"{row.mentions:,}", f"{row.articles:,}")[index.column()]
        return f"{COLUMNS[index.column()]}: {cell}" if role == Qt.ItemDataRole.AccessibleTextRole else cell
