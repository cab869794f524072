"""Who labels: the menu of annotators, and going on as another one."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup

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
        self._names = QActionGroup(window)
        self._line = self._menu.insertSeparator(self._menu.actions()[0])
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
        window.page.line.say(f"You label as {name} now.")

    def remember(self, name: str) -> None:
        """Remembers who labels; an empty name is the system's user again."""
        self._window.settings.annotator = name
        remembered.save(self._window.settings)
        self._window.show_start_name()

    def fill(self, current: str) -> None:
        """Lists everybody who labelled in the open project, and who labels now."""
        for action in self._names.actions():
            self._names.removeAction(action)
            action.deleteLater()
        project = self._window.project
        assert project is not None
        for name in sorted({*project.annotators(), current}, key=str.casefold):
            action = self._names.addAction(name)
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(
                lambda _=False, name=name: self._window.faults.attempt(self._switch, name)
            )
            self._menu.insertAction(self._line, action)

    def _pop(self) -> None:
        button = self._window.top.annotator
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
