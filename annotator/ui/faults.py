"""The one place where errors end: those meant for people are told, our own bugs are logged and told once."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from annotator.domain.errors import AnnotatorError
from annotator.storage.faults import READING_FAULTS, explain

_log = logging.getLogger("annotator")


class Faults(QObject):
    """`told` carries an AnnotatorError; `bug` comes at most once."""

    told = Signal(object)
    bug = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None  # the open project: what SQLite cannot read of it is no bug of ours
        self._bug_told = False
        self._before: Callable[..., object] | None = None

    def explain(self, error: BaseException) -> AnnotatorError | None:
        """The error meant for people that an error is or stands for; None for our own bugs."""
        if isinstance(error, AnnotatorError):
            return error
        if self.path is not None and isinstance(error, READING_FAULTS):
            return explain(error, self.path)
        return None

    def attempt(self, call: Callable[..., object], *args: object) -> bool:
        """Calls, and returns whether no error meant for people came of it; our own bugs go on to `caught`."""
        try:
            call(*args)
        except (AnnotatorError, *READING_FAULTS) as error:
            told = self.explain(error)
            if told is None:
                raise
            self.told.emit(told)
            return False
        return True

    def install(self) -> None:
        """From now on what a slot or an event override raises comes here."""
        self._before = sys.excepthook
        sys.excepthook = self.caught

    def uninstall(self) -> None:
        if self._before is not None:
            sys.excepthook = self._before
            self._before = None

    def caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None = None
    ) -> None:
        told = self.explain(error)
        if told is not None:
            self.told.emit(told)
            return
        if issubclass(kind, KeyboardInterrupt):
            from PySide6.QtCore import QCoreApplication

            QCoreApplication.quit()
            return
        _log.error("A fault of the program itself", exc_info=(kind, error, trace))
        if not self._bug_told:
            self._bug_told = True
            self.bug.emit()
