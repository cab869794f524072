"""Reading comfort and the reader pane, by keys: what is chosen holds at once and at the next start."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6 import QtGui
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.ui import settings as remembered
from annotator.ui.article.layers import Layer
from annotator.ui.reader_pane import ReaderPane
from annotator.ui.settings import Settings
from annotator.ui.window import Window
from tests.ui.desk import STRIKE, Desk


def pick(desk: Desk, action: str, *keys: str) -> None:
    """Finds an action in the palette and takes what it offers by keys."""
    desk.press("Ctrl+K")
    desk.type(action)
    desk.press("Return", *keys, "Return")


def test_font_lines_and_column_are_chosen_by_keys(desk: Desk) -> None:
    view = desk.page.view
    pick(desk, "line spacing", "Down", "Down")
    assert view.look.pitch == desk.window.settings.line_pitch > 1.46
    pick(desk, "width of the column")
    assert view.look.letters == 50
    pick(desk, "font", "Down")
    assert view.look.face == remembered.load().font == "sans-serif"
    assert view._typography.text.families()[0] == "Noto Sans"
    assert view.hasFocus()


def test_the_caret_stays_where_the_eye_is_when_the_size_changes(desk: Desk) -> None:
    desk.select("condemned")
    before = desk.page.view.caret_rect()
    desk.press("Ctrl++")
    assert desk.page.view.look.points > desk.window.theme.stroke * 11.5
    assert abs(desk.page.view.caret_rect().y() - before.y()) < 60


def test_layers_are_switched_by_keys(desk: Desk) -> None:
    desk.press("Ctrl+Shift+3")
    assert desk.page.view.marks() == []
    assert desk.said == "Suggestions are hidden."
    assert not desk.window.bindings["layer.suggestions"].isChecked()
    assert remembered.load().hidden_layers == ["suggestions"]
    desk.press("Ctrl+Shift+3")
    assert len(desk.page.view.marks()) == len(desk.page.marks)


def test_a_mark_made_in_a_hidden_layer_shows_it_again(desk: Desk) -> None:
    desk.press("Ctrl+Shift+1")
    desk.select("Green League")
    desk.press("3")
    assert desk.said == "Entities are shown again."
    assert desk.focused is not None or desk.mark("Green League") in desk.page.view.marks()
    assert Layer.ENTITIES not in desk.window.settings.hidden_layers


def test_another_article_has_the_same_layers(desk: Desk) -> None:
    desk.press("Ctrl+Shift+3", "Ctrl+PgDown")
    assert desk.page.view.marks() == []
    assert len(desk.page.marks) == 2


def test_only_the_article_is_left_and_all_comes_back(desk: Desk) -> None:
    around = (desk.page.queue_panel, desk.page.inspector, desk.page.header, desk.window.top)
    desk.press("F11")
    assert not any(part.isVisible() for part in (*around, desk.window.menuBar()))
    assert "F11" in desk.said
    desk.press("Tab", "A")
    assert desk.stored() == ["PERSON Priya Nair"]
    desk.press("Ctrl+PgDown")
    assert not desk.page.header.isVisible()
    desk.press("F11")
    assert all(part.isVisible() for part in (*around, desk.window.menuBar()))
    assert desk.said == "All is shown again."


def test_other_pages_keep_their_bars(desk: Desk) -> None:
    desk.press("F11", "F1")
    assert desk.window.menuBar().isVisible()
    desk.press("Esc")
    assert not desk.window.menuBar().isVisible()
    desk.press("Ctrl+W")
    assert desk.window.menuBar().isVisible()


def test_what_is_typed_in_shows_itself_for_a_moment(desk: Desk) -> None:
    desk.press("F11", "Tab", "I")
    desk.type("who is she")
    assert desk.page.inspector.isVisible()
    desk.press("Return")
    assert not desk.page.inspector.isVisible()
    desk.press("Ctrl+L")
    assert desk.page.queue_panel.field.hasFocus()
    desk.press("Esc")
    assert not desk.page.queue_panel.isVisible()


def find(desk: Desk, words: str) -> None:
    desk.press("Ctrl+F")
    desk.type(words)
    desk.press("Esc")


def pane(desk: Desk) -> ReaderPane:
    found = desk.window.findChild(ReaderPane)
    assert isinstance(found, ReaderPane)
    found.refresh()
    return found


def test_the_reader_pane_says_sentence_and_mark(desk: Desk) -> None:
    desk.press("F7", "Tab")
    words = pane(desk).toPlainText()
    assert words.startswith("Union leader Priya Nair told Harbour Radio that the members accept the offer.")
    assert "PERSON, suggested .97: “Priya Nair”" in words
    assert "Also in this sentence: ORG? Harbour Radio" in words
    assert pane(desk).textCursor().selectedText() == "Priya Nair"


def test_the_reader_pane_shows_what_it_is_about_however_large(desk: Desk) -> None:
    desk.window.resize(1400, 800)
    desk.press("F7", "Tab", "Tab", "Tab")
    QTest.qWait(30)
    found = desk.window.findChild(ReaderPane)
    assert isinstance(found, ReaderPane)

    def shows_the_place() -> bool:
        QTest.qWait(30)
        rect, inside = found.cursorRect(), found.viewport().rect()
        return inside.top() <= rect.top() < rect.center().y() < inside.bottom()

    assert shows_the_place()
    desk.press(*["Ctrl++"] * 13)
    assert shows_the_place()
    desk.press("Tab")
    assert shows_the_place()
    desk.window.resize(820, 560)
    assert shows_the_place()
    desk.press("Esc", *["Ctrl+Right"] * 4)
    assert shows_the_place()


def test_without_a_mark_the_reader_pane_is_at_the_caret(desk: Desk) -> None:
    desk.press("F7")
    find(desk, "members accept")
    desk.press("Left")
    assert desk.focused is None
    cursor = pane(desk).textCursor()
    assert cursor.selectedText() == ""
    assert pane(desk).toPlainText()[cursor.position() :].startswith("members accept")


def test_the_reader_pane_says_the_parts_of_a_stance(desk: Desk) -> None:
    desk.press("F7", "V")
    words = pane(desk).toPlainText()
    assert "FAVOR, suggested .62: “condemned the deal”" in words
    assert "Holder: Marco Silva\nTarget: none" in words


def test_the_reader_pane_is_reached_and_left_by_keys(desk: Desk) -> None:
    desk.press("F7", "F6", "F6")
    assert QApplication.focusWidget() is pane(desk)
    desk.press("Esc")
    assert desk.page.view.hasFocus()
    desk.press("F7")
    assert not pane(desk).isVisible()


def test_a_decision_is_read_again(desk: Desk) -> None:
    desk.press("F7", "Tab", "A", "Shift+Tab")
    assert "PERSON, confirmed: “Priya Nair”" in pane(desk).toPlainText()


def test_choices_hold_at_the_next_start(open_window: Callable[..., Window]) -> None:
    window = open_window(
        Settings(
            suggestions=False,
            font="monospace",
            line_pitch=2.0,
            column=50,
            hidden_layers=["zones"],
            only_article=True,
            overview=False,
            reader_pane=True,
        )
    )
    look = window.page.view.look
    assert (look.face, look.pitch, look.letters) == ("monospace", 2.0, 50)
    assert not window.menuBar().isVisible()
    assert not window.page.view.overview.isVisible()
    assert window.findChild(ReaderPane) is not None
    assert not window.bindings["layer.zones"].isChecked()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    said: list[str] = []
    listening = SimpleNamespace(
        isActive=lambda: True, updateAccessibility=lambda event: said.append(event.message())
    )
    monkeypatch.setattr(QtGui, "QAccessible", listening)  # it is imported when there is something to say
    return said


def test_each_mark_and_each_decision_is_announced(desk: Desk, announced: list[str]) -> None:
    desk.press("Tab")
    assert announced[-1] == "PERSON, suggested .97: Priya Nair"
    desk.press("A")
    assert any("accept" in said.casefold() and "Priya Nair" in said for said in announced)
    desk.press("V")
    assert announced[-1] == "FAVOR, suggested .62: condemned the deal; holder Marco Silva; target none"


def test_a_moved_edge_is_announced(desk: Desk, announced: list[str]) -> None:
    desk.press("Tab", "E", "Ctrl+Right")
    assert announced[-1] == "Priya Nair told"
    assert "Priya Nair told" in STRIKE
