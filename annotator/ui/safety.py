"""What keeps a project safe: backups, copies, checks, and what can be done about a damaged file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.errors import AnnotatorError
from annotator.services.wording import counted
from annotator.ui import style

if TYPE_CHECKING:
    from annotator.storage.check import Report
    from annotator.ui.notice_bar import Choice
    from annotator.ui.window import Window


class Safety(QObject):
    """Lets storage do it, beside the window where it takes long, and says in the bar what came of it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window

    # ---------------------------------------------------------------- copies and backups

    def save_copy(self) -> None:
        from annotator.storage import backups
        from annotator.ui.files import PROJECTS

        files = self._window.files
        project = files.project()
        path = files.ask_save("Save a copy", f"{project.path.stem}-copy.annot", PROJECTS)
        if path is not None:
            backups.save_copy(project, path)
            self._window.notice.tell(f"A copy is in {path}.", role=style.GOOD)

    def back_up(self) -> None:
        """Backs the project up beside the window if it has changed; the work goes on meanwhile."""
        from annotator.storage import backups

        project = self._window.project
        if project is None:
            return
        if project.displaced() is not None:  # what lies there now is not the project
            self._window.displaced.notice()
        elif backups.due(project):
            self._window.background.run(lambda: backups.back_up(project, "timed"), lambda _: None)

    def restore_backup(self) -> None:
        """Lets a person choose one of the project's backups, and puts it in the project's place."""
        self._choose_backup(self._window.files.project().path)

    def _choose_backup(self, path: Path) -> None:
        from annotator.storage import backups
        from annotator.ui.backup_dialog import BackupDialog

        made = backups.list_backups(path)
        if not made:
            raise AnnotatorError(
                "There is no backup of this project yet. One is made every 30 minutes of work."
            )
        dialog = BackupDialog(made, self._window)
        dialog.chosen.connect(lambda backup: self._attempt(self.put_back, backup.path, path))
        dialog.open()

    def put_back(self, backup: Path, path: Path) -> None:
        """Replaces the project at a path by a backup and opens it; the replaced file is kept beside it."""
        from annotator.storage import backups

        window = self._window
        if window.project is not None:
            window.close_project()
        try:
            aside = backups.restore(backup, path)
        finally:
            window.files.open(path)
        kept = f" The file as it was is kept as {aside.name}." if aside else ""
        window.notice.tell(f"The backup is in place.{kept}", role=style.GOOD)

    # ---------------------------------------------------------------- checks

    def check_project(self) -> None:
        """Checks the file beside the window and says what it found."""
        from annotator.storage.check import check

        path = self._window.files.project().path
        self._window.page.line.say("Checking the project…")
        self._window.background.run(lambda: check(path), lambda report: self._tell_check(path, report))

    def check_quietly(self, path: Path) -> None:
        """Checks the file beside the window; only a fault stays on screen."""
        from annotator.storage.check import check

        def tell(report: "Report") -> None:
            if report.clean:
                self._window.page.line.say("The project was checked and is sound.")
            else:
                self._tell_faults(path, report)

        self._window.background.run(lambda: check(path), tell)

    def _tell_check(self, path: Path, report: "Report") -> None:
        if not report.clean:
            self._tell_faults(path, report)
            return
        marks = report.counts.get("entity", 0) + report.counts.get("stance", 0)
        articles = counted(report.counts.get("article", 0), "article")
        said = f"The project is sound: {articles}, {counted(marks, 'mark')}."
        self._window.notice.tell(said, role=style.GOOD)

    def _tell_faults(self, path: Path, report: "Report") -> None:
        window = self._window
        choices = self._ways_out(path)
        if len(report.problems) > 1:
            show = partial(window.show_lines, "What the check found", report.problems)
            choices.insert(0, (f"Show all {len(report.problems):,}", show))
        window.notice.tell(f"The check of {path.name} found a fault: {report.problems[0]}.", choices=choices)

    # ---------------------------------------------------------------- a damaged file

    def offer_rescue(self, path: Path, fault: AnnotatorError) -> None:
        """Tells that a project is damaged, and offers what can be done about it."""
        if self._window.project is None:
            self._window.show_start()
        self._window.notice.tell(str(fault), choices=self._ways_out(path))

    def _ways_out(self, path: Path) -> "list[Choice]":
        from annotator.storage import backups

        ways: list[Choice] = []
        if backups.list_backups(path):
            ways.append(("Restore a backup…", lambda: self._attempt(self._choose_backup, path)))
        ways.append(("Save what is readable…", lambda: self._attempt(self._ask_readable, path)))
        return ways

    def _ask_readable(self, path: Path) -> None:
        from annotator.ui.files import PROJECTS

        target = self._window.files.ask_save("Save what is readable", f"{path.stem}-readable.annot", PROJECTS)
        if target is not None:
            self.save_readable(path, target)

    def save_readable(self, path: Path, target: Path) -> None:
        """Makes a new project of what can still be read of a damaged one, beside the window; opens it."""
        from annotator.services import projects

        window = self._window
        window.notice.tell(f"Saving what is readable of {path.name}…", role=style.ACCENT)

        def done(saved: dict[str, int]) -> None:
            window.files.open(target)
            marks = saved.get("entity", 0) + saved.get("stance", 0)
            articles = counted(saved.get("article", 0), "article")
            window.notice.tell(
                f"{articles} and {counted(marks, 'mark')} could be read and are in {target.name}, "
                f"which is open now. {path.name} was not changed.",
                role=style.GOOD,
            )

        window.background.run(lambda: projects.save_readable(path, target).saved, done)

    def _attempt(self, call: Callable[..., object], *args: object) -> None:
        self._window.faults.attempt(call, *args)
