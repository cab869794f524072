"""Density: how many marks stand in each row of pixels of the overview."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from annotator.ui.article.census import Census, Group
from annotator.ui.article.layers import NONE_HIDDEN, Hidden, Layer


class Row(NamedTuple):
    """The marks that begin in one row. `stances` are counted by polarity, the most frequent first.

    A suggestion counts as undecided and, if it is a stance, as one; entities are those a person confirmed.
    """

    entities: int = 0
    undecided: int = 0
    stances: tuple[tuple[str, int], ...] = ()

    @property
    def look(self) -> tuple[bool, bool, str]:
        """What is painted of it: which lanes, and the most frequent polarity."""
        return bool(self.entities), bool(self.undecided), self.polarity

    @property
    def polarity(self) -> str:
        """The most frequent polarity; "" of none."""
        return self.stances[0][0] if self.stances else ""


class Density:
    """Rows of a census without hidden layers. `edges` are the rows' first offsets, ascending from 0."""

    def __init__(self, edges: Sequence[int], census: Census, hidden: Hidden = NONE_HIDDEN) -> None:
        self.edges = edges
        self._census = census
        self._hidden = hidden

    def __len__(self) -> int:
        return len(self.edges)

    def row_of(self, offset: int) -> int:
        return max(0, bisect_right(self.edges, offset) - 1)

    def row(self, number: int) -> Row:
        end = self.edges[number + 1] if number + 1 < len(self.edges) else inf
        found = self._census.between(self.edges[number], end)
        if self._hidden:
            found = {group: count for group, count in found.items() if self._is_seen(group)}
        if not found:
            return _EMPTY
        stances: Counter[str] = Counter()
        for group, count in found.items():
            if group.polarity:
                stances[group.polarity] += count
        return Row(
            entities=found.get(_ENTITIES, 0),
            undecided=sum(count for group, count in found.items() if group.suggested),
            stances=tuple(sorted(stances.items(), key=lambda pair: (-pair[1], pair[0]))),
        )

    def near(self, number: int, reach: int) -> int | None:
        """The row with marks that is nearest to a row, at most `reach` rows away."""
        rows = sorted(
            range(max(0, number - reach), min(len(self), number + reach + 1)),
            key=lambda other: abs(other - number),
        )
        return next((other for other in rows if self.row(other) != _EMPTY), None)

    def _is_seen(self, group: Group) -> bool:
        """As `layers.is_seen` of a mark of the group."""
        layer = Layer.STANCES if group.polarity else Layer.ENTITIES
        return layer not in self._hidden and not (group.suggested and Layer.SUGGESTIONS in self._hidden)


_EMPTY = Row()
_ENTITIES = Group("", suggested=False)
