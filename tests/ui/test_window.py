"""The window as a person meets it: opening, moving between articles, panes, fields, themes and people."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from annotator.domain.articles import Status
from annotator.ui import settings as remembered
from annotator.ui.actions import Menu
from annotator.ui.chrome import Words
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from tests.ui.desk import Desk, make_project


def test_the_first_article_to_do_is_open_and_the_article_has_the_focus(desk: Desk) -> None:
    assert desk.page.header.title.text() == "Dockers halt their strike"
    assert desk.page.view.hasFocus()
    assert desk.page.line.place.text() == "article 1 of 3"
    assert desk.page.line.undecided.text() == "5 suggestions left"
    assert desk.page.line.saved.text() == "● Saved"


def test_a_gesture_says_when_it_was_saved(desk: Desk) -> None:
    desk.press("Tab", "A")
    assert desk.page.line.saved.text().startswith("● Saved ")
    assert desk.page.line.undecided.text() == "4 suggestions left"


def test_finishing_with_undecided_suggestions_asks_once(desk: Desk) -> None:
    first = desk.page.article
    desk.press("Ctrl+Enter")
    assert "5 suggestions are undecided" in desk.window.notice.words.text()
    desk.press("Esc")
    assert not desk.window.notice.isVisible()
    assert desk.page.article is first
    assert desk.page.view.hasFocus()
    desk.press("Ctrl+Enter")
    assert desk.page.header.title.text() == "Council votes for ferries"


def test_a_question_about_an_article_goes_with_it(desk: Desk) -> None:
    desk.press("Ctrl+Enter", "Ctrl+PgDown")
    assert desk.page.header.title.text() == "Council votes for ferries"
    assert not desk.window.notice.isVisible()
    assert desk.page.view.hasFocus()
    assert desk.page.queue.tally()[Status.DONE] == 0


def test_enter_finishes_when_asked(desk: Desk) -> None:
    desk.press("Ctrl+Enter", "Enter")
    assert desk.page.header.title.text() == "Council votes for ferries"
    assert desk.page.queue.tally()[Status.DONE] == 1


def test_the_last_article_done_is_told(desk: Desk) -> None:
    desk.press("Ctrl+Enter", "Enter", "Ctrl+Enter", "Enter", "Ctrl+Enter")
    assert "No article is left" in desk.said
    assert desk.page.queue.tally()[Status.DONE] == 3


def test_undo_jumps_to_the_article_of_the_change(desk: Desk) -> None:
    desk.press("Tab", "A", "Ctrl+PgDown")
    assert desk.page.header.title.text() == "Council votes for ferries"
    desk.press("Ctrl+Z")
    assert desk.page.header.title.text() == "Dockers halt their strike"
    assert desk.words(desk.focused) == "Priya Nair"
    assert desk.said.startswith("Undone: accept PERSON")
    desk.press("Ctrl+Y")
    assert desk.stored() == ["PERSON Priya Nair"]
    desk.press("Ctrl+Z", "Ctrl+Shift+Z")
    assert desk.stored() == ["PERSON Priya Nair"]


def test_undo_reaches_past_a_restart(desk: Desk) -> None:
    desk.press("Tab", "A", "Ctrl+W")
    desk.window.files.open(desk.path)
    desk.press("Ctrl+Z")
    assert desk.stored() == []


def test_the_article_left_open_is_open_again(desk: Desk) -> None:
    desk.press("Ctrl+PgDown", "Ctrl+W")
    desk.window.files.open(desk.path)
    assert desk.page.header.title.text() == "Council votes for ferries"


def test_letters_type_in_the_filter_and_label_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.press("Ctrl+L")
    desk.type("ax1fer")
    assert desk.page.queue_panel.field.text() == "ax1fer"
    assert desk.stored() == []
    desk.press("Ctrl+Z")
    assert desk.page.queue_panel.field.text() == ""
    desk.type("council")
    qtbot.waitUntil(lambda: desk.page.queue_panel.model.rowCount() == 1)
    desk.press("Enter")
    assert desk.page.header.title.text() == "Council votes for ferries"
    assert desk.page.view.hasFocus()


def test_undo_in_a_field_undoes_typing_and_no_gesture(desk: Desk) -> None:
    desk.press("Tab", "A", "I")
    desk.type("perhaps")
    desk.press("Ctrl+Z")
    assert desk.page.inspector.editor.text() == ""
    assert desk.stored() == ["PERSON Priya Nair"]


def test_panes_are_reached_in_turn(desk: Desk) -> None:
    desk.press("F6")
    assert desk.page.inspector.hasFocus()
    desk.press("F6")
    assert desk.page.queue_panel.field.hasFocus()
    desk.press("Shift+F6", "Shift+F6")
    assert desk.page.view.hasFocus()


def test_flagged_articles_are_found_under_their_chip(desk: Desk) -> None:
    desk.press("B")
    assert desk.page.queue.flagged() == 1
    desk.page.refresh_row()
    assert "⚑ flagged" in desk.page.header.facts.text()
    chip = desk.page.queue_panel.chips[1]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert desk.page.queue_panel.model.rowCount() == 1
    desk.page.view.setFocus()
    assert chip.accessibleName() == "Flagged, 1"
    desk.press("B")
    assert desk.page.queue.flagged() == 0
    desk.page.refresh_row()
    assert chip.accessibleName() == "Flagged, 0"


@pytest.mark.parametrize("keys", [("Ctrl+Return", "Return"), ("Ctrl+Shift+Return",)])
def test_a_flag_stays_when_the_article_is_finished_or_skipped(desk: Desk, keys: tuple[str, ...]) -> None:
    strike = desk.page.queue.ids()[0]
    desk.press("B", *keys)
    assert desk.page.article.id != strike
    desk.page.queue_panel.type_filter("is:flagged")
    assert [desk.page.queue_panel.model.id_at(0)] == [strike]
    assert ", flagged, " in desk.page.queue_panel.model.index(0).data()
    desk.press("Ctrl+Z")
    assert desk.page.queue.row(strike).flagged
    desk.press("Ctrl+Z")
    assert not desk.page.queue.row(strike).flagged


def test_words_are_found_and_selected(desk: Desk) -> None:
    desk.press("Ctrl+F")
    desk.type("NAIR")
    desk.press("Enter")
    assert desk.page.view.selection is not None
    first = desk.page.view.selection
    desk.press("Enter")
    assert desk.page.view.selection != first
    desk.press("Esc")
    assert desk.page.view.hasFocus()


def test_every_action_is_found_by_typing(desk: Desk) -> None:
    desk.press("Ctrl+K")
    desk.type("next stance")
    desk.press("Enter")
    assert desk.words(desk.focused) == "condemned the deal"


def test_text_is_copied_as_it_stands(desk: Desk) -> None:
    desk.select("Harbour Radio that")
    desk.press("Ctrl+C")
    assert QApplication.clipboard().text() == "Harbour Radio that"


def test_text_grows_and_shrinks(desk: Desk) -> None:
    desk.press("Ctrl++", "Ctrl++")
    assert desk.window.settings.text_size > remembered.USUAL_TEXT
    desk.press("Ctrl+-", "Ctrl+-", "Ctrl+-")
    assert desk.window.settings.text_size < remembered.USUAL_TEXT


def test_help_shows_every_key_and_escape_goes_back(desk: Desk) -> None:
    desk.press("F1")
    text = desk.window.stack.currentWidget().browser.toPlainText()
    assert "Accept, go to next undecided" in text
    assert "Ctrl+Enter" in text
    desk.press("Esc")
    assert desk.page.view.hasFocus()


def test_the_menu_says_what_would_be_undone(desk: Desk) -> None:
    desk.press("Tab", "A")
    desk.window.menus[Menu.EDIT].aboutToShow.emit()
    assert desk.window.bindings["edit.undo"].text().startswith("Undo: accept PERSON")


def test_a_click_on_a_label_labels_the_selection(desk: Desk) -> None:
    desk.select("Green League")
    row = next(each for each in desk.page.inspector.entities.rows if each.label.name == "ORG")
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert desk.stored() == ["ORG Green League"]


def test_the_right_button_offers_what_fits(desk: Desk) -> None:
    desk.press("Tab")
    desk.page.view.menuRequested.emit(QPoint(5, 5), desk.page.view.focused)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = [each.text() for each in menu.actions()]
    assert "Accept, go to next undecided" in names
    menu.close()


def test_layout_and_choices_are_remembered(open_window: Callable[..., Window]) -> None:
    window = open_window(Settings(annotator="ana", suggestions=False))
    window.resize(820, 600)  # the smallest, since the screen of tests is 800 wide
    window.page.panes.setSizes([300, 500, 300])
    window.settings.text_size = 15.0
    window.close()
    again = open_window(remembered.load())
    assert (again.width(), again.height()) == (820, 600)
    assert again.settings.text_size == 15.0
    assert again.settings.annotator == "ana"


def test_the_theme_is_chosen_and_remembered(desk: Desk) -> None:
    light = desk.window.palette().window().color()
    desk.window.choose_theme("dark")
    assert desk.window.palette().window().color() != light
    assert remembered.load().theme == "dark"
    desk.window.choose_theme("light")


def test_each_persons_marks_are_their_own(desk: Desk) -> None:
    desk.press("Tab", "A")
    desk.window.annotators.ask()
    desk.type("Ben")
    desk.press("Enter")
    assert desk.page.labelling.annotator == "Ben"
    assert desk.stored() == []
    desk.press("Ctrl+Z")
    assert desk.said == "Nothing to undo." or "undo" in desk.said.lower()
    desk.window.annotators.ask()
    desk.type("ana")
    desk.press("Enter")
    assert desk.stored() == ["PERSON Priya Nair"]
    assert remembered.load().annotator == "ana"


def test_the_annotators_are_listed_each_time_their_menu_opens(desk: Desk) -> None:
    menu = desk.window.menus[Menu.ANNOTATOR]
    for name in ("Ben", "ana"):
        desk.window.annotators.ask()
        desk.type(name)
        desk.press("Enter")
        menu.aboutToShow.emit()
        assert [action.text() for action in menu.actions() if action.isChecked()] == [name]
    listed = [action.text() for action in menu.actions()]
    assert (listed.count("ana"), listed[-2:]) == (1, ["", "Someone else…"])


def test_the_start_page_names_missing_projects(open_window: Callable[..., Window], tmp_path: Path) -> None:
    there = make_project(tmp_path)
    settings = Settings(annotator="ana", suggestions=False, recent=[str(there), str(tmp_path / "gone.annot")])
    window = open_window(settings)
    window.show_start()
    assert [card.missing for card in window.start_page.recent] == [False, True]
    QTest.mouseClick(window.start_page.recent[1], Qt.MouseButton.LeftButton)
    assert "not there any more" in window.notice.words.text()
    assert settings.recent == [str(there)]
    QTest.mouseClick(window.start_page.recent[0], Qt.MouseButton.LeftButton)
    assert window.project is not None


def test_the_sample_opens_from_the_start_page_by_enter(
    open_window: Callable[..., Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator import places

    monkeypatch.setattr(places, "data_dir", lambda: tmp_path)
    window = open_window()
    window.show_start()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)
    assert window.project is not None
    assert window.page.queue.count() == 6


def test_an_empty_project_says_what_to_do(open_window: Callable[..., Window], tmp_path: Path) -> None:
    from annotator.services import projects

    projects.create(tmp_path / "new.annot").close()
    window = open_window()
    window.files.open(tmp_path / "new.annot")
    page = window.page
    assert "Ctrl+I imports files" in page.view.nothing
    assert page.queue_panel.findChild(Words, "none").text() == "No articles yet."
    assert page.header.height() == 0
    assert not page.queue_panel.progress.isVisible()
    assert "Tab" not in " ".join(each.text() for each in page.inspector.findChildren(Words))
    assert [word for _, word in page.line.key_hints] == ["import files", "all actions", "all keys"]
    desk = Desk(window, tmp_path / "new.annot")
    desk.press("A", "Ctrl+Enter", "Ctrl+PgDown", "Tab", "U", "Z", "1")
    assert "No article is open" in desk.said


def test_where_nothing_is_suggested_no_suggestion_is_spoken_of(desk: Desk) -> None:
    desk.press("Ctrl+PgDown", "Ctrl+PgDown")  # no pipeline has read the third article
    assert desk.page.line.undecided.text() == "no suggestions"
    facts = " ".join(each.text() for each in desk.page.inspector.findChildren(Words))
    assert "S selects the word here" in facts
    assert "suggestion" not in facts


def test_the_finder_goes_with_the_project(desk: Desk) -> None:
    desk.press("Ctrl+K", "Ctrl+W")
    assert desk.window.project is None
    assert not desk.window.finder().isVisible()
    assert desk.window.start_page.cards[0].hasFocus()


def test_home_and_end_go_to_the_ends_of_the_queue(desk: Desk) -> None:
    desk.page.queue_panel.list.setFocus()
    desk.press("End", "Enter")
    assert desk.page.header.title.text() == "Festival moves its stage"
    desk.page.queue_panel.list.setFocus()
    desk.press("Home", "Enter")
    assert desk.page.header.title.text() == "Dockers halt their strike"


def test_the_chips_of_the_narrowest_queue_have_room(desk: Desk) -> None:
    panel = desk.page.queue_panel
    desk.window.resize(desk.window.minimumSize())
    desk.page.panes.setSizes([1, 1000, 1])
    for chip, count in zip(panel.chips, (123_456, 23_456, 100_000, 123_456), strict=True):
        chip.set_count(count)
    QApplication.processEvents()
    assert all(chip.width() >= chip.minimumSizeHint().width() for chip in panel.chips)
    assert panel.chips[-1].geometry().right() <= panel.width()


def test_keys_without_a_label_stand_in_no_menu_and_not_in_the_palette(desk: Desk) -> None:
    desk.window.menus[Menu.LABEL].aboutToShow.emit()
    menu = [action.objectName() for action in desk.window.menus[Menu.LABEL].actions()]
    assert menu[:4] == ["label.find", "", "label.1", "label.2"]
    assert "label.8" in menu
    assert "label.9" not in menu
    assert menu[-2:] == ["", ""], "a line, and the submenu of what is done on the page of labels"
    offered = [row.id for row, _ in desk.window.bindings.available()]
    assert "label.8" in offered
    assert "label.9" not in offered
