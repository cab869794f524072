"""One-to-one matching: the heaviest pairs there are, and the pairs of spans that overlap."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from annotator.domain.text import Span

Pair = tuple[int, int]

MOST = 1_000  # a criterion of a weight is 0 to this


def heaviest(weights: Mapping[Pair, int]) -> list[Pair]:
    """The pairs `(left, right)`, no left and no right twice, whose positive weights add up to the most.

    Exact. Where several choices weigh the same, the numbers of the pairs decide and not the order of
    `weights`: number things by their content, and the order they came in does not matter either. A pair
    costs by what it is connected to, so many small groups cost little each.
    """
    table = _Table()
    for (left, right), weight in sorted(weights.items()):
        table.offer(left, right, weight)
    return table.seated()


class _Table:
    """Lefts choose rights one after another, each by the cheapest chain of moves.

    Successive shortest paths over reduced costs (Jonker and Volgenant, Computing 38, 1987, section 2). The
    cost of a pair is its weight below zero; a left that goes alone gets a right of its own, which is free.
    """

    def __init__(self) -> None:
        self._offers: dict[int, list[tuple[int, int]]] = {}
        self._left_price: dict[int, int] = {}
        self._right_price: defaultdict[int, int] = defaultdict(int)
        self._left_of: dict[int, int] = {}
        self._right_of: dict[int, int] = {}

    def offer(self, left: int, right: int, weight: int) -> None:
        self._offers.setdefault(left, [(-1 - left, 0)]).append((right, -weight))

    def seated(self) -> list[Pair]:
        for left in self._offers:
            self._seat(left)
        return sorted((left, right) for right, left in self._left_of.items() if right >= 0)

    def _seat(self, new: int) -> None:
        self._left_price[new] = min(cost - self._right_price[right] for right, cost in self._offers[new])
        far: dict[int, int] = {}
        came: dict[int, int] = {}
        settled: list[int] = []
        heap: list[tuple[int, int]] = []
        left, gone = new, 0
        while True:
            for right, cost in self._offers[left]:
                way = gone + cost - self._left_price[left] - self._right_price[right]
                if right not in far or way < far[right]:
                    far[right], came[right] = way, left
                    heapq.heappush(heap, (way, right))
            gone, right = heapq.heappop(heap)
            while gone > far[right]:  # a longer way, pushed before a shorter one was known
                gone, right = heapq.heappop(heap)
            if right not in self._left_of:
                break
            settled.append(right)
            left = self._left_of[right]
        for each in settled:
            self._right_price[each] -= gone - far[each]
            self._left_price[self._left_of[each]] += gone - far[each]
        self._left_price[new] += gone
        self._move_up(right, came)

    def _move_up(self, right: int, came: Mapping[int, int]) -> None:
        """Moves each left along the chain that ends at the free `right` and begins at a new left."""
        while True:
            left = came[right]
            before = self._right_of.get(left)
            self._left_of[right], self._right_of[left] = left, right
            if before is None:
                return
            right = before


def in_order(criteria: Sequence[int], *, pairs: int) -> int:
    """A weight in which an earlier criterion counts more than all later ones of `pairs` pairs together.

    Each criterion is 0 to `MOST`.
    """
    weight = 0
    for criterion in criteria:
        weight = weight * (pairs * MOST + 1) + criterion
    return weight


def overlapping(left: Sequence[Span], right: Sequence[Span]) -> Iterator[Pair]:
    """The numbers of all spans of both sides that share a code point; touching is not overlap."""
    sides = (0, left), (1, right)
    spans = sorted((span, side, n) for side, marks in sides for n, span in enumerate(marks))
    open_: tuple[list[Pair], list[Pair]] = ([], [])  # (end, number) of each side
    for span, side, n in spans:
        for each in open_:
            each[:] = [(end, other) for end, other in each if end > span.start]
        for _, other in open_[1 - side]:
            yield (other, n) if side else (n, other)
        open_[side].append((span.end, n))


def shared(one: Span, other: Span) -> int:
    """How much two spans cover each other: the Jaccard index of their code points, in thousandths."""
    both = min(one.end, other.end) - max(one.start, other.start)
    if both <= 0:
        return 0
    return MOST * both // (len(one) + len(other) - both)
