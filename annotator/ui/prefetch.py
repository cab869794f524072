"""Suggestions while a person works: of the open article, then of the next; they appear without a jump."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.domain.articles import Article
from annotator.domain.errors import PipelineNotTrusted
from annotator.storage.project import Project
from annotator.ui.background import Background
from annotator.ui.faults import Faults
from annotator.ui.label_page import LabelPage

if TYPE_CHECKING:
    from annotator.services.suggesting import Suggesting
    from annotator.ui.suggester import Suggester, SuggesterState

_FIRST_MS = 300  # the window is painted before the pipeline's process is started


class Prefetch(QObject):
    """Keeps a Suggester for the open project and asks it about every article that is opened."""

    def __init__(self, page: LabelPage, background: Background, faults: Faults, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._faults = faults
        self._background = background
        self._project: Project | None = None
        self._suggester: Suggester | None = None
        self._suggesting: Suggesting | None = None
        self._chosen = False  # a person chose the pipeline, and it has not begun yet
        self._later = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._later.timeout.connect(self._load)
        page.opened.connect(self._ask)

    def start(self, project: Project) -> None:
        """From now on articles of the project are read; the process is started a little later."""
        if self._project is not project:
            self.stop()
            self._project, self._chosen = project, False
            self._later.start()

    def choose(self) -> None:
        """Opens the dialog in which a project's pipeline, its labels and its thresholds are chosen."""
        from annotator.ui.suggestions_dialog import SuggestionsDialog

        assert self._page.project is not None
        assert self._page.labelling is not None
        annotator = self._page.labelling.annotator
        dialog = SuggestionsDialog(self._page.project, annotator, self._faults, self._page.window())
        dialog.chosen.connect(self._follow)
        dialog.open()

    def _follow(self, other_suggestions: bool) -> None:
        """Shows what the thresholds leave at once; other suggestions come when they are read."""
        self._page.refresh()
        self._page.queue_panel.reload()
        if other_suggestions:
            self._restart(chosen=True)

    def _restart(self, *, chosen: bool) -> None:
        """Starts anew, by what the project has chosen now; not if suggestions are switched off."""
        project = self._project
        if project is not None:
            self.stop()
            self.start(project)
            self._chosen = chosen

    def stop(self) -> None:
        self._later.stop()
        self._project = None
        if self._suggester is not None:
            self._suggester.close()
            self._suggester.deleteLater()
            self._suggester = None
        self._page.line.show_pipeline("")

    def _load(self) -> None:
        """Imports beside the window: in its own thread the modules cost a pause that can be felt."""
        self._background.run(lambda: importlib.import_module("annotator.ui.suggester"), self._begin)

    def _begin(self, _: object) -> None:
        from annotator.services.suggesting import Suggesting
        from annotator.ui.suggester import Suggester

        if self._project is None or self._suggester is not None:
            return
        self._suggesting = Suggesting(self._project, forward=self._chosen)
        self._suggester = Suggester(self._suggesting, parent=self)
        self._suggester.begun.connect(self._show_again)
        self._suggester.arrived.connect(self._arrived)
        self._suggester.noticed.connect(self._tell)
        self._suggester.untrusted.connect(self._ask_trust)
        self._suggester.state_changed.connect(self._show_state)
        if self._page.article is not None:
            self._ask(self._page.article)

    def _ask(self, article: Article) -> None:
        if self._suggester is not None:
            self._suggester.ask(article.id, self._page.queue_panel.following(article.id))

    def _show_again(self) -> None:
        """Shows what a pipeline that was just chosen had suggested before."""
        if self._chosen:
            self._chosen = False
            self._page.refresh()
            self._page.queue_panel.reload()

    def _arrived(self, article_id: int, count: int) -> None:
        page = self._page
        if count and page.article is not None and article_id == page.article.id:
            page.refresh()
        elif count:
            page.queue_panel.refresh(article_id)

    def _tell(self, said: str) -> None:
        """What passes goes by in the status line; that no suggestion will come stays until it is read."""
        if self._suggester is not None and str(self._suggester.state) == "off":
            self._page.notice.tell(said)
        else:
            self._page.line.say(said, warn=True)

    def _ask_trust(self, refused: PipelineNotTrusted) -> None:
        """Leaves the focus where it is: an Enter meant for something else must not be the answer."""
        self._page.notice.tell(
            f"Loading the pipeline in {refused.folder} runs its code. Do you trust where it comes from?",
            choices=[("Run it", lambda: self._faults.attempt(self._allow, refused))],
        )

    def _allow(self, refused: PipelineNotTrusted) -> None:
        from annotator.services.choices import allow

        allow(refused.digest, refused.folder)
        self._restart(chosen=self._chosen)

    def _show_state(self, state: "SuggesterState") -> None:
        run = self._suggesting.run if self._suggesting else None
        name = f"{run.pipeline} {run.version}" if run else "The pipeline"
        said = {"loading": f"{name} is loading", "reading": f"{name} is reading", "off": f"{name} is off"}
        self._page.line.show_pipeline(said.get(str(state), name))
