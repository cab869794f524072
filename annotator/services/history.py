"""The history of an article: what was done on it, how it stood then, and bringing that back."""

import time
from contextlib import closing

from annotator.domain.changes import Change
from annotator.domain.frozen import frozen
from annotator.domain.history import Entry
from annotator.domain.marks import Shown
from annotator.domain.zones import Zone
from annotator.services.annotators import annotator_id
from annotator.storage import history, queries
from annotator.storage.journal import Journal
from annotator.storage.project import Project

_NEWEST = 2_000
_RESTORE = "restore the state of"


@frozen
class Past:
    """What an annotator saw on an article after a gesture."""

    shown: list[Shown]
    zones: list[Zone]


class History:
    """The log of articles, as one annotator at one project reads it."""

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._annotator_id = annotator_id(project, annotator)

    def entries(self, article_id: int) -> list[Entry]:
        """What anybody did on the article, newest first; of very many the newest 2,000."""
        return history.entries(self._project.db, self._annotator_id, article_id, _NEWEST)

    def past(self, article_id: int, entry: Entry) -> Past:
        """The article as this annotator saw it after a gesture."""
        with closing(self._project.reader()) as db:
            history.look_back(db, self._annotator_id, article_id, entry.id)
            return Past(
                queries.shown(db, article_id, self._annotator_id),
                queries.zones(db, article_id, self._annotator_id),
            )

    def restore(self, article_id: int, entry: Entry) -> Change:
        """Brings the annotator's own work on the article back to how it was after a gesture: one gesture."""
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.at / 1000))
        after = "" if entry.said.startswith(_RESTORE) else f", after “{entry.said}”"
        summary = f"{_RESTORE} {when}{after}"
        return Journal(self._project, self._annotator_id).restore(article_id, entry.id, summary)
