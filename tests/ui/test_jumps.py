"""Jumps to the lowest score, to stances and from mark to mark of a label; snapping to whole words."""

from itertools import pairwise

import pytest

from annotator.domain.marks import Stance
from annotator.domain.text import Span, snapped, token_edge
from tests.ui.desk import Desk


def test_the_lowest_score_comes_first_then_the_next(desk: Desk) -> None:
    desk.press("Shift+U")
    assert desk.words(desk.focused) == "Marco Silva"
    assert desk.said == "Score .55, 1 of 5 upwards."
    desk.press("Shift+U")
    assert desk.words(desk.focused) == "condemned the deal"
    desk.press("Shift+U", "Shift+U", "Shift+U", "Shift+U")
    assert desk.words(desk.focused) == "Marco Silva"


def test_stances_are_reached_in_both_directions(desk: Desk) -> None:
    desk.press("V")
    assert desk.focused is not None
    assert isinstance(desk.focused.mark, Stance)
    desk.press("Ctrl+End", "Esc", "Shift+V")
    assert desk.focused is not None
    assert isinstance(desk.focused.mark, Stance)


def test_marks_of_the_same_label_follow_each_other(desk: Desk) -> None:
    desk.press("Tab", "Tab")
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("L")
    assert desk.words(desk.focused) == "Marco Silva"
    desk.press("L")
    assert desk.words(desk.focused) == "Harbour Radio"
    assert desk.said == "2 marks of ORG: on from the top."
    desk.press("Shift+L")
    assert desk.words(desk.focused) == "Marco Silva"


def test_a_label_to_go_to_is_found_by_typing(desk: Desk) -> None:
    desk.press("J")
    desk.type("gpe")
    desk.press("Enter")
    assert desk.words(desk.focused) == "Rotterdam"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Kyiv-based", "Kyiv|-|based"),
        ("Nair’s U.S. plan", "Nair|’|s| |U.S|.| |plan"),
        ("AT&T paid 1,000.50.", "AT&T| |paid| |1,000.50|."),
        ("cafe\u0301, 東京", "cafe\u0301|,| |東|京"),
    ],
)
def test_token_edges(text: str, tokens: str) -> None:
    edges = [offset for offset in range(len(text) + 1) if token_edge(text, offset)]
    assert "|".join(text[a:b] for a, b in pairwise(edges)) == tokens


def test_a_span_grows_to_whole_tokens() -> None:
    assert snapped("Kyiv-based", Span(1, 6)) == Span(0, 10)
    assert snapped("Kyiv-based", Span(0, 4)) == Span(0, 4)


def test_with_snapping_a_part_of_a_word_selects_it_whole(desk: Desk) -> None:
    view = desk.page.view
    view.set_selection(Span(1, 3))
    desk.press("W")
    assert view.selection == Span(0, 7)
    assert desk.window.settings.snap
    desk.press("W")
    assert view.selection == Span(1, 3)


def test_with_snapping_an_edge_moves_from_token_to_token(desk: Desk) -> None:
    desk.press("W", "Tab", "E", "Right", "Right", "Enter")
    assert desk.mark("Priya Nair told")
