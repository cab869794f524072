"""The palette: every action is found, whether it can be done here or on another page."""

import pytest
from PySide6.QtCore import Qt

from annotator.ui import style
from annotator.ui.actions import ACTIONS, Page
from annotator.ui.chrome import cap_width
from annotator.ui.finder import Choice, ranked
from annotator.ui.palette import choices
from tests.ui.desk import Desk


def test_every_action_is_in_the_palette(desk: Desk) -> None:
    offered = choices(desk.window)
    texts = {choice.text for choice in offered}
    for row in ACTIONS:
        if row.id != "app.palette" and not row.id.startswith(("label.", "stance.", "edit.")):
            assert row.text.replace("&", "").rstrip("…") in texts, row.id
    assert len(offered) == len(ACTIONS) - 1 - 12, "but itself and twelve keys without a label"
    assert not any(choice.why for choice in offered if choice.where in ("Go", "Mark"))


def test_a_motion_of_the_caret_is_done_from_the_palette(desk: Desk) -> None:
    desk.press("Ctrl+K")
    desk.type("caret to the end of the article")
    desk.press("Enter")
    assert desk.page.view.caret == len(desk.text)


def test_an_action_of_another_page_says_where_it_works_and_goes_there(desk: Desk) -> None:
    desk.press("Ctrl+K")
    desk.type("new polarity")
    item = desk.window.finder().list.currentItem()
    assert item.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", on the Labels page")
    desk.press("Enter")
    assert desk.window.bindings.page is Page.LABELSET
    assert "is possible on this page" in desk.said


@pytest.mark.parametrize("here", ["F1", "Ctrl+,", "Ctrl+5"])
def test_a_page_is_gone_to_from_everywhere(desk: Desk, here: str) -> None:
    desk.press(here, "Ctrl+K")
    desk.type("Dashboard")
    desk.press("Enter")
    assert desk.window.bindings.page is Page.DASHBOARD


@pytest.mark.parametrize("here", ["F1", "Ctrl+4"])
def test_what_asks_or_only_looks_is_done_where_it_is_possible(desk: Desk, here: str) -> None:
    desk.press(here, "Ctrl+K")
    desk.type("accept all visible")
    desk.press("Enter")
    assert desk.window.bindings.page is Page.LABEL
    assert desk.window.notice.said.startswith("Accept the suggestions on screen")
    desk.press("Esc", here, "Ctrl+K")
    desk.type("find in article")
    desk.press("Enter")
    assert desk.page.find_bar.field.hasFocus()


def test_what_would_change_an_article_unseen_waits_for_its_key(desk: Desk) -> None:
    desk.press("F1", "Ctrl+K")
    desk.type("reject, go to")
    desk.press("Enter")
    assert desk.said == "“Reject, go to next undecided” is possible on this page: X."
    desk.press("F1", "Ctrl+K")
    desk.type("skip and go on")
    desk.press("Enter")
    assert desk.said == "“Skip and go on” is possible on this page: Ctrl+Shift+Enter."
    assert desk.stored() == []


def test_a_page_that_does_not_come_says_why_by_itself(desk: Desk) -> None:
    offered = next(choice for choice in choices(desk.window) if choice.why == "on the Review page")
    offered.call()
    page = desk.window.bindings.page
    assert page is Page.REVIEW or "is possible on this page" not in desk.said


def test_what_cannot_be_done_here_comes_after_what_can() -> None:
    here = Choice("Leave the note", lambda: None)
    there = Choice("Note", lambda: None, where="Review", why="on the Review page")
    assert ranked([there, here], "note") == [here, there]


def test_without_a_project_what_needs_one_says_so(desk: Desk) -> None:
    desk.press("Ctrl+W")
    offered = choices(desk.window)
    assert {choice.why for choice in offered} == {"", "needs a project"}
    assert "New project" in {choice.text for choice in offered if not choice.why}
    next(choice for choice in offered if choice.why).call()
    assert desk.window.notice.words.text().endswith("needs a project: open one, or make one, first.")


def test_there_is_nothing_to_undo_until_something_is_done(desk: Desk) -> None:
    def why() -> str:
        desk.press("Ctrl+K")
        offered = desk.window.finder()._choices
        desk.press("Esc")
        return next(choice.why for choice in offered if choice.text.startswith("Undo"))

    assert why() == "nothing to undo"
    desk.press("Tab", "A")
    assert why() == ""


def test_what_writes_is_refused_with_its_reason_in_an_earlier_state(desk: Desk) -> None:
    desk.press("Tab", "A", "A", "Ctrl+H", "Down", "Down")
    assert desk.page.looking_back
    offered = {choice.text: choice for choice in choices(desk.window)}
    assert offered["Accept, go to next undecided"].why == "an earlier state is shown"


def test_a_long_text_does_not_run_under_its_key(desk: Desk) -> None:
    desk.press("Ctrl+K")
    finder = desk.window.finder()
    long = Choice("Undo: accept PERSON " + "very " * 40 + "long", lambda: None, "Ctrl+Z", "Edit")
    plain = Choice("Undo", lambda: None, "Ctrl+Z", "Edit")
    seen = []
    for choice in (long, plain):
        finder.offer([choice], "Find")
        row = finder.list.visualItemRect(finder.list.item(0))
        picture = finder.list.viewport().grab(row).toImage()
        cap = round(cap_width("Ctrl+Z", style.sized(finder.list.font(), 0.8, bold=True))) + 14
        seen.append(picture.copy(picture.width() - cap, 0, cap, picture.height()))
    assert seen[0] == seen[1]
