"""Bringing files in: what they are, what would come in and how it will look, before anything is changed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.formats.registry import format_named
from annotator.services.exchange import Choices, LabelChoices, Others, import_files
from annotator.services.import_report import ImportReport
from annotator.services.label_mapping import Fate
from annotator.services.wording import counted
from annotator.storage.faults import explained
from annotator.storage.project import Access, Project
from annotator.ui import style
from annotator.ui.asking import Asking, Told
from annotator.ui.background import Background
from annotator.ui.chrome import Elided, KeyField, Words, caption
from annotator.ui.exchange_looks import SHEET, roomy, scrolling, sized, tab_as_laid_out, thin_bar
from annotator.ui.first_records import FirstRecords
from annotator.ui.guard import guarded
from annotator.ui.import_fields import ImportFields
from annotator.ui.label_fates import LabelFates
from annotator.ui.theme import Theme
from annotator.ui.time_left import share

_LEFT = 400  # pixels
_WAIT_MS = 150
_FAULTS = 200  # shown
_EMPTY = (
    "Drop files, folders or zips on this window, or choose them above. "
    "Nothing is changed before you import: this place shows how the first records will look."
)


class ImportDialog(QDialog):
    """`agreed` carries the paths and the Choices with which they come in. Esc leaves.

    Files are read beside the window, again when what is said of them changes.
    """

    USUAL = (1080, 720)  # pixels, at the usual size of the program's font

    agreed = Signal(object, object)

    def __init__(
        self, project: Project, theme: Theme, points: float, background: Background, parent: QWidget
    ) -> None:
        """`points` is the size of the text."""
        super().__init__(parent)
        self.setWindowTitle("Import")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.setStyleSheet(SHEET)
        sized(self, *self.USUAL)
        self.folder = ""
        self.paths: list[Path] = []
        self.report: ImportReport | None = None
        self._project = project.path
        self._odd: set[str] = set()  # labels that cannot be added by that name
        self._asking = Asking(background, self, wait_ms=_WAIT_MS)
        self.choose = roomy(QPushButton("Choose &files…", self))
        self.choose_folder = QPushButton("Choose a f&older…", self)
        self.choose_folder.setAutoDefault(False)
        self.clear = QPushButton("C&lear", self)
        self.clear.setAutoDefault(False)
        self.path = KeyField(self)
        self.path.setAccessibleName("Path of a file or folder")
        self.path.setPlaceholderText("or type a path; Enter adds it")
        self.chosen = Elided(factor=0.9, role=style.DIM, parent=self)
        self.fields = ImportFields(project.annotators(), self)
        self.labels = LabelFates(project.labelset, self)
        self.records = FirstRecords(theme, points, self)
        self.faults_head = caption("What stays out")
        self.faults = QPlainTextEdit(self)
        self.faults.setReadOnly(True)
        self.faults.setTabChangesFocus(True)
        self.faults.setAccessibleName("What stays out, and what to know")
        self.bar = thin_bar("How much of the files has been read", self)
        self.said = Words("", wrap=True, parent=self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, parent=self)
        self.go = roomy(self._buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole))
        self._lay_out()
        self._connect()
        self._show()
        self.choose.setFocus()

    def add(self, paths: Sequence[Path]) -> None:
        """Adds files and folders to those that are looked at."""
        self.paths += [path for path in paths if path not in self.paths]
        self._look()

    def choices(self, labels: LabelChoices | None = None) -> Choices:
        """What was said of the files; `labels` instead of what was decided on their labels."""
        return self.fields.choices(labels or self.labels.choices())

    @property
    def busy(self) -> bool:
        """Whether files are being read."""
        return self._asking.busy

    # ---------------------------------------------------------------- making

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for button in (self.choose, self.choose_folder):
            head.addWidget(button)
        head.addWidget(self.path, 1)
        head.addWidget(self.clear)
        column = QWidget(self)
        left = QVBoxLayout(column)
        left.setContentsMargins(0, 0, 10, 0)
        left.setSpacing(8)
        left.addWidget(self.fields)
        left.addSpacing(8)
        self._labels_head = caption("What becomes of their labels")
        left.addWidget(self._labels_head)
        left.addWidget(self.labels)
        left.addStretch(1)
        self._side = scrolling(column)
        self._side.setFixedWidth(style.scaled(self, _LEFT))
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(caption("As it will look"))
        right.addWidget(self.records, 3)
        right.addWidget(self.faults_head)
        right.addWidget(self.faults, 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self._side)
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        foot.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self.chosen)
        whole.addSpacing(4)
        whole.addLayout(middle, 1)
        whole.addWidget(self.bar)
        whole.addLayout(foot)
        tab_as_laid_out(self)

    def _connect(self) -> None:
        self.choose.clicked.connect(self._ask_files)
        self.choose_folder.clicked.connect(self._ask_folder)
        self.clear.clicked.connect(self._clear)
        self.path.entered.connect(lambda _: self._add_typed())
        self.path.escaped.connect(self.reject)
        self.fields.changed.connect(self._look)
        self.labels.changed.connect(self._show)
        self._asking.answered.connect(self._take)
        self._asking.moved.connect(self._tell_progress)
        self._buttons.accepted.connect(self._agree)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(self._asking.stop)

    # ---------------------------------------------------------------- looking

    def _look(self) -> None:
        """Reads the files beside the window, as if every label that is not here were added."""
        if not self.paths:
            return
        project, paths = self._project, list(self.paths)
        # One that cannot be added stays out for now, lest its records do.
        choices = self.choices(LabelChoices(dict.fromkeys(self._odd, ""), Others.ADD))

        def work(told: Told) -> ImportReport:
            with Project.open(project, Access.READ) as reading, explained(project):
                return import_files(reading, paths, choices=choices, dry_run=True, progress=told)

        self._asking.ask(work)
        self._show()

    def _take(self, answer: ImportReport | AnnotatorError) -> None:
        if isinstance(answer, AnnotatorError):
            self.report = None
            self._show()
            self.said.setForegroundRole(style.WARN)
            self.said.setText(str(answer))
            return
        odd = {row.theirs for row in answer.mapping if row.fate is Fate.UNKNOWN}
        if odd - self._odd:
            self._odd |= odd
            self._look()
            return
        self.report = answer
        self.fields.tell_formats(answer.formats)
        self.labels.show_rows(answer.mapping)
        tab_as_laid_out(self)
        self._show()
        if self.focusWidget() in (self.choose, self.choose_folder, self.path, None):
            self._to_next()

    def _to_next(self) -> None:
        """The focus goes to what is to be decided first, else to the button that imports."""
        undecided = (
            field for key, field in self.labels.fields.items() if self.labels.fate_of(*key)[1] is Fate.UNKNOWN
        )
        target = next(undecided, self.go if self.go.isEnabled() else None)
        if target is not None:
            target.setFocus()
            self._side.ensureWidgetVisible(target)

    # ---------------------------------------------------------------- showing

    def _show(self) -> None:
        """Shows what is known: files, records with the labels they get, faults, counts."""
        report, busy = self.report, self.busy
        self._tell_files()
        self.bar.setVisible(busy)
        self.bar.setMaximum(0)
        self.labels.setVisible(bool(report and report.mapping))
        self._labels_head.setVisible(self.labels.isVisibleTo(self))
        self.clear.setEnabled(bool(self.paths))
        lines = _lines(report) if report else []
        for widget in (self.faults_head, self.faults):
            widget.setVisible(bool(lines))
        self.faults.setPlainText("\n".join(lines))
        self.faults.setMaximumHeight(self.faults.fontMetrics().lineSpacing() * (len(lines) + 1) + 24)
        self.faults_head.setText("WHAT STAYS OUT" if report and report.faults else "TO KNOW")
        if report is not None:
            self.records.show_records(report.first, self.labels.fate_of)
        else:
            self.records.show_words("" if busy else _EMPTY)
        ready = report is not None and not busy and not self.labels.undecided
        self.go.setEnabled(
            ready and bool(report and (report.articles or report.labels or report.suggestions))
        )
        self.go.setDefault(self.go.isEnabled())
        self.said.setForegroundRole(style.TEXT)
        self.said.setText("Reading…" if busy else _summary(report) if report else "")

    def _tell_files(self) -> None:
        formats = Counter(name for _, name in self.report.formats) if self.report else Counter()
        told = ", ".join(f"{format_named(name).title} ({count:,})" for name, count in formats.most_common())
        names = ", ".join(path.name for path in self.paths)
        self.chosen.set_text(f"{names}    read as {told}" if told else names)
        self.chosen.setVisible(bool(self.paths))

    def _tell_progress(self, done: int, total: int, seconds: float) -> None:
        self.bar.setMaximum(1000 if total else 0)
        self.bar.setValue(1000 * done // total if total else 0)
        said = share(done, total, seconds)
        self.said.setText(f"Reading… {said}" if said else "Reading…")

    # ---------------------------------------------------------------- what a person does

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Import files", self.folder)
        if names:
            self.folder = str(Path(names[0]).parent)
            self.add([Path(name) for name in names])

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Import a folder", self.folder)
        if name:
            self.folder = str(Path(name).parent)
            self.add([Path(name)])

    def _add_typed(self) -> None:
        typed = self.path.text().strip()
        if typed:
            self.path.clear()
            self.add([Path(typed).expanduser()])

    def _clear(self) -> None:
        self._asking.stop()
        self.paths, self.report = [], None
        self._odd.clear()
        self.labels.show_rows(())
        self.fields.tell_formats(())
        self._show()
        self.choose.setFocus()

    def _agree(self) -> None:
        paths, choices = list(self.paths), self.choices()
        self.accept()
        self.agreed.emit(paths, choices)

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add(paths)


def _summary(report: ImportReport) -> str:
    """What would come in, in a sentence."""
    parts = [
        counted(count, *nouns)
        for count, *nouns in (
            (report.articles, "new article"),
            (report.labels, "label"),
            (report.suggestions, "suggestion"),
        )
        if count
    ]
    said = f"Brings {', '.join(parts)}." if parts else "Brings nothing new."
    if report.duplicates:
        said += f" {counted(report.duplicates, 'text')} already here."
    faults = len(report.faults) + report.more_faults
    return f"{said} {counted(faults, 'fault')} above." if faults else said


def _lines(report: ImportReport) -> list[str]:
    """What stays out, the first of it by name; then what to know of the rest."""
    lines = [str(fault) for fault in report.faults[:_FAULTS]]
    more = len(report.faults) - len(lines) + report.more_faults
    if more:
        lines.append(f"And {counted(more, 'more fault')}.")
    return [*lines, *report.notes]
