"""What the File menu does: projects are made, opened, filled, exported, copied and restored."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from annotator.domain.errors import AnnotatorError
from annotator.storage.project import Access, Project
from annotator.ui import settings as remembered
from annotator.ui import style
from annotator.ui.wording import counted, listed

if TYPE_CHECKING:
    from annotator.storage.check import Report
    from annotator.ui.window import Window

PROJECTS = "Annotator project (*.annot)"
ARTICLES = "Articles (*.txt *.jsonl);;All files (*)"
LABELS = "JSONL (*.jsonl)"


class Files(QObject):
    """Asks where, lets a service do it, and says in the bar what came of it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._recent: list[QAction] = []

    # ---------------------------------------------------------------- opening

    def new_project(self) -> None:
        path = self._ask_save("New project", "articles.annot", PROJECTS)
        if path is not None:
            from annotator.services import projects

            self._show(projects.create(path))

    def open_project(self) -> None:
        path = self._ask_open("Open a project", PROJECTS)
        if path is not None:
            self.open(path)

    def open_sample(self) -> None:
        from annotator.services import projects

        self.open(projects.demo())

    def open_recent(self, path: str) -> None:
        """Opens a recent project; one that is gone leaves the list."""
        if not Path(path).is_file():
            self._window.settings.forget(path)
            remembered.save(self._window.settings)
            if self._window.project is None:
                self._window.show_start()
            raise AnnotatorError(
                f"{path} is not there any more. If it was moved, open it from its new place."
            )
        self.open(Path(path))

    def open(self, path: Path, annotator: str | None = None) -> None:
        """Opens a project, to write if possible, else to read with the reason on screen."""
        from annotator.services import projects

        window = self._window
        if window.project is not None and window.project.path == path.absolute():
            window.page.line.say(f"{path.name} is open already.")
            return
        self._show(projects.open_project(path, Access.WRITE_OR_READ), annotator)

    def _show(self, project: Project, annotator: str | None = None) -> None:
        window = self._window
        window.notice.hide()
        try:
            name = self._who(project, annotator)
            first = window.settings.last_article.get(str(project.path))
            window.show_project(project, name, first=first)
        except AnnotatorError:
            if window.project is not project:
                project.close()
            raise
        window.settings.remember(project.path)
        remembered.save(window.settings)
        self._tell_state(project)

    def _who(self, project: Project, annotator: str | None) -> str:
        """Who labels; where nothing can be written, someone who has labelled here before."""
        name = annotator or self._window.settings.labels_as()
        names = project.annotators()
        if project.read_only and names and name not in names and annotator is None:
            return names[0]
        return name

    def _tell_state(self, project: Project) -> None:
        """What a person should know about the file that was just opened, the weightiest first."""
        notice = self._window.notice
        labelling = self._window.page.labelling
        others = [name for name in project.annotators() if labelling and name != labelling.annotator]
        if project.read_only:
            notice.tell(f"Labelling is off. {project.read_only}")
        elif project.warnings:
            notice.tell(" ".join(project.warnings))
        elif project.recovered:
            self._window.page.line.say("The last end was unclean; all that was saved is here. Checking…")
            self._check_quietly(project.path)
        elif others and labelling:
            self._window.page.line.say(f"You label as {labelling.annotator}. Also here: {listed(others)}.")

    def fill_recent(self) -> None:
        """Puts the recent projects into the File menu, each time it opens."""
        from annotator.ui.actions import Menu

        menu = self._window.menus[Menu.FILE]
        for action in self._recent:
            menu.removeAction(action)
            action.deleteLater()
        before = self._window.bindings["project.import"]
        self._recent = []
        for path in self._window.settings.recent:
            there = Path(path).is_file()
            action = QAction(Path(path).stem if there else f"{Path(path).stem} (not there any more)", menu)
            action.setToolTip(path)
            action.setEnabled(there)
            action.triggered.connect(lambda _=False, path=path: self._attempt(self.open_recent, path))
            menu.insertAction(before, action)
            self._recent.append(action)

    # ---------------------------------------------------------------- in and out

    def import_files(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Import files", self._window.settings.folder, ARTICLES
        )
        if names:
            self._window.settings.folder = str(Path(names[0]).parent)
            self.bring_in([Path(name) for name in names])

    def bring_in(self, files: list[Path]) -> None:
        """Imports files while the window shows how far it is; Cancel keeps what is in so far."""
        from annotator.services import exchange
        from annotator.ui.progress import working

        project = self._project()
        with working(self._window, "Importing") as progress:
            report = exchange.import_files(project, files, progress=progress)
        page = self._window.page
        article = page.article.id if page.article else None
        assert page.labelling is not None
        self._window.show_project(project, page.labelling.annotator, first=article)
        faults = [str(fault) for fault in report.faults]
        said = counted(report.articles, "article") + " imported."
        if report.duplicates:
            said += f" {counted(report.duplicates, 'text')} already there."
        if faults:
            more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
            self._window.notice.tell(f"{said} Not everything came in: {faults[0]}{more}")
        else:
            self._window.notice.tell(said, role=style.GOOD)

    def export(self) -> None:
        project = self._project()
        path = self._ask_save("Export your labels", f"{project.path.stem}.jsonl", LABELS)
        if path is not None:
            self.write_out(path)

    def write_out(self, path: Path) -> None:
        """Writes the labels of the person who labels now."""
        from annotator.services import exchange
        from annotator.ui.progress import working

        labelling = self._window.page.labelling
        assert labelling is not None
        with working(self._window, "Exporting") as progress:
            exchange.export(
                self._project(), str(path), of=f"annotator:{labelling.annotator}", progress=progress
            )
        self._window.notice.tell(
            f"The labels of {labelling.annotator} are in {path}. Undecided suggestions are not among them.",
            role=style.GOOD,
        )

    # ---------------------------------------------------------------- copies and checks

    def save_copy(self) -> None:
        from annotator.storage import backups

        project = self._project()
        path = self._ask_save("Save a copy", f"{project.path.stem}-copy.annot", PROJECTS)
        if path is not None:
            backups.save_copy(project, path)
            self._window.notice.tell(f"A copy is in {path}.", role=style.GOOD)

    def restore_backup(self) -> None:
        """Lets a person choose one of the project's backups, and puts it in the project's place."""
        from annotator.storage import backups
        from annotator.ui.backup_dialog import BackupDialog

        project = self._project()
        made = backups.list_backups(project.path)
        if not made:
            raise AnnotatorError(
                "There is no backup of this project yet. One is made every 30 minutes of work."
            )
        dialog = BackupDialog(made, self._window)
        dialog.chosen.connect(lambda backup: self._attempt(self.put_back, backup.path))
        dialog.open()

    def put_back(self, backup: Path) -> None:
        """Replaces the open project by a backup; the replaced file is kept beside it."""
        from annotator.storage import backups

        window = self._window
        path = self._project().path
        window.close_project()
        try:
            aside = backups.restore(backup, path)
        finally:
            self.open(path)
        kept = f" The file as it was is kept as {aside.name}." if aside else ""
        window.notice.tell(f"The backup is in place.{kept}", role=style.GOOD)

    def check_project(self) -> None:
        """Checks the file and says what it found."""
        from annotator.storage.check import check

        report = check(self._project().path)
        if not report.clean:
            self._tell_faults(report)
            return
        marks = report.counts.get("entity", 0) + report.counts.get("stance", 0)
        articles = counted(report.counts.get("article", 0), "article")
        said = f"The project is sound: {articles}, {counted(marks, 'mark')}."
        self._window.notice.tell(said, role=style.GOOD)

    def back_up(self) -> None:
        """Backs the project up beside the window if it has changed; the work goes on meanwhile."""
        from annotator.storage import backups

        project = self._window.project
        if project is not None and backups.due(project):
            self._window.background.run(lambda: backups.back_up(project, "timed"), lambda _: None)

    def _check_quietly(self, path: Path) -> None:
        """Checks the file beside the window; only a fault is told."""
        from annotator.storage.check import check

        self._window.background.run(lambda: check(path), self._tell_faults)

    def _tell_faults(self, report: "Report") -> None:
        if report.clean:
            self._window.page.line.say("The project was checked and is sound.")
            return
        more = f" And {len(report.problems) - 1} more." if len(report.problems) > 1 else ""
        self._window.notice.tell(
            f"The check found a fault: {report.problems[0]}.{more} "
            "File, Restore a backup… goes back to a sound state."
        )

    # ---------------------------------------------------------------- shared

    def _attempt(self, call: Callable[..., object], *args: object) -> None:
        self._window.faults.attempt(call, *args)

    def _project(self) -> Project:
        project = self._window.project
        if project is None:
            raise AnnotatorError("No project is open.")
        return project

    def _ask_save(self, title: str, name: str, kinds: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        folder = Path(self._window.settings.folder or Path.home())
        found, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / name), kinds)
        if not found:
            return None
        path = Path(found)
        self._window.settings.folder = str(path.parent)
        suffix = Path(name).suffix
        return path if path.suffix else path.with_suffix(suffix)

    def _ask_open(self, title: str, kinds: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        found, _ = QFileDialog.getOpenFileName(self._window, title, self._window.settings.folder, kinds)
        if not found:
            return None
        self._window.settings.folder = str(Path(found).parent)
        return Path(found)
