"""Two people take turns at one file: each sees and undoes only what is theirs."""

from tests.ui.conftest import desk, open_window  # noqa: F401 - fixtures
from tests.ui.desk import Desk


def become(desk: Desk, name: str) -> None:  # noqa: F811
    desk.press("Ctrl+K")
    desk.type("someone else")
    desk.press("Enter")
    desk.type(name)
    desk.press("Enter")


def test_each_has_marks_progress_and_undo_of_their_own(desk: Desk) -> None:  # noqa: F811
    desk.press("Tab", "A", "A", "Ctrl+Enter", "Enter")
    become(desk, "Ben")
    desk.press("Ctrl+PgUp")
    assert desk.page.line.place.text() == "article 1 of 3"
    assert desk.stored() == []
    desk.press("Tab", "X", "Ctrl+Z", "Ctrl+Z")
    assert desk.page.marks.undecided == 5
    become(desk, "ana")
    desk.press("Ctrl+Z")
    desk.press("Ctrl+Z")
    assert desk.stored() == ["PERSON Priya Nair"]
