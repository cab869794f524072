"""The article view: what keys and mouse do in an article."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from annotator.domain.marks import Stance
from annotator.domain.text import Span
from annotator.ui.article.keys import MotionKeys
from annotator.ui.article.motion import Cursor, paragraph_around, sentence_around, token_around
from annotator.ui.article.movement import cluster_around
from annotator.ui.article.reader import ArticleReader
from annotator.ui.guard import guarded, guarded_as

_SCROLL_MS = 40
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class ArticleView(ArticleReader):
    """The article, read-only, for keys and mouse. Letters, digits and the like are left to actions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = MotionKeys()
        self._pressed: QPointF | None = None
        self._drag_point = QPointF()
        self._dragging = False
        self._clicks = 0
        self._clicking = QTimer(self)
        self._clicking.setSingleShot(True)
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._drag_on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Article")
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setMouseTracking(True)

    # Keys

    def set_keys(self, keys: MotionKeys) -> None:
        """Moves the caret by other keys than the standard ones."""
        self._keys = keys

    @guarded_as(False)
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and self._claims(event)
        ):
            event.accept()
            return True
        return bool(super().event(event))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        motion = self._keys.motion_of(event)
        if self._keys.taken(event):
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape:
            event.setAccepted(self.escape())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            event.setAccepted(self.enter())
        elif motion is not None:
            if self._edge is not None:
                self._move_edge(motion[0])
            else:
                self.move_caret(*motion)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.set_selection(Span(0, len(self._page.text)) if self._page and self._page.text else None)
        else:
            event.ignore()

    def _claims(self, event: QKeyEvent) -> bool:
        """Whether a key is the view's even where an action has it as its shortcut."""
        if event.key() == Qt.Key.Key_Escape:
            return self._edge is not None or self.selection is not None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._edge is not None and not event.modifiers() & ~_KEYPAD
        if self._keys.taken(event):
            return False
        return self._keys.motion_of(event) is not None or event.matches(QKeySequence.StandardKey.Copy)

    # Mouse

    @guarded_as(False)
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self.viewport())
            return True
        return bool(super().viewportEvent(event))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._page is None:
            return
        self.keep_edge()
        if self._clicks and self._clicking.isActive():
            self._click_again(event.position())
            return
        self._clicks = 0
        if self._on_card(event.position()):
            self._pressed = None
            self.focus_mark(self._marks_under(event.position())[0].id)
            return
        self._pressed, self._dragging = event.position(), False
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if extend:
            self._pressed = None
        self._place(self._cursor.moved(self._position_at(event.position()), extend=extend), reveal=False)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._pressed is not None:
            far = (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            self._dragging = self._dragging or far
            if self._dragging:
                self._drag_to(event.position())
        else:
            self._hover(event.position())

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._scrolling.stop()
        if event.button() is Qt.MouseButton.LeftButton and self._pressed is not None:
            if not self._dragging:
                self._cycle(self._marks_under(event.position()))
            self._pressed, self._dragging = None, False

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._page is None:
            return
        self._pressed = None
        if self._on_card(event.position()):
            self.markActivated.emit(self._marks_under(event.position())[0].id)
            return
        self._clicks = 1
        self._click_again(event.position())

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(None)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = QPointF(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.caret_rect()
            corner = rect.bottomLeft().toPoint() if rect else QPoint(0, 0)
            self.menuRequested.emit(self.viewport().mapToGlobal(corner), self.focused)
            return
        marks = self._marks_under(point)
        if self.focused not in [shown.id for shown in marks] and marks:
            self._set_focus(marks[0].id)
        focus = self.focused if marks else None
        self.menuRequested.emit(event.globalPos(), focus)

    def _on_card(self, point: QPointF) -> bool:
        return point.x() > self._text_right and bool(self._marks_under(point))

    def _click_again(self, point: QPointF) -> None:
        """The second click in a row selects the word, the third the sentence, the fourth the paragraph."""
        if self._page is None:
            return
        self._clicks += 1
        self._clicking.start(QApplication.doubleClickInterval())
        self._pressed = None
        at = self._page.character_at(point - QPointF(self._left, 0), self._height)
        text, blocks = self._page.text, self._page.blocks
        if self._clicks == 2:
            span = token_around(text, blocks, at) or cluster_around(self._page, at)
        else:
            span = (sentence_around if self._clicks == 3 else paragraph_around)(text, blocks, at)
        if span is not None:
            self._place(Cursor(span.start, span.end), reveal=False)

    def _drag_to(self, point: QPointF) -> None:
        self._drag_point = point
        self._place(self._cursor.moved(self._position_at(point), extend=True), reveal=False)
        if 0 <= point.y() < self._height:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()

    def _drag_on(self) -> None:
        """Scroll while the pointer is held above or below the view."""
        y = self._drag_point.y()
        bar = self.verticalScrollBar()
        bar.setValue(round(bar.value() + (y if y < 0 else y - self._height) * 0.5))
        self._drag_to(self._drag_point)

    def _hover(self, point: QPointF) -> None:
        marks = self._marks_under(point)
        stance = next((shown.id for shown in marks if isinstance(shown.mark, Stance)), None)
        self._set_hovered(stance)
        card = point.x() > self._text_right and stance is not None
        shape = Qt.CursorShape.PointingHandCursor if card else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)
