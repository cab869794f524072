"""The window's keys: shown and heard wherever they are, changed on the settings page, printed; snapping."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.ui import settings as remembered
from annotator.ui.actions import Page

if TYPE_CHECKING:
    from annotator.ui.settings_page import SettingsPage
    from annotator.ui.window import Window


class Keying(QObject):
    """Part of the window; the settings page is made when it is first wanted."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._page: SettingsPage | None = None
        window.page.view.snap = window.settings.snap
        window.keys.changed.connect(self._take)
        if not window.keys.as_made:
            self._take()

    def show_settings(self) -> None:
        """Opens the settings page, or goes back from it."""
        from annotator.ui.settings_page import SettingsPage

        window = self._window
        if self._page is None:
            self._page = SettingsPage(window.keys, window)
            self._page.left.connect(window.back_to_work)
            window.stack.addWidget(self._page)
        if window.stack.currentWidget() is self._page:
            window.back_to_work()
            return
        window.show_page(self._page, Page.ANY)
        self._page.start(window.project.labelset if window.project else None)

    def print_keys(self) -> None:
        """Asks for a printer, or a file, and prints the key sheet on one page."""
        from annotator.ui.key_sheet import print_sheet

        window = self._window
        print_sheet(window, window.keys, window.project.labelset if window.project else None)

    def toggle_snap(self) -> None:
        """Switches on or off that selections and edges go to the edges of whole words."""
        window = self._window
        window.settings.snap = window.page.view.snap = not window.settings.snap
        remembered.save(window.settings)
        window.bindings["mark.snap"].setChecked(window.settings.snap)
        window.page.line.say(
            "Selections and edges snap to whole words." if window.settings.snap else "Every character counts."
        )

    def _take(self) -> None:
        """Shows and hears the keys that hold now."""
        from annotator.ui.caret_keys import motion_keys

        window = self._window
        window.bindings.assign_keys()
        window.bindings.show_labels(window.project.labelset if window.project else None)
        window.page.view.set_keys(motion_keys(window.keys))
        window.page.show_keys()
        window.top.show_keys()
        window.show_start_keys()
