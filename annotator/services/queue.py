"""The queue: the articles of a project as one annotator works through them."""

from collections.abc import Collection, Iterable

from annotator.domain.articles import Status
from annotator.domain.changes import Progress
from annotator.domain.queue_filter import Field, QueueFilter, Sort, Term
from annotator.services.annotators import annotator_id
from annotator.storage import queries
from annotator.storage.flags import flagged_count
from annotator.storage.project import Project
from annotator.storage.queries import QueueRow
from annotator.storage.queue_search import queue_ids, snippets, titles_beginning

_UNFINISHED = (Status.TODO, Status.DOING)


class Queue:
    """Articles with where each stands for one annotator. Only reads."""

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._db = project.db
        self._annotator_id = annotator_id(project, annotator)

    def ids(
        self,
        statuses: Collection[Status] | None = None,
        wanted: str | QueueFilter = "",
        *,
        sort: Sort = Sort.FILE,
    ) -> list[int]:
        """The articles with one of the statuses (None: any) that fit a filter, also as it is typed."""
        return queue_ids(self._db, self._annotator_id, statuses, wanted, sort=sort)

    def rows(self, ids: Iterable[int], wanted: QueueFilter | None = None) -> list[QueueRow]:
        """What the queue shows of these articles, in their order; ask for the visible ones only.

        With the words around those that the filter looks for in the texts.
        """
        ids = list(ids)
        found = snippets(self._db, ids, wanted) if wanted else {}
        return queries.queue_rows(self._db, self._annotator_id, ids, snippets=found)

    def row(self, article_id: int, known: Progress | None = None) -> QueueRow | None:
        """One of `rows`, None for an article that is not there; `known` progress is not counted again."""
        return next(iter(queries.queue_rows(self._db, self._annotator_id, [article_id], known)), None)

    def known(self, field: Field) -> list[str]:
        """What a field can name: labels in their order, own names or sources by the alphabet; else []."""
        if field in (Field.LABEL, Field.SUGGESTED):
            return [label.name for label in self._project.labelset.labels]
        from annotator.storage import queue_values  # not for the first window

        if field is Field.NAME:
            return queue_values.own_names(self._db, self._annotator_id)
        return queue_values.sources(self._db) if field is Field.SOURCE else []

    def unknown(self, wanted: QueueFilter) -> Term | None:
        """The first term that names a label, a name or a source that there is not."""
        return next((term for term in wanted.terms if self._is_unknown(term)), None)

    def _is_unknown(self, term: Term) -> bool:
        value = term.value.casefold()
        if term.field in (Field.LABEL, Field.SUGGESTED):
            from annotator.storage.queue_values import every_label  # not for the first window

            return value not in map(str.casefold, every_label(self._db))
        if term.field in (Field.NAME, Field.SOURCE):
            return not any(value in each.casefold() for each in self.known(term.field))
        return False

    def beginning_with(self, letters: str) -> set[int]:
        """The articles whose titles begin with these letters, large or small."""
        return titles_beginning(self._db, letters)

    def suggested(self, article_id: int) -> int:
        """How many suggestions an article's progress is out of."""
        return queries.suggested_of(self._db, article_id, self._annotator_id)

    def tally(self) -> dict[Status, int]:
        """How many articles have each status, zeros included."""
        return queries.tally(self._db, self._annotator_id)

    def flagged(self) -> int:
        """How many articles are flagged, whatever their status."""
        return flagged_count(self._db, self._annotator_id)

    def done_by_label_set(self) -> list[tuple[str, int]]:
        """The project's label sets like `news 2`, newest first, and how many articles were done with each."""
        return queries.done_by_label_set(self._db, self._annotator_id)

    def count(self) -> int:
        return sum(self.tally().values())

    def place(self, article_id: int) -> int:
        """The article's place among all articles, from 1."""
        return queries.place_of(self._db, self._annotator_id, article_id)[0]

    def next(self, after: int | None, statuses: Collection[Status] = _UNFINISHED) -> int | None:
        """The first article of these statuses behind `after`; from the start for None; None at the end."""
        return queries.next_article(self._db, self._annotator_id, after, statuses)

    def previous(self, before: int | None, statuses: Collection[Status] = _UNFINISHED) -> int | None:
        """The last article of these statuses ahead of `before`; from the end for None; None at the start."""
        return queries.previous_article(self._db, self._annotator_id, before, statuses)

    def first_of(self, ids: Iterable[int], statuses: Collection[Status] = _UNFINISHED) -> int | None:
        """The first of these articles that has one of the statuses; None if none has."""
        return queries.first_with_status(self._db, self._annotator_id, ids, statuses)
