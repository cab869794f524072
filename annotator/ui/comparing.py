"""Reads what there is to review beside the window: soon what the first articles have, then all."""

from PySide6.QtCore import QObject, Qt, Signal

from annotator.domain.errors import AnnotatorError
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.ui.asking import Asking, Told
from annotator.ui.background import Background


class Comparing(QObject):
    """`found` carries a ReviewQueue: of the first articles, of ever more, in the end of all.

    `failed` carries an error, `moved` how many articles are read, and of how many. Nothing comes once it is
    stopped.
    """

    found = Signal(object)
    failed = Signal(object)
    moved = Signal(int, int)
    _part = Signal(object, object)  # whose, and the queue

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._asked: object = None
        self._asking = Asking(background, self)
        self._asking.moved.connect(lambda done, total, _: self.moved.emit(done, total))
        self._asking.answered.connect(self._end)
        self._part.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._asking.busy

    def read(self, reader: GroupReader, lead: str, seed: int, *, second: bool) -> None:
        """What is being read now is stopped for it; the reader keeps what it has grouped."""
        asked = self._asked = object()

        def work(told: Told) -> ReviewQueue | None:
            queue = None
            for compared in reader.parts(seed, told):
                queue = ReviewQueue(compared, lead, second=second)
                if compared.whole:
                    queue.unsettled()  # found out here, it is told the window at once
                else:
                    self._part.emit(asked, queue)
            return queue

        self._asking.ask(work)

    def stop(self) -> None:
        self._asked = None
        self._asking.stop()

    def _hand_over(self, asked: object, queue: ReviewQueue) -> None:
        if asked is self._asked:
            self.found.emit(queue)

    def _end(self, answer: ReviewQueue | AnnotatorError) -> None:
        self._asked = None
        if isinstance(answer, AnnotatorError):
            self.failed.emit(answer)
        else:
            self.found.emit(answer)
