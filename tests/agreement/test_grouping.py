"""Groups of several annotators' marks: optimal, the same in every order, and typed for what differs."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from annotator.agreement.assignment import assigned
from annotator.agreement.columns import Articles, Marks, laid_out, overlaps
from annotator.agreement.grouping import Differs, Groups
from annotator.agreement.measures import Aligned
from annotator.agreement.pairing import paired, scores
from tests.agreement.several import given, of_annotators, seeds, shuffled

FAVOR, AGAINST, NEUTRAL = range(3)


def groups_of(
    *annotators: list[tuple[int, ...]], stances: bool = False, finished: list[bool] | None = None
) -> Groups:
    """Of one article; entities are (start, end, label), stances have starts and ends of both parts behind."""
    rows = [(0, who, *mark) for who, mine in enumerate(annotators) for mark in mine]
    articles = Articles.of([100], [finished or [True] * len(annotators)], len(annotators))
    columns = list(zip(*rows, strict=True))
    parts, sentence = None, None
    if stances:
        parts = [[row[5], row[6], -1, row[7], row[8], -1] for row in rows]
        sentence = [0] * len(rows)
    marks = Marks.of(columns[:5], parts, sentence)
    return Aligned.of(articles, marks, labels=3, neutral=NEUTRAL if stances else -1).groups


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ([(3, 9, 0)], [(3, 9, 0)], [Differs(0)]),
        ([(3, 9, 0)], [(3, 9, 1)], [Differs.LABEL]),
        ([(3, 9, 0)], [(5, 9, 0)], [Differs.BOUNDARY]),
        ([(3, 9, 0)], [(5, 9, 1)], [Differs.BOUNDARY | Differs.LABEL]),
        ([(3, 9, 0)], [], [Differs.MISSING]),
        ([(3, 9, 0)], [(9, 12, 0)], [Differs.MISSING, Differs.MISSING]),
        ([(3, 9, 0)], [(3, 9, 1), (3, 8, 0)], [Differs.MISSING, Differs.LABEL]),
    ],
)
def test_what_two_entities_differ_in(
    one: list[tuple[int, ...]], other: list[tuple[int, ...]], differs: list[Differs]
) -> None:
    for sides in ((one, other), (other, one)):
        assert groups_of(*sides).differs.tolist() == [int(each) for each in differs]


STANCE = (10, 20, FAVOR, 0, 5, 30, 40)


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ((10, 20, FAVOR, 4, 8, 30, 40), Differs(0)),  # holders overlap
        ((12, 20, FAVOR, 0, 5, 30, 40), Differs.BOUNDARY),
        ((10, 20, AGAINST, 0, 5, 30, 40), Differs.FLIP),
        ((10, 20, NEUTRAL, 0, 5, 30, 40), Differs.STRENGTH),
        ((10, 20, FAVOR, 5, 8, 30, 40), Differs.HOLDER),
        ((10, 20, FAVOR, -1, -1, 30, 40), Differs.HOLDER),
        ((14, 20, AGAINST, 5, 8, 41, 44), Differs.BOUNDARY | Differs.FLIP | Differs.HOLDER | Differs.TARGET),
        ((22, 29, FAVOR, 0, 5, 30, 40), Differs.BOUNDARY),  # same sentence, holder and target
    ],
)
def test_what_two_stances_differ_in(other: tuple[int, ...], differs: Differs) -> None:
    assert groups_of([STANCE], [other], stances=True).differs.tolist() == [int(differs)]
    assert groups_of([other], [STANCE], stances=True).differs.tolist() == [int(differs)]


def test_evidence_elsewhere_with_another_target_is_no_pair() -> None:
    assert len(groups_of([STANCE], [(22, 29, FAVOR, 0, 5, 50, 60)], stances=True)) == 2


def test_an_article_that_is_not_finished_is_never_missing_a_mark() -> None:
    groups = groups_of([(3, 9, 0)], [(3, 9, 0)], [], finished=[True, True, False])
    assert groups.differs.tolist() == [0]
    assert groups.values.tolist() == [[0, 0, -1]]


def test_a_group_has_one_mark_of_each_annotator_at_most() -> None:
    groups = groups_of([(0, 10, 0)], [(1, 10, 0), (0, 9, 1)], [(0, 10, 1)])
    assert (groups.member >= 0).tolist() == [[False, True, True], [True, True, False]]  # nearest joined first


def test_twenty_annotators_make_one_group() -> None:
    groups = groups_of(*([(3 + n % 3, 9, 0)] for n in range(20)))
    assert len(groups) == 1
    assert groups.differs.tolist() == [int(Differs.BOUNDARY)]


@settings(max_examples=30)
@cases(seeds(), st.booleans())
def test_neither_the_order_of_marks_nor_of_annotators_matters(seed: int, stances: bool) -> None:
    work = given(seed, annotators=4, articles=3, wrong=0.5, finished=0.9)
    random = np.random.default_rng(seed)
    order = random.permutation(4)
    turned = of_annotators(work, order)
    found = []
    for each in (work, turned):
        marks = shuffled(each.stances if stances else each.entities, random)
        groups = Aligned.of(each.articles, marks, labels=3, neutral=2).groups
        found.append(groups)
    before, after = found
    assert before.article.tolist() == after.article.tolist()
    assert before.differs.tolist() == after.differs.tolist()
    assert before.values[:, order].tolist() == after.values.tolist()


@settings(max_examples=30)
@cases(seeds(), st.booleans())
def test_every_mark_of_a_finished_article_is_in_one_group(seed: int, stances: bool) -> None:
    work = given(seed, annotators=4, articles=3, wrong=0.6, finished=0.7)
    marks = work.stances if stances else work.entities
    aligned = Aligned.of(work.articles, marks, labels=3, neutral=2)
    rows = aligned.groups.member[aligned.groups.member >= 0]
    assert sorted(rows.tolist()) == list(range(len(aligned.line)))
    assert len(aligned.line) == int(work.articles.finished[marks.article, marks.annotator].sum())


@settings(max_examples=30)
@cases(seeds())
def test_no_choice_of_pairs_scores_higher(seed: int) -> None:
    random = np.random.default_rng(seed)
    marks = [
        [
            (int(at), int(at + long), int(label))
            for at, long, label in random.integers((0, 2, 0), (14, 9, 3), (5, 3))
        ]
        for _ in range(2)
    ]
    # What says the same, or has the same span, is paired before; the choice is among the rest.
    used: set[tuple[int, int]] = set()
    sides = []
    for mine in marks:
        fresh = [mark for mark in {each[:2]: each for each in mine}.values() if mark[:2] not in used]
        used |= {mark[:2] for mark in fresh}
        sides.append(fresh)
    rows = [(0, who, *mark) for who, mine in enumerate(sides) for mark in mine]
    articles = Articles.of([100], [[True, True]], 2)
    line = laid_out(articles, Marks.of(list(zip(*rows, strict=True))))
    pairs = paired(line, 0, 1, np.array([True]))
    left, right = line.rows
    one, other = overlaps(line.start[left], line.end[left], line.start[right], line.end[right])
    worth = dict(
        zip(
            zip(one.tolist(), other.tolist(), strict=True),
            scores(line, left[one], right[other]).tolist(),
            strict=True,
        )
    )
    best = max(
        sum(worth.get(pair, 0.0) for pair in enumerate(order))
        for order in permutations(range(max(len(left), len(right))), len(left))
    )
    assert pairs.score.sum() == pytest.approx(best, abs=1e-5)


@settings(max_examples=100)
@cases(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20), max_size=14))
def test_which_side_is_which_does_not_matter(weights: dict[tuple[int, int], int]) -> None:
    left, right = (np.array([pair[side] * 2 + side for pair in weights], np.int64) for side in (0, 1))
    weight = np.array(list(weights.values()), np.int64)
    chosen = assigned(left, right, weight)
    assert chosen.tolist() == assigned(right, left, weight).tolist()
    best = max(sum(weights.get(pair, 0) for pair in enumerate(order)) for order in permutations(range(5)))
    assert weight[chosen].sum() == best
    for side in (left, right):
        assert len(set(side[chosen].tolist())) == chosen.sum()


def test_spans_that_touch_do_not_overlap() -> None:
    starts, ends = np.array([0, 3]), np.array([3, 6])
    found = overlaps(starts, ends, starts, ends)
    assert [each.tolist() for each in found] == [[0, 1], [0, 1]]
