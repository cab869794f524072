"""A person at the keyboard: key events to the focused window, nothing else."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

_HELD = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
_NAMED = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Space": Qt.Key.Key_Space,
    "Delete": Qt.Key.Key_Delete,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "PgDown": Qt.Key.Key_PageDown,
    "PgUp": Qt.Key.Key_PageUp,
}


def press(*keys: str) -> None:
    """Sends keys such as `A`, `Ctrl+Shift+Z` or `Tab` to the window that has the focus, one after another."""
    for key in keys:
        *held, last = key.split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for name in held:
            modifiers |= _HELD[name]
        window = QGuiApplication.focusWindow()
        assert window is not None, f"no window has the focus for {key}"
        QTest.keyClick(window, _NAMED[last] if last in _NAMED else getattr(Qt.Key, f"Key_{last}"), modifiers)
        QCoreApplication.processEvents()


def type_text(text: str) -> None:
    """Types ASCII text into whatever has the focus of the focused window."""
    for character in text:
        window = QGuiApplication.focusWindow()
        assert window is not None, "no window has the focus"
        QTest.keyClick(window, character)


def find(words: str) -> None:
    """Selects words of the article with the find bar, which starts at the caret."""
    press("Ctrl+Home", "Ctrl+F")
    type_text(words)
    press("Enter", "Esc")
