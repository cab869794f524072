"""Measures the time at work on each article, keeps it in the project, and tells it to who wants to know."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication

from annotator.domain.articles import Article
from annotator.domain.effort import Effort, told
from annotator.services.labelling import Labelling
from annotator.ui import settings as remembered
from annotator.ui.guard import guarded_as

if TYPE_CHECKING:
    from annotator.ui.window import Window

_LEAST_MS = 1_000  # less is passing through
_WORK = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.FocusIn,
}


class TimeSpent(QObject):
    """Listens to the article view; another program's window in front is a rest."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._page = window.page
        self._clock = window.page.clock
        self._since = 0
        self._of: tuple[Labelling, int] | None = None
        self._page.also_told = self._told
        self._page.opened.connect(self._begin)
        for heard in (self._page.view, self._page.view.viewport()):
            heard.installEventFilter(self)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)

    def keep(self) -> None:
        """Stores the time spent on the open article so far."""
        if self._of is None or self._window.project is None or self._window.project.read_only:
            return
        labelling, article_id = self._of
        ms = self._clock.ms() - self._since
        if ms >= _LEAST_MS:
            self._since += ms
            labelling.spend(article_id, ms)

    def stop(self) -> None:
        """Keeps what was spent; nothing is measured until an article is opened."""
        self._window.faults.attempt(self.keep)
        self._of = None

    def toggle(self) -> None:
        """Shows the time spent above the article, or hides it."""
        settings = self._window.settings
        settings.show_effort = not settings.show_effort
        remembered.save(settings)
        self._window.bindings["effort.show"].setChecked(settings.show_effort)
        self._page.refresh_row()

    def effort(self) -> Effort | None:
        """What was spent on the open article, until now."""
        if self._of is None:
            return None
        labelling, article_id = self._of
        kept = labelling.effort(article_id)
        return Effort(kept.ms + self._clock.ms() - self._since, kept.decisions, kept.decision_ms)

    @guarded_as(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _WORK:
            self._clock.touch()
        return False

    def _begin(self, article: Article) -> None:
        self._window.faults.attempt(self.keep)
        self._clock.touch()
        self._since = self._clock.ms()
        labelling = self._page.labelling
        self._of = (labelling, article.id) if labelling is not None else None
        if self._window.settings.show_effort:
            self._page.refresh_row()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._clock.rest()
        else:
            self._clock.touch()

    def _told(self) -> str:
        effort = self.effort() if self._window.settings.show_effort else None
        return told(effort) if effort else ""
