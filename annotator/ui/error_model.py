"""The rows of an error list: what was wrong where, of one kind or of all."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from annotator.services.error_list import Mistake
from annotator.ui.guard import guarded_as

Index = QModelIndex | QPersistentModelIndex
_NOTHING: object = None
COLUMNS = ("Error", "Words", "Gold", "Found", "Article")
_TEXTS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class ErrorModel(QAbstractTableModel):
    """One error a row, in the order of the list; `show_kind` leaves only those of one kind."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._all: Sequence[Mistake] = ()
        self._rows: Sequence[Mistake] = ()

    def show_errors(self, mistakes: Sequence[Mistake]) -> None:
        self.beginResetModel()
        self._all = self._rows = mistakes
        self.endResetModel()

    def show_kind(self, kind: str | None) -> None:
        """Lists the errors of a kind, all of them for None."""
        self.beginResetModel()
        self._rows = [mistake for mistake in self._all if kind is None or mistake.kind == kind]
        self.endResetModel()

    def counts(self) -> Counter[str]:
        """How many errors of each kind the whole list has."""
        return Counter(mistake.kind.value for mistake in self._all)

    def at(self, row: int) -> Mistake:
        return self._rows[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    @guarded_as(_NOTHING)
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    @guarded_as(_NOTHING)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in _TEXTS:
            return None
        mistake = self._rows[index.row()]
        cells = (mistake.what, mistake.words, mistake.gold or "—", mistake.found or "—", mistake.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[index.column()]}: {cells[index.column()]}"
        return " ".join(cells[index.column()].split())
