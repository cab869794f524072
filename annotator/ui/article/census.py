"""The census: where in a text the marks of each kind begin, so that any stretch is counted at once."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from annotator.domain.marks import Entity, Shown


class Group(NamedTuple):
    """Marks that are counted together: entities (polarity "") or the stances of a polarity."""

    polarity: str
    suggested: bool


class Census:
    """The starts of marks in code points, ascending, group by group.

    n marks: O(n) to take, O(log n) to count a stretch; for one more or less the numbers behind it move up, in
    some 30 microseconds among 100,000.
    """

    def __init__(self, marks: Iterable[Shown] = ()) -> None:
        """Take the census of marks in reading order."""
        self._starts: dict[tuple[str, bool], array[int]] = {}
        for shown in marks:
            mark = shown.mark
            # As in `_group`, but a hundred thousand times.
            group = ("" if type(mark) is Entity else mark.label, shown.source is None)
            starts = self._starts.get(group)
            if starts is None:
                starts = self._starts[group] = array("q")
            starts.append(mark.span.start)

    def count(self, shown: Shown, by: int) -> None:
        """Count one more (1) or less (-1)."""
        starts, start = self._starts.setdefault(_group(shown), array("q")), shown.mark.span.start
        if by > 0:
            starts.insert(bisect_right(starts, start), start)
        else:
            del starts[bisect_left(starts, start)]

    def between(self, start: int, end: float) -> dict[Group, int]:
        """How many marks of each group begin in `[start, end)`; groups without any are left out."""
        return {
            Group(*group): count
            for group, starts in self._starts.items()
            if (count := bisect_left(starts, end) - bisect_left(starts, start))
        }


def _group(shown: Shown) -> tuple[str, bool]:
    return ("" if isinstance(shown.mark, Entity) else shown.mark.label, shown.suggested)
