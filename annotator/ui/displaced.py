"""The file of the open project is gone, or another lies in its place: so that nothing is lost with it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.errors import AnnotatorError, GestureRefused, ProjectDisplaced
from annotator.storage.project import Project
from annotator.ui import style

if TYPE_CHECKING:
    from annotator.ui.notice_bar import Choice
    from annotator.ui.window import Window


class Displaced(QObject):
    """Part of the window. All of the project can still be read by its open connection, and by that alone."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._told: Project | None = None
        self._kept: tuple[Project, int] | None = None  # what is in a backup: as many changes of which project

    def notice(self) -> None:
        """Tells that the file is gone as soon as it is seen, once; each refused gesture tells it again."""
        project = self._window.project
        displaced = project.displaced() if project is not None else None
        if displaced is not None and project is not self._told:
            self._window.show_error(displaced)

    def offer(self, fault: ProjectDisplaced) -> None:
        """Tells it, and offers to save all of the project; a backup is made before anybody answers."""
        window = self._window
        project = window.files.project()
        if project is not self._told:
            self._told = project
            self._is_kept(project)
        window.page.show_not_saved(fault.in_short, str(fault), choices=self._ways(fault))

    def hold(self, fault: ProjectDisplaced, then: Callable[[], object]) -> None:
        """Asks what becomes of the project before it is closed; `then` closes it.

        Raises GestureRefused: the project stays open until there is an answer.
        """
        window = self._window
        project = window.files.project()
        kept = self._is_kept(project)
        where = "A backup of it is kept." if kept else "No backup could be made: it is nowhere else."

        def let_go() -> None:
            project.adrift = True
            self._attempt(then)

        window.page.line.show_not_saved(fault.in_short, str(fault))
        window.notice.ask(
            f"{project.path.name} {fault.what}. All of your work is still open here: "
            f"save it before it is closed? {where}",
            [self._ways(fault)[0], ("Close without it", let_go)],
        )
        raise GestureRefused(f"{project.path.name} stays open: choose above what becomes of it.")

    def _is_kept(self, project: Project) -> bool:
        """Whether a backup holds all of it, made now: the program may be ended before anybody answers."""
        from annotator.storage import backups

        whole = project, project.db.total_changes
        if self._kept == whole:
            return True
        if not self._window.faults.attempt(partial(backups.back_up, project, "file gone", own=True)):
            return False
        project.empty_side_file()
        self._kept = whole
        return True

    def _ways(self, fault: ProjectDisplaced) -> "list[Choice]":
        path = self._window.files.project().path
        ways: list[Choice] = [("Save a copy…", lambda: self._attempt(self._ask_copy))]
        if fault.gone and path.parent.is_dir():
            ways.insert(0, ("Put it back", lambda: self._attempt(self.save_to, path)))
        return ways

    def _ask_copy(self) -> None:
        from annotator.ui.files import PROJECTS

        files = self._window.files
        path = files.ask_save("Save a copy", f"{files.project().path.stem}-copy.annot", PROJECTS)
        if path is not None:
            self.save_to(path)

    def save_to(self, target: Path) -> None:
        """Saves all of the project, with what is half typed, to a new file and goes on there."""
        from annotator.storage import backups

        window = self._window
        project, page = window.files.project(), window.page
        labelling, article = page.labelling, page.article
        caret, focused = page.view.caret, page.view.focused
        project.adrift = True
        try:
            window.keep_typed(window.close_project)
            backups.save_copy(project, target)
        except AnnotatorError:
            project.adrift = False
            raise
        if article is not None:
            window.settings.last_article[str(target.resolve())] = article.id
        window.close_project()
        window.files.open(target, labelling.annotator if labelling else None)
        if article is not None:
            page.view.put_caret(caret)
            page.view.focus_mark(focused)
        window.notice.tell(f"All of your work is in {target}, which is open now.", role=style.GOOD)

    def _attempt(self, call: Callable[..., object], *args: object) -> None:
        self._window.faults.attempt(call, *args)
