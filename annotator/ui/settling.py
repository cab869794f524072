"""Settles what all mark alike in the window's own thread, a little at a time."""

from collections.abc import Callable, Sequence
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.services.review_queue import Unsettled
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.services.settling import settle_article
from annotator.ui.faults import Faults

_AT_ONCE_MS = 25  # then the window has its turn


class Settling(QObject):
    """`settled` carries the article that was, `ended` says that none is left.

    What cannot be settled in one article is told, and holds up no other.
    """

    settled = Signal(object)  # 63 bits, more than Signal(int) carries
    ended = Signal()

    def __init__(self, faults: Faults, parent: QObject, wanted: Callable[[], bool] = lambda: True) -> None:
        """Stops once `wanted` says no."""
        super().__init__(parent)
        self._faults = faults
        self._wanted = wanted
        self._left: list[Unsettled] = []
        self._all = 0
        self._by: tuple[Reviewing, GroupReader] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._some)

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    @property
    def reached(self) -> tuple[int, int]:
        """Articles that are done, and all."""
        return self._all - len(self._left), self._all

    def start(self, reviewing: Reviewing, reader: GroupReader, unsettled: Sequence[Unsettled]) -> None:
        self._by, self._left, self._all = (reviewing, reader), list(unsettled), len(unsettled)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._by, self._left = None, []

    def _some(self) -> None:
        until = monotonic() + _AT_ONCE_MS / 1000
        while self._left and self._by is not None and self._wanted() and monotonic() < until:
            each = self._left.pop()
            self._faults.attempt(settle_article, *self._by, each)
            self.settled.emit(each[0])
        if self._by is None or (self._left and self._wanted()):
            return
        whole = not self._left
        self.stop()
        if whole:
            self.ended.emit()
