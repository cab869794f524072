"""Going through an error list that `annotator evaluate` wrote, from one error to the next."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.errors import AnnotatorError, GestureRefused
from annotator.services.wording import counted

if TYPE_CHECKING:
    from annotator.services.error_list import Errors, Mistake
    from annotator.ui.error_panel import ErrorPanel
    from annotator.ui.window import Window

_KINDS = "Error list (*.jsonl)"
_NONE = "No error list is open: File, Open error list… takes what annotator evaluate wrote."


class ErrorList(QObject):
    """The error list of the window, and the article at each of its errors. The pane is made when wanted."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._shown: ErrorPanel | None = None
        self._seen: Mistake | None = None
        window.let_go.connect(self.close)

    def choose(self) -> None:
        """Asks for a file and opens it."""
        path = self._window.files.ask_open("Open an error list", _KINDS)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Lists the errors of a file, with the cursor on the first; FormatError if it holds none."""
        from annotator.services.error_list import read_errors

        errors = read_errors(path)
        if not errors.mistakes:
            raise AnnotatorError(f"{path} has no errors in it: nothing was wrong, or it is another file.")
        errors, hidden = self._in_sight(errors)
        if not errors.mistakes:
            raise GestureRefused("Suggestions are hidden from you in every article of this error list.")
        panel = self.panel
        panel.show_errors(errors)
        self._seen = None
        panel.show()
        panel.setFocus()
        if hidden:
            self._window.page.line.say(
                f"{counted(hidden, 'error')} more in articles whose suggestions are hidden from you."
            )

    def _in_sight(self, errors: "Errors") -> tuple["Errors", int]:
        """The errors without those of articles whose suggestions the annotator does not see, and how many."""
        labelling = self._window.page.labelling
        if labelling is None:
            return errors, 0
        articles = {mistake.article_id for mistake in errors.mistakes}
        hidden = {article_id for article_id in articles if labelling.hidden(article_id)}
        seen = tuple(mistake for mistake in errors.mistakes if mistake.article_id not in hidden)
        return replace(errors, mistakes=seen), len(errors.mistakes) - len(seen)

    def close(self) -> None:
        """Takes the pane away, and the list with it."""
        if self._shown is not None and not self._shown.isHidden():
            self._shown.hide()
            self._window.page.view.setFocus()

    def next(self) -> None:
        self._step(1)

    def previous(self) -> None:
        self._step(-1)

    @property
    def panel(self) -> "ErrorPanel":
        if self._shown is None:
            from annotator.ui.error_panel import ErrorPanel

            page = self._window.page
            self._shown = ErrorPanel(self._window.keys.first("errors.next"), page)
            self._shown.hide()
            self._shown.chosen.connect(lambda mistake: self._window.faults.attempt(self._visit, mistake))
            self._shown.left.connect(page.view.setFocus)
            self._shown.closed.connect(self.close)
            page.add_pane(self._shown)
        return self._shown

    def _step(self, by: int) -> None:
        """Goes to an error; forwards, the one under the cursor comes first if it was not looked at yet."""
        panel = self._shown
        if panel is None or panel.isHidden():
            raise GestureRefused(_NONE)
        here = panel.row
        new = by > 0 and here >= 0 and panel.model.at(here) is not self._seen
        row = here if new else here + by
        if not 0 <= row < panel.model.rowCount():
            raise GestureRefused("This is the last error." if by > 0 else "This is the first error.")
        panel.table.go_to(row)
        self._visit(panel.model.at(row))

    def _visit(self, mistake: "Mistake") -> None:
        """Opens the article of an error with its words selected and says what is wrong."""
        page = self._window.page
        self._seen = mistake
        if page.queue is None or not page.queue.rows([mistake.article_id]):
            raise GestureRefused(f"“{mistake.title}” is not in this project: import the gold file to see it.")
        if page.article is None or page.article.id != mistake.article_id:
            page.open_article(mistake.article_id)
        if mistake.span.end > len(page.text()):
            raise GestureRefused(f"“{mistake.title}” is shorter than the error list says: evaluate again.")
        page.view.set_selection(mistake.span)
        page.view.setFocus()
        place = self.panel.place(self.panel.row)
        page.line.say(f"Error {place}: {mistake.said}.")
