"""Handing out and collecting in the window: what is asked, written, and on screen afterwards."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.articles import Status
from annotator.domain.text import Span
from annotator.places import resource
from annotator.services.importing import import_files
from annotator.services.labelling import Labelling
from annotator.services.projects import label_set
from annotator.storage.project import Project
from annotator.ui.collect_dialog import CollectDialog
from annotator.ui.hand_out_dialog import HandOutDialog
from annotator.ui.window import Window
from tests.ui.desk import Desk

ENOUGH_MS = 60_000


@pytest.fixture
def handing(desk: Desk, qtbot: QtBot) -> HandOutDialog:
    return asked(desk, qtbot)


def asked(desk: Desk, qtbot: QtBot) -> HandOutDialog:
    desk.press("Ctrl+Shift+H")
    found = desk.window.findChild(HandOutDialog)
    assert found is not None
    qtbot.waitUntil(found.names.hasFocus)
    return found


def collecting(desk: Desk, qtbot: QtBot) -> CollectDialog:
    qtbot.waitUntil(desk.page.view.hasFocus)
    desk.press("Ctrl+Shift+M")
    found = desk.window.findChildren(CollectDialog)[-1]
    qtbot.waitUntil(found.choose.hasFocus)
    return found


def hand_out(desk: Desk, dialog: HandOutDialog, qtbot: QtBot) -> list[Path]:
    dialog.names.setPlainText("ben\ncem")
    folder = dialog.place
    dialog.overlap.setFocus()
    desk.press("Return")
    qtbot.waitUntil(lambda: "handed out" in desk.window.notice.words.text(), timeout=ENOUGH_MS)
    return sorted(folder.iterdir())


def work(path: Path, name: str) -> None:
    """The annotator of a file labels a word in each of its articles and finishes it."""
    with Project.open(path) as project:
        labelling = Labelling(project, name)
        for (article_id,) in project.db.execute("SELECT id FROM article").fetchall():
            labelling.add(article_id, Span(0, 7), "ORG")
            labelling.set_status(article_id, Status.DONE)


def cells(dialog: CollectDialog) -> list[list[str]]:
    table = dialog.people
    return [
        [table.item(row, column).text() for column in range(2)]  # type: ignore[union-attr]
        for row in range(table.rowCount())
    ]


def test_the_shares_are_told_while_the_names_are_typed(desk: Desk, handing: HandOutDialog) -> None:
    assert not handing.go.isEnabled()
    desk.type("ben")
    assert handing.table.rowCount() == 1
    desk.press("Return")
    desk.type("cem")
    shown = [[handing.table.item(row, column).text() for column in range(4)] for row in range(2)]  # type: ignore[union-attr]
    assert shown == [["ben", "2", "1", "1"], ["cem", "2", "1", "1"]]
    assert handing.go.isEnabled()
    handing.overlap.setValue(100)
    assert [handing.table.item(row, 3).text() for row in range(2)] == ["3", "3"]  # type: ignore[union-attr]


def test_what_is_finished_already_is_told_and_can_be_left_out(desk: Desk, qtbot: QtBot) -> None:
    project = desk.window.project
    assert project is not None
    (first,) = project.db.execute("SELECT id FROM article ORDER BY position").fetchone()
    Labelling(project, "ana").set_status(first, Status.DONE)
    dialog = asked(desk, qtbot)
    desk.type("ben")
    assert "1 of them is finished already, by ana." in dialog.said.text()
    assert dialog.unfinished.isVisible()
    dialog.unfinished.setFocus()
    desk.press("Space")
    assert dialog.unfinished.isChecked()
    assert "already" not in dialog.said.text()
    assert dialog.table.item(0, 1).text() == "2"  # type: ignore[union-attr]


def test_everyone_gets_a_file_and_the_lead_goes_on(
    desk: Desk, handing: HandOutDialog, qtbot: QtBot, open_window: Callable[..., Window]
) -> None:
    files = hand_out(desk, handing, qtbot)
    assert [file.name for file in files] == ["harbour-ben.annot", "harbour-cem.annot"]
    assert desk.window.project is not None
    assert desk.page.labelling is not None
    assert desk.page.labelling.annotator == "ana"
    other = open_window()
    other.files.open(files[0])
    assert other.page.labelling is not None
    assert other.page.labelling.annotator == "ben"


def test_what_came_back_is_looked_at_and_brought_in(
    desk: Desk, handing: HandOutDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    files = hand_out(desk, handing, qtbot)
    work(files[0], "ben")
    dialog = collecting(desk, qtbot)
    assert cells(dialog) == [["ben", "0 of 2"], ["cem", "0 of 2"]]
    dialog.look_at([*files, tmp_path / "texts" / "0.txt"])
    qtbot.waitUntil(dialog.go.hasFocus, timeout=ENOUGH_MS)
    said = dialog.said.toPlainText().splitlines()
    assert said[0].startswith("harbour-ben.annot: 4 gestures of ben")
    assert said[1] == "harbour-cem.annot: nobody has worked in it yet."
    assert "0.txt cannot come in" in said[2]
    desk.press("Return")
    qtbot.waitUntil(
        lambda: any(
            each.isVisible() and each is not dialog for each in desk.window.findChildren(CollectDialog)
        ),
        timeout=ENOUGH_MS,
    )
    after = desk.window.findChildren(CollectDialog)[-1]
    assert cells(after) == [["ben", "2 of 2"], ["cem", "0 of 2"]]
    assert "4 gestures of ben" in after.said.toPlainText()


def test_labels_that_are_unknown_here_are_asked_for(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    labels, other = tmp_path / "labels.toml", tmp_path / "other.annot"
    news = resource("labels", "news.toml").read_text("utf-8")
    labels.write_text(news.replace('name = "PERSON"', 'name = "HUMAN"'), "utf-8")
    with Project.create(other, label_set(labels)) as project:
        import_files(project, [tmp_path / "texts" / "0.txt"])
        (article_id,) = project.db.execute("SELECT id FROM article").fetchone()
        Labelling(project, "ben").add(article_id, Span(0, 7), "HUMAN")
    dialog = collecting(desk, qtbot)
    dialog.look_at([other])
    qtbot.waitUntil(lambda: bool(dialog.files), timeout=ENOUGH_MS)
    assert not dialog.go.isEnabled()
    dialog.questions.labels["HUMAN"].setCurrentText("PERSON")
    assert dialog.go.isEnabled()
    assert dialog.questions.terms().labels == {"HUMAN": "PERSON"}
    dialog.reject()


def test_an_empty_project_says_how_to_begin(desk: Desk, qtbot: QtBot) -> None:
    dialog = collecting(desk, qtbot)
    assert dialog.nobody.isVisible()
    assert not dialog.people.isVisible()
    desk.press("Esc")
    assert not dialog.isVisible()
