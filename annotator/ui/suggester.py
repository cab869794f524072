"""Suggestions for the window: asks a pipeline's process for the open article and the next, keeps answers."""

from concurrent.futures import Future
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from annotator.domain.errors import AnnotatorError, PipelineError, PipelineNotTrusted
from annotator.services.suggesting import Suggesting, process_for, unknown_labels
from annotator.suggest.client import Answer, Ready


class SuggesterState(StrEnum):
    IDLE = "idle"  # nothing asked yet, or nothing left to read
    LOADING = "loading"
    READING = "reading"
    OFF = "off"  # the pipeline cannot be loaded, or the suggester was closed


class Suggester(QObject):
    """Lives as long as its window, project and pipeline, whose process starts with the first question.

    Answers come in from the client's threads by queued signals of this one object; all that happens in the
    window's thread is a short transaction for each.
    """

    arrived = Signal(object, int)  # article id (63 bits, more than a Signal's int), new suggestions
    begun = Signal()  # the pipeline is known, and what of it was stored before
    noticed = Signal(str)  # a line for people
    untrusted = Signal(object)  # PipelineNotTrusted: nobody has allowed the pipeline to run
    state_changed = Signal(object)  # SuggesterState

    _answered = Signal(object, object)  # article id, its Future
    _started = Signal(object)  # the Future of who the pipeline is

    def __init__(self, suggesting: Suggesting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = SuggesterState.IDLE
        self._suggesting = suggesting
        self._client = process_for(suggesting.choices, notice=self.noticed.emit)
        self._wanted: tuple[int, ...] = ()
        self._asked: dict[int, Future[Answer]] = {}
        self._told: set[str] = set()
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._started.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    @property
    def pids(self) -> list[int]:
        """The process ids of the pipeline's processes."""
        return self._client.pids

    def ask(self, article_id: int, next_id: int | None = None) -> None:
        """Has an article read, then the one after it; forgets what was asked before and not begun."""
        if self.state is SuggesterState.OFF:
            return
        self._wanted = (article_id,) if next_id is None else (article_id, next_id)
        if self._suggesting.run:
            self._submit()
        elif self.state is SuggesterState.IDLE and self._suggesting.wanted(article_id):
            self._become(SuggesterState.LOADING)
            self._client.start().add_done_callback(self._started.emit)

    def close(self) -> None:
        """Ends the pipeline's process; nothing is asked or told afterwards."""
        self._become(SuggesterState.OFF)
        self._client.close()

    @Slot(object)
    def _begin(self, started: "Future[Ready]") -> None:
        if self.state is SuggesterState.OFF:
            return
        error = started.exception()
        if isinstance(error, PipelineError):
            self._fail(error)
            return
        try:
            self._suggesting.begin(started.result())
        except AnnotatorError as said:  # a full disk: the suggestions are worth having all the same
            self.noticed.emit(str(said))
        self.begun.emit()
        self._submit()

    def _submit(self) -> None:
        """Asks for what is wanted and was not read; only now that the pipeline is known can that be told."""
        for article_id in [each for each in self._asked if each not in self._wanted]:
            if self._asked[article_id].cancel():
                del self._asked[article_id]
        for article_id in self._wanted:
            request = None if article_id in self._asked else self._suggesting.wanted(article_id)
            if request:
                future = self._asked[article_id] = self._client.submit(request)
                future.add_done_callback(partial(self._answered.emit, article_id))
        self._become(SuggesterState.READING if self._asked else SuggesterState.IDLE)

    @Slot(object, object)
    def _take(self, article_id: int, future: "Future[Answer]") -> None:
        if self.state is SuggesterState.OFF or self._asked.get(article_id) is not future:
            return
        del self._asked[article_id]
        error = future.exception()
        if isinstance(error, PipelineError):
            self._fail(error)
        else:
            self._keep(future.result())
        if self.state is SuggesterState.READING and not self._asked:
            self._become(SuggesterState.IDLE)

    def _keep(self, answer: Answer) -> None:
        try:
            count = self._suggesting.store(answer)
        except AnnotatorError as error:
            self.noticed.emit(str(error))
            return
        self.arrived.emit(answer.article_id, count)
        unknown = {
            label: count for label, count in self._suggesting.unknown.items() if label not in self._told
        }
        if unknown:
            self._told |= unknown.keys()
            self.noticed.emit(unknown_labels(answer.pipeline, unknown))

    def _fail(self, error: PipelineError) -> None:
        """Tells of an article that was given up, or of a pipeline that is no use at all."""
        if self._client.fault:
            self._become(SuggesterState.OFF)
        if isinstance(error, PipelineNotTrusted):
            self.untrusted.emit(error)
        else:
            self.noticed.emit(str(error))

    def _become(self, state: SuggesterState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
