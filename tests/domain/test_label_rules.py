"""Which colour a new label gets."""

import pytest

from annotator.domain.label_rules import COLORS, MORE_COLORS, free_color


def test_a_new_label_looks_unlike_the_others() -> None:
    olive, yellow = "#b8a800", "#f0e442"
    assert free_color([]) == COLORS[0]
    used = [color for color in COLORS if color != yellow] + [olive]
    assert free_color(used) not in {*used, yellow}  # a theme makes yellow as dark as olive


@pytest.mark.parametrize("count", [1, 6, 13, 14, 15, 40])
def test_no_colour_is_had_twice_before_all_are_had_once(count: int) -> None:
    used: list[str] = []
    for _ in range(count):
        used.append(free_color(used))
    every = (*COLORS, *MORE_COLORS)
    counts = [used.count(color) for color in every]
    assert sum(counts) == count
    assert max(counts) - min(counts) <= 1
