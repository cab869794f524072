"""Handing articles out: who gets them, how many everyone gets, and what that comes to."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.services import handout
from annotator.services.wording import counted
from annotator.storage.project import Project
from annotator.ui import style
from annotator.ui.chrome import Elided, Words, caption
from annotator.ui.exchange_looks import indented
from annotator.ui.people_table import Column, PeopleTable

_SIZE = (860, 500)
_COLUMNS = (
    Column("Annotator"),
    Column("Articles", number=True),
    Column("Alone", number=True),
    Column("With everyone", number=True),
    Column("Words", number=True),
)


class HandOutDialog(QDialog):
    """`agreed` carries folder, names, overlap (0 to 1), seed, and whether finished articles stay out.

    Nothing is written before.

    Enter hands out, but in the list of names it begins a new line; Esc leaves.
    """

    agreed = Signal(object, object, float, int, bool)

    def __init__(self, project: Project, lead: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Hand out")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._project = project
        self.place = project.path.parent / f"{project.path.stem}-handed-out"
        self.names = QPlainTextEdit(self)
        self.names.setAccessibleName("Who labels, a name a line")
        self.names.setPlaceholderText("A name a line")
        self.names.setTabChangesFocus(True)
        known = [each.name for each in handout.progress(project) if each.name != lead]
        self.names.setPlainText("\n".join(known))
        self.overlap = QSpinBox(self)
        self.overlap.setRange(0, 100)
        self.overlap.setSuffix(" %")
        self.overlap.setSingleStep(5)
        self.overlap.setValue(round(100 * handout.OVERLAP))
        self.overlap.setAccessibleName("Articles for everyone, in percent")
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName("Number of the draw")
        self.seed.setToolTip("Another number draws other articles for everyone, and shares the rest anew.")
        self.unfinished = QCheckBox("&Leave out what somebody has finished", self)
        self.unfinished.setVisible(bool(handout.finished(project)))
        indented(self.overlap)
        indented(self.seed)
        self.folder = QPushButton("Choose a &folder…", self)
        self.folder.setAutoDefault(False)
        self.table = PeopleTable(_COLUMNS, self)
        self.table.setAccessibleName("Who gets what")
        self.said = Words("", role=style.DIM, wrap=True, parent=self)
        self.where = Elided(factor=0.9, role=style.DIM, parent=self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        self.go = self._buttons.addButton("Hand out", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self._lay_out()
        self.names.textChanged.connect(self._show)
        self.overlap.valueChanged.connect(self._show)
        self.seed.valueChanged.connect(self._show)
        self.unfinished.toggled.connect(self._show)
        self.folder.clicked.connect(self._ask_folder)
        self._buttons.accepted.connect(self._agree)
        self._buttons.rejected.connect(self.reject)
        self._show()
        self.names.setFocus()

    def people(self) -> list[str]:
        """The names that were typed, each once."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.names.toPlainText().splitlines()))))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("For everyone", self.overlap)
        form.addRow("Draw number", self.seed)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(caption("Who labels"))
        left.addWidget(self.names, 1)
        left.addLayout(form)
        left.addWidget(self.unfinished)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(caption("Who gets what"))
        right.addWidget(self.table, 1)
        right.addWidget(self.said)
        columns = QHBoxLayout()
        columns.setSpacing(22)
        columns.addLayout(left, 3)
        columns.addLayout(right, 7)
        below = QHBoxLayout()
        below.addWidget(self.folder)
        below.addWidget(self.where, 1)
        below.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(14)
        whole.addWidget(
            Words(
                "Everyone gets a project file of their own, with the label set and the suggestions. "
                "Articles that were handed out before stay out.",
                role=style.DIM,
                wrap=True,
                parent=self,
            )
        )
        whole.addLayout(columns, 1)
        whole.addLayout(below)

    def _show(self) -> None:
        """What the choices come to now."""
        people = self.people()
        self.where.set_text(f"Files go to {self.place}")
        try:
            planned = handout.plan(
                self._project,
                people,
                overlap=self.overlap.value() / 100,
                seed=self.seed.value(),
                unfinished=self.unfinished.isChecked(),
            )
        except AnnotatorError as error:
            self.table.show_rows([])
            self.said.setText("Name those who label, one a line." if not people else str(error))
            self.go.setEnabled(False)
            return
        found, words = planned.shares, planned.words
        shared = sum(words[each] for each in found.shared)
        self.table.show_rows(
            [
                (
                    name,
                    len(found.own[name]) + len(found.shared),
                    len(found.own[name]),
                    len(found.shared),
                    shared + sum(words[each] for each in found.own[name]),
                )
                for name in people
            ]
        )
        self.said.setText(
            f"{counted(len(words), 'article')} that nobody was given, {len(found.shared):,} of them for "
            f"everyone: on those agreement is measured. {'' if planned.left_out else planned.finished_told()}"
        )
        self.go.setEnabled(True)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Where the files go", str(self.place.parent))
        if folder:
            self.place = Path(folder)
            self._show()

    def _agree(self) -> None:
        self.accept()
        overlap, unfinished = self.overlap.value() / 100, self.unfinished.isChecked()
        self.agreed.emit(self.place, self.people(), overlap, self.seed.value(), unfinished)
