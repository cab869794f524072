"""Cards stand beside their lines and never over one another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.article.arrangement import GAP, chosen, placed

_ANCHORS = st.lists(st.floats(0, 800), max_size=15).map(sorted)


@given(_ANCHORS, st.lists(st.floats(20, 60), min_size=15, max_size=15), st.integers(0, 14))
def test_cards_never_overlap_and_stay_in_view_where_there_is_room(
    anchors: list[float], heights: list[float], pinned: int
) -> None:
    heights = heights[: len(anchors)]
    tops = placed(anchors, heights, top=0, bottom=900, pinned=pinned if pinned < len(anchors) else None)
    assert len(tops) == len(anchors)
    each = list(zip(tops, heights, strict=True))
    assert all(top + height + GAP <= below + 1e-3 for (top, height), (below, _) in pairwise(each))
    if sum(heights) + GAP * len(heights) <= 900:
        assert all(top >= -1e-3 and top + height <= 900 + 1e-3 for top, height in each)


def test_a_lone_card_stands_at_its_line() -> None:
    assert placed([300.0], [50], top=0, bottom=900) == [300.0]


def test_crowded_cards_share_the_shift_and_the_pinned_one_stays() -> None:
    assert placed([300.0, 310.0], [50 - GAP] * 2, top=0, bottom=900) == [280.0, 330.0]
    pinned = placed([300.0, 310.0], [50 - GAP] * 2, top=0, bottom=900, pinned=1)
    assert abs(pinned[1] - 310) < 0.1


def test_of_too_many_cards_those_around_the_pinned_one_are_chosen() -> None:
    anchors = [10.0 * number for number in range(60)]
    assert chosen(anchors, 20, 40, pinned=None) == range(20)
    kept = chosen(anchors, 20, 40, pinned=40)
    assert len(kept) == 20
    assert 40 in kept
    assert anchors[40] // 40 == 40 - kept.start
    assert chosen(anchors[:5], 20, 40, pinned=2) == range(5)


@given(_ANCHORS, st.integers(1, 20), st.integers(0, 14))
def test_the_pinned_card_is_always_chosen(anchors: list[float], most: int, pinned: int) -> None:
    if pinned < len(anchors):
        kept = chosen(anchors, most, 30, pinned=pinned)
        assert pinned in kept
        assert len(kept) == min(most, len(anchors))
