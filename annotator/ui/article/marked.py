"""The article asked for its marks: at a place, on words, in view, under the pointer."""

from PySide6.QtCore import QPointF

from annotator.domain.marks import Shown
from annotator.domain.text import Span
from annotator.ui.article.framing import FramedArticle
from annotator.ui.article.layers import Hidden


class MarkedArticle(FramedArticle):
    """Answers as if hidden layers were not there, where nothing else is said. Spans are code points."""

    @property
    def hidden(self) -> Hidden:
        """The layers that are not drawn."""
        return self._hidden

    def marks(self) -> list[Shown]:
        """All marks, in reading order."""
        return list(self._page.marks) if self._page else []

    def mark(self, mark_id: str) -> Shown:
        """The mark with that id; KeyError when it is not shown."""
        shown = self._page.marks.get(mark_id) if self._page else None
        if shown is None:
            raise KeyError(mark_id)
        return shown

    def marks_at(self, offset: int) -> list[Shown]:
        """The marks that hold an offset, innermost first; those that end at it when none does."""
        if self._page is None:
            return []
        found = self._page.marks.overlapping(offset, offset + 1)
        if not found and offset:
            found = self._page.marks.overlapping(offset - 1, offset)
        return sorted(found, key=lambda shown: len(shown.mark.span))

    def marks_on(self, span: Span) -> list[Shown]:
        """The marks on exactly a span, those of hidden layers too."""
        return self._page.marks.on(span) if self._page else []

    def marks_around(self, span: Span, reach: int) -> list[Shown]:
        """The marks that begin within `reach` code points of a span, sorted by span, hidden ones too."""
        found = self._page.marks.beginning(span.start - reach, span.end + reach + 1) if self._page else []
        return sorted(found, key=lambda shown: shown.mark.span)

    def visible_ids(self) -> list[str]:
        """Ids of the marks of which something is in view, in reading order."""
        if self._page is None:
            return []
        found: dict[str, None] = {}
        for seen in self._page.visible(self._height):
            for shown in seen.laid.block.marks:
                rects = seen.laid.fragments(shown.mark.span)
                if any(
                    seen.y + piece.rect.bottom() > 0 and seen.y + piece.rect.top() < self._height
                    for piece in rects
                ):
                    found[shown.id] = None
        return list(found)

    def is_in_view(self, span: Span) -> bool:
        """Whether something of a span stands in the viewport."""
        if self._page is None:
            return False
        return self._page.y_of(span.end)[1] > 0 and self._page.y_of(span.start)[0] < self._height

    def _position_at(self, point: QPointF) -> int:
        return self._page.position_at(point - QPointF(self._left, 0), self._height) if self._page else 0

    def _marks_under(self, point: QPointF) -> list[Shown]:
        """The marks drawn at a point of the viewport, innermost first; on a card or badge, its stance."""
        page = self._page
        if page is None:
            return []
        cards = self._cards(page).cards if self._has_cards else self._badges(page)
        on_card = [card.shown for card in cards if card.rect.contains(point)]
        if on_card:
            return on_card[:1]
        found = page.at(point - QPointF(self._left, 0), self._height)
        ids = found[0].laid.marks_under(found[1]) if found else []
        marks = [shown for mark_id in ids if (shown := page.marks.get(mark_id))]
        return sorted(marks, key=lambda shown: len(shown.mark.span))
