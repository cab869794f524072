"""What a decision changes is seen: after the last one, on what was decided, where a key decides nothing."""

import pytest

from annotator.domain.review import Reason
from annotator.services.review_items import State
from annotator.ui.actions import Menu
from tests.ui.lead import Lead


def decide_all(lead: Lead) -> None:
    lead.press(*"00000")
    assert lead.review.queue is not None
    assert lead.review.queue.left == 0


def test_after_the_last_decision_further_keys_change_nothing(lead: Lead) -> None:
    decide_all(lead)
    page = lead.review.page
    assert page.empty.text() == "All is settled."
    assert lead.review.item is None
    for key in ("1", "0", "S", "E", "Shift+1", "R", "B", "G"):
        lead.press(key)
        assert lead.said == "Nothing is left here: Tab goes through what was decided."
    assert lead.gold() == []
    assert page.model.rowCount() == 5


def test_what_was_decided_is_gone_through_and_changed_aloud(lead: Lead) -> None:
    decide_all(lead)
    lead.press("Shift+Tab")
    assert lead.words == "Okafor"
    assert lead.review.page.view.hasFocus()
    lead.press("0")
    assert lead.said == "That is decided: none of these."
    lead.press("1")
    assert lead.said == "Changed from none of these to PERSON “Okafor”."
    assert lead.gold() == ["PERSON Okafor"]
    assert lead.review.item is None
    lead.press("Ctrl+Z")
    assert lead.words == "Okafor"
    assert lead.gold() == []


def test_what_is_put_aside_after_it_was_decided_says_what_is_taken_back(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("1", "Shift+Tab", "S")
    assert lead.said == "Put aside: PERSON “Okafor” is taken back."
    assert lead.gold() == []
    assert lead.item("Okafor").state is State.UNSURE


def test_the_end_is_still_there_when_one_comes_back(lead: Lead) -> None:
    decide_all(lead)
    lead.press("Ctrl+1", "Ctrl+2")
    assert lead.review.item is None
    assert lead.review.page.empty.text() == "All is settled."
    lead.press("Tab")
    assert lead.words == "backed the deal"


def test_the_end_of_a_filtered_list_says_what_is_left_without_the_filter(lead: Lead) -> None:
    lead.press("Ctrl+L")
    lead.type("okafor")
    lead.press("Enter", "1", "1")
    assert lead.review.page.empty.text() == "Nothing is left in this list."
    assert lead.gold() == ["PERSON Okafor"]


@pytest.mark.parametrize("key", ["0", "6", "9"])
def test_a_digit_that_is_no_reason_decides_nothing(lead: Lead, key: str) -> None:
    lead.go("Okafor")
    lead.press("R", key)
    assert lead.said == "There are 5 reasons."
    assert lead.item("Okafor").own is None
    assert lead.words == "Okafor"
    lead.press("2")
    own = lead.item("Okafor").own
    assert own is not None
    assert own.reason is Reason.GAP


@pytest.mark.parametrize("key", ["Shift+1", "Alt+2", "Enter"])
def test_with_the_reasons_open_only_digits_and_esc_mean_something(lead: Lead, key: str) -> None:
    lead.go("Northern Union")
    lead.press("R", key)
    assert lead.said == "A digit takes a reason; Esc closes them."
    assert lead.item("Northern Union").own is None


def test_a_click_decides_while_the_reasons_are_open(lead: Lead) -> None:
    lead.go("Okafor")
    lead.press("R")
    lead.review.page.candidates.taken.emit(0)
    assert lead.gold() == ["PERSON Okafor"]
    own = lead.item("Okafor").own
    assert own is not None
    assert own.reason is None


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("5", "There is no candidate 5 here."),
        ("Shift+5", "There is no candidate 5 here."),
        ("Alt+2", "There is no candidate 2 here."),
        ("Shift+1", "There is one candidate here: nothing to take label or edges from."),
    ],
)
def test_the_key_of_a_candidate_that_is_not_there_says_so(lead: Lead, key: str, told: str) -> None:
    lead.go("Okafor")
    lead.press(key)
    assert lead.said == told
    assert lead.item("Okafor").own is None


def test_the_menu_offers_only_candidates_that_are_there(lead: Lead) -> None:
    lead.go("Northern Union")
    menu = lead.window.menus[Menu.REVIEW]
    menu.aboutToShow.emit()
    shown = {each.objectName() for each in menu.actions() if each.isVisible()}
    assert {"review.adopt.2", "review.label.2", "review.none"} <= shown
    assert not {"review.adopt.3", "review.edges.3"} & shown
    menu.aboutToHide.emit()
    lead.press("5")
    assert lead.said == "There is no candidate 5 here."
