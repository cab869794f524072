"""The settings page, worked by keys: finding, recording, clashes, and what the window hears then."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator import places
from annotator.ui import settings as remembered
from annotator.ui.actions import ACTIONS
from annotator.ui.settings_page import SettingsPage
from annotator.ui.telling import tell_trouble
from annotator.ui.window import Window
from tests.ui.desk import Desk, make_project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "config_dir", lambda: tmp_path)


def page(desk: Desk) -> SettingsPage:
    shown = desk.window.stack.currentWidget()
    assert isinstance(shown, SettingsPage)
    return shown


def open_at(desk: Desk, words: str) -> SettingsPage:
    desk.press("Ctrl+,")
    desk.type(words)
    return page(desk)


def test_typing_finds_actions_by_name_and_key(desk: Desk) -> None:
    shown = open_at(desk, "next undecided")
    assert [shown.list.item(row).text() for row in range(shown.list.count())] == [
        "Mark, Accept, go to next undecided: A",
        "Mark, Reject, go to next undecided: X",
    ]
    desk.press("Esc")
    desk.type("ctrl+shift+z")
    line = shown.list.line()
    assert line is not None
    assert line.id == "edit.redo"


def test_every_action_is_listed_with_its_keys(desk: Desk) -> None:
    assert open_at(desk, "").list.count() == len(ACTIONS)


def test_a_recorded_key_works_and_is_shown(desk: Desk) -> None:
    open_at(desk, "accept, go")
    desk.press("Enter", "Y")
    assert desk.window.keys.of("mark.accept") == ("Y",)
    desk.press("Esc")
    assert desk.window.stack.currentWidget() is desk.page
    desk.press("Tab", "A")
    assert desk.page.marks.undecided == 5
    desk.press("Y")
    assert desk.page.marks.undecided == 4
    assert ("Y", "accept") in desk.page.line._hints._hints
    assert desk.window.bindings["mark.accept"].shortcut().toString() == "Y"


def test_a_clash_is_told_and_swapped_only_after_enter(desk: Desk) -> None:
    shown = open_at(desk, "accept, go")
    desk.press("Enter", "X")
    assert shown.words.text() == "X is “Reject, go to next undecided”, which gets A in exchange."
    assert desk.window.keys.of("mark.accept") == ("A",)
    desk.press("Esc")
    assert desk.window.keys.of("mark.accept") == ("A",)
    desk.press("Enter", "X", "Enter")
    assert desk.window.keys.of("mark.accept") == ("X",)
    assert desk.window.keys.of("mark.reject") == ("A",)


def test_reserved_keys_are_refused_with_a_reason(desk: Desk) -> None:
    shown = open_at(desk, "accept, go")
    desk.press("Enter", "Alt+F")
    assert shown.words.text() == "Alt+F opens the menu File. Press another."
    desk.press("Ctrl+Tab")
    assert desk.window.keys.of("mark.accept") == ("Ctrl+Tab",)


def test_keys_are_added_taken_away_and_reset_in_the_list(desk: Desk) -> None:
    shown = open_at(desk, "accept, go")
    shown.list.setFocus()
    desk.press("Insert", "Y")
    assert desk.window.keys.of("mark.accept") == ("A", "Y")
    desk.press("Delete")
    assert desk.window.keys.of("mark.accept") == ()
    desk.press("Backspace")
    assert desk.window.keys.of("mark.accept") == ("A",)


def test_a_changed_label_key_is_on_its_chip_and_labels(desk: Desk) -> None:
    person = desk.page.inspector.entities.rows[0]
    open_at(desk, person.label.name)
    desk.press("Enter", "Y", "Esc")
    desk.select("Harbour Radio")
    desk.press("Y")
    assert f"{person.label.name} Harbour Radio" in desk.stored()
    assert person.toolTip().endswith("(Y)")
    assert person.accessibleName().endswith("key Y")


def test_changed_keys_survive_a_restart(desk: Desk, open_window: Callable[..., Window]) -> None:
    open_at(desk, "caret to the right")
    desk.press("Enter", "K")
    desk.window.close()
    window = open_window(remembered.load())
    window.files.open(desk.path)
    again = Desk(window, desk.path)
    again.press("K", "K")
    assert window.page.view.caret == 2
    again.press("Right")
    assert window.page.view.caret == 2
    again.press("Shift+K")
    assert window.page.view.selection is not None


def test_keys_of_another_tool_take_the_place_of_motions(desk: Desk) -> None:
    desk.window.keys.choose("inception")
    desk.press("Shift+Right")
    assert desk.words(desk.focused) == "Priya Nair"
    assert desk.page.view.selection is None
    desk.press("Alt+Shift+Right")
    assert desk.page.view.selection is not None
    desk.window.keys.choose("label_studio")
    desk.press("Esc", "Ctrl+Right")
    assert desk.text.startswith("Council")


def test_text_fields_type_letters_that_are_keys_of_the_window(desk: Desk) -> None:
    desk.window.keys.choose("prodigy")
    desk.press("Ctrl+F")
    desk.type("hx")
    desk.press("Backspace")
    assert desk.page.find_bar.wanted == "h"
    desk.press("Esc", "H")
    assert desk.window.stack.currentWidget() is not desk.page


def test_the_theme_is_chosen_beside_the_keys(desk: Desk) -> None:
    shown = open_at(desk, "")
    assert shown.themes[desk.window.settings.theme].isChecked()
    shown.themes["dark"].click()
    assert remembered.load().theme == "dark"
    assert shown.chips["annotator"].isChecked()


def test_with_a_damaged_key_map_the_window_opens_says_so_and_offers_others(
    open_window: Callable[..., Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, whole = tmp_path / "resources", places.resource
    shutil.copytree(places.resource("keymaps"), copy / "keymaps")
    (copy / "keymaps" / "prodigy.toml").write_text("keys = [", encoding="utf-8")
    monkeypatch.setattr(
        places, "resource", lambda *parts: (copy if parts[0] == "keymaps" else whole()).joinpath(*parts)
    )
    settings = remembered.Settings(annotator="ana", suggestions=False, keymap="prodigy")
    desk = Desk(open_window(settings), make_project(tmp_path))
    desk.window.files.open(desk.path)
    tell_trouble(desk.window, desk.window.keys.trouble)
    assert desk.window.notice.said.startswith("The key map ")
    desk.press("Tab", "A")
    assert desk.stored() == ["PERSON Priya Nair"]
    shown = open_at(desk, "")
    assert shown.chips.keys() == {"annotator", "label_studio", "inception"}
    QTest.mouseClick(shown.chips["inception"], Qt.MouseButton.LeftButton)
    assert desk.window.keys.keymap == "inception"
    assert desk.window.keys.trouble == ""
