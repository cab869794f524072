"""Someone at the Review page of a project that two annotators have finished, who presses keys."""

from annotator.services.review_items import Item
from annotator.storage.gold import gold_marks
from annotator.ui.review import Review as Desk
from tests.services.reviewed import HARBOUR
from tests.ui.desk import Hands

FLIP = ("backed the deal", "FAVOR", "Sorrel", "the deal")


class Lead(Hands):
    """Someone at the Review page of a project that two annotators have finished."""

    @property
    def review(self) -> Desk:
        return self.window.review

    @property
    def words(self) -> str:
        """The words of the difference that is shown."""
        item = self.review.item
        assert item is not None
        return item.group.words

    def item(self, words: str) -> Item:
        assert self.review.queue is not None
        return next(item for item in self.review.queue.items if item.group.words == words)

    def go(self, words: str) -> None:
        while self.words != words:
            self.press("Tab")

    def digit(self, label: str) -> str:
        """The key of the candidate with a label."""
        rows = self.review.page.candidates.rows
        return next(
            row.candidate.key for row in rows if row.candidate.mark and row.candidate.mark.label == label
        )

    def gold(self, text: str = HARBOUR) -> list[str]:
        project = self.window.project
        assert project is not None
        (article,) = project.db.execute("SELECT id FROM article WHERE text=?", (text,)).fetchone()
        return [f"{mark.label} {mark.span.of(text)}" for mark in gold_marks(project.db, article)]

    @property
    def said(self) -> str:
        return self.review.page.message.text()
