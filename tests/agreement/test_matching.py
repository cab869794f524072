"""Matching: the heaviest pairs, whatever order they stand in."""

from itertools import permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.matching import heaviest, in_order, overlapping, shared
from annotator.domain.text import Span
from tests.agreement.marks import spans

WEIGHTS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20), max_size=14)


def heaviest_of_all(weights: dict[tuple[int, int], int]) -> int:
    """The most that any matching weighs, by trying all of them."""
    return max(
        sum(weights.get((left, right), 0) for left, right in enumerate(order))
        for order in permutations(range(5))
    )


@given(WEIGHTS)
def test_no_matching_weighs_more(weights: dict[tuple[int, int], int]) -> None:
    pairs = heaviest(weights)
    assert sum(weights[pair] for pair in pairs) == heaviest_of_all(weights)
    for side in (0, 1):
        assert len({pair[side] for pair in pairs}) == len(pairs)


@given(WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(weights: dict[tuple[int, int], int], random: Random) -> None:
    shuffled = list(weights.items())
    random.shuffle(shuffled)
    assert heaviest(dict(shuffled)) == heaviest(weights)


def test_a_chain_is_moved_along_when_that_weighs_more() -> None:
    chain = {(n, n): 2 for n in range(300)} | {(n, n + 1): 3 for n in range(299)} | {(299, 0): 1000}
    pairs = heaviest(chain)
    assert pairs == sorted([*((n, n + 1) for n in range(299)), (299, 0)])


def test_an_earlier_criterion_outweighs_all_later_ones_together() -> None:
    assert in_order((1, 0, 0), pairs=7) > 7 * in_order((0, 1000, 1000), pairs=7) // 1000
    assert in_order((0, 1, 0), pairs=7) > 7 * in_order((0, 0, 1000), pairs=7)


@given(st.lists(spans(), max_size=8), st.lists(spans(), max_size=8))
def test_overlapping_finds_every_pair_once(left: list[Span], right: list[Span]) -> None:
    found = list(overlapping(left, right))
    wanted = [(a, b) for a, one in enumerate(left) for b, other in enumerate(right) if one.overlaps(other)]
    assert sorted(found) == wanted


def test_touching_is_not_overlap() -> None:
    assert list(overlapping([Span(0, 3)], [Span(3, 6)])) == []
    assert shared(Span(0, 3), Span(3, 6)) == 0


def test_how_much_spans_share_is_the_jaccard_index() -> None:
    assert shared(Span(0, 4), Span(2, 6)) == 333
    assert shared(Span(0, 4), Span(0, 4)) == 1000
