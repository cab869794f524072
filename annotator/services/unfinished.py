"""Articles that an annotator is not done with, in files that cannot say so."""

from collections.abc import Iterable, Iterator

from annotator.domain.articles import Status
from annotator.domain.codec.records import Record
from annotator.formats.contract import Format
from annotator.services.wording import counted


class Unfinished:
    """Leaves out articles that are not begun unless somebody asked for some statuses, and counts the rest.

    A file in which a reader sees that they are no work keeps them.
    """

    def __init__(self, format_: Format, *, asked: bool) -> None:
        self._silent = format_.carries_marks and not format_.says_unfinished
        self._asked = asked
        self._not_begun = self._not_done = 0

    def passed(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records that are written."""
        for record in records:
            if self._silent and record.status not in (None, Status.DONE):
                if record.status is Status.TODO and not (self._asked or record.marks or record.rejected):
                    self._not_begun += 1
                    continue
                self._not_done += 1
            yield record

    def notes(self) -> tuple[str, ...]:
        """For people, a sentence each."""
        notes = []
        if self._not_begun:
            notes.append(
                f"{counted(self._not_begun, 'article')} not begun left out: --status todo,... writes them."
            )
        if self._not_done:
            notes.append(
                f"{counted(self._not_done, 'article')} not done written as if done: --status done leaves "
                "them out."
            )
        return tuple(notes)
