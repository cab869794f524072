"""Marks of many articles and annotators as columns of numbers, laid out on one line of text."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.domain.frozen import frozen

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST = np.iinfo(np.int64).max
NONE = -1  # no part, no name, no mark, or an article that is not finished


@frozen
class Articles:
    """`lengths` in code points, shape (articles,); `finished` by whom, shape (articles, annotators)."""

    lengths: Ints
    finished: Bools

    @classmethod
    def of(cls, lengths: Sequence[int], finished: Sequence[Sequence[bool]], annotators: int) -> "Articles":
        """From plain numbers, a row of `finished` for each article."""
        shape = (len(lengths), annotators)
        return cls(np.array(lengths, np.int64), np.array(finished, np.bool_).reshape(shape))

    @property
    def line(self) -> Ints:
        """Where each article begins on one line of all texts, a code point apart so that none touch."""
        ends = np.cumsum(self.lengths + 1)
        return ends - self.lengths - 1

    @property
    def annotators(self) -> int:
        return int(self.finished.shape[1])

    def pairs(self) -> Iterator[tuple[int, int, Bools]]:
        """Each two annotators with the articles that both have finished."""
        for one in range(self.annotators):
            for other in range(one + 1, self.annotators):
                yield one, other, self.finished[:, one] & self.finished[:, other]


@frozen
class Marks:
    """Entities or stances, a row each, in any order. Offsets are code points, half-open.

    `article` and `annotator` are rows and columns of `Articles.finished`, `label` counts from 0. Stances
    have `parts` of shape (marks, 2, 3): holder and target, with start, end and the number of the name, and
    `sentence`, which is equal for those whose evidence begins in the same one; `NONE` where there is none.
    What fits equally well is decided by these numbers: labels and names are numbered by the alphabet, so
    that the same marks make the same pairs and groups wherever they are compared.
    """

    article: Ints
    annotator: Ints
    start: Ints
    end: Ints
    label: Ints
    parts: Ints | None = None
    sentence: Ints | None = None

    @classmethod
    def of(
        cls,
        columns: Sequence[Sequence[int]],
        parts: Sequence[Sequence[int]] | None = None,
        sentence: Sequence[int] | None = None,
    ) -> "Marks":
        """From plain numbers: `columns` are the first five, `parts` the six of each stance."""
        article, annotator, start, end, label = (np.array(column, np.int64) for column in columns)
        return cls(
            article,
            annotator,
            start,
            end,
            label,
            None if parts is None else np.array(parts, np.int64).reshape(-1, 2, 3),
            None if sentence is None else np.array(sentence, np.int64),
        )

    def __len__(self) -> int:
        return len(self.article)

    def at(self, rows: Ints | Bools) -> "Marks":
        """Some of the rows, in the order of `rows`."""
        return Marks(
            self.article[rows],
            self.annotator[rows],
            self.start[rows],
            self.end[rows],
            self.label[rows],
            None if self.parts is None else self.parts[rows],
            None if self.sentence is None else self.sentence[rows],
        )


@frozen
class Line:
    """The marks of finished articles in the order of what they say, which is that of the text first.

    `given` is the row each had before, `start` and `end` lie on the line of `Articles`, `content` is equal
    for marks of several annotators that say the same, and `place` for marks with the same span. The marks
    of annotator n are the rows `rows[n]`.
    """

    marks: Marks
    given: Ints
    start: Ints
    end: Ints
    content: Ints
    place: Ints
    rows: tuple[Ints, ...]

    def __len__(self) -> int:
        return len(self.given)


def laid_out(articles: Articles, marks: Marks) -> Line:
    """The marks on the line; those of an article that their annotator has not finished are left out."""
    given = np.flatnonzero(articles.finished[marks.article, marks.annotator])
    marks = marks.at(given)
    start = articles.line[marks.article] + marks.start
    end = start + marks.end - marks.start
    others = [marks.label]
    if marks.parts is not None:
        others = [marks.label, *marks.parts.reshape(len(marks), 6).T]
    order = sorted_rows(start, end - start, *others, marks.annotator)
    marks, given, start, end = marks.at(order), given[order], start[order], end[order]
    place = _numbered(start, end)
    content = _numbered(place, *(column[order] for column in others))
    twin = (np.diff(content, prepend=NONE) == 0) & (np.diff(marks.annotator, prepend=NONE) == 0)
    if twin.any():  # of what one annotator said twice, the second is equal to another's second
        content = content * len(marks) + _counted(twin)
        order = sorted_rows(content, marks.annotator)
        marks, given, start, end = marks.at(order), given[order], start[order], end[order]
        place, content = place[order], _numbered(content[order])
    rows = tuple(np.flatnonzero(marks.annotator == n) for n in range(articles.annotators))
    return Line(marks, given, start, end, content, place, rows)


def by_name(names: Sequence[str]) -> Ints:
    """For each name its number by the alphabet (of code points)."""
    numbers = np.zeros(len(names), np.int64)
    numbers[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return numbers


def sorted_rows(*columns: Ints) -> Ints:
    """The rows by the first column, those equal in it by the second, and so on; equal rows stay as they were.

    `np.lexsort` sorts once for each column; here neighbouring columns are one number while their ranges fit
    64 bits, which is nearly always once.
    """
    keys: list[Ints] = []
    room = 0  # how many values more the last key can tell apart
    for column in columns if len(columns[0]) else ():
        least = column.min()
        values = int(column.max()) - int(least) + 1
        if room >= values:
            keys[-1] = keys[-1] * values + (column - least)
            room //= values
        else:
            keys.append(column - least)
            room = _MOST // values
    return np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1] or [columns[0]])


def by_article(articles: int, article: Ints, code: Ints, columns: int, weights: Floats | None) -> Floats:
    """How often, or with which weight, each code from 0 occurs in each article: (articles, columns)."""
    counts = np.bincount(article * columns + code, weights, articles * columns)
    return counts.reshape(articles, columns).astype(np.float64)


def windows(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """The pairs `(n, m)` for every m of `low[n] <= m < high[n]`, ordered."""
    sizes = np.maximum(high - low, 0)
    first = np.repeat(np.arange(len(sizes)), sizes)
    begins = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return first, np.arange(len(first)) - begins + low[first]


def overlaps(start: Ints, end: Ints, others_start: Ints, others_end: Ints) -> tuple[Ints, Ints]:
    """The pairs `(n, m)` of half-open spans that share a code point. Others come sorted by their start."""
    if not len(start) or not len(others_start):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low = np.searchsorted(np.maximum.accumulate(others_end), start, "right")
    first, second = windows(low, np.searchsorted(others_start, end, "left"))
    sure = others_end[second] > start[first]
    return first[sure], second[sure]


def _numbered(*sorted_columns: Ints) -> Ints:
    """Counts the different rows of columns in which equal rows stand together, from 0."""
    if not len(sorted_columns[0]):
        return np.zeros(0, np.int64)
    new = np.zeros(len(sorted_columns[0]), np.bool_)
    for column in sorted_columns:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new, dtype=np.int64)


def _counted(twin: Bools) -> Ints:
    """How many rows of `twin` stand without a gap up to each row."""
    rows = np.arange(len(twin))
    return rows - np.maximum.accumulate(np.where(twin, 0, rows))
