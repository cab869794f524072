"""What stands on an article for one annotator, and what a gesture may write there."""

from collections.abc import Collection

from annotator.domain.articles import Article, Status
from annotator.domain.errors import GestureRefused
from annotator.domain.frozen import frozen
from annotator.domain.labels import Kind, Label
from annotator.domain.marks import Entity, Mark, Part, Shown
from annotator.domain.text import Span, trimmed
from annotator.domain.zones import Zone
from annotator.services.wording import described, quoted
from annotator.storage import queries
from annotator.storage.decisions import Decided, own_like, rejected_entities, suggestions_like
from annotator.storage.project import Project


@frozen
class Standing:
    """One article for one annotator. Only reads; what makes no sense to write raises GestureRefused."""

    project: Project
    annotator_id: str
    article: Article

    def shown(self) -> list[Shown]:
        return queries.shown(self.project.db, self.article.id, self.annotator_id)

    def shown_by_id(self, ids: Collection[str]) -> list[Shown]:
        return queries.shown_by_id(self.project.db, self.article.id, self.annotator_id, ids)

    def zones(self) -> list[Zone]:
        return queries.zones(self.project.db, self.article.id, self.annotator_id)

    def status(self) -> Status:
        return queries.status_of(self.project.db, self.article.id, self.annotator_id)

    def find(self, mark_id: str) -> Shown:
        """The mark or open suggestion with an id; refused once it is gone."""
        found = self.shown_by_id([mark_id])
        if not found:
            raise GestureRefused("That mark is no longer there.")
        return found[0]

    def inside(self, span: Span) -> Span:
        """The span without white space at its ends; refused if nothing is left or it leaves the text."""
        if span.end > len(self.article.text):
            raise GestureRefused("That stretch goes beyond the end of the text.")
        inside = trimmed(self.article.text, span.start, span.end)
        if inside is None:
            raise GestureRefused("There is only white space in that stretch.")
        return inside

    def part(self, part: Part | None) -> Part | None:
        """A holder or target as it may be written, its name without white space around it."""
        return part and Part(self.inside(part.span), cleaned(part.name))

    def has_label(self, mark: Mark) -> bool:
        """Whether the label set offers the mark's label or polarity."""
        label = self._label(mark)
        return label is not None and label.offered

    def _label(self, mark: Mark) -> Label | None:
        kind = Kind.ENTITY if isinstance(mark, Entity) else Kind.POLARITY
        return self.project.labelset.find(kind, mark.label)

    def refuse_unknown_label(self, mark: Mark) -> None:
        label = self._label(mark)
        if label is not None and label.into:
            raise GestureRefused(
                f"{label.name} was split into {', '.join(label.into)}: give it one of these."
            )
        if label is not None and label.retired:
            raise GestureRefused(f"{label.name} is retired: give it another label.")
        if label is None:
            word = "entity label" if isinstance(mark, Entity) else "polarity"
            name = self.project.labelset.name
            raise GestureRefused(f"The label set “{name}” has no {word} {mark.label}; choose another.")

    def refuse_twin(self, mark: Mark) -> None:
        """Refuses a mark that another own mark says already."""
        twin = self.own_like(mark)
        if twin is not None and twin != mark.id:
            raise GestureRefused(f"{self.described(mark)} is there already.")

    def own_like(self, mark: Mark) -> str | None:
        """The id of the own mark that says the same, names apart."""
        return own_like(self.project.db, self.article.id, self.annotator_id, mark)

    def suggested_like(self, mark: Mark) -> Shown | None:
        """The open suggestion that says the same, names apart."""
        found = self.shown_by_id([each.suggestion.id for each in self._like(mark) if each.decision is None])
        return found[0] if found else None

    def rejected_entities(self) -> set[tuple[int, int, str]]:
        """Start, end and label of the entities whose suggestions were rejected."""
        return rejected_entities(self.project.db, self.article.id, self.annotator_id)

    def described(self, mark: Mark) -> str:
        return described(self.article.text, mark)

    def quoted(self, span: Span) -> str:
        return quoted(self.article.text, span)

    def _like(self, mark: Mark) -> list[Decided]:
        return suggestions_like(self.project.db, self.article.id, self.annotator_id, mark)


def cleaned(words: str | None) -> str | None:
    """A name or note without white space around it; None for nothing."""
    return (words or "").strip() or None
