"""Looking back at what was done on the open article, and restoring an earlier state of it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.errors import GestureRefused
from annotator.domain.history import Entry

if TYPE_CHECKING:
    from annotator.services.history import History
    from annotator.ui.history_pane import HistoryPane
    from annotator.ui.window import Window

_KEYS = (("↑ ↓", "look back"), ("Enter", "restore"), ("Esc", "now"))
_SIDE = 2  # the place of the right pane among those of the page


class LookingBack:
    """Shows the history in the inspector's place; while an old state is shown nothing can be changed."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._page = window.page
        self.pane: HistoryPane | None = None
        self._history: History | None = None
        window.let_go.connect(self.close)
        self._page.opened.connect(lambda _: self._article_changed())
        self._page.changed.connect(lambda change: self._work_changed() if change.gesture else None)

    def toggle(self) -> None:
        """Opens the history, or goes back to now and closes it."""
        if self.is_open:
            self.close()
            return
        if self._page.article is None or self._page.labelling is None:
            raise GestureRefused("No article is open.")
        self._history = self._read()
        pane = self._made()
        self._page.panes.replaceWidget(_SIDE, pane)
        self._page.inspector.setParent(self._page)
        self._page.inspector.hide()
        pane.show()
        self._list()
        pane.setFocus()

    def show_before(self) -> None:
        """Opens the history at the state before the newest gesture."""
        self.toggle()
        if self.pane is not None:
            self.pane.list.setCurrentIndex(self.pane.model.index(min(2, self.pane.model.rowCount() - 1)))

    @property
    def is_open(self) -> bool:
        return self._history is not None

    def close(self) -> None:
        """Back to now, and the inspector in its place again."""
        if self.pane is None or not self.is_open:
            return
        self._back_to_now()
        self._history = None
        self._page.panes.replaceWidget(_SIDE, self._page.inspector)
        self.pane.setParent(self._page)
        self.pane.hide()
        self._page.inspector.show()
        self._page.view.setFocus()

    def _made(self) -> "HistoryPane":
        from annotator.ui.history_pane import HistoryPane

        if self.pane is None:
            self.pane = HistoryPane(self._page)
            self.pane.looked.connect(lambda entry: self._window.faults.attempt(self._look, entry))
            self.pane.restoring.connect(lambda entry: self._window.faults.attempt(self._restore, entry))
            self.pane.left.connect(self._leave)
            self._page.add_side(self.pane)
        return self.pane

    def _read(self) -> "History":
        """The history as the annotator of the page reads it."""
        from annotator.services.history import History

        assert self._window.project is not None
        assert self._page.labelling is not None
        return History(self._window.project, self._page.labelling.annotator)

    def _list(self) -> None:
        assert self.pane is not None
        if self._history is not None and self._page.article is not None:
            self.pane.show_entries(self._history.entries(self._page.article.id))

    def _look(self, entry: Entry | None) -> None:
        """Draws the article as it stood after a gesture; the newest is how it stands now."""
        page, pane = self._page, self.pane
        assert pane is not None
        if self._history is None or page.article is None:
            return
        if entry is None or entry is pane.model.entry(1):
            self._back_to_now()
            return
        past = self._history.past(page.article.id, entry)
        page.looking_back = True
        change = page.marks.difference(past.shown, page.article.id)
        page.show_change(replace(change, zones=tuple(past.zones)))
        page.line.show_only(_KEYS)
        pane.show_state(entry)

    def _back_to_now(self) -> None:
        page = self._page
        if page.looking_back:
            page.looking_back = False
            page.line.show_only(())
            assert page.labelling is not None
            assert page.article is not None
            now = page.labelling.open(page.article.id)
            change = page.marks.difference(now.shown, page.article.id)
            page.show_change(replace(change, zones=tuple(now.zones)))
        if self.pane is not None:
            self.pane.show_state(None)

    def _restore(self, entry: Entry | None) -> None:
        page = self._page
        if self._history is None or page.article is None or entry is None or not page.looking_back:
            raise GestureRefused("This is how the article stands: go back to an earlier state with ↓ first.")
        project = self._window.project
        if project is not None and project.read_only:
            raise GestureRefused(f"Read only: {project.read_only}")
        change = self._history.restore(page.article.id, entry)
        self._back_to_now()
        page.show_change(change)
        page.line.say("Restored. Undo takes it back in one step.")

    def _leave(self) -> None:
        """Esc: first back to now, then out of the pane."""
        if self._page.looking_back and self.pane is not None:
            self.pane.list.setCurrentIndex(self.pane.model.index(0))
        else:
            self.close()

    def _article_changed(self) -> None:
        self._page.looking_back = False
        self._page.line.show_only(())
        if self.is_open:
            self._history = self._read()  # another annotator may have taken over
            self._list()

    def _work_changed(self) -> None:
        if self.is_open and not self._page.looking_back:
            self._list()
