"""The entries of a review in its order, most of them rows of sheets, and which of them are wanted."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from annotator.agreement.columns import Bools, Ints
from annotator.agreement.sheets import Sheet, bits_of, readings_of, types_of
from annotator.domain.frozen import frozen
from annotator.domain.review import Group, Type

_NO_RANK = len(Type)
# The rank of the gravest type, by the bits of all.
_GRAVEST = np.array(
    [min((each.rank for each in types_of(n)), default=_NO_RANK) for n in range(1 << _NO_RANK)]
)


@frozen
class Entry:
    """What places an entry in the list, and by what it is found.

    `input` is its digest, `types` are bits, `readings` what `sheets.readings_of` gives.
    """

    input: str
    article: int
    start: int
    end: int
    types: int
    audit: bool
    is_stance: bool
    left: bool
    words: str
    readings: int

    @classmethod
    def of(cls, group: Group, *, audit: bool, left: bool) -> "Entry":
        """The entry of one group."""
        return cls(
            group.input,
            group.article_id,
            group.span.start,
            group.span.end,
            bits_of(group.types),
            audit,
            group.is_stance,
            left,
            group.words,
            readings_of(group),
        )


class Listing:
    """Entries by audits last, gravest type, place of the article, place in it, and digest.

    Those `ready` come as they are and have the numbers from 0 on; the rows of `sheets` those behind. The
    `places` of articles are by id. What is at a place of the list has its number in `numbers`.
    """

    def __init__(self, ready: Sequence[Entry], sheets: Sequence[Sheet], places: Mapping[int, int]) -> None:
        self._ready = len(ready)
        self._inputs = [each.input for each in ready]
        self._sheets = sheets
        self._firsts = list(accumulate(map(len, sheets), initial=self._ready))

        def column(of_ready: Sequence[object], of_sheets: Iterator[Ints | Bools]) -> Ints:
            return np.concatenate(
                [np.array(of_ready, np.int64), *(each.astype(np.int64) for each in of_sheets)]
            )

        self._article = column([each.article for each in ready], (sheet.article for sheet in sheets))
        self._start = column([each.start for each in ready], (sheet.start for sheet in sheets))
        self._end = column([each.end for each in ready], (sheet.end for sheet in sheets))
        self._types = column([each.types for each in ready], (sheet.types for sheet in sheets))
        self._audit = column([each.audit for each in ready], (sheet.types == 0 for sheet in sheets)) > 0
        kinds = (np.full(len(sheet), sheet.is_stance) for sheet in sheets)
        self._stance = column([each.is_stance for each in ready], kinds) > 0
        self._readings = column([each.readings for each in ready], (sheet.readings() for sheet in sheets))
        self._left = np.ones(len(self._article), np.bool_)
        self._left[: self._ready] = [each.left for each in ready]
        self._codes: dict[str, int] = {}
        self._code = np.array(
            [
                self._codes.setdefault(words.casefold(), len(self._codes))
                for some in ([each.words for each in ready], *(sheet.words for sheet in sheets))
                for words in some
            ],
            np.int64,
        )
        self.numbers = self._ordered(places)
        self._places = np.empty_like(self.numbers)
        self._places[self.numbers] = np.arange(len(self.numbers))

    def __len__(self) -> int:
        return len(self.numbers)

    def _ordered(self, places: Mapping[int, int]) -> Ints:
        ids, which = np.unique(self._article, return_inverse=True)
        place = np.array([places.get(article, 0) for article in ids.tolist()], np.int64)[which]
        keys = (self._audit, _GRAVEST[self._types], place, self._start, self._end)
        order = np.lexsort(keys[::-1])
        same = np.ones(max(0, len(order) - 1), np.bool_)
        for key in keys:
            same &= key[order[1:]] == key[order[:-1]]
        rows = order.tolist()
        for first, last in _runs(np.flatnonzero(same).tolist()):
            rows[first:last] = sorted(rows[first:last], key=self.input)
        return np.array(rows, np.int64)

    # ---------------------------------------------------------------- one entry

    def group(self, number: int) -> Group:
        """The group of an entry that is a row of a sheet."""
        at = bisect_right(self._firsts, number) - 1
        return self._sheets[at].group(number - self._firsts[at])

    def input(self, number: int) -> str:
        """The digest of an entry's votes."""
        return self._inputs[number] if self.is_ready(number) else self.group(number).input

    def number_at(self, place: int) -> int:
        return int(self.numbers[place])

    def is_ready(self, number: int) -> bool:
        return number < self._ready

    def is_left(self, place: int) -> bool:
        return bool(self._left[self.numbers[place]])

    def set_left(self, place: int, *, left: bool) -> None:
        self._left[self.numbers[place]] = left

    def of_article(self, article: int) -> list[int]:
        """The places of an article's entries."""
        found: list[int] = self._places[self._article == article].tolist()
        return found

    # ---------------------------------------------------------------- many entries

    @property
    def audits(self) -> int:
        return int(self._audit.sum())

    def left_by_types(self) -> dict[frozenset[Type], int]:
        """How many are left, by all their types."""
        counts = np.bincount(self._types[self._left])
        return {types_of(bits): int(counts[bits]) for bits in np.flatnonzero(counts).tolist()}

    def left_by_article(self) -> dict[int, int]:
        """How many are left in each article, audits apart."""
        ids, counts = np.unique(self._article[self._left & ~self._audit], return_counts=True)
        return dict(zip(ids.tolist(), counts.tolist(), strict=True))

    def alike(self, place: int) -> list[int]:
        """The places of the others left with the same words and, but for chance, the same readings."""
        number = self.numbers[place]
        found = self._left & (self._code == self._code[number])
        for column in (self._readings, self._stance, self._types & 1 << Type.MISSING.rank):
            found &= column == column[number]
        found[number] = False
        return sorted(self._places[found].tolist())

    def wanted(
        self, types: int, labels: Collection[str | None], annotator: str, words: str
    ) -> tuple[list[int], list[int]]:
        """The places of rows that are wanted, ascending, and those of all that come ready.

        Of `types` (bits) one is enough, of `labels` all must have been given, None by somebody who marked
        nothing; an `annotator` must stand apart; empty wants all.
        """
        needle = words.casefold()
        has_words = np.array([needle in each for each in self._codes], np.bool_)
        found = has_words[self._code] if needle else np.ones(len(self), np.bool_)
        if types:
            found &= (self._types & types) > 0
        for first, sheet in zip(self._firsts[:-1], self._sheets, strict=True):
            rows = found[first : first + len(sheet)]
            for label in labels:
                rows &= sheet.gives(label)
            if annotator:
                rows &= sheet.apart(annotator)
        found[: self._ready] = False
        ready = self._places[: self._ready]
        return np.flatnonzero(found[self.numbers]).tolist(), sorted(ready.tolist())


def _runs(ties: Sequence[int]) -> Iterator[tuple[int, int]]:
    """`[first, last)` of neighbours that are equal, from the places that equal the one behind them."""
    first = last = -1
    for each in ties:
        if each != last:
            if first >= 0:
                yield first, last + 1
            first = each
        last = each + 1
    if first >= 0:
        yield first, last + 1
