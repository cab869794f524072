"""A person at the keyboard: key events to the focused window, nothing else."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.keys import parsed


def press(*keys: str) -> None:
    """Sends keys such as `A`, `Ctrl+Shift+Z` or `Tab` to the window that has the focus, one after another."""
    for key in keys:
        window = QGuiApplication.focusWindow()
        assert window is not None, f"no window has the focus for {key}"
        QTest.keyClick(window, *parsed(key))
        QCoreApplication.processEvents()


def type_text(text: str) -> None:
    """Types ASCII text into whatever has the focus of the focused window."""
    for character in text:
        window = QGuiApplication.focusWindow()
        assert window is not None, "no window has the focus"
        QTest.keyClick(window, character)


def find(words: str) -> None:
    """Selects the first place of words in the article with the find bar."""
    press("Ctrl+Home", "Ctrl+F")
    type_text(words)
    press("Esc")
