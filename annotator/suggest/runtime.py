"""The child process: `python -m annotator.suggest.runtime --pipeline NAME|DIR` keeps a pipeline loaded.

Tasks come as JSON lines on standard input, replies go out as JSON lines on standard output (messages.py). The
process ends when its standard input does, thus with its parent, however that ended.
"""

import argparse
import importlib
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from annotator.domain.errors import PipelineError
from annotator.suggest.finding import Place, place_of
from annotator.suggest.messages import (
    Failed,
    Proposal,
    Read,
    Ready,
    Refused,
    Reply,
    Task,
    Untrusted,
    decode_task,
    encode_reply,
)
from annotator.suggest.reading import PIECE, Piece, doc_of, pieces_of, proposals_of, span_groups
from annotator.suggest.trust import content_digest, is_trusted

if TYPE_CHECKING:
    from annotator.suggest.loading import Loaded

# Code points read in one go: enough to keep nlp.pipe at full speed, little enough (about a second) that an
# urgent article does not wait long.
BATCH = 24_000


@dataclass(slots=True)
class Work:
    """A task being read: the pieces left (None before it is begun), what was found, what went wrong."""

    task: Task
    pieces: deque[Piece] | None = None
    found: list[Proposal] = field(default_factory=list)
    fault: str | None = None

    @property
    def done(self) -> bool:
        return self.pieces is not None and not self.pieces

    def take(self, room: int, limit: int) -> list[Piece]:
        """The next pieces of at most `limit` code points each, until `room` is used up."""
        if self.pieces is None:
            self.pieces = deque(pieces_of(self.task.text, self.task.zones, limit=limit))
        taken = []
        while self.pieces and room > 0:
            taken.append(self.pieces.popleft())
            room -= len(taken[-1].text)
        return taken

    def reply(self) -> Reply:
        if self.fault is not None:
            return Failed(self.task.n, self.fault)
        found = dict.fromkeys(sorted(self.found, key=lambda proposal: proposal.span))
        return Read(self.task.n, tuple(found))


class Inbox:
    """Tasks that came and wait to be read, urgent ones first."""

    def __init__(self) -> None:
        self._urgent: deque[Work] = deque()
        self._ordinary: deque[Work] = deque()
        self._came = threading.Condition()

    def put(self, work: Work) -> None:
        with self._came:
            (self._urgent if work.task.urgent else self._ordinary).append(work)
            self._came.notify()

    def take(self, limit: int = PIECE) -> list[tuple[Work, list[Piece]]]:
        """The next pieces to read in one go, waiting for some; of a single article if it is urgent.

        A work that is done is not in the inbox any more.
        """
        with self._came:
            self._came.wait_for(lambda: self._urgent or self._ordinary)
            if self._urgent:
                return [self._take(self._urgent, BATCH, limit)]
            taken = []
            room = BATCH
            while self._ordinary and room > 0:
                taken.append(self._take(self._ordinary, room, limit))
                room -= sum(len(piece.text) for piece in taken[-1][1])
            return taken

    @staticmethod
    def _take(queue: deque[Work], room: int, limit: int) -> tuple[Work, list[Piece]]:
        work = queue[0]
        pieces = work.take(room, limit)
        if work.done:
            queue.popleft()
        return work, pieces


class Reader:
    """Reads what is in the inbox with a loaded pipeline, for good."""

    def __init__(self, loaded: "Loaded", send: Callable[[Reply], None]) -> None:
        self._nlp = loaded.nlp
        self._groups = span_groups(loaded.nlp)
        self._send = send

    def read(self, inbox: Inbox) -> None:
        while True:
            taken = inbox.take(min(PIECE, self._nlp.max_length))
            self._read([(work, piece) for work, pieces in taken for piece in pieces])
            for work, _ in taken:
                if work.done:
                    self._send(work.reply())

    def _read(self, batch: list[tuple[Work, Piece]]) -> None:
        """Reads pieces together; if that fails one by one, so that only the article at fault goes without."""
        fault = self._attempt(batch)
        if fault is None:
            return
        if len(batch) == 1:
            batch[0][0].fault = fault
            return
        for item in batch:
            if item[0].fault is None:
                self._read([item])

    def _attempt(self, batch: list[tuple[Work, Piece]]) -> str | None:
        """What went wrong, None if all went well. Words new to the vocabulary are forgotten afterwards."""
        try:
            with self._nlp.memory_zone():
                docs = self._nlp.pipe(
                    [doc_of(self._nlp, piece) for _, piece in batch], batch_size=max(1, len(batch))
                )
                found = [
                    list(proposals_of(doc, piece, self._groups))
                    for doc, (_, piece) in zip(docs, batch, strict=True)
                ]
        except Exception as error:  # a pipeline is other people's code: whatever it raises is told
            return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        for (work, _), proposals in zip(batch, found, strict=True):
            work.found += proposals
        return None


class Channel:
    """The pipes to the parent, out of reach of whatever a pipeline prints or reads."""

    def __init__(self) -> None:
        """Takes file descriptors 0 and 1: from now on prints go to standard error, reads find nothing."""
        self._in: BinaryIO = os.fdopen(os.dup(0), "rb")
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def send(self, reply: Reply) -> None:
        self._out.write(encode_reply(reply))
        self._out.flush()

    def receive(self, take: Callable[[Task], None]) -> None:
        """Hands every task on; ends the process, whatever it is doing, when the parent is gone."""
        for line in self._in:
            take(decode_task(line))
        os._exit(0)


def refusal_of(place: Place) -> Untrusted | None:
    """What to say of a pipeline whose code may not run: nobody has allowed what its folder holds now."""
    if place.built_in:
        return None
    digest = content_digest(place.root)
    return None if is_trusted(digest) else Untrusted(str(place.root), digest)


def main() -> int:
    parser = argparse.ArgumentParser(prog="annotator.suggest.runtime", description=__doc__)
    parser.add_argument("--pipeline", required=True, metavar="NAME|DIR")
    parser.add_argument("--stances", action="store_true", help="add the built-in stances to another pipeline")
    given = parser.parse_args()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C in a terminal reaches children too; the parent decides
    channel = Channel()
    inbox = Inbox()
    # Before spaCy is loaded, so that the end of the parent is noticed in that time too.
    threading.Thread(target=channel.receive, args=[lambda task: inbox.put(Work(task))], daemon=True).start()
    try:
        refusal = refusal_of(place_of(given.pipeline))
        if refusal:
            channel.send(refusal)
            return 0
        loading = importlib.import_module("annotator.suggest.loading")
        loaded = loading.load(given.pipeline, stances=given.stances)
    except PipelineError as error:
        channel.send(Refused(str(error)))
        return 0
    channel.send(Ready(loaded.pipeline, loaded.version, loaded.warnings, loaded.thresholds))
    Reader(loaded, channel.send).read(inbox)
    return 0


if __name__ == "__main__":
    sys.exit(main())
