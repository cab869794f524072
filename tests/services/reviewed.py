"""A project that several annotators have finished, a lead at it, and shorthand for what is gold."""

from collections.abc import Iterable
from pathlib import Path

from annotator.domain.articles import Article, Status
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Entity, Part
from annotator.domain.review import Type
from annotator.domain.text import Span
from annotator.services.labelling import Labelling
from annotator.services.review_items import Item
from annotator.services.review_queue import ReviewQueue
from annotator.services.review_reading import GroupReader
from annotator.services.reviewing import Reviewing
from annotator.storage import adjudications
from annotator.storage.gold import gold_marks
from annotator.storage.project import Project
from tests.services.labelled import add_article, labelset

HARBOUR = """Harbour strike ends

Mira Holt of the Northern Union said the port of Sorrel backed the deal on Monday.
Okafor rejected the offer and the Northern Union praised it.
"""
FERRY = """Ferry plan

The Northern Union met in Sorrel. The mayor opposed the plan.
"""

SEED = 1  # no unanimous group of these articles is in its audit

Marked = tuple[str, str] | tuple[str, str, int]  # words, label, which of the places
Held = tuple[str, str, str | None, str | None]  # evidence, polarity, holder, target


def nth(text: str, words: str, n: int = 0) -> Span:
    """The span of the n-th (from 0) place where the words stand."""
    start = -1
    for _ in range(n + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


class Review:
    """A project on disk, its annotators' work, and one lead's review of it."""

    def __init__(
        self,
        path: Path,
        texts: Iterable[str] = (HARBOUR,),
        *,
        lead: str = "lea",
        labels: LabelSet | None = None,
    ) -> None:
        self.project = Project.create(path, labels or labelset())
        self.ids: dict[str, int] = {}
        with self.project.writing() as db:
            for position, text in enumerate(texts):
                article = Article.of(text)
                add_article(db, article, position)
                self.ids[text] = article.id
            adjudications.write_seed(db, SEED)
        self.reader = GroupReader(path)
        self.reviewing = Reviewing(self.project, lead)

    def finish(self, name: str, *entities: Marked, text: str = HARBOUR, stances: Iterable[Held] = ()) -> None:
        """What an annotator marks in an article; then it is done."""
        labelling, article = Labelling(self.project, name), self.ids[text]
        for words, label, *n in entities:
            labelling.add(article, nth(text, words, *n), label)  # type: ignore[arg-type]
        for evidence, polarity, holder, target in stances:
            parts = [Part(nth(text, words)) if words else None for words in (holder, target)]
            labelling.add_stance(article, nth(text, evidence), polarity, holder=parts[0], target=parts[1])
        labelling.set_status(article, Status.DONE)

    def relabel(self, name: str, words: str, label: str, text: str = HARBOUR) -> None:
        """An annotator thinks again of a mark."""
        labelling, article = Labelling(self.project, name), self.ids[text]
        (mark,) = [shown for shown in labelling.open(article).shown if shown.mark.span.of(text) == words]
        labelling.relabel(article, mark.id, label)

    def queue(self, *, lead: str | None = None, second: bool = False) -> ReviewQueue:
        """The queue as it is now, read from the file."""
        compared = self.reader.read(self.reviewing.seed())
        return ReviewQueue(compared, lead or self.reviewing.lead, second=second)

    def settle(self) -> None:
        for article_id, digests, gone in self.queue().unsettled():
            new = [group for group in self.reader.unanimous(article_id) if group.input in digests]
            self.reviewing.settle(article_id, new, gone)

    def item(self, words: str, *, second: bool = False, lead: str | None = None) -> Item:
        """The one item of these words."""
        items = self.queue(second=second, lead=lead).items
        (found,) = [item for item in items if item.group.words == words]
        return found

    def gold(self, text: str = HARBOUR) -> list[str]:
        """`LABEL words` of the gold marks that stand."""
        marks = gold_marks(self.project.db, self.ids[text])
        return [f"{mark.label} {mark.span.of(text)}" for mark in marks]

    def listed(self) -> list[tuple[str, set[Type]]]:
        return [(item.group.words, set(item.group.types)) for item in self.queue().items]


def entity(item: Item, label: str) -> Entity:
    """The item's candidate of a label."""
    (found,) = [mark for mark in item.group.marks if isinstance(mark, Entity) and mark.label == label]
    return found
