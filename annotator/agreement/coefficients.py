"""Coefficients of agreement from counts.

All take counts whose last axes are said below and give one value for each of the axes before them, so the
counts of a thousand resamples are one call. NaN stands for what is undefined; `figures` says why it is.
"""

import numpy as np

from annotator.agreement.columns import NONE, Floats, Ints, by_article

NEUTRAL = "NEUTRAL"


def f1(agreed: Floats, marks: Floats) -> Floats:
    """`2 agreed / marks`: the F1 of two annotators, whichever of them counts as right.

    `marks` are those of both together. Micro: of the sums over articles (Hripcsak and Rothschild, Journal
    of the American Medical Informatics Association 12, 2005: with very many possible spans kappa tends to
    this). Undefined if neither has a mark.
    """
    return ratio(2 * agreed, marks)


def nominal(values: int) -> Floats:
    """How much values differ: 1 if they are different. Shape (values, values)."""
    return 1.0 - np.eye(values)


def polarity_distance(polarities: tuple[str, ...]) -> Floats:
    """How much polarities, and ABSENT behind them, differ; shape (polarities + 1, polarities + 1).

    For and against 1, neutral and either 0.5, absent and any 1.
    """
    distance = nominal(len(polarities) + 1)
    for at, name in enumerate(polarities):
        if name == NEUTRAL:
            distance[at, :-1] = distance[:-1, at] = 0.5
            distance[at, at] = 0.0
    return distance


def coincidences(
    values: Ints, kinds: int, *, article: Ints, articles: int, weights: Floats | None = None
) -> Floats:
    """The coincidence matrix of each article, flat: (articles, kinds * kinds).

    `values` has shape (units, annotators), each from 0 to kinds - 1 or `NONE` for a missing value; a unit
    with m values adds 1 / (m - 1) for each ordered pair of them, times its weight (Krippendorff, Content
    Analysis, 3rd edition, 2013, section 12.3.1). A unit with one value adds nothing.
    """
    present = values != NONE
    each = 1.0 / np.maximum(present.sum(axis=1) - 1, 1)
    if weights is not None:
        each = each * weights
    found = np.zeros((articles, kinds * kinds))
    annotators = values.shape[1]
    for one in range(annotators):
        for other in range(one + 1, annotators):
            both = present[:, one] & present[:, other]
            code = values[both, one] * kinds + values[both, other]
            found += by_article(articles, article[both], code, kinds * kinds, each[both])
    square = found.reshape(articles, kinds, kinds)
    summed: Floats = (square + square.transpose(0, 2, 1)).reshape(articles, kinds * kinds)
    return summed


def alpha(coincidence: Floats, distance: Floats) -> Floats:
    """Krippendorff's alpha, `1 - observed / expected disagreement`, of coincidences (..., kinds, kinds).

    Expected is what pairs of values drawn without replacement disagree by (Krippendorff 2013, section
    12.3; Computing Krippendorff's Alpha-Reliability, 2011). `distance` (kinds, kinds) is the squared
    difference of two values. Undefined if no unit has two values, or if all values are the same.
    """
    totals = coincidence.sum(axis=-1)
    number = totals.sum(axis=-1)
    observed = (coincidence * distance).sum(axis=(-2, -1))
    pairs = ((totals @ distance) * totals).sum(axis=-1)
    return 1 - ratio(observed * (number - 1), pairs)


def cohen_kappa(table: Floats) -> Floats:
    """Cohen's kappa of tables (..., kinds, kinds) of what one said against what the other said.

    Chance is the product of each annotator's own shares (Cohen, Educational and Psychological Measurement
    20, 1960). Undefined if the table is empty, or if both always say the same one value.
    """
    number = table.sum(axis=(-2, -1))
    agreed = np.trace(table, axis1=-2, axis2=-1)
    chance = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1)
    return ratio(agreed * number - chance, number * number - chance)


def fleiss_rows(values: Ints, kinds: int) -> tuple[Floats, Ints]:
    """For units with a value by every annotator: the share of agreeing pairs, and the counts of values.

    `values` has shape (units, annotators), none missing; the counts have shape (units, kinds).
    """
    units, annotators = values.shape
    code = np.arange(units)[:, None] * kinds + values
    counts = np.bincount(code.ravel(), minlength=units * kinds).reshape(units, kinds)
    pairs = max(annotators * (annotators - 1), 1)
    return (counts * (counts - 1)).sum(axis=1) / pairs, counts


def fleiss_kappa(units: Floats, agreed: Floats, counts: Floats) -> Floats:
    """Fleiss' kappa from sums over units of `fleiss_rows`: the units, their shares, counts (..., kinds).

    Chance is the squared shares of the values of all annotators (Fleiss, Psychological Bulletin 76, 1971).
    Undefined if there is no unit, or if all values are the same.
    """
    total = counts.sum(axis=-1)
    chance = ratio((counts * counts).sum(axis=-1), total * total)
    return ratio(ratio(agreed, units) - chance, 1 - chance)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """`top / bottom`, NaN where the bottom is nothing."""
    top, bottom = np.broadcast_arrays(np.asarray(top, np.float64), np.asarray(bottom, np.float64))
    found: Floats = np.full(bottom.shape, np.nan)
    np.divide(top, bottom, out=found, where=np.abs(bottom) > 1e-12)
    return found
