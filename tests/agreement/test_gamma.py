"""Gamma: the best alignment is the best, and shuffled articles are drawn as the paper says."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given as cases
from hypothesis import settings

from annotator.agreement.columns import Articles, Marks
from annotator.agreement.gamma import disorders
from tests.agreement.several import given, one_article, seeds

Unit = tuple[int, int, int]


def dissimilarity(one: Unit, other: Unit) -> float:
    """Mathet, Widlöcher and Métivier 2015, sections 4.2 to 4.4, with an empty unit at 1."""
    apart = abs(one[0] - other[0]) + abs(one[1] - other[1])
    return (apart / (one[1] - one[0] + other[1] - other[0])) ** 2 + (one[2] != other[2])


def least(one: list[Unit], other: list[Unit]) -> float:
    """The cost of the best alignment, by trying all."""
    if len(one) > len(other):
        one, other = other, one
    best = np.inf
    for order in permutations(range(len(other)), len(one)):
        cost = len(other) - len(one)
        best = min(
            best, cost + sum(min(2.0, dissimilarity(u, other[n])) for u, n in zip(one, order, strict=True))
        )
    return float(best)


def two(one: list[Unit], other: list[Unit], length: int) -> tuple[Articles, Marks]:
    rows = [(0, who, *unit) for who, mine in enumerate((one, other)) for unit in mine]
    return Articles.of([length], [[True, True]], 2), Marks.of(list(zip(*rows, strict=True)))


@pytest.mark.parametrize(
    ("other", "cost"),
    [
        ((10, 20, 0), 0.0),
        ((10, 20, 1), 1.0),
        ((12, 22, 0), (4 / 20) ** 2),
        ((15, 25, 1), (10 / 20) ** 2 + 1),
        ((10, 30, 0), (10 / 30) ** 2),
        ((60, 70, 0), 2.0),  # each alone costs 1
    ],
)
def test_the_disorder_of_two_units(other: Unit, cost: float) -> None:
    observed, _ = disorders(*two([(10, 20, 0)], [other], 100), seeds=np.array([1]))
    assert observed[0, 0] == pytest.approx(cost)


@settings(max_examples=40)
@cases(seeds())
def test_no_alignment_costs_less(seed: int) -> None:
    random = np.random.default_rng(seed)
    sides = [
        [
            (int(at), int(at + long), int(kind))
            for at, long, kind in random.integers((0, 3, 0), (25, 12, 2), (n, 3))
        ]
        for n in random.integers(1, 6, 2)
    ]
    observed, _ = disorders(*two(*sides, 60), seeds=np.array([1]))
    assert observed[0, 0] == pytest.approx(least(*sides), abs=1e-6)


def test_an_article_alone_has_the_same_disorder_as_among_others() -> None:
    work = given(6, articles=5)
    seeds = np.arange(5) * 7
    observed, expected = disorders(work.articles, work.entities, seeds=seeds)
    for at in range(5):
        one = one_article(work, at)
        alone = disorders(one.articles, one.entities, seeds=seeds[at : at + 1])
        assert observed[at].tolist() == pytest.approx(alone[0][0].tolist())
        assert expected[at].tolist() == pytest.approx(alone[1][0].tolist())


def test_the_seed_decides_what_is_drawn() -> None:
    work = given(6, articles=2)
    expected = [disorders(work.articles, work.entities, seeds=np.array([n, 9]))[1] for n in (4, 4, 5)]
    assert (expected[0] == expected[1]).all()
    assert (expected[0][0] != expected[2][0]).any()
    assert (expected[0][1] == expected[2][1]).all()


def test_nothing_is_counted_where_one_has_not_finished() -> None:
    work = given(6, articles=1)
    articles = Articles(work.articles.lengths, np.array([[True, True, False]]))
    observed, expected = disorders(articles, work.entities, seeds=np.array([1]))
    assert (observed[0] > 0).tolist() == (expected[0] > 0).tolist() == [True, False, False]
