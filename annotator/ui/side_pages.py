"""Help and settings: pages beside the work, from which undo and every other page are still one key away."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from annotator.ui import style
from annotator.ui.actions import Page

if TYPE_CHECKING:
    from annotator.ui.help_page import HelpPage
    from annotator.ui.window import Window


class SidePages:
    """Part of the window, made with the first of these pages."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._help: HelpPage | None = None
        window.page.line.said.connect(self._repeat)

    def show(self, page: QWidget) -> None:
        """Shows a page; with no project open there is nothing beside it."""
        self._window.show_page(page, Page.ASIDE if self._window.project is not None else Page.ANY)

    def show_help(self, name: str) -> None:
        """Opens a page of the help, or goes back from it."""
        from annotator.ui.help_page import HelpPage

        window = self._window
        if self._help is None:
            self._help = HelpPage(window.keys, window)
            self._help.left.connect(window.back_to_work)
            window.stack.addWidget(self._help)
        if window.stack.currentWidget() is self._help and self._help.page == name:
            window.back_to_work()
            return
        self._help.set_labels(window.project.labelset if window.project else None)
        self.show(self._help)
        self._help.show_page(name)

    def _repeat(self, text: str, warn: bool) -> None:
        """What the status line of the articles says, as these pages have none."""
        if self._window.bindings.page is Page.ASIDE:
            self._window.notice.tell(text, role=style.WARN if warn else style.ACCENT)
