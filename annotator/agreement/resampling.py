"""Intervals by resampling articles, where one changed article costs no new resampling.

Poisson bootstrap (Hanley and MacGibbon, Computer Methods and Programs in Biomedicine 83, 2006): in each
resample an article occurs as often as a Poisson variable of mean 1 says. Its draws depend on the seed and
the article alone, so neither the order of articles nor new ones change what was drawn for the others.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.agreement.bootstrap import LEVEL, Interval
from annotator.agreement.columns import Floats
from annotator.domain.frozen import frozen

_AT_ONCE = 2_000  # articles whose draws are floats at a time

NO_ARTICLE = "no article was finished by two"
ONE_ARTICLE = "one article alone says nothing about others"


@frozen
class Draws:
    """How often each article occurs: `times` (articles, resamples). `place` (articles,): random, 0 to 1."""

    times: NDArray[np.uint8]
    place: Floats

    @classmethod
    def of(cls, articles: Sequence[int], *, seed: int, resamples: int) -> "Draws":
        """Of articles by their ids, in their order."""
        times = np.zeros((len(articles), resamples), np.uint8)
        place = np.zeros(len(articles))
        for at, article in enumerate(articles):
            random = np.random.default_rng((seed, article))
            place[at] = random.random()
            times[at] = random.poisson(1.0, resamples)
        return cls(times, place)

    def sums(self, rows: Floats) -> Floats:
        """The sums over the articles of each resample, of rows (articles, columns): (resamples, columns)."""
        found = np.zeros((self.times.shape[1], rows.shape[1]))
        for first in range(0, len(rows), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            found += self.times[part].T.astype(np.float64) @ rows[part]
        return found


def percentiles(values: Floats, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The percentile interval (Efron and Tibshirani 1993, chapter 13) of each column of (resamples, columns).

    Resamples for which a value is undefined say nothing about it and are left out. NaN if none is left.
    """
    ordered = np.sort(values.T, axis=1)  # undefined ones last
    defined = (~np.isnan(ordered)).sum(axis=1)
    low, high = (_at(ordered, defined, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return low, high


def interval(low: float, high: float, articles: int) -> Interval:
    """An interval, or why there is none."""
    if articles < 2:
        return Interval(None, None, ONE_ARTICLE if articles else NO_ARTICLE)
    if np.isnan(low):
        return Interval(None, None, "it is undefined in every resample")
    return Interval(float(low), float(high))


def _at(ordered: Floats, defined: NDArray[np.int64], share: float) -> Floats:
    """Between neighbours in proportion, as `numpy.quantile` does."""
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan)
    place = share * np.maximum(defined - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(defined - 1, 0))
    rows = np.arange(len(ordered))
    found: Floats = ordered[rows, below] + (place - below) * (ordered[rows, above] - ordered[rows, below])
    return found
