"""Percentile intervals of ratios by resampling articles (Efron and Tibshirani 1993, chapter 13)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.domain.frozen import frozen

RESAMPLES = 1_000
LEVEL = 0.95
_AT_ONCE = 4_000_000  # numbers of a block of resamples: 32 MB


@frozen
class Interval:
    """`low` and `high` are inclusive; both None when there is none, and `why` says the reason."""

    low: float | None
    high: float | None
    why: str = ""


def intervals(
    tops: Sequence[Sequence[int]],
    bottoms: Sequence[Sequence[int]],
    *,
    seed: int,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> list[Interval]:
    """The interval of each ratio `sum of tops / sum of bottoms` over articles drawn with replacement.

    Both have a row for each article and a column for each ratio. Resamples in which a ratio is 0/0 say
    nothing about it and are left out.
    """
    upper, lower = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    columns = upper.shape[1] if upper.ndim == 2 else 0
    if len(upper) < 2:
        why = "one article alone says nothing about others" if len(upper) else "no article was compared"
        return [Interval(None, None, why)] * columns
    drawn = _ratios(upper, lower, seed=seed, resamples=resamples)
    return [_interval(drawn[:, column], level) for column in range(columns)]


def _ratios(
    upper: NDArray[np.float64], lower: NDArray[np.float64], *, seed: int, resamples: int
) -> NDArray[np.float64]:
    """Of shape (resamples, ratios); NaN for 0/0."""
    articles = len(upper)
    random = np.random.default_rng(seed)
    block = max(1, _AT_ONCE // articles)
    found = []
    for first in range(0, resamples, block):
        drawn = random.integers(articles, size=(min(block, resamples - first), articles))
        rows = np.arange(len(drawn))[:, None] * articles
        times = np.bincount((drawn + rows).ravel(), minlength=drawn.size).reshape(drawn.shape)
        below = times @ lower
        found.append(np.divide(times @ upper, below, out=np.full_like(below, np.nan), where=below > 0))
    return np.concatenate(found)


def _interval(drawn: NDArray[np.float64], level: float) -> Interval:
    defined = drawn[~np.isnan(drawn)]
    if not len(defined):
        return Interval(None, None, "there is nothing to divide by")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
