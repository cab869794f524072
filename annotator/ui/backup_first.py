"""A backup made beside the window before something that reaches far, with how far it is."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from annotator.domain.errors import AnnotatorError
from annotator.ui.asking import Asking, Told
from annotator.ui.background import Background
from annotator.ui.faults import Faults
from annotator.ui.time_left import share

_STEPS = 1_000  # of the bar


class BackupFirst(QObject):
    """One backup. Meanwhile nothing else is done in the window, so that what was asked for still holds."""

    def __init__(self, background: Background, faults: Faults, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._faults = faults
        self._then: Callable[[], object] | None = None
        self._dialog = QProgressDialog("Making a backup first…", "Cancel", 0, 0, parent)
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setAutoReset(False)
        self._dialog.setAutoClose(False)
        self._dialog.canceled.connect(self._stop)
        self._asking = Asking(background, self)
        self._asking.moved.connect(self._show)
        self._asking.answered.connect(self._end)

    def run(self, back_up: Callable[[Told], object], then: Callable[[], object]) -> None:
        """Does `back_up` in a worker, then `then` here; not after Cancel or an error, which is told."""
        self._then = then
        self._dialog.show()
        self._asking.ask(back_up)

    def _show(self, done: int, total: int, seconds: float) -> None:
        left = share(done, total, seconds)
        self._dialog.setMaximum(_STEPS if done and total else 0)
        self._dialog.setValue(_STEPS * done // total if total else 0)
        self._dialog.setLabelText(f"Making a backup first… {left}" if left else "Making a backup first…")

    def _end(self, answer: object) -> None:
        self._stop()
        if isinstance(answer, AnnotatorError):
            self._faults.told.emit(answer)
        elif self._then is not None:
            self._faults.attempt(self._then)

    def _stop(self) -> None:
        self._asking.stop()
        self._dialog.hide()  # closing it would count as Cancel
        self._dialog.deleteLater()
        self._parent.activateWindow()
        self.deleteLater()
