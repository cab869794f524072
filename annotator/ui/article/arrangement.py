"""Where stance cards stand: beside their lines as far as the others allow, never over one another."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from annotator.domain.marks import Shown

GAP = 7.0  # pixels between two cards


class Card(NamedTuple):
    """One card; its line to the text ends at `edge`, `anchor`: the middle of its evidence's first line."""

    shown: Shown
    rect: QRectF
    edge: float
    anchor: float

    def wire(self) -> list[QPointF]:
        """The bends of the line from the text to the card."""
        left = self.rect.left()
        joint = min(max(self.anchor, self.rect.top() + 8), self.rect.bottom() - 8)
        bends = ((self.edge, self.anchor), (self.edge + 4, self.anchor), (left - 8, joint), (left, joint))
        return [QPointF(x, y) for x, y in bends]


class Arrangement(NamedTuple):
    """The cards of a page from the top; `compact` ones have one line; for `left_out` there is no room."""

    cards: list[Card]
    compact: bool
    left_out: int


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
