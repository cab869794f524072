"""Finishing articles: the question about what is undecided, and the end of one's own pass."""

from typing import TYPE_CHECKING

from annotator.domain.articles import Article, Status
from annotator.domain.errors import GestureRefused
from annotator.domain.marks import Source
from annotator.services.labelling import Labelling
from annotator.services.showing import told_since
from annotator.services.wording import counted
from annotator.ui import style

if TYPE_CHECKING:
    from annotator.ui.window import Window


class Finishing:
    """Finishes the articles of a window's label page."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._page = window.page
        self._asked: set[tuple[Labelling, int]] = set()  # where it was said how many are undecided

    def finish(self) -> None:
        """Marks the article done and opens the next.

        Asks once if suggestions are undecided. Where they are hidden until one's own pass is done, it is done
        now: those that differ are shown first, and finishing again finishes.
        """
        labelling, article = self._open()
        if self._page.hidden.until_done:
            self.reveal()
            if self._page.marks.undecided:
                return
        left = self._page.marks.undecided
        if left and (labelling, article.id) not in self._asked:
            self._asked.add((labelling, article.id))
            verb = "is" if left == 1 else "are"
            self._page.notice.ask(
                f"{counted(left, 'suggestion')} {verb} undecided and never exported. Finish all the same?",
                [
                    (
                        "Finish",
                        lambda: self._window.faults.attempt(self._window.queueing.close_as, Status.DONE),
                    )
                ],
            )
        else:
            self._window.queueing.close_as(Status.DONE)

    def reveal(self) -> None:
        """Ends one's own pass: shows the suggestions that were hidden, and goes to the first that differs."""
        from annotator.services.own_pass import OwnPass

        labelling, article = self._open()
        project = self._window.project
        assert project is not None
        kinds = self._page.hidden.until_done
        self._page.show_change(OwnPass(project, labelling.annotator).reveal(article.id))
        shown = [each for each in self._page.marks if each.kind in kinds]
        left = sorted((each for each in shown if each.suggested), key=lambda each: each.mark.span)
        same = sum(each.source is Source.ACCEPTED for each in shown)
        alike = f"{counted(same, 'suggestion')} {'says' if same == 1 else 'say'} what your marks say"
        if not left:
            self._page.line.say(f"Your own pass is done: {alike}, none differs." if same else _NOTHING)
            return
        self._asked.add((labelling, article.id))
        self._page.view.show_mark(left[0])
        verb = "differs" if len(left) == 1 else "differ"
        key = self._window.keys.told("article.finish")
        self._page.line.say(f"Your own pass is done: {alike}, {len(left):,} {verb}. {key} finishes.")

    def tell_changes(self) -> None:
        """Says in the bar if somebody else changed when suggestions are seen since this was last told."""
        project, labelling, settings = self._window.project, self._page.labelling, self._window.settings
        if project is None or labelling is None:
            return
        path = str(project.path)
        told = told_since(project, labelling.annotator, settings.told_showing.get(path, 0))
        if told is not None:
            settings.told_showing[path] = told[0]
            self._page.notice.tell(told[1], role=style.ACCENT)

    def _open(self) -> tuple[Labelling, Article]:
        if self._page.labelling is None or self._page.article is None:
            raise GestureRefused("No article is open.")
        return self._page.labelling, self._page.article


_NOTHING = "Your own pass is done: nothing is suggested here."
