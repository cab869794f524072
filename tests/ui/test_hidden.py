"""Keys while layers are hidden: what is made is shown and has the focus; none leads to what is not drawn."""

import pytest

from annotator.domain.marks import Entity, Stance
from tests.ui.desk import Desk

ENTITIES, STANCES, SUGGESTIONS = "Ctrl+Shift+1", "Ctrl+Shift+2", "Ctrl+Shift+3"


@pytest.mark.parametrize("layers", [(), (ENTITIES,), (SUGGESTIONS,), (ENTITIES, SUGGESTIONS)])
def test_a_label_goes_to_the_same_mark_whatever_is_hidden(desk: Desk, layers: tuple[str, ...]) -> None:
    desk.press(*layers)
    desk.select("Rotterdam")
    desk.press("5")
    assert [shown.mark.label for shown in desk.page.marks if desk.words(shown) == "Rotterdam"] == ["LOC"]
    assert desk.focused == desk.mark("Rotterdam")
    assert desk.page.view.hidden == frozenset({"suggestions"} if SUGGESTIONS in layers else ())
    desk.press("Delete")
    assert desk.stored() == []


def test_a_stance_made_while_stances_are_hidden_gets_the_next_key(desk: Desk) -> None:
    desk.press(STANCES)
    desk.select("Marco Silva")
    desk.press("F")
    assert desk.focused == desk.mark("Marco Silva", Stance)
    desk.press("G")
    assert desk.stored() == ["AGAINST Marco Silva"]


def test_a_stance_on_the_words_of_a_suggested_entity_gets_the_next_key(desk: Desk) -> None:
    desk.select("Rotterdam")
    desk.press("G", "Delete")
    assert desk.stored() == []
    assert desk.mark("Rotterdam", Entity).suggested


@pytest.mark.parametrize("key", ["U", "Shift+U", "Space", "Tab"])
def test_no_key_leads_to_hidden_suggestions(desk: Desk, key: str) -> None:
    desk.press(SUGGESTIONS, key)
    assert desk.focused is None
    assert desk.page.view.caret == 0
    assert desk.said == f"Suggestions are hidden: {SUGGESTIONS} shows them."


def test_jumps_by_score_pass_hidden_kinds_by(desk: Desk) -> None:
    desk.press(ENTITIES, "U")
    assert desk.words(desk.focused) == "condemned the deal"
    assert desk.said == "Score .62, 1 of 1 by how uncertain they are."
    desk.press("U")
    assert desk.words(desk.focused) == "condemned the deal"
    desk.press(ENTITIES, STANCES, "U", "U")
    assert desk.words(desk.focused) == "Harbour Radio", "the stance between them is passed by"


def test_where_only_hidden_suggestions_are_left_that_is_said(desk: Desk) -> None:
    desk.press(ENTITIES, "Tab", "A")
    assert desk.page.marks.undecided == 4
    assert desk.said == f"Entities are hidden: {ENTITIES} shows them."


def test_hidden_stances_are_told_to_who_looks_for_the_next(desk: Desk) -> None:
    desk.press(STANCES, "V")
    assert desk.said == f"Stances are hidden: {STANCES} shows them."


def test_a_label_whose_marks_are_hidden_is_not_jumped_to(desk: Desk) -> None:
    desk.press("Tab", "L", ENTITIES, "L")
    assert desk.focused is None
    assert desk.said == f"Entities are hidden: {ENTITIES} shows them."
