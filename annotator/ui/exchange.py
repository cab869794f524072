"""Files come in and labels go out: asked in dialogs, done by a worker, told in the bar."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.errors import GestureRefused
from annotator.domain.text import Span
from annotator.services.wording import counted
from annotator.ui import style

if TYPE_CHECKING:
    from annotator.formats.carrying import Example
    from annotator.services.exchange import Choices, ExportReport, ImportReport
    from annotator.ui.export_dialog import ExportDialog
    from annotator.ui.import_dialog import ImportDialog
    from annotator.ui.window import Window


class Exchange:
    """The import and the export of the window."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._export: ExportDialog | None = None
        window.let_go.connect(self._forget)

    # ---------------------------------------------------------------- in

    def import_files(self) -> None:
        self.look_at(())

    def drop(self, names: Sequence[str]) -> None:
        """Opens a project that was dropped on the window, looks at other files to import them."""
        window, paths = self._window, [Path(name) for name in names]
        projects = [path for path in paths if path.suffix == ".annot"]
        if projects:
            window.files.open(projects[0])
        elif window.project is not None and window.project.read_only:
            window.page.line.say(f"Read only: {window.project.read_only}", warn=True)
        else:
            self.look_at(paths)

    def look_at(self, paths: Sequence[Path]) -> "ImportDialog":
        """Shows what files would bring; nothing is changed before the person says so."""
        from annotator.ui.import_dialog import ImportDialog

        window = self._window
        dialog = ImportDialog(
            window.files.project(), window.theme, window.settings.text_size, window.background, window
        )
        dialog.folder = window.settings.folder
        dialog.agreed.connect(self.bring_in)
        dialog.open()
        if paths:
            dialog.add(paths)
        return dialog

    def bring_in(self, paths: Sequence[Path], choices: "Choices") -> None:
        """Imports what is good in files, in one step that Cancel takes back whole."""
        from annotator.services import exchange
        from annotator.ui.aside import Aside

        self._window.settings.folder = str(paths[0].parent)
        Aside(self._window, "Importing", stopped="The import was stopped. Nothing came in.").run(
            lambda project, told: exchange.import_files(
                project, paths, choices=choices, whole=True, progress=told
            ),
            self._tell_import,
        )

    def _tell_import(self, report: "ImportReport") -> None:
        """What came in and what did not; the whole report can be read."""
        window = self._window
        said = counted(report.articles, "article") + " imported"
        if report.labels:
            said += f" with {counted(report.labels, 'label')}"
        elif report.suggestions:
            said += f" with {counted(report.suggestions, 'suggestion')}"
        said += "."
        if report.duplicates:
            said += f" {counted(report.duplicates, 'text')} already there."
        faults = [str(fault) for fault in report.faults]
        if report.more_faults:
            faults.append(f"And {counted(report.more_faults, 'more fault')}.")
        show = partial(window.show_lines, "What came in", [*report.lines(), *faults])
        if not faults:
            window.notice.tell(said, role=style.GOOD, choices=[("Report", show)])
            return
        window.notice.tell(f"{said} Not everything came in: {faults[0]}", choices=[("Report", show)])

    # ---------------------------------------------------------------- out

    def export(self) -> None:
        """Shows what can be written and what that loses, as it was left the last time."""
        self.asked().open()

    def asked(self) -> "ExportDialog":
        """The dialog of the export; it keeps what was chosen until another project is opened."""
        from annotator.ui.export_dialog import ExportDialog

        window = self._window
        if self._export is None:
            labelling = window.page.labelling
            self._export = ExportDialog(
                window.files.project(),
                labelling.annotator if labelling else "",
                window.page.queue_panel.field.text(),
                window.background,
                window,
            )
            self._export.written.connect(self._tell_export)
            self._export.visited.connect(lambda example: window.faults.attempt(self._visit, example))
        else:
            self._export.refresh(window.files.project())
        return self._export

    def _tell_export(self, report: "ExportReport") -> None:
        window = self._window
        places = ", ".join(file for file, _ in report.files)
        whose = report.of.removeprefix("annotator:")
        what = whose.capitalize() if whose == report.of else f"The labels of {whose}"
        said = " ".join([f"{what} are in {places}.", *report.gold_told()])
        if report.losses:
            show = partial(window.show_lines, "What was written", report.lines())
            said += f" {counted(len(report.losses), 'kind')} of things were changed or left out."
            window.notice.tell(said, choices=[("Report", show)])
        else:
            role = style.WARN if report.gold_told() else style.GOOD
            window.notice.tell(f"{said} Undecided suggestions are not among them.", role=role)

    def _visit(self, example: "Example") -> None:
        """Opens the article of a loss with its words selected."""
        window, page = self._window, self._window.page
        if example.article_id is None:
            raise GestureRefused("This loss names no article.")
        window.activateWindow()
        window.back_to_work()
        if page.article is None or page.article.id != example.article_id:
            page.open_article(example.article_id)
        if example.start is not None and example.end is not None:
            page.view.set_selection(Span(example.start, example.end))
        page.view.setFocus()
        page.line.say(f"{window.keys.told('project.export')} goes back to the export.")

    def _forget(self) -> None:
        if self._export is not None:
            self._export.close()
            self._export.deleteLater()
            self._export = None
