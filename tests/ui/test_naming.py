"""Names at the window, by keys: type-ahead, everywhere in an article, across the project, the Names page."""

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.marks import Entity
from annotator.domain.names import NameIndex, NameUse
from annotator.ui.names_page import NamesPage
from annotator.ui.type_ahead import TypeAhead
from tests.ui.desk import Desk


@pytest.fixture
def named(desk: Desk) -> Desk:
    """Two marks of the first article and one of the second are named, as “Nair” and “Silva, Marco”."""
    desk.press("Tab", "A", "Shift+Tab", "M")
    desk.type("Nair")
    desk.press("Enter")
    desk.press("Tab", "Tab", "1", "M")
    desk.type("Silva, Marco")
    desk.press("Enter", "Ctrl+PgDown", "Tab", "A", "Shift+Tab", "M")
    desk.type("Nair")
    desk.press("Enter", "Ctrl+PgUp")
    return desk


def page(desk: Desk) -> NamesPage:
    shown = desk.window.stack.currentWidget()
    assert isinstance(shown, NamesPage)
    return shown


def listed(desk: Desk) -> list[str]:
    model = page(desk).model
    return [model.at(row).name for row in range(model.rowCount())]


def offered(desk: Desk) -> list[str]:
    return desk.window.findChild(TypeAhead).offered


def names(desk: Desk) -> dict[str, str | None]:
    return {
        desk.words(shown): shown.mark.name
        for shown in desk.page.marks
        if isinstance(shown.mark, Entity) and not shown.suggested
    }


def open_names(desk: Desk, qtbot: QtBot, count: int) -> None:
    desk.press("Ctrl+4")
    qtbot.waitUntil(lambda: page(desk).model.rowCount() == count)


def test_names_of_the_project_are_offered_while_a_name_is_typed(named: Desk, qtbot: QtBot) -> None:
    named.select("Rotterdam")
    named.press("3", "M")
    qtbot.waitUntil(lambda: named.window.names.index is not None)
    named.type("mar")
    assert offered(named) == ["Silva, Marco"]
    named.press("Down", "Enter")
    assert names(named)["Rotterdam"] == "Silva, Marco"
    assert named.page.view.hasFocus()
    assert offered(named) == []


def test_tab_takes_the_first_name_and_enter_what_stands_in_the_field(named: Desk, qtbot: QtBot) -> None:
    """Nothing is completed to the name of a person where a city is named."""
    named.select("Rotterdam")
    named.press("4", "M")
    named.type("sil")
    qtbot.waitUntil(lambda: offered(named) == ["Silva, Marco"])
    assert rows(named) == ["Silva, Marco PERSON · 1 · Tab", "sil new name · Enter"]
    named.press("Tab")
    assert named.page.inspector.editor.text() == "Silva, Marco"
    named.press("Esc", "M")
    named.type("sil")
    named.press("Enter")
    assert names(named)["Rotterdam"] == "sil"
    assert named.said == "“sil” is a new name. Ctrl+Z takes it back."


def test_a_name_that_is_begun_is_completed_and_enter_takes_it(ahead: Desk) -> None:
    ahead.type("sil")
    assert typed(ahead) == ("Silva, Marco", "va, Marco")
    assert rows(ahead) == ["Silva, Marco PERSON · 1 · Enter", "sil new name · Delete, Enter"]
    ahead.press("Enter")
    assert names(ahead)["Harbour Radio"] == "Silva, Marco"
    assert ahead.said == "Named “Silva, Marco”."


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_what_a_name_was_completed_with_goes_by_one_key(ahead: Desk, key: str) -> None:
    ahead.type("sil")
    ahead.press(key)
    assert typed(ahead) == ("sil", "")
    assert rows(ahead)[-1] == "sil new name · Enter"
    ahead.press("Enter")
    assert names(ahead)["Harbour Radio"] == "sil"
    assert ahead.said == "“sil” is a new name. Ctrl+Z takes it back."


def test_typing_goes_on_over_what_a_name_was_completed_with(ahead: Desk) -> None:
    for letter, now in (("s", "ilva, Marco"), ("I", "lva, Marco"), ("l", "va, Marco"), ("v", "a, Marco")):
        ahead.type(letter)
        assert typed(ahead) == ("Silva, Marco", now)
    ahead.type("er")
    assert typed(ahead) == ("sIlver", "")
    ahead.press("Backspace", "Backspace", "Backspace")
    assert typed(ahead) == ("sIl", "")
    ahead.type("va, marco")
    ahead.press("Enter")
    assert names(ahead)["Harbour Radio"] == "sIlva, marco", "as long as a name and in other letters"


def test_the_new_name_is_reached_by_arrows_too(ahead: Desk) -> None:
    ahead.type("sil")
    ahead.press("Down")
    assert typed(ahead) == ("sil", "")
    ahead.press("Up")
    assert typed(ahead) == ("Silva, Marco", "")
    ahead.press("Up", "Enter")
    assert names(ahead)["Harbour Radio"] == "sil"


def test_the_words_of_the_mark_are_a_name_by_themselves(ahead: Desk) -> None:
    ahead.press("Esc")
    ahead.select("Silva")
    ahead.press("1", "M")
    ahead.type("Silva")
    assert typed(ahead) == ("Silva", "")
    ahead.press("Enter")
    assert names(ahead)["Silva"] == "Silva"


def test_a_name_that_is_known_is_not_completed_to_a_longer_one(ahead: Desk) -> None:
    ahead.type("Nai")
    assert typed(ahead) == ("Nair", "r")
    ahead.press("Enter", "M")
    ahead.type("Nair, Priya")
    ahead.press("Enter", "M")
    ahead.type("Nair")
    assert typed(ahead) == ("Nair", "")
    ahead.press("Enter")
    assert names(ahead)["Harbour Radio"] == "Nair"


def test_letters_in_the_middle_complete_nothing(ahead: Desk) -> None:
    ahead.type("xil")
    ahead.press("Home", "Delete")
    ahead.type("s")
    assert typed(ahead) == ("sil", "")


@pytest.fixture
def ahead(named: Desk, qtbot: QtBot) -> Desk:
    """“Harbour Radio” is a PERSON, and its name is being typed."""
    named.select("Harbour Radio")
    named.press("1", "M")
    qtbot.waitUntil(lambda: named.window.names.index is not None and not named.window.names._stale)
    return named


def typed(desk: Desk) -> tuple[str, str]:
    """What stands in the field, and what of it is selected."""
    editor = desk.page.inspector.editor
    return editor.text(), editor.selectedText()


def rows(desk: Desk) -> list[str]:
    """The rows of the list as they are drawn."""
    ahead = desk.window.findChild(TypeAhead)
    return [" ".join(ahead._said(ahead.model().index(n, 0))) for n in range(ahead.count())]


def test_an_empty_field_offers_names_with_the_words_of_the_mark_first(named: Desk, qtbot: QtBot) -> None:
    named.select("Silva")
    named.press("1", "M")
    qtbot.waitUntil(lambda: offered(named)[:1] == ["Silva, Marco"])
    named.press("Esc", "I")
    named.type("N")
    assert offered(named) == []


def test_a_name_is_given_everywhere_in_the_article_and_taken_back_at_once(named: Desk) -> None:
    named.select("Nair", 1)
    named.press("1", "Shift+M")
    named.type("Nair, Priya")
    named.press("Enter")
    assert names(named) == {"Priya Nair": "Nair", "Marco Silva": "Silva, Marco", "Nair": "Nair, Priya"}
    named.press("Ctrl+Z")
    assert names(named)["Nair"] is None


def test_a_name_is_changed_across_the_project_in_one_gesture(named: Desk) -> None:
    named.page.view.focus_mark(named.mark("Priya Nair").id)
    named.press("F2")
    assert "“Nair” in 2 mentions of 2 articles" in named.window.notice.words.text()
    named.type("Priya Nair")
    named.press("Enter")
    assert names(named)["Priya Nair"] == "Priya Nair"
    assert "Rename “Nair” to “Priya Nair” in 2 marks of 2 articles" in named.said
    assert named.page.view.hasFocus()
    named.press("Ctrl+PgDown")
    assert names(named) == {"Solveig Aasland": "Priya Nair"}
    named.press("Ctrl+Z")
    assert names(named)["Priya Nair"] == "Nair"
    named.press("Ctrl+PgDown")
    assert names(named) == {"Solveig Aasland": "Nair"}


def test_only_a_name_in_use_can_be_merged_into(named: Desk, qtbot: QtBot) -> None:
    named.page.view.focus_mark(named.mark("Priya Nair").id)
    named.press("Ctrl+M")
    named.type("Nobody")
    named.press("Enter")
    assert "No mark of yours is named “Nobody”" in named.said
    named.press("Ctrl+M")
    named.type("Sil")
    qtbot.waitUntil(lambda: offered(named) == ["Silva, Marco"])
    named.press("Down", "Enter")
    assert set(names(named).values()) == {"Silva, Marco"}
    assert "Merge “Nair” into “Silva, Marco” in 2 marks" in named.said


def test_a_name_that_is_only_suggested_is_not_offered_to_merge_into(named: Desk, qtbot: QtBot) -> None:
    find = named.window.names._find
    named.page.view.focus_mark(named.mark("Priya Nair").id)
    named.press("Ctrl+M")
    qtbot.waitUntil(lambda: named.window.names.index is not None)
    named.window.names.index = NameIndex(
        [NameUse("Nairobi", "GPE", 0, 4), NameUse("Nair, P.", "PERSON", 2, 0)]
    )
    assert "Nairobi" in [use.name for use in find("nair", like="")]
    named.type("Nair")
    assert offered(named) == ["Nair, P."]


def test_the_names_page_lists_filters_and_opens(named: Desk, qtbot: QtBot) -> None:
    open_names(named, qtbot, 2)
    assert listed(named) == ["Nair", "Silva, Marco"]
    qtbot.waitUntil(lambda: page(named).places.count() == 2)
    named.type("marco")
    assert listed(named) == ["Silva, Marco"]
    named.press("Enter")
    assert named.words(named.focused) == "Marco Silva"
    assert named.page.view.hasFocus()


def test_an_article_of_a_name_is_opened_at_the_mark(named: Desk, qtbot: QtBot) -> None:
    open_names(named, qtbot, 2)
    qtbot.waitUntil(lambda: page(named).places.count() == 2)
    named.press("Tab", "Down", "Enter")
    assert named.page.header.title.text() == "Council votes for ferries"
    assert named.words(named.focused) == "Solveig Aasland"


def test_names_are_renamed_and_merged_on_their_page_and_undone(named: Desk, qtbot: QtBot) -> None:
    open_names(named, qtbot, 2)
    named.press("F2")
    named.type("Priya Nair")
    named.press("Enter")
    qtbot.waitUntil(lambda: listed(named) == ["Priya Nair", "Silva, Marco"])
    assert "Ctrl+Z takes it back" in page(named).message.text()
    assert page(named).field.hasFocus()
    named.press("Ctrl+M")
    named.type("Silva, Marco")
    named.press("Enter")
    qtbot.waitUntil(lambda: listed(named) == ["Silva, Marco"])
    named.press("Ctrl+Z")
    qtbot.waitUntil(lambda: listed(named) == ["Priya Nair", "Silva, Marco"])
    named.press("Ctrl+Z")
    qtbot.waitUntil(lambda: listed(named) == ["Nair", "Silva, Marco"])
    assert "Undone: rename" in page(named).message.text()
    named.press("Esc")
    assert named.page.view.hasFocus()


def test_a_project_without_names_says_how_to_give_one(desk: Desk, qtbot: QtBot) -> None:
    desk.press("Ctrl+4")
    qtbot.waitUntil(lambda: not page(desk).table.isVisible())
    desk.press("F2")
    assert "There is no name to change" in page(desk).message.text()
    desk.press("Ctrl+1")
    assert desk.page.view.hasFocus()


def test_a_page_that_was_left_asks_for_no_articles(named: Desk, qtbot: QtBot) -> None:
    desk = named
    open_names(desk, qtbot, 2)
    left = page(desk)
    desk.press("Down")
    desk.window.close_project()
    left.wanted.emit("Priya Nair")
    assert desk.window.project is None
    assert not desk.window.notice.isVisible()
