"""Coefficients against those of krippendorff, statsmodels, scikit-learn and nltk, on 1,000 random tables."""

import warnings

import numpy as np
import pytest
from numpy.random import Generator

from annotator.agreement.coefficients import (
    alpha,
    cohen_kappa,
    coincidences,
    fleiss_kappa,
    fleiss_rows,
    nominal,
)
from annotator.agreement.columns import Floats, Ints

CASES = 1_000
NLTK_CASES = 20  # it takes a hundred times as long


@pytest.fixture(scope="module")
def cases() -> list[Ints]:
    """Tables of units by annotators: 2 to 6 annotators, 2 to 7 kinds, some of them rare, some missing."""
    random = np.random.default_rng(9)
    return [_case(random) for _ in range(CASES)]


def _case(random: Generator) -> Ints:
    annotators, units, kinds = random.integers(2, 7), random.integers(4, 40), random.integers(2, 8)
    right = random.choice(kinds, units, p=random.dirichlet(np.ones(kinds)))
    said = np.where(random.random((units, annotators)) < 0.7, right[:, None], 0)
    wrong = random.random((units, annotators)) < random.random()
    values = np.where(wrong, random.integers(0, kinds, (units, annotators)), said)
    values[0, :2] = 0, 1  # never undefined: two kinds in one unit
    if random.random() < 0.5:
        missing = random.random((units, annotators)) < 0.2
        missing[0] = False
        values[missing] = -1
    return values.astype(np.int64)


def complete(values: Ints) -> Ints:
    return values[(values >= 0).all(axis=1)]


def table_of(values: Ints, kinds: int) -> Floats:
    where = np.zeros(len(values), np.int64)
    return coincidences(values, kinds, article=where, articles=1).reshape(kinds, kinds)


def test_alpha_is_that_of_krippendorff(cases: list[Ints]) -> None:
    import krippendorff

    for values in cases:
        kinds = int(values.max()) + 1
        table = table_of(values, kinds)
        given = np.where(values < 0, np.nan, values).T
        for metric, distance in (
            ("nominal", nominal(kinds)),
            ("interval", (np.arange(kinds)[:, None] - np.arange(kinds)) ** 2.0),
        ):
            theirs = krippendorff.alpha(given, value_domain=list(range(kinds)), level_of_measurement=metric)
            assert float(alpha(table, distance)) == pytest.approx(theirs, abs=1e-9)


def test_alpha_is_that_of_nltk(cases: list[Ints]) -> None:
    from nltk.metrics.agreement import AnnotationTask

    for values in cases[:NLTK_CASES]:
        kinds = int(values.max()) + 1
        rows = [
            (f"annotator {n}", f"unit {unit}", int(value))
            for unit, row in enumerate(values)
            for n, value in enumerate(row)
            if value >= 0
        ]
        theirs = AnnotationTask(rows).alpha()
        assert float(alpha(table_of(values, kinds), nominal(kinds))) == pytest.approx(theirs, abs=1e-9)


def test_cohen_kappa_is_that_of_scikit_learn(cases: list[Ints]) -> None:
    from sklearn.metrics import cohen_kappa_score

    for values in cases:
        both = complete(values[:, :2])
        kinds = int(values.max()) + 1
        counts = np.bincount(both[:, 0] * kinds + both[:, 1], minlength=kinds * kinds).reshape(kinds, kinds)
        ours = float(cohen_kappa(counts.astype(np.float64)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where it is undefined
            theirs = cohen_kappa_score(both[:, 0], both[:, 1])
        assert ours == pytest.approx(theirs, abs=1e-9, nan_ok=True)


def test_fleiss_kappa_is_that_of_statsmodels(cases: list[Ints]) -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa as theirs

    for values in cases:
        units, kinds = complete(values), int(values.max()) + 1
        share, counts = fleiss_rows(units, kinds)
        ours = fleiss_kappa(np.array(float(len(units))), share.sum(), counts.sum(axis=0).astype(np.float64))
        assert float(ours) == pytest.approx(theirs(counts), abs=1e-9, nan_ok=True)


def test_what_is_undefined_is_not_a_number() -> None:
    assert np.isnan(alpha(np.zeros((3, 3)), nominal(3)))
    assert np.isnan(alpha(np.diag([8.0, 0, 0]), nominal(3)))
    assert np.isnan(cohen_kappa(np.diag([8.0, 0])))
    assert np.isnan(fleiss_kappa(np.array(2.0), np.array(2.0), np.array([6.0, 0])))
