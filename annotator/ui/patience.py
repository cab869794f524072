"""What is shown while a gesture on thousands of marks is saved: how far it is, and a way to stop it."""

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from annotator.domain.errors import GestureRefused

if TYPE_CHECKING:
    from PySide6.QtWidgets import QProgressDialog

_UNNOTICED = 0.3  # seconds in which nobody looks for a sign
_BETWEEN = 0.04  # seconds from one look at the keys to the next


class Patience:
    """Waits for the gestures of a window (storage.waiting); nothing else is heard while one is shown."""

    def __init__(self, window: QWidget, *, unnoticed: float = _UNNOTICED) -> None:
        self._window = window
        self._unnoticed = unnoticed
        self._summary = ""
        self._begun = self._looked = 0.0
        self._shown: QProgressDialog | None = None

    def begun(self, summary: str) -> None:
        self._summary, self._begun = summary, perf_counter()

    def reached(self, share: float) -> None:
        """Raises GestureRefused once a person has stopped it."""
        now = perf_counter()
        if now - self._begun < self._unnoticed or now - self._looked < _BETWEEN:
            return
        self._looked = now
        dialog = self._shown = self._shown or _dialog(self._window.window(), self._summary)
        dialog.setValue(round(100 * share))
        QCoreApplication.processEvents()
        if dialog.wasCanceled():
            raise GestureRefused("Stopped: nothing was changed.")

    def ended(self) -> None:
        if self._shown is not None:
            self._shown.close()
            self._shown.deleteLater()
            self._shown = None
            self._window.window().activateWindow()  # not every window system does that by itself


def _dialog(window: QWidget, summary: str) -> "QProgressDialog":
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QProgressDialog  # for gestures that few ever make

    dialog = QProgressDialog(f"{summary[:1].upper()}{summary[1:]}…", "Stop (Esc)", 0, 100, window)
    dialog.setWindowTitle("Saving")
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    dialog.setMinimumDuration(0)
    dialog.setMinimumWidth(420)
    dialog.setAutoReset(False)
    dialog.setAutoClose(False)
    dialog.rejected.connect(dialog.cancel)  # by Esc before it has the focus
    dialog.forceShow()  # after `show` it would show itself a second time
    return dialog
