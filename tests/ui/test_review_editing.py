"""Editing a candidate in the review, by real keys: what each does, and that no draft is lost in silence."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.domain.marks import Stance
from annotator.domain.review import Settled
from annotator.domain.text import Span
from annotator.services.review_items import State
from annotator.storage.gold import gold_marks
from annotator.ui.review_sheet import Mode
from annotator.ui.review_view import DRAFT
from tests.services.reviewed import HARBOUR, nth
from tests.ui.lead import Lead

FINISH = "First finish the edit: Enter saves it, Esc leaves it."


def drafted(lead: Lead) -> str:
    assert lead.review.draft is not None
    mark = lead.review.draft.mark
    return f"{mark.label} {mark.span.of(HARBOUR)}"


def gold_stance(lead: Lead) -> Stance:
    project = lead.window.project
    assert project is not None
    (article,) = project.db.execute("SELECT id FROM article WHERE text=?", (HARBOUR,)).fetchone()
    (mark,) = gold_marks(project.db, article)
    assert isinstance(mark, Stance)
    return mark


def select(lead: Lead, words: str) -> None:
    """As a drag of the mouse does, which lets go of the edge first."""
    lead.review.page.view.keep_edge()
    lead.review.page.view.set_selection(nth(HARBOUR, words))


def test_an_edge_is_moved_by_arrows_and_saved_by_one_enter(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E")
    assert lead.review.page.view.focused == DRAFT
    lead.press("Ctrl+Right", "Enter")
    (gold,) = lead.gold()
    assert gold.startswith("PERSON Okafor ")
    own = lead.item("Okafor").own
    assert own is not None
    assert own.settled is Settled.EDITED


def test_enter_saves_what_was_not_changed_too(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "Enter")
    own = lead.item("Okafor").own
    assert own is not None
    assert own.settled is Settled.ADOPTED
    assert lead.gold() == ["PERSON Okafor"]
    assert lead.words == "backed the deal"


def test_enter_saves_when_the_edge_is_let_go_of_and_nothing_has_the_focus(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "3", "E")
    lead.review.page.view.focus_mark(None)
    lead.press("Enter")
    assert lead.gold() == ["ORG Okafor"]


def test_a_digit_relabels_and_keeps_the_edge_that_was_moved(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "Ctrl+Right", "2", "Ctrl+Right")
    assert drafted(lead) == "NORP Okafor rejected"
    lead.press("Enter")
    assert lead.gold() == ["NORP Okafor rejected the"]


def test_one_esc_leaves_the_edit_and_says_that_nothing_of_it_is_saved(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "Ctrl+Right", "Esc")
    assert lead.gold() == []
    assert lead.review.draft is None
    assert lead.said == "The edit is left; nothing of it is saved."
    lead.press("1")
    assert lead.gold() == ["PERSON Okafor"]


@pytest.mark.parametrize(
    "key",
    [
        *("S", "Tab", "Shift+Tab", "Shift+1", "Alt+1", "B", "R", "G", "J", "K", "L"),
        *("N", "O", "M", "A", "V", "Ctrl+L", "Ctrl+G"),
    ],
)
def test_what_belongs_to_no_edit_is_refused_and_the_draft_stays(lead: Lead, key: str) -> None:
    lead.go("Northern Union")
    names = lead.window.settings.review_names
    lead.press("E", "Ctrl+Right", "2", key)
    assert lead.said == FINISH
    assert drafted(lead) == "NORP Northern Union said"
    assert lead.words == "Northern Union"
    assert (lead.review.mode, lead.review.armed) == (Mode.EDIT, False)
    assert lead.gold() == []
    assert lead.window.settings.review_names is names
    assert lead.window.bindings["review.names"].isChecked() is names
    assert not lead.window.bindings["review.second"].isChecked()
    lead.press("Enter")
    assert lead.gold() == ["NORP Northern Union said"]


def test_clicks_elsewhere_leave_the_draft_alone(lead: Lead) -> None:
    lead.go("Northern Union")
    page = lead.review.page
    lead.press("E", "2")
    page.list.clicked.emit(page.model.index(4))
    assert lead.said == FINISH
    page.candidates.taken.emit(0)
    page.side.reasoned.emit(0)
    assert not page.field.isEnabled()
    assert not any(chip.isEnabled() for chip in page.chips)
    assert drafted(lead) == "NORP Northern Union"
    assert lead.gold() == []
    lead.press("Esc")
    assert page.field.isEnabled()


def test_undo_takes_the_draft_back_before_any_decision(lead: Lead) -> None:
    lead.go("Northern Union")
    lead.press(lead.digit("ORG"))
    assert lead.words == "port of Sorrel"
    lead.press("E", "3", "Ctrl+Right", "Ctrl+Z")
    moved, first = "ORG", drafted(lead)
    assert first.startswith(moved)
    lead.press("Ctrl+Z")
    begun = drafted(lead)
    assert not begun.startswith("ORG")
    lead.press("Ctrl+Z")
    assert lead.said.startswith("There is nothing to take back in this edit")
    lead.press("Ctrl+Y")
    assert drafted(lead) == first
    assert lead.gold() == ["ORG Northern Union"]
    lead.press("Esc", "Ctrl+Z")
    assert lead.gold() == []


def test_the_draft_is_there_when_one_comes_back_from_another_page(lead: Lead) -> None:
    lead.go("Northern Union")
    lead.press("E", "2", "Ctrl+Right", "Ctrl+1", "Ctrl+2")
    assert drafted(lead) == "NORP Northern Union said"
    assert lead.review.page.view.focused == DRAFT
    lead.press("Ctrl+Right", "Enter")
    assert lead.gold() == ["NORP Northern Union said the"]


def test_the_window_does_not_close_over_a_draft(lead: Lead) -> None:
    lead.go("Northern Union")
    lead.press("E", "2", "Ctrl+1")
    lead.window.close()
    assert lead.window.isVisible()
    assert lead.window.project is not None
    assert lead.review.page.isVisible()
    assert lead.said == "An edit is not saved yet: Enter saves it, Esc leaves it."
    lead.press("Esc")
    lead.window.close()
    assert not lead.window.isVisible()


def test_the_selection_becomes_the_holder_of_what_is_edited(lead: Lead) -> None:
    lead.press("E")
    select(lead, "Mira Holt")
    lead.press("H", "Enter")
    holder = gold_stance(lead).holder
    assert holder is not None
    assert holder.span.of(HARBOUR) == "Mira Holt"


def test_words_are_selected_by_keys_once_the_edge_is_let_go_of(lead: Lead) -> None:
    lead.press("E", "E")
    view = lead.review.page.view
    assert view.moved_edges is None
    view.put_caret(HARBOUR.index("Mira Holt"))
    lead.press("Ctrl+Shift+Right", "Ctrl+Shift+Right")
    assert view.selection is not None
    lead.press("H", "Enter")
    holder = gold_stance(lead).holder
    assert holder is not None
    assert holder.span.of(HARBOUR).strip() == "Mira Holt"


@pytest.mark.parametrize("key", ["H", "T"])
def test_with_nothing_selected_a_part_stays_and_it_is_said_how_to_select(lead: Lead, key: str) -> None:
    lead.press("E", key)
    assert lead.said.startswith(
        f"Select the words of the {'holder' if key == 'H' else 'target'} first: E lets"
    )
    assert f"Shift+{key} takes the" in lead.said
    lead.press("Enter")
    stance = gold_stance(lead)
    assert stance.holder is not None
    assert stance.target is not None


def test_a_part_is_taken_away_by_a_key_of_its_own_and_enter_asks_once(lead: Lead) -> None:
    lead.press("E", "Shift+H", "Enter")
    assert lead.said == "This has no holder, and a reading has: Enter again saves it so."
    assert lead.gold() == []
    lead.press("Enter")
    assert gold_stance(lead).holder is None


def test_what_an_entity_has_not_is_not_asked_of_it(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "H")
    assert lead.said == "Only a stance has a holder; this is an entity."
    lead.press("Enter")
    assert lead.item("Okafor").state is State.DECIDED


def test_a_click_in_the_text_lets_go_of_the_edge_and_saves_nothing(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", "Ctrl+Right")
    QTest.mouseClick(lead.review.page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert lead.gold() == []
    assert drafted(lead) == "PERSON Okafor rejected"
    lead.press("Enter")
    assert lead.gold() == ["PERSON Okafor rejected"]


def test_an_edit_of_what_was_decided_says_from_what_to_what(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("0", "Shift+Tab")
    assert lead.words == "Okafor"
    lead.press("E", "3", "Enter")
    assert lead.said == "Changed from none of these to ORG “Okafor”."
    lead.press("Shift+Tab", "E", "Enter")
    assert lead.said == "That was decided before: ORG “Okafor”."


def test_the_span_of_a_draft_is_what_the_arrows_made(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("E", *["Left"] * 12)
    assert lead.review.page.view.moved_edges is not None
    start = HARBOUR.index("Okafor")
    assert lead.review.page.view.moved_edges == Span(start, start + 1)
    lead.press("Esc")
