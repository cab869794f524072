"""Help and settings while a project is open: what works everywhere works there too."""

from collections.abc import Callable

import pytest

from annotator.ui.actions import Page
from annotator.ui.window import Window
from tests.ui.desk import Desk

ASIDES = pytest.mark.parametrize("key", ["F1", "Ctrl+,"])
PAGES = {
    "Ctrl+1": Page.LABEL,
    "Ctrl+2": Page.REVIEW,
    "Ctrl+3": Page.DASHBOARD,
    "Ctrl+4": Page.NAMES,
    "Ctrl+5": Page.LABELSET,
}


@ASIDES
def test_every_page_is_a_key_away(desk: Desk, key: str) -> None:
    for page, expected in PAGES.items():
        desk.press("Ctrl+1", key)
        assert desk.window.bindings.page is Page.ASIDE
        desk.press(page)
        assert desk.window.bindings.page is expected


@ASIDES
def test_the_tabs_of_pages_turn_to_them(desk: Desk, key: str) -> None:
    desk.press(key)
    desk.window.top.turning.emit("page.names")
    assert desk.window.bindings.page is Page.NAMES


@ASIDES
def test_undo_works_and_says_what_it_took_back(desk: Desk, key: str) -> None:
    desk.press("Tab", "A", key)
    if key == "Ctrl+,":
        desk.press("Tab")  # out of the field, where it undoes typing
    desk.press("Ctrl+Z")
    assert desk.stored() == []
    assert desk.window.bindings.page is Page.ASIDE
    assert desk.window.notice.said.startswith("Undone: accept PERSON “Priya Nair”")
    desk.press("Ctrl+Y")
    assert desk.stored() == ["PERSON Priya Nair"]


def test_escape_and_the_same_key_go_back_as_ever(desk: Desk) -> None:
    for keys in (("F1", "Esc"), ("F1", "F1"), ("Ctrl+,", "Ctrl+,"), ("F1", "Ctrl+,", "Esc")):
        desk.press(*keys)
        assert desk.window.bindings.page is Page.LABEL
        assert desk.page.view.hasFocus()


def test_without_a_project_there_are_no_pages_to_turn_to(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.show_start()
    window.bindings["help.keys"].trigger()
    assert window.bindings.page is Page.ANY
    assert not window.bindings["page.names"].isEnabled()
    assert not any(tab.isVisible() for tab in window.top._tabs.values())
