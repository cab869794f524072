"""Jumps to the lowest score, to stances and from mark to mark of a label; snapping to whole words."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from annotator.domain.marks import Stance
from annotator.domain.text import Span, snapped, token_edge
from annotator.services.suggesting import Suggesting
from annotator.storage.project import Project
from annotator.suggest.client import Answer, Proposal
from annotator.ui.window import Window
from tests.ui.desk import MUSIC, Desk, make_project, nth


def test_the_lowest_score_comes_first_then_the_next(desk: Desk) -> None:
    desk.press("Shift+U")
    assert desk.words(desk.focused) == "Marco Silva"
    assert desk.said == "Score .55, 1 of 5 upwards."
    desk.press("Shift+U")
    assert desk.words(desk.focused) == "condemned the deal"
    desk.press("Shift+U", "Shift+U", "Shift+U", "Shift+U")
    assert desk.words(desk.focused) == "Marco Silva"


def test_from_any_other_mark_the_lowest_score_comes_first(desk: Desk) -> None:
    desk.press("Tab", "Tab")
    assert desk.words(desk.focused) == "Harbour Radio"
    desk.press("Shift+U")
    assert desk.words(desk.focused) == "Marco Silva"
    desk.press("A", "Shift+U")
    assert desk.words(desk.focused) == "condemned the deal"


def test_the_most_uncertain_comes_first_then_the_next(desk: Desk) -> None:
    seen = []
    for _ in range(6):
        desk.press("U")
        seen.append(desk.words(desk.focused))
    assert seen == [
        "Marco Silva",
        "condemned the deal",
        "Harbour Radio",
        "Rotterdam",
        "Priya Nair",
        "Marco Silva",
    ]
    assert desk.said == "Score .55, 1 of 5 by how uncertain they are."
    desk.press("Shift+U", "U")
    assert desk.words(desk.focused) == "Marco Silva", "the other jump begins anew"


def test_a_suggestion_without_a_score_is_the_last_to_be_uncertain(
    open_window: Callable[..., Window], tmp_path: Path
) -> None:
    path = make_project(tmp_path)
    with Project.open(path) as project:
        (article_id,) = project.db.execute("SELECT id FROM article WHERE text=?", (MUSIC,)).fetchone()
        spans = [nth(MUSIC, words) for words in ("Marseille", "Leila Haddad")]
        found = (Proposal("entity", "PERSON", spans[1], None), Proposal("entity", "GPE", spans[0], 0.99))
        Suggesting(project).store(Answer(article_id, "test", "1", found))
    window = open_window()
    window.files.open(path)
    desk = Desk(window, path)
    desk.press("Ctrl+PgDown", "Ctrl+PgDown", "U")
    assert desk.words(desk.focused) == "Marseille"
    desk.press("U")
    assert desk.words(desk.focused) == "Leila Haddad"
    assert desk.said == "No score, 2 of 2 by how uncertain they are."


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
        ("Nair’s U.S. plan", "Nair|’|s| |U.S.| |plan"),
        ("U.S.-led, 1, a,b", "U.S.|-|led|,| |1|,| |a|,|b"),
        ("Dr. Vik of Moen Inc. left.", "Dr.| |Vik| |of| |Moen| |Inc.| |left|."),
        ("x..U.S. 5,A.B. ab&U.S. ", "x|.|.|U.S.| |5|,|A.B.| |ab&U.S|.| "),
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
