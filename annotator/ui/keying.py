"""The window's keys: shown and heard wherever they are, changed on the settings page, printed; snapping."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.domain.labels import LabelSet
from annotator.ui import settings as remembered
from annotator.ui import style

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
            self._page.theme_chosen.connect(window.choose_theme)
            window.stack.addWidget(self._page)
        if window.stack.currentWidget() is self._page:
            window.back_to_work()
            return
        window.side_pages.show(self._page)
        self._page.start(self._labelset(), window.settings.theme)

    def print_keys(self) -> None:
        """Asks for a printer and prints the key sheet; where there is none, offers a file."""
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        from annotator.ui.key_sheet import print_sheet

        if not QPrinterInfo.availablePrinterNames():
            self._offer_file("There is no printer on this computer.")
            return

        def tell(printer: QPrinter) -> None:
            if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
                self._offer_file(f"{printer.printerName()} did not take the key sheet.")
            else:
                place = printer.outputFileName() or printer.printerName()
                self._say(f"The key sheet went to {place}.")

        print_sheet(self._window, self._window.keys, self._labelset(), then=tell)

    def _offer_file(self, why: str) -> None:
        faults = self._window.faults
        self._window.notice.ask(
            f"{why} The key sheet can be saved as a PDF file, to print elsewhere.",
            [("Save as PDF", lambda: faults.attempt(self._save_sheet))],
            stay="Leave",
        )

    def _save_sheet(self) -> None:
        from annotator.storage.durable import drafted
        from annotator.ui.key_sheet import sheet_pdf

        path = self._window.files.ask_save("Save the key sheet", "annotator-keys.pdf", "PDF (*.pdf)")
        if path is not None:
            with drafted(path) as draft:
                draft.write_bytes(sheet_pdf(self._window.keys, self._labelset()))
            self._say(f"The key sheet is in {path}.")

    def _say(self, text: str) -> None:
        self._window.notice.tell(text, role=style.ACCENT)

    def _labelset(self) -> LabelSet | None:
        return self._window.project.labelset if self._window.project else None

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
        window.bindings.show_labels(self._labelset())
        window.page.view.set_keys(motion_keys(window.keys))
        window.page.show_keys()
        window.top.show_keys()
        window.show_start_keys()
