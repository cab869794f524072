"""What each label of files becomes: one of ours, a new one, or nothing; asked, never guessed."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.label_rules import name_fault
from annotator.domain.labels import Kind, LabelSet
from annotator.services.label_mapping import Fate, LabelChoices, LabelRow, Others
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.chrome import Words

_KINDS = {"entity": Kind.ENTITY, "stance": Kind.POLARITY}
_ASK, _ADD, _LEAVE = "?", "+", "-"  # what stands behind an entry; "=NAME" behind one of ours
_ALIKE = 0.6  # of SequenceMatcher, from which a label of ours is offered first


class LabelFates(QWidget):
    """A row for each label of the files. `changed`: one was decided otherwise."""

    changed = Signal()

    def __init__(self, labelset: LabelSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._labelset = labelset
        self._rows: tuple[LabelRow, ...] = ()
        self.fields: dict[tuple[str, str], QComboBox] = {}
        self.said = Words("", factor=0.9, role=style.WARN, wrap=True, parent=self)
        self.add_rest = QPushButton("&Add the rest", self)
        self.leave_rest = QPushButton("&Leave out the rest", self)
        for button, fate in ((self.add_rest, _ADD), (self.leave_rest, _LEAVE)):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, fate=fate: self._decide_rest(fate))
        rest = QHBoxLayout()
        rest.addWidget(self.add_rest)
        rest.addWidget(self.leave_rest)
        rest.addStretch(1)
        self._inner = QWidget(self)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._box.addWidget(self.said)
        self._box.addLayout(rest)
        self._box.addWidget(self._inner)
        self._tell()

    @property
    def undecided(self) -> int:
        """How many labels nobody has decided on."""
        return sum(field.currentData() == _ASK for field in self.fields.values())

    def show_rows(self, rows: Sequence[LabelRow]) -> None:
        """Lists labels; what was said of those that were there before is kept."""
        wanted = sorted(rows, key=lambda row: (row.fate is Fate.SAME, row.kind, row.theirs))
        if tuple(wanted) == self._rows:
            return
        before = {key: field.currentData() for key, field in self.fields.items()}
        self._rows, self.fields = tuple(wanted), {}
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for at, row in enumerate(wanted):
            key = (row.kind, row.theirs)
            field = self._field(row, before.get(key), inner)
            self.fields[key] = field
            name = Words(row.theirs, bold=row.fate is not Fate.SAME, parent=inner)
            name.setToolTip(f"{row.theirs}, {'stance' if row.kind == 'stance' else 'entity'}")
            name.setMaximumWidth(style.scaled(self, 150))
            marks = Words(counted(row.count, "mark"), factor=0.9, role=style.DIM, parent=inner)
            marks.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, widget in enumerate((name, marks, field)):
                grid.addWidget(widget, at, column)
        self._box.replaceWidget(self._inner, inner)
        self._inner.deleteLater()
        self._inner = inner
        self._tell()

    def fate_of(self, kind: str, theirs: str) -> tuple[str, Fate]:
        """What a label becomes and how; UNKNOWN while it is not decided."""
        field = self.fields.get((kind, theirs))
        chosen = str(field.currentData()) if field is not None else _ASK
        if chosen == _ASK:
            return theirs, Fate.UNKNOWN
        if chosen == _LEAVE:
            return theirs, Fate.LEFT_OUT
        if chosen == _ADD:
            return theirs, Fate.ADDED
        return chosen[1:], Fate.SAME if chosen[1:] == theirs else Fate.MAPPED

    def choices(self) -> LabelChoices:
        """What was decided; records with a label that was not stay out."""
        names: dict[str, str] = {}
        fates = [(row.theirs, *self.fate_of(row.kind, row.theirs)) for row in self._rows]
        for theirs, ours, fate in fates:
            if fate is Fate.LEFT_OUT:
                names[theirs] = ""
            elif fate in (Fate.MAPPED, Fate.ADDED):
                names[theirs] = ours
        adds = any(fate is Fate.ADDED for _, _, fate in fates)
        return LabelChoices(names, Others.ADD if adds else Others.REFUSE)

    def _field(self, row: LabelRow, before: str | None, inner: QWidget) -> QComboBox:
        field = QComboBox(inner)
        field.setAccessibleName(f"What {row.theirs} becomes")
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(12)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        ours = [label.name for label in self._labelset.offered if label.kind is _KINDS[row.kind]]
        known = row.ours if row.fate in (Fate.SAME, Fate.RENAMED) else ""
        if not known:
            field.addItem("choose…", _ASK)
        if known and known not in ours:
            ours.insert(0, known)
        if not known and not name_fault(row.theirs):
            field.addItem(f"add {row.theirs} to the labels", _ADD)
        field.addItem("leave its marks out", _LEAVE)
        for name in _likeliest_first(row.theirs, ours):
            field.addItem(f"stays {name}" if name == row.theirs else f"becomes {name}", f"={name}")
        field.setCurrentIndex(max(0, field.findData(before or (f"={known}" if known else _ASK))))
        field.currentIndexChanged.connect(self._decided)
        return field

    def _decided(self) -> None:
        self._tell()
        self.changed.emit()

    def _decide_rest(self, fate: str) -> None:
        """Decides on all that nobody has; what cannot be added is left to be decided one by one."""
        for field in self.fields.values():
            if field.currentData() == _ASK and (at := field.findData(fate)) >= 0:
                field.setCurrentIndex(at)

    def _tell(self) -> None:
        left = self.undecided
        self.said.setText(f"{counted(left, 'label')} to decide on." if left else "")
        self.said.setVisible(bool(left))
        for button in (self.add_rest, self.leave_rest):
            button.setVisible(bool(left))


def _likeliest_first(theirs: str, ours: Sequence[str]) -> list[str]:
    """Our labels in their order, but one that is much like theirs first."""

    def alike(name: str) -> float:
        return SequenceMatcher(None, theirs.casefold(), name.casefold()).ratio()

    best = max(ours, key=alike, default="")
    if not best or alike(best) < _ALIKE:
        return list(ours)
    return [best, *(name for name in ours if name != best)]
