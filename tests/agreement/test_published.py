"""Worked examples that were published, each to the precision it was printed with, and where it stands."""

from collections.abc import Callable

import numpy as np
import pytest

from annotator.agreement.characters import character_coincidences
from annotator.agreement.coefficients import (
    alpha,
    cohen_kappa,
    coincidences,
    fleiss_kappa,
    fleiss_rows,
    nominal,
    polarity_distance,
)
from annotator.agreement.columns import Articles, Floats, Ints, Marks, laid_out
from annotator.agreement.unitizing import alpha_u, unit_lengths, unitizing_rows, units_of

# Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011: sections A, B and C; * is missing.
BINARY = ["0100000010", "1110010000"]
FIVE_VALUES = ["aabbdcccedda", "babbbccceddd"]
FOUR_OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
]
THREE_CODERS = [
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
]
MULTIPLE = ["aabbbbbccccc", "abbbbbcccccc"]
# Hayes and Krippendorff, Communication Methods and Measures 1, 2007, p. 84: 40 units of 5 observers.
FIVE_OBSERVERS = """
    112*2 1101* 2333* *00*0 000*0 000*0 102*1 1*20* 222*2 2111* *100* 0000* 1222* 33223 111*1 111*1 212*2
    1233* 1101* 000*0 0011* 00*00 2333* 0000* 12*22 0111* 00010 1212* 1122* 112*2 110*0 2121* 22*22 3222*
    222*2 223*2 222*2 22*12 2222* 111*1
"""


def units(observers: list[str]) -> Ints:
    """Values by unit and observer, numbered in their order, -1 where missing."""
    rows = [row.split() if " " in row else list(row) for row in observers]
    values = sorted({value for row in rows for value in row} - {"*"})
    return np.array([[values.index(each) if each != "*" else -1 for each in row] for row in rows]).T


def table_of(values: Ints) -> Floats:
    kinds = int(values.max()) + 1
    articles = np.zeros(len(values), np.int64)
    return coincidences(values, kinds, article=articles, articles=1).reshape(kinds, kinds)


def ordinal(table: Floats) -> Floats:
    """The squared ordinal difference (Krippendorff 2011, section D), which depends on the data."""
    totals = table.sum(axis=0)
    between = np.cumsum(totals)[None, :] - np.cumsum(totals)[:, None] - (totals - totals[:, None]) / 2
    return between**2


def interval(table: Floats) -> Floats:
    at = np.arange(len(table))
    return (at[:, None] - at[None, :]) ** 2.0


def ratio_scale(table: Floats) -> Floats:
    at = np.arange(1, len(table) + 1)
    return ((at[:, None] - at[None, :]) / (at[:, None] + at[None, :])) ** 2


def plain(table: Floats) -> Floats:
    return nominal(len(table))


@pytest.mark.parametrize(
    ("observers", "distance", "printed"),
    [
        pytest.param(BINARY, plain, 0.095, id="Krippendorff 2011, B: two observers, binary"),
        pytest.param(FIVE_VALUES, plain, 0.692, id="Krippendorff 2011, B: two observers, nominal"),
        pytest.param(FOUR_OBSERVERS, plain, 0.743, id="Krippendorff 2011, C: missing data, nominal"),
        pytest.param(FOUR_OBSERVERS, ordinal, 0.815, id="Krippendorff 2011, D: ordinal"),
        pytest.param(FOUR_OBSERVERS, interval, 0.849, id="Krippendorff 2011, D: interval"),
        pytest.param(FOUR_OBSERVERS, ratio_scale, 0.797, id="Krippendorff 2011, D: ratio"),
        pytest.param(MULTIPLE, plain, 0.734, id="Krippendorff 2004, p. 227"),
        pytest.param(THREE_CODERS, plain, 0.691, id="Wikipedia, Krippendorff's alpha: nominal"),
        pytest.param(THREE_CODERS, interval, 0.811, id="Wikipedia, Krippendorff's alpha: interval"),
    ],
)
def test_alpha(observers: list[str], distance: Callable[[Floats], Floats], printed: float) -> None:
    table = table_of(units(observers))
    assert round(float(alpha(table, distance(table))), 3) == printed


def test_ordinal_alpha_of_five_observers() -> None:
    rows = FIVE_OBSERVERS.split()
    assert len(rows) == 40
    table = table_of(units(["".join(row[n] for row in rows) for n in range(5)]))
    assert round(float(alpha(table, ordinal(table))), 4) == 0.7598  # Hayes and Krippendorff 2007, p. 86


# Artstein and Poesio, Computational Linguistics 34, 2008, pp. 558 and 568: statements, requests, checks.
STATEMENTS = [[20, 20], [10, 50]]
WITH_CHECKS = [[46, 6, 0], [0, 32, 0], [0, 6, 10]]
ZWICK = [  # Zwick, Psychological Bulletin 103, 1988, p. 376
    [[20, 0, 0, 5], [0, 10, 15, 0], [0, 15, 10, 0], [5, 0, 0, 20]],
    [[20, 10, 10, 0], [10, 10, 0, 0], [10, 0, 10, 0], [0, 0, 0, 20]],
    [[20, 5, 5, 10], [0, 10, 5, 5], [0, 5, 10, 5], [0, 0, 0, 20]],
]


@pytest.mark.parametrize(
    ("table", "printed"),
    [
        pytest.param([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492, id="Cohen 1960, p. 45"),
        pytest.param(STATEMENTS, 0.348, id="Artstein and Poesio 2008, p. 558"),
        pytest.param(WITH_CHECKS, 0.8013, id="Artstein and Poesio 2008, p. 568"),
        pytest.param(ZWICK[0], 0.467, id="Zwick 1988, p. 376: equal margins"),
        pytest.param(ZWICK[1], 0.444, id="Zwick 1988, p. 376: other equal margins"),
        pytest.param(ZWICK[2], 0.474, id="Zwick 1988, p. 376: unequal margins"),
        pytest.param([[12, 9, 9], [9, 14, 9], [9, 9, 20]], 0.186, id="Krippendorff 2004, p. 246: a"),
        pytest.param([[12, 18, 18], [0, 14, 18], [0, 0, 20]], 0.258, id="Krippendorff 2004, p. 246: b"),
        pytest.param([[40, 9], [6, 45]], 0.70, id="Feinstein and Cicchetti 1990: balanced"),
        pytest.param([[80, 10], [5, 5]], 0.32, id="Feinstein and Cicchetti 1990: first paradox"),
        pytest.param([[45, 15], [25, 15]], 0.13, id="Feinstein and Cicchetti 1990: symmetric"),
        pytest.param([[25, 35], [5, 35]], 0.26, id="Feinstein and Cicchetti 1990: second paradox"),
        pytest.param([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.68, id="Fleiss, Levin and Paik 2003, p. 599"),
        pytest.param([[15, 5], [10, 70]], 0.57, id="Viera and Garrett 2005, p. 361"),
    ],
)
def test_cohen_kappa(table: list[list[int]], printed: float) -> None:
    digits = len(str(printed)) - 2
    assert round(float(cohen_kappa(np.array(table, np.float64))), digits) == pytest.approx(printed)


def both_ways(table: list[list[int]]) -> Floats:
    """The coincidences of two annotators' table."""
    return np.array(table, np.float64) + np.array(table, np.float64).T


def test_alpha_weighted_as_stances_are() -> None:
    """Artstein and Poesio 2008, p. 574: two kinds differ by 1, a third from both by a half."""
    distance = polarity_distance(("FAVOR", "AGAINST", "NEUTRAL"))[:3, :3]
    assert distance.tolist() == [[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]]
    assert round(float(alpha(both_ways(WITH_CHECKS), distance)), 4) == 0.8156


# Fleiss, Psychological Bulletin 76, 1971, table 1: how many of six psychiatrists gave each of 30 patients a
# depression, personality disorder, schizophrenia, neurosis, or other diagnosis.
PATIENTS = """
    00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
    00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Wikipedia, Fleiss' kappa: ten subjects, fourteen raters, five categories.
SUBJECTS = """
    0,0,0,0,14 0,2,6,4,2 0,0,3,5,6 0,3,9,2,0 2,2,8,1,1 7,7,0,0,0 3,2,6,3,0 2,5,3,2,2 6,5,2,1,0 0,2,2,3,7
"""


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        pytest.param([list(map(int, row)) for row in PATIENTS.split()], 0.430, id="Fleiss 1971"),
        pytest.param([list(map(int, row.split(","))) for row in SUBJECTS.split()], 0.210, id="Wikipedia"),
    ],
)
def test_fleiss_kappa(counts: list[list[int]], printed: float) -> None:
    values = np.array([np.repeat(np.arange(5), row) for row in counts])
    share, each = fleiss_rows(values, 5)
    kappa = fleiss_kappa(np.array(len(values), np.float64), share.sum(), each.sum(axis=0).astype(np.float64))
    assert round(float(kappa), 3) == printed


def continuum(length: int, *observers: list[tuple[int, int, int]]) -> tuple[Articles, Marks]:
    """One article of two or more observers, whose units are (start, length, label)."""
    rows = [
        (0, who, start, start + long, label)
        for who, mine in enumerate(observers)
        for start, long, label in mine
    ]
    finished = np.ones((1, len(observers)), np.bool_)
    return Articles(np.array([length]), finished), Marks.of(list(zip(*rows, strict=True)))


def unitizing(articles: Articles, marks: Marks, labels: int) -> list[float]:
    """Alpha for unitising of each label, then of all."""
    found = units_of(laid_out(articles, marks))
    lengths = unit_lengths(found)
    return alpha_u(unitizing_rows(articles, found, lengths, labels).sum(axis=0), lengths, labels).tolist()


def test_alpha_for_unitizing_of_two_categories() -> None:
    """Krippendorff, Content Analysis, 2004, p. 254: a continuum of 300 from 150 on, categories c and k."""
    one = [(225 - 150, 70, 0), (370 - 150, 30, 0), (180 - 150, 60, 1), (300 - 150, 50, 1)]
    other = [
        (220 - 150, 80, 0),
        (355 - 150, 20, 0),
        (400 - 150, 20, 0),
        (180 - 150, 60, 1),
        (300 - 150, 50, 1),
    ]
    c, k, both = unitizing(*continuum(300, one, other), 2)
    assert round(c, 4) == 0.7286
    assert round(k, 4) == 1.0
    assert both == pytest.approx(0.8591, abs=5e-4)  # printed from the rounded .0144 and .1022
    articles, marks = continuum(300, one, other)
    rows = unitizing_rows(
        articles, units_of(laid_out(articles, marks)), np.array([20, 30, 50, 60, 70, 80]), 2
    )
    observed = rows[0, 1] / (2 * 300**2)
    assert round(observed, 4) == 0.0144


# Krippendorff, Sociological Methodology 25, 1995, p. 57: two of the pairs of observers of 24 positions. (The
# expected disagreement of 2004, which is ours, has another denominator than was printed for the other two.)
BERTHA_AND_BILL = [(2, 8), (14, 6)], [(4, 4), (15, 2)]
HEATHER_AND_HILL = [(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]


@pytest.mark.parametrize(("observers", "printed"), [(BERTHA_AND_BILL, 0.553), (HEATHER_AND_HILL, 0.066)])
def test_alpha_for_unitizing_of_a_line_without_grain(
    observers: tuple[list[tuple[int, int]], ...], printed: float
) -> None:
    """Printed for the limit of ever finer positions: 24 stretched to 1,200,000."""
    fine = [[(start * 50_000, long * 50_000, 0) for start, long in mine] for mine in observers]
    assert round(unitizing(*continuum(1_200_000, *fine), 1)[0], 3) == printed


def test_alpha_of_characters() -> None:
    """Krippendorff 1995, p. 54: the same observers A, position by position."""
    articles, marks = continuum(24, *([(*each, 0) for each in mine] for mine in BERTHA_AND_BILL))
    table = character_coincidences(articles, laid_out(articles, marks), 1).reshape(2, 2)
    assert round(float(alpha(table, nominal(2))), 3) == 0.329
