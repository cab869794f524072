"""Settles a project before its gold is written: read beside the window, saved in its thread."""

import time

from PySide6.QtCore import QObject, Signal

from annotator.domain.errors import AnnotatorError
from annotator.services.reviewing import Reviewing
from annotator.services.settling import GoldState, GoldStates
from annotator.storage.project import Project
from annotator.ui.asking import Asking
from annotator.ui.background import Background
from annotator.ui.faults import Faults
from annotator.ui.settling import Settling


class GoldFirst(QObject):
    """`ended` carries None, or why it came to nothing; `moved` is as that of Asking.

    Nothing comes once it is stopped. A project that can only be read stays as it is.
    """

    ended = Signal(object)
    moved = Signal(int, int, float)

    def __init__(
        self, project: Project, lead: str, gold: GoldStates, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._lead = lead
        self._gold = gold
        self._began = 0.0
        self._reading = Asking(background, self)
        self._reading.moved.connect(self.moved)
        self._reading.answered.connect(self._settle)
        faults = Faults(self)
        faults.told.connect(self._fail)
        self._settling = Settling(faults, self)
        self._settling.settled.connect(lambda _: self._tell())
        self._settling.ended.connect(lambda: self.ended.emit(None))

    @property
    def busy(self) -> bool:
        return self._reading.busy or self._settling.active

    def start(self) -> None:
        self._began = time.monotonic()
        self._reading.ask(self._gold.read)

    def stop(self) -> None:
        self._reading.stop()
        self._settling.stop()

    def _settle(self, found: GoldState | AnnotatorError) -> None:
        if isinstance(found, AnnotatorError):
            self.ended.emit(found)
        elif not found.unsettled or self._project.read_only is not None or not self._lead:
            self.ended.emit(None)
        else:
            self._settling.start(Reviewing(self._project, self._lead), self._gold.reader, found.unsettled)

    def _tell(self) -> None:
        self.moved.emit(*self._settling.reached, time.monotonic() - self._began)

    def _fail(self, error: AnnotatorError) -> None:
        self.stop()
        self.ended.emit(error)
