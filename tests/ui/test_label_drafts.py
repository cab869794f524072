"""What is typed on the page of labels and not saved: kept and told of, until it is saved or taken back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.labels import Kind
from annotator.places import typed_labels
from annotator.services import projects
from annotator.ui.label_drafts import kept
from annotator.ui.window import Window
from tests.ui.desk import Desk
from tests.ui.test_labelsets import at, go_to, held, labels, page

__all__ = ["labels"]


def test_what_was_typed_is_there_again_after_another_page(labels: Desk) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    labels.press("Ctrl+1")
    assert "What you typed for PERSON is kept, not saved. Ctrl+5 goes back to it." in labels.said
    labels.press("Ctrl+5")
    editor = page(labels).editor
    assert editor.fields["name"].text() == "HUMAN"
    assert "not saved yet" in editor.facts.text()
    labels.press("Enter", "Esc")
    assert (editor.fields["name"].text(), held(labels).version) == ("PERSON", 1)
    assert "not saved yet" not in editor.facts.text()
    assert editor.unsaved == []


def test_what_was_typed_for_one_label_is_kept_beside_changes_of_others(labels: Desk) -> None:
    editor = page(labels).editor
    editor.guideline.setFocus()
    editor.guideline.selectAll()
    labels.type("Only people.")
    page(labels).list.setFocus()
    go_to(labels, "ORG")
    editor.fields["key"].setFocus()
    editor.fields["key"].selectAll()
    labels.type("1")
    labels.press("Enter")
    labels.press("Home")
    assert at(labels) == "PERSON"
    go_to(labels, "PERSON")
    assert editor.guideline.toPlainText() == "Only people."
    labels.press("Enter", "Ctrl+S")
    person = held(labels).find(Kind.ENTITY, "PERSON")
    assert person is not None
    assert (person.guideline, person.key) == ("Only people.", "3")
    assert editor.unsaved == []


def test_a_new_label_that_was_left_is_typed_on(labels: Desk) -> None:
    labels.press("Insert")
    labels.type("SHI")
    labels.press("Ctrl+1", "Ctrl+5", "Insert", "End")
    labels.type("P")
    labels.press("Ctrl+S")
    assert at(labels) == "SHIP"
    labels.press("Insert")
    assert page(labels).editor.fields["name"].text() == ""


def test_a_saved_label_is_not_kept_as_typed(labels: Desk) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    labels.press("Ctrl+S")
    assert page(labels).editor.unsaved == []
    labels.press("Ctrl+Z")
    assert page(labels).editor.fields["name"].text() == "PERSON"


def test_a_refused_split_is_asked_again_with_what_was_typed(labels: Desk) -> None:
    labels.press("Ctrl+Shift+S")
    labels.type("WOMAN")
    labels.press("Enter")
    notice = labels.window.notice
    assert "at least two other labels" in notice.words.text()
    labels.press("End")
    labels.type(", MAN")
    labels.press("Enter")
    person = held(labels).find(Kind.ENTITY, "PERSON")
    assert person is not None
    assert person.into == ("WOMAN", "MAN")


def test_what_the_page_refused_is_not_told_on_another(labels: Desk) -> None:
    labels.press("Alt+Up")
    assert labels.window.notice.isVisible()
    labels.press("Ctrl+1")
    assert not labels.window.notice.isVisible()


def test_what_escape_took_back_is_brought_back(labels: Desk) -> None:
    editor = page(labels).editor
    editor.guideline.setFocus()
    editor.guideline.selectAll()
    labels.type("Only people.")
    labels.press("Esc")
    before = editor.guideline.toPlainText()
    assert before != "Only people."
    assert editor.again.isVisible()
    labels.press("Ctrl+Z")
    assert editor.guideline.toPlainText() == "Only people."
    assert not editor.again.isVisible()
    labels.press("Esc", "Esc")
    assert page(labels).list.hasFocus()
    assert editor.guideline.toPlainText() == before
    editor.again.setFocus()
    labels.press("Space", "Ctrl+S")
    person = held(labels).find(Kind.ENTITY, "PERSON")
    assert person is not None
    assert person.guideline == "Only people."
    assert not editor.again.isVisible()


def test_what_was_taken_back_of_one_label_is_not_brought_to_another(labels: Desk) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    labels.press("Esc", "Esc")
    go_to(labels, "ORG")
    assert not page(labels).editor.again.isVisible()
    labels.press("Enter", "Ctrl+Z")
    assert page(labels).editor.fields["name"].text() == "ORG"


def test_a_new_label_is_taken_back_and_brought_back(labels: Desk) -> None:
    labels.press("Insert")
    labels.type("SHIP")
    labels.press("Esc")
    name = page(labels).editor.fields["name"]
    assert name.text() == ""
    assert name.hasFocus()
    labels.press("Ctrl+Z")
    assert name.text() == "SHIP"
    labels.press("Esc", "Esc")
    assert page(labels).list.hasFocus()
    assert page(labels).editor.fields["name"].text() == "PERSON"


def reopened(labels: Desk, open_window: Callable[..., Window]) -> Desk:
    """The window is closed as a person does it, and the project opened in a new one."""
    labels.window.close()
    assert labels.window.isHidden()
    window = open_window()
    window.files.open(labels.path)
    return Desk(window, labels.path)


def test_what_was_typed_is_there_again_after_the_window_was_closed(
    labels: Desk, open_window: Callable[..., Window]
) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    again = reopened(labels, open_window)
    assert again.window.notice.said == "What you typed for PERSON is kept, not saved. Ctrl+5 goes back to it."
    again.press("Ctrl+5")
    assert page(again).editor.fields["name"].text() == "HUMAN"
    again.press("Enter", "Ctrl+S")
    assert held(again).version == 2
    assert reopened(again, open_window).window.notice.said == ""


def test_what_was_typed_outlives_windows_that_never_showed_the_page(
    labels: Desk, open_window: Callable[..., Window]
) -> None:
    labels.press("Insert")
    labels.type("SHIP")
    again = reopened(reopened(labels, open_window), open_window)
    assert again.window.notice.said.startswith("What you typed for a new label is kept")
    again.press("Ctrl+5")
    assert page(again).editor.fields["name"].text() == "SHIP"
    assert again.window.notice.said == ""
    again.press("Esc")
    assert reopened(again, open_window).window.notice.said == ""


def test_the_page_opens_at_what_was_typed_before(labels: Desk, open_window: Callable[..., Window]) -> None:
    go_to(labels, "GPE")
    labels.press("Enter")
    labels.type("PLACE")
    again = reopened(labels, open_window)
    again.press("F6")
    while not again.window.notice.isAncestorOf(again.window.focusWidget()):
        again.press("F6")
    again.press("Enter")
    assert (at(again), page(again).editor.fields["name"].text()) == ("GPE", "PLACE")
    assert again.window.notice.said == ""


def test_what_was_typed_for_one_project_waits_while_another_is_open(labels: Desk, tmp_path: Path) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    projects.create(tmp_path / "other.annot").close()
    labels.window.files.open(tmp_path / "other.annot")
    labels.press("Ctrl+5", "Home")
    assert page(labels).editor.fields["name"].text() == "PERSON"
    labels.window.files.open(labels.path)
    labels.press("Ctrl+5")
    assert page(labels).editor.fields["name"].text() == "HUMAN"


def test_what_was_typed_is_there_again_after_an_import(labels: Desk, tmp_path: Path) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    (tmp_path / "more.txt").write_text("Another article.\n\nIt has a few words.", encoding="utf-8")
    labels.bring_in(tmp_path / "more.txt")
    labels.press("Ctrl+5")
    assert page(labels).editor.fields["name"].text() == "HUMAN"


def test_what_was_typed_is_kept_while_the_person_types(labels: Desk, qtbot: QtBot) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    qtbot.waitUntil(lambda: [each.typed.name for each in kept(labels.path)] == ["HUMAN"])


def test_a_window_that_cannot_keep_what_was_typed_stays_open(labels: Desk) -> None:
    file = typed_labels(labels.path)
    (file / "in the way").mkdir(parents=True)
    labels.press("Enter")
    labels.type("HUMAN")
    labels.window.close()
    assert labels.window.isVisible()
    assert labels.window.notice.said.startswith("What you typed for PERSON would be lost: ")
    labels.press("Ctrl+1", "Ctrl+W")
    assert labels.window.project is not None
    labels.press("Ctrl+5", "Enter", "Esc")
    labels.window.close()
    assert labels.window.isHidden()
    shutil.rmtree(file)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"labels": [{"kind": "entity"}]}', '{"labels": 3}'])
def test_a_file_of_kept_labels_that_is_none_counts_as_empty(labels: Desk, content: str) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    labels.press("Ctrl+1", "Ctrl+W")
    file = typed_labels(labels.path)
    assert "HUMAN" in file.read_text(encoding="utf-8")
    file.write_text(content, encoding="utf-8")
    labels.window.files.open(labels.path)
    labels.press("Ctrl+5")
    assert page(labels).editor.fields["name"].text() == "PERSON"
    file.unlink()
