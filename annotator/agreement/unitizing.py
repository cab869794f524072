"""Krippendorff's alpha for unitising: agreement on where units begin and end, label by label."""

import numpy as np

from annotator.agreement.columns import (
    NONE,
    Articles,
    Bools,
    Floats,
    Ints,
    Line,
    by_article,
    overlaps,
    sorted_rows,
)
from annotator.domain.frozen import frozen


@frozen
class Units:
    """The units of each label, and the gaps between them, of all annotators; on the line of `Articles`."""

    label: Ints
    article: Ints
    annotator: Ints
    start: Ints
    end: Ints

    @property
    def lengths(self) -> Ints:
        return self.end - self.start

    def at(self, rows: Bools) -> "Units":
        """Some of them."""
        columns = (self.label, self.article, self.annotator, self.start, self.end)
        return Units(*(column[rows] for column in columns))


def units_of(line: Line) -> Units:
    """Each label's marks, those of one annotator that overlap taken as one; by annotator, label and start."""
    marks = line.marks
    order = sorted_rows(marks.annotator, marks.label, line.start)
    start, end = line.start[order], line.end[order]
    label, annotator = marks.label[order], marks.annotator[order]
    if not len(order):
        return Units(label, marks.article, annotator, start, end)
    new = (np.diff(label, prepend=NONE) != 0) | (np.diff(annotator, prepend=NONE) != 0)
    run = np.cumsum(new)
    far = int(end.max()) + 1
    reach = np.maximum.accumulate(end + run * far) - run * far
    new[1:] |= start[1:] >= reach[:-1]
    first = np.flatnonzero(new)
    return Units(
        label[first],
        marks.article[order][first],
        annotator[first],
        start[first],
        np.maximum.reduceat(end, first),
    )


def unit_lengths(units: Units) -> Ints:
    """The different lengths of units, ascending: what `unitizing_rows` counts by."""
    return np.unique(units.lengths)


def unitizing_width(labels: int, lengths: int) -> int:
    """The columns of `unitizing_rows`."""
    return 1 + labels * (1 + 2 * lengths)


def unitizing_rows(articles: Articles, units: Units, lengths: Ints, labels: int) -> Floats:
    """What each article adds to the sums that `alpha_u` is made of: (articles, `unitizing_width`).

    First its positions, those of all who have finished it; then for each label the observed disagreement,
    how many units have each of the `lengths`, and into how many places a unit of each length fits in gaps.
    """
    size = len(articles.lengths)
    finishers = articles.finished.sum(axis=1)
    rows = np.zeros((size, 1 + labels * (1 + 2 * len(lengths))))
    rows[:, 0] = finishers * articles.lengths * (finishers > 1)
    each = rows[:, 1:].reshape(size, labels, 1 + 2 * len(lengths))
    units = units.at(finishers[units.article] > 1)
    each[:, :, 0] = _observed(articles, units, labels)
    at = units.label * len(lengths) + np.searchsorted(lengths, units.lengths)
    each[:, :, 1 : 1 + len(lengths)] = by_article(
        size, units.article, at, labels * len(lengths), None
    ).reshape(size, labels, len(lengths))
    each[:, :, 1 + len(lengths) :] = _places(articles, units, lengths, labels)
    return rows


def alpha_u(rows: Floats, lengths: Ints, labels: int) -> Floats:
    """Alpha of each label, and pooled behind them, of sums of `unitizing_rows`: (..., labels + 1).

    Krippendorff, Sociological Methodology 25, 1995, and Content Analysis, 2nd edition, 2004, section 11.6.
    Observed: for each two annotators the squared distances of the edges of units that overlap, and the
    squared lengths of units in a gap of the other. Expected: the same for the units at all places of the
    line. Texts are not joined: no unit and no gap reaches over the end of an article, and an article that
    m annotators have finished counts as m of its length. NaN for a label without units.
    """
    positions = rows[..., :1]
    each = rows[..., 1:].reshape(*rows.shape[:-1], labels, 1 + 2 * len(lengths))
    observed, count, fits = each[..., 0], each[..., 1 : 1 + len(lengths)], each[..., 1 + len(lengths) :]
    long = lengths.astype(np.float64)
    # One product with all weights: sums over so few numbers would take longer than the rest.
    weights = np.stack((np.ones_like(long), 2 * long**3 - 3 * long**2 + long, long * (long - 1)), axis=1)
    number, cubes, squares = np.moveaxis(count @ weights, -1, 0)
    expected = (number - 1) / 3 * cubes + (count * fits) @ (long * long)
    places = positions * (positions - 1) - squares
    with np.errstate(divide="ignore", invalid="ignore"):
        by_chance = np.where(number > 0, 2 * positions * expected / places, 0.0)
        apart = np.concatenate((observed, observed.sum(axis=-1, keepdims=True)), axis=-1)
        by_chance = np.concatenate((by_chance, by_chance.sum(axis=-1, keepdims=True)), axis=-1)
        result: Floats = np.where(by_chance > 0, 1 - apart / by_chance, np.nan)
    return result


def _observed(articles: Articles, units: Units, labels: int) -> Floats:
    """The disagreement of all ordered pairs of annotators: (articles, labels)."""
    finishers = articles.finished.sum(axis=1)
    far = int(articles.lengths.sum()) + len(articles.lengths) + 1
    found = np.zeros((len(articles.lengths), labels))
    for one, other, shared in articles.pairs():
        sides = []
        for annotator in (one, other):
            rows = np.flatnonzero((units.annotator == annotator) & shared[units.article])
            sides.append((rows, units.label[rows] * far))  # labels lie apart on the line
        (left, left_far), (right, right_far) = sides
        first, second = overlaps(
            units.start[left] + left_far,
            units.end[left] + left_far,
            units.start[right] + right_far,
            units.end[right] + right_far,
        )
        a, b = left[first], right[second]
        apart = (units.start[a] - units.start[b]) ** 2 + (units.end[a] - units.end[b]) ** 2
        alone = np.concatenate((left[_missing(len(left), first)], right[_missing(len(right), second)]))
        rows = np.concatenate((a, alone))
        amount = np.concatenate((apart, units.lengths[alone] ** 2)) * 2.0
        amount /= finishers[units.article[rows]] - 1
        found += by_article(len(found), units.article[rows], units.label[rows], labels, amount)
    return found


def _places(articles: Articles, units: Units, lengths: Ints, labels: int) -> Floats:
    """How many places a unit of each length has in the gaps: (articles, labels, lengths)."""
    size = len(articles.lengths)
    finishers = articles.finished.sum(axis=1)
    who_article, who = np.nonzero(articles.finished & (finishers > 1)[:, None])
    whole = np.tile(np.arange(labels), len(who))
    edge_article, edge_who = np.repeat(who_article, labels), np.repeat(who, labels)
    begin = articles.line[edge_article]
    # A mark of no length at both ends of each article, so that gaps are what lies between neighbours.
    article = np.concatenate((units.article, edge_article, edge_article))
    label = np.concatenate((units.label, whole, whole))
    annotator = np.concatenate((units.annotator, edge_who, edge_who))
    last = begin + articles.lengths[edge_article]
    start = np.concatenate((units.start, begin, last))
    end = np.concatenate((units.end, begin, last))
    order = sorted_rows(annotator, label, start, end)
    gap = start[order][1:] - end[order][:-1]
    same = np.diff(annotator[order]) == 0
    same &= (np.diff(label[order]) == 0) & (np.diff(article[order]) == 0) & (gap > 0)
    gap, at = gap[same], (article[order] * labels + label[order])[1:][same]
    room = np.zeros((size * labels, len(lengths)))
    if not len(lengths):
        return room.reshape(size, labels, 0)
    wide = gap >= lengths[-1]
    number = np.bincount(at[wide], minlength=size * labels)
    total = np.bincount(at[wide], gap[wide] + 1, minlength=size * labels)
    room += total[:, None] - number[:, None] * lengths
    for part in np.array_split(np.flatnonzero(~wide), 1 + len(gap) // 200_000):
        fits = np.maximum(gap[part, None] + 1 - lengths, 0)
        np.add.at(room, at[part], fits)
    return room.reshape(size, labels, len(lengths))


def _missing(size: int, found: Ints) -> Bools:
    """Which of the numbers below `size` are not found."""
    missing = np.ones(size, np.bool_)
    missing[found] = False
    return missing
