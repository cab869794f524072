"""Competence: both models find who is right, on answers drawn from the models themselves."""

import numpy as np
import pytest

from annotator.agreement.columns import Ints
from annotator.agreement.competence import Answers, dawid_skene, mace

KINDS = 4


def answers(knows: tuple[float, ...], units: int = 4_000) -> tuple[Ints, Ints]:
    """`(right, answers)` of annotators who know with these probabilities, and guess otherwise."""
    random = np.random.default_rng(3)
    right = random.choice(KINDS, units, p=[0.4, 0.3, 0.2, 0.1])
    guess = random.integers(0, KINDS, (units, len(knows)))
    known = random.random((units, len(knows))) < knows
    return right, np.where(known, right[:, None], guess).astype(np.int64)


def test_mace_finds_how_often_each_knows() -> None:
    knows = (0.9, 0.7, 0.3, 0.5)
    _, said = answers(knows)
    found = mace(Answers.of(said, KINDS), seed=1)
    assert found.worth.tolist() == pytest.approx(knows, abs=0.05)


def test_dawid_and_skene_find_how_often_each_is_right() -> None:
    knows = (0.9, 0.7, 0.3, 0.5)
    _, said = answers(knows)
    found = dawid_skene(Answers.of(said, KINDS))
    assert found.worth.tolist() == pytest.approx([know + (1 - know) / KINDS for know in knows], abs=0.05)
    assert found.shares.tolist() == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.03)


def test_both_are_right_more_often_than_the_majority() -> None:
    right, said = answers((0.95, 0.3, 0.3, 0.3))
    counts = (said[:, :, None] == np.arange(KINDS)).sum(axis=1)
    majority = (counts.argmax(axis=1) == right).mean()
    given = Answers.of(said, KINDS)
    for found in (dawid_skene(given), mace(given, seed=1)):
        probable = {
            tuple(row): int(each.argmax()) for row, each in zip(given.rows.tolist(), found.right, strict=True)
        }
        ours = np.mean(
            [probable[tuple(row)] == truth for row, truth in zip(said.tolist(), right, strict=True)]
        )
        assert ours > majority + 0.1


def test_equal_rows_are_counted_once() -> None:
    given = Answers.of(np.array([[0, 1, 0], [0, 1, 0], [2, -1, -1], [1, 1, -1]]), KINDS)
    assert given.rows.tolist() == [[0, 1, 0], [1, 1, -1]]
    assert given.times.tolist() == [2.0, 1.0]


def test_rows_of_twenty_annotators_are_told_apart() -> None:
    values = np.random.default_rng(1).integers(0, 9, (50, 20))
    given = Answers.of(np.concatenate((values, values)), 9)
    assert sorted(given.rows.tolist()) == sorted(values.tolist())
    assert set(given.times.tolist()) == {2.0}


def test_too_few_annotators_or_units_say_so() -> None:
    two = Answers.of(np.zeros((80, 2), np.int64), KINDS)
    few = Answers.of(np.zeros((49, 3), np.int64), KINDS)
    assert two.why_not() == "it needs 3 annotators"
    assert few.why_not() == "it needs 50 shared units"
    assert Answers.of(np.zeros((50, 3), np.int64), KINDS).why_not() == ""


def test_the_order_of_annotators_only_moves_their_worth() -> None:
    _, said = answers((0.9, 0.7, 0.3), units=300)
    order = [2, 0, 1]
    before = dawid_skene(Answers.of(said, KINDS)).worth
    after = dawid_skene(Answers.of(said[:, order], KINDS)).worth
    assert after.tolist() == pytest.approx(before[order].tolist(), abs=1e-6)
