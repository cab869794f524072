"""Keys of the article view: which motion a key press asks for, by Qt's standard keys or a person's own."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.ui.article.motion import Motion

_Key = QKeySequence.StandardKey
_Held = Qt.KeyboardModifier
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
# Qt has no standard keys for sentences.
_SENTENCE = {Qt.Key.Key_Up: Motion.SENTENCE_LEFT, Qt.Key.Key_Down: Motion.SENTENCE_RIGHT}


class MotionKeys:
    """The motion of a key press. Keys are Qt's portable texts; with Shift they extend the selection.

    The platform's standard keys hold for every motion that is not in `changed`; a key in `taken` is an
    action's and asks for no motion.
    """

    def __init__(self, changed: Mapping[Motion, Sequence[str]] = {}, taken: Iterable[str] = ()) -> None:
        self._changed = frozenset(changed)
        self._taken = {_plain(key) for key in taken}
        self._own: dict[str, tuple[Motion, bool]] = {}
        for motion, keys in changed.items():
            for key in keys:
                self._own.setdefault(_plain(f"Shift+{key}"), (motion, True))
        for motion, keys in changed.items():
            self._own |= {_plain(key): (motion, False) for key in keys}

    def taken(self, event: QKeyEvent) -> bool:
        """Whether an action has the key that the view would otherwise use itself."""
        return bool(self._taken) and _of(event) in self._taken

    def motion_of(self, event: QKeyEvent) -> tuple[Motion, bool] | None:
        """The motion of a key press and whether it extends the selection; None for any other key."""
        if self.taken(event):
            return None
        found = self._own.get(_of(event)) if self._own else None
        if found is not None:
            return found
        standard = motion_of(event)
        return None if standard is None or standard[0] in self._changed else standard


def _plain(key: str) -> str:
    """A key with its modifiers in Qt's order."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _of(event: QKeyEvent) -> str:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(event.key() | held.value).toString(QKeySequence.SequenceFormat.PortableText)


def motion_of(event: QKeyEvent) -> tuple[Motion, bool] | None:
    """The motion of a key press by the platform's standard keys, and whether it extends the selection."""
    shift = _Held.ShiftModifier
    held = event.modifiers() & ~_Held.KeypadModifier
    for with_, motions in ((_Held.ControlModifier, _PARAGRAPH), (_Held.AltModifier, _SENTENCE)):
        motion = motions.get(Qt.Key(event.key()))
        if motion is not None and held & ~shift == with_:
            return motion, bool(held & shift)
    return next((motion for key, motion in _STANDARD.items() if event.matches(key)), None)
