"""How far gold is: what all mark alike becomes gold by itself, everything else is for a lead to decide."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from annotator.domain.articles import Status
from annotator.domain.frozen import frozen
from annotator.services.review_queue import ReviewQueue, Unsettled
from annotator.services.review_reading import GroupReader, Told
from annotator.services.reviewing import Reviewing
from annotator.services.wording import counted
from annotator.storage.adjudications import newest_op, seed_of
from annotator.storage.project import Access, Project, connect_to_read


@frozen
class GoldState:
    """What gold lacks: by article how many places nobody has decided, and what waits to be settled."""

    undecided: Mapping[int, int]
    unsettled: Sequence[Unsettled]

    @property
    def waiting(self) -> int:
        """The places that have yet to be settled."""
        return sum(len(new) + len(gone) for _, new, gone in self.unsettled)

    def statuses(self) -> dict[int, Status]:
        """Of the articles in which not everything is settled."""
        return dict.fromkeys((*self.undecided, *(article for article, _, _ in self.unsettled)), Status.DOING)

    def to_dict(self) -> dict[str, int]:
        return {
            "undecided": sum(self.undecided.values()),
            "undecided_articles": len(self.undecided),
            "unsettled": self.waiting,
        }

    def lines(self, *, dry_run: bool) -> list[str]:
        """For people; none where gold is whole."""
        said = []
        if self.undecided:
            places, articles = sum(self.undecided.values()), counted(len(self.undecided), "article")
            verb = "is" if places == 1 else "are"
            said.append(
                f"{counted(places, 'place')} in {articles} {verb} still undecided; "
                "an article with such places has the status doing, not done."
            )
        if self.waiting:
            alike = counted(self.waiting, "place")
            said.append(
                f"What all mark alike becomes gold first: {alike}."
                if dry_run
                else f"What all mark alike is not gold yet at {alike}: the project could not be written to."
            )
        return said


class GoldStates:
    """The state of a project's gold, read anew where the project has changed; for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.reader = GroupReader(path)
        self._path = path
        self._known: tuple[str, GoldState] | None = None  # with the newest gesture before it was read

    def read(self, told: Told | None = None) -> GoldState:
        """As it is now. `told` hears articles done and in all, and may raise to end it."""
        with closing(connect_to_read(self._path)) as db:
            newest, seed = newest_op(db), seed_of(db) or 0
        if self._known is None or self._known[0] != newest:
            compared = self.reader.read(seed, told)
            queue = ReviewQueue(compared, "")  # of nobody: what is left is left for all
            self._known = newest, GoldState(queue.undecided(), queue.unsettled())
        return self._known[1]


def settle_article(reviewing: Reviewing, reader: GroupReader, unsettled: Unsettled) -> None:
    """Settles an article as it is now: nobody's gesture, in no undo.

    What was said meanwhile stands: a lead may look at the audit of an article whose turn has not come.
    """
    article_id, inputs, gone = unsettled
    if inputs:
        said = (each.inputs for each in reviewing.said(article_id) if not each.second)
        inputs = inputs - frozenset().union(*said)
    new = [group for group in reader.unanimous(article_id) if group.input in inputs]
    if new or gone:
        reviewing.settle(article_id, new, gone)


def settle_all(path: Path, lead: str, told: Told | None = None) -> None:
    """Settles all of a project; nothing where it can only be read, or where nothing waits."""
    gold = GoldStates(path)
    unsettled = gold.read().unsettled
    if not unsettled:
        return
    with Project.open(path, Access.WRITE_OR_READ) as project:
        if project.read_only is not None:
            return
        reviewing = Reviewing(project, lead)
        for done, each in enumerate(unsettled, 1):
            settle_article(reviewing, gold.reader, each)
            if told is not None:
                told(done, len(unsettled))
