"""What each character is called by each annotator, as stretches in which nothing changes."""

import numpy as np

from annotator.agreement.coefficients import coincidences
from annotator.agreement.columns import NONE, Articles, Floats, Ints, Line, windows
from annotator.domain.frozen import frozen


@frozen
class Stretches:
    """Pieces of the line, each from one edge of any article or mark to the next.

    `article` and `length` in code points, shape (stretches,); `values`, of shape (stretches, annotators), are
    labels, or the number of labels where an annotator has no mark, or `NONE` for one who has not finished.
    """

    article: Ints
    length: Ints
    values: Ints


def character_coincidences(articles: Articles, line: Line, labels: int) -> Floats:
    """The coincidences of the labels of all characters, with `labels` for none: (articles, kinds * kinds).

    A character in several marks of one annotator has the label of the shortest. The units are code points,
    but they are never looked at one by one: between two edges of any marks all have the same values.
    """
    each = stretches(articles, line, labels)
    weights = each.length.astype(np.float64)
    count = len(articles.lengths)
    return coincidences(each.values, labels + 1, article=each.article, articles=count, weights=weights)


def stretches(articles: Articles, line: Line, labels: int) -> Stretches:
    """The stretches of all articles, in the order of the line."""
    begin = articles.line
    edges, (begins, low, high) = _edges(begin, line.start, line.end)
    long = np.diff(edges, append=begin[-1:] + articles.lengths[-1:] + 1)
    # The code point between two articles belongs to the stretch before it, and is no character.
    article = np.repeat(np.arange(len(begin)), np.diff(begins, append=len(edges)))
    long = np.minimum(long, begin[article] + articles.lengths[article] - edges)
    values = np.where(articles.finished[article], labels, NONE)
    by_length = np.argsort(line.start - line.end, kind="stable")  # the longest first: the last one stays
    nth, stretch = windows(low[by_length], high[by_length])
    marks = line.marks
    values[stretch, marks.annotator[by_length][nth]] = marks.label[by_length][nth]
    return Stretches(article, long, values)


def _edges(*places: Ints) -> tuple[Ints, list[Ints]]:
    """The different values of `places`, ascending, and which of them each place is.

    What `np.unique` gives with `return_inverse`, by one sort.
    """
    together = np.concatenate(places)
    order = np.argsort(together, kind="stable")  # each of them is nearly sorted, which that kind sees
    ascending = together[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = ascending[1:] != ascending[:-1]
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(new) - 1
    return ascending[new], np.split(number, np.cumsum([len(each) for each in places[:-1]]))
