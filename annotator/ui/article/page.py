"""The page: an article's blocks with marks and zones, laid out where looked at, and the place scrolled to."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from annotator.domain.changes import Change
from annotator.domain.marks import Shown
from annotator.domain.text import Span
from annotator.domain.zones import Zone
from annotator.ui.article.blocks import LONGEST, Blocks, Heights
from annotator.ui.article.display import reads_right_to_left
from annotator.ui.article.laid import Block, LaidBlock, Style
from annotator.ui.article.layers import NONE_HIDDEN, Hidden, Layer
from annotator.ui.article.layout import estimated_heights, lay_out
from annotator.ui.article.markstore import MarkStore

_KEPT = 300  # laid-out blocks kept
_FOOT = 48.0  # pixels below the last block
_SHORT = 3_000.0  # pixels scrolled block by block


class Placed(NamedTuple):
    """A laid-out block and the y of its top in the viewport."""

    y: float
    laid: LaidBlock


class Page:
    """What the view shows of one article.

    Heights of blocks not yet laid out are estimates, so the page is anchored at the block on top (`top`, and
    `hidden` pixels of it above the viewport), not at a scroll value.
    """

    def __init__(
        self,
        text: str,
        zones: Iterable[Zone],
        shown: Iterable[Shown],
        *,
        style: Style,
        hidden: Hidden = NONE_HIDDEN,
    ) -> None:
        self.text = text
        self.blocks = Blocks(text)
        self.marks = MarkStore(shown, hidden)
        self.hidden_layers = hidden
        self.top = 0
        self.hidden = 0.0
        self._seen: tuple[float, list[Placed]] | None = None
        self._set_zones(zones)
        self.restyle(style)

    def restyle(self, style: Style) -> None:
        """Lay everything out anew; the block on top stays on top."""
        self.style = style
        self._seen = None
        self._laid: OrderedDict[int, LaidBlock] = OrderedDict()
        self._former: dict[int, LaidBlock] = {}
        self._heights = Heights(estimated_heights(self.blocks.lengths(), style))
        self.hidden = min(self.hidden, self._heights[self.top])

    def hide(self, hidden: Hidden) -> None:
        """Draw without the marks and zones of these layers from now on.

        The heights that are known are good estimates of what they will be.
        """
        self.hidden_layers = hidden
        self.marks.hide(hidden)
        self._seen = None
        self._laid.clear()
        self._former.clear()

    def apply(self, change: Change) -> set[int]:
        """Take a change over and forget the layout of the blocks it touches; return their numbers.

        After a `whole` change no block is laid out.
        """
        self._seen = None
        if change.whole:
            self.marks = MarkStore(change.now, self.hidden_layers)
            self._laid.clear()
            self._former.clear()
            if change.zones is not None:
                self._set_zones(change.zones)
            return set()
        touched: set[int] = set()
        for mark_id in change.gone:
            touched.update(self._touched(self.marks.discard(mark_id)))
        for shown in change.now:
            touched.update(self._touched(self.marks.get(shown.id)))
            touched.update(self._touched(shown))
            self.marks.put(shown)
        if change.zones is not None:
            for zone in set(self._zones) ^ set(change.zones):
                touched.update(self.blocks.touched(zone.span.start, zone.span.end))
            self._set_zones(change.zones)
        self._former = {number: self._laid.pop(number) for number in touched if number in self._laid}
        return touched

    def laid(self, number: int) -> LaidBlock:
        """A block, laid out now if it is not yet."""
        found = self._laid.get(number)
        if found is None:
            found = lay_out(self._block(number), self.style, former=self._former.pop(number, None))
            self._laid[number] = found
            if self._heights[number] != found.height:
                self._heights.set(number, found.height)
            if len(self._laid) > _KEPT:
                self._laid.popitem(last=False)
        else:
            self._laid.move_to_end(number)
        return found

    def height(self) -> float:
        """The height of the whole page, as far as it is known."""
        return self._heights.total() + _FOOT

    @property
    def scrolled(self) -> float:
        """Pixels of the page above the viewport."""
        return self._heights.top(self.top) + self.hidden

    def scroll_to(self, y: float) -> None:
        """Put the page's `y` at the top of the viewport.

        A short way is gone block by block, each laid out, so that wrong estimates make nothing jump.
        """
        self._seen = None
        way = y - self.scrolled
        if y <= 0:
            self.top, self.hidden = 0, 0.0
        elif abs(way) > _SHORT:
            self.top, self.hidden = self._heights.find(y)
        else:
            self._walk(way)

    def _walk(self, way: float) -> None:
        self.hidden += way
        while self.hidden < 0 and self.top > 0:
            self.top -= 1
            self.hidden += self.laid(self.top).height
        self.hidden = max(0.0, self.hidden)
        while self.top + 1 < len(self.blocks) and self.hidden >= self.laid(self.top).height:
            self.hidden -= self.laid(self.top).height
            self.top += 1

    def visible(self, height: float) -> list[Placed]:
        """The blocks within the top `height` pixels of the viewport, from the top."""
        if self._seen is None or self._seen[0] != height:
            self._seen = (height, list(self._visible(height)))
        return self._seen[1]

    def _visible(self, height: float) -> Iterator[Placed]:
        y, number = -self.hidden, self.top
        while number < len(self.blocks) and y < height:
            laid = self.laid(number)
            yield Placed(y, laid)
            y += laid.height
            number += 1

    def y_of(self, offset: int) -> tuple[float, float]:
        """Top and bottom of the line at an offset, in pixels of the viewport."""
        number = self.blocks.at(offset)
        caret = self.laid(number).caret(offset)
        top = self._heights.top(number) - self.scrolled
        return top + caret.top(), top + caret.bottom()

    def edges(self, rows: int, least: float) -> list[int]:
        """The offsets at which `rows` equal parts of the page begin; of `least` pixels if it is lower.

        A line counts whole to the part that its middle is in.
        """
        tops, pitch = self._heights.tops(), self.style.typography.line + self.style.typography.leading
        whole = max(self.height(), least)
        found = [0]
        for row in range(1, rows):
            y = whole * row / rows
            number = min(bisect_right(tops, y), len(self.blocks)) - 1
            start, end = self.blocks.starts[number], self.blocks.ends[number]
            height = max(1.0, tops[number + 1] - tops[number])
            lines = max(1, int(height / pitch))
            before = min(lines, ceil((y - tops[number]) / height * lines - 0.5))
            found.append(start + (end - start) * before // lines)
        return found

    def rects(self, span: Span, height: float, left: float = 0.0) -> list[QRectF]:
        """The rectangles of a span that can be seen, in the viewport's pixels with the column at `left`."""
        return [
            piece.rect.translated(left, placed.y)
            for placed in self.visible(height)
            if span.start < placed.laid.block.end and span.end > placed.laid.block.start
            for piece in placed.laid.fragments(span)
        ]

    def at(self, point: QPointF, height: float) -> tuple[Placed, QPointF] | None:
        """The block at a point of the viewport (column at 0), and the point in it; below all the last."""
        found = None
        for placed in self.visible(max(height, point.y() + 1)):
            found = placed
            if point.y() < placed.y + placed.laid.height:
                break
        return (found, point - QPointF(0, found.y)) if found else None

    def position_at(self, point: QPointF, height: float) -> int:
        """The position nearest to a point of the viewport."""
        found = self.at(point, height)
        if found is None:
            return len(self.text)
        placed, within = found
        return placed.laid.position_in(placed.laid.line_at(within.y()), within.x())

    def position_near(self, point: QPointF) -> int:
        """The position nearest to a point that may be far outside the viewport."""
        number, y = self._heights.find(self.scrolled + point.y())
        laid = self.laid(number)
        return laid.position_in(laid.line_at(y), point.x())

    def character_at(self, point: QPointF, height: float) -> int:
        """The position before the character drawn at a point of the viewport."""
        found = self.at(point, height)
        if found is None:
            return len(self.text)
        placed, within = found
        return placed.laid.character_in(placed.laid.line_at(within.y()), within.x())

    def zone_at(self, offset: int) -> Zone | None:
        return next(iter(self._zones_over(offset, offset + 1)), None)

    def _block(self, number: int) -> Block:
        start, end = self.blocks.starts[number], self.blocks.ends[number]
        text = self.text[start:end]
        first = start if self.blocks.opens[number] else self.blocks.paragraph(number)[0]
        return Block(
            number=number,
            start=start,
            text=text,
            opens=bool(self.blocks.opens[number]),
            right_to_left=reads_right_to_left(self.text[first : min(end, first + LONGEST)]),
            marks=self.marks.overlapping(start, end),
            zones=self._zones_over(start, end),
        )

    def _touched(self, shown: Shown | None) -> range:
        return self.blocks.touched(shown.mark.span.start, shown.mark.span.end) if shown else range(0)

    def _set_zones(self, zones: Iterable[Zone]) -> None:
        self._zones = sorted(zones, key=lambda zone: zone.span)
        self._zone_starts = [zone.span.start for zone in self._zones]
        self._zone_reach = list(accumulate((zone.span.end for zone in self._zones), max))

    def _zones_over(self, start: int, end: int) -> Sequence[Zone]:
        if Layer.ZONES in self.hidden_layers:
            return ()
        found = self._zones[bisect_right(self._zone_reach, start) : bisect_left(self._zone_starts, end)]
        return [zone for zone in found if zone.span.end > start]
