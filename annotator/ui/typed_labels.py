"""Keeps what is typed in the editor of labels beside the project, so that no end of the window loses it."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from annotator.domain.errors import AnnotatorError
from annotator.ui.label_drafts import Draft, keep, kept
from annotator.ui.label_editor import LabelEditor
from annotator.ui.wording import listed

_SOON_MS = 1_000  # of typing, at most, is lost with a crash


class TypedLabels(QObject):
    """Part of the page of labels."""

    def __init__(self, editor: LabelEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._project: Path | None = None
        self._kept: list[Draft] = []
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._try)
        editor.edited.connect(self._typed)

    def begin(self, project: Path) -> None:
        """Takes up what was typed for a project before, unless that is done already."""
        if project != self._project:
            self._project, self._kept = project, kept(project)
            self._editor.begin_with(self._kept)

    def end(self) -> None:
        """The project is closed."""
        self._soon.stop()
        self._project = None
        self._editor.begin_with(())

    def keep(self) -> None:
        """Writes what is typed now; AnnotatorError where that cannot be."""
        self._soon.stop()
        drafts = self._editor.unsaved
        if self._project is None or drafts == self._kept:
            return
        try:
            keep(self._project, drafts)
        except AnnotatorError as error:
            raise AnnotatorError(
                f"What you typed for {said(drafts)} would be lost: {error} Or save it, or take it back (Esc)."
            ) from error
        self._kept = drafts

    def _typed(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _try(self) -> None:
        """Whoever types is not held up; that it cannot be kept is told when it would be lost."""
        try:
            self.keep()
        except AnnotatorError as error:
            logging.getLogger(__name__).warning("%s", error)


def said(drafts: list[Draft]) -> str:
    """The labels that something is typed for."""
    return listed([draft.label.name or "a new label" for draft in drafts])
