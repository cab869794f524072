"""The same again: one decision on many places of an article, counted before it is made."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from annotator.domain.changes import Change
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Entity, Mark, Shown
from annotator.services.annotators import annotator_id
from annotator.services.mentions import Mention, mentions_of
from annotator.services.rows import MarkRows
from annotator.services.standing import Standing
from annotator.services.wording import counted
from annotator.storage import queries
from annotator.storage.journal import Gesture, Journal
from annotator.storage.project import Project


class Again:
    """One annotator's decisions on many suggestions of an article at once.

    Each is one gesture and one undo. The log keeps it as `bulk-accept` or `bulk-reject`, so that what was
    decided one by one can be told from what was not.
    """

    def __init__(self, project: Project, annotator: str) -> None:
        self._project = project
        self._annotator_id = annotator_id(project, annotator)
        self._journal = Journal(project, self._annotator_id)

    def mentions(self, article_id: int, mark_id: str, shown: Iterable[Shown] | None = None) -> list[Mention]:
        """What `Labelling.label_equal_mentions` labels in any case, in reading order; refused if nothing.

        `shown` are the article's marks if they are known; reading 100,000 of them takes half a second.
        """
        at = self._at(article_id)
        return equal_mentions(at, at.find(mark_id), shown, any_case=True)

    def accept(self, article_id: int, mark_ids: Iterable[str], *, rule: str) -> Change:
        """Accepts those of the marks that are suggestions with labels of the label set.

        `rule` says in words what they have in common ("PERSON from 0.90 on").
        """
        at = self._at(article_id)
        suggestions = [each for each in _open(at, mark_ids) if at.has_label(each.mark)]
        with self._deciding(at, "accept", suggestions, rule) as (gesture, rows):
            first: dict[tuple[object, ...], Shown] = {}
            for suggestion in suggestions:  # of two that say the same the second is settled with the first
                first.setdefault(_says(suggestion.mark), suggestion)
            rows.make_all([(each.mark, each) for each in first.values()])
        return gesture.change

    def reject(self, article_id: int, mark_ids: Iterable[str], *, rule: str) -> Change:
        """Rejects those of the marks that are suggestions."""
        at = self._at(article_id)
        suggestions = _open(at, mark_ids)
        with self._deciding(at, "reject", suggestions, rule) as (gesture, rows):
            rows.reject_all(suggestions)
        return gesture.change

    @contextmanager
    def _deciding(
        self, at: Standing, verb: str, suggestions: Sequence[Shown], rule: str
    ) -> Iterator[tuple[Gesture, MarkRows]]:
        if not suggestions:
            raise GestureRefused(f"There is no suggestion to {verb} here.")
        summary = f"{verb} {counted(len(suggestions), 'suggestion')} ({rule})"
        with self._journal.gesture(f"bulk-{verb}", at.article.id, summary) as gesture:
            yield gesture, MarkRows(self._project, gesture, at.article.id, self._annotator_id)

    def _at(self, article_id: int) -> Standing:
        return Standing(self._project, self._annotator_id, queries.article(self._project.db, article_id))


def equal_mentions(
    at: Standing, shown: Shown, others: Iterable[Shown] | None = None, *, any_case: bool = False
) -> list[Mention]:
    """The other mentions of an entity's words that need its label; those rejected before are left out."""
    entity = shown.mark
    if not isinstance(entity, Entity):
        raise GestureRefused("Only an entity has equal mentions; this is a stance.")
    at.refuse_unknown_label(entity)
    known = at.shown() if others is None else others
    zones = [zone.span for zone in at.zones()]
    mentions = mentions_of(at.article.text, entity, known, zones, any_case=any_case)
    if rejected := at.rejected_entities():
        mentions = [mention for mention in mentions if _place(mention.mark) not in rejected]
    if not mentions:
        raise GestureRefused(f"No other mention of {at.quoted(entity.span)} needs a label.")
    return mentions


def _place(mark: Entity) -> tuple[int, int, str]:
    return mark.span.start, mark.span.end, mark.label


def _says(mark: Mark) -> tuple[object, ...]:
    """What no two own marks may have in common."""
    if isinstance(mark, Entity):
        return mark.label, mark.span
    parts = [part and part.span for part in (mark.holder, mark.target)]
    return "stance", mark.label, mark.span, *parts


def _open(at: Standing, mark_ids: Iterable[str]) -> list[Shown]:
    return [each for each in at.shown_by_id(list(dict.fromkeys(mark_ids))) if each.suggested]
