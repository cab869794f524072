"""Keys of the article view: which motion a key press asks for, by Qt's standard keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.ui.article.motion import Motion

_Key = QKeySequence.StandardKey
_STANDARD: dict[QKeySequence.StandardKey, tuple[Motion, bool]] = {
    _Key.MoveToPreviousChar: (Motion.LEFT, False),
    _Key.MoveToNextChar: (Motion.RIGHT, False),
    _Key.MoveToPreviousWord: (Motion.WORD_LEFT, False),
    _Key.MoveToNextWord: (Motion.WORD_RIGHT, False),
    _Key.MoveToPreviousLine: (Motion.UP, False),
    _Key.MoveToNextLine: (Motion.DOWN, False),
    _Key.MoveToStartOfBlock: (Motion.PARAGRAPH_UP, False),
    _Key.MoveToEndOfBlock: (Motion.PARAGRAPH_DOWN, False),
    _Key.MoveToStartOfLine: (Motion.LINE_START, False),
    _Key.MoveToEndOfLine: (Motion.LINE_END, False),
    _Key.MoveToPreviousPage: (Motion.PAGE_UP, False),
    _Key.MoveToNextPage: (Motion.PAGE_DOWN, False),
    _Key.MoveToStartOfDocument: (Motion.START, False),
    _Key.MoveToEndOfDocument: (Motion.END, False),
    _Key.SelectPreviousChar: (Motion.LEFT, True),
    _Key.SelectNextChar: (Motion.RIGHT, True),
    _Key.SelectPreviousWord: (Motion.WORD_LEFT, True),
    _Key.SelectNextWord: (Motion.WORD_RIGHT, True),
    _Key.SelectPreviousLine: (Motion.UP, True),
    _Key.SelectNextLine: (Motion.DOWN, True),
    _Key.SelectStartOfBlock: (Motion.PARAGRAPH_UP, True),
    _Key.SelectEndOfBlock: (Motion.PARAGRAPH_DOWN, True),
    _Key.SelectStartOfLine: (Motion.LINE_START, True),
    _Key.SelectEndOfLine: (Motion.LINE_END, True),
    _Key.SelectPreviousPage: (Motion.PAGE_UP, True),
    _Key.SelectNextPage: (Motion.PAGE_DOWN, True),
    _Key.SelectStartOfDocument: (Motion.START, True),
    _Key.SelectEndOfDocument: (Motion.END, True),
}
# Qt binds these on macOS only.
_PARAGRAPH = {Qt.Key.Key_Up: Motion.PARAGRAPH_UP, Qt.Key.Key_Down: Motion.PARAGRAPH_DOWN}


def motion_of(event: QKeyEvent) -> tuple[Motion, bool] | None:
    """The motion of a key press and whether it extends the selection; None for any other key."""
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    paragraph = _PARAGRAPH.get(Qt.Key(event.key()))
    if paragraph is not None and held & ~shift == control:
        return paragraph, bool(held & shift)
    return next((motion for key, motion in _STANDARD.items() if event.matches(key)), None)
