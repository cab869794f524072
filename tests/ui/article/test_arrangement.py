"""Cards stand beside their lines and never over one another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from annotator.domain.marks import Shown, Source, Stance
from annotator.domain.text import Span
from annotator.ui.article.arrangement import GAP, WHOLE, Arrangement, Margin, arranged, chosen, placed

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


LINE, HIGH = 17.0, 700.0


def _arranged(
    places: list[tuple[float, int]],
    *,
    focused: int | None = None,
    pinned: int | None = None,
    high: float = HIGH,
) -> Arrangement:
    """Cards of which the words take so many lines, each for a line of the text at that height."""
    lines = {f"s{n}": wants for n, (_, wants) in enumerate(places)}
    found = [
        (QRectF(0, y, 50, 20), Shown(Stance(f"s{n}", Span(n, n + 1), "FAVOR"), Source.ADDED))
        for n, (y, _) in enumerate(places)
    ]

    def measure(shown: Shown, brief: int, numbered: bool) -> float:
        wants = lines[shown.id] + numbered
        return LINE * min(wants, brief) + 8 if brief else LINE * (1 + min(wants, WHOLE)) + 14

    margin = Margin(x=600, width=220, height=high, edge=560, line=LINE, foot=12, digit=6)
    return arranged(found, measure, margin, focused=focused, pinned=pinned)


_PLACES = st.lists(st.tuples(st.integers(0, 22).map(lambda n: n * 30.0), st.integers(1, 5)), max_size=60).map(
    lambda places: sorted(places, key=lambda place: place[0])
)


@given(_PLACES, st.integers(0, 59), st.booleans())
def test_no_card_meets_another_and_in_a_crowd_each_bears_the_number_of_its_line(
    places: list[tuple[float, int]], n: int, focused: bool
) -> None:
    at = n if n < len(places) else None
    found = _arranged(places, focused=at if focused else None, pinned=at)
    for one, other in pairwise(found.cards):
        assert one.rect.bottom() + GAP <= other.rect.top() + 1e-3
    assert len(found.cards) + found.left_out == len(places)
    numbers = [card.number for card in found.cards]
    if not found.left_out:
        assert not found.rows
        assert not any(numbers)
        return
    assert all(card.rect.bottom() <= HIGH for card in found.cards)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    rows = [number for row in found.rows for number in range(row.first, row.last + 1)]
    assert rows == list(range(1, len(places) + 1))
    for card in found.cards:
        row = next(row for row in found.rows if row.first <= card.number <= row.last)
        assert row.y == card.anchor
    if at is not None:
        assert at + 1 in numbers


def test_cards_grow_where_their_neighbours_leave_room() -> None:
    crowd = [(300.0 + 20 * n, 3) for n in range(14)]
    found = _arranged([(10.0, 3), *crowd])
    assert not found.left_out
    alone, *others = found.cards
    assert alone.brief == WHOLE
    assert 1 in {card.brief for card in others}
    assert _arranged(crowd, focused=5).cards[5].brief == WHOLE, "the focused one has all its lines"
    assert not any(card.brief for card in _arranged(crowd[:3]).cards), "a few have their headings"


@pytest.mark.parametrize("high", [0.0, 8.0, 30.0])
def test_a_view_with_no_height_has_no_fault(high: float) -> None:
    assert _arranged([], high=high).cards == []
    found = _arranged([(10.0, 3), (40.0, 1), (70.0, 2)], focused=1, pinned=1, high=high)
    assert len(found.cards) + found.left_out == 3
    assert found.cards
