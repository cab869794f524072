"""Mathet's gamma: agreement on where units are and what they are at once, against shuffled articles."""

import numpy as np
from numpy.random import Generator

from annotator.agreement.assignment import assigned
from annotator.agreement.columns import Articles, Bools, Floats, Ints, Line, Marks, laid_out, windows

SAMPLES = 30
_Side = tuple[Ints, Ints, Ints, Ints]  # starts, ends, labels and problems of units, sorted by start
_FINE = 1_000_000_000
_LABELS = 1_024  # a power of two: sums of fractions are exact and do not depend on their order


def disorders(
    articles: Articles, marks: Marks, *, seeds: Ints, samples: int = SAMPLES
) -> tuple[Floats, Floats]:
    """The observed and the expected disorder of each article for each two annotators: (articles, pairs).

    Gamma is `1 - observed / expected`, of one article or of sums. Mathet, Widlöcher and Métivier,
    Computational Linguistics 41, 2015: the disorder is the least that aligning the units of two annotators
    can cost, where a unit alone costs 1, and two together `((|s - s'| + |e - e'|) / (l + l'))**2`, plus 1 if
    their labels differ (alpha = beta = 1 there). Expected is the mean over `samples` shuffled articles: for
    each of the two one of the annotators, whose units are shifted round the text, the two shifts being at
    least the mean length of a unit apart. A unit that reaches the end of the text when shifted keeps its
    length. It depends on `seeds` (one number for each article) only. Zero where one of the two has not
    finished the article.
    """
    line = laid_out(articles, marks)
    size, pairs = len(articles.lengths), list(articles.pairs())
    observed, expected = np.zeros((size, len(pairs))), np.zeros((size, len(pairs)))
    for n, (one, other, shared) in enumerate(pairs):
        mine = [line.rows[who][shared[line.marks.article[line.rows[who]]]] for who in (one, other)]
        counts = [np.bincount(line.marks.article[rows], minlength=size) for rows in mine]
        observed[:, n] = _cost(articles, line, mine, counts)
        expected[:, n] = _by_chance(articles, line, mine, counts, shared, seeds, samples)
    return observed, expected


def _cost(articles: Articles, line: Line, mine: list[Ints], counts: list[Ints]) -> Floats:
    marks = line.marks
    one, other = ((line.start[at], line.end[at], marks.label[at], marks.article[at]) for at in mine)
    return counts[0] + counts[1] - _saved(one, other, len(articles.lengths))


def _by_chance(
    articles: Articles,
    line: Line,
    mine: list[Ints],
    counts: list[Ints],
    shared: Bools,
    seeds: Ints,
    samples: int,
) -> Floats:
    """The mean cost of shuffled articles, made comparable to the observed one by the number of units."""
    size = len(articles.lengths)
    both = np.concatenate(mine)
    total = np.bincount(line.marks.article[both], line.end[both] - line.start[both], minlength=size)
    units = counts[0] + counts[1]
    mean = np.ceil(total / np.maximum(units, 1))
    first, second = (_content(articles, line, rows) for rows in mine)
    who = np.zeros((size, samples, 2), np.int64)
    shift = np.zeros((size, samples, 2), np.int64)
    for at in np.flatnonzero(shared & (units > 0)):
        random = np.random.default_rng(int(seeds[at]))
        who[at] = random.integers(2, size=(samples, 2)) ^ (first[at] > second[at])
        shift[at] = _shifts(random, int(articles.lengths[at]), int(mean[at]), samples)
    lengths = articles.lengths + 1
    apart = int(lengths.max(initial=1)) + int((line.end - line.start).max(initial=0)) + 1
    sides = []
    numbers = np.zeros((2, size * samples), np.int64)
    for side in range(2):
        taken, problem = _chosen(line, mine, who[:, :, side])
        article = line.marks.article[taken]
        local = line.start[taken] - articles.line[article] + shift[article, problem % samples, side]
        start = local % articles.lengths[article] + problem * apart
        order = np.argsort(start, kind="stable")
        end = start + line.end[taken] - line.start[taken]
        sides.append((start[order], end[order], line.marks.label[taken][order], problem[order]))
        numbers[side] = np.bincount(problem, minlength=size * samples)
    drawn = numbers.sum(axis=0)
    cost = drawn - _saved(sides[0], sides[1], size * samples)
    each = np.divide(cost, drawn, out=np.zeros(len(drawn)), where=drawn > 0).reshape(size, samples)
    full = (drawn > 0).reshape(size, samples).sum(axis=1)
    mean_cost: Floats = each.sum(axis=1) / np.maximum(full, 1) * units
    return mean_cost


def _content(articles: Articles, line: Line, rows: Ints) -> Floats:
    """A number of what one annotator marked in each article, so that not the order of the two decides."""
    article = line.marks.article[rows]
    local = line.marks.start[rows].astype(np.float64)
    said = local * local + line.marks.end[rows] + line.marks.label[rows] / _LABELS
    sums = np.bincount(article, said, len(articles.lengths))
    return sums.astype(np.float64)


def _shifts(random: Generator, length: int, apart: int, samples: int) -> Ints:
    """Two shifts for each sample, at least `apart` from each other round the text where there is room."""
    apart = min(apart, length // 2)
    first = random.integers(length, size=samples)
    second = first + random.integers(apart, max(length - apart, apart) + 1, size=samples)
    return np.stack((first, second % length), axis=1)


def _chosen(line: Line, mine: list[Ints], who: Ints) -> tuple[Ints, Ints]:
    """The rows of the annotator drawn for each article and sample, with the number of that problem."""
    size, samples = who.shape
    taken, problems = [], []
    for side in range(2):
        article = line.marks.article[mine[side]]
        order = np.argsort(article, kind="stable")
        edges = np.searchsorted(article[order], np.arange(size + 1))
        at, sample = np.nonzero(who == side)
        nth, row = windows(edges[at], edges[at + 1])
        taken.append(mine[side][order[row]])
        problems.append(at[nth] * samples + sample[nth])
    return np.concatenate(taken), np.concatenate(problems)


def _saved(one: _Side, other: _Side, problems: int) -> Floats:
    """How much less the best alignment costs than leaving every unit alone, for each problem."""
    (start, end, label, problem), (starts, ends, labels, their_problem) = one, other
    if not len(start) or not len(starts):
        return np.zeros(problems)
    longest = int((ends - starts).max())
    # Together they are cheaper if the edges are less than sqrt(2) times both lengths apart.
    reach = np.ceil(np.sqrt(2) * (end - start + longest)).astype(np.int64)
    low, high = (
        np.searchsorted(starts, start - reach, "left"),
        np.searchsorted(starts, start + reach, "right"),
    )
    a, b = windows(low, high)
    within = problem[a] == their_problem[b]
    a, b = a[within], b[within]
    apart = np.abs(start[a] - starts[b]) + np.abs(end[a] - ends[b])
    near = apart / (end[a] - start[a] + ends[b] - starts[b])
    saving = 2 - near * near - (label[a] != labels[b])
    weight = np.rint(saving * _FINE).astype(np.int64)
    good = weight > 0
    a, b = a[good], b[good]
    best = assigned(a, b + len(start), weight[good])
    return np.bincount(problem[a[best]], saving[good][best], minlength=problems).astype(np.float64)
