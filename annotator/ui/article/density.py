"""Density: how many marks stand in each row of pixels of the overview, kept up to date mark by mark."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum

from annotator.domain.marks import Entity, Shown


class Lane(IntEnum):
    """Lanes of the overview, from the left."""

    ENTITIES = 0
    UNDECIDED = 1
    STANCES = 2


class Density:
    """Counts of marks by row and lane. `edges` are the first offsets of the rows, ascending from 0.

    A suggestion counts as undecided and, if it is a stance, as one; entities are those a person confirmed.
    """

    def __init__(self, edges: Sequence[int], marks: Iterable[Shown] = ()) -> None:
        self.edges = edges
        self.lanes = tuple(Lane)
        self._counts = tuple(array("l", bytes(array("l").itemsize * len(edges))) for _ in Lane)
        self._polarities: dict[int, Counter[str]] = {}
        for shown in marks:
            self._count(shown, 1)

    def __len__(self) -> int:
        return len(self.edges)

    def row_of(self, offset: int) -> int:
        return max(0, bisect_right(self.edges, offset) - 1)

    def change(self, gone: Iterable[Shown], now: Iterable[Shown]) -> list[int]:
        """Count marks out and in; the rows that look different now, which among many marks are few."""
        changes = [*((shown, -1) for shown in gone), *((shown, 1) for shown in now)]
        before = {row: self._look(row) for row in (self.row_of(each.mark.span.start) for each, _ in changes)}
        for shown, by in changes:
            self._count(shown, by)
        return [row for row, look in before.items() if self._look(row) != look]

    def _look(self, row: int) -> tuple[object, ...]:
        """What is painted of a row: which lanes, and the most frequent polarity."""
        return (*(counts[row] > 0 for counts in self._counts), self.polarity(row))

    def polarity(self, row: int) -> str:
        """The most frequent polarity in a row; "" of none."""
        found = self._polarities.get(row)
        return max(found, key=found.__getitem__) if found and self._counts[Lane.STANCES][row] else ""

    def count(self, row: int, lane: Lane) -> int:
        return self._counts[lane][row]

    def polarities(self, row: int) -> list[tuple[str, int]]:
        """The polarities of the stances in a row with their counts, the most frequent first."""
        found = self._polarities.get(row)
        return [pair for pair in found.most_common() if pair[1] > 0] if found else []

    def near(self, row: int, reach: int) -> int | None:
        """The row with marks that is nearest to a row, at most `reach` rows away."""
        rows = sorted(
            range(max(0, row - reach), min(len(self), row + reach + 1)), key=lambda other: abs(other - row)
        )
        return next((other for other in rows if any(counts[other] for counts in self._counts)), None)

    def _count(self, shown: Shown, by: int) -> None:
        mark = shown.mark
        row = bisect_right(self.edges, mark.span.start) - 1
        if shown.source is None:
            self._counts[Lane.UNDECIDED][row] += by
        if type(mark) is Entity:
            if shown.source is not None:
                self._counts[Lane.ENTITIES][row] += by
        else:
            self._counts[Lane.STANCES][row] += by
            self._polarities.setdefault(row, Counter())[mark.label] += by
