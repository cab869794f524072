"""Requests on their way to an answer, and the places of the children that have them."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from annotator.domain.errors import PipelineError
from annotator.suggest.child import Child
from annotator.suggest.messages import Answer, Ready, Task

# Code points of ordinary requests that one child may have at a time: two of its batches, so that it never
# waits for the next one.
IN_HAND = 48_000
# An article that ends its process this often, with nothing else in work, is given up.
DEATHS = 2
# A child that has up to IN_HAND to read and says nothing for so many seconds hangs: that takes seconds,
# and with the slowest pipelines some minutes.
PATIENCE = 600.0


@dataclass(eq=False, slots=True)
class Job:
    """A request until it is answered; a suspect was with a child that ended, and is sent again alone."""

    task: Task
    article_id: int
    future: Future[Answer]
    suspect: bool = False
    deaths: int = 0

    def begin(self) -> bool:
        """Whether it is still wanted; from now on it cannot be cancelled."""
        return self.future.running() or self.future.set_running_or_notify_cancel()

    def fail(self, error: PipelineError) -> None:
        if self.begin():
            self.future.set_exception(error)


@dataclass(eq=False, slots=True)
class Slot:
    """The place of one child: who is there now, and which jobs it has.

    `heard` is the monotonic time of its last word, or since when it has something to do.
    """

    child: Child | None = None
    ready: Ready | None = None
    sent: dict[int, Job] = field(default_factory=dict)
    useful: bool = False
    false_starts: int = 0
    heard: float = 0.0
    hung: bool = False

    def due(self, patience: float) -> float | None:
        """The monotonic time at which the child must have said a word: later for long texts, None if idle."""
        if self.ready is not None and not self.sent:
            return None
        held = sum(len(job.task.text) for job in self.sent.values())
        return self.heard + patience * max(1, held / IN_HAND)

    def has_room(self, job: Job) -> bool:
        if not self.sent:
            return True
        if job.suspect or any(sent.suspect for sent in self.sent.values()):
            return False
        held = sum(len(sent.task.text) for sent in self.sent.values() if not sent.task.urgent)
        return job.task.urgent or held < IN_HAND
