"""Starts the window, and is the one place where errors end: told if they are for people, else logged."""

import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import places
from annotator.domain.errors import AnnotatorError, NoDisplay
from annotator.ui.binding import import_qt, quick_enums

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_LOG = "annotator.log"
_LOG_BYTES = 1_000_000
_ICON_MS = 100  # the window is painted before its icon is


def require_display() -> None:
    """Raises NoDisplay where a window cannot be shown, before Qt would end the process."""
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in ("offscreen", "minimal", "vnc", "linuxfb", "eglfs"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise NoDisplay(
            "There is no display to open a window on. Draw a picture instead: annotator shot PROJECT OUT.png"
        )


def run(project: Path | None, *, annotator: str | None = None, errors: Path | None = None) -> int:
    """Opens the window and returns when it is closed; 0 is a clean end. `errors` is an error list to show.

    Raises NoDisplay, and what is wrong with `project` when it cannot be opened at all.
    """
    require_display()
    gc.disable()  # what is made at the start stays, and looking through it takes a twentieth of the start
    try:
        return _run(project, annotator, errors)
    finally:
        gc.enable()


def _run(project: Path | None, annotator: str | None, errors: Path | None) -> int:
    start_log()
    with quick_enums():
        import_qt(places.cache_dir())
        from PySide6.QtCore import QTimer

        from annotator.ui import settings
        from annotator.ui.faults import Faults
        from annotator.ui.window import Window

        app = application()
        faults = Faults(app)
        faults.install()
        window = Window(settings.load(), faults)
    trouble = " ".join(filter(None, (window.settings.trouble, window.keys.trouble)))
    try:
        if project is not None:
            window.files.open(project, annotator)
            if errors is not None and window.project is not None:
                faults.attempt(window.errors.open, errors)
        else:
            window.show_start()
        window.show()
        if trouble:
            from annotator.ui.telling import tell_trouble

            tell_trouble(window, trouble)
        QTimer.singleShot(0, _collect_garbage)
        QTimer.singleShot(_ICON_MS, lambda: _show_icon(app))
        heart = QTimer(app, interval=500)  # gives Python a turn, so that Ctrl+C in the terminal is heard
        heart.timeout.connect(lambda: None)
        heart.start()
        return int(app.exec())
    finally:
        faults.uninstall()


def _show_icon(app: "QApplication") -> None:
    from PySide6.QtGui import QIcon

    app.setWindowIcon(QIcon(str(places.resource("icons", "annotator.svg"))))


def _collect_garbage() -> None:
    """From the first turn of the event loop on, and never through what was made before it."""
    gc.freeze()
    gc.enable()


def application() -> "QApplication":
    """The QApplication, made once: its name, font and style."""
    from PySide6.QtWidgets import QApplication

    from annotator.ui import style

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        QApplication.setApplicationName("annotator")
        QApplication.setApplicationDisplayName("Annotator")
        QApplication.setDesktopFileName("annotator")
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])  # setStyle would make eleven enums
    else:
        app.setStyle("Fusion")
    app.setFont(style.chrome_font())
    return app


def start_log() -> None:
    """Sends warnings and faults of the program to a file in the user's state folder."""
    logger = logging.getLogger("annotator")
    if logger.handlers:
        return
    try:
        path = places.state_dir() / _LOG
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    except OSError as error:
        raise AnnotatorError(
            f"The log cannot be written: {error}. Check that your home folder is writable."
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
