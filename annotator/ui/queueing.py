"""What a person does with the queue and whole articles: filter, sort, go on, skip, reopen, flag, note."""

from typing import TYPE_CHECKING

from annotator.domain.articles import Article, Status
from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.domain.queue_filter import Sort
from annotator.services.labelling import Labelling
from annotator.ui import settings as remembered
from annotator.ui.chrome import KeyField

if TYPE_CHECKING:
    from annotator.ui.window import Window

_NOTE_WIDTH = 420  # pixels


class Queueing:
    """Asks the queue and the page of a window."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._page = window.page
        self._from: dict[tuple[Labelling, int], int] = {}  # by the article that came next: the one put away
        panel = window.page.queue_panel
        panel.choosing.connect(self.choose_filter)
        panel.failed.connect(self._tell)
        panel.sort(Sort(window.settings.queue_sort))

    def choose_filter(self) -> None:
        """Opens the filter as controls; what is chosen there stands in the field as words."""
        from annotator.ui.queue_filter_dialog import FilterDialog

        window = self._window
        if window.project is None:
            return
        panel = self._page.queue_panel
        dialog = FilterDialog(
            panel.field.text(),
            window.project.labelset,
            sort=Sort(window.settings.queue_sort),
            counted=lambda: (panel.model.rowCount(), panel.chip),
            parent=window,
        )
        dialog.typed.connect(panel.type_filter)
        dialog.sorted.connect(lambda sort: self.sort(sort))
        dialog.finished.connect(lambda _: panel.list.setFocus())
        dialog.open()

    def sort(self, name: str) -> None:
        """Lists the articles in this order, also after a restart."""
        self._window.settings.queue_sort = Sort(name).value
        remembered.save(self._window.settings)
        self._window.bindings[f"queue.{name}"].setChecked(True)
        self._page.queue_panel.sort(Sort(name))

    def skip(self) -> None:
        """Leaves the article for good, not done, and opens the next."""
        self.close_as(Status.SKIPPED)

    def close_as(self, status: Status) -> None:
        """Puts the open article away with a status and opens the next of the queue."""
        labelling, article = self._open()
        page = self._page
        page.show_change(labelling.set_status(article.id, status))
        following = page.queue_panel.following(article.id)
        if following is None:
            page.refresh_row()
            of = " of this filter" if page.queue_panel.model.wanted.terms else ""
            page.line.say(f"No article{of} is left to do.")
            page.view.setFocus()
        else:
            self._from[labelling, following] = article.id
            self._go_to(following)

    def reopen(self) -> None:
        """Takes a finished or skipped article up again."""
        labelling, article = self._open()
        if self._page.status in (Status.TODO, Status.DOING):
            raise GestureRefused("This article is open already.")
        self._page.show_change(labelling.set_status(article.id, Status.DOING))
        self._page.line.say("Open again. It is among the articles to do.")

    def flag(self) -> None:
        """Puts a flag on the article or takes it off; finishing and skipping leave it."""
        labelling, article = self._open()
        row = self._page.queue.row(article.id) if self._page.queue else None
        on = row is None or not row.flagged
        self._page.show_change(labelling.flag(article.id, on=on))
        self._page.line.say(
            "Flagged. “Flagged” in the queue lists it until the flag is taken off."
            if on
            else "No longer flagged."
        )

    def note(self) -> None:
        """Asks for the note on the article."""
        labelling, article = self._open()
        row = self._page.queue.row(article.id) if self._page.queue else None
        before = row.note or "" if row else ""
        field = KeyField(before)
        field.setAccessibleName("Note on the article")
        field.setMinimumWidth(_NOTE_WIDTH)

        def keep() -> None:
            self._page.show_change(labelling.remark(article.id, field.text()))
            self._page.line.say(
                "Noted. is:noted finds the articles with a note." if field.text() else "Note gone."
            )

        self._page.notice.ask(
            "Note on this article.",
            [("Keep", lambda: self._window.faults.attempt(keep))],
            stay="Leave",
            field=field,
            kept=lambda: keep() if field.text().strip() != before else None,
        )

    # ---------------------------------------------------------------- from article to article

    def next_article(self) -> None:
        self._step(1)

    def previous_article(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        """Opens the neighbour in the list on the left; one that the filter hides has the whole queue's.

        Before an article that came when another was put away stands that one, though it left the list.
        """
        labelling, article = self._open()
        panel = self._page.queue_panel
        came_from = self._from.get((labelling, article.id)) if by < 0 else None
        following = came_from or panel.neighbour(article.id, by)
        if following is None:
            of = f" of {panel.listed}" if panel.listed else ""
            raise GestureRefused(f"This is the {'last' if by > 0 else 'first'} article{of}.")
        self._go_to(following)

    def open_least_certain(self) -> None:
        """Opens the unfinished article whose suggestions are the least certain."""
        queue, here = self._page.queue, self._page.article
        unfinished = queue.ids((Status.TODO, Status.DOING), sort=Sort.UNCERTAIN) if queue else []
        following = next((each for each in unfinished if here is None or each != here.id), None)
        if following is None:
            raise GestureRefused("No other article is left to do.")
        self._go_to(following)

    def _go_to(self, article_id: int) -> None:
        self._page.open_article(article_id)
        self._page.view.setFocus()

    def _open(self) -> tuple[Labelling, Article]:
        if self._page.labelling is None or self._page.article is None:
            raise GestureRefused("No article is open.")
        return self._page.labelling, self._page.article

    def _tell(self, error: AnnotatorError) -> None:
        self._window.show_error(error)
