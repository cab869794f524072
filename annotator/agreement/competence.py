"""What each annotator is worth and what is probably right, from repeated answers alone.

Both models see units with a value by each annotator, ABSENT being one. Equal units are counted once with
how often they occur, so the cost is that of the different answers.
"""

import numpy as np

from annotator.agreement.columns import NONE, Floats, Ints
from annotator.domain.frozen import frozen

FEWEST_ANNOTATORS = 3
FEWEST_UNITS = 50
_CLOSE = 1e-7
_RESTARTS = 10
_SMOOTHED = 0.01
_LARGE = 1 << 40


@frozen
class Answers:
    """Different rows of answers, shape (rows, annotators), each 0 to kinds - 1 or `NONE`; how often each."""

    rows: Ints
    times: Floats
    kinds: int

    @classmethod
    def of(cls, values: Ints, kinds: int) -> "Answers":
        """Of units, shape (units, annotators); those with fewer than two answers say nothing."""
        values = values[(values != NONE).sum(axis=1) > 1]
        code = np.zeros(len(values), np.int64)
        for column in values.T:
            if code.max(initial=0) > _LARGE:
                code = np.unique(code, return_inverse=True)[1]
            code = code * (kinds + 1) + column + 1
        _, first, times = np.unique(code, return_index=True, return_counts=True)
        return cls(values[first], times.astype(np.float64), kinds)

    def why_not(self) -> str:
        """Why there is too little to estimate from; "" if there is enough."""
        if self.rows.shape[1] < FEWEST_ANNOTATORS:
            return f"it needs {FEWEST_ANNOTATORS} annotators"
        if self.times.sum() < FEWEST_UNITS:
            return f"it needs {FEWEST_UNITS} shared units"
        return ""

    @property
    def given(self) -> Floats:
        """Each answer as a row of one 1, or of zeros if there is none: (rows, annotators, kinds)."""
        given: Floats = (self.rows[:, :, None] == np.arange(self.kinds)).astype(np.float64)
        return given


@frozen
class Estimate:
    """`worth` of each annotator, 0 to 1; `right` (rows, kinds): how probable each value is of each row.

    `errors` (annotators, kinds, kinds): the probabilities of what each answers (columns) where something is
    right (rows); `shares` (kinds,): how often each value is right. `likelihood` is the logarithm.
    """

    worth: Floats
    right: Floats
    errors: Floats
    shares: Floats
    likelihood: float


def dawid_skene(answers: Answers) -> Estimate:
    """Dawid and Skene, Applied Statistics 28, 1979: EM from the shares of votes, to the nearest optimum.

    The worth of an annotator is the probability of an answer being right. A hundredth of an answer is
    added to each cell, so that nothing is impossible because it was not seen.
    """
    given = answers.given
    right = given.sum(axis=1)
    right /= right.sum(axis=1, keepdims=True)
    before = -np.inf
    while True:
        weighted = right * answers.times[:, None]
        shares = weighted.sum(axis=0) + _SMOOTHED
        shares /= shares.sum()
        errors = np.einsum("rt,rak->atk", weighted, given) + _SMOOTHED
        errors /= errors.sum(axis=2, keepdims=True)
        right, likelihood = _posterior(answers, np.einsum("rak,atk->rt", given, np.log(errors)), shares)
        if likelihood - before < _CLOSE * abs(likelihood):
            break
        before = likelihood
    worth = np.einsum("t,att->a", shares, errors)
    return Estimate(worth, right, errors, shares, likelihood)


def mace(answers: Answers, *, seed: int) -> Estimate:
    """Hovy, Berg-Kirkpatrick, Vaswani and Hovy, NAACL 2013: an annotator knows, or guesses in a manner of
    their own, whatever is right.

    EM, the best of ten starts drawn by the seed; all values are as probable beforehand. The worth of an
    annotator is the probability of knowing.
    """
    random = np.random.default_rng(seed)
    given = answers.given
    best: Estimate | None = None
    for _ in range(_RESTARTS):
        knows = random.uniform(0.3, 0.9, size=given.shape[1:2])
        guess = random.dirichlet(np.ones(answers.kinds), given.shape[1])
        found = _mace_from(answers, given, knows, guess)
        if best is None or found.likelihood > best.likelihood + _CLOSE * abs(best.likelihood):
            best = found
    assert best is not None
    return best


def _mace_from(answers: Answers, given: Floats, knows: Floats, guess: Floats) -> Estimate:
    kinds = answers.kinds
    shares = np.full(kinds, 1 / kinds)
    before = -np.inf
    while True:
        errors = knows[:, None, None] * np.eye(kinds) + (1 - knows)[:, None, None] * guess[:, None, :]
        right, likelihood = _posterior(answers, np.einsum("rak,atk->rt", given, np.log(errors)), shares)
        if likelihood - before < _CLOSE * abs(likelihood):
            break
        before = likelihood
        weighted = right * answers.times[:, None]
        agrees = np.einsum("rt,rat->at", weighted, given)  # answers k where k is right
        known = agrees * knows[:, None] / np.einsum("att->at", errors)
        guessed = np.einsum("r,rak->ak", answers.times, given) - known + _SMOOTHED
        knows = (known.sum(axis=1) + _SMOOTHED) / (known + guessed + _SMOOTHED / kinds).sum(axis=1)
        guess = guessed / guessed.sum(axis=1, keepdims=True)
    return Estimate(knows, right, errors, shares, likelihood)


def _posterior(answers: Answers, said: Floats, shares: Floats) -> tuple[Floats, float]:
    """How probable each value is of each row, and the logarithm of the likelihood of all."""
    joint = said + np.log(shares)
    most = joint.max(axis=1, keepdims=True)
    each = np.exp(joint - most)
    total = each.sum(axis=1, keepdims=True)
    likelihood = float(answers.times @ (np.log(total) + most)[:, 0])
    return each / total, likelihood
