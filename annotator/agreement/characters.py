"""What each character is called by each annotator, as stretches in which nothing changes."""

import numpy as np

from annotator.agreement.coefficients import coincidences
from annotator.agreement.columns import NONE, Articles, Floats, Ints, Line, windows


def character_coincidences(articles: Articles, line: Line, labels: int) -> Floats:
    """The coincidences of the labels of all characters, with `labels` for none: (articles, kinds * kinds).

    A character in several marks of one annotator has the label of the shortest. The units are code points,
    but they are never looked at one by one: between two edges of any marks all have the same values.
    """
    edges, values = _stretches(articles, line, labels)
    begin = articles.line
    article = np.searchsorted(begin, edges[:-1], "right") - 1
    long = np.minimum(edges[1:], begin[article] + articles.lengths[article]) - edges[:-1]
    return coincidences(
        values, labels + 1, article=article, articles=len(begin), weights=long.astype(np.float64)
    )


def _stretches(articles: Articles, line: Line, labels: int) -> tuple[Ints, Ints]:
    """Edges (stretches + 1) on the line, and values of shape (stretches, annotators) between them."""
    begin = articles.line
    last = begin[-1:] + articles.lengths[-1:] + 1
    edges = np.unique(np.concatenate((begin, last, line.start, line.end)))
    article = np.searchsorted(begin, edges[:-1], "right") - 1
    values = np.where(articles.finished[article], labels, NONE)
    by_length = np.argsort(line.start - line.end, kind="stable")  # the longest first: the last one stays
    low, high = (np.searchsorted(edges, each[by_length]) for each in (line.start, line.end))
    nth, stretch = windows(low, high)
    values[stretch, line.marks.annotator[by_length][nth]] = line.marks.label[by_length][nth]
    return edges, values
