"""Draws the window to a picture, with or without a display, also beside an open window."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import places
from annotator.domain.errors import AnnotatorError, NoDisplay
from annotator.ui.app import require_display

if TYPE_CHECKING:
    from annotator.ui.export_dialog import ExportDialog
    from annotator.ui.import_dialog import ImportDialog
    from annotator.ui.window import Window

_SETTLE_S = 0.2
_SHADE = 90  # of 255, over the window behind a dialog


def shot(
    project: Path | None,
    out: Path,
    *,
    page: str = "label",
    theme: str = "light",
    size: tuple[int, int] = (1440, 900),
    font_size: float | None = None,
    chrome_size: float | None = None,
    article: int = 1,
    annotator: str | None = None,
) -> None:
    """Draws one page of a project (opened to read) to a PNG of `size` pixels.

    `page` is label, start, keys, names, review, dashboard, labelset, settings, history, import (of the packed
    labels) or export; `font_size` of the articles and `chrome_size` of all else are in points; `article`
    counts from 1 in file order; the labels are of `annotator`, by default of the one who would label.
    Nothing is remembered.
    """
    try:
        require_display()
    except NoDisplay:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import Qt

    from annotator.ui import settings as remembered
    from annotator.ui.app import application
    from annotator.ui.faults import Faults
    from annotator.ui.window import Window

    settings = remembered.load()
    settings.theme, settings.suggestions, settings.geometry = theme, False, ""
    settings.panes = remembered.Settings().panes
    settings.text_size = font_size or remembered.USUAL_TEXT
    app = application()
    usual = app.font()
    if chrome_size:
        larger = app.font()
        larger.setPointSizeF(chrome_size)
        app.setFont(larger)
    window = Window(settings, Faults())
    window.resize(*size)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    try:
        if project is not None:
            _open(window, project, article, annotator)
        else:
            window.show_start()
        if page == "keys":
            window.side_pages.show_help("keys")
        elif page == "settings":
            window.keying.show_settings()
        elif page == "names":
            window.names.show()
            window.names.read_now()
        elif page == "review":
            window.review.show()
            window.review.read_now()
        elif page == "dashboard":
            window.dashboard.show_now()
        elif page == "labelset":
            window.labels.show()
            window.labels.say("")
        elif page == "history":
            window.history.show_before()
        elif page == "start":
            window.close_project()
        _draw(window, out, _dialog(window, page))
    finally:
        window.close_project()
        window.deleteLater()
        app.processEvents()
        app.setFont(usual)


def _open(window: "Window", path: Path, article: int, annotator: str | None) -> None:
    from annotator.services import projects
    from annotator.storage.project import Access

    project = projects.open_project(path, Access.READ)
    window.show_project(project, annotator or window.settings.labels_as())
    window.page.line.show_saved()  # reading is how it is drawn, not what the person would see
    ids = window.page.queue.ids(None, "") if window.page.queue else []
    if not 1 <= article <= max(len(ids), 1):
        raise AnnotatorError(f"{path} has {len(ids)} articles; there is no article {article}.")
    if ids:
        window.page.open_article(ids[article - 1])
        window.page.view.step(1, lambda shown: True)


def _dialog(window: "Window", page: str) -> "ImportDialog | ExportDialog | None":
    """The dialog of a page that is one."""
    from PySide6.QtCore import Qt

    if page == "import":
        return window.exchange.look_at([places.seeds() / "labels"])
    if page == "export":
        dialog = window.exchange.asked()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        dialog.show()
        return dialog
    return None


def _draw(window: "Window", out: Path, dialog: "ImportDialog | ExportDialog | None") -> None:
    from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize
    from PySide6.QtGui import QColor, QPainter

    from annotator.ui import style

    end = time.monotonic() + _SETTLE_S
    while time.monotonic() < end or (dialog is not None and dialog.busy):
        QCoreApplication.processEvents()
    picture = window.grab()
    if dialog is not None:
        wanted = QSize(*(style.scaled(dialog, pixels) for pixels in dialog.USUAL))
        dialog.resize(wanted.boundedTo(window.size()))
        QCoreApplication.processEvents()  # scroll bars come and go
        at = QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2)
        shown = dialog.grab()
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, _SHADE))
        painter.drawPixmap(at, shown)
        painter.setPen(window.theme.line)
        painter.drawRect(QRect(at, dialog.size()))
        painter.end()
    if not picture.save(str(out), "PNG"):
        raise AnnotatorError(f"{out} cannot be written. Check that its folder is there and writable.")
