"""Keys by position, for layouts on which the character of a key is not the one a shortcut names."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_Modifier = Qt.KeyboardModifier

# Places as systems number them: X11 and Wayland (evdev + 8), Windows (scan codes), macOS (virtual keys).
_DIGITS_LINUX = {10 + n: digit for n, digit in enumerate("1234567890")}
_DIGITS_WINDOWS = {2 + n: digit for n, digit in enumerate("1234567890")}
_DIGITS_MAC = dict(zip((18, 19, 20, 21, 23, 22, 26, 28, 25, 29), "1234567890", strict=True))

_ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_LETTERS_LINUX = {
    first + n: letter for first, row in zip((24, 38, 52), _ROWS, strict=True) for n, letter in enumerate(row)
}
_LETTERS_WINDOWS = {
    first + n: letter for first, row in zip((16, 30, 44), _ROWS, strict=True) for n, letter in enumerate(row)
}
_LETTERS_MAC = dict(
    zip(
        (12, 13, 14, 15, 17, 16, 32, 34, 31, 35, 0, 1, 2, 3, 5, 4, 38, 40, 37, 6, 7, 8, 9, 11, 45, 46),
        "".join(_ROWS),
        strict=True,
    )
)


def by_position(event: QKeyEvent, platform: str = sys.platform) -> str | None:
    """The key at the event's place as a shortcut's text (`1`, `Shift+3`, `A`), for what no shortcut matched.

    Digits stand for their place on every layout: AZERTY types `&` on the key of 1, Czech `+`. A letter stands
    for its place only if the layout types no Latin letter there (Cyrillic, Greek, Hebrew). None for any other
    key, with Ctrl, Alt or Meta, and when the event does not say where the key is.
    """
    held = event.modifiers()
    if held & (_Modifier.ControlModifier | _Modifier.AltModifier | _Modifier.MetaModifier):
        return None
    shift = "Shift+" if held & _Modifier.ShiftModifier else ""
    digits, letters, code = _tables(event, platform)
    if digit := digits.get(code):
        return f"{shift}{digit}"
    letter = letters.get(code)
    return f"{shift}{letter}" if letter and _foreign(event.text()) else None


def _tables(event: QKeyEvent, platform: str) -> tuple[dict[int, str], dict[int, str], int]:
    if platform == "darwin":
        # The virtual key of A is 0, which an event without a position has too: text tells them apart.
        return _DIGITS_MAC, _LETTERS_MAC, event.nativeVirtualKey() if event.text() else -1
    if platform == "win32":
        return _DIGITS_WINDOWS, _LETTERS_WINDOWS, event.nativeScanCode()
    return _DIGITS_LINUX, _LETTERS_LINUX, event.nativeScanCode()


def _foreign(text: str) -> bool:
    """Whether a key types a letter that is not Latin: a layout with é or ß has the Latin ones elsewhere."""
    return text[:1].isalpha() and text[0] >= "\u0250"
