"""Prompts left in every way, by real keys: whatever follows, nothing breaks and keys have somewhere to go."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk

# What asks for something: in the bar above, in the inspector, over the window, over the text.
_ASKING = (
    *("F2", "Ctrl+M", "Ctrl+Shift+A", "Ctrl+Shift+X", "R", "Shift+I", "Ctrl+Enter"),
    *("M", "Shift+M", "I"),
    *("Ctrl+K", "/", "J"),
    "Ctrl+F",
)
_LEAVING = ("Esc", "Enter", "Tab", "Shift+Tab", "F6", "Shift+F6", "Ctrl+L", "Ctrl+PgDown", "Ctrl+PgUp")
_PAGES = ("Ctrl+1", "Ctrl+3", "Ctrl+4", "Ctrl+5", "F1", "Ctrl+,", "Ctrl+H")
_WORKING = ("A", "X", "1", "F", "H", "S", "Down", "Delete", "Ctrl+Z", "Ctrl+Y")
_WORDS = ("nair", "Silva", ".5")
_KEYS = st.sampled_from((*_ASKING, *_ASKING, *_LEAVING, *_LEAVING, *_PAGES, *_WORKING, *_WORDS))


@pytest.fixture
def named(desk: Desk) -> Desk:
    name_a_mark(desk)
    return desk


def name_a_mark(desk: Desk) -> None:
    """“Priya Nair” is accepted, named “Nair” and has the focus."""
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair")
    desk.press("Enter")


def deleted() -> None:
    """What is left of a prompt goes, as it does when the window waits for the next key."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("following", ["F2", "M", "I", "Shift+I", "Ctrl+PgDown", "Ctrl+Enter", "Ctrl+W"])
@pytest.mark.parametrize("asking", ["F2", "Ctrl+M"])
@pytest.mark.parametrize("leaving", ["Esc", "Ctrl+Shift+A"])
def test_a_rename_that_was_left_is_gone(named: Desk, asking: str, leaving: str, following: str) -> None:
    for key in (asking, leaving, following):
        press(named, key)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(_KEYS, max_size=20))
def test_prompts_are_left_in_any_way(named: Desk, qtbot: QtBot, keys: list[str]) -> None:
    """What another example left behind is undone first."""
    start_over(named)
    for n, key in enumerate(keys):
        with qtbot.captureExceptions() as raised:
            press(named, key)
        assert not raised, (keys[: n + 1], raised)
        focus = QApplication.focusWidget()
        assert focus is not None, keys[: n + 1]
        assert focus.isVisible(), (keys[: n + 1], focus)


def press(desk: Desk, key: str) -> None:
    """A key, or words; of all that the palette could do, renaming is done."""
    finder = desk.window.finder()
    if key == "Enter" and finder.isVisible() and finder.field.placeholderText() == "Find an action":
        finder.field.setText("Rename across")
    if key in _WORDS:
        desk.type(key)
    else:
        desk.press(key)
    deleted()


def start_over(desk: Desk) -> None:
    """At the first article, with one mark that is named."""
    window, page = desk.window, desk.page
    window.finder().hide()
    window.notice.dismiss()
    window.history.close()
    page.inspector.close_editor()
    window.back_to_work()
    assert page.labelling is not None
    assert page.queue is not None
    while page.labelling.undoable():
        page.undo()
    page.open_article(page.queue.ids(None, "")[0])
    name_a_mark(desk)
    deleted()


@pytest.mark.parametrize("page", ["Ctrl+3", "Ctrl+4", "F1", "Ctrl+,"])
@pytest.mark.parametrize("asking", ["F2", "Ctrl+Shift+A"])
def test_a_question_goes_with_its_page(named: Desk, asking: str, page: str) -> None:
    named.press(asking, page)
    deleted()
    assert not named.window.notice.isVisible()
    named.press("Ctrl+1")
    assert named.page.view.hasFocus()


def test_a_note_on_the_article_is_kept_when_another_page_is_shown(named: Desk) -> None:
    named.press("Shift+I")
    named.type("late")
    named.press("Ctrl+4", "Ctrl+1")
    assert named.page.queue is not None
    assert named.page.article is not None
    assert named.page.queue.row(named.page.article.id).note == "late"
