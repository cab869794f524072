"""The notes on the guideline that leads made while they reviewed: to read, and to write as Markdown."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from annotator.services.guideline_notes import as_markdown, export_notes, notes_of
from annotator.storage.project import Project
from annotator.ui.faults import Faults

_NONE = "No note yet. On the page of the review, Guideline note… adds one with its place as the example."


class NotesDialog(QDialog):
    """Esc closes it; "Save as Markdown…" asks for a file."""

    def __init__(self, project: Project, faults: Faults, parent: QWidget) -> None:
        super().__init__(parent)
        self._project = project
        self._faults = faults
        self.setWindowTitle("Guideline notes")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 520)
        notes = notes_of(project)
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName("Guideline notes")
        self.browser.setMarkdown(as_markdown(notes, project.path.stem) if notes else _NONE)
        self.save = QPushButton("Save as Markdown…", self)
        self.save.setEnabled(bool(notes))
        self.save.clicked.connect(self._save)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(self.browser, 1)
        box.addWidget(buttons)

    def _save(self) -> None:
        place = self._project.path.with_name(f"{self._project.path.stem}-guideline-notes.md")
        name, _ = QFileDialog.getSaveFileName(self, "Save the notes", str(place), "Markdown (*.md)")
        if name and self._faults.attempt(export_notes, self._project, Path(name)):
            self.accept()
