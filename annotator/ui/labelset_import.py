"""What becomes of each label when a label set comes in from a file: shown before, and chosen."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.label_changes import Fate, Key
from annotator.domain.labels import LabelSet
from annotator.services.labelsets import Use
from annotator.services.wording import counted
from annotator.ui import style
from annotator.ui.article.typography import READING
from annotator.ui.chrome import TextButton, Words, caption, viewport
from annotator.ui.guard import guarded

_WIDE = 560  # pixels at most
_RETIRED = "kept, retired"


class ImportPane(QWidget):
    """`taken` carries the label set and the list of Fates that were chosen; `left` is Esc."""

    taken = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._other: LabelSet | None = None
        self._fates: list[Fate] = []
        self.choices: list[QComboBox] = []
        self._title = Words("", factor=1.5, bold=True, families=READING, wrap=True, parent=self)
        self._facts = Words("", factor=0.9, role=style.DIM, wrap=True, parent=self)
        self._rows = QScrollArea(self)
        self._rows.setAccessibleName("What becomes of each label")
        self._rows.setViewport(viewport(style.BACKGROUND))
        self._rows.setWidgetResizable(True)
        self._rows.setFrameShape(QFrame.Shape.NoFrame)
        self.take = TextButton("Take it over", "Enter", self)
        leave = TextButton("Leave it", "Esc", self)
        self.take.clicked.connect(self._take)
        leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self.take)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 20, 14, 10)
        box.setSpacing(6)
        for widget in (self._title, self._facts):
            box.addWidget(widget)
        box.addWidget(self._rows, 1)
        box.addLayout(foot)

    def show_fates(self, other: LabelSet, fates: Sequence[Fate], uses: Mapping[Key, Use]) -> None:
        """Lists the labels of the project, each with what it would become in the set that comes in."""
        self._other, self._fates = other, list(fates)
        known = {(fate.label.kind, fate.to) for fate in fates if fate.to}
        new = [label.name for label in other.offered if (label.kind, label.name) not in known]
        self._title.setText(f"Take over “{other.name}”, {counted(len(other.offered), 'label')}")
        said = f"New: {', '.join(new)}. " if new else ""
        self._facts.setText(f"{said}What becomes of the labels that are here, and of their marks:")
        inner = QWidget(self)
        inner.setMaximumWidth(_WIDE)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 8, 8, 8)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for column, text in enumerate(("Label", "Marks", "Becomes")):
            grid.addWidget(caption(text), 0, column)
        self.choices = []
        for row, fate in enumerate(fates, start=1):
            name = Words(fate.label.name, parent=inner)
            name.setToolTip(fate.label.title)
            use = uses.get((fate.label.kind, fate.label.name))
            marks = Words(f"{use.marks:,}" if use else "0", role=style.DIM, parent=inner)
            marks.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            choice = self._choice(fate, other, inner)
            for column, widget in enumerate((name, marks, choice)):
                grid.addWidget(widget, row, column)
            self.choices.append(choice)
        grid.setRowStretch(len(self._fates) + 1, 1)
        self._rows.setWidget(inner)
        (self.choices[0] if self.choices else self.take).setFocus()

    def _choice(self, fate: Fate, other: LabelSet, inner: QWidget) -> QComboBox:
        choice = QComboBox(inner)
        choice.setAccessibleName(f"What {fate.label.name} becomes")
        choice.setMinimumWidth(180)
        names = [label.name for label in other.labels if label.kind is fate.label.kind]
        if fate.label.name not in names:
            choice.addItem(_RETIRED, None)
        for name in names:
            choice.addItem(name, name)
        choice.setCurrentIndex(max(choice.findData(fate.to), 0))
        return choice

    def _take(self) -> None:
        chosen = [
            Fate(fate.label, choice.currentData())
            for fate, choice in zip(self._fates, self.choices, strict=True)
        ]
        self.taken.emit(self._other, chosen)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            super().keyPressEvent(event)
