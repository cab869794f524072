"""One pooled worker beside the window: backups, checks, slow imports. Results come back to its thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from annotator.domain.errors import AnnotatorError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Result = TypeVar("Result")


class Background(QObject):
    """Runs one piece of work at a time, in order. Work must not touch widgets or the window's connection.

    `failed` carries the AnnotatorError that ended a piece of work.
    """

    failed = Signal(object)
    _finished = Signal(object, object)  # the Future, what to call with its result

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._finished.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Does `work` beside the window, then calls `then` in its thread; our own bugs are raised there."""
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "background")
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: self._finished.emit(done, then))

    def close(self) -> None:
        """Waits for the work that was begun, forgets the rest."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _hand_over(self, future: "Future[Result]", then: Callable[[Result], None]) -> None:
        if future.cancelled():
            return
        if isinstance(error := future.exception(), AnnotatorError):
            self.failed.emit(error)
        else:
            then(future.result())
