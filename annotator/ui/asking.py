"""Questions to a worker beside a window: the newest counts, the one before is stopped."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.ui.background import Background

Told = Callable[[int, int | None], None]
Work = Callable[[Told], object]

_LOOK_MS = 100


@dataclass(slots=True)
class _Job:
    """One question; the worker writes how far it is, the window's thread reads that."""

    work: Work
    stopped: bool = False
    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int | None = None) -> None:
        if self.stopped:
            raise GestureRefused("Stopped.")
        self.done, self.total = done, total or 0

    def answer(self) -> object:
        """What the work gives, or the error meant for people that came of it."""
        try:
            return None if self.stopped else self.work(self.tell)
        except AnnotatorError as error:
            return error


class Asking(QObject):
    """Asks for something that takes long. The work gets a function `(done, total)` to tell how far it is,
    which raises GestureRefused once another question was asked or `stop` was called.

    `answered` carries what the work gave, or an AnnotatorError; `moved` how much is done of how much (0 where
    that is not known), and for how many seconds it has been worked on.
    """

    answered = Signal(object)
    moved = Signal(int, int, float)

    def __init__(self, background: Background, parent: QObject, *, wait_ms: int = 0) -> None:
        """A question waits `wait_ms` for a newer one before it goes to the worker."""
        super().__init__(parent)
        self._background = background
        self._job: _Job | None = None
        self._began = 0.0
        self._wait = QTimer(self, singleShot=True, interval=wait_ms)
        self._wait.timeout.connect(self._begin)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._tell)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def ask(self, work: Work) -> None:
        self.stop()
        self._job = _Job(work)
        self._wait.start()

    def stop(self) -> None:
        """Nothing is answered any more to what was asked."""
        self._wait.stop()
        self._look.stop()
        if self._job is not None:
            self._job.stopped = True
            self._job = None

    def _begin(self) -> None:
        job = self._job
        assert job is not None
        self._began = time.monotonic()
        self._look.start()

        def hand_over(answer: object) -> None:
            if not job.stopped:  # otherwise whoever asked may be gone
                self.stop()
                self.answered.emit(answer)

        self._background.run(job.answer, hand_over)

    def _tell(self) -> None:
        if self._job is not None:
            self.moved.emit(self._job.done, self._job.total, time.monotonic() - self._began)
