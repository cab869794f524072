"""The import: what files would bring is shown before, labels are asked for, a stop leaves nothing."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QProgressDialog
from pytestqt.qtbot import QtBot

from annotator.storage.project import Access, Project
from annotator.ui.aside import Aside
from annotator.ui.import_dialog import ImportDialog
from tests.ui.desk import STRIKE, Desk
from tests.ui.test_accessible import nameless

ENOUGH_MS = 60_000
HALL = "The mayor opened the hall.\n"


def span(text: str, words: str, label: str) -> dict[str, object]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "label": label, "text": words}


def written(path: Path, *records: object) -> Path:
    path.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Two records of ben with a label of ours and two that nobody here knows; a third that is broken."""
    spans = [span(STRIKE, "Priya Nair", "PER"), span(STRIKE, "Rotterdam", "GPE")]
    first = {"text": STRIKE, "spans": spans, "_annotator_id": "ben"}
    second = {"text": HALL, "spans": [span(HALL, "mayor", "ROLE")], "_annotator_id": "ben"}
    broken = {"text": HALL, "spans": [{"start": 4, "end": 400, "label": "GPE"}]}
    return written(tmp_path / "foreign.jsonl", first, second, broken)


def importing(desk: Desk, qtbot: QtBot) -> ImportDialog:
    qtbot.waitUntil(desk.page.view.hasFocus)
    desk.press("Ctrl+I")
    dialog = desk.window.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(dialog.choose.hasFocus)
    return dialog


def looking_at(desk: Desk, qtbot: QtBot, file: Path) -> ImportDialog:
    """The dialog after the path of a file was typed into it."""
    dialog = importing(desk, qtbot)
    desk.press("Tab", "Tab")
    assert dialog.path.hasFocus()
    desk.type(str(file))
    desk.press("Enter")
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)
    return dialog


def stored(path: Path, name: str) -> list[tuple[str, str]]:
    """The entities of an annotator in the file: label and words."""
    statement = (
        'SELECT e.label, substr(a.text, e.start + 1, e."end" - e.start) FROM entity e '
        "JOIN article a ON a.id=e.article_id JOIN annotator w ON w.id=e.annotator_id WHERE w.name=? "
        "ORDER BY 1"
    )
    with Project.open(path, Access.READ) as project:
        return [tuple(row) for row in project.db.execute(statement, (name,))]


def test_a_foreign_file_comes_in_by_keys_alone(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    dialog = looking_at(desk, qtbot, foreign)
    assert "JSON Lines" in dialog.fields.format.currentText()
    assert dialog.said.text() == "Brings 1 new article, 3 labels. 1 text already here. 1 fault above."
    assert "line 3" in dialog.faults.toPlainText()
    assert "ROLE?" in dialog.records.toPlainText()
    assert not dialog.go.isEnabled()
    per, role = dialog.labels.fields["entity", "PER"], dialog.labels.fields["entity", "ROLE"]
    assert per.hasFocus()
    assert per.currentText() == "choose…"
    desk.press("B")  # becomes PERSON: the label that is most like it comes first
    assert per.currentText() == "becomes PERSON"
    desk.press("Tab", "A")
    assert role.currentText() == "add ROLE to the labels"
    assert dialog.go.isEnabled()
    desk.press("Enter")
    qtbot.waitUntil(lambda: desk.window.notice.isVisible(), timeout=ENOUGH_MS)
    assert desk.window.notice.words.text().startswith("1 article imported with 3 labels.")
    assert stored(desk.path, "ben") == [("GPE", "Rotterdam"), ("PERSON", "Priya Nair"), ("ROLE", "mayor")]
    assert desk.window.project is not None
    assert "ROLE" in {label.name for label in desk.window.project.labelset.labels}


def test_marks_of_a_label_can_be_left_out(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    dialog = looking_at(desk, qtbot, foreign)
    dialog.labels.leave_rest.click()
    assert dialog.labels.undecided == 0
    dialog.go.click()
    qtbot.waitUntil(lambda: desk.window.notice.isVisible(), timeout=ENOUGH_MS)
    assert stored(desk.path, "ben") == [("GPE", "Rotterdam")]


def test_a_label_that_cannot_be_added_is_mapped_or_left_out(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    record = {"text": HALL, "spans": [span(HALL, "mayor", "4 roles!")]}
    dialog = looking_at(desk, qtbot, written(tmp_path / "odd.jsonl", record))
    field = dialog.labels.fields["entity", "4 roles!"]
    assert not dialog.faults.isVisible()
    assert [field.itemText(n) for n in range(2)] == ["choose…", "leave its marks out"]
    field.setCurrentIndex(1)
    assert dialog.go.isEnabled()


def test_what_is_said_of_the_marks_is_looked_at_again(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    dialog = looking_at(desk, qtbot, foreign)
    dialog.fields.as_.setCurrentText("suggestions")
    assert not dialog.go.isEnabled()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)
    assert "3 suggestions" in dialog.said.text()
    dialog.fields.format.setCurrentIndex(dialog.fields.format.findData("text"))
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)
    assert "Plain text" in dialog.chosen.text()


def test_looking_changes_nothing_in_the_file(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    before = desk.path.read_bytes()
    dialog = looking_at(desk, qtbot, foreign)
    desk.press("Esc")
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert desk.path.read_bytes() == before
    assert desk.page.queue is not None
    assert desk.page.queue.count() == 3


def test_a_bad_file_is_told_and_brings_nothing(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\xff\xfe\x00{]\n")
    dialog = looking_at(desk, qtbot, bad)
    assert "bad.jsonl" in dialog.faults.toPlainText()
    assert not dialog.go.isEnabled()
    dialog.add([tmp_path / "none.jsonl"])
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)
    assert "there is no such file" in dialog.faults.toPlainText()


def test_a_cancelled_import_leaves_nothing(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    records = [{"text": f"Article {n} of many.\n"} for n in range(20_000)]
    dialog = looking_at(desk, qtbot, written(tmp_path / "many.jsonl", *records))
    assert dialog.said.text() == "Brings 20,000 new articles."
    dialog.go.click()
    work = desk.window.findChild(Aside)
    assert work is not None
    bar = desk.window.findChildren(QProgressDialog)[-1]
    qtbot.waitUntil(lambda: bar.value() > 0, timeout=ENOUGH_MS)
    desk.press("Esc")
    qtbot.waitUntil(lambda: desk.window.project is not None, timeout=ENOUGH_MS)
    qtbot.waitUntil(lambda: "Nothing came in" in desk.said, timeout=ENOUGH_MS)
    assert desk.page.queue is not None
    assert desk.page.queue.count() == 3


def test_a_project_that_can_only_be_read_refuses(desk: Desk, open_window, foreign: Path) -> None:  # type: ignore[no-untyped-def]
    reading = open_window()
    reading.files.open(desk.path)
    other = Desk(reading, desk.path)
    other.press("Ctrl+I")
    assert not reading.findChildren(ImportDialog)
    assert other.said.startswith("Read only")
    reading.exchange.drop([str(foreign)])
    assert not reading.findChildren(ImportDialog)


def test_files_are_dropped_on_the_window(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(foreign))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(event)
    dialog = desk.window.findChildren(ImportDialog)[-1]
    assert dialog.paths == [foreign]
    qtbot.waitUntil(lambda: not dialog.busy, timeout=ENOUGH_MS)
    assert dialog.report is not None


def test_every_control_of_the_import_has_a_name(desk: Desk, qtbot: QtBot, foreign: Path) -> None:
    assert nameless(looking_at(desk, qtbot, foreign)) == []


def test_folders_of_annotators_come_in_as_theirs_and_are_reviewed(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    root = tmp_path / "collection"
    for name, label in (("ben", "PERSON"), ("cy", "GPE")):
        (root / name).mkdir(parents=True)
        (root / name / "hall.txt").write_text(HALL, "utf-8")
        (root / name / "hall.ann").write_text(f"T1\t{label} 4 9\tmayor\n", "utf-8")
    dialog = looking_at(desk, qtbot, root)
    assert "Labels of 2 annotators: ben (1 article), cy (1 article)." in dialog.faults.toPlainText()
    assert dialog.fields.options.fields["folders"].currentText() == "found out"
    assert dialog.go.hasFocus()
    desk.press("Enter")
    qtbot.waitUntil(lambda: desk.window.notice.isVisible(), timeout=ENOUGH_MS)
    desk.press("Ctrl+2")
    qtbot.waitUntil(lambda: desk.window.review.item is not None)
    item = desk.window.review.item
    assert item is not None
    assert {name: mark.label for name, mark in item.group.votes if mark} == {"ben": "PERSON", "cy": "GPE"}


def test_tab_goes_from_the_fields_to_the_labels_and_then_to_the_buttons(
    desk: Desk, foreign: Path, qtbot: QtBot
) -> None:
    dialog = looking_at(desk, qtbot, foreign)
    reached = []
    dialog.fields.as_.setFocus()
    for _ in range(12):
        reached.append(dialog.focusWidget())
        desk.press("Tab")
    fields, labels = dialog.fields, dialog.labels
    standing = [fields.as_, fields.whose, fields.models, fields.format, fields.offsets]
    standing += [labels.add_rest, labels.leave_rest, *labels.fields.values(), dialog.records, dialog.faults]
    assert reached[: len(standing)] == standing
