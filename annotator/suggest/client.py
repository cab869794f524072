"""Speaks to the child processes that run a pipeline: sends articles, restarts, gives up on what kills.

No spaCy here: loading it in a thread of the window's process froze the window for half a second.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future

from annotator.domain.errors import PipelineError, PipelineNotTrusted
from annotator.domain.frozen import frozen
from annotator.suggest.child import Child
from annotator.suggest.jobs import DEATHS, IN_HAND, PATIENCE, Job, Slot
from annotator.suggest.messages import (
    Answer,
    Failed,
    Proposal,
    Read,
    Ready,
    Refused,
    Reply,
    Request,
    Task,
    Untrusted,
)

__all__ = ["Answer", "GivenUp", "PipelineProcess", "Proposal", "Ready", "Request"]

# A pipeline whose process ends this often in a row while it loads is given up.
_FALSE_STARTS = 2


@frozen
class GivenUp:
    """An article that goes without suggestions; `why` is for people."""

    article_id: int
    why: str


class PipelineProcess:
    """A pipeline in one or more child processes, started with the first request.

    A child that ends, or says nothing for `patience` seconds (longer for long texts), is started again and
    its unanswered requests are sent again; `notice` is told so, in words for people, from another thread. A
    pipeline that cannot be loaded fails all requests with one error.
    """

    def __init__(
        self,
        pipeline: str,
        *,
        notice: Callable[[str], None],
        stances: bool = False,
        processes: int = 1,
        patience: float = PATIENCE,
    ) -> None:
        self.pipeline = pipeline
        self._stances = stances
        self._patience = patience
        self._notice = notice
        self._changed = threading.Condition()
        self._slots = [Slot() for _ in range(max(1, processes))]
        self._threads: list[threading.Thread] = []
        self._urgent: deque[Job] = deque()
        self._ordinary: deque[Job] = deque()
        self._count = 0
        self._identity: Future[Ready] = Future()
        self._identity.set_running_or_notify_cancel()
        self._fatal: PipelineError | None = None

    def __enter__(self) -> "PipelineProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The process ids of the children that run now."""
        with self._changed:
            return [slot.child.pid for slot in self._slots if slot.child]

    @property
    def fault(self) -> PipelineError | None:
        """Why no more requests are answered, None as long as they are."""
        return self._fatal

    def start(self) -> "Future[Ready]":
        """Starts the children if they are not. Never blocks.

        The future says which pipeline it is, or raises PipelineError if it cannot be loaded.
        """
        with self._changed:
            if not self._threads and not self._fatal:
                self._threads = [
                    threading.Thread(target=self._keep, args=[slot], name=f"pipeline-{n}", daemon=True)
                    for n, slot in enumerate(self._slots)
                ]
                for thread in self._threads:
                    thread.start()
        return self._identity

    def submit(self, request: Request, *, urgent: bool = True) -> "Future[Answer]":
        """Asks for one article, before all that is not urgent. Never blocks.

        The future raises PipelineError if the pipeline cannot be loaded or the article is given up;
        cancelling it takes the request back as long as it was not sent. Its callbacks run in another thread.
        """
        future: Future[Answer] = Future()
        with self._changed:
            self._count += 1
            task = Task(self._count, request.text, request.zones, urgent)
            job = Job(task, request.article_id, future)
            fatal = self._fatal
            if not fatal:
                (self._urgent if urgent else self._ordinary).append(job)
                self._changed.notify_all()
        if fatal:
            job.fail(fatal)
        else:
            self.start()
        return future

    def suggest(self, requests: Iterable[Request]) -> Generator[Answer | GivenUp, None, None]:
        """Reads many articles and yields them as they get done; draws requests only as they are needed.

        Raises PipelineError if the pipeline cannot be loaded.
        """
        source = iter(requests)
        done: queue.SimpleQueue[Future[Answer]] = queue.SimpleQueue()
        asked: dict[Future[Answer], Request] = {}
        try:
            while True:
                self._ask(source, asked, done)
                if not asked:
                    return
                future = _next_done(done)
                yield self._outcome(future, asked.pop(future))
        finally:
            for future in asked:
                future.cancel()

    def close(self) -> None:
        """Ends the children, which have nothing to save; what is unanswered fails. May be called twice."""
        self._give_up(PipelineError(f"Pipeline {self.pipeline} was stopped. Start it again to go on."))
        for thread in self._threads:
            thread.join(timeout=5)

    def _ask(
        self,
        source: Iterator[Request],
        asked: dict["Future[Answer]", Request],
        done: "queue.SimpleQueue[Future[Answer]]",
    ) -> None:
        """Draws and submits requests until there is enough to do for every child and one more."""
        room = IN_HAND * (len(self._slots) + 1) - sum(len(request.text) for request in asked.values())
        while room > 0 and (request := next(source, None)):
            future = self.submit(request, urgent=False)
            asked[future] = request
            future.add_done_callback(done.put)
            room -= len(request.text)

    def _outcome(self, future: "Future[Answer]", request: Request) -> Answer | GivenUp:
        error = future.exception()
        if error is None:
            return future.result()
        if self._fatal:
            raise self._fatal
        return GivenUp(request.article_id, str(error))

    # One thread for each slot keeps a child there and takes its replies. Each child has two more: one sends,
    # so that nobody who submits ever waits for a full pipe, and one watches that the child does not hang.

    def _keep(self, slot: Slot) -> None:
        while self._wants_child(slot):
            try:
                child = Child(self.pipeline, stances=self._stances)
            except OSError as error:
                self._give_up(
                    PipelineError(
                        f"The process for pipeline {self.pipeline} cannot be started: {error.strerror}. "
                        "Close other programs and try again."
                    )
                )
                return
            with self._changed:
                slot.child, slot.heard, slot.hung = child, time.monotonic(), False
                unwanted = self._fatal is not None
            if unwanted:
                child.stop()
            aides = [
                threading.Thread(target=aide, args=[slot, child], daemon=True)
                for aide in (self._send, self._watch)
            ]
            for aide in aides:
                aide.start()
            for reply in child.replies():
                self._take(slot, reply)
            how = child.end()
            if slot.hung:
                how = f"no answer for {self._patience / 60:.2g} minutes"
            self._bury(slot, how)
            for aide in aides:
                aide.join()

    def _wants_child(self, slot: Slot) -> bool:
        """Waits until a child is wanted: at first, for waiting work, or in place of one that was useful."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._fatal or not self._identity.done() or slot.useful or self._urgent or self._ordinary
                )
            )
            slot.useful = False
            return self._fatal is None

    def _send(self, slot: Slot, child: Child) -> None:
        """Sends what there is room for, until the child is gone."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: slot.child is not child or self._next(slot))
                job = self._next(slot) if slot.child is child else None
                if job is None:
                    return
                (self._urgent if job.task.urgent else self._ordinary).popleft()
                if not job.begin():
                    continue
                if not slot.sent:
                    slot.heard = time.monotonic()
                slot.sent[job.task.n] = job
                self._changed.notify_all()
            child.send(job.task)

    def _watch(self, slot: Slot, child: Child) -> None:
        """Ends a child that hangs."""
        with self._changed:
            while slot.child is child and not slot.hung:
                due, now = slot.due(self._patience), time.monotonic()
                slot.hung = due is not None and due <= now
                if not slot.hung:
                    self._changed.wait(None if due is None else due - now)
            hung = slot.hung and slot.child is child
        if hung:
            child.stop()

    def _next(self, slot: Slot) -> Job | None:
        """The job this child should have now, None if it has enough or is not ready."""
        waiting = self._urgent or self._ordinary
        return waiting[0] if slot.ready and waiting and slot.has_room(waiting[0]) else None

    def _take(self, slot: Slot, reply: Reply) -> None:
        match reply:
            case Ready():
                with self._changed:
                    slot.ready, slot.false_starts, slot.heard = reply, 0, time.monotonic()
                    first = not self._identity.done() and not self._fatal
                    if first:
                        self._identity.set_result(reply)
                    self._changed.notify_all()
                for warning in reply.warnings if first else ():
                    self._notice(warning)
            case Refused(why):
                self._give_up(PipelineError(why))
            case Untrusted(folder, digest):
                self._give_up(PipelineNotTrusted(folder, digest))
            case Read(n) | Failed(n):
                with self._changed:
                    job, ready = slot.sent.pop(n, None), slot.ready
                    slot.useful, slot.heard = True, time.monotonic()
                    self._changed.notify_all()
                if job and ready:
                    self._answer(job, reply, ready)

    def _answer(self, job: Job, reply: Read | Failed, ready: Ready) -> None:
        if isinstance(reply, Failed):
            job.fail(
                PipelineError(
                    f"Pipeline {ready.pipeline} {ready.version} failed on this article: {reply.why}. "
                    "It has no suggestions; label it by hand or use another pipeline."
                )
            )
        else:
            job.future.set_result(Answer(job.article_id, ready.pipeline, ready.version, reply.proposals))

    def _bury(self, slot: Slot, how: str) -> None:
        """After a child's end: blames, sends again or gives up, and tells the person."""
        with self._changed:
            lost = list(slot.sent.values())
            slot.false_starts += slot.ready is None
            slot.child, slot.ready, slot.sent = None, None, {}
            for job in lost:
                job.suspect = True
                job.deaths += len(lost) == 1
            fatal = self._fatal
            hopeless = [job for job in lost if fatal or job.deaths >= DEATHS]
            again = [job for job in lost if job not in hopeless]
            self._urgent.extendleft(job for job in reversed(again) if job.task.urgent)
            self._ordinary.extendleft(job for job in reversed(again) if not job.task.urgent)
            self._changed.notify_all()
        for job in hopeless:
            job.fail(fatal or self._killer(job, how))
        if fatal:
            return
        if slot.false_starts >= _FALSE_STARTS:
            self._give_up(
                PipelineError(
                    f"Pipeline {self.pipeline} ended {slot.false_starts} times while it was loaded ({how}). "
                    "Check that there is enough memory, or use another pipeline."
                )
            )
        else:
            self._notice(f"Pipeline {self.pipeline} ended unexpectedly ({how}). {_next_step(len(again))}")

    def _killer(self, job: Job, how: str) -> PipelineError:
        return PipelineError(
            f"Reading this article ended pipeline {self.pipeline} {job.deaths} times ({how}). "
            "It has no suggestions; label it by hand or use another pipeline."
        )

    def _give_up(self, error: PipelineError) -> None:
        """Fails what waits, now and from now on, and ends the children; `_bury` fails what they had."""
        with self._changed:
            if self._fatal:
                return
            self._fatal = error
            if not self._identity.done():
                self._identity.set_exception(error)
            waiting = [*self._urgent, *self._ordinary]
            self._urgent.clear()
            self._ordinary.clear()
            children = [slot.child for slot in self._slots if slot.child]
            self._changed.notify_all()
        for job in waiting:
            job.fail(error)
        for child in children:
            child.stop()


def _next_step(again: int) -> str:
    match again:
        case 0:
            return "It starts again."
        case 1:
            return "It starts again and reads its article anew."
    return f"It starts again and reads {again} articles anew."


def _next_done(done: "queue.SimpleQueue[Future[Answer]]") -> "Future[Answer]":
    """The next answered request; wakes now and then, since Ctrl+C ends no endless wait on Windows."""
    while True:
        try:
            return done.get(timeout=0.5)
        except queue.Empty:
            continue
