"""The reader pane: sentence and mark at the caret as plain words, for screen readers and large print."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from annotator.domain.text import Utf16Map
from annotator.ui import style
from annotator.ui.article.telling import Telling
from annotator.ui.article.typography import Look
from annotator.ui.article.view import ArticleView
from annotator.ui.guard import guarded

_LARGER = 1.5  # than the article's text
_LINES = 6.5  # that it is high at most
_MARGIN = 14  # pixels


class ReaderPane(QPlainTextEdit):
    """Follows the caret and the focus of an article view. Esc goes back to the article."""

    def __init__(self, view: ArticleView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Reader: the sentence and the mark at the caret")
        self.viewport().setBackgroundRole(style.SIDE)
        self.document().setDocumentMargin(_MARGIN)
        self._refreshing = QTimer(self, singleShot=True, interval=0)
        self._refreshing.timeout.connect(self.refresh)
        for told in (view.caretMoved, view.focusChanged, view.changed):
            told.connect(lambda *_: self._refreshing.start())
        self.refresh()

    def set_look(self, look: Look) -> None:
        font = self.font()
        font.setFamilies(look.families)
        font.setPointSizeF(look.points * _LARGER)
        self.setFont(font)
        self.setMaximumHeight(round(QFontMetricsF(font).lineSpacing() * _LINES) + 2 * _MARGIN)
        self._refreshing.start()

    def refresh(self) -> None:
        """Read where the caret is now; the words of the mark are selected in the sentence, and in view."""
        told = self._view.telling()
        words = told.words()
        if words != self.toPlainText():
            self.setPlainText(words)
            self._align()
        self._select(told)

    def _align(self) -> None:
        """To the side where the sentence begins; a plain text document has one side for all its lines."""
        option = self.document().defaultTextOption()
        right = self.document().firstBlock().textDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        if option.alignment() != side:
            option.setAlignment(side)
            self.document().setDefaultTextOption(option)

    def _select(self, told: Telling) -> None:
        start, end = told.within_sentence()
        offsets = Utf16Map(told.words())
        cursor = self.textCursor()
        # Each comes into view in turn, so that of words that have no room together the first are seen.
        cursor.setPosition(offsets.to_utf16(end))
        self.setTextCursor(cursor)
        cursor.setPosition(offsets.to_utf16(start), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refreshing.start()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._view.setFocus()
        else:
            super().keyPressEvent(event)
