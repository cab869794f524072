"""Long work in the window: a dialog shows how far it is, and Cancel ends it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from annotator.domain.errors import GestureRefused

_REDRAW_S = 0.05


@contextmanager
def working(parent: QWidget, what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A function `(done, total)` for the work to call; it raises GestureRefused once Cancel was pressed.

    The dialog shows only if the work takes more than half a second.
    """
    dialog = QProgressDialog(what, "Cancel", 0, 0, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(500)
    drawn = 0.0

    def moved(done: int, total: int | None = None) -> None:
        nonlocal drawn
        if time.monotonic() - drawn < _REDRAW_S:
            return
        drawn = time.monotonic()
        dialog.setMaximum(total or 0)
        dialog.setValue(min(done, total) if total else 0)
        QCoreApplication.processEvents()
        if dialog.wasCanceled():
            raise GestureRefused(f"{what} was stopped. What was saved by then is there.")

    try:
        yield moved
    finally:
        dialog.close()
        dialog.deleteLater()
