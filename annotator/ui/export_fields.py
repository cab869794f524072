"""What a person wants exported: whose marks, of which articles, in which format, how split."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from annotator.domain.articles import Status
from annotator.formats.contract import Format
from annotator.formats.registry import format_named
from annotator.services.exchange import ExportChoices, Split
from annotator.services.export_choices import sources
from annotator.services.format_table import format_rows
from annotator.storage.project import Project
from annotator.ui.chrome import caption
from annotator.ui.exchange_looks import combo, form, indented, section
from annotator.ui.option_fields import OptionRows

_KINDS = {
    "suggestions": "suggestions of pipelines",
    "gold": "gold",
    "votes": "everyone, a record each",
}
_STATES = {Status.TODO: "to do", Status.DOING: "begun"}
_SPLIT = "train=.8,dev=.1,test=.1"
_MOST_SEED = 999_999


class ExportFields(QWidget):
    """`changed`: something else is wanted now; `formatted`: another format."""

    changed = Signal()
    formatted = Signal()

    def __init__(self, project: Project, annotator: str, filter_: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.of = combo("Whose marks", self)
        self.offer_sources(project)
        self.of.setCurrentIndex(max(0, self.of.findData(f"annotator:{annotator}")))
        self.statuses = {status: QCheckBox(_named(status), self) for status in Status}
        self.filter = QLineEdit(filter_, self)
        self.filter.setPlaceholderText("all of them")
        self.filter.setAccessibleName("Only articles that fit, as typed over the queue")
        self.decided = QCheckBox("Only marks that answer a &suggestion", self)
        self.rejected = QCheckBox("&Rejected suggestions too, as negatives", self)
        self.rejected.setChecked(True)
        self.pseudonyms = QCheckBox("&Pseudonyms instead of names", self)
        self.text = QCheckBox("&With the texts", self)
        self.text.setChecked(True)
        self.format = combo("Format", self)
        for row in format_rows():
            if row.writes:
                self.format.addItem(row.title, row.name)
        self.format.setCurrentIndex(max(0, self.format.findData("jsonl")))
        self.split = QLineEdit(self)
        self.split.setPlaceholderText(f"none; or {_SPLIT}")
        self.split.setAccessibleName("Shares of the parts")
        self.seed = QSpinBox(self)
        indented(self.seed)
        self.seed.setRange(0, _MOST_SEED)
        self.seed.setAccessibleName("Seed: another number splits otherwise")
        self.seed.setToolTip("Another number splits otherwise; near duplicates stay together.")
        self._form = form()
        self.options = OptionRows(self._form, self)
        self._lay_out()
        self._connect()
        self._suit()

    def offer_sources(self, project: Project) -> None:
        """Offers whose marks there are now; what was chosen stays."""
        before = self.of.currentData()
        self.of.blockSignals(True)
        self.of.clear()
        for source in sources(project):
            name = source.removeprefix("annotator:")
            self.of.addItem(name if source.startswith("annotator:") else _KINDS[source], source)
        self.of.setCurrentIndex(max(0, self.of.findData(before)))
        self.of.blockSignals(False)

    def format_chosen(self) -> Format:
        return format_named(self.format.currentData())

    def choices(self) -> ExportChoices:
        """What is wanted; FormatError for a filter or a split that cannot be read."""
        return ExportChoices(
            format_name=self.format.currentData(),
            of=self.of.currentData(),
            statuses=tuple(
                status for status, box in self.statuses.items() if box.isChecked() and box.isEnabled()
            ),
            filter=self.filter.text().strip(),
            split=Split.parsed(self.split.text().strip() or None, self.seed.value()),
            decided=self.decided.isChecked() and self.decided.isEnabled(),
            rejected=self.rejected.isChecked(),
            pseudonyms=self.pseudonyms.isChecked(),
            with_text=self.text.isChecked() or not self.text.isEnabled(),
            options=self.options.values(),
        )

    def _connect(self) -> None:
        self.of.currentIndexChanged.connect(self._changed)
        self.format.currentIndexChanged.connect(self._reformatted)
        for box in (*self.statuses.values(), self.decided, self.rejected, self.pseudonyms, self.text):
            box.toggled.connect(self._changed)
        for line in (self.filter, self.split):
            line.textChanged.connect(self._changed)
        self.seed.valueChanged.connect(self._changed)
        self.options.changed.connect(self._changed)

    def _changed(self, *_: object) -> None:
        self._suit()
        self.changed.emit()

    def _reformatted(self) -> None:
        self._suit()
        self.formatted.emit()
        self.changed.emit()

    def _suit(self) -> None:
        """Lets only that be chosen which makes sense with the rest."""
        source, format_ = str(self.of.currentData()), self.format_chosen()
        people = source == "votes" or source.startswith("annotator:")
        for status, box in self.statuses.items():
            box.setEnabled(people or (source == "gold" and status in (Status.DOING, Status.DONE)))
        self.decided.setEnabled(people)
        self.text.setEnabled(format_.stand_off)
        self.seed.setEnabled(bool(self.split.text().strip()))
        self.options.offer(format_.writing_options)

    def _lay_out(self) -> None:
        states = QGridLayout()
        states.setHorizontalSpacing(12)
        states.setVerticalSpacing(4)
        for n, status in enumerate(self.statuses.values()):
            status.setToolTip("Only articles of a checked status; all, if none is checked.")
            states.addWidget(status, n // 3, n % 3)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addRow(caption("What is exported"))
        self._form.addRow("&Marks of", self.of)
        self._form.addRow("Only articles", states)
        self._form.addRow("that f&it", self.filter)
        for check in (self.decided, self.rejected, self.pseudonyms):
            self._form.addRow(check)
        self._form.addRow(section("How it is written"))
        self._form.addRow(self.text)
        self._form.addRow("Spli&t", self.split)
        self._form.addRow("See&d", self.seed)
        self._form.addRow("&Format", self.format)
        self.setLayout(self._form)


def _named(status: Status) -> str:
    return _STATES.get(status, status.value)
