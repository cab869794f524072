"""Work that takes a whole project for long: the window lets go of it, a worker has it, then it is back."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog

from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.storage.project import Project
from annotator.ui.time_left import share

if TYPE_CHECKING:
    from annotator.ui.window import Window

Result = TypeVar("Result")
Told = Callable[[int, int | None], None]

_STEPS = 1_000  # of the bar


class Aside(QObject):
    """One piece of work for a worker of the window."""

    _moved = Signal(object, object)  # bytes of large files are more than an int of C
    _ended = Signal()

    def __init__(self, window: "Window", what: str, *, stopped: str = "") -> None:
        """`what` is being done; `stopped` is told after Cancel, without it that what was saved is there."""
        super().__init__(window)
        project, page = window.files.project(), window.page
        self._window = window
        self._path = project.path
        self._annotator = page.labelling.annotator if page.labelling else None
        self._stopped = threading.Event()
        self._what = what
        self._told_stopped = stopped or f"{what} was stopped. What was saved by then is there."
        self._began = 0.0
        self._dialog = QProgressDialog(f"{what}…", "Cancel", 0, 0, window)
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setMinimumDuration(0)
        self._dialog.setAutoReset(False)
        self._dialog.canceled.connect(self._stopped.set)
        self._moved.connect(self._show)
        self._ended.connect(self._take_up)

    def run(self, work: Callable[[Project, Told], Result], then: Callable[[Result], None]) -> None:
        """Does `work` with the project, opened to write, and calls `then` when the window has it back.

        An error meant for people is told instead. Cancel makes the function that `work` tells progress raise
        GestureRefused.
        """
        faults = self._window.faults

        def whole() -> Result | AnnotatorError:
            try:
                with Project.open(self._path) as project:
                    return work(project, self._tell)
            except AnnotatorError as error:
                return error
            finally:
                self._ended.emit()

        def hand_over(result: Result | AnnotatorError) -> None:
            if isinstance(result, AnnotatorError):
                faults.told.emit(result)
            else:
                then(result)

        self._window.close_project()
        self._began = time.monotonic()
        self._dialog.show()
        self._window.background.run(whole, hand_over)

    def _tell(self, done: int, total: int | None = None) -> None:
        if self._stopped.is_set():
            raise GestureRefused(self._told_stopped)
        self._moved.emit(done, total or 0)

    def _show(self, done: int, total: int) -> None:
        self._dialog.setMaximum(_STEPS if done and total else 0)
        self._dialog.setValue(_STEPS * done // total if total else 0)
        left = share(done, total, time.monotonic() - self._began)
        self._dialog.setLabelText(f"{self._what}… {left}" if left else f"{self._what}…")

    def _take_up(self) -> None:
        self._dialog.close()
        self._window.activateWindow()
        self._window.files.open(self._path, self._annotator)
        self.deleteLater()
