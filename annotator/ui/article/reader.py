"""Reading an article: caret, selection, focus and edges as a person moves them. It changes no mark itself."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QPointF, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from annotator.domain.changes import Change
from annotator.domain.marks import Entity, Shown, Stance
from annotator.domain.text import Span, edge_from, snapped, trimmed
from annotator.domain.zones import Zone
from annotator.ui.article.layers import Hidden, hiding, is_seen, worked_on
from annotator.ui.article.marked import MarkedArticle
from annotator.ui.article.markstore import reading_key
from annotator.ui.article.motion import Cursor, Motion, grown, sentence_around
from annotator.ui.article.movement import Edge, edge_moved, moved
from annotator.ui.article.telling import Telling, said_of, told, words_of
from annotator.ui.guard import guarded

_TIMELESS = ("offscreen", "minimal")  # platforms without a person before them: the caret does not blink


class ArticleReader(MarkedArticle):
    """The article with a caret. Positions and spans are code points of its text.

    One mark at most has the focus. It follows the caret from entity to entity; a focused stance keeps it
    while the caret looks for holder and target, until Esc or another mark is focused. What a key acts on is
    `here`: where the caret has gone, the eye is.
    """

    caretMoved = Signal(int)
    selectionChanged = Signal(object)  # Span | None
    focusChanged = Signal(object)  # id | None
    menuRequested = Signal(QPoint, object)  # global position; id of the mark there | None
    markActivated = Signal(object)  # id: Enter, or a double click on a card
    edgeMoved = Signal(str, object)  # id, Span
    layersNeeded = Signal(object)  # hidden layers in which a gesture made something
    changed = Signal()  # other marks or another article

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grown: list[Cursor] = []
        self._cycled: tuple[str, ...] = ()  # the marks that overlap the one that this began with
        self._focused_at = 0  # where the caret was when the focused mark was last taken up
        self._edge: Edge | None = None
        self._snap = False
        self._blinking = QTimer(self)
        self._blinking.timeout.connect(self._blink)
        self.overview.markAsked.connect(self.focus_mark)

    # State

    @property
    def caret(self) -> int:
        return self._cursor.position

    @property
    def selection(self) -> Span | None:
        return self._span_of(self._cursor)

    @property
    def snap(self) -> bool:
        """Whether selections and moved edges go to the edges of tokens."""
        return self._snap

    @snap.setter
    def snap(self, on: bool) -> None:
        before = self.selection
        self._snap = on
        self._select(before, self.selection)

    def _span_of(self, cursor: Cursor) -> Span | None:
        """What a cursor selects; with snapping, whole tokens."""
        span = cursor.span
        return snapped(self._page.text, span) if self._snap and span and self._page else span

    @property
    def focused(self) -> str | None:
        """The id of the focused mark."""
        return self._highlights.focused

    @property
    def here(self) -> Shown | None:
        """The mark that keys act on: with a selection, the one on exactly its words.

        Else the focused one; once the caret has left that, the innermost at the caret comes before it.
        """
        page = self._page
        if page is None:
            return None
        focused = page.marks.get(self.focused) if self.focused else None
        span = self.selection
        if span is None:
            at = [] if self._is_near(focused) else self.marks_at(self.caret)
            return next(iter(at), focused)
        words = trimmed(page.text, span.start, span.end)
        same = [shown for shown in self.marks_at(words.start) if shown.mark.span == words] if words else []
        return focused if focused in same else next(iter(same), None)

    def _is_near(self, focused: Shown | None) -> bool:
        """Whether the caret is in the focused mark, or still where it was when that got the focus."""
        if focused is None:
            return False
        span = focused.mark.span
        return span.start <= self.caret <= span.end or self.caret == self._focused_at

    @property
    def edge(self) -> Edge | None:
        """The edge that the arrows move at the moment."""
        return self._edge

    def told_at(self, point: QPointF) -> str:
        """What is known of the mark or zone at a point of the viewport, in plain text; "" of nothing."""
        marks = self._marks_under(point)
        if marks:
            return told(marks[0])
        zone = self._page.zone_at(self._position_at(point)) if self._page else None
        return f"Not prose ({zone.kind}): nothing is suggested here" if zone else ""

    def telling(self) -> Telling:
        """Where the caret is, for the reader pane: the sentence and the mark that keys act on."""
        page = self._page
        if page is None:
            return Telling("")
        sentence = sentence_around(page.text, page.blocks, self.caret)
        others = page.marks.overlapping(sentence.start, sentence.end) if sentence else []
        return Telling(page.text, sentence, self.here, others, self.caret)

    # What is shown

    def set_article(self, text: str, zones: Sequence[Zone], shown: Sequence[Shown]) -> None:
        self._end_edge()
        self._grown.clear()
        had_focus, had_selection = self.focused, self.selection
        super().set_article(text, zones, shown)
        self._tell_reset(had_focus, had_selection)

    def clear(self) -> None:
        self._end_edge()
        self._grown.clear()
        had_focus, had_selection = self.focused, self.selection
        super().clear()
        self._tell_reset(had_focus, had_selection)

    def apply(self, change: Change) -> None:
        """Show a change. When the focused mark is replaced (a suggestion accepted), its heir is focused."""
        needed, focused = worked_on(change, self._hidden), self.focused
        self._end_offer()
        before = self._page.marks.get(focused) if self._page and focused else None
        super().apply(change)
        if before is not None and self._page and self._page.marks.get(before.id) is None:
            self._end_edge()
            heir = _heir(before, [shown for shown in change.now if is_seen(shown, self._hidden)])
            taken_up = self._focused_at
            self._set_focus(heir.id if heir else None)
            self._focused_at = taken_up
        self.changed.emit()
        if needed:
            self.layersNeeded.emit(needed)

    def set_layers(self, hidden: Hidden) -> None:
        super().set_layers(hidden)
        if self._page and self.focused and self._page.marks.get(self.focused) is None:
            self._set_focus(None)
        self.changed.emit()

    # Moving

    def move_caret(self, motion: Motion, extend: bool) -> None:
        """Move the caret, or with `extend` the end of the selection."""
        if self._page is None:
            return
        if self.selection and not extend and motion in (Motion.LEFT, Motion.RIGHT):
            span = self.selection  # a plain arrow leaves the selection at its end in that direction
            self._place(self._cursor.moved(span.start if motion is Motion.LEFT else span.end, extend=False))
        else:
            if motion in (Motion.PAGE_UP, Motion.PAGE_DOWN):
                self._scroll_page(1 if motion is Motion.PAGE_DOWN else -1)
            self._place(moved(self._page, self._cursor, motion, extend=extend, height=self._height))
        if not extend:
            self._follow_caret()

    def put_caret(self, offset: int) -> None:
        """Put the caret at an offset, in view, with nothing selected."""
        self._place(Cursor(offset, offset))
        self._follow_caret()

    def set_selection(self, span: Span | None) -> None:
        """Select a span and put the caret at its end; None leaves the caret and selects nothing.

        A focused entity keeps the focus only where it is on these words.
        """
        self._place(Cursor(span.start, span.end) if span else self._cursor.collapsed())
        self._follow_caret()

    def grow_selection(self) -> None:
        """Select the token at the caret, then the whole word, the sentence, the paragraph."""
        if self._page is None:
            return
        span = grown(self._page.text, self._page.blocks, self._cursor)
        if span is not None:
            before = [*self._grown, self._cursor]
            self._place(Cursor(span.start, span.end))
            self._grown = before

    def shrink_selection(self) -> None:
        """Undo the last growth of the selection."""
        if self._grown:
            *before, cursor = self._grown
            self._place(cursor)
            self._grown = before

    # Focus

    def take_up(self, mark_id: str) -> None:
        """Focus a mark with the caret where it is."""
        self._set_focus(mark_id)

    def focus_mark(self, mark_id: str | None) -> None:
        """Focus a mark with the caret at its start, in view; None or an unknown id: no focus."""
        shown = self._page.marks.get(mark_id) if self._page and mark_id else None
        self._end_edge()
        if shown is not None:
            self._place(Cursor(shown.mark.span.start, shown.mark.span.start), reveal=False)
            self._reveal(shown.mark.span.start, shown.mark.span.end)
        self._set_focus(shown.id if shown else None)

    def show_mark(self, shown: Shown | None) -> None:
        """Focus a mark that somebody asked for; hidden layers are shown again for it."""
        if shown is not None and (needed := hiding(shown, self._hidden)):
            self.layersNeeded.emit(needed)
        self.focus_mark(shown.id if shown else None)

    def step(self, step: int, wanted: Callable[[Shown], bool]) -> str | None:
        """Focus the next (+1) or previous (-1) wanted mark from focus or caret; None at the end."""
        if self._page is None:
            return None
        focused = self._page.marks.get(self.focused) if self.focused else None
        key = reading_key(focused) if focused and self._is_near(focused) else (self.caret,)
        marks = self._page.marks.after(key) if step > 0 else self._page.marks.before(key)
        found = next((shown for shown in marks if wanted(shown)), None)
        if found is not None:
            self.focus_mark(found.id)
        return found.id if found else None

    def go_to_first(self, wanted: Callable[[Shown], bool], *, last: bool = False) -> str | None:
        """Focus the first wanted mark of the article, or the `last` one; None when there is none."""
        if self._page is None:
            return None
        marks = self._page.marks.before((len(self._page.text) + 1,)) if last else iter(self._page.marks)
        found = next((shown for shown in marks if wanted(shown)), None)
        if found is not None:
            self.focus_mark(found.id)
        return found.id if found else None

    def show_span(self, span: Span) -> None:
        """Scrolls to words; caret and selection stay."""
        self._reveal(span.start, span.end)

    def cycle_overlapping(self) -> int:
        """Focus the next of the marks that overlap the one that keys act on; how many those are.

        They come in reading order, and pressed again it goes on among the same. The caret goes along where
        it is not in the mark.
        """
        page, here = self._page, self.here
        if page is None:
            return 0
        found = [page.marks.get(mark_id) for mark_id in self._cycled]
        cycled = [shown for shown in found if shown is not None]
        if here not in cycled or len(cycled) < len(found):
            span = self.selection or (here.mark.span if here else None)
            cycled = page.marks.overlapping(span.start, span.end) if span else []
        if cycled:
            at = cycled.index(here) + 1 if here in cycled else 0
            following = cycled[at % len(cycled)]
            span = following.mark.span
            if self.selection or not span.start <= self.caret <= span.end:
                self.focus_mark(following.id)
            else:
                self._set_focus(following.id)
            if here in cycled:  # of words that were selected, it goes on from the mark that is focused now
                self._cycled = tuple(shown.id for shown in cycled)
        return len(cycled)

    @property
    def moved_edges(self) -> Span | None:
        """Where a taken edge would put the focused mark; None while none is taken."""
        return self._highlights.preview if self._edge is not None else None

    def take_edge(self, edge: Edge | None) -> None:
        """Let the arrows move an edge of the focused mark until Enter (edgeMoved) or Esc; None ends it."""
        shown = self._page.marks.get(self.focused) if self._page and self.focused else None
        if edge is None or shown is None:
            self._end_edge()
            return
        span = self._highlights.preview or shown.mark.span
        self._edge = edge
        self._preview(span)
        self._announce(f"{edge} edge of {shown.mark.label}")

    def copy(self) -> None:
        """Put the selected text on the clipboard, exactly as it stands in the article."""
        if self._page and self.selection:
            QGuiApplication.clipboard().setText(self.selection.of(self._page.text))

    # Edges

    def escape(self) -> bool:
        """Leave the innermost thing: moving an edge, the selection, the focus. Whether there was one."""
        if self._edge is not None:
            self._end_edge()
        elif self.selection is not None:
            self.set_selection(None)
        elif self.focused is not None:
            self._set_focus(None)
        else:
            return False
        return True

    def enter(self) -> bool:
        """Take over a moved edge (edgeMoved), else activate the focused mark. Whether there was one."""
        if self.focused is None:
            return False
        if self._edge is None:
            self.markActivated.emit(self.focused)
        else:
            self.keep_edge()
        return True

    def keep_edge(self) -> None:
        """Let go of a taken edge where it stands now (edgeMoved, if that is elsewhere)."""
        span, mark_id = self.moved_edges, self.focused
        self._end_edge()
        if span is not None and mark_id is not None and span != self.mark(mark_id).mark.span:
            self.edgeMoved.emit(mark_id, span)

    def _move_edge(self, motion: Motion) -> None:
        span = self._highlights.preview
        if self._page is None or span is None or self._edge is None:
            return
        at = span.start if self._edge == "start" else span.end
        to = edge_moved(self._page, span, self._edge, motion, height=self._height)
        if self._snap:
            to = edge_from(self._page.text, to, 1 if to > at else -1)
        start, end = (to, span.end) if self._edge == "start" else (span.start, to)
        if start < end:
            self._preview(Span(start, end))
            self._announce(words_of(Span(start, end), self._page.text))
            self._reveal(to, to)

    def _preview(self, span: Span | None) -> None:
        old = self._highlights.preview
        self._highlights = self._highlights._replace(preview=span)
        for touched in (old, span):
            if touched is not None:
                self._update_span(touched)

    def _end_edge(self) -> None:
        self._edge = None
        self._preview(None)

    # Caret and focus

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._light()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._blinking.stop()
        self._caret_lit = False
        self._update_caret()

    def _light(self) -> None:
        """Show the caret, and let it blink from now."""
        self._caret_lit = self.hasFocus()
        if (
            self._caret_lit
            and QApplication.cursorFlashTime() > 1
            and QGuiApplication.platformName() not in _TIMELESS
        ):
            self._blinking.start(QApplication.cursorFlashTime() // 2)
        self._update_caret()

    def _blink(self) -> None:
        self._caret_lit = not self._caret_lit
        self._update_caret()

    def _place(self, cursor: Cursor, *, reveal: bool = True) -> None:
        """Put caret and selection somewhere; tell what changed and repaint it."""
        if self._page is None:
            return
        self._end_offer()
        old = self._cursor
        self._update_caret()
        self._cursor = cursor
        self._grown = []
        before, now = self._span_of(old), self._span_of(cursor)
        if reveal:
            self._reveal(cursor.position, cursor.position)
        self._light()
        if old.position != cursor.position:
            self.caretMoved.emit(cursor.position)
        self._select(before, now)

    def _select(self, before: Span | None, now: Span | None) -> None:
        """Shows and tells another selection."""
        if before == now:
            return
        self._highlights = self._highlights._replace(selection=now)
        for span in (before, now):
            if span is not None:
                self._update_span(span)
        self.selectionChanged.emit(now)

    def _follow_caret(self) -> None:
        """Focus the innermost entity at the caret, unless a stance is being worked on.

        Of a selection it is the one on exactly its words.
        """
        focused = self._page.marks.get(self.focused) if self._page and self.focused else None
        if focused is None or not isinstance(focused.mark, Stance):
            at = self.marks_at(self.caret) if self.selection is None else [self.here]
            marks = [shown for shown in at if shown is not None and isinstance(shown.mark, Entity)]
            if focused is None or focused not in marks:
                self._set_focus(marks[0].id if marks else None)

    def _cycle(self, marks: Sequence[Shown]) -> None:
        """Focus the mark after the focused one of a list, or the first; none of an empty one."""
        ids: list[str | None] = [shown.id for shown in marks] or [None]
        self._set_focus(ids[(ids.index(self.focused) + 1) % len(ids)] if self.focused in ids else ids[0])

    def _set_focus(self, mark_id: str | None) -> None:
        self._focused_at = self.caret
        self._cycled = ()
        if mark_id == self.focused:
            return
        self._end_edge()
        self._end_offer()
        self._highlights = self._highlights._replace(focused=mark_id)
        self.viewport().update()
        shown = self._page.marks.get(mark_id) if self._page and mark_id else None
        if shown is not None and self._page is not None:
            self._announce(said_of(shown, self._page.text))
        self.focusChanged.emit(mark_id)

    def _set_hovered(self, mark_id: str | None) -> None:
        if mark_id != self._highlights.hovered:
            self._highlights = self._highlights._replace(hovered=mark_id)
            self.viewport().update()

    def _scroll_page(self, direction: int) -> None:
        bar = self.verticalScrollBar()
        step = self._height - 2 * (self._typography.line + self._typography.leading)
        bar.setValue(round(bar.value() + direction * step))

    def _announce(self, words: str) -> None:
        """Let a screen reader say something."""
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # not for the first window

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _tell_reset(self, had_focus: str | None, had_selection: Span | None) -> None:
        self._light()
        if had_selection is not None:
            self.selectionChanged.emit(None)
        if had_focus is not None:
            self.focusChanged.emit(None)
        self.caretMoved.emit(0)
        self.changed.emit()


def _heir(lost: Shown, now: Sequence[Shown]) -> Shown | None:
    """The mark in the place of a replaced one: of its kind, overlapping it, nearest in extent."""
    span = lost.mark.span
    heirs = [shown for shown in now if type(shown.mark) is type(lost.mark) and shown.mark.span.overlaps(span)]
    return min(
        heirs,
        key=lambda shown: abs(shown.mark.span.start - span.start) + abs(shown.mark.span.end - span.end),
        default=None,
    )
