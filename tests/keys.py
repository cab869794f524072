"""Keys as people write them, for the tests that press them."""

from PySide6.QtCore import Qt

_HELD = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
_NAMED = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "PgUp": Qt.Key.Key_PageUp,
    "PgDown": Qt.Key.Key_PageDown,
    "/": Qt.Key.Key_Slash,
    ",": Qt.Key.Key_Comma,
    "+": Qt.Key.Key_Plus,
    "-": Qt.Key.Key_Minus,
}


def parsed(keys: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """The key and the modifiers of `A`, `Tab`, `Ctrl+Shift+Z` or `Ctrl++`."""
    held, _, last = keys.rpartition("+") if not keys.endswith("+") else (keys[:-2], "", "+")
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in held.split("+") if held else ():
        modifiers |= _HELD[name]
    return _NAMED[last] if last in _NAMED else getattr(Qt.Key, f"Key_{last}"), modifiers
