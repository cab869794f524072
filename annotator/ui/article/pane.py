"""The article pane: draws an article with its marks and cards, and scrolls it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from annotator.domain.changes import Change
from annotator.domain.labels import LabelSet
from annotator.domain.marks import Shown, Stance
from annotator.domain.text import Span
from annotator.domain.zones import Zone
from annotator.ui.article.arrangement import Arrangement, Card, Margin, arranged
from annotator.ui.article.cards import CardPainter
from annotator.ui.article.laid import Style
from annotator.ui.article.layers import NONE_HIDDEN, Hidden
from annotator.ui.article.links import paint_links, paint_offers
from annotator.ui.article.motion import Cursor
from annotator.ui.article.overview import WIDTH, Overview
from annotator.ui.article.page import Page, Placed
from annotator.ui.article.painting import REACH, BlockPainter, Highlights
from annotator.ui.article.typography import Look, Typography
from annotator.ui.chrome import fill
from annotator.ui.guard import guarded
from annotator.ui.theme import Theme

LEFT = 28.0
CARDS_FROM = 760  # least width of a viewport that has room for cards
_BESIDE = 10.0  # to the right of the column; what is painted on text ends here
_TO_CARDS = 40.0  # from the column to the cards
_FOOT = 16.0  # to the right of the cards
_BADGES = 52.0  # room for badges at the line's end where there are no cards


class ArticlePane(QAbstractScrollArea):
    """Paints; keeps the page, the theme and the look of the text. Positions are code points, lengths pixels.

    An article without stances has the margin for its column.
    """

    columnMoved = Signal(float)  # the right end of the text

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self.nothing = ""  # said where there is no article
        self._theme = Theme.of("light", None)
        self._glyphs: dict[str, str] = {}
        self._look = Look()
        self._left = LEFT
        self._centred = False
        self._hidden = NONE_HIDDEN
        self._margin = False  # whether the margin is kept for cards
        self._cursor = Cursor()
        self._highlights = Highlights()
        self._caret_lit = False
        self._syncing = False
        self._column = 0.0
        self._arranged: tuple[list[Placed], tuple[str | None, str | None], Arrangement] | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewport(QWidget())  # Qt's own one would cost time at the start: see chrome.viewport
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.overview = Overview(self)
        self.overview.placeAsked.connect(self.scroll_to)
        self.setViewportMargins(0, 0, WIDTH, 0)
        self._restyle()

    # What is shown

    def set_article(self, text: str, zones: Sequence[Zone], shown: Sequence[Shown]) -> None:
        """Show an article from its top, with nothing selected or focused."""
        self._cursor, self._highlights = Cursor(), Highlights()
        self._page = Page(text, zones, shown, style=self._style(), hidden=self._hidden)
        self._show(self._page)
        self._sync_bar()

    def clear(self) -> None:
        """Show no article."""
        self._page, self._cursor, self._highlights = None, Cursor(), Highlights()
        self.overview.show_page(None, self._height)
        self._sync_bar()
        self.viewport().update()

    def _show(self, page: Page) -> None:
        """Show a page with other marks than before, or another page."""
        self._margin = page.marks.has_stances
        if self._measure():
            page.restyle(self._style())
        self.overview.show_page(page, self._height)
        self.viewport().update()

    def set_layers(self, hidden: Hidden) -> None:
        """Hide these layers, and no others."""
        self._hidden = hidden
        if self._page is not None:
            self._show_anew(self._page, lambda page: page.hide(hidden))

    def _show_anew(self, page: Page, alter: Callable[[Page], object]) -> None:
        """Alter many marks of the page; what the eye is on stays where it is."""
        place, y = self._eye(page, self._height)
        alter(page)
        self._show(page)
        self._keep(place, y)

    def apply(self, change: Change) -> None:
        """Show a change; only the blocks it touches are laid out and painted again."""
        page = self._page
        if page is None:
            return
        if change.whole:
            self._show_anew(page, lambda page: page.apply(change))
            return
        before = page.visible(self._height)
        former = self._changing(page, change)
        changing = [*former, *change.now]
        spans = [shown.mark.span for shown in changing]
        stances = any(isinstance(shown.mark, Stance) for shown in changing)
        touched = page.apply(change)
        self.overview.change(changing)
        if page.marks.has_stances is not self._margin:
            self._margin = not self._margin
            self._rewrap()
            return
        dirty = QRegion()
        moved = False
        for old in before:
            number = old.laid.block.number
            if number in touched and not moved:
                new = page.laid(number)
                moved = new.height != old.laid.height
                same = new.layout is old.laid.layout and change.zones is None
                top, bottom = new.rows(spans) if same else (0.0, self._height if moved else new.height)
                dirty += self._strip(old.y + top - REACH, old.y + bottom + REACH)
        if moved:
            self._sync_bar()
        if moved or stances:
            dirty += QRect(round(self._text_right), 0, self.viewport().width(), self.viewport().height())
        if self._linked() is not None and (moved or stances):
            dirty = QRegion(self.viewport().rect())
        self.viewport().update(dirty)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._restyle()

    def set_labels(self, labelset: LabelSet) -> None:
        """Take the glyphs of the polarities from a label set."""
        self._glyphs = {label.name: label.glyph for label in labelset.polarities if label.glyph}
        self._restyle()

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self._rewrap()

    def set_centred(self, centred: bool) -> None:
        """Put column and cards in the middle of a view that is wider than they are."""
        if centred is not self._centred:
            self._centred = centred
            self._rewrap()

    def set_overview(self, shown: bool) -> None:
        """Show or hide the strip of marks beside the scroll bar."""
        self.overview.setVisible(shown)
        self.setViewportMargins(0, 0, WIDTH if shown else 0, 0)

    # Measures

    @property
    def _height(self) -> float:
        return float(self.viewport().height())

    def _measure(self) -> bool:
        """Share the viewport's width out: to the column up to its best width, to the cards what is left.

        Whether the column has another width than before.
        """
        width, before = self.viewport().width(), self._column
        self._arranged = None
        self._has_cards = self._margin and width >= CARDS_FROM
        widest = max(300.0, self._typography.letter * 28)
        least = _TO_CARDS + min(widest, max(200.0, width * 0.27)) + _FOOT if self._has_cards else _BADGES
        self._column = max(160.0, min(self._typography.column, width - LEFT - least))
        cards = min(widest + 40, width - LEFT - self._column - _TO_CARDS - _FOOT)
        self._card_width = cards if self._has_cards else 0.0
        beside = _TO_CARDS + cards + _FOOT if self._has_cards else LEFT
        spare = width - LEFT - self._column - beside
        self._left = LEFT + max(0.0, round(spare / 2)) if self._centred else LEFT
        self._text_right = self._left + self._column
        self.columnMoved.emit(self._text_right)
        return self._column != before

    def _style(self) -> Style:
        return Style(self._typography, self._column, self._theme.dim)

    def _restyle(self) -> None:
        """Make everything anew that depends on theme, label set, text size or width."""
        self._typography = Typography.of(self._look)
        self._measure()
        self._block_painter = BlockPainter(self._theme, self._typography)
        self._card_painter = CardPainter(self._theme, self._typography, self._glyphs)
        self.overview.set_theme(self._theme, self._glyphs)
        if self._page:
            self._page.restyle(self._style())
            self.overview.show_page(self._page, self._height)
        line = self._typography.line + self._typography.leading
        self.verticalScrollBar().setSingleStep(round(line))
        self._sync_bar()
        self.viewport().update()

    def _rewrap(self) -> None:
        """Make everything anew for another width or size; the line of the caret stays where the eye is."""
        if self._page is None:
            self._restyle()
            return
        place, y = self._eye(self._page, self._height)
        self._restyle()
        self._keep(place, y)

    def _eye(self, page: Page, height: float) -> tuple[int, float]:
        """What a person looks at in a viewport of that height, and its y there.

        The caret if it is in view, else the focused mark, else the top.
        """
        focused = page.marks.get(self._highlights.focused) if self._highlights.focused else None
        for place in (self._cursor.position, *([focused.mark.span.start] if focused else ())):
            y = page.y_of(place)[0]
            if 0 <= y < height:
                return place, y
        top = page.position_at(QPointF(0, 0), height)
        return top, page.y_of(top)[0]

    def _keep(self, offset: int, y: float) -> None:
        """Scroll so that an offset stands at a height again, its line whole, as far as the page reaches."""
        page = self._page
        if page is None:
            return
        for _ in range(2):  # the first time finds the true heights of what comes into view
            furthest = max(0.0, page.height() - self._height)
            top, bottom = page.y_of(offset)
            lowest = max(0.0, self._height - (bottom - top))
            page.scroll_to(min(max(0.0, page.scrolled + top - min(y, lowest)), furthest))
            page.visible(self._height)
        self._sync_bar()
        self.viewport().update()

    # Scrolling

    def scroll_to(self, offset: int) -> None:
        """Put the line of an offset a third down the view."""
        self._keep(offset, self._height / 3)

    def _sync_bar(self) -> None:
        """Set the scroll bar to what the page knows by now; scroll only a page that ends above the bottom."""
        bar = self.verticalScrollBar()
        most = max(0.0, self._page.height() - self._height) if self._page else 0.0
        if self._page and self._page.scrolled > most + 1:
            self._page.scroll_to(most)
            self.viewport().update()
        place = round(self._page.scrolled) if self._page else 0
        if (bar.maximum(), bar.value(), bar.pageStep()) == (round(most), place, int(self._height)):
            return
        self._syncing = True
        try:
            bar.setRange(0, round(most))
            bar.setPageStep(int(self._height))
            bar.setValue(place)
        finally:
            self._syncing = False

    @guarded
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not self._syncing and self._page:
            self._page.scroll_to(self.verticalScrollBar().value())
            self.viewport().update()

    def _reveal(self, start: int, end: int) -> None:
        """Scroll so that the lines of `[start, end)` stand in view with some context."""
        page = self._page
        if page is None:
            return
        context = min(2.5 * (self._typography.line + self._typography.leading), self._height / 5)
        top = page.y_of(start)[0]
        bottom = page.y_of(end)[1]
        if bottom - top > self._height - 2 * context:
            bottom = top + self._typography.line
        if top >= context and bottom <= self._height - context:
            return
        far = bottom < -self._height / 2 or top > 1.5 * self._height
        shift = (
            top - self._height / 3
            if far
            else top - context
            if top < context
            else bottom - self._height + context
        )
        furthest = max(0.0, page.height() - self._height)
        page.scroll_to(min(max(0.0, page.scrolled + shift), furthest))
        self._sync_bar()
        self.viewport().update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        inside = self.viewport().geometry()
        self.overview.setGeometry(inside.right() + 1, inside.top(), WIDTH, inside.height())
        page, before = self._page, event.oldSize().height()
        place, y = self._eye(page, before if before > 0 else self._height) if page else (0, 0.0)
        if self._measure() and page:
            page.restyle(self._style())
            self.overview.show_page(page, self._height)
        self._keep(place, y)

    # Painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            fill(painter, event.rect(), self._theme.bg)
            if self._page is None:
                self._paint_empty(painter)
            else:
                self._paint_page(painter, self._page, event.region())
                self._sync_bar()
        finally:
            painter.end()

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(self._theme.dim)
        painter.setFont(self._typography.text)
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.nothing)

    def _paint_page(self, painter: QPainter, page: Page, region: QRegion) -> None:
        bounds = QRectF(region.boundingRect())
        width = self.viewport().width()
        for seen in page.visible(self._height):
            area = QRectF(0, seen.y - REACH, width, seen.laid.height + 2 * REACH)
            if (seen.laid.block.text or self._highlights.selection) and region.intersects(
                area.toAlignedRect()
            ):
                painter.save()
                painter.translate(self._left, seen.y)
                clip = bounds.translated(-self._left, -seen.y)
                self._block_painter.paint(painter, seen.laid, self._highlights, clip)
                painter.restore()
        if self._has_cards:
            if region.boundingRect().right() > round(self._text_right + _BESIDE):
                self._paint_cards(painter, page)
        else:
            for card in self._badges(page):
                self._card_painter.badge(painter, card.shown, card.rect, on=self._is_on(card.shown.id))
        linked = self._linked()
        if linked is not None:
            self._paint_links(painter, page, linked)
        if self._caret_lit:
            self._paint_caret(painter, page)

    def _is_on(self, mark_id: str) -> bool:
        return mark_id in (self._highlights.focused, self._highlights.hovered)

    def _paint_cards(self, painter: QPainter, page: Page) -> None:
        arranged = self._cards(page)
        for card in arranged.cards:
            on = self._is_on(card.shown.id)
            if on or not card.number:
                self._card_painter.connect(painter, card, on=on)
            self._card_painter.paint(painter, card, page.text, on=on)
        if arranged.left_out:
            self._card_painter.count(painter, arranged, self._text_right + _BESIDE)

    def _anchored(self, page: Page) -> list[tuple[QRectF, Shown]]:
        """Stances whose evidence begins in view, with the rectangle of its first line; from the top."""
        found = []
        for seen in page.visible(self._height):
            for underline in seen.laid.underlines:
                shown = page.marks.get(underline.mark_id)
                if underline.anchor is not None and shown is not None:
                    found.append((underline.anchor.translated(self._left, seen.y), shown))
        return sorted(found, key=lambda pair: (pair[0].top(), pair[0].left()))

    def _cards(self, page: Page) -> Arrangement:
        """The cards in view, kept until something is laid out, scrolled or put in focus."""
        seen = page.visible(self._height)
        key = (self._highlights.hovered, self._highlights.focused)
        if self._arranged is None or self._arranged[0] is not seen or self._arranged[1] != key:
            self._arranged = (seen, key, self._arrange(page))
        return self._arranged[2]

    def _arrange(self, page: Page) -> Arrangement:
        found = self._anchored(page)
        margin = Margin(
            x=self._text_right + _TO_CARDS,
            width=self._card_width,
            height=self._height,
            edge=self._text_right + _BESIDE,
            line=self._typography.card_line,
            foot=self._typography.tag_height,
            digit=self._typography.tag_width("8"),
        )
        places = {shown.id: place for place, (_, shown) in enumerate(found)}
        focused, hovered = (places.get(mark_id or "") for mark_id in self._highlights[:2])
        if self._arranged is not None and self._highlights.hovered in self._arranged[2].ids():
            hovered = None  # a card under the pointer stays there
        measure = partial(self._card_painter.height, page.text, self._card_width)
        pinned = hovered if focused is None else focused
        return arranged(found, measure, margin, focused=focused, pinned=pinned)

    def _badges(self, page: Page) -> list[Card]:
        """Where there is no room for cards: a badge per stance at the end of the column, side by side."""
        size = self._typography.tag_height + 4
        taken: dict[float, int] = {}
        badges = []
        for rect, shown in self._anchored(page):
            middle = rect.center().y()
            place = taken[middle] = taken.get(middle, -1) + 1
            step = min(size + 2, (_BADGES - size - 10) / max(1, place)) if place else 0.0
            x = self._text_right + 6 + place * step
            badges.append(Card(shown, QRectF(x, middle - size / 2, size, size), x, middle))
        return badges

    def _linked(self) -> Shown | None:
        """The stance whose holder and target are shown: the hovered one, else the focused one."""
        for mark_id in (self._highlights.hovered, self._highlights.focused):
            shown = self._page.marks.get(mark_id) if self._page and mark_id else None
            if shown and isinstance(shown.mark, Stance):
                return shown
        return None

    def _paint_links(self, painter: QPainter, page: Page, shown: Shown) -> None:
        """Holder and target of a stance, and the candidates that are offered for one of them."""
        if not isinstance(shown.mark, Stance):
            return
        rects = partial(page.rects, height=self._height, left=self._left)
        color, marked = self._theme.polarity(shown.mark.label).card, self._highlights
        holder, target = (rects(part.span) if part else [] for part in (shown.mark.holder, shown.mark.target))
        paint_links(painter, holder, target, color)
        offers = [(rects(span), span == marked.chosen) for span in marked.offered]
        paint_offers(painter, offers, font=self._typography.tag, colors=(color, self._theme.bg))

    def caret_rect(self) -> QRectF | None:
        """Where the caret stands in the viewport; None when it is out of view."""
        page = self._page
        if page is None:
            return None
        number = page.blocks.at(self._cursor.position)
        for seen in page.visible(self._height):
            if seen.laid.block.number == number:
                return seen.laid.caret(self._cursor.position).translated(self._left, seen.y)
        return None

    def _paint_caret(self, painter: QPainter, page: Page) -> None:
        rect = self.caret_rect()
        if rect is not None:
            fill(painter, QRectF(rect.x() - 1, rect.y() - 1, 2, rect.height() + 2), self._theme.fg)

    def _update_caret(self) -> None:
        rect = self.caret_rect()
        if rect is not None:
            self.viewport().update(rect.adjusted(-3, -3, 3, 3).toAlignedRect())

    def _update_span(self, span: Span) -> None:
        """Repaint the blocks in view that a span touches."""
        if self._page:
            for seen in self._page.visible(self._height):
                if span.start <= seen.laid.block.end and span.end >= seen.laid.block.start:
                    self.viewport().update(self._strip(seen.y - REACH, seen.y + seen.laid.height + REACH))

    def _changing(self, page: Page, change: Change) -> list[Shown]:
        """The marks a change takes away or alters, as they still stand."""
        ids = dict.fromkeys((*change.gone, *(shown.id for shown in change.now)))
        return [shown for mark_id in ids if (shown := page.marks.get(mark_id))]

    def _strip(self, top: float, bottom: float) -> QRect:
        """Between two heights, as wide as what is painted on text, without the cards."""
        right = round(self._text_right + _BESIDE) if self._has_cards else self.viewport().width()
        return QRect(0, int(top) - 1, right, int(bottom - top) + 3)
