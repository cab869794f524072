"""What is typed on the page of labels and not saved: kept and told of, until it is saved or taken back."""

from annotator.domain.labels import Kind
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
