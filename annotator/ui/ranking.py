"""Undecided suggestions in the order of a value, kept up to date: the next is there within a key's time."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable

from annotator.domain.marks import Shown

Value = Callable[[Shown], float | None]
Row = tuple[float, int, int, str]  # the value, then start, end and id of the mark

RUN = 4_000  # rows that are sorted at once, some 5 ms


class Ranking:
    """Sorted runs of rows, made one by one, so that a hundred thousand hold up nobody.

    Rows are plain numbers: comparing spans takes twice as long, and a long article has many equal scores.
    Suggestions without a value are left out.
    """

    def __init__(self, value: Value, shown: Iterable[Shown], *, run: int = RUN) -> None:
        self._value = value
        self._left = list(shown)
        self._run = run
        self._runs: list[list[Row]] = []

    @property
    def whole(self) -> bool:
        """Whether all suggestions have their place."""
        return not self._left

    def go_on(self) -> None:
        """Makes one run more."""
        some, self._left = self._left[-self._run :], self._left[: -self._run]
        if rows := sorted(row for shown in some if (row := self.row(shown)) is not None):
            self._runs.append(rows)

    def finish(self) -> None:
        while not self.whole:
            self.go_on()

    def row(self, shown: Shown) -> Row | None:
        """The row of a suggestion; None if it has no place here."""
        if shown.source is not None or (value := self._value(shown)) is None:
            return None
        mark = shown.mark
        return value, mark.span.start, mark.span.end, mark.id

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def after(self, row: Row | None) -> Row | None:
        """The first row, or the one that follows a row; None if none does."""
        firsts = [
            run[at]
            for run in self._runs
            if (at := bisect_right(run, row) if row is not None else 0) < len(run)
        ]
        return min(firsts, default=None)

    def place(self, row: Row) -> int:
        """How many rows there are up to this one."""
        return sum(bisect_right(run, row) for run in self._runs)

    def add(self, shown: Shown) -> None:
        if (row := self.row(shown)) is not None:
            if not self._runs:
                self._runs.append([])
            insort(self._runs[-1], row)

    def remove(self, shown: Shown) -> None:
        if (row := self.row(shown)) is not None:
            for run in self._runs:
                at = bisect_left(run, row)
                if run[at : at + 1] == [row]:
                    del run[at]
                    return
