"""Who is where with their articles, and the files that came back: looked at, then brought in."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, LabelSet
from annotator.services import merging
from annotator.services.handout import Progress
from annotator.services.merging import Found, MergeReport, Terms
from annotator.services.wording import counted
from annotator.storage.project import Access, Project
from annotator.ui import style
from annotator.ui.background import Background
from annotator.ui.chrome import Words, caption
from annotator.ui.files import PROJECTS
from annotator.ui.guard import guarded
from annotator.ui.people_table import Cell, Column, PeopleTable, Share

_SIZE = (920, 620)
_COLUMNS = (
    Column("Annotator"),
    Column("Done", letters=32),
    Column("Begun", number=True, letters=7),
    Column("Words left", number=True, letters=11),
    Column("Last work", letters=12),
    Column("Brought in", letters=12),
)


@frozen
class Looked:
    """A file that came back: what it would bring, or why it cannot come in."""

    path: Path
    found: Found | None
    error: str = ""

    def __str__(self) -> str:
        if self.found is None:
            return f"{self.path.name} cannot come in: {self.error}"
        return f"{self.path.name}: {merging.told(self.found)}."


class CollectDialog(QDialog):
    """`agreed` carries the files and the terms on which they come in. Esc leaves.

    Files are looked at beside the window; what they need a word on is asked before they come in.
    """

    agreed = Signal(object, object)

    def __init__(
        self, project: Project, people: Sequence[Progress], background: Background, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Collect")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(project.read_only is None)
        self.resize(*_SIZE)
        self.folder = ""
        self._path, self._labelset = project.path, project.labelset
        self._background = background
        self._open = True
        self.files: list[Looked] = []
        self.people = PeopleTable(_COLUMNS, self)
        self.people.setAccessibleName("Who is where")
        self.people.show_rows([_row(each) for each in people])
        self.people.setVisible(bool(people))
        self.nobody = Words(
            "Nobody was given articles yet, and nobody has begun any. Hand out… in the File menu writes "
            "a file for everyone.",
            role=style.DIM,
            wrap=True,
            parent=self,
        )
        self.nobody.setVisible(not people)
        self.choose = QPushButton("Choose &files…", self)
        self.choose.setAutoDefault(False)
        self.choose.setEnabled(project.read_only is None)
        self.said = QPlainTextEdit(self)
        self.said.setReadOnly(True)
        self.said.setTabChangesFocus(True)
        self.said.setAccessibleName("What the files bring")
        self.said.setPlaceholderText("Drop the files of annotators here, or choose them. They are only read.")
        self.questions = Questions(self._labelset, self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        self.go = self._buttons.addButton("Bring in", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setEnabled(False)
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self._lay_out()
        self.choose.clicked.connect(self._ask_files)
        self.questions.changed.connect(self._show)
        self._buttons.accepted.connect(self._agree)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(self._leave)
        self.choose.setFocus()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Looks beside the window what files would bring."""
        self.said.setPlainText("Looking…")
        self.go.setEnabled(False)
        path = self._path
        self._background.run(lambda: _look(path, paths), self._take)

    def show_report(self, report: MergeReport) -> None:
        """What came of bringing files in."""
        lines = [line for file in report.files for line in file.lines(file.path.name)]
        if report.backup:
            lines.append(f"A backup of the project as it was before is kept: {report.backup.name}.")
        self.said.setPlainText("\n".join(lines))
        self.said.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(caption("Files that came back"))
        head.addStretch(1)
        head.addWidget(self.choose)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(8)
        whole.addWidget(caption("Who is where"))
        whole.addWidget(self.people, 3)
        whole.addWidget(self.nobody)
        whole.addSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self.said, 2)
        whole.addWidget(self.questions)
        whole.addSpacing(6)
        whole.addWidget(self._buttons)

    def _take(self, files: list[Looked]) -> None:
        if not self._open:
            return
        self.files = files
        self.questions.ask([each.found for each in files if each.found is not None])
        self._show()
        if self.go.isEnabled():
            self.go.setDefault(True)
            self.go.setFocus()

    def _show(self) -> None:
        new = [each for each in self.files if each.found is not None and not each.found.nothing_new]
        lines = [str(each) for each in self.files]
        if self.questions.undecided:
            lines.append("Say below what becomes of their labels.")
        self.said.setPlainText("\n".join(lines))
        self.go.setEnabled(bool(new) and not self.questions.undecided)

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Files that came back", self.folder, PROJECTS)
        if names:
            self.folder = str(Path(names[0]).parent)
            self.look_at([Path(name) for name in names])

    def _agree(self) -> None:
        files = [each.path for each in self.files if each.found is not None]
        terms = self.questions.terms()
        self.accept()
        self.agreed.emit(files, terms)

    def _leave(self) -> None:
        self._open = False

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.look_at(paths)


class Questions(QWidget):
    """What files need a word on: labels unknown here, people who may be two, articles that are not here."""

    changed = Signal()

    def __init__(self, labelset: LabelSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._labelset = labelset
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self.labels: dict[str, QComboBox] = {}
        self.namesakes: dict[str, QComboBox] = {}
        self.leave_out: QCheckBox | None = None

    @property
    def undecided(self) -> bool:
        return any(field.currentData() is None for field in self.labels.values())

    def ask(self, found: Sequence[Found]) -> None:
        """Shows the questions of some files instead of those before."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self.labels, self.namesakes, self.leave_out = {}, {}, None
        for each in found:
            for row in each.labels:
                if row.name not in self.labels:
                    field = self._label_field(row.kind, row.name, row.becomes)
                    self.labels[row.name] = field
                    self._form.addRow(f"{row.name} ({counted(row.marks, 'mark')}) becomes", field)
            for person in each.people:
                if person.namesake and person.gestures and person.name not in self.namesakes:
                    field = QComboBox(self)
                    field.addItem(f"the same person as {person.name_here} here", "")
                    field.addItem("somebody else of that name", f"{person.name} (2)")
                    self.namesakes[person.name] = field
                    self._form.addRow(f"{person.name} there is", field)
        articles = sum(each.articles for each in found)
        if articles:
            self.leave_out = QCheckBox(
                f"Leave out {counted(articles, 'article')} that this project does not have", self
            )
            self._form.addRow(self.leave_out)

    def terms(self) -> Terms:
        return Terms(
            new_articles=self.leave_out is None or not self.leave_out.isChecked(),
            labels={name: field.currentData() for name, field in self.labels.items()},
            apart={
                name: field.currentData() for name, field in self.namesakes.items() if field.currentData()
            },
        )

    def _label_field(self, kind: Kind, name: str, becomes: str) -> QComboBox:
        field = QComboBox(self)
        field.setAccessibleName(f"What {name} becomes")
        field.addItem("choose…", None)
        for label in self._labelset.labels:
            if label.kind is kind:
                field.addItem(label.name, label.name)
        field.addItem("stays as it is", name)
        field.setCurrentIndex(max(0, field.findData(becomes)))
        field.currentIndexChanged.connect(lambda _: self.changed.emit())
        return field


def _look(path: Path, others: Sequence[Path]) -> list[Looked]:
    files = []
    with Project.open(path, Access.READ) as project:
        for other in others:
            try:
                files.append(Looked(other, merging.look(project, other)))
            except AnnotatorError as error:
                files.append(Looked(other, None, str(error)))
    return files


def _row(person: Progress) -> list[Cell]:
    return [
        person.name,
        Share(person.done, person.handed) if person.handed else f"{person.done:,}, given none",
        person.begun,
        person.words_left,
        _day(person.worked_at),
        _day(person.merged_at),
    ]


def _day(at: int | None) -> str:
    """A time in unix ms as people say it."""
    if at is None:
        return "never"
    then, now = datetime.fromtimestamp(at / 1000), datetime.now()
    if then.date() == now.date():
        return f"today, {then:%H:%M}"
    return f"{then:%d %b, %H:%M}" if then.year == now.year else f"{then:%d %b %Y}"
