"""The page of labels by keys: editing, adding, merging, splitting, sorting, retiring, files."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.label_file import label_set_toml
from annotator.domain.labels import Kind, Label, LabelSet
from annotator.storage.backups import list_backups
from annotator.storage.project import Access, Project
from annotator.ui import style
from annotator.ui.label_looks import ratios
from annotator.ui.labelset_page import LabelSetPage
from annotator.ui.theme import Theme
from tests.ui.desk import Desk


@pytest.fixture
def labels(desk: Desk) -> Desk:
    """Ana has accepted PERSON “Priya Nair” and ORG “Harbour Radio”, and opened the page of labels."""
    desk.press("Tab", "A", "A", "Ctrl+5")
    return desk


def page(desk: Desk) -> LabelSetPage:
    shown = desk.window.stack.currentWidget()
    assert isinstance(shown, LabelSetPage)
    return shown


def held(desk: Desk) -> LabelSet:
    assert desk.window.project is not None
    return desk.window.project.labelset


def at(desk: Desk) -> str:
    label = page(desk).label
    return label.name if label else ""


def go_to(desk: Desk, name: str) -> None:
    """Moves the cursor of the list to a label."""
    desk.press("Home")
    for _ in range(70):
        if at(desk) == name:
            return
        desk.press("Down")
    raise AssertionError(f"{name} is not in the list")


def test_the_page_opens_on_the_first_label_and_esc_goes_back(labels: Desk) -> None:
    assert at(labels) == "PERSON"
    assert "1 mark of 1 annotator in 1 article." in page(labels).editor.facts.text()
    labels.press("Esc")
    assert labels.page.view.hasFocus()


def test_a_label_is_renamed_by_keys_shown_everywhere_and_undone(labels: Desk) -> None:
    labels.press("Enter")
    labels.type("HUMAN")
    labels.press("Ctrl+S")
    assert held(labels).version == 2
    assert at(labels) == "HUMAN"
    assert "Rename PERSON to HUMAN, 1 mark changed. Ctrl+Z takes it back." in page(labels).message.text()
    assert labels.stored()[0] == "HUMAN Priya Nair"
    assert labels.mark("Priya Nair").mark.label == "HUMAN"
    assert labels.page.inspector.entities.rows[0].label.name == "HUMAN"
    labels.press("Ctrl+Z")
    assert (held(labels).version, at(labels)) == (1, "PERSON")
    labels.press("Ctrl+Shift+Z", "Esc")
    assert labels.mark("Priya Nair").mark.label == "HUMAN"


def test_a_suggestion_of_a_renamed_label_is_accepted_under_its_new_name(labels: Desk) -> None:
    go_to(labels, "GPE")
    labels.press("Enter")
    labels.type("PLACE")
    labels.press("Enter", "Esc")
    labels.page.view.focus_mark(labels.mark("Rotterdam").id)
    labels.press("A")
    assert "PLACE Rotterdam" in labels.stored()


def test_what_is_wrong_is_told_and_cannot_be_saved(labels: Desk) -> None:
    labels.press("Enter")
    labels.type("ORG")
    editor = page(labels).editor
    assert "ORG is there already" in editor.problem.text()
    labels.press("Ctrl+S")
    assert held(labels).version == 1
    labels.press("Esc")
    assert editor.fields["name"].text() == "PERSON"
    editor.fields["color"].setFocus()
    editor.fields["color"].selectAll()
    labels.type("red")
    assert "must look like" in editor.problem.text()


def test_a_key_that_another_label_has_is_told_and_exchanged(labels: Desk) -> None:
    editor = page(labels).editor
    editor.fields["key"].setFocus()
    editor.fields["key"].selectAll()
    labels.type("3")
    assert "3 is the key of ORG, which gets 1 in exchange." in editor.problem.text()
    labels.press("Enter")
    assert [held(labels).find(Kind.ENTITY, name).key for name in ("PERSON", "ORG")] == ["3", "1"]
    labels.press("Esc")
    labels.select("Rotterdam")
    labels.press("3")
    assert "PERSON Rotterdam" in labels.stored()


def test_a_guideline_is_previewed_saved_and_shown_beside_the_article(labels: Desk) -> None:
    editor = page(labels).editor
    editor.guideline.setFocus()
    editor.guideline.selectAll()
    labels.type("Only *named* people.")
    assert editor.preview.toPlainText() == "Only named people."
    labels.press("Ctrl+S")
    assert held(labels).entities[0].guideline == "Only *named* people."
    assert "change guideline of PERSON" in labels.window.page.labelling.undoable()
    labels.page.inspector.use(held(labels).entities[0])
    shown = QTextDocument()
    shown.setHtml(labels.page.inspector.guideline.text())
    assert shown.toPlainText() == "Only named people."
    labels.window.side_pages.show_help("labels")
    assert "Only named people." in labels.window.stack.currentWidget().browser.toPlainText()


def test_a_new_label_gets_a_free_colour_and_key_and_works_at_once(labels: Desk) -> None:
    labels.press("Insert")
    labels.type("SHIP")
    labels.press("Ctrl+S")
    ship = held(labels).find(Kind.ENTITY, "SHIP")
    assert ship is not None
    assert (ship.key, ship.color in {each.color for each in held(labels).entities[:-1]}) == ("9", False)
    labels.press("Esc")
    labels.select("Rotterdam")
    labels.press("9")
    assert "SHIP Rotterdam" in labels.stored()


def test_labels_are_moved_up_and_down(labels: Desk) -> None:
    labels.press("Alt+Down")
    assert [each.name for each in held(labels).entities[:2]] == ["NORP", "PERSON"]
    assert at(labels) == "PERSON"
    labels.press("Alt+Up", "Alt+Up")
    assert "first already" in labels.window.notice.words.text()


def test_a_label_is_merged_after_the_counts_were_told(labels: Desk) -> None:
    labels.press("Ctrl+M")
    labels.type("org")
    labels.press("Enter")
    assert "Merge PERSON into ORG? 1 mark of 1 annotator" in labels.window.notice.words.text()
    assert held(labels).version == 1
    labels.press("Enter")
    assert at(labels) == "ORG"
    assert labels.stored()[:2] == ["ORG Priya Nair", "ORG Harbour Radio"]


def test_a_label_is_split_and_its_marks_are_sorted_by_one_key_each(labels: Desk) -> None:
    labels.press("Ctrl+Shift+S")
    labels.type("WOMAN, MAN")
    labels.press("Enter")
    pane = page(labels).sorting
    assert page(labels).right.currentWidget() is pane
    assert pane.list.count() == 1
    labels.press("1")
    assert labels.stored()[0] == "WOMAN Priya Nair"
    assert pane.list.count() == 0
    labels.press("Ctrl+Z")
    assert pane.list.count() == 1
    labels.press("Enter")
    assert labels.words(labels.focused) == "Priya Nair"
    labels.press("A")
    assert labels.page.view.hasFocus()


def test_retiring_tells_the_counts_and_keeps_or_deletes_the_marks(labels: Desk) -> None:
    labels.press("Ctrl+D")
    notice = labels.window.notice
    assert "Retire PERSON? 1 mark of 1 annotator in 1 article." in notice.words.text()
    labels.press("Enter")
    assert labels.stored()[0] == "PERSON Priya Nair"
    assert "PERSON" not in [each.name for each in held(labels).entities]
    go_to(labels, "PERSON")
    assert "Retired." in page(labels).editor.facts.text()
    labels.press("Ctrl+D")
    assert held(labels).find(Kind.ENTITY, "PERSON").offered
    go_to(labels, "PERSON")
    labels.press("Ctrl+D", "Tab", "Enter")
    assert labels.stored() == ["ORG Harbour Radio"]
    labels.press("Ctrl+Z")
    assert labels.stored()[0] == "PERSON Priya Nair"


def test_a_file_is_looked_at_before_it_is_taken_over(labels: Desk, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    other = LabelSet("other", 3, (Label(Kind.ENTITY, "BODY", "BODY", "#0072b2", "1", "", former=("ORG",)),))
    file.write_text(label_set_toml(other), "utf-8")
    labels.window.faults.attempt(labels.window.labels.read, file)
    pane = page(labels).bringing
    assert [choice.currentText() for choice in pane.choices][:3] == ["kept, retired", "kept, retired", "BODY"]
    pane.choices[0].setCurrentText("BODY")
    assert held(labels).name == "news"
    labels.press("Enter")
    assert (held(labels).name, held(labels).version) == ("other", 2)
    assert labels.stored()[:2] == ["BODY Priya Nair", "BODY Harbour Radio"]
    labels.press("Ctrl+Z")
    assert held(labels).name == "news"


def test_a_bad_file_says_its_line(labels: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('name = "x"\nversion = 1\n[[entity]]\nname = "A"\ncolor = "blue"\n', "utf-8")
    labels.window.faults.attempt(labels.window.labels.read, file)
    assert "bad.toml, line 5: label A: color 'blue' must look like" in labels.window.notice.words.text()


def test_a_project_open_to_read_shows_its_labels_and_changes_nothing(desk: Desk) -> None:
    desk.window.close_project()
    desk.window.show_project(Project.open(desk.path, Access.READ), "ana")
    desk.press("Ctrl+5")
    assert page(desk).editor.fields["name"].isReadOnly()
    assert "Read only" in page(desk).message.text()
    desk.press("Enter", "Ctrl+S", "Ctrl+D", "Insert")
    assert held(desk).version == 1


def test_sixty_labels_with_long_and_right_to_left_names_are_listed(labels: Desk) -> None:
    assert labels.window.project is not None
    first = held(labels).entities[0]
    many = [
        replace(first, name=f"LABEL_{n}_{'x' * 30}", key="", title="שם ארוך מאוד", former=())
        for n in range(49)
    ]
    whole = replace(held(labels), labels=(*held(labels).labels, *many))
    from annotator.domain.label_changes import LabelChange

    labels.window.labels._apply(LabelChange(whole, "add many"))
    go_to(labels, many[-1].name)
    assert page(labels).editor.fields["title"].text() == "שם ארוך מאוד"
    page(labels).grab()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_any_colour_is_drawn_with_enough_contrast(theme: str) -> None:
    for color in ("#ffffff", "#000000", "#ffff00", "#808080", "#0000ff", "#f0e442"):
        for kind in Kind:
            label = Label(kind, "ANY", "ANY", color, "", "")
            drawn = Theme.of(theme, LabelSet("", 1, (label,)))
            text, outline = ratios(label, drawn)
            assert text >= 4.5
            assert outline >= 3.0


def test_every_control_has_a_name(labels: Desk) -> None:
    for widget in page(labels).findChildren(object):
        if hasattr(widget, "focusPolicy") and widget.focusPolicy() and widget.isVisibleTo(page(labels)):
            named = widget.accessibleName() or getattr(widget, "text", str)()
            assert named or widget.metaObject().className() in ("QScrollArea", "LabelEditor"), widget
    assert QApplication.focusWidget() is page(labels).list
    assert page(labels).backgroundRole() is style.BACKGROUND


@pytest.fixture
def many(labels: Desk) -> Desk:
    """With more suggestions than are backed up in no time."""
    project = labels.window.project
    assert project is not None
    with project.writing() as db:
        db.execute("INSERT INTO run(id,pipeline,version,created) VALUES(9,'many','1',0)")
        db.executemany(
            'INSERT INTO suggestion(article_id,run_id,n,kind,label,start,"end") '
            "SELECT min(id),9,?,'entity','PERSON',0,1 FROM article",
            [(n,) for n in range(2_001)],
        )
    return labels


def test_a_large_project_is_backed_up_beside_the_window_before_its_marks_change(
    many: Desk, qtbot: QtBot
) -> None:
    many.press("Enter")
    many.type("HUMAN")
    many.press("Ctrl+S")
    assert QApplication.activeModalWidget() is not None  # nothing else can be done until it is made
    assert held(many).version == 1
    qtbot.waitUntil(lambda: held(many).version == 2)
    assert QApplication.activeModalWidget() is None
    assert list_backups(many.path)[0].reason == "labels"
    qtbot.waitUntil(page(many).list.hasFocus)
    many.press("Ctrl+Z")
    assert (held(many).version, at(many)) == (1, "PERSON")


def test_a_change_is_left_when_its_backup_is_stopped(many: Desk, qtbot: QtBot) -> None:
    many.press("Enter")
    many.type("HUMAN")
    many.press("Ctrl+S")
    asked = QApplication.activeModalWidget()
    assert asked is not None
    qtbot.waitUntil(lambda: QApplication.activeWindow() is asked)
    many.press("Esc")
    assert QApplication.activeModalWidget() is None
    many.window.background.close()  # waits for what was begun
    QApplication.processEvents()
    assert (held(many).version, at(many)) == (1, "PERSON")


def test_the_page_shows_the_keys_that_hold_on_the_label_page(labels: Desk) -> None:
    go_to(labels, "ORG")
    labels.press("Ctrl+Shift+S")
    labels.type("PARTY, COMPANY")
    labels.press("Enter", "Esc")
    here = page(labels).list
    lines = [here.item(n).data(Qt.ItemDataRole.UserRole) for n in range(here.count())]
    there = {row.label.name: row._key for row in labels.page.inspector.entities.rows}
    assert {line.text: line.key for line in lines if line.text in there} == there
    assert (there["PARTY"], there["COMPANY"]) == ("3", "9")
    go_to(labels, "COMPANY")
    assert "9 labels with it, as no label has that key." in page(labels).editor.facts.text()
