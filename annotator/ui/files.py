"""What the File menu does with projects: they are made and opened."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from annotator.domain.directions import isolated
from annotator.domain.errors import AnnotatorError, ProjectDamaged
from annotator.places import typed_labels
from annotator.storage.faults import explained
from annotator.storage.project import Access, Project
from annotator.ui import settings as remembered
from annotator.ui.wording import listed

if TYPE_CHECKING:
    from annotator.ui.window import Window

PROJECTS = "Annotator project (*.annot)"


class Files(QObject):
    """Asks where, lets a service do it, and says in the bar what came of it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._recent: list[QAction] = []

    # ---------------------------------------------------------------- opening

    def new_project(self) -> None:
        path = self.ask_save("New project", "articles.annot", PROJECTS)
        if path is not None:
            from annotator.services import projects

            self._show(projects.create(path))

    def open_project(self) -> None:
        path = self.ask_open("Open a project", PROJECTS)
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
        """Opens a project, to write if possible, else to read with the reason on screen.

        For a damaged one the window offers what can be done.
        """
        from annotator.services import projects

        window = self._window
        if window.project is not None and window.project.path == path.absolute():
            window.page.line.say(f"{path.name} is open already.")
            return
        try:
            self._show(projects.open_project(path, Access.WRITE_OR_READ), annotator)
        except ProjectDamaged as fault:
            window.safety.offer_rescue(path, fault)

    def _show(self, project: Project, annotator: str | None = None) -> None:
        window = self._window
        window.notice.hide()
        try:
            with explained(project.path):
                name = self._who(project, annotator)
                first = window.settings.last_article.get(str(project.path))
                window.show_project(project, name, first=first)
        except AnnotatorError:
            if window.project is project:
                window.close_project()
            else:
                project.close()
            raise
        if window.settings.remember(project.path):
            remembered.save(window.settings)
        self._tell_state(project)

    def _who(self, project: Project, annotator: str | None) -> str:
        """Who labels; where nothing can be written, someone who has labelled here before."""
        name = annotator or project.made_for() or self._window.settings.labels_as()
        names = project.annotators()
        if project.read_only and names and name not in names and annotator is None:
            return names[0]
        return name

    def _tell_state(self, project: Project) -> None:
        """What a person should know about the file that was just opened."""
        notice = self._window.notice
        labelling = self._window.page.labelling
        others = [name for name in project.annotators() if labelling and name != labelling.annotator]
        if project.read_only:
            notice.tell(f"Labelling is off. {project.read_only}")
        elif project.warnings:
            notice.tell(" ".join(project.warnings))
        if project.recovered:
            self._window.page.line.say("The last end was unclean; all that was saved is here. Checking…")
            self._window.safety.check_quietly(project.path)
        elif others and labelling:
            self._window.page.line.say(
                f"You label as {isolated(labelling.annotator)}. Also here: {listed(others)}."
            )
        if not notice.isVisible() and typed_labels(project.path).is_file():
            self._window.labels.tell_kept()

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

    # ---------------------------------------------------------------- shared

    def _attempt(self, call: Callable[..., object], *args: object) -> None:
        self._window.faults.attempt(call, *args)

    def project(self) -> Project:
        """The project that is open."""
        project = self._window.project
        if project is None:
            raise AnnotatorError("No project is open.")
        return project

    def ask_save(self, title: str, name: str, kinds: str) -> Path | None:
        """Asks for a new file's place; None when the person leaves it."""
        from PySide6.QtWidgets import QFileDialog

        folder = Path(self._window.settings.folder or Path.home())
        found, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / name), kinds)
        if not found:
            return None
        path = Path(found)
        self._window.settings.folder = str(path.parent)
        suffix = Path(name).suffix
        return path if path.suffix else path.with_suffix(suffix)

    def ask_open(self, title: str, kinds: str) -> Path | None:
        """Asks for a file that is there; None when the person leaves it."""
        from PySide6.QtWidgets import QFileDialog

        found, _ = QFileDialog.getOpenFileName(self._window, title, self._window.settings.folder, kinds)
        if not found:
            return None
        self._window.settings.folder = str(Path(found).parent)
        return Path(found)
