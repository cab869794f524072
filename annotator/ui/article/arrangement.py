"""Where stance cards stand: beside their lines as far as the others allow, never over one another."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from annotator.domain.marks import Shown

GAP = 7.0  # pixels between two cards


_ABOVE = 6.0  # pixels above and below all cards
WHOLE = 5  # lines of holder and target on a card with room

# How high a card is, by the number of lines it may have (0: whole) and whether it is numbered.
Measure = Callable[[Shown, int, bool], float]


class Card(NamedTuple):
    """One card; its line to the text ends at `edge`, `anchor`: the middle of its evidence's first line.

    A `brief` card has no heading and at most that many lines, a whole one 0. `number` is its place among the
    stances in view, from 1; 0 where a line shows where it belongs.
    """

    shown: Shown
    rect: QRectF
    edge: float
    anchor: float
    brief: int = 0
    number: int = 0

    def wire(self) -> list[QPointF]:
        """The bends of the line from the text to the card."""
        left = self.rect.left()
        joint = min(max(self.anchor, self.rect.top() + 8), self.rect.bottom() - 8)
        if self.number:
            return [QPointF(self.edge, self.anchor), QPointF(left, joint)]
        bends = ((self.edge, self.anchor), (self.edge + 4, self.anchor), (left - 8, joint), (left, joint))
        return [QPointF(x, y) for x, y in bends]


class Row(NamedTuple):
    """Of one line of the text its middle, and the numbers of the first and last stance that begin in it."""

    y: float
    first: int
    last: int

    @property
    def words(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


class Arrangement(NamedTuple):
    """The cards of a page from the top; for `left_out` there is no room.

    Where some have none, lines would cross half the page: cards and `rows` of the text are numbered instead.
    """

    cards: list[Card]
    left_out: int = 0
    rows: Sequence[Row] = ()

    def ids(self) -> set[str]:
        """Of the stances that have a card."""
        return {card.shown.id for card in self.cards}


class Margin(NamedTuple):
    """Where cards may stand: from `x`, as wide as `width`, in a viewport of some height; all in pixels.

    `line` is the height of a line on them, `foot` of the words below them, `digit` the width of one in the
    numbers of rows; these, or lines to the cards, begin at `edge`.
    """

    x: float
    width: float
    height: float
    edge: float
    line: float
    foot: float
    digit: float


def arranged(
    found: Sequence[tuple[QRectF, Shown]],
    measure: Measure,
    margin: Margin,
    *,
    focused: int | None,
    pinned: int | None,
) -> Arrangement:
    """Cards for stances, from the top, each with the rectangle of its evidence's first line.

    As whole as there is room for: with a heading, without one, with one line where no more fits between the
    neighbours; if need be some are left out. The `focused` one has all its lines, and of one that is `pinned`
    the line to it is short.
    """
    everyone = range(len(found))
    anchors = [rect.center().y() for rect, _ in found]
    wanted = [y - margin.line * 0.5 - 7 for y in anchors]
    bottom = margin.height - _ABOVE
    briefs, heights = _sizes([shown for _, shown in found], measure, bottom - _ABOVE, focused=focused)
    if crowded := not _fit(heights, bottom - _ABOVE):
        heights = [measure(shown, brief, True) for (_, shown), brief in zip(found, briefs, strict=True)]
        bottom -= margin.foot
        step = min(heights) + GAP
        most = int((bottom - _ABOVE - (max(heights) - min(heights))) // step)
        kept = chosen(wanted, max(1, most), step, pinned=pinned)
        wanted = [min(top, bottom - height) for top, height in zip(wanted, heights, strict=True)]
    else:
        kept = everyone
    tops_of = partial(_tops, wanted, kept=kept, bottom=bottom, pinned=pinned)
    if not crowded and min(briefs, default=0) == 1:
        roomier = range(WHOLE, 1, -1)
        wants = [[measure(shown, brief, False) for brief in roomier] for _, shown in found]
        for _ in range(2):  # those that grew have moved others
            for n, choice in list(_growing(tops_of(heights), heights, wants, bottom=bottom)):
                briefs[n], heights[n] = roomier[choice], wants[n][choice]
    rows = _rows(anchors) if crowded else ()
    numbered = {row.y: margin.digit * len(row.words) + 3 for row in rows}
    cards = [
        Card(
            found[n][1],
            QRectF(margin.x, top, margin.width, heights[n]),
            margin.edge + numbered.get(anchors[n], 0.0),
            anchors[n],
            briefs[n],
            n + 1 if crowded else 0,
        )
        for n, top in zip(kept, tops_of(heights), strict=True)
    ]
    return Arrangement(cards, len(found) - len(kept), rows)


def _sizes(
    found: Sequence[Shown], measure: Measure, room: float, *, focused: int | None
) -> tuple[list[int], list[float]]:
    """How brief each card is, and its height: the first way in which all have room, else the briefest."""
    briefs, heights = [0] * len(found), [measure(shown, 0, False) for shown in found]
    for brief in (WHOLE, 1):
        if not _fit(heights, room):
            briefs = [WHOLE if n == focused else brief for n in range(len(found))]
            heights = [measure(shown, each, False) for shown, each in zip(found, briefs, strict=True)]
    return briefs, heights


def _fit(heights: Sequence[float], room: float) -> bool:
    return not heights or sum(heights) + GAP * len(heights) <= room


def _tops(
    wanted: Sequence[float], heights: Sequence[float], *, kept: range, bottom: float, pinned: int | None
) -> list[float]:
    return placed(
        [wanted[n] for n in kept],
        [heights[n] for n in kept],
        top=_ABOVE,
        bottom=bottom,
        pinned=None if pinned is None else pinned - kept.start,
    )


def _growing(
    tops: Sequence[float], heights: Sequence[float], wants: Sequence[Sequence[float]], *, bottom: float
) -> Iterator[tuple[int, int]]:
    """Which cards may become higher, and which of the heights they want, the best first, there is room for.

    Those that touch share half of the room to the next above and below, and all of it at the margin's ends.
    """
    first = 0
    above = _ABOVE
    for last, (top, height) in enumerate(zip(tops, heights, strict=True)):
        below = tops[last + 1] - GAP if last + 1 < len(tops) else bottom
        if below <= top + height + 1:
            continue
        spare = (below - top - height) * (1.0 if last + 1 == len(tops) else 0.5)
        spare += max(0.0, tops[first] - above) * (0.5 if first else 1.0)
        for n in range(first, last + 1):
            more = ((choice, want - heights[n]) for choice, want in enumerate(wants[n]))
            choice, taken = next(((each, want) for each, want in more if want <= spare), (0, 0.0))
            if taken > 0:
                spare -= taken
                yield n, choice
        first, above = last + 1, top + height + GAP


def _rows(anchors: Sequence[float]) -> list[Row]:
    rows = []
    for y, each in groupby(enumerate(anchors, 1), key=itemgetter(1)):
        numbers = [number for number, _ in each]
        rows.append(Row(y, numbers[0], numbers[-1]))
    return rows


def chosen(anchors: Sequence[float], most: int, step: float, *, pinned: int | None) -> range:
    """Which cards to show where there is room for `most`: neighbours, the `pinned` one beside its line."""
    if len(anchors) <= most:
        return range(len(anchors))
    first = 0 if pinned is None else pinned - min(most - 1, max(0, int(anchors[pinned] / step)))
    first = max(0, min(first, len(anchors) - most))
    return range(first, first + most)


def placed(
    anchors: Sequence[float],
    heights: Sequence[float],
    *,
    top: float,
    bottom: float,
    pinned: int | None = None,
) -> list[float]:
    """Tops of cards of these heights, in order, `GAP` apart, each as near to its anchor as the others allow.

    Least squares under order (pool adjacent violators); the `pinned` card hardly moves. Cards are held within
    `top` and `bottom` unless their anchor itself lies outside.
    """
    before = list(accumulate((height + GAP for height in heights), initial=0.0))
    pools: list[tuple[float, float, int]] = []  # wanted top of the pool's first card, weight, cards
    for number, anchor in enumerate(anchors):
        pool = (anchor - before[number], 1e6 if number == pinned else 1.0, 1)
        while pools and pools[-1][0] >= pool[0]:
            wanted, weight, cards = pools.pop()
            total = weight + pool[1]
            pool = ((wanted * weight + pool[0] * pool[1]) / total, total, cards + pool[2])
        pools.append(pool)
    tops = [wanted for wanted, _, cards in pools for _ in range(cards)]
    tops = [wanted + before[number] for number, wanted in enumerate(tops)]
    if tops:
        lowest = max(bottom, anchors[-1] + heights[-1])
        for number in range(len(tops) - 1, -1, -1):
            tops[number] = min(tops[number], lowest - heights[number])
            lowest = tops[number] - GAP
        highest = min(top, anchors[0])
        for number, wanted in enumerate(tops):
            tops[number] = max(wanted, highest)
            highest = tops[number] + heights[number] + GAP
    return tops
