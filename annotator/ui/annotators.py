"""Who labels: the menu of annotators, and going on as another one."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from annotator.domain.directions import isolated
from annotator.domain.errors import GestureRefused
from annotator.ui import settings as remembered
from annotator.ui.actions import Menu
from annotator.ui.chrome import KeyField

if TYPE_CHECKING:
    from annotator.ui.window import Window


class Annotators:
    """Part of the window."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._menu = window.menus[Menu.ANNOTATOR]
        self._menu.aboutToShow.connect(self._fill)
        self._listed: list[QAction] = []
        window.top.annotating.connect(self._pop)

    def ask(self) -> None:
        """Asks for a name in the bar and goes on as that person."""
        field = KeyField()
        field.setPlaceholderText("Name")
        field.setAccessibleName("Name of the annotator")
        field.setMinimumWidth(180)
        self._window.notice.ask(
            "Who labels now? Each person’s marks are their own.",
            [("Go on", lambda: self._window.faults.attempt(self._switch, field.text()))],
            stay="Stay",
            field=field,
        )

    def _switch(self, name: str) -> None:
        window, name = self._window, name.strip()
        if not name or window.project is None:
            raise GestureRefused("A name needs at least one letter.")
        article = window.page.article
        self.remember(name)
        window.show_project(window.project, name, first=article.id if article else None)
        window.page.line.say(f"You label as {isolated(name)} now.")

    def remember(self, name: str) -> None:
        """Remembers who labels; an empty name is the system's user again."""
        self._window.settings.annotator = name
        remembered.save(self._window.settings)
        self._window.show_start_name()

    def _fill(self) -> None:
        """Lists everybody who labelled in the open project, and who labels now, each time the menu opens."""
        for action in self._listed:
            self._menu.removeAction(action)
            action.deleteLater()
        self._listed.clear()
        project, labelling = self._window.project, self._window.page.labelling
        if project is None or labelling is None:
            return
        before = self._menu.actions()[0]
        for name in sorted({*project.annotators(), labelling.annotator}, key=str.casefold):
            action = QAction(name, self._menu)
            action.setCheckable(True)
            action.setChecked(name == labelling.annotator)
            action.triggered.connect(
                lambda _=False, name=name: self._window.faults.attempt(self._switch, name)
            )
            self._menu.insertAction(before, action)
            self._listed.append(action)
        self._listed.append(self._menu.insertSeparator(before))

    def _pop(self) -> None:
        button = self._window.top.annotator
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
