"""Writing marks as training data: whose, of which articles, in which format, and what that loses."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.domain.errors import AnnotatorError
from annotator.formats.carrying import WORDS, Example, Feature
from annotator.formats.contract import Format, Layout
from annotator.formats.registry import written_suffixes
from annotator.services.exchange import ExportReport, export
from annotator.services.wording import counted
from annotator.storage.project import Access, Project
from annotator.ui import style
from annotator.ui.asking import Asking, Told
from annotator.ui.background import Background
from annotator.ui.chrome import KeyField, Words, caption
from annotator.ui.exchange_looks import SHEET, roomy, scrolling, sized, tab_as_laid_out, thin_bar
from annotator.ui.export_fields import ExportFields
from annotator.ui.loss_list import LossList
from annotator.ui.time_left import share
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.services.settling import GoldStates
    from annotator.ui.gold_first import GoldFirst

_LEFT = 430  # pixels
_WAIT_MS = 300


class ExportDialog(QDialog):
    """`written` carries the report of what was written, `visited` a place of a loss. Esc stops, then leaves.

    What would be lost is found out beside the window, again when something else is chosen.
    """

    USUAL = (1080, 700)  # pixels, at the usual size of the program's font

    written = Signal(object)
    visited = Signal(object)

    def __init__(
        self, project: Project, annotator: str, filter_: str, background: Background, parent: QWidget
    ) -> None:
        """`annotator` is whose labels are offered first, `filter_` what the queue shows now."""
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setStyleSheet(SHEET)
        sized(self, *self.USUAL)
        self.report: ExportReport | None = None
        self._project = project.path
        self._asking = Asking(background, self, wait_ms=_WAIT_MS)
        self._writing = Asking(background, self)
        self._wanted: Callable[[Told], ExportReport] | None = None
        self._gold_first: GoldFirst | None = None
        self._gold = cache(partial(_gold_states, project.path))  # kept from one look to the next
        self._opened, self._lead, self._background = project, annotator, background
        self.fields = ExportFields(project, annotator, filter_, self)
        self.target = KeyField(self)
        self.target.setAccessibleName("File or folder to write")
        self.target.setText(str(project.path.parent / f"{project.path.stem}.jsonl"))
        self.choose = QPushButton("C&hoose…", self)
        self.choose.setAutoDefault(False)
        self.carries = Words("", factor=0.95, wrap=True, parent=self)
        self.lacks = Words("", factor=0.95, wrap=True, parent=self)
        self.losses_head = caption("What this export loses")
        self.losses = LossList(self)
        self.bar = thin_bar("How far it is", self)
        self.said = Words("", wrap=True, parent=self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        self.leave = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        self.go = roomy(self._buttons.addButton("Replace", QDialogButtonBox.ButtonRole.ActionRole))
        self.go.setDefault(True)
        self._lay_out()
        self._connect()
        self._suit_format()
        self.look()
        self.fields.of.setFocus()

    @property
    def busy(self) -> bool:
        """Whether something is being found out or written."""
        return self._asking.busy or self._is_writing

    @property
    def _is_writing(self) -> bool:
        return self._writing.busy or self._is_settling

    @property
    def _is_settling(self) -> bool:
        return self._gold_first is not None and self._gold_first.busy

    # ---------------------------------------------------------------- making

    def _lay_out(self) -> None:
        column = QWidget(self)
        left = QVBoxLayout(column)
        left.setContentsMargins(0, 0, 10, 0)
        left.setSpacing(8)
        left.addWidget(self.fields)
        left.addStretch(1)
        side = scrolling(column)
        side.setFixedWidth(style.scaled(self, _LEFT))
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(caption("What the format carries"))
        right.addWidget(self.carries)
        right.addWidget(self.lacks)
        right.addSpacing(8)
        right.addWidget(self.losses_head)
        right.addWidget(self.losses, 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(side)
        middle.addLayout(right, 1)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(Words("Write to", parent=self))
        where.addWidget(self.target, 1)
        where.addWidget(self.choose)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        foot.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(8)
        whole.addLayout(middle, 1)
        whole.addSpacing(4)
        whole.addLayout(where)
        whole.addWidget(self.bar)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self.fields.changed.connect(self.look)
        self.fields.formatted.connect(self._suit_format)
        self.target.textChanged.connect(lambda _: self.look())
        self.target.entered.connect(lambda _: self.go.click())
        self.target.escaped.connect(self.reject)
        self.choose.clicked.connect(self._ask_target)
        self.losses.chosen.connect(self._visit)
        self._asking.answered.connect(self._take)
        self._writing.answered.connect(self._end)
        for asking in (self._asking, self._writing):
            asking.moved.connect(self._tell_progress)
        self.go.clicked.connect(self._write)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(self._stop)

    # ---------------------------------------------------------------- looking

    def look(self) -> None:
        """Finds out beside the window what the export would write and lose."""
        if self._is_writing:
            return
        self.report = None
        try:
            self._asking.ask(self._work(dry_run=True))
        except AnnotatorError as error:
            self._asking.stop()
            self._show(error)
        else:
            self._show(None)

    def refresh(self, project: Project) -> None:
        """Whose marks there are may have changed since the dialog was left."""
        self._opened = project
        self.fields.offer_sources(project)
        self.look()

    def _work(self, *, dry_run: bool) -> Callable[[Told], ExportReport]:
        project, place, choices = self._project, self._place(), self.fields.choices()
        gold = self._gold if choices.of == "gold" else None

        def work(told: Told) -> ExportReport:
            with Project.open(project, Access.READ) as reading:
                states = gold() if gold else None
                return export(
                    reading, place, choices=choices, dry_run=dry_run, progress=told, gold_states=states
                )

        return work

    def _place(self) -> Path:
        typed = self.target.text().strip()
        if not typed:
            raise AnnotatorError("Say which file to write.")
        return self._project.parent / Path(typed).expanduser()

    def _take(self, answer: ExportReport | AnnotatorError) -> None:
        if isinstance(answer, AnnotatorError):
            self._show(answer)
            return
        self.report = answer
        self._show(None)

    # ---------------------------------------------------------------- writing

    def _write(self) -> None:
        if self._is_writing:
            return
        self._asking.stop()
        self._wanted = self._work(dry_run=False)  # as chosen now: fields that are disabled say nothing
        if self.fields.of.currentData() == "gold":
            self._settle()
        else:
            self._writing.ask(self._wanted)
        self.leave.setFocus()
        self._show(None)

    def _settle(self) -> None:
        """What all mark alike becomes gold before gold is written."""
        from annotator.ui.gold_first import GoldFirst  # late: it needs numpy

        self._gold_first = GoldFirst(self._opened, self._lead, self._gold(), self._background, self)
        self._gold_first.moved.connect(self._tell_progress)
        self._gold_first.ended.connect(self._write_now)
        self._gold_first.start()

    def _write_now(self, fault: AnnotatorError | None) -> None:
        """What all mark alike is gold now."""
        if fault is None and self._wanted is not None:
            self._writing.ask(self._wanted)
        self._show(fault)

    def _end(self, answer: ExportReport | AnnotatorError) -> None:
        if isinstance(answer, AnnotatorError):
            self._show(answer)
            return
        self.report = answer
        self._show(None)
        self.leave.setDefault(True)
        self.leave.setFocus()
        self.written.emit(answer)

    def reject(self) -> None:
        """Stops the writing, with the file as it was; else leaves."""
        if self._is_writing:
            self._stop()
            self.report = None
            self._show(None)
            self.said.setText("Stopped. Nothing was written.")
            return
        super().reject()

    def _stop(self) -> None:
        self._asking.stop()
        if self._gold_first is not None:
            self._gold_first.stop()
        self._writing.stop()

    # ---------------------------------------------------------------- showing

    def _show(self, fault: AnnotatorError | None) -> None:
        report, writing = self.report, self._is_writing
        self.bar.setVisible(self.busy)
        self.bar.setMaximum(0)
        self.fields.setEnabled(not writing)
        self.target.setEnabled(not writing)
        self.choose.setEnabled(not writing)
        self.go.setEnabled(fault is None and not writing)
        self.go.setText("Replace" if self._replaced() else "Export")
        self.leave.setText("Stop" if writing else "Close")
        self.said.setForegroundRole(style.WARN if fault else style.TEXT)
        self.said.setText(str(fault) if fault else self._told())
        self.losses.show_losses(report.losses if report else (), found_out=report is not None)

    def _replaced(self) -> list[str]:
        """The names of files that would be replaced."""
        if self.report is None or not self.report.dry_run:
            return []
        return [Path(file).name for file, _ in self.report.files if Path(file).is_file()]

    def _told(self) -> str:
        """What was or would be written, in a sentence."""
        if self._is_writing:
            return "Writing…"
        if self.report is None:
            return "Looking what would be written…"
        files = self.report.files
        would = "Would write" if self.report.dry_run else "Wrote"
        parts = [f"{counted(count, 'record')} to {Path(file).name}" for file, count in files]
        there = self._replaced()
        replaced = f" Replaces {listed(there)}." if there else ""
        back = "" if self.report.dry_run else " They were read back and are the same."
        more = "".join(f" {line}" for line in (*self.report.gold_told(), *self.report.notes))
        return f"{would} {listed(parts)}.{replaced}{back}{more}"

    def _tell_progress(self, done: int, total: int, seconds: float) -> None:
        self.bar.setMaximum(1000 if total else 0)
        self.bar.setValue(1000 * done // total if total else 0)
        what = "Looking what would be written"
        if self._is_writing:
            what = "Settling what all mark alike" if self._is_settling else "Writing"
        said = share(done, total, seconds)
        self.said.setText(f"{what}… {said}" if said else f"{what}…")

    def _suit_format(self) -> None:
        """Tells what the format carries, and gives the target its ending."""
        format_ = self.fields.format_chosen()
        lacks = [WORDS[feature] for feature in Feature if feature not in format_.carries]
        carried = [WORDS[feature] for feature in Feature if feature in format_.carries]
        self.carries.setText(f"Carries {listed(carried)}." if lacks else "Carries everything.")
        self.lacks.setText(f"Cannot carry {listed(lacks)}." if lacks else "")
        self.lacks.setVisible(bool(lacks))
        place = Path(self.target.text().strip())
        if place.name:
            self.target.setText(str(_suited(place, format_)))
        tab_as_laid_out(self)

    # ---------------------------------------------------------------- what a person does

    def _ask_target(self) -> None:
        place = self.target.text()
        name, _ = QFileDialog.getSaveFileName(self, "Export to", place)
        if name:
            self.target.setText(str(_suited(Path(name), self.fields.format_chosen())))

    def _visit(self, example: Example) -> None:
        self.reject()
        self.visited.emit(example)


def _gold_states(project: Path) -> "GoldStates":
    from annotator.services.settling import GoldStates  # late: it needs numpy

    return GoldStates(project)


def _suited(place: Path, format_: Format) -> Path:
    """The place with an ending of the format instead of another format's; none for a folder."""
    own = (*format_.suffixes, format_.usual_suffix) if format_.layout is Layout.FILE else ("",)
    if place.suffix.lower() in own:
        return place
    if place.suffix.lower() in written_suffixes():
        place = place.with_suffix("")
    return place.with_name(place.name + own[0])
