"""Whether seeing suggestions sways: a difference of two shares, with an interval over articles."""

from collections.abc import Mapping, Sequence

import numpy as np

from annotator.agreement.bootstrap import RESAMPLES
from annotator.agreement.columns import Floats
from annotator.agreement.resampling import Draws, interval, percentiles
from annotator.agreement.scores import SEED, Figure


def difference_of_shares(
    counts: Mapping[int, Sequence[int]], *, seed: int = SEED, resamples: int = RESAMPLES
) -> Figure:
    """P(kept | shown) - P(kept | hidden), of counts by article: shown, kept of those, hidden, kept of those.

    There must be some of both. Resamples that have none of one kind say nothing and are left out.
    """
    ids = sorted(counts)
    rows = np.array([counts[each] for each in ids], np.float64)
    draws = Draws.of(ids, seed=seed, resamples=resamples)
    low, high = percentiles(_differences(draws.sums(rows))[:, None])
    value = float(_differences(rows.sum(axis=0)[None, :])[0])
    return Figure(value, interval(float(low[0]), float(high[0]), len(ids)))


def _differences(sums: Floats) -> Floats:
    """Of sums (..., 4); NaN for 0/0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = sums[:, 1] / sums[:, 0] - sums[:, 3] / sums[:, 2]
    return found
