"""The history of the open article by keys, and the time spent on it."""

from annotator.domain.effort import IDLE_MS, WorkClock
from tests.ui.desk import Desk


def test_an_earlier_state_is_looked_at_restored_and_undone_by_keys(desk: Desk) -> None:
    desk.press("Tab", "A", "A")
    two = desk.stored()
    assert len(two) == 2
    desk.press("Ctrl+H")
    pane = desk.window.history.pane
    assert [pane.model.index(row).data().partition(",")[0] for row in range(3)] == [
        "Now",
        "accept ORG “Harbour Radio”",
        "accept PERSON “Priya Nair”",
    ]
    desk.press("Down", "Down")
    assert desk.page.looking_back
    assert sum(not shown.suggested for shown in desk.page.marks) == 1
    assert "to read only" in pane.state.text()
    desk.page.view.setFocus()
    desk.press("X")
    assert desk.stored() == two
    assert desk.said.startswith("An earlier state")
    pane.setFocus()
    desk.press("Return")
    assert desk.stored() == two[:1]
    assert not desk.page.looking_back
    assert pane.model.index(1).data().startswith("restore the state of ")
    desk.press("Ctrl+Z")
    assert desk.stored() == two
    assert pane.model.index(1).data().startswith("undo restore")
    desk.press("Down", "Down", "Esc")
    assert not desk.page.looking_back
    assert sum(not shown.suggested for shown in desk.page.marks) == 2
    desk.press("Esc")
    assert not pane.isVisible()
    assert desk.page.inspector.isVisible()


def test_while_looking_back_the_foot_tells_the_keys_that_work(desk: Desk) -> None:
    desk.press("Tab", "A", "A")
    usual = desk.page.line.key_hints
    desk.press("Ctrl+H", "Down", "Down")
    assert [word for _, word in desk.page.line.key_hints] == ["look back", "restore", "now"]
    desk.press("Esc")
    assert desk.page.line.key_hints == usual
    desk.press("Down", "Down", "Ctrl+PgDown")
    assert desk.page.line.key_hints == usual


def test_ones_own_gestures_are_listed_and_everybodys_on_demand(desk: Desk) -> None:
    desk.press("Tab", "A")
    assert desk.window.project is not None
    desk.window.show_project(desk.window.project, "ben")
    desk.press("Tab", "X", "Ctrl+H")
    pane = desk.window.history.pane
    assert pane is not None
    assert [pane.model.index(row).data().partition(",")[0] for row in range(pane.model.rowCount())] == [
        "Now",
        "reject PERSON “Priya Nair”",
    ]
    pane.everyones.setFocus()
    desk.press("Space")
    assert "accept PERSON “Priya Nair”" in pane.model.index(2).data()
    pane.list.setCurrentIndex(pane.model.index(2))
    assert desk.page.looking_back
    assert "suggestions of now" in pane.state.text()
    pane.mine.setFocus()
    desk.press("Space")
    assert not desk.page.looking_back


def test_what_was_done_wraps_to_two_lines(desk: Desk) -> None:
    desk.press("Tab", "A", "A", "Ctrl+H", "Down", "Down", "Return")
    pane = desk.window.history.pane
    assert pane is not None
    short, long = (pane.list.visualRect(pane.model.index(row)).height() for row in (0, 1))
    assert long > short
    pane.grab()


def test_another_article_has_a_history_of_its_own_and_the_layout_stays(desk: Desk) -> None:
    sizes = desk.page.panes.sizes()
    desk.press("Tab", "A", "Ctrl+H", "Down", "Down", "Ctrl+PgDown")
    assert not desk.page.looking_back
    assert desk.window.history.pane.model.rowCount() == 1
    desk.press("Ctrl+H")
    assert desk.page.panes.sizes() == sizes


def test_what_will_be_undone_is_said_with_its_article(desk: Desk) -> None:
    desk.press("Tab", "A", "Ctrl+PgDown", "Ctrl+K", "Esc")
    words = "accept PERSON “Priya Nair” in “Dockers halt their strike”"
    assert desk.window.bindings["edit.undo"].text() == f"Undo: {words}"
    desk.press("Ctrl+Z")
    assert desk.said == f"Undone: {words}"
    desk.press("Ctrl+Return", "Return", "Ctrl+K", "Esc")
    assert desk.window.bindings["edit.undo"].text() == "Undo: finish “Dockers halt their strike”"


def test_idle_time_does_not_count() -> None:
    now = [0]
    clock = WorkClock(lambda: now[0])
    now[0] = 5_000
    clock.touch()
    now[0] += 3_600_000
    assert clock.ms() == 5_000 + IDLE_MS
    clock.touch()
    now[0] += 30_000
    clock.rest()
    now[0] += 1_000
    assert clock.ms() == 5_000 + IDLE_MS + 1_000


def test_the_time_spent_is_kept_and_shown_to_who_asks(desk: Desk) -> None:
    strike, ferry, _ = desk.page.queue.ids()
    now = [0]
    desk.page.clock._now = lambda: now[0]
    desk.page.clock.rest()
    desk.press("Ctrl+PgDown", "Tab")
    now[0] += 2_000
    desk.press("A")
    assert "here" not in desk.page.header.facts.text()
    now[0] += 70_000
    desk.press("Ctrl+Shift+T")
    assert "1 min 2 s here, 2.0 s a decision" in desk.page.header.facts.text()
    desk.press("Ctrl+PgUp")
    labelling = desk.page.labelling
    assert labelling.effort(ferry).ms == 62_000
    before = labelling.effort(strike).ms
    now[0] += 4_000
    desk.window.effort.stop()
    assert labelling.effort(strike).ms == before + 4_000
    assert desk.window.settings.show_effort
